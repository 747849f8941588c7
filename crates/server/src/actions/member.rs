//! Members: joining, adding, leaving, removing, roles, mutes and bans, and one's own settings.

use laserchat_core::permission::{Action, require};
use laserchat_core::{member, message};
use laserchat_protocol::member::{MemberUpdate, MembershipUpdate};
use laserchat_protocol::{Code, ConversationId, ConversationView, Event, Member, Membership, Page, Problem, UserId};

use super::conversation::{joined, room_for_one_more, show};
use super::failed;
use crate::app::App;
use crate::auth::Identity;
use crate::engine::Outcome;

/// Joins by oneself; `invited` opens what is not public.
pub async fn join(app: &App, who: &Identity, id: ConversationId, invited: bool) -> Result<ConversationView, Problem> {
    let user = who.user;
    room_for_one_more(app, user).await?;
    app.engine.run(id, &[user], move |room, turn| member::join(room, user, invited, turn)).await?;
    show(app, user, id).await
}

/// Adds somebody else.
pub async fn add(app: &App, who: &Identity, id: ConversationId, user: UserId) -> Result<Member, Problem> {
    let actor = who.user;
    // Before anything is told of the other person: a stranger learns that there is no conversation.
    joined(app, actor, id).await?;
    let known = app.store.acquaintance(actor, user).await.map_err(failed)?;
    let blocked = known.ok_or_else(|| Problem::new(Code::NotFound).field("user_id"))?.blocked;
    room_for_one_more(app, user).await?;
    let outcome =
        app.engine.run(id, &[actor, user], move |room, turn| member::add(room, actor, user, blocked, turn)).await?;
    added(outcome, user).ok_or_else(|| Code::Internal.into())
}

/// The member that an outcome tells of.
fn added(outcome: Outcome, user: UserId) -> Option<Member> {
    let Outcome::Done(events) = outcome else { return None };
    events.into_iter().find_map(|event| match event {
        Event::MemberAdded(changed) if changed.member.user.id == user => Some(changed.member),
        _ => None,
    })
}

/// Changes role, mute or ban of somebody.
pub async fn update(
    app: &App,
    who: &Identity,
    id: ConversationId,
    user: UserId,
    update: MemberUpdate,
) -> Result<(), Problem> {
    let actor = who.user;
    if update.banned == Some(true) {
        // Only a ban can be for somebody who was never there, so only here might the user not exist.
        joined(app, actor, id).await?;
        app.store.user(user).await.map_err(failed)?.ok_or(Code::NotFound)?;
    }
    app.engine.run(id, &[actor, user], move |room, turn| member::update(room, actor, user, &update, turn)).await?;
    Ok(())
}

/// Removes somebody, or leaves.
pub async fn remove(app: &App, who: &Identity, id: ConversationId, user: UserId) -> Result<(), Problem> {
    let actor = who.user;
    app.engine.run(id, &[actor, user], move |room, turn| member::remove(room, actor, user, turn)).await?;
    Ok(())
}

pub async fn list(
    app: &App,
    who: &Identity,
    id: ConversationId,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Member>, Problem> {
    joined(app, who.user, id).await?;
    app.store.members(id, false, cursor, limit).await.map_err(failed)
}

/// Who is banned, for those who may ban.
pub async fn bans(
    app: &App,
    who: &Identity,
    id: ConversationId,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Member>, Problem> {
    let room = joined(app, who.user, id).await?;
    require(message::member(&room, who.user)?.role, Action::Ban, room.conversation.kind)?;
    app.store.members(id, true, cursor, limit).await.map_err(failed)
}

/// Changes one's own settings for a conversation.
pub async fn update_own(
    app: &App,
    who: &Identity,
    id: ConversationId,
    update: MembershipUpdate,
) -> Result<Membership, Problem> {
    let event = app.store.update_membership(who.user, id, update).await.map_err(failed)?.ok_or(Code::NotFound)?;
    app.hub.send_to_user(who.user, &event);
    match event {
        Event::MembershipUpdated(changed) => Ok(changed.membership),
        _ => Err(Code::Internal.into()),
    }
}
