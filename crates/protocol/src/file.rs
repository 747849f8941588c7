//! Files: what people attach to messages, and the pictures of users, conversations and emoji.
//!
//! A file is uploaded by tus 1.0 at `/uploads`; the upload's id is the file's id. Once it is ready it never changes, so a
//! message carries the whole of it, and whoever shows the message knows how large a picture will be before it loads.

use serde::{Deserialize, Serialize};

use crate::user::is_false;
use crate::{FileId, MessageId, Seq, Timestamp, UserId};

/// What a file is to who looks at it. It is found from the bytes, never from the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Image,
    Video,
    Audio,
    /// Anything else: it can be downloaded.
    #[default]
    File,
}

/// What a file is uploaded for. It can be used for that alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilePurpose {
    #[default]
    Message,
    /// The picture of a user or a conversation.
    Avatar,
    Emoji,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It has arrived and is being looked at.
    #[default]
    Processing,
    /// It can be used, and will never change.
    Ready,
    /// It cannot be used: it is not what its purpose needs, or not safe.
    Refused,
}

/// A form of a file that is made for screens, at `/files/{id}/{variant}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileVariant {
    /// A small picture, for lists.
    Thumbnail,
    /// A picture as large as a screen.
    Preview,
    /// A picture out of a video, to show before it plays.
    Poster,
}

/// A file. Its content is at `/files/{id}/content`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct File {
    pub id: FileId,
    pub name: String,
    /// The media type of the bytes, such as `image/png`.
    pub mime: String,
    /// Bytes of the content.
    pub size: u64,
    pub kind: FileKind,
    /// A voice message.
    #[serde(skip_serializing_if = "is_false", default)]
    pub voice: bool,
    /// A picture that moves.
    #[serde(skip_serializing_if = "is_false", default)]
    pub animated: bool,
    /// Pixels, as it is shown: turned as its camera says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// What to show until a picture has loaded: a ThumbHash in base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub blur: Option<String>,
    /// How loud a sound is from beginning to end: 64 bytes in base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waveform: Option<String>,
    pub variants: Vec<FileVariant>,
    pub state: FileState,
    pub created_at: Timestamp,
}

/// A file in a conversation: `GET /conversations/{id}/files`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SharedFile {
    pub file: File,
    pub message_id: MessageId,
    pub seq: Seq,
    pub sender_id: UserId,
    pub created_at: Timestamp,
}

/// `GET /me/usage`: bytes of what one has uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Usage {
    pub used: u64,
    /// Bytes that one may use; null is as much as the server has.
    #[cfg_attr(feature = "schema", schema(required))]
    pub quota: Option<u64>,
}
