//! Reminders: about a message or about anything, told to all devices when due, until done.

use laserchat_protocol::Timestamp;
use laserchat_tests::{Person, Socket, TestServer};
use serde_json::{Value, json};

fn soon(milliseconds: i64) -> String {
    Timestamp(Timestamp::now().0 + milliseconds).to_string()
}

async fn reminders(who: &Person) -> Vec<Value> {
    who.get("/me/reminders").await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_reminder_falls_due_on_all_devices() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    let message = bob.say(&direct, "1", "could you look at this?").await;
    let (mut anns, mut phone) = (ann.connect().await, ann.login().await.connect().await);
    let save = json!({ "message_id": message["id"], "remind_at": soon(300) });
    let reminder = ann.post("/me/reminders", save).await.expect(201);
    assert_eq!((&reminder["state"], &reminder["conversation_id"]), (&json!("waiting"), &json!(direct)));
    for socket in [&mut anns, &mut phone] {
        assert_eq!(socket.expect("reminder.updated").await["reminder"], reminder);
        let due = socket.expect("reminder.due").await;
        assert_eq!((&due["reminder"]["id"], &due["reminder"]["state"]), (&reminder["id"], &json!("due")));
    }
    // Who was away learns that it is due.
    let hello = json!({ "token": ann.token, "version": reminder["version"] });
    let (mut later, _) = Socket::hello(&server.address(), hello).await.unwrap();
    assert_eq!(later.expect("reminder.due").await["reminder"]["id"], reminder["id"]);
    assert!(reminders(&bob).await.is_empty());
    // Put off, it waits again; done, it is gone.
    let path = format!("/me/reminders/{}", reminder["id"].as_str().unwrap());
    let put_off = json!({ "message_id": message["id"], "text": "really", "remind_at": soon(3_600_000) });
    let waiting = ann.put(&path, put_off.clone()).await.expect(200);
    assert_eq!((&waiting["state"], &waiting["created_at"]), (&json!("waiting"), &reminder["created_at"]));
    bob.put(&path, put_off.clone()).await.refused(404, "not_found");
    bob.delete(&path).await.refused(404, "not_found");
    ann.delete(&path).await.expect(204);
    ann.delete(&path).await.refused(404, "not_found");
    ann.get(&path).await.refused(404, "not_found");
    ann.put(&path, put_off).await.refused(404, "not_found");
    assert!(reminders(&ann).await.is_empty());
}

#[tokio::test]
async fn what_fell_due_while_the_server_was_away_is_due_when_it_is_back() {
    let mut server = TestServer::start().await;
    let ann = server.person("ann").await;
    let soon = soon(500);
    ann.post("/me/reminders", json!({ "text": "tea", "remind_at": soon })).await.expect(201);
    server.stop().await;
    let time: Timestamp = soon.parse().unwrap();
    while Timestamp::now() < time {
        tokio::task::yield_now().await;
    }
    server.start_again().await;
    let ann = ann.login().await;
    laserchat_tests::patiently("the reminder", async {
        while reminders(&ann).await[0]["state"] != "due" {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn bad_input_and_limits() {
    let server = TestServer::start().await;
    let [ann, eve] = server.people(["ann", "eve"]).await;
    let group = ann.group("group", &[]).await;
    let message = ann.say(&group, "1", "mine").await["id"].clone();
    let at = soon(3_600_000);
    for (bad, status, code) in [
        (json!({ "remind_at": at }), 422, "invalid_text"),
        (json!({ "text": " ", "remind_at": at }), 422, "invalid_text"),
        (json!({ "text": "x".repeat(1001), "remind_at": at }), 422, "invalid_text"),
        (json!({ "text": "a\0b", "remind_at": at }), 422, "invalid_text"),
        (json!({ "text": "x" }), 422, "invalid_field"),
        (json!({ "text": "x", "remind_at": soon(-1) }), 422, "invalid_field"),
        (json!({ "text": "x", "at": "now", "time_zone": "UTC" }), 422, "invalid_field"),
        (json!({ "message_id": "5", "remind_at": at }), 404, "not_found"),
        (json!({ "message_id": 5, "remind_at": at }), 400, "malformed_json"),
    ] {
        ann.post("/me/reminders", bad).await.refused(status, code);
    }
    eve.post("/me/reminders", json!({ "message_id": message, "remind_at": at })).await.refused(404, "not_found");
    for _ in 0..500 {
        ann.post("/me/reminders", json!({ "text": "x", "remind_at": at })).await.expect(201);
    }
    ann.post("/me/reminders", json!({ "text": "x", "remind_at": at })).await.refused(409, "limit_reached");
    eve.post("/me/reminders", json!({ "text": "x", "remind_at": at })).await.expect(201);
}
