//! Invitation links.

use async_trait::async_trait;
use laserchat_protocol::invitation::Invitation;
use laserchat_protocol::{ConversationId, InvitationId, Timestamp, UserId};

use super::{Result, SecretHash};

#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub id: InvitationId,
    pub code: SecretHash,
    /// Absent for an invitation onto the server.
    pub conversation: Option<ConversationId>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub max_uses: Option<u32>,
}

#[async_trait]
pub trait Invitations {
    /// Returns `None` when the conversation (or the server) has as many invitations as it may.
    async fn create_invitation(&self, invitation: NewInvitation) -> Result<Option<Invitation>>;

    /// Invitations that still work, the newest first; without a conversation, those onto the server.
    async fn invitations(&self, conversation: Option<ConversationId>, now: Timestamp) -> Result<Vec<Invitation>>;

    async fn invitation(&self, code: SecretHash) -> Result<Option<Invitation>>;

    /// Counts one use if it still works; the check and the count are one transaction. `None`: it does not work.
    async fn use_invitation(&self, code: SecretHash, now: Timestamp) -> Result<Option<Invitation>>;

    async fn revoke_invitation(&self, conversation: Option<ConversationId>, id: InvitationId) -> Result<bool>;
}
