//! Pins: pinning and unpinning a message.

use laserchat_core::pin;
use laserchat_protocol::{Message, MessageId, Problem};

use super::message::change;
use crate::app::App;
use crate::auth::Identity;

pub async fn pin(app: &App, who: &Identity, id: MessageId, pinned: bool) -> Result<Message, Problem> {
    let user = who.user;
    change(app, user, id, move |room, message, turn| pin::pin(room, user, message, pinned, turn)).await
}
