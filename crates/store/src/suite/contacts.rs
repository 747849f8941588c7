//! Contacts and blocks.

use laserchat_core::contact::ContactAction;
use laserchat_protocol::{Code, Contact, ContactState, Event, UserId};

use super::world::{THEN, World};
use crate::Store;

async fn change(store: &dyn Store, user: UserId, other: UserId, action: ContactAction) -> Vec<(UserId, Contact)> {
    let events = store.change_contact(user, other, action, THEN).await.unwrap().unwrap();
    let contact = |event| match event {
        Event::ContactUpdated(told) => told.contact,
        other => panic!("{other:?}"),
    };
    events.into_iter().map(|(user, event)| (user, contact(event))).collect()
}

pub async fn requests(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let told = change(store, ann, bob, ContactAction::Request).await;
    let seen: Vec<_> = told.iter().map(|(user, c)| (*user, c.user.id, c.state)).collect();
    assert_eq!(seen, [(ann, bob, ContactState::Requested), (bob, ann, ContactState::Pending)]);
    assert!(change(store, ann, bob, ContactAction::Request).await.is_empty(), "repeating tells nobody");
    let told = change(store, bob, ann, ContactAction::Accept).await;
    assert!(told.len() == 2 && told.iter().all(|(_, contact)| contact.state == ContactState::Accepted));
    let told = change(store, ann, bob, ContactAction::Remove).await;
    assert!(told.len() == 2 && told.iter().all(|(_, contact)| contact.state == ContactState::None));
    let refusal = |user, other, action| async move {
        store.change_contact(user, other, action, THEN).await.unwrap().unwrap_err().code
    };
    assert_eq!(refusal(ann, bob, ContactAction::Accept).await, Code::NotFound);
    assert_eq!(refusal(ann, UserId(world.id()), ContactAction::Request).await, Code::NotFound);
    // The end of a contact is still a change that other devices learn of.
    let own = store.own_changes(bob, 0, 100).await.unwrap();
    let gone = |event: &Event| match event {
        Event::ContactUpdated(told) => told.contact.state == ContactState::None,
        _ => false,
    };
    assert!(own.items.iter().any(gone));
}

pub async fn blocks(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    assert_eq!(change(store, ann, bob, ContactAction::Block).await.len(), 1, "the other is never told");
    assert_eq!(store.blocked_among(ann, &[bob, cid]).await.unwrap(), [bob]);
    assert_eq!(store.blocked_among(bob, &[cid, ann]).await.unwrap(), [ann]);
    let refused = store.change_contact(bob, ann, ContactAction::Request, THEN).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::Blocked);
    let listed = store.contacts(ann, None, 10).await.unwrap().items;
    assert!(listed.len() == 1 && listed[0].blocked);
    assert!(store.contacts(bob, None, 10).await.unwrap().items.is_empty());
    change(store, ann, bob, ContactAction::Unblock).await;
    assert!(store.blocked_among(ann, &[bob, cid]).await.unwrap().is_empty());
    assert!(store.contacts(ann, None, 10).await.unwrap().items.is_empty());
}

pub async fn listing(store: &dyn Store) {
    let world = World::new(store);
    let [me, dan, bob, eve, cid] = world.people(["me", "dan", "bob", "eve", "cid"]).await;
    for other in [dan, bob, eve] {
        change(store, me, other, ContactAction::Request).await;
    }
    change(store, cid, me, ContactAction::Request).await;
    for limit in [1, 2, 10] {
        let mut got = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = store.contacts(me, cursor.as_deref(), limit).await.unwrap();
            got.extend(page.items.into_iter().map(|contact| contact.user.username));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(got, ["bob", "cid", "dan", "eve"], "by user name");
    }
}
