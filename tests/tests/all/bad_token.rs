//! Tokens that are not, or no longer, anybody's: how each is refused, over HTTP, WebSocket and event stream.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use laserchat_tests::person::{call, http};
use laserchat_tests::{Answer, Others, Person, Socket, TestServer, Wire};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

async fn stage() -> (TestServer, Person, Others) {
    let server = TestServer::start().await;
    let eve = server.person("eve").await;
    let others = Others::of(&server).await;
    (server, eve, others)
}

/// Asks for the account with any token.
async fn ask(address: &str, token: &str) -> Answer {
    call(&http(), address, Method::GET, "/me", Some(token), None).await
}

async fn refresh(address: &str, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    call(&http(), address, Method::POST, "/auth/refresh", None, Some(body)).await
}

/// What a hello with this token is closed with.
async fn hello(address: &str, token: &str) -> Option<u16> {
    Socket::hello(address, json!({ "token": token })).await.err().flatten().map(|(code, _)| code)
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

/// A token with this header and these claims, signed with this key.
fn sign(header: &Value, claims: &Value, key: &[u8]) -> String {
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn forgeries() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let parts: Vec<&str> = eve.token.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    let keys = server.server().app.store.signing_keys().await.expect("the store answers");
    let key = &keys[0].secret[..];
    // The forger's tools work: with the right key, this is the token itself.
    assert_eq!(ask(&address, &sign(&header, &claims, key)).await.status, 200);

    let with = |mut value: Value, field: &str, to: Value| {
        value[field] = to;
        value
    };
    let none = |alg: &str| format!("{}.{}.", encode(&with(header.clone(), "alg", json!(alg))), parts[1]);
    let now = claims["iat"].as_i64().unwrap();
    let mut flipped = parts[2].as_bytes().to_vec();
    flipped[0] = if flipped[0] == b'A' { b'B' } else { b'A' };
    let flipped = format!("{}.{}.{}", parts[0], parts[1], String::from_utf8(flipped).unwrap());
    let bobs = with(claims.clone(), "sub", json!("1"));
    let forged = [
        none("none"),
        none("None"),
        none("NONE"),
        none("HS256"),
        format!("{}.{}", parts[0], parts[1]),
        sign(&with(header.clone(), "alg", json!("HS384")), &claims, key),
        sign(&with(header.clone(), "alg", json!("RS256")), &claims, key),
        sign(&header, &claims, b"another key"),
        sign(&header, &claims, b""),
        sign(&header, &claims, header["kid"].as_str().unwrap().as_bytes()),
        sign(&with(header.clone(), "kid", json!("../../dev/null")), &claims, b""),
        sign(&json!({ "alg": "HS256", "typ": "JWT" }), &claims, key),
        flipped,
        // The claims of somebody else under one's own signature.
        format!("{}.{}.{}", parts[0], encode(&bobs), parts[2]),
        // With the right key: from the future, for ever, and without any claim.
        sign(&header, &with(with(claims.clone(), "iat", json!(now + 3600)), "exp", json!(now + 3601)), key),
        sign(&header, &with(claims.clone(), "exp", json!(now + 1_000_000)), key),
        sign(&header, &with(claims.clone(), "exp", json!(i64::MAX)), key),
        sign(&header, &with(claims.clone(), "sub", json!("eve")), key),
        sign(&header, &json!({}), key),
        "a.b.c".into(),
        "..".into(),
        "x".repeat(10_000),
        "lcp_".into(),
        format!("lcp_{}", "A".repeat(43)),
        eve.refresh_token.clone(),
    ];
    for token in &forged {
        ask(&address, token).await.refused(401, "unauthorized");
        assert_eq!(hello(&address, token).await, Some(4100), "{token:.200}");
    }
    let expired = sign(&header, &with(with(claims.clone(), "iat", json!(now - 901)), "exp", json!(now - 1)), key);
    ask(&address, &expired).await.refused(401, "token_expired");
    assert_eq!(hello(&address, &expired).await, Some(4100));
    ask(&address, &eve.token).await.expect(200);
    others.notice_nothing().await;
}

#[tokio::test]
async fn headers_that_carry_no_token() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let get = |lines: String| format!("GET /api/v1/me HTTP/1.1\r\nHost: test\r\n{lines}\r\n");
    let token = &eve.token;
    for lines in [
        String::new(),
        "Authorization: \r\n".into(),
        "Authorization: Bearer\r\n".into(),
        "Authorization: Bearer \r\n".into(),
        format!("Authorization: {token}\r\n"),
        format!("Authorization: Basic {token}\r\n"),
        format!("Authorization: Token {token}\r\n"),
        format!("Authorization: Bearer \"{token}\"\r\n"),
        format!("Authorization: Bearer {token} {token}\r\n"),
        format!("Authorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n"),
        format!("Authorization: Bearer {token}\r\nAuthorization: Bearer other\r\n"),
        format!("X-Access-Token: {token}\r\n"),
        format!("Cookie: laserchat_events={token}\r\n"),
        format!("Cookie: token={token}; access_token={token}\r\n"),
    ] {
        let answer = Wire::exchange(&address, get(lines)).await;
        answer.refused(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let answer = Wire::exchange(&address, get(format!("authorization: bearer   {token}\r\n"))).await;
    assert_eq!(answer.status, 200);
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_token_in_a_url_is_refused_wherever_it_is() {
    let (_server, eve, mut others) = stage().await;
    let token = &eve.token;
    for query in [
        format!("token={token}"),
        format!("access_token={token}"),
        format!("q=x&access_token={token}"),
        format!("%74oken={token}"),
        format!("Access_Token={token}"),
        "token=".into(),
    ] {
        for path in ["/me", "/events", "/ws", "/users/search"] {
            // Though a good token comes in the header as well: the one in the URL is in logs and histories by now.
            let refused = eve.get(&format!("{path}?{query}")).await.refused(400, "invalid_request");
            assert!(!refused.to_string().contains(token.as_str()));
        }
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn the_cookie_of_an_event_source_opens_the_events_and_nothing_else() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let made =
        http().post(format!("http://{address}/api/v1/events/cookie")).bearer_auth(&eve.token).send().await.unwrap();
    assert_eq!(made.status(), 204);
    let set = made.headers()["set-cookie"].to_str().unwrap().to_owned();
    for property in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/events", "Max-Age=900"] {
        assert!(set.contains(property), "{set}");
    }
    let cookie = set.split(';').next().unwrap();
    let with_cookie = |method: Method, path: &str| {
        let url = format!("http://{address}/api/v1{path}");
        http().request(method, url).header("cookie", format!("theme=dark; {cookie}")).send()
    };
    let stream = with_cookie(Method::GET, "/events").await.unwrap();
    assert_eq!(stream.status(), 200);
    for (method, path) in [
        (Method::GET, "/me"),
        (Method::GET, "/conversations"),
        (Method::POST, "/events/cookie"),
        (Method::POST, "/auth/logout"),
        (Method::DELETE, "/me/sessions"),
    ] {
        let answer = with_cookie(method, path).await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
    // It ends with the session.
    eve.post("/auth/logout", json!({})).await.expect(204);
    assert_eq!(with_cookie(Method::GET, "/events").await.unwrap().status(), 401);
    let bad = http().get(format!("http://{address}/api/v1/events")).header("cookie", "laserchat_events=forged");
    assert_eq!(bad.send().await.unwrap().status(), 401);
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_refresh_token_that_comes_twice_ends_its_session() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let laptop = eve.login().await;
    let (mut on_phone, mut on_laptop) = (eve.connect().await, laptop.connect().await);
    let grant = refresh(&address, &eve.refresh_token).await.expect(200);
    assert_ne!(grant["refresh_token"], eve.refresh_token.as_str());
    let phone = Person::from_grant(&address, grant);
    assert_eq!(phone.get("/me").await.status, 200);
    // The old access token goes on until it expires, and so does the socket.
    assert_eq!(eve.get("/me").await.status, 200);
    on_phone.drain().await;

    refresh(&address, &eve.refresh_token).await.refused(401, "session_ended");
    assert_eq!(on_phone.closed().await.map(|(code, _)| code), Some(4101));
    for token in [&eve.token, &phone.token] {
        ask(&address, token).await.refused(401, "session_ended");
        assert_eq!(hello(&address, token).await, Some(4101));
    }
    refresh(&address, &phone.refresh_token).await.refused(401, "unauthorized");
    refresh(&address, &eve.refresh_token).await.refused(401, "unauthorized");
    // The other device is none of it.
    on_laptop.drain().await;
    refresh(&address, &laptop.refresh_token).await.expect(200);
    for nonsense in ["", "nonsense", "lcr_", &laptop.token, &"x".repeat(100_000)] {
        refresh(&address, nonsense).await.refused(401, "unauthorized");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn refreshing_twice_at_once_is_told_from_once() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let both = tokio::join!(refresh(&address, &eve.refresh_token), refresh(&address, &eve.refresh_token));
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
    let winner = if both.0.status == 200 { both.0 } else { both.1 };
    ask(&address, winner.body["access_token"].as_str().unwrap()).await.refused(401, "session_ended");
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_session_that_ended_stays_ended_after_a_restart() {
    let mut server = TestServer::start().await;
    let eve = server.person("eve").await;
    let phone = eve.login().await;
    phone.post("/auth/logout", json!({})).await.expect(204);
    server.stop().await;
    server.start_again().await;
    phone.get("/me").await.refused(401, "session_ended");
    refresh(&server.address(), &phone.refresh_token).await.refused(401, "unauthorized");
    eve.get("/me").await.expect(200);
}

#[tokio::test]
async fn an_ended_session_has_no_stream_and_no_poll() {
    let (server, eve, mut others) = stage().await;
    let phone = eve.login().await;
    let url = format!("http://{}/api/v1/events", server.address());
    let mut stream =
        http().get(&url).header("accept", "text/event-stream").bearer_auth(&phone.token).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    let epoch = server.server().app.store.epoch();
    let poll = http().get(format!("{url}?wait=60&version=1&epoch={epoch}")).bearer_auth(&phone.token).send();
    let poll = tokio::spawn(poll);
    let attached = async {
        // The stream and, once it waits, the poll; and the socket of the others.
        while server.server().app.hub.all().len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    laserchat_tests::patiently("the poll to wait", attached).await;
    eve.delete("/me/sessions").await.expect(204);
    let mut text = String::new();
    while let Some(chunk) = laserchat_tests::patiently("the end", stream.chunk()).await.expect("a clean end") {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("event: close") && text.contains("4101"), "{text}");
    let polled = laserchat_tests::patiently("the poll", poll).await.unwrap().unwrap();
    assert_eq!(polled.status(), 401);
    assert_eq!(polled.json::<Value>().await.unwrap()["code"], "session_ended");
    others.notice_nothing().await;
}
