//! Conversations: making, finding, changing, archiving and deleting them.

use laserchat_tests::{Person, TestServer};
use serde_json::{Value, json};

fn items(list: &Value) -> &[Value] {
    list["items"].as_array().expect("items")
}

fn ids(list: &Value) -> Vec<&str> {
    items(list).iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

async fn channel(who: &Person, name: &str, public: bool) -> String {
    let body = json!({ "type": "channel", "name": name, "public": public });
    who.post("/conversations", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn set(who: &Person, conversation: &str, body: Value) -> laserchat_tests::Answer {
    who.put(&format!("/conversations/{conversation}"), body).await
}

#[tokio::test]
async fn a_pair_has_one_conversation() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let open = |other: &Person| json!({ "type": "direct", "members": [other.id] });
    let made = ann.post("/conversations", open(&bob)).await.expect(201);
    assert_eq!((&made["type"], &made["name"], &made["member_count"]), (&json!("direct"), &Value::Null, &json!(2)));
    assert_eq!(made["peer"]["username"], "bob");
    for (who, other) in [(&ann, &bob), (&bob, &ann)] {
        let again = who.post("/conversations", open(other)).await.expect(200);
        assert_eq!((&again["id"], &again["peer"]["username"]), (&made["id"], &json!(other.username)));
    }
    let members = json!({ "type": "direct", "members": [ann.id, bob.id, ann.id, bob.id] });
    assert_eq!(ann.post("/conversations", members).await.expect(200)["id"], made["id"]);
    let three = json!({ "type": "direct", "members": [bob.id, eve.id] });
    assert_eq!(ann.post("/conversations", three).await.refused(422, "invalid_field")["field"], "members");
    for (field, value) in [("name", json!("a name")), ("public", json!(true))] {
        let mut body = open(&eve);
        body[field] = value;
        assert_eq!(ann.post("/conversations", body).await.refused(422, "invalid_field")["field"], field);
    }
    // Both at once, and many times.
    let (one, other) = tokio::join!(ann.post("/conversations", open(&eve)), eve.post("/conversations", open(&ann)));
    assert_eq!(one.body["id"], other.body["id"]);
    assert_eq!(one.status.as_u16() + other.status.as_u16(), 200 + 201);
    let at_once = (0..8).map(|_| {
        let (bob, body) = (bob.clone(), open(&eve));
        tokio::spawn(async move { bob.post("/conversations", body).await.body["id"].clone() })
    });
    let mut made = Vec::new();
    for answer in at_once.collect::<Vec<_>>() {
        made.push(answer.await.unwrap());
    }
    made.dedup();
    assert_eq!(made.len(), 1);
}

#[tokio::test]
async fn notes_are_a_conversation_with_oneself() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let made = ann.post("/conversations", json!({ "type": "direct" })).await.expect(201);
    assert_eq!((&made["member_count"], &made["peer"]["username"]), (&json!(1), &json!("ann")));
    let again = ann.post("/conversations", json!({ "type": "direct", "members": [ann.id] })).await.expect(200);
    assert_eq!(again["id"], made["id"]);
    let notes = made["id"].as_str().unwrap();
    ann.say(notes, "1", "remember @ann").await;
    let view = ann.get(&format!("/conversations/{notes}")).await.expect(200);
    assert_eq!((&view["membership"]["unread"], &view["membership"]["mentions"]), (&json!(0), &json!(0)));
    ann.post(&format!("/conversations/{notes}/leave"), json!({})).await.refused(409, "wrong_kind");
    ann.delete(&format!("/conversations/{notes}")).await.refused(409, "wrong_kind");
}

#[tokio::test]
async fn groups_and_channels_have_names() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    for kind in ["group", "channel"] {
        assert_eq!(
            ann.post("/conversations", json!({ "type": kind })).await.refused(422, "invalid_field")["field"],
            "name"
        );
        for name in ["", "   ", &"x".repeat(101)] {
            let refused = ann.post("/conversations", json!({ "type": kind, "name": name })).await;
            assert_eq!(refused.refused(422, "invalid_field")["field"], "name");
        }
        let body = json!({ "type": kind, "name": "  A   name ", "topic": " about  it ", "members": [bob.id, bob.id] });
        let made = ann.post("/conversations", body).await.expect(201);
        assert_eq!((&made["name"], &made["topic"]), (&json!("A name"), &json!("about it")));
        assert_eq!((&made["member_count"], &made["membership"]["role"]), (&json!(2), &json!("owner")));
        let path = format!("/conversations/{}/members", made["id"].as_str().unwrap());
        let members = bob.get(&path).await.expect(200);
        let roles: Vec<_> =
            items(&members).iter().map(|member| (&member["user"]["username"], &member["role"])).collect();
        assert_eq!(roles, [(&json!("ann"), &json!("owner")), (&json!("bob"), &json!("member"))]);
    }
    ann.post("/conversations", json!({ "type": "group", "name": "x", "public": true }))
        .await
        .refused(422, "invalid_field");
    ann.post("/conversations", json!({ "type": "party", "name": "x" })).await.refused(400, "malformed_json");
}

