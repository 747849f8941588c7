//! The calls that servers make all the time, on a store that `fill.sql` has filled, and what each of them asks the database.

use std::time::Duration;

use laserchat_core::Turn;
use laserchat_core::change::Change;
use laserchat_core::message::Draft;
use laserchat_core::search::{Facts, Term, Wanted};
use laserchat_protocol::{ConversationId, FileId, MessageId, Timestamp, UserId, WebhookId};
use laserchat_store::suite::statements::{self, Ran};
use laserchat_store::{Append, BelongingKind, CursorMove, FollowerStep, Notice, Progress, Question, Store, Window};

const ME: UserId = UserId(1);
/// Everybody is in it, and it is long.
const LARGE: ConversationId = ConversationId(100_001);
const SMALL: ConversationId = ConversationId(100_002);
/// Who is in the small one.
const NEAR: UserId = UserId(112);
const NOW: Timestamp = Timestamp(1000);

/// A call, and the statements that it ran, in their order.
pub struct Call {
    pub name: &'static str,
    pub ran: Vec<Ran>,
}

fn message(conversation: ConversationId, seq: u64) -> MessageId {
    MessageId(1_000_000 + seq * 4000 + conversation.0 - 100_000)
}

fn words(text: &str) -> Wanted {
    Wanted { terms: text.split(' ').filter_map(Term::new).collect(), ..Wanted::default() }
}

/// A message as a member of a conversation would send it now.
async fn post(store: &dyn Store, (conversation, sender): (ConversationId, UserId), id: u64) -> Append {
    let room = store.room(conversation, &[sender]).await.unwrap().unwrap();
    let draft = Draft { client_id: format!("new {id}"), body: "hello".into(), ..Draft::default() };
    let turn = Turn { now: NOW, message_id: MessageId(id) };
    let message = laserchat_core::message::send(&room, sender, &draft, &turn).unwrap();
    Append { conversation, expected: room.head + 1, changes: message }
}

fn question(conversation: ConversationId, everybody: bool) -> Question {
    Question {
        conversation,
        everybody,
        mentioned: vec![UserId(7), UserId(8)],
        senders: vec![UserId(9)],
        parents: vec![message(conversation, 20)],
        retold: None,
        after: UserId(0),
        limit: 5,
    }
}

fn notice(user: UserId) -> Notice {
    Notice {
        user,
        conversation: SMALL,
        message: message(SMALL, 16),
        seq: 16,
        sender: UserId(9),
        reason: laserchat_protocol::NotifyReason::Mention,
        at: NOW,
        listed: true,
        digest_at: None,
        devices: Vec::new(),
        due_at: NOW,
    }
}

