//! Members: join, add, leave, remove, ban, mute, promote, hand over.

use laserchat_protocol::limits::GROUP_MEMBERS;
use laserchat_protocol::member::MemberUpdate;
use laserchat_protocol::message::SystemEvent;
use laserchat_protocol::{Code, ConversationKind, MemberState, Role, UserId};

use crate::change::{Change, MemberChange};
use crate::message::{member, system};
use crate::permission::{Action, over, require};
use crate::refusal::Refusal;
use crate::room::{MemberRow, Room};
use crate::{Decision, Turn};

/// Joining by oneself: a public channel, or anything with an invitation. Joining twice changes nothing.
pub fn join(room: &Room, actor: UserId, invited: bool, turn: &Turn) -> Decision {
    if room.joined(actor).is_some() {
        return Ok(Vec::new());
    }
    if !invited && !room.conversation.public {
        return Err(Code::NotFound.into());
    }
    enter(room, actor, actor, SystemEvent::Joined, turn)
}

/// Adding somebody else. `blocked`: one of the two has blocked the other.
pub fn add(room: &Room, actor: UserId, user: UserId, blocked: bool, turn: &Turn) -> Decision {
    let role = member(room, actor)?.role;
    require(role, Action::Add, room.conversation.kind)?;
    if room.joined(user).is_some() {
        return Err(Code::AlreadyMember.into());
    }
    if blocked {
        return Err(Code::Blocked.into());
    }
    enter(room, actor, user, SystemEvent::Added { user_id: user }, turn)
}

/// Letting in the bot that a webhook speaks as. `by` has been allowed to make the webhook.
pub fn enlist(room: &Room, by: UserId, bot: UserId, turn: &Turn) -> Decision {
    if room.member(bot).is_some() {
        return Ok(Vec::new());
    }
    enter(room, by, bot, SystemEvent::Added { user_id: bot }, turn)
}

fn enter(room: &Room, actor: UserId, user: UserId, told: SystemEvent, turn: &Turn) -> Decision {
    let conversation = &room.conversation;
    if conversation.kind == ConversationKind::Direct {
        return Err(Code::WrongKind.into());
    }
    if conversation.archived_at.is_some() {
        return Err(Code::Archived.into());
    }
    if room.member(user).is_some_and(|member| member.state == MemberState::Banned) {
        return Err(Code::Banned.into());
    }
    if conversation.kind == ConversationKind::Group && conversation.member_count >= GROUP_MEMBERS as u64 {
        return Err(Refusal::new(Code::LimitReached).detail("a group has at most 100 members"));
    }
    // A mute outlives leaving, or leaving and coming back would lift it.
    let muted_until = room.member(user).and_then(|member| member.muted_until);
    let member = MemberRow { user, role: Role::Member, state: MemberState::Joined, joined_at: turn.now, muted_until };
    Ok(told_after(room, actor, vec![Change::Member { member, how: MemberChange::Added }], told, turn))
}

pub fn leave(room: &Room, actor: UserId, turn: &Turn) -> Decision {
    let leaving = member(room, actor)?;
    require(leaving.role, Action::Leave, room.conversation.kind)?;
    if leaving.role == Role::Owner && room.conversation.member_count > 1 {
        return Err(Code::OwnerMustHandOver.into());
    }
    let gone = MemberRow { state: MemberState::Left, role: Role::Member, ..leaving.clone() };
    let changes = vec![Change::Member { member: gone, how: MemberChange::Removed }];
    Ok(told_after(room, actor, changes, SystemEvent::Left, turn))
}

/// Leaving because the account goes, whatever the conversation is. `heir` gets what only an owner can be; without one
/// nobody is left, and the conversation goes too.
pub fn depart(room: &Room, user: UserId, heir: Option<UserId>, turn: &Turn) -> Decision {
    let Some(leaving) = room.joined(user) else { return Ok(Vec::new()) };
    let heir = heir.and_then(|heir| room.joined(heir)).filter(|heir| heir.user != user);
    let Some(heir) = heir else { return Ok(vec![Change::ConversationDeleted(turn.now)]) };
    let mut changes = Vec::new();
    if leaving.role == Role::Owner {
        let owner = MemberRow { role: Role::Owner, ..heir.clone() };
        changes.push(Change::Member { member: owner, how: MemberChange::Updated });
    }
    let gone = MemberRow { state: MemberState::Left, role: Role::Member, ..leaving.clone() };
    changes.push(Change::Member { member: gone, how: MemberChange::Removed });
    Ok(told_after(room, user, changes, SystemEvent::Left, turn))
}

/// Removing somebody of a lower role; they may be added or join again.
pub fn remove(room: &Room, actor: UserId, user: UserId, turn: &Turn) -> Decision {
    if actor == user {
        return leave(room, actor, turn);
    }
    let acting = member(room, actor)?;
    require(acting.role, Action::Remove, room.conversation.kind)?;
    let target = room.joined(user).ok_or(Refusal::new(Code::NotFound))?;
    over(acting, target)?;
    let gone = MemberRow { state: MemberState::Left, role: Role::Member, ..target.clone() };
    let changes = vec![Change::Member { member: gone, how: MemberChange::Removed }];
    Ok(told_after(room, actor, changes, SystemEvent::Removed { user_id: user }, turn))
}

