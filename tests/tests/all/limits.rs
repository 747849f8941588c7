//! Limits: how often one may ask, who is counted, how it is told, and how many connections there may be.

use laserchat_tests::person::{call, http};
use laserchat_tests::{Others, Person, Socket, TestServer, Wire, patiently};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn limited(settings: &[(&str, &str)]) -> TestServer {
    let settings: Vec<_> = [("RATE_LIMITS", "on")].iter().chain(settings).copied().collect();
    TestServer::with(&settings).await
}

fn header(answer: &Response, name: &str) -> Option<u64> {
    answer.headers().get(name)?.to_str().ok()?.parse().ok()
}

/// A request to register that names nobody: it is counted, and costs nothing.
async fn knock(server: &TestServer, path: &str, forwarded: Option<&str>) -> Response {
    let mut request = http().post(format!("http://{}/api/v1{path}", server.address())).json(&json!({}));
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    request.send().await.expect("an answer")
}

/// How often one may knock before it is too often.
async fn knocks(server: &TestServer, path: &str, forwarded: Option<&str>) -> u32 {
    let mut count = 0;
    patiently("to be refused", async {
        while knock(server, path, forwarded).await.status() != 429 {
            count += 1;
        }
    })
    .await;
    count
}

#[tokio::test]
async fn every_answer_says_where_one_stands() {
    let server = limited(&[]).await;
    let ann = server.person("ann").await;
    let get = async |path: &str, token: Option<&str>| {
        let mut request = http().get(format!("http://{}/api/v1{path}", server.address()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.expect("an answer")
    };
    for (path, token, status) in [
        ("/me", Some(ann.token.as_str()), 200),
        ("/conversations/12", Some(&ann.token), 404),
        ("/conversations/nonsense", Some(&ann.token), 400),
        ("/conversations", Some(&ann.token), 200),
    ] {
        let answer = get(path, token).await;
        assert_eq!(answer.status(), status);
        let limit = header(&answer, "ratelimit-limit").expect("a limit");
        let left = header(&answer, "ratelimit-remaining").expect("what is left");
        assert!(left < limit && header(&answer, "ratelimit-reset").is_some(), "{answer:?}");
    }
    for (path, token) in [("/server", None), ("/me", None), ("/me", Some("forged")), ("/nonsense", None)] {
        assert!(header(&get(path, token).await, "ratelimit-limit").is_some(), "{path}");
    }
    // Without limits nothing is said of them.
    let server = TestServer::start().await;
    let answer = http().get(format!("http://{}/api/v1/server", server.address())).send().await.unwrap();
    assert_eq!(header(&answer, "ratelimit-limit"), None);
}

#[tokio::test]
async fn registering_and_signing_in_are_counted_by_address() {
    let server = limited(&[]).await;
    let ann = server.person("ann").await;
    for (path, most) in [("/auth/login", 20), ("/auth/register", 9)] {
        // What was allowed meanwhile comes on top, on a machine that is slow enough.
        let count = knocks(&server, path, None).await;
        assert!((most..2 * most).contains(&count), "{path}: {count}");
        let refused = patiently("to be refused again", async {
            loop {
                let answer = knock(&server, path, None).await;
                if answer.status() == 429 {
                    return answer;
                }
            }
        })
        .await;
        let wait = header(&refused, "retry-after").expect("when to come back");
        assert!((1..=600).contains(&wait));
        assert_eq!(header(&refused, "ratelimit-remaining"), Some(0));
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["retry_after"]), (&json!("rate_limited"), &json!(wait)));
    }
    // Nor does a token help; but those who are in go on.
    let url = format!("http://{}/api/v1/auth/register", server.address());
    let answer = http().post(url).bearer_auth(&ann.token).json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    ann.get("/me").await.expect(200);
    let notes = ann.direct(&ann).await;
    ann.connect().await.say(&notes, "1", "still here").await;
}

