//! What the file of the SQLite backend promises: what is deleted is gone, what is committed survives, and copies are whole.

use std::collections::BTreeSet;
use std::path::Path;

use laserchat_protocol::ConversationId;
use laserchat_store::sqlite::restore;
use laserchat_store::suite::world::{World, sent};
use laserchat_store::{Log, Search, Sqlite, StoreError, System, Users, Window};
use tempfile::tempdir;

/// The numbers that stand before `-secret` anywhere in a file.
fn secrets(path: &Path) -> BTreeSet<usize> {
    let bytes = std::fs::read(path).unwrap();
    let found = bytes.windows(12).filter(|window| &window[5..] == b"-secret" && window[0] == b'-');
    found.filter_map(|window| std::str::from_utf8(&window[1..5]).ok()?.parse().ok()).collect()
}

/// Long and short texts, spread over pages that were split many times while they were written.
#[tokio::test(flavor = "multi_thread")]
async fn deleted_text_is_not_in_the_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let rooms = [world.group(ann, &[]).await, world.group(ann, &[]).await, world.group(ann, &[]).await];
    const COUNT: usize = 4200;
    let mut messages = Vec::new();
    while messages.len() < COUNT {
        let mut group = Vec::new();
        for n in messages.len()..messages.len() + 60 {
            let filler = "lorem ipsum ".repeat([1, 3, 7, 2, 17, 5, 120, 900][n % 8]);
            let draft = world.draft(&format!("begin-{n:04}-secret {filler} end-{n:04}-secret"));
            let mut append = world.sending(rooms[n % 3], ann, draft).await;
            append.expected += (group.len() / 3) as u64;
            group.push(append);
        }
        let answers = store.append(group).await.unwrap();
        messages.extend(answers.iter().map(|answer| sent(answer.as_ref().unwrap())));
    }
    let gone = |n: &usize| n.is_multiple_of(7);
    for n in (0..COUNT).filter(gone) {
        if n % 2 == 0 {
            // What an edit replaced is gone as well.
            world.edit(ann, &messages[n], &format!("edited-{n:04}-secret"), &[]).await;
        }
        world.erase(ann, &messages[n]).await;
    }
    drop(store);
    let (left, kept): (Vec<_>, Vec<_>) = secrets(&path).into_iter().partition(gone);
    assert!(left.is_empty(), "what is deleted is gone: {left:?}");
    assert_eq!(kept.len(), (0..COUNT).filter(|n| !gone(n)).count(), "and nothing else is");
    assert!(!folder.path().join("db-wal").exists(), "closing leaves no log behind");
}

/// An idle store does not keep erased text in its log either.
#[tokio::test(flavor = "multi_thread")]
async fn deleted_text_leaves_the_log() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let message = world.say(id, ann, "begin-0001-secret").await;
    let log = folder.path().join("db-wal");
    assert!(secrets(&log).contains(&1));
    world.erase(ann, &message).await;
    while secrets(&log).contains(&1) || secrets(&path).contains(&1) {
        tokio::task::yield_now().await;
    }
}

/// Nor does one that was killed between an erasure and the emptying of the log, once it is open again.
#[tokio::test(flavor = "multi_thread")]
async fn deleted_text_leaves_the_log_although_the_store_was_killed() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let messages = [world.say(id, ann, "begin-0001-secret").await, world.say(id, ann, "begin-0002-secret").await];
    let log = folder.path().join("db-wal");
    // The log is emptied after the first erasure, and then not at once again.
    world.erase(ann, &messages[0]).await;
    while secrets(&log).contains(&1) {
        tokio::task::yield_now().await;
    }
    world.erase(ann, &messages[1]).await;
    let copy = folder.path().join("copy");
    for (from, to) in [(&log, "copy-wal"), (&path, "copy")] {
        std::fs::copy(from, folder.path().join(to)).unwrap();
    }
    let _open = Sqlite::open(&copy).unwrap();
    while secrets(&copy).contains(&2) || secrets(&folder.path().join("copy-wal")).contains(&2) {
        tokio::task::yield_now().await;
    }
}

