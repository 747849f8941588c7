//! Polls: votes and their counts, who voted, and which polls are to be closed.

use laserchat_core::message::Draft;
use laserchat_protocol::{Event, Message, Timestamp};

use super::world::World;
use crate::Store;

fn counts(message: &Message) -> Vec<u64> {
    message.poll.as_ref().unwrap().options.iter().map(|option| option.count).collect()
}

fn mine(message: &Message) -> Vec<Option<bool>> {
    message.poll.as_ref().unwrap().options.iter().map(|option| option.me).collect()
}

pub async fn votes_are_counted_and_ones_own_is_known(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    let poll = world.send(group, ann, world.question(true)).await;
    let done = world.vote(bob, &poll, &[2, 0]).await;
    // Everybody is told the counts, and only the voter the vote.
    let [changed] = &done.changed[..] else { panic!("{done:?}") };
    let Event::MessageUpdated(shared) = &changed.event else { panic!("{changed:?}") };
    assert_eq!((counts(&shared.message), mine(&shared.message)), (vec![1, 0, 1], vec![None; 3]));
    let Some((user, Event::MessageUpdated(own))) = &changed.own else { panic!("{changed:?}") };
    assert_eq!((*user, mine(&own.message)), (bob, vec![Some(true), Some(false), Some(true)]));
    world.vote(ann, &poll, &[2]).await;
    world.vote(bob, &poll, &[1, 2]).await;
    let seen = world.look(bob, &poll).await;
    assert_eq!((counts(&seen), mine(&seen)), (vec![0, 1, 2], vec![Some(false), Some(true), Some(true)]));
    assert_eq!(seen.poll.as_ref().unwrap().voters, 2);
    world.vote(bob, &poll, &[]).await;
    world.close_poll(ann, &poll).await;
    let seen = world.look(ann, &poll).await;
    assert_eq!((counts(&seen), mine(&seen)), (vec![0, 0, 1], vec![Some(false), Some(false), Some(true)]));
    let poll = seen.poll.unwrap();
    assert!(poll.voters == 1 && poll.closed_at.is_some());
}

pub async fn voters_are_paged(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid", "dan", "eve"]).await;
    let group = world.group(people[0], &people[1..]).await;
    let poll = world.send(group, people[0], world.question(false)).await;
    for (number, user) in people.iter().enumerate() {
        world.vote(*user, &poll, &[number as u32 % 2]).await;
    }
    let mut voters = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = store.voters(&poll, 0, cursor.as_deref(), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        voters.extend(page.items.into_iter().map(|voter| voter.user.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(voters, [people[0], people[2], people[4]], "the first first");
    assert!(store.voters(&poll, 2, None, 10).await.unwrap().items.is_empty());
    assert!(store.voters(&poll, 0, Some("nonsense"), 10).await.unwrap().items.is_empty());
}

pub async fn what_is_to_be_closed(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let group = world.group(ann, &[]).await;
    let closing = |at| {
        let mut draft: Draft = world.question(false);
        draft.poll.as_mut().unwrap().closes_at = Some(Timestamp(at));
        draft
    };
    assert_eq!(store.next_moment().await.unwrap(), None);
    let late = world.send(group, ann, closing(4_000_000_000_000)).await;
    let soon = world.send(group, ann, closing(3_000_000_000_000)).await;
    world.send(group, ann, world.question(false)).await;
    assert_eq!(store.next_moment().await.unwrap(), Some(Timestamp(3_000_000_000_000)));
    let due = async |now| {
        let due = store.due_polls(Timestamp(now), 10).await.unwrap();
        due.into_iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(due(2_999_999_999_999).await, []);
    assert_eq!(due(4_000_000_000_000).await, [soon.id, late.id]);
    world.close_poll(ann, &soon).await;
    assert_eq!(due(4_000_000_000_000).await, [late.id], "what is closed is not due");
    world.erase(ann, &late).await;
    assert_eq!((due(i64::MAX).await, store.next_moment().await.unwrap()), (vec![], None));
}

pub async fn an_erased_poll_leaves_no_votes(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    let poll = world.send(group, ann, world.question(false)).await;
    world.vote(bob, &poll, &[1]).await;
    world.erase(ann, &poll).await;
    assert_eq!(world.look(bob, &poll).await.poll, None);
    assert!(store.voters(&poll, 1, None, 10).await.unwrap().items.is_empty());
    assert!(store.opinions_of(bob, group).await.unwrap().votes.is_empty());
}
