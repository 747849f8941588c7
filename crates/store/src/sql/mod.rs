//! The store in SQL: every noun once, for both databases.
//!
//! A noun is a file of plain functions over a [`Connection`], and the implementation of its part of the contract for
//! whatever is a [`Database`]. The two databases differ below this (`sqlite/`, `postgres/`: connections, transactions,
//! migrations, copies) and in the index of words (`search/`), and hardly anywhere else.
//!
//! Reads run in a transaction of their own, so that an answer made of several queries shows one moment. Writes run as if one
//! were done after the other, whoever else writes: SQLite has one thread that writes, PostgreSQL repeats what met something
//! else. Appends and the moving of cursors, which are most of all writing, are ordered by locks on rows instead; see
//! [`Order`].

mod append;
mod apply;
mod audience;
mod belongings;
mod changes;
mod codes;
mod connection;
mod contacts;
mod conversations;
mod deletions;
mod devices;
mod emoji;
mod expiry;
mod exports;
mod files;
mod followers;
mod inspect;
mod invitations;
mod leases;
mod log;
mod mail;
mod members;
mod memberships;
mod messages;
mod notifications;
mod polls;
mod positions;
mod post;
mod previews;
mod pushes;
mod search;
mod sessions;
mod slash;
mod system;
mod tokens;
mod uploads;
mod users;
mod uses;
mod value;
mod webhooks;
mod words;
mod writing;

use std::path::Path;

use laserchat_protocol::{Page, Timestamp};

pub(crate) use codes::{int, uint};
pub(crate) use connection::{Connection, OptionalRow, Row, Statement, unreadable};
pub use inspect::Inspection;
pub(crate) use inspect::{inspect, lag};
pub(crate) use system::{birth, findings, get, rebirth, set};
pub(crate) use uploads::{blobs, unfinished};
pub(crate) use value::{FromValue, Params, ToValue, Value, params};
pub(crate) use writing::{Heads, Writing, head_of};

use crate::contract::TracePlace;
use crate::{Result, Store, StoreError};

/// What keeps a write apart from others that happen at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// It sees and leaves what it would if nothing else were written meanwhile.
    Alone,
    /// The rows that it locks: the heads of its conversations, before it looks at anything, or those that it changes whatever
    /// is in them, in the order of their keys, so that no two writes wait for each other. Nothing else that it reads may
    /// decide what it writes.
    ByRows,
}

/// What the nouns are written on.
pub trait Database: Send + Sync + 'static {
    /// Runs a read off the runtime's own threads.
    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send;

    /// The same for reads that take long and are rare: a copy of the database may answer, if it has everything that was
    /// acknowledged before.
    fn read_far<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        self.read(work)
    }

    /// Runs a write and waits until it is durable. It may run twice, and refuses before it writes anything.
    fn write_in<T: Send + 'static>(
        &self,
        order: Order,
        work: impl FnMut(&mut Writing<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send;

    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Writing<'_>) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        self.write_in(Order::Alone, work)
    }

    /// Whether work that takes the processor long is moved off the runtime's own threads. A simulation has no others.
    fn has_threads(&self) -> bool {
        true
    }

    /// Whether no other process can have this database open.
    fn alone(&self) -> bool;

    fn epoch(&self) -> String;

    fn backup(&self, to: &Path) -> impl Future<Output = Result<()>> + Send;

    /// What is wrong with the database itself.
    fn damage(conn: &Connection<'_>) -> Result<Vec<String>>;

    /// How much room the database takes.
    fn bytes(conn: &Connection<'_>) -> Result<u64>;

    /// Clears a part of what erased rows leave behind, and names the next one.
    fn clear_traces(w: &mut Writing<'_>, at: TracePlace) -> Result<Option<TracePlace>>;

    /// Makes sure that nothing erased is left beside the database. False: not now, try again.
    fn settle_traces(&self) -> impl Future<Output = Result<bool>> + Send;
}

impl<D: Database> Store for D {}

pub(crate) fn lost() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}

/// What belongs to the conversation whose id is this value, or to the server as a whole where it is nothing. Spelled so that
/// both databases use their index.
macro_rules! of_server_or {
    ($value:literal) => {
        concat!(
            "(conversation_id = ",
            $value,
            " OR (conversation_id IS NULL AND CAST(",
            $value,
            " AS BIGINT) IS NULL))"
        )
    };
}
use of_server_or;

/// The moment some days before another.
fn days_before(now: Timestamp, days: i64) -> i64 {
    now.0.saturating_sub(days * 86_400_000)
}

/// A page made of one item more than it has room for, if there are that many.
fn paged<T>(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(cursor) } else { None };
    Page { items, next }
}
