//! Members: roles, removals, bans, mutes, slow mode, ownership, and how the timeline tells of it.

use laserchat_tests::person::http;
use laserchat_tests::{Answer, Person, Socket, TestServer};
use serde_json::{Value, json};

/// A group or channel of four with one member of each role: owner, admin, moderator, member.
async fn ranks(server: &TestServer, kind: &str) -> (String, [Person; 4]) {
    let people = server.people(["olive", "adam", "molly", "mike"]).await;
    let members: Vec<&str> = people[1..].iter().map(|person| person.id.as_str()).collect();
    let body = json!({ "type": kind, "name": "ranks", "members": members });
    let made = people[0].post("/conversations", body).await.expect(201);
    let conversation = made["id"].as_str().unwrap().to_owned();
    for (person, role) in [(&people[1], "admin"), (&people[2], "moderator")] {
        update(&people[0], &conversation, person, json!({ "role": role })).await.expect(204);
    }
    (conversation, people)
}

async fn update(who: &Person, conversation: &str, whom: &Person, body: Value) -> Answer {
    who.put(&format!("/conversations/{conversation}/members/{}", whom.id), body).await
}

async fn remove(who: &Person, conversation: &str, whom: &Person) -> Answer {
    who.delete(&format!("/conversations/{conversation}/members/{}", whom.id)).await
}

async fn add(who: &Person, conversation: &str, whom: &Person) -> Answer {
    who.post(&format!("/conversations/{conversation}/members"), json!({ "user_id": whom.id })).await
}

async fn leave(who: &Person, conversation: &str) -> Answer {
    who.post(&format!("/conversations/{conversation}/leave"), json!({})).await
}

async fn send(who: &Person, conversation: &str, client_id: &str) -> Answer {
    let body = json!({ "client_id": client_id, "body": client_id });
    who.post(&format!("/conversations/{conversation}/messages"), body).await
}

async fn role(who: &Person, conversation: &str) -> Value {
    who.get(&format!("/conversations/{conversation}")).await.expect(200)["membership"]["role"].clone()
}

/// What the next line that the server wrote tells.
async fn told(socket: &mut Socket) -> Value {
    loop {
        let message = socket.expect("message.sent").await["message"].clone();
        if message["type"] == "system" {
            return message["system"].clone();
        }
    }
}

#[tokio::test]
async fn everything_that_happens_to_members_is_told() {
    let server = TestServer::start().await;
    let (group, [olive, adam, molly, mike]) = ranks(&server, "group").await;
    let mut adams = adam.connect().await;
    update(&olive, &group, &mike, json!({ "role": "moderator" })).await.expect(204);
    let changed = adams.expect("member.updated").await["member"].clone();
    assert_eq!((&changed["user"]["id"], &changed["role"]), (&json!(mike.id), &json!("moderator")));
    assert_eq!(told(&mut adams).await, json!({ "event": "role_changed", "user_id": mike.id, "role": "moderator" }));
    update(&olive, &group, &mike, json!({ "mute_seconds": 3600 })).await.expect(204);
    let muted = adams.expect("member.updated").await["member"].clone();
    assert!(muted["muted_until"].is_string());
    let line = told(&mut adams).await;
    assert_eq!(line, json!({ "event": "muted", "user_id": mike.id, "until": muted["muted_until"] }));
    update(&olive, &group, &mike, json!({ "mute_seconds": 0 })).await.expect(204);
    assert_eq!(told(&mut adams).await, json!({ "event": "unmuted", "user_id": mike.id }));
    remove(&olive, &group, &mike).await.expect(204);
    let removed = adams.expect("member.removed").await["member"].clone();
    assert_eq!((&removed["user"]["id"], &removed["state"]), (&json!(mike.id), &json!("left")));
    assert_eq!(told(&mut adams).await, json!({ "event": "removed", "user_id": mike.id }));
    add(&olive, &group, &mike).await.expect(201);
    assert_eq!(adams.expect("member.added").await["member"]["role"], "member");
    assert_eq!(told(&mut adams).await, json!({ "event": "added", "user_id": mike.id }));
    leave(&mike, &group).await.expect(204);
    assert_eq!(told(&mut adams).await, json!({ "event": "left" }));
    update(&olive, &group, &molly, json!({ "banned": true })).await.expect(204);
    assert_eq!(adams.expect("member.removed").await["member"]["state"], "left");
    assert_eq!(adams.expect("member.removed").await["member"]["state"], "banned");
    assert_eq!(told(&mut adams).await, json!({ "event": "banned", "user_id": molly.id }));
    update(&olive, &group, &molly, json!({ "banned": false })).await.expect(204);
    assert_eq!(told(&mut adams).await, json!({ "event": "unbanned", "user_id": molly.id }));
    // All of it is in the history, by those who did it, and nobody can change it.
    let history = olive.history(&group).await;
    let line = history.iter().find(|message| message["system"]["event"] == "left").unwrap();
    assert_eq!(line["sender_id"], mike.id.as_str());
    let line = format!("/messages/{}", line["id"].as_str().unwrap());
    mike.put(&line, json!({ "body": "x" })).await.refused(404, "not_found");
    olive.put(&line, json!({ "body": "x" })).await.refused(403, "forbidden");
    olive.delete(&line).await.refused(403, "forbidden");
    olive.put(&format!("{line}/pin"), json!({})).await.refused(403, "forbidden");
    let forward = json!({ "conversation_id": group, "client_id": "f" });
    olive.post(&format!("{line}/forward"), forward).await.refused(403, "forbidden");
    let reply = json!({ "client_id": "r", "body": "x", "parent_id": line.rsplit('/').next() });
    olive.post(&format!("/conversations/{group}/messages"), reply).await.refused(422, "invalid_field");
}

