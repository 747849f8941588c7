//! A server that is told to stop lets its clients go one by one, and none of them loses anything.

use std::time::Duration;

use futures_util::future::{join_all, select_all};
use laserchat_client::api::Api;
use laserchat_client::backoff::Backoff;
use laserchat_client::{Client, Options};
use laserchat_tests::process::{self, Process};
use laserchat_tests::{Person, Socket, TestServer, patiently, person};
use serde_json::json;

const GOING_AWAY: u16 = 4001;

async fn status(address: &str, path: &str) -> u16 {
    person::http().get(format!("http://{address}{path}")).send().await.map_or(0, |answer| answer.status().as_u16())
}

async fn until_not_ready(address: &str) {
    patiently("not being ready", async {
        while status(address, "/readyz").await != 503 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn it_serves_until_the_balancer_has_noticed_and_a_second_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = process::command();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--shutdown-notice-seconds", "600", "--data"]).arg(folder.path());
    let server = Process::run(serve).await;
    let address = server.address.clone();
    let ada = Person::register(&address, "ada").await;
    let bob = Person::register(&address, "bob").await;
    let conversation = ada.direct(&bob).await;
    let mut before = ada.connect().await;
    assert_eq!(status(&address, "/readyz").await, 200);

    server.signal("TERM").await;
    until_not_ready(&address).await;
    assert_eq!(status(&address, "/healthz").await, 200, "it lives, and must not be restarted for this");
    let mut after = bob.connect().await;
    before.say(&conversation, "one", "still here").await;
    let sent = patiently("a message", after.expect("message.sent")).await;
    assert_eq!(sent["message"]["body"], "still here");

    let ended = server.terminate().await;
    assert_eq!(ended.code(), Some(1), "it says that it did not end in good order");
}

#[tokio::test]
async fn connections_are_closed_one_by_one() {
    const SOCKETS: usize = 200;
    // Three seconds for each: by far the most are still open when the first is gone.
    let mut server = TestServer::with(&[("SHUTDOWN_SPREAD_SECONDS", "600")]).await;
    let address = server.address();
    let [ada, bob] = server.people(["ada", "bob"]).await;
    let conversation = ada.direct(&bob).await;
    let sockets = join_all((0..SOCKETS).map(|_| bob.connect())).await;
    let stopping = tokio::spawn(async move { server.stop().await });
    until_not_ready(&address).await;

    let waiting = sockets.into_iter().map(|mut socket| {
        Box::pin(async move {
            loop {
                match socket.next().await {
                    Ok(event) if event["type"] == "message.sent" => return None,
                    Ok(_) => {}
                    Err(closed) => return Some(closed),
                }
            }
        })
    });
    let (first, _, rest) = patiently("the first to be closed", select_all(waiting)).await;
    assert_eq!(first.expect("closed").map(|(code, _)| code), Some(GOING_AWAY));
    let refused = Socket::hello(&address, json!({ "token": bob.token })).await.err().expect("nobody is let in");
    assert_eq!(refused.map(|(code, _)| code), Some(GOING_AWAY));
    bob.get("/events?wait=0").await.refused(503, "unavailable");
    // A balancer that keeps connections is to make its next one elsewhere.
    let answer = person::http().get(format!("http://{address}/healthz")).send().await.unwrap();
    assert_eq!(answer.headers()["connection"], "close");

    // Those whose turn has not come hear everything.
    ada.say(&conversation, "one", "still here").await;
    let ends = patiently("the others", join_all(rest)).await;
    assert!(ends.iter().filter(|end| end.is_none()).count() > SOCKETS / 2);
    for closed in ends.into_iter().flatten() {
        assert_eq!(closed.map(|(code, _)| code), Some(GOING_AWAY));
    }
    stopping.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_come_back_and_have_lost_nothing() {
    const LINES: usize = 60;
    let mut server = TestServer::with(&[("SHUTDOWN_SPREAD_SECONDS", "1")]).await;
    let [ada, bob] = server.people(["ada", "bob"]).await;
    let conversation: laserchat_client::protocol::ConversationId = ada.direct(&bob).await.parse().unwrap();
    let start = |person: &Person, transport| {
        let backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(100) };
        let api = Api::new(&format!("http://{}", person.address)).unwrap().with_token(&person.token);
        Client::start(api, Options { transport, backoff, ..Options::default() }).unwrap()
    };
    use laserchat_client::Transport::{LongPoll, Sse, WebSocket};
    let writer = start(&ada, WebSocket);
    let readers: Vec<Client> =
        [WebSocket, Sse, LongPoll, WebSocket, Sse].map(|transport| start(&bob, transport)).into();
    for client in readers.iter().chain([&writer]) {
        patiently("being in step", client.wait_synced()).await.unwrap();
    }
    for line in 0..LINES {
        writer.send(conversation, format!("line {line}")).await.unwrap();
        if line == LINES / 3 {
            server.stop().await;
            server.start_again().await;
        }
    }
    for reader in &readers {
        let mut updates = reader.events();
        patiently("every line, once and in order", async {
            loop {
                let held: Vec<String> = reader.state().room(conversation).map_or(Vec::new(), |room| {
                    room.timeline().map(|message| message.body.clone()).filter(|body| !body.is_empty()).collect()
                });
                if held.len() == LINES {
                    assert!(held.iter().enumerate().all(|(at, body)| *body == format!("line {at}")), "{held:?}");
                    return;
                }
                updates.next().await.expect("the client runs").ok();
            }
        })
        .await;
    }
}
