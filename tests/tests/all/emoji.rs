//! Custom emoji: who may add and remove them, what they may be called, and what they may be used for.

use laserchat_protocol::file::{FileKind, FilePurpose, FileState};
use laserchat_protocol::{File, FileId, Timestamp, UserId};
use laserchat_store::NewUpload;
use laserchat_tests::{Answer, Person, TestServer};
use serde_json::{Value, json};

/// A picture that somebody has uploaded; its id.
async fn picture(server: &TestServer, owner: &Person, purpose: FilePurpose) -> String {
    let app = &server.server().app;
    let id = FileId(app.ids.next());
    let now = Timestamp::now();
    let upload = NewUpload {
        id,
        owner: owner.id.parse::<UserId>().unwrap(),
        purpose,
        name: "parrot.gif".into(),
        voice: false,
        bytes: 1,
        key: None,
        created_at: now,
        expires_at: now.plus_seconds(3600),
        user_quota: None,
        server_quota: None,
        most: 1000,
    };
    app.store.create_upload(upload).await.unwrap().unwrap();
    assert!(app.store.upload_arrived(id).await.unwrap());
    let file: File = serde_json::from_value(json!({
        "id": id.to_string(), "name": "parrot.gif", "mime": "image/gif", "size": 1, "kind": FileKind::Image,
        "animated": true, "variants": [], "state": FileState::Ready, "created_at": now,
    }))
    .unwrap();
    assert!(app.store.finish_file(file, now.plus_seconds(3600)).await.unwrap());
    id.to_string()
}

async fn put(who: &Person, name: &str, file: &str) -> Answer {
    who.put(&format!("/emoji/{name}"), json!({ "file_id": file })).await
}

async fn names(who: &Person) -> (Vec<String>, u64) {
    let list = who.get("/emoji").await.expect(200);
    let names = list["items"].as_array().unwrap().iter().map(|emoji| emoji["name"].as_str().unwrap().to_owned());
    (names.collect(), list["version"].as_u64().unwrap())
}

#[tokio::test]
async fn adding_replacing_and_removing() {
    let server = TestServer::start().await;
    let [owner, ann] = server.people(["olive", "ann"]).await;
    let (mut owners, mut anns) = (owner.connect().await, ann.connect().await);
    let first = picture(&server, &owner, FilePurpose::Emoji).await;
    let emoji = put(&owner, "party-parrot", &first).await.expect(200);
    assert_eq!(
        (&emoji["name"], &emoji["file_id"], &emoji["animated"]),
        (&json!("party-parrot"), &json!(first), &json!(true))
    );
    for socket in [&mut owners, &mut anns] {
        assert_eq!(socket.expect("emoji.updated").await["version"], 1);
    }
    assert_eq!(put(&owner, "party-parrot", &first).await.expect(200), emoji, "twice is once");
    assert_eq!(names(&ann).await, (vec!["party-parrot".to_owned()], 1));
    let second = picture(&server, &owner, FilePurpose::Emoji).await;
    put(&owner, "party-parrot", &second).await.expect(200);
    put(&owner, "ok", &second).await.expect(200);
    assert_eq!(names(&ann).await, (vec!["ok".to_owned(), "party-parrot".to_owned()], 3));
    // Who connects later learns the version from the greeting.
    let (_, ready) = laserchat_tests::Socket::hello(&server.address(), json!({ "token": ann.token })).await.unwrap();
    assert_eq!(ready["emoji_version"], 3);
    // Everybody may see the picture, for as long as one emoji has it.
    let open = async |who: &Person| {
        let open = server.server().app.store.open_file(who.id.parse().unwrap(), second.parse().unwrap()).await.unwrap();
        open.is_some_and(|open| open.ties.public)
    };
    assert!(open(&ann).await);
    owner.delete("/emoji/party-parrot").await.expect(204);
    assert!(open(&ann).await);
    owner.delete("/emoji/ok").await.expect(204);
    assert!(!open(&ann).await);
    owner.delete("/emoji/ok").await.refused(404, "not_found");
    assert_eq!(names(&ann).await, (vec![], 5));
}

