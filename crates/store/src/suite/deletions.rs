//! Deletions of accounts: what ends at once, what is found to be done, and that nothing is left.

use laserchat_core::change::{Change, MessageAt};
use laserchat_core::contact::ContactAction;
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::{FileKind, Message, Role, Timestamp, UserId};

use super::files::ready;
use super::world::{THEN, World, hash, new_user};
use crate::{NewSession, NewUser, Store, TracePlace};

async fn session(store: &dyn Store, world: &World<'_>, user: UserId, secret: u64) {
    let session = NewSession {
        id: laserchat_protocol::SessionId(world.id()),
        user,
        name: "phone".into(),
        kind: Default::default(),
        refresh: hash(secret),
        created_at: THEN,
        address: Some("192.0.2.1".into()),
    };
    store.create_session(session).await.unwrap();
}

pub async fn it_begins_once_and_ends_once(store: &dyn Store) {
    let world = World::new(store);
    let [_owner, ann, bob] = world.people(["olive", "ann", "bob"]).await;
    let bot = NewUser { bot_owner: Some(ann), password_hash: None, ..new_user(UserId(world.id()), "annbot") };
    let bot = store.create_user(bot).await.unwrap().unwrap().id;
    session(store, &world, ann, 1).await;
    session(store, &world, ann, 2).await;
    session(store, &world, bob, 3).await;
    ready(&world, ann, 1, FileKind::File).await;
    let begun = store.begin_deletion(ann, THEN).await.unwrap().unwrap();
    assert_eq!((begun.sessions.len(), &begun.bots[..]), (2, &[bot][..]));
    assert_eq!((begun.report.sessions, begun.report.files, begun.report.finished), (2, 1, false));
    for gone in [ann, bot] {
        assert!(store.user(gone).await.unwrap().unwrap().disabled);
    }
    assert!(!store.user(bob).await.unwrap().unwrap().disabled);
    assert_eq!(store.sessions(bob).await.unwrap().len(), 1);
    let again = store.begin_deletion(ann, Timestamp(THEN.0 + 9)).await.unwrap().unwrap();
    assert_eq!(again.report, begun.report, "beginning again changes nothing");
    assert_eq!(store.unfinished_deletions().await.unwrap(), [ann]);
    assert_eq!(store.bots_to_delete(ann).await.unwrap(), [bot]);
    store.note_deletion(ann, DeletionReport { messages: 3, ..DeletionReport::default() }).await.unwrap();
    store.note_deletion(ann, DeletionReport { messages: 4, votes: 1, ..DeletionReport::default() }).await.unwrap();
    store.erase_profile(ann, bot).await.unwrap();
    assert!(store.bots_to_delete(ann).await.unwrap().is_empty());
    let report = store.finish_deletion(ann, THEN).await.unwrap();
    assert_eq!((report.messages, report.votes, report.finished), (7, 1, true));
    assert_eq!(store.finish_deletion(ann, Timestamp(1)).await.unwrap(), report);
    assert!(store.unfinished_deletions().await.unwrap().is_empty());
    assert_eq!(store.deletion(ann).await.unwrap(), Some(report));
    assert_eq!(store.deletion(bob).await.unwrap(), None);
    assert!(store.begin_deletion(bot, THEN).await.unwrap().is_none(), "a bot goes with its owner");
}

pub async fn votes_and_reactions_are_found_until_they_are_gone(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(bob, &[ann]).await;
    let said = world.say(group, bob, "hello").await;
    world.react(ann, &said, "👍", true).await;
    world.react(ann, &said, "🎉", true).await;
    world.react(bob, &said, "👍", true).await;
    let (open, closed) =
        (world.send(group, bob, world.question(true)).await, world.send(group, bob, world.question(true)).await);
    for poll in [&open, &closed] {
        world.vote(ann, poll, &[0, 1]).await;
        world.vote(bob, poll, &[1]).await;
    }
    world.close_poll(bob, &closed).await;
    let found = store.reacted(ann, group, 0, 10).await.unwrap();
    assert_eq!(found.len(), 2);
    let voted = store.voted(ann, group, 10).await.unwrap();
    assert_eq!(voted.iter().map(|message| message.id).collect::<Vec<_>>(), [open.id], "a closed poll is over");
    let at = |message: &Message| MessageAt::from(message);
    let back = Change::Voted { at: at(&voted[0]), user: ann, options: Vec::new(), now: THEN };
    world.now(group, vec![back]).await.unwrap();
    assert!(store.voted(ann, group, 10).await.unwrap().is_empty());
    for (_, emoji) in found {
        let message = world.look(ann, &said).await;
        let back = Change::Reacted { at: at(&message), user: ann, emoji, added: false, now: THEN };
        world.now(group, vec![back]).await.unwrap();
    }
    assert!(store.reacted(ann, group, 0, 10).await.unwrap().is_empty());
    while store.erase_personal(ann, ann).await.unwrap() {}
    let counts = async |poll: &Message| {
        let poll = world.look(bob, poll).await.poll.unwrap();
        (poll.options.iter().map(|option| option.count).collect::<Vec<_>>(), poll.voters)
    };
    assert_eq!(counts(&open).await, (vec![0, 1, 0], 1));
    assert_eq!(counts(&closed).await, (vec![1, 2, 0], 2), "what came of a vote that is over stays");
    let voters = store.voters(&closed, 1, None, 10).await.unwrap().items;
    assert_eq!(voters.iter().map(|voter| voter.user.id).collect::<Vec<_>>(), [bob], "without who it was");
    assert_eq!(store.voters(&closed, 0, None, 10).await.unwrap().items.len(), 0);
}

