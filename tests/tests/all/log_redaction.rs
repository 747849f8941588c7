//! No message text, token or password is ever in a log: a real server, at its most talkative, is shown secrets in every
//! place where one may end up, the wrong places included, and none of them is found in what it logged.

use std::fs::File;

use laserchat_tests::process::{self, Process};
use laserchat_tests::{Person, Socket, person};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// A text that is nowhere by chance. Everything secret in this test contains it, or is noted by [`Secrets`].
const MARK: &str = "zebrafish";

#[derive(Default)]
struct Secrets(Vec<String>);

impl Secrets {
    /// Notes what a server gave out. A JWT's signature is what makes it one; its head may be in an error.
    fn note(&mut self, secret: &Value) {
        let secret = secret.as_str().expect("a secret").to_owned();
        assert!(secret.len() > 16, "{secret:?} may be in a log by chance");
        self.0.extend(secret.rsplit_once('.').map(|(_, signature)| signature.to_owned()));
        self.0.push(secret);
    }

    fn check(&self, line: &str) {
        assert!(!line.contains(MARK), "a secret is in the log: {line}");
        for secret in &self.0 {
            assert!(!line.contains(secret.as_str()), "{secret} is in the log: {line}");
        }
    }
}

async fn start(folder: &std::path::Path, log: &std::path::Path) -> Process {
    let mut serve = process::command();
    serve
        .args(["serve", "--listen", "127.0.0.1:0", "--rate-limits", "off", "--data"])
        .arg(folder)
        .args(["--log-level", "trace", "--log-format", "json"])
        .stderr(File::create(log).unwrap());
    Process::run(serve).await
}

/// Secrets in bodies that are wrong, in URLs, in paths and in headers.
async fn wrong_places(address: &str, secrets: &Secrets, code: &str) {
    let (http, base) = (person::http(), format!("http://{address}/api/v1"));
    let password = format!("{MARK}-wrong");
    let bodies = [
        format!(r#"{{"login":"ada","password":"{password}"#),
        format!(r#"{{"login":"ada","password":["{password}"]}}"#),
        format!(r#"{{"login":"ada","password":"{password}"}}"#),
        format!(r#"{{"login":{{"{MARK}":1}},"password":"{password}"}}"#),
        format!(r#"{{"login":"{MARK}@example.org","password":"{password}","device":{{"type":"{MARK}"}}}}"#),
    ];
    for body in bodies {
        let request = http.post(format!("{base}/auth/login")).header("content-type", "application/json").body(body);
        assert!(request.send().await.unwrap().status().is_client_error());
    }
    let token = &secrets.0[0];
    for url in [format!("{base}/me?token={MARK}"), format!("{base}/me?access_token={token}"), format!("{base}/{MARK}")]
    {
        assert!(http.get(url).send().await.unwrap().status().is_client_error());
    }
    for authorization in [format!("Bearer {MARK}.{MARK}.{MARK}"), format!("Basic {MARK}"), format!("Bearer lcp_{MARK}")]
    {
        let request = http.get(format!("{base}/me")).header("authorization", authorization).header("cookie", MARK);
        assert_eq!(request.send().await.unwrap().status().as_u16(), 401);
    }
    assert!(http.get(format!("{base}/invitations/{code}")).send().await.unwrap().status().is_success());
    // The page for people, with the code in its path.
    http.get(format!("http://{address}/join/{code}")).send().await.unwrap();
}

async fn rest(ada: &Person, secrets: &mut Secrets) -> (String, String) {
    let group = ada.group("the group", &[]).await;
    let sent = ada.say(&group, "one", &format!("{MARK} by REST")).await;
    let id = sent["id"].as_str().unwrap();
    ada.put(&format!("/messages/{id}"), json!({ "body": format!("{MARK} edited") })).await.expect(200);
    ada.get(&format!("/conversations/{group}/messages")).await.expect(200);
    ada.get(&format!("/users/search?q={MARK}")).await.expect(200);
    let too_long = format!("{MARK}{}", "x".repeat(100_001));
    ada.post(&format!("/conversations/{group}/messages"), json!({ "client_id": "two", "body": too_long })).await;
    let wrong = json!({ "client_id": "three", "body": { MARK: MARK } });
    ada.post(&format!("/conversations/{group}/messages"), wrong).await.refused(400, "malformed_json");
    ada.put("/me/password", json!({ "current": MARK, "new": format!("{MARK}-new") }))
        .await
        .refused(401, "wrong_credentials");

    let token = json!({ "name": "robot", "scopes": ["read", "write"] });
    secrets.note(&ada.post("/me/tokens", token).await.expect(201)["secret"]);
    let invitation = ada.post(&format!("/conversations/{group}/invitations"), json!({})).await.expect(201);
    secrets.note(&invitation["code"]);
    (group, invitation["code"].as_str().unwrap().to_owned())
}

async fn socket(ada: &Person, group: &str) {
    let mut socket = ada.connect().await;
    socket.say(group, "four", &format!("{MARK} by WebSocket")).await;
    for text in [
        format!(r#"{{"type":"message.send","id":1,"body":"{MARK}"}}"#),
        format!(r#"{{"type":"{MARK}","id":2}}"#),
        format!("{MARK} is not JSON"),
    ] {
        socket.raw(Message::text(text)).await;
        socket.expect("error").await;
    }
    // Closed for what it says, with a secret in its hello.
    let refused = Socket::hello(&ada.address, json!({ "token": format!("{MARK}.{MARK}.{MARK}") })).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn nothing_secret_is_ever_logged() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = start(&folder.path().join("data"), &log).await;
    let mut secrets = Secrets::default();

    let register =
        json!({ "username": "ada", "password": format!("{MARK}-good"), "email": format!("{MARK}@example.org") });
    let grant =
        person::call(&person::http(), &server.address, Method::POST, "/auth/register", None, Some(register)).await;
    let ada = Person::from_grant(&server.address, grant.expect(201));
    secrets.note(&json!(ada.token));
    secrets.note(&json!(ada.refresh_token));

    let (group, code) = rest(&ada, &mut secrets).await;
    socket(&ada, &group).await;
    wrong_places(&server.address, &secrets, &code).await;

    // Last, because using a refresh token twice ends the session.
    let refresh = json!({ "refresh_token": ada.refresh_token });
    let renewed = ada.post("/auth/refresh", refresh.clone()).await.expect(200);
    secrets.note(&renewed["access_token"]);
    secrets.note(&renewed["refresh_token"]);
    ada.post("/auth/refresh", refresh).await.refused(401, "session_ended");
    assert!(server.terminate().await.success());

    let lines = std::fs::read_to_string(&log).unwrap();
    for line in lines.lines() {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        secrets.check(line);
    }
    // It logged indeed, and what may be known is there.
    let has = |text: &str| assert!(lines.contains(text), "nothing says {text:?}");
    has(r#""level":"WARN""#);
    has("/api/v1/conversations/{id}/messages");
    has(&ada.id);
}
