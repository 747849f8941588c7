//! Belongings: drafts, scheduled messages, reminders, saved messages.

use laserchat_protocol::reminder::ReminderState;
use laserchat_protocol::{
    ConversationId, Draft, Event, FileId, FileKind, MessageId, Reminder, ReminderId, Saved, Timestamp, UserId, Version,
};

use super::world::{THEN, World};
use crate::{Belonging, BelongingKey, BelongingKind, BelongingRefusal, Keep, Store};

fn draft(body: &str) -> Belonging {
    Belonging::Draft(Draft {
        conversation_id: ConversationId(1),
        parent_id: None,
        body: body.to_owned(),
        files: Vec::new(),
        updated_at: THEN,
        version: 0,
    })
}

fn reminder(id: u64, at: i64, state: ReminderState) -> Belonging {
    Belonging::Reminder(Reminder {
        id: ReminderId(id),
        message_id: None,
        conversation_id: None,
        text: "tea".into(),
        at: None,
        time_zone: None,
        remind_at: Timestamp(at),
        state,
        created_at: THEN,
        version: 0,
    })
}

async fn keep(
    store: &dyn Store,
    user: UserId,
    belonging: Belonging,
    based_on: Option<Version>,
) -> Result<(Belonging, Option<Event>), BelongingRefusal> {
    store.keep(Keep { user, belonging, based_on, limit: 3 }).await.unwrap()
}

/// What another writer wrote meanwhile is not overwritten, and what is there already is not written again.
pub async fn newer_ones_stay(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (first, event) = keep(store, ann, draft("one"), Some(0)).await.unwrap();
    assert!(matches!(event, Some(Event::DraftUpdated(told)) if told.version == first.version()));
    assert_eq!(keep(store, ann, draft("one"), Some(0)).await.unwrap(), (first.clone(), None), "a retry");
    let refused = keep(store, ann, draft("two"), Some(0)).await.unwrap_err();
    assert_eq!(refused, BelongingRefusal::Stale(Box::new(first.clone())));
    let (second, _) = keep(store, ann, draft("two"), Some(first.version())).await.unwrap();
    assert!(second.version() > first.version());
    keep(store, ann, draft("three"), None).await.unwrap();
    let own = store.own_changes(ann, first.version(), 10).await.unwrap();
    assert_eq!(own.items.len(), 1, "once, in its present state");
    let (gone, event) = keep(store, ann, draft(""), None).await.unwrap();
    assert!(gone.is_gone() && event.is_some());
    assert!(keep(store, ann, draft(""), None).await.unwrap().1.is_none());
    assert!(keep(store, bob, draft(""), None).await.unwrap().1.is_none(), "what never was is nothing to be told of");
    let key = BelongingKey::Draft(ConversationId(1), None);
    assert_eq!(store.belonging(ann, key).await.unwrap(), Some(gone.clone()));
    assert_eq!(store.belonging(bob, key).await.unwrap(), None);
    // Who has seen it before learns that it is gone; who knows nothing yet is not told of it.
    let gone_since = |own: &laserchat_protocol::event::OwnChanges| {
        own.items.iter().any(|event| matches!(event, Event::DraftUpdated(told) if told.draft.is_gone()))
    };
    assert!(gone_since(&store.own_changes(ann, second.version(), 10).await.unwrap()));
    assert!(!gone_since(&store.own_changes(ann, 0, 10).await.unwrap()));
}

pub async fn lists_and_limits(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let saved = |id, on: bool| {
        let saved_at = on.then_some(THEN);
        Belonging::Saved(Saved {
            message_id: MessageId(id),
            conversation_id: ConversationId(1),
            seq: id,
            saved_at,
            version: 0,
        })
    };
    for id in 1..=3 {
        keep(store, ann, saved(id, true), None).await.unwrap();
    }
    assert_eq!(keep(store, ann, saved(4, true), None).await.unwrap_err(), BelongingRefusal::LimitReached);
    keep(store, ann, draft("another kind"), None).await.unwrap();
    keep(store, ann, saved(2, false), None).await.unwrap();
    keep(store, ann, saved(4, true), None).await.unwrap();
    let mut ids = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = store.belongings(ann, BelongingKind::Saved, cursor.as_deref(), 2).await.unwrap();
        for belonging in page.items {
            let Belonging::Saved(saved) = belonging else { panic!("{belonging:?}") };
            ids.push(saved.message_id.0);
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids, [4, 3, 1], "the last changed first");
    assert!(store.belongings(ann, BelongingKind::Saved, Some("x"), 2).await.unwrap().items.is_empty());
}

