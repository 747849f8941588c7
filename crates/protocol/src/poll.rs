//! Polls: a question with options that the members of a conversation vote on.
//!
//! A poll is a text message with `poll`. Its body says the question and the options in words, for search and for clients
//! that know no polls.

use serde::{Deserialize, Serialize};

use crate::{MessageId, Timestamp, UserSummary};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Poll {
    pub question: String,
    pub options: Vec<PollOption>,
    /// Everybody may choose several options.
    pub multiple: bool,
    /// Nobody learns who has voted for what.
    pub anonymous: bool,
    /// When it closes by itself.
    #[cfg_attr(feature = "schema", schema(required))]
    pub closes_at: Option<Timestamp>,
    /// Since when nobody can vote any more.
    #[cfg_attr(feature = "schema", schema(required))]
    pub closed_at: Option<Timestamp>,
    /// How many people have voted.
    pub voters: u64,
}

/// One option of a poll. `me` is present where the answer is made for one person, as with reactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PollOption {
    pub text: String,
    pub count: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub me: Option<bool>,
}

/// `POST /conversations/{id}/polls`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PollCreate {
    /// The client's name for the message, 1 to 64 bytes: sending it again returns the first result.
    pub client_id: String,
    pub question: String,
    /// 2 to 20 different texts.
    pub options: Vec<String>,
    #[serde(default)]
    pub multiple: bool,
    #[serde(default)]
    pub anonymous: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closes_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<MessageId>,
}

/// `PUT /messages/{id}/vote`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VoteSet {
    /// The options that one votes for, counted from 0. None withdraws one's vote.
    pub options: Vec<u32>,
}

/// Who voted for an option, from `GET /messages/{id}/voters`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Voter {
    pub user: UserSummary,
    pub at: Timestamp,
}
