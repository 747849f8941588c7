//! A small world for tests: people, conversations, and what they do, decided by the real rules.

use std::sync::atomic::{AtomicU64, Ordering};

use laserchat_core::change::MemberChange;
use laserchat_core::message::Draft;
use laserchat_core::{Change, MemberRow, Room, Turn};
use laserchat_protocol::poll::{Poll, PollOption};
use laserchat_protocol::{
    Conversation, ConversationId, ConversationKind, Event, MemberState, Message, MessageId, Role, Seq, Timestamp,
    UserId,
};

use crate::{Append, AppendError, Appended, NewUser, SecretHash, Store};

/// A moment in every test's past.
pub const THEN: Timestamp = Timestamp(1_700_000_000_000);

pub struct World<'a> {
    pub store: &'a dyn Store,
    next: AtomicU64,
}

/// A secret's hash that no other number has.
pub fn hash(number: u64) -> SecretHash {
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&number.to_le_bytes());
    hash
}

pub fn new_user(id: UserId, username: &str) -> NewUser {
    NewUser {
        id,
        username: username.to_owned(),
        skeleton: username.to_owned(),
        display_name: username.to_uppercase(),
        words: vec![username.to_owned()],
        email: None,
        password_hash: Some("secret".into()),
        bot_owner: None,
        created_at: THEN,
        invitation: None,
    }
}

impl<'a> World<'a> {
    pub fn new(store: &'a dyn Store) -> Self {
        World { store, next: AtomicU64::new(1000) }
    }

    /// A number that this world has not used; larger than those before, as ids are.
    pub fn id(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    pub fn turn(&self) -> Turn {
        let id = self.id();
        Turn { now: Timestamp(THEN.0 + id as i64), message_id: MessageId(id) }
    }

    pub async fn person(&self, username: &str) -> UserId {
        let id = UserId(self.id());
        self.store.create_user(new_user(id, username)).await.unwrap().unwrap().id
    }

    pub async fn people<const N: usize>(&self, names: [&str; N]) -> [UserId; N] {
        let mut ids = [UserId(0); N];
        for (id, name) in ids.iter_mut().zip(names) {
            *id = self.person(name).await;
        }
        ids
    }

    /// A conversation that does not exist yet.
    pub fn blank(&self, kind: ConversationKind, creator: UserId) -> Conversation {
        let named = kind != ConversationKind::Direct;
        Conversation {
            id: ConversationId(self.id()),
            kind,
            name: named.then(|| "General".to_owned()),
            topic: None,
            avatar: None,
            public: false,
            read_only: false,
            slow_mode_seconds: 0,
            expire_seconds: None,
            created_by: creator,
            created_at: THEN,
            archived_at: None,
            changed: 1,
            member_count: 0,
        }
    }

    /// The append that creates a conversation as the rules would.
    pub fn birth(&self, wanted: Conversation, others: &[UserId], key: Option<&str>) -> Append {
        let (id, creator) = (wanted.id, wanted.created_by);
        let room = Room::unborn(wanted);
        let changes =
            laserchat_core::conversation::create(&room, creator, others, key.map(str::to_owned), &self.turn());
        Append { conversation: id, expected: 1, changes: changes.unwrap() }
    }

    pub async fn create(&self, wanted: Conversation, others: &[UserId]) -> ConversationId {
        let id = wanted.id;
        let append = self.birth(wanted, others, None);
        self.append(append).await.unwrap();
        id
    }

    pub async fn group(&self, creator: UserId, others: &[UserId]) -> ConversationId {
        self.create(self.blank(ConversationKind::Group, creator), others).await
    }

    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let mut answers = self.store.append(vec![append]).await.unwrap();
        assert_eq!(answers.len(), 1, "one answer per append");
        answers.remove(0)
    }

    pub async fn room(&self, id: ConversationId, users: &[UserId]) -> Room {
        self.store.room(id, users).await.unwrap().expect("the conversation exists")
    }

    pub async fn head(&self, id: ConversationId) -> Seq {
        self.room(id, &[]).await.head
    }

    /// Appends at the present head.
    pub async fn now(&self, id: ConversationId, changes: Vec<Change>) -> Result<Appended, AppendError> {
        let expected = self.head(id).await + 1;
        self.append(Append { conversation: id, expected, changes }).await
    }

    /// The changes of sending a message, as the rules decide them.
    pub async fn sending(&self, id: ConversationId, sender: UserId, draft: Draft) -> Append {
        let room = self.room(id, &[sender]).await;
        let changes = laserchat_core::message::send(&room, sender, &draft, &self.turn()).unwrap();
        Append { conversation: id, expected: room.head + 1, changes }
    }

    pub async fn send(&self, id: ConversationId, sender: UserId, draft: Draft) -> Message {
        let append = self.sending(id, sender, draft).await;
        let done = self.append(append).await.unwrap();
        sent(&done)
    }

    pub async fn say(&self, id: ConversationId, sender: UserId, body: &str) -> Message {
        self.send(id, sender, self.draft(body)).await
    }

