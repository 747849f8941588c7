//! Positions: of many conversations and users at once, and of none that does not exist.

use laserchat_core::Change;
use laserchat_protocol::{ConversationId, UserId};

use super::world::{THEN, World};
use crate::{Append, Head, Store};

pub async fn of_many_at_once(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = [world.person("ann").await, world.person("bob").await];
    let [one, two] = [world.group(ann, &[bob]).await, world.group(ann, &[]).await];
    world.say(two, ann, "hello").await;
    let heads = [one, two];
    let expected = [world.room(one, &[]).await.head, world.room(two, &[]).await.head];
    let expected: Vec<Head> =
        heads.iter().zip(expected).map(|(&conversation, head)| Head { conversation, head }).collect();
    let sorted = |mut heads: Vec<Head>| {
        heads.sort_by_key(|head| head.conversation);
        heads
    };
    let asked = [two, ConversationId(1), one];
    assert_eq!(sorted(store.heads_of(&asked).await.unwrap()), expected);
    let end =
        Append { conversation: two, expected: expected[1].head + 1, changes: vec![Change::ConversationDeleted(THEN)] };
    world.append(end).await.unwrap();
    assert_eq!(store.heads_of(&asked).await.unwrap(), expected[..1], "what is deleted is nowhere");

    let mut versions = store.versions_of(&[bob, UserId(1), ann]).await.unwrap();
    versions.sort_by_key(|(user, _)| *user);
    let version = async |user| store.account(user).await.unwrap().unwrap().version;
    assert_eq!(versions, [(ann, version(ann).await), (bob, version(bob).await)]);
}
