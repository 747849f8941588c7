//! Messages: sending, history by page, editing, deleting, mentions, forwarding, and what is unread.

use laserchat_tests::{Person, TestServer, disk, patiently};
use serde_json::{Value, json};

fn seqs(page: &Value) -> Vec<u64> {
    page["items"].as_array().expect("items").iter().map(|message| message["seq"].as_u64().expect("a seq")).collect()
}

fn path(message: &Value) -> String {
    format!("/messages/{}", message["id"].as_str().expect("an id"))
}

async fn page(who: &Person, conversation: &str, query: &str) -> Value {
    who.get(&format!("/conversations/{conversation}/messages?{query}")).await.expect(200)
}

/// Unread and mentions of a conversation as somebody sees it.
async fn unread(who: &Person, conversation: &str) -> (u64, u64) {
    let membership = &who.get(&format!("/conversations/{conversation}")).await.expect(200)["membership"];
    (membership["unread"].as_u64().unwrap(), membership["mentions"].as_u64().unwrap())
}

async fn reply(who: &Person, parent: &Value, client_id: &str, body: &str) -> Value {
    let body = json!({ "client_id": client_id, "body": body, "parent_id": parent["id"] });
    let path = format!("/conversations/{}/messages", parent["conversation_id"].as_str().unwrap());
    who.post(&path, body).await.expect(201)
}

#[tokio::test]
async fn a_message_is_stored_as_it_was_sent() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    for (at, body) in [
        "plain",
        "  spaces before and after  ",
        "lines\r\n\r\nand\ttabs\u{b}",
        "**bold** <script>alert(1)</script> \\ \"quoted\"",
        "\u{202e}turned\u{2066} and e\u{301} not composed \u{feff}",
        "\u{10ffff}\u{fffe}\u{1}\u{7f}\u{85}",
        " ",
        "👩‍👩‍👧‍👦🏳️‍🌈",
    ]
    .iter()
    .enumerate()
    {
        let sent = ann.say(&conversation, &at.to_string(), body).await;
        assert_eq!(sent["body"], *body);
        let seen = bob.get(&path(&sent)).await.expect(200);
        assert_eq!(
            (&seen["body"], &seen["client_id"], &seen["type"]),
            (&sent["body"], &json!(at.to_string()), &json!("text"))
        );
        assert_eq!(
            (&seen["edited_at"], &seen["deleted_at"], &seen["reply_count"]),
            (&Value::Null, &Value::Null, &json!(0))
        );
    }
    let last = bob.history(&conversation).await;
    assert_eq!(last.len(), 8);
}

#[tokio::test]
async fn history_goes_before_after_and_around() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut all = Vec::new();
    for n in 0..23 {
        all.push(ann.say(&conversation, &n.to_string(), "x").await["seq"].as_u64().unwrap());
    }
    // The newest without asking; then backwards to the beginning, without a gap or a repetition.
    let newest = page(&bob, &conversation, "limit=10").await;
    assert_eq!(seqs(&newest), all[13..]);
    let mut next = newest["next"].clone();
    let mut seen = seqs(&newest);
    while let Some(before) = next.as_str() {
        let older = page(&bob, &conversation, &format!("limit=10&before={before}")).await;
        seen.splice(0..0, seqs(&older));
        next = older["next"].clone();
    }
    assert_eq!(seen, all);
    // Forwards.
    let (mut next, mut seen) = (json!("0"), Vec::new());
    while let Some(after) = next.as_str() {
        let newer = page(&bob, &conversation, &format!("limit=7&after={after}")).await;
        seen.extend(seqs(&newer));
        next = newer["next"].clone();
    }
    assert_eq!(seen, all);
    // Around the middle, the ends, and a place where there is no message.
    assert_eq!(seqs(&page(&bob, &conversation, &format!("limit=5&around={}", all[11])).await), all[9..14]);
    assert_eq!(seqs(&page(&bob, &conversation, &format!("limit=5&around={}", all[0])).await), all[..5]);
    assert_eq!(seqs(&page(&bob, &conversation, &format!("limit=5&around={}", all[22])).await), all[18..]);
    assert_eq!(seqs(&page(&bob, &conversation, "limit=5&around=0").await), all[..5]);
    assert_eq!(seqs(&page(&bob, &conversation, "limit=5&around=999999").await), all[18..]);
    assert_eq!(seqs(&page(&bob, &conversation, &format!("limit=1&around={}", all[11])).await), all[11..12]);
    // A page that is exactly the rest has no next.
    assert_eq!(page(&bob, &conversation, "limit=23").await["next"], Value::Null);
    assert_eq!(page(&bob, &conversation, "limit=22").await["next"], json!(all[1].to_string()));
    assert_eq!(seqs(&page(&bob, &conversation, "before=1").await), [] as [u64; 0]);
}

