//! Slash commands: bots have them, people give them, and every one comes to an end that the person hears of.

use laserchat_tests::receiver::answer;
use laserchat_tests::{Person, Receiver, Socket, TestServer};
use serde_json::{Value, json};

/// A bot of somebody's, in a group; with what its token can do.
pub async fn bot(owner: &Person, name: &str, group: &str) -> Person {
    let made = owner.post("/bots", json!({ "username": name })).await.expect(201);
    let id = made["bot"]["id"].as_str().unwrap().to_owned();
    owner.post(&format!("/conversations/{group}/members"), json!({ "user_id": id })).await;
    let mut bot = owner.with_token(&made["token"]["secret"]);
    (bot.id, bot.username) = (id, name.to_owned());
    bot
}

pub async fn register(bot: &Person, name: &str, url: Option<String>) -> Value {
    let wanted = json!({ "description": "Rolls dice", "usage": "[dice]", "url": url });
    bot.put(&format!("/commands/{name}"), wanted).await.expect(200)
}

pub async fn give(who: &Person, group: &str, client_id: &str, text: &str) -> laserchat_tests::Answer {
    who.post(&format!("/conversations/{group}/commands"), json!({ "client_id": client_id, "text": text })).await
}

/// The invocation that a bot hears of.
pub async fn invoked(bot: &mut Socket) -> Value {
    bot.expect("command.invoked").await["invocation"].clone()
}

pub async fn respond(bot: &Person, invocation: &Value, kind: &str, text: &str) -> laserchat_tests::Answer {
    let path = format!("/commands/answers/{}", invocation["id"].as_str().unwrap());
    bot.post(&path, json!({ "response_type": kind, "text": text })).await
}

struct Stage {
    server: TestServer,
    ann: Person,
    bob: Person,
    group: String,
    dice: Person,
}

async fn stage(settings: &[(&str, &str)]) -> Stage {
    let server = TestServer::with(settings).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Players", &[&bob]).await;
    let dice = bot(&ann, "dice", &group).await;
    Stage { server, ann, bob, group, dice }
}

const LOCAL: [(&str, &str); 1] = [("OUTBOUND_ALLOW", "127.0.0.0/8")];