#[tokio::test]
async fn guessing_tokens_is_counted_by_address() {
    let server = limited(&[]).await;
    let ann = server.person("ann").await;
    let (client, address) = (http(), server.address());
    let guess = async |n: u32| call(&client, &address, Method::GET, "/me", Some(&format!("lcp_{n}")), None).await;
    patiently("to be refused", async {
        let mut n = 0;
        while guess(n).await.status != 429 {
            n += 1;
        }
    })
    .await;
    ann.get("/me").await.expect(200);
}

/// Sends many messages in one write, and counts those that were refused.
async fn burst(socket: &mut Socket, conversation: &str, count: u32) -> (u32, Value) {
    for n in 0..count {
        let fields = json!({
            "type": "message.send", "id": n, "conversation_id": conversation, "client_id": format!("b{n}"), "body": "x"
        });
        socket.raw(fields.to_string().into()).await;
    }
    let (mut answered, mut refused, mut last) = (0, 0, Value::Null);
    while answered < count {
        let event = socket.next().await.expect("the connection stays");
        match event["type"].as_str() {
            Some("ack") => answered += 1,
            Some("error") => {
                answered += 1;
                refused += 1;
                last = event;
            }
            _ => {}
        }
    }
    (refused, last)
}

#[tokio::test]
async fn sends_are_counted_by_user_whichever_way_they_come() {
    let server = limited(&[]).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let (refused, error) = burst(&mut anns, &conversation, 300).await;
    assert!((1..=240).contains(&refused), "{refused}");
    assert_eq!(bob.history(&conversation).await.len() as u32, 300 - refused, "what was refused was not sent");
    assert_eq!((&error["code"], error["retry_after"].as_u64().is_some()), (&json!("rate_limited"), true));
    // The same bucket over HTTP.
    let url = format!("http://{}/api/v1/conversations/{conversation}/messages", server.address());
    let answer = patiently("to be refused", async {
        let mut n = 0;
        loop {
            n += 1;
            let body = json!({ "client_id": format!("h{n}"), "body": "x" });
            let answer = http().post(&url).bearer_auth(&ann.token).json(&body).send().await.unwrap();
            if answer.status() == 429 {
                return answer;
            }
        }
    })
    .await;
    assert!(header(&answer, "retry-after").is_some() && header(&answer, "ratelimit-limit") == Some(60));
    // Another device of the same person is the same person; another person is not.
    let phone = patiently("a place", async {
        loop {
            let (refused, _) = burst(&mut ann.connect().await, &conversation, 100).await;
            if refused > 0 {
                return refused;
            }
        }
    });
    assert!(phone.await > 0);
    bobs.say(&conversation, "1", "and I?").await;
    bob.say(&conversation, "2", "me too").await;
    ann.get("/me").await.expect(200);
}

#[tokio::test]
async fn other_commands_are_counted_too() {
    let server = limited(&[]).await;
    let ann = server.person("ann").await;
    let mut others = Others::of(&server).await;
    let notes = ann.direct(&ann).await;
    let mut socket = ann.connect().await;
    for n in 0..1000 {
        let typing = json!({ "type": "typing.start", "id": n, "conversation_id": notes });
        socket.raw(typing.to_string().into()).await;
    }
    assert_eq!(socket.expect("error").await["code"], "rate_limited");
    others.notice_nothing().await;
}

