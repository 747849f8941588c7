//! Polls: asking, voting, changing one's mind, closing; counts that everybody shares and votes that only oneself sees.

use laserchat_protocol::Timestamp;
use laserchat_tests::{Person, Process, TestServer, patiently};
use serde_json::{Value, json};

fn soon(milliseconds: i64) -> String {
    Timestamp(Timestamp::now().0 + milliseconds).to_string()
}

async fn ask(who: &Person, conversation: &str, more: Value) -> Value {
    let mut poll = json!({ "client_id": "poll", "question": "Where to?", "options": ["Sea", "Hills", "Home"] });
    poll.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post(&format!("/conversations/{conversation}/polls"), poll).await.expect(201)
}

fn path(message: &Value, rest: &str) -> String {
    format!("/messages/{}{rest}", message["id"].as_str().unwrap())
}

async fn vote(who: &Person, message: &Value, options: &[u32]) -> laserchat_tests::Answer {
    who.put(&path(message, "/vote"), json!({ "options": options })).await
}

async fn head(who: &Person, conversation: &str) -> u64 {
    who.get(&format!("/conversations/{conversation}")).await.expect(200)["seq"].as_u64().unwrap()
}

fn counts(message: &Value) -> Vec<u64> {
    let options = message["poll"]["options"].as_array().unwrap();
    options.iter().map(|option| option["count"].as_u64().unwrap()).collect()
}

fn mine(message: &Value) -> Vec<Option<bool>> {
    message["poll"]["options"].as_array().unwrap().iter().map(|option| option["me"].as_bool()).collect()
}

#[tokio::test]
async fn asking_voting_and_changing_ones_mind() {
    let server = TestServer::start().await;
    let [ann, bob, cid] = server.people(["ann", "bob", "cid"]).await;
    let group = ann.group("trip", &[&bob, &cid]).await;
    let (mut bobs, mut cids) = (bob.connect().await, cid.connect().await);
    let poll = ask(&ann, &group, json!({})).await;
    assert_eq!((&poll["type"], &poll["body"]), (&json!("text"), &json!("Where to?\n- Sea\n- Hills\n- Home")));
    let again = json!({ "client_id": "poll", "question": "Where to?", "options": ["Sea", "Hills", "Home"] });
    let again = ann.post(&format!("/conversations/{group}/polls"), again).await.expect(200);
    assert_eq!(again["id"], poll["id"], "the same client id is the same poll");
    assert_eq!(cids.expect("message.sent").await["message"]["poll"]["voters"], 0);

    let voted = vote(&bob, &poll, &[1]).await.expect(200);
    assert_eq!((counts(&voted), mine(&voted)), (vec![0, 1, 0], vec![Some(false), Some(true), Some(false)]));
    let own = bobs.expect("message.updated").await["message"].clone();
    assert_eq!(mine(&own), [Some(false), Some(true), Some(false)], "one's own devices learn what one voted");
    let shared = cids.expect("message.updated").await;
    assert_eq!((counts(&shared["message"]), mine(&shared["message"])), (vec![0, 1, 0], vec![None, None, None]));
    assert_eq!(
        vote(&bob, &poll, &[1]).await.expect(200)["changed"],
        voted["changed"],
        "the same vote again is nothing"
    );
    vote(&cid, &poll, &[1]).await.expect(200);
    let moved = vote(&bob, &poll, &[0]).await.expect(200);
    assert_eq!((counts(&moved), &moved["poll"]["voters"]), (vec![1, 1, 0], &json!(2)));
    let withdrawn = vote(&bob, &poll, &[]).await.expect(200);
    assert_eq!((counts(&withdrawn), &withdrawn["poll"]["voters"]), (vec![0, 1, 0], &json!(1)));
    let voters = ann.get(&path(&poll, "/voters?option=1")).await.expect(200);
    assert_eq!(voters["items"][0]["user"]["id"], cid.id.as_str());
    // The changes of the conversation tell the same.
    let after = poll["seq"].as_u64().unwrap();
    let changes = cid.get(&format!("/conversations/{group}/changes?after={after}")).await.expect(200);
    assert_eq!(mine(&changes["items"][0]["message"]), [Some(false), Some(true), Some(false)]);

    let several = ask(&ann, &group, json!({ "client_id": "several", "multiple": true })).await;
    let voted = vote(&bob, &several, &[2, 0, 2]).await.expect(200);
    assert_eq!((counts(&voted), &voted["poll"]["voters"]), (vec![1, 0, 1], &json!(1)));
}

