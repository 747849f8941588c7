//! Expiry: conversations at which to look, and what there is to be looked at.

use laserchat_core::Change;
use laserchat_protocol::{ConversationId, ConversationKind, Timestamp, UserId};

use super::world::{THEN, World};
use crate::{ExpiryDue, Store};

/// Sets the rule of a conversation.
async fn rule(world: &World<'_>, id: ConversationId, seconds: Option<u32>) {
    let next = laserchat_protocol::Conversation { expire_seconds: seconds, ..world.room(id, &[]).await.conversation };
    world.now(id, vec![Change::ConversationUpdated(next)]).await.unwrap();
}

async fn due(store: &dyn Store, now: i64) -> Vec<ExpiryDue> {
    store.expiry_due(Timestamp(now), 10).await.unwrap()
}

pub async fn what_is_due_is_found(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = world.group(ann, &[bob]).await;
    assert_eq!((due(store, i64::MAX).await, store.next_expiry().await.unwrap()), (vec![], None));
    let parent = world.say(group, ann, "parent").await;
    let reply = world.reply(bob, &parent, "reply").await;
    let gone = world.say(group, ann, "gone").await;
    world.erase(ann, &gone).await;
    rule(&world, group, Some(3600)).await;
    let found = ExpiryDue { conversation: group, upto: 0, expire_seconds: Some(3600) };
    assert_eq!(due(store, THEN.0).await, [found], "a new rule is looked at at once");
    // Living texts, each with its parent; what else stands there is passed over.
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let (page, next) = store.texts_after(group, after, 2).await.unwrap();
        seen.extend(page.into_iter().map(|(message, parent)| (message.id, parent.map(|parent| parent.id))));
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(seen, [(parent.id, None), (reply.id, Some(parent.id))]);
    store.expiry_done(found, reply.seq, Some(Timestamp(5000))).await.unwrap();
    assert_eq!(store.next_expiry().await.unwrap(), Some(Timestamp(5000)));
    assert_eq!(due(store, 4999).await, []);
    assert_eq!(due(store, 5000).await, [ExpiryDue { upto: reply.seq, ..found }], "it goes on where it was");
    // Where it has been it does not go back to.
    store.expiry_done(found, 0, Some(Timestamp(5000))).await.unwrap();
    assert_eq!(due(store, 5000).await, [ExpiryDue { upto: reply.seq, ..found }]);
    world.now(group, vec![Change::ConversationDeleted(THEN)]).await.unwrap();
    let left = ExpiryDue { conversation: group, upto: reply.seq, expire_seconds: None };
    assert!(due(store, i64::MAX).await.iter().all(|due| *due == left), "a deleted conversation has no rule");
    store.expiry_done(left, reply.seq, None).await.unwrap();
    assert_eq!((due(store, i64::MAX).await, store.next_expiry().await.unwrap()), (vec![], None));
}

pub async fn a_rule_that_changes_is_looked_at_again(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let group = world.group(ann, &[]).await;
    rule(&world, group, Some(86_400)).await;
    let [seen] = due(store, 0).await[..] else { panic!("it is due") };
    // It changes while somebody looks.
    rule(&world, group, Some(3600)).await;
    store.expiry_done(seen, 7, Some(Timestamp(i64::MAX))).await.unwrap();
    assert_eq!(due(store, 0).await, [ExpiryDue { expire_seconds: Some(3600), upto: 7, ..seen }], "still due");
    let [seen] = due(store, 0).await[..] else { panic!("it is due") };
    rule(&world, group, None).await;
    store.expiry_done(seen, 7, None).await.unwrap();
    let [seen] = due(store, i64::MAX).await[..] else { panic!("it is due") };
    assert_eq!(seen.expire_seconds, None, "the server's rule may hold");
    store.expiry_done(seen, 7, None).await.unwrap();
    assert_eq!(due(store, i64::MAX).await, []);
}

pub async fn every_conversation_can_be_enrolled(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(world.create(world.blank(ConversationKind::Group, ann), &[] as &[UserId]).await);
    }
    world.now(all[4], vec![Change::ConversationDeleted(THEN)]).await.unwrap();
    let mut last = ConversationId(0);
    let mut pages = 0;
    while let Some(next) = store.enroll_all(last, 2, Timestamp(100)).await.unwrap() {
        assert!(next > last);
        last = next;
        pages += 1;
    }
    assert_eq!(pages, 2);
    let mut found: Vec<_> = due(store, 100).await.into_iter().map(|due| due.conversation).collect();
    found.sort_unstable();
    assert_eq!(found, all[..4]);
    // Enrolling again, under a rule that may be shorter, has all of them looked at, each from where it was.
    let known = ExpiryDue { conversation: all[0], upto: 0, expire_seconds: None };
    store.expiry_done(known, 3, Some(Timestamp(900))).await.unwrap();
    assert_eq!(due(store, 100).await.len(), 3);
    store.enroll_all(ConversationId(0), 10, Timestamp(100)).await.unwrap();
    let found = due(store, 100).await;
    assert!(found.len() == 4 && found.contains(&ExpiryDue { upto: 3, ..known }), "{found:?}");
}
