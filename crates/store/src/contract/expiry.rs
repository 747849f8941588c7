//! Expiry: which messages have to go, found without looking at any other.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, Message, Seq, Timestamp};

use super::Result;

/// A conversation in which messages may have to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryDue {
    pub conversation: ConversationId,
    /// Nothing up to here is left to be erased.
    pub upto: Seq,
    /// The conversation's own rule.
    pub expire_seconds: Option<u32>,
}

#[async_trait]
pub trait Expiry {
    /// Conversations at which to look now, the longest due first. A conversation is due as soon as its rule changes.
    async fn expiry_due(&self, now: Timestamp, limit: usize) -> Result<Vec<ExpiryDue>>;

    /// When the next conversation is due.
    async fn next_expiry(&self) -> Result<Option<Timestamp>>;

    /// Living text messages after a seq, by seq, each with its parent. Looks at no more than `limit` messages; the
    /// second value is the seq up to which it looked, `None` when that was the end.
    async fn texts_after(
        &self,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<(Message, Option<Message>)>, Option<Seq>)>;

    /// Everything up to a seq is done, and nothing will be due before a moment; `None`: nothing ever, because no rule
    /// holds. When the rule has changed meanwhile (`expire_seconds` is not what it was), the conversation stays due.
    async fn expiry_done(&self, due: ExpiryDue, upto: Seq, next: Option<Timestamp>) -> Result<()>;

    /// With a rule for the whole server, every conversation is looked at; without one, only those with a rule of their own.
    /// A few conversations at a time, beginning after an id; returns the last id, `None` at the end. Those that are known are
    /// due too, because the rule may be a new one.
    async fn enroll_all(&self, after: ConversationId, limit: usize, now: Timestamp) -> Result<Option<ConversationId>>;
}
