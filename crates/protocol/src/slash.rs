//! Slash commands: words after a `/` that a bot answers. (What goes over the WebSocket is in `command.rs`.)

use serde::{Deserialize, Serialize};

use crate::{ConversationId, InvocationId, Message, Timestamp, UserSummary};

/// A command that can be given where its bot is a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SlashCommand {
    /// Without the slash.
    pub name: String,
    pub description: String,
    /// What may follow the name, as `[city]`.
    pub usage: String,
    pub bot: UserSummary,
    /// Where the server posts what was said; only the bot and its owner see it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// What the posts are signed with, beginning with `whsec_`. Shown once, when the URL is set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secret: Option<String>,
}

/// `PUT /commands/{name}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SlashCommandUpdate {
    pub description: String,
    pub usage: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `POST /conversations/{id}/commands`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommandGive {
    /// Names what a bot posts in answer: giving the command again does not post twice.
    pub client_id: String,
    /// The whole line, as `/weather Berlin`.
    pub text: String,
}

/// A command as its bot gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invocation {
    pub id: InvocationId,
    pub conversation_id: ConversationId,
    pub user: UserSummary,
    /// The command's name.
    pub command: String,
    /// What followed it.
    pub arguments: String,
    pub created_at: Timestamp,
}

/// Who sees a bot's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// Only who gave the command, and it is not kept.
    #[default]
    Ephemeral,
    /// A message of the bot, for all.
    InChannel,
}

/// A bot's answer: what its URL answers, or `POST /commands/invocations/{id}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CommandResponse {
    pub response_type: ResponseType,
    pub text: String,
}

/// What comes of a command: the answer for the asker only, or the message that the bot posted, or neither yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommandAnswered {
    pub invocation_id: InvocationId,
    pub conversation_id: ConversationId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Box<Message>>,
}
