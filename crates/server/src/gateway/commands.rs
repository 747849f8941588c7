//! Commands: what a frame from a client does.
//!
//! A plain send, by far the most frequent, is handed to the engine without waiting. Everything else runs as a future that
//! the connection finishes before it reads on, so that one client's commands take effect in the order they came.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use laserchat_codec::command::{Read, read, refused};
use laserchat_protocol::command::{Command, SendCommand};
use laserchat_protocol::event::{Ack, CommandId, ErrorFrame};
use laserchat_protocol::limits::WATCHED_USERS;
use laserchat_protocol::message::MessageSend;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, Event, Message, Problem};

use crate::actions::{cursor, member_of, message, reaction};
use crate::app::{Shared, failed};
use crate::auth::Identity;
use crate::engine::message_ack;
use crate::hub::{Frame, Link};
use crate::limits::Kind;

pub type Busy = Pin<Box<dyn Future<Output = ()> + Send>>;

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
