//! Sessions: a session is a signed-in device.

use serde::{Deserialize, Serialize};

use crate::{SessionId, Timestamp, User};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    #[default]
    Web,
    Mobile,
    SmartTv,
    Desktop,
    Bot,
}

/// What a client says of the device it runs on when it signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Device {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: DeviceKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: SessionId,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: DeviceKind,
    pub created_at: Timestamp,
    pub last_active_at: Timestamp,
    /// The address it was last used from.
    #[cfg_attr(feature = "schema", schema(required))]
    pub address: Option<String>,
    /// This is the session that asks.
    pub current: bool,
}

/// `POST /auth/register`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Register {
    pub username: String,
    pub password: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub display_name: Option<String>,
    /// The code of an invitation, or of the server's first-start link.
    #[serde(default)]
    pub invitation: Option<String>,
    #[serde(default)]
    pub device: Device,
}

/// `POST /auth/login`. `login` is a user name or an e-mail address.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Login {
    pub login: String,
    pub password: String,
    #[serde(default)]
    pub device: Device,
}

/// `POST /auth/refresh`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Refresh {
    pub refresh_token: String,
}

/// The answer to registering, signing in and refreshing.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Grant {
    pub user: User,
    pub session_id: SessionId,
    pub access_token: String,
    pub refresh_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
}
