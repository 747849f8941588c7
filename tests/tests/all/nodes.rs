//! Several nodes as one server: whoever is connected anywhere hears what everybody else does, in one order and once.

use laserchat_tests::{Nodes, Person, Socket, patiently};
use serde_json::{Value, json};

/// Two people, each at a node of their own, who share a group; and their sockets.
struct Pair {
    anna: Person,
    ben: Person,
    group: String,
    annas: Socket,
    bens: Socket,
}

async fn pair(nodes: &Nodes) -> Pair {
    nodes.together().await;
    let anna = Person::register(nodes[0].address(), "anna").await;
    let ben = Person::register(nodes[1].address(), "ben").await;
    let group = anna.group("both", &[&ben]).await;
    let (annas, bens) = (anna.connect().await, ben.connect().await);
    Pair { anna, ben, group, annas, bens }
}

/// Takes messages until one has this body; their seqs must ascend without a hole, as they would on one node.
async fn until(socket: &mut Socket, seqs: &mut Vec<u64>, body: &str) {
    patiently(body, async {
        loop {
            let event = socket.next().await.expect("the socket stays open");
            let Some(seq) = event["seq"].as_u64().filter(|_| event["message"].is_object()) else { continue };
            if let Some(last) = seqs.last() {
                assert_eq!(seq, last + 1, "{event:#}");
            }
            seqs.push(seq);
            if event["message"]["body"] == body {
                return;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_reach_members_on_other_nodes() {
    let Some(nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    for n in 0..20 {
        let (from, to) = if n % 2 == 0 { (&pair.anna, &mut pair.bens) } else { (&pair.ben, &mut pair.annas) };
        let body = format!("message {n}");
        from.say(&pair.group, &body, &body).await;
        loop {
            let heard = to.expect("message.sent").await;
            if heard["message"]["sender_id"] == from.id.as_str() {
                assert_eq!(heard["message"]["body"], body.as_str());
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_write_to_one_conversation_at_once() {
    let Some(nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    const EACH: usize = 200;
    let write = |person: Person, group: String| async move {
        let writers = (0..4).map(|writer| {
            let (person, group) = (person.clone(), group.clone());
            async move {
                for n in 0..EACH / 4 {
                    let name = format!("{} {writer} {n}", person.username);
                    person.say(&group, &name, &name).await;
                }
            }
        });
        futures_util::future::join_all(writers).await;
    };
    let all = tokio::join!(
        tokio::spawn(write(pair.anna.clone(), pair.group.clone())),
        tokio::spawn(write(pair.ben.clone(), pair.group.clone()))
    );
    all.0.unwrap();
    all.1.unwrap();
    pair.anna.say(&pair.group, "end", "end").await;
    let history = pair.anna.history(&pair.group).await;
    let expected: Vec<u64> = history.iter().map(|message| message["seq"].as_u64().unwrap()).collect();
    for socket in [&mut pair.annas, &mut pair.bens] {
        let mut seqs = Vec::new();
        until(socket, &mut seqs, "end").await;
        assert_eq!(seqs, expected[expected.len() - seqs.len()..]);
        assert!(seqs.len() > 2 * EACH, "{}", seqs.len());
    }
}

/// Whatever the bus does to hints: each is shown what there is, once and in order.
#[tokio::test(flavor = "multi_thread")]
async fn a_bus_that_loses_doubles_and_delays_is_not_noticed() {
    for seed in [1, 2, 3] {
        let Some(nodes) = Nodes::start_in_noise(2, seed).await else { return };
        let mut pair = pair(&nodes).await;
        let (mut annas, mut bens) = (Vec::new(), Vec::new());
        for n in 0..40 {
            let (from, body) = (if n % 3 == 0 { &pair.ben } else { &pair.anna }, format!("{seed} {n}"));
            from.say(&pair.group, &body, &body).await;
        }
        // Nothing follows that would show a gap.
        until(&mut pair.annas, &mut annas, &format!("{seed} 39")).await;
        until(&mut pair.bens, &mut bens, &format!("{seed} 39")).await;
        let shown = annas.len().min(bens.len());
        assert!(shown >= 40 && annas[annas.len() - shown..] == bens[bens.len() - shown..]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_everything_arrives_all_the_same() {
    let Some(mut nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    nodes.nats.stop(0);
    let mut seqs = Vec::new();
    pair.anna.say(&pair.group, "1", "while it is away").await;
    until(&mut pair.bens, &mut seqs, "while it is away").await;
    // What is read from the store may be told as one step; what matters is that it is all there.
    pair.anna.say(&pair.group, "2", "before it is back").await;
    nodes.nats.run(0);
    until(&mut pair.bens, &mut seqs, "before it is back").await;
    pair.ben.say(&pair.group, "3", "and after it").await;
    until(&mut pair.annas, &mut Vec::new(), "and after it").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_seen_elsewhere() {
    let Some(nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    let typing = json!({ "conversation_id": pair.group });
    assert_eq!(seen_typing(&mut pair, &typing).await["user_id"], pair.anna.id.as_str());
    pair.annas.command("typing.stop", typing.clone()).await;
    assert_eq!(pair.bens.expect("typing.stopped").await["user_id"], pair.anna.id.as_str());
    // Whoever dies in the middle of a word does not type for ever.
    seen_typing(&mut pair, &typing).await;
    let mut nodes = nodes;
    nodes.nodes[0].kill();
    pair.bens.expect("typing.stopped").await;
}

/// Anna types, and says so again and again, as clients do, until Ben sees it.
async fn seen_typing(pair: &mut Pair, typing: &Value) -> Value {
    patiently("typing to be seen", async {
        loop {
            pair.annas.command("typing.start", typing.clone()).await;
            if let Some(seen) = pair.bens.drain().await.into_iter().find(|event| event["type"] == "typing.started") {
                return seen;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_of_all_nodes() {
    let Some(mut nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    let known = patiently("to see each other", async {
        loop {
            let ack = pair.bens.command("presence.watch", json!({ "user_ids": [pair.anna.id] })).await;
            if ack["presence"][0]["status"] == "online" {
                return ack;
            }
        }
    })
    .await;
    assert_eq!(known["presence"][0]["user_id"], pair.anna.id.as_str());
    pair.annas.command("presence.set", json!({ "activity": "away" })).await;
    seen_as(&mut pair.bens, "away").await;
    // A second device, on the other node, counts as well.
    let second = nodes[1].sees(&pair.anna).connect().await;
    seen_as(&mut pair.bens, "online").await;
    drop(second);
    seen_as(&mut pair.bens, "away").await;
    nodes.nodes[0].kill();
    let gone = pair.bens.expect("user.offline").await;
    assert_eq!(gone["user_id"], pair.anna.id.as_str());
}

/// Waits until the only one who is watched is seen like this.
async fn seen_as(socket: &mut Socket, status: &str) {
    while socket.expect("user.online").await["status"] != status {}
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_sessions_are_ended_everywhere() {
    let Some(nodes) = Nodes::start(2).await else { return };
    let pair = pair(&nodes).await;
    let phone = pair.anna.login().await;
    let mut elsewhere = nodes[1].sees(&phone).connect().await;
    assert_eq!(phone.post("/auth/logout", json!({})).await.status.as_u16(), 204);
    assert_eq!(elsewhere.closed().await.map(|(code, _)| code), Some(4101));
    nodes[1].sees(&phone).get("/me").await.refused(401, "session_ended");
    // The other session stays.
    nodes[1].sees(&pair.anna).get("/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_and_memberships_change_everywhere() {
    let Some(nodes) = Nodes::start(2).await else { return };
    let mut pair = pair(&nodes).await;
    pair.bens.command("presence.watch", json!({ "user_ids": [pair.anna.id] })).await;
    let path = format!("/users/{}/profile", pair.anna.id);
    pair.anna.put(&path, json!({ "display_name": "Anna B." })).await.expect(200);
    assert_eq!(pair.bens.expect("user.updated").await["user"]["display_name"], "Anna B.");

    // Ben is added to a group in which nobody else is at his node, and hears it from then on, and no more when he is removed.
    let other = pair.anna.group("another", &[]).await;
    pair.anna.post(&format!("/conversations/{other}/members"), json!({ "user_id": pair.ben.id })).await.expect(201);
    loop {
        let joined = pair.bens.expect("membership.updated").await;
        if joined["membership"]["conversation_id"] == other.as_str() {
            break;
        }
    }
    pair.anna.say(&other, "welcome", "welcome").await;
    let heard = loop {
        let heard = pair.bens.expect("message.sent").await;
        if heard["conversation_id"] == other.as_str() && heard["message"]["body"] == "welcome" {
            break heard;
        }
    };
    assert_eq!(heard["message"]["sender_id"], pair.anna.id.as_str());
    let removed = pair.anna.delete(&format!("/conversations/{other}/members/{}", pair.ben.id)).await;
    assert!(removed.status.is_success(), "{:#}", removed.body);
    pair.anna.say(&other, "secret", "not for ben").await;
    pair.anna.say(&pair.group, "for both", "for both").await;
    let mut told = Vec::new();
    until_collecting(&mut pair.bens, &mut told, "for both").await;
    assert!(told.iter().all(|event| event["message"]["body"] != "not for ben"), "{told:#?}");
}

async fn until_collecting(socket: &mut Socket, told: &mut Vec<Value>, body: &str) {
    patiently(body, async {
        loop {
            let event = socket.next().await.expect("the socket stays open");
            let end = event["message"]["body"] == body;
            told.push(event);
            if end {
                return;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_moves_when_its_node_dies() {
    let Some(mut nodes) = Nodes::start(2).await else { return };
    let pair = pair(&nodes).await;
    pair.anna.say(&pair.group, "1", "rhubarb").await;
    found(&pair.ben, "rhubarb", 1).await;
    // Whichever node has the follower: it dies, and then the other.
    nodes.nodes[0].kill();
    pair.ben.say(&pair.group, "2", "more rhubarb").await;
    found(&pair.ben, "rhubarb", 2).await;
    nodes.add(&[]).await;
    nodes.nodes[1].kill();
    let ben = nodes[2].sees(&pair.ben);
    ben.say(&pair.group, "3", "still rhubarb").await;
    found(&ben, "rhubarb", 3).await;
}

/// Waits until the index of search knows so many messages with a word.
async fn found(person: &Person, word: &str, count: usize) {
    patiently("the index", async {
        loop {
            let page = person.get(&format!("/search?q={word}")).await.expect(200);
            if page["items"].as_array().is_some_and(|items| items.len() == count) {
                return;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_nodes_differ_and_numbers_are_free_again() {
    let Some(mut nodes) = Nodes::start(2).await else { return };
    let numbers =
        |nodes: &Nodes| -> Vec<Option<u16>> { nodes.nodes.iter().map(|node| node.server().app.ids.leased()).collect() };
    assert_eq!(numbers(&nodes), [Some(0), Some(1)]);
    nodes.nodes[0].stop().await;
    nodes.nodes.remove(0);
    nodes.add(&[]).await;
    assert_eq!(numbers(&nodes), [Some(1), Some(0)], "what was given back is free at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_split() {
    let Some(mut nodes) = Nodes::start(0).await else { return };
    for role in ["gateway", "api", "worker"] {
        nodes.add(&[("ROLES", role)]).await;
    }
    nodes.together().await;
    let anna = Person::register(nodes[1].address(), "anna").await;
    let mut socket = nodes[0].sees(&anna).connect().await;
    let note = anna.group("notes", &[]).await;
    anna.say(&note, "1", "pumpernickel").await;
    socket.expect("message.sent").await;
    found(&anna, "pumpernickel", 1).await;
    nodes[0].sees(&anna).get("/me").await.refused(503, "unavailable");
    assert!(Socket::open(nodes[1].address()).await.is_err());
    for node in &nodes.nodes {
        let ready = reqwest::get(format!("http://{}/readyz", node.address())).await;
        assert_eq!(ready.map(|ready| ready.status().as_u16()).ok(), Some(200));
    }
}
