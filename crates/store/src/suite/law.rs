//! The two laws that everything else rests on, tried with many random histories.
//!
//! The histories look random and are the same in every run; a failure names the seed of its history.

use std::collections::BTreeMap;

use laserchat_core::Change;
use laserchat_core::change::MemberChange;
use laserchat_core::message::Draft;
use laserchat_protocol::limits::UNREAD_MAX;
use laserchat_protocol::message::Broadcast;
use laserchat_protocol::{
    Conversation, ConversationId, ConversationKind, Event, Member, MemberState, Message, MessageId, MessageKind, Role,
    Seq, UserId,
};

use super::world::{Dice, World};
use crate::{CursorMove, Store, Window};

/// What a client knows of one conversation. It takes over whatever is newer than what it has.
#[derive(Debug, Clone, PartialEq, Default)]
struct Known {
    conversation: Option<Conversation>,
    members: BTreeMap<UserId, Member>,
    messages: BTreeMap<MessageId, Message>,
}

impl Known {
    fn apply(&mut self, event: &Event) {
        match event {
            Event::ConversationCreated(told) | Event::ConversationUpdated(told) => {
                self.conversation = Some(told.conversation.clone());
            }
            Event::MemberAdded(told) | Event::MemberUpdated(told) | Event::MemberRemoved(told) => {
                self.members.insert(told.member.user.id, told.member.clone());
            }
            Event::MessageSent(told) | Event::MessageUpdated(told) | Event::MessageDeleted(told) => {
                self.messages.insert(told.message.id, told.message.clone());
            }
            other => panic!("not a conversation event: {other:?}"),
        }
    }

    /// Without what is not numbered by the conversation's seq: counts, cursors, and what only the viewer sees.
    fn shared(mut self) -> Self {
        if let Some(conversation) = &mut self.conversation {
            conversation.member_count = 0;
        }
        for member in self.members.values_mut() {
            (member.read, member.delivered) = (0, 0);
        }
        for message in self.messages.values_mut() {
            message.following = false;
            message.reactions.iter_mut().for_each(|reaction| reaction.me = None);
            message.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.me = None);
        }
        self
    }
}

/// One random step in a conversation, as the rules allow it. Returns the events, if anything happened.
async fn step(world: &World<'_>, id: ConversationId, people: &[UserId], dice: &mut Dice) -> Vec<Event> {
    let room = world.room(id, people).await;
    let joined: Vec<UserId> = people.iter().copied().filter(|user| room.joined(*user).is_some()).collect();
    let actor = *dice.pick(&joined).expect("the owner never leaves");
    let page = world.store.history(actor, id, Window::Newest, 1000).await.unwrap();
    let living: Vec<&Message> = page.iter().filter(|m| m.kind == MessageKind::Text && m.deleted_at.is_none()).collect();
    let message = dice.pick(&living).copied();
    let turn = world.turn();
    let mut draft = world.draft("text");
    for user in people {
        if dice.below(5) == 0 {
            draft.mentions.push(*user);
        }
    }
    if dice.below(8) == 0 {
        draft.mentions_all = Some(Broadcast::Channel);
    }
    let changes = match (dice.below(10), message) {
        (0, Some(message)) => {
            let body = format!("edit {}", world.id());
            laserchat_core::message::edit(
                &room,
                message.sender_id,
                message,
                &body,
                &draft.mentions,
                draft.mentions_all,
                &turn,
            )
        }
        (1, Some(message)) => {
            let parent = match message.parent_id {
                Some(parent) => world.store.message(actor, parent).await.unwrap(),
                None => None,
            };
            let parent = parent.as_ref().map(Into::into);
            laserchat_core::message::delete(&room, message.sender_id, message, parent, &turn)
        }
        (2, Some(message)) => {
            let emoji = ["👍", "🎉", "❤️"][dice.below(3)];
            laserchat_core::reaction::react(&room, actor, message, emoji, dice.below(3) > 0, &turn)
        }
        (3, Some(message)) => laserchat_core::pin::pin(&room, people[0], message, dice.below(3) > 0, &turn),
        (4, Some(message)) if message.parent_id.is_none() => {
            let draft = Draft { parent: Some(message.into()), ..draft };
            laserchat_core::message::send(&room, actor, &draft, &turn)
        }
        (5, _) => match dice.pick(&people[1..]) {
            Some(user) if joined.contains(user) => laserchat_core::member::leave(&room, *user, &turn),
            Some(user) => laserchat_core::member::join(&room, *user, true, &turn),
            None => Ok(Vec::new()),
        },
        (6, _) if actor != people[0] => {
            let role = [Role::Moderator, Role::Member][dice.below(2)];
            Ok(vec![world.member(actor, role, MemberState::Joined, MemberChange::Updated)])
        }
        (7, _) => {
            let next = Conversation { topic: Some(format!("topic {}", world.id())), ..room.conversation.clone() };
            Ok(vec![Change::ConversationUpdated(next)])
        }
        (8, _) => {
            let polls: Vec<&Message> = living.iter().copied().filter(|message| message.poll.is_some()).collect();
            match dice.pick(&polls).copied() {
                Some(poll) if dice.below(4) > 0 => {
                    let options: Vec<u32> = (0..3).filter(|_| dice.below(2) == 0).collect();
                    laserchat_core::poll::vote(&room, actor, poll, &options, &turn)
                }
                Some(poll) if dice.below(4) == 0 => laserchat_core::poll::close(&room, poll.sender_id, poll, &turn),
                _ => laserchat_core::message::send(&room, actor, &world.question(true), &turn),
            }
        }
        _ => laserchat_core::message::send(&room, actor, &draft, &turn),
    };
    let changes = changes.unwrap_or_default();
    if changes.is_empty() {
        return Vec::new();
    }
    let done = world.now(id, changes).await.unwrap();
    done.changed.into_iter().map(|changed| changed.event).collect()
}

