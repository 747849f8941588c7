//! Slash commands: bots register them, people give them, and what bots answer finds whoever asked.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use laserchat_core::slash;
use laserchat_core::text::check_client_id;
use laserchat_protocol::message::MessageSend;
use laserchat_protocol::slash::{
    CommandAnswered, CommandFailure, CommandGive, CommandResponse, Invocation, ResponseType, SlashCommand,
    SlashCommandUpdate,
};
use laserchat_protocol::{Code, ConversationId, Event, InvocationId, Problem, UserId};
use laserchat_store::{NewSlashCommand, SlashTarget};
use reqwest::Method;
use serde_json::json;

use super::message::send_as;
use super::{failed, member_of, refuse, unmade};
use crate::app::{App, Shared};
use crate::auth::Identity;
use crate::bus;
use crate::invocations::{self, Given, Progress};
use crate::limits::Kind;
use crate::outbound::Failure;
use crate::work::signature;

/// How long a bot may take to answer over HTTP, unless the operator allows commands less.
const HTTP_PATIENCE: Duration = Duration::from_secs(10);
/// Of a bot's answer so much is read: the longest message, as JSON spells it at its worst, is not longer.
const ANSWER_BYTES: usize = 512 * 1024;

/// Only bots have commands.
async fn bot(app: &App, who: &Identity) -> Result<(), Problem> {
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
    match user.bot {
        true => Ok(()),
        false => Err(Problem::new(Code::Forbidden).detail("only bots have commands")),
    }
}

pub async fn set(app: &App, who: &Identity, name: String, wanted: SlashCommandUpdate) -> Result<SlashCommand, Problem> {
    bot(app, who).await?;
    slash::check_name(&name)?;
    slash::check_help(&wanted.description, &wanted.usage)?;
    let url = wanted.url.map(|url| super::webhook::checked(app, &url)).transpose()?;
    let secret = signature::secret().map_err(unmade)?;
    let new = NewSlashCommand {
        bot: who.user,
        name,
        description: wanted.description.trim().to_owned(),
        usage: wanted.usage.trim().to_owned(),
        secret: url.as_ref().map(|_| secret.clone()),
        url,
    };
    let (made, fresh) = app.store.set_slash_command(new).await.map_err(failed)?.ok_or(Code::LimitReached)?;
    Ok(SlashCommand { secret: fresh.then(|| signature::shown(&secret)), ..made })
}

pub async fn remove(app: &App, who: &Identity, name: &str) -> Result<(), Problem> {
    match app.store.remove_slash_command(who.user, name).await.map_err(failed)? {
        true => Ok(()),
        false => Err(Code::NotFound.into()),
    }
}

/// A bot's own commands.
pub async fn own(app: &App, who: &Identity) -> Result<Vec<SlashCommand>, Problem> {
    app.store.slash_commands_of(who.user).await.map_err(failed)
}

/// What can be given in a conversation. Where a bot is asked is its own business.
pub async fn list(app: &App, who: &Identity, id: ConversationId) -> Result<Vec<SlashCommand>, Problem> {
    member_of(app, who.user, id).await?;
    let commands = app.store.slash_commands_in(id).await.map_err(failed)?;
    Ok(commands.into_iter().map(|command| SlashCommand { url: None, ..command }).collect())
}

