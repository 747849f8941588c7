//! Drafts: what one has begun to write and not sent, on all of one's devices.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, FileId, MessageId, Problem, Timestamp, Version};

/// What one has begun to write in a conversation, or in a thread of it. One without text and files is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Draft {
    pub conversation_id: ConversationId,
    /// The message under whose thread it is written.
    #[cfg_attr(feature = "schema", schema(required))]
    pub parent_id: Option<MessageId>,
    pub body: String,
    /// One's own uploads that are to go with it.
    pub files: Vec<FileId>,
    /// When the server got it.
    pub updated_at: Timestamp,
    pub version: Version,
}

impl Draft {
    /// Nothing is left of it: it was sent or thrown away.
    pub fn is_gone(&self) -> bool {
        self.body.is_empty() && self.files.is_empty()
    }
}

/// `PUT /conversations/{id}/draft`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DraftSave {
    /// What is written so far; nothing, together with no files, clears the draft.
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<MessageId>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileId>,
    /// The version of the draft that this device wrote on, 0 for none. When another device has written meanwhile, nothing is
    /// changed, and the answer is `conflict` with what that one wrote. Without it, the last to write wins.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub based_on: Option<Version>,
}

/// The answer to a draft that was based on an older one: a problem, and what is newer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DraftConflict {
    #[serde(flatten)]
    pub problem: Problem,
    pub draft: Draft,
}