#[tokio::test]
async fn nobody_acts_on_an_equal_or_higher_role() {
    let server = TestServer::start().await;
    for kind in ["group", "channel"] {
        let server = if kind == "group" { &server } else { &TestServer::start().await };
        let (conversation, people) = ranks(server, kind).await;
        // Only an admin of a group, and a moderator of a channel, could touch anybody at all; none of them upwards.
        for (at, actor) in people.iter().enumerate().skip(1) {
            for target in &people[..at] {
                for body in [json!({ "role": "member" }), json!({ "mute_seconds": 60 }), json!({ "banned": true })] {
                    update(actor, &conversation, target, body).await.refused(403, "forbidden");
                }
                remove(actor, &conversation, target).await.refused(403, "forbidden");
            }
            update(actor, &conversation, actor, json!({ "role": "owner" })).await.refused(403, "forbidden");
        }
        // Nor is a role given that one does not stand above.
        let [_, adam, _, mike] = &people;
        for role in ["owner", "admin"] {
            update(adam, &conversation, mike, json!({ "role": role })).await.refused(403, "forbidden");
        }
        update(adam, &conversation, mike, json!({ "role": "moderator" })).await.expect(204);
        update(adam, &conversation, mike, json!({ "role": "member" })).await.expect(204);
    }
}

#[tokio::test]
async fn one_change_at_a_time() {
    let server = TestServer::start().await;
    let (group, [olive, _, _, mike]) = ranks(&server, "group").await;
    for body in [
        json!({}),
        json!({ "role": "admin", "mute_seconds": 5 }),
        json!({ "banned": true, "mute_seconds": 5 }),
        json!({ "role": "admin", "banned": false }),
    ] {
        update(&olive, &group, &mike, body).await.refused(422, "invalid_field");
    }
    for body in [json!({ "role": "king" }), json!({ "mute_seconds": -5 }), json!({ "banned": "yes" })] {
        update(&olive, &group, &mike, body).await.refused(400, "malformed_json");
    }
    // Again is no change.
    let head = olive.get(&format!("/conversations/{group}")).await.expect(200)["seq"].clone();
    for body in [json!({ "role": "member" }), json!({ "mute_seconds": 0 }), json!({ "banned": false })] {
        update(&olive, &group, &mike, body).await.expect(204);
    }
    assert_eq!(olive.get(&format!("/conversations/{group}")).await.expect(200)["seq"], head);
    let mut nobody = mike.clone();
    nobody.id = "4611686018427387904".into();
    for body in [
        json!({ "role": "admin" }),
        json!({ "mute_seconds": 5 }),
        json!({ "banned": true }),
        json!({ "banned": false }),
    ] {
        update(&olive, &group, &nobody, body).await.refused(404, "not_found");
    }
    add(&olive, &group, &nobody).await.refused(404, "not_found");
    add(&olive, &group, &mike).await.refused(409, "already_member");
    // A mute that outlives every calendar.
    update(&olive, &group, &mike, json!({ "mute_seconds": u64::MAX })).await.expect(204);
    send(&mike, &group, "x").await.refused(403, "muted");
}

