//! The log: appending, refusing, reading back.

use laserchat_core::message::Draft;
use laserchat_core::{Change, MessageAt};
use laserchat_protocol::message::{Broadcast, Forwarded, SystemEvent};
use laserchat_protocol::reaction::{Reaction, ReactionChange};
use laserchat_protocol::{ConversationKind, Event, Message, MessageId, MessageKind, UserId};

use super::world::{World, sent, seqs};
use crate::{Append, AppendError, Store, Window};

pub async fn one_post_from_end_to_end(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let message = world.say(id, ann, "hello").await;
    assert_eq!((message.seq, message.changed, message.body.as_str()), (5, 5, "hello"));
    assert_eq!(store.message(bob, message.id).await.unwrap(), Some(message.clone()));
    assert_eq!(store.sent(ann, id, &message.client_id).await.unwrap(), Some(message.clone()));
    assert_eq!(store.sent(bob, id, &message.client_id).await.unwrap(), None);
    let page = store.history(bob, id, Window::Newest, 1).await.unwrap();
    assert_eq!(page, vec![message.clone()]);
    let changes = store.changes(bob, id, 4, 10).await.unwrap().unwrap();
    assert_eq!(changes.head, 5);
    assert_eq!(changes.items.len(), 1);
    assert!(matches!(&changes.items[0], Event::MessageSent(told) if told.message == message));
}

pub async fn seqs_are_dense(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let wanted = world.blank(ConversationKind::Group, ann);
    let id = wanted.id;
    let done = world.append(world.birth(wanted, &[bob], None)).await.unwrap();
    assert_eq!(seqs(&done), [1, 2, 3, 4], "created, two members, one line");
    let Event::ConversationCreated(told) = &done.changed[0].event else { panic!("{:?}", done.changed[0]) };
    assert_eq!(told.conversation.member_count, 2, "counted when all of it is done");
    assert_eq!(done.personal.len(), 2);
    for expected in 5..20 {
        assert_eq!(world.say(id, ann, "x").await.seq, expected);
    }
    assert_eq!(world.head(id).await, 19);
}

pub async fn wrong_positions_conflict(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let right = world.sending(id, ann, world.draft("x")).await;
    for expected in [0, 1, right.expected - 1, right.expected + 1, u64::MAX] {
        let answer = world.append(Append { expected, ..right.clone() }).await;
        assert!(matches!(answer, Err(AppendError::Conflict)), "{expected}: {answer:?}");
    }
    let nowhere = Append { conversation: laserchat_protocol::ConversationId(world.id()), expected: 1, ..right.clone() };
    assert!(matches!(world.append(nowhere).await, Err(AppendError::Conflict)));
    world.append(right.clone()).await.unwrap();
    assert!(matches!(world.append(right).await, Err(AppendError::Conflict | AppendError::Duplicate(_))));
}

pub async fn stale_versions_are_refused(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let message = world.say(id, ann, "first").await;
    world.edit(ann, &message, "second", &[]).await;
    let at = MessageAt::from(&message);
    let now = world.turn().now;
    let missing = MessageAt { seq: 1, ..at };
    let other = MessageAt { id: MessageId(1), changed: message.changed + 1, ..at };
    for at in [at, missing, other] {
        let changes = [
            Change::MessageErased { at, deleted_at: now, was_pinned: false },
            Change::Pinned { at, pin: Some((ann, now)) },
            Change::Reacted { at, user: ann, emoji: "👍".into(), added: true, now },
        ];
        for change in changes {
            let answer = world.now(id, vec![change]).await;
            assert!(matches!(answer, Err(AppendError::Stale)), "{answer:?}");
        }
    }
    assert_eq!(world.look(ann, &message).await.body, "second");
}

pub async fn a_retry_returns_the_first_result(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let draft = world.draft("once");
    let first = world.send(id, ann, draft.clone()).await;
    world.react(ann, &first, "👍", true).await;
    let again = world.sending(id, ann, draft.clone()).await;
    match world.append(again).await {
        Err(AppendError::Duplicate(found)) => {
            assert_eq!(found.id, first.id);
            assert_eq!(found.reactions, [Reaction { emoji: "👍".into(), count: 1, me: Some(true) }]);
        }
        other => panic!("{other:?}"),
    }
    // Somebody else's client may have chosen the same name.
    world.send(id, bob, draft).await;
}

