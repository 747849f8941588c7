//! Live delivery: the same promises over WebSocket, event stream and long poll.

use laserchat_tests::{Cable, Listener, Socket, TestServer, Transport, patiently};
use serde_json::{Value, json};

fn seqs(events: &[Value]) -> Vec<u64> {
    events.iter().map(|event| event["seq"].as_u64().expect("a seq")).collect()
}

async fn bodies(listener: &mut Listener, count: usize) -> Vec<String> {
    let mut bodies = Vec::new();
    while bodies.len() < count {
        let event = listener.expect("message.sent").await;
        bodies.push(event["message"]["body"].as_str().expect("a body").to_owned());
    }
    bodies
}

#[tokio::test]
async fn every_transport_delivers_once_and_in_order() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    for transport in Transport::ALL {
        let mut listener = Listener::start(&bob, transport).await;
        let expected: Vec<String> = (0..30).map(|n| format!("{transport:?} {n}")).collect();
        for body in &expected {
            ann.say(&conversation, body, body).await;
        }
        assert_eq!(bodies(&mut listener, 30).await, expected, "{transport:?}");
    }
}

#[tokio::test]
async fn what_happened_while_away_comes_on_return() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    for transport in Transport::ALL {
        let id = |n: u32| format!("{transport:?}-{n}");
        let mut listener = Listener::start(&bob, transport).await;
        let first = ann.say(&conversation, &id(0), "before").await;
        listener.expect("message.sent").await;
        listener.pause();

        let second = ann.say(&conversation, &id(1), "missed").await;
        let third = ann.say(&conversation, &id(2), "missed and gone").await;
        let at = |message: &Value| format!("/messages/{}", message["id"].as_str().unwrap());
        ann.put(&at(&first), json!({ "body": "edited" })).await.expect(200);
        ann.delete(&at(&third)).await.expect(200);

        listener.resume().await;
        let sent = listener.expect("message.sent").await;
        assert_eq!((&sent["message"]["body"], &sent["message"]["id"]), (&json!("missed"), &second["id"]));
        let edited = listener.expect("message.updated").await;
        assert_eq!((&edited["message"]["body"], &edited["message"]["id"]), (&json!("edited"), &first["id"]));
        let deleted = listener.expect("message.deleted").await;
        assert_eq!((&deleted["message"]["body"], &deleted["message"]["id"]), (&json!(""), &third["id"]));

        ann.say(&conversation, &id(3), "after").await;
        assert_eq!(bodies(&mut listener, 1).await, ["after"]);
    }
}

#[tokio::test]
async fn broken_cables_lose_and_repeat_nothing() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    for transport in Transport::ALL {
        let cable = Cable::to(&server.address()).await;
        let mut listener = Listener::at(&bob, transport, &cable.address.to_string()).await;
        let expected: Vec<String> = (0..100).map(|n| format!("{transport:?} {n}")).collect();
        let sending = async {
            for (n, body) in expected.iter().enumerate() {
                ann.say(&conversation, body, body).await;
                if n % 9 == 8 {
                    cable.jerk();
                }
            }
        };
        let ((), heard) = tokio::join!(sending, bodies(&mut listener, 100));
        assert_eq!(heard, expected, "{transport:?}");
    }
}

#[tokio::test]
async fn sending_again_is_the_same_message_by_either_way() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut socket = ann.connect().await;
    let ack = socket.say(&conversation, "one", "hello").await;
    let path = format!("/conversations/{conversation}/messages");
    let again = ann.post(&path, json!({ "client_id": "one", "body": "hello" })).await.expect(200);
    assert_eq!((&again["id"], &again["seq"]), (&ack["message_id"], &ack["seq"]));
    let third = socket.say(&conversation, "one", "something else").await;
    assert_eq!(third["message_id"], ack["message_id"]);
    // The name is the sender's own: somebody else may use it too.
    bob.say(&conversation, "one", "mine").await;
    let texts: Vec<Value> = ann.history(&conversation).await.iter().map(|message| message["body"].clone()).collect();
    assert_eq!(texts, ["hello", "mine"]);
}

#[tokio::test]
async fn pipelined_sends_keep_their_order() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut socket = ann.connect().await;
    for n in 0..500 {
        // Every third needs a lookup first, and must not be overtaken.
        let body = if n % 3 == 0 { format!("{n} @bob") } else { format!("{n}") };
        let send = json!({ "type": "message.send", "id": n, "conversation_id": conversation, "client_id": format!("c{n}"), "body": body });
        socket.raw(send.to_string().into()).await;
    }
    for _ in 0..500 {
        socket.expect("ack").await;
    }
    let numbers: Vec<u32> = ann
        .history(&conversation)
        .await
        .iter()
        .map(|message| message["body"].as_str().unwrap().split(' ').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers, (0..500).collect::<Vec<u32>>());
}

