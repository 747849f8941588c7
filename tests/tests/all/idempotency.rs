//! `Idempotency-Key`: whatever is created with a key is created once, and answered the same.

use laserchat_tests::person::http;
use laserchat_tests::{Person, TestServer};
use serde_json::{Value, json};

/// Status, body, and whether the answer was kept from the first time.
async fn post(who: &Person, path: &str, key: &str, body: &Value) -> (u16, Value, bool) {
    let url = format!("http://{}/api/v1{path}", who.address);
    let request = http().post(url).bearer_auth(&who.token).header("idempotency-key", key).json(body);
    let answer = request.send().await.expect("an answer");
    let (status, replayed) = (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"));
    let text = answer.text().await.expect("a body");
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") }, replayed)
}

/// The same without what is shown once.
fn without_secrets(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| name != "secret" && name != "code");
        for field in fields.values_mut() {
            *field = without_secrets(field.take());
        }
    }
    value
}

#[tokio::test]
async fn what_is_created_with_a_key_is_created_once() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("group", &[]).await;
    let bot = ann.post("/bots", json!({ "username": "helper" })).await.expect(201)["bot"]["id"].clone();
    let public = json!({ "type": "channel", "name": "public", "public": true });
    let public = bob.post("/conversations", public).await.expect(201)["id"].clone();
    let link = bob.group("bob's", &[]).await;
    let link = bob.post(&format!("/conversations/{link}/invitations"), json!({})).await.expect(201)["code"].clone();
    bob.put(&format!("/contacts/{}", ann.id), json!({})).await.expect(204);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for (path, body, status, list) in [
        ("/conversations".to_owned(), json!({ "type": "group", "name": "new" }), 201, "/conversations".to_owned()),
        ("/conversations".into(), json!({ "type": "channel", "name": "new" }), 201, "/conversations".into()),
        ("/conversations".into(), json!({ "type": "direct", "members": [bob.id] }), 201, "/conversations".into()),
        (
            format!("/conversations/{group}/members"),
            json!({ "user_id": bob.id }),
            201,
            format!("/conversations/{group}/members"),
        ),
        (format!("/conversations/{group}/invitations"), json!({}), 201, format!("/conversations/{group}/invitations")),
        (format!("/conversations/{}/join", text(&public)), json!({}), 200, "/conversations".into()),
        (format!("/invitations/{}/join", text(&link)), json!({}), 200, "/conversations".into()),
        ("/invitations".into(), json!({}), 201, "/invitations".into()),
        ("/me/tokens".into(), json!({ "name": "t", "scopes": ["read"] }), 201, "/me/tokens".into()),
        ("/bots".into(), json!({ "username": "helper.two" }), 201, "/bots".into()),
        (
            format!("/bots/{}/tokens", text(&bot)),
            json!({ "name": "t", "scopes": ["read"] }),
            201,
            format!("/bots/{}/tokens", text(&bot)),
        ),
        (format!("/contacts/{}/accept", bob.id), json!({}), 204, "/contacts".into()),
        (format!("/conversations/{}/leave", text(&public)), json!({}), 204, "/conversations".into()),
    ] {
        let key = format!("key of {path} {body}");
        let key = &key[..key.len().min(255)];
        let first = post(&ann, &path, key, &body).await;
        assert_eq!((first.0, first.2), (status, false), "{path}: {}", first.1);
        let after = ann.get(&list).await.expect(200);
        let again = post(&ann, &path, key, &body).await;
        assert_eq!((again.0, again.2), (status, true), "{path}: {}", again.1);
        assert_eq!(again.1, without_secrets(first.1), "{path}");
        assert_eq!(ann.get(&list).await.expect(200), after, "{path}");
        // With something else it is a mistake.
        let other = post(&ann, &path, key, &json!({ "name": "other", "type": "group" })).await;
        assert_eq!((other.0, &other.1["code"]), (409, &json!("idempotency_conflict")), "{path}");
    }
}

