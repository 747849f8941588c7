//! Followers: background work that reads the log from a cursor of its own in each conversation.
//!
//! A follower's effect and its cursors are written in one transaction, by the part of the contract that knows the effect;
//! that is what makes the work happen once, whenever the process dies. And the transaction writes nothing unless the cursors
//! are where the work began: a process that was paused, and whose work another has taken up since, does none of it again.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, Seq};

use super::Result;

/// Where a follower begins in conversations that are older than itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    AtStart,
    AtHead,
}

/// How far a follower has got in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowerCursor {
    pub conversation: ConversationId,
    pub seq: Seq,
    /// The conversation is deleted: there is nothing to follow any more, and the cursor goes with it.
    pub gone: bool,
}

/// A piece of a follower's way through a conversation: what changed after one seq, up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowerStep {
    pub conversation: ConversationId,
    pub after: Seq,
    pub upto: Seq,
    /// The conversation is deleted.
    pub gone: bool,
}

#[async_trait]
pub trait Followers {
    /// Makes a follower known. Only the first time does anything.
    async fn enrol(&self, name: &str, begin: Begin) -> Result<()>;

    /// Conversations after this one, by id, whose head is beyond the follower's cursor, and those it has followed that
    /// are deleted since.
    async fn behind(&self, name: &str, after: ConversationId, limit: usize) -> Result<Vec<FollowerCursor>>;

    /// How far a follower has got in a conversation; zero when it has not looked at it.
    async fn followed(&self, name: &str, conversation: ConversationId) -> Result<Seq>;

    /// Moves cursors. For followers whose effect is not in the store. False: nothing was moved, because a cursor is not where
    /// its step begins.
    async fn move_followers(&self, name: &str, steps: Vec<FollowerStep>) -> Result<bool>;
}