#[tokio::test]
async fn ownership_is_handed_over_and_there_is_always_one() {
    let server = TestServer::start().await;
    let (group, [olive, adam, molly, mike]) = ranks(&server, "group").await;
    leave(&olive, &group).await.refused(409, "owner_must_hand_over");
    remove(&olive, &group, &olive).await.refused(409, "owner_must_hand_over");
    update(&adam, &group, &mike, json!({ "role": "owner" })).await.refused(403, "forbidden");
    update(&olive, &group, &mike, json!({ "role": "owner" })).await.expect(204);
    assert_eq!((role(&olive, &group).await, role(&mike, &group).await), (json!("admin"), json!("owner")));
    update(&olive, &group, &mike, json!({ "role": "member" })).await.refused(403, "forbidden");
    leave(&olive, &group).await.expect(204);
    // Whoever comes back is a member like any.
    add(&mike, &group, &olive).await.expect(201);
    assert_eq!(role(&olive, &group).await, "member");
    for person in [&olive, &adam, &molly] {
        leave(person, &group).await.expect(204);
    }
    // The last one turns off the light.
    leave(&mike, &group).await.expect(204);
    mike.get(&format!("/conversations/{group}")).await.refused(404, "not_found");

    // An owner of a new group, alone in it.
    let alone = mike.group("alone", &[]).await;
    leave(&mike, &alone).await.expect(204);
    let direct = mike.direct(&adam).await;
    leave(&mike, &direct).await.refused(409, "wrong_kind");
    add(&mike, &direct, &molly).await.refused(409, "wrong_kind");
    update(&mike, &direct, &adam, json!({ "banned": true })).await.refused(409, "wrong_kind");
}

