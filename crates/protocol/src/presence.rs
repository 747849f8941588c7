//! Presence: derived from connections and activity, kept in memory, sent to those who watch.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    Online,
    /// Connected, but nobody has touched any device for a while.
    Away,
    DoNotDisturb,
    Offline,
}

/// What a client says of its user with `presence.set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    #[default]
    Active,
    Away,
    DoNotDisturb,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Presence {
    pub user_id: UserId,
    pub status: PresenceStatus,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_seen_at: Option<Timestamp>,
}
