//! Reactions: per message and emoji, how many and whether oneself.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId, UserSummary};

/// One emoji on a message.
///
/// `me` is present where the answer is made for one person: in every REST answer, and in the event that goes to the
/// devices of whoever reacted. The event that all members share leaves it out, and then the receiver keeps what it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    pub emoji: String,
    pub count: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub me: Option<bool>,
}

/// Who reacted, from `GET /messages/{id}/reactions/{emoji}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reactor {
    pub user: UserSummary,
    pub at: Timestamp,
}

/// A change of one person's reaction, which names whose it was; it accompanies the event of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReactionChange {
    pub user_id: UserId,
    pub emoji: String,
    pub added: bool,
}