#[tokio::test]
async fn all_devices_of_all_members_see_dense_seqs() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let conversation = ann.group("dense", &[&bob, &eve]).await;
    let mut sockets = vec![ann.connect().await, ann.connect().await, bob.connect().await, eve.connect().await];
    let head = ann.get(&format!("/conversations/{conversation}")).await.expect(200)["seq"].as_u64().unwrap();
    let message = ann.say(&conversation, "a", "first").await;
    let id = message["id"].as_str().unwrap().to_owned();
    bob.put(&format!("/messages/{id}/reactions/👍"), json!({})).await.expect(200);
    ann.put(&format!("/messages/{id}"), json!({ "body": "changed" })).await.expect(200);
    let reply = json!({ "client_id": "r", "body": "reply", "parent_id": id });
    eve.post(&format!("/conversations/{conversation}/messages"), reply).await.expect(201);
    ann.put(&format!("/messages/{id}/pin"), json!({})).await.expect(200);
    ann.put(&format!("/conversations/{conversation}"), json!({ "name": "denser" })).await.expect(200);
    ann.delete(&format!("/messages/{id}")).await.expect(200);
    let now = ann.get(&format!("/conversations/{conversation}")).await.expect(200)["seq"].as_u64().unwrap();
    for socket in &mut sockets {
        let events = socket.drain().await;
        let numbered: Vec<Value> = events
            .into_iter()
            .filter(|event| event["conversation_id"] == conversation.as_str() && event["seq"].is_u64())
            .filter(|event| !event["type"].as_str().unwrap().ends_with("read"))
            .collect();
        assert_eq!(seqs(&numbered), (head + 1..=now).collect::<Vec<u64>>());
    }
}

#[tokio::test]
async fn who_is_added_hears_and_who_is_removed_does_not() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let conversation = ann.group("doors", &[&bob]).await;
    let mut eves = eve.connect().await;
    ann.post(&format!("/conversations/{conversation}/members"), json!({ "user_id": eve.id })).await.expect(201);
    let added = eves.expect("member.added").await;
    assert_eq!(added["member"]["user"]["id"], eve.id.as_str());
    eves.expect("membership.updated").await;
    ann.say(&conversation, "1", "welcome").await;
    // The line that tells of the addition comes first.
    assert_eq!(eves.expect("message.sent").await["message"]["type"], "system");
    assert_eq!(eves.expect("message.sent").await["message"]["body"], "welcome");

    ann.delete(&format!("/conversations/{conversation}/members/{}", eve.id)).await.expect(204);
    assert_eq!(eves.expect("member.removed").await["member"]["user"]["id"], eve.id.as_str());
    assert_eq!(eves.expect("membership.updated").await["membership"]["state"], "left");
    ann.say(&conversation, "2", "secret").await;
    let heard = eves.drain().await;
    assert!(heard.iter().all(|event| event["message"]["body"] != "secret"), "{heard:#?}");
    let send = json!({ "conversation_id": conversation, "client_id": "x", "body": "still here?" });
    assert_eq!(eves.command("message.send", send).await["code"], "not_found");
    eve.get(&format!("/conversations/{conversation}/messages")).await.refused(404, "not_found");
    let reset = json!({ "token": eve.token, "cursors": { &conversation: 1 } });
    let (_, ready) = Socket::hello(&server.address(), reset).await.unwrap();
    assert_eq!(ready["reset"], json!([conversation]));
}

