//! Slash commands that bots have registered.

use async_trait::async_trait;
use laserchat_protocol::limits::COMMANDS_PER_BOT;
use laserchat_protocol::slash::SlashCommand;
use laserchat_protocol::{ConversationId, UserId};

use super::codes::{int, size};
use super::users::{SUMMARY, summary};
use super::writing::Writing;
use crate::Result;
use crate::contract::{NewSlashCommand, SlashCommands, SlashTarget};
use crate::sql::{Database, OptionalRow, Row, params};

fn sql(condition: &str) -> String {
    format!(
        "SELECT s.name, s.description, s.usage, s.url, {SUMMARY} FROM slash_commands s JOIN users u ON u.id = s.bot_id
         WHERE {condition}"
    )
}

fn command(row: &Row<'_>) -> Result<SlashCommand> {
    Ok(SlashCommand {
        name: row.get(0)?,
        description: row.get(1)?,
        usage: row.get(2)?,
        url: row.get(3)?,
        bot: summary(row, 4)?,
        secret: None,
    })
}

fn set(w: &Writing<'_>, new: &NewSlashCommand) -> Result<Option<(SlashCommand, bool)>> {
    let known = w
        .prepare("SELECT secret IS NOT NULL FROM slash_commands WHERE bot_id = ?1 AND name = ?2")?
        .query_row(params![int(new.bot.0), new.name], |row| row.get::<bool>(0))
        .optional()?;
    if known.is_none() {
        let count: i64 = w
            .prepare("SELECT count(*) FROM slash_commands WHERE bot_id = ?1")?
            .query_row([int(new.bot.0)], |row| row.get(0))?;
        if count >= size(COMMANDS_PER_BOT) {
            return Ok(None);
        }
    }
    w.prepare(
        "INSERT INTO slash_commands (bot_id, name, description, usage, url, secret) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bot_id, name) DO UPDATE SET description = ?3, usage = ?4, url = ?5,
           secret = CASE WHEN ?5 IS NULL THEN NULL ELSE coalesce(slash_commands.secret, ?6) END",
    )?
    .execute(params![
        int(new.bot.0),
        new.name,
        new.description,
        new.usage,
        new.url,
        new.url.as_ref().and(new.secret.as_ref())
    ])?;
    let made =
        w.prepare(&sql("s.bot_id = ?1 AND s.name = ?2"))?.query_row(params![int(new.bot.0), new.name], command)?;
    Ok(Some((made, new.url.is_some() && known != Some(true))))
}

#[async_trait]
impl<D: Database> SlashCommands for D {
    async fn set_slash_command(&self, new: NewSlashCommand) -> Result<Option<(SlashCommand, bool)>> {
        self.write(move |w| set(w, &new)).await
    }

    async fn remove_slash_command(&self, bot: UserId, name: &str) -> Result<bool> {
        let name = name.to_owned();
        self.write(move |w| {
            let mut statement = w.prepare("DELETE FROM slash_commands WHERE bot_id = ?1 AND name = ?2")?;
            Ok(statement.execute(params![int(bot.0), name])? > 0)
        })
        .await
    }

    async fn slash_commands_of(&self, bot: UserId) -> Result<Vec<SlashCommand>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(&sql("s.bot_id = ?1 ORDER BY s.name"))?;
            let found = statement.query_map([int(bot.0)], command)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn slash_commands_in(&self, conversation: ConversationId) -> Result<Vec<SlashCommand>> {
        self.read(move |conn| {
            // There are far fewer commands than a large channel has members.
            let mut statement =
                conn.prepare_cached(&sql("u.disabled = 0 AND EXISTS (SELECT 1 FROM members m
                   WHERE m.conversation_id = ?1 AND m.user_id = s.bot_id AND m.state = 0) ORDER BY s.name, s.bot_id"))?;
            let found = statement.query_map([int(conversation.0)], command)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn slash_target(&self, bot: UserId, name: &str) -> Result<Option<SlashTarget>> {
        let name = name.to_owned();
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT url, secret FROM slash_commands WHERE bot_id = ?1 AND name = ?2 AND url IS NOT NULL
                   AND secret IS NOT NULL",
            )?;
            let found = statement
                .query_row(params![int(bot.0), name], |row| Ok(SlashTarget { url: row.get(0)?, secret: row.get(1)? }));
            found.optional()
        })
        .await
    }
}
