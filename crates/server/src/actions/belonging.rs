//! Belongings: what drafts, scheduled messages, reminders and saved messages have in common. Each is written in one way, and
//! told to all devices of its owner.

use laserchat_protocol::{Code, ConversationId, Message, MessageId, Problem, UserId, Version};
use laserchat_store::{Belonging, BelongingRefusal, Keep, Result as Stored};

use super::{failed, member_of, message};
use crate::app::App;
use crate::due::moment::{self, Wish};

/// Writes one and tells the owner's devices.
pub async fn keep(
    app: &App,
    user: UserId,
    belonging: Belonging,
    based_on: Option<Version>,
    limit: usize,
) -> Stored<Result<Belonging, BelongingRefusal>> {
    let kept = app.store.keep(Keep { user, belonging, based_on, limit }).await?;
    Ok(kept.map(|(belonging, event)| {
        if let Some(event) = &event {
            app.hub.send_to_user(user, event);
            if belonging.due().is_some() {
                app.due.notify_one();
            }
        }
        belonging
    }))
}

/// The same for what is written whatever there was before.
pub async fn set(app: &App, user: UserId, belonging: Belonging, limit: usize) -> Result<Belonging, Problem> {
    keep(app, user, belonging, None, limit).await.map_err(failed)?.map_err(|refusal| match refusal {
        BelongingRefusal::LimitReached => Problem::new(Code::LimitReached).detail(format!("at most {limit}")),
        BelongingRefusal::Stale(_) => Code::Conflict.into(),
    })
}

/// Refuses unless the user is in the conversation, and the parent, if there is one, is a message there that can have replies.
pub async fn place(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    parent: Option<MessageId>,
) -> Result<(), Problem> {
    member_of(app, user, conversation).await?;
    let Some(parent) = parent else { return Ok(()) };
    let found: Option<Message> = app.store.message(user, parent).await.map_err(failed)?;
    match found.filter(|message| message.conversation_id == conversation) {
        None => Err(Problem::new(Code::NotFound).field("parent_id")),
        Some(message) if message::Parent::from(&message).holds_threads() => Ok(()),
        Some(_) => Err(Problem::new(Code::InvalidField)
            .field("parent_id")
            .detail("a thread hangs under a text message that is not a reply")),
    }
}

/// When something is wished for, by the time zone of the account where none is named.
pub async fn moment(app: &App, user: UserId, wish: &Wish) -> Result<laserchat_protocol::Timestamp, Problem> {
    let zone = zone(app, user).await.map_err(failed)?;
    Ok(moment::resolve(wish, zone.as_deref(), app.ids.now())?)
}

/// The time zone of an account.
pub async fn zone(app: &App, user: UserId) -> Stored<Option<String>> {
    Ok(app.store.user(user).await?.and_then(|user| user.time_zone))
}
