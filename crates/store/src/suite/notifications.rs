//! Notifications: settings, who might want to hear, and what people were told, once.

use laserchat_core::message::Draft;
use laserchat_protocol::member::MembershipUpdate;
use laserchat_protocol::notification::{NotificationUpdate, PersonLevel, QuietHours};
use laserchat_protocol::{
    ConversationId, ConversationKind, Event, Message, Notify, NotifyLevel, NotifyReason, Timestamp, UserId,
};

use super::world::{THEN, World};
use crate::{Begin, CursorMove, FollowerStep, Notice, Progress, Question, Store, Told};

/// What telling somebody of a message writes.
pub(super) fn notice(user: UserId, message: &Message) -> Notice {
    Notice {
        user,
        conversation: message.conversation_id,
        message: message.id,
        seq: message.seq,
        sender: message.sender_id,
        reason: NotifyReason::Mention,
        at: message.created_at,
        listed: true,
        digest_at: None,
        devices: Vec::new(),
        due_at: message.created_at,
    }
}

pub(super) async fn tell(store: &dyn Store, notices: Vec<Notice>) {
    store.enrol("bell", Begin::AtStart).await.unwrap();
    let progress = Progress { follower: "bell", steps: Vec::new(), partly: None };
    assert!(store.notify(notices, progress).await.unwrap());
}

pub async fn settings_are_kept_and_synced(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let first = store.notification_settings(ann).await.unwrap();
    assert_eq!((first.level, first.version), (NotifyLevel::Mentions, 0));
    let before = store.own_changes(ann, 0, 100).await.unwrap().head;
    let quiet = QuietHours { from: "22:00".parse().unwrap(), to: "07:00".parse().unwrap(), days: vec![1, 2] };
    let people = vec![PersonLevel { user_id: bob, level: NotifyLevel::None }];
    let update = NotificationUpdate {
        keywords: Some(vec!["deploy".into()]),
        quiet: Some(Some(quiet.clone())),
        people: Some(people.clone()),
        ..NotificationUpdate::default()
    };
    let (now, event) = store.update_notifications(ann, update).await.unwrap();
    assert_eq!((&now.people, &now.quiet, now.version), (&people, &Some(quiet.clone()), before + 1));
    assert_eq!(store.notification_settings(ann).await.unwrap(), now);
    assert_eq!(store.own_changes(ann, before, 100).await.unwrap().items, [event]);
    let less = NotificationUpdate { level: Some(NotifyLevel::All), quiet: Some(None), ..NotificationUpdate::default() };
    let (now, event) = store.update_notifications(ann, less).await.unwrap();
    assert_eq!((now.level, &now.quiet, &now.keywords[..]), (NotifyLevel::All, &None, &["deploy".to_owned()][..]));
    assert!(matches!(event, Event::NotificationsUpdated(told) if told.notifications == now));
}

pub async fn audiences_of_channels_are_small(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid, dan, eve, fay] = world.people(["ann", "bob", "cid", "dan", "eve", "fay"]).await;
    let channel = world.create(world.blank(ConversationKind::Channel, ann), &[bob, cid, dan, eve]).await;
    let parent = world.say(channel, bob, "x").await;
    let reply = world.reply(ann, &parent, "y").await;
    let all = MembershipUpdate { notify: Some(Notify::All), ..MembershipUpdate::default() };
    store.update_membership(cid, channel, all).await.unwrap().unwrap();
    for user in [dan, fay] {
        let words = NotificationUpdate { keywords: Some(vec!["x".into()]), ..NotificationUpdate::default() };
        store.update_notifications(user, words).await.unwrap();
    }
    let question = |everybody, mentioned: &[UserId], after, limit| Question {
        conversation: channel,
        everybody,
        mentioned: mentioned.to_vec(),
        senders: vec![ann],
        parents: reply.parent_id.into_iter().collect(),
        retold: None,
        after,
        limit,
    };
    let ask = async |question| {
        let audience = store.audiences(vec![question]).await.unwrap().remove(0).unwrap();
        audience.listeners
    };
    let users = |listeners: &[crate::Listener]| listeners.iter().map(|listener| listener.user).collect::<Vec<_>>();
    // Bob wrote what was replied to, Ann replied, Cid wants everything, Dan has a keyword; Fay is not a member.
    let some = ask(question(false, &[], UserId(0), 10)).await;
    assert_eq!(users(&some), [ann, bob, cid, dan]);
    assert_eq!(some[1].follows, [parent.id]);
    assert!(some[2].follows.is_empty() && some[2].notify == Notify::All);
    assert_eq!(users(&ask(question(false, &[eve, fay], UserId(0), 10)).await), [ann, bob, cid, dan, eve]);
    assert_eq!(users(&ask(question(true, &[], UserId(0), 10)).await), [ann, bob, cid, dan, eve]);
    assert_eq!(users(&ask(question(true, &[], bob, 2)).await), [cid, dan], "a page");
    let block = laserchat_core::contact::ContactAction::Block;
    store.change_contact(bob, ann, block, THEN).await.unwrap().unwrap();
    assert_eq!(ask(question(true, &[], ann, 1)).await[0].blocked, [ann]);
    world.leave(channel, dan).await;
    assert_eq!(users(&ask(question(false, &[dan], UserId(0), 10)).await), [ann, bob, cid]);
    let nowhere = Question { conversation: ConversationId(world.id()), ..Question::default() };
    assert!(store.audiences(vec![nowhere]).await.unwrap()[0].is_none());
}

