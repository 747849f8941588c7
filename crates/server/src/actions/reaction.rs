//! Reactions: adding and removing one's own.

use laserchat_core::reaction;
use laserchat_protocol::{Message, MessageId, Problem};

use super::message::change;
use crate::app::App;
use crate::auth::Identity;

pub async fn react(app: &App, who: &Identity, id: MessageId, emoji: String, added: bool) -> Result<Message, Problem> {
    if added {
        super::emoji::check_reaction(app, &emoji).await?;
    }
    let user = who.user;
    change(app, user, id, move |room, message, turn| reaction::react(room, user, message, &emoji, added, turn)).await
}
