//! Commands: what a frame from a client does.
//!
//! A plain send, by far the most frequent, is handed to the engine without waiting. Everything else runs as a future that
//! the connection finishes before it reads on, so that one client's commands take effect in the order they came.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use laserchat_protocol::command::{Command, SendCommand};
use laserchat_protocol::event::{Ack, CommandId, ErrorFrame};
use laserchat_protocol::limits::{CLIENT_ID_BYTES, JSON_DEPTH, WATCHED_USERS};
use laserchat_protocol::message::MessageSend;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, Event, Message, Problem};
use serde::Deserialize;

use crate::actions::{cursor, member_of, message, reaction};
use crate::app::{Shared, failed};
use crate::auth::Identity;
use crate::engine::message_ack;
use crate::hub::{Frame, Link};
use crate::limits::Kind;

pub type Busy = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(default)]
    id: Option<CommandId>,
}

/// Carries out one frame. What takes longer comes back as a future to finish before the next frame.
pub fn carry_out(app: &Shared, who: &Identity, link: &Arc<Link>, text: &str) -> Option<Busy> {
    match begin(app, who, link, text) {
        Ok(busy) => busy,
        Err(error) => {
            refuse(app, link, *error);
            None
        }
    }
}

fn refuse(app: &Shared, link: &Link, error: ErrorFrame) {
    app.metrics.error(error.code);
    link.push(&Frame::event(&Event::Error(error)));
}

/// A frame as it was read: a command with the client's id for it.
#[derive(Debug)]
pub enum Read {
    /// Apart from the others, because it is the most frequent and needs no second look at the whole frame.
    Send(CommandId, SendCommand),
    Ping(Option<CommandId>),
    Other(CommandId, Command),
}

/// A refusal, with the id to answer to where one could be read. Boxed, because it is large and rare.
fn refused(id: Option<CommandId>, problem: Problem) -> Box<ErrorFrame> {
    Box::new(ErrorFrame::new(id, problem))
}

/// Reads a frame, or says why it is none.
pub fn read(text: &str) -> Result<Read, Box<ErrorFrame>> {
    if deeper_than(text, JSON_DEPTH) {
        return Err(refused(None, Code::TooDeep.into()));
    }
    let head: Head = serde_json::from_str(text).map_err(|error| refused(None, malformed(&error)))?;
    let id = head.id.filter(short);
    let kind = head.kind.unwrap_or(Cow::Borrowed(""));
    let wrong = |error| refused(id.clone(), malformed(&error));
    if !Command::NAMES.contains(&&*kind) {
        let name: String = kind.chars().take(64).collect();
        let problem = Problem::new(Code::UnknownCommand).detail(format!("there is no command {name:?}"));
        return Err(refused(id, problem));
    }
    if kind == "message.send" {
        let command = serde_json::from_str(text).map_err(wrong)?;
        return Ok(Read::Send(id.ok_or_else(no_id)?, command));
    }
    match serde_json::from_str(text).map_err(wrong)? {
        Command::Ping {} => Ok(Read::Ping(id)),
        command => Ok(Read::Other(id.ok_or_else(no_id)?, command)),
    }
}

fn begin(app: &Shared, who: &Identity, link: &Arc<Link>, text: &str) -> Result<Option<Busy>, Box<ErrorFrame>> {
    // What is no command counts like one, or it would be the cheapest way to keep the server busy.
    let read = read(text).map_err(|error| match app.rates.check(Kind::Write, who.user) {
        Ok(_) => error,
        Err(problem) => refused(error.id, problem),
    })?;
    let (id, rate, scope) = match &read {
        Read::Send(id, _) => (Some(id), Kind::Send, Some(Scope::Write)),
        Read::Ping(id) => (id.as_ref(), Kind::Write, None),
        Read::Other(id, Command::PresenceWatch { .. }) => (Some(id), Kind::Write, None),
        Read::Other(id, _) => (Some(id), Kind::Write, Some(Scope::Write)),
    };
    scope.map_or(Ok(()), |scope| who.require(scope)).map_err(|problem| refused(id.cloned(), problem))?;
    app.rates.check(rate, who.user).map_err(|problem| refused(id.cloned(), problem))?;
    match read {
        Read::Send(id, command) => Ok(send(app, link, id, command)),
        Read::Ping(id) => {
            link.push(&Frame::event(&Event::Pong { id }));
            Ok(None)
        }
        Read::Other(id, command) => {
            let (app, who, link) = (Arc::clone(app), *who, Arc::clone(link));
            Ok(Some(Box::pin(async move {
                match perform(&app, &who, &link, command, id.clone()).await {
                    Ok(ack) => link.push(&Frame::event(&Event::Ack(ack))),
                    Err(problem) => refuse(&app, &link, ErrorFrame::new(Some(id), problem)),
                }
            })))
        }
    }
}

