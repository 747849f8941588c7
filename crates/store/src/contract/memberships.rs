//! Memberships: one's own cursors and settings in each conversation, and everything else that is synced by version.

use async_trait::async_trait;
use laserchat_protocol::event::OwnChanges;
use laserchat_protocol::member::{MembershipUpdate, Receipt};
use laserchat_protocol::{ConversationId, Event, Seq, UserId, Version};

use super::Result;

/// A wish to move a member's cursors forward. Zero leaves a cursor where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorMove {
    pub conversation: ConversationId,
    pub user: UserId,
    pub delivered: Seq,
    pub read: Seq,
}

/// What became of a [`CursorMove`].
#[derive(Debug, Clone)]
pub struct CursorMoved {
    pub conversation: ConversationId,
    pub user: UserId,
    /// The new position of each cursor that moved. Reading implies delivery.
    pub delivered: Option<Seq>,
    pub read: Option<Seq>,
    /// The conversation is small enough, and the user willing, that the others see it.
    pub shown: bool,
    /// Devices show something that was read now, and pushes to clear it wait.
    pub clears: bool,
    /// For the user's own devices, when `read` moved.
    pub own: Option<Event>,
}

#[async_trait]
pub trait Memberships {
    /// Moves cursors forward in one commit: never back, never beyond the head, never for who is not a member (such moves
    /// are answered with nothing moved). One answer per move, in order.
    async fn advance(&self, moves: Vec<CursorMove>) -> Result<Vec<CursorMoved>>;

    /// The members' cursors in those of these conversations that are small enough for receipts: a client that was away
    /// cannot know which have moved, because they have no seq.
    async fn receipts(&self, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, Receipt)>>;

    /// Changes one's own settings for a conversation. `None`: not a member.
    async fn update_membership(
        &self,
        user: UserId,
        conversation: ConversationId,
        update: MembershipUpdate,
    ) -> Result<Option<Event>>;

    /// The user's own objects (memberships, contacts, account) that changed after a version, each once in its present
    /// state, by ascending version.
    async fn own_changes(&self, user: UserId, after: Version, limit: usize) -> Result<OwnChanges>;
}
