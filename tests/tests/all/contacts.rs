//! Contacts and blocks: asking, answering, ending, and what a block keeps out.

use laserchat_tests::{Person, Socket, TestServer};
use serde_json::{Value, json};

/// One's own view of somebody: state and whether blocked.
async fn seen(who: &Person, other: &Person) -> (String, bool) {
    let contacts = who.get("/contacts").await.expect(200);
    let found = contacts["items"].as_array().unwrap().iter().find(|contact| contact["user"]["id"] == other.id.as_str());
    found.map_or(("none".into(), false), |contact| {
        (contact["state"].as_str().unwrap().to_owned(), contact["blocked"].as_bool().unwrap())
    })
}

async fn states(ann: &Person, bob: &Person) -> (String, String) {
    (seen(ann, bob).await.0, seen(bob, ann).await.0)
}

async fn put(who: &Person, other: &Person, rest: &str) -> laserchat_tests::Answer {
    who.put(&format!("/contacts/{}{rest}", other.id), json!({})).await
}

async fn accept(who: &Person, other: &Person) -> laserchat_tests::Answer {
    who.post(&format!("/contacts/{}/accept", other.id), json!({})).await
}

async fn delete(who: &Person, other: &Person, rest: &str) -> laserchat_tests::Answer {
    who.delete(&format!("/contacts/{}{rest}", other.id)).await
}

fn both(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

async fn told(socket: &mut Socket) -> Value {
    socket.expect("contact.updated").await["contact"].clone()
}

#[tokio::test]
async fn asking_and_answering() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let (mut anns, mut bobs, mut bobs_phone) = (ann.connect().await, bob.connect().await, bob.connect().await);
    put(&ann, &bob, "").await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("requested", "pending"));
    assert_eq!(told(&mut anns).await["state"], "requested");
    assert_eq!(
        (told(&mut bobs).await["state"].clone(), told(&mut bobs_phone).await["state"].clone()),
        (json!("pending"), json!("pending"))
    );
    // Asking again changes nothing, and whoever asked cannot answer.
    put(&ann, &bob, "").await.expect(204);
    accept(&ann, &bob).await.refused(404, "not_found");
    accept(&bob, &ann).await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("accepted", "accepted"));
    assert_eq!(
        (told(&mut anns).await["state"].clone(), told(&mut bobs).await["state"].clone()),
        (json!("accepted"), json!("accepted"))
    );
    accept(&bob, &ann).await.expect(204);
    delete(&ann, &bob, "").await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("none", "none"));
    assert_eq!(told(&mut bobs).await["state"], "none");

    // Refusing, withdrawing, and asking each other.
    put(&ann, &bob, "").await.expect(204);
    delete(&bob, &ann, "").await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("none", "none"));
    put(&ann, &bob, "").await.expect(204);
    delete(&ann, &bob, "").await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("none", "none"));
    put(&ann, &bob, "").await.expect(204);
    put(&bob, &ann, "").await.expect(204);
    assert_eq!(states(&ann, &bob).await, both("accepted", "accepted"));
    for answer in [put(&ann, &ann, "").await, accept(&ann, &ann).await, put(&ann, &ann, "/block").await] {
        answer.refused(409, "wrong_kind");
    }
}

#[tokio::test]
async fn both_asking_at_once_are_contacts() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    for _ in 0..10 {
        let (one, other) = tokio::join!(put(&ann, &bob, ""), put(&bob, &ann, ""));
        one.expect(204);
        other.expect(204);
        assert_eq!(states(&ann, &bob).await, both("accepted", "accepted"));
        delete(&ann, &bob, "").await.expect(204);
    }
}

