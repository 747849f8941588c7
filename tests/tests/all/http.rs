//! What surrounds every request, against a whole server: retries, refusals, tokens, limits, descriptions.

use laserchat_tests::TestServer;
use laserchat_tests::person::PASSWORD;
use laserchat_tests::raw::{code, raw, text};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn a_post_with_a_key_is_done_once() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let post = |path: &str, key: &str, body: Value| {
        let request = raw(&server, Method::POST, &format!("/api/v1{path}"));
        request.bearer_auth(&ann.token).header("Idempotency-Key", key).json(&body).send()
    };
    let channel = json!({ "type": "channel", "name": "news" });
    let first: Value = post("/conversations", "k1", channel.clone()).await.unwrap().json().await.unwrap();
    let again = post("/conversations", "k1", channel.clone()).await.unwrap();
    assert_eq!((again.status().as_u16(), &again.headers()["idempotency-replayed"]), (201, &"true".parse().unwrap()));
    assert_eq!(again.json::<Value>().await.unwrap()["id"], first["id"]);
    let other = post("/conversations", "k1", json!({ "type": "channel", "name": "other" })).await.unwrap();
    assert_eq!(code(other).await, (409, "idempotency_conflict".into()));

    // Two at once: one makes it, the other is told of it.
    let (one, two) = tokio::join!(post("/conversations", "k2", channel.clone()), post("/conversations", "k2", channel));
    let one: Value = one.unwrap().json().await.unwrap();
    assert_eq!(one["id"], two.unwrap().json::<Value>().await.unwrap()["id"]);
    assert_eq!(ann.get("/conversations").await.expect(200)["items"].as_array().unwrap().len(), 2);

    // What is shown once is shown once.
    let token = json!({ "name": "t", "scopes": ["read"] });
    let first: Value = post("/me/tokens", "k3", token.clone()).await.unwrap().json().await.unwrap();
    let again: Value = post("/me/tokens", "k3", token).await.unwrap().json().await.unwrap();
    assert_eq!((&again["id"], &again["secret"]), (&first["id"], &Value::Null));
    assert!(first["secret"].is_string());

    // What was refused is tried again.
    let join = format!("/conversations/{}/join", text(&one["id"]));
    assert_eq!(post("/conversations/1/join", "k4", json!({})).await.unwrap().status(), 404);
    assert_eq!(post(&join, "k4", json!({})).await.unwrap().status(), 200);
    assert_eq!(code(post("/conversations", &"k".repeat(256), json!({})).await.unwrap()).await.1, "invalid_request");
}

