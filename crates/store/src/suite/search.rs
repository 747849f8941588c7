//! Search: it finds what is there now and what the searcher may see, and nothing else.

use std::sync::Arc;

use laserchat_core::change::MemberChange;
use laserchat_core::search::{Facts, Term, Wanted};
use laserchat_protocol::{ConversationId, ConversationKind, MemberState, Message, Role, Seq, UserId};

use super::world::{Dice, World};
use crate::{Begin, FollowerCursor, FollowerStep, Lesson, Store};

const INDEX: &str = "search";

/// Lets the index catch up, as a follower would.
pub async fn learn(store: &dyn Store) {
    store.enrol(INDEX, Begin::AtStart).await.unwrap();
    for behind in store.behind(INDEX, ConversationId(0), 10_000).await.unwrap() {
        store.index(INDEX, vec![lesson(store, behind).await]).await.unwrap();
    }
    assert_eq!(store.behind(INDEX, ConversationId(0), 1).await.unwrap(), []);
}

/// Everything after a cursor.
async fn lesson(store: &dyn Store, cursor: FollowerCursor) -> Lesson {
    let after = cursor.seq;
    let Some(changes) = store.changes(UserId(0), cursor.conversation, after, 10_000).await.unwrap() else {
        return Lesson {
            step: FollowerStep { conversation: cursor.conversation, after, upto: after, gone: true },
            events: Vec::new(),
        };
    };
    let events = changes.items.into_iter().map(Arc::new).collect();
    let step = FollowerStep { conversation: cursor.conversation, after, upto: changes.head, gone: false };
    Lesson { step, events }
}

fn words(text: &str) -> Wanted {
    Wanted { terms: text.split(' ').filter_map(Term::new).collect(), ..Wanted::default() }
}

async fn found(store: &dyn Store, viewer: UserId, wanted: Wanted) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    let mut before = None;
    loop {
        // Small pages, so that every search goes through several.
        let page = store.find_messages(viewer, wanted.clone(), before, 3).await.unwrap();
        assert!(page.messages.len() <= 3);
        all.extend(page.messages);
        match page.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest first, each once");
    all
}

async fn bodies(store: &dyn Store, viewer: UserId, wanted: Wanted) -> Vec<String> {
    found(store, viewer, wanted).await.into_iter().map(|message| message.body).collect()
}

