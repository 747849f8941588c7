//! Custom emoji: pictures that people of this server use as `:name:`, in texts and as reactions.

use serde::{Deserialize, Serialize};

use crate::{FileId, Timestamp, UserId, Version};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CustomEmoji {
    /// Without colons.
    pub name: String,
    pub file_id: FileId,
    pub animated: bool,
    pub created_by: UserId,
    pub created_at: Timestamp,
}

/// `GET /emoji`: all of them, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EmojiList {
    pub items: Vec<CustomEmoji>,
    /// Grows with every change of the list.
    pub version: Version,
}

/// `PUT /emoji/{name}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EmojiSet {
    /// A picture of one's own, uploaded with the purpose `emoji`.
    pub file_id: FileId,
}

/// Who may add custom emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EmojiFrom {
    #[default]
    Admins,
    Everybody,
}
