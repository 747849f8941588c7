//! What a client knows, and how it becomes what the server knows. Pure and synchronous: no I/O and no clock, so that
//! property tests and simulations can drive it.
//!
//! The rules are those of the protocol:
//!
//! - An event carries the whole new state of what changed and its number; applying it replaces what is older. Applying
//!   twice, or in another order, is harmless.
//! - Per conversation one cursor, and one version for what the user owns. Both advance densely only: what arrives
//!   ahead is applied, and the gap before it shows in [`State::wants`] until an answer fills it.
//! - A replay (between `ready` and `synced`) and an answer to `changes` hold each object once, in its present state, so
//!   their seqs have holes; their end moves the cursor to the head they were made for.
//! - The epoch rule: another epoch, another user, or a cursor ahead of the server drops what is held.

mod account;
mod answers;
mod connection;
mod message;
mod personal;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use laserchat_protocol::contact::Contact;
use laserchat_protocol::event::{CursorMoved, Event, MemberChanged, MessageChanged};
use laserchat_protocol::limits::TYPING_SECONDS;
use laserchat_protocol::member::Receipt;
use laserchat_protocol::presence::Presence;
use laserchat_protocol::user::Account;
use laserchat_protocol::{ConversationId, MemberState, Membership, Seq, Timestamp, User, UserId, UserSummary, Version};
use serde::{Deserialize, Serialize};

use connection::Phase;
use message::Source;
pub use room::{Cursors, Room};

/// Something to ask the server for. The answer goes to the `answer_…` function of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fetch {
    /// `GET /me`.
    Account,
    /// `GET /me/changes?after=`.
    OwnChanges { after: Version },
    /// All pages of `GET /conversations`.
    Conversations,
    /// `GET /conversations/{id}`.
    Conversation { id: ConversationId },
    /// `GET /conversations/{id}/changes?after=`.
    Changes { id: ConversationId, after: Seq },
}

impl Fetch {
    /// The conversation that it asks about, if it is one.
    pub fn conversation(self) -> Option<ConversationId> {
        match self {
            Fetch::Conversation { id } | Fetch::Changes { id, .. } => Some(id),
            Fetch::Account | Fetch::OwnChanges { .. } | Fetch::Conversations => None,
        }
    }
}

/// What is known of the user's place in a conversation: it tells whether an answer is out of date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    generation: u64,
    version: Version,
    head: Seq,
}

/// Since when a conversation was followed as something of it was asked for: its members, or a page of its messages. What
/// is held follows every change, so an answer of later holds nothing that changed unseen. One of before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    generation: u64,
    start: Seq,
}

/// Where to resume from: what `hello` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resume {
    pub cursors: Option<BTreeMap<ConversationId, Seq>>,
    pub version: Option<Version>,
    pub epoch: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    epoch: Option<String>,
    user: Option<UserId>,
    rooms: BTreeMap<ConversationId, Room>,
    memberships: BTreeMap<ConversationId, Membership>,
    contacts: BTreeMap<UserId, Contact>,
    #[serde(default)]
    personal: personal::Personal,
    account: Option<Account>,
    users: BTreeMap<UserId, User>,
    /// Names and faces as they were last seen, wherever that was.
    summaries: BTreeMap<UserId, UserSummary>,
    /// Like a conversation's cursor, for what the user owns.
    version: Version,
    version_head: Version,
    version_ahead: BTreeSet<Version>,
    /// The list of conversations has been loaded once in this epoch.
    listed: bool,
    /// Counts the times that everything was dropped: an answer to a question of before is worthless.
    #[serde(skip)]
    generation: u64,
    #[serde(skip)]
    phase: Phase,
    #[serde(skip)]
    offered: Resume,
    #[serde(skip)]
    presence: BTreeMap<UserId, Presence>,
    #[serde(skip)]
    typing: BTreeMap<(ConversationId, UserId), Timestamp>,
}

