//! The rules: pure functions from (state, actor, command) to changes or a refusal.
//!
//! Nothing here does I/O, reads a clock or spawns anything; `now` is always an argument. That is what lets the same
//! rules run inside the sequencer, in property tests and in the seeded simulation.
//!
//! Invariants:
//!
//! - What a role may do is one table, [`permission::TABLE`], and is decided nowhere else.
//! - A decision returns numbered changes: change *i* of a decision made at head *h* has seq *h + 1 + i*.
//! - A decision that changes nothing returns no changes; repeating a command is never an error by itself.
//! - After `decide`, only mentions have been read out of a body. No later step needs to understand one.

pub mod admin;
pub mod belonging;
pub mod change;
pub mod contact;
pub mod conversation;
pub mod emoji;
pub mod expiry;
pub mod file;
pub mod invitation;
pub mod member;
pub mod mention;
pub mod message;
pub mod name;
pub mod notification;
pub mod permission;
pub mod pin;
pub mod poll;
pub mod preview;
pub mod reaction;
pub mod refusal;
pub mod room;
pub mod search;
pub mod slash;
pub mod text;

pub use change::{Change, MessageAt};
pub use refusal::Refusal;
pub use room::{MemberRow, Room};

/// What a decision takes from the world: the time, and the id of the one message that it may write.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    pub now: laserchat_protocol::Timestamp,
    pub message_id: laserchat_protocol::MessageId,
}

/// What a rule decides: the changes to append, possibly none, or why not.
pub type Decision = Result<Vec<Change>, Refusal>;