pub async fn what_is_due(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    assert_eq!(store.next_moment().await.unwrap(), None);
    let waiting = ReminderState::Waiting;
    let (late, _) = keep(store, ann, reminder(1, 300, waiting), None).await.unwrap();
    keep(store, bob, reminder(2, 100, waiting), None).await.unwrap();
    keep(store, ann, reminder(3, 200, ReminderState::Due), None).await.unwrap();
    assert_eq!(store.next_moment().await.unwrap(), Some(Timestamp(100)));
    let due = async |now| {
        let due = store.due_belongings(Timestamp(now), 10).await.unwrap();
        due.into_iter().map(|due| due.user).collect::<Vec<_>>()
    };
    assert_eq!(due(99).await, []);
    assert_eq!(due(300).await, [bob, ann], "the longest overdue first");
    let key = BelongingKey::Reminder(ReminderId(1));
    store.put_off(ann, key, late.version(), Timestamp(400)).await.unwrap();
    assert_eq!(due(300).await, [bob]);
    assert_eq!(store.belonging(ann, key).await.unwrap(), Some(late.clone()), "the owner does not notice");
    store.put_off(ann, key, late.version() - 1, Timestamp(1)).await.unwrap();
    keep(store, bob, reminder(2, 100, ReminderState::Due), None).await.unwrap();
    assert_eq!(store.next_moment().await.unwrap(), Some(Timestamp(400)));
    assert!(store.waiting(None).await.unwrap().is_empty(), "none has a wall time");
}

/// A draft that has files.
pub(super) async fn draft_with(store: &dyn Store, user: UserId, ids: &[FileId]) {
    let Belonging::Draft(mut draft) = draft("with files") else { panic!("a draft") };
    draft.files = ids.to_vec();
    keep(store, user, Belonging::Draft(draft), None).await.unwrap();
}

pub async fn they_keep_their_files(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let mut ids = Vec::new();
    for number in 1..=2 {
        ids.push(super::files::ready(&world, ann, number, FileKind::File).await.id);
    }
    let collected = async || store.collect_files(Timestamp(i64::MAX), 10).await.unwrap();
    draft_with(store, ann, &ids).await;
    assert!(collected().await.is_empty(), "a draft keeps its files");
    draft_with(store, ann, &ids[1..]).await;
    assert_eq!(collected().await, ids[..1], "a file that it has no more goes");
    keep(store, ann, draft(""), None).await.unwrap();
    assert_eq!(collected().await, ids[1..]);
}

pub async fn what_has_a_wall_time(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let at = |id, at: Option<&str>, state| {
        let Belonging::Reminder(reminder) = reminder(id, 500, state) else { panic!("a reminder") };
        let time_zone = at.map(|_| "Europe/Berlin".to_owned());
        Belonging::Reminder(Reminder { at: at.map(str::to_owned), time_zone, ..reminder })
    };
    let waiting = ReminderState::Waiting;
    for (user, belonging) in [
        (ann, at(1, Some("2099-01-01T09:00"), waiting)),
        (ann, at(2, None, waiting)),
        (ann, at(3, Some("2099-01-01T09:00"), ReminderState::Due)),
        (bob, at(4, Some("2099-01-01T09:00"), waiting)),
    ] {
        keep(store, user, belonging, None).await.unwrap();
    }
    let found = async |user| {
        let found = store.waiting(user).await.unwrap();
        let mut keys: Vec<_> = found.into_iter().map(|(user, belonging)| (user, belonging.key())).collect();
        keys.sort_by_key(|(user, _)| *user);
        keys
    };
    let (first, fourth) = (BelongingKey::Reminder(ReminderId(1)), BelongingKey::Reminder(ReminderId(4)));
    assert_eq!(found(Some(ann)).await, [(ann, first)], "what waits for a wall time, and nothing else");
    assert_eq!(found(None).await, [(ann, first), (bob, fourth)]);
}