    pub fn draft(&self, body: &str) -> Draft {
        Draft { client_id: format!("client-{}", self.id()), body: body.to_owned(), ..Draft::default() }
    }

    /// A draft that asks where to go; three options.
    pub fn question(&self, multiple: bool) -> Draft {
        let option = |text: &str| PollOption { text: text.to_owned(), count: 0, me: None };
        let poll = Poll {
            question: "Where to?".into(),
            options: ["Sea", "Hills", "Home"].map(option).into(),
            multiple,
            anonymous: false,
            closes_at: None,
            closed_at: None,
            voters: 0,
        };
        Draft { poll: Some(poll), ..self.draft("Where to?") }
    }

    pub async fn vote(&self, actor: UserId, message: &Message, options: &[u32]) -> Appended {
        let message = self.look(actor, message).await;
        let room = self.room(message.conversation_id, &[actor]).await;
        let changes = laserchat_core::poll::vote(&room, actor, &message, options, &self.turn()).unwrap();
        self.now(message.conversation_id, changes).await.unwrap()
    }

    pub async fn close_poll(&self, actor: UserId, message: &Message) -> Appended {
        let message = self.look(actor, message).await;
        let room = self.room(message.conversation_id, &[actor]).await;
        let changes = laserchat_core::poll::close(&room, actor, &message, &self.turn()).unwrap();
        self.now(message.conversation_id, changes).await.unwrap()
    }

    pub async fn reply(&self, sender: UserId, parent: &Message, body: &str) -> Message {
        let draft = Draft { parent: Some(parent.into()), ..self.draft(body) };
        self.send(parent.conversation_id, sender, draft).await
    }

    /// The message as somebody sees it now.
    pub async fn look(&self, viewer: UserId, message: &Message) -> Message {
        self.store.message(viewer, message.id).await.unwrap().expect("the message exists")
    }

    pub async fn erase(&self, actor: UserId, message: &Message) -> Appended {
        let message = self.look(actor, message).await;
        let id = message.conversation_id;
        let parent = match message.parent_id {
            Some(parent) => self.store.message(actor, parent).await.unwrap(),
            None => None,
        };
        let room = self.room(id, &[actor]).await;
        let parent = parent.as_ref().map(Into::into);
        let changes = laserchat_core::message::delete(&room, actor, &message, parent, &self.turn()).unwrap();
        self.now(id, changes).await.unwrap()
    }

    pub async fn edit(&self, actor: UserId, message: &Message, body: &str, mentions: &[UserId]) -> Appended {
        let message = self.look(actor, message).await;
        let room = self.room(message.conversation_id, &[actor]).await;
        let changes =
            laserchat_core::message::edit(&room, actor, &message, body, mentions, None, &self.turn()).unwrap();
        self.now(message.conversation_id, changes).await.unwrap()
    }

    pub async fn react(&self, actor: UserId, message: &Message, emoji: &str, added: bool) -> Appended {
        let message = self.look(actor, message).await;
        let room = self.room(message.conversation_id, &[actor]).await;
        let changes = laserchat_core::reaction::react(&room, actor, &message, emoji, added, &self.turn()).unwrap();
        self.now(message.conversation_id, changes).await.unwrap()
    }

    pub async fn pin(&self, actor: UserId, message: &Message, pinned: bool) -> Appended {
        let message = self.look(actor, message).await;
        let room = self.room(message.conversation_id, &[actor]).await;
        let changes = laserchat_core::pin::pin(&room, actor, &message, pinned, &self.turn()).unwrap();
        self.now(message.conversation_id, changes).await.unwrap()
    }

    pub async fn join(&self, id: ConversationId, user: UserId) -> Appended {
        let room = self.room(id, &[user]).await;
        let changes = laserchat_core::member::join(&room, user, true, &self.turn()).unwrap();
        self.now(id, changes).await.unwrap()
    }

    pub async fn leave(&self, id: ConversationId, user: UserId) -> Appended {
        let room = self.room(id, &[user]).await;
        let changes = laserchat_core::member::leave(&room, user, &self.turn()).unwrap();
        self.now(id, changes).await.unwrap()
    }

    /// A change of a member that says nothing in the timeline.
    pub fn member(&self, user: UserId, role: Role, state: MemberState, how: MemberChange) -> Change {
        let joined_at = THEN;
        Change::Member { member: MemberRow { user, role, state, joined_at, muted_until: None }, how }
    }
}

/// The message that an append posted first.
pub fn sent(done: &Appended) -> Message {
    let posted = done.changed.iter().find_map(|changed| match &changed.event {
        Event::MessageSent(told) => Some(told.message.clone()),
        _ => None,
    });
    posted.expect("a message was posted")
}

/// The seqs of an append's events.
pub fn seqs(done: &Appended) -> Vec<Seq> {
    done.changed.iter().filter_map(|changed| changed.event.position()).map(|(_, seq)| seq).collect()
}

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        if among.is_empty() { None } else { among.get(self.below(among.len())) }
    }
}
