//! Files: uploads that survive lost connections, what a message may carry, and who may read it.

use laserchat_tests::upload::{Tus, png, ready, upload};
use laserchat_tests::{Cable, Person, TestServer, patiently};
use reqwest::StatusCode;
use serde_json::{Value, json};

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| (at * 31 % 251) as u8).collect()
}

async fn send(person: &Person, conversation: &str, client_id: &str, files: &[&str]) -> laserchat_tests::Answer {
    let send = json!({ "client_id": client_id, "body": "", "files": files });
    person.post(&format!("/conversations/{conversation}/messages"), send).await
}

async fn status(person: &Person, path: &str) -> u16 {
    person.tus().get(path, &[]).await.status().as_u16()
}

#[tokio::test]
async fn a_file_is_uploaded_sent_and_read_by_members() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let conversation = ann.direct(&bob).await;
    let content = bytes(300_000);
    let id = upload(&ann, "notes.bin", &content).await;
    let file = ready(&ann, &id).await;
    assert_eq!((&file["name"], &file["size"], &file["kind"]), (&json!("notes.bin"), &json!(300_000), &json!("file")));

    // Before it is sent it is its owner's alone.
    assert_eq!(status(&ann, &format!("/files/{id}/content")).await, 200);
    assert_eq!(status(&bob, &format!("/files/{id}/content")).await, 404);

    let mut socket = bob.connect().await;
    let message = send(&ann, &conversation, "1", &[&id]).await.expect(201);
    assert_eq!(message["attachments"], json!([file]));
    assert_eq!(message["body"], "");
    let told = socket.expect("message.sent").await;
    assert_eq!(told["message"]["attachments"], json!([file]));
    assert_eq!(bob.history(&conversation).await[0]["attachments"], json!([file]));

    let answer = bob.tus().get(&format!("/files/{id}/content"), &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let headers = answer.headers().clone();
    for (name, value) in [
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("content-disposition", "attachment; filename=\"notes.bin\"; filename*=UTF-8''notes.bin"),
        ("accept-ranges", "bytes"),
        ("content-length", "300000"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    assert_eq!(answer.bytes().await.unwrap(), content);
    assert_eq!(status(&eve, &format!("/files/{id}/content")).await, 404);
    eve.get(&format!("/files/{id}")).await.refused(404, "not_found");

    // Parts, and what one has already.
    let path = format!("/files/{id}/content");
    let part = bob.tus().get(&path, &[("range", "bytes=100-199")]).await;
    assert_eq!(
        (part.status().as_u16(), &part.headers()["content-range"]),
        (206, &"bytes 100-199/300000".parse().unwrap())
    );
    assert_eq!(part.bytes().await.unwrap(), content[100..200]);
    let etag = headers["etag"].to_str().unwrap();
    assert_eq!(bob.tus().get(&path, &[("if-none-match", etag)]).await.status(), 304);
    let outside = bob.tus().get(&path, &[("range", "bytes=300000-")]).await;
    assert_eq!(
        (outside.status().as_u16(), &outside.headers()["content-range"]),
        (416, &"bytes */300000".parse().unwrap())
    );

    // A retry is the first message, whatever became of the file.
    ann.delete(&format!("/messages/{}", message["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(status(&bob, &path).await, 404);
    let again = send(&ann, &conversation, "1", &[&id]).await.expect(200);
    assert_eq!((&again["id"], &again["attachments"]), (&message["id"], &json!([])));
}

#[tokio::test]
async fn a_cut_connection_is_resumed_where_it_broke() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let cable = Cable::to(&server.address()).await;
    let content = bytes(2_000_000);
    let tus = ann.tus();
    let id = tus.create("a.bin", content.len(), &[]).await;
    // The first half arrives, and then the connection is gone without a goodbye.
    let far = Tus { address: cable.address.to_string(), ..ann.tus() };
    let _gone = far.half(&id, &content[..1_000_000], content.len()).await;
    let arrived = server.data().join("uploads").join(&id).join("content");
    patiently("some of it", async {
        while std::fs::metadata(&arrived).map_or(0, |file| file.len()) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    cable.cut();
    let offset = tus.offset(&id).await;
    assert!(offset > 0 && offset <= 1_000_000, "{offset}");
    assert_eq!(tus.patch(&id, offset + 1, &content[offset as usize + 1..]).await.status(), 409);
    assert_eq!(tus.patch(&id, 0, &content).await.status(), 409);
    let answer = tus.patch(&id, offset, &content[offset as usize..]).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["upload-offset"]), (204, &"2000000".parse().unwrap()));
    ready(&ann, &id).await;
    let answer = ann.tus().get(&format!("/files/{id}/content"), &[]).await;
    assert_eq!(answer.bytes().await.unwrap(), content);
}

#[tokio::test]
async fn the_newest_request_wins() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let (tus, content) = (ann.tus(), bytes(600_000));
    let id = tus.create("a.bin", content.len(), &[]).await;
    // A request that hangs in the middle does not keep the client from going on.
    let hanging = tus.half(&id, &content[..400_000], content.len()).await;
    let arrived = server.data().join("uploads").join(&id).join("content");
    patiently("some of it", async {
        while std::fs::metadata(&arrived).map_or(0, |file| file.len()) == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let offset = tus.offset(&id).await;
    assert!(offset > 0 && offset <= 400_000, "{offset}");
    assert_eq!(tus.patch(&id, offset, &content[offset as usize..]).await.status(), 204);
    drop(hanging);
    ready(&ann, &id).await;
}

#[tokio::test]
async fn tus_is_spoken_to_the_letter() {
    let server = TestServer::with(&[("FILES_BYTES", "1000"), ("FILES_USER_QUOTA", "2500")]).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let tus = ann.tus();
    let told = tus.options().await;
    assert_eq!(told.headers()["tus-version"], "1.0.0");
    assert_eq!(told.headers()["tus-max-size"], "1000");
    assert_eq!(told.headers()["tus-extension"], "creation,creation-with-upload,checksum,expiration,termination");
    assert_eq!(tus.post(&[("upload-length", "1001")], b"").await.status(), 413);
    for bad in ["", "-1", "x", "99999999999999999999"] {
        assert_eq!(tus.post(&[("upload-length", bad)], b"").await.status(), 400, "{bad}");
    }
    assert_eq!(tus.post(&[], b"").await.status(), 400);
    assert_eq!(tus.post(&[("upload-length", "1"), ("upload-metadata", "purpose eA==")], b"").await.status(), 400);
    let other = tus.post(&[("upload-length", "1"), ("tus-resumable", "0.2.0")], b"").await;
    assert_eq!((other.status().as_u16(), &other.headers()["tus-resumable"]), (412, &"1.0.0".parse().unwrap()));

    // Nothing at all is a file as well.
    let empty = tus.create("empty.txt", 0, &[]).await;
    assert_eq!(tus.offset(&empty).await, 0);
    ready(&ann, &empty).await;
    let answer = tus.get(&format!("/files/{empty}/content"), &[]).await;
    assert_eq!((answer.status().as_u16(), answer.bytes().await.unwrap().len()), (200, 0));

    let id = tus.create("a.bin", 10, &[]).await;
    assert_eq!(tus.patch(&id, 0, &bytes(11)).await.status(), 413);
    assert_eq!(tus.offset(&id).await, 0);
    assert_eq!(tus.raw_patch(&id, &[("upload-offset", "0"), ("content-type", "text/plain")], b"x").await.status(), 415);
    let chunk = ("content-type", "application/offset+octet-stream");
    assert_eq!(tus.raw_patch(&id, &[chunk], b"x").await.status(), 400);
    let wrong = [("upload-offset", "0"), chunk, ("upload-checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")];
    assert_eq!(tus.raw_patch(&id, &wrong, b"hello").await.status(), 460);
    assert_eq!(tus.offset(&id).await, 0, "what does not fit its checksum is not kept");
    let right = [("upload-offset", "0"), chunk, ("upload-checksum", "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=")];
    assert_eq!(tus.raw_patch(&id, &right, b"hello").await.status(), 204);
    assert_eq!(tus.offset(&id).await, 5);

    // Somebody else's upload does not exist.
    assert_eq!(bob.tus().head(&id).await.status(), 404);
    assert_eq!(bob.tus().patch(&id, 5, b"world").await.status(), 404);
    assert_eq!(bob.tus().terminate(&id).await.status(), 404);
    // A key names an upload.
    let key = [("upload-length", "7"), ("idempotency-key", "k")];
    let (one, two) = (tus.post(&key, b"").await, tus.post(&key, b"").await);
    assert_eq!(one.headers()["location"], two.headers()["location"]);
    assert_eq!(tus.post(&[("upload-length", "8"), ("idempotency-key", "k")], b"").await.status(), 409);

    assert_eq!(ann.get("/me/usage").await.expect(200), json!({ "used": 17, "quota": 2500 }));
    assert_eq!(tus.terminate(&id).await.status(), 204);
    assert_eq!(tus.head(&id).await.status(), 404);
    assert_eq!(ann.get("/me/usage").await.expect(200)["used"], 7);
    for _ in 0..2 {
        tus.create("b.bin", 1000, &[]).await;
    }
    let over = tus.post(&[("upload-length", "1000")], b"").await;
    assert_eq!(over.status(), 413);
    assert_eq!(over.json::<Value>().await.unwrap()["code"], "quota_exceeded");
    bob.tus().create("b.bin", 1000, &[]).await;
    let limits = &ann.get("/server").await.expect(200)["limits"];
    assert_eq!((&limits["file_bytes"], &limits["quota_bytes"]), (&json!(1000), &json!(2500)));
}

#[tokio::test]
async fn a_message_carries_only_what_its_sender_may_attach() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mine = upload(&ann, "a.bin", b"mine").await;
    let theirs = upload(&bob, "b.bin", b"theirs").await;
    let half = ann.tus().create("c.bin", 10, &[]).await;
    ready(&ann, &mine).await;
    ready(&bob, &theirs).await;
    send(&ann, &conversation, "1", &[&theirs]).await.refused(404, "not_found");
    send(&ann, &conversation, "1", &[&half]).await.refused(404, "not_found");
    send(&ann, &conversation, "1", &["12345"]).await.refused(404, "not_found");
    send(&ann, &conversation, "1", &[&mine, &mine]).await.refused(422, "invalid_field");
    send(&ann, &conversation, "1", &["x"]).await.refused(400, "malformed_json");
    send(&ann, &conversation, "1", &[]).await.refused(422, "invalid_text");
    let eleven: Vec<String> = (1..=11).map(|id| id.to_string()).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    send(&ann, &conversation, "1", &eleven).await.refused(422, "invalid_field");

    // The same over a socket.
    let mut socket = ann.connect().await;
    let command = |files| json!({ "conversation_id": conversation, "client_id": "2", "body": "", "files": [files] });
    let foreign = socket.command("message.send", command(&theirs)).await;
    assert_eq!(foreign["code"], "not_found");
    let ack = socket.command("message.send", command(&mine)).await;
    let again = socket.command("message.send", command(&mine)).await;
    assert_eq!((&ack["type"], &ack["message_id"]), (&json!("ack"), &again["message_id"]));

    // What a message has cannot be deleted under it; forwarding keeps it when the first message goes.
    assert_eq!(ann.tus().terminate(&mine).await.status(), 409);
    let id = ack["message_id"].as_str().unwrap();
    let notes = bob.direct(&bob).await;
    let forward = json!({ "conversation_id": notes, "client_id": "f" });
    let copy = bob.post(&format!("/messages/{id}/forward"), forward).await.expect(201);
    assert_eq!(copy["attachments"][0]["id"], json!(mine));
    ann.put(&format!("/messages/{id}"), json!({ "body": "with words" })).await.expect(200);
    ann.put(&format!("/messages/{id}"), json!({ "body": "" })).await.expect(200);
    ann.delete(&format!("/messages/{id}")).await.expect(200);
    assert_eq!(status(&bob, &format!("/files/{mine}/content")).await, 200);
    assert_eq!(status(&ann, &format!("/files/{mine}/content")).await, 200, "it stays its owner's");
}

#[tokio::test]
async fn files_are_read_by_members_while_they_are_members() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("g", &[&bob]).await;
    let id = upload(&ann, "a.bin", b"content").await;
    ready(&ann, &id).await;
    send(&ann, &group, "1", &[&id]).await.expect(201);
    let path = format!("/files/{id}/content");
    assert_eq!((status(&bob, &path).await, status(&eve, &path).await), (200, 404));
    bob.post(&format!("/conversations/{group}/leave"), json!({})).await;
    assert_eq!(status(&bob, &path).await, 404);
    bob.get(&format!("/conversations/{group}/files")).await.refused(404, "not_found");
    ann.post(&format!("/conversations/{group}/members"), json!({ "user_ids": [eve.id] })).await;
    ann.delete(&format!("/conversations/{group}")).await;
    assert_eq!(status(&eve, &path).await, 404);
    assert_eq!(status(&ann, &path).await, 200);
}

#[tokio::test]
async fn a_cookie_reads_files_and_nothing_else() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let id = upload(&ann, "a.bin", b"content").await;
    ready(&ann, &id).await;
    let answer = ann.tus().raw("POST", "/events/cookie", &[], b"").await;
    let cookies: Vec<&str> =
        answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let of_files = cookies.iter().find(|cookie| cookie.contains("Path=/api/v1/files;")).expect("a cookie for files");
    assert!(of_files.contains("HttpOnly") && of_files.contains("SameSite=Strict"));
    let cookie = of_files.split(';').next().unwrap();
    let nobody = Tus { token: None, ..ann.tus() };
    assert_eq!(nobody.get(&format!("/files/{id}/content"), &[("cookie", cookie)]).await.status(), 200);
    assert_eq!(nobody.get(&format!("/files/{id}"), &[("cookie", cookie)]).await.status(), 200);
    assert_eq!(nobody.get(&format!("/files/{id}"), &[]).await.status(), 401);
    for (method, path) in [("GET", "/me"), ("GET", "/me/usage"), ("DELETE", &*format!("/uploads/{id}"))] {
        assert_eq!(nobody.raw(method, path, &[("cookie", cookie)], b"").await.status(), 401, "{method} {path}");
    }
}

#[tokio::test]
async fn the_gallery_lists_the_newest_first_by_kind() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let mut sent = Vec::new();
    for number in 0..5 {
        let id = upload(&ann, &format!("{number}.bin"), format!("content {number}").as_bytes()).await;
        ready(&ann, &id).await;
        sent.push((id.clone(), send(&ann, &conversation, &number.to_string(), &[&id]).await.expect(201)));
    }
    let path = format!("/conversations/{conversation}/files");
    let first = bob.get(&format!("{path}?limit=3")).await.expect(200);
    let next = first["next"].as_str().expect("more").to_owned();
    let rest = bob.get(&format!("{path}?limit=3&cursor={next}")).await.expect(200);
    let items: Vec<&Value> = [&first, &rest].iter().flat_map(|page| page["items"].as_array().unwrap()).collect();
    let ids: Vec<&str> = items.iter().map(|item| item["file"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, sent.iter().rev().map(|(id, _)| id.as_str()).collect::<Vec<_>>());
    assert_eq!((&items[0]["message_id"], &items[0]["seq"]), (&sent[4].1["id"], &sent[4].1["seq"]));
    assert_eq!(rest["next"], Value::Null);
    assert_eq!(bob.get(&format!("{path}?kind=image")).await.expect(200)["items"], json!([]));
    assert_eq!(bob.get(&format!("{path}?kind=file")).await.expect(200)["items"].as_array().unwrap().len(), 5);
    bob.get(&format!("{path}?kind=poem")).await.refused(400, "invalid_request");
    ann.delete(&format!("/messages/{}", sent[4].1["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(bob.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_nothing_uses_is_deleted_and_the_same_bytes_are_kept_once() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let (one, two) = (upload(&ann, "1.bin", b"the same").await, upload(&bob, "2.bin", b"the same").await);
    ready(&ann, &one).await;
    ready(&bob, &two).await;
    assert_eq!(server.blobs().len(), 1);
    let first = send(&ann, &conversation, "1", &[&one]).await.expect(201);
    let second = send(&bob, &conversation, "1", &[&two]).await.expect(201);
    let delete = async |person: &Person, message: &Value| {
        person.delete(&format!("/messages/{}", message["id"].as_str().unwrap())).await.expect(200);
    };
    delete(&ann, &first).await;
    patiently("the file to be collected", async {
        while status(&ann, &format!("/files/{one}")).await != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(status(&ann, &format!("/files/{two}/content")).await, 200, "its bytes are still there");
    assert_eq!(server.blobs().len(), 1);
    delete(&bob, &second).await;
    patiently("the blob to be deleted", async {
        while !server.blobs().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(ann.get("/me/usage").await.expect(200)["used"], 0);
    // And written again when they come again.
    let third = upload(&ann, "3.bin", b"the same").await;
    ready(&ann, &third).await;
    assert_eq!(status(&ann, &format!("/files/{third}/content")).await, 200);
}

#[tokio::test]
async fn pictures_of_people_and_conversations_are_files() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("g", &[&bob]).await;
    let face = ann.tus().create("face.png", png().len(), &[("purpose", "avatar")]).await;
    assert_eq!(ann.tus().patch(&face, 0, &png()).await.status(), 204);
    assert_eq!(ready(&ann, &face).await["kind"], "image");
    assert_eq!(status(&bob, &format!("/files/{face}/thumbnail")).await, 404);
    let profile = format!("/users/{}/profile", ann.id);
    assert_eq!(ann.put(&profile, json!({ "avatar": face })).await.expect(200)["avatar"], json!(face));
    assert_eq!(status(&bob, &format!("/files/{face}/thumbnail")).await, 200);
    bob.put(&format!("/users/{}/profile", bob.id), json!({ "avatar": face })).await.refused(404, "not_found");
    let conversation = format!("/conversations/{group}");
    assert_eq!(ann.put(&conversation, json!({ "avatar": face })).await.expect(200)["avatar"], json!(face));
    // A file for a message is no face, and words are no picture.
    let other = upload(&ann, "a.png", &png()).await;
    ready(&ann, &other).await;
    ann.put(&profile, json!({ "avatar": other })).await.refused(422, "invalid_field");
    let words = ann.tus().create("face.png", 5, &[("purpose", "avatar")]).await;
    assert_eq!(ann.tus().patch(&words, 0, b"words").await.status(), 204);
    patiently("the refusal", async {
        while ann.get(&format!("/files/{words}")).await.body["state"] != "refused" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    ann.put(&profile, json!({ "avatar": words })).await.refused(422, "file_refused");
    ann.put(&profile, json!({ "avatar": null })).await.expect(200);
    assert_eq!(status(&bob, &format!("/files/{face}/thumbnail")).await, 200, "the group still has it");
    ann.put(&conversation, json!({ "avatar": null })).await.expect(200);
    patiently("the picture to go", async {
        while status(&ann, &format!("/files/{face}")).await != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
