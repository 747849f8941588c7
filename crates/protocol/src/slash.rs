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

/// `POST /conversations/{id}/commands`: gives a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommandGive {
    /// Names it: given again under the same name, the command is the same one, and so is its answer.
    pub client_id: String,
    /// The whole line, as `/weather Berlin`; or `/weather@bot Berlin` where two bots have a command of one name.
    pub text: String,
}

/// A command as its bot gets it: with the event `command.invoked`, or posted to the command's URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invocation {
    /// The same when it is given again under the same `client_id`.
    pub id: InvocationId,
    pub conversation_id: ConversationId,
    /// Who has given it.
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

/// A bot's answer: what its URL answers, or `POST /commands/answers/{id}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CommandResponse {
    pub response_type: ResponseType,
    /// CommonMark, like a message.
    pub text: String,
}

/// Why a command has no answer, and none will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandFailure {
    /// The bot is not connected, or cannot be reached at its URL.
    Offline,
    /// It did not answer in time.
    NoAnswer,
    /// It answered something that cannot be used, or what it may not say here.
    BadAnswer,
}

/// What comes of a command: the answer for the asker only, the message that the bot posted, or why there is neither. In the
/// answer to giving it, none of the three: the bot is still at it, and `command.answered` comes when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CommandAnswered {
    pub invocation_id: InvocationId,
    pub conversation_id: ConversationId,
    /// The command's name.
    pub command: String,
    /// Who answers it.
    pub bot: UserSummary,
    /// For whoever gave the command, and nobody else.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub response: Option<String>,
    /// What the bot posted for all. It comes as `message.sent` too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<Box<Message>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<CommandFailure>,
}