fn send(app: &Shared, link: &Arc<Link>, id: CommandId, command: SendCommand) -> Option<Busy> {
    let conversation = command.conversation_id;
    let SendCommand { client_id, body, parent_id, files, .. } = command;
    let send = MessageSend { client_id, body, parent_id, files };
    let (id, send) = message::send_at_once(app, link, id, conversation, send)?;
    let (app, link) = (Arc::clone(app), Arc::clone(link));
    Some(Box::pin(async move {
        if let Err((id, problem)) = message::send_slowly(&app, &link, id, conversation, send).await {
            refuse(&app, &link, ErrorFrame::new(Some(id), problem));
        }
    }))
}

async fn perform(
    app: &Shared,
    who: &Identity,
    link: &Arc<Link>,
    command: Command,
    id: CommandId,
) -> Result<Ack, Problem> {
    let changed = |id, message: Message| message_ack(id, &message, message.changed);
    match command {
        Command::MessageEdit { message_id, body } => Ok(changed(id, message::edit(app, who, message_id, body).await?)),
        Command::MessageDelete { message_id } => Ok(changed(id, message::delete(app, who, message_id).await?)),
        Command::ReactionAdd { message_id, emoji } => {
            Ok(changed(id, reaction::react(app, who, message_id, emoji, true).await?))
        }
        Command::ReactionRemove { message_id, emoji } => {
            Ok(changed(id, reaction::react(app, who, message_id, emoji, false).await?))
        }
        Command::CursorDelivered { conversation_id, seq } => {
            cursor::delivered(app, who, conversation_id, seq).await?;
            Ok(Ack::done(id))
        }
        Command::CursorRead { conversation_id, seq } => {
            cursor::read(app, who, conversation_id, Some(seq)).await?;
            Ok(Ack::done(id))
        }
        Command::TypingStart { conversation_id } => {
            member_of(app, who.user, conversation_id).await?;
            app.typing.start_typing(conversation_id, who.user);
            Ok(Ack::done(id))
        }
        Command::TypingStop { conversation_id } => {
            member_of(app, who.user, conversation_id).await?;
            app.typing.stop_typing(conversation_id, who.user);
            Ok(Ack::done(id))
        }
        Command::PresenceSet { activity } => {
            link.set_activity(activity);
            app.presence.refresh(who.user);
            Ok(Ack::done(id))
        }
        Command::PresenceWatch { user_ids } => {
            if user_ids.len() > WATCHED_USERS {
                return Err(Problem::new(Code::LimitReached)
                    .field("user_ids")
                    .detail("at most 1,000 users can be watched"));
            }
            let presence = app.presence.watch(link, user_ids).await.map_err(failed)?;
            Ok(Ack { presence, ..Ack::done(id) })
        }
        Command::Hello(_) => Err(Problem::new(Code::UnknownCommand).detail("hello comes once, first")),
        // These are answered before.
        Command::MessageSend(_) | Command::Ping {} => Ok(Ack::done(id)),
    }
}

fn short(id: &CommandId) -> bool {
    !matches!(id, CommandId::Text(text) if text.len() > CLIENT_ID_BYTES)
}

fn no_id() -> Box<ErrorFrame> {
    let detail = "a command carries an id: a number, or up to 64 bytes of text";
    refused(None, Problem::new(Code::InvalidField).field("id").detail(detail))
}

/// A parse error by its place alone: the offending text may be a secret.
pub fn malformed(error: &serde_json::Error) -> Problem {
    let what = if error.is_data() { "a value is missing or of the wrong type" } else { "not valid JSON" };
    Problem::new(Code::MalformedJson).detail(format!("{what} at line {} column {}", error.line(), error.column()))
}

/// Whether JSON nests more deeply than a bound. It reads bytes only, so it is safe before any parser.
pub fn deeper_than(text: &str, bound: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > bound {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(!deeper_than(r#"{"a":"[[[[[[\"[[[","b":[1]}"#, 2));
        assert!(deeper_than("[[[", 2));
        assert!(deeper_than(&"[".repeat(1_000_000), JSON_DEPTH));
    }
}
