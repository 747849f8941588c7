//! Conversations over HTTP against a whole server: who sees them, pages, threads, reactions, pins, members.

use laserchat_tests::TestServer;
use laserchat_tests::raw::text;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_private_does_not_exist_for_others() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("plans", &[&bob]).await;
    let message = ann.say(&group, "1", "secret").await;
    let id = text(&message["id"]);
    for path in [
        format!("/conversations/{group}"),
        format!("/conversations/{group}/messages"),
        format!("/conversations/{group}/changes?after=0"),
        format!("/conversations/{group}/members"),
        format!("/conversations/{group}/bans"),
        format!("/conversations/{group}/pins"),
        format!("/conversations/{group}/invitations"),
        format!("/messages/{id}"),
        format!("/messages/{id}/thread"),
        format!("/messages/{id}/reactions/%F0%9F%91%8D"),
    ] {
        eve.get(&path).await.refused(404, "not_found");
    }
    for path in [format!("/messages/{id}/pin"), format!("/messages/{id}/read"), format!("/messages/{id}/follow")] {
        eve.put(&path, json!({})).await.refused(404, "not_found");
    }
    eve.put(&format!("/conversations/{group}"), json!({ "name": "mine" })).await.refused(404, "not_found");
    eve.post(&format!("/conversations/{group}/join"), json!({})).await.refused(404, "not_found");
    eve.post(&format!("/conversations/{group}/members"), json!({ "user_id": eve.id })).await.refused(404, "not_found");
    eve.delete(&format!("/messages/{id}")).await.refused(404, "not_found");

    let channel = json!({ "type": "channel", "name": "news", "public": true });
    let channel = ann.post("/conversations", channel).await.expect(201);
    let channel = text(&channel["id"]);
    ann.say(channel, "1", "for members").await;
    let seen = eve.get(&format!("/conversations/{channel}")).await.expect(200);
    assert_eq!((&seen["membership"], &seen["last_message"]), (&Value::Null, &Value::Null));
    eve.get(&format!("/conversations/{channel}/messages")).await.refused(404, "not_found");
    assert_eq!(eve.get("/channels?q=new").await.expect(200)["items"][0]["id"], channel);
    eve.post(&format!("/conversations/{channel}/join"), json!({})).await.expect(200);
    eve.get(&format!("/conversations/{channel}/messages")).await.expect(200);
    ann.put(&format!("/conversations/{channel}/members/{}", eve.id), json!({ "banned": true })).await.expect(204);
    eve.get(&format!("/conversations/{channel}")).await.refused(404, "not_found");
    eve.post(&format!("/conversations/{channel}/join"), json!({})).await.refused(403, "banned");
    assert_eq!(
        ann.get(&format!("/conversations/{channel}/bans")).await.expect(200)["items"][0]["user"]["id"],
        eve.id.as_str()
    );
}

#[tokio::test]
async fn history_pages_go_on_in_one_direction() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let notes = ann.post("/conversations", json!({ "type": "direct" })).await.expect(201);
    let notes = text(&notes["id"]);
    let mut seqs = Vec::new();
    for n in 0..5 {
        seqs.push(ann.say(notes, &n.to_string(), "x").await["seq"].as_u64().unwrap());
    }
    let page = |query: String| {
        let (ann, path) = (ann.clone(), format!("/conversations/{notes}/messages?{query}"));
        async move {
            let page = ann.get(&path).await.expect(200);
            let items = page["items"].as_array().unwrap().iter().map(|m| m["seq"].as_u64().unwrap()).collect();
            (items, page["next"].as_str().map(str::to_owned))
        }
    };
    let (newest, next): (Vec<u64>, _) = page("limit=2".into()).await;
    assert_eq!(newest, seqs[3..]);
    let (older, _): (Vec<u64>, _) = page(format!("limit=2&before={}", next.unwrap())).await;
    assert_eq!(older, seqs[1..3]);
    let (first, next): (Vec<u64>, _) = page("limit=4&after=0".into()).await;
    assert_eq!(first, seqs[..4]);
    let (rest, next): (Vec<u64>, _) = page(format!("limit=4&after={}", next.unwrap())).await;
    assert_eq!((rest.as_slice(), next), (&seqs[4..], None));
    let (around, _): (Vec<u64>, _) = page(format!("limit=3&around={}", seqs[2])).await;
    assert!(around.contains(&seqs[2]) && around.len() <= 4, "{around:?}");
    ann.get(&format!("/conversations/{notes}/messages?before=1&after=1")).await.refused(400, "invalid_request");
    for bad in ["limit=0", "limit=201", "before=-1", "after=9223372036854775808", "around=x"] {
        let problem = ann.get(&format!("/conversations/{notes}/messages?{bad}")).await.refused(400, "invalid_request");
        assert_eq!(problem["field"], bad.split('=').next().unwrap());
    }
}

