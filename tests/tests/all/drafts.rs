//! Drafts: the same on all devices of one person, and no device undoes what another writes.

use laserchat_tests::{Person, TestServer};
use serde_json::{Value, json};

async fn save(who: &Person, conversation: &str, draft: Value) -> laserchat_tests::Answer {
    who.put(&format!("/conversations/{conversation}/draft"), draft).await
}

async fn drafts(who: &Person) -> Vec<Value> {
    who.get("/me/drafts").await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_draft_is_on_all_devices_and_nobody_elses() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let phone = ann.login().await;
    let direct = ann.direct(&bob).await;
    let (mut anns, mut phones) = (ann.connect().await, phone.connect().await);
    let first = save(&ann, &direct, json!({ "body": "Dear Bob", "based_on": 0 })).await.expect(200);
    for socket in [&mut anns, &mut phones] {
        let told = socket.expect("draft.updated").await;
        assert_eq!((&told["draft"], &told["version"]), (&first, &first["version"]));
    }
    assert_eq!(drafts(&phone).await, std::slice::from_ref(&first));
    assert!(drafts(&bob).await.is_empty());
    // What was missed is in the changes, once and in its present state.
    let second = save(&ann, &direct, json!({ "body": "Dear Bob,", "based_on": first["version"] })).await.expect(200);
    let after = first["version"].as_u64().unwrap() - 1;
    let changes = phone.get(&format!("/me/changes?after={after}")).await.expect(200);
    assert_eq!(changes["items"], json!([{ "type": "draft.updated", "version": second["version"], "draft": second }]));
    let hello = json!({ "token": phone.token, "version": after });
    let (mut resumed, _) = laserchat_tests::Socket::hello(&server.address(), hello).await.unwrap();
    assert_eq!(resumed.expect("draft.updated").await["draft"], second);
}

#[tokio::test]
async fn what_another_device_wrote_is_not_overwritten() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    let laptop = save(&ann, &direct, json!({ "body": "from the laptop", "based_on": 0 })).await.expect(200);
    let refused =
        save(&ann, &direct, json!({ "body": "from the phone", "based_on": 0 })).await.refused(409, "conflict");
    assert_eq!(refused["draft"], laptop);
    // The same again is a retry, and nothing has changed.
    assert_eq!(save(&ann, &direct, json!({ "body": "from the laptop", "based_on": 0 })).await.expect(200), laptop);
    let path = format!("/conversations/{direct}/draft");
    ann.delete(&format!("{path}?based_on=0")).await.refused(409, "conflict");
    let based_on = laptop["version"].as_u64().unwrap();
    let phone = save(&ann, &direct, json!({ "body": "from the phone", "based_on": based_on })).await.expect(200);
    // Sent from the laptop, which knew of the older one only: the newer one stays until a device that knows it clears it.
    ann.delete(&format!("{path}?based_on={based_on}")).await.refused(409, "conflict");
    assert_eq!(drafts(&ann).await, std::slice::from_ref(&phone));
    let gone = ann.delete(&format!("{path}?based_on={}", phone["version"])).await.expect(200);
    assert_eq!((&gone["body"], &gone["files"]), (&json!(""), &json!([])));
    assert!(drafts(&ann).await.is_empty());
    assert_eq!(ann.delete(&path).await.expect(200), gone, "twice is once");
    // Without a version the last one wins.
    save(&ann, &direct, json!({ "body": "one" })).await.expect(200);
    save(&ann, &direct, json!({ "body": "two" })).await.expect(200);
    assert_eq!(drafts(&ann).await[0]["body"], "two");
}

#[tokio::test]
async fn threads_have_drafts_of_their_own() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let direct = ann.direct(&bob).await;
    let other = ann.group("other", &[]).await;
    let parent = ann.say(&direct, "p", "a thread").await["id"].clone();
    let elsewhere = ann.say(&other, "p", "elsewhere").await["id"].clone();
    save(&ann, &direct, json!({ "body": "outside" })).await.expect(200);
    save(&ann, &direct, json!({ "body": "inside", "parent_id": parent })).await.expect(200);
    assert_eq!(drafts(&ann).await.len(), 2);
    let reply = json!({ "client_id": "r", "body": "reply", "parent_id": parent });
    let reply = ann.post(&format!("/conversations/{direct}/messages"), reply).await.expect(201)["id"].clone();
    save(&ann, &direct, json!({ "body": "x", "parent_id": reply })).await.refused(422, "invalid_field");
    for bad in [json!("1"), elsewhere] {
        save(&ann, &direct, json!({ "body": "x", "parent_id": bad })).await.refused(404, "not_found");
    }
    let inside = parent.as_str().unwrap();
    ann.delete(&format!("/conversations/{direct}/draft?parent_id={inside}")).await.expect(200);
    assert_eq!(drafts(&ann).await.len(), 1);
    ann.delete(&format!("/conversations/{direct}/draft?parent_id=x")).await.refused(400, "invalid_request");
}

#[tokio::test]
async fn only_members_and_within_limits() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let direct = ann.direct(&bob).await;
    save(&eve, &direct, json!({ "body": "hello" })).await.refused(404, "not_found");
    save(&ann, "1", json!({ "body": "hello" })).await.refused(404, "not_found");
    save(&ann, "x", json!({ "body": "hello" })).await.refused(400, "invalid_request");
    for (bad, status, code) in [
        (json!({ "body": "x".repeat(100_001) }), 422, "invalid_text"),
        (json!({ "body": "a\0b" }), 422, "invalid_text"),
        (json!({ "body": 5 }), 400, "malformed_json"),
        (json!({}), 400, "malformed_json"),
        (json!({ "body": "", "files": ["1"] }), 404, "not_found"),
        (json!({ "body": "", "files": ["1", "1"] }), 422, "invalid_field"),
        (json!({ "body": "x", "based_on": -1 }), 400, "malformed_json"),
    ] {
        save(&ann, &direct, bad).await.refused(status, code);
    }
    // What never was can be thrown away, and that is nothing to be told of.
    let nothing = ann.delete(&format!("/conversations/{direct}/draft")).await.expect(200);
    assert_eq!(nothing["version"], 0);
    // A draft outlives leaving, and can still be thrown away.
    let group = ann.group("group", &[&bob]).await;
    save(&bob, &group, json!({ "body": "parting words" })).await.expect(200);
    bob.post(&format!("/conversations/{group}/leave"), json!({})).await.expect(204);
    save(&bob, &group, json!({ "body": "more words" })).await.refused(404, "not_found");
    bob.delete(&format!("/conversations/{group}/draft")).await.expect(200);
    assert!(drafts(&bob).await.is_empty());
}
