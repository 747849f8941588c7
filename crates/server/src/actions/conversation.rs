//! Conversations: create, show, change, delete.

use laserchat_core::conversation::{self, visible};
use laserchat_core::{Room, message, name};
use laserchat_protocol::conversation::{ConversationCreate, ConversationUpdate};
use laserchat_protocol::limits::{CONVERSATIONS_PER_USER, MEMBERS_AT_CREATION};
use laserchat_protocol::{
    Code, Conversation, ConversationId, ConversationKind, ConversationView, MemberState, Problem, UserId,
};

use super::{failed, named, refuse};
use crate::app::App;
use crate::auth::Identity;
use crate::engine::Outcome;

/// A conversation as the asker sees it, if they may know of it.
pub async fn show(app: &App, user: UserId, id: ConversationId) -> Result<ConversationView, Problem> {
    let mut view = app.store.conversation(user, id).await.map_err(failed)?.ok_or(Code::NotFound)?;
    let state = match &view.membership {
        Some(membership) => Some(membership.state),
        // Only those who are in it have a membership; whether the others are banned is in the member row.
        None => {
            let room = app.store.room(id, &[user]).await.map_err(failed)?.ok_or(Code::NotFound)?;
            room.member(user).map(|member| member.state)
        }
    };
    if !visible(&view.conversation, state) {
        return Err(Code::NotFound.into());
    }
    if state != Some(MemberState::Joined) {
        // What is said in a public channel is for those who have joined it.
        view.membership = None;
        view.last_message = None;
    }
    Ok(view)
}

/// What a decision about a conversation needs, for a member of it. To others it does not exist.
pub async fn joined(app: &App, user: UserId, id: ConversationId) -> Result<Room, Problem> {
    let room = app.store.room(id, &[user]).await.map_err(failed)?.ok_or(Code::NotFound)?;
    message::member(&room, user)?;
    Ok(room)
}

/// Makes a conversation, or finds the direct one that the two have already. The second value: it is new.
pub async fn create(
    app: &App,
    who: &Identity,
    wanted: ConversationCreate,
    key: Option<String>,
) -> Result<(ConversationView, bool), Problem> {
    let mut others = wanted.members;
    others.sort_unstable();
    others.dedup();
    others.retain(|user| *user != who.user);
    if others.len() > MEMBERS_AT_CREATION {
        return Err(refuse(Code::InvalidField, "members", "at most 100 members can be named at creation"));
    }
    let name = wanted.name.as_deref().map(name::conversation_name).transpose().map_err(named("name"))?;
    let topic = wanted.topic.as_deref().map(name::topic).transpose().map_err(named("topic"))?;
    let direct = wanted.kind == ConversationKind::Direct;
    if direct
        && others.len() < 2
        && let Some(existing) = app.store.direct(who.user, other(who.user, &others)).await.map_err(failed)?
    {
        return Ok((show(app, who.user, existing).await?, false));
    }
    check_others(app, who.user, &others, direct).await?;
    room_for_one_more(app, who.user).await?;

    let now = app.ids.now();
    let conversation = Conversation {
        id: ConversationId(app.ids.next()),
        kind: wanted.kind,
        name,
        topic: topic.filter(|topic| !topic.is_empty()),
        avatar: None,
        public: wanted.public,
        read_only: false,
        slow_mode_seconds: 0,
        expire_seconds: None,
        created_by: who.user,
        created_at: now,
        archived_at: None,
        changed: 1,
        member_count: others.len() as u64 + 1,
    };
    let id = conversation.id;
    match app.engine.create(conversation, who.user, others, key).await? {
        Outcome::Exists(existing) => Ok((show(app, who.user, existing).await?, false)),
        Outcome::Done(_) | Outcome::Duplicate(_) | Outcome::Stale => Ok((show(app, who.user, id).await?, true)),
    }
}

/// The other person of a direct conversation: oneself, for notes.
fn other(user: UserId, others: &[UserId]) -> UserId {
    others.first().copied().unwrap_or(user)
}

/// Whether the people who shall be in a new conversation exist and may be put there.
async fn check_others(app: &App, user: UserId, others: &[UserId], direct: bool) -> Result<(), Problem> {
    let unknown =
        |id: UserId| Problem::new(Code::InvalidField).field("members").detail(format!("there is no user {id}"));
    if direct && let [other] = others {
        let known = app.store.acquaintance(user, *other).await.map_err(failed)?;
        conversation::may_open_direct(known.ok_or_else(|| unknown(*other))?)?;
        return Ok(());
    }
    let found = app.store.users(others).await.map_err(failed)?;
    if let Some(missing) = others.iter().find(|id| !found.iter().any(|user| user.id == **id && !user.disabled)) {
        return Err(unknown(*missing));
    }
    if !app.store.blocked_among(user, others).await.map_err(failed)?.is_empty() {
        return Err(Problem::new(Code::Blocked).field("members"));
    }
    Ok(())
}

/// Whether somebody can be in one more conversation.
pub(super) async fn room_for_one_more(app: &App, user: UserId) -> Result<(), Problem> {
    if app.store.heads(user).await.map_err(failed)?.len() < CONVERSATIONS_PER_USER {
        return Ok(());
    }
    Err(Problem::new(Code::LimitReached).detail(format!("at most {CONVERSATIONS_PER_USER} conversations")))
}

pub async fn update(
    app: &App,
    who: &Identity,
    id: ConversationId,
    mut update: ConversationUpdate,
) -> Result<ConversationView, Problem> {
    if let Some(given) = &update.name {
        update.name = Some(name::conversation_name(given).map_err(named("name"))?);
    }
    if let Some(Some(given)) = &update.topic {
        let topic = name::topic(given).map_err(named("topic"))?;
        update.topic = Some(Some(topic).filter(|topic| !topic.is_empty()));
    }
    if let Some(Some(avatar)) = update.avatar {
        super::file::check_picture(app, who.user, avatar).await?;
    }
    let (user, pictured, expiry) = (who.user, update.avatar.is_some(), update.expire_seconds.is_some());
    app.engine.run(id, &[user], move |room, turn| conversation::update(room, user, &update, turn)).await?;
    if expiry {
        app.wakers.expiry.notify_one();
    }
    if pictured {
        // The picture before may be nobody's now.
        app.uploads.look();
    }
    show(app, user, id).await
}

pub async fn delete(app: &App, who: &Identity, id: ConversationId) -> Result<(), Problem> {
    let user = who.user;
    app.engine.run(id, &[user], move |room, turn| conversation::delete(room, user, turn)).await?;
    Ok(())
}
