//! Actions: what can be done, one file per noun, the same whether it was asked over HTTP or over a WebSocket.
//!
//! An action looks up what a rule needs, lets `laserchat-core` decide inside the engine, and returns what came of it.

pub mod account;
pub mod admin;
pub mod belonging;
pub mod bot;
pub mod change;
pub mod contact;
pub mod conversation;
pub mod cursor;
pub mod deletion;
pub mod device;
pub mod draft;
pub mod email;
pub mod emoji;
pub mod export;
pub mod file;
pub mod hook;
pub mod invitation;
pub mod member;
pub mod message;
pub mod notification;
pub mod pin;
pub mod poll;
pub mod preview;
pub mod reaction;
pub mod reminder;
pub mod saved;
pub mod scheduled;
pub mod search;
pub mod session;
pub mod slash;
pub mod token;
pub mod webhook;

use laserchat_core::Refusal;
use laserchat_core::name::NameError;
use laserchat_protocol::{Code, ConversationId, Problem, UserId};

use crate::app::App;
pub use crate::app::failed;

/// Too many passwords are waiting to be checked.
fn busy(_: crate::auth::password::Busy) -> Problem {
    Problem::new(Code::Unavailable).detail("too many people are signing in").retry_after(2)
}

/// A secret, a key or a token could not be made.
fn unmade(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "no secret could be made");
    Code::Internal.into()
}

fn refuse(code: Code, field: &'static str, detail: &'static str) -> Problem {
    Refusal::new(code).field(field).detail(detail).into()
}

/// Names the field whose text is refused.
fn named(field: &'static str) -> impl FnOnce(NameError) -> Problem {
    move |error| Problem::new(Code::InvalidField).field(field).detail(error.to_string())
}

/// Refuses unless the user is a member now. To anybody else a conversation does not exist.
pub async fn member_of(app: &App, user: UserId, conversation: ConversationId) -> Result<(), Problem> {
    // Somebody who listens to it is a member: no need to ask the store.
    if app.hub.listens(user, conversation) {
        return Ok(());
    }
    let room = app.store.room(conversation, &[user]).await.map_err(failed)?;
    match room.is_some_and(|room| room.joined(user).is_some()) {
        true => Ok(()),
        false => Err(Code::NotFound.into()),
    }
}
