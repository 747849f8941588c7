//! Deletion of an account: nothing of it is left, wherever the server dies meanwhile.

use laserchat_tests::person::PASSWORD;
use laserchat_tests::{Answer, Person, Process, TestServer, disk, patiently, person};
use reqwest::Method;
use serde_json::{Value, json};

/// Texts that are nowhere by chance.
const MARKS: [&str; 6] = ["quokkabody", "quokkaname", "quokkaabout", "quokkabot", "quokkamail", "quokkausername"];

async fn delete(who: &Person, password: &str) -> Answer {
    let body = json!({ "password": password });
    person::call(&person::http(), &who.address, Method::DELETE, "/me", Some(&who.token), Some(body)).await
}

/// Somebody with something in every corner; the ids of two conversations of theirs.
async fn settled(address: &str, others: &[&Person]) -> (Person, String, String) {
    let me = Person::register(address, "quokkausername").await;
    let profile = json!({ "display_name": "quokkaname", "about": "quokkaabout" });
    me.put(&format!("/users/{}/profile", me.id), profile).await.expect(200);
    me.put("/me", json!({ "email": "quokkamail@example.org" })).await.expect(200);
    let group = me.group("Friends", others).await;
    let direct = me.direct(others[0]).await;
    for number in 0..30 {
        me.say(&group, &format!("g{number}"), &format!("quokkabody {number}")).await;
        me.say(&direct, &format!("d{number}"), "quokkabody in private").await;
    }
    let said = others[0].say(&group, "o", "somebody else's words").await;
    me.put(&format!("/messages/{}/reactions/👍", said["id"].as_str().unwrap()), json!({})).await.expect(200);
    let notes = me.post("/conversations", json!({ "type": "direct", "members": [] })).await.expect(201);
    me.say(notes["id"].as_str().unwrap(), "n", "quokkabody to myself").await;
    me.post("/me/tokens", json!({ "name": "quokkaname", "scopes": ["read"] })).await.expect(201);
    let bot = me.post("/bots", json!({ "username": "quokkabot" })).await.expect(201);
    let mut speaking = me.with_token(&bot["token"]["secret"]);
    speaking.id = bot["bot"]["id"].as_str().unwrap().to_owned();
    let to_bot = speaking.direct(others[0]).await;
    speaking.say(&to_bot, "b", "quokkabody of a bot").await;
    (me, group, direct)
}

#[tokio::test]
async fn nothing_is_left() {
    let mut server = TestServer::start().await;
    let [_owner, bob, carl] = server.people(["olive", "bob", "carl"]).await;
    let (me, group, direct) = settled(&server.address(), &[&bob, &carl]).await;
    delete(&me, "wrong").await.refused(401, "wrong_credentials");
    let report = delete(&me, PASSWORD).await.expect(200);
    assert_eq!(report["finished"], true, "{report:#}");
    assert!(report["messages"].as_u64().unwrap() >= 61, "{report:#}");
    for (what, many) in
        [("reactions", 1), ("bots", 1), ("sessions", 1), ("tokens", 2), ("conversations_handed_over", 1)]
    {
        assert_eq!(report[what], many, "{what}: {report:#}");
    }
    me.get("/me").await.refused(401, "session_ended");
    let login = json!({ "login": "quokkausername", "password": PASSWORD });
    person::call(&person::http(), &server.address(), Method::POST, "/auth/login", None, Some(login))
        .await
        .refused(401, "wrong_credentials");
    // The others see tombstones of somebody without a name, and one of them owns the group.
    let seen = bob.history(&group).await;
    assert!(
        seen.iter()
            .filter(|m| m["sender_id"] == json!(me.id) && m["type"] == "text")
            .all(|m| m["deleted_at"].is_string())
    );
    assert!(seen.iter().any(|m| m["body"] == "somebody else's words" && m["reactions"] == json!([])));
    let ghost = bob.get(&format!("/users/{}", me.id)).await.expect(200);
    assert_eq!((&ghost["deleted"], &ghost["about"]), (&json!(true), &json!("")));
    let role = async |who: &Person| {
        who.get(&format!("/conversations/{group}")).await.expect(200)["membership"]["role"].clone()
    };
    let roles = [role(&bob).await, role(&carl).await];
    assert!(roles.contains(&json!("owner")), "{roles:?}");
    assert_eq!(bob.get(&format!("/conversations/{direct}")).await.expect(200)["peer"]["deleted"], true);
    // Nothing is in any file since the answer came, nor when the server is stopped.
    assert_eq!(disk::traces(server.data(), &MARKS), Vec::<String>::new());
    server.stop().await;
    assert_eq!(disk::traces(server.data(), &MARKS), Vec::<String>::new());
}

#[tokio::test]
async fn the_owner_of_the_server_hands_it_over_first() {
    let server = TestServer::start().await;
    let [owner, _] = server.people(["olive", "bob"]).await;
    delete(&owner, PASSWORD).await.refused(409, "owner_must_hand_over");
    delete(&owner, "").await.refused(401, "wrong_credentials");
    let http = person::http();
    person::call(&http, &server.address(), Method::DELETE, "/me", None, Some(json!({ "password": PASSWORD })))
        .await
        .refused(401, "unauthorized");
    person::call(&http, &server.address(), Method::DELETE, "/me", Some(&owner.token), Some(json!({})))
        .await
        .refused(400, "malformed_json");
}

/// Whether the job says that it is done: nobody can ask the server for it any more.
fn finished(data: &std::path::Path) -> bool {
    let conn = rusqlite::Connection::open(data.join(laserchat_server::server::DATABASE)).unwrap();
    conn.query_row("SELECT finished_at IS NOT NULL FROM deletions", [], |row| row.get(0)).unwrap()
}

/// Killed again and again while it deletes: it goes on by itself, and nothing is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let _owner = Person::register(&address, "olive").await;
    let bob = Person::register(&address, "bob").await;
    let (me, group, _) = settled(&address, &[&bob]).await;
    let asked = tokio::spawn(async move {
        let body = json!({ "password": PASSWORD });
        let url = format!("http://{}/api/v1/me", me.address);
        // The answer does not come: the server is killed.
        let _ = person::http().delete(url).bearer_auth(&me.token).json(&body).send().await;
        me
    });
    let left = async |bob: &Person| -> usize {
        bob.history(&group).await.iter().filter(|m: &&Value| m["body"].as_str().unwrap().contains("quokka")).count()
    };
    // The first kill comes when the work is seen to have begun; the others a moment after each start.
    patiently("the deletion to begin", async {
        while left(&bob).await == 30 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for _ in 0..3 {
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    let me = patiently("the asker", asked).await.unwrap();
    patiently("the end", async {
        loop {
            let ghost = bob.get(&format!("/users/{}", me.id)).await.expect(200);
            if ghost["deleted"] == true && left(&bob).await == 0 && finished(folder.path()) {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    // It is true from then on, while the server runs, and after that.
    assert_eq!(disk::traces(folder.path(), &MARKS), Vec::<String>::new());
    assert!(process.terminate().await.success());
    assert_eq!(disk::traces(folder.path(), &MARKS), Vec::<String>::new());
}
