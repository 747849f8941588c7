//! Saved messages: what one wants to find again.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, Message, MessageId, Seq, Timestamp, Version};

/// That one has saved a message, or has taken that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Saved {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub seq: Seq,
    /// When it was saved; null when it no longer is.
    #[cfg_attr(feature = "schema", schema(required))]
    pub saved_at: Option<Timestamp>,
    pub version: Version,
}

/// An entry of `GET /me/saved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SavedMessage {
    pub saved: Saved,
    /// The message as it is now; null when one can no longer see it, having left its conversation.
    #[cfg_attr(feature = "schema", schema(required))]
    pub message: Option<Message>,
}
