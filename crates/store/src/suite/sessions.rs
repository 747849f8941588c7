//! Sessions: refresh tokens rotate, a copy is noticed, an ended session stays ended.

use futures_util::future::join_all;
use laserchat_protocol::session::DeviceKind;
use laserchat_protocol::{SessionId, Timestamp, UserId};

use super::world::{THEN, World, hash};
use crate::{NewSession, Rotation, Store};

async fn sign_in(store: &dyn Store, id: u64, user: UserId) -> SessionId {
    let session = NewSession {
        id: SessionId(id),
        user,
        name: format!("device {id}"),
        kind: DeviceKind::Mobile,
        refresh: hash(id),
        created_at: THEN,
        address: Some("192.0.2.1".into()),
    };
    store.create_session(session).await.unwrap();
    SessionId(id)
}

fn later(seconds: u64) -> Timestamp {
    THEN.plus_seconds(seconds)
}

pub async fn rotation(store: &dyn Store) {
    let world = World::new(store);
    let user = world.person("ann").await;
    let session = sign_in(store, 1, user).await;
    let rotate = |old, new| store.rotate(hash(old), hash(new), later(1), THEN, None);
    assert_eq!(rotate(1, 2).await.unwrap(), Rotation::Rotated { session, user });
    assert_eq!(rotate(2, 3).await.unwrap(), Rotation::Rotated { session, user });
    assert_eq!(rotate(99, 4).await.unwrap(), Rotation::Unknown);
    let seen = store.sessions(user).await.unwrap();
    assert_eq!((seen.len(), seen[0].last_active_at, seen[0].kind), (1, later(1), DeviceKind::Mobile));
    // Of many who show the same token at once, one gets a new one.
    let racing = join_all((10..20).map(|new| rotate(3, new))).await;
    let rotated = racing.iter().filter(|r| matches!(r, Ok(Rotation::Rotated { .. }))).count();
    assert_eq!(rotated, 1);
}

pub async fn reuse_ends_the_session(store: &dyn Store) {
    let world = World::new(store);
    let user = world.person("ann").await;
    let (session, other) = (sign_in(store, 1, user).await, sign_in(store, 50, user).await);
    let rotate = |old, new| store.rotate(hash(old), hash(new), later(1), THEN, None);
    rotate(1, 2).await.unwrap();
    rotate(2, 3).await.unwrap();
    assert_eq!(rotate(1, 4).await.unwrap(), Rotation::Reused { session, user });
    assert_eq!(rotate(3, 5).await.unwrap(), Rotation::Unknown, "the thief's and the owner's token are both dead");
    assert_eq!(rotate(1, 6).await.unwrap(), Rotation::Unknown);
    assert_eq!(store.ended_since(THEN).await.unwrap(), [session]);
    assert_eq!(store.sessions(user).await.unwrap().iter().map(|s| s.id).collect::<Vec<_>>(), [other]);
}

pub async fn ending(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (one, two, three) = (sign_in(store, 1, ann).await, sign_in(store, 2, ann).await, sign_in(store, 3, ann).await);
    let theirs = sign_in(store, 4, bob).await;
    assert!(!store.end_session(ann, theirs, later(1)).await.unwrap(), "somebody else's is not there");
    assert!(store.end_session(ann, one, later(1)).await.unwrap());
    assert!(!store.end_session(ann, one, later(2)).await.unwrap());
    assert_eq!(store.end_sessions(ann, Some(three), later(3)).await.unwrap(), [two]);
    assert_eq!(store.ended_since(later(1)).await.unwrap(), [one, two]);
    assert_eq!(store.ended_since(later(2)).await.unwrap(), [two]);
    assert_eq!(store.end_sessions(ann, None, later(4)).await.unwrap(), [three]);
    assert!(store.sessions(ann).await.unwrap().is_empty());
    assert_eq!(store.sessions(bob).await.unwrap().len(), 1);
    let again = store.rotate(hash(1), hash(9), later(5), THEN, None).await.unwrap();
    assert_eq!(again, Rotation::Unknown);
}

pub async fn expiry(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    sign_in(store, 1, ann).await;
    let session = sign_in(store, 2, ann).await;
    let late = store.rotate(hash(1), hash(9), later(100), later(1), None).await.unwrap();
    assert_eq!(late, Rotation::Unknown);
    store.set_disabled(ann, true).await.unwrap();
    assert_eq!(store.rotate(hash(2), hash(8), later(1), THEN, None).await.unwrap(), Rotation::Unknown);
    store.set_disabled(ann, false).await.unwrap();
    let back = store.rotate(hash(2), hash(8), later(1), THEN, None).await.unwrap();
    assert_eq!(back, Rotation::Rotated { session, user: ann });
}

pub async fn touching(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let (one, two) = (sign_in(store, 1, ann).await, sign_in(store, 2, ann).await);
    let touches = vec![(one, later(9), Some("192.0.2.9".into())), (two, later(5), None)];
    store.touch_sessions(touches).await.unwrap();
    store.touch_sessions(vec![(one, later(3), None)]).await.unwrap();
    let seen = store.sessions(ann).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|s| (s.id, s.last_active_at, s.address.as_deref())).collect();
    assert_eq!(seen, [(one, later(9), Some("192.0.2.9")), (two, later(5), Some("192.0.2.1"))], "the last active first");
}

/// As by nodes that the same people come to.
pub async fn touching_at_once(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let mut ids = Vec::new();
    for id in 1..=20 {
        ids.push(sign_in(store, id, ann).await);
    }
    let touches = (1..=40).map(|round| {
        let at = |id: &SessionId| (*id, later(round), None);
        store.touch_sessions(if round % 2 == 0 {
            ids.iter().map(at).collect()
        } else {
            ids.iter().rev().map(at).collect()
        })
    });
    join_all(touches).await.into_iter().for_each(|touched| touched.unwrap());
    assert!(store.sessions(ann).await.unwrap().iter().all(|session| session.last_active_at == later(40)));
}
