//! Devices and pushes: what waits, what is under way, what is shown, and how reading takes it all back.

use laserchat_protocol::device::{PushDeviceUpdate, PushKind};
use laserchat_protocol::session::DeviceKind;
use laserchat_protocol::{DeviceId, Message, NotifyLevel, SessionId, Timestamp, UserId};

use super::notifications::{notice, tell};
use super::world::{THEN, World, hash};
use crate::{
    CursorMove, DeviceKeys, DeviceRefusal, DeviceTarget, NewDevice, NewSession, Notice, Push, PushResult, Store,
};

const NOW: Timestamp = Timestamp(THEN.0 + 1_000_000_000);
const LATER: Timestamp = Timestamp(NOW.0 + 60_000);

async fn session(world: &World<'_>, user: UserId) -> SessionId {
    let id = SessionId(world.id());
    let session = NewSession {
        id,
        user,
        name: "x".into(),
        kind: DeviceKind::Web,
        refresh: hash(id.0),
        created_at: THEN,
        address: None,
    };
    world.store.create_session(session).await.unwrap();
    id
}

fn device(world: &World<'_>, user: UserId, session: SessionId, address: &str) -> NewDevice {
    let keys = DeviceKeys { public: vec![4; 65], auth: vec![1; 16] };
    let id = DeviceId(world.id());
    let target = DeviceTarget { id, user, kind: PushKind::Web, address: address.into(), keys: Some(keys) };
    NewDevice { target, session, name: address.into(), level: None, created_at: THEN }
}

async fn registered(world: &World<'_>, user: UserId, address: &str) -> DeviceId {
    let new = device(world, user, session(world, user).await, address);
    world.store.register_device(new).await.unwrap().unwrap().id
}

/// Tells Bob of a message with a push to these devices.
async fn push(store: &dyn Store, bob: UserId, message: &Message, devices: &[DeviceId]) {
    tell(store, vec![Notice { devices: devices.to_vec(), ..notice(bob, message) }]).await;
}

async fn begin(store: &dyn Store, now: Timestamp) -> Vec<Push> {
    let due = store.due_pushes(now, 100).await.unwrap();
    store.begin_pushes(due.iter().map(|push| push.id).collect(), LATER, Timestamp(0)).await.unwrap()
}

async fn read(store: &dyn Store, bob: UserId, message: &Message) -> bool {
    let read = CursorMove { conversation: message.conversation_id, user: bob, delivered: 0, read: message.seq };
    store.advance(vec![read]).await.unwrap()[0].clears
}

pub async fn devices_belong_to_sessions(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (first, second) = (session(&world, ann).await, session(&world, ann).await);
    let made = store.register_device(device(&world, ann, first, "a")).await.unwrap().unwrap();
    let again = store.register_device(device(&world, ann, second, "a")).await.unwrap().unwrap();
    assert_eq!((again.id, again.session_id), (made.id, second), "the same device, in another session");
    let update = PushDeviceUpdate { name: Some("n".into()), level: Some(Some(NotifyLevel::None)) };
    let changed = store.update_device(ann, made.id, update.clone()).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.level), ("n", Some(NotifyLevel::None)));
    assert!(store.update_device(bob, made.id, update).await.unwrap().is_none());
    assert!(store.device_target(bob, made.id).await.unwrap().is_none());
    assert!(!store.remove_device(bob, made.id).await.unwrap());
    let theirs = registered(&world, bob, "a").await;
    assert!(store.devices(ann).await.unwrap().is_empty(), "whoever registers it last has it");
    assert_eq!(store.devices(bob).await.unwrap()[0].id, theirs);
    let left = store.register_device(device(&world, ann, second, "b")).await.unwrap().unwrap();
    store.end_session(ann, second, NOW).await.unwrap();
    assert!(store.device_target(ann, left.id).await.unwrap().is_none());
    let ended = store.register_device(device(&world, ann, second, "b")).await.unwrap();
    assert_eq!(ended.unwrap_err(), DeviceRefusal::SessionEnded);
    for n in 0..20 {
        store.register_device(device(&world, ann, first, &format!("d{n}"))).await.unwrap().unwrap();
    }
    let one_more = store.register_device(device(&world, ann, first, "more")).await.unwrap();
    assert_eq!(one_more.unwrap_err(), DeviceRefusal::LimitReached);
    store.tidy_notifications(Timestamp(0), NOW).await.unwrap();
    assert!(store.devices(ann).await.unwrap().is_empty(), "sessions that are not used any more");
}

