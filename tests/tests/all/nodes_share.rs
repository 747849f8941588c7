//! What nodes must agree on although each keeps it to itself most of the time: settings, keys, emoji, turns, and answers that
//! come to another node than the question.

use laserchat_tests::upload::{png, ready};
use laserchat_tests::{Nodes, Person, patiently, person::http};
use serde_json::{Value, json};

use crate::slash::{bot, give, invoked, register, respond};

async fn two() -> Option<(Nodes, Person, Person)> {
    let nodes = Nodes::start(2).await?;
    nodes.together().await;
    let owner = Person::register(nodes[0].address(), "olive").await;
    let there = nodes[1].sees(&owner);
    Some((nodes, owner, there))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_answers_at_another_node() {
    let Some((nodes, owner, _)) = two().await else { return };
    let bob = Person::register(nodes[0].address(), "bob").await;
    let group = owner.group("players", &[&bob]).await;
    let dice = nodes[1].sees(&bot(&owner, "dice", &group).await);
    register(&dice, "roll", None).await;
    let (mut hears, mut asks) = (dice.connect().await, bob.connect().await);
    for (client_id, kind) in [("a", "ephemeral"), ("b", "in_channel")] {
        let given = give(&bob, &group, client_id, "/roll 2d6").await.expect(202);
        let invocation = invoked(&mut hears).await;
        assert_eq!(invocation["id"], given["invocation_id"]);
        respond(&dice, &invocation, kind, "You rolled 7").await.expect(200);
        let answered = asks.expect("command.answered").await;
        assert_eq!(answered["bot"]["username"], "dice", "{answered:#}");
    }
    let rolled = bob.history(&group).await.into_iter().filter(|message| message["body"] == "You rolled 7").count();
    assert_eq!(rolled, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_keys_and_emoji_are_of_all_nodes() {
    let Some((nodes, owner, there)) = two().await else { return };
    owner.put("/admin/settings", json!({ "registration": "closed" })).await.expect(200);
    patiently("the other node to close", async {
        while there.get("/server").await.expect(200)["registration"] != "closed" {
            tokio::task::yield_now().await;
        }
    })
    .await;

    // What a new key has signed at one node is good at the other, heard of or not.
    for round in 0..4 {
        if round == 2 {
            nodes[1].cable.cut();
        }
        assert_eq!(owner.post("/admin/keys/rotate", json!({})).await.status.as_u16(), 204);
        let login = owner.login().await;
        nodes[1].sees(&login).get("/me").await.expect(200);
    }

    nodes[1].cable.mend();

    let mut told = there.connect().await;
    let picture = owner.tus().create("party.png", png().len(), &[("purpose", "emoji")]).await;
    assert_eq!(owner.tus().patch(&picture, 0, &png()).await.status(), 204);
    ready(&owner, &picture).await;
    owner.put("/emoji/party", json!({ "file_id": picture })).await.expect(200);
    told.expect("emoji.updated").await;
    assert_eq!(there.get("/emoji").await.expect(200)["items"][0]["name"], "party");
    let group = owner.group("here", &[]).await;
    let message = there.say(&group, "1", "hooray").await["id"].as_str().unwrap().to_owned();
    there.put(&format!("/messages/{message}/reactions/:party:"), json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_twice_at_once_is_done_once() {
    let Some((_nodes, owner, there)) = two().await else { return };
    let create = async |who: &Person, key: String| {
        let url = format!("http://{}/api/v1/conversations", who.address);
        let body = json!({ "type": "group", "name": key });
        let request = http().post(url).bearer_auth(&who.token).header("idempotency-key", &key).json(&body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 201);
        let made: Value = answer.json().await.expect("JSON");
        made["id"].clone()
    };
    for round in 0..10 {
        let key = format!("round {round}");
        let (one, other) = tokio::join!(create(&owner, key.clone()), create(&there, key));
        assert_eq!(one, other);
    }
    assert_eq!(owner.get("/conversations").await.expect(200)["items"].as_array().unwrap().len(), 10);
}