/// Copies taken of database and log while writing goes on, as a crash would leave them, open whole and lack nothing that
/// was acknowledged before they were taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_loses_nothing_acknowledged() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    for round in 0..20 {
        for _ in 0..10 {
            world.say(id, ann, &"words ".repeat(50)).await;
        }
        let acknowledged = world.head(id).await;
        let copy = folder.path().join(format!("crash{round}"));
        std::fs::create_dir(&copy).unwrap();
        // One write is under way while the files are copied.
        let writing = world.sending(id, ann, world.draft("while copying")).await;
        let (_, ()) = tokio::join!(world.append(writing), async {
            // The log first: a checkpoint between the two only moves what the log has.
            std::fs::copy(folder.path().join("db-wal"), copy.join("db-wal")).unwrap();
            std::fs::copy(&path, copy.join("db")).unwrap();
        });
        whole(&copy.join("db"), ann, id, acknowledged).await;
    }
}

/// Opens a database and looks for every message up to a seq.
async fn whole(path: &Path, viewer: laserchat_protocol::UserId, id: ConversationId, at_least: u64) {
    let store = Sqlite::open(path).unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    let head = store.room(id, &[]).await.unwrap().unwrap().head;
    assert!(head >= at_least, "{head} < {at_least}");
    let seqs: Vec<_> =
        store.history(viewer, id, Window::After(2), 10_000).await.unwrap().iter().map(|m| m.seq).collect();
    assert_eq!(seqs, (3..=head).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_there_after_opening_again() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let message = world.say(id, ann, "hello").await;
    let (epoch, keys) = (store.epoch(), store.signing_keys().await.unwrap());
    drop(store);
    let store = Sqlite::open(&path).unwrap();
    assert_eq!((store.epoch(), store.signing_keys().await.unwrap()), (epoch, keys));
    assert_eq!(store.message(ann, message.id).await.unwrap(), Some(message));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_a_new_life() {
    let folder = tempdir().unwrap();
    let (path, copy, back) = (folder.path().join("db"), folder.path().join("copy"), folder.path().join("back"));
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let before = world.say(id, ann, "before").await;
    let writer = async {
        for _ in 0..50 {
            world.say(id, ann, "while copying").await;
        }
    };
    let (_, copied) = tokio::join!(writer, store.backup(&copy));
    copied.unwrap();
    let epoch = restore(&copy, &back).unwrap();
    assert_ne!(epoch, store.epoch());
    let restored = Sqlite::open(&back).unwrap();
    assert_eq!(restored.epoch(), epoch);
    assert_eq!(restored.message(ann, before.id).await.unwrap(), Some(before.clone()));
    assert_eq!(restored.signing_keys().await.unwrap(), store.signing_keys().await.unwrap());
    drop(restored);
    whole(&back, ann, id, before.seq).await;
    assert!(restore(&copy, &back).is_err(), "an existing database is never replaced");
    let damaged = folder.path().join("damaged");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xAA);
    std::fs::write(&damaged, bytes).unwrap();
    let to = folder.path().join("to");
    assert!(restore(&damaged, &to).is_err());
    assert!(restore(&folder.path().join("missing"), &to).is_err());
    std::fs::write(&damaged, "not a database").unwrap();
    assert!(restore(&damaged, &to).is_err());
    assert!(!to.exists());
}

/// Databases and their copies hold secrets.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("db")).unwrap();
    store.ping().await.unwrap();
    store.backup(&folder.path().join("copy")).await.unwrap();
    restore(&folder.path().join("copy"), &folder.path().join("back")).unwrap();
    for name in ["db", "db-wal", "db-shm", "copy", "back"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    drop(Sqlite::open(&path).unwrap());
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 4711).unwrap();
    drop(conn);
    assert!(matches!(Sqlite::open(&path), Err(StoreError::TooNew { found: 4711, .. })));
}

