//! What searching and indexing cost in the store, in microseconds.
//!
//! `cargo run --release -p laserchat-store --features suite --example search_cost [messages [folder]]`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use laserchat_core::search::{Term, Wanted};
use laserchat_protocol::{ConversationId, UserId};
use laserchat_store::sqlite::{Filling, Talk, VARIED, fill, word};
use laserchat_store::suite::world::World;
use laserchat_store::{Begin, FollowerStep, Followers, Lesson, Log, Search, Sqlite};

const INDEX: &str = "search";
const ROOMS: usize = 200;

struct Scene {
    everywhere: UserId,
    in_few: UserId,
    rooms: Vec<ConversationId>,
}

async fn scene(store: &Sqlite) -> Scene {
    let world = World::new(store);
    let [everywhere, in_few] = world.people(["everywhere", "few"]).await;
    let mut rooms = Vec::new();
    for n in 0..ROOMS {
        let others = if n % 70 == 0 { &[in_few][..] } else { &[] };
        rooms.push(world.group(everywhere, others).await);
    }
    Scene { everywhere, in_few, rooms }
}

async fn learn(store: &Sqlite, rooms: &[ConversationId]) {
    store.enrol(INDEX, Begin::AtStart).await.unwrap();
    let (mut indexing, mut count) = (0.0, 0);
    for &conversation in rooms {
        let mut after = store.followed(INDEX, conversation).await.unwrap();
        loop {
            let page = store.changes(UserId(0), conversation, after, 1000).await.unwrap().unwrap();
            if page.items.is_empty() {
                break;
            }
            let seq = page.next.unwrap_or(page.head);
            count += page.items.len();
            let events = page.items.into_iter().map(Arc::new).collect();
            let step = FollowerStep { conversation, after, upto: seq, gone: false };
            let started = Instant::now();
            store.index(INDEX, vec![Lesson { step, events }]).await.unwrap();
            indexing += started.elapsed().as_secs_f64();
            after = seq;
        }
    }
    println!("indexed {count}, {:.1} us each", indexing * 1e6 / count.max(1) as f64);
}

async fn measure(store: &Sqlite, what: &str, viewer: UserId, make: impl Fn(u64) -> Wanted) {
    let mut times = Vec::new();
    let mut found = 0;
    for n in 0..400 {
        let wanted = make(n);
        let started = Instant::now();
        let page = store.find_messages(viewer, wanted, None, 20).await.unwrap();
        if n >= 100 {
            times.push(started.elapsed().as_secs_f64() * 1e3);
            found += page.messages.len();
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{what:<44} p50 {:>8.3} ms  p99 {:>8.3} ms  found {:>5.1}",
        at(0.5),
        at(0.99),
        found as f64 / times.len() as f64
    );
}

fn words(words: &[String]) -> Wanted {
    Wanted { terms: words.iter().filter_map(|word| Term::new(word)).collect(), ..Wanted::default() }
}

#[tokio::main]
async fn main() {
    let messages: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let folder = std::env::args().nth(2).map_or_else(std::env::temp_dir, PathBuf::from);
    let path = folder.join(format!("search-cost-{messages}.db"));
    let fresh = !path.exists();
    let store = Sqlite::open(&path).unwrap();
    let scene = if fresh {
        let scene = scene(&store).await;
        drop(store);
        let senders = &[scene.everywhere, scene.in_few][..];
        let first_id = 1_000_000;
        let filling = Filling { senders, conversations: &scene.rooms, messages, first_id, talk: Talk::Varied };
        fill(&path, filling).unwrap();
        scene
    } else {
        // The ids of the small world are given in order.
        let (everywhere, in_few) = (UserId(1000), UserId(1001));
        let heads = laserchat_store::Conversations::heads(&store, everywhere).await.unwrap();
        Scene { everywhere, in_few, rooms: heads.iter().map(|head| head.conversation).collect() }
    };
    let before = std::fs::metadata(&path).unwrap().len();
    let store = Sqlite::open(&path).unwrap();
    learn(&store, &scene.rooms).await;
    drop(store);
    println!(
        "{} MB, of which the index {} MB",
        std::fs::metadata(&path).unwrap().len() >> 20,
        (std::fs::metadata(&path).unwrap().len() - before) >> 20
    );
    let store = Sqlite::open(&path).unwrap();
    let (many, few) = (scene.everywhere, scene.in_few);
    let room = scene.rooms[70];
    let (all, signs) = VARIED;
    let common = |n: u64| word(n % 10);
    let middle = |n: u64| word(200 + n * 7 % 2000);
    let rare = |n: u64| word(all / 2 + n * 37 % (all / 2));
    let sign = |n: u64| char::from_u32(0x4e00 + (n * 13 % signs) as u32).unwrap_or('x').to_string();
    measure(&store, "rare word", many, |n| words(&[rare(n)])).await;
    measure(&store, "middling word", many, |n| words(&[middle(n)])).await;
    measure(&store, "common word", many, |n| words(&[common(n)])).await;
    measure(&store, "two common words", many, |n| words(&[common(n), common(n / 10)])).await;
    measure(&store, "common and middling", many, |n| words(&[common(n), middle(n)])).await;
    measure(&store, "phrase of two common", many, |n| words(&[format!("{} {}", common(n), common(n / 10))])).await;
    measure(&store, "common word, in:", many, |n| Wanted { within: Some(vec![room]), ..words(&[common(n)]) }).await;
    measure(&store, "middling word, in:", many, |n| Wanted { within: Some(vec![room]), ..words(&[middle(n)]) }).await;
    measure(&store, "common word, from:", many, |n| Wanted { from: Some(vec![few]), ..words(&[common(n)]) }).await;
    measure(&store, "a sign", many, |n| words(&[sign(n % 50)])).await;
    measure(&store, "two signs", many, |n| words(&[format!("{}{}", sign(n % 50), sign(n / 50))])).await;
    measure(&store, "few conversations, common word", few, |n| words(&[common(n)])).await;
    measure(&store, "few conversations, middling word", few, |n| words(&[middle(n)])).await;
    measure(&store, "common without common", many, |n| Wanted {
        unwanted: words(&[common(n / 10)]).terms,
        ..words(&[common(n)])
    })
    .await;
    let open =
        |text: String| Wanted { terms: Term::new(&text).map(Term::open).into_iter().collect(), ..Wanted::default() };
    measure(&store, "three letters being typed", many, |n| open(common(n + 400).chars().take(3).collect())).await;
    measure(&store, "four letters being typed", many, |n| open(middle(n).chars().take(4).collect())).await;
    measure(&store, "newest in:", many, |_| Wanted { within: Some(vec![room]), ..Wanted::default() }).await;
    measure(&store, "newest everywhere", many, |_| Wanted::default()).await;
}
