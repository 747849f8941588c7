//! Personal access tokens.

use laserchat_protocol::limits::TOKENS_PER_USER;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Timestamp, TokenId, UserId};

use super::world::{THEN, World, hash};
use crate::{NewToken, Store, TokenHolder};

fn token(world: &World<'_>, user: UserId, expires_at: Option<Timestamp>) -> NewToken {
    let id = world.id();
    NewToken {
        id: TokenId(id),
        user,
        name: format!("token {id}"),
        scopes: Scope::Read.bit() | Scope::Write.bit(),
        secret: hash(id),
        created_at: THEN,
        expires_at,
    }
}

pub async fn life(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let end = Timestamp(THEN.0 + 10);
    let new = token(&world, ann, Some(end));
    let secret = new.secret;
    let made = store.create_token(new.clone()).await.unwrap().unwrap();
    assert_eq!((made.scopes.clone(), &made.secret), (vec![Scope::Read, Scope::Write], &None));
    let holder = async |now| store.token_holder(secret, now).await.unwrap();
    let want = TokenHolder { id: new.id, user: ann, scopes: new.scopes, expires_at: Some(end) };
    assert_eq!(holder(THEN).await, Some(want));
    assert_eq!(holder(end).await, None, "expired");
    assert_eq!(store.token_holder(hash(0), THEN).await.unwrap(), None);
    store.touch_tokens(vec![(new.id, end), (new.id, THEN)]).await.unwrap();
    assert_eq!(store.tokens(ann).await.unwrap()[0].last_used_at, Some(end));
    store.set_disabled(ann, true).await.unwrap();
    assert_eq!(holder(THEN).await, None, "its user is disabled");
    store.set_disabled(ann, false).await.unwrap();
    assert!(!store.revoke_token(bob, new.id).await.unwrap());
    assert!(store.revoke_token(ann, new.id).await.unwrap());
    assert!(!store.revoke_token(ann, new.id).await.unwrap());
    assert_eq!(holder(THEN).await, None);
    assert!(store.tokens(ann).await.unwrap().is_empty());
}

pub async fn limit(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    for _ in 0..TOKENS_PER_USER {
        assert!(store.create_token(token(&world, ann, None)).await.unwrap().is_some());
    }
    assert!(store.create_token(token(&world, ann, None)).await.unwrap().is_none());
    assert_eq!(store.tokens(ann).await.unwrap().len(), TOKENS_PER_USER);
}