#[tokio::test]
async fn bad_requests_are_answered_precisely() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let send = |path: &str, kind: &str, body: Vec<u8>| {
        let request = raw(&server, Method::POST, &format!("/api/v1{path}")).bearer_auth(&ann.token);
        request.header("content-type", kind).body(body).send()
    };
    let json = "application/json";
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for (kind, body, expected) in [
        (json, b"{".to_vec(), (400, "malformed_json")),
        (json, b"".to_vec(), (400, "malformed_json")),
        (json, b"{\"type\":5}".to_vec(), (400, "malformed_json")),
        (json, b"{\"type\":\"direct\",\"x\":\"\xff\"}".to_vec(), (400, "malformed_json")),
        (json, br#"{"type":"channel","name":"\ud800"}"#.to_vec(), (400, "malformed_json")),
        (json, br#"{"type":"channel","name":"a\u0000b"}"#.to_vec(), (422, "invalid_field")),
        (json, br#"{"type":"channel","name":"a\u202eb"}"#.to_vec(), (422, "invalid_field")),
        (json, deep.into_bytes(), (400, "too_deep")),
        (json, vec![b' '; 10 << 20], (413, "too_large")),
        ("text/plain", b"{}".to_vec(), (415, "unsupported_media_type")),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let (status, said) = code(send("/conversations", kind, body).await.unwrap()).await;
        assert_eq!((status, said.as_str()), expected, "{shown}");
    }
    // Unknown fields are for a later version.
    ann.post("/conversations", json!({ "type": "channel", "name": "x", "colour": "red" })).await.expect(201);

    let get = |path: &str| raw(&server, Method::GET, path).bearer_auth(&ann.token).send();
    assert_eq!(code(get("/api/v1/nothing").await.unwrap()).await, (404, "no_such_endpoint".into()));
    assert_eq!(code(get("/api/v2").await.unwrap()).await, (404, "no_such_endpoint".into()));
    assert_eq!(code(get("/api/v1/users/0").await.unwrap()).await, (400, "invalid_request".into()));
    assert_eq!(code(get("/api/v1/users/%FF").await.unwrap()).await, (400, "invalid_request".into()));
    assert_eq!(code(get("/api/v1/contacts?cursor=%00").await.unwrap()).await, (400, "invalid_request".into()));
    let wrong = raw(&server, Method::PATCH, "/api/v1/me").bearer_auth(&ann.token).send().await.unwrap();
    assert!(wrong.headers()["allow"].to_str().unwrap().contains("PUT"));
    assert_eq!(code(wrong).await, (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn only_the_header_carries_a_token() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let get = |path: String, header: Option<String>| {
        let request = raw(&server, Method::GET, &path);
        match header {
            Some(value) => request.header("authorization", value),
            None => request,
        }
        .send()
    };
    let token = &ann.token;
    for path in [format!("/api/v1/me?token={token}"), format!("/api/v1/server?a=b&access%5Ftoken={token}")] {
        assert_eq!(code(get(path, None).await.unwrap()).await, (400, "invalid_request".into()));
    }
    let me = || "/api/v1/me".to_owned();
    assert_eq!(code(get(me(), None).await.unwrap()).await, (401, "unauthorized".into()));
    // No signature, and an algorithm that needs none.
    let (_, rest) = token.split_once('.').unwrap();
    let (payload, _) = rest.split_once('.').unwrap();
    for forged in [format!("eyJhbGciOiJub25lIn0.{payload}."), format!("{token}x"), "lcp_guess".into(), "x".into()] {
        let answer = get(me(), Some(format!("Bearer {forged}"))).await.unwrap();
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        assert_eq!(code(answer).await, (401, "unauthorized".into()), "{forged}");
    }
    assert_eq!(code(get(me(), Some(format!("Basic {token}"))).await.unwrap()).await, (401, "unauthorized".into()));
    let answer = get(me(), Some(format!("bearer {token}"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    for (name, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")] {
        assert_eq!(answer.headers()[name], value);
    }
    assert!(answer.headers().contains_key("x-request-id"));
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'self'"));
}

#[tokio::test]
async fn rates_are_limited_and_told() {
    let server = TestServer::with(&[("RATE_LIMITS", "on"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let login = |address: &str| {
        let body = json!({ "login": "nobody", "password": PASSWORD });
        let request = raw(&server, Method::POST, "/api/v1/auth/login").header("x-forwarded-for", address);
        request.json(&body).send()
    };
    let first = login("203.0.113.1").await.unwrap();
    let header = |response: &Response, name: &str| -> u64 {
        response.headers()[name].to_str().unwrap().parse().expect("a number")
    };
    let (limit, left) = (header(&first, "ratelimit-limit"), header(&first, "ratelimit-remaining"));
    assert_eq!(left, limit - 1);
    let mut refused = None;
    for _ in 0..=limit {
        let answer = login("203.0.113.1").await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the burst is used up");
    assert!(header(&refused, "retry-after") >= 1);
    assert_eq!(header(&refused, "ratelimit-remaining"), 0);
    assert_eq!(code(refused).await, (429, "rate_limited".into()));
    // Another client behind the same proxy is not touched.
    assert_eq!(login("203.0.113.2").await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_descriptions_and_the_page_are_served() {
    let server = TestServer::start().await;
    for (path, kind) in [
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/asyncapi.json", "application/json"),
        ("/api/docs", "text/html; charset=utf-8"),
        ("/api/docs/page.css", "text/css; charset=utf-8"),
        ("/api/docs/page.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = raw(&server, Method::GET, path).send().await.unwrap();
        assert_eq!(
            (answer.status(), &answer.headers()["content-type"]),
            (StatusCode::OK, &kind.parse().unwrap()),
            "{path}"
        );
    }
}
