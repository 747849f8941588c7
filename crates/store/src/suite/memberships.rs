//! Memberships: cursors, settings, and the sync of what one user owns.

use laserchat_core::contact::ContactAction;
use laserchat_protocol::event::OwnChanges;
use laserchat_protocol::member::{MembershipUpdate, Receipt};
use laserchat_protocol::user::Privacy;
use laserchat_protocol::{Event, MemberState, Membership, Notify, Timestamp, UserId};

use super::world::{Dice, THEN, World};
use crate::{CursorMove, ProfileChange, Store};

async fn membership(store: &dyn Store, user: UserId, id: laserchat_protocol::ConversationId) -> Membership {
    store.conversation(user, id).await.unwrap().unwrap().membership.unwrap()
}

pub async fn cursors_only_move_forward(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob]).await;
    for _ in 0..10 {
        world.say(id, ann, "x").await;
    }
    let head = world.head(id).await;
    let wish = |user, delivered, read| CursorMove { conversation: id, user, delivered, read };
    let moved = store.advance(vec![wish(bob, 8, 6)]).await.unwrap().remove(0);
    assert_eq!((moved.delivered, moved.read, moved.shown), (Some(8), Some(6), true));
    let Some(Event::MembershipUpdated(own)) = moved.own else { panic!("reading tells one's own devices") };
    assert_eq!((own.membership.delivered, own.membership.read, own.membership.unread), (8, 6, head - 6));
    for back in [wish(bob, 7, 5), wish(bob, 0, 0), wish(cid, 9, 9)] {
        let moved = store.advance(vec![back]).await.unwrap().remove(0);
        assert!(moved.delivered.is_none() && moved.read.is_none() && moved.own.is_none(), "{moved:?}");
    }
    let moved = store.advance(vec![wish(bob, 9, 0)]).await.unwrap().remove(0);
    assert_eq!((moved.delivered, moved.read), (Some(9), None));
    assert!(moved.own.is_none());
    // Reading implies delivery; nothing is beyond the head.
    let moved = store.advance(vec![wish(bob, 0, u64::MAX)]).await.unwrap().remove(0);
    assert_eq!((moved.delivered, moved.read), (Some(head), Some(head)));
    assert_eq!(membership(store, bob, id).await.unread, 0);
    let answers = store.advance(vec![wish(cid, 1, 1), wish(ann, 0, 5), wish(ann, 0, 7)]).await.unwrap();
    let reads: Vec<_> = answers.iter().map(|moved| (moved.user, moved.read)).collect();
    assert_eq!(reads, [(cid, None), (ann, Some(5)), (ann, Some(7))], "one answer per wish, in order");
    let mut dice = Dice::new(1);
    let mut last = (0, 0);
    for _ in 0..50 {
        let (delivered, read) = (dice.below(20) as u64, dice.below(20) as u64);
        store.advance(vec![wish(ann, delivered, read)]).await.unwrap();
        let now = membership(store, ann, id).await;
        assert!(now.delivered >= last.0 && now.read >= last.1 && now.read <= now.delivered && now.delivered <= head);
        last = (now.delivered, now.read);
    }
}

pub async fn receipts_are_for_small_conversations(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.create(world.blank(laserchat_protocol::ConversationKind::Channel, ann), &[bob]).await;
    let message = world.say(id, ann, "x").await;
    let wish = |user| CursorMove { conversation: id, user, delivered: 0, read: message.seq };
    assert!(store.advance(vec![wish(bob)]).await.unwrap()[0].shown);
    let receipts = async || store.changes(ann, id, 0, 1000).await.unwrap().unwrap().receipts;
    let full = |user_id| Receipt { user_id, delivered: message.seq, read: message.seq };
    assert!(receipts().await.contains(&full(bob)));
    let hidden =
        ProfileChange { privacy: Some(Privacy { show_read: false, ..Privacy::default() }), ..ProfileChange::default() };
    store.update_user(ann, hidden).await.unwrap().unwrap();
    assert!(!store.advance(vec![wish(ann)]).await.unwrap()[0].shown);
    assert!(receipts().await.contains(&Receipt { user_id: ann, delivered: message.seq, read: 0 }));
    let members = store.members(id, false, None, 10).await.unwrap().items;
    assert_eq!(members.iter().map(|m| (m.user.id, m.read)).collect::<Vec<_>>(), [(ann, 0), (bob, message.seq)]);
    for n in 0..99 {
        let user = world.person(&format!("user{n}")).await;
        world.join(id, user).await;
    }
    assert!(receipts().await.is_empty());
    let wish = CursorMove { conversation: id, user: bob, delivered: 0, read: u64::MAX };
    let moved = store.advance(vec![wish]).await.unwrap().remove(0);
    assert!(!moved.shown && moved.read.is_some());
    let members = store.members(id, false, None, 10).await.unwrap().items;
    assert!(members.iter().all(|member| (member.read, member.delivered) == (0, 0)));
}