pub async fn appends_of_a_group_follow_each_other(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let (one, two) = (world.group(ann, &[]).await, world.group(ann, &[]).await);
    let mut group = Vec::new();
    for conversation in [one, two, one, one, two] {
        let mut append = world.sending(conversation, ann, world.draft("x")).await;
        let before = group.iter().filter(|a: &&Append| a.conversation == conversation).count() as u64;
        append.expected += before;
        group.push(append);
    }
    let answers = store.append(group).await.unwrap();
    let got: Vec<_> = answers.into_iter().map(|answer| seqs(&answer.unwrap())[0]).collect();
    assert_eq!(got, [4, 4, 5, 6, 5]);
    assert_eq!((world.head(one).await, world.head(two).await), (6, 5));
    // A conversation can be born and written to in one group.
    let birth = world.birth(world.blank(ConversationKind::Group, ann), &[], None);
    let id = birth.conversation;
    let mut first = world.sending(one, ann, world.draft("first")).await;
    (first.conversation, first.expected) = (id, birth.changes.len() as u64 + 1);
    let born = store.append(vec![birth, first]).await.unwrap();
    assert!(born.iter().all(Result::is_ok));
    assert_eq!(world.head(id).await, 4);
    world.say(id, ann, "second").await;
}

pub async fn a_refused_append_disturbs_no_other(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let kept = world.say(id, ann, "kept").await;
    let good = world.sending(id, ann, world.draft("good")).await;
    let next = Append { expected: good.expected + 1, ..world.sending(id, ann, world.draft("next")).await };
    let conflict = world.sending(id, ann, world.draft("conflict")).await;
    let retry = Append {
        expected: good.expected + 1,
        ..world.sending(id, ann, Draft { client_id: kept.client_id.clone(), ..world.draft("retry") }).await
    };
    // The first change of this one is fine; the second refuses all of it.
    let mut half = world.sending(id, ann, world.draft("half")).await;
    half.expected = good.expected + 1;
    let at = MessageAt { changed: kept.changed + 7, ..MessageAt::from(&kept) };
    half.changes.push(Change::MessageErased { at, deleted_at: world.turn().now, was_pinned: false });
    let answers = store.append(vec![good, conflict, half, retry, next]).await.unwrap();
    assert!(matches!(
        &answers[..],
        [Ok(_), Err(AppendError::Conflict), Err(AppendError::Stale), Err(AppendError::Duplicate(_)), Ok(_)]
    ));
    let bodies: Vec<_> = store.history(ann, id, Window::Newest, 3).await.unwrap().into_iter().map(|m| m.body).collect();
    assert_eq!(bodies, ["kept", "good", "next"]);
}

