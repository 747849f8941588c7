//! The writer: one thread owns the one connection that writes.
//!
//! It takes whatever is queued, runs all of it in one transaction, commits once, and answers each job only then: many
//! writes share one flush to the disk, and the busier the store, the more share it.
//!
//! A job that fails must not spoil the others, and must leave nothing behind. Savepoints would make every job pay for
//! that. Instead a group in which a job fails is rolled back as a whole, and its jobs then run one by one, each in its
//! own transaction. Jobs can therefore run twice, and refuse (as opposed to fail) before they write anything.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::checkpointer::{Erased, checkpoint};
use super::erasure;
use crate::sql::{self, Heads, Writing, lost};
use crate::{Result, StoreError};

/// Jobs in one transaction at most.
const GROUP: usize = 512;
/// Pages in the log at which the checkpointer is woken: 16 MB. The more the log holds, the more often it holds several
/// versions of a page, of which only the last is moved.
const WAL_PAGES: i32 = 4096;
/// Pages in the log at which the writer itself moves what the checkpointer has left: 64 MB. Without this, a log that
/// is written to all the time would never be empty and would grow for ever.
const WAL_PAGES_MAX: i32 = 16_384;
/// Heads that are remembered; each is 24 bytes.
const HEADS: usize = 65_536;

thread_local! {
    static WAL: Cell<i32> = const { Cell::new(0) };
}

/// Something to be written, and somebody who waits for the answer.
pub(super) trait Job: Send {
    fn run(&mut self, writing: &mut Writing<'_>) -> Result<()>;
    fn answer(&mut self, committed: Result<()>);
}

/// A job made of a closure. It may run twice, and must refuse before it writes.
pub(super) struct Task<T, F> {
    work: F,
    done: Option<T>,
    reply: Option<oneshot::Sender<Result<T>>>,
}

impl<T, F> Task<T, F> {
    pub fn new(work: F) -> (Self, oneshot::Receiver<Result<T>>) {
        let (reply, answer) = oneshot::channel();
        (Task { work, done: None, reply: Some(reply) }, answer)
    }
}

impl<T: Send, F: FnMut(&mut Writing<'_>) -> Result<T> + Send> Job for Task<T, F> {
    fn run(&mut self, writing: &mut Writing<'_>) -> Result<()> {
        self.done = Some((self.work)(writing)?);
        Ok(())
    }

    fn answer(&mut self, committed: Result<()>) {
        let answer = committed.and_then(|()| self.done.take().ok_or_else(lost));
        if let Some(reply) = self.reply.take() {
            // Nobody may be waiting any more; what is committed stays committed.
            let _ = reply.send(answer);
        }
    }
}

/// Runs until every sender is gone, and then gives the connection back.
pub(super) fn run(
    conn: Connection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    checkpoints: SyncSender<()>,
    erasures: Erased,
) -> Connection {
    let mut heads = Heads::default();
    let mut other_writes = None;
    conn.wal_hook(Some(|_, pages| {
        WAL.set(pages);
        Ok(())
    }));
    let mut jobs = Vec::with_capacity(GROUP);
    while let Some(first) = queue.blocking_recv() {
        jobs.push(first);
        while jobs.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            jobs.push(next);
        }
        metrics::gauge!("laserchat_store_queue").set(queue.len() as f64);
        let erased = commit(&conn, &mut heads, &mut other_writes, &mut jobs);
        jobs.clear();
        if heads.len() > HEADS {
            heads.forget();
        }
        if erased {
            erasures.store(true, Ordering::Release);
        }
        if erased || WAL.get() > WAL_PAGES {
            // A full channel means that the checkpointer is about to look.
            let _ = checkpoints.try_send(());
        }
        if WAL.get() > WAL_PAGES_MAX
            && let Err(error) = checkpoint(&conn, "PASSIVE")
        {
            tracing::warn!(%error, "the database log could not be moved");
        }
    }
    conn.wal_hook(None);
    conn
}

/// Why a group was not committed.
enum Failure {
    /// A job failed: the others may be fine.
    Job(StoreError),
    /// The transaction as a whole failed.
    Group(StoreError),
}

/// Commits jobs and answers them. Returns whether they erased anything.
pub(super) fn commit(
    conn: &Connection,
    heads: &mut Heads,
    other_writes: &mut Option<i64>,
    jobs: &mut [Box<dyn Job>],
) -> bool {
    let outcome = transaction(conn, heads, other_writes, jobs);
    if let Err(Failure::Job(_)) = outcome
        && jobs.len() > 1
    {
        let mut erased = false;
        for job in jobs {
            let alone = transaction(conn, heads, other_writes, std::slice::from_mut(job));
            erased |= matches!(alone, Ok(true));
            job.answer(alone.map(drop).map_err(|(Failure::Job(error) | Failure::Group(error))| error));
        }
        return erased;
    }
    for job in jobs {
        let answer = match &outcome {
            Ok(_) => Ok(()),
            Err(Failure::Job(error) | Failure::Group(error)) => Err(error.clone()),
        };
        job.answer(answer);
    }
    matches!(outcome, Ok(true))
}

fn transaction(
    conn: &Connection,
    heads: &mut Heads,
    other_writes: &mut Option<i64>,
    jobs: &mut [Box<dyn Job>],
) -> Result<bool, Failure> {
    let result = attempt(conn, heads, other_writes, jobs);
    if let Err(Failure::Job(error) | Failure::Group(error)) = &result {
        heads.forget();
        if !conn.is_autocommit()
            && let Err(again) = conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, %again, "a failed transaction could not be rolled back");
        }
    }
    result
}

fn attempt(
    conn: &Connection,
    heads: &mut Heads,
    other_writes: &mut Option<i64>,
    jobs: &mut [Box<dyn Job>],
) -> Result<bool, Failure> {
    let whole = |error: rusqlite::Error| Failure::Group(error.into());
    super::execute(conn, "BEGIN IMMEDIATE").map_err(whole)?;
    // An administrator's command may write from another process; then what is remembered may be old.
    let version: i64 = conn
        .prepare_cached("PRAGMA data_version")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(whole)?;
    if other_writes.replace(version) != Some(version) {
        heads.forget();
    }
    let shared = sql::Connection::Sqlite(conn);
    let mut writing = Writing::new(&shared, heads);
    for job in jobs {
        catch_unwind(AssertUnwindSafe(|| job.run(&mut writing)))
            .unwrap_or_else(|_| Err(StoreError::Corrupt("a write panicked".into())))
            .map_err(Failure::Job)?;
    }
    writing.write_heads().map_err(Failure::Group)?;
    let (erased, swept) = (writing.erased, writing.swept);
    let reachable = !erased.is_empty() && erasure::possible(conn);
    for &(conversation, seq) in erased.iter().filter(|_| reachable) {
        erasure::clear_around(conn, conversation, seq).map_err(Failure::Group)?;
    }
    super::execute(conn, "COMMIT").map_err(whole)?;
    Ok(swept || !erased.is_empty())
}
