//! Link previews: what the author may do about them.

use laserchat_core::preview;
use laserchat_protocol::{Message, MessageId, Problem};

use super::message::change;
use crate::app::App;
use crate::auth::Identity;

/// Takes the previews of one's own message away, for good.
pub async fn remove(app: &App, who: &Identity, id: MessageId) -> Result<Message, Problem> {
    let user = who.user;
    change(app, user, id, move |room, message, _| preview::remove(room, user, message)).await
}