#[tokio::test]
async fn bots_have_commands_where_they_are_members() {
    let Stage { server, ann, bob, group, dice } = stage(&[]).await;
    let made = register(&dice, "roll", None).await;
    assert_eq!(
        (&made["name"], &made["usage"], &made["bot"]["username"]),
        (&json!("roll"), &json!("[dice]"), &json!("dice"))
    );
    assert_eq!((&made["secret"], &made["url"]), (&Value::Null, &Value::Null));
    let with_url = register(&dice, "spin", Some("https://example.org/hook?key=1".into())).await;
    assert!(with_url["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(register(&dice, "spin", Some("https://example.org/".into())).await["secret"], Value::Null, "shown once");
    let here = bob.get(&format!("/conversations/{group}/commands")).await.expect(200);
    let names: Vec<&str> = here["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["roll", "spin"]);
    assert_eq!(here["items"][1]["url"], Value::Null, "where a bot is asked is its own business");
    assert_eq!(dice.get("/commands").await.expect(200)["items"][1]["url"], "https://example.org/");

    let eve = server.person("eve").await;
    eve.get(&format!("/conversations/{group}/commands")).await.refused(404, "not_found");
    let elsewhere = ann.group("Elsewhere", &[]).await;
    assert_eq!(ann.get(&format!("/conversations/{elsewhere}/commands")).await.expect(200)["items"], json!([]));
    ann.put("/commands/roll", json!({ "description": "x", "usage": "" })).await.refused(403, "forbidden");
    for (name, body, field) in [
        ("Roll", json!({ "description": "x", "usage": "" }), "name"),
        ("r%20l", json!({ "description": "x", "usage": "" }), "name"),
        (&"r".repeat(33), json!({ "description": "x", "usage": "" }), "name"),
        ("r", json!({ "description": " ", "usage": "" }), "description"),
        ("r", json!({ "description": "x", "usage": "u".repeat(201) }), "usage"),
        ("r", json!({ "description": "x", "usage": "", "url": "http://127.0.0.1/" }), "url"),
        ("r", json!({ "description": "x", "usage": "", "url": "file:///etc/passwd" }), "url"),
    ] {
        assert_eq!(dice.put(&format!("/commands/{name}"), body).await.refused(422, "invalid_field")["field"], field);
    }
    dice.delete("/commands/spin").await.expect(204);
    dice.delete("/commands/spin").await.refused(404, "not_found");
    for n in 0..49 {
        register(&dice, &format!("c{n}"), None).await;
    }
    let more = json!({ "description": "x", "usage": "" });
    dice.put("/commands/more", more.clone()).await.refused(409, "limit_reached");
    dice.put("/commands/c0", more).await.expect(200);
    // A bot that is disabled has none.
    ann.delete(&format!("/bots/{}", dice.id)).await.expect(204);
    assert_eq!(bob.get(&format!("/conversations/{group}/commands")).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_bot_answers_over_its_connection() {
    let Stage { server: _server, ann, bob, group, dice } = stage(&[]).await;
    register(&dice, "roll", None).await;
    let (mut hears, mut asks, mut other) = (dice.connect().await, bob.connect().await, ann.connect().await);
    let given = give(&bob, &group, "a", "/Roll  2d6 \n please ").await.expect(202);
    assert_eq!((&given["command"], &given["response"]), (&json!("roll"), &Value::Null));
    let invocation = invoked(&mut hears).await;
    assert_eq!(invocation["id"], given["invocation_id"]);
    assert_eq!((&invocation["command"], &invocation["arguments"]), (&json!("roll"), &json!("2d6 \n please")));
    assert_eq!((&invocation["user"]["id"], &invocation["conversation_id"]), (&json!(bob.id), &json!(group)));
    // Given again, it is the same one, and the bot hears nothing new.
    assert_eq!(give(&bob, &group, "a", "/roll 2d6").await.expect(202)["invocation_id"], given["invocation_id"]);
    let before = bob.history(&group).await.len();
    respond(&dice, &invocation, "ephemeral", "You rolled **7**").await.expect(200);
    let answered = asks.expect("command.answered").await;
    assert_eq!((&answered["response"], &answered["bot"]["username"]), (&json!("You rolled **7**"), &json!("dice")));
    assert_eq!(give(&bob, &group, "a", "/roll 2d6").await.expect(200)["response"], "You rolled **7**");
    // The first answer is the one.
    assert_eq!(respond(&dice, &invocation, "in_channel", "no").await.expect(200)["response"], "You rolled **7**");
    assert_eq!(bob.history(&group).await.len(), before, "nothing is kept of it");
    assert!(other.drain().await.iter().all(|event| event["type"] != "command.answered"), "nobody else hears of it");

    give(&bob, &group, "b", "/roll@DICE 1d4").await.expect(202);
    let invocation = invoked(&mut hears).await;
    assert_ne!(invocation["id"], given["invocation_id"]);
    for _ in 0..2 {
        let told = respond(&dice, &invocation, "in_channel", "Bob rolled 3").await.expect(200);
        assert_eq!(told["message"]["body"], "Bob rolled 3");
    }
    let answered = asks.expect("command.answered").await;
    assert_eq!((&answered["message"]["sender_id"], &answered["response"]), (&json!(dice.id), &Value::Null));
    let said = other.expect("message.sent").await;
    assert_eq!((&said["message"]["body"], &said["message"]["sender_id"]), (&json!("Bob rolled 3"), &json!(dice.id)));
    assert_eq!(bob.history(&group).await.len(), before + 1, "posted once");
    // Not its own, not there, not an answer.
    let cards = bot(&ann, "cards", &group).await;
    respond(&cards, &invocation, "ephemeral", "mine").await.refused(404, "not_found");
    respond(&dice, &json!({ "id": "1" }), "ephemeral", "x").await.refused(404, "not_found");
    give(&bob, &group, "c", "/roll").await.expect(202);
    let invocation = invoked(&mut hears).await;
    assert_eq!(respond(&dice, &invocation, "ephemeral", "").await.refused(422, "invalid_text")["field"], "text");
    respond(&dice, &invocation, "loud", "x").await.refused(400, "malformed_json");
    respond(&dice, &invocation, "ephemeral", "fine").await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_given_is_refused_clearly() {
    let Stage { server, ann, bob, group, dice } = stage(&[]).await;
    register(&dice, "roll", None).await;
    let eve = server.person("eve").await;
    give(&eve, &group, "a", "/roll").await.refused(404, "not_found");
    let refused = give(&bob, &group, "a", "/rol").await.refused(404, "no_such_command");
    assert_eq!(refused["field"], "text");
    give(&bob, &group, "a", "/roll@cards").await.refused(404, "no_such_command");
    for text in ["", "roll", "/roll \0", &format!("/roll {}", "x".repeat(4001))] {
        assert_eq!(give(&bob, &group, "a", text).await.refused(422, "invalid_text")["field"], "text");
    }
    for client_id in ["", "\n", &"x".repeat(65)] {
        assert_eq!(give(&bob, &group, client_id, "/roll").await.refused(422, "invalid_field")["field"], "client_id");
    }
    // Nobody is at home, and trying again later is worth it.
    assert_eq!(give(&bob, &group, "a", "/roll").await.expect(200)["failure"], "offline");
    let _hears = dice.connect().await;
    give(&bob, &group, "a", "/roll").await.expect(202);
    let name = format!("/conversations/{group}/members/{}", bob.id);
    let muted = json!({ "mute_seconds": 3600 });
    ann.put(&name, muted).await.expect(204);
    give(&bob, &group, "b", "/roll").await.refused(403, "muted");
    ann.put(&format!("/conversations/{group}"), json!({ "archived": true })).await.expect(200);
    give(&ann, &group, "b", "/roll").await.refused(409, "archived");
}

#[tokio::test]
async fn whoever_asks_hears_when_no_answer_comes() {
    let Stage { server: _server, ann: _, bob, group, dice } = stage(&[("COMMANDS_ANSWER_SECONDS", "1")]).await;
    register(&dice, "roll", None).await;
    let (mut hears, mut asks) = (dice.connect().await, bob.connect().await);
    let given = give(&bob, &group, "a", "/roll").await.expect(202);
    let invocation = invoked(&mut hears).await;
    let answered = asks.expect("command.answered").await;
    assert_eq!((&answered["failure"], &answered["invocation_id"]), (&json!("no_answer"), &given["invocation_id"]));
    respond(&dice, &invocation, "ephemeral", "late").await.refused(404, "not_found");
    assert_eq!(give(&bob, &group, "a", "/roll").await.expect(200)["failure"], "no_answer");
}

#[tokio::test]
async fn a_bot_says_only_what_it_may_say() {
    let Stage { server: _server, ann, bob, group, dice } = stage(&[]).await;
    register(&dice, "roll", None).await;
    let mut hears = dice.connect().await;
    give(&bob, &group, "a", "/roll").await.expect(202);
    let invocation = invoked(&mut hears).await;
    let name = format!("/conversations/{group}/members/{}", dice.id);
    ann.put(&name, json!({ "mute_seconds": 3600 })).await.expect(204);
    respond(&dice, &invocation, "in_channel", "x").await.refused(403, "muted");
    // To the one who asked it may answer all the same.
    respond(&dice, &invocation, "ephemeral", "x").await.expect(200);
    let reads = json!({ "name": "reads", "scopes": ["read"] });
    let token = ann.post(&format!("/bots/{}/tokens", dice.id), reads).await.expect(201);
    let reader = dice.with_token(&token["secret"]);
    reader.put("/commands/x", json!({ "description": "x", "usage": "" })).await.refused(403, "scope_missing");
    respond(&reader, &invocation, "ephemeral", "x").await.refused(403, "scope_missing");
    give(&reader, &group, "a", "/roll").await.refused(403, "scope_missing");
}

#[tokio::test]
async fn a_url_is_asked_signed_and_may_answer_at_once() {
    let Stage { server: _server, ann: _, bob, group, dice } = stage(&LOCAL).await;
    let mut receiver = Receiver::start().await;
    let made = register(&dice, "roll", Some(receiver.url("/slash"))).await;
    let secret = made["secret"].as_str().unwrap().to_owned();
    receiver.then(answer("200 OK", "content-type: application/json\r\n", r#"{"text":"You rolled 4"}"#));
    let given = give(&bob, &group, "a", "/roll 1d6").await.expect(200);
    assert_eq!(given["response"], "You rolled 4");
    let asked = receiver.next().await;
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/slash"));
    assert_eq!(asked.headers["webhook-id"], format!("cmd_{}", given["invocation_id"].as_str().unwrap()));
    assert!(asked.headers["webhook-signature"].starts_with("v1,") && secret.starts_with("whsec_"));
    let body = asked.json();
    assert_eq!((&body["type"], &body["data"]["arguments"]), (&json!("command.invoked"), &json!("1d6")));
    // Given again, it is not asked again.
    assert_eq!(give(&bob, &group, "a", "/roll 1d6").await.expect(200), given);
    assert!(receiver.rest().is_empty());

    receiver.then(answer("200 OK", "", r#"{"response_type":"in_channel","text":"Bob rolled 4"}"#));
    let posted = give(&bob, &group, "b", "/roll").await.expect(200);
    assert_eq!(
        (&posted["message"]["body"], &posted["message"]["sender_id"]),
        (&json!("Bob rolled 4"), &json!(dice.id))
    );
    // Later.
    let mut asks = bob.connect().await;
    receiver.then(answer("202 Accepted", "", ""));
    let later = give(&bob, &group, "c", "/roll").await.expect(202);
    respond(&dice, &json!({ "id": later["invocation_id"] }), "ephemeral", "at last").await.expect(200);
    assert_eq!(asks.expect("command.answered").await["response"], "at last");
    for (client_id, said, failure) in [
        ("d", answer("500 Oops", "", ""), "bad_answer"),
        ("e", answer("302 Found", "location: http://127.0.0.1:1/\r\n", ""), "bad_answer"),
        ("f", answer("200 OK", "", "<html>"), "bad_answer"),
        ("g", answer("200 OK", "", r#"{"text":""}"#), "bad_answer"),
        ("h", answer("200 OK", "", &"x".repeat(600_000)), "bad_answer"),
    ] {
        receiver.then(said);
        assert_eq!(give(&bob, &group, client_id, "/roll").await.expect(200)["failure"], failure, "{client_id}");
    }
    register(&dice, "spin", Some("http://127.0.0.1:1/".into())).await;
    assert_eq!(give(&bob, &group, "i", "/spin").await.expect(200)["failure"], "offline");
}

#[tokio::test]
async fn a_url_that_says_nothing_is_waited_for_only_so_long() {
    let settings = [LOCAL[0], ("COMMANDS_ANSWER_SECONDS", "1")];
    let Stage { server: _server, ann: _, bob, group, dice } = stage(&settings).await;
    let mut receiver = Receiver::start().await;
    register(&dice, "roll", Some(receiver.url("/"))).await;
    receiver.then_nothing();
    assert_eq!(give(&bob, &group, "a", "/roll").await.expect(200)["failure"], "no_answer");
    receiver.next().await;
    // A name that stands for this machine shows when it is asked.
    let closed = stage(&[]).await;
    register(&closed.dice, "roll", Some(format!("http://localhost:{}/", receiver.address.port()))).await;
    assert_eq!(give(&closed.bob, &closed.group, "a", "/roll").await.expect(200)["failure"], "offline");
    assert!(receiver.rest().is_empty(), "it was never asked");
}

/// The server dies between the command and its answer: given again, it is the same command to the bot, and it posts once.
#[tokio::test]
async fn a_command_survives_a_restart_as_the_same_one() {
    let Stage { mut server, ann: _, bob, group, dice } = stage(&LOCAL).await;
    let mut receiver = Receiver::start().await;
    register(&dice, "roll", Some(receiver.url("/"))).await;
    let said = answer("200 OK", "", r#"{"response_type":"in_channel","text":"Bob rolled 4"}"#);
    receiver.then(said.clone());
    let first = give(&bob, &group, "a", "/roll").await.expect(200);
    let before = bob.history(&group).await.len();
    server.stop().await;
    server.start_again().await;
    receiver.then(said);
    let second = give(&bob, &group, "a", "/roll").await.expect(200);
    assert_eq!(
        (&second["invocation_id"], &second["message"]["id"]),
        (&first["invocation_id"], &first["message"]["id"])
    );
    assert_eq!(receiver.next().await.headers["webhook-id"], receiver.next().await.headers["webhook-id"]);
    assert_eq!(bob.history(&group).await.len(), before);
}
