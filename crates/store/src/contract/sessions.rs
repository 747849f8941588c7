//! Sessions: signed-in devices and their refresh tokens.

use async_trait::async_trait;
use laserchat_protocol::session::{DeviceKind, Session};
use laserchat_protocol::{SessionId, Timestamp, UserId};

use super::{Result, SecretHash};

#[derive(Debug, Clone)]
pub struct NewSession {
    pub id: SessionId,
    pub user: UserId,
    pub name: String,
    pub kind: DeviceKind,
    pub refresh: SecretHash,
    pub created_at: Timestamp,
    pub address: Option<String>,
}

/// What became of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It was the current one and has been replaced.
    Rotated { session: SessionId, user: UserId },
    /// It had been replaced before: somebody holds a copy. The session is ended.
    Reused { session: SessionId, user: UserId },
    /// Nobody's, expired, or of an ended session or disabled account.
    Unknown,
}

#[async_trait]
pub trait Sessions {
    async fn create_session(&self, session: NewSession) -> Result<()>;

    /// Replaces a refresh token that was last rotated not before `oldest`.
    async fn rotate(
        &self,
        old: SecretHash,
        new: SecretHash,
        now: Timestamp,
        oldest: Timestamp,
        address: Option<String>,
    ) -> Result<Rotation>;

    /// A user's sessions that have not ended, the last active first. `current` is set by the caller.
    async fn sessions(&self, user: UserId) -> Result<Vec<Session>>;

    /// Ends one session of a user. Returns whether it was there.
    async fn end_session(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<bool>;

    /// Ends all sessions of a user but one. Returns which.
    async fn end_sessions(&self, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>>;

    /// Sessions that ended since: their access tokens may still look valid.
    async fn ended_since(&self, since: Timestamp) -> Result<Vec<SessionId>>;

    /// Remembers when and from where sessions were last active.
    async fn touch_sessions(&self, touches: Vec<(SessionId, Timestamp, Option<String>)>) -> Result<()>;
}
