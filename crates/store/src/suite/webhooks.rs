//! Webhooks: whose they are, and that every delivery is written once, waits until it has arrived, and is erased with its message.

use laserchat_core::Change;
use laserchat_protocol::limits::{DELIVERIES_PER_WEBHOOK, WEBHOOKS_OF_SERVER, WEBHOOKS_PER_CONVERSATION};
use laserchat_protocol::webhook::{DeliveryAnswer, DeliveryState, Topic, Webhook};
use laserchat_protocol::{ConversationId, DeliveryId, Seq, Timestamp, UserId, WebhookId};

use super::world::{THEN, World, hash, new_user};
use crate::{
    Append, Attempted, Begin, DueDelivery, FollowerStep, NewDelivery, NewIncomingWebhook, NewWebhook, Store,
    WebhookChange,
};

const FOLLOWER: &str = "webhooks";
const LATER: Timestamp = Timestamp(THEN.0 + 60_000);

fn new_webhook(world: &World<'_>, conversation: Option<ConversationId>, by: UserId) -> NewWebhook {
    NewWebhook {
        id: WebhookId(world.id()),
        conversation,
        url: "https://example.org/in".into(),
        topics: vec![Topic::MessageSent, Topic::MemberRemoved],
        secret: vec![1; 32],
        created_by: by,
        created_at: THEN,
    }
}

async fn webhook(world: &World<'_>, conversation: ConversationId, by: UserId) -> Webhook {
    world.store.create_webhook(new_webhook(world, Some(conversation), by)).await.unwrap().unwrap()
}

fn new_delivery(world: &World<'_>, hook: &Webhook, conversation: ConversationId, seq: Seq) -> NewDelivery {
    NewDelivery {
        id: DeliveryId(world.id()),
        webhook: hook.id,
        conversation,
        seq,
        message_seq: Some(seq),
        topic: Topic::MessageSent,
        body: format!("{{\"seq\":{seq}}}"),
        created_at: THEN,
    }
}

async fn add(store: &dyn Store, new: Vec<NewDelivery>) {
    store.enrol(FOLLOWER, Begin::AtHead).await.unwrap();
    store.add_deliveries(FOLLOWER, new, Vec::new()).await.unwrap();
}

fn attempted(state: DeliveryState, next_at: Option<Timestamp>) -> Attempted {
    let answer = DeliveryAnswer { at: THEN, ms: 3, status: Some(500), error: None, body: None };
    Attempted { answer, state, next_at, disable: None }
}

/// The next delivery of each webhook that is owed one.
async fn next(store: &dyn Store, now: Timestamp) -> Vec<DueDelivery> {
    let mut next = Vec::new();
    for webhook in store.webhooks_due(now).await.unwrap() {
        next.extend(store.due_deliveries(webhook, now, 1).await.unwrap());
    }
    next
}

async fn due(store: &dyn Store, now: Timestamp) -> Vec<DeliveryId> {
    next(store, now).await.into_iter().map(|due| due.id).collect()
}

pub async fn incoming_ones_have_a_bot(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let new = |number: u64| NewIncomingWebhook {
        id: WebhookId(world.id()),
        conversation: id,
        bot: new_user(UserId(world.id()), &format!("hook-{number}")),
        created_by: ann,
        created_at: THEN,
        secret: hash(number),
    };
    let made = store.create_incoming_webhook(new(0)).await.unwrap().unwrap();
    assert!(made.user.bot && made.secret.is_none() && made.last_used_at.is_none());
    let found = store.incoming_webhook_by_secret(hash(0)).await.unwrap().unwrap();
    assert_eq!((found.id, found.conversation_id), (made.id, id));
    assert!(store.incoming_webhook_by_secret(hash(1)).await.unwrap().is_none());
    store.touch_incoming_webhook(made.id, LATER).await.unwrap();
    store.touch_incoming_webhook(made.id, THEN).await.unwrap();
    assert_eq!(store.incoming_webhook(made.id).await.unwrap().unwrap().last_used_at, Some(LATER), "never back");
    for number in 1..WEBHOOKS_PER_CONVERSATION {
        assert!(store.create_incoming_webhook(new(number as u64)).await.unwrap().is_some());
    }
    assert!(store.create_incoming_webhook(new(99)).await.unwrap().is_none());
    assert_eq!(store.incoming_webhooks(id).await.unwrap().len(), WEBHOOKS_PER_CONVERSATION);
    assert!(store.remove_incoming_webhook(made.id).await.unwrap());
    assert!(!store.remove_incoming_webhook(made.id).await.unwrap());
    assert!(store.incoming_webhook_by_secret(hash(0)).await.unwrap().is_none());
    assert!(store.user(made.user.id).await.unwrap().unwrap().disabled, "its bot can do nothing");
}

