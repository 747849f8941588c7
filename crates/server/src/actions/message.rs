//! Messages: what a handler or a command does to send, edit, delete or forward one.

use std::sync::Arc;

use laserchat_core::mention::{self, Mentions};
pub use laserchat_core::message::Parent;
use laserchat_core::message::{self as rules, Draft};
use laserchat_core::{Decision, Room, Turn};
use laserchat_protocol::event::CommandId;
use laserchat_protocol::message::{Forwarded, MessageForward, MessageSend};
use laserchat_protocol::{Code, ConversationId, Event, Message, MessageId, Poll, Problem, UserId};

use crate::app::{App, failed};
use crate::auth::Identity;
use crate::engine::{Outcome, TRIES, message_ack};
use crate::hub::Link;

/// Sends and waits for the commit. `false`: it was a retry, and the message is the first result.
pub async fn send(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    send: MessageSend,
) -> Result<(Message, bool), Problem> {
    send_as(app, who.user, conversation, send).await
}

/// The same for whoever has no connection just now: who has scheduled the message.
pub async fn send_as(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    send: MessageSend,
) -> Result<(Message, bool), Problem> {
    match draft(app, user, conversation, send).await? {
        Prepared::New(draft) => post(app, user, conversation, *draft).await,
        Prepared::Sent(first) => Ok((*first, false)),
    }
}

/// The same for a poll, whose body says it in words.
pub(super) async fn send_poll(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    send: MessageSend,
    poll: Poll,
) -> Result<(Message, bool), Problem> {
    match draft(app, user, conversation, send).await? {
        Prepared::New(draft) => post(app, user, conversation, Draft { poll: Some(poll), ..*draft }).await,
        Prepared::Sent(first) => Ok((*first, false)),
    }
}

pub(super) async fn post(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    draft: Draft,
) -> Result<(Message, bool), Problem> {
    let decide = move |room: &_, turn: &_| rules::send(room, user, &draft, turn);
    match app.engine.run(conversation, &[user], decide).await? {
        Outcome::Done(events) => match events.into_iter().next() {
            Some(Event::MessageSent(sent)) => {
                app.typing.stop_typing(conversation, user);
                Ok((sent.message, true))
            }
            _ => Err(Code::Internal.into()),
        },
        Outcome::Duplicate(message) => Ok((*message, false)),
        Outcome::Exists(_) | Outcome::Stale => Err(Code::Internal.into()),
    }
}

/// Sends for a connection. A plain message goes to the engine at once and its answer comes by itself; `Some` is the
/// message back when something has to be looked up first, and [`send_slowly`] does that.
pub fn send_at_once(
    app: &App,
    link: &Arc<Link>,
    id: CommandId,
    conversation: ConversationId,
    send: MessageSend,
) -> Option<(CommandId, MessageSend)> {
    if send.parent_id.is_some() || !send.files.is_empty() || send.body.contains('@') {
        return Some((id, send));
    }
    let draft = Draft { client_id: send.client_id, body: send.body, ..Draft::default() };
    run_for(app, link, id, conversation, draft);
    None
}

/// The same for a message with a parent, files or mentions.
pub async fn send_slowly(
    app: &App,
    link: &Arc<Link>,
    id: CommandId,
    conversation: ConversationId,
    send: MessageSend,
) -> Result<(), (CommandId, Problem)> {
    match draft(app, link.user, conversation, send).await {
        Ok(Prepared::New(draft)) => run_for(app, link, id, conversation, *draft),
        Ok(Prepared::Sent(first)) => link.answer(Event::Ack(message_ack(id, &first, first.seq))),
        Err(problem) => return Err((id, problem)),
    }
    Ok(())
}

fn run_for(app: &App, link: &Arc<Link>, id: CommandId, conversation: ConversationId, draft: Draft) {
    let user = link.user;
    app.typing.stop_typing(conversation, user);
    app.engine.run_for(link, id, conversation, move |room, turn| rules::send(room, user, &draft, turn));
}

/// What came of looking up what a message names.
enum Prepared {
    New(Box<Draft>),
    /// It is a retry whose files are not there any more: the first result.
    Sent(Box<Message>),
}