pub async fn words_and_phrases(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    for body in ["Good morning, Café!", "the morning was good", "東京都に行く", "спасибо, ёлка", "👍🏽 thanks", "مُحَمَّد"]
    {
        world.say(id, ann, body).await;
    }
    learn(store).await;
    let phrase = |text| Wanted { terms: Term::new(text).into_iter().collect(), ..Wanted::default() };
    assert_eq!(bodies(store, ann, words("good morning")).await, ["the morning was good", "Good morning, Café!"]);
    assert_eq!(bodies(store, ann, phrase("good morning")).await, ["Good morning, Café!"]);
    assert_eq!(bodies(store, ann, words("cafe")).await, ["Good morning, Café!"]);
    for text in ["京", "東京", "京都に", "東京都に行く"] {
        assert_eq!(bodies(store, ann, words(text)).await, ["東京都に行く"], "{text}");
    }
    assert_eq!(bodies(store, ann, words("東都")).await, Vec::<String>::new());
    assert_eq!(bodies(store, ann, words("елка")).await.len(), 1);
    assert_eq!(bodies(store, ann, words("👍")).await.len(), 1);
    assert_eq!(bodies(store, ann, words("محمد")).await.len(), 1);
    let typing = Wanted { terms: vec![Term::new("morn").unwrap().open()], ..Wanted::default() };
    assert_eq!(bodies(store, ann, typing).await.len(), 2);
    let without = Wanted { unwanted: Term::new("cafe").into_iter().collect(), ..words("good") };
    assert_eq!(bodies(store, ann, without).await, ["the morning was good"]);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

/// After a change there is nothing to wait for: what is no more is not found, even before the index has learned.
pub async fn only_what_is_there(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let message = world.say(id, ann, "first words").await;
    learn(store).await;
    assert_eq!(found(store, bob, words("first")).await.len(), 1);

    world.edit(ann, &message, "second words", &[bob]).await;
    assert_eq!(found(store, bob, words("first")).await.len(), 0);
    learn(store).await;
    assert_eq!(found(store, bob, words("first")).await.len(), 0);
    let again = found(store, bob, words("second")).await;
    assert_eq!(again, [world.look(bob, &message).await]);
    let me = Wanted { mentions: Some(bob), ..Wanted::default() };
    assert_eq!(found(store, bob, me.clone()).await.len(), 1);

    // What the index learns of a message that has changed once more since, and what comes twice.
    let known = world.head(id).await;
    world.edit(ann, &message, "other words", &[bob]).await;
    let late = lesson(store, FollowerCursor { conversation: id, seq: known, gone: false }).await;
    world.edit(ann, &message, "third words", &[]).await;
    store.index(INDEX, vec![late.clone()]).await.unwrap();
    store.index(INDEX, vec![late.clone()]).await.unwrap();
    assert_eq!(found(store, bob, words("third")).await.len(), 1, "the present state counts");
    assert_eq!(found(store, bob, words("second")).await.len(), 0);
    assert_eq!(found(store, bob, me).await.len(), 0);

    world.erase(ann, &message).await;
    assert_eq!(found(store, bob, words("words")).await.len(), 0);
    store.index(INDEX, vec![late]).await.unwrap();
    learn(store).await;
    assert_eq!(found(store, bob, words("words")).await.len(), 0);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

pub async fn only_what_one_may_see(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    // Enough conversations that the search tries both of its ways.
    let mut rooms = Vec::new();
    for _ in 0..12 {
        rooms.push(world.group(ann, &[bob]).await);
    }
    let hidden = world.group(ann, &[]).await;
    for id in rooms.iter().chain([&hidden]) {
        world.say(*id, ann, "a common word").await;
    }
    for _ in 0..400 {
        world.say(hidden, ann, "a common word").await;
    }
    learn(store).await;
    assert_eq!(found(store, bob, words("common")).await.len(), 12);
    let within = |id| Wanted { within: Some(vec![id]), ..words("common") };
    assert_eq!(found(store, bob, within(hidden)).await.len(), 0, "asking for it does not help");
    assert_eq!(found(store, bob, within(rooms[3])).await.len(), 1);
    world.leave(rooms[0], bob).await;
    assert_eq!(found(store, bob, words("common")).await.len(), 11);
    world.now(hidden, vec![world.member(bob, Role::Member, MemberState::Joined, MemberChange::Added)]).await.unwrap();
    assert_eq!(found(store, bob, words("common")).await.len(), 412, "who joins sees what was written before");
    let room = world.room(hidden, &[ann]).await;
    let changes = laserchat_core::conversation::delete(&room, ann, &world.turn()).unwrap();
    world.now(hidden, changes).await.unwrap();
    assert_eq!(found(store, bob, words("common")).await.len(), 11);
    learn(store).await;
    while store.purge_deleted(100).await.unwrap() {}
    assert_eq!(found(store, ann, words("common")).await.len(), 12);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

pub async fn facts_are_those_of_now(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let message = world.say(id, ann, "look at https://example.org").await;
    world.say(id, ann, "nothing special").await;
    let with = |facts| Wanted { facts, ..Wanted::default() };
    let without = |facts| Wanted { not_facts: facts, ..words("look") };
    learn(store).await;
    assert_eq!(found(store, ann, with(Facts::LINK)).await.len(), 1);
    assert_eq!(found(store, ann, with(Facts::REACTION)).await.len(), 0);
    world.react(ann, &message, "👍", true).await;
    world.pin(ann, &message, true).await;
    world.reply(ann, &message, "an answer").await;
    learn(store).await;
    assert_eq!(found(store, ann, with(Facts::REACTION.with(Facts::PINNED))).await.len(), 1);
    assert_eq!(found(store, ann, with(Facts::THREAD)).await.len(), 2, "the message and its reply");
    assert_eq!(found(store, ann, without(Facts::PINNED)).await.len(), 0);
    world.react(ann, &message, "👍", false).await;
    world.pin(ann, &message, false).await;
    assert_eq!(found(store, ann, with(Facts::PINNED)).await.len(), 0, "no message is shown for what it was");
    learn(store).await;
    assert_eq!(found(store, ann, with(Facts::REACTION)).await.len(), 0);
    assert_eq!(found(store, ann, without(Facts::PINNED)).await.len(), 1);
    world.edit(ann, &message, "look again", &[]).await;
    learn(store).await;
    assert_eq!(found(store, ann, with(Facts::EDITED)).await.len(), 1);
    assert_eq!(found(store, ann, with(Facts::LINK)).await.len(), 0);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

pub async fn a_new_index(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    assert!(!store.renew_index(INDEX, 1, false).await.unwrap(), "the first is made by itself");
    let message = world.say(id, ann, "some words").await;
    learn(store).await;
    assert!(!store.renew_index(INDEX, 1, false).await.unwrap());
    let stale = lesson(store, FollowerCursor { conversation: id, seq: world.head(id).await, gone: false }).await;

    assert!(store.renew_index(INDEX, 2, false).await.unwrap());
    assert!(store.renew_index(INDEX, 3, false).await.is_err(), "one after the other");
    assert!(!store.index(INDEX, vec![stale]).await.unwrap());
    assert_eq!(store.followed(INDEX, id).await.unwrap(), 0, "what does not continue the new index is not noted");
    world.edit(ann, &message, "other words", &[]).await;
    while store.clear_old_index(1).await.unwrap() {}
    learn(store).await;
    assert_eq!(found(store, ann, words("other")).await.len(), 1);
    assert_eq!(found(store, ann, words("some")).await.len(), 0);
    assert!(store.renew_index(INDEX, 2, true).await.unwrap(), "as often as somebody wants");
    while store.clear_old_index(1000).await.unwrap() {}
    learn(store).await;
    assert_eq!(found(store, ann, words("other")).await.len(), 1);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

pub async fn names_of_conversations(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let named = |kind, name: &str, public| {
        let mut wanted = world.blank(kind, ann);
        wanted.name = Some(name.to_owned());
        wanted.public = public;
        wanted
    };
    let cafe = world.create(named(ConversationKind::Group, "Café Team", false), &[]).await;
    let open = world.create(named(ConversationKind::Channel, "Coffee", true), &[]).await;
    let both = world.create(named(ConversationKind::Channel, "Cafeteria", true), &[bob]).await;
    assert_eq!(store.conversations_called(ann, "cafe-team").await.unwrap(), [cafe]);
    assert_eq!(store.conversations_called(ann, "cafe").await.unwrap(), []);
    assert_eq!(store.conversations_called(bob, "cafe team").await.unwrap(), []);
    let ids = async |user, word: &str| {
        let mut ids = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = store.find_channels(user, &[word.to_owned()], cursor.as_deref(), 1).await.unwrap();
            ids.extend(page.items.iter().map(|conversation| conversation.id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return ids,
            }
        }
    };
    assert_eq!(ids(ann, "caf").await, [both, cafe]);
    assert_eq!(ids(bob, "caf").await, [both]);
    assert_eq!(ids(bob, "co").await, [open]);
}

/// People come and go, write, edit and delete, while the index learns now and then: what each finds is what a look at every
/// message finds that is there, that the index has learned, and that they may see.
pub async fn finding_equals_looking(store: &dyn Store) {
    const WORDS: [&str; 8] = ["sun", "moon", "star", "sky", "京都", "都", "café", "🌙"];
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cleo", "dan"]).await;
    let mut dice = Dice::new(7);
    let mut rooms = Vec::new();
    for _ in 0..10 {
        rooms.push(world.group(people[0], &[people[1]]).await);
    }
    let mut messages: Vec<Message> = Vec::new();
    // The newest change of each message that the index knows of.
    let mut learned: Vec<Seq> = Vec::new();
    for step in 0..400 {
        let (id, who) = (rooms[dice.below(rooms.len())], people[dice.below(people.len())]);
        let joined = world.room(id, &[who]).await.joined(who).is_some();
        let text = (0..1 + dice.below(4)).map(|_| WORDS[dice.below(8)]).collect::<Vec<_>>().join(" ");
        match dice.below(12) {
            0 if !joined => {
                let member = world.member(who, Role::Member, MemberState::Joined, MemberChange::Added);
                world.now(id, vec![member]).await.unwrap();
            }
            1 if joined && who != people[0] => drop(world.leave(id, who).await),
            2 | 3 if !messages.is_empty() => {
                let message = &messages[dice.below(messages.len())];
                let author = message.sender_id;
                let there = world.room(message.conversation_id, &[author]).await.joined(author).is_some();
                if there && world.look(author, message).await.deleted_at.is_none() {
                    if dice.below(2) == 0 {
                        world.edit(author, message, &text, &[]).await;
                    } else {
                        world.erase(author, message).await;
                    }
                }
            }
            _ if joined => {
                messages.push(world.say(id, who, &text).await);
                learned.push(0);
            }
            _ => {}
        }
        if step % 7 == 0 {
            learn(store).await;
            for (message, learned) in messages.iter().zip(&mut learned) {
                *learned = world.look(message.sender_id, message).await.changed;
            }
        }
        if step % 5 == 0 {
            let wanted = Wanted {
                terms: (0..1 + dice.below(2)).filter_map(|_| Term::new(WORDS[dice.below(8)])).collect(),
                unwanted: (0..dice.below(2)).filter_map(|_| Term::new(WORDS[dice.below(8)])).collect(),
                from: (dice.below(4) == 0).then(|| vec![people[dice.below(4)]]),
                within: (dice.below(4) == 0).then(|| vec![rooms[dice.below(10)], rooms[dice.below(10)]]),
                ..Wanted::default()
            };
            for viewer in people {
                let mut expected = Vec::new();
                for (message, learned) in messages.iter().zip(&learned) {
                    let now = world.look(viewer, message).await;
                    let joined = world.room(now.conversation_id, &[viewer]).await.joined(viewer).is_some();
                    // An edit that the index has not learned is not found, neither by the old words nor by the new ones.
                    if joined && wanted.fits(&now) && now.changed == *learned {
                        expected.push(now);
                    }
                }
                expected.sort_by_key(|message| std::cmp::Reverse(message.id));
                assert_eq!(found(store, viewer, wanted.clone()).await, expected, "step {step}: {wanted:?}");
            }
        }
    }
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
