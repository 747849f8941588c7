//! The store as a whole.

use laserchat_protocol::emoji::EmojiFrom;
use laserchat_protocol::server::Registration;
use laserchat_protocol::{Timestamp, UserId};

use super::world::{THEN, World, hash};
use crate::{KeptAnswer, Settings, SigningKey, Store};

pub async fn settings(store: &dyn Store) {
    assert_eq!(store.settings().await.unwrap(), Settings::default());
    let some = Settings {
        name: Some("Home".into()),
        registration: Some(Registration::Invitation),
        custom_emoji: Some(EmojiFrom::Everybody),
    };
    store.set_settings(some.clone()).await.unwrap();
    assert_eq!(store.settings().await.unwrap(), some);
    store.set_settings(Settings::default()).await.unwrap();
    assert_eq!(store.settings().await.unwrap(), Settings::default());
    assert_eq!(store.owner_code().await.unwrap(), None);
    store.set_owner_code(hash(1)).await.unwrap();
    store.set_owner_code(hash(2)).await.unwrap();
    assert_eq!(store.owner_code().await.unwrap(), Some(hash(2)));
}

pub async fn keys(store: &dyn Store) {
    let first = store.signing_keys().await.unwrap();
    assert_eq!(first.len(), 1, "one exists from the beginning");
    assert_ne!(first[0].secret, [0; 32]);
    let key = SigningKey { kid: "new".into(), secret: [5; 32], created_at: Timestamp(i64::MAX) };
    store.add_signing_key(key.clone()).await.unwrap();
    assert_eq!(store.signing_keys().await.unwrap(), [key, first[0].clone()], "the newest first");
    assert!(!store.epoch().is_empty() && store.epoch() == store.epoch());
}

pub async fn kept_answers(store: &dyn Store) {
    let (ann, bob) = (UserId(1), UserId(2));
    let answer = |n| KeptAnswer { request: hash(n), status: 201, body: format!("answer {n}").into_bytes() };
    store.keep_answer(ann, "key", answer(1), THEN).await.unwrap();
    assert_eq!(store.kept_answer(ann, "key").await.unwrap(), Some(answer(1)));
    assert_eq!(store.kept_answer(bob, "key").await.unwrap(), None);
    let day = 24 * 3600;
    store.keep_answer(bob, "key", answer(2), THEN.plus_seconds(day)).await.unwrap();
    assert!(store.kept_answer(ann, "key").await.unwrap().is_some());
    store.keep_answer(bob, "other", answer(3), THEN.plus_seconds(day + 1)).await.unwrap();
    assert_eq!(store.kept_answer(ann, "key").await.unwrap(), None, "older than a day");
    assert_eq!(store.kept_answer(bob, "key").await.unwrap(), Some(answer(2)));
}

/// A copy made while others write shows one moment: a head, and every message up to it.
pub async fn health(store: &dyn Store) {
    let world = World::new(store);
    store.ping().await.unwrap();
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    world.say(id, ann, "x").await;
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.users, counts.conversations, counts.messages), (1, 1, 2));
    assert!(counts.bytes > 0);
}
