//! Invitations: each use counts once, however many come at once.

use futures_util::future::join_all;
use laserchat_core::Change;
use laserchat_protocol::limits::INVITATIONS_PER_CONVERSATION;
use laserchat_protocol::{ConversationId, InvitationId, Timestamp, UserId};

use super::world::{THEN, World, hash, new_user};
use crate::{NewInvitation, NewUser, Store, UserRefusal};

fn invitation(world: &World<'_>, conversation: Option<ConversationId>, max_uses: Option<u32>) -> NewInvitation {
    let id = world.id();
    NewInvitation {
        id: InvitationId(id),
        code: hash(id),
        conversation,
        created_by: UserId(1),
        created_at: THEN,
        expires_at: None,
        max_uses,
    }
}

pub async fn uses_are_counted_once_each(store: &dyn Store) {
    let world = World::new(store);
    let new = invitation(&world, None, Some(3));
    let code = new.code;
    let made = store.create_invitation(new).await.unwrap().unwrap();
    assert_eq!((made.uses, made.max_uses, &made.code), (0, Some(3), &None));
    let used = join_all((0..10).map(|_| store.use_invitation(code, THEN))).await;
    let mut counts: Vec<u32> = used.into_iter().filter_map(|used| used.unwrap()).map(|used| used.uses).collect();
    counts.sort();
    assert_eq!(counts, [1, 2, 3]);
    assert_eq!(store.invitation(code).await.unwrap().map(|found| found.uses), Some(3));
    assert!(store.invitations(None, THEN).await.unwrap().is_empty(), "it does not work any more");
    assert!(store.use_invitation(hash(0), THEN).await.unwrap().is_none());
}

pub async fn expiry_and_revocation(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let id = world.group(ann, &[]).await;
    let end = Timestamp(THEN.0 + 10);
    let mut new = invitation(&world, Some(id), None);
    new.expires_at = Some(end);
    let code = new.code;
    let one = store.create_invitation(new).await.unwrap().unwrap();
    let two = store.create_invitation(invitation(&world, Some(id), None)).await.unwrap().unwrap();
    let ids = async |now| store.invitations(Some(id), now).await.unwrap().iter().map(|i| i.id).collect::<Vec<_>>();
    assert_eq!(ids(THEN).await, [two.id, one.id], "the newest first");
    assert_eq!(ids(end).await, [two.id]);
    assert!(store.use_invitation(code, THEN).await.unwrap().is_some());
    assert!(store.use_invitation(code, end).await.unwrap().is_none());
    assert!(!store.revoke_invitation(None, one.id).await.unwrap(), "only where it belongs");
    assert!(store.revoke_invitation(Some(id), one.id).await.unwrap());
    assert!(!store.revoke_invitation(Some(id), one.id).await.unwrap());
    assert!(store.use_invitation(code, THEN).await.unwrap().is_none());
    let new = invitation(&world, Some(id), None);
    let code = new.code;
    store.create_invitation(new).await.unwrap().unwrap();
    world.now(id, vec![Change::ConversationDeleted(THEN)]).await.unwrap();
    assert!(store.use_invitation(code, THEN).await.unwrap().is_none(), "it leads nowhere");
    assert!(store.invitation(code).await.unwrap().is_none());
}

pub async fn limits(store: &dyn Store) {
    let world = World::new(store);
    for _ in 0..INVITATIONS_PER_CONVERSATION {
        assert!(store.create_invitation(invitation(&world, None, Some(1))).await.unwrap().is_some());
    }
    assert!(store.create_invitation(invitation(&world, None, None)).await.unwrap().is_none());
    let some = store.invitations(None, THEN).await.unwrap().remove(0);
    store.revoke_invitation(None, some.id).await.unwrap();
    assert!(store.create_invitation(invitation(&world, None, None)).await.unwrap().is_some());
}

pub async fn registering_uses_one_up(store: &dyn Store) {
    let world = World::new(store);
    let owner = world.person("owner").await;
    let id = world.group(owner, &[]).await;
    let (server, elsewhere) = (invitation(&world, None, Some(1)), invitation(&world, Some(id), None));
    let (code, other) = (server.code, elsewhere.code);
    store.create_invitation(server).await.unwrap().unwrap();
    store.create_invitation(elsewhere).await.unwrap().unwrap();
    let user = |id: u64, name: &str, code| NewUser { invitation: Some(code), ..new_user(UserId(id), name) };
    let refused = store.create_user(user(1, "owner", code)).await.unwrap().unwrap_err();
    assert_eq!(refused, UserRefusal::UsernameTaken);
    assert_eq!(store.invitation(code).await.unwrap().unwrap().uses, 0, "a refusal uses nothing up");
    let refused = store.create_user(user(1, "ann", other)).await.unwrap().unwrap_err();
    assert_eq!(refused, UserRefusal::InvitationInvalid, "one into a conversation is none onto the server");
    let racing: Vec<NewUser> = (2..8).map(|id| user(id, &format!("user{id}"), code)).collect();
    let made = join_all(racing.into_iter().map(|user| store.create_user(user))).await;
    let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().map(|answer| answer.unwrap()).partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 5));
    assert!(refused.into_iter().all(|refusal| refusal == Err(UserRefusal::InvitationInvalid)));
}
