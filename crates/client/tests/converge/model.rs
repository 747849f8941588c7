//! A tiny server to measure a client's state against: logs of a few conversations as one user, [`ME`], sees them.

use std::collections::{BTreeMap, BTreeSet};

use laserchat_client::protocol::contact::{Contact, ContactState};
use laserchat_client::protocol::conversation::{Conversation, ConversationKind, ConversationView};
use laserchat_client::protocol::event::*;
use laserchat_client::protocol::reaction::{Reaction, ReactionChange};
use laserchat_client::protocol::user::{Account, Privacy, User};
use laserchat_client::protocol::*;

pub const ME: UserId = UserId(1);

/// A page of `changes`, small so that several pages are common.
const PAGE: usize = 4;

/// More than this is not replayed over a new connection.
const REPLAY: usize = 6;

#[derive(Clone)]
struct Post {
    message: Message,
    reactors: BTreeMap<String, BTreeSet<UserId>>,
    followed: bool,
}

impl Post {
    fn seen(&self, own: bool) -> Message {
        let mut message = self.message.clone();
        message.reactions = self
            .reactors
            .iter()
            .filter(|(_, who)| !who.is_empty())
            .map(|(emoji, who)| Reaction {
                emoji: emoji.clone(),
                count: who.len() as u64,
                me: own.then(|| who.contains(&ME)),
            })
            .collect();
        message.following = own && self.followed;
        message
    }
}

pub struct Log {
    pub conversation: Conversation,
    pub head: Seq,
    posts: BTreeMap<Seq, Post>,
    pub members: BTreeMap<UserId, Member>,
    pub membership: Membership,
}

pub struct Server {
    pub epoch: u64,
    pub version: Version,
    pub logs: BTreeMap<ConversationId, Log>,
    pub contact: Contact,
    next_id: u64,
}

fn summary(id: UserId) -> UserSummary {
    UserSummary { id, username: format!("u{id}"), display_name: String::new(), avatar: None, bot: false }
}

impl Server {
    pub fn new(rooms: u64) -> Self {
        let contact = Contact { user: summary(UserId(2)), state: ContactState::None, blocked: false, version: 0 };
        let mut server = Server { epoch: 1, version: 0, logs: BTreeMap::new(), contact, next_id: 100 };
        for id in 1..=rooms {
            server.create(ConversationId(id));
        }
        server
    }

    fn create(&mut self, id: ConversationId) {
        self.version += 1;
        let conversation = Conversation {
            id,
            kind: ConversationKind::Group,
            name: Some("a".into()),
            topic: None,
            avatar: None,
            public: false,
            read_only: false,
            slow_mode_seconds: 0,
            created_by: ME,
            created_at: Timestamp(0),
            archived_at: None,
            changed: 1,
            member_count: 2,
        };
        let member = |user: u64, changed| Member {
            conversation_id: id,
            user: summary(UserId(user)),
            role: Role::Member,
            state: MemberState::Joined,
            joined_at: Timestamp(0),
            muted_until: None,
            changed,
            delivered: 0,
            read: 0,
        };
        let membership = Membership {
            conversation_id: id,
            role: Role::Member,
            state: MemberState::Joined,
            joined_at: Timestamp(0),
            muted_until: None,
            delivered: 0,
            read: 3,
            unread: 0,
            mentions: 0,
            favourite: false,
            notifications_muted_until: None,
            version: self.version,
        };
        let members = [(ME, member(1, 2)), (UserId(2), member(2, 3))].into();
        self.logs.insert(id, Log { conversation, head: 3, posts: BTreeMap::new(), members, membership });
    }

    /// The log that a number picks, and a post in it.
    fn pick(&mut self, room: u8) -> (ConversationId, &mut Log) {
        let at = usize::from(room) % self.logs.len();
        let (id, log) = self.logs.iter_mut().nth(at).expect("there is at least one log");
        (*id, log)
    }

    fn nth(log: &Log, nth: u8) -> Option<Seq> {
        let living: Vec<Seq> =
            log.posts.iter().filter(|(_, post)| post.message.deleted_at.is_none()).map(|(seq, _)| *seq).collect();
        (!living.is_empty()).then(|| living[usize::from(nth) % living.len()])
    }

