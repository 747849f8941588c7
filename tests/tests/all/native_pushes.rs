//! Pushes to native apps: what goes to FCM and to APNs, checked by servers that keep to the letter of their protocols.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use laserchat_tests::receiver::Request;
use laserchat_tests::{TestServer, patiently};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePrivateKey;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Made for this test; they open nothing.
const RSA: &str = include_str!("keys/service-account.pem");
const RSA_PUBLIC: &[u8] = include_bytes!("keys/service-account.public.der");
const P8: &str = include_str!("keys/apns.p8");

/// What a service was asked: path, headers, body.
type Asked = (String, HashMap<String, String>, Value);
/// Answers to come: status and body; success when there is none.
type Answers = Arc<Mutex<Vec<(u16, Value)>>>;

fn next(answers: &Answers) -> Option<(u16, Value)> {
    let mut answers = answers.lock();
    if answers.is_empty() { None } else { Some(answers.remove(0)) }
}

/// Google: gives out tokens for right assertions, and takes messages for right tokens.
async fn google(socket: TcpListener, answers: Answers, told: mpsc::Sender<Asked>) {
    let address = socket.local_addr().unwrap();
    while let Ok((peer, _)) = socket.accept().await {
        let (answers, told) = (Arc::clone(&answers), told.clone());
        tokio::spawn(async move {
            let mut peer = BufReader::new(peer);
            while let Some(Request { path, headers, body, .. }) = Request::read(&mut peer).await {
                let (status, said) = if path == "/token" {
                    (
                        200,
                        json!({ "access_token": grant(&body, &format!("http://{address}/token")), "expires_in": 3600 }),
                    )
                } else {
                    let body = serde_json::from_slice(&body).expect("JSON");
                    // Whoever is told of the request may add another answer at once, which is not for this one.
                    let answer = next(&answers).unwrap_or((200, json!({ "name": "projects/p/messages/1" })));
                    told.send((path, headers, body)).await.expect("the test listens");
                    answer
                };
                let said = said.to_string();
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{said}", said.len());
                peer.write_all(answer.as_bytes()).await.expect("the server listens");
            }
        });
    }
}

/// Checks an assertion as Google does.
fn grant(body: &[u8], audience: &str) -> &'static str {
    let body = std::str::from_utf8(body).expect("a form");
    let assertion = body.split_once("assertion=").expect("an assertion").1;
    assert!(body.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&"), "{body}");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[audience]);
    let claims = jsonwebtoken::decode::<Value>(assertion, &DecodingKey::from_rsa_der(RSA_PUBLIC), &rules)
        .expect("signed")
        .claims;
    assert_eq!(claims["iss"], "push@p.example.org");
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/firebase.messaging");
    "the-token"
}

/// Apple: HTTP/2 and nothing else.
async fn apple(socket: TcpListener, answers: Answers, told: mpsc::Sender<Asked>) {
    while let Ok((peer, _)) = socket.accept().await {
        let (answers, told) = (Arc::clone(&answers), told.clone());
        tokio::spawn(async move {
            let mut connection = h2::server::handshake(peer).await.expect("HTTP/2");
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                let (answers, told) = (Arc::clone(&answers), told.clone());
                tokio::spawn(async move {
                    let (head, mut stream) = request.into_parts();
                    let mut body = Vec::new();
                    while let Some(Ok(chunk)) = stream.data().await {
                        body.extend_from_slice(&chunk);
                    }
                    let text = |value: &http::HeaderValue| value.to_str().expect("text").to_owned();
                    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
                    let body = serde_json::from_slice(&body).expect("JSON");
                    let (status, said) = next(&answers).unwrap_or((200, Value::Null));
                    told.send((head.uri.path().to_owned(), headers, body)).await.expect("the test listens");
                    let answer = http::Response::builder().status(status).body(()).expect("an answer");
                    let mut body = respond.send_response(answer, false).expect("the server listens");
                    body.send_data(said.to_string().into(), true).expect("the server listens");
                });
            }
        });
    }
}

struct World {
    server: TestServer,
    google: (Answers, mpsc::Receiver<Asked>),
    apple: (Answers, mpsc::Receiver<Asked>),
    _files: tempfile::TempDir,
}

async fn world() -> World {
    let files = tempfile::tempdir().unwrap();
    let (to_google, to_apple) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (google_url, apple_url) =
        (format!("http://{}", to_google.local_addr().unwrap()), format!("http://{}", to_apple.local_addr().unwrap()));
    let account = json!({
        "type": "service_account", "project_id": "p", "client_email": "push@p.example.org",
        "private_key": RSA, "token_uri": format!("{google_url}/token"),
    });
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("account.json"), account.to_string()).unwrap();
    std::fs::write(path("key.p8"), P8).unwrap();
    let (google_answers, apple_answers) = (Answers::default(), Answers::default());
    let ((google_tells, google_told), (apple_tells, apple_told)) = (mpsc::channel(16), mpsc::channel(16));
    tokio::spawn(google(to_google, Arc::clone(&google_answers), google_tells));
    tokio::spawn(apple(to_apple, Arc::clone(&apple_answers), apple_tells));
    let server = TestServer::with(&[
        ("NOTIFICATIONS_HOLD_SECONDS", "0"),
        ("PUSH_FCM_CREDENTIALS", &path("account.json")),
        ("PUSH_FCM_URL", &google_url),
        ("PUSH_APNS_KEY", &path("key.p8")),
        ("PUSH_APNS_KEY_ID", "KEY1234567"),
        ("PUSH_APNS_TEAM_ID", "TEAM123456"),
        ("PUSH_APNS_TOPIC", "org.example.chat"),
        ("PUSH_APNS_URL", &apple_url),
    ])
    .await;
    World { server, google: (google_answers, google_told), apple: (apple_answers, apple_told), _files: files }
}

