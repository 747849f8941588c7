//! The pool: connections that read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::sql;
use crate::{Result, StoreError};

/// KiB of pages that one connection keeps.
const CACHE: u32 = 8 * 1024;

pub(super) struct Pool {
    path: PathBuf,
    /// How many may read at once; more would only take turns on the processors.
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub fn new(path: &Path) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, |n| n.get());
        let permits = Semaphore::new((2 * processors).clamp(4, 32));
        Pool { path: path.to_owned(), permits, idle: Mutex::new(Vec::new()) }
    }

    pub async fn read<T: Send + 'static>(
        pool: &Arc<Pool>,
        work: impl FnOnce(&sql::Connection<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let closed = |_| StoreError::Unavailable("the store is closed".into());
        let permit = pool.permits.acquire().await.map_err(closed)?;
        let held = pool.clone();
        let done = tokio::task::spawn_blocking(move || held.run(work)).await;
        drop(permit);
        done.unwrap_or_else(|error| Err(StoreError::Unavailable(format!("a read did not finish: {error}"))))
    }

    fn run<T>(&self, work: impl FnOnce(&sql::Connection<'_>) -> Result<T>) -> Result<T> {
        let idle = self.idle.lock().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => super::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY, CACHE)?,
        };
        super::execute(&conn, "BEGIN")?;
        let result = work(&sql::Connection::Sqlite(&conn));
        // A connection that cannot end its transaction is dropped, which ends it.
        if super::execute(&conn, "COMMIT").is_ok() {
            self.idle.lock().push(conn);
        }
        result
    }

    /// Closes what is idle.
    pub fn close(&self) {
        self.permits.close();
        self.idle.lock().clear();
    }
}
