//! Users: who becomes the owner, what is unique, search.

use futures_util::future::join_all;
use laserchat_protocol::user::{CustomStatus, ServerRole};
use laserchat_protocol::{Event, Timestamp, UserId};

use super::world::{THEN, World, new_user};
use crate::{NewUser, ProfileChange, Store, UserRefusal};

pub async fn the_first_is_the_owner(store: &dyn Store) {
    assert!(!store.has_owner().await.unwrap());
    let first = store.create_user(new_user(UserId(1), "ann")).await.unwrap().unwrap();
    let second = store.create_user(new_user(UserId(2), "bob")).await.unwrap().unwrap();
    assert_eq!((first.server_role, second.server_role), (ServerRole::Owner, ServerRole::Member));
    assert!(store.has_owner().await.unwrap());
    assert_eq!(store.user(UserId(1)).await.unwrap(), Some(first));
    assert_eq!(store.user(UserId(3)).await.unwrap(), None);
}

/// However many register first at once.
pub async fn there_is_one_owner(store: &dyn Store) {
    let names: Vec<String> = (0..20).map(|n| format!("user{n}")).collect();
    let made = join_all(names.iter().zip(1..).map(|(name, id)| store.create_user(new_user(UserId(id), name)))).await;
    let owners = made.into_iter().filter(|user| {
        let user = user.as_ref().unwrap().as_ref().unwrap();
        user.server_role == ServerRole::Owner
    });
    assert_eq!(owners.count(), 1);
}

pub async fn names_are_unique(store: &dyn Store) {
    let email = |email: &str, user: NewUser| NewUser { email: Some(email.into()), ..user };
    let ann = email("ann@example.org", new_user(UserId(1), "ann"));
    store.create_user(ann).await.unwrap().unwrap();
    let refusal = |user| async move { store.create_user(user).await.unwrap().unwrap_err() };
    assert_eq!(refusal(new_user(UserId(2), "ann")).await, UserRefusal::UsernameTaken);
    let alike = NewUser { skeleton: "ann".into(), ..new_user(UserId(2), "a-n-n") };
    assert_eq!(refusal(alike).await, UserRefusal::UsernameTaken);
    let same_mail = email("Ann@Example.org", new_user(UserId(2), "bob"));
    assert_eq!(refusal(same_mail).await, UserRefusal::EmailTaken);
    assert_eq!(store.user(UserId(2)).await.unwrap(), None, "a refusal leaves nothing behind");
    store.create_user(email("bob@example.org", new_user(UserId(2), "bob"))).await.unwrap().unwrap();
    let change = |email: Option<&str>| ProfileChange { email: Some(email.map(str::to_owned)), ..Default::default() };
    let taken = store.update_user(UserId(2), change(Some("ann@example.org"))).await.unwrap();
    assert_eq!(taken.unwrap_err(), UserRefusal::EmailTaken);
    // One's own may stay, and be given up.
    store.update_user(UserId(2), change(Some("bob@example.org"))).await.unwrap().unwrap().unwrap();
    store.update_user(UserId(1), change(None)).await.unwrap().unwrap().unwrap();
    store.update_user(UserId(2), change(Some("ann@example.org"))).await.unwrap().unwrap().unwrap();
    let racing: Vec<NewUser> = (10..20).map(|id| new_user(UserId(id), "eve")).collect();
    let made = join_all(racing.into_iter().map(|user| store.create_user(user))).await;
    assert_eq!(made.into_iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count(), 1);
}

pub async fn bots_are_limited(store: &dyn Store) {
    let bot = |id: u64| NewUser {
        bot_owner: Some(UserId(1)),
        password_hash: None,
        ..new_user(UserId(id), &format!("bot{id}"))
    };
    // A bot never owns the server, even when it is the first.
    let first = store.create_user(bot(50)).await.unwrap().unwrap();
    assert!(first.bot && first.bot_owner_id == Some(UserId(1)) && first.server_role == ServerRole::Member);
    assert!(!store.has_owner().await.unwrap());
    for id in 51..70 {
        store.create_user(bot(id)).await.unwrap().unwrap();
    }
    assert_eq!(store.create_user(bot(70)).await.unwrap().unwrap_err(), UserRefusal::LimitReached);
    assert_eq!(store.bots(UserId(1)).await.unwrap().len(), 20);
}

