//! Mail: addresses are whose they are said to be once confirmed, and a digest tells what it was begun with, once.

use laserchat_core::message::Draft;
use laserchat_protocol::notification::{DigestEvery, NotificationUpdate};
use laserchat_protocol::{Event, Message, Timestamp, UserId};

use super::notifications::{notice, tell};
use super::world::{THEN, World};
use crate::{
    ChangedAccount, CursorMove, DueMail, EmailRefusal, MailResult, NewEmailRequest, Nonce, Notice, ProfileChange, Store,
};

const NOW: Timestamp = Timestamp(THEN.0 + 1_000_000_000);
const LATER: Timestamp = Timestamp(NOW.0 + 60_000);
/// Links in these tests are good until here; real ones are looked at by the real clock.
const FAR: Timestamp = Timestamp(32_503_680_000_000);

async fn asks(store: &dyn Store, user: UserId, address: &str, number: u8) -> Result<ChangedAccount, EmailRefusal> {
    let nonce = [number; 16];
    let new = NewEmailRequest { user, address: address.into(), nonce, now: NOW, expires_at: FAR };
    store.request_email(new).await.unwrap().map(|changed| changed.expect("there is such an account"))
}

async fn confirms(store: &dyn Store, user: UserId, number: u8) -> Vec<UserId> {
    let nonce: Nonce = [number; 16];
    let changed = store.confirm_email(user, nonce, NOW).await.unwrap();
    changed.into_iter().map(|(account, _)| account.user.id).collect()
}

pub async fn addresses_wait_until_confirmed(store: &dyn Store) {
    let world = World::new(store);
    let [ann, bob] = world.people(["ann", "bob"]).await;
    let own = |address: &str| ProfileChange { email: Some(Some(address.into())), ..ProfileChange::default() };
    store.update_user(bob, own("a@x.org")).await.unwrap().unwrap();
    // That Bob has it without having confirmed it keeps nobody from it.
    let (account, event) = asks(store, ann, "a@x.org", 1).await.unwrap();
    assert_eq!((account.email, account.email_waiting.as_deref()), (None, Some("a@x.org")));
    assert!(matches!(event, Event::AccountUpdated(_)));
    assert_eq!(store.due_mail(NOW, 10).await.unwrap(), [DueMail::Link(ann)]);
    assert_eq!(store.next_mail().await.unwrap(), Some(NOW));
    // A newer request takes the place of the one before.
    asks(store, ann, "A@x.org", 2).await.unwrap();
    assert!(confirms(store, ann, 1).await.is_empty() && confirms(store, bob, 2).await.is_empty());
    let request = store.begin_link(ann, NOW, LATER).await.unwrap().unwrap();
    assert_eq!((request.address.as_str(), request.nonce, request.tries), ("A@x.org", [2; 16], 1));
    assert!(store.due_mail(NOW, 10).await.unwrap().is_empty(), "it is being sent");
    store.settle_link(ann, [1; 16], MailResult::Sent).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), Some(LATER), "that was another link");
    store.settle_link(ann, [2; 16], MailResult::Sent).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), None);
    assert_eq!(confirms(store, ann, 2).await, [ann, bob]);
    assert!(confirms(store, ann, 2).await.is_empty(), "once");
    let account = store.account(ann).await.unwrap().unwrap();
    assert_eq!(
        (account.email.as_deref(), account.email_confirmed, account.email_waiting),
        (Some("A@x.org"), true, None)
    );
    assert_eq!(store.account(bob).await.unwrap().unwrap().email, None);
    assert_eq!(asks(store, bob, "a@x.org", 3).await.unwrap_err(), EmailRefusal::Taken);
    // What is confirmed already waits for nothing; another address does not replace it before it is confirmed.
    assert_eq!(asks(store, ann, "a@x.org", 4).await.unwrap().0.email_waiting, None);
    assert_eq!(store.due_mail(FAR, 10).await.unwrap(), []);
    let (account, _) = asks(store, ann, "b@x.org", 5).await.unwrap();
    assert_eq!((account.email.as_deref(), account.email_confirmed), (Some("A@x.org"), true));
    // An address that is set without asking is not confirmed, and ends what waits.
    let (account, _) = store.update_user(ann, own("c@x.org")).await.unwrap().unwrap().unwrap();
    assert_eq!((account.email_confirmed, account.email_waiting), (false, None));
    assert!(confirms(store, ann, 5).await.is_empty());
    let gone = NewEmailRequest {
        user: ann,
        address: "d@x.org".into(),
        nonce: [6; 16],
        now: NOW,
        expires_at: Timestamp(NOW.0 + 1),
    };
    store.request_email(gone.clone()).await.unwrap().unwrap().unwrap();
    assert!(store.begin_link(ann, Timestamp(NOW.0 + 1), LATER).await.unwrap().is_none(), "it has expired");
    assert!(store.email_request(ann, Timestamp(NOW.0 + 1)).await.unwrap().is_none());
    assert!(store.due_mail(FAR, 10).await.unwrap().is_empty());
    let nobody = NewEmailRequest { user: UserId(world.id()), ..gone };
    assert!(store.request_email(nobody).await.unwrap().unwrap().is_none());
}

/// Somebody with a confirmed address who wants digests.
async fn subscriber(world: &World<'_>, name: &str) -> UserId {
    let user = world.person(name).await;
    asks(world.store, user, &format!("{name}@x.org"), 1).await.unwrap();
    assert_eq!(confirms(world.store, user, 1).await, [user]);
    let update = NotificationUpdate { email: Some(DigestEvery::Hourly), ..NotificationUpdate::default() };
    world.store.update_notifications(user, update).await.unwrap();
    user
}