#[tokio::test]
async fn threads_reactions_pins_and_forwards() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("plans", &[&bob]).await;
    let parent = ann.say(&group, "1", "who comes?").await;
    let id = text(&parent["id"]);
    for n in 0..3 {
        let reply = json!({ "client_id": format!("r{n}"), "body": "me", "parent_id": id });
        bob.post(&format!("/conversations/{group}/messages"), reply).await.expect(201);
    }
    let thread = ann.get(&format!("/messages/{id}/thread?limit=2")).await.expect(200);
    assert_eq!((thread["items"].as_array().unwrap().len(), &thread["parent"]["reply_count"]), (2, &json!(3)));
    let rest = ann.get(&format!("/messages/{id}/thread?limit=2&cursor={}", text(&thread["next"]))).await.expect(200);
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let reply = text(&rest["items"][0]["id"]).to_owned();
    ann.put(&format!("/messages/{reply}/follow"), json!({})).await.refused(409, "wrong_kind");
    ann.put(&format!("/messages/{id}/follow"), json!({})).await.expect(204);

    let thumb = format!("/messages/{id}/reactions/%F0%9F%91%8D");
    let reacted = bob.put(&thumb, json!({})).await.expect(200);
    assert_eq!(reacted["reactions"], json!([{ "emoji": "👍", "count": 1, "me": true }]));
    bob.put(&thumb, json!({})).await.expect(200);
    assert_eq!(ann.get(&thumb).await.expect(200)["items"][0]["user"]["id"], bob.id.as_str());
    assert_eq!(bob.delete(&thumb).await.expect(200)["reactions"], json!([]));
    bob.put(&format!("/messages/{id}/reactions/word"), json!({})).await.refused(422, "invalid_field");

    assert_eq!(ann.put(&format!("/messages/{id}/pin"), json!({})).await.expect(200)["pinned_by"], ann.id.as_str());
    assert_eq!(bob.get(&format!("/conversations/{group}/pins")).await.expect(200)["items"][0]["id"], id);
    bob.delete(&format!("/messages/{id}/pin")).await.expect(200);

    let direct = ann.direct(&bob).await;
    let forward = json!({ "conversation_id": direct, "client_id": "f" });
    let copy = ann.post(&format!("/messages/{id}/forward"), forward.clone()).await.expect(201);
    assert_eq!(copy["forwarded_from"]["message_id"], id);
    assert_eq!(ann.post(&format!("/messages/{id}/forward"), forward).await.expect(200)["id"], copy["id"]);

    bob.put(&format!("/messages/{id}"), json!({ "body": "mine" })).await.refused(403, "forbidden");
    assert!(ann.put(&format!("/messages/{id}"), json!({ "body": "who?" })).await.expect(200)["edited_at"].is_string());
    assert_eq!(ann.delete(&format!("/messages/{id}")).await.expect(200)["body"], "");
    ann.put(&format!("/messages/{id}"), json!({ "body": "again" })).await.refused(410, "message_deleted");
    bob.put(&format!("/conversations/{group}/read"), json!({})).await.expect(204);
    let view = bob.get(&format!("/conversations/{group}")).await.expect(200);
    assert_eq!(view["membership"]["unread"], 0);
}

#[tokio::test]
async fn members_are_managed_by_those_who_may() {
    let server = TestServer::start().await;
    let [ann, bob, cleo] = server.people(["ann", "bob", "cleo"]).await;
    let group = ann.group("plans", &[&bob]).await;
    let members = format!("/conversations/{group}/members");
    let added = bob.post(&members, json!({ "user_id": cleo.id })).await.expect(201);
    assert_eq!((&added["user"]["id"], &added["role"]), (&json!(cleo.id), &json!("member")));
    bob.post(&members, json!({ "user_id": cleo.id })).await.refused(409, "already_member");
    bob.post(&members, json!({ "user_id": "12345" })).await.refused(404, "not_found");
    bob.delete(&format!("{members}/{}", cleo.id)).await.refused(403, "forbidden");
    ann.put(&format!("{members}/{}", bob.id), json!({ "role": "moderator" })).await.expect(204);
    ann.put(&format!("{members}/{}", bob.id), json!({})).await.refused(422, "invalid_field");
    bob.put(&format!("{members}/{}", cleo.id), json!({ "mute_seconds": 60 })).await.expect(204);
    let send = json!({ "client_id": "1", "body": "hm" });
    cleo.post(&format!("/conversations/{group}/messages"), send).await.refused(403, "muted");
    let listed = ann.get(&format!("{members}?limit=2")).await.expect(200);
    assert_eq!(listed["items"][0]["role"], "owner");
    let rest = ann.get(&format!("{members}?limit=2&cursor={}", text(&listed["next"]))).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    ann.post(&format!("/conversations/{group}/leave"), json!({})).await.refused(409, "owner_must_hand_over");
    ann.put(&format!("{members}/{}", bob.id), json!({ "role": "owner" })).await.expect(204);
    ann.post(&format!("/conversations/{group}/leave"), json!({})).await.expect(204);
    ann.get(&format!("/conversations/{group}")).await.refused(404, "not_found");
    let own = json!({ "favourite": true });
    assert_eq!(bob.put(&format!("/conversations/{group}/membership"), own).await.expect(200)["favourite"], true);
    bob.put(&format!("/conversations/{group}"), json!({ "name": " New  name ", "topic": "" })).await.expect(200);
    assert_eq!(cleo.get(&format!("/conversations/{group}")).await.expect(200)["name"], "New name");
    bob.delete(&format!("/conversations/{group}")).await.expect(204);
    cleo.get(&format!("/conversations/{group}")).await.refused(404, "not_found");
}