/// What the state holds.
impl State {
    /// The user this is the state of, once known.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    pub fn epoch(&self) -> Option<&str> {
        self.epoch.as_deref()
    }

    pub fn version(&self) -> Version {
        self.version
    }

    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    pub fn generation(&self) -> u64 {
        self.generation
    }

    pub fn standing(&self, id: ConversationId) -> Standing {
        Standing {
            generation: self.generation,
            version: self.memberships.get(&id).map_or(0, |membership| membership.version),
            head: self.rooms.get(&id).map_or(0, Room::head),
        }
    }

    /// To be taken before members or messages are asked for, and given back with the answer. `None`: the conversation is
    /// not loaded.
    pub fn asked(&self, id: ConversationId) -> Option<Asked> {
        self.room(id).map(|room| Asked { generation: self.generation, start: room.start() })
    }

    /// The conversations that the user is in and that have been loaded.
    pub fn rooms(&self) -> impl Iterator<Item = (ConversationId, &Room)> {
        self.rooms.iter().filter(|(_, room)| room.conversation.is_some()).map(|(id, room)| (*id, room))
    }

    pub fn room(&self, id: ConversationId) -> Option<&Room> {
        self.rooms.get(&id).filter(|room| room.conversation.is_some())
    }

    pub fn membership(&self, id: ConversationId) -> Option<&Membership> {
        self.memberships.get(&id)
    }

    pub fn memberships(&self) -> impl Iterator<Item = &Membership> {
        self.memberships.values()
    }

    /// One's relations to others; those that ended are left out.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.values().filter(|contact| account::is_relation(contact))
    }

    pub fn contact(&self, user: UserId) -> Option<&Contact> {
        self.contacts.get(&user)
    }

    /// A profile, if one has been seen since the state began.
    pub fn profile(&self, user: UserId) -> Option<&User> {
        self.users.get(&user)
    }

    /// The name and face of somebody who is known from anywhere.
    pub fn summary(&self, user: UserId) -> Option<&UserSummary> {
        self.summaries.get(&user)
    }

    /// Unread messages of a conversation.
    pub fn unread(&self, id: ConversationId) -> u64 {
        self.counts(id).0
    }

    /// Unread messages that mention the user.
    pub fn mentions(&self, id: ConversationId) -> u64 {
        self.counts(id).1
    }

    fn counts(&self, id: ConversationId) -> (u64, u64) {
        match (self.room(id), self.memberships.get(&id), self.user) {
            (Some(room), Some(membership), Some(user)) => room.unread(membership, user),
            (None, Some(membership), _) => (membership.unread, membership.mentions),
            _ => (0, 0),
        }
    }

    pub fn presence(&self, user: UserId) -> Option<&Presence> {
        self.presence.get(&user)
    }

    /// Who is typing. A signal ends by itself.
    pub fn typing(&self, id: ConversationId, now: Timestamp) -> impl Iterator<Item = UserId> {
        let range = (id, UserId(0))..=(id, UserId(u64::MAX));
        self.typing.range(range).filter(move |(_, until)| **until > now).map(|((_, user), _)| *user)
    }

    /// What is held reaches what the server is known to have, and a connection keeps it so.
    pub fn is_synced(&self) -> bool {
        self.phase == Phase::Live && self.wants().is_empty()
    }
}

/// Events.
impl State {
    /// Applies one event. `now` only dates signals. Returns whether [`wants`](Self::wants) may have changed.
    pub fn apply(&mut self, event: &Event, now: Timestamp) -> bool {
        // A replay is made for this user; what is pushed live is made for everybody.
        let source = if matches!(self.phase, Phase::Replaying { .. }) { Source::Own } else { Source::Shared };
        self.take(event, source, now);
        match event.position() {
            Some((id, _)) => self.rooms.get(&id).is_none_or(Room::wants),
            None => {
                event.version().is_some()
                    || matches!(event, Event::Ready(_) | Event::Synced {} | Event::ConversationBehind { .. })
            }
        }
    }