/// Accounts in numbers: bots, whose making costs no password.
async fn crowd(people: &[Person], count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..count {
        let body = json!({ "username": format!("crowd.{n}x") });
        let made = people[n / 20].post("/bots", body).await.expect(201);
        ids.push(made["bot"]["id"].as_str().unwrap().to_owned());
    }
    ids
}

#[tokio::test]
async fn a_group_has_a_hundred_members_and_a_channel_any_number() {
    let server = TestServer::start().await;
    let people = server.people(["ann", "bob", "carl", "dora", "emil", "fay"]).await;
    let crowd = crowd(&people, 101).await;
    let [ann, bob, ..] = &people;
    let body = |kind: &str, count: usize| json!({ "type": kind, "name": "many", "members": crowd[..count] });
    assert_eq!(ann.post("/conversations", body("group", 100)).await.refused(422, "invalid_field")["field"], "members");
    let group = ann.post("/conversations", body("group", 98)).await.expect(201);
    assert_eq!(group["member_count"], 99);
    let path = format!("/conversations/{}", group["id"].as_str().unwrap());
    let add = |user: &str| json!({ "user_id": user });
    ann.post(&format!("{path}/members"), add(&crowd[98])).await.expect(201);
    ann.post(&format!("{path}/members"), add(&crowd[99])).await.refused(409, "limit_reached");
    let link = ann.post(&format!("{path}/invitations"), json!({ "max_uses": 1 })).await.expect(201);
    let join = format!("/invitations/{}/join", link["code"].as_str().unwrap());
    bob.post(&join, json!({})).await.refused(409, "limit_reached");
    // When somebody goes there is a place, and the invitation was not used up by the refusal.
    ann.delete(&format!("{path}/members/{}", crowd[0])).await.expect(204);
    assert_eq!(bob.post(&join, json!({})).await.expect(200)["member_count"], 100);

    let channel = ann.post("/conversations", body("channel", 100)).await.expect(201);
    let path = format!("/conversations/{}/members", channel["id"].as_str().unwrap());
    ann.post("/conversations", body("channel", 101)).await.refused(422, "invalid_field");
    ann.post(&path, add(&crowd[100])).await.expect(201);
    ann.post(&path, add(&bob.id)).await.expect(201);
    // All of them, page by page, each once.
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("{path}?limit=40{cursor}")).await.expect(200);
        seen.extend(items(&page).iter().map(|member| member["user"]["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), seen[0].as_str()), (103, ann.id.as_str()));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 103);
}

#[tokio::test]
async fn public_channels_are_found_and_joined_and_private_ones_are_not_there() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let public = channel(&ann, "Gardening for all", true).await;
    let private = channel(&ann, "Gardening in secret", false).await;
    set(&ann, &public, json!({ "topic": "Tomatoes and roses" })).await.expect(200);
    set(&ann, &private, json!({ "topic": "Tomatoes and roses" })).await.expect(200);
    for query in ["garden", "TOMA ro", "all gard", ""] {
        assert_eq!(ids(&bob.get(&format!("/channels?q={query}")).await.expect(200)), [public.as_str()], "{query}");
    }
    assert_eq!(ids(&bob.get("/channels?q=ardening").await.expect(200)), [] as [&str; 0]);
    // A public channel can be looked at, but what is said there is for its members.
    ann.say(&public, "1", "for members").await;
    let seen = bob.get(&format!("/conversations/{public}")).await.expect(200);
    assert_eq!((&seen["membership"], &seen["last_message"]), (&Value::Null, &Value::Null));
    for rest in ["messages", "members", "changes", "pins"] {
        bob.get(&format!("/conversations/{public}/{rest}")).await.refused(404, "not_found");
    }
    let joined = bob.post(&format!("/conversations/{public}/join"), json!({})).await.expect(200);
    assert_eq!((&joined["member_count"], &joined["membership"]["role"]), (&json!(2), &json!("member")));
    assert_eq!(bob.post(&format!("/conversations/{public}/join"), json!({})).await.expect(200)["seq"], joined["seq"]);
    assert_eq!(bob.history(&public).await.iter().filter(|message| message["body"] == "for members").count(), 1);
    bob.post(&format!("/conversations/{private}/join"), json!({})).await.refused(404, "not_found");
    // Whoever is banned does not find it any more.
    ann.put(&format!("/conversations/{public}/members/{}", eve.id), json!({ "banned": true })).await.expect(204);
    eve.get(&format!("/conversations/{public}")).await.refused(404, "not_found");
    eve.post(&format!("/conversations/{public}/join"), json!({})).await.refused(403, "banned");
    // What becomes private or archived is found no more, and is back when that is taken back.
    for hidden in [json!({ "public": false }), json!({ "archived": true })] {
        set(&ann, &public, hidden).await.expect(200);
        assert_eq!(ids(&eve.get("/channels?q=garden").await.expect(200)), [] as [&str; 0]);
        set(&ann, &public, json!({ "public": true, "archived": false })).await.expect(200);
        assert_eq!(ids(&bob.get("/channels?q=garden").await.expect(200)), [public.as_str()]);
    }
}

#[tokio::test]
async fn the_found_come_in_pages_the_largest_first() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        expected.push(channel(&ann, &format!("channel {n}"), true).await);
    }
    bob.post(&format!("/conversations/{}/join", expected[4]), json!({})).await.expect(200);
    let largest = expected.remove(4);
    expected.insert(0, largest);
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let page = bob.get(&format!("/channels?q=channel&limit=3{cursor}")).await.expect(200);
        found.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn ones_own_come_in_pages_the_newest_first() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut groups = Vec::new();
    for n in 0..5 {
        groups.push(ann.group(&format!("group {n}"), &[&bob]).await);
    }
    bob.say(&groups[1], "1", "newest").await;
    groups.reverse();
    let newest = groups.remove(3);
    groups.insert(0, newest);
    let (mut cursor, mut listed) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("/conversations?limit=2{cursor}")).await.expect(200);
        listed.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(listed, groups);
    let first = ann.get("/conversations?limit=1").await.expect(200)["items"][0].clone();
    assert_eq!((&first["last_message"]["body"], &first["membership"]["unread"]), (&json!("newest"), &json!(1)));
}

