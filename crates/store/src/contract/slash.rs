//! Slash commands that bots have registered.

use async_trait::async_trait;
use laserchat_protocol::slash::SlashCommand;
use laserchat_protocol::{ConversationId, UserId};

use super::Result;

#[derive(Debug, Clone)]
pub struct NewSlashCommand {
    pub bot: UserId,
    pub name: String,
    pub description: String,
    pub usage: String,
    pub url: Option<String>,
    pub secret: Option<Vec<u8>>,
}

/// Where a command's posts go and what signs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlashTarget {
    pub url: String,
    pub secret: Vec<u8>,
}

#[async_trait]
pub trait SlashCommands {
    /// Makes a command or replaces it; an existing secret stays while there is a URL. The second value: it has a new
    /// secret. `None`: the bot has as many as it may.
    async fn set_slash_command(&self, new: NewSlashCommand) -> Result<Option<(SlashCommand, bool)>>;

    async fn remove_slash_command(&self, bot: UserId, name: &str) -> Result<bool>;

    /// A bot's own commands, with their URLs.
    async fn slash_commands_of(&self, bot: UserId) -> Result<Vec<SlashCommand>>;

    /// The commands of the bots that are members of a conversation, by name. Disabled bots have none.
    async fn slash_commands_in(&self, conversation: ConversationId) -> Result<Vec<SlashCommand>>;

    async fn slash_target(&self, bot: UserId, name: &str) -> Result<Option<SlashTarget>>;
}