    /// The event of a changed post as the user gets it live: one's own changes come with one's own flags.
    fn told(id: ConversationId, post: &Post, by: UserId, reaction: Option<ReactionChange>) -> Event {
        let message = post.seen(by == ME);
        let told = MessageChanged { conversation_id: id, seq: message.changed, message, reaction };
        event_of(told)
    }

    pub fn post(&mut self, room: u8, by: UserId, reply: Option<u8>, mention: bool) -> Vec<Event> {
        self.next_id += 1;
        let message_id = MessageId(self.next_id);
        let (id, log) = self.pick(room);
        let parent = reply.and_then(|nth| Self::nth(log, nth)).filter(|seq| log.posts[seq].message.parent_id.is_none());
        log.head += 1;
        let message = Message {
            id: message_id,
            conversation_id: id,
            seq: log.head,
            changed: log.head,
            sender_id: by,
            client_id: message_id.to_string(),
            kind: MessageKind::Text,
            body: "hello".into(),
            created_at: Timestamp(0),
            edited_at: None,
            deleted_at: None,
            parent_id: parent.map(|seq| log.posts[&seq].message.id),
            reply_count: 0,
            last_reply_at: None,
            reactions: Vec::new(),
            mentions: if mention { vec![ME] } else { Vec::new() },
            mentions_all: None,
            pinned_at: None,
            pinned_by: None,
            forwarded_from: None,
            system: None,
            attachments: Vec::new(),
            following: false,
        };
        let post = Post { message, reactors: BTreeMap::new(), followed: false };
        let mut events = vec![Self::told(id, &post, by, None)];
        log.posts.insert(log.head, post);
        if let Some(parent) = parent.and_then(|seq| log.posts.get_mut(&seq)) {
            log.head += 1;
            parent.message.changed = log.head;
            parent.message.reply_count += 1;
            parent.followed |= by == ME;
            events.push(Self::told(id, parent, by, None));
        }
        events
    }

    pub fn edit(&mut self, room: u8, nth: u8, mention: bool) -> Vec<Event> {
        let (id, log) = self.pick(room);
        let Some(seq) = Self::nth(log, nth) else { return Vec::new() };
        log.head += 1;
        let Some(post) = log.posts.get_mut(&seq) else { return Vec::new() };
        post.message.changed = log.head;
        post.message.body = format!("edited at {}", log.head);
        post.message.edited_at = Some(Timestamp(1));
        post.message.mentions = if mention { vec![ME] } else { Vec::new() };
        vec![Self::told(id, post, post.message.sender_id, None)]
    }

    pub fn delete(&mut self, room: u8, nth: u8) -> Vec<Event> {
        let (id, log) = self.pick(room);
        let Some(seq) = Self::nth(log, nth) else { return Vec::new() };
        log.head += 1;
        let Some(post) = log.posts.get_mut(&seq) else { return Vec::new() };
        post.message.changed = log.head;
        post.message.body.clear();
        post.message.deleted_at = Some(Timestamp(1));
        post.message.mentions.clear();
        post.reactors.clear();
        vec![Self::told(id, post, post.message.sender_id, None)]
    }

    pub fn react(&mut self, room: u8, nth: u8, by: UserId, emoji: &str) -> Vec<Event> {
        let (id, log) = self.pick(room);
        let Some(seq) = Self::nth(log, nth) else { return Vec::new() };
        log.head += 1;
        let Some(post) = log.posts.get_mut(&seq) else { return Vec::new() };
        post.message.changed = log.head;
        let who = post.reactors.entry(emoji.into()).or_default();
        let added = who.insert(by);
        if !added {
            who.remove(&by);
        }
        vec![Self::told(id, post, by, Some(ReactionChange { user_id: by, emoji: emoji.into(), added }))]
    }

    pub fn rename(&mut self, room: u8) -> Vec<Event> {
        let (id, log) = self.pick(room);
        log.head += 1;
        log.conversation.changed = log.head;
        log.conversation.name = Some(format!("named at {}", log.head));
        let conversation = log.conversation.clone();
        vec![Event::ConversationUpdated(ConversationChanged { conversation_id: id, seq: log.head, conversation })]
    }