pub async fn outgoing_ones_change(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let made = webhook(&world, id, ann).await;
    assert_eq!((&made.events[..], &made.secret), (&[Topic::MessageSent, Topic::MemberRemoved][..], &None));
    let wide = store.create_webhook(new_webhook(&world, None, ann)).await.unwrap().unwrap();
    let listed = async |of| store.webhooks(of).await.unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!((listed(Some(id)).await, listed(None).await), (vec![made.id], vec![wide.id]));
    let change = WebhookChange {
        url: Some("https://example.org/other".into()),
        topics: Some(vec![Topic::MessageDeleted]),
        disabled: Some(Some((LATER, Some("it is broken".into())))),
        secret: None,
    };
    let changed = store.update_webhook(made.id, change).await.unwrap().unwrap();
    assert_eq!(
        (changed.url.as_str(), &changed.events[..]),
        ("https://example.org/other", &[Topic::MessageDeleted][..])
    );
    assert_eq!((changed.disabled_at, changed.disabled_reason.as_deref()), (Some(LATER), Some("it is broken")));
    let active = async || store.active_webhooks().await.unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(active().await, [wide.id]);
    let on = WebhookChange { disabled: Some(None), ..WebhookChange::default() };
    assert_eq!(store.update_webhook(made.id, on.clone()).await.unwrap().unwrap().disabled_reason, None);
    assert_eq!(active().await, [made.id, wide.id]);
    assert!(store.update_webhook(WebhookId(1), on).await.unwrap().is_none());
    for _ in 1..WEBHOOKS_PER_CONVERSATION {
        webhook(&world, id, ann).await;
    }
    assert!(store.create_webhook(new_webhook(&world, Some(id), ann)).await.unwrap().is_none());
    for _ in 1..WEBHOOKS_OF_SERVER {
        assert!(store.create_webhook(new_webhook(&world, None, ann)).await.unwrap().is_some());
    }
    assert!(store.create_webhook(new_webhook(&world, None, ann)).await.unwrap().is_none());
    assert!(store.remove_webhook(made.id).await.unwrap() && !store.remove_webhook(made.id).await.unwrap());
}

pub async fn a_delivery_waits_until_it_has_arrived(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    store.enrol(FOLLOWER, Begin::AtHead).await.unwrap();
    let id = world.group(ann, &[]).await;
    let [hook, other] = [webhook(&world, id, ann).await, webhook(&world, id, ann).await];
    let [first, second] = [new_delivery(&world, &hook, id, 1), new_delivery(&world, &hook, id, 2)];
    let third = new_delivery(&world, &other, id, 1);
    let steps = vec![FollowerStep { conversation: id, after: 0, upto: 1, gone: false }];
    assert_eq!(store.next_delivery().await.unwrap(), None);
    let new = vec![first.clone(), second.clone(), third.clone()];
    assert!(store.add_deliveries(FOLLOWER, new, steps.clone()).await.unwrap());
    assert_eq!(store.followed(FOLLOWER, id).await.unwrap(), 1, "together with the cursor");
    // A process that was paused comes with the same step, and what it has to tell is told already.
    let again = new_delivery(&world, &other, id, 7);
    assert!(!store.add_deliveries(FOLLOWER, vec![again.clone()], steps).await.unwrap());
    assert!(store.deliveries(other.id, None, 9).await.unwrap().items.iter().all(|one| one.id != again.id));
    // The follower comes again with the same change, under an id of its own.
    add(store, vec![new_delivery(&world, &hook, id, 1)]).await;
    assert_eq!(due(store, THEN).await, [first.id, third.id], "one at a time of each webhook, in order");
    let owed = store.due_deliveries(hook.id, THEN, 9).await.unwrap();
    assert_eq!(owed.iter().map(|due| due.id).collect::<Vec<_>>(), [first.id, second.id], "in order");
    let found = next(store, THEN).await;
    assert_eq!((&found[0].body, &found[0].secrets, found[0].attempts), (&first.body, &vec![vec![1; 32]], 0));
    store.deliveries_attempted(vec![(third.id, attempted(DeliveryState::Delivered, None))]).await.unwrap();
    store.deliveries_attempted(vec![(first.id, attempted(DeliveryState::Pending, Some(LATER)))]).await.unwrap();
    assert_eq!(due(store, THEN).await, [second.id]);
    store.deliveries_attempted(vec![(second.id, attempted(DeliveryState::Failed, None))]).await.unwrap();
    assert_eq!((due(store, THEN).await, due(store, LATER).await), (vec![], vec![first.id]));
    assert_eq!(store.next_delivery().await.unwrap(), Some(LATER));
    let again = next(store, LATER).await.remove(0);
    assert_eq!((again.id, again.attempts, again.failing_since), (first.id, 1, Some(THEN)));
    let listed = store.deliveries(hook.id, None, 1).await.unwrap();
    assert_eq!((listed.items[0].id, listed.items[0].state), (second.id, DeliveryState::Failed));
    let rest = store.deliveries(hook.id, listed.next.as_deref(), 9).await.unwrap();
    assert_eq!((rest.items.len(), rest.items[0].id, rest.next), (1, first.id, None));
    assert_eq!((rest.items[0].attempts, rest.items[0].answers.len(), rest.items[0].next_at), (1, 1, Some(LATER)));
    // One that failed can be sent again, under its id; not by another webhook.
    assert!(store.replay_delivery(other.id, second.id, THEN).await.unwrap().is_none());
    let replayed = store.replay_delivery(hook.id, second.id, THEN).await.unwrap().unwrap();
    assert_eq!((replayed.id, replayed.state, replayed.attempts), (second.id, DeliveryState::Pending, 0));
    assert_eq!(due(store, THEN).await, [second.id]);
    store.deliveries_attempted(vec![(second.id, attempted(DeliveryState::Delivered, None))]).await.unwrap();
    assert_eq!(next(store, LATER).await[0].failing_since, None, "something has arrived");
    // While it is off it is told nothing new, and what waits goes on waiting.
    let off = WebhookChange { disabled: Some(Some((THEN, None))), ..WebhookChange::default() };
    store.update_webhook(hook.id, off).await.unwrap();
    add(store, vec![new_delivery(&world, &hook, id, 3)]).await;
    assert_eq!((due(store, LATER).await, store.next_delivery().await.unwrap()), (vec![], None));
    let on = WebhookChange { disabled: Some(None), ..WebhookChange::default() };
    store.update_webhook(hook.id, on).await.unwrap();
    assert_eq!(due(store, LATER).await, [first.id]);
    // It is switched off by what comes of an attempt.
    let gone = Attempted { disable: Some("gone".into()), ..attempted(DeliveryState::Failed, None) };
    store.deliveries_attempted(vec![(first.id, gone)]).await.unwrap();
    assert_eq!(store.webhook(hook.id).await.unwrap().unwrap().disabled_reason.as_deref(), Some("gone"));
    store.deliveries_attempted(vec![(DeliveryId(1), attempted(DeliveryState::Failed, None))]).await.unwrap();
}