/// Many write to one conversation at once, each trying again when another was faster.
pub async fn appenders_never_leave_a_gap(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let before = world.head(id).await;
    let appender = |_| async {
        for _ in 0..10 {
            loop {
                let append = world.sending(id, ann, world.draft("x")).await;
                match world.append(append).await {
                    Ok(_) => break,
                    Err(AppendError::Conflict) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    };
    futures_util::future::join_all((0..8).map(appender)).await;
    let page = store.history(ann, id, Window::After(before), 1000).await.unwrap();
    let seqs: Vec<_> = page.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (before + 1..=before + 80).collect::<Vec<_>>());
}

pub async fn windows(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let first = world.say(id, ann, "0").await.seq;
    for n in 1..10 {
        world.say(id, ann, &n.to_string()).await;
    }
    let read = |window, limit| async move {
        let page = store.history(ann, id, window, limit).await.unwrap();
        page.iter().filter(|m| m.kind == MessageKind::Text).map(|m| m.body.clone()).collect::<String>()
    };
    assert_eq!(read(Window::Newest, 3).await, "789");
    assert_eq!(read(Window::Before(first + 5), 3).await, "234");
    assert_eq!(read(Window::After(first + 5), 3).await, "678");
    assert_eq!(read(Window::Around(first + 5), 4).await, "3456");
    assert_eq!(read(Window::Around(first + 9), 4).await, "6789");
    assert_eq!(read(Window::Around(u64::MAX), 4).await, "6789");
    assert_eq!(read(Window::Before(u64::MAX), 2).await, "89");
    assert_eq!(read(Window::After(u64::MAX), 2).await, "");
    assert_eq!(read(Window::Before(0), 2).await, "");
    assert_eq!(read(Window::Newest, 1000).await, "0123456789");
}

pub async fn reactions(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let message = world.say(id, ann, "x").await;
    let done = world.react(bob, &message, "🎉", true).await;
    let change = ReactionChange { user_id: bob, emoji: "🎉".into(), added: true };
    let Event::MessageUpdated(told) = &done.changed[0].event else { panic!("{:?}", done.changed[0]) };
    assert_eq!(told.reaction.as_ref(), Some(&change));
    assert_eq!(told.message.reactions, [Reaction { emoji: "🎉".into(), count: 1, me: None }]);
    let Some((who, Event::MessageUpdated(own))) = &done.changed[0].own else { panic!("{:?}", done.changed[0]) };
    assert_eq!(*who, bob);
    assert_eq!(own.message.reactions, [Reaction { emoji: "🎉".into(), count: 1, me: Some(true) }]);
    world.react(ann, &message, "👍", true).await;
    world.react(ann, &message, "🎉", true).await;
    let seen = |emoji: &str, count, me| Reaction { emoji: emoji.into(), count, me: Some(me) };
    // In the order of their first use, whoever asks.
    assert_eq!(world.look(ann, &message).await.reactions, [seen("🎉", 2, true), seen("👍", 1, true)]);
    assert_eq!(world.look(bob, &message).await.reactions, [seen("🎉", 2, true), seen("👍", 1, false)]);
    world.react(bob, &message, "🎉", false).await;
    world.react(ann, &message, "👍", false).await;
    assert_eq!(world.look(bob, &message).await.reactions, [seen("🎉", 1, false)]);
    let page = store.history(ann, id, Window::Newest, 1).await.unwrap();
    assert_eq!(page[0].reactions, [seen("🎉", 1, true)]);
    world.react(ann, &message, "🎉", false).await;
    assert_eq!(world.look(bob, &message).await.reactions, []);
}

pub async fn reactors_are_paged(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid", "dan", "eve"]).await;
    let id = world.group(people[0], &people[1..]).await;
    let message = world.say(id, people[0], "x").await;
    for person in people {
        world.react(person, &message, "👍", true).await;
    }
    world.react(people[2], &message, "🎉", true).await;
    let mut got: Vec<UserId> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = store.reactors(&message, "👍", cursor.as_deref(), 2).await.unwrap();
        got.extend(page.items.iter().map(|reactor| reactor.user.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(got, people);
    assert!(store.reactors(&message, "👎", None, 2).await.unwrap().items.is_empty());
}

pub async fn threads(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob, cid]).await;
    let parent = world.say(id, ann, "parent").await;
    let append = world.sending(id, bob, Draft { parent: Some((&parent).into()), ..world.draft("one") }).await;
    let done = world.append(append).await.unwrap();
    let one = sent(&done);
    let Event::MessageUpdated(told) = &done.changed[1].event else { panic!("{:?}", done.changed[1]) };
    assert_eq!((told.message.id, told.message.reply_count, told.seq), (parent.id, 1, one.seq + 1));
    assert_eq!(told.message.last_reply_at, Some(one.created_at));
    let two = world.reply(bob, &parent, "two").await;
    let ids = |page: Vec<Message>| page.into_iter().map(|message| message.id).collect::<Vec<_>>();
    assert_eq!(ids(store.replies(ann, &parent, 0, 10).await.unwrap()), [one.id, two.id]);
    assert_eq!(ids(store.replies(ann, &parent, one.seq, 10).await.unwrap()), [two.id]);
    assert_eq!(ids(store.replies(ann, &parent, 0, 1).await.unwrap()), [one.id]);
    world.erase(bob, &two).await;
    let seen = world.look(cid, &parent).await;
    assert_eq!((seen.reply_count, seen.last_reply_at), (1, Some(one.created_at)));
    world.erase(bob, &one).await;
    let seen = world.look(cid, &parent).await;
    assert_eq!((seen.reply_count, seen.last_reply_at), (0, None));
}

pub async fn following(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob, cid]).await;
    let parent = world.say(id, ann, "parent").await;
    let follows = async |user| world.look(user, &parent).await.following;
    assert!(!follows(ann).await);
    world.reply(bob, &parent, "one").await;
    assert!(follows(ann).await && follows(bob).await && !follows(cid).await);
    store.follow(cid, &parent, true).await.unwrap();
    store.follow(ann, &parent, false).await.unwrap();
    assert!(follows(cid).await && !follows(ann).await);
    // A choice not to follow outlives replies of others, but not one's own.
    world.reply(bob, &parent, "two").await;
    assert!(!follows(ann).await);
    world.reply(ann, &parent, "three").await;
    assert!(follows(ann).await);
    // A message without replies can be followed as well.
    let lone = world.say(id, ann, "lone").await;
    store.follow(bob, &lone, true).await.unwrap();
    assert!(store.history(bob, id, Window::Newest, 1).await.unwrap()[0].following);
}

