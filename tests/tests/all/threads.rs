//! Threads, reactions and pins: what hangs on a message.

use laserchat_tests::{Person, TestServer};
use serde_json::{Value, json};

fn path(message: &Value) -> String {
    format!("/messages/{}", message["id"].as_str().expect("an id"))
}

async fn reply(who: &Person, parent: &Value, client_id: &str) -> laserchat_tests::Answer {
    let body = json!({ "client_id": client_id, "body": client_id, "parent_id": parent["id"] });
    who.post(&format!("/conversations/{}/messages", parent["conversation_id"].as_str().unwrap()), body).await
}

async fn get(who: &Person, message: &Value) -> Value {
    who.get(&path(message)).await.expect(200)
}

async fn react(who: &Person, message: &Value, emoji: &str) -> laserchat_tests::Answer {
    who.put(&format!("{}/reactions/{emoji}", path(message)), json!({})).await
}

/// Bots of these people, which can be in a group in numbers.
async fn crowd(people: &[Person], count: usize) -> Vec<Person> {
    let mut crowd = Vec::new();
    for n in 0..count {
        let owner = &people[n / 20];
        let made = owner.post("/bots", json!({ "username": format!("crowd.{n}x") })).await.expect(201);
        let mut bot = owner.with_token(&made["token"]["secret"]);
        bot.id = made["bot"]["id"].as_str().unwrap().to_owned();
        crowd.push(bot);
    }
    crowd
}

#[tokio::test]
async fn a_thread_counts_its_replies_and_knows_the_last() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("threads", &[&bob]).await;
    let parent = ann.say(&group, "parent", "what do you think?").await;
    let mut anns = ann.connect().await;
    let mut replies = Vec::new();
    for n in 0..5 {
        replies.push(reply(&bob, &parent, &n.to_string()).await.expect(201));
    }
    let seen = get(&ann, &parent).await;
    assert_eq!((&seen["reply_count"], &seen["last_reply_at"]), (&json!(5), &replies[4]["created_at"]));
    // The parent is told anew with each reply.
    for n in 1..=5 {
        assert_eq!(anns.expect("message.updated").await["message"]["reply_count"], n);
    }
    // Page by page, with the parent.
    let (mut cursor, mut paged) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("{}/thread?limit=2{cursor}", path(&parent))).await.expect(200);
        assert_eq!(page["parent"]["id"], parent["id"]);
        paged.extend(page["items"].as_array().unwrap().iter().map(|reply| reply["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, replies.iter().map(|reply| reply["id"].clone()).collect::<Vec<_>>());
    // A reply that is deleted counts no more, and the last one is the last that is left.
    bob.delete(&path(&replies[4])).await.expect(200);
    let seen = get(&ann, &parent).await;
    assert_eq!((&seen["reply_count"], &seen["last_reply_at"]), (&json!(4), &replies[3]["created_at"]));
    bob.delete(&path(&replies[4])).await.expect(200);
    assert_eq!(get(&ann, &parent).await["reply_count"], 4);
    for answer in &replies[..4] {
        bob.delete(&path(answer)).await.expect(200);
    }
    let seen = get(&ann, &parent).await;
    assert_eq!((&seen["reply_count"], &seen["last_reply_at"]), (&json!(0), &Value::Null));
    // A thread outlives the text that it hangs under.
    ann.delete(&path(&parent)).await.expect(200);
    reply(&bob, &parent, "late").await.expect(201);
    assert_eq!(get(&ann, &parent).await["reply_count"], 1);
}

#[tokio::test]
async fn threads_have_one_level() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("flat", &[&bob]).await;
    let parent = ann.say(&group, "parent", "one").await;
    let answer = reply(&bob, &parent, "1").await.expect(201);
    assert_eq!(reply(&ann, &answer, "2").await.refused(422, "invalid_field")["field"], "parent_id");
    bob.put(&format!("{}/follow", path(&answer)), json!({})).await.refused(409, "wrong_kind");
    assert_eq!(ann.get(&format!("{}/thread", path(&answer))).await.expect(200)["items"], json!([]));
    // A parent of another conversation is no parent here.
    let elsewhere = ann.direct(&bob).await;
    let body = json!({ "client_id": "x", "body": "x", "parent_id": parent["id"] });
    let refused = ann.post(&format!("/conversations/{elsewhere}/messages"), body).await;
    assert_eq!(refused.refused(404, "not_found")["field"], "parent_id");
}

#[tokio::test]
async fn threads_are_followed_by_those_in_them_and_those_who_want() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("followers", &[&bob, &eve]).await;
    let parent = ann.say(&group, "parent", "one").await;
    let following = async |who: &Person| get(who, &parent).await["following"] == true;
    assert!(!following(&bob).await && !following(&eve).await);
    reply(&bob, &parent, "1").await.expect(201);
    assert!(following(&ann).await && following(&bob).await && !following(&eve).await);
    eve.put(&format!("{}/follow", path(&parent)), json!({})).await.expect(204);
    eve.put(&format!("{}/follow", path(&parent)), json!({})).await.expect(204);
    assert!(following(&eve).await);
    for who in [&ann, &bob, &eve] {
        who.delete(&format!("{}/follow", path(&parent))).await.expect(204);
        assert!(!following(who).await);
    }
}

