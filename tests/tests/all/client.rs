//! The client crate against a real server: over every transport, through cables that break, and across restarts.

use std::sync::Arc;
use std::time::Duration;

use laserchat_client::api::Api;
use laserchat_client::backoff::Backoff;
use laserchat_client::outbox::Status;
use laserchat_client::protocol::conversation::{ConversationCreate, ConversationUpdate};
use laserchat_client::protocol::session::{Device, Grant};
use laserchat_client::protocol::{Code, ConversationId, ConversationKind, Message, MessageKind, UserId};
use laserchat_client::storage::{FileStorage, MemoryStorage, Storage};
use laserchat_client::{Client, Options, Transport, Update};
use laserchat_tests::person::{PASSWORD, account};
use laserchat_tests::{Cable, TestServer, patiently};

const TRANSPORTS: [Transport; 3] = [Transport::WebSocket, Transport::Sse, Transport::LongPoll];

/// The same session through another address: a cable.
fn through(cable: &Cable, grant: &Grant) -> Api {
    Api::new(&format!("http://{}", cable.address)).expect("a usable address").with_token(&grant.access_token)
}

fn options(transport: Transport) -> Options {
    let backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(100) };
    Options { transport, backoff, ..Options::default() }
}

async fn group(api: &Api, others: &[UserId]) -> ConversationId {
    let create = ConversationCreate {
        kind: ConversationKind::Group,
        members: others.to_vec(),
        name: Some("a group".into()),
        topic: None,
        public: false,
    };
    api.create_conversation(&create).await.expect("created").conversation.id
}

/// Waits until the client holds this, looking again whenever anything happens.
async fn until(client: &Client, what: &str, holds: impl Fn(&Client) -> bool) {
    let mut updates = client.events();
    patiently(what, async {
        while !holds(client) {
            updates.next().await.expect("the client runs").ok();
        }
    })
    .await;
}

fn texts<'a>(messages: impl Iterator<Item = &'a Message>) -> Vec<String> {
    messages.filter(|message| message.kind == MessageKind::Text).map(|message| message.body.clone()).collect()
}

fn held(client: &Client, id: ConversationId) -> Vec<String> {
    client.state().room(id).map(|room| texts(room.timeline())).unwrap_or_default()
}

async fn stored(api: &Api, id: ConversationId) -> Vec<Message> {
    api.history(id, laserchat_client::api::Window::Newest, 200).await.expect("the history")
}

