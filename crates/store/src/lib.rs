//! What LaserChat keeps: the store contract, its backends, and the one contract suite that every backend passes.
//!
//! This is the only crate that knows SQL. The contract is split in two, because they will scale differently:
//!
//! - [`Log`] is the numbered sequence of changes of every conversation, written only by [`Log::append`] at an expected
//!   position. Everything in it is keyed by conversation.
//! - The relational part ([`Users`], [`Sessions`], [`Contacts`], …) is what surrounds the log.
//!
//! Invariants every backend holds:
//!
//! - When a write returns, it is durable: it survives `kill -9` and power loss.
//! - An append commits all of its changes or none, and only at the expected position; seqs are dense.
//! - What one user owns is numbered by that user's version, in the same transaction as the change.
//! - Reads see every write that returned before they began.

pub mod contract;
pub mod postgres;
mod sql;
pub mod sqlite;
#[cfg(feature = "suite")]
pub mod suite;
pub mod transfer;

pub use contract::*;
pub use postgres::Postgres;
pub use sql::Inspection;
pub use sqlite::Sqlite;
