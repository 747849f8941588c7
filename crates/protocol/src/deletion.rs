//! Deletion of an account, and the report of what it did.

use serde::{Deserialize, Serialize};

/// `DELETE /me`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountDelete {
    /// The password again, so that a phone that was left lying about is not enough.
    pub password: String,
}

/// What was erased. When the answer comes all of it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeletionReport {
    /// Messages whose text was erased. That there was one stays, without an author's name.
    pub messages: u64,
    pub reactions: u64,
    /// Votes in polls that are still open. The results of those that are closed stay, without a name.
    pub votes: u64,
    /// Files with everything that was made of them. Those that others have passed on stay.
    pub files: u64,
    /// Conversations that were left.
    pub conversations_left: u64,
    /// Of these, those that had to be given to somebody else.
    pub conversations_handed_over: u64,
    /// Conversations in which nobody else was.
    pub conversations_deleted: u64,
    pub sessions: u64,
    pub tokens: u64,
    pub contacts: u64,
    pub bots: u64,
    pub webhooks: u64,
    /// Devices with their push subscriptions.
    pub devices: u64,
    /// Other personal things: drafts, saved and scheduled messages, reminders, settings and the like.
    pub personal: u64,
    /// False when the server is still at it: it goes on by itself.
    pub finished: bool,
}