#[tokio::test]
async fn reactions_are_counted_once_each() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("reactions", &[&bob]).await;
    let message = ann.say(&group, "1", "one").await;
    for emoji in ["👍", "❤️", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "🦜"] {
        let once = react(&bob, &message, emoji).await.expect(200);
        let twice = react(&bob, &message, emoji).await.expect(200);
        assert_eq!(once["changed"], twice["changed"]);
    }
    let both = react(&ann, &message, "👍").await.expect(200);
    assert_eq!(both["reactions"][0], json!({ "emoji": "👍", "count": 2, "me": true }));
    assert_eq!(both["reactions"][1]["me"], false);
    let taken = bob.delete(&format!("{}/reactions/👍", path(&message))).await.expect(200);
    assert_eq!(taken["reactions"].as_array().unwrap().len(), 6);
    let again = bob.delete(&format!("{}/reactions/👍", path(&message))).await.expect(200);
    assert_eq!(again["changed"], taken["changed"]);
    ann.delete(&format!("{}/reactions/👍", path(&message))).await.expect(200);
    assert_eq!(get(&ann, &message).await["reactions"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn who_reacted_comes_in_pages_the_first_first() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let crowd = crowd(std::slice::from_ref(&ann), 7).await;
    let group = ann.group("reactors", &crowd.iter().collect::<Vec<_>>()).await;
    let message = ann.say(&group, "1", "one").await;
    for bot in &crowd {
        react(bot, &message, "🎉").await.expect(200);
    }
    let (mut cursor, mut names) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("{}/reactions/🎉?limit=3{cursor}", path(&message))).await.expect(200);
        names.extend(page["items"].as_array().unwrap().iter().map(|reactor| reactor["user"]["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(names, crowd.iter().map(|bot| json!(bot.id)).collect::<Vec<_>>());
    assert_eq!(ann.get(&format!("{}/reactions/👎", path(&message))).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn fifty_different_reactions_and_no_more() {
    // Faces, one after the other.
    let face = |n: u32| char::from_u32(0x1F600 + n).unwrap().to_string();
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("reactions", &[&bob]).await;
    let message = ann.say(&group, "1", "one").await;
    for n in 0..50 {
        react(&ann, &message, &face(n)).await.expect(200);
    }
    react(&bob, &message, &face(50)).await.refused(409, "limit_reached");
    react(&bob, &message, &face(49)).await.expect(200);
    ann.delete(&format!("{}/reactions/{}", path(&message), face(0))).await.expect(200);
    react(&bob, &message, &face(50)).await.expect(200);
}

#[tokio::test]
async fn forty_at_once_are_forty() {
    let server = TestServer::start().await;
    let people = server.people(["ann", "bob"]).await;
    let crowd = crowd(&people, 40).await;
    let group = people[0].group("popular", &crowd.iter().collect::<Vec<_>>()).await;
    let message = people[0].say(&group, "1", "free cake").await;
    let reacting: Vec<_> = crowd
        .iter()
        .map(|bot| {
            let (bot, message) = (bot.clone(), message.clone());
            tokio::spawn(async move { react(&bot, &message, "🎂").await })
        })
        .collect();
    for answer in reacting {
        answer.await.unwrap().expect(200);
    }
    assert_eq!(get(&people[0], &message).await["reactions"][0]["count"], 40);
}

#[tokio::test]
async fn a_hundred_pins_and_no_more() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("board", &[&bob]).await;
    let mut messages = Vec::new();
    for n in 0..101 {
        messages.push(ann.say(&group, &n.to_string(), "pin me").await);
    }
    let pin = async |who: &Person, message: &Value| who.put(&format!("{}/pin", path(message)), json!({})).await;
    let first = pin(&bob, &messages[0]).await.expect(200);
    assert_eq!((first["pinned_at"].is_string(), &first["pinned_by"]), (true, &json!(bob.id)));
    assert_eq!(pin(&ann, &messages[0]).await.expect(200)["changed"], first["changed"]);
    for message in &messages[1..100] {
        pin(&ann, message).await.expect(200);
    }
    pin(&ann, &messages[100]).await.refused(409, "limit_reached");
    let pins = bob.get(&format!("/conversations/{group}/pins")).await.expect(200);
    let listed: Vec<&Value> = pins["items"].as_array().unwrap().iter().map(|message| &message["id"]).collect();
    assert_eq!(listed, messages[..100].iter().rev().map(|message| &message["id"]).collect::<Vec<_>>());
    // One less, by unpinning or by deleting, makes room for one.
    ann.delete(&format!("{}/pin", path(&messages[0]))).await.expect(200);
    ann.delete(&format!("{}/pin", path(&messages[0]))).await.expect(200);
    pin(&ann, &messages[100]).await.expect(200);
    pin(&ann, &messages[0]).await.refused(409, "limit_reached");
    ann.delete(&path(&messages[50])).await.expect(200);
    pin(&ann, &messages[0]).await.expect(200);
    // The timeline tells of a pin.
    let last = ann.history(&group).await.pop().unwrap();
    assert_eq!(last["system"], json!({ "event": "pinned", "message_id": messages[0]["id"] }));
}
