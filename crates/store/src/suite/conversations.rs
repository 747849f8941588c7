//! Conversations: uniqueness, lists, views, finding, members, deletion.

use laserchat_core::Change;
use laserchat_core::change::MemberChange;
use laserchat_core::contact::ContactAction;
use laserchat_protocol::user::{DirectFrom, Privacy};
use laserchat_protocol::{ConversationId, ConversationKind, Event, MemberState, Role, UserId};

use super::world::{THEN, World};
use crate::{Append, AppendError, Head, ProfileChange, Store, Window};

pub async fn direct_ones_are_unique(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let direct = |from, others: Vec<UserId>| world.birth(world.blank(ConversationKind::Direct, from), &others, None);
    let (mine, theirs) = (direct(ann, vec![bob]), direct(bob, vec![ann]));
    let first = mine.conversation;
    let answers = store.append(vec![mine, theirs]).await.unwrap();
    assert!(matches!(&answers[..], [Ok(_), Err(AppendError::Exists(id))] if *id == first), "{answers:?}");
    assert_eq!(store.direct(bob, ann).await.unwrap(), Some(first));
    assert_eq!(store.direct(ann, ann).await.unwrap(), None);
    let notes = direct(ann, vec![]);
    let id = notes.conversation;
    world.append(notes).await.unwrap();
    assert_eq!(store.direct(ann, ann).await.unwrap(), Some(id));
    assert!(matches!(world.append(direct(ann, vec![])).await, Err(AppendError::Exists(found)) if found == id));
}

pub async fn a_key_is_used_once(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let group = |from, key| world.birth(world.blank(ConversationKind::Group, from), &[], Some(key));
    let first = group(ann, "key");
    let id = first.conversation;
    world.append(first).await.unwrap();
    assert!(matches!(world.append(group(ann, "key")).await, Err(AppendError::Exists(found)) if found == id));
    world.append(group(ann, "other")).await.unwrap();
    world.append(group(bob, "key")).await.unwrap();
}