    fn take(&mut self, event: &Event, source: Source, now: Timestamp) {
        if let Some((id, seq)) = event.position() {
            return self.take_change(event, id, seq, source);
        }
        if let Some(version) = event.version() {
            self.take_own(event);
            self.note_version(version);
            return;
        }
        match event {
            Event::Ready(ready) => self.ready(ready),
            Event::Synced {} => self.synced(),
            Event::ConversationBehind { conversation_id, head } => self.behind(*conversation_id, *head),
            Event::MessageDelivered(moved) => self.take_cursor(moved, false),
            Event::MessageRead(moved) => self.take_cursor(moved, true),
            Event::TypingStarted(typing) => {
                let until = now.plus_seconds(TYPING_SECONDS);
                self.typing.insert((typing.conversation_id, typing.user_id), until);
            }
            Event::TypingStopped(typing) => {
                self.typing.remove(&(typing.conversation_id, typing.user_id));
            }
            Event::UserOnline(presence) | Event::UserOffline(presence) => {
                self.presence.insert(presence.user_id, presence.clone());
            }
            Event::UserUpdated { user } => self.take_user(user),
            Event::Ack(ack) => {
                self.presence.extend(ack.presence.iter().map(|presence| (presence.user_id, presence.clone())));
            }
            _ => {}
        }
    }

    fn take_change(&mut self, event: &Event, id: ConversationId, seq: Seq, source: Source) {
        if !self.rooms.contains_key(&id) {
            // Who has left still hears the last of it, and who is not known to have left has joined unheard.
            let left = self.memberships.get(&id).is_some_and(|membership| membership.state != MemberState::Joined);
            if left && !self.joins(event) {
                return;
            }
        }
        if let Event::ConversationDeleted(_) = event {
            return self.gone(id);
        }
        let me = self.user;
        let room = self.rooms.entry(id).or_default();
        let complete = match event {
            Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => {
                message::is_complete(&e.message, source)
            }
            _ => true,
        };
        let news = room.note(seq, complete);
        match event {
            Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => {
                let MessageChanged { message, reaction, .. } = e;
                room.take_message(message, source, news);
                if let Some(change) = reaction {
                    room.take_reaction(message.seq, change, message.changed, me);
                }
                self.typing.remove(&(id, message.sender_id));
            }
            Event::ConversationCreated(e) | Event::ConversationUpdated(e) => {
                room.take_conversation(&e.conversation);
            }
            Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => {
                let MemberChanged { member, .. } = e;
                room.take_member(member, news);
                if news {
                    self.take_summary(&member.user);
                }
            }
            _ => {}
        }
    }

    fn joins(&self, event: &Event) -> bool {
        matches!(event, Event::MemberAdded(e) if Some(e.member.user.id) == self.user)
    }

    fn take_cursor(&mut self, moved: &CursorMoved, read: bool) {
        let receipt = Receipt { user_id: moved.user_id, delivered: moved.seq, read: if read { moved.seq } else { 0 } };
        if let Some(room) = self.rooms.get_mut(&moved.conversation_id) {
            room.take_receipt(&receipt);
        }
    }

    fn take_user(&mut self, user: &User) {
        let summary = user.summary();
        self.rooms.values_mut().for_each(|room| room.take_user(&summary));
        if let Some(contact) = self.contacts.get_mut(&user.id) {
            contact.user = summary.clone();
        }
        self.users.insert(user.id, user.clone());
        self.summaries.insert(user.id, summary);
    }

    /// A name and face as they are now: what arrives last is taken as the newest, since they have no number.
    fn take_summary(&mut self, summary: &UserSummary) {
        if let Some(profile) = self.users.get_mut(&summary.id) {
            let UserSummary { id: _, username, display_name, avatar, bot, deleted } = summary.clone();
            (profile.username, profile.display_name, profile.avatar, profile.bot, profile.deleted) =
                (username, display_name, avatar, bot, deleted);
        }
        self.summaries.insert(summary.id, summary.clone());
    }

    /// The conversation is deleted, or is not this user's any more.
    pub fn gone(&mut self, id: ConversationId) {
        self.rooms.remove(&id);
        self.memberships.remove(&id);
        if let Phase::Replaying { heads, .. } = &mut self.phase {
            heads.remove(&id);
        }
    }
}

/// Keeping the state between runs.
impl State {
    /// The state as it can be written down. What only a connection keeps right is left out.
    pub fn persist(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// What [`persist`](Self::persist) gave. What another version of this crate wrote may not be readable; then the
    /// client starts afresh.
    pub fn restore(value: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value)
    }
}