#[tokio::test]
async fn changes_are_told_in_the_timeline_and_live() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let channel = channel(&ann, "before", false).await;
    ann.post(&format!("/conversations/{channel}/members"), json!({ "user_id": bob.id })).await.expect(201);
    let mut bobs = bob.connect().await;
    for (change, told) in [
        (json!({ "name": "after" }), json!({ "event": "renamed", "name": "after" })),
        (json!({ "topic": "things" }), json!({ "event": "topic_changed", "topic": "things" })),
        (json!({ "topic": null }), json!({ "event": "topic_changed", "topic": null })),
        (json!({ "slow_mode_seconds": 5 }), json!({ "event": "settings_changed" })),
        (json!({ "read_only": true }), json!({ "event": "settings_changed" })),
        (json!({ "archived": true }), json!({ "event": "archived" })),
        (json!({ "archived": false }), json!({ "event": "unarchived" })),
    ] {
        let view = set(&ann, &channel, change.clone()).await.expect(200);
        let event = bobs.expect("conversation.updated").await;
        for field in change.as_object().unwrap().keys().filter(|field| *field != "archived") {
            assert_eq!(event["conversation"][field], change[field]);
            assert_eq!(view[field], change[field]);
        }
        let line = bobs.expect("message.sent").await["message"].clone();
        assert_eq!((&line["type"], &line["system"], &line["sender_id"]), (&json!("system"), &told, &json!(ann.id)));
        // Saying it again changes nothing.
        assert_eq!(set(&ann, &channel, change).await.expect(200)["seq"], view["seq"]);
    }
    assert_eq!(bobs.drain().await, [] as [Value; 0]);
    assert_eq!(bob.get(&format!("/conversations/{channel}")).await.expect(200)["membership"]["unread"], 0);
}

