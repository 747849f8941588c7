//! Actions: what can be done, one file per noun, the same whether it was asked over HTTP or over a WebSocket.
//!
//! An action looks up what a rule needs, lets `laserchat-core` decide inside the engine, and returns what came of it.

pub mod cursor;
pub mod message;
pub mod pin;
pub mod reaction;

use laserchat_protocol::{Code, ConversationId, Problem, UserId};

use crate::app::App;
pub use crate::app::failed;

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
