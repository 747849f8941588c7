//! Search: one box for messages, files, people and channels.

use serde::{Deserialize, Serialize};

use crate::{Conversation, ConversationId, File, Message, MessageId, Seq, Timestamp, UserId, UserSummary};

/// What is searched for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchType {
    #[default]
    Message,
    File,
    Person,
    Channel,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SearchHit {
    Message {
        message: Box<Message>,
        /// A part of the text around the first hit, without its marks of formatting.
        snippet: Vec<Fragment>,
    },
    /// A file in a message: one for each file.
    File {
        file: Box<File>,
        message_id: MessageId,
        conversation_id: ConversationId,
        /// Where the message was posted.
        seq: Seq,
        sender_id: UserId,
        created_at: Timestamp,
    },
    Person {
        user: UserSummary,
    },
    Channel {
        conversation: Box<Conversation>,
    },
}

/// A piece of a snippet. The pieces follow each other without anything between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Fragment {
    pub text: String,
    /// It is one of the words that were searched for.
    pub hit: bool,
}
