//! The checkpointer: moves the log into the database, so that no write has to wait for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::Result;

/// Between two emptyings of the log: emptying stops writing for a moment.
const PAUSE: Duration = Duration::from_secs(5);
/// Between two attempts to empty the log, when others were reading from it.
const AGAIN: Duration = Duration::from_secs(1);
/// How long emptying may stop writing while it waits for those who read from the log.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);

/// What the writer and the checkpointer share. The log holds text that was erased: move all of it, and cut the log off.
/// It is a flag beside the messages that wake the checkpointer, because those may be lost when many are under way.
pub(super) type Erased = Arc<AtomicBool>;

/// Moves what is in the log into the database. Returns whether all that the mode promises is done.
pub(super) fn checkpoint(conn: &Connection, mode: &str) -> Result<bool> {
    let busy: bool = conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(0))?;
    Ok(!busy)
}

fn attempt(conn: &Connection, mode: &str) -> bool {
    checkpoint(conn, mode).unwrap_or_else(|error| {
        tracing::warn!(%error, "the database log could not be moved");
        false
    })
}

/// Runs until the writer, which wakes it when the log has grown or holds erased text, is gone.
pub(super) fn run(conn: Connection, woken: Receiver<()>, erased: Erased) {
    // When the log shall be emptied next, if it shall. A process that died may have left erased text in it.
    let mut empty_at = Some(Instant::now());
    let mut emptied: Option<Instant> = None;
    loop {
        let wake = match empty_at {
            None => woken.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => woken.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match wake {
            Ok(()) => {
                if erased.swap(false, Ordering::AcqRel) {
                    let now = Instant::now();
                    empty_at = empty_at.or(Some(emptied.map_or(now, |last| now.max(last + PAUSE))));
                } else {
                    attempt(&conn, "PASSIVE");
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                // Most of it is moved while writing goes on.
                attempt(&conn, "PASSIVE");
                let done = attempt(&conn, "TRUNCATE");
                emptied = Some(Instant::now());
                empty_at = (!done).then(|| Instant::now() + AGAIN);
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
