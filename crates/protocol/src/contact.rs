//! Contacts and blocks: what one user thinks of another.

use serde::{Deserialize, Serialize};

use crate::{UserSummary, Version};

/// One's relation to another user, as one's own list shows it. `version` is the owner's version at its last change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    pub user: UserSummary,
    pub state: ContactState,
    /// One has blocked the other. It is kept apart from `state`, and the other is never told.
    pub blocked: bool,
    pub version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// No relation (any more).
    None,
    /// One has asked the other.
    Requested,
    /// The other has asked and waits for an answer.
    Pending,
    Accepted,
}