/// Looks up what a message names: its parent, its files and who it mentions.
async fn draft(app: &App, user: UserId, conversation: ConversationId, send: MessageSend) -> Result<Prepared, Problem> {
    let files = match super::file::attach(app, user, &send.files).await {
        Ok(files) => files,
        Err(problem) => {
            let first = app.store.sent(user, conversation, &send.client_id).await.map_err(failed)?;
            return first.map(|first| Prepared::Sent(Box::new(first))).ok_or(problem);
        }
    };
    let parent = match send.parent_id {
        // Whether the sender may see it is decided with the send: it must be in the same conversation. But a stranger must
        // not even learn whether there is such a message.
        Some(id) => {
            super::member_of(app, user, conversation).await?;
            let parent = app.store.message(user, id).await.map_err(failed)?;
            Some(parent.ok_or(Problem::new(Code::NotFound).field("parent_id"))?)
        }
        None => None,
    };
    let (mentions, found) = mentioned(app, conversation, &send.body).await?;
    Ok(Prepared::New(Box::new(Draft {
        client_id: send.client_id,
        body: send.body,
        parent: parent.as_ref().map(Parent::from),
        mentions,
        mentions_all: found.all,
        forwarded_from: None,
        files,
        poll: None,
        shown_as: None,
    })))
}

pub(super) async fn mentioned(
    app: &App,
    conversation: ConversationId,
    body: &str,
) -> Result<(Vec<UserId>, Mentions), Problem> {
    // A body that is far too long is refused by the rules; it need not be parsed first.
    if body.len() > 4 * laserchat_protocol::limits::MESSAGE_CHARS {
        return Ok((Vec::new(), Mentions::default()));
    }
    let found = mention::parse(body);
    let users = match found.names.is_empty() {
        true => Vec::new(),
        false => app.store.members_named(conversation, &found.names).await.map_err(failed)?,
    };
    Ok((users, found))
}

/// A message that the user may see: one of a conversation that they are in. To anybody else it does not exist.
pub async fn visible(app: &App, user: UserId, id: MessageId) -> Result<Message, Problem> {
    let message = app.store.message(user, id).await.map_err(failed)?.ok_or(Problem::new(Code::NotFound))?;
    super::member_of(app, user, message.conversation_id).await?;
    Ok(message)
}

/// Changes a message that the user may see, and returns it as it is then. Changes of one message take turns; when another
/// node changed it between loading and deciding, it is loaded and decided again.
pub(super) async fn change<F>(app: &App, user: UserId, id: MessageId, decide: F) -> Result<Message, Problem>
where
    F: Fn(&Room, &Message, &Turn) -> Decision + Clone + Send + 'static,
{
    let place = app.changing.place(id);
    let _turn = place.turn().await;
    for _ in 0..TRIES {
        let message = visible(app, user, id).await?;
        let conversation = message.conversation_id;
        let decide = decide.clone();
        let outcome = app.engine.run(conversation, &[user], move |room, turn| decide(room, &message, turn)).await?;
        if !matches!(outcome, Outcome::Stale) {
            return visible(app, user, id).await;
        }
    }
    Err(Code::Conflict.into())
}

pub async fn edit(app: &App, who: &Identity, id: MessageId, body: String) -> Result<Message, Problem> {
    let user = who.user;
    let conversation = visible(app, user, id).await?.conversation_id;
    let (mentions, found) = mentioned(app, conversation, &body).await?;
    change(app, user, id, move |room, message, turn| {
        rules::edit(room, user, message, &body, &mentions, found.all, turn)
    })
    .await
}

pub async fn delete(app: &App, who: &Identity, id: MessageId) -> Result<Message, Problem> {
    let user = who.user;
    let before = visible(app, user, id).await?;
    let parent = match before.parent_id {
        Some(parent) => app.store.message(user, parent).await.map_err(failed)?.as_ref().map(Parent::from),
        None => None,
    };
    let left =
        change(app, user, id, move |room, message, turn| rules::delete(room, user, message, parent, turn)).await?;
    if !before.attachments.is_empty() {
        // Its files may be nobody's now.
        app.uploads.look();
    }
    Ok(left)
}

/// Posts a copy of a message elsewhere. Mentions are not carried over: those people were meant in another place.
pub async fn forward(
    app: &App,
    who: &Identity,
    id: MessageId,
    forward: MessageForward,
) -> Result<(Message, bool), Problem> {
    let original = visible(app, who.user, id).await?;
    if original.deleted_at.is_some() {
        return Err(Code::MessageDeleted.into());
    }
    if original.kind != laserchat_protocol::MessageKind::Text {
        return Err(Code::Forbidden.into());
    }
    // A forwarded message keeps naming its first author.
    let forwarded_from = original.forwarded_from.or(Some(Forwarded {
        message_id: original.id,
        conversation_id: original.conversation_id,
        sender_id: original.sender_id,
        created_at: original.created_at,
    }));
    let draft = Draft {
        client_id: forward.client_id,
        body: original.body,
        forwarded_from,
        files: original.attachments,
        ..Draft::default()
    };
    post(app, who.user, forward.conversation_id, draft).await
}
