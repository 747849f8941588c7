//! Deletion of an account, seen from below: no table, column or file knows anything of the person but what is said here.

use std::collections::BTreeSet;

use laserchat_protocol::Timestamp;
use laserchat_tests::person::PASSWORD;
use laserchat_tests::pushes::PushService;
use laserchat_tests::upload::{blob_of, png, ready, upload};
use laserchat_tests::{Person, TestServer, disk, patiently, person};
use reqwest::Method;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};

/// Texts that are nowhere by chance.
const MARKS: [&str; 14] = [
    "quokkaname",
    "quokkaabout",
    "quokkamail",
    "quokkabody",
    "quokkadraft",
    "quokkalater",
    "quokkareminder",
    "quokkakeyword",
    "quokkapush",
    "quokkahook",
    "quokkafile",
    "quokkapoll",
    "quokkabot",
    "quokkastatus",
];

/// Where the number of a deleted account may still stand, and why. Nothing but numbers: the name behind it is gone.
const KEPT: [(&str, &str); 16] = [
    ("users.id", "others refer to it"),
    ("users.username", "the name of a deleted account is made of its number"),
    ("users.skeleton", "the same"),
    ("members.user_id", "that somebody was there and has left"),
    ("messages.sender_id", "the place of an erased message, and what a timeline says of who came and went"),
    ("messages.system", "what a timeline says of who was added or promoted"),
    ("messages.forwarded", "whose words somebody else passed on"),
    ("conversations.created_by", "who made it"),
    ("conversations.pair_a", "with whom a direct conversation was"),
    ("conversations.pair_b", "the same"),
    ("contacts.other_id", "that a contact has ended, for the other's devices"),
    ("activity.sender_id", "that there was something to be told of; what it was is gone"),
    ("deletions.user_id", "the report"),
    ("sessions.user_id", "until the last token that names it has run out"),
    ("files.owner_id", "of files that others have passed on"),
    ("file_totals.owner_id", "the same"),
];

/// Every place in the database in which a number stands, alone or in a text.
fn places(data: &std::path::Path, number: &str) -> BTreeSet<String> {
    let conn = Connection::open(data.join(laserchat_server::server::DATABASE)).unwrap();
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_index%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    let mut found = BTreeSet::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (at, column) in columns.iter().enumerate() {
                let holds = match row.get_ref(at).unwrap() {
                    ValueRef::Integer(value) => value.to_string() == number,
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        bytes.windows(number.len()).any(|window| window == number.as_bytes())
                    }
                    ValueRef::Null | ValueRef::Real(_) => false,
                };
                if holds {
                    found.insert(format!("{table}.{column}"));
                }
            }
        }
    }
    found
}