pub async fn lists_begin_with_the_newest(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(world.group(ann, &[bob]).await);
    }
    let silent = world.create(world.blank(ConversationKind::Direct, ann), &[bob]).await;
    world.say(ids[1], bob, "x").await;
    world.say(ids[3], ann, "y").await;
    let want = [ids[3], ids[1], silent, ids[4], ids[2], ids[0]];
    for limit in [1, 2, 3, 100] {
        let mut got: Vec<ConversationId> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = store.conversations(ann, cursor.as_deref(), limit).await.unwrap();
            assert!(page.items.len() <= limit);
            got.extend(page.items.iter().map(|view| view.conversation.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(got, want, "pages of {limit}");
    }
    world.leave(ids[3], bob).await;
    let page = store.conversations(bob, None, 100).await.unwrap();
    assert!(!page.items.iter().any(|view| view.conversation.id == ids[3]));
    let mut heads = store.heads(bob).await.unwrap();
    heads.sort_by_key(|head| head.conversation);
    let want = [(ids[0], 4), (ids[1], 5), (ids[2], 4), (ids[4], 4), (silent, 3)];
    assert_eq!(heads, want.map(|(conversation, head)| Head { conversation, head }));
    let garbage = store.conversations(ann, Some("garbage"), 100).await.unwrap();
    assert!(garbage.items.is_empty() && garbage.next.is_none());
}

pub async fn a_view_differs_by_who_asks(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.create(world.blank(ConversationKind::Direct, ann), &[bob]).await;
    let (one, two) = (world.say(id, ann, "one").await, world.say(id, ann, "two").await);
    world.erase(ann, &two).await;
    let view = |user| async move { store.conversation(user, id).await.unwrap().unwrap() };
    let (mine, theirs, strangers) = (view(ann).await, view(bob).await, view(cid).await);
    assert_eq!(mine.seq, world.head(id).await);
    assert_eq!(mine.last_message.map(|m| m.id), Some(one.id), "the newest that is not deleted");
    assert_eq!(mine.peer.map(|peer| peer.id), Some(bob));
    assert_eq!(theirs.peer.map(|peer| peer.id), Some(ann));
    assert_eq!((mine.membership.map(|m| m.unread), theirs.membership.map(|m| m.unread)), (Some(0), Some(1)));
    assert_eq!(strangers.membership, None);
    assert!(store.conversation(ann, ConversationId(world.id())).await.unwrap().is_none());
}

pub async fn public_channels_are_found(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let make = async |name: &str, topic: Option<&str>, public, others: &[UserId]| {
        let mut wanted = world.blank(ConversationKind::Channel, ann);
        (wanted.name, wanted.topic, wanted.public) = (Some(name.into()), topic.map(str::to_owned), public);
        world.create(wanted, others).await
    };
    let cooking = make("Café cooking", None, true, &[bob]).await;
    let gardens = make("Gardens", Some("Growing what one COOKS"), true, &[bob, cid]).await;
    let hidden = make("Cooking in secret", None, false, &[]).await;
    let other = make("Other", None, true, &[]).await;
    let find = async |query: &str| {
        let page = store.public_channels(query, None, 100).await.unwrap();
        page.items.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!(find("").await, [gardens, cooking, other], "the one with the most members first");
    assert_eq!(find("cook").await, [gardens, cooking]);
    assert_eq!(find("cafe COOK").await, [cooking]);
    assert!(find("ooking").await.is_empty() && find("%").await.is_empty() && find("secret").await.is_empty());
    let page = store.public_channels("", None, 2).await.unwrap();
    let rest = store.public_channels("", page.next.as_deref(), 2).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (2, 1, None));
    assert_eq!(rest.items[0].id, other);
    // Renamed, it is found by its new name only; archived or private, not at all.
    let mut renamed = world.room(cooking, &[]).await.conversation;
    renamed.name = Some("Baking".into());
    world.now(cooking, vec![Change::ConversationUpdated(renamed.clone())]).await.unwrap();
    assert_eq!(find("bak").await, [cooking]);
    assert_eq!(find("cook").await, [gardens]);
    renamed.archived_at = Some(THEN);
    world.now(cooking, vec![Change::ConversationUpdated(renamed)]).await.unwrap();
    assert!(find("bak").await.is_empty());
    assert_ne!(hidden, other);
}

pub async fn members_are_paged(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid", "dan", "eve", "fay"]).await;
    let id = world.group(people[0], &people[1..]).await;
    let change = |at: usize, role, state, how| world.member(people[at], role, state, how);
    use MemberState::{Banned, Joined};
    world.now(id, vec![change(4, Role::Admin, Joined, MemberChange::Updated)]).await.unwrap();
    world.now(id, vec![change(3, Role::Moderator, Joined, MemberChange::Updated)]).await.unwrap();
    world.now(id, vec![change(5, Role::Member, Banned, MemberChange::Removed)]).await.unwrap();
    let want = [people[0], people[4], people[3], people[1], people[2]];
    for limit in [1, 2, 10] {
        let mut got: Vec<UserId> = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = store.members(id, false, cursor.as_deref(), limit).await.unwrap();
            got.extend(page.items.iter().map(|member| member.user.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(got, want, "pages of {limit}");
    }
    let banned = store.members(id, true, None, 10).await.unwrap();
    assert_eq!(banned.items.iter().map(|m| (m.user.id, m.state)).collect::<Vec<_>>(), [(people[5], Banned)]);
    assert_eq!(world.room(id, &[]).await.conversation.member_count, 5);
}

pub async fn members_by_name(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob, cid] = world.people(["ann", "bob", "cid"]).await;
    let id = world.group(ann, &[bob]).await;
    let named = async |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        store.members_named(id, &names).await.unwrap()
    };
    assert_eq!(named(&["bob", "nobody", "cid", "ann"]).await, [bob, ann]);
    world.leave(id, bob).await;
    assert_eq!(named(&["bob", "ann"]).await, [ann]);
    let room = world.room(id, &[bob, cid]).await;
    assert_eq!(room.member(bob).map(|member| member.state), Some(MemberState::Left));
    assert_eq!(room.members.get(&cid), Some(&None), "whoever is asked for is a key");
}

pub async fn acquaintance(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let known = || async { store.acquaintance(ann, bob).await.unwrap().unwrap() };
    let first = known().await;
    assert!(!first.blocked && !first.contacts && first.direct_from == DirectFrom::Everyone);
    let privacy = Privacy { direct_from: DirectFrom::Contacts, ..Privacy::default() };
    let change = ProfileChange { privacy: Some(privacy), ..ProfileChange::default() };
    store.update_user(bob, change).await.unwrap().unwrap();
    store.change_contact(ann, bob, ContactAction::Request, THEN).await.unwrap().unwrap();
    assert!(!known().await.contacts);
    store.change_contact(bob, ann, ContactAction::Accept, THEN).await.unwrap().unwrap();
    assert!(known().await.contacts && known().await.direct_from == DirectFrom::Contacts);
    store.change_contact(bob, ann, ContactAction::Block, THEN).await.unwrap().unwrap();
    assert!(known().await.blocked && !known().await.contacts);
    let id = world.create(world.blank(ConversationKind::Direct, ann), &[bob]).await;
    assert!(world.room(id, &[]).await.blocked);
    store.set_disabled(bob, true).await.unwrap();
    assert!(store.acquaintance(ann, bob).await.unwrap().is_none());
    assert!(store.acquaintance(ann, UserId(world.id())).await.unwrap().is_none());
}

pub async fn deleting(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let mut wanted = world.blank(ConversationKind::Channel, ann);
    wanted.public = true;
    let id = world.create(wanted, &[bob]).await;
    let message = world.say(id, ann, "x").await;
    let before = store.own_changes(bob, 0, 100).await.unwrap().head;
    let done = world.now(id, vec![Change::ConversationDeleted(THEN)]).await.unwrap();
    let Event::ConversationDeleted(told) = &done.changed[0].event else { panic!("{:?}", done.changed[0]) };
    assert_eq!((told.seq, told.conversation.name.as_deref()), (message.seq + 1, Some("General")));
    assert_eq!(done.personal.len(), 2);
    // To everything but one's own changes it is as if it had never been.
    assert!(store.room(id, &[]).await.unwrap().is_none());
    assert!(store.conversation(ann, id).await.unwrap().is_none());
    assert!(store.changes(ann, id, 0, 10).await.unwrap().is_none());
    assert!(store.message(ann, message.id).await.unwrap().is_none());
    assert!(store.sent(ann, id, &message.client_id).await.unwrap().is_none());
    assert!(store.history(ann, id, Window::Newest, 10).await.unwrap().is_empty());
    assert!(store.members(id, false, None, 10).await.unwrap().items.is_empty());
    assert!(store.public_channels("", None, 10).await.unwrap().items.is_empty());
    assert!(store.heads(ann).await.unwrap().is_empty());
    assert!(store.conversations(ann, None, 10).await.unwrap().items.is_empty());
    let own = store.own_changes(bob, before, 100).await.unwrap();
    let left = own.items.iter().any(|event| match event {
        Event::MembershipUpdated(told) => {
            told.membership.conversation_id == id && told.membership.state == MemberState::Left
        }
        _ => false,
    });
    assert!(left && own.head == before + 1, "{own:?}");
    for expected in [1, message.seq + 2] {
        let changes = vec![Change::ConversationDeleted(THEN)];
        let again = world.append(Append { conversation: id, expected, changes }).await;
        assert!(matches!(again, Err(AppendError::Conflict)), "{again:?}");
    }
}

pub async fn purging(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let (gone, kept) = (world.group(ann, &[bob]).await, world.group(ann, &[bob]).await);
    for id in [gone, kept] {
        for _ in 0..10 {
            let message = world.say(id, ann, "x").await;
            world.react(bob, &message, "👍", true).await;
        }
    }
    world.now(gone, vec![Change::ConversationDeleted(THEN)]).await.unwrap();
    let mut rounds = 0;
    while store.purge_deleted(3).await.unwrap() {
        rounds += 1;
        assert!(rounds < 100, "it ends");
    }
    assert!(rounds >= 3, "it takes small bites");
    assert!(!store.purge_deleted(3).await.unwrap());
    assert_eq!(store.counts().await.unwrap().messages, 11, "ten messages and the line about the creation");
    assert_eq!(store.history(ann, kept, Window::Newest, 100).await.unwrap().len(), 11);
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}
