//! Ids of other people's things: to whom they are not, they do not exist.

use laserchat_tests::{Answer, Others, Person, TestServer};
use serde_json::{Value, json};

fn id(value: &Value) -> &str {
    value["id"].as_str().expect("an id")
}

/// Everything that can be asked about a conversation and a message in it, by somebody who is not in it.
async fn knock(who: &Person, conversation: &str, message: &str, member: &Person) -> Vec<(String, Answer)> {
    let c = |rest: &str| format!("/conversations/{conversation}{rest}");
    let m = |rest: &str| format!("/messages/{message}{rest}");
    let mut answers = Vec::new();
    for path in [
        c(""),
        c("/messages"),
        c("/messages?around=1"),
        c("/changes?after=0"),
        c("/members"),
        c("/bans"),
        c("/pins"),
        c("/invitations"),
        m(""),
        m("/thread"),
        m("/reactions/👍"),
    ] {
        answers.push((format!("GET {path}"), who.get(&path).await));
    }
    let send = json!({ "client_id": "knock", "body": "let me in" });
    let reply = json!({ "client_id": "knock", "body": "let me in", "parent_id": message });
    for (path, body) in [
        (c("/messages"), send),
        (c("/messages"), reply),
        (c("/join"), json!({})),
        (c("/leave"), json!({})),
        (c("/members"), json!({ "user_id": who.id })),
        (c("/members"), json!({ "user_id": "1" })),
        (c("/invitations"), json!({})),
    ] {
        answers.push((format!("POST {path}"), who.post(&path, body).await));
    }
    for (path, body) in [
        (c(""), json!({ "name": "mine" })),
        (c("/read"), json!({ "seq": 1 })),
        (c("/membership"), json!({ "favourite": true })),
        (c(&format!("/members/{}", member.id)), json!({ "role": "member" })),
        (c(&format!("/members/{}", member.id)), json!({ "banned": true })),
        (c(&format!("/members/{}", member.id)), json!({ "mute_seconds": 60 })),
        (c(&format!("/members/{}", who.id)), json!({ "role": "owner" })),
        (m(""), json!({ "body": "mine" })),
        (m("/read"), json!({})),
        (m("/pin"), json!({})),
        (m("/follow"), json!({})),
        (m("/reactions/👍"), json!({})),
    ] {
        answers.push((format!("PUT {path}"), who.put(&path, body).await));
    }
    for path in [
        c(""),
        c(&format!("/members/{}", member.id)),
        c("/invitations/1"),
        m(""),
        m("/pin"),
        m("/follow"),
        m("/reactions/👍"),
    ] {
        answers.push((format!("DELETE {path}"), who.delete(&path).await));
    }
    answers
}

