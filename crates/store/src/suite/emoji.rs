//! Custom emoji: one list, its version, and the pictures.

use laserchat_core::file::readable;
use laserchat_protocol::emoji::CustomEmoji;
use laserchat_protocol::{FileId, FileKind, Timestamp, UserId};

use super::files::ready;
use super::world::{THEN, World};
use crate::Store;

fn emoji(name: &str, file: FileId, by: UserId) -> CustomEmoji {
    CustomEmoji { name: name.to_owned(), file_id: file, animated: false, created_by: by, created_at: THEN }
}

pub async fn a_list_with_a_version(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let (one, two) = (ready(&world, ann, 1, FileKind::Image).await, ready(&world, ann, 2, FileKind::Image).await);
    assert!(store.emoji().await.unwrap().items.is_empty());
    let first = store.set_emoji(emoji("wave", one.id, ann), 10).await.unwrap().unwrap();
    assert_eq!(store.set_emoji(emoji("wave", one.id, ann), 10).await.unwrap(), Some(first), "nothing changed");
    let second = store.set_emoji(emoji("boat", two.id, ann), 10).await.unwrap().unwrap();
    let list = store.emoji().await.unwrap();
    let names: Vec<&str> = list.items.iter().map(|emoji| emoji.name.as_str()).collect();
    assert_eq!((names, list.version), (vec!["boat", "wave"], second));
    assert!(second > first && store.emoji_version().await.unwrap() == second);
    assert_eq!(store.emoji_named("wave").await.unwrap(), Some(emoji("wave", one.id, ann)));
    let third = store.remove_emoji("wave").await.unwrap().unwrap();
    assert!(third > second, "what is gone is a change too");
    assert_eq!(store.remove_emoji("wave").await.unwrap(), None);
    assert_eq!(store.emoji_named("wave").await.unwrap(), None);
    assert_eq!(store.emoji_version().await.unwrap(), third);
}

pub async fn a_limit(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let (one, two) = (ready(&world, ann, 1, FileKind::Image).await, ready(&world, ann, 2, FileKind::Image).await);
    store.set_emoji(emoji("a", one.id, ann), 1).await.unwrap().unwrap();
    assert_eq!(store.set_emoji(emoji("b", one.id, ann), 1).await.unwrap(), None);
    assert!(store.set_emoji(emoji("a", two.id, ann), 1).await.unwrap().is_some(), "one can be replaced");
}

pub async fn pictures_are_kept_while_they_are_used(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let file = ready(&world, ann, 1, FileKind::Image).await;
    store.set_emoji(emoji("a", file.id, ann), 10).await.unwrap().unwrap();
    store.set_emoji(emoji("b", file.id, ann), 10).await.unwrap().unwrap();
    assert!(readable(store.open_file(bob, file.id).await.unwrap().unwrap().ties).is_ok(), "everybody may see it");
    store.remove_emoji("a").await.unwrap();
    assert!(store.collect_files(Timestamp(i64::MAX), 10).await.unwrap().is_empty(), "another emoji has it");
    store.remove_emoji("b").await.unwrap();
    assert_eq!(store.collect_files(Timestamp::now(), 10).await.unwrap(), [file.id]);
}
