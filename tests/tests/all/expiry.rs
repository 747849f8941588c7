//! Expiry: messages go when their time has come, and not before, whatever sets the time.

use laserchat_core::expiry;
use laserchat_protocol::{ConversationId, Timestamp};
use laserchat_tests::process::command;
use laserchat_tests::server::change;
use laserchat_tests::upload::{blobs, ready, upload};
use laserchat_tests::{Person, Process, TestServer, disk, patiently};
use serde_json::{Value, json};

fn bodies(messages: &[Value]) -> Vec<&str> {
    messages.iter().filter(|m| m["type"] == "text").map(|m| m["body"].as_str().unwrap()).collect()
}

/// Moves everything that was sent so far into the past. No server may run.
fn age(change: impl Fn(&str) -> bool, seconds: i64) {
    change(&format!("UPDATE messages SET created_at = created_at - {}", seconds * 1000));
    change("UPDATE expiry SET due_at = 0");
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
    age(|update| server.change(update), 3600);
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
    age(|update| server.change(update), 86_400);
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

async fn serve(data: &std::path::Path, address: &str, more: &[&str]) -> Process {
    let mut serve = command();
    serve.args(["serve", "--rate-limits", "off", "--listen", address]).args(more);
    serve.arg("--data").arg(data).stderr(std::process::Stdio::null());
    Process::run(serve).await
}

fn items(answer: &Value) -> usize {
    answer["items"].as_array().unwrap().len()
}

/// Killed again and again while it erases: each message goes once, and with it everything that hung on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_goes_whole_and_once_although_the_server_is_killed() {
    const MESSAGES: usize = 400;
    let folder = tempfile::tempdir().unwrap();
    let mut process = serve(folder.path(), "127.0.0.1:0", &[]).await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let group = ann.group("Whispers", &[&bob]).await;
    let path = format!("/conversations/{group}");
    let messages = format!("{path}/messages");
    let parent = ann.say(&group, "parent", "wombat parent").await;
    let id = |message: &Value| message["id"].as_str().unwrap().to_owned();
    for number in 0..MESSAGES {
        let mut send = json!({ "client_id": format!("{number}"), "body": format!("wombat {number}") });
        if number % 4 == 0 {
            send["parent_id"] = parent["id"].clone();
        }
        if number % 40 == 1 {
            let file = upload(&ann, "wombat.txt", format!("wombat in file {number}").as_bytes()).await;
            ready(&ann, &file).await;
            send["files"] = json!([file]);
        }
        let sent = ann.post(&messages, send).await.expect(201);
        if number % 40 == 2 {
            bob.put(&format!("/messages/{}/reactions/👍", id(&sent)), json!({})).await.expect(200);
            ann.put(&format!("/messages/{}/pin", id(&sent)), json!({})).await.expect(200);
        }
    }
    let poll = json!({ "client_id": "poll", "question": "wombat?", "options": ["yes", "no"], "closes_at": Timestamp(Timestamp::now().0 + 86_400_000) });
    let poll = ann.post(&format!("{path}/polls"), poll).await.expect(201);
    bob.put(&format!("/messages/{}/vote", id(&poll)), json!({ "options": [0] })).await.expect(200);
    patiently("the index", async {
        while items(&bob.get("/search?q=wombat&limit=1").await.expect(200)) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(items(&bob.get(&format!("{path}/files")).await.expect(200)), MESSAGES / 40);
    assert!(process.terminate().await.success());
    age(|update| change(folder.path(), update), 3600);
    process = serve(folder.path(), &address, &[]).await;
    bob.say(&group, "new", "still wanted").await;
    ann.put(&path, json!({ "expire_seconds": 3600 })).await.expect(200);

    let living = async || {
        let all = bob.history(&group).await;
        all.into_iter().filter(|message| message["type"] == "text" && message["deleted_at"].is_null()).count()
    };
    for round in 1..=4 {
        patiently("some to go", async {
            while living().await > (MESSAGES + 2) * (5 - round) / 5 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        process.kill().await;
        process = serve(folder.path(), &address, &[]).await;
    }
    patiently("all to go", async {
        while living().await > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Each place was changed by its erasure once: the numbers of all changes are there, and none twice.
    let all = bob.history(&group).await;
    let texts: Vec<&Value> = all.iter().filter(|message| message["type"] == "text").collect();
    assert_eq!(texts.len(), MESSAGES + 3);
    let mut changed: Vec<u64> = texts.iter().map(|message| message["changed"].as_u64().unwrap()).collect();
    changed.sort_unstable();
    changed.dedup();
    assert_eq!(changed.len(), texts.len());
    for gone in texts.iter().filter(|message| message["body"] != "still wanted") {
        assert_eq!((&gone["body"], &gone["attachments"], &gone["reactions"]), (&json!(""), &json!([]), &json!([])));
        assert!(gone["deleted_at"].is_string() && gone["poll"].is_null() && gone["pinned_at"].is_null(), "{gone:#}");
        assert_eq!(gone["reply_count"], 0);
    }
    assert_eq!(items(&bob.get(&format!("{path}/pins")).await.expect(200)), 0);
    assert_eq!(items(&bob.get(&format!("{path}/files")).await.expect(200)), 0);
    assert_eq!(items(&bob.get("/search?q=wombat").await.expect(200)), 0);
    assert_eq!(items(&bob.get("/search?q=wombat&type=file").await.expect(200)), 0);
    assert_eq!(items(&bob.get("/search?q=wanted").await.expect(200)), 1);
    let replies = bob.get(&format!("/messages/{}/replies", id(&parent))).await;
    assert!(replies.body["items"].as_array().is_none_or(|all| all.iter().all(|reply| reply["body"] == "")));
    bob.put(&format!("/messages/{}/vote", id(&poll)), json!({ "options": [0] })).await.refused(410, "message_deleted");
    patiently("the files to be collected", async {
        while !blobs(folder.path()).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // The words go from the journal of the database too, a moment later.
    patiently("the words to be gone", async {
        while !disk::traces(folder.path(), &["wombat"]).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(process.terminate().await.success());
}

/// The server's rule begins and ends with its configuration, and the shorter of two rules counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shorter_rule_counts_and_a_rule_that_is_lifted_erases_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let two_days = ["--retention-days", "2"];
    let process = serve(folder.path(), "127.0.0.1:0", &two_days).await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let [plain, short, long] =
        [ann.group("a", &[&bob]).await, ann.group("b", &[&bob]).await, ann.group("c", &[&bob]).await];
    set(&ann, &short, json!(3600)).await;
    set(&ann, &long, json!(30 * 86_400)).await;
    let say = async |text: &str| {
        for place in [&plain, &short, &long] {
            ann.say(place, text, text).await;
        }
    };
    say("first").await;
    assert!(process.terminate().await.success());
    age(|update| change(folder.path(), update), 86_400);
    // A day has gone by: only the conversation with the shorter rule has nothing left of it.
    let process = serve(folder.path(), &address, &two_days).await;
    say("second").await;
    gone(&ann, &short, &["", "second"]).await;
    for place in [&plain, &long] {
        assert_eq!(bodies(&ann.history(place).await), ["first", "second"]);
    }
    assert!(process.terminate().await.success());
    age(|update| change(folder.path(), update), 86_400);
    // Another day without the server's rule: nothing more goes, but for the conversation's own.
    let process = serve(folder.path(), &address, &[]).await;
    gone(&ann, &short, &["", ""]).await;
    for place in [&plain, &long] {
        assert_eq!(bodies(&ann.history(place).await), ["first", "second"]);
    }
    assert!(process.terminate().await.success());
    // With it again, what is older than two days goes everywhere.
    let process = serve(folder.path(), &address, &two_days).await;
    for place in [&plain, &long] {
        gone(&ann, place, &["", "second"]).await;
    }
    assert!(process.terminate().await.success());
}