#[tokio::test]
async fn a_private_conversation_is_not_there_for_strangers() {
    let server = TestServer::start().await;
    let mut others = Others::of(&server).await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let direct = ann.direct(&bob).await;
    let group = ann.group("secret", &[&bob]).await;
    let channel = json!({ "type": "channel", "name": "private", "members": [bob.id] });
    let channel = ann.post("/conversations", channel).await.expect(201)["id"].as_str().unwrap().to_owned();
    // Somebody who was there is a stranger again.
    let left = ann.group("left", &[&bob, &eve]).await;
    eve.post(&format!("/conversations/{left}/leave"), json!({})).await.expect(204);
    let removed = ann.group("removed", &[&bob, &eve]).await;
    ann.delete(&format!("/conversations/{removed}/members/{}", eve.id)).await.expect(204);
    let banned = ann.group("banned", &[&bob, &eve]).await;
    ann.put(&format!("/conversations/{banned}/members/{}", eve.id), json!({ "banned": true })).await.expect(204);

    let before = eve.get("/conversations").await.expect(200)["items"].as_array().unwrap().len();
    for conversation in [direct, group, channel, left, removed, banned] {
        let message = ann.say(&conversation, "1", "between us").await;
        ann.put(&format!("/messages/{}/reactions/👍", id(&message)), json!({})).await.expect(200);
        let state = ann.get(&format!("/conversations/{conversation}/changes")).await.expect(200);
        // As if there were nothing: the same answers as for ids that never were, word for word.
        let there = knock(&eve, &conversation, id(&message), &bob).await;
        let nowhere = knock(&eve, "4611686018427387904", "4611686018427387905", &bob).await;
        for ((asked, answer), (_, nothing)) in there.into_iter().zip(nowhere) {
            assert_eq!(answer, nothing, "{asked}");
            answer.refused(404, "not_found");
        }
        assert_eq!(ann.get(&format!("/conversations/{conversation}/changes")).await.expect(200), state);
        // Forwarding out of it, and into it.
        let notes = eve.direct(&eve).await;
        let out = json!({ "conversation_id": notes, "client_id": "f" });
        eve.post(&format!("/messages/{}/forward", id(&message)), out).await.refused(404, "not_found");
        let own = eve.say(&notes, &conversation, "mine").await;
        let into = json!({ "conversation_id": conversation, "client_id": "f" });
        eve.post(&format!("/messages/{}/forward", id(&own)), into).await.refused(404, "not_found");
        // Replying in one's own conversation to what is said there.
        let reply = json!({ "client_id": "r", "body": "x", "parent_id": message["id"] });
        eve.post(&format!("/conversations/{notes}/messages"), reply).await.refused(404, "not_found");
    }
    // Only the notes are new.
    let after = eve.get("/conversations").await.expect(200)["items"].as_array().unwrap().len();
    assert_eq!(after, before + 1);
    others.notice_nothing().await;
}

#[tokio::test]
async fn commands_about_what_is_not_there_for_strangers() {
    let server = TestServer::start().await;
    let mut others = Others::of(&server).await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("secret", &[&bob]).await;
    let message = ann.say(&group, "1", "between us").await;
    let (mut eves, mut bobs) = (eve.connect().await, bob.connect().await);
    for (conversation, message) in [(group.as_str(), id(&message)), ("4611686018427387904", "4611686018427387905")] {
        for (kind, fields) in [
            ("message.send", json!({ "conversation_id": conversation, "client_id": "a", "body": "x" })),
            ("message.send", json!({ "conversation_id": conversation, "client_id": "b", "body": "@bob" })),
            ("message.edit", json!({ "message_id": message, "body": "x" })),
            ("message.delete", json!({ "message_id": message })),
            ("reaction.add", json!({ "message_id": message, "emoji": "👍" })),
            ("reaction.remove", json!({ "message_id": message, "emoji": "👍" })),
            ("cursor.delivered", json!({ "conversation_id": conversation, "seq": 1 })),
            ("cursor.read", json!({ "conversation_id": conversation, "seq": 1 })),
            ("typing.start", json!({ "conversation_id": conversation })),
            ("typing.stop", json!({ "conversation_id": conversation })),
        ] {
            let answer = eves.command(kind, fields).await;
            assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!("not_found")), "{kind}");
            assert!(answer["detail"].is_null(), "{answer}");
        }
    }
    assert_eq!(bobs.drain().await, [] as [Value; 0]);
    others.notice_nothing().await;
}

