//! What appending, paging and syncing cost, in microseconds of processor time.
//!
//! `cargo run --release -p laserchat-store --features suite --example append_cost [messages]`

use std::time::Instant;

use laserchat_core::{Change, Turn};
use laserchat_protocol::{ConversationId, ConversationKind, Message, MessageId, MessageKind, Timestamp, UserId};
use laserchat_store::sqlite::{Filling, Talk, fill};
use laserchat_store::suite::world::World;
use laserchat_store::{Append, Conversations, CursorMove, Log, Memberships, Sqlite, Users, Window};

/// User and system time of this process.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit(") ").next().unwrap_or_default();
    let field = |at: usize| rest.split(' ').nth(at).and_then(|v| v.parse::<f64>().ok()).unwrap_or_default();
    // In ticks of ten milliseconds.
    (field(11) + field(12)) * 10_000.0
}

async fn measure<F: Future<Output = ()>>(what: &str, count: usize, work: impl FnOnce() -> F) {
    if std::env::args().nth(2).is_some_and(|only| !what.contains(&only)) {
        return;
    }
    let (before, started) = (processor(), Instant::now());
    work().await;
    let (cpu, wall) = (processor() - before, started.elapsed().as_secs_f64() * 1e6);
    println!("{what:<52} {:>8.2} us processor {:>8.2} us elapsed", cpu / count as f64, wall / count as f64);
}

fn message(conversation: ConversationId, seq: u64, id: u64, sender: UserId) -> Message {
    let turn = Turn { now: Timestamp(1_700_000_000_000 + id as i64), message_id: MessageId(id) };
    Message {
        id: turn.message_id,
        conversation_id: conversation,
        seq,
        changed: seq,
        sender_id: sender,
        client_id: format!("{id:012x}-{:016x}", id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        kind: MessageKind::Text,
        body: "a message of about the length that people write in a chat, sixty to eighty".into(),
        created_at: turn.now,
        edited_at: None,
        deleted_at: None,
        parent_id: None,
        reply_count: 0,
        last_reply_at: None,
        reactions: Vec::new(),
        mentions: Vec::new(),
        mentions_all: None,
        pinned_at: None,
        pinned_by: None,
        forwarded_from: None,
        system: None,
        attachments: Vec::new(),
        previews: Vec::new(),
        no_previews: false,
        shown_as: None,
        poll: None,
        following: false,
    }
}

#[tokio::main]
async fn main() {
    let stored: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("db");
    let store = Sqlite::open(&path).expect("a database");
    let world = World::new(&store);
    let users = world.people(["ann", "bob"]).await;
    let mut rooms = Vec::new();
    for _ in 0..200 {
        rooms.push(world.create(world.blank(ConversationKind::Channel, users[0]), &users[1..]).await);
    }
    drop(store);
    let started = Instant::now();
    let filling = Filling {
        senders: &users[..1],
        conversations: &rooms,
        messages: stored,
        first_id: 1_000_000,
        talk: Talk::Plain,
    };
    let written = fill(&path, filling).expect("filled");
    println!("filled {written} messages in {:.1} s", started.elapsed().as_secs_f64());
    let size = std::fs::metadata(&path).map(|m| m.len()).unwrap_or_default();
    println!("{:.0} bytes a message", size as f64 / written.max(1) as f64);
    let store = Sqlite::open(&path).expect("a database");
    let mut heads = Vec::new();
    for &id in &rooms {
        heads.push(store.room(id, &[]).await.expect("a room").expect("a room").head);
    }
    let mut next_id = 1_000_000 + stored + 1;
    let mut group = |size: usize, from: usize| -> Vec<Append> {
        let appends = (0..size).map(|n| {
            let room = (from + n * 7) % rooms.len();
            heads[room] += 1;
            next_id += 1;
            let message = message(rooms[room], heads[room], next_id, users[0]);
            Append {
                conversation: rooms[room],
                expected: heads[room],
                changes: vec![Change::MessagePosted(Box::new(message))],
            }
        });
        appends.collect()
    };
    let only = std::env::args().nth(2);
    for (size, rounds) in [(64, 500), (1, 2000), (8, 1000), (64, 1000)] {
        if only.as_ref().is_some_and(|only| !format!("append, groups of {size}").contains(only)) {
            continue;
        }
        let groups: Vec<_> = (0..rounds).map(|round| group(size, round * 13)).collect();
        measure(&format!("append, groups of {size}"), size * rounds, || async {
            for group in groups {
                for answer in store.append(group).await.expect("committed") {
                    answer.expect("accepted");
                }
            }
        })
        .await;
    }
    let store = &store;
    let rooms = &rooms;
    for limit in [1, 50] {
        measure(&format!("newest page of {limit}"), 20_000, || async move {
            for n in 0..20_000 {
                let page = store.history(users[1], rooms[n * 7 % rooms.len()], Window::Newest, limit).await;
                assert_eq!(page.expect("a page").len(), limit);
            }
        })
        .await;
    }
    measure("page of 50 anywhere", 20_000, || async move {
        for n in 0..20_000u64 {
            let before = 60 + n.wrapping_mul(0x9E37_79B9) % (stored / rooms.len() as u64).max(1);
            let room = rooms[n as usize * 7 % rooms.len()];
            let page = store.history(users[1], room, Window::Before(before), 50).await;
            assert_eq!(page.expect("a page").len(), 50);
        }
    })
    .await;
    measure("changes after the head", 20_000, || async move {
        for n in 0..20_000 {
            let page = store.changes(users[1], rooms[n % rooms.len()], u64::MAX, 200).await;
            assert!(page.expect("a page").is_some());
        }
    })
    .await;
    measure("room with one member", 20_000, || async move {
        for n in 0..20_000 {
            assert!(store.room(rooms[n % rooms.len()], &users[..1]).await.expect("a room").is_some());
        }
    })
    .await;
    measure("list of 50 conversations, of 200", 200, || async move {
        for _ in 0..200 {
            assert_eq!(store.conversations(users[1], None, 50).await.expect("a page").items.len(), 50);
        }
    })
    .await;
    measure("cursor moves, groups of 64", 64_000, || async move {
        for round in 0..1000u64 {
            let moves = (0..64).map(|n| CursorMove {
                conversation: rooms[(n * 3 + round as usize) % rooms.len()],
                user: users[(round % 2) as usize],
                delivered: 0,
                read: (stored / rooms.len() as u64).saturating_sub(10_000) + round * 10,
            });
            assert_eq!(store.advance(moves.collect()).await.expect("moved").len(), 64);
        }
    })
    .await;
    measure("nothing, read", 20_000, || async move {
        for _ in 0..20_000 {
            assert!(store.user(UserId(1)).await.expect("a read").is_none());
        }
    })
    .await;
}
