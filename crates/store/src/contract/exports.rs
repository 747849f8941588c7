//! Exports: which are asked for, being written, or there to be fetched.

use async_trait::async_trait;
use laserchat_protocol::export::Export;
use laserchat_protocol::{ConversationId, Message, MessageId, Seq, Timestamp, UserId};

use super::Result;

/// What somebody thinks of the messages of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinions {
    pub reactions: Vec<(MessageId, String, Timestamp)>,
    /// The number of the option; one entry for each that was voted for.
    pub votes: Vec<(MessageId, u32, Timestamp)>,
}

#[async_trait]
pub trait Exports {
    /// Asks for an export. One that is being written is the answer instead; one that is finished is replaced. The second
    /// value: it is new.
    async fn begin_export(&self, user: UserId, now: Timestamp) -> Result<(Export, bool)>;

    async fn export(&self, user: UserId) -> Result<Option<Export>>;

    /// `bytes` is absent when it failed. False: nobody asks for it any more, because the account is gone.
    async fn finish_export(
        &self,
        user: UserId,
        bytes: Option<u64>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool>;

    /// Those that are still to be written, the oldest first.
    async fn unfinished_exports(&self) -> Result<Vec<UserId>>;

    /// Forgets exports whose time is over, and says whose they were.
    async fn expire_exports(&self, now: Timestamp) -> Result<Vec<UserId>>;

    /// Every conversation in which somebody is or was.
    async fn conversations_ever(&self, user: UserId) -> Result<Vec<ConversationId>>;

    /// Somebody's own messages of a conversation after a seq, by seq, each with its parent. Looks at no more than `limit`
    /// messages; the second value is the seq up to which it looked, `None` when that was the end.
    async fn messages_of(
        &self,
        sender: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<(Message, Option<Message>)>, Option<Seq>)>;

    /// Somebody's reactions and votes in a conversation, by the seqs of their messages.
    async fn opinions_of(&self, user: UserId, conversation: ConversationId) -> Result<Opinions>;
}