async fn asked(told: &mut mpsc::Receiver<Asked>) -> Asked {
    patiently("a request", told.recv()).await.expect("the service runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fcm_is_spoken_to_the_letter() {
    let mut world = world().await;
    let [ann, bob] = world.server.people(["ann", "bob"]).await;
    bob.post("/me/devices", json!({ "kind": "fcm", "token": "abc:DEF" })).await.expect(201);
    let direct = ann.direct(&bob).await;
    // Not now; then yes.
    world.google.0.lock().push((503, json!({ "error": { "status": "UNAVAILABLE" } })));
    let sent = ann.say(&direct, "1", "hello").await;
    let (mut first, mut again) = (asked(&mut world.google.1).await, asked(&mut world.google.1).await);
    // A second may have passed.
    for (_, headers, body) in [&mut first, &mut again] {
        let ttl = body["message"]["android"]["ttl"].take();
        assert!(ttl.as_str().is_some_and(|ttl| ttl.starts_with("86") && ttl.ends_with('s')), "{ttl}");
        headers.remove("content-length");
    }
    assert_eq!(first, again, "a repetition replaces");
    let (path, headers, body) = first;
    assert_eq!(
        (path.as_str(), headers["authorization"].as_str()),
        ("/v1/projects/p/messages:send", "Bearer the-token")
    );
    let message = &body["message"];
    assert_eq!((&message["token"], &message["android"]["priority"]), (&json!("abc:DEF"), &json!("HIGH")));
    assert_eq!(message["android"]["collapse_key"], format!("m{}", sent["id"].as_str().unwrap()));
    let data = message["data"].as_object().unwrap();
    assert!(data.values().all(Value::is_string), "{data:?}");
    assert_eq!(
        (&data["type"], &data["body"], &data["seq"]),
        (&json!("message"), &json!("hello"), &json!(sent["seq"].to_string()))
    );
    // The device was removed.
    let gone = json!({ "error": { "status": "NOT_FOUND", "details": [{ "errorCode": "UNREGISTERED" }] } });
    world.google.0.lock().push((404, gone));
    let device = bob.get("/me/devices").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(bob.post(&format!("/me/devices/{device}/test"), json!({})).await.expect(200)["outcome"], "gone");
    assert!(bob.get("/me/devices").await.expect(200)["items"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apns_is_spoken_to_the_letter() {
    let mut world = world().await;
    let [ann, bob] = world.server.people(["ann", "bob"]).await;
    bob.post("/me/devices", json!({ "kind": "apns", "token": "00ff12ab" })).await.expect(201);
    let direct = ann.direct(&bob).await;
    let sent = ann.say(&direct, "1", "hello").await;
    let (path, headers, body) = asked(&mut world.apple.1).await;
    assert_eq!(path, "/3/device/00ff12ab");
    for (name, expected) in [("apns-topic", "org.example.chat"), ("apns-push-type", "alert"), ("apns-priority", "10")] {
        assert_eq!(headers[name], expected);
    }
    assert_eq!(headers["apns-collapse-id"], format!("m{}", sent["id"].as_str().unwrap()));
    assert!(headers["apns-expiration"].parse::<i64>().is_ok());
    let token = headers["authorization"].strip_prefix("Bearer ").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = VerifyingKey::from(&SigningKey::from_pkcs8_pem(P8).unwrap());
    key.verify(signed.as_bytes(), &Signature::from_slice(&bytes(signature)).unwrap()).unwrap();
    let parts: Vec<Value> = signed.split('.').map(|part| serde_json::from_slice(&bytes(part)).unwrap()).collect();
    assert_eq!(
        (&parts[0]["alg"], &parts[0]["kid"], &parts[1]["iss"]),
        (&json!("ES256"), &json!("KEY1234567"), &json!("TEAM123456"))
    );
    assert_eq!(body["aps"]["alert"], json!({ "title": "ann", "body": "hello" }));
    assert_eq!(body["laserchat"]["message_id"], sent["id"]);
    // What is read while the push is under way is cleared once more after it; here it has come to its end.
    patiently("the push to be noted", async {
        while bob.get("/me/devices").await.expect(200)["items"][0]["last_used_at"].is_null() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Read elsewhere: in the background, with the same token.
    bob.put(&format!("/conversations/{direct}/read"), json!({})).await.expect(204);
    let (_, later, body) = asked(&mut world.apple.1).await;
    assert_eq!((later["apns-push-type"].as_str(), later["apns-priority"].as_str()), ("background", "5"));
    assert_eq!((&body["aps"], &body["laserchat"]["type"]), (&json!({ "content-available": 1 }), &json!("read")));
    assert_eq!(later["authorization"], headers["authorization"]);
    let device = bob.get("/me/devices").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    world.apple.0.lock().push((410, json!({ "reason": "Unregistered" })));
    assert_eq!(bob.post(&format!("/me/devices/{device}/test"), json!({})).await.expect(200)["outcome"], "gone");
}