#[tokio::test]
async fn whoever_is_blocked_cannot_write_add_or_see() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    put(&ann, &bob, "").await.expect(204);
    accept(&bob, &ann).await.expect(204);
    let direct = ann.direct(&bob).await;
    let bobs_own = bob.say(&direct, "1", "before").await["id"].as_str().unwrap().to_owned();
    let group = ann.group("all", &[&bob, &eve]).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    bobs.command("presence.watch", json!({ "user_ids": [ann.id] })).await;
    bobs.drain().await;

    put(&ann, &bob, "/block").await.expect(204);
    assert_eq!(seen(&ann, &bob).await, ("none".into(), true));
    assert_eq!(told(&mut anns).await["blocked"], true);
    // The other sees that the contact ended, and not why.
    assert_eq!(seen(&bob, &ann).await, ("none".into(), false));
    let bobs_view = told(&mut bobs).await;
    assert_eq!((&bobs_view["state"], &bobs_view["blocked"]), (&json!("none"), &json!(false)));
    assert_eq!(bobs.expect("user.offline").await["user_id"], ann.id.as_str());

    // Neither of the two writes there, by any way.
    let send = |n: &str| json!({ "conversation_id": direct, "client_id": n, "body": "hello" });
    let path = format!("/conversations/{direct}/messages");
    for (who, name) in [(&ann, "a"), (&bob, "b")] {
        who.post(&path, json!({ "client_id": name, "body": "hello" })).await.refused(403, "blocked");
        who.put(&format!("/messages/{bobs_own}/reactions/👍"), json!({})).await.refused(403, "blocked");
        who.put(&format!("/messages/{bobs_own}/pin"), json!({})).await.refused(403, "blocked");
        let said = who.say(&group, name, "in company").await["id"].as_str().unwrap().to_owned();
        let forward = json!({ "conversation_id": direct, "client_id": "f" });
        who.post(&format!("/messages/{said}/forward"), forward).await.refused(403, "blocked");
    }
    assert_eq!(bobs.command("message.send", send("c")).await["code"], "blocked");
    assert_eq!(anns.command("message.send", send("d")).await["code"], "blocked");
    bob.put(&format!("/messages/{bobs_own}"), json!({ "body": "after all" })).await.refused(403, "blocked");
    // What was said stays to be read, and one's own words can be taken back.
    assert_eq!(bob.history(&direct).await.len(), 1);
    bob.delete(&format!("/messages/{bobs_own}")).await.expect(200);

    // Asking, adding, meeting anew.
    put(&bob, &ann, "").await.refused(403, "blocked");
    accept(&bob, &ann).await.refused(403, "blocked");
    put(&ann, &bob, "").await.refused(403, "blocked");
    let with = |members: &[&Person]| {
        let members: Vec<&str> = members.iter().map(|person| person.id.as_str()).collect();
        json!({ "type": "group", "name": "new", "members": members })
    };
    assert_eq!(bob.post("/conversations", with(&[&eve, &ann])).await.refused(403, "blocked")["field"], "members");
    ann.post("/conversations", with(&[&bob])).await.refused(403, "blocked");
    let bobs_group = bob.group("bob's", &[&eve]).await;
    let add = |who: &Person| json!({ "user_id": who.id });
    bob.post(&format!("/conversations/{bobs_group}/members"), add(&ann)).await.refused(403, "blocked");
    eve.post(&format!("/conversations/{bobs_group}/members"), add(&ann)).await.expect(201);

    // Presence, asked for once or watched.
    assert_eq!(bob.get(&format!("/users/{}/presence", ann.id)).await.expect(200)["status"], "offline");
    let watched = bobs.command("presence.watch", json!({ "user_ids": [ann.id] })).await;
    assert_eq!(
        (&watched["presence"][0]["status"], &watched["presence"][0]["last_seen_at"]),
        (&json!("offline"), &Value::Null)
    );
    anns.command("presence.set", json!({ "activity": "away" })).await;
    assert!(bobs.drain().await.iter().all(|event| event["type"] != "user.online"));
    assert_eq!(eve.get(&format!("/users/{}/presence", ann.id)).await.expect(200)["status"], "away");

    delete(&ann, &bob, "/block").await.expect(204);
    bob.say(&direct, "again", "hello again").await;
    ann.say(&direct, "again", "hello").await;
    assert_eq!(bob.get(&format!("/users/{}/presence", ann.id)).await.expect(200)["status"], "away");
}

#[tokio::test]
async fn a_block_before_the_first_message() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    put(&ann, &bob, "/block").await.expect(204);
    put(&ann, &bob, "/block").await.expect(204);
    for (who, other) in [(&ann, &bob), (&bob, &ann)] {
        let open = json!({ "type": "direct", "members": [other.id] });
        who.post("/conversations", open).await.refused(403, "blocked");
    }
    // Both block; one that unblocks does not lift the other's.
    put(&bob, &ann, "/block").await.expect(204);
    delete(&ann, &bob, "/block").await.expect(204);
    ann.post("/conversations", json!({ "type": "direct", "members": [bob.id] })).await.refused(403, "blocked");
    delete(&bob, &ann, "/block").await.expect(204);
    ann.post("/conversations", json!({ "type": "direct", "members": [bob.id] })).await.expect(201);
}

#[tokio::test]
async fn messages_from_contacts_only() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let direct = eve.direct(&ann).await;
    ann.put("/me", json!({ "privacy": { "direct_from": "contacts" } })).await.expect(200);
    let open = json!({ "type": "direct", "members": [ann.id] });
    bob.post("/conversations", open.clone()).await.refused(403, "forbidden");
    put(&bob, &ann, "").await.expect(204);
    bob.post("/conversations", open.clone()).await.refused(403, "forbidden");
    accept(&ann, &bob).await.expect(204);
    bob.post("/conversations", open).await.expect(201);
    // What exists goes on, and one can always begin oneself.
    eve.say(&direct, "1", "still here").await;
    ann.direct(&ann).await;
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let people = server.people(["bob", "carl", "dora", "emil", "fay"]).await;
    for person in &people {
        put(&ann, person, "").await.expect(204);
    }
    let (mut cursor, mut names) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("/contacts?limit=2{cursor}")).await.expect(200);
        names.extend(page["items"].as_array().unwrap().iter().map(|contact| contact["user"]["username"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(names, ["bob", "carl", "dora", "emil", "fay"]);
}
