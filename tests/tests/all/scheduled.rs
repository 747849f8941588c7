//! Scheduled messages: sent when their time has come, once, or kept with the reason why not.

use laserchat_protocol::Timestamp;
use laserchat_tests::{Person, Process, Socket, TestServer, patiently};
use serde_json::{Value, json};

/// Some milliseconds from now, as it is spelled on the wire.
fn soon(milliseconds: i64) -> String {
    Timestamp(Timestamp::now().0 + milliseconds).to_string()
}

async fn schedule(who: &Person, conversation: &str, body: &str, send_at: String) -> Value {
    let save = json!({ "conversation_id": conversation, "body": body, "send_at": send_at });
    who.post("/me/scheduled", save).await.expect(201)
}

async fn listed(who: &Person) -> Vec<Value> {
    who.get("/me/scheduled").await.expect(200)["items"].as_array().unwrap().clone()
}

/// Waits until a scheduled message is in a state.
async fn told(socket: &mut Socket, state: &str) -> Value {
    loop {
        let told = socket.expect("scheduled.updated").await["scheduled"].clone();
        if told["state"] == state {
            return told;
        }
    }
}

#[tokio::test]
async fn a_message_is_sent_when_its_time_has_come() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let later = schedule(&ann, &direct, "much later", soon(3_600_000)).await;
    let scheduled = schedule(&ann, &direct, "good morning", soon(300)).await;
    assert_eq!(scheduled["state"], "waiting");
    let sent = bobs.expect("message.sent").await["message"].clone();
    assert_eq!((&sent["body"], &sent["sender_id"]), (&json!("good morning"), &json!(ann.id)));
    let done = told(&mut anns, "sent").await;
    assert_eq!((&done["id"], &done["message_id"], &done["body"]), (&scheduled["id"], &sent["id"], &json!("")));
    assert_eq!(listed(&ann).await, std::slice::from_ref(&later));
    let path = format!("/me/scheduled/{}", scheduled["id"].as_str().unwrap());
    ann.get(&path).await.refused(404, "not_found");
    ann.delete(&path).await.refused(404, "not_found");
    // Somebody else's is not there.
    let path = format!("/me/scheduled/{}", later["id"].as_str().unwrap());
    bob.get(&path).await.refused(404, "not_found");
    bob.delete(&path).await.refused(404, "not_found");
    // Brought forward, it is sent at once.
    let save = json!({ "conversation_id": direct, "body": "already now", "send_at": soon(200) });
    ann.put(&path, save).await.expect(200);
    assert_eq!(bobs.expect("message.sent").await["message"]["body"], "already now");
    let deleted = schedule(&ann, &direct, "never", soon(3_600_000)).await;
    ann.delete(&format!("/me/scheduled/{}", deleted["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(told(&mut anns, "deleted").await["body"], "");
}

#[tokio::test]
async fn who_may_not_write_then_is_told_why() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut bobs = bob.connect().await;
    let left = ann.group("left", &[&bob]).await;
    let archived = ann.group("archived", &[&bob]).await;
    let muted = ann.group("muted", &[&bob]).await;
    let blocked = ann.direct(&bob).await;
    let at = soon(1_500);
    for conversation in [&left, &archived, &muted, &blocked] {
        schedule(&bob, conversation, "hello", at.clone()).await;
    }
    bob.post(&format!("/conversations/{left}/leave"), json!({})).await.expect(204);
    ann.put(&format!("/conversations/{archived}"), json!({ "archived": true })).await.expect(200);
    ann.put(&format!("/conversations/{muted}/members/{}", bob.id), json!({ "mute_seconds": 60 })).await.expect(204);
    ann.put(&format!("/contacts/{}/block", bob.id), json!({})).await.expect(204);
    let mut reasons = std::collections::BTreeMap::new();
    while reasons.len() < 4 {
        let refused = told(&mut bobs, "refused").await;
        assert_eq!(refused["body"], "hello");
        reasons.insert(refused["conversation_id"].as_str().unwrap().to_owned(), refused["reason"].clone());
    }
    let reason = |conversation: &String| reasons[conversation].as_str().unwrap();
    assert_eq!(
        [reason(&left), reason(&archived), reason(&muted), reason(&blocked)],
        ["not_found", "archived", "muted", "blocked"]
    );
    let items = listed(&bob).await;
    assert!(items.len() == 4 && items.iter().all(|item| item["state"] == "refused"));
    // It can be tried again.
    ann.put(&format!("/conversations/{archived}"), json!({ "archived": false })).await.expect(200);
    let item = items.iter().find(|item| item["conversation_id"] == archived.as_str()).unwrap();
    let save = json!({ "conversation_id": archived, "body": "hello again", "send_at": soon(100) });
    bob.put(&format!("/me/scheduled/{}", item["id"].as_str().unwrap()), save).await.expect(200);
    assert_eq!(told(&mut bobs, "sent").await["reason"], Value::Null);
    assert_eq!(ann.history(&archived).await.last().unwrap()["body"], "hello again");
}

#[tokio::test]
async fn wall_times_follow_the_time_zone() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let group = ann.group("group", &[]).await;
    let save =
        |zone: Value| json!({ "conversation_id": group, "body": "x", "at": "2027-07-01T09:00", "time_zone": zone });
    let refused = ann.post("/me/scheduled", save(Value::Null)).await.refused(422, "invalid_field");
    assert_eq!(refused["field"], "time_zone", "the account has none yet");
    let profile = format!("/users/{}/profile", ann.id);
    ann.put(&profile, json!({ "time_zone": "Europe/Berlin" })).await.expect(200);
    let own = ann.post("/me/scheduled", save(Value::Null)).await.expect(201);
    let fixed = ann.post("/me/scheduled", save(json!("America/New_York"))).await.expect(201);
    assert_eq!(own["send_at"], "2027-07-01T07:00:00.000Z");
    assert_eq!(fixed["send_at"], "2027-07-01T13:00:00.000Z");
    let reminder = json!({ "text": "tea", "at": "2027-07-01T16:00" });
    let reminder = ann.post("/me/reminders", reminder).await.expect(201);
    assert_eq!(reminder["remind_at"], "2027-07-01T14:00:00.000Z");
    // Whoever moves means nine o'clock there, unless they said where.
    let mut socket = ann.connect().await;
    ann.put(&profile, json!({ "time_zone": "Asia/Tokyo" })).await.expect(200);
    let moved = told(&mut socket, "waiting").await;
    assert_eq!((&moved["id"], &moved["send_at"]), (&own["id"], &json!("2027-07-01T00:00:00.000Z")));
    let items = listed(&ann).await;
    let of = |id: &Value| items.iter().find(|item| item["id"] == *id).unwrap()["send_at"].clone();
    assert_eq!(of(&fixed["id"]), fixed["send_at"]);
    let reminders = ann.get("/me/reminders").await.expect(200);
    assert_eq!(reminders["items"][0]["remind_at"], "2027-07-01T07:00:00.000Z");
}