pub async fn pins(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let (one, two) = (world.say(id, ann, "one").await, world.say(id, ann, "two").await);
    world.pin(ann, &two, true).await;
    let done = world.pin(ann, &one, true).await;
    assert_eq!(done.changed.len(), 2, "the pin and the line that tells of it");
    let ids = || async { store.pins(ann, id).await.unwrap().into_iter().map(|m| m.id).collect::<Vec<_>>() };
    assert_eq!(ids().await, [one.id, two.id], "the latest pin first");
    assert_eq!(world.room(id, &[]).await.pins, 2);
    assert_eq!(world.look(ann, &one).await.pinned_by, Some(ann));
    world.pin(ann, &two, false).await;
    assert_eq!(ids().await, [one.id]);
    world.erase(ann, &one).await;
    assert!(ids().await.is_empty());
    assert_eq!(world.room(id, &[]).await.pins, 0);
}

pub async fn deleting_leaves_a_tombstone(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let draft = Draft { mentions: vec![bob], ..world.draft("secret") };
    let message = world.send(id, ann, draft).await;
    world.react(bob, &message, "👍", true).await;
    world.pin(ann, &message, true).await;
    let done = world.erase(ann, &message).await;
    let Event::MessageDeleted(told) = &done.changed[0].event else { panic!("{:?}", done.changed[0]) };
    let left = &told.message;
    assert_eq!((left.id, left.seq, left.body.as_str()), (message.id, message.seq, ""));
    assert!(left.deleted_at.is_some() && left.pinned_at.is_none() && left.pinned_by.is_none());
    assert!(left.reactions.is_empty() && left.mentions.is_empty());
    assert_eq!(world.look(bob, &message).await, *left);
    assert!(store.reactors(&message, "👍", None, 10).await.unwrap().items.is_empty());
    let changes = store.changes(bob, id, message.seq, 100).await.unwrap().unwrap();
    let told = |event: &&Event| matches!(event, Event::MessageDeleted(told) if told.message.id == message.id);
    assert_eq!(changes.items.iter().filter(told).count(), 1);
    // The name stays used: a retry must not bring the message back.
    assert_eq!(store.sent(ann, id, &message.client_id).await.unwrap().map(|m| m.id), Some(message.id));
}

pub async fn mentions_follow_edits(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob, cid]).await;
    let mentioned = |user| async move {
        let view = store.conversation(user, id).await.unwrap().unwrap();
        view.membership.unwrap().mentions
    };
    let message = world.send(id, ann, Draft { mentions: vec![bob, ann], ..world.draft("@bob @ann") }).await;
    assert_eq!((mentioned(ann).await, mentioned(bob).await, mentioned(cid).await), (0, 1, 0));
    world.edit(ann, &message, "@cid", &[cid]).await;
    assert_eq!((mentioned(bob).await, mentioned(cid).await), (0, 1));
    let all = Draft { mentions: vec![cid], mentions_all: Some(Broadcast::Channel), ..world.draft("@channel @cid") };
    world.send(id, ann, all).await;
    assert_eq!((mentioned(ann).await, mentioned(bob).await, mentioned(cid).await), (0, 1, 2));
    world.erase(ann, &message).await;
    assert_eq!((mentioned(bob).await, mentioned(cid).await), (1, 1));
}

pub async fn forwarded_and_system(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let original = world.say(id, ann, "original").await;
    let forwarded =
        Forwarded { message_id: original.id, conversation_id: id, sender_id: ann, created_at: original.created_at };
    let copy = world.send(id, ann, Draft { forwarded_from: Some(forwarded.clone()), ..world.draft("original") }).await;
    assert_eq!(world.look(ann, &copy).await.forwarded_from, Some(forwarded));
    let page = store.history(ann, id, Window::After(0), 1).await.unwrap();
    assert_eq!((page[0].kind, &page[0].system), (MessageKind::System, &Some(SystemEvent::Created)));
}
