//! Export: one's own things, whole, and nobody else's.

use std::collections::BTreeMap;

use laserchat_tests::upload::{blob_of, png, ready, upload};
use laserchat_tests::{Person, Process, TestServer, patiently, person};
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

/// Asks for an export, waits until it is ready, and unpacks it.
async fn exported(who: &Person) -> BTreeMap<String, Vec<u8>> {
    who.post("/me/export", json!({})).await.expect(202);
    whole(who).await
}

async fn whole(who: &Person) -> BTreeMap<String, Vec<u8>> {
    patiently("the export", async {
        loop {
            match who.get("/me/export").await.expect(200)["state"].as_str() {
                Some("ready") => return,
                Some("running") => tokio::task::yield_now().await,
                other => panic!("{other:?}"),
            }
        }
    })
    .await;
    untar(&content(who).await.bytes().await.unwrap())
}

#[tokio::test]
async fn files_belongings_opinions_and_devices() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Friends", &[&bob]).await;
    let large: Vec<u8> = (0..3_000_000u32).map(|n| (n * 7 % 251) as u8).collect();
    let mut ids = Vec::new();
    for (name, bytes) in
        [("large.bin", &large[..]), ("red.PNG", &png()[..]), ("../../no name", b"x"), ("lost.txt", b"lost")]
    {
        let id = upload(&ann, name, bytes).await;
        ready(&ann, &id).await;
        ids.push(id);
    }
    let send = json!({ "client_id": "1", "body": "", "files": ids });
    ann.post(&format!("/conversations/{group}/messages"), send).await.expect(201);
    let others = upload(&bob, "bobs.txt", b"not mine").await;
    ready(&bob, &others).await;
    std::fs::remove_file(blob_of(server.data(), b"lost").unwrap()).unwrap();
    ann.put(&format!("/conversations/{group}/draft"), json!({ "body": "half a thought" })).await.expect(200);
    let said = bob.say(&group, "b", "words of bob").await["id"].as_str().unwrap().to_owned();
    ann.put(&format!("/messages/{said}/reactions/👍"), json!({})).await.expect(200);
    ann.put(&format!("/me/saved/{said}"), json!({})).await.expect(200);
    let poll = json!({ "client_id": "p", "question": "Where to?", "options": ["Sea", "Hills"] });
    let poll = bob.post(&format!("/conversations/{group}/polls"), poll).await.expect(201);
    let poll = poll["id"].as_str().unwrap();
    ann.put(&format!("/messages/{poll}/vote"), json!({ "options": [1] })).await.expect(200);

    let files = exported(&ann).await;
    let read = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap_or_else(|_| panic!("{name}")) };
    assert_eq!(read("drafts.json")[0]["body"], "half a thought");
    assert_eq!(read("saved.json")[0]["message_id"], json!(said));
    assert_eq!(read(&format!("reactions/{group}.json"))[0]["emoji"], "👍");
    assert_eq!(read(&format!("votes/{group}.json"))[0]["option"], 1);
    assert_eq!(read("sessions.json").as_array().unwrap().len(), 1);
    assert_eq!(read("notifications.json")["keywords"], json!([]));
    for empty in ["devices.json", "scheduled.json", "reminders.json", "bots.json", "tokens.json", "contacts.json"] {
        assert_eq!(read(empty), json!([]), "{empty}");
    }
    let list = read("files.json");
    let list = list.as_array().unwrap();
    assert_eq!(list.iter().map(|one| one["file"]["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    let part = |at: usize, name: &str| list[at]["parts"][name].as_str().map(|path| files[path].clone());
    assert_eq!(part(0, "content").unwrap(), large);
    assert_eq!(list[0]["parts"]["content"], format!("files/{}/content.bin", ids[0]));
    assert_eq!(list[1]["parts"]["content"], format!("files/{}/content.png", ids[1]));
    for variant in list[1]["file"]["variants"].as_array().unwrap() {
        assert!(!part(1, variant.as_str().unwrap()).unwrap().is_empty(), "{variant}");
    }
    assert_eq!(list[2]["parts"]["content"], format!("files/{}/content", ids[2]), "a name leads nowhere");
    // Bytes that the disk has lost are said to be missing, and the rest is there.
    assert_eq!(list[3]["parts"]["content"], Value::Null);
    let all = files.values().any(|bytes| bytes.windows(8).any(|window| window == b"not mine"));
    assert!(!all && !files.values().any(|bytes| bytes.windows(12).any(|window| window == b"words of bob")));
}

/// Killed while it writes, again and again: in the end there is one archive, and it is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_written_anew_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let notes = ann.direct(&ann).await;
    let mut contents = Vec::new();
    for number in 0..6u32 {
        let bytes: Vec<u8> = (0..2_000_000u32).map(|n| ((n + number) * 31 % 249) as u8).collect();
        let id = upload(&ann, "a.bin", &bytes).await;
        ready(&ann, &id).await;
        let send = json!({ "client_id": id, "body": "mine", "files": [id] });
        ann.post(&format!("/conversations/{notes}/messages"), send).await.expect(201);
        contents.push((format!("files/{id}/content.bin"), bytes));
    }
    let part = folder.path().join("exports").join(format!("{}.part", ann.id));
    ann.post("/me/export", json!({})).await.expect(202);
    for kill in 0..4u64 {
        // Each time at another point; sometimes it is done before.
        patiently("it to be under way", async {
            loop {
                let size = std::fs::metadata(&part).map_or(0, |found| found.len());
                let state = ann.get("/me/export").await.expect(200)["state"].clone();
                assert_ne!(state, "failed");
                if size > kill * 2_500_000 || state == "ready" {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
        assert_eq!(ann.post("/me/export", json!({})).await.status.as_u16() / 100, 2, "asking again is harmless");
    }
    let files = whole(&ann).await;
    for (path, bytes) in &contents {
        assert!(files[path] == *bytes, "{path}");
    }
    let names: Vec<_> =
        std::fs::read_dir(folder.path().join("exports")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, [format!("{}.tar", ann.id).as_str()]);
    assert!(process.terminate().await.success());
}

#[tokio::test]
async fn an_account_that_goes_takes_its_export_along() {
    let server = TestServer::start().await;
    let [_owner, ann] = server.people(["olive", "ann"]).await;
    exported(&ann).await;
    // One that is under way ends without leaving anything behind.
    ann.post("/me/export", json!({})).await.expect(202);
    let body = json!({ "password": person::PASSWORD });
    let http = person::http();
    let report = person::call(&http, &ann.address, reqwest::Method::DELETE, "/me", Some(&ann.token), Some(body));
    assert_eq!(report.await.expect(200)["finished"], true);
    patiently("the folder to be empty", async {
        while std::fs::read_dir(server.data().join("exports")).unwrap().next().is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