/// For any point in the past and any size of page, what was known then and the pages of `changes` since make what is
/// known now; and each object comes once.
pub async fn changes_lead_to_the_present(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid"]).await;
    for seed in 0..12 {
        let mut dice = Dice::new(seed);
        let id = world.create(world.blank(ConversationKind::Group, people[0]), &people[1..2]).await;
        let mut live = Known::default();
        let born = store.changes(people[0], id, 0, 1000).await.unwrap().unwrap();
        born.items.iter().for_each(|event| live.apply(event));
        let mut past: Vec<(Seq, Known)> = vec![(0, Known::default()), (born.head, live.clone())];
        for _ in 0..60 {
            let events = step(&world, id, &people, &mut dice).await;
            for event in &events {
                let (_, seq) = event.position().expect("conversation events have a seq");
                assert_eq!(seq, past.last().map_or(0, |(seq, _)| *seq) + 1, "seed {seed}: seqs are dense");
                live.apply(event);
                past.push((seq, live.clone()));
            }
        }
        let present = live.shared();
        for (after, known) in past {
            for limit in [1 + dice.below(4), 5 + dice.below(40), 1000] {
                let got = replay(store, people[0], id, after, limit, known.clone()).await;
                assert_eq!(got.shared(), present, "seed {seed}: after {after} in pages of {limit}");
            }
        }
        let messages = store.history(people[0], id, Window::Newest, 1000).await.unwrap();
        let messages: BTreeMap<_, _> = messages.into_iter().map(|message| (message.id, message)).collect();
        let read = Known { messages, ..Known::default() }.shared();
        assert_eq!(read.messages, present.messages, "seed {seed}: the history is the present");
    }
}

async fn replay(
    store: &dyn Store,
    viewer: UserId,
    id: ConversationId,
    mut after: Seq,
    limit: usize,
    mut known: Known,
) -> Known {
    let mut seen = std::collections::HashSet::new();
    loop {
        let page = store.changes(viewer, id, after, limit).await.unwrap().unwrap();
        assert!(page.items.len() <= limit);
        let mut last = after;
        for event in &page.items {
            let (_, seq) = event.position().expect("conversation events have a seq");
            assert!(seq > last && seq <= page.head, "ascending");
            last = seq;
            let object = match event {
                Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => {
                    assert_eq!(e.message.changed, seq);
                    (1, e.message.id.0)
                }
                Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => (2, e.member.user.id.0),
                _ => (3, 0),
            };
            assert!(seen.insert(object), "each object once: {event:?}");
            known.apply(event);
        }
        match page.next {
            Some(next) => {
                assert_eq!(next, last);
                after = next;
            }
            None => return known,
        }
    }
}

/// Unread and mentions equal a plain recount of the history, whatever happened; and reading to the head clears both.
pub async fn unread_equals_a_recount(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid"]).await;
    for seed in 100..112 {
        let mut dice = Dice::new(seed);
        let id = world.create(world.blank(ConversationKind::Group, people[0]), &people[1..]).await;
        for _ in 0..60 {
            step(&world, id, &people, &mut dice).await;
            if let Some(user) = dice.pick(&people)
                && dice.below(4) == 0
            {
                let read = dice.below(world.head(id).await as usize + 3) as u64;
                store.advance(vec![CursorMove { conversation: id, user: *user, delivered: 0, read }]).await.unwrap();
            }
            for user in people {
                recount(store, user, id, seed).await;
            }
        }
        for user in people {
            store.advance(vec![CursorMove { conversation: id, user, delivered: 0, read: u64::MAX }]).await.unwrap();
            let view = store.conversation(user, id).await.unwrap().unwrap();
            if let Some(own) = view.membership {
                assert_eq!((own.unread, own.mentions, own.read), (0, 0, view.seq), "seed {seed}: reading clears");
            }
        }
    }
}

async fn recount(store: &dyn Store, user: UserId, id: ConversationId, seed: u64) {
    let view = store.conversation(user, id).await.unwrap().unwrap();
    let Some(own) = view.membership else { return };
    let history = store.history(user, id, Window::After(own.read), 10_000).await.unwrap();
    let others = || history.iter().filter(|message| message.sender_id != user && message.deleted_at.is_none());
    let unread = others().filter(|m| m.kind == MessageKind::Text && m.parent_id.is_none()).count() as u64;
    let mentions = others().filter(|m| m.mentions.contains(&user) || m.mentions_all.is_some()).count() as u64;
    assert_eq!((own.unread, own.mentions), (unread.min(UNREAD_MAX), mentions.min(UNREAD_MAX)), "seed {seed}");
}
