//! The log: every conversation is a numbered sequence of changes.

use async_trait::async_trait;
use laserchat_core::{Change, Room};
use laserchat_protocol::event::Changes;
use laserchat_protocol::poll::Voter;
use laserchat_protocol::reaction::Reactor;
use laserchat_protocol::{ConversationId, Event, Message, MessageId, Page, Seq, Timestamp, UserId};

use super::Result;

/// Changes of one conversation that belong together: the first takes seq `expected`, the next the following one.
#[derive(Debug, Clone)]
pub struct Append {
    pub conversation: ConversationId,
    pub expected: Seq,
    pub changes: Vec<Change>,
}

/// What an append did, ready to be published in this order.
#[derive(Debug, Clone, Default)]
pub struct Appended {
    /// One per change, by ascending seq.
    pub changed: Vec<Changed>,
    /// Personal events that the changes caused: the memberships of the members they touched.
    pub personal: Vec<(UserId, Event)>,
}

/// A change as members see it.
#[derive(Debug, Clone)]
pub struct Changed {
    pub event: Event,
    /// The same event as one user's own devices get it, where it differs: with `me` on reactions.
    pub own: Option<(UserId, Event)>,
}

impl Changed {
    /// The event as one user's devices get it.
    pub fn seen_by(&self, user: UserId) -> &Event {
        match &self.own {
            Some((owner, event)) if *owner == user => event,
            _ => &self.event,
        }
    }
}

/// Why an append was not committed.
#[derive(Debug, Clone)]
pub enum AppendError {
    /// The conversation's next seq is not the expected one (or the conversation does not exist): load and decide again.
    Conflict,
    /// A message that a change was decided on has changed since: load it and decide again.
    Stale,
    /// The sender has used this client id in this conversation: this is the first result, as the sender sees it.
    Duplicate(Box<Message>),
    /// The pair has a direct conversation, or the creator has used this key: this is the conversation.
    Exists(ConversationId),
    /// A file that a message or a picture names is not there any more.
    FileMissing,
}

/// Which part of a history to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Newest,
    /// Messages with a smaller seq, the nearest ones.
    Before(Seq),
    /// Messages with a larger seq, the nearest ones.
    After(Seq),
    /// Half before and half after, including the one at this seq if it is a message.
    Around(Seq),
}

#[async_trait]
pub trait Log {
    /// Commits a group of appends with one flush. Each is committed or refused by itself, in order; several appends of
    /// one conversation in a group follow each other. Only an error of the store itself fails the whole group: then all
    /// or nothing of it is committed, and where the answer may have been lost, only reading tells which.
    async fn append(&self, group: Vec<Append>) -> Result<Vec<Result<Appended, AppendError>>>;

    /// What a decision about these users needs. `None`: no such conversation, or it is deleted.
    /// Every asked user is a key of `room.members`.
    async fn room(&self, conversation: ConversationId, users: &[UserId]) -> Result<Option<Room>>;

    /// Everything that changed after a seq, each object once in its present state, by ascending seq; `viewer` decides
    /// `me` and `following`. `after` beyond the head gives no items. `None`: no such conversation.
    async fn changes(
        &self,
        viewer: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Changes>>;

    /// A page of messages by ascending seq, tombstones and replies included.
    async fn history(
        &self,
        viewer: UserId,
        conversation: ConversationId,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>>;

    async fn message(&self, viewer: UserId, id: MessageId) -> Result<Option<Message>>;

    /// The result of an earlier send, as its sender sees it.
    async fn sent(&self, sender: UserId, conversation: ConversationId, client_id: &str) -> Result<Option<Message>>;

    /// Replies under a message by ascending seq, after a seq.
    async fn replies(&self, viewer: UserId, parent: &Message, after: Seq, limit: usize) -> Result<Vec<Message>>;

    /// Pinned messages, the latest pin first.
    async fn pins(&self, viewer: UserId, conversation: ConversationId) -> Result<Vec<Message>>;

    /// Who reacted with an emoji, the first first.
    async fn reactors(
        &self,
        message: &Message,
        emoji: &str,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Reactor>>;

    /// Who voted for an option of a poll, the first first.
    async fn voters(&self, message: &Message, option: u32, cursor: Option<&str>, limit: usize) -> Result<Page<Voter>>;

    /// Open polls whose time to close has come: where they are, and their messages as nobody in particular sees them.
    async fn due_polls(&self, now: Timestamp, limit: usize) -> Result<Vec<Message>>;

    /// Follows or unfollows the thread under a message. Replying and having one's message replied to also follow.
    async fn follow(&self, user: UserId, message: &Message, following: bool) -> Result<()>;
}
