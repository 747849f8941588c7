//! The server as a whole: what anybody may know of it, and what its owner sets at run time.

use serde::{Deserialize, Serialize};

use crate::emoji::EmojiFrom;
use crate::user::ServerRole;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    #[default]
    Open,
    Invitation,
    Closed,
}

/// `GET /server`: needs no token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    pub name: String,
    pub version: String,
    /// The life of the store; a client that holds another one drops its cache.
    pub epoch: String,
    pub registration: Registration,
    /// Nobody has registered yet: the first one becomes the owner.
    pub needs_owner: bool,
    /// Who may add custom emoji.
    #[serde(default)]
    pub custom_emoji: EmojiFrom,
    #[serde(default)]
    pub limits: ServerLimits,
    /// The public key that browsers subscribe to pushes with (VAPID, RFC 8292), in URL-safe base64.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required))]
    pub vapid_key: String,
    /// The server can send e-mails.
    #[serde(default)]
    pub email: bool,
}

/// What the operator has set and a client may check before it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ServerLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of a picture of a user or a conversation, or of an emoji.
    pub picture_bytes: u64,
    /// Bytes of all files of one user; null is no limit of its own.
    #[cfg_attr(feature = "schema", schema(required))]
    pub quota_bytes: Option<u64>,
}

/// `PUT /admin/settings`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ServerSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_emoji: Option<EmojiFrom>,
}

/// `PUT /admin/users/{id}`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AdminUserUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_role: Option<ServerRole>,
    /// A new password; every session of the user ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}
