//! Search: an index of the words of messages, which follows the log, and what is found by it.

use std::sync::Arc;

use async_trait::async_trait;
use laserchat_core::search::Wanted;
use laserchat_protocol::{Conversation, ConversationId, Event, Message, MessageId, Page, UserId};

use super::{FollowerStep, Result};

/// What the index is to learn of one conversation.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// How far the index is before it, and with it.
    pub step: FollowerStep,
    pub events: Vec<Arc<Event>>,
}

/// A page of what was found, the newest first. A page may be short, or empty, although there is a next one: a search that
/// has to look at very much does so in several steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundMessages {
    pub messages: Vec<Message>,
    /// Continue with messages that are older than this one.
    pub next: Option<MessageId>,
}

#[async_trait]
pub trait Search {
    /// Puts the present state of messages into the index, with the follower's cursors. A lesson that does not continue the
    /// follower's cursor does nothing; false: there was one.
    async fn index(&self, follower: &str, lessons: Vec<Lesson>) -> Result<bool>;

    /// What is wanted among the messages that a user may see now, older than a message.
    async fn find_messages(
        &self,
        viewer: UserId,
        wanted: Wanted,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<FoundMessages>;

    /// Conversations that a user is in, by their whole name, whatever its case and accents.
    async fn conversations_called(&self, user: UserId, name: &str) -> Result<Vec<ConversationId>>;

    /// Groups and channels whose names begin with these words: those that the user is in, and public ones.
    async fn find_channels(
        &self,
        user: UserId,
        words: &[String],
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Conversation>>;

    /// Begins an index of this version, and lets the follower start again, unless there is one already. `force` begins it
    /// in any case. Returns whether it did.
    async fn renew_index(&self, follower: &str, version: u32, force: bool) -> Result<bool>;

    /// Clears away a part of an index that was replaced. False: nothing is left.
    async fn clear_old_index(&self, limit: usize) -> Result<bool>;

    /// After messages were deleted or edited: makes sure, a part at a time, that no trace of their words is left where the
    /// index has been. Returns the number of the part, which is 0 where a round begins; `None`: there was nothing to do.
    async fn sweep_index(&self) -> Result<Option<u64>>;
}