#[tokio::test]
async fn bad_input_and_limits() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("group", &[]).await;
    let good = json!({ "conversation_id": group, "body": "x", "send_at": soon(3_600_000) });
    let with = |change: Value| {
        let mut save = good.clone();
        save.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        save
    };
    for (bad, status, code, field) in [
        (json!({ "body": "" }), 422, "invalid_text", "body"),
        (json!({ "body": "x".repeat(100_001) }), 422, "invalid_text", "body"),
        (json!({ "send_at": soon(-1000) }), 422, "invalid_field", "send_at"),
        (json!({ "send_at": "2999-01-01T00:00:00Z" }), 422, "invalid_field", "send_at"),
        (json!({ "send_at": "tomorrow" }), 400, "malformed_json", "send_at"),
        (json!({ "send_at": null }), 422, "invalid_field", "at"),
        (json!({ "at": "2027-01-01T00:00" }), 422, "invalid_field", "at"),
        (json!({ "send_at": null, "at": "2027-02-30T00:00", "time_zone": "UTC" }), 422, "invalid_field", "at"),
        (json!({ "send_at": null, "at": "2027-01-01T00:00", "time_zone": "Mars" }), 422, "invalid_field", "time_zone"),
        (json!({ "files": ["1"] }), 404, "not_found", "files"),
        (json!({ "parent_id": "1" }), 404, "not_found", "parent_id"),
    ] {
        assert_eq!(ann.post("/me/scheduled", with(bad)).await.refused(status, code)["field"], field);
    }
    bob.post("/me/scheduled", good.clone()).await.refused(404, "not_found");
    ann.put("/me/scheduled/1", good.clone()).await.refused(404, "not_found");
    for _ in 0..200 {
        ann.post("/me/scheduled", good.clone()).await.expect(201);
    }
    ann.post("/me/scheduled", good.clone()).await.refused(409, "limit_reached");
    let page = ann.get("/me/scheduled?limit=150").await.expect(200);
    let rest = ann.get(&format!("/me/scheduled?cursor={}", page["next"].as_str().unwrap())).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len() + rest["items"].as_array().unwrap().len(), 200);
}

/// The server is killed while it sends, again and again: everything is sent, and nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_point_each_message_is_sent_once() {
    const MESSAGES: usize = 120;
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let direct = ann.direct(&bob).await;
    let start = Timestamp::now().0 + 1_500;
    let mut expected = Vec::new();
    for at in 0..MESSAGES {
        let (who, name) = if at % 2 == 0 { (&ann, "ann") } else { (&bob, "bob") };
        let body = format!("{name} {at}");
        schedule(who, &direct, &body, Timestamp(start + at as i64 * 20).to_string()).await;
        let reminder = json!({ "text": body, "remind_at": Timestamp(start + at as i64 * 20).to_string() });
        who.post("/me/reminders", reminder).await.expect(201);
        expected.push(body);
    }
    let mut sent = 0;
    for kill in 1..=6 {
        // Some more were sent than when it was killed last.
        let enough = MESSAGES * kill / 8;
        let hello = json!({ "token": ann.token });
        let (mut socket, _) = Socket::hello_whenever(&address, hello).await;
        while sent < enough {
            sent = ann.history(&direct).await.iter().filter(|message| message["type"] == "text").count();
            if sent < enough {
                socket.expect("message.sent").await;
            }
        }
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    patiently("everything to be sent", async {
        while !listed(&ann).await.is_empty() || !listed(&bob).await.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut bodies: Vec<String> = ann
        .history(&direct)
        .await
        .iter()
        .filter(|message| message["type"] == "text")
        .map(|message| message["body"].as_str().unwrap().to_owned())
        .collect();
    bodies.sort();
    expected.sort();
    assert_eq!(bodies, expected);
    for who in [&ann, &bob] {
        let due = patiently("every reminder to be due", async {
            loop {
                let items = who.get("/me/reminders?limit=200").await.expect(200)["items"].as_array().unwrap().clone();
                if items.iter().all(|item| item["state"] == "due") {
                    return items.len();
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(due, MESSAGES / 2);
    }
    assert!(process.terminate().await.success());
}
