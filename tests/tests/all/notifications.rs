//! Notifications from end to end: two people, a real server, a real push service, and what arrives on a device.

use laserchat_tests::pushes::{Arrived, PushService};
use laserchat_tests::{Answer, Person, TestServer, patiently};
use serde_json::{Value, json};

/// A server that may ask push services on this machine, and never waits for somebody to read.
async fn server() -> TestServer {
    TestServer::with(&[("OUTBOUND_ALLOW", "127.0.0.0/8"), ("NOTIFICATIONS_HOLD_SECONDS", "0")]).await
}

async fn vapid(person: &Person) -> Value {
    person.get("/server").await.expect(200)["vapid_key"].clone()
}

async fn subscribe(service: &PushService, person: &Person, browser: &str) -> Value {
    let subscription = service.subscribe(browser, &vapid(person).await);
    person.post("/me/devices", subscription).await.expect(201)
}

fn bodies(arrived: &[Arrived]) -> Vec<(&str, &str)> {
    arrived.iter().map(|push| (push.browser.as_str(), push.payload["body"].as_str().unwrap_or("-"))).collect()
}

async fn reads(person: &Person, conversation: &str) -> Answer {
    person.put(&format!("/conversations/{conversation}/read"), json!({})).await
}

/// Asks until it is so.
async fn becomes(person: &Person, path: &str, is: impl Fn(&Value) -> bool) -> Value {
    patiently(path, async {
        loop {
            let found = person.get(path).await.expect(200);
            if is(&found) {
                return found;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_arrives_and_goes_when_it_is_read() {
    let (server, service) = (server().await, PushService::start().await);
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let device = subscribe(&service, &bob, "bobs-phone").await;
    assert_eq!(
        (&device["kind"], &device["name"], &device["current"]),
        (&json!("web"), &json!("bobs-phone"), &json!(true))
    );
    let direct = ann.direct(&bob).await;
    let sent = ann.say(&direct, "1", "hello\nBob").await;
    let arrived = service.arrived(1).await;
    let expected = json!({
        "type": "message", "conversation_id": direct, "seq": sent["seq"], "message_id": sent["id"],
        "title": "ann", "body": "hello Bob", "tag": format!("m{}", sent["id"].as_str().unwrap()),
    });
    assert_eq!(arrived[0].payload, expected);
    assert!(arrived[0].ttl > 86_000, "{}", arrived[0].ttl);
    let activity = bob.get("/me/activity").await.expect(200);
    assert_eq!(activity["items"].as_array().unwrap().len(), 1);
    let item = &activity["items"][0];
    assert_eq!(
        (&item["reason"], &item["read"], &item["message"]["id"]),
        (&json!("direct"), &json!(false), &sent["id"])
    );
    assert_eq!(item["sender"]["username"], "ann");

    reads(&bob, &direct).await.expect(204);
    let arrived = service.arrived(2).await;
    assert_eq!(arrived[1].payload["type"], "read");
    assert!(arrived[1].payload["seq"].as_u64() >= sent["seq"].as_u64());
    assert_eq!(bob.get("/me/activity").await.expect(200)["items"][0]["read"], true);
    // Reading again clears nothing, because nothing is shown: the next push is the next message.
    reads(&bob, &direct).await.expect(204);
    ann.say(&direct, "2", "again").await;
    assert_eq!(service.arrived(3).await[2].payload["body"], "again");
    let device = bob.get("/me/devices").await.expect(200);
    assert!(device["items"][0]["last_used_at"].is_string(), "{device:#}");
    // What one writes oneself is pushed to others only.
    bob.say(&direct, "3", "mine").await;
    ann.say(&direct, "4", "yours").await;
    assert_eq!(service.arrived(4).await[3].payload["body"], "yours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_repeated_under_the_same_topic() {
    let (server, service) = (server().await, PushService::start().await);
    let [ann, bob] = server.people(["ann", "bob"]).await;
    subscribe(&service, &bob, "phone").await;
    let direct = ann.direct(&bob).await;
    service.answer(500, "");
    service.answer(0, "");
    service.answer(429, "Retry-After: 0\r\n");
    ann.say(&direct, "1", "stubborn").await;
    let arrived = service.arrived(4).await;
    assert_eq!(arrived.iter().map(|push| push.answered).collect::<Vec<_>>(), [500, 0, 429, 201]);
    assert!(arrived.iter().all(|push| push.topic == arrived[0].topic && push.payload == arrived[0].payload));
    // What can never be taken is not repeated.
    service.answer(400, "");
    ann.say(&direct, "2", "refused").await;
    service.arrived(5).await;
    ann.say(&direct, "3", "taken").await;
    assert_eq!(bodies(&service.arrived(6).await)[4..], [("phone", "refused"), ("phone", "taken")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_are_gone_are_removed() {
    let (server, service) = (server().await, PushService::start().await);
    let [ann, bob] = server.people(["ann", "bob"]).await;
    subscribe(&service, &bob, "old").await;
    let direct = ann.direct(&bob).await;
    for status in [410, 404] {
        service.answer(status, "");
        ann.say(&direct, &status.to_string(), "x").await;
        becomes(&bob, "/me/devices", |devices| devices["items"].as_array().is_some_and(Vec::is_empty)).await;
        subscribe(&service, &bob, "old").await;
    }
    let device = bob.get("/me/devices").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let test = format!("/me/devices/{device}/test");
    assert_eq!(bob.post(&test, json!({})).await.expect(200)["outcome"], "sent");
    service.answer(500, "");
    assert_eq!(bob.post(&test, json!({})).await.expect(200)["outcome"], "failed");
    ann.post(&test, json!({})).await.refused(404, "not_found");
    service.answer(410, "");
    assert_eq!(bob.post(&test, json!({})).await.expect(200)["outcome"], "gone");
    bob.post(&test, json!({})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_takes_its_devices_along() {
    let (server, service) = (server().await, PushService::start().await);
    let bob = server.person("bob").await;
    let tablet = bob.login().await;
    subscribe(&service, &bob, "phone").await;
    let other = subscribe(&service, &tablet, "tablet").await;
    let seen = bob.get("/me/devices").await.expect(200);
    assert_eq!([&seen["items"][0]["current"], &seen["items"][1]["current"]], [&json!(true), &json!(false)]);
    tablet.post("/auth/logout", json!({})).await;
    let seen = bob.get("/me/devices").await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "{seen:#}");
    assert_ne!(seen["items"][0]["id"], other["id"]);
    // Who signs in where somebody else was has the device from then on.
    let cid = server.person("cid").await;
    let subscription = service.subscribe("phone", &vapid(&cid).await);
    cid.post("/me/devices", subscription).await.expect(201);
    assert!(bob.get("/me/devices").await.expect(200)["items"].as_array().unwrap().is_empty());
    assert_eq!(cid.get("/me/devices").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_decide_and_are_synced() {
    let (server, service) = (server().await, PushService::start().await);
    let [ann, bob, cid] = server.people(["ann", "bob", "cid"]).await;
    let mut tablet = bob.login().await.connect().await;
    subscribe(&service, &bob, "phone").await;
    let defaults = bob.get("/me/notifications").await.expect(200);
    assert_eq!(
        (&defaults["level"], &defaults["direct"], &defaults["email"]),
        (&json!("mentions"), &json!("all"), &json!("off"))
    );
    let wanted = json!({ "keywords": ["Deploy"], "group": "mentions", "hide_content": false,
                         "people": [{ "user_id": cid.id, "level": "none" }] });
    let now = bob.put("/me/notifications", wanted).await.expect(200);
    assert_eq!(tablet.expect("notifications.updated").await["notifications"], now);
    let changes = bob.get("/me/changes?after=0").await.expect(200);
    assert!(changes["items"].as_array().unwrap().iter().any(|event| event["type"] == "notifications.updated"));
    let group = ann.group("Ops", &[&bob, &cid]).await;
    ann.say(&group, "1", "nothing for Bob").await;
    ann.say(&group, "2", "let us deploy").await;
    cid.say(&group, "3", "@bob deploy").await;
    ann.say(&group, "4", "hi @bob").await;
    let arrived = service.arrived(2).await;
    // Pushes are sent side by side.
    let mut said = bodies(&arrived);
    said.sort_unstable();
    assert_eq!(said, [("phone", "ann: hi @bob"), ("phone", "ann: let us deploy")]);
    assert_eq!(arrived[0].payload["title"], "Ops");
    let activity = bob.get("/me/activity?limit=1").await.expect(200);
    assert_eq!(activity["items"][0]["reason"], "mention");
    let next = activity["next"].as_str().unwrap();
    let activity = bob.get(&format!("/me/activity?limit=1&cursor={next}")).await.expect(200);
    assert_eq!((&activity["items"][0]["reason"], &activity["next"]), (&json!("keyword"), &Value::Null));

    // A conversation that is muted, then one whose level is everything; and a device that wants less.
    let membership = format!("/conversations/{group}/membership");
    bob.put(&membership, json!({ "notifications_muted_until": "9999-01-01T00:00:00.000Z" })).await.expect(200);
    ann.say(&group, "5", "muted @bob").await;
    // What was decided on later shows that this was decided on.
    let direct = ann.direct(&bob).await;
    ann.say(&direct, "d", "marker").await;
    assert_eq!(service.arrived(3).await[2].payload["body"], "marker");
    bob.put(&membership, json!({ "notifications_muted_until": null, "notify": "all" })).await.expect(200);
    ann.say(&group, "6", "everything").await;
    assert_eq!(service.arrived(4).await[3].payload["body"], "ann: everything");
    bob.put("/me/notifications", json!({ "hide_content": true })).await.expect(200);
    ann.say(&group, "7", "secret").await;
    let hidden = service.arrived(5).await[4].payload.clone();
    assert_eq!((&hidden["title"], &hidden["body"]), (&json!("LaserChat"), &json!("New message")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_tells_whom_it_mentions_once() {
    let (server, service) = (server().await, PushService::start().await);
    let [ann, bob, cid] = server.people(["ann", "bob", "cid"]).await;
    let channel = json!({ "type": "channel", "name": "Ops", "members": [bob.id, cid.id] });
    let channel = ann.post("/conversations", channel).await.expect(201)["id"].as_str().unwrap().to_owned();
    subscribe(&service, &bob, "bob").await;
    subscribe(&service, &cid, "cid").await;
    let message = ann.say(&channel, "1", "@cid look").await;
    assert_eq!(bodies(&service.arrived(1).await), [("cid", "ann: @cid look")]);
    let path = format!("/messages/{}", message["id"].as_str().unwrap());
    for body in ["@cid and @bob look", "@bob and @cid, look", "@cid look", "@cid, look @bob"] {
        ann.put(&path, json!({ "body": body })).await.expect(200);
        // What was decided on later shows that this was decided on.
        let seen = service.arrived(1).await.len();
        ann.say(&channel, body, "@cid marker").await;
        service.arrived(seen + 1).await;
        becomes(&cid, "/me/activity?limit=1", |activity| activity["items"][0]["message"]["client_id"] == body).await;
    }
    let arrived = service.arrived(6).await;
    let bobs: Vec<_> = arrived.iter().filter(|push| push.browser == "bob").collect();
    assert_eq!(bobs.len(), 1, "{arrived:#?}");
    let activity = bob.get("/me/activity").await.expect(200);
    assert_eq!(activity["items"].as_array().unwrap().len(), 1, "{activity:#}");
    assert_eq!(
        (&activity["items"][0]["reason"], &activity["items"][0]["message"]["id"]),
        (&json!("mention"), &message["id"])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_while_a_push_waits_is_not_pushed() {
    let service = PushService::start().await;
    let server = TestServer::with(&[("OUTBOUND_ALLOW", "127.0.0.0/8"), ("NOTIFICATIONS_HOLD_SECONDS", "1")]).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    subscribe(&service, &bob, "phone").await;
    let mut laptop = bob.login().await.connect().await;
    let direct = ann.direct(&bob).await;
    ann.say(&direct, "1", "seen on the laptop").await;
    laptop.expect("message.sent").await;
    becomes(&bob, "/me/activity", |activity| !activity["items"].as_array().unwrap().is_empty()).await;
    reads(&bob, &direct).await.expect(204);
    // The laptop is left alone: what comes now waits for nobody.
    laptop.command("presence.set", json!({ "activity": "away" })).await;
    ann.say(&direct, "2", "for the phone").await;
    assert_eq!(bodies(&service.arrived(1).await), [("phone", "for the phone")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_devices_and_settings_are_refused() {
    let (server, service) = (server().await, PushService::start().await);
    let bob = server.person("bob").await;
    let right = service.subscribe("phone", &vapid(&bob).await);
    let with = |field: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[field] = value;
        wrong
    };
    for wrong in [
        with("endpoint", json!("http://10.0.0.1/x")),
        with("endpoint", json!("ftp://example.org/x")),
        with("endpoint", json!("https://name:password@example.org/x")),
        with("endpoint", Value::Null),
        with("keys", Value::Null),
        with("keys", json!({ "p256dh": "AAAA", "auth": right["keys"]["auth"] })),
        with("keys", json!({ "p256dh": right["keys"]["p256dh"], "auth": "AAAA" })),
        with("name", json!("x".repeat(100))),
        json!({ "kind": "fcm" }),
        json!({ "kind": "apns", "token": "a b" }),
    ] {
        bob.post("/me/devices", wrong).await.refused(422, "invalid_field");
    }
    bob.post("/me/devices", with("kind", json!("pigeon"))).await.refused(400, "malformed_json");
    let token = bob.post("/me/tokens", json!({ "name": "t", "scopes": ["account"] })).await.expect(201);
    bob.with_token(&token["secret"]).post("/me/devices", right.clone()).await.refused(403, "forbidden");
    for n in 0..20 {
        subscribe(&service, &bob, &format!("device{n}")).await;
    }
    bob.post("/me/devices", right).await.refused(409, "limit_reached");
    for wrong in [
        json!({ "keywords": [""] }),
        json!({ "quiet": { "from": "22:00", "to": "07:00", "days": [7] } }),
        json!({ "people": [{ "user_id": bob.id, "level": "all" }] }),
    ] {
        bob.put("/me/notifications", wrong).await.refused(422, "invalid_field");
    }
    bob.put("/me/notifications", json!({ "quiet": { "from": "25:00", "to": "07:00" } }))
        .await
        .refused(400, "malformed_json");
    bob.get("/me/activity?cursor=x").await.refused(400, "invalid_request");
}