#[tokio::test]
async fn an_edit_is_marked_and_ones_own() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let sent = ann.say(&conversation, "1", "frist @bob").await;
    let mut bobs = bob.connect().await;
    let edited = ann.put(&path(&sent), json!({ "body": "first @ann" })).await.expect(200);
    assert!(edited["edited_at"].is_string());
    assert_eq!(
        (&edited["body"], &edited["seq"], &edited["created_at"]),
        (&json!("first @ann"), &sent["seq"], &sent["created_at"])
    );
    assert!(edited["changed"].as_u64() > sent["changed"].as_u64());
    assert_eq!((&sent["mentions"], &edited["mentions"]), (&json!([bob.id]), &json!([ann.id])));
    assert_eq!(bobs.expect("message.updated").await["message"]["body"], "first @ann");
    // The same text again is no change.
    assert_eq!(ann.put(&path(&sent), json!({ "body": "first @ann" })).await.expect(200)["changed"], edited["changed"]);
    bob.put(&path(&sent), json!({ "body": "mine" })).await.refused(403, "forbidden");
    let mut anns = ann.connect().await;
    let edit = json!({ "message_id": sent["id"], "body": "by socket" });
    assert_eq!(bobs.command("message.edit", edit.clone()).await["code"], "forbidden");
    assert_eq!(anns.command("message.edit", edit).await["type"], "ack");
    ann.delete(&path(&sent)).await.expect(200);
    ann.put(&path(&sent), json!({ "body": "again" })).await.refused(410, "message_deleted");
}