fn wanted(user: UserId, message: &Message) -> Notice {
    Notice { digest_at: Some(NOW), ..notice(user, message) }
}

async fn begun(store: &dyn Store, user: UserId) -> Option<(u64, u32, Vec<String>)> {
    let digest = store.begin_digest(user, NOW, LATER, 10).await.unwrap()?;
    assert_eq!(digest.total, digest.entries.len());
    Some((digest.number, digest.tries, digest.entries.into_iter().map(|entry| entry.message.body).collect()))
}

pub async fn a_digest_tells_what_it_began_with(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let bob = subscriber(&world, "bob").await;
    let id = world.group(ann, &[bob]).await;
    let mut said = Vec::new();
    for text in ["a", "b", "c", "d"] {
        said.push(world.send(id, ann, Draft { mentions: vec![bob], ..world.draft(text) }).await);
    }
    assert!(store.due_mail(FAR, 10).await.unwrap().is_empty());
    tell(store, vec![notice(bob, &said[0]), wanted(bob, &said[1])]).await;
    assert_eq!(store.due_mail(NOW, 10).await.unwrap(), [DueMail::Digest(bob)]);
    let later = Notice { digest_at: Some(FAR), ..wanted(bob, &said[2]) };
    tell(store, vec![later]).await;
    assert_eq!(store.next_mail().await.unwrap(), Some(NOW), "what waits already is not put off");
    store.put_off_digest(bob, LATER).await.unwrap();
    assert!(store.due_mail(NOW, 10).await.unwrap().is_empty());
    let words = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(begun(store, bob).await, Some((1, 1, words(&["b", "c"]))));
    // What comes now is for the next one, and the same digest is tried again, with what is left of it.
    tell(store, vec![wanted(bob, &said[3])]).await;
    store.settle_digest(bob, 1, MailResult::Later(LATER), FAR).await.unwrap();
    assert_eq!(begun(store, bob).await, Some((1, 2, words(&["b", "c"]))));
    store.resume_mail(NOW).await.unwrap();
    assert_eq!(store.due_mail(NOW, 10).await.unwrap(), [DueMail::Digest(bob)]);
    store.advance(vec![CursorMove { conversation: id, user: bob, delivered: 0, read: said[1].seq }]).await.unwrap();
    assert_eq!(begun(store, bob).await, Some((1, 3, words(&["c"]))));
    store.settle_digest(bob, 1, MailResult::Sent, LATER).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), Some(LATER), "something waits for the next one");
    store.settle_digest(bob, 1, MailResult::Later(NOW), LATER).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), Some(LATER), "it is settled already");
    assert_eq!(begun(store, bob).await, Some((2, 1, words(&["d"]))));
    // What was given up goes into the next one, when there is one.
    store.settle_digest(bob, 2, MailResult::GivenUp, LATER).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), None);
    let last = world.send(id, ann, Draft { mentions: vec![bob], ..world.draft("e") }).await;
    tell(store, vec![wanted(bob, &last)]).await;
    assert_eq!(begun(store, bob).await, Some((3, 1, words(&["d", "e"]))));
    store.settle_digest(bob, 3, MailResult::Refused, LATER).await.unwrap();
    assert_eq!((store.next_mail().await.unwrap(), begun(store, bob).await), (None, None));
}

pub async fn digests_without_a_reader_end(store: &dyn Store) {
    let world = World::new(store);
    let ann = world.person("ann").await;
    let [bob, cid, dan] =
        [subscriber(&world, "bob").await, subscriber(&world, "cid").await, subscriber(&world, "dan").await];
    let (id, other) = (world.group(ann, &[bob, cid, dan]).await, world.group(ann, &[bob]).await);
    let said = world.say(id, ann, "x").await;
    let left = world.say(other, ann, "y").await;
    let tells = async |user: UserId| {
        tell(store, vec![wanted(user, &said)]).await;
    };
    // Read, left, deleted: nothing to tell, and nothing due.
    tell(store, vec![wanted(bob, &left)]).await;
    world.leave(other, bob).await;
    assert_eq!(begun(store, bob).await, None);
    assert_eq!(store.next_mail().await.unwrap(), None);
    // Nobody is told of those with whom there is a block.
    tells(cid).await;
    let block = laserchat_core::contact::ContactAction::Block;
    store.change_contact(cid, ann, block, THEN).await.unwrap().unwrap();
    assert_eq!(begun(store, cid).await, None);
    // Whoever wants no digests any more gets none, not even of what waited.
    tells(dan).await;
    let every = |every| NotificationUpdate { email: Some(every), ..NotificationUpdate::default() };
    store.update_notifications(dan, every(DigestEvery::Off)).await.unwrap();
    assert_eq!(store.next_mail().await.unwrap(), None);
    store.update_notifications(dan, every(DigestEvery::Daily)).await.unwrap();
    assert_eq!(begun(store, dan).await, None);
    // Nor does a disabled account, or one that has no confirmed address.
    let more = world.say(id, ann, "z").await;
    for user in [bob, dan] {
        tell(store, vec![wanted(user, &more)]).await;
    }
    store.set_disabled(bob, true).await.unwrap();
    let cleared = ProfileChange { email: Some(None), ..ProfileChange::default() };
    store.update_user(dan, cleared).await.unwrap().unwrap();
    assert_eq!((begun(store, bob).await, begun(store, dan).await), (None, None));
    assert_eq!(store.next_mail().await.unwrap(), None);
}

pub async fn the_key_of_links_is_made_once(store: &dyn Store) {
    assert_eq!(store.mail_key([1; 32]).await.unwrap(), [1; 32]);
    assert_eq!(store.mail_key([2; 32]).await.unwrap(), [1; 32]);
}
