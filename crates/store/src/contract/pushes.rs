//! Pushes: what waits to be sent to devices.
//!
//! A push is written with the decision to send it and deleted when a push service has taken it, so a crash loses none. What
//! may have been sent is marked before it is: when its message is read elsewhere, the device is told to clear it.

use async_trait::async_trait;
use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::{ConversationId, Message, Seq, Timestamp, UserId, UserSummary};

use super::{DeviceTarget, Result};

/// A push whose time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuePush {
    pub id: u64,
    pub user: UserId,
    /// It has not been tried, so that it may still wait; and how often it was told to.
    pub holds: Option<u32>,
}

/// A push that is being sent.
#[derive(Debug, Clone)]
pub struct Push {
    pub id: u64,
    pub device: DeviceTarget,
    /// How often it was tried, this time included.
    pub tries: u32,
    pub created_at: Timestamp,
    pub conversation: ConversationId,
    /// Where the message is, or up to where everything was read.
    pub seq: Seq,
    /// Absent when the push says that something was read.
    pub message: Option<Box<PushedMessage>>,
}

/// What a push says of a message, as it is now.
#[derive(Debug, Clone)]
pub struct PushedMessage {
    pub message: Message,
    pub sender: UserSummary,
    pub kind: ConversationKind,
    pub name: Option<String>,
    /// The reader wants pushes to say nothing of this.
    pub hidden: bool,
}

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushResult {
    Sent,
    /// Not now; again at this time.
    Later(Timestamp),
    /// The push service knows the device no more.
    DeviceGone,
    /// It will never be taken.
    Refused,
}

#[async_trait]
pub trait Pushes {
    /// Pushes that are due, the longest waiting first.
    async fn due_pushes(&self, now: Timestamp, limit: usize) -> Result<Vec<DuePush>>;

    /// When the next push is due.
    async fn next_push(&self) -> Result<Option<Timestamp>>;

    /// Lets pushes that were not tried wait on.
    async fn hold_pushes(&self, pushes: Vec<(u64, Timestamp)>) -> Result<()>;

    /// Begins to send: these pushes are not due again before `until`. What need not be sent any more (it was read, deleted,
    /// or made before `oldest`, or its reader has left) is forgotten instead.
    async fn begin_pushes(&self, pushes: Vec<u64>, until: Timestamp, oldest: Timestamp) -> Result<Vec<Push>>;

    /// Notes what became of pushes.
    async fn settle_pushes(&self, settled: Vec<(Push, PushResult)>, now: Timestamp) -> Result<()>;

    /// The secret key by which push services know this server; the first time, it becomes this one.
    async fn push_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]>;

    /// Makes due what a process that died was sending.
    async fn resume_pushes(&self, now: Timestamp) -> Result<()>;
}
