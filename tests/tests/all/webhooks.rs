//! Webhooks: others post here, and others are told, signed, at least once, and no more than they may know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use laserchat_tests::receiver::{Request, answer};
use laserchat_tests::{Person, Process, Receiver, TestServer, patiently, person, process};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

const LOCAL: [(&str, &str); 2] = [("OUTBOUND_ALLOW", "127.0.0.0/8"), ("WEBHOOKS_RETRY_SECONDS", "1")];

fn signed_by(request: &Request, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("its prefix")).expect("base64");
    let header = |name: &str| request.headers[name].as_str();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), request.text()).as_bytes());
    let want = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    header("webhook-signature").split(' ').any(|given| given == want)
}

async fn outgoing(who: &Person, url: String, conversation: &str, events: &[&str]) -> Value {
    let body = json!({ "url": url, "conversation_id": conversation, "events": events });
    who.post("/webhooks", body).await.expect(201)
}

fn body(request: &Request) -> Value {
    request.json()
}

/// Asks until the deliveries are as wanted.
async fn deliveries(who: &Person, webhook: &Value, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let path = format!("/webhooks/{}/deliveries", webhook["id"].as_str().unwrap());
    patiently("the deliveries", async {
        loop {
            let page = who.get(&path).await.expect(200);
            let items = page["items"].as_array().unwrap().clone();
            if enough(&items) {
                return items;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn what_happens_is_told_signed_and_in_full() {
    let server = TestServer::with(&LOCAL).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Builders", &[&bob]).await;
    let other = ann.group("Elsewhere", &[&bob]).await;
    let mut receiver = Receiver::start().await;
    let hook = outgoing(&ann, receiver.url("/in"), &group, &["message.sent", "message.deleted"]).await;
    let secret = hook["secret"].as_str().unwrap();
    bob.say(&other, "o", "nobody is told of this").await;
    let said = bob.say(&group, "a", "hello").await;
    let told = receiver.next().await;
    assert_eq!((told.method.as_str(), told.path.as_str()), ("POST", "/in"));
    assert_eq!(told.headers["content-type"], "application/json");
    assert!(signed_by(&told, secret) && !signed_by(&told, "whsec_AAAA"));
    assert_eq!(body(&told)["type"], "message.sent");
    assert_eq!(body(&told)["data"]["message"]["body"], "hello");
    // An edit was not asked for; a deletion was.
    let path = format!("/messages/{}", said["id"].as_str().unwrap());
    bob.put(&path, json!({ "body": "hello!" })).await.expect(200);
    bob.delete(&path).await.expect(200);
    let told = receiver.next().await;
    assert_eq!(
        (&body(&told)["type"], &body(&told)["data"]["message"]["body"]),
        (&json!("message.deleted"), &json!(""))
    );
    let all = deliveries(&ann, &hook, |all| all.iter().all(|one| one["state"] == "delivered") && all.len() == 2).await;
    assert_eq!(all[0]["event"], "message.deleted");
    assert_eq!(all[1]["answers"][0]["status"], 200);
    // What was erased cannot be sent again; what was not, can, under the same id.
    let replay =
        |id: &Value| format!("/webhooks/{}/deliveries/{}/replay", hook["id"].as_str().unwrap(), id.as_str().unwrap());
    ann.post(&replay(&all[1]["id"]), json!({})).await.refused(404, "not_found");
    ann.post(&replay(&all[0]["id"]), json!({})).await.expect(200);
    assert_eq!(receiver.next().await.headers["webhook-id"], told.headers["webhook-id"]);
    // The secret is shown once.
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    assert_eq!(ann.get(&path).await.expect(200)["secret"], Value::Null);
    ann.delete(&path).await.expect(204);
    bob.say(&group, "b", "nobody listens").await;
    ann.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_fails_is_sent_again_under_the_same_id() {
    let server = TestServer::with(&LOCAL).await;
    let ann = server.person("ann").await;
    let group = ann.group("Builders", &[]).await;
    let mut receiver = Receiver::start().await;
    receiver.then(answer("500 Oops", "", "out of order"));
    receiver.then(answer("302 Found", "location: http://127.0.0.1:1/\r\n", ""));
    let hook = outgoing(&ann, receiver.url("/"), &group, &["message.sent"]).await;
    ann.say(&group, "a", "hello").await;
    let first = receiver.next().await;
    let second = receiver.next().await;
    let third = receiver.next().await;
    for again in [&second, &third] {
        assert_eq!(again.headers["webhook-id"], first.headers["webhook-id"]);
        assert_eq!(again.body, first.body);
    }
    let all = deliveries(&ann, &hook, |all| all[0]["state"] == "delivered").await;
    let statuses: Vec<_> =
        all[0]["answers"].as_array().unwrap().iter().map(|answer| answer["status"].clone()).collect();
    assert_eq!(statuses, [500, 302, 200]);
    assert_eq!(all[0]["answers"][0]["body"], "out of order");
    // Whoever says that it is gone is not asked again.
    receiver.then(answer("410 Gone", "", ""));
    ann.say(&group, "b", "are you there?").await;
    receiver.next().await;
    deliveries(&ann, &hook, |all| all[0]["state"] == "failed").await;
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    let off = ann.get(&path).await.expect(200);
    assert!(off["disabled_at"].is_string() && off["disabled_reason"].is_string(), "{off:#}");
    let on = ann.put(&path, json!({ "enabled": true })).await.expect(200);
    assert_eq!((&on["disabled_at"], &on["disabled_reason"]), (&Value::Null, &Value::Null));
    ann.say(&group, "c", "again").await;
    assert_eq!(body(&receiver.next().await)["data"]["message"]["body"], "again");
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one() {
    let server = TestServer::with(&LOCAL).await;
    let ann = server.person("ann").await;
    let group = ann.group("Builders", &[]).await;
    let mut receiver = Receiver::start().await;
    let hook = outgoing(&ann, receiver.url("/"), &group, &["message.sent"]).await;
    let path = format!("/webhooks/{}/secret", hook["id"].as_str().unwrap());
    let rotated = ann.post(&path, json!({})).await.expect(200);
    ann.say(&group, "a", "hello").await;
    let told = receiver.next().await;
    for secret in [&hook["secret"], &rotated["secret"]] {
        assert!(signed_by(&told, secret.as_str().unwrap()));
    }
}

#[tokio::test]
async fn only_who_may_makes_them_and_the_server_hears_of_public_channels_only() {
    let server = TestServer::with(&LOCAL).await;
    let [owner, ann, bob] = server.people(["olive", "ann", "bob"]).await;
    let group = ann.group("Private", &[&bob, &owner]).await;
    let wanted = json!({ "url": "https://example.org/", "conversation_id": group, "events": ["message.sent"] });
    bob.post("/webhooks", wanted.clone()).await.refused(403, "forbidden");
    server.person("eve").await.post("/webhooks", wanted).await.refused(404, "not_found");
    let mut receiver = Receiver::start().await;
    let wide = json!({ "url": receiver.url("/"), "events": ["message.sent"] });
    ann.post("/webhooks", wide.clone()).await.refused(403, "forbidden");
    let hook = owner.post("/webhooks", wide).await.expect(201);
    let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
    ann.get(&path).await.refused(404, "not_found");
    ann.delete(&path).await.refused(404, "not_found");
    ann.say(&group, "a", "in private").await;
    let channel = json!({ "type": "channel", "name": "News", "public": true });
    let channel = ann.post("/conversations", channel).await.expect(201)["id"].as_str().unwrap().to_owned();
    ann.say(&channel, "b", "in public").await;
    loop {
        let told = body(&receiver.next().await);
        assert_eq!(told["data"]["conversation_id"], json!(channel));
        if told["data"]["message"]["body"] == "in public" {
            break;
        }
    }
    assert_eq!(owner.get("/webhooks").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn addresses_that_are_not_public_or_no_addresses_are_refused() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let group = ann.group("Builders", &[]).await;
    for url in [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://10.1.2.3/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://[::ffff:127.0.0.1]/",
        "http://192.168.0.1:8080/",
        "ftp://example.org/",
        "https://a:b@example.org/",
        "example.org",
        "",
    ] {
        let wanted = json!({ "url": url, "conversation_id": group, "events": ["message.sent"] });
        let refused = ann.post("/webhooks", wanted).await.refused(422, "invalid_field");
        assert_eq!(refused["field"], "url", "{url}");
    }
    // A name shows only when it is asked.
    let hook = outgoing(&ann, "http://localhost:1/".into(), &group, &["message.sent"]).await;
    ann.say(&group, "a", "hello").await;
    let all = deliveries(&ann, &hook, |all| all.first().is_some_and(|one| one["attempts"] == 1)).await;
    assert_eq!(all[0]["answers"][0]["error"], "the address is not a public one");
    let none = json!({ "url": "https://example.org/", "conversation_id": group, "events": [] });
    assert_eq!(ann.post("/webhooks", none).await.refused(422, "invalid_field")["field"], "events");
    let odd = json!({ "url": "https://example.org/", "conversation_id": group, "events": ["everything"] });
    ann.post("/webhooks", odd).await.refused(400, "malformed_json");
}

/// A server in a process of its own, which may send to this machine.
async fn start(folder: &std::path::Path, address: &str) -> Process {
    let mut serve = process::command();
    serve.args(["serve", "--rate-limits", "off", "--outbound-allow", "127.0.0.0/8", "--webhooks-retry-seconds", "1"]);
    serve.args(["--listen", address, "--data"]).arg(folder).stderr(std::process::Stdio::null());
    Process::run(serve).await
}

/// Killed when it has sent and has not noted the answer: it sends again, and the other side can tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_and_not_noted_is_sent_under_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), "127.0.0.1:0").await;
    let address = running.address.clone();
    let ann = Person::register(&address, "ann").await;
    let group = ann.group("Builders", &[]).await;
    let mut receiver = Receiver::start().await;
    let hook = outgoing(&ann, receiver.url("/"), &group, &["message.sent"]).await;
    receiver.then_nothing();
    ann.say(&group, "a", "hello").await;
    let first = receiver.next().await;
    running.kill().await;
    let running = start(folder.path(), &address).await;
    let second = receiver.next().await;
    assert_eq!(second.headers["webhook-id"], first.headers["webhook-id"]);
    assert_eq!(second.body, first.body);
    let secret = hook["secret"].as_str().unwrap();
    assert!(signed_by(&first, secret) && signed_by(&second, secret));
    let all = deliveries(&ann, &hook, |all| all[0]["state"] == "delivered").await;
    assert_eq!((all.len(), &all[0]["attempts"]), (1, &json!(1)), "of the first nobody knows any more");
    assert!(running.terminate().await.success());
}

/// Killed while it sends: every message is told, none under two ids.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(folder.path(), "127.0.0.1:0").await;
    let address = running.address.clone();
    let ann = Person::register(&address, "ann").await;
    let group = ann.group("Builders", &[]).await;
    let mut receiver = Receiver::start().await;
    outgoing(&ann, receiver.url("/"), &group, &["message.sent"]).await;
    let mut ids = std::collections::HashMap::<String, String>::new();
    for round in 0..5 {
        for number in 0..4 {
            ann.say(&group, &format!("{round}-{number}"), &format!("{round}-{number}")).await;
        }
        // Somewhere between noticing, writing down, sending and noting the answer.
        if round > 0 {
            note(&mut ids, &receiver.next().await);
        }
        running.kill().await;
        running = start(folder.path(), &address).await;
    }
    patiently("every message", async {
        while ids.len() < 20 {
            note(&mut ids, &receiver.next().await);
        }
    })
    .await;
    assert!(running.terminate().await.success());
}

/// A message is told under one id, however often.
fn note(ids: &mut std::collections::HashMap<String, String>, request: &Request) {
    let text = body(request)["data"]["message"]["body"].as_str().unwrap().to_owned();
    let id = ids.entry(text).or_insert_with(|| request.headers["webhook-id"].clone());
    assert_eq!(*id, request.headers["webhook-id"]);
}

async fn post(server: &TestServer, secret: &str, kind: &str, key: Option<&str>, body: &str) -> (u16, String) {
    let mut request = person::http()
        .post(format!("http://{}/api/v1/hooks/{secret}", server.address()))
        .header("content-type", kind)
        .body(body.to_owned());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn others_post_by_a_secret_address() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Builders", &[&bob]).await;
    let path = format!("/conversations/{group}/webhooks");
    bob.post(&path, json!({ "name": "Build" })).await.refused(403, "forbidden");
    let hook = ann.post(&path, json!({ "name": "Build" })).await.expect(201);
    let secret = hook["secret"].as_str().unwrap();
    let json_type = "application/json";
    assert_eq!(
        post(&server, secret, json_type, None, r#"{"text":"<https://ci.example.org|Build 1> &amp; done"}"#).await,
        (200, "ok".into())
    );
    let form = "payload=%7B%22text%22%3A%22from%20a%20form%22%2C%22username%22%3A%22Robot%22%7D";
    assert_eq!(post(&server, secret, "application/x-www-form-urlencoded", None, form).await.0, 200);
    for _ in 0..2 {
        assert_eq!(post(&server, secret, json_type, Some("one"), r#"{"text":"once"}"#).await.0, 200);
    }
    let said: Vec<Value> = bob.history(&group).await.into_iter().filter(|message| message["type"] == "text").collect();
    let bodies: Vec<&str> = said.iter().map(|message| message["body"].as_str().unwrap()).collect();
    assert_eq!(bodies, ["[Build 1](https://ci.example.org) & done", "from a form", "once"]);
    assert_eq!(said[0]["sender_id"], hook["user"]["id"]);
    assert_eq!((&said[0]["shown_as"], &said[1]["shown_as"]), (&Value::Null, &json!("Robot")));
    let sender = bob.get(&format!("/users/{}", hook["user"]["id"].as_str().unwrap())).await;
    assert_eq!((&sender.body["display_name"], &sender.body["bot"]), (&json!("Build"), &json!(true)));
    let listed = ann.get(&path).await.expect(200);
    assert_eq!((&listed["items"][0]["secret"], listed["items"][0]["last_used_at"].is_string()), (&Value::Null, true));

    let one = format!("{path}/{}", hook["id"].as_str().unwrap());
    assert_eq!(ann.put(&one, json!({ "name": "Builder" })).await.expect(200)["user"]["display_name"], "Builder");
    for (kind, body, status) in [
        (json_type, "{", 400),
        (json_type, r#"{"text":""}"#, 422),
        (json_type, r#"{"text":7}"#, 400),
        ("text/plain", "hello", 415),
        ("application/x-www-form-urlencoded", "text=x", 400),
        (json_type, r#"{"text":"x","username":"\u0000"}"#, 422),
    ] {
        assert_eq!(post(&server, secret, kind, None, body).await.0, status, "{body}");
    }
    assert_eq!(post(&server, "lch_wrong", json_type, None, r#"{"text":"x"}"#).await.0, 404);
    bob.delete(&one).await.refused(403, "forbidden");
    ann.delete(&one).await.expect(204);
    assert_eq!(post(&server, secret, json_type, None, r#"{"text":"x"}"#).await.0, 404);
    let members = person::call(
        &person::http(),
        &server.address(),
        Method::GET,
        &format!("/conversations/{group}/members"),
        Some(&ann.token),
        None,
    )
    .await;
    assert_eq!(members.expect(200)["items"].as_array().unwrap().len(), 2, "the bot has left");
}

#[tokio::test]
async fn a_webhook_that_was_put_out_posts_no_more() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Builders", &[&bob]).await;
    let hook = ann.post(&format!("/conversations/{group}/webhooks"), json!({ "name": "Build" })).await.expect(201);
    let bot = hook["user"]["id"].as_str().unwrap();
    ann.delete(&format!("/conversations/{group}/members/{bot}")).await.expect(204);
    let secret = hook["secret"].as_str().unwrap();
    assert_eq!(post(&server, secret, "application/json", None, r#"{"text":"x"}"#).await.0, 404);
}
