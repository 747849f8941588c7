//! Contacts and blocks: telling both sides what became of them.

use laserchat_core::contact::ContactAction;
use laserchat_protocol::{Code, Problem, Timestamp, UserId};

use super::failed;
use crate::app::App;
use crate::auth::Identity;
use crate::bus::Notice;

pub async fn change(app: &App, who: &Identity, other: UserId, action: ContactAction) -> Result<(), Problem> {
    if other == who.user {
        return Err(Problem::new(Code::WrongKind).detail("nobody is a contact of their own"));
    }
    let events = app.store.change_contact(who.user, other, action, Timestamp::now()).await.map_err(failed)??;
    for (user, event) in &events {
        app.hub.send_to_user(*user, event);
    }
    if action == ContactAction::Block {
        app.presence.sever(who.user, other);
    }
    if matches!(action, ContactAction::Block | ContactAction::Unblock)
        && let Some(direct) = app.store.direct(who.user, other).await.map_err(failed)?
    {
        // Whether one may write there has just changed.
        app.bus.notice(Notice::Forget { conversation: direct });
        app.engine.forget(direct).await;
    }
    Ok(())
}