    /// Lets a member leave, or come (back).
    pub fn toggle(&mut self, room: u8, user: UserId) -> Vec<Event> {
        let version = self.version + 1;
        let (id, log) = self.pick(room);
        log.head += 1;
        let seq = log.head;
        let joins = log.members.get(&user).is_none_or(|member| member.state != MemberState::Joined);
        let model = log.members.values().next().expect("a log has members").clone();
        let member = log.members.entry(user).or_insert(Member { user: summary(user), ..model });
        member.state = if joins { MemberState::Joined } else { MemberState::Left };
        member.changed = seq;
        let told = MemberChanged { conversation_id: id, seq, member: member.clone() };
        let mut events = vec![if joins { Event::MemberAdded(told) } else { Event::MemberRemoved(told) }];
        if user == ME {
            log.membership.state = if joins { MemberState::Joined } else { MemberState::Left };
            log.membership.read = log.membership.read.max(if joins { seq } else { 0 });
            log.membership.version = version;
            self.version = version;
            let membership = self.membership(id);
            events.push(Event::MembershipUpdated(MembershipChanged { version, membership }));
        }
        events
    }

    pub fn read(&mut self, room: u8, back: u8) -> Vec<Event> {
        let version = self.version + 1;
        let (id, log) = self.pick(room);
        let to = log.head.saturating_sub(u64::from(back));
        if to <= log.membership.read || log.membership.state != MemberState::Joined {
            return Vec::new();
        }
        log.membership.read = to;
        log.membership.version = version;
        self.version = version;
        vec![Event::MembershipUpdated(MembershipChanged { version, membership: self.membership(id) })]
    }

    pub fn block(&mut self) -> Vec<Event> {
        self.version += 1;
        self.contact.blocked = !self.contact.blocked;
        self.contact.version = self.version;
        vec![Event::ContactUpdated(ContactChanged { version: self.version, contact: self.contact.clone() })]
    }

    /// A restored backup: another epoch, and the newest of everything is lost.
    pub fn restore(&mut self) {
        self.epoch += 1;
        let rooms = self.logs.len() as u64;
        let kept = Server::new(rooms);
        self.version = kept.version;
        self.logs = kept.logs;
        self.contact = kept.contact;
    }
}

/// Answers.
impl Server {
    pub fn joined(&self, id: ConversationId) -> Option<&Log> {
        self.logs.get(&id).filter(|log| log.membership.state == MemberState::Joined)
    }

    pub fn is_in(&self, event: &Event) -> bool {
        event.position().is_none_or(|(id, _)| self.joined(id).is_some())
    }

    pub fn messages(&self, id: ConversationId) -> BTreeMap<Seq, Message> {
        self.logs[&id].posts.iter().map(|(seq, post)| (*seq, post.seen(true))).collect()
    }

    pub fn membership(&self, id: ConversationId) -> Membership {
        let log = &self.logs[&id];
        let after = || {
            let unread = log.posts.range(log.membership.read + 1..).map(|(_, post)| &post.message);
            unread.filter(|message| message.sender_id != ME && message.deleted_at.is_none())
        };
        let unread = after().filter(|message| message.parent_id.is_none()).count() as u64;
        let mentions = after().filter(|message| message.mentions.contains(&ME)).count() as u64;
        Membership { unread, mentions, ..log.membership.clone() }
    }

    pub fn view(&self, id: ConversationId) -> Option<ConversationView> {
        let log = self.joined(id)?;
        let last_message = self.messages(id).into_values().rev().find(|message| message.deleted_at.is_none());
        Some(ConversationView {
            conversation: log.conversation.clone(),
            seq: log.head,
            membership: Some(self.membership(id)),
            last_message,
            peer: None,
        })
    }

    pub fn changes(&self, id: ConversationId, after: Seq) -> Option<Changes> {
        self.all_changes(id, after).map(|mut items| {
            let more = items.len() > PAGE;
            items.truncate(PAGE);
            let next = items.last().filter(|_| more).and_then(|event| event.position()).map(|(_, seq)| seq);
            Changes { items, next, head: self.logs[&id].head, receipts: Vec::new() }
        })
    }