pub async fn settings(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[]).await;
    let update = MembershipUpdate {
        favourite: Some(true),
        notifications_muted_until: Some(Some(Timestamp(5))),
        notify: Some(Notify::Mentions),
    };
    let event = store.update_membership(ann, id, update).await.unwrap().unwrap();
    let Event::MembershipUpdated(told) = &event else { panic!("{event:?}") };
    assert!(told.membership.favourite && told.version == told.membership.version);
    let keep = MembershipUpdate::default();
    store.update_membership(ann, id, keep).await.unwrap().unwrap();
    let now = membership(store, ann, id).await;
    assert_eq!(
        (now.favourite, now.notifications_muted_until, now.notify),
        (true, Some(Timestamp(5)), Notify::Mentions)
    );
    let clear = MembershipUpdate {
        favourite: Some(false),
        notifications_muted_until: Some(None),
        notify: Some(Notify::Default),
    };
    store.update_membership(ann, id, clear).await.unwrap().unwrap();
    let now = membership(store, ann, id).await;
    assert_eq!((now.favourite, now.notifications_muted_until, now.notify), (false, None, Notify::Default));
    assert!(store.update_membership(bob, id, MembershipUpdate::default()).await.unwrap().is_none());
}

pub async fn joining_has_read_all(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[]).await;
    world.say(id, ann, "before").await;
    let done = world.join(id, bob).await;
    let Event::MemberAdded(told) = &done.changed[0].event else { panic!("{:?}", done.changed[0]) };
    assert_eq!((told.member.changed, told.member.read, told.member.delivered), (told.seq, told.seq, told.seq));
    let Some((who, Event::MembershipUpdated(own))) = done.personal.first() else { panic!("{:?}", done.personal) };
    assert_eq!((*who, own.membership.state, own.membership.unread), (bob, MemberState::Joined, 0));
    world.say(id, ann, "after").await;
    assert_eq!(membership(store, bob, id).await.unread, 1);
    world.leave(id, bob).await;
    world.say(id, ann, "while away").await;
    world.join(id, bob).await;
    assert_eq!(membership(store, bob, id).await.unread, 0);
}

/// Everything that changes what a user owns takes that user's next version, without gaps.
pub async fn versions_are_dense(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let start = store.own_changes(bob, 0, 1000).await.unwrap().head;
    let mut events: Vec<Event> = Vec::new();
    let mut personal = |list: Vec<(UserId, Event)>| {
        events.extend(list.into_iter().filter(|(user, _)| *user == bob).map(|(_, event)| event));
    };
    let id = world.group(ann, &[]).await;
    personal(world.join(id, bob).await.personal);
    personal(store.change_contact(ann, bob, ContactAction::Request, THEN).await.unwrap().unwrap());
    personal(store.change_contact(bob, ann, ContactAction::Accept, THEN).await.unwrap().unwrap());
    let message = world.say(id, ann, "x").await;
    let read = CursorMove { conversation: id, user: bob, delivered: 0, read: message.seq };
    let moved = store.advance(vec![read]).await.unwrap().remove(0);
    personal(moved.own.into_iter().map(|event| (bob, event)).collect());
    let (_, renamed) = store
        .update_user(bob, ProfileChange { about: Some("hi".into()), ..ProfileChange::default() })
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    personal(vec![(bob, renamed)]);
    let starred = MembershipUpdate { favourite: Some(true), ..MembershipUpdate::default() };
    personal(vec![(bob, store.update_membership(bob, id, starred).await.unwrap().unwrap())]);
    personal(world.leave(id, bob).await.personal);
    let versions: Vec<_> = events.iter().filter_map(Event::version).collect();
    assert_eq!(versions, (start + 1..start + 1 + versions.len() as u64).collect::<Vec<_>>());
    assert_eq!(versions.len(), 7);
    let own = store.own_changes(bob, start, 100).await.unwrap();
    assert_eq!(own.head, start + 7);
    // Each object once, in its present state.
    let now: Vec<_> = own.items.iter().filter_map(Event::version).collect();
    assert_eq!(now, [start + 3, start + 5, start + 7]);
}

pub async fn own_changes_are_paged(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    for n in 0..7 {
        world.group(ann, &[bob]).await;
        let other = world.person(&format!("user{n}")).await;
        store.change_contact(bob, other, ContactAction::Request, THEN).await.unwrap().unwrap();
    }
    let whole = store.own_changes(bob, 0, 1000).await.unwrap();
    assert_eq!((whole.next, whole.items.len()), (None, 15));
    for limit in [1, 2, 3, 14, 15, 16] {
        let mut items = Vec::new();
        let mut after = 0;
        loop {
            let OwnChanges { items: page, next, head } = store.own_changes(bob, after, limit).await.unwrap();
            assert!(page.len() <= limit && head == whole.head);
            items.extend(page);
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(items, whole.items, "pages of {limit}");
    }
    assert!(store.own_changes(bob, u64::MAX, 10).await.unwrap().items.is_empty());
    assert_eq!(store.own_changes(UserId(world.id()), 0, 10).await.unwrap().head, 0);
}