#[tokio::test]
async fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let server = limited(&[]).await;
    let mut count = 0;
    patiently("to be refused", async {
        while knock(&server, "/auth/register", Some(&format!("203.0.113.{}", count % 250))).await.status() != 429 {
            count += 1;
        }
    })
    .await;
    assert!((10..20).contains(&count), "{count}");

    let server = limited(&[("TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")]).await;
    let count = knocks(&server, "/auth/register", Some("203.0.113.1")).await;
    assert!((10..20).contains(&count), "{count}");
    // What the client itself wrote in front, and proxies behind, change nothing of it.
    for same in ["198.51.100.7, 203.0.113.1", "203.0.113.1, 10.1.2.3", "nonsense, 203.0.113.1:4711"] {
        assert_eq!(knock(&server, "/auth/register", Some(same)).await.status(), 429, "{same}");
    }
    assert_eq!(knock(&server, "/auth/register", Some("203.0.113.2")).await.status(), 400);
    // The session names the address that was believed.
    let body = json!({ "username": "ann", "password": laserchat_tests::person::PASSWORD });
    let url = format!("http://{}/api/v1/auth/register", server.address());
    let grant = http().post(url).header("x-forwarded-for", "203.0.113.9").json(&body).send().await.unwrap();
    let ann = Person::from_grant(&server.address(), grant.json().await.unwrap());
    let sessions = server.server().app.store.sessions(ann.id.parse().unwrap()).await.unwrap();
    assert_eq!(sessions[0].address.as_deref(), Some("203.0.113.9"));
}

/// Whether a connection is served: `None` if it is, or the answer that refuses it.
async fn served(wire: &mut Wire) -> Option<u16> {
    wire.send("GET /api/v1/server HTTP/1.1\r\nHost: test\r\n\r\n").await;
    let status = wire.answer().await.map(|answer| answer.status);
    status.filter(|status| *status != 200)
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let server = limited(&[("LIMITS_CONNECTIONS_PER_ADDRESS", "3")]).await;
    let address = server.address();
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut wire = Wire::connect(&address).await;
        assert_eq!(served(&mut wire).await, None);
        kept.push(wire);
    }
    let mut refused = Wire::connect(&address).await;
    let answer = refused.answer().await.expect("an answer before any request");
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("10")));
    refused.ended().await;
    // Those who are in stay in, and whoever goes makes room.
    for wire in &mut kept {
        assert_eq!(served(wire).await, None);
    }
    kept.pop();
    patiently("a place", async { while served(&mut Wire::connect(&address).await).await == Some(429) {} }).await;

    // A proxy brings many; and without limits there is only the one on all connections together.
    for settings in [
        &[("RATE_LIMITS", "on"), ("LIMITS_CONNECTIONS_PER_ADDRESS", "3"), ("TRUSTED_PROXIES", "127.0.0.0/8")][..],
        &[("LIMITS_CONNECTIONS_PER_ADDRESS", "3")],
    ] {
        let server = TestServer::with(settings).await;
        let mut kept = Vec::new();
        for _ in 0..10 {
            let mut wire = Wire::connect(&server.address()).await;
            assert_eq!(served(&mut wire).await, None);
            kept.push(wire);
        }
    }
    let server = TestServer::with(&[("LIMITS_CONNECTIONS", "2")]).await;
    let mut kept = [Wire::connect(&server.address()).await, Wire::connect(&server.address()).await];
    for wire in &mut kept {
        assert_eq!(served(wire).await, None);
    }
    assert_eq!(Wire::connect(&server.address()).await.answer().await.map(|answer| answer.status), Some(429));
}

#[tokio::test]
async fn streams_and_polls_count_as_connections_of_their_user() {
    let server = limited(&[("LIMITS_CONNECTIONS_PER_USER", "2")]).await;
    let ann = server.person("ann").await;
    let url = format!("http://{}/api/v1/events", server.address());
    let open =
        async || http().get(&url).header("accept", "text/event-stream").bearer_auth(&ann.token).send().await.unwrap();
    let kept = [open().await, open().await];
    assert!(kept.iter().all(|stream| stream.status() == 200));
    let refused = open().await;
    assert_eq!((refused.status().as_u16(), header(&refused, "retry-after")), (429, Some(10)));
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "too_many_connections");
    let hello = Socket::hello(&server.address(), json!({ "token": ann.token })).await;
    assert_eq!(hello.err().flatten().map(|(code, _)| code), Some(4004));
    drop(kept);
    patiently("a place", async { while open().await.status() != 200 {} }).await;
}