pub async fn a_push_waits_until_it_is_taken(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let message = world.say(id, ann, "x").await;
    let phone = registered(&world, bob, "phone").await;
    push(store, bob, &message, &[phone, DeviceId(99)]).await;
    push(store, bob, &message, &[phone]).await;
    assert_eq!(store.next_push().await.unwrap(), Some(message.created_at));
    let due = store.due_pushes(NOW, 10).await.unwrap();
    assert_eq!((due.len(), due[0].user, due[0].holds), (1, bob, Some(0)), "once, and only to devices that are there");
    store.hold_pushes(vec![(due[0].id, NOW)]).await.unwrap();
    assert!(store.due_pushes(message.created_at, 10).await.unwrap().is_empty());
    assert_eq!(store.due_pushes(NOW, 10).await.unwrap()[0].holds, Some(1));
    let begun = begin(store, NOW).await;
    let about = begun[0].message.as_ref().unwrap();
    assert_eq!((about.message.id, about.sender.id, about.hidden, begun[0].tries), (message.id, ann, false, 1));
    assert!(store.due_pushes(NOW, 10).await.unwrap().is_empty(), "it is under way");
    // The process dies: what was under way is due again.
    store.resume_pushes(NOW).await.unwrap();
    let again = begin(store, NOW).await;
    assert_eq!((again.len(), again[0].id, again[0].tries), (1, begun[0].id, 2));
    store.settle_pushes(vec![(again[0].clone(), PushResult::Later(LATER))], NOW).await.unwrap();
    assert_eq!(store.next_push().await.unwrap(), Some(LATER));
    let last = begin(store, LATER).await;
    store.settle_pushes(vec![(last[0].clone(), PushResult::Sent)], LATER).await.unwrap();
    assert_eq!(store.next_push().await.unwrap(), None);
    assert_eq!(store.devices(bob).await.unwrap()[0].last_used_at, Some(LATER));
    push(store, bob, &world.say(id, ann, "y").await, &[phone]).await;
    let gone = begin(store, NOW).await;
    store.settle_pushes(vec![(gone[0].clone(), PushResult::DeviceGone)], NOW).await.unwrap();
    assert!(store.devices(bob).await.unwrap().is_empty() && store.next_push().await.unwrap().is_none());
}

pub async fn what_need_not_be_sent_is_forgotten(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let phone = registered(&world, bob, "phone").await;
    let erased = world.say(id, ann, "x").await;
    push(store, bob, &erased, &[phone]).await;
    world.erase(ann, &erased).await;
    assert!(begin(store, NOW).await.is_empty());
    let old = world.say(id, ann, "x").await;
    push(store, bob, &old, &[phone]).await;
    let due = store.due_pushes(NOW, 10).await.unwrap();
    assert!(store.begin_pushes(vec![due[0].id], LATER, NOW).await.unwrap().is_empty(), "nobody wants it any more");
    let left = world.say(id, ann, "x").await;
    push(store, bob, &left, &[phone]).await;
    world.leave(id, bob).await;
    assert!(begin(store, NOW).await.is_empty());
    assert_eq!(store.next_push().await.unwrap(), None);
}

pub async fn reading_takes_back(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let (phone, tablet) = (registered(&world, bob, "phone").await, registered(&world, bob, "tablet").await);
    let waiting = world.say(id, ann, "waiting").await;
    push(store, bob, &waiting, &[phone]).await;
    assert!(!read(store, bob, &waiting).await, "what nobody has seen needs no clearing");
    assert_eq!(store.next_push().await.unwrap(), None);

    // Shown on the phone, under way to the tablet, when the first of two is read.
    let (one, two) = (world.say(id, ann, "one").await, world.say(id, ann, "two").await);
    push(store, bob, &one, &[phone, tablet]).await;
    push(store, bob, &two, &[phone]).await;
    let begun = begin(store, NOW).await;
    let (to_phone, to_tablet): (Vec<Push>, Vec<Push>) = begun.into_iter().partition(|push| push.device.id == phone);
    store.settle_pushes(to_phone.into_iter().map(|push| (push, PushResult::Sent)).collect(), NOW).await.unwrap();
    assert!(read(store, bob, &one).await);
    let clears = begin(store, Timestamp(i64::MAX)).await;
    let mut cleared: Vec<_> = clears.iter().map(|push| (push.device.id, push.seq, push.message.is_none())).collect();
    cleared.sort_unstable();
    assert_eq!(cleared, [(phone, one.seq, true), (tablet, one.seq, true)]);
    store.settle_pushes(clears.into_iter().map(|push| (push, PushResult::Sent)).collect(), NOW).await.unwrap();
    // What was under way arrives after all: it is cleared once more.
    store.settle_pushes(vec![(to_tablet[0].clone(), PushResult::Sent)], NOW).await.unwrap();
    let clears = begin(store, Timestamp(i64::MAX)).await;
    assert_eq!(clears.iter().map(|push| (push.device.id, push.seq)).collect::<Vec<_>>(), [(tablet, one.seq)]);
    store.settle_pushes(clears.into_iter().map(|push| (push, PushResult::Sent)).collect(), NOW).await.unwrap();
    assert!(read(store, bob, &two).await, "the second is still shown");
    let clears = begin(store, Timestamp(i64::MAX)).await;
    assert_eq!(clears.iter().map(|push| (push.device.id, push.seq)).collect::<Vec<_>>(), [(phone, two.seq)]);
}

pub async fn the_key_is_made_once(store: &dyn Store) {
    assert_eq!(store.push_key([1; 32]).await.unwrap(), [1; 32]);
    assert_eq!(store.push_key([2; 32]).await.unwrap(), [1; 32]);
}
