//! Messages: send, edit, delete, forward.

use laserchat_protocol::message::{Broadcast, Forwarded, SystemEvent};
use laserchat_protocol::{Code, ConversationId, File, Message, MessageId, MessageKind, Poll, Seq, UserId};

use crate::change::{Change, MessageAt};
use crate::permission::{Action, may, require};
use crate::refusal::Refusal;
use crate::room::{MemberRow, Room};
use crate::text::{check_body, check_client_id};
use crate::{Decision, Turn};

/// A message on its way in, with what had to be looked up already looked up.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub client_id: String,
    pub body: String,
    pub parent: Option<Parent>,
    pub mentions: Vec<UserId>,
    pub mentions_all: Option<Broadcast>,
    pub forwarded_from: Option<Forwarded>,
    /// Webhooks may give each message a name of its own.
    pub shown_as: Option<String>,
    /// Files that the sender may attach: see [`crate::file::attach`].
    pub files: Vec<File>,
    /// It is a poll; the body says it in words.
    pub poll: Option<Poll>,
}

/// The message that a draft replies to. Its address never changes, so it needs no version.
#[derive(Debug, Clone, Copy)]
pub struct Parent {
    pub conversation_id: ConversationId,
    pub id: MessageId,
    pub seq: Seq,
    /// It is a reply itself: threads have one level.
    pub is_reply: bool,
    pub is_text: bool,
}

impl Parent {
    /// A thread can hang under it.
    pub fn holds_threads(&self) -> bool {
        self.is_text && !self.is_reply
    }
}

impl From<&Message> for Parent {
    fn from(message: &Message) -> Self {
        Parent {
            conversation_id: message.conversation_id,
            id: message.id,
            seq: message.seq,
            is_reply: message.parent_id.is_some(),
            is_text: message.kind == MessageKind::Text,
        }
    }
}

/// The member that somebody must be to do anything at all; to others a private conversation does not exist.
pub fn member(room: &Room, actor: UserId) -> Result<&MemberRow, Refusal> {
    room.joined(actor).ok_or_else(|| Code::NotFound.into())
}

/// A member who writes: not blocked, not muted, not in an archive.
pub(crate) fn writer<'a>(room: &'a Room, actor: UserId, turn: &Turn) -> Result<&'a MemberRow, Refusal> {
    let member = member(room, actor)?;
    if room.blocked {
        return Err(Code::Blocked.into());
    }
    if room.conversation.archived_at.is_some() {
        return Err(Code::Archived.into());
    }
    if let Some(until) = member.muted_until.filter(|until| *until > turn.now) {
        return Err(Refusal::new(Code::Muted).retry_after(seconds_between(turn.now.0, until.0)));
    }
    Ok(member)
}

/// A member who may send messages, if not too fast.
pub(crate) fn sender<'a>(room: &'a Room, actor: UserId, turn: &Turn) -> Result<&'a MemberRow, Refusal> {
    let member = writer(room, actor, turn)?;
    let kind = room.conversation.kind;
    require(member.role, Action::Send, kind)?;
    if room.conversation.read_only && !may(member.role, Action::SendWhenReadOnly, kind) {
        return Err(Code::ReadOnly.into());
    }
    Ok(member)
}

pub fn send(room: &Room, actor: UserId, draft: &Draft, turn: &Turn) -> Decision {
    check_client_id(&draft.client_id)?;
    check_body(&draft.body, !draft.files.is_empty())?;
    let member = sender(room, actor, turn)?;
    let kind = room.conversation.kind;
    let pause = i64::from(room.conversation.slow_mode_seconds) * 1000;
    if pause > 0
        && !may(member.role, Action::SkipSlowMode, kind)
        && let Some(last) = room.last_sent.get(&actor)
        && last.0 + pause > turn.now.0
    {
        return Err(Refusal::new(Code::SlowMode).retry_after(seconds_between(turn.now.0, last.0 + pause)));
    }
    if let Some(parent) = &draft.parent {
        if parent.conversation_id != room.conversation.id {
            return Err(Refusal::new(Code::NotFound).field("parent_id"));
        }
        if !parent.holds_threads() {
            return Err(Refusal::new(Code::InvalidField)
                .field("parent_id")
                .detail("a thread hangs under a text message that is not a reply"));
        }
    }
    let mut message = blank(room, actor, MessageKind::Text, turn);
    message.client_id = draft.client_id.clone();
    message.body = draft.body.clone();
    message.parent_id = draft.parent.map(|parent| parent.id);
    message.mentions = draft.mentions.clone();
    message.mentions_all = draft.mentions_all.filter(|_| may(member.role, Action::MentionAll, kind));
    message.forwarded_from = draft.forwarded_from.clone();
    message.shown_as = draft.shown_as.clone();
    message.attachments = draft.files.clone();
    message.poll = draft.poll.clone();
    let mut changes = vec![Change::MessagePosted(Box::new(message))];
    if let Some(parent) = &draft.parent {
        changes.push(Change::Replied { parent: parent.id, parent_seq: parent.seq, by: Some((actor, turn.now)) });
    }
    Ok(changes)
}