#[tokio::test]
async fn things_of_an_account_are_its_holders_alone() {
    let server = TestServer::start().await;
    let mut others = Others::of(&server).await;
    let [ann, eve] = server.people(["ann", "eve"]).await;
    let sessions = ann.get("/me/sessions").await.expect(200);
    let token = ann.post("/me/tokens", json!({ "name": "script", "scopes": ["read"] })).await.expect(201);
    let made = ann.post("/bots", json!({ "username": "helper" })).await.expect(201);
    let (bot, bot_token) = (id(&made["bot"]), id(&made["token"]));
    let new = json!({ "name": "mine", "scopes": ["read"] });

    eve.delete(&format!("/me/sessions/{}", id(&sessions["items"][0]))).await.refused(404, "not_found");
    eve.delete(&format!("/me/tokens/{}", id(&token))).await.refused(404, "not_found");
    eve.delete(&format!("/me/tokens/{bot_token}")).await.refused(404, "not_found");
    eve.get(&format!("/bots/{bot}/tokens")).await.refused(404, "not_found");
    eve.post(&format!("/bots/{bot}/tokens"), new.clone()).await.refused(404, "not_found");
    eve.delete(&format!("/bots/{bot}/tokens/{bot_token}")).await.refused(404, "not_found");
    eve.delete(&format!("/bots/{bot}")).await.refused(404, "not_found");
    // A person is nobody's bot, not even their own.
    eve.delete(&format!("/bots/{}", eve.id)).await.refused(404, "not_found");
    eve.post(&format!("/bots/{}/tokens", ann.id), new).await.refused(404, "not_found");
    // A profile can be seen, so one is told that it is not one's own.
    eve.put(&format!("/users/{}/profile", ann.id), json!({ "about": "x" })).await.refused(403, "forbidden");
    assert_eq!(eve.get("/bots").await.expect(200)["items"], json!([]));
    assert_eq!(eve.get("/me/tokens").await.expect(200)["items"], json!([]));
    // What is nobody's.
    eve.get("/users/4611686018427387904").await.refused(404, "not_found");
    eve.get("/users/4611686018427387904/presence").await.refused(404, "not_found");
    eve.put("/contacts/4611686018427387904", json!({})).await.refused(404, "not_found");
    eve.put("/contacts/4611686018427387904/block", json!({})).await.refused(404, "not_found");
    for kind in ["direct", "group", "channel"] {
        let name = (kind != "direct").then_some("x");
        let body = json!({ "type": kind, "name": name, "members": ["4611686018427387904"] });
        assert_eq!(eve.post("/conversations", body).await.refused(422, "invalid_field")["field"], "members");
    }
    // All of it is still there.
    ann.get("/me").await.expect(200);
    assert_eq!(ann.get(&format!("/bots/{bot}/tokens")).await.expect(200)["items"].as_array().unwrap().len(), 1);
    others.notice_nothing().await;
}

#[tokio::test]
async fn invitations_belong_to_their_conversation() {
    let server = TestServer::start().await;
    let mut others = Others::of(&server).await;
    let [ann, eve] = server.people(["ann", "eve"]).await;
    let (anns, eves) = (ann.group("ann's", &[]).await, eve.group("eve's", &[]).await);
    let invitation = ann.post(&format!("/conversations/{anns}/invitations"), json!({})).await.expect(201);
    // Neither from another conversation, nor as one of the server's.
    eve.delete(&format!("/conversations/{eves}/invitations/{}", id(&invitation))).await.refused(404, "not_found");
    eve.delete(&format!("/invitations/{}", id(&invitation))).await.refused(403, "forbidden");
    assert_eq!(eve.get(&format!("/conversations/{eves}/invitations")).await.expect(200)["items"], json!([]));
    let listed = ann.get(&format!("/conversations/{anns}/invitations")).await.expect(200);
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["code"]), (1, &Value::Null));
    others.notice_nothing().await;
}

#[tokio::test]
async fn the_server_is_administered_by_its_administrators() {
    let server = TestServer::start().await;
    let [owner, eve] = server.people(["ann", "eve"]).await;
    let mut others = Others::of(&server).await;
    for path in ["/admin/settings", "/admin/users", "/invitations"] {
        eve.get(path).await.refused(403, "forbidden");
        owner.get(path).await.expect(200);
    }
    eve.put("/admin/settings", json!({ "registration": "closed" })).await.refused(403, "forbidden");
    eve.put(&format!("/admin/users/{}", eve.id), json!({ "server_role": "owner" })).await.refused(403, "forbidden");
    eve.put(&format!("/admin/users/{}", owner.id), json!({ "disabled": true })).await.refused(403, "forbidden");
    eve.put("/admin/users/4611686018427387904", json!({})).await.refused(403, "forbidden");
    eve.post("/admin/keys/rotate", json!({})).await.refused(403, "forbidden");
    eve.post("/invitations", json!({})).await.refused(403, "forbidden");
    owner.put("/admin/users/4611686018427387904", json!({})).await.refused(404, "not_found");
    others.notice_nothing().await;
}