pub async fn two_secrets_sign_for_a_time(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let hook = webhook(&world, id, ann).await;
    add(store, vec![new_delivery(&world, &hook, id, 1)]).await;
    let change = WebhookChange { secret: Some((vec![2; 32], LATER)), ..WebhookChange::default() };
    store.update_webhook(hook.id, change).await.unwrap();
    let secrets = async |now| next(store, now).await.remove(0).secrets;
    assert_eq!(secrets(THEN).await, [vec![2; 32], vec![1; 32]]);
    assert_eq!(secrets(LATER).await, [vec![2; 32]]);
}

pub async fn what_is_erased_is_told_to_nobody(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let hook = webhook(&world, id, ann).await;
    let [said, kept] = [world.say(id, ann, "a secret").await, world.say(id, ann, "no secret").await];
    let told = new_delivery(&world, &hook, id, said.seq);
    let other = new_delivery(&world, &hook, id, kept.seq);
    add(store, vec![told.clone(), other.clone()]).await;
    world.erase(ann, &said).await;
    assert_eq!(due(store, LATER).await, [other.id]);
    assert!(store.replay_delivery(hook.id, told.id, THEN).await.unwrap().is_none());
    // It was on its way meanwhile, and did not arrive: it is not tried again.
    store.deliveries_attempted(vec![(told.id, attempted(DeliveryState::Pending, Some(THEN)))]).await.unwrap();
    assert_eq!(due(store, LATER).await, [other.id]);
    let listed = store.deliveries(hook.id, None, 9).await.unwrap();
    assert_eq!(listed.items.iter().find(|one| one.id == told.id).unwrap().state, DeliveryState::Failed);
    // With the conversation everything goes.
    let head = world.head(id).await;
    let end = Append { conversation: id, expected: head + 1, changes: vec![Change::ConversationDeleted(THEN)] };
    world.append(end).await.unwrap();
    let after = store.followed(FOLLOWER, id).await.unwrap();
    let gone = FollowerStep { conversation: id, after, upto: after, gone: true };
    assert!(store.add_deliveries(FOLLOWER, Vec::new(), vec![gone]).await.unwrap());
    assert!(store.webhook(hook.id).await.unwrap().is_none() && due(store, LATER).await.is_empty());
}

pub async fn only_the_newest_are_remembered(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let hook = webhook(&world, id, ann).await;
    let waits = new_delivery(&world, &hook, id, 1);
    add(store, vec![waits.clone()]).await;
    for seq in 2..DELIVERIES_PER_WEBHOOK as Seq + 10 {
        let one = new_delivery(&world, &hook, id, seq);
        add(store, vec![one.clone()]).await;
        store.deliveries_attempted(vec![(one.id, attempted(DeliveryState::Delivered, None))]).await.unwrap();
    }
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.deliveries(hook.id, cursor.as_deref(), 100).await.unwrap();
        ids.extend(page.items.iter().map(|one| one.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((ids.len(), ids.last()), (DELIVERIES_PER_WEBHOOK + 1, Some(&waits.id)), "what waits is not forgotten");
}
