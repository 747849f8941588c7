//! Inline: a store in memory whose reads and writes run at once on the calling thread, with the statements of the real
//! one. Nothing depends on threads, so that a simulation built on it runs the same every time.

use parking_lot::Mutex;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::writer::{Job, commit};
use super::{connect, execute};
use crate::Result;
use crate::sql::{self, Heads};

pub(super) struct Inline {
    held: Mutex<Held>,
}

struct Held {
    conn: Connection,
    heads: Heads,
    other_writes: Option<i64>,
}

/// A database in memory, which lives as long as its one connection.
pub(super) fn memory() -> Result<Connection> {
    connect(":memory:".as_ref(), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_MEMORY, 1024)
}

impl Inline {
    pub fn new(conn: Connection) -> Self {
        Inline { held: Mutex::new(Held { conn, heads: Heads::default(), other_writes: None }) }
    }

    /// Runs a job as a group of its own, and answers it.
    pub fn write(&self, job: Box<dyn Job>) {
        let Held { conn, heads, other_writes } = &mut *self.held.lock();
        // There is no file that erased text could stay in.
        let _erased = commit(conn, heads, other_writes, &mut [job]);
    }

    /// A database of its own with the same content.
    pub fn copy(&self) -> Result<Connection> {
        let held = self.held.lock();
        let mut copy = memory()?;
        Backup::new(&held.conn, &mut copy)?.step(-1)?;
        Ok(copy)
    }

    pub fn read<T>(&self, work: impl FnOnce(&sql::Connection<'_>) -> Result<T>) -> Result<T> {
        let held = self.held.lock();
        execute(&held.conn, "BEGIN")?;
        let result = work(&sql::Connection::Sqlite(&held.conn));
        execute(&held.conn, "COMMIT")?;
        result
    }
}
