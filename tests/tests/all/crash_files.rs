//! Killed in the middle of uploads and of what follows them: what was acknowledged is there, and nothing is left over.

use std::sync::Arc;
use std::time::Instant;

use laserchat_tests::upload::{blob_of, blobs, ready, upload};
use laserchat_tests::{PATIENCE, Person, Process, patiently};
use parking_lot::Mutex;
use serde_json::json;

const KILLS: usize = 8;

/// Different bytes for every upload.
fn bytes(number: usize) -> Vec<u8> {
    (0..400_000).map(|at| ((at * 31 + number * 7919) % 251) as u8).collect()
}

/// One request that may meet a dead server. `None`: there was no answer.
async fn tus(
    person: &Person,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Option<reqwest::Response> {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = person.tus().http.request(method, format!("http://{}/api/v1{path}", person.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.bearer_auth(&person.token).body(body).send().await.ok()
}

/// Uploads and sends as a client does: asks how far it has come whenever something breaks, until it is sent.
async fn persist(person: &Person, conversation: &str, number: usize) -> Option<String> {
    let content = bytes(number);
    let (length, key) = (content.len().to_string(), format!("key-{number}"));
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let create = [("upload-length", &*length), ("idempotency-key", &*key)];
        let Some(made) = tus(person, "POST", "/uploads", &create, Vec::new()).await else {
            tokio::task::yield_now().await;
            continue;
        };
        let place = made.headers()["location"].to_str().expect("a place").trim_start_matches("/api/v1").to_owned();
        let id = place.rsplit('/').next().expect("an id").to_owned();
        let Some(head) = tus(person, "HEAD", &place, &[], Vec::new()).await else { continue };
        let offset: usize = head.headers()["upload-offset"].to_str().expect("a number").parse().expect("a number");
        if offset < content.len() {
            let at = offset.to_string();
            let headers = [("upload-offset", &*at), ("content-type", "application/offset+octet-stream")];
            let end = (offset + 150_000).min(content.len());
            let _ = tus(person, "PATCH", &place, &headers, content[offset..end].to_vec()).await;
            continue;
        }
        let send = json!({ "client_id": key, "body": "", "files": [id] });
        let path = format!("/conversations/{conversation}/messages");
        let headers = [("content-type", "application/json")];
        match tus(person, "POST", &path, &headers, send.to_string().into_bytes()).await {
            Some(answer) if answer.status().is_success() => return Some(id),
            _ => tokio::task::yield_now().await,
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_survive_kill_9_at_any_point() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let conversation = ann.direct(&bob).await;
    let sent = Arc::new(Mutex::new(Vec::new()));
    let stop = Arc::new(Mutex::new(false));
    let worker = {
        let (ann, conversation, sent, stop) = (ann.clone(), conversation.clone(), Arc::clone(&sent), Arc::clone(&stop));
        tokio::spawn(async move {
            for number in 0.. {
                if *stop.lock() {
                    return;
                }
                let id = persist(&ann, &conversation, number).await.expect("it is sent in the end");
                sent.lock().push((number, id));
            }
        })
    };
    for kill in 0..KILLS {
        // Each time at another point of what is under way.
        let before = sent.lock().len();
        patiently("some uploads", async {
            while sent.lock().len() < before + kill % 3 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    *stop.lock() = true;
    patiently("the last upload", worker).await.unwrap();

    let sent = sent.lock().clone();
    assert!(!sent.is_empty());
    for (number, id) in &sent {
        let answer = bob.tus().get(&format!("/files/{id}/content"), &[]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.bytes().await.unwrap(), bytes(*number), "file {number}");
        assert!(blob_of(folder.path(), &bytes(*number)).is_some());
    }
    assert_eq!(
        ann.history(&conversation).await.iter().filter(|message| message["attachments"] != json!([])).count(),
        sent.len()
    );
    assert_eq!(blobs(folder.path()).len(), sent.len(), "no bytes are left over");
    let used = ann.get("/me/usage").await.expect(200)["used"].as_u64().unwrap();
    assert_eq!(used, 400_000 * sent.len() as u64);
    patiently("what was under way to be cleared", async {
        while std::fs::read_dir(folder.path().join("uploads")).unwrap().next().is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(process.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_that_was_killed_is_finished_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let notes = ann.direct(&ann).await;
    for number in 0..4 {
        let id = upload(&ann, "a.bin", &bytes(number)).await;
        ready(&ann, &id).await;
        let send = json!({ "client_id": id, "body": "", "files": [id] });
        let message = ann.post(&format!("/conversations/{notes}/messages"), send).await.expect(201);
        ann.delete(&format!("/messages/{}", message["id"].as_str().unwrap())).await.expect(200);
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    patiently("every blob to be deleted", async {
        while !blobs(folder.path()).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(ann.get("/me/usage").await.expect(200)["used"], 0);
    assert!(process.terminate().await.success());
}
