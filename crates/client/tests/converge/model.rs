//! A tiny server to measure a client's state against: logs of a few conversations as one user, [`ME`], sees them.

mod answers;

use std::collections::{BTreeMap, BTreeSet};

use laserchat_client::protocol::contact::{Contact, ContactState};
use laserchat_client::protocol::conversation::{Conversation, ConversationKind};
use laserchat_client::protocol::event::*;
use laserchat_client::protocol::poll::{Poll, PollOption};
use laserchat_client::protocol::presence::{Presence, PresenceStatus};
use laserchat_client::protocol::reaction::{Reaction, ReactionChange};
use laserchat_client::protocol::*;

pub const ME: UserId = UserId(1);

#[derive(Clone)]
struct Post {
    message: Message,
    reactors: BTreeMap<String, BTreeSet<UserId>>,
    /// For what each has voted, if it is a poll.
    votes: BTreeMap<UserId, BTreeSet<usize>>,
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
        if let Some(poll) = &mut message.poll {
            poll.voters = self.votes.len() as u64;
            for (at, option) in poll.options.iter_mut().enumerate() {
                option.count = self.votes.values().filter(|votes| votes.contains(&at)).count() as u64;
                option.me = own.then(|| self.votes.get(&ME).is_some_and(|votes| votes.contains(&at)));
            }
        }
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
    UserSummary {
        id,
        username: format!("u{id}"),
        display_name: String::new(),
        avatar: None,
        bot: false,
        deleted: false,
    }
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
            expire_seconds: None,
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
            notify: Default::default(),
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
            previews: Vec::new(),
            no_previews: false,
            shown_as: None,
            poll: None,
            following: false,
        };
        let post = Post { message, reactors: BTreeMap::new(), votes: BTreeMap::new(), followed: false };
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

    /// Asks for an opinion: a message like others, with a poll.
    pub fn poll(&mut self, room: u8, by: UserId) -> Vec<Event> {
        let mut events = self.post(room, by, None, false);
        let (id, log) = self.pick(room);
        let Some(post) = log.posts.get_mut(&log.head) else { return Vec::new() };
        let option = |text: &str| PollOption { text: text.into(), count: 0, me: None };
        post.message.poll = Some(Poll {
            question: "where?".into(),
            options: vec![option("sea"), option("hills")],
            multiple: true,
            anonymous: false,
            closes_at: None,
            closed_at: None,
            voters: 0,
        });
        events[0] = Self::told(id, post, by, None);
        events
    }

    /// Votes for an option, or not any more.
    pub fn vote(&mut self, room: u8, nth: u8, by: UserId, option: u8) -> Vec<Event> {
        let (id, log) = self.pick(room);
        let polls: Vec<Seq> =
            log.posts.iter().filter(|(_, post)| post.message.poll.is_some()).map(|(seq, _)| *seq).collect();
        let Some(seq) = polls.get(usize::from(nth) % polls.len().max(1)) else { return Vec::new() };
        log.head += 1;
        let Some(post) = log.posts.get_mut(seq) else { return Vec::new() };
        post.message.changed = log.head;
        let votes = post.votes.entry(by).or_default();
        let option = usize::from(option % 2);
        if !votes.remove(&option) {
            votes.insert(option);
        }
        post.votes.retain(|_, votes| !votes.is_empty());
        vec![Self::told(id, post, by, None)]
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
        post.message.poll = None;
        post.votes.clear();
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

    /// The other member of a conversation has received or read up to a place.
    pub fn seen(&mut self, room: u8, back: u8, read: bool) -> Event {
        let (id, log) = self.pick(room);
        let seq = log.head.saturating_sub(u64::from(back)).max(1);
        let moved = CursorMoved { conversation_id: id, user_id: UserId(2), seq };
        if read { Event::MessageRead(moved) } else { Event::MessageDelivered(moved) }
    }

    pub fn typing(&mut self, room: u8, on: bool) -> Event {
        let typing = Typing { conversation_id: self.pick(room).0, user_id: UserId(2) };
        if on { Event::TypingStarted(typing) } else { Event::TypingStopped(typing) }
    }

    pub fn presence(&self, online: bool) -> Event {
        let told = |status| Presence { user_id: UserId(2), status, last_seen_at: None };
        if online {
            Event::UserOnline(told(PresenceStatus::Online))
        } else {
            Event::UserOffline(told(PresenceStatus::Offline))
        }
    }

    pub fn name(&self, name: u8) -> Event {
        let user =
            User { id: UserId(2), username: "u2".into(), display_name: format!("name {name}"), ..self.account().user };
        Event::UserUpdated { user }
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

fn event_of(told: MessageChanged) -> Event {
    if told.message.deleted_at.is_some() {
        Event::MessageDeleted(told)
    } else if told.message.seq == told.seq {
        Event::MessageSent(told)
    } else {
        Event::MessageUpdated(told)
    }
}