#[tokio::test]
async fn handing_over_twice_at_once_leaves_one_owner() {
    let server = TestServer::start().await;
    let (group, [olive, adam, molly, mike]) = ranks(&server, "group").await;
    let to = || json!({ "role": "owner" });
    let (one, other) = tokio::join!(update(&olive, &group, &adam, to()), update(&olive, &group, &mike, to()));
    assert_eq!(one.status.as_u16().min(other.status.as_u16()), 204);
    assert_eq!(one.status.as_u16().max(other.status.as_u16()), 403);
    let members = molly.get(&format!("/conversations/{group}/members")).await.expect(200);
    let owners = members["items"].as_array().unwrap().iter().filter(|member| member["role"] == "owner").count();
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn the_banned_stay_out_until_they_are_unbanned() {
    let server = TestServer::start().await;
    let (channel, [olive, adam, molly, mike]) = ranks(&server, "channel").await;
    let path = format!("/conversations/{channel}");
    olive.put(&path, json!({ "public": true })).await.expect(200);
    let link = olive.post(&format!("{path}/invitations"), json!({})).await.expect(201);
    let by_link = format!("/invitations/{}/join", link["code"].as_str().unwrap());
    let mut mikes = mike.connect().await;
    update(&molly, &channel, &mike, json!({ "banned": true })).await.expect(204);
    assert_eq!(mikes.expect("membership.updated").await["membership"]["state"], "banned");
    mike.get(&path).await.refused(404, "not_found");
    send(&mike, &channel, "x").await.refused(404, "not_found");
    mike.post(&format!("{path}/join"), json!({})).await.refused(403, "banned");
    mike.post(&by_link, json!({})).await.refused(403, "banned");
    add(&adam, &channel, &mike).await.refused(403, "banned");
    let bans = molly.get(&format!("{path}/bans")).await.expect(200);
    assert_eq!((bans["items"].as_array().unwrap().len(), &bans["items"][0]["user"]["id"]), (1, &json!(mike.id)));
    update(&molly, &channel, &mike, json!({ "banned": true })).await.expect(204);
    update(&molly, &channel, &mike, json!({ "banned": false })).await.expect(204);
    assert_eq!(molly.get(&format!("{path}/bans")).await.expect(200)["items"], json!([]));
    mike.post(&format!("{path}/join"), json!({})).await.expect(200);
    mike.get(&format!("{path}/bans")).await.refused(403, "forbidden");
    // A role does not come back with the person.
    update(&olive, &channel, &adam, json!({ "banned": true })).await.expect(204);
    update(&olive, &channel, &adam, json!({ "banned": false })).await.expect(204);
    adam.post(&by_link, json!({})).await.expect(200);
    assert_eq!(role(&adam, &channel).await, "member");
}

#[tokio::test]
async fn the_muted_read_and_do_not_write() {
    let server = TestServer::start().await;
    let (group, [olive, _, molly, mike]) = ranks(&server, "group").await;
    let own = format!("/messages/{}", send(&mike, &group, "before").await.expect(201)["id"].as_str().unwrap());
    update(&molly, &group, &mike, json!({ "mute_seconds": 3600 })).await.expect(204);
    let refused = send(&mike, &group, "x").await.refused(403, "muted");
    assert!((3590..=3601).contains(&refused["retry_after"].as_u64().unwrap()), "{refused}");
    mike.put(&own, json!({ "body": "x" })).await.refused(403, "muted");
    mike.put(&format!("{own}/reactions/👍"), json!({})).await.refused(403, "muted");
    mike.put(&format!("{own}/pin"), json!({})).await.refused(403, "muted");
    let command = json!({ "conversation_id": group, "client_id": "s", "body": "x" });
    assert_eq!(mike.connect().await.command("message.send", command).await["code"], "muted");
    mike.history(&group).await;
    mike.put(&format!("/conversations/{group}/read"), json!({})).await.expect(204);
    mike.delete(&own).await.expect(200);
    // Leaving and coming back does not lift it.
    leave(&mike, &group).await.expect(204);
    add(&olive, &group, &mike).await.expect(201);
    send(&mike, &group, "x").await.refused(403, "muted");
    update(&molly, &group, &mike, json!({ "mute_seconds": 0 })).await.expect(204);
    send(&mike, &group, "y").await.expect(201);
}

#[tokio::test]
async fn slow_mode_and_read_only() {
    let server = TestServer::start().await;
    let (channel, people) = ranks(&server, "channel").await;
    let [olive, .., mike] = &people;
    let path = format!("/conversations/{channel}");
    olive.put(&path, json!({ "slow_mode_seconds": 3600 })).await.expect(200);
    send(mike, &channel, "first").await.expect(201);
    let url = format!("http://{}/api/v1{path}/messages", mike.address);
    let body = json!({ "client_id": "second", "body": "x" });
    let answer = http().post(url).bearer_auth(&mike.token).json(&body).send().await.unwrap();
    let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((answer.status() == 429) && (3590..=3601).contains(&wait), "{answer:?}");
    let command = json!({ "conversation_id": channel, "client_id": "third", "body": "x" });
    let error = mike.connect().await.command("message.send", command).await;
    assert_eq!((&error["code"], error["retry_after"].is_u64()), (&json!("slow_mode"), true));
    for person in &people[..3] {
        for n in ["a", "b"] {
            send(person, &channel, n).await.expect(201);
        }
    }
    olive.put(&path, json!({ "slow_mode_seconds": 0, "read_only": true })).await.expect(200);
    send(mike, &channel, "fourth").await.refused(403, "read_only");
    for person in &people[..3] {
        send(person, &channel, "c").await.expect(201);
    }
    olive.put(&path, json!({ "read_only": false })).await.expect(200);
    send(mike, &channel, "fifth").await.expect(201);
}
