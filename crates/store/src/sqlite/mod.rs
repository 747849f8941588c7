//! The SQLite backend: one file, one thread that writes, a few connections that read.
//!
//! Writes are grouped by the writer thread, see `writer.rs`. Reads run on the blocking threads of the runtime, each in
//! its own transaction, so that an answer made of several queries shows one moment. In WAL mode neither waits for the
//! other. The log is moved into the database by a thread of its own, so that no write has to wait for it.

mod checkpointer;
pub(crate) mod copy;
pub(crate) mod erasure;
mod fill;
mod inline;
pub(crate) mod migrations;
mod offline;
mod pool;
mod traces;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use tokio::sync::mpsc;

pub use copy::{backup, restore};
pub use fill::{Filling, Talk, VARIED, fill, word};
pub use offline::{blobs, inspect, lag, unfinished, version};

use crate::contract::TracePlace;
use crate::sql::{self, Database, Order, Writing, birth, lost, rebirth, uint};
use crate::{Result, StoreError};
use inline::Inline;
use pool::Pool;
use writer::{Job, Task};

/// Writes that wait before those who write have to wait too.
const QUEUE: usize = 4096;
/// Statements that a connection keeps prepared; there are about as many in this backend.
const STATEMENTS: usize = 256;

/// A store in one SQLite database.
pub struct Sqlite {
    path: PathBuf,
    epoch: String,
    pool: Arc<Pool>,
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<Connection>>,
    checkpointer: Option<JoinHandle<()>>,
    /// Instead of pool and threads, for a store in memory.
    inline: Option<Inline>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        match &error {
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) => {
                StoreError::Corrupt(error.to_string())
            }
            rusqlite::Error::SqliteFailure(cause, _)
                if matches!(cause.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) =>
            {
                StoreError::Corrupt(error.to_string())
            }
            _ => StoreError::Unavailable(error.to_string()),
        }
    }
}

/// Opens one connection. `cache` is in KiB, and only grows to that with use.
pub(crate) fn connect(path: &Path, flags: OpenFlags, cache: u32) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this, SQLite plans a query anew whenever a value that it compares with changes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.pragma_update(None, "cache_size", -i64::from(cache))?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}

/// Makes an empty file that only this user can read: databases hold secrets. What SQLite puts beside it has the same rights.
pub(crate) fn private_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Unavailable(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Opens a connection that writes, and makes sure that what it commits is durable and what it deletes is gone.
pub(crate) fn connect_writer(path: &Path, cache: u32) -> Result<Connection> {
    private_file(path)?;
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, cache)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Unavailable(format!("the database cannot be put into WAL mode, only into {mode}")));
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    Ok(conn)
}

