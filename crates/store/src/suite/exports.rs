//! Exports: which are asked for, and what belongs into them.

use laserchat_protocol::Timestamp;
use laserchat_protocol::export::ExportState;

use super::world::{THEN, World};
use crate::Store;

pub async fn one_at_a_time(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    assert_eq!(store.export(ann).await.unwrap(), None);
    let (export, new) = store.begin_export(ann, THEN).await.unwrap();
    assert!(new && export.state == ExportState::Running && export.created_at == THEN);
    let again = store.begin_export(ann, Timestamp(THEN.0 + 1)).await.unwrap();
    assert_eq!(again, (export, false), "the one that is being written is the answer");
    store.begin_export(bob, Timestamp(THEN.0 + 1)).await.unwrap();
    assert_eq!(store.unfinished_exports().await.unwrap(), [ann, bob], "the oldest first");
    assert!(store.finish_export(ann, Some(7), Timestamp(5), Timestamp(9)).await.unwrap());
    assert!(!store.finish_export(ann, Some(8), Timestamp(6), Timestamp(9)).await.unwrap(), "it is finished once");
    let done = store.export(ann).await.unwrap().unwrap();
    assert_eq!((done.state, done.bytes, done.finished_at), (ExportState::Ready, Some(7), Some(Timestamp(5))));
    let (replaced, new) = store.begin_export(ann, Timestamp(10)).await.unwrap();
    assert!(new && replaced.state == ExportState::Running && replaced.bytes.is_none());
}

pub async fn they_end(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    for user in [ann, bob, cid] {
        store.begin_export(user, THEN).await.unwrap();
    }
    store.finish_export(ann, Some(7), Timestamp(5), Timestamp(9)).await.unwrap();
    store.finish_export(bob, None, Timestamp(5), Timestamp(9)).await.unwrap();
    assert_eq!(store.export(bob).await.unwrap().unwrap().state, ExportState::Failed);
    assert!(store.expire_exports(Timestamp(8)).await.unwrap().is_empty());
    let mut ended = store.expire_exports(Timestamp(9)).await.unwrap();
    ended.sort_unstable();
    assert_eq!(ended, [ann, bob], "one that is being written does not end");
    assert_eq!(store.export(ann).await.unwrap(), None);
    assert_eq!(store.unfinished_exports().await.unwrap(), [cid]);
    // Nobody asks for it any more: the account went meanwhile.
    assert!(!store.finish_export(ann, Some(7), Timestamp(5), Timestamp(9)).await.unwrap());
}

pub async fn only_ones_own(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(bob, &[ann]).await;
    let elsewhere = world.group(bob, &[]).await;
    let first = world.say(group, ann, "one").await;
    let others = world.say(group, bob, "not ann's").await;
    let gone = world.say(group, ann, "gone").await;
    world.erase(ann, &gone).await;
    let reply = world.reply(ann, &others, "reply").await;
    world.react(ann, &others, "👍", true).await;
    world.react(bob, &first, "🎉", true).await;
    let poll = world.send(group, bob, world.question(true)).await;
    world.vote(ann, &poll, &[0, 2]).await;
    world.leave(group, ann).await;
    assert_eq!(store.conversations_ever(ann).await.unwrap(), [group], "also after leaving");
    assert_eq!(store.conversations_ever(bob).await.unwrap(), [group, elsewhere]);
    let mut mine = Vec::new();
    let mut after = 0;
    loop {
        let (page, next) = store.messages_of(ann, group, after, 2).await.unwrap();
        mine.extend(page.into_iter().map(|(message, parent)| (message.id, parent.map(|parent| parent.id))));
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(mine, [(first.id, None), (reply.id, Some(others.id))]);
    let opinions = store.opinions_of(ann, group).await.unwrap();
    let reactions: Vec<_> = opinions.reactions.iter().map(|(message, emoji, _)| (*message, emoji.as_str())).collect();
    let votes: Vec<_> = opinions.votes.iter().map(|(message, option, _)| (*message, *option)).collect();
    assert_eq!((reactions, votes), (vec![(others.id, "👍")], vec![(poll.id, 0), (poll.id, 2)]));
}