#[tokio::test]
async fn an_archive_is_read_only_until_it_is_opened() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("old", &[&bob]).await;
    let path = format!("/conversations/{group}");
    let message = format!("/messages/{}", bob.say(&group, "1", "last words").await["id"].as_str().unwrap());
    assert!(set(&ann, &group, json!({ "archived": true })).await.expect(200)["archived_at"].is_string());
    for who in [&ann, &bob] {
        who.post(&format!("{path}/messages"), json!({ "client_id": "a", "body": "x" })).await.refused(409, "archived");
        who.put(&format!("{message}/reactions/👍"), json!({})).await.refused(409, "archived");
        who.put(&format!("{message}/pin"), json!({})).await.refused(409, "archived");
    }
    bob.put(&message, json!({ "body": "x" })).await.refused(409, "archived");
    ann.post(&format!("{path}/members"), json!({ "user_id": eve.id })).await.refused(409, "archived");
    let send = json!({ "conversation_id": group, "client_id": "s", "body": "x" });
    assert_eq!(bob.connect().await.command("message.send", send).await["code"], "archived");
    // It can be read, left, and one's own words taken back.
    bob.history(&group).await;
    bob.put(&format!("{path}/read"), json!({})).await.expect(204);
    bob.delete(&message).await.expect(200);
    bob.post(&format!("{path}/leave"), json!({})).await.expect(204);
    set(&ann, &group, json!({ "archived": false })).await.expect(200);
    ann.say(&group, "2", "again").await;
}

#[tokio::test]
async fn what_is_deleted_is_gone_for_everybody() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("brief", &[&bob]).await;
    let path = format!("/conversations/{group}");
    let message = ann.say(&group, "1", "soon gone").await["id"].as_str().unwrap().to_owned();
    let link = ann.post(&format!("{path}/invitations"), json!({})).await.expect(201);
    let code = link["code"].as_str().unwrap();
    let mut bobs = bob.connect().await;
    bob.delete(&path).await.refused(403, "forbidden");
    ann.delete(&path).await.expect(204);
    assert_eq!(bobs.expect("conversation.deleted").await["conversation_id"], group.as_str());
    assert_eq!(bobs.expect("membership.updated").await["membership"]["state"], "left");
    for who in [&ann, &bob] {
        who.get(&path).await.refused(404, "not_found");
        who.get(&format!("{path}/messages")).await.refused(404, "not_found");
        who.get(&format!("/messages/{message}")).await.refused(404, "not_found");
        who.post(&format!("{path}/messages"), json!({ "client_id": "a", "body": "x" })).await.refused(404, "not_found");
        assert_eq!(ids(&who.get("/conversations").await.expect(200)), [] as [&str; 0]);
    }
    ann.delete(&path).await.refused(404, "not_found");
    bob.get(&format!("/invitations/{code}")).await.refused(410, "invitation_invalid");
    bob.post(&format!("/invitations/{code}/join"), json!({})).await.refused(410, "invitation_invalid");
    let send = json!({ "conversation_id": group, "client_id": "s", "body": "x" });
    assert_eq!(bobs.command("message.send", send).await["code"], "not_found");
}

#[tokio::test]
async fn ones_own_settings_are_nobody_elses() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("quiet", &[&bob]).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let path = format!("/conversations/{group}/membership");
    let until = "2999-01-01T00:00:00.000Z";
    let set = ann.put(&path, json!({ "favourite": true, "notifications_muted_until": until })).await.expect(200);
    assert_eq!((&set["favourite"], &set["notifications_muted_until"]), (&json!(true), &json!(until)));
    assert_eq!(anns.expect("membership.updated").await["membership"], set);
    let cleared = ann.put(&path, json!({ "notifications_muted_until": null })).await.expect(200);
    assert_eq!((&cleared["favourite"], &cleared["notifications_muted_until"]), (&json!(true), &Value::Null));
    let view = bob.get(&format!("/conversations/{group}")).await.expect(200);
    assert_eq!(view["membership"]["favourite"], false);
    assert_eq!(bobs.drain().await, [] as [Value; 0]);
}