fn execute(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

impl Sqlite {
    /// Opens a database, making or migrating it as needed.
    pub fn open(path: &Path) -> Result<Sqlite> {
        Sqlite::start(path, connect_writer(path, 64 * 1024)?)
    }

    /// For tests: opens a database that never has more than a number of pages, as if the disk were full then.
    #[cfg(feature = "suite")]
    pub fn open_limited(path: &Path, pages: u32) -> Result<Sqlite> {
        let conn = connect_writer(path, 64 * 1024)?;
        conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Sqlite::start(path, conn)
    }

    fn start(path: &Path, mut conn: Connection) -> Result<Sqlite> {
        if !erasure::possible(&conn) {
            tracing::warn!(
                "this build of SQLite lacks sqlite_dbpage: traces of erased messages may stay in the database"
            );
        }
        migrations::migrate(&mut conn)?;
        let epoch = born(&mut conn)?;
        let mover = connect_writer(path, 256)?;
        mover.busy_timeout(checkpointer::PATIENCE)?;
        let pool = Arc::new(Pool::new(path));
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (wake, woken) = sync_channel(1);
        let erased = checkpointer::Erased::default();
        let erasures = erased.clone();
        let thread = |name: &str| std::thread::Builder::new().name(name.into());
        let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let checkpointer =
            thread("checkpointer").spawn(move || checkpointer::run(mover, woken, erased)).map_err(failed)?;
        let writer = thread("writer").spawn(move || writer::run(conn, jobs, wake, erasures)).map_err(failed)?;
        Ok(Sqlite {
            path: path.to_owned(),
            epoch,
            pool,
            queue: Some(queue),
            writer: Some(writer),
            checkpointer: Some(checkpointer),
            inline: None,
        })
    }

    /// A new store in memory, for tests: every read and write is done at once, on the thread that asks.
    pub fn in_memory() -> Result<Sqlite> {
        let mut conn = inline::memory()?;
        migrations::migrate(&mut conn)?;
        let epoch = born(&mut conn)?;
        Ok(Self::inline(conn, epoch))
    }

    /// What a backup of a store in memory, taken now and restored, would be: a copy with a life of its own.
    pub fn restored(&self) -> Result<Sqlite> {
        let inline = self.inline.as_ref().ok_or_else(lost)?;
        let conn = inline.copy()?;
        let epoch = rebirth(&sql::Connection::Sqlite(&conn))?;
        Ok(Self::inline(conn, epoch))
    }

    fn inline(conn: Connection, epoch: String) -> Sqlite {
        Sqlite {
            path: PathBuf::new(),
            epoch,
            pool: Arc::new(Pool::new(Path::new(""))),
            queue: None,
            writer: None,
            checkpointer: None,
            inline: Some(Inline::new(conn)),
        }
    }
}

/// Makes sure that a database has an epoch and a key.
fn born(conn: &mut Connection) -> Result<String> {
    let step = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let epoch = birth(&sql::Connection::Sqlite(&step))?;
    step.commit()?;
    Ok(epoch)
}

impl Database for Sqlite {
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&sql::Connection<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &self.inline {
            Some(inline) => inline.read(work),
            None => Pool::read(&self.pool, work).await,
        }
    }

    /// One thread writes, so every order is kept.
    async fn write_in<T: Send + 'static>(
        &self,
        _: Order,
        work: impl FnMut(&mut Writing<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (task, answer) = Task::new(work);
        if let Some(inline) = &self.inline {
            inline.write(Box::new(task));
        } else {
            let queue = self.queue.as_ref().ok_or_else(lost)?;
            queue.send(Box::new(task)).await.map_err(|_| lost())?;
        }
        answer.await.map_err(|_| lost())?
    }

    fn has_threads(&self) -> bool {
        self.inline.is_none()
    }

    fn alone(&self) -> bool {
        true
    }

    fn epoch(&self) -> String {
        self.epoch.clone()
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        if self.inline.is_some() {
            return Err(StoreError::Unavailable("a store in memory has no backup".into()));
        }
        let (from, to) = (self.path.clone(), to.to_owned());
        let done = tokio::task::spawn_blocking(move || backup(&from, &to)).await;
        done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    fn damage(conn: &sql::Connection<'_>) -> Result<Vec<String>> {
        let mut statement = conn.prepare_cached("PRAGMA integrity_check")?;
        let lines = statement.query_map((), |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    fn bytes(conn: &sql::Connection<'_>) -> Result<u64> {
        let count = |sql: &str| -> Result<u64> { Ok(conn.query_row(sql, (), |row| uint(row, 0))?) };
        Ok(count("PRAGMA page_count")?.saturating_mul(count("PRAGMA page_size")?))
    }

    fn clear_traces(w: &mut Writing<'_>, at: TracePlace) -> Result<Option<TracePlace>> {
        match w.conn {
            sql::Connection::Sqlite(conn) => traces::clear(conn, at),
            sql::Connection::Postgres(_) => Ok(None),
        }
    }

    async fn settle_traces(&self) -> Result<bool> {
        if self.inline.is_some() {
            return Ok(true);
        }
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || traces::settle(&path)).await.map_err(|_| lost())?
    }
}

impl Drop for Sqlite {
    /// Lets queued writes finish, and leaves a database without a log behind.
    fn drop(&mut self) {
        self.pool.close();
        self.queue = None;
        let writer = self.writer.take().map(JoinHandle::join);
        // The writer held what wakes the checkpointer, which ends without it. SQLite removes the log only when nobody
        // else uses it.
        let checkpointer = self.checkpointer.take().map(JoinHandle::join);
        match (writer, checkpointer) {
            (Some(Ok(conn)), Some(Ok(()))) => {
                let closed = checkpointer::checkpoint(&conn, "TRUNCATE")
                    .and_then(|_| conn.close().map_err(|(_, error)| error.into()));
                if let Err(error) = closed {
                    tracing::warn!(%error, "the database log stays for the next start");
                }
            }
            _ => tracing::error!("a thread of the store panicked"),
        }
    }
}