/// A full disk fails what does not fit, and nothing else; when there is room again, all goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_survived() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open_limited(&path, 240).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let mut fitted = 0;
    let refusal = loop {
        let append = world.sending(id, ann, world.draft(&"x".repeat(20_000))).await;
        match store.append(vec![append]).await {
            Ok(answers) => fitted += answers.len(),
            Err(refusal) => break refusal,
        }
    };
    assert!(matches!(refusal, StoreError::Unavailable(_)), "{refusal:?}");
    assert!(fitted > 0);
    let messages = store.history(ann, id, Window::Newest, 1000).await.unwrap();
    assert_eq!(messages.len(), fitted + 1);
    world.say(id, ann, "a short one still fits").await;
    assert!(store.user(ann).await.unwrap().is_some());
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

/// A word that no other number has, and the part of it that an index cannot leave out because a neighbour begins alike.
fn rare(number: usize) -> (String, Vec<u8>) {
    let mut mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let word = format!("{:016x}", mixed ^ (mixed >> 31));
    let tail = word.as_bytes()[6..].to_vec();
    (word, tail)
}

/// The numbers whose rare words are anywhere in a file.
fn rare_words(path: &Path, count: usize) -> BTreeSet<usize> {
    let bytes = std::fs::read(path).unwrap();
    let tails: std::collections::HashMap<Vec<u8>, usize> = (0..count).map(|n| (rare(n).1, n)).collect();
    bytes.windows(10).filter_map(|window| tails.get(window).copied()).collect()
}

/// The index of search keeps the words of a deleted or edited message no longer than the message: written in many pieces,
/// merged, and with other things deleted around them.
#[tokio::test(flavor = "multi_thread")]
async fn deleted_words_are_not_in_the_index() {
    use laserchat_store::suite::search::learn;
    let folder = tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let rooms = [world.group(ann, &[]).await, world.group(ann, &[]).await];
    const COUNT: usize = 3000;
    let mut messages = Vec::new();
    let gone = |n: &usize| n.is_multiple_of(7);
    for n in 0..COUNT {
        let body = format!("{} {} {}", rare(n).0, "common words", "lorem ".repeat(n % 50));
        messages.push(world.say(rooms[n % 2], ann, &body).await);
        if n % 40 == 0 {
            learn(&store).await;
        }
        if n > 500 && n % 3 == 0 {
            // Some go while the index is still growing.
            let old = n - 499;
            if gone(&old) && old % 2 == 0 {
                world.edit(ann, &messages[old], "edited", &[]).await;
            }
        }
    }
    learn(&store).await;
    for n in (0..COUNT).filter(gone) {
        world.erase(ann, &messages[n]).await;
    }
    learn(&store).await;
    let mut parts = 0;
    while store.sweep_index().await.unwrap().is_some() {
        parts += 1;
    }
    assert!(parts > 0, "there was something to sweep");
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    drop(store);
    let (left, kept): (Vec<_>, Vec<_>) = rare_words(&path, COUNT).into_iter().partition(gone);
    assert_eq!(kept.len(), (0..COUNT).filter(|n| !gone(n)).count(), "the others are still there");
    assert!(left.is_empty(), "what is deleted is gone: {left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_made_while_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("a.db")).unwrap();
    let world = World::new(&store);
    let ann = world.person("ann").await;
    let (one, two) = (world.group(ann, &[]).await, world.group(ann, &[]).await);
    let copies: Vec<_> = (0..3).map(|n| folder.path().join(format!("copy{n}"))).collect();
    let write = |id| {
        let world = &world;
        async move {
            for _ in 0..100 {
                world.say(id, ann, "x").await;
            }
        }
    };
    let copy = async {
        for to in &copies {
            store.backup(to).await.unwrap();
        }
    };
    tokio::join!(write(one), write(two), copy);
    assert!(copies.iter().all(|copy| copy.is_file()));
    assert!(store.backup(&copies[0]).await.is_err(), "a copy is never overwritten");
    assert_eq!(world.head(one).await, world.head(two).await);
}