    fn all_changes(&self, id: ConversationId, after: Seq) -> Option<Vec<Event>> {
        let log = self.joined(id)?;
        let mut items: Vec<Event> = Vec::new();
        for message in self.messages(id).into_values().filter(|message| message.changed > after) {
            let seq = message.changed;
            items.push(event_of(MessageChanged { conversation_id: id, seq, message, reaction: None }));
        }
        for member in log.members.values().filter(|member| member.changed > after) {
            let told = MemberChanged { conversation_id: id, seq: member.changed, member: member.clone() };
            items.push(if member.state == MemberState::Joined {
                Event::MemberUpdated(told)
            } else {
                Event::MemberRemoved(told)
            });
        }
        if log.conversation.changed > after {
            let conversation = log.conversation.clone();
            let seq = conversation.changed;
            items.push(Event::ConversationUpdated(ConversationChanged { conversation_id: id, seq, conversation }));
        }
        items.sort_by_key(|event| event.position());
        Some(items)
    }

    pub fn own_changes(&self, after: Version) -> OwnChanges {
        let mut items: Vec<Event> = Vec::new();
        for id in self.logs.keys() {
            let membership = self.membership(*id);
            items.push(Event::MembershipUpdated(MembershipChanged { version: membership.version, membership }));
        }
        let contact = self.contact.clone();
        items.push(Event::ContactUpdated(ContactChanged { version: contact.version, contact }));
        items.retain(|event| event.version().is_some_and(|version| version > after));
        items.sort_by_key(Event::version);
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = items.last().filter(|_| more).and_then(Event::version);
        OwnChanges { items, next, head: self.version }
    }

    pub fn account(&self) -> Account {
        let user = User {
            id: ME,
            username: "u1".into(),
            display_name: String::new(),
            about: String::new(),
            avatar: None,
            time_zone: None,
            status: None,
            bot: false,
            bot_owner_id: None,
            server_role: Default::default(),
            created_at: Timestamp(0),
            disabled: false,
        };
        Account { user, email: None, privacy: Privacy::default(), version: self.version }
    }

    pub fn history(&self, id: ConversationId, before: Option<Seq>, limit: usize) -> Vec<Message> {
        let mut page: Vec<Message> =
            self.messages(id).into_values().rev().filter(|m| before.is_none_or(|b| m.seq < b)).take(limit).collect();
        page.reverse();
        page
    }

    /// Everything that a new connection is told: `ready`, what was missed, `synced`.
    pub fn welcome(
        &self,
        cursors: Option<BTreeMap<ConversationId, Seq>>,
        version: Option<Version>,
        epoch: Option<String>,
    ) -> Vec<Event> {
        let heads: BTreeMap<ConversationId, Seq> =
            self.logs.keys().filter_map(|id| self.joined(*id).map(|log| (*id, log.head))).collect();
        let same = epoch == Some(self.epoch.to_string());
        let cursors = cursors.filter(|_| same).unwrap_or_default();
        let reset = |(id, cursor): &(&ConversationId, &Seq)| heads.get(id).is_none_or(|head| cursor > &head);
        let ready = Ready {
            connection_id: "c".into(),
            user_id: ME,
            session_id: SessionId(1),
            epoch: self.epoch.to_string(),
            version: self.version,
            reset: cursors.iter().filter(reset).map(|(id, _)| *id).collect(),
            heads,
            heartbeat_seconds: 30,
        };
        let mut events = vec![Event::Ready(Box::new(ready))];
        for (id, cursor) in cursors {
            let Some(missed) = self.all_changes(id, cursor) else { continue };
            if missed.len() > REPLAY {
                events.push(Event::ConversationBehind { conversation_id: id, head: self.logs[&id].head });
            } else {
                events.extend(missed);
            }
        }
        if let Some(mut after) = version.filter(|_| same) {
            loop {
                let page = self.own_changes(after);
                events.extend(page.items);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
        }
        events.push(Event::Synced {});
        events
    }
}

fn event_of(told: MessageChanged) -> Event {
    if told.message.deleted_at.is_some() {
        Event::MessageDeleted(told)
    } else if told.message.seq == told.seq {
        Event::MessageSent(told)
    } else {
        Event::MessageUpdated(told)
    }
}