/// New text for one's own message. The same text again changes nothing.
pub fn edit(
    room: &Room,
    actor: UserId,
    message: &Message,
    body: &str,
    mentions: &[UserId],
    mentions_all: Option<Broadcast>,
    turn: &Turn,
) -> Decision {
    check_body(body, !message.attachments.is_empty())?;
    let member = writer(room, actor, turn)?;
    living(message)?;
    require(member.role, Action::EditOwn, room.conversation.kind)?;
    // People have voted for what a poll said when they did.
    if message.sender_id != actor || message.kind != MessageKind::Text || message.poll.is_some() {
        return Err(Code::Forbidden.into());
    }
    if message.body == body {
        return Ok(Vec::new());
    }
    Ok(vec![Change::MessageEdited {
        at: MessageAt::from(message),
        body: body.to_owned(),
        mentions: mentions.to_vec(),
        mentions_all: mentions_all.filter(|_| may(member.role, Action::MentionAll, room.conversation.kind)),
        edited_at: turn.now,
    }])
}

/// Deleting needs no right to write: one may always take back one's own words. Twice is harmless.
pub fn delete(room: &Room, actor: UserId, message: &Message, parent: Option<Parent>, turn: &Turn) -> Decision {
    let member = member(room, actor)?;
    if message.deleted_at.is_some() {
        return Ok(Vec::new());
    }
    let action = if message.sender_id == actor { Action::DeleteOwn } else { Action::DeleteOthers };
    if message.kind != MessageKind::Text || !may(member.role, action, room.conversation.kind) {
        return Err(Code::Forbidden.into());
    }
    let at = MessageAt::from(message);
    let mut changes = vec![Change::MessageErased { at, deleted_at: turn.now, was_pinned: message.pinned_at.is_some() }];
    if let Some(parent) = parent {
        changes.push(Change::Replied { parent: parent.id, parent_seq: parent.seq, by: None });
    }
    Ok(changes)
}

/// A message that has not been deleted.
pub(crate) fn living(message: &Message) -> Result<(), Refusal> {
    if message.deleted_at.is_some() { Err(Code::MessageDeleted.into()) } else { Ok(()) }
}

/// A line of the timeline that the server writes. Its body is English, for clients that do not know the event.
pub(crate) fn system(room: &Room, actor: UserId, at: Seq, event: SystemEvent, turn: &Turn) -> Change {
    let mut message = blank(room, actor, MessageKind::System, turn);
    message.seq = at;
    message.changed = at;
    message.client_id = format!("system-{}", turn.message_id);
    message.body = in_english(&event);
    message.system = Some(event);
    Change::MessagePosted(Box::new(message))
}

fn in_english(event: &SystemEvent) -> String {
    match event {
        SystemEvent::Created => "created the conversation".into(),
        SystemEvent::Joined => "joined".into(),
        SystemEvent::Added { .. } => "added a member".into(),
        SystemEvent::Left => "left".into(),
        SystemEvent::Removed { .. } => "removed a member".into(),
        SystemEvent::Banned { .. } => "banned a member".into(),
        SystemEvent::Unbanned { .. } => "lifted a ban".into(),
        SystemEvent::Muted { until, .. } => format!("muted a member until {until}"),
        SystemEvent::Unmuted { .. } => "unmuted a member".into(),
        SystemEvent::RoleChanged { .. } => "changed a member's role".into(),
        SystemEvent::Renamed { name } => format!("renamed the conversation to {name}"),
        SystemEvent::TopicChanged { topic: Some(topic) } => format!("set the topic to {topic}"),
        SystemEvent::TopicChanged { topic: None } => "cleared the topic".into(),
        SystemEvent::SettingsChanged => "changed the settings".into(),
        SystemEvent::ExpiryChanged { seconds: Some(seconds) } => {
            format!("set messages to disappear after {seconds} seconds")
        }
        SystemEvent::ExpiryChanged { seconds: None } => "set messages to stay".into(),
        SystemEvent::Archived => "archived the conversation".into(),
        SystemEvent::Unarchived => "restored the conversation".into(),
        SystemEvent::Pinned { .. } => "pinned a message".into(),
    }
}

fn blank(room: &Room, sender: UserId, kind: MessageKind, turn: &Turn) -> Message {
    Message {
        id: turn.message_id,
        conversation_id: room.conversation.id,
        seq: room.head + 1,
        changed: room.head + 1,
        sender_id: sender,
        client_id: String::new(),
        kind,
        body: String::new(),
        created_at: turn.now,
        edited_at: None,
        deleted_at: None,
        parent_id: None,
        reply_count: 0,
        last_reply_at: None,
        reactions: Vec::new(),
        mentions: Vec::new(),
        mentions_all: None,
        pinned_at: None,
        pinned_by: None,
        forwarded_from: None,
        system: None,
        attachments: Vec::new(),
        previews: Vec::new(),
        no_previews: false,
        shown_as: None,
        poll: None,
        following: false,
    }
}

fn seconds_between(from_ms: i64, to_ms: i64) -> u64 {
    (to_ms - from_ms).max(0).div_euclid(1000) as u64 + 1
}