/// Gives a command. `false`: the bot is still at it.
pub async fn give(
    app: &Shared,
    who: &Identity,
    conversation: ConversationId,
    give: CommandGive,
) -> Result<(CommandAnswered, bool), Problem> {
    check_client_id(&give.client_id)?;
    let line = slash::read(&give.text)?;
    let user = who.user;
    app.engine.run(conversation, &[user], move |room, turn| slash::give(room, user, turn)).await?;
    let commands = app.store.slash_commands_in(conversation).await.map_err(failed)?;
    let meant = |command: &&SlashCommand| {
        command.name == line.name && line.bot.as_ref().is_none_or(|bot| command.bot.username.to_lowercase() == *bot)
    };
    let found = commands.iter().find(meant).ok_or_else(|| refuse(Code::NoSuchCommand, "text", "no bot here has it"))?;
    let target = app.store.slash_target(found.bot.id, &found.name).await.map_err(failed)?;
    let asker = app.store.user(user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
    let invocation = Invocation {
        id: invocations::id(user, conversation, &give.client_id),
        conversation_id: conversation,
        user: asker.summary(),
        command: found.name.clone(),
        arguments: line.arguments,
        created_at: app.ids.now(),
    };
    let given = Given { invocation, bot: found.bot.clone() };
    // Nobody would ever hear of it. Nothing is remembered, so that trying again is worth it.
    if target.is_none() && app.hub.activities(given.bot.id).is_empty() {
        return Ok((given.failed(CommandFailure::Offline), true));
    }
    let patience = Duration::from_secs(app.config.commands.answer_seconds.into());
    let first = if target.is_some() { Progress::Asking } else { Progress::Told };
    let (mut heard, fresh) = app.invocations.begin(&given, first, patience)?;
    if fresh {
        tokio::spawn(tell(Arc::clone(app), given.clone(), target, patience));
    }
    // Whether it is answered at once or later: the one who waits here tells it, or else the event does.
    let progress = heard.wait_for(|progress| *progress != Progress::Asking).await;
    match progress.as_deref() {
        Ok(Progress::Done(answered)) => Ok((answered.clone(), true)),
        _ => Ok((given.pending(), false)),
    }
}

/// Tells a bot of a command, and whoever gave it if no answer comes.
async fn tell(app: Shared, given: Given, target: Option<SlashTarget>, patience: Duration) {
    let deadline = tokio::time::Instant::now() + patience;
    match target {
        Some(target) => {
            let asked = tokio::time::timeout_at(deadline, ask(&app, &given, &target)).await;
            match asked.unwrap_or(Err(CommandFailure::NoAnswer)) {
                Ok(Some(response)) => {
                    if let Err(problem) = answer_with(&app, &given, response).await {
                        tracing::debug!(bot = %given.bot.id, code = %problem.code, "a bot's answer could not be used");
                        finish(&app, given.failed(CommandFailure::BadAnswer));
                    }
                    return;
                }
                Ok(None) => app.invocations.told(given.invocation.id),
                Err(failure) => return finish(&app, given.failed(failure)),
            }
        }
        None => {
            let event = Event::CommandInvoked { invocation: given.invocation.clone() };
            app.hub.send_to_user(given.bot.id, &event);
        }
    }
    tokio::time::sleep_until(deadline).await;
    finish(&app, given.failed(CommandFailure::NoAnswer));
}

/// Posts a command to its URL. `None`: the bot answers later.
async fn ask(app: &App, given: &Given, target: &SlashTarget) -> Result<Option<CommandResponse>, CommandFailure> {
    // It is never closed, so waiting for it cannot fail.
    let _permit = app.invocations.asking.acquire().await.map_err(|_| CommandFailure::Offline)?;
    let now = app.ids.now();
    let body = json!({ "type": "command.invoked", "timestamp": now, "data": given.invocation }).to_string();
    let unreached = |failure| match failure {
        Failure::TimedOut => CommandFailure::NoAnswer,
        _ => CommandFailure::Offline,
    };
    let mut request = app.outbound.request(Method::POST, &target.url).map_err(unreached)?;
    let id = format!("cmd_{}", given.invocation.id);
    for (name, value) in signature::headers(&id, now, &body, std::slice::from_ref(&target.secret)) {
        request = request.header(name, value);
    }
    let request = request.header(CONTENT_TYPE, "application/json").timeout(HTTP_PATIENCE).body(body);
    let answer = app.outbound.send(request, ANSWER_BYTES).await.map_err(unreached)?;
    if !answer.status.is_success() || answer.cut {
        return Err(CommandFailure::BadAnswer);
    }
    if answer.body.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(&answer.body).map(Some).map_err(|_| CommandFailure::BadAnswer)
}

/// A bot answers a command that it was told of. Answering again changes nothing.
pub async fn answer(
    app: &App,
    who: &Identity,
    id: InvocationId,
    response: CommandResponse,
) -> Result<CommandAnswered, Problem> {
    match answer_here(app, who.user, id, response.clone()).await {
        Some(answered) => answered,
        // Another node may have been given the command.
        None => match bus::hand_over(app, who.user, id, response).await {
            Some(answered) => answered,
            None => Err(Code::NotFound.into()),
        },
    }
}

/// The same for a command that was given on this node. `None`: it was not.
pub async fn answer_here(
    app: &App,
    bot: UserId,
    id: InvocationId,
    response: CommandResponse,
) -> Option<Result<CommandAnswered, Problem>> {
    let (given, progress) = app.invocations.of(bot, id)?;
    Some(match progress {
        Progress::Done(answered) if answered.failure.is_none() => Ok(answered),
        // Whoever asked has been told that there is no answer.
        Progress::Done(_) => Err(Code::NotFound.into()),
        Progress::Asking | Progress::Told => answer_with(app, &given, response).await,
    })
}

async fn answer_with(app: &App, given: &Given, response: CommandResponse) -> Result<CommandAnswered, Problem> {
    laserchat_core::text::check_body(&response.text, false).map_err(|refusal| refusal.field("text"))?;
    let bot = given.bot.id;
    let answered = match response.response_type {
        ResponseType::Ephemeral => given.responded(response.text),
        ResponseType::InChannel => {
            app.rates.check(Kind::Send, bot)?;
            let id = given.invocation.conversation_id;
            let client_id = format!("command-{}", given.invocation.id);
            let send = MessageSend { client_id, body: response.text, parent_id: None, files: Vec::new() };
            let (message, _) = send_as(app, bot, id, send).await?;
            let asker = given.invocation.user.id;
            let seen = app.store.message(asker, message.id).await.map_err(failed)?;
            given.posted(seen.unwrap_or(message))
        }
    };
    finish(app, answered.clone());
    Ok(answered)
}

/// Notes what has come of a command, and tells whoever gave it, on all devices.
fn finish(app: &App, answered: CommandAnswered) {
    if let Some((asker, answered)) = app.invocations.done(answered) {
        app.hub.send_to_user(asker, &Event::CommandAnswered(answered));
    }
}