#[tokio::test]
async fn an_ended_session_is_out_at_once() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let phone = ann.login().await;
    let (mut on_phone, mut here) = (phone.connect().await, ann.connect().await);
    let sessions = ann.get("/me/sessions").await.expect(200);
    let other =
        sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap().clone();
    ann.delete(&format!("/me/sessions/{}", other["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(on_phone.closed().await.map(|(code, _)| code), Some(4101));
    phone.get("/me").await.refused(401, "session_ended");
    let hello = Socket::hello(&server.address(), json!({ "token": phone.token })).await;
    assert_eq!(hello.err().flatten().map(|(code, _)| code), Some(4101));
    here.drain().await;
}

#[tokio::test]
async fn a_consumer_that_does_not_read_is_cut_off_and_loses_nothing() {
    let server = TestServer::with(&[("QUEUE_FRAMES", "64"), ("HEARTBEAT_SECONDS", "600")]).await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let conversation = ann.group("flood", &[&bob, &eve]).await;
    let mut slow = Listener::start(&bob, Transport::WebSocket).await;
    let mut quick = eve.connect().await;
    // Large enough that no socket buffer holds them all, so the queue overflows while nobody reads.
    let body = "x".repeat(90_000);
    let mut ann_socket = ann.connect().await;
    for n in 0..400 {
        ann_socket.say(&conversation, &format!("{n}"), &body).await;
        // Others notice nothing of it.
        quick.expect("message.sent").await;
        ann_socket.expect("message.sent").await;
    }
    let mut heard = Vec::new();
    while heard.len() < 400 {
        let event = slow.expect("message.sent").await;
        if event["message"]["type"] == "text" {
            heard.push(event["message"]["client_id"].as_str().unwrap().parse::<u32>().unwrap());
        }
    }
    assert_eq!(heard, (0..400).collect::<Vec<u32>>());
    let metrics =
        laserchat_tests::person::http().get(format!("http://{}/metrics", server.address())).send().await.unwrap();
    let text = metrics.text().await.unwrap();
    let cut_off = text.lines().find_map(|line| line.strip_prefix("laserchat_cut_off_total ")).expect("the counter");
    assert_ne!(cut_off, "0");
}

#[tokio::test]
async fn a_stopping_server_says_resume_elsewhere() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut listener = Listener::start(&bob, Transport::WebSocket).await;
    let mut socket = ann.connect().await;
    socket.say(&conversation, "1", "before").await;
    server.stop().await;
    let closed = socket.closed().await;
    assert_eq!(closed.map(|(code, _)| code), Some(4001));
    server.start_again().await;
    ann.say(&conversation, "2", "after").await;
    assert_eq!(bodies(&mut listener, 2).await, ["before", "after"]);
}

#[tokio::test]
async fn another_epoch_or_a_cursor_from_the_future_is_told() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    ann.say(&conversation, "1", "one").await;
    let future = json!({ "token": ann.token, "cursors": { &conversation: 999_999 } });
    let (_, ready) = Socket::hello(&server.address(), future).await.unwrap();
    assert_eq!(ready["reset"], json!([conversation]));
    let stale = json!({ "token": ann.token, "epoch": "another", "version": 999, "cursors": { &conversation: 0 } });
    let (mut socket, ready) = Socket::hello(&server.address(), stale).await.unwrap();
    assert_ne!(ready["epoch"], "another");
    let replayed = socket.drain().await;
    assert!(replayed.iter().all(|event| event["type"] != "message.sent"), "{replayed:#?}");
}

#[tokio::test]
async fn a_long_absence_is_told_and_not_replayed() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut socket = ann.connect().await;
    for n in 0..600 {
        socket.say(&conversation, &format!("{n}"), "hello").await;
    }
    let hello = json!({ "token": bob.token, "cursors": { &conversation: 0 } });
    let (mut bobs, ready) = Socket::hello(&server.address(), hello).await.unwrap();
    let behind = bobs.expect("conversation.behind").await;
    assert_eq!(behind["head"], ready["heads"][&conversation]);
    bobs.expect("synced").await;
    // The rest is there to be fetched, page by page.
    let (mut after, mut texts) = (0, 0);
    loop {
        let page = bob.get(&format!("/conversations/{conversation}/changes?after={after}&limit=100")).await.expect(200);
        texts += page["items"].as_array().unwrap().iter().filter(|event| event["type"] == "message.sent").count();
        match page["next"].as_u64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(texts, 600);
}

#[tokio::test]
async fn typing_is_told_to_the_others_and_ends_by_itself() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let field = json!({ "conversation_id": conversation });
    assert_eq!(anns.command("typing.start", field.clone()).await["type"], "ack");
    let started = bobs.expect("typing.started").await;
    assert_eq!((&started["user_id"], &started["conversation_id"]), (&json!(ann.id), &json!(conversation)));
    bobs.expect("typing.stopped").await;
    anns.command("typing.start", field).await;
    bobs.expect("typing.started").await;
    anns.say(&conversation, "1", "there").await;
    bobs.expect("typing.stopped").await;
    assert!(anns.drain().await.iter().all(|event| event["type"] != "typing.started"));
}

#[tokio::test]
async fn presence_is_told_to_who_watches() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut anns = ann.connect().await;
    let watch = json!({ "user_ids": [bob.id] });
    let ack = anns.command("presence.watch", watch.clone()).await;
    assert_eq!(ack["presence"][0]["status"], "offline");
    let mut bobs = bob.connect().await;
    assert_eq!(anns.expect("user.online").await["status"], "online");
    bobs.command("presence.set", json!({ "activity": "do_not_disturb" })).await;
    assert_eq!(anns.expect("user.online").await["status"], "do_not_disturb");
    drop(bobs);
    let offline = anns.expect("user.offline").await;
    assert!(offline["last_seen_at"].is_string(), "{offline:#}");

    // Who hides is offline to everyone.
    bob.put("/me", json!({ "privacy": { "show_presence": false } })).await.expect(200);
    let mut bobs = bob.connect().await;
    bobs.drain().await;
    assert!(anns.drain().await.iter().all(|event| event["type"] != "user.online"));
    let ack = anns.command("presence.watch", watch).await;
    assert_eq!(ack["presence"][0]["status"], "offline");
    assert!(ack["presence"][0]["last_seen_at"].is_null());
}