#[tokio::test]
async fn of_a_deleted_message_nothing_is_left_but_its_place() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let secret = "a-text-that-must-not-be-found-again";
    let sent = ann.say(&conversation, "1", &format!("{secret} @bob")).await;
    bob.put(&format!("{}/reactions/👍", path(&sent)), json!({})).await.expect(200);
    ann.put(&format!("{}/pin", path(&sent)), json!({})).await.expect(200);
    ann.put(&path(&sent), json!({ "body": format!("{secret} edited @bob") })).await.expect(200);
    bob.delete(&path(&sent)).await.refused(403, "forbidden");
    let left = ann.delete(&path(&sent)).await.expect(200);
    for seen in [&left, &bob.get(&path(&sent)).await.expect(200), &bob.history(&conversation).await[0]] {
        assert_eq!((&seen["body"], &seen["reactions"], &seen["pinned_at"]), (&json!(""), &json!([]), &Value::Null));
        assert!(seen["deleted_at"].is_string() && seen["mentions"].is_null());
        assert_eq!((&seen["seq"], &seen["sender_id"]), (&sent["seq"], &json!(ann.id)));
    }
    let again = ann.delete(&path(&sent)).await.expect(200);
    assert_eq!(again["changed"], left["changed"]);
    for (answer, status) in [
        (bob.put(&format!("{}/reactions/👍", path(&sent)), json!({})).await, 410),
        (ann.put(&format!("{}/pin", path(&sent)), json!({})).await, 410),
        (
            ann.post(&format!("{}/forward", path(&sent)), json!({ "conversation_id": conversation, "client_id": "f" }))
                .await,
            410,
        ),
    ] {
        answer.refused(status, "message_deleted");
    }
    assert_eq!(bob.get(&format!("/conversations/{conversation}/pins")).await.expect(200)["items"], json!([]));
    for query in ["changes?after=0", "messages", "messages?around=1"] {
        let seen = bob.get(&format!("/conversations/{conversation}/{query}")).await.expect(200);
        assert!(!seen.to_string().contains(secret), "{query}");
    }
    // Nor on the disk: the database is overwritten, and its journal goes when it is closed.
    server.stop().await;
    let data = server.data().to_owned();
    patiently("the database to close", async {
        while data.join("laserchat.db-wal").exists() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(disk::traces(&data, &[secret]), Vec::<String>::new());
}

#[tokio::test]
async fn mentions_are_of_members_and_for_all_of_those_who_may() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let body = json!({ "type": "channel", "name": "news", "members": [bob.id] });
    let channel = ann.post("/conversations", body).await.expect(201)["id"].as_str().unwrap().to_owned();
    let group = ann.group("group", &[&bob]).await;
    for (at, (text, mentions)) in [
        ("@bob", vec![&bob]),
        ("hello @BOB, and @ann.", vec![&bob, &ann]),
        ("@bob @bob @bob", vec![&bob]),
        ("**@bob** (@ann)", vec![&bob, &ann]),
        // Not a member, nobody, part of a word or an address, code.
        ("@eve @nobody.here", vec![]),
        ("mail@bob ann@bob.example", vec![]),
        ("`@bob` and\n\n```\n@bob\n```", vec![]),
        ("@@bob", vec![]),
    ]
    .into_iter()
    .enumerate()
    {
        let sent = ann.say(&group, &at.to_string(), text).await;
        let expected: Vec<&str> = mentions.iter().map(|person| person.id.as_str()).collect();
        let seen = bob.get(&path(&sent)).await.expect(200);
        assert_eq!(
            seen["mentions"].as_array().map_or(vec![], |ids| ids.iter().map(|id| id.as_str().unwrap()).collect()),
            expected,
            "{text}"
        );
    }
    assert_eq!(unread(&bob, &group).await, (8, 4));
    for (name, all) in
        [("@here", "here"), ("@channel", "channel"), ("@everyone", "channel"), ("@here @channel", "channel")]
    {
        // In a group everybody may; in a channel those who moderate. To others it is just a word.
        assert_eq!(bob.say(&group, name, name).await["mentions_all"], all);
        assert_eq!(ann.say(&channel, name, name).await["mentions_all"], all);
        assert_eq!(bob.say(&channel, name, name).await["mentions_all"], Value::Null);
    }
    assert_eq!(unread(&bob, &channel).await, (4, 4));
    assert_eq!(unread(&ann, &channel).await, (4, 0));
    eve.get(&format!("/conversations/{channel}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_unread_follows_deletes_edits_replies_and_reading() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("counts", &[&bob]).await;
    assert_eq!(unread(&bob, &group).await, (0, 0));
    let first = ann.say(&group, "1", "one @bob").await;
    let second = ann.say(&group, "2", "two").await;
    bob.say(&group, "own", "mine @ann").await;
    assert_eq!((unread(&bob, &group).await, unread(&ann, &group).await), ((2, 1), (1, 1)));
    // Replies are read in their thread; but one who is mentioned there is told.
    let in_thread = reply(&ann, &second, "3", "in the thread @bob").await;
    reply(&ann, &second, "4", "also").await;
    assert_eq!(unread(&bob, &group).await, (2, 2));
    // An edit can mention, and take it back.
    ann.put(&path(&second), json!({ "body": "two @bob" })).await.expect(200);
    assert_eq!(unread(&bob, &group).await, (2, 3));
    ann.put(&path(&second), json!({ "body": "two" })).await.expect(200);
    ann.delete(&path(&first)).await.expect(200);
    assert_eq!(unread(&bob, &group).await, (1, 1));
    // What the server writes is nobody's message.
    ann.put(&format!("/conversations/{group}"), json!({ "name": "still counts" })).await.expect(200);
    assert_eq!(unread(&bob, &group).await, (1, 1));
    // Reading up to a message, up to another that is older, and all.
    bob.put(&format!("{}/read", path(&second)), json!({})).await.expect(204);
    assert_eq!(unread(&bob, &group).await, (0, 1));
    bob.put(&format!("{}/read", path(&first)), json!({})).await.expect(204);
    assert_eq!(unread(&bob, &group).await, (0, 1));
    ann.delete(&path(&in_thread)).await.expect(200);
    assert_eq!(unread(&bob, &group).await, (0, 0));
    ann.say(&group, "5", "five @bob").await;
    reply(&ann, &second, "6", "@bob").await;
    assert_eq!(unread(&bob, &group).await, (1, 2));
    bob.put(&format!("/conversations/{group}/read"), json!({})).await.expect(204);
    assert_eq!(unread(&bob, &group).await, (0, 0));
    // The same by every way to see it.
    let listed = bob.get("/conversations").await.expect(200)["items"][0]["membership"].clone();
    let changes = bob.get("/me/changes").await.expect(200);
    let changed =
        changes["items"].as_array().unwrap().iter().find(|event| event["type"] == "membership.updated").unwrap();
    assert_eq!((&listed["unread"], &listed["mentions"]), (&json!(0), &json!(0)));
    assert_eq!(changed["membership"], listed);
}

#[tokio::test]
async fn a_forwarded_message_is_a_copy_that_names_its_origin() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let (from, to) = (ann.direct(&bob).await, bob.direct(&eve).await);
    let original = ann.say(&from, "1", "tell @eve and @bob").await;
    let forward = |client_id: &str| json!({ "conversation_id": to, "client_id": client_id });
    let copy = bob.post(&format!("{}/forward", path(&original)), forward("f")).await.expect(201);
    assert_eq!(
        (&copy["body"], &copy["sender_id"], &copy["mentions"]),
        (&original["body"], &json!(bob.id), &Value::Null)
    );
    let origin = json!({
        "message_id": original["id"], "conversation_id": from, "sender_id": ann.id, "created_at": original["created_at"]
    });
    assert_eq!(copy["forwarded_from"], origin);
    // Forwarded again it still names its first author, and what becomes of the original does not touch it.
    let notes = eve.direct(&eve).await;
    let again = json!({ "conversation_id": notes, "client_id": "f" });
    assert_eq!(eve.post(&format!("{}/forward", path(&copy)), again).await.expect(201)["forwarded_from"], origin);
    ann.delete(&path(&original)).await.expect(200);
    assert_eq!(eve.get(&path(&copy)).await.expect(200)["body"], "tell @eve and @bob");
    eve.get(&path(&original)).await.refused(404, "not_found");
}

#[tokio::test]
async fn changes_hold_each_object_once_in_its_present_state() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("delta", &[&bob]).await;
    let first = ann.say(&group, "1", "one").await;
    let second = ann.say(&group, "2", "two").await;
    let since = second["changed"].as_u64().unwrap();
    ann.put(&path(&first), json!({ "body": "one, edited" })).await.expect(200);
    ann.put(&path(&first), json!({ "body": "one, edited twice" })).await.expect(200);
    bob.put(&format!("{}/reactions/👍", path(&first)), json!({})).await.expect(200);
    ann.delete(&path(&second)).await.expect(200);
    ann.put(&format!("/conversations/{group}/members/{}", bob.id), json!({ "role": "admin" })).await.expect(204);
    let changes = bob.get(&format!("/conversations/{group}/changes?after={since}")).await.expect(200);
    let items: Vec<(&str, u64)> = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["type"].as_str().unwrap(), event["seq"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("message.updated", since + 3),
        ("message.deleted", since + 4),
        ("member.updated", since + 5),
        ("message.sent", since + 6),
    ];
    assert_eq!(items, expected);
    assert_eq!(changes["items"][0]["message"]["body"], "one, edited twice");
    assert_eq!(changes["items"][0]["message"]["reactions"], json!([{ "emoji": "👍", "count": 1, "me": true }]));
    assert_eq!((&changes["head"], &changes["next"]), (&json!(since + 6), &Value::Null));
    // Page by page it is the same.
    let (mut after, mut paged) = (since, Vec::new());
    loop {
        let page = bob.get(&format!("/conversations/{group}/changes?after={after}&limit=1")).await.expect(200);
        paged.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_u64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(&paged, changes["items"].as_array().unwrap());
}