/// Changes role, mute and ban, one of them at a time.
pub fn update(room: &Room, actor: UserId, user: UserId, update: &MemberUpdate, turn: &Turn) -> Decision {
    match update {
        MemberUpdate { role: Some(role), mute_seconds: None, banned: None } => {
            change_role(room, actor, user, *role, turn)
        }
        MemberUpdate { role: None, mute_seconds: Some(seconds), banned: None } => {
            mute(room, actor, user, *seconds, turn)
        }
        MemberUpdate { role: None, mute_seconds: None, banned: Some(true) } => ban(room, actor, user, turn),
        MemberUpdate { role: None, mute_seconds: None, banned: Some(false) } => unban(room, actor, user, turn),
        _ => Err(Refusal::new(Code::InvalidField).detail("give exactly one of role, mute_seconds and banned")),
    }
}

fn change_role(room: &Room, actor: UserId, user: UserId, role: Role, turn: &Turn) -> Decision {
    let acting = member(room, actor)?;
    let action = if role == Role::Owner { Action::HandOver } else { Action::ChangeRole };
    require(acting.role, action, room.conversation.kind)?;
    let target = room.joined(user).ok_or(Refusal::new(Code::NotFound))?;
    if target.role == role {
        return Ok(Vec::new());
    }
    over(acting, target)?;
    // Nobody gives what they do not have power over, except the owner, who gives it away.
    if role >= acting.role && role != Role::Owner {
        return Err(Code::Forbidden.into());
    }
    let updated = |member: MemberRow| Change::Member { member, how: MemberChange::Updated };
    let mut changes = vec![updated(MemberRow { role, ..target.clone() })];
    if role == Role::Owner {
        changes.push(updated(MemberRow { role: Role::Admin, ..acting.clone() }));
    }
    Ok(told_after(room, actor, changes, SystemEvent::RoleChanged { user_id: user, role }, turn))
}

fn mute(room: &Room, actor: UserId, user: UserId, seconds: u64, turn: &Turn) -> Decision {
    let acting = member(room, actor)?;
    require(acting.role, Action::Mute, room.conversation.kind)?;
    let target = room.joined(user).ok_or(Refusal::new(Code::NotFound))?;
    over(acting, target)?;
    let until = (seconds > 0).then(|| turn.now.plus_seconds(seconds));
    let muted = target.muted_until.is_some_and(|until| until > turn.now);
    if until.is_none() && !muted {
        return Ok(Vec::new());
    }
    let told = match until {
        Some(until) => SystemEvent::Muted { user_id: user, until },
        None => SystemEvent::Unmuted { user_id: user },
    };
    let member = MemberRow { muted_until: until, ..target.clone() };
    Ok(told_after(room, actor, vec![Change::Member { member, how: MemberChange::Updated }], told, turn))
}

/// Bans a member, or somebody who is not there yet.
fn ban(room: &Room, actor: UserId, user: UserId, turn: &Turn) -> Decision {
    let acting = member(room, actor)?;
    require(acting.role, Action::Ban, room.conversation.kind)?;
    let stranger =
        MemberRow { user, role: Role::Member, state: MemberState::Left, joined_at: turn.now, muted_until: None };
    let target = room.member(user).unwrap_or(&stranger);
    if target.state == MemberState::Banned {
        return Ok(Vec::new());
    }
    over(acting, target)?;
    let banned = MemberRow { state: MemberState::Banned, role: Role::Member, ..target.clone() };
    let changes = vec![Change::Member { member: banned, how: MemberChange::Removed }];
    Ok(told_after(room, actor, changes, SystemEvent::Banned { user_id: user }, turn))
}

/// Lifts a ban. The person is not a member again; they may now join or be added.
fn unban(room: &Room, actor: UserId, user: UserId, turn: &Turn) -> Decision {
    require(member(room, actor)?.role, Action::Ban, room.conversation.kind)?;
    match room.member(user) {
        Some(target) if target.state == MemberState::Banned => {
            let freed = MemberRow { state: MemberState::Left, ..target.clone() };
            let changes = vec![Change::Member { member: freed, how: MemberChange::Removed }];
            Ok(told_after(room, actor, changes, SystemEvent::Unbanned { user_id: user }, turn))
        }
        Some(_) => Ok(Vec::new()),
        None => Err(Code::NotFound.into()),
    }
}

fn told_after(room: &Room, actor: UserId, mut changes: Vec<Change>, told: SystemEvent, turn: &Turn) -> Vec<Change> {
    changes.push(system(room, actor, room.head + changes.len() as u64 + 1, told, turn));
    changes
}