/// What the client holds of a conversation is what the server has.
async fn assert_same(client: &Client, api: &Api, id: ConversationId) {
    let (view, messages) = (api.conversation(id).await.expect("the conversation"), stored(api, id).await);
    let state = client.state();
    let room = state.room(id).expect("the conversation is held");
    assert_eq!(room.cursor(), view.seq);
    assert_eq!(room.conversation(), Some(&view.conversation));
    for message in room.timeline() {
        assert_eq!(Some(message), messages.iter().find(|stored| stored.seq == message.seq));
    }
    let membership = view.membership.expect("a member");
    assert_eq!((state.unread(id), state.mentions(id)), (membership.unread, membership.mentions));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_transport_keeps_a_state_equal() {
    let server = TestServer::start().await;
    let (anna, _) = account(&server.address(), "anna").await;
    let (ben, ben_grant) = account(&server.address(), "ben").await;
    for transport in TRANSPORTS {
        let id = group(&anna, &[ben_grant.user.id]).await;
        let writer = Client::start(anna.clone(), options(Transport::WebSocket)).expect("started");
        let reader = Client::start(ben.clone(), options(transport)).expect("started");
        for client in [&writer, &reader] {
            patiently("being in step", client.wait_synced()).await.expect("synced");
        }
        for number in 0..20 {
            writer.send(id, format!("@ben line {number}")).await.expect("queued");
        }
        until(&reader, "twenty lines", |client| held(client, id).len() == 20).await;
        let first = reader.state().room(id).unwrap().timeline().next().map(|message| message.id).unwrap();
        patiently("reacting", reader.react(first, "👍", true)).await.expect("reacted");
        patiently("editing", writer.edit(first, "edited")).await.expect("edited");
        let second = stored(&anna, id).await.into_iter().rev().find(|message| message.body.contains("line 19"));
        patiently("deleting", writer.delete(second.expect("it is there").id)).await.expect("deleted");
        let rename = ConversationUpdate { name: Some("renamed".into()), ..ConversationUpdate::default() };
        anna.update_conversation(id, &rename).await.expect("renamed");
        until(&reader, "the new name", |client| {
            let state = client.state();
            state.room(id).is_some_and(|room| {
                room.conversation().is_some_and(|conversation| conversation.name.as_deref() == Some("renamed"))
                    && !room.is_behind()
            })
        })
        .await;
        let head = anna.conversation(id).await.expect("the conversation").seq;
        until(&reader, "the newest change", |client| client.state().room(id).is_some_and(|room| room.cursor() == head))
            .await;
        assert_same(&reader, &ben, id).await;
        ben.mark_read(id, None).await.expect("read");
        until(&reader, "nothing unread", |client| client.state().unread(id) == 0).await;
        reader.load_history(id, 100).await.expect("loaded");
        assert_same(&reader, &ben, id).await;
        writer.close().await;
        reader.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_over_a_cable_that_breaks() {
    let server = TestServer::start().await;
    let (anna, anna_grant) = account(&server.address(), "anna").await;
    let (_, ben_grant) = account(&server.address(), "ben").await;
    for transport in TRANSPORTS {
        let id = group(&anna, &[ben_grant.user.id]).await;
        let (left, right) = (Cable::to(&server.address()).await, Cable::to(&server.address()).await);
        let writer = Client::start(through(&left, &anna_grant), options(transport)).expect("started");
        let reader = Client::start(through(&right, &ben_grant), options(transport)).expect("started");
        patiently("being in step", reader.wait_synced()).await.expect("synced");
        let expected: Vec<String> = (0..60).map(|number| format!("line {number}")).collect();
        for (number, line) in expected.iter().enumerate() {
            writer.send(id, line).await.expect("queued");
            match number % 20 {
                5 => left.jerk(),
                10 => right.jerk(),
                15 => {
                    right.cut();
                    left.cut();
                }
                18 => {
                    left.mend();
                    right.mend();
                }
                _ => {}
            }
        }
        left.mend();
        right.mend();
        until(&reader, "every line", |client| held(client, id).len() >= expected.len()).await;
        assert_eq!(held(&reader, id), expected);
        assert_eq!(texts(stored(&anna, id).await.iter()), expected);
        until(&writer, "an empty outbox", |client| client.outbox().is_empty()).await;
        writer.close().await;
        reader.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_survives_a_restart_of_the_client() {
    let server = TestServer::start().await;
    let (anna, anna_grant) = account(&server.address(), "anna").await;
    let id = group(&anna, &[]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let cable = Cable::to(&server.address()).await;
    let stored_at = || FileStorage::open(folder.path()).expect("a folder that can be written");
    let start = || {
        let storage: Arc<dyn Storage> = Arc::new(stored_at());
        let options = Options { storage, ..options(Transport::WebSocket) };
        Client::start(through(&cable, &anna_grant), options).expect("started")
    };
    let client = start();
    patiently("being in step", client.wait_synced()).await.expect("synced");
    cable.cut();
    client.send(id, "written offline").await.expect("queued");
    client.close().await;

    let client = start();
    assert_eq!(client.outbox().len(), 1, "it waits for the network");
    assert!(client.state().room(id).is_some(), "what was known is known again");
    cable.mend();
    until(&client, "an empty outbox", |client| client.outbox().is_empty()).await;
    until(&client, "the line", |client| held(client, id) == ["written offline"]).await;
    client.close().await;
    assert_eq!(texts(stored(&anna, id).await.iter()), ["written offline"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_waits_for_its_author() {
    let server = TestServer::start().await;
    let (anna, _) = account(&server.address(), "anna").await;
    let (ben, ben_grant) = account(&server.address(), "ben").await;
    let id = group(&anna, &[ben_grant.user.id]).await;
    for transport in TRANSPORTS {
        let read_only = |read_only| ConversationUpdate { read_only: Some(read_only), ..ConversationUpdate::default() };
        anna.update_conversation(id, &read_only(true)).await.expect("changed");
        let client = Client::start(ben.clone(), options(transport)).expect("started");
        patiently("being in step", client.wait_synced()).await.expect("synced");
        let mut updates = client.events();
        let client_id = client.send(id, "may I?").await.expect("queued");
        let problem = patiently("the refusal", async {
            loop {
                if let Some(Ok(Update::Failed { problem, .. })) = updates.next().await {
                    return problem;
                }
            }
        })
        .await;
        assert_eq!(problem.code, Code::ReadOnly);
        assert!(matches!(client.outbox()[0].status, Status::Failed { .. }));
        anna.update_conversation(id, &read_only(false)).await.expect("changed");
        assert!(client.retry(&client_id));
        until(&client, "an empty outbox", |client| client.outbox().is_empty()).await;
        client.close().await;
    }
    assert_eq!(texts(stored(&anna, id).await.iter()).len(), TRANSPORTS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_requests_find_the_token_stale_one_renews_it() {
    let server = TestServer::start().await;
    let (_, grant) = account(&server.address(), "anna").await;
    // A refresh token is good for one use, and a second use would end the session.
    let stale = Grant { expires_in: 0, ..grant };
    let api = Api::new(&format!("http://{}", server.address())).expect("a usable address").with_grant(stale);
    let asking: Vec<_> = (0..10)
        .map(|_| {
            let api = api.clone();
            tokio::spawn(async move { api.me().await })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.expect("no panic").expect("an answer").user.username, "anna");
    }
    api.me().await.expect("the session goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_find_a_server_that_was_away() {
    let mut server = TestServer::start().await;
    let (anna, _) = account(&server.address(), "anna").await;
    let id = group(&anna, &[]).await;
    let client = Client::start(anna.clone(), options(Transport::WebSocket)).expect("started");
    patiently("being in step", client.wait_synced()).await.expect("synced");
    server.stop().await;
    client.send(id, "to nobody yet").await.expect("queued");
    server.start_again().await;
    until(&client, "an empty outbox", |client| client.outbox().is_empty()).await;
    until(&client, "the line", |client| held(client, id) == ["to nobody yet"]).await;
    assert_same(&client, &anna, id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_stops_the_client() {
    let server = TestServer::start().await;
    let (anna, _) = account(&server.address(), "anna").await;
    for transport in TRANSPORTS {
        let other = Api::new(&format!("http://{}", server.address())).expect("a usable address");
        other.login("anna", PASSWORD, Device::default()).await.expect("signed in");
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::default());
        let client = Client::start(other.clone(), Options { storage, ..options(transport) }).expect("started");
        patiently("being in step", client.wait_synced()).await.expect("synced");
        anna.end_other_sessions().await.expect("ended");
        let problem = patiently("the end", client.stopped()).await.expect("a reason");
        assert_eq!(problem.code, Code::SessionEnded);
    }
}
