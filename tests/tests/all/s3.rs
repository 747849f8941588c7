//! Blobs in a store that speaks S3: everything that works in a local folder, and what happens while it is away.

use laserchat_tests::upload::{ready, upload};
use laserchat_tests::{Person, S3, TestServer, patiently};
use serde_json::{Value, json};

/// Too many bytes for one request to S3, and different ones for each seed.
fn large(seed: usize) -> Vec<u8> {
    (0..20_000_000).map(|at| ((at * 31 + seed * 7919) % 251) as u8).collect()
}

async fn send(person: &Person, conversation: &str, file: &str) -> Value {
    let send = json!({ "client_id": file, "body": "", "files": [file] });
    person.post(&format!("/conversations/{conversation}/messages"), send).await.expect(201)
}

async fn content(person: &Person, file: &str) -> Vec<u8> {
    let answer = person.tus().get(&format!("/files/{file}/content"), &[]).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}

async fn collected(s3: &S3, left: usize) {
    patiently("blobs to be deleted", async {
        while s3.blobs().len() != left {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_kept_in_a_bucket() {
    let s3 = S3::start().await;
    let mut server = TestServer::with(&s3.settings()).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (one, two) = (b"small".to_vec(), large(1));
    let small = upload(&ann, "small.txt", &one).await;
    ready(&ann, &small).await;

    // In two requests, the second of which goes on where the first came to.
    let tus = ann.tus();
    let id = tus.create("large.bin", two.len(), &[]).await;
    assert_eq!(tus.patch(&id, 0, &two[..9_000_001]).await.status(), 204);
    assert_eq!(tus.offset(&id).await, 9_000_001);
    assert_eq!(tus.patch(&id, 9_000_001, &two[9_000_001..]).await.status(), 204);
    ready(&ann, &id).await;
    assert_eq!(s3.blobs().len(), 2);
    assert!(server.blobs().is_empty(), "nothing is kept beside");

    let messages = [send(&ann, &conversation, &small).await, send(&ann, &conversation, &id).await];
    assert!(content(&bob, &small).await == one && content(&bob, &id).await == two);
    let path = format!("/files/{id}/content");
    for (range, expected) in [
        ("bytes=8388600-8388620", 8_388_600..8_388_621),
        ("bytes=19999990-", 19_999_990..20_000_000),
        ("bytes=-5", 19_999_995..20_000_000),
    ] {
        let part = bob.tus().get(&path, &[("range", range)]).await;
        assert_eq!(part.status(), 206, "{range}");
        assert_eq!(part.bytes().await.unwrap(), two[expected], "{range}");
    }
    assert_eq!(bob.tus().get(&path, &[("range", "bytes=20000000-")]).await.status(), 416);
    assert_eq!(bob.tus().raw("HEAD", &path, &[], b"").await.headers()["content-length"], "20000000");

    // The same bytes once more, and after a restart.
    let again = upload(&bob, "again.bin", &two).await;
    ready(&bob, &again).await;
    assert_eq!(s3.blobs().len(), 2);
    server.stop().await;
    server.start_again().await;
    assert!(content(&bob, &small).await == one && content(&bob, &id).await == two);

    for message in messages {
        ann.delete(&format!("/messages/{}", message["id"].as_str().unwrap())).await.expect(200);
    }
    collected(&s3, 1).await;
    assert_eq!(content(&bob, &again).await, two, "somebody else still has it");
    assert_eq!(bob.tus().terminate(&again).await.status(), 204);
    collected(&s3, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_s3_is_away_nothing_is_lost_and_messages_go_on() {
    let s3 = S3::start().await;
    let mut server = TestServer::with(&s3.settings()).await;
    // Where there may be other nodes, uploads wait for S3.
    if !server.has_file() {
        return;
    }
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let first = upload(&ann, "first.bin", b"first").await;
    ready(&ann, &first).await;
    let message = send(&ann, &conversation, &first).await;
    let mut socket = bob.connect().await;

    s3.cable.cut();
    let path = format!("/files/{first}/content");
    let away = bob.tus().get(&path, &[]).await;
    assert_eq!((away.status().as_u16(), away.headers().contains_key("retry-after")), (503, true));
    assert_eq!(away.json::<Value>().await.unwrap()["code"], "unavailable");
    // What arrives is kept here until it can be kept there.
    let second = upload(&ann, "second.bin", &large(2)).await;
    assert_eq!(ann.get(&format!("/files/{second}")).await.expect(200)["state"], "processing");
    assert_eq!(ann.tus().get(&format!("/files/{second}/content"), &[]).await.status(), 409);
    ann.say(&conversation, "words", "words").await;
    assert_eq!(socket.expect("message.sent").await["message"]["body"], "words");
    // A deletion is not held up by bytes that cannot be deleted now.
    ann.delete(&format!("/messages/{}", message["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(bob.tus().get(&path, &[]).await.status(), 404);

    // Not even when the server stops before S3 is back.
    server.stop().await;
    server.start_again().await;
    assert_eq!(ann.get(&format!("/files/{second}")).await.expect(200)["state"], "processing");
    s3.cable.mend();
    ready(&ann, &second).await;
    send(&ann, &conversation, &second).await;
    assert_eq!(content(&bob, &second).await, large(2));
    collected(&s3, 1).await;
    assert!(s3.all().iter().all(|path| path.is_file()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_s3_that_breaks_again_and_again_loses_nothing() {
    let s3 = S3::start().await;
    let server = TestServer::with(&s3.settings()).await;
    let ann = server.person("ann").await;
    for seed in 0..3 {
        let id = upload(&ann, "a.bin", &large(seed)).await;
        let mut finished = Box::pin(ready(&ann, &id));
        // Whenever something has come: in the middle of a part, between two, before the answer.
        let (mut kept, mut left) = (s3.all().len(), 5);
        loop {
            tokio::select! {
                biased;
                _ = &mut finished => break,
                () = tokio::task::yield_now() => {}
            }
            let now = s3.all().len();
            if now != kept && left > 0 {
                (kept, left) = (now, left - 1);
                s3.cable.jerk();
            }
        }
        assert_eq!(content(&ann, &id).await, large(seed));
    }
    assert_eq!(s3.blobs().len(), 3);
}

#[tokio::test]
async fn a_wrong_key_is_told_by_the_log_and_not_by_losing_files() {
    let s3 = S3::start().await;
    let mut settings = s3.settings();
    settings[3] = ("BLOBS_SECRET_KEY", "not the secret");
    let server = TestServer::with(&settings).await;
    if !server.has_file() {
        return;
    }
    let ann = server.person("ann").await;
    let id = upload(&ann, "a.bin", b"kept").await;
    assert_eq!(ann.get(&format!("/files/{id}")).await.expect(200)["state"], "processing");
    assert!(s3.blobs().is_empty());
    assert!(server.data().join("uploads").join(&id).join("content").is_file());
}