/// Makes each call often enough that what a database remembers of a statement is there, and notes what the last one ran.
pub async fn all(store: &dyn Store) -> Vec<Call> {
    let mut calls = Vec::new();
    macro_rules! call {
        ($name:literal, $call:expr) => {{
            let (done, ran) = statements::of(async { $call.await.unwrap() }).await;
            calls.push(Call { name: $name, ran });
            done
        }};
    }
    let parent = store.message(ME, message(LARGE, 20)).await.unwrap().unwrap();
    let poll = store.message(ME, message(LARGE, 33)).await.unwrap().unwrap();

    call!("history, the newest", store.history(ME, LARGE, Window::Newest, 50));
    call!("history, before", store.history(ME, LARGE, Window::Before(9000), 50));
    call!("history, after", store.history(ME, LARGE, Window::After(9000), 50));
    call!("history, around", store.history(ME, LARGE, Window::Around(9000), 50));
    call!("changes of a conversation", store.changes(ME, LARGE, 19_900, 100)).unwrap();
    call!("changes of a conversation, of long ago", store.changes(ME, LARGE, 10, 100)).unwrap();
    call!("own changes", store.own_changes(ME, 20, 100));
    call!("conversations", store.conversations(ME, None, 20));
    call!("a conversation", store.conversation(ME, LARGE)).unwrap();
    call!("heads of one's conversations", store.heads(ME));
    call!("receipts", store.receipts(&[LARGE, SMALL]));
    call!("heads of many", store.heads_of(&[LARGE, SMALL]));
    call!("versions of many", store.versions_of(&[ME, UserId(2)]));
    call!("public channels", store.public_channels("", None, 20));
    call!("public channels, by words", store.public_channels("room5", None, 20));
    call!("members", store.members(LARGE, false, Some("3.1000"), 50));
    call!("members by name", store.members_named(LARGE, &["person5".into(), "person6".into()]));
    call!("a room", store.room(LARGE, &[ME, UserId(2)])).unwrap();
    call!("a message", store.message(ME, message(LARGE, 20))).unwrap();
    call!("a message by its client id", store.sent(UserId(2), LARGE, "client20000.1"));
    call!("a thread", store.replies(ME, &parent, 0, 50));
    call!("pins", store.pins(ME, LARGE));
    call!("reactors", store.reactors(&poll, "+1", None, 20));
    call!("voters", store.voters(&poll, 0, None, 20));
    call!("a direct conversation", store.direct(ME, UserId(5003)));
    call!("what two people are to each other", store.acquaintance(ME, UserId(2)));

    call!("search, a rare word", store.find_messages(ME, words("rare49"), None, 20));
    call!("search, a common word", store.find_messages(ME, words("hello"), None, 20));
    call!("search, a phrase", store.find_messages(ME, words("hello word12"), None, 20));
    let within = Wanted { within: Some(vec![LARGE]), ..words("hello") };
    call!("search, in a conversation", store.find_messages(ME, within, None, 20));
    let facts = Wanted { facts: Facts::REACTION, ..Wanted::default() };
    call!("search, by a fact", store.find_messages(ME, facts, None, 20));
    let since = Wanted { since: Some(Timestamp(30_000)), ..Wanted::default() };
    call!("search, by time", store.find_messages(ME, since, None, 20));
    call!("channels by words", store.find_channels(ME, &["room5".into()], None, 20));
    call!("people by words", store.search_users(&["person5".into()], None, 20));

    call!("an account", store.account(ME)).unwrap();
    call!("people by id", store.users(&[UserId(5), UserId(6)]));
    call!("signing in", store.credentials("person5")).unwrap();
    call!("signing in by address", store.credentials("person5@example.org")).unwrap();
    call!("last seen", store.last_seen(&[UserId(5), UserId(6)]));
    call!("a session's token is renewed", store.rotate([5; 32], [6; 32], NOW, Timestamp(0), None));
    call!("sessions", store.sessions(ME));
    call!("sessions that ended", store.ended_since(Timestamp(19_900)));
    call!("sessions were active", store.touch_sessions(vec![(laserchat_protocol::SessionId(5), NOW, None)]));
    call!("an access token's holder", store.token_holder([5; 32], NOW));
    call!("contacts", store.contacts(ME, None, 20));
    call!("blocks", store.blocked_among(ME, &[UserId(5), UserId(6)]));
    call!("a kept answer", store.kept_answer(UserId(5), "key5"));

    call!("activity", store.activity(ME, None, 20));
    call!("audience of a group", store.audiences(vec![question(SMALL, true)]));
    call!("audience of a channel", store.audiences(vec![question(LARGE, false)]));
    call!("mentions that were added", store.mentions_added(SMALL, 10));
    let step = |conversation, after, upto| FollowerStep { conversation, after, upto, gone: false };
    let progress = Progress { follower: "one", steps: vec![step(SMALL, 40, 40)], partly: None };
    call!("telling", store.notify(vec![notice(ME)], progress));
    call!("devices", store.devices(ME));

    call!("due pushes", store.due_pushes(NOW, 50));
    call!("the next push", store.next_push());
    call!("pushes begin", store.begin_pushes(vec![5, 6], NOW, Timestamp(0)));
    call!("due mail", store.due_mail(NOW, 50));
    call!("the next mail", store.next_mail());
    call!("a digest begins", store.begin_digest(UserId(5), NOW, NOW, 20));
    call!("due belongings", store.due_belongings(Timestamp(100_100), 50));
    call!("the next belonging", store.next_moment());
    call!("due polls", store.due_polls(Timestamp(50_100), 50));
    call!("due expiry", store.expiry_due(NOW, 50));
    call!("the next expiry", store.next_expiry());
    call!("what expires", store.texts_after(LARGE, 100, 50));
    call!("due previews", store.preview_jobs(NOW, 50));
    call!("a known page", store.cached_preview("https://page.example/5000", NOW));
    call!("webhooks that are owed something", store.webhooks_due(NOW));
    call!("due deliveries", store.due_deliveries(WebhookId(51), NOW, 32));
    call!("the next delivery", store.next_delivery());
    call!("deliveries", store.deliveries(WebhookId(5), None, 20));
    call!("webhooks of a conversation", store.webhooks(Some(LARGE)));
    call!("saved messages", store.belongings(ME, BelongingKind::Saved, None, 20));

    call!("a file", store.open_file(ME, FileId(5))).unwrap();
    call!("files", store.files(&[FileId(5), FileId(6)]));
    call!("files of a conversation", store.shared_files(LARGE, None, None, 20));
    call!("files that are due", store.collect_files(Timestamp(100), 5));
    call!("the next file that is due", store.next_collection());
    call!("doomed blobs", store.doomed_blobs(5));
    call!("uploads that are processed", store.processing());

    call!("a follower, what it is behind", store.behind("one", ConversationId(0), 200));
    call!("a follower, its place", store.followed("one", LARGE));
    call!("a follower moves", store.move_followers("one", vec![step(LARGE, 20_039, 20_040)]));

    let group = vec![post(store, (LARGE, ME), 900_000_001).await, post(store, (SMALL, NEAR), 900_000_002).await];
    let again = group[0].clone();
    let sent = call!("appends, of a group", store.append(group));
    assert!(sent.iter().all(|one| one.is_ok()));
    call!("an append that was done before", store.append(vec![again]));
    let mut twice = post(store, (LARGE, ME), 900_000_003).await;
    if let Some(Change::MessagePosted(message)) = twice.changes.first_mut() {
        message.client_id = "new 900000001".into();
    }
    call!("a message that was sent before", store.append(vec![twice]));
    let wish = CursorMove { conversation: LARGE, user: ME, delivered: 20_030, read: 20_030 };
    call!("reading", store.advance(vec![wish]));
    call!("leases", store.lease("me", &["node/5".into(), "node/6".into()], Duration::from_secs(10)));
    calls
}

/// However many there are, a list takes hardly more statements.
pub async fn lists(store: &dyn Store) {
    macro_rules! same {
        ($name:literal, $few:expr, $many:expr) => {{
            let (_, few) = statements::of(async { $few.await.unwrap() }).await;
            let (_, many) = statements::of(async { $many.await.unwrap() }).await;
            // What a page has nothing of is not asked for: peers, polls, threads, reactions.
            assert!(many.len() <= few.len() + 4, "{}: {few:#?} {many:#?}", $name);
        }};
    }
    same!("conversations", store.conversations(ME, None, 2), store.conversations(ME, None, 30));
    same!("own changes", store.own_changes(ME, 20, 5), store.own_changes(ME, 20, 200));
    same!("history", store.history(ME, LARGE, Window::Newest, 20), store.history(ME, LARGE, Window::Newest, 200));
    same!("activity", store.activity(ME, None, 4), store.activity(ME, None, 40));
    same!("receipts", store.receipts(&[SMALL]), store.receipts(&[SMALL, ConversationId(100_003)]));
    same!("expiry", store.texts_after(LARGE, 100, 20), store.texts_after(LARGE, 100, 200));
}
