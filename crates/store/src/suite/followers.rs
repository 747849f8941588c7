//! Followers: each sees what it has not seen, and nothing twice.

use laserchat_core::Change;
use laserchat_protocol::ConversationId;

use super::world::{THEN, World};
use crate::{Append, Begin, FollowerCursor, FollowerStep, Store};

const ALL: ConversationId = ConversationId(0);

fn at(conversation: ConversationId, seq: u64) -> FollowerCursor {
    FollowerCursor { conversation, seq, gone: false }
}

fn step(conversation: ConversationId, after: u64, upto: u64) -> FollowerStep {
    FollowerStep { conversation, after, upto, gone: false }
}

pub async fn beginnings_differ(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let old = world.group(ann, &[]).await;
    store.enrol("index", Begin::AtStart).await.unwrap();
    store.enrol("bell", Begin::AtHead).await.unwrap();
    let new = world.group(ann, &[]).await;
    assert_eq!(store.behind("index", ALL, 10).await.unwrap(), [at(old, 0), at(new, 0)]);
    assert_eq!(store.behind("bell", ALL, 10).await.unwrap(), [at(new, 0)]);
    store.enrol("bell", Begin::AtHead).await.unwrap();
    assert_eq!(store.behind("bell", ALL, 10).await.unwrap(), [at(new, 0)], "it begins once");
    assert!(store.behind("nobody", ALL, 10).await.is_err());
}

pub async fn cursors_of_followers(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let [one, two] = [world.group(ann, &[]).await, world.group(ann, &[]).await];
    store.enrol("index", Begin::AtStart).await.unwrap();
    store.enrol("other", Begin::AtStart).await.unwrap();
    let head = world.room(one, &[]).await.head;
    let moves = async |steps| store.move_followers("index", steps).await.unwrap();
    assert!(moves(vec![step(one, 0, head)]).await);
    // Whoever was paused begins where it was, and finds that another has gone on: none of its steps counts.
    for late in [step(one, 0, head), step(one, 0, head + 1), step(one, head - 1, head), step(one, head + 1, head + 2)] {
        assert!(!moves(vec![late]).await, "{late:?}");
        assert!(!moves(vec![step(two, 0, 1), late]).await, "{late:?}");
    }
    assert_eq!(store.followed("index", one).await.unwrap(), head, "never back");
    assert_eq!(store.followed("other", one).await.unwrap(), 0, "each has its own");
    assert_eq!(store.behind("index", ALL, 10).await.unwrap(), [at(two, 0)]);
    world.say(one, ann, "more").await;
    assert_eq!(store.behind("index", ALL, 10).await.unwrap(), [at(one, head), at(two, 0)]);
    assert_eq!(store.behind("index", ALL, 1).await.unwrap(), [at(one, head)]);
    assert_eq!(store.behind("index", one, 10).await.unwrap(), [at(two, 0)]);
}

pub async fn deleted_conversations_are_told(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    store.enrol("index", Begin::AtStart).await.unwrap();
    let head = world.room(id, &[]).await.head;
    assert!(store.move_followers("index", vec![step(id, 0, head)]).await.unwrap());
    let end = Append { conversation: id, expected: head + 1, changes: vec![Change::ConversationDeleted(THEN)] };
    world.append(end).await.unwrap();
    let gone = FollowerCursor { conversation: id, seq: head, gone: true };
    assert_eq!(store.behind("index", ALL, 10).await.unwrap(), [gone]);
    let end = FollowerStep { gone: true, ..step(id, head, head) };
    assert!(store.move_followers("index", vec![end]).await.unwrap());
    assert!(store.behind("index", ALL, 10).await.unwrap().is_empty());
}
