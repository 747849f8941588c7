//! The pool: links to one database, each lent to one thread at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::address::Address;
use super::link::{Failure, Link};
use crate::sql::{Connection, Heads, Order, Writing, lost};
use crate::{Result, StoreError};

/// Tries at a write that meets others.
const TRIES: u32 = 30;
/// The pause after the first time; it grows with each.
const PAUSE: Duration = Duration::from_millis(2);

pub(super) struct Pool {
    address: Address,
    permits: Semaphore,
    idle: Mutex<Vec<Link>>,
    /// How many wait for their turn.
    waiting: AtomicUsize,
}

/// Counts for as long as it lives, also when whoever waits gives up.
struct Waits<'p>(&'p AtomicUsize);

impl Waits<'_> {
    fn new(waiting: &AtomicUsize) -> Waits<'_> {
        waiting.fetch_add(1, Ordering::Relaxed);
        Waits(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A write that was not committed.
struct Undone {
    error: StoreError,
    failure: Option<Failure>,
    /// The answer to the commit is missing: it may have happened.
    unknown: bool,
}

impl Pool {
    pub fn new(address: Address, most: usize) -> Arc<Pool> {
        Arc::new(Pool { address, permits: Semaphore::new(most), idle: Mutex::default(), waiting: AtomicUsize::new(0) })
    }

    /// Does something with the pool on a thread that may wait, when it is its turn.
    pub async fn lend<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Pool) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let waits = Waits::new(&self.waiting);
        let permit = self.permits.acquire().await.map_err(|_| lost())?;
        drop(waits);
        metrics::gauge!("laserchat_store_queue").set(self.waiting.load(Ordering::Relaxed) as f64);
        let held = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&held)).await;
        drop(permit);
        done.unwrap_or_else(|error| Err(StoreError::Unavailable(format!("it did not finish: {error}"))))
    }

    /// A link, and whether it was used before: then the database may have gone since.
    fn take(&self) -> Result<(Link, bool)> {
        if let Some(link) = self.idle.lock().pop() {
            return Ok((link, true));
        }
        Link::open(&self.address).map(|link| (link, false))
    }

    fn give_back(&self, link: Link) {
        if !link.is_closed() {
            self.idle.lock().push(link);
        }
    }

    /// Closes what is idle, because what it leads to is gone.
    fn forget(&self) {
        self.idle.lock().clear();
    }

    pub fn close(&self) {
        self.permits.close();
        self.forget();
    }

    /// Reads in a transaction of its own.
    pub fn read<T>(&self, work: impl FnOnce(&Connection<'_>) -> Result<T>) -> Result<T> {
        loop {
            let (link, used) = self.take()?;
            link.failure();
            if let Err(error) = link.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                if used && link.failure() == Some(Failure::Gone) {
                    self.forget();
                    continue;
                }
                return Err(error);
            }
            let done = work(&Connection::Postgres(&link));
            if link.batch("COMMIT").is_ok() {
                self.give_back(link);
            }
            return done;
        }
    }

    /// Writes, again and again while it meets others.
    pub fn write<T>(&self, order: Order, mut work: impl FnMut(&mut Writing<'_>) -> Result<T>) -> Result<T> {
        let mut met = 0;
        loop {
            let (link, used) = self.take()?;
            let undone = match attempt(&link, order, &mut work) {
                Ok(done) => {
                    self.give_back(link);
                    return Ok(done);
                }
                Err(undone) => undone,
            };
            match undone.failure {
                _ if undone.unknown => return Err(undone.error),
                Some(Failure::Met) if met < TRIES => {
                    met += 1;
                    metrics::counter!("laserchat_store_retries_total").increment(1);
                    if link.batch("ROLLBACK").is_ok() {
                        // Not all at the same time again.
                        link.pause(PAUSE * met * spread());
                        self.give_back(link);
                    }
                }
                Some(Failure::Gone) => {
                    self.forget();
                    if !used {
                        return Err(undone.error);
                    }
                }
                _ => {
                    if link.batch("ROLLBACK").is_ok() {
                        self.give_back(link);
                    }
                    return Err(undone.error);
                }
            }
        }
    }
}

/// One to four, as it comes.
fn spread() -> u32 {
    getrandom::u32().unwrap_or_default() % 4 + 1
}

fn attempt<T>(link: &Link, order: Order, work: &mut impl FnMut(&mut Writing<'_>) -> Result<T>) -> Result<T, Undone> {
    link.failure();
    let undone = |error| Undone { error, failure: link.failure(), unknown: false };
    link.batch(match order {
        Order::Alone => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        Order::ByRows => "BEGIN ISOLATION LEVEL READ COMMITTED",
    })
    .map_err(undone)?;
    let connection = Connection::Postgres(link);
    let mut heads = Heads::default();
    let mut writing = Writing::new(&connection, &mut heads);
    let done = catch_unwind(AssertUnwindSafe(|| work(&mut writing)))
        .unwrap_or_else(|_| Err(StoreError::Corrupt("a write panicked".into())))
        .and_then(|done| writing.write_heads().map(|()| done))
        .map_err(undone)?;
    // A transaction in which something failed ends without an error, and without effect.
    if let Some(failure) = link.failure() {
        let error = StoreError::Unavailable("a part of a write failed".into());
        return Err(Undone { error, failure: Some(failure), unknown: false });
    }
    link.batch("COMMIT").map_err(|error| {
        let failure = link.failure();
        Undone { error, failure, unknown: failure == Some(Failure::Gone) }
    })?;
    Ok(done)
}