#[tokio::test]
async fn closing_by_hand_and_by_time() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("trip", &[&bob]).await;
    let poll = ask(&bob, &group, json!({})).await;
    vote(&ann, &poll, &[0]).await.expect(200);
    let closed = bob.put(&path(&poll, "/poll/close"), json!({})).await.expect(200);
    assert!(closed["poll"]["closed_at"].is_string());
    vote(&ann, &poll, &[1]).await.refused(409, "poll_closed");
    vote(&ann, &poll, &[]).await.refused(409, "poll_closed");
    let again = bob.put(&path(&poll, "/poll/close"), json!({})).await.expect(200);
    assert_eq!(again["changed"], closed["changed"]);
    bob.put(&path(&poll, ""), json!({ "body": "Where else?" })).await.refused(403, "forbidden");

    let mut socket = ann.connect().await;
    let closes_at = soon(400);
    let timed = ask(&bob, &group, json!({ "client_id": "timed", "closes_at": closes_at })).await;
    let told = socket.expect("message.updated").await["message"].clone();
    assert_eq!((&told["id"], &told["poll"]["closed_at"]), (&timed["id"], &json!(closes_at)));
    // A retry of the question, which would be too late by now, is still answered with the first result.
    let retry =
        json!({ "client_id": "timed", "question": "Where to?", "options": ["Sea", "Hills"], "closes_at": closes_at });
    assert_eq!(bob.post(&format!("/conversations/{group}/polls"), retry).await.expect(200)["id"], timed["id"]);

    let deleted = ask(&bob, &group, json!({ "client_id": "deleted", "closes_at": soon(3_600_000) })).await;
    vote(&ann, &deleted, &[0]).await.expect(200);
    let tombstone = bob.delete(&path(&deleted, "")).await.expect(200);
    assert_eq!((&tombstone["poll"], &tombstone["body"]), (&Value::Null, &json!("")));
    vote(&ann, &deleted, &[0]).await.refused(410, "message_deleted");
}

#[tokio::test]
async fn nobody_learns_who_voted_in_an_anonymous_poll() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("trip", &[&bob]).await;
    let mut socket = ann.connect().await;
    let poll = ask(&ann, &group, json!({ "anonymous": true })).await;
    vote(&bob, &poll, &[2]).await.expect(200);
    let told = socket.expect("message.updated").await;
    assert!(!told.to_string().contains(&format!("\"{}\"", bob.id)), "{told:#}");
    for who in [&ann, &bob] {
        who.get(&path(&poll, "/voters?option=2")).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn bad_input_and_strangers() {
    let server = TestServer::start().await;
    let [ann, eve] = server.people(["ann", "eve"]).await;
    let group = ann.group("trip", &[]).await;
    let polls = format!("/conversations/{group}/polls");
    let good = json!({ "client_id": "p", "question": "q?", "options": ["a", "b"] });
    for (bad, status, code, field) in [
        (json!({ "client_id": "" }), 422, "invalid_field", "client_id"),
        (json!({ "question": " " }), 422, "invalid_field", "question"),
        (json!({ "question": "x".repeat(301) }), 422, "invalid_field", "question"),
        (json!({ "options": ["a"] }), 422, "invalid_field", "options"),
        (json!({ "options": ["a", "a "] }), 422, "invalid_field", "options"),
        (json!({ "options": ["a", "x".repeat(101)] }), 422, "invalid_field", "options"),
        (json!({ "options": vec!["a"; 100_000] }), 422, "invalid_field", "options"),
        (json!({ "options": "a" }), 400, "malformed_json", "options"),
        (json!({ "closes_at": soon(-1) }), 422, "invalid_field", "closes_at"),
        (json!({ "closes_at": "2999-01-01T00:00:00Z" }), 422, "invalid_field", "closes_at"),
        (json!({ "parent_id": "1" }), 404, "not_found", "parent_id"),
    ] {
        let mut poll = good.clone();
        poll.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
        assert_eq!(ann.post(&polls, poll).await.refused(status, code)["field"], field);
    }
    eve.post(&polls, good.clone()).await.refused(404, "not_found");
    let poll = ann.post(&polls, good).await.expect(201);
    let plain = ann.say(&group, "plain", "no poll").await;
    for (options, status, code) in [
        (json!([2]), 422, "invalid_field"),
        (json!([0, 1]), 422, "invalid_field"),
        (json!([-1]), 400, "malformed_json"),
        (json!([4_294_967_296u64]), 400, "malformed_json"),
        (json!("a"), 400, "malformed_json"),
    ] {
        ann.put(&path(&poll, "/vote"), json!({ "options": options })).await.refused(status, code);
    }
    vote(&ann, &plain, &[0]).await.refused(404, "not_found");
    ann.put(&path(&plain, "/poll/close"), json!({})).await.refused(404, "not_found");
    ann.get(&path(&plain, "/voters?option=0")).await.refused(404, "not_found");
    ann.get(&path(&poll, "/voters?option=20")).await.refused(400, "invalid_request");
    ann.get(&path(&poll, "/voters")).await.refused(400, "invalid_request");
    ann.get(&path(&poll, "/voters?option=2")).await.refused(404, "not_found");
    vote(&eve, &poll, &[0]).await.refused(404, "not_found");
    eve.put(&path(&poll, "/poll/close"), json!({})).await.refused(404, "not_found");
    eve.get(&path(&poll, "/voters?option=0")).await.refused(404, "not_found");
}

/// Polls whose time comes while the server is dead are closed by the next one, each with one change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_polls_close_once() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let group = ann.group("trip", &[]).await;
    let before = head(&ann, &group).await;
    for at in 0..20 {
        ask(&ann, &group, json!({ "client_id": at.to_string(), "closes_at": soon(400 + at * 30) })).await;
    }
    let count = |history: &[Value]| history.iter().filter(|m| m["poll"]["closed_at"].is_string()).count();
    patiently("some to be closed", async {
        while count(&ann.history(&group).await) < 5 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    process.kill().await;
    let process = Process::start(folder.path(), &address).await;
    let history = patiently("all to be closed", async {
        loop {
            let history = ann.history(&group).await;
            if count(&history) == 20 {
                return history;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(history.iter().filter(|message| message["poll"].is_object()).count(), 20);
    assert_eq!(head(&ann, &group).await, before + 40, "each asked once and closed once");
    assert!(process.terminate().await.success());
}