pub async fn nothing_personal_is_left(store: &dyn Store) {
    let world = World::new(store);
    let [_owner, ann, bob] = world.people(["olive", "ann", "bob"]).await;
    session(store, &world, ann, 1).await;
    for (user, other, action) in [(ann, bob, ContactAction::Request), (bob, ann, ContactAction::Accept)] {
        store.change_contact(user, other, action, THEN).await.unwrap().unwrap();
    }
    store.begin_export(ann, THEN).await.unwrap();
    let file = ready(&world, ann, 1, FileKind::File).await;
    super::belongings::draft_with(store, ann, &[file.id]).await;
    let kept = crate::KeptAnswer { request: hash(1), status: 201, body: format!("{{\"id\":\"{ann}\"}}").into() };
    store.keep_answer(bob, "a", kept.clone(), THEN).await.unwrap();
    store.keep_answer(bob, "b", crate::KeptAnswer { body: b"{}".to_vec(), ..kept }, THEN).await.unwrap();
    store.begin_deletion(ann, THEN).await.unwrap().unwrap();
    assert!(store.unused_files(ann, 10).await.unwrap().is_empty(), "the draft keeps it");
    while store.erase_personal(ann, ann).await.unwrap() {}
    assert_eq!(store.unused_files(ann, 10).await.unwrap(), [file.id]);
    assert!(store.remove_file(file.id).await.unwrap());
    let version = store.account(bob).await.unwrap().unwrap().version;
    assert_eq!(store.export(ann).await.unwrap(), None);
    assert!(store.contacts(ann, None, 10).await.unwrap().items.is_empty());
    assert!(store.contacts(bob, None, 10).await.unwrap().items.is_empty());
    assert!(!store.own_changes(bob, 0, 100).await.unwrap().items.is_empty() && version > 0, "the other is told");
    store.seen(vec![(ann, THEN), (bob, THEN)]).await.unwrap();
    let seen = store.last_seen(&[ann, bob]).await.unwrap();
    assert_eq!(seen, [(bob, THEN)], "what is noted late is not noted");
    assert!(!store.erase_personal(ann, ann).await.unwrap(), "there is nothing more");
    for _ in 0..2 {
        store.erase_profile(ann, ann).await.unwrap();
    }
    let ghost = store.user(ann).await.unwrap().unwrap();
    assert!(ghost.deleted && ghost.username != "ann" && ghost.about.is_empty());
    assert!(store.credentials("ann").await.unwrap().is_none());
    assert!(store.search_users(&["ann".into()], None, 10).await.unwrap().items.is_empty());
    assert_eq!(store.kept_answer(bob, "a").await.unwrap(), None, "it tells of somebody who is gone");
    assert!(store.kept_answer(bob, "b").await.unwrap().is_some());
    // The name is free again.
    store.create_user(new_user(UserId(world.id()), "ann")).await.unwrap().unwrap();
    let mut at = Some(TracePlace::default());
    let mut parts = 0;
    while let Some(part) = at {
        at = store.clear_traces(part).await.unwrap();
        parts += 1;
        assert!(parts < 1000, "it ends");
    }
    // A log that is just being moved makes it wait.
    let mut tries = 0;
    while !store.settle().await.unwrap() {
        tries += 1;
        assert!(tries < 1000, "nobody uses the store");
    }
    let report = store.finish_deletion(ann, THEN).await.unwrap();
    assert_eq!((report.files, report.contacts, report.sessions), (1, 1, 1), "{report:?}");
    assert!(store.check().await.unwrap().is_empty());
}

pub async fn heirs_are_people_by_rank(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let bot = NewUser { bot_owner: Some(bob), password_hash: None, ..new_user(UserId(world.id()), "bot") };
    let bot = store.create_user(bot).await.unwrap().unwrap().id;
    let group = world.group(ann, &[bot, bob, cid]).await;
    assert_eq!(store.heir(group, ann).await.unwrap(), Some(bob), "who has been there longest, and is no bot");
    let promoted = world.member(
        cid,
        Role::Moderator,
        laserchat_protocol::MemberState::Joined,
        laserchat_core::change::MemberChange::Updated,
    );
    world.now(group, vec![promoted]).await.unwrap();
    assert_eq!(store.heir(group, ann).await.unwrap(), Some(cid), "rank comes first");
    world.leave(group, cid).await;
    world.leave(group, bob).await;
    assert_eq!(store.heir(group, ann).await.unwrap(), None);
}
