//! Export: one's own things, whole, and nobody else's.

use std::collections::BTreeMap;

use laserchat_tests::{Person, TestServer, patiently, person};
use serde_json::{Value, json};

/// The files of a tar archive, by name.
fn untar(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut at = 0;
    while bytes[at] != 0 {
        let header = &bytes[at..at + 512];
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8(header[range].split(|byte| *byte == 0).next().unwrap().to_vec()).unwrap()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        files.insert(text(0..100), bytes[at + 512..at + 512 + size].to_vec());
        at += 512 + size.div_ceil(512) * 512;
    }
    assert!(bytes[at..].iter().all(|byte| *byte == 0) && bytes.len() - at == 1024, "it ends as an archive ends");
    files
}

async fn content(who: &Person) -> reqwest::Response {
    let url = format!("http://{}/api/v1/me/export/content", who.address);
    person::http().get(url).bearer_auth(&who.token).send().await.unwrap()
}

#[tokio::test]
async fn ones_own_things_and_nobody_elses() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Friends", &[&bob]).await;
    ann.get("/me/export").await.refused(404, "not_found");
    for number in 0..700 {
        ann.say(&group, &format!("a{number}"), &format!("mine {number}")).await;
    }
    bob.say(&group, "b", "not mine").await;
    let asked = ann.post("/me/export", json!({})).await.expect(202);
    assert_eq!(asked["state"], "running");
    let ready = patiently("the export", async {
        loop {
            let export = ann.get("/me/export").await.expect(200);
            if export["state"] != "running" {
                return export;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(ready["state"], "ready");
    let answer = content(&ann).await;
    assert_eq!(answer.headers()["content-type"], "application/x-tar");
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(json!(bytes.len()), ready["bytes"]);
    let files = untar(&bytes);
    let read = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap() };
    assert_eq!(read("account.json")["user"]["username"], "ann");
    assert_eq!(read("conversations.json")[0]["name"], "Friends");
    let mine: Vec<String> = files
        .iter()
        .filter(|(name, _)| name.starts_with("messages/"))
        .flat_map(|(_, bytes)| serde_json::from_slice::<Vec<Value>>(bytes).unwrap())
        .map(|message| message["body"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(mine, (0..700).map(|number| format!("mine {number}")).collect::<Vec<_>>());
    // To others it does not exist.
    assert_eq!(content(&bob).await.status(), 404);
    // One that was asked for when the server stopped is written at the next start.
    ann.post("/me/export", json!({})).await.expect(202);
    server.stop().await;
    server.start_again().await;
    let ann = ann.login().await;
    patiently("the export", async {
        while ann.get("/me/export").await.expect(200)["state"] != "ready" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(content(&ann).await.status(), 200);
}