#[tokio::test]
async fn read_cursors_reach_the_others_and_ones_own_devices() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (mut anns, mut bobs, mut bobs_phone) = (ann.connect().await, bob.connect().await, bob.connect().await);
    let seq = anns.say(&conversation, "1", "hello @bob").await["seq"].as_u64().unwrap();
    let view = |view: Value| (view["membership"]["unread"].clone(), view["membership"]["mentions"].clone());
    let path = format!("/conversations/{conversation}");
    assert_eq!(view(bob.get(&path).await.expect(200)), (json!(1), json!(1)));
    let moved = json!({ "conversation_id": conversation, "seq": seq });
    bobs.command("cursor.delivered", moved.clone()).await;
    let delivered = anns.expect("message.delivered").await;
    assert_eq!((&delivered["user_id"], &delivered["seq"]), (&json!(bob.id), &json!(seq)));
    bobs.command("cursor.read", moved).await;
    assert_eq!(anns.expect("message.read").await["seq"], json!(seq));
    let own = bobs_phone.expect("membership.updated").await;
    assert_eq!((&own["membership"]["read"], &own["membership"]["unread"]), (&json!(seq), &json!(0)));
    assert_eq!(view(bob.get(&path).await.expect(200)), (json!(0), json!(0)));
    // Backwards does nothing.
    bobs.command("cursor.read", json!({ "conversation_id": conversation, "seq": 1 })).await;
    assert_eq!(bob.get(&path).await.expect(200)["membership"]["read"], json!(seq));
}

#[tokio::test]
async fn receipts_that_moved_while_away_come_on_return() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let seq = ann.say(&conversation, "1", "hello").await["seq"].as_u64().unwrap();
    bob.put(&format!("/conversations/{conversation}/read"), json!({})).await.expect(204);
    // Nothing else changed in the conversation since this cursor.
    let head = ann.get(&format!("/conversations/{conversation}")).await.expect(200)["seq"].as_u64().unwrap();
    let hello = json!({ "token": ann.token, "cursors": { &conversation: head } });
    let (mut socket, _) = Socket::hello(&server.address(), hello).await.unwrap();
    let events = [socket.expect("message.read").await, socket.expect("synced").await];
    assert_eq!((&events[0]["user_id"], &events[0]["seq"]), (&json!(bob.id), &json!(seq)));
}

#[tokio::test]
async fn reactions_say_me_to_whose_they_are() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (mut anns, mut bobs) = (ann.connect().await, bob.connect().await);
    let id = anns.say(&conversation, "1", "hello").await["message_id"].clone();
    bobs.command("reaction.add", json!({ "message_id": id, "emoji": "👍" })).await;
    let shared = anns.expect("message.updated").await;
    assert_eq!(shared["message"]["reactions"], json!([{ "emoji": "👍", "count": 1 }]));
    assert_eq!(shared["reaction"], json!({ "user_id": bob.id, "emoji": "👍", "added": true }));
    let own = bobs.expect("message.updated").await;
    assert_eq!(own["message"]["reactions"], json!([{ "emoji": "👍", "count": 1, "me": true }]));
    assert_eq!(own["seq"], shared["seq"]);
    let seen = ann.get(&format!("/messages/{}", id.as_str().unwrap())).await.expect(200);
    assert_eq!(seen["reactions"], json!([{ "emoji": "👍", "count": 1, "me": false }]));
}

#[tokio::test]
async fn a_peer_that_is_gone_without_a_word_is_found() {
    let server = TestServer::with(&[("HEARTBEAT_SECONDS", "1")]).await;
    let ann = server.person("ann").await;
    // A socket that nobody reads answers no ping; the connection stays open, as with a machine that lost its power.
    let silent = ann.connect().await;
    patiently("the server to notice", async {
        while !server.server().app.hub.all().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(silent);
}

#[tokio::test]
async fn one_user_has_so_many_connections_and_no_more() {
    let settings = [("RATE_LIMITS", "on"), ("LIMITS_CONNECTIONS_PER_USER", "3")];
    let server = TestServer::with(&settings).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(ann.connect().await);
    }
    let refused = Socket::hello(&server.address(), json!({ "token": ann.token })).await;
    assert_eq!(refused.err().flatten().map(|(code, _)| code), Some(4004));
    bob.connect().await;
    drop(kept.pop());
    patiently("a place", async {
        while Socket::hello(&server.address(), json!({ "token": ann.token })).await.is_err() {}
    })
    .await;
}