#[tokio::test]
async fn who_may() {
    let server = TestServer::start().await;
    let [owner, ann, bob] = server.people(["olive", "ann", "bob"]).await;
    let (anns, bobs) =
        (picture(&server, &ann, FilePurpose::Emoji).await, picture(&server, &bob, FilePurpose::Emoji).await);
    assert_eq!(ann.get("/server").await.expect(200)["custom_emoji"], "admins");
    put(&ann, "wave", &anns).await.refused(403, "forbidden");
    ann.put("/admin/settings", json!({ "custom_emoji": "everybody" })).await.refused(403, "forbidden");
    owner.put("/admin/settings", json!({ "custom_emoji": "everybody" })).await.expect(200);
    assert_eq!(ann.get("/server").await.expect(200)["custom_emoji"], "everybody");
    put(&ann, "wave", &anns).await.expect(200);
    put(&bob, "wave", &bobs).await.refused(403, "forbidden");
    bob.delete("/emoji/wave").await.refused(403, "forbidden");
    owner.delete("/emoji/wave").await.expect(204);
    put(&ann, "wave", &anns).await.expect(200);
    ann.delete("/emoji/wave").await.expect(204);
}

#[tokio::test]
async fn bad_input() {
    let server = TestServer::start().await;
    let [owner, ann] = server.people(["olive", "ann"]).await;
    let good = picture(&server, &owner, FilePurpose::Emoji).await;
    for bad in ["a", "A1", "-a", "%3Aok%3A", "a%20b", "%C3%A4%C3%A4", &"x".repeat(33)] {
        put(&owner, bad, &good).await.refused(422, "invalid_field");
        owner.delete(&format!("/emoji/{bad}")).await.refused(422, "invalid_field");
    }
    put(&owner, "a%00b", &good).await.refused(400, "invalid_request");
    let refused = |answer: Answer, status, code| assert_eq!(answer.refused(status, code)["field"], "file_id");
    refused(put(&owner, "ok", "5").await, 404, "not_found");
    refused(put(&owner, "ok", &picture(&server, &ann, FilePurpose::Emoji).await).await, 404, "not_found");
    refused(put(&owner, "ok", &picture(&server, &owner, FilePurpose::Avatar).await).await, 422, "invalid_field");
    owner.put("/emoji/ok", json!({})).await.refused(400, "malformed_json");
    owner.put("/emoji/ok", json!({ "file_id": 5 })).await.refused(400, "malformed_json");
    assert_eq!(names(&owner).await, (vec![], 0));
}

#[tokio::test]
async fn reacting() {
    let server = TestServer::start().await;
    let [owner, ann] = server.people(["olive", "ann"]).await;
    let direct = owner.direct(&ann).await;
    let message = owner.say(&direct, "1", "hello").await["id"].as_str().unwrap().to_owned();
    let path = format!("/messages/{message}/reactions/:wave:");
    ann.put(&path, json!({})).await.refused(422, "invalid_field");
    let mut socket = ann.connect().await;
    let refused = socket.command("reaction.add", json!({ "message_id": message, "emoji": ":wave:" })).await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("invalid_field")));
    put(&owner, "wave", &picture(&server, &owner, FilePurpose::Emoji).await).await.expect(200);
    let reacted = ann.put(&path, json!({})).await.expect(200);
    assert_eq!(reacted["reactions"], json!([{ "emoji": ":wave:", "count": 1, "me": true }]));
    // A reaction outlives its emoji, and can be taken back, but nobody joins in.
    owner.delete("/emoji/wave").await.expect(204);
    owner.put(&path, json!({})).await.refused(422, "invalid_field");
    let left: Value = ann.delete(&path).await.expect(200);
    assert_eq!(left["reactions"], json!([]));
}
