//! Conversations: create, change, archive, delete.

use laserchat_protocol::conversation::{Conversation, ConversationKind, ConversationUpdate};
use laserchat_protocol::limits::{
    EXPIRE_SECONDS_MAX, EXPIRE_SECONDS_MIN, GROUP_MEMBERS, MEMBERS_AT_CREATION, SLOW_MODE_SECONDS,
};
use laserchat_protocol::message::SystemEvent;
use laserchat_protocol::user::DirectFrom;
use laserchat_protocol::{Code, MemberState, Role, UserId};

use crate::change::{Change, MemberChange};
use crate::message::{member, system};
use crate::permission::{Action, require};
use crate::refusal::Refusal;
use crate::room::{MemberRow, Room};
use crate::{Decision, Turn};

/// What is known of the two people before one opens a direct conversation with the other.
#[derive(Debug, Clone, Copy)]
pub struct Acquaintance {
    pub blocked: bool,
    pub contacts: bool,
    pub direct_from: DirectFrom,
}

/// Whether the actor may open a direct conversation with somebody.
pub fn may_open_direct(known: Acquaintance) -> Result<(), Refusal> {
    if known.blocked {
        return Err(Code::Blocked.into());
    }
    if known.direct_from == DirectFrom::Contacts && !known.contacts {
        return Err(Refusal::new(Code::Forbidden).detail("this person accepts messages from contacts only"));
    }
    Ok(())
}

/// Whether somebody may know of a conversation: its members, and for a public channel anybody who is not banned.
pub fn visible(conversation: &Conversation, state: Option<MemberState>) -> bool {
    match state {
        Some(MemberState::Joined) => true,
        Some(MemberState::Banned) => false,
        Some(MemberState::Left) | None => conversation.public,
    }
}

/// The first changes of a conversation: `room` is unborn and holds the conversation as it shall be. `others` are the
/// members besides the creator; for a direct conversation exactly the other person, or nobody for notes.
pub fn create(room: &Room, creator: UserId, others: &[UserId], key: Option<String>, turn: &Turn) -> Decision {
    let wanted = &room.conversation;
    let mut members = vec![creator];
    for &user in others {
        if !members.contains(&user) {
            members.push(user);
        }
    }
    let refuse = |detail: &'static str| Err(Refusal::new(Code::InvalidField).field("members").detail(detail));
    let pair = match wanted.kind {
        ConversationKind::Direct if members.len() > 2 => return refuse("a direct conversation has one other member"),
        ConversationKind::Direct => {
            let other = *members.last().unwrap_or(&creator);
            Some((creator.min(other), creator.max(other)))
        }
        ConversationKind::Group if members.len() > GROUP_MEMBERS => return refuse("a group has at most 100 members"),
        ConversationKind::Channel if others.len() > MEMBERS_AT_CREATION => {
            return refuse("at most 100 members can be named at creation");
        }
        ConversationKind::Group | ConversationKind::Channel => None,
    };
    if wanted.public && wanted.kind != ConversationKind::Channel {
        return Err(Refusal::new(Code::InvalidField).field("public").detail("only channels can be public"));
    }
    if (wanted.kind == ConversationKind::Direct) != wanted.name.is_none() {
        let detail = if wanted.name.is_some() { "a direct conversation has no name" } else { "a name is needed" };
        return Err(Refusal::new(Code::InvalidField).field("name").detail(detail));
    }
    let conversation = Conversation { changed: 1, member_count: members.len() as u64, ..wanted.clone() };
    let mut changes = vec![Change::ConversationCreated { conversation, pair, key }];
    for &user in &members {
        let founder = user == creator && pair.is_none();
        let role = if founder { Role::Owner } else { Role::Member };
        let member = MemberRow { user, role, state: MemberState::Joined, joined_at: turn.now, muted_until: None };
        changes.push(Change::Member { member, how: MemberChange::Added });
    }
    if pair.is_none() {
        changes.push(system(room, creator, changes.len() as u64 + 1, SystemEvent::Created, turn));
    }
    Ok(changes)
}

/// Changes what is given and differs; each kind of change needs its own right. Names and topics come in clean.
pub fn update(room: &Room, actor: UserId, update: &ConversationUpdate, turn: &Turn) -> Decision {
    let role = member(room, actor)?.role;
    let kind = room.conversation.kind;
    let mut next = room.conversation.clone();
    if let Some(name) = &update.name {
        next.name = Some(name.clone());
    }
    if let Some(topic) = &update.topic {
        next.topic = topic.clone();
    }
    if let Some(avatar) = update.avatar {
        next.avatar = avatar;
    }
    if (&next.name, &next.topic, &next.avatar)
        != (&room.conversation.name, &room.conversation.topic, &room.conversation.avatar)
    {
        require(role, Action::Rename, kind)?;
    }
    next.public = update.public.unwrap_or(next.public);
    next.read_only = update.read_only.unwrap_or(next.read_only);
    next.slow_mode_seconds = update.slow_mode_seconds.unwrap_or(next.slow_mode_seconds);
    let settings = |c: &Conversation| (c.public, c.read_only, c.slow_mode_seconds);
    if settings(&next) != settings(&room.conversation) {
        require(role, Action::ChangeSettings, kind)?;
        if next.public && kind != ConversationKind::Channel {
            return Err(Refusal::new(Code::InvalidField).field("public").detail("only channels can be public"));
        }
        if next.slow_mode_seconds > SLOW_MODE_SECONDS {
            return Err(Refusal::new(Code::InvalidField).field("slow_mode_seconds").detail("at most 21,600 seconds"));
        }
    }
    if let Some(expire_seconds) = update.expire_seconds
        && expire_seconds != next.expire_seconds
    {
        require(role, Action::SetExpiry, kind)?;
        if expire_seconds.is_some_and(|seconds| !(EXPIRE_SECONDS_MIN..=EXPIRE_SECONDS_MAX).contains(&seconds)) {
            return Err(Refusal::new(Code::InvalidField)
                .field("expire_seconds")
                .detail("between an hour and a year, or null"));
        }
        next.expire_seconds = expire_seconds;
    }
    if let Some(archived) = update.archived
        && archived != next.archived_at.is_some()
    {
        require(role, Action::Archive, kind)?;
        next.archived_at = archived.then_some(turn.now);
    }
    if next == room.conversation {
        return Ok(Vec::new());
    }
    let told = told(&room.conversation, &next);
    next.changed = room.head + 1;
    Ok(vec![Change::ConversationUpdated(next), system(room, actor, room.head + 2, told, turn)])
}

/// The one line that tells of a change, the most telling first.
fn told(before: &Conversation, after: &Conversation) -> SystemEvent {
    match after {
        _ if after.name != before.name => SystemEvent::Renamed { name: after.name.clone().unwrap_or_default() },
        _ if after.topic != before.topic => SystemEvent::TopicChanged { topic: after.topic.clone() },
        _ if after.archived_at.is_some() && before.archived_at.is_none() => SystemEvent::Archived,
        _ if after.archived_at.is_none() && before.archived_at.is_some() => SystemEvent::Unarchived,
        _ if after.expire_seconds != before.expire_seconds => {
            SystemEvent::ExpiryChanged { seconds: after.expire_seconds }
        }
        _ => SystemEvent::SettingsChanged,
    }
}

pub fn delete(room: &Room, actor: UserId, turn: &Turn) -> Decision {
    require(member(room, actor)?.role, Action::Delete, room.conversation.kind)?;
    Ok(vec![Change::ConversationDeleted(turn.now)])
}
