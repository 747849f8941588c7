//! The writer: one thread owns the one connection that writes.
//!
//! It takes whatever is queued, runs all of it in one transaction, commits once, and answers each job only then: many
//! writes share one flush to the disk, and the busier the store, the more share it.
//!
//! A job that fails must not spoil the others, and must leave nothing behind. Savepoints would make every job pay for
//! that. Instead a group in which a job fails is rolled back as a whole, and its jobs then run one by one, each in its
//! own transaction. Jobs can therefore run twice, and refuse (as opposed to fail) before they write anything.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use laserchat_protocol::{ConversationId, Seq};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use tokio::sync::{mpsc, oneshot};

use super::checkpointer::{Erased, checkpoint};
use super::codes::int;
use super::erasure;
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

/// The newest seq of a conversation, as SQL over the row of `heads` with this alias.
macro_rules! head_of {
    ($heads:literal) => {
        concat!(
            "max(",
            $heads,
            ".seq, coalesce((SELECT newest.seq FROM messages newest WHERE newest.conversation_id = ",
            $heads,
            ".conversation_id ORDER BY newest.seq DESC LIMIT 1), 0))"
        )
    };
}
pub(super) use head_of;

thread_local! {
    static WAL: Cell<i32> = const { Cell::new(0) };
}

/// What a job sees while it runs.
pub(super) struct Writing<'c> {
    pub conn: &'c Connection,
    /// Messages that were erased: nothing of them may stay, in the database or for long in its log.
    pub erased: Vec<(ConversationId, Seq)>,
    /// Something else was cleared that must not stay in the log for long.
    pub swept: bool,
    heads: &'c mut Heads,
}

/// The newest seqs, remembered between transactions because only this thread changes them.
#[derive(Default)]
pub(super) struct Heads {
    known: HashMap<ConversationId, Seq>,
    /// Those whose row must be written at the end of the transaction, each once. The newest change of the others is a
    /// message, which tells its seq itself.
    changed: HashSet<ConversationId>,
}

impl Heads {
    fn forget(&mut self) {
        self.known.clear();
        self.changed.clear();
    }
}

impl Writing<'_> {
    pub fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.conn.prepare_cached(sql)?)
    }

    /// The newest seq of a conversation; zero when it does not exist.
    pub fn head(&mut self, id: ConversationId) -> Result<Seq> {
        if let Some(seq) = self.heads.known.get(&id) {
            return Ok(*seq);
        }
        let sql = concat!("SELECT ", head_of!("h"), " FROM heads h WHERE h.conversation_id = ?1");
        let found: Option<i64> = self.prepare(sql)?.query_row([int(id.0)], |row| row.get(0)).optional()?;
        let seq = found.unwrap_or_default().max(0) as u64;
        self.heads.known.insert(id, seq);
        Ok(seq)
    }

    /// `posted`: the change at this seq is a new message.
    pub fn set_head(&mut self, id: ConversationId, seq: Seq, posted: bool) {
        self.heads.known.insert(id, seq);
        if !posted {
            self.heads.changed.insert(id);
        }
    }

    /// Forgets the head of a conversation that is deleted, so that nothing is appended to it again.
    pub fn remove_head(&mut self, id: ConversationId) -> Result<()> {
        self.heads.known.insert(id, 0);
        self.heads.changed.remove(&id);
        self.prepare("DELETE FROM heads WHERE conversation_id = ?1")?.execute([int(id.0)])?;
        Ok(())
    }

    fn write_heads(&mut self) -> Result<()> {
        if self.heads.changed.is_empty() {
            return Ok(());
        }
        let mut statement =
            self.conn.prepare_cached("INSERT OR REPLACE INTO heads (conversation_id, seq) VALUES (?1, ?2)")?;
        for id in self.heads.changed.drain() {
            statement.execute(params![int(id.0), int(self.heads.known.get(&id).copied().unwrap_or_default())])?;
        }
        Ok(())
    }
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

pub(super) fn lost() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
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
        if heads.known.len() > HEADS {
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
    let started = Instant::now();
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
    metrics::histogram!("laserchat_commit_seconds").record(started.elapsed());
    metrics::histogram!("laserchat_commit_group_size").record(jobs.len() as f64);
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
    let mut writing = Writing { conn, erased: Vec::new(), swept: false, heads };
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
