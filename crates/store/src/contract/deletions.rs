//! Deletions of accounts: durable jobs that go on at the next start.

use async_trait::async_trait;
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::{ConversationId, Message, Seq, SessionId, Timestamp, UserId};

use super::Result;

/// What must end at once when a deletion begins.
#[derive(Debug, Clone, Default)]
pub struct DeletionBegun {
    pub sessions: Vec<SessionId>,
    /// Bots of the account, which go with it.
    pub bots: Vec<UserId>,
    pub report: DeletionReport,
}

/// A part of the store that is looked through for what was left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TracePlace {
    pub tree: usize,
    pub part: usize,
}

#[async_trait]
pub trait Deletions {
    /// From here on nobody can use the account: it is disabled, its sessions have ended, its tokens and webhooks are gone,
    /// and the same is true of its bots. What an incoming webhook has posted stays, because others wrote it.
    /// Beginning again changes nothing and gives the same answer.
    async fn begin_deletion(&self, user: UserId, now: Timestamp) -> Result<Option<DeletionBegun>>;

    /// Those that have begun and not finished, with what was done so far.
    async fn unfinished_deletions(&self) -> Result<Vec<UserId>>;

    async fn deletion(&self, user: UserId) -> Result<Option<DeletionReport>>;

    /// Bots that still go with an account.
    async fn bots_to_delete(&self, user: UserId) -> Result<Vec<UserId>>;

    /// Adds to what is counted.
    async fn note_deletion(&self, user: UserId, done: DeletionReport) -> Result<()>;

    /// Who gets a conversation when its owner goes: the highest in rank who is a person, the one who is there longest.
    async fn heir(&self, conversation: ConversationId, leaving: UserId) -> Result<Option<UserId>>;

    /// Messages of a conversation to which somebody has reacted, after a seq, and with what.
    async fn reacted(
        &self,
        user: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<(Message, String)>>;

    /// Messages of a conversation with an open poll in which somebody has voted. In a poll that is closed the result stays,
    /// and who has voted for what goes with the rest.
    async fn voted(&self, user: UserId, conversation: ConversationId, limit: usize) -> Result<Vec<Message>>;

    /// Removes everything that hangs on a user and is not in the log, a part at a time; `true`: call again. The user is the
    /// account, on whose deletion it is counted, or one of its bots.
    async fn erase_personal(&self, account: UserId, user: UserId) -> Result<bool>;

    /// The name, face and words of an account, or of one of its bots, are replaced by nothing. The row stays, because what
    /// others said refers to it.
    async fn erase_profile(&self, account: UserId, user: UserId) -> Result<()>;

    /// Clears one part of what the pages of the store do not use, where rows may have left copies of what is erased now.
    /// Begins with `TracePlace::default()`; returns the next part, `None` at the end.
    async fn clear_traces(&self, at: TracePlace) -> Result<Option<TracePlace>>;

    /// Moves everything that is committed to where it stays, so that no journal holds what was erased before. False: it is
    /// in use at the moment, ask again.
    async fn settle(&self) -> Result<bool>;

    async fn finish_deletion(&self, user: UserId, now: Timestamp) -> Result<DeletionReport>;
}
