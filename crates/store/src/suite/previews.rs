//! Previews: what is kept of a message, the jobs that look at links, and what is remembered of pages.

use laserchat_core::Change;
use laserchat_core::preview::{remove, show};
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{ConversationId, Message, Timestamp};

use super::world::{THEN, World};
use crate::{Append, FollowerStep, PreviewJob, Store};

const LATER: Timestamp = Timestamp(THEN.0 + 60_000);
const FOLLOWER: &str = "previews";

fn preview(url: &str) -> Preview {
    Preview { url: url.into(), title: Some("A page".into()), description: None, site: None, image_file_id: None }
}

fn job(message: &Message) -> PreviewJob {
    let (conversation, seq, changed) = (message.conversation_id, message.seq, message.changed);
    PreviewJob { conversation, seq, message: message.id, changed }
}

fn step(conversation: ConversationId, after: u64, upto: u64) -> FollowerStep {
    FollowerStep { conversation, after, upto, gone: false }
}

pub async fn they_are_part_of_the_message(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let said = world.say(id, ann, "https://example.org").await;
    let found = [preview("https://example.org")];
    let links = ["https://example.org".to_owned()];
    world.now(id, show(&said, &links, &found).unwrap()).await.unwrap();
    let seen = world.look(ann, &said).await;
    assert_eq!((&seen.previews[..], seen.changed, seen.edited_at), (&found[..], said.changed + 1, None));
    assert!(show(&seen, &links, &found).unwrap().is_empty(), "twice changes nothing");
    assert!(world.now(id, show(&said, &links, &found).unwrap()).await.is_err(), "it was decided on an older state");
    let mut gone = show(&seen, &[], &[]).unwrap();
    world.now(id, std::mem::take(&mut gone)).await.unwrap();
    let seen = world.look(ann, &said).await;
    assert!(seen.previews.is_empty() && !seen.no_previews);
    let room = world.room(id, &[ann]).await;
    world.now(id, remove(&room, ann, &seen).unwrap()).await.unwrap();
    let seen = world.look(ann, &said).await;
    assert!(seen.previews.is_empty() && seen.no_previews);
    assert!(show(&seen, &links, &found).unwrap().is_empty());
    // What is erased takes them along.
    let other = world.say(id, ann, "https://example.org").await;
    world.now(id, show(&other, &links, &found).unwrap()).await.unwrap();
    world.erase(ann, &other).await;
    assert!(world.look(ann, &other).await.previews.is_empty());
}

pub async fn a_job_waits_until_it_is_done(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let [one, two] = [world.group(ann, &[]).await, world.group(ann, &[]).await];
    store.enrol(FOLLOWER, crate::Begin::AtHead).await.unwrap();
    let (first, second) = (world.say(one, ann, "a").await, world.say(two, ann, "b").await);
    let [old, other] = [first.seq - 1, second.seq - 1];
    let add = async |jobs, step, now| store.add_preview_jobs(FOLLOWER, jobs, vec![step], now).await.unwrap();
    assert!(add(vec![job(&first)], step(one, old, first.seq), THEN).await);
    assert!(add(vec![job(&second)], step(two, other, second.seq), LATER).await);
    assert_eq!(store.followed(FOLLOWER, one).await.unwrap(), first.seq);
    assert_eq!(store.preview_jobs(THEN, 9).await.unwrap(), [job(&first)], "the other is not due");
    assert_eq!(store.preview_jobs(LATER, 9).await.unwrap(), [job(&first), job(&second)]);
    assert_eq!(store.preview_jobs(LATER, 1).await.unwrap(), [job(&first)]);
    // The same changes again, by whoever was paused, and then an edit.
    let edited = PreviewJob { changed: first.changed + 2, ..job(&first) };
    assert!(!add(vec![job(&first), edited], step(one, old, first.seq), LATER).await);
    assert_eq!(store.preview_jobs(THEN, 9).await.unwrap(), [job(&first)]);
    assert!(add(vec![edited], step(one, first.seq, edited.changed), THEN).await);
    store.preview_job_done(job(&first), None).await.unwrap();
    assert_eq!(store.preview_jobs(THEN, 9).await.unwrap(), [edited], "what was done was the text before");
    store.preview_job_done(edited, Some(LATER)).await.unwrap();
    assert!(store.preview_jobs(THEN, 9).await.unwrap().is_empty());
    store.preview_job_done(edited, None).await.unwrap();
    assert_eq!(store.preview_jobs(LATER, 9).await.unwrap(), [job(&second)]);
    // What is gone needs none.
    let gone = FollowerStep { gone: true, ..step(two, second.seq, second.seq) };
    let end = Append { conversation: two, expected: second.seq + 1, changes: vec![Change::ConversationDeleted(THEN)] };
    world.append(end).await.unwrap();
    assert!(add(Vec::new(), gone, THEN).await);
    assert!(store.preview_jobs(LATER, 9).await.unwrap().is_empty());
}

pub async fn pages_are_remembered_for_a_time(store: &dyn Store) {
    let known = async |url: &str, now| store.cached_preview(url, now).await.unwrap();
    let keep = async |url: &str, found, until, now| store.cache_preview(url, found, until, now).await.unwrap();
    assert_eq!(known("https://a.example", THEN).await, None);
    keep("https://a.example", Some(preview("https://a.example")), LATER, THEN).await;
    keep("https://b.example", None, LATER, THEN).await;
    assert_eq!(known("https://a.example", THEN).await, Some(Some(preview("https://a.example"))));
    assert_eq!(known("https://b.example", THEN).await, Some(None), "that there is nothing is known too");
    assert_eq!(known("https://a.example", LATER).await, None, "too old");
    keep("https://a.example", None, Timestamp(LATER.0 + 1), LATER).await;
    assert_eq!(known("https://a.example", LATER).await, Some(None));
    assert_eq!(known("https://b.example", THEN).await, None, "forgotten with the next that was kept");
}