#[tokio::test]
async fn a_key_is_ones_own() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let body = json!({ "type": "group", "name": "new" });
    let anns = post(&ann, "/conversations", "same", &body).await;
    let bobs = post(&bob, "/conversations", "same", &body).await;
    assert_eq!((anns.0, bobs.0, anns.2, bobs.2), (201, 201, false, false));
    assert_ne!(anns.1["id"], bobs.1["id"]);
    // Another device of the same person is the same person.
    let phone = ann.login().await;
    assert_eq!(post(&phone, "/conversations", "same", &body).await.1["id"], anns.1["id"]);
    // Also where the path is another.
    let elsewhere = post(&ann, "/me/tokens", "same", &json!({ "name": "t", "scopes": ["read"] })).await;
    assert_eq!((elsewhere.0, &elsewhere.1["code"]), (409, &json!("idempotency_conflict")));
}

#[tokio::test]
async fn many_at_once_with_one_key_are_one() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let body = json!({ "type": "group", "name": "once" });
    let all: Vec<_> = (0..10)
        .map(|_| {
            let (ann, body) = (ann.clone(), body.clone());
            tokio::spawn(async move { post(&ann, "/conversations", "burst", &body).await })
        })
        .collect();
    let (mut ids, mut fresh) = (Vec::new(), 0);
    for answer in all {
        let (status, body, replayed) = answer.await.unwrap();
        assert_eq!(status, 201);
        ids.push(body["id"].clone());
        fresh += u32::from(!replayed);
    }
    ids.dedup();
    assert_eq!((ids.len(), fresh), (1, 1));
    assert_eq!(ann.get("/conversations").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_not_kept_and_a_restart_forgets_nothing() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let body = json!({ "type": "direct", "members": [bob.id] });
    bob.put(&format!("/contacts/{}/block", ann.id), json!({})).await.expect(204);
    assert_eq!(post(&ann, "/conversations", "later", &body).await.0, 403);
    bob.delete(&format!("/contacts/{}/block", ann.id)).await.expect(204);
    let made = post(&ann, "/conversations", "later", &body).await;
    assert_eq!((made.0, made.2), (201, false));
    server.stop().await;
    server.start_again().await;
    let again = post(&ann, "/conversations", "later", &body).await;
    assert_eq!((again.0, again.1["id"].clone(), again.2), (201, made.1["id"].clone(), true));
    for bad in ["", &"k".repeat(256), "schlüssel"] {
        let refused = post(&ann, "/conversations", bad, &body).await;
        assert_eq!((refused.0, &refused.1["field"]), (400, &json!("Idempotency-Key")), "{bad:.10}");
    }
}

#[tokio::test]
async fn messages_have_their_own_name_and_need_no_key() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let path = format!("/conversations/{conversation}/messages");
    let body = |client_id: &str| json!({ "client_id": client_id, "body": "x" });
    let first = post(&ann, &path, "key", &body("one")).await;
    let retry = post(&ann, &path, "key", &body("one")).await;
    let next = post(&ann, &path, "key", &body("two")).await;
    assert_eq!((first.0, retry.0, next.0), (201, 200, 201));
    assert_eq!(first.1["id"], retry.1["id"]);
    let forward = json!({ "conversation_id": conversation, "client_id": "forwarded" });
    let path = format!("/messages/{}/forward", first.1["id"].as_str().unwrap());
    assert_eq!(ann.post(&path, forward.clone()).await.status, 201);
    assert_eq!(ann.post(&path, forward).await.status, 200);
    assert_eq!(ann.history(&conversation).await.len(), 3);
    // Twenty at once by the same name are one.
    let all: Vec<_> = (0..20)
        .map(|_| {
            let (ann, conversation) = (ann.clone(), conversation.clone());
            tokio::spawn(async move {
                let body = json!({ "client_id": "burst", "body": "x" });
                ann.post(&format!("/conversations/{conversation}/messages"), body).await
            })
        })
        .collect();
    let mut made = 0;
    for answer in all {
        let answer = answer.await.unwrap();
        assert!(matches!(answer.status.as_u16(), 200 | 201), "{answer:?}");
        made += u32::from(answer.status == 201);
    }
    assert_eq!(made, 1);
    assert_eq!(ann.history(&conversation).await.len(), 4);
}
