//! Members: who is in a conversation, as what, and how far they have received and read.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, Notify, Seq, Timestamp, UserId, UserSummary, Version};

/// Ordered by power: a role may act on roles below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Moderator,
    Admin,
    Owner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    Joined,
    Left,
    Banned,
}

/// A member as all members see it. Someone who left stays as a tombstone, so that every client learns of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Member {
    pub conversation_id: ConversationId,
    pub user: UserSummary,
    pub role: Role,
    pub state: MemberState,
    pub joined_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub muted_until: Option<Timestamp>,
    /// The seq of the last change of the fields above.
    pub changed: Seq,
    /// How far the member has received and read; zero in conversations too large for receipts.
    pub delivered: Seq,
    pub read: Seq,
}

/// One's own membership, which only oneself sees. It is synced by the user's `version`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Membership {
    pub conversation_id: ConversationId,
    pub role: Role,
    pub state: MemberState,
    pub joined_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub muted_until: Option<Timestamp>,
    pub delivered: Seq,
    pub read: Seq,
    /// Messages of others after `read`, at the top level, not deleted. Counted up to 1,000.
    pub unread: u64,
    /// Messages after `read` that mention this user, in threads too.
    pub mentions: u64,
    pub favourite: bool,
    /// No notifications until then.
    #[cfg_attr(feature = "schema", schema(required))]
    pub notifications_muted_until: Option<Timestamp>,
    /// How much one is told of here.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required))]
    pub notify: Notify,
    pub version: Version,
}

/// `POST /conversations/{id}/members`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberAdd {
    pub user_id: UserId,
}

/// `PUT /conversations/{id}/members/{user}`: what is absent stays. `role: owner` hands the conversation over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MemberUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Seconds during which the member cannot write; 0 ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute_seconds: Option<u64>,
    /// Ban or unban.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banned: Option<bool>,
}

/// `PUT /conversations/{id}/membership`: one's own settings for a conversation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MembershipUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favourite: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::user::present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Timestamp>))]
    pub notifications_muted_until: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
}

/// `PUT /conversations/{id}/read`: mark as read up to here; absent: up to the newest change.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ReadUpdate {
    pub seq: Option<Seq>,
}

/// A member's two cursors, as the last page of `changes` lists them for small conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    pub user_id: UserId,
    pub delivered: Seq,
    pub read: Seq,
}
