//! Expiry: messages go when their time has come, and not before, whatever sets the time.

use laserchat_core::expiry;
use laserchat_protocol::{ConversationId, Timestamp};
use laserchat_tests::{Person, TestServer, patiently};
use serde_json::{Value, json};

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().filter(|m| m["type"] == "text").map(|m| m["body"].as_str().unwrap()).collect()
}

/// Moves everything of a conversation so far into the past that an hour is over, except for its newest message.
fn age(server: &TestServer, seconds: i64) {
    let store = rusqlite(server);
    store.execute("UPDATE messages SET created_at = created_at - ?1", [seconds * 1000]).unwrap();
    store.execute("UPDATE expiry SET due_at = 0", []).unwrap();
}

fn rusqlite(server: &TestServer) -> rusqlite::Connection {
    rusqlite::Connection::open(server.data().join(laserchat_server::server::DATABASE)).unwrap()
}

async fn set(who: &Person, conversation: &str, seconds: Value) -> Value {
    who.put(&format!("/conversations/{conversation}"), json!({ "expire_seconds": seconds })).await.body
}

async fn gone(who: &Person, conversation: &str, left: &[&str]) -> Vec<Value> {
    patiently("old messages to go", async {
        loop {
            let all = who.history(conversation).await;
            if bodies(&all) == left {
                return all;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn what_is_old_enough_goes_and_nothing_else() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Whispers", &[&bob]).await;
    let parent = ann.say(&group, "a", "old parent").await;
    let reply = json!({ "client_id": "r", "body": "old reply", "parent_id": parent["id"] });
    bob.post(&format!("/conversations/{group}/messages"), reply).await.expect(201);
    let kept = ann.group("Archive", &[&bob]).await;
    ann.say(&kept, "k", "stays").await;
    server.stop().await;
    age(&server, 3600);
    server.start_again().await;
    let ann = ann.login().await;
    let bob = bob.login().await;
    bob.say(&group, "n", "new").await;
    assert_eq!(set(&ann, &group, json!(3600)).await["expire_seconds"], 3600);
    let all = gone(&bob, &group, &["", "", "new"]).await;
    assert!(all.iter().any(|m| m["system"]["event"] == "expiry_changed" && m["system"]["seconds"] == 3600));
    let parent = all.iter().find(|m| m["id"] == parent["id"]).unwrap();
    assert!(parent["deleted_at"].is_string());
    assert_eq!(parent["reply_count"], 0);
    assert_eq!(bodies(&bob.history(&kept).await), ["stays"]);
}

#[tokio::test]
async fn the_rule_of_the_server_holds_everywhere() {
    let mut server = TestServer::with(&[("RETENTION_DAYS", "1")]).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    ann.say(&direct, "a", "old").await;
    server.stop().await;
    age(&server, 86_400);
    server.start_again().await;
    let ann = ann.login().await;
    ann.say(&direct, "b", "new").await;
    gone(&ann, &direct, &["", "new"]).await;
}

#[tokio::test]
async fn who_may_set_it_and_to_what() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Whispers", &[&bob]).await;
    let path = format!("/conversations/{group}");
    bob.put(&path, json!({ "expire_seconds": 3600 })).await.refused(403, "forbidden");
    for wrong in [0, 3599, 31_536_001] {
        let refused = ann.put(&path, json!({ "expire_seconds": wrong })).await.refused(422, "invalid_field");
        assert_eq!(refused["field"], "expire_seconds");
    }
    for odd in [json!("1"), json!(-1), json!(1.5)] {
        ann.put(&path, json!({ "expire_seconds": odd })).await.refused(400, "malformed_json");
    }
    assert_eq!(set(&ann, &group, json!(86_400)).await["expire_seconds"], 86_400);
    assert_eq!(set(&ann, &group, Value::Null).await["expire_seconds"], Value::Null);
}

#[test]
fn never_ahead_of_time() {
    let mut message = laserchat_protocol::Message::clone(&sample());
    message.created_at = Timestamp(1000);
    assert_eq!(expiry::due(&message, 3600), Timestamp(3_601_000));
}

fn sample() -> laserchat_protocol::Message {
    serde_json::from_value(json!({
        "id": "1", "conversation_id": ConversationId(1), "seq": 1, "changed": 1, "sender_id": "1", "client_id": "a",
        "type": "text", "body": "x", "created_at": "2026-01-01T00:00:00.000Z", "edited_at": null, "deleted_at": null,
        "parent_id": null, "reply_count": 0, "last_reply_at": null, "reactions": [], "pinned_at": null, "attachments": []
    }))
    .unwrap()
}
