//! Invitation links, into a conversation or only onto the server.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, InvitationId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: InvitationId,
    /// The secret in the link. Shown once, when the invitation is made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// Absent for an invitation onto the server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation_id: Option<ConversationId>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub expires_at: Option<Timestamp>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub max_uses: Option<u32>,
    pub uses: u32,
}

/// `POST /conversations/{id}/invitations` and `POST /invitations`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct InvitationCreate {
    /// Seconds until it expires; absent: never.
    pub expires_in: Option<u64>,
    /// How many people can use it; absent: any number.
    pub max_uses: Option<u32>,
}

/// What an invitation leads to, for somebody who holds the code: `GET /invitations/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct InvitationPreview {
    pub server_name: String,
    #[cfg_attr(feature = "schema", schema(required))]
    pub conversation_name: Option<String>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub member_count: Option<u64>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub expires_at: Option<Timestamp>,
}