pub async fn profiles(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let status = |expires_at| CustomStatus { emoji: None, text: "away".into(), expires_at };
    let change = ProfileChange {
        display_name: Some("Ann B".into()),
        words: Some(vec!["ann".into(), "b".into()]),
        about: Some("about".into()),
        time_zone: Some(Some("Europe/Berlin".into())),
        status: Some(Some(status(None))),
        ..Default::default()
    };
    let (account, event) = store.update_user(ann, change).await.unwrap().unwrap().unwrap();
    assert_eq!(account.user.display_name, "Ann B");
    assert_eq!(account.user.status, Some(status(None)));
    assert!(matches!(event, Event::AccountUpdated(told) if told.account == account && told.version == account.version));
    assert_eq!(store.account(ann).await.unwrap(), Some(account.clone()));
    let nothing = store.update_user(ann, ProfileChange::default()).await.unwrap().unwrap().unwrap().0;
    assert_eq!(nothing.user, account.user);
    let past = ProfileChange { status: Some(Some(status(Some(Timestamp(1))))), ..Default::default() };
    store.update_user(ann, past).await.unwrap().unwrap().unwrap();
    assert_eq!(store.user(ann).await.unwrap().unwrap().status, None, "what has expired is not shown");
    let clear = ProfileChange { time_zone: Some(None), ..Default::default() };
    let (account, _) = store.update_user(ann, clear).await.unwrap().unwrap().unwrap();
    assert_eq!(account.user.time_zone, None);
    assert!(store.update_user(UserId(world.id()), ProfileChange::default()).await.unwrap().unwrap().is_none());
    let found = store.users(&[ann, UserId(world.id())]).await.unwrap();
    assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), [ann]);
}

pub async fn credentials(store: &dyn Store) {
    let user = NewUser { email: Some("ann@example.org".into()), ..new_user(UserId(1), "ann") };
    store.create_user(user).await.unwrap().unwrap();
    for login in ["ann", "ann@example.org"] {
        let found = store.credentials(login).await.unwrap().unwrap();
        assert_eq!((found.user.id, found.password_hash.as_deref()), (UserId(1), Some("secret")));
    }
    for login in ["", "bob", "ann@example.net", "ANN'--"] {
        assert!(store.credentials(login).await.unwrap().is_none());
    }
    assert!(store.set_password(UserId(1), "other".into()).await.unwrap());
    assert!(!store.set_password(UserId(2), "other".into()).await.unwrap());
    assert_eq!(store.credentials("ann").await.unwrap().unwrap().password_hash.as_deref(), Some("other"));
}

pub async fn search(store: &dyn Store) {
    let make = async |id: u64, name: &str, words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        store.create_user(NewUser { words, ..new_user(UserId(id), name) }).await.unwrap().unwrap();
    };
    make(1, "zoe", &["zoe", "ann", "anna"]).await;
    make(2, "anna", &["anna", "smith"]).await;
    make(3, "annabel", &["annabel", "jones"]).await;
    make(4, "bob", &["bob", "smithson"]).await;
    make(5, "off", &["anna"]).await;
    store.set_disabled(UserId(5), true).await.unwrap();
    for limit in [1, 2, 100] {
        let find = async |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let mut got = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let page = store.search_users(&words, cursor.as_deref(), limit).await.unwrap();
                assert!(page.items.len() <= limit);
                got.extend(page.items.into_iter().map(|user| user.id.0));
                cursor = page.next;
                if cursor.is_none() {
                    return got;
                }
            }
        };
        assert_eq!(find(&["ann"]).await, [1, 2, 3], "exact words first, everyone once");
        assert_eq!(find(&["anna"]).await, [1, 2, 3]);
        assert_eq!(find(&["smith"]).await, [2, 4]);
        assert_eq!(find(&["s", "anna"]).await, [2]);
        assert_eq!(find(&["annabel", "smith"]).await, Vec::<u64>::new());
        assert_eq!(find(&["nna"]).await, Vec::<u64>::new());
        assert_eq!(find(&["%"]).await, Vec::<u64>::new());
        assert_eq!(find(&[]).await, Vec::<u64>::new());
    }
}

pub async fn all_users_are_paged(store: &dyn Store) {
    let world = World::new(store);
    let people = world.people(["ann", "bob", "cid", "dan", "eve"]).await;
    let mut got = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = store.all_users(cursor.as_deref(), 2).await.unwrap();
        got.extend(page.items.into_iter().map(|user| user.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(got, people);
    assert!(store.all_users(Some("x"), 2).await.unwrap().items.is_empty());
}

pub async fn last_seen(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    store.seen(vec![(ann, Timestamp(5)), (bob, THEN)]).await.unwrap();
    store.seen(vec![(ann, Timestamp(9)), (bob, Timestamp(1))]).await.unwrap();
    let seen = store.last_seen(&[bob, UserId(world.id()), ann]).await.unwrap();
    assert_eq!(seen, [(bob, THEN), (ann, Timestamp(9))], "time does not go back");
}

pub async fn disabled(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let before = store.own_changes(bob, 0, 10).await.unwrap().head;
    assert!(store.set_disabled(bob, true).await.unwrap());
    assert!(store.user(bob).await.unwrap().unwrap().disabled);
    assert!(store.set_server_role(bob, ServerRole::Admin).await.unwrap());
    assert_eq!(store.user(bob).await.unwrap().unwrap().server_role, ServerRole::Admin);
    let own = store.own_changes(bob, before, 10).await.unwrap();
    assert_eq!((own.items.len(), own.head), (1, before + 2), "the account changed twice");
    let nobody = UserId(world.id());
    assert!(!store.set_disabled(nobody, true).await.unwrap());
    assert!(!store.set_server_role(nobody, ServerRole::Admin).await.unwrap());
    assert!(!store.user(ann).await.unwrap().unwrap().disabled);
}