pub async fn edits_add_mentions(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob, cid]).await;
    let message = world.send(id, ann, Draft { mentions: vec![bob], ..world.draft("@bob") }).await;
    assert!(store.mentions_added(id, 0).await.unwrap().is_empty(), "it was sent with it");
    world.edit(ann, &message, "@bob @cid", &[bob, cid]).await;
    assert_eq!(store.mentions_added(id, message.seq).await.unwrap(), [(message.seq, cid)]);
    assert!(store.mentions_added(id, world.head(id).await).await.unwrap().is_empty());
    // What stays is not added again; what was taken away and comes back is.
    world.edit(ann, &message, "@cid", &[cid]).await;
    let before = world.head(id).await;
    world.edit(ann, &message, "@cid @bob", &[bob, cid]).await;
    assert_eq!(store.mentions_added(id, before).await.unwrap(), [(message.seq, bob)]);
    tell(store, vec![notice(bob, &message)]).await;
    let question = Question { conversation: id, retold: Some(message.id), limit: 10, ..Question::default() };
    let listeners = store.audiences(vec![question]).await.unwrap().remove(0).unwrap().listeners;
    let retold: Vec<_> = listeners.iter().filter(|listener| listener.retold).map(|listener| listener.user).collect();
    assert_eq!(retold, [bob]);
}

pub async fn activity_is_what_one_may_see(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (id, other) = (world.group(ann, &[bob]).await, world.group(ann, &[bob]).await);
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(world.say(id, ann, "x").await);
    }
    let left = world.say(other, ann, "y").await;
    let notices: Vec<_> = told.iter().chain([&left]).map(|message| notice(bob, message)).collect();
    tell(store, notices.clone()).await;
    tell(store, notices).await;
    let page = store.activity(bob, None, 3).await.unwrap();
    assert_eq!(page.items.iter().map(|item| item.message_id).collect::<Vec<_>>(), [left.id, told[2].id, told[1].id]);
    let rest = store.activity(bob, Some(told[1].id), 3).await.unwrap();
    assert_eq!((rest.items.len(), rest.next, rest.items[0].read), (1, None, false));
    assert_eq!(page.next, Some(told[1].id.to_string()));
    store.advance(vec![CursorMove { conversation: id, user: bob, delivered: 0, read: told[0].seq }]).await.unwrap();
    assert!(store.activity(bob, Some(told[1].id), 1).await.unwrap().items[0].read);
    world.leave(other, bob).await;
    world.erase(ann, &told[1]).await;
    let seen = store.activity(bob, None, 10).await.unwrap().items;
    assert_eq!(seen.iter().map(|item| item.message_id).collect::<Vec<_>>(), [told[2].id, told[0].id]);
    assert!(store.activity(ann, None, 10).await.unwrap().items.is_empty());
    store.tidy_notifications(Timestamp(i64::MAX), Timestamp(0)).await.unwrap();
    assert!(store.activity(bob, None, 10).await.unwrap().items.is_empty());
}

pub async fn a_telling_goes_on_where_it_was(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let id = world.group(ann, &[bob]).await;
    let message = world.send(id, ann, Draft { mentions: vec![bob], ..world.draft("x") }).await;
    store.enrol("bell", Begin::AtStart).await.unwrap();
    let mark = Told { conversation: id, seq: message.seq, user: ann };
    let step = FollowerStep { conversation: id, after: 0, upto: message.seq, gone: false };
    let progress = |partly| Progress { follower: "bell", steps: vec![step], partly };
    let tell = async |user, partly| store.notify(vec![notice(user, &message)], progress(partly)).await.unwrap();
    assert!(tell(bob, Some(vec![mark])).await);
    let told = async || {
        let question = Question { conversation: id, limit: 1, ..Question::default() };
        store.audiences(vec![question]).await.unwrap().remove(0).unwrap().told
    };
    assert_eq!(told().await, Some(mark));
    assert_eq!(store.followed("bell", id).await.unwrap(), 0, "the cursor comes with the last of it");
    // Whoever was paused comes late: with what is told up to here, and then with what is told altogether.
    assert!(!tell(ann, Some(vec![mark])).await);
    assert!(store.notify(Vec::new(), progress(None)).await.unwrap());
    let further = Told { user: bob, ..mark };
    assert!(!tell(ann, Some(vec![further])).await && !tell(ann, None).await);
    assert!(store.activity(ann, None, 10).await.unwrap().items.is_empty());
    assert_eq!((told().await, store.followed("bell", id).await.unwrap()), (None, message.seq));
}