struct Left {
    group: String,
    /// A file that somebody else has passed on.
    passed_on: String,
    open_poll: String,
    closed_poll: String,
    bot: String,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// Does everything that one can do here.
async fn live(me: &Person, bob: &Person, carl: &Person, pushes: &PushService) -> Left {
    let tomorrow = &Timestamp(Timestamp::now().0 + 86_400_000).to_string();
    let profile = json!({ "display_name": "quokkaname", "about": "quokkaabout", "status": { "text": "quokkastatus" } });
    me.put(&format!("/users/{}/profile", me.id), profile).await.expect(200);
    me.put("/me", json!({ "email": "quokkamail@example.org", "time_zone": "Europe/Berlin" })).await.expect(200);
    let avatar = me.tus().create("quokkafile.png", png().len(), &[("purpose", "avatar")]).await;
    me.tus().patch(&avatar, 0, &png()).await;
    ready(me, &avatar).await;
    me.put(&format!("/users/{}/profile", me.id), json!({ "avatar": avatar })).await.expect(200);

    let group = me.group("Friends", &[bob, carl]).await;
    let messages = format!("/conversations/{group}/messages");
    let file = async |name: &str, content: &[u8]| {
        let id = upload(me, name, content).await;
        ready(me, &id).await;
        id
    };
    let first = file("quokkafile.txt", b"quokkafile, sent").await;
    let body = json!({ "client_id": "1", "body": "quokkabody", "files": [first] });
    let said = me.post(&messages, body).await.expect(201);
    let passed_on = file("plain.txt", b"passed on").await;
    let body = json!({ "client_id": "2", "body": "worth passing on", "files": [passed_on] });
    let second = me.post(&messages, body).await.expect(201);
    let forward = json!({ "client_id": "f", "conversation_id": group });
    bob.post(&format!("/messages/{}/forward", text(&second["id"])), forward).await.expect(201);
    file("quokkafile-unused.txt", b"quokkafile, never sent").await;
    let half = me.tus().create("quokkafile-half.txt", 100, &[]).await;
    me.tus().patch(&half, 0, b"quokkafile, half").await;

    let kept = file("quokkafile-draft.txt", b"quokkafile, in a draft").await;
    let draft = json!({ "body": "quokkadraft", "files": [kept] });
    me.put(&format!("/conversations/{group}/draft"), draft).await.expect(200);
    let later = file("quokkafile-later.txt", b"quokkafile, for later").await;
    let scheduled = json!({ "conversation_id": group, "body": "quokkalater", "files": [later], "send_at": tomorrow });
    me.post("/me/scheduled", scheduled).await.expect(201);
    me.post("/me/reminders", json!({ "text": "quokkareminder", "remind_at": tomorrow })).await.expect(201);
    let others = bob.say(&group, "o", "somebody else's words").await;
    me.put(&format!("/me/saved/{}", text(&others["id"])), json!({})).await.expect(200);
    me.put(&format!("/messages/{}/reactions/👍", text(&others["id"])), json!({})).await.expect(200);
    let reply = json!({ "client_id": "r", "body": "quokkabody", "parent_id": others["id"] });
    me.post(&messages, reply).await.expect(201);
    let reply = json!({ "client_id": "r", "body": "an answer", "parent_id": said["id"] });
    bob.post(&messages, reply).await.expect(201);
    bob.put(&format!("/me/saved/{}", text(&said["id"])), json!({})).await.expect(200);

    let polls = format!("/conversations/{group}/polls");
    let ask = async |who: &Person, name: &str, question: &str| {
        let poll = json!({ "client_id": name, "question": question, "options": ["Sea", "Hills"] });
        text(&who.post(&polls, poll).await.expect(201)["id"])
    };
    ask(me, "own", "quokkapoll").await;
    let (open_poll, closed_poll) = (ask(bob, "open", "Where to?").await, ask(bob, "closed", "When?").await);
    for poll in [&open_poll, &closed_poll] {
        for who in [me, carl] {
            who.put(&format!("/messages/{poll}/vote"), json!({ "options": [1] })).await.expect(200);
        }
    }
    bob.put(&format!("/messages/{closed_poll}/poll/close"), json!({})).await.expect(200);

    let settings = json!({ "keywords": ["quokkakeyword"], "people": [{ "user_id": bob.id, "level": "all" }] });
    me.put("/me/notifications", settings).await.expect(200);
    let about = json!({ "people": [{ "user_id": me.id, "level": "none" }] });
    bob.put("/me/notifications", about).await.expect(200);
    let vapid = me.get("/server").await.expect(200)["vapid_key"].clone();
    me.post("/me/devices", pushes.subscribe("quokkapush", &vapid)).await.expect(201);
    me.put(&format!("/contacts/{}", bob.id), json!({})).await.expect(204);
    carl.put(&format!("/contacts/{}", me.id), json!({})).await.expect(204);

    let hook =
        json!({ "url": "https://quokkahook.example.org/", "conversation_id": group, "events": ["message.sent"] });
    me.post("/webhooks", hook).await.expect(201);
    me.post("/me/tokens", json!({ "name": "quokkaname", "scopes": ["read"] })).await.expect(201);
    me.post(&format!("/conversations/{group}/invitations"), json!({})).await.expect(201);
    let bot = me.post("/bots", json!({ "username": "quokkabot" })).await.expect(201);
    let mut speaking = me.with_token(&bot["token"]["secret"]);
    speaking.id = text(&bot["bot"]["id"]);
    let direct = speaking.direct(bob).await;
    speaking.say(&direct, "b", "quokkabody of a bot").await;

    // An answer that is kept for somebody else, with the name in it.
    let keyed = json!({ "type": "direct", "members": [me.id] }).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "carls")];
    let answer = carl.tus().raw("POST", "/conversations", &headers, keyed.as_bytes()).await;
    assert_eq!(answer.status(), 201);
    me.post("/me/export", json!({})).await.expect(202);
    patiently("the export", async {
        while me.get("/me/export").await.expect(200)["state"] != "ready" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    Left { group, passed_on, open_poll, closed_poll, bot: speaking.id }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_table_column_or_file_knows_the_person_any_more() {
    let pushes = PushService::start().await;
    let server = TestServer::with(&[("OUTBOUND_ALLOW", "127.0.0.0/8")]).await;
    if !server.has_file() {
        return;
    }
    let [_owner, bob, carl, me] = server.people(["olive", "bob", "carl", "somebody"]).await;
    let left = live(&me, &bob, &carl, &pushes).await;
    for mark in MARKS {
        assert!(!disk::traces(server.data(), &[mark]).is_empty(), "{mark} was never there");
    }
    let body = json!({ "password": PASSWORD });
    let (http, address) = (person::http(), server.address());
    let asked = person::call(&http, &address, Method::DELETE, "/me", Some(&me.token), Some(body));
    let report = asked.await.expect(200);

    // From the answer on, while the server runs.
    assert_eq!(report["finished"], true, "{report:#}");
    assert_eq!(disk::traces(server.data(), &MARKS), Vec::<String>::new());
    for user in [&me.id, &left.bot] {
        let unexpected: Vec<String> = places(server.data(), user)
            .into_iter()
            .filter(|place| KEPT.iter().all(|(kept, _)| kept != place))
            .collect();
        assert!(unexpected.is_empty(), "{user} is still in {unexpected:?}");
    }
    for (what, many) in [
        ("messages", 5),
        ("reactions", 1),
        ("votes", 1),
        // The avatar, those that were sent, in a draft, for later, unused, and half there. One was passed on.
        ("files", 6),
        ("conversations_handed_over", 1),
        ("sessions", 1),
        ("tokens", 2),
        ("bots", 1),
        ("webhooks", 1),
        ("devices", 1),
    ] {
        assert_eq!(report[what], many, "{what}: {report:#}");
    }
    assert!(report["contacts"].as_u64().unwrap() >= 1 && report["personal"].as_u64().unwrap() >= 5, "{report:#}");
    for folder in ["exports", "uploads"] {
        let mut entries = std::fs::read_dir(server.data().join(folder)).unwrap();
        assert!(entries.next().is_none(), "{folder} is empty");
    }

    // What others did is untouched: what was passed on, and what came of a vote that is over.
    let file = bob.tus().get(&format!("/files/{}/content", left.passed_on), &[]).await;
    assert_eq!(file.bytes().await.unwrap(), "passed on");
    assert!(blob_of(server.data(), b"passed on").is_some());
    assert!(blob_of(server.data(), b"quokkafile, sent").is_none());
    for (poll, counts) in [(left.open_poll, [0, 1]), (left.closed_poll, [0, 2])] {
        let message = bob.get(&format!("/messages/{poll}")).await.expect(200);
        let options = message["poll"]["options"].as_array().unwrap();
        assert_eq!(options.iter().map(|o| o["count"].as_u64().unwrap()).collect::<Vec<_>>(), counts, "{message:#}");
        let voters = bob.get(&format!("/messages/{poll}/voters?option=1")).await.expect(200);
        let voters = voters["items"].as_array().unwrap();
        assert_eq!(
            voters.iter().map(|voter| text(&voter["user"]["id"])).collect::<Vec<_>>(),
            std::slice::from_ref(&carl.id)
        );
    }
    assert_eq!(bob.get("/me/notifications").await.expect(200)["people"], json!([]));
    let seen = bob.history(&left.group).await;
    assert!(seen.iter().any(|message| message["body"] == "an answer"));
    // The name is free again.
    server.person("somebody").await;
}
