//! HTTP requests that no good client sends: each is answered precisely, and nobody else notices.

use laserchat_tests::{Others, Person, TestServer, Wire};
use reqwest::Method;
use serde_json::{Value, json};

/// A server, somebody to misbehave as, and the others.
async fn stage() -> (TestServer, Person, Others) {
    let server = TestServer::start().await;
    let eve = server.person("eve").await;
    let others = Others::of(&server).await;
    (server, eve, others)
}

/// A request with exactly these bytes as its body.
fn request(method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn post(path: &str, token: &str, body: &[u8]) -> Vec<u8> {
    request("POST", path, token, "application/json", body)
}

#[tokio::test]
async fn json_that_is_none() {
    let (server, eve, mut others) = stage().await;
    let (address, notes) = (server.address(), eve.direct(&eve).await);
    let path = format!("/conversations/{notes}/messages");
    let with = |body: &[u8]| [br#"{"client_id":"a","body":"#, body, b"}"].concat();
    let deep = |levels: usize| with(["[".repeat(levels), "]".repeat(levels)].concat().as_bytes());
    for (body, code) in [
        (b"".to_vec(), "malformed_json"),
        (b"nonsense".to_vec(), "malformed_json"),
        (b"{".to_vec(), "malformed_json"),
        (b"null".to_vec(), "malformed_json"),
        (b"[]".to_vec(), "malformed_json"),
        (b"{}".to_vec(), "malformed_json"),
        (with(b"\"x\",\"body\":\"y\""), "malformed_json"),
        (with(b"\"x\"} {\"a\":1"), "malformed_json"),
        (with(b"7"), "malformed_json"),
        (with(b"null"), "malformed_json"),
        (with(b"[\"x\"]"), "malformed_json"),
        (with(b"\"x\",\"parent_id\":12"), "malformed_json"),
        (with(b"\"x\",\"parent_id\":\"-12\""), "malformed_json"),
        (with(b"\"x\",\"parent_id\":\"99999999999999999999\""), "malformed_json"),
        // Text that is no text.
        (with(b"\"\\ud800\""), "malformed_json"),
        (with(b"\"\\ud800\\u0041\""), "malformed_json"),
        (with(b"\"\xed\xa0\x80\""), "malformed_json"),
        (with(b"\"\xff\""), "malformed_json"),
        (with(b"\"\xc0\xaf\""), "malformed_json"),
        (with(b"\"\x00\""), "malformed_json"),
        (b"\xef\xbb\xbf{}".to_vec(), "malformed_json"),
        ("{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect(), "malformed_json"),
        // 33 levels, the object itself among them.
        (deep(31), "malformed_json"),
        (deep(32), "too_deep"),
        (deep(100_000), "too_deep"),
        ("{\"a\":".repeat(100_000).into_bytes(), "too_deep"),
    ] {
        let answer = Wire::exchange(&address, post(&path, &eve.token, &body)).await;
        let problem = answer.refused(400, code);
        assert!(problem["detail"].is_string(), "{problem}");
        assert_eq!(problem["type"], format!("about:blank#{code}"));
    }
    // The field is named, its value is not.
    let body = br#"{"username":"mallory","password":["hunter2"]}"#;
    let problem = Wire::exchange(&address, post("/auth/register", "", body)).await.refused(400, "malformed_json");
    assert_eq!(problem["field"], "password");
    assert!(!problem.to_string().contains("hunter2"), "{problem}");
    assert_eq!(eve.history(&notes).await, [] as [Value; 0]);
    others.notice_nothing().await;
}

#[tokio::test]
async fn what_is_not_known_is_ignored() {
    let (_server, eve, mut others) = stage().await;
    let notes = eve.direct(&eve).await;
    let send = json!({ "client_id": "a", "body": "x", "colour": { "of": [1, null] }, "attachments": "none", "id": 7 });
    eve.post(&format!("/conversations/{notes}/messages"), send).await.expect(201);
    eve.put("/me", json!({ "username": "changed", "server_role": "owner" })).await.expect(200);
    assert_eq!(eve.get("/me?unknown=1").await.expect(200)["user"]["username"], "eve");
    others.notice_nothing().await;
}

#[tokio::test]
async fn only_json_is_read() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let body = br#"{"type":"direct"}"#;
    for kind in [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/octet-stream",
        "*/*",
    ] {
        let answer = Wire::exchange(&address, request("POST", "/conversations", &eve.token, kind, body)).await;
        answer.refused(415, "unsupported_media_type");
    }
    for kind in ["application/json", "Application/JSON; Charset=UTF-8", "application/merge-patch+json"] {
        let answer = Wire::exchange(&address, request("POST", "/conversations", &eve.token, kind, body)).await;
        assert!(matches!(answer.status, 200 | 201), "{kind}");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn text_is_counted_in_characters_and_holds_no_nul() {
    let (_server, eve, mut others) = stage().await;
    let notes = eve.direct(&eve).await;
    let path = format!("/conversations/{notes}/messages");
    let send = |client_id: &str, body: &str| json!({ "client_id": client_id, "body": body });
    for (at, longest) in ["a".repeat(100_000), "😀".repeat(100_000), "👩‍👩‍👧‍👦\u{200f}e\u{301}".into()].iter().enumerate()
    {
        let sent = eve.post(&path, send(&at.to_string(), longest)).await.expect(201);
        // Stored as it was sent, whatever it holds.
        assert_eq!(sent["body"], longest.as_str());
        let id = sent["id"].as_str().unwrap();
        assert_eq!(eve.get(&format!("/messages/{id}")).await.expect(200)["body"], longest.as_str());
    }
    // Every character as an escape is the longest spelling of a message.
    let escaped = format!(r#"{{"client_id":"esc","body":"{}"}}"#, "\\ud83d\\ude00".repeat(100_000));
    let answer = Wire::exchange(&eve.address, post(&path, &eve.token, escaped.as_bytes())).await;
    assert_eq!(answer.status, 201);

    let message = eve.say(&notes, "short", "short").await;
    let own = format!("/messages/{}", message["id"].as_str().unwrap());
    for bad in ["", "\0", "a\0b", &"a".repeat(100_001), &"😀".repeat(100_001), &"@eve ".repeat(20_001)] {
        let refused = eve.post(&path, send("bad", bad)).await.refused(422, "invalid_text");
        assert_eq!(refused["field"], "body");
        eve.put(&own, json!({ "body": bad })).await.refused(422, "invalid_text");
    }
    for bad in ["", "\0", "a\u{7}", &"x".repeat(65), &"é".repeat(33)] {
        assert_eq!(eve.post(&path, send(bad, "x")).await.refused(422, "invalid_field")["field"], "client_id");
    }
    assert_eq!(eve.get(&own).await.expect(200)["body"], "short");
    others.notice_nothing().await;
}

/// Turning, hiding and joining characters, and what else a name must not hold.
const TRICKS: [&str; 14] = [
    "a\u{202e}nimda",
    "a\u{2066}b\u{2069}",
    "\u{200e}ada",
    "ada\u{200b}",
    "a\u{200d}da",
    "\u{feff}ada",
    "a\u{ad}da",
    "ada\u{2060}",
    "a\0da",
    "a\u{7f}da",
    "\u{3164}",
    "a\u{e0041}da",
    "ada\u{fe0f}",
    "a\u{34f}da",
];

#[tokio::test]
async fn names_hold_nothing_that_cannot_be_seen() {
    let (server, eve, mut others) = stage().await;
    let group = eve.group("plain", &[]).await;
    let own = format!("/users/{}/profile", eve.id);
    for trick in TRICKS {
        let refuse = |answer: laserchat_tests::Answer, field: &str| {
            assert_eq!(answer.refused(422, "invalid_field")["field"], field, "{trick:?}");
        };
        let http = laserchat_tests::person::http();
        let register = json!({ "username": trick, "password": "correct horse" });
        let call = laserchat_tests::person::call;
        let answer = call(&http, &server.address(), Method::POST, "/auth/register", None, Some(register)).await;
        refuse(answer, "username");
        refuse(eve.put(&own, json!({ "display_name": trick })).await, "display_name");
        refuse(eve.put(&own, json!({ "about": trick })).await, "about");
        refuse(eve.put(&own, json!({ "status": { "text": trick } })).await, "status.text");
        refuse(eve.post("/conversations", json!({ "type": "group", "name": trick })).await, "name");
        refuse(eve.put(&format!("/conversations/{group}"), json!({ "name": trick })).await, "name");
        refuse(eve.put(&format!("/conversations/{group}"), json!({ "topic": trick })).await, "topic");
        refuse(eve.post("/me/tokens", json!({ "name": trick, "scopes": ["read"] })).await, "name");
        refuse(eve.post("/bots", json!({ "username": "helper", "display_name": trick })).await, "display_name");
    }
    // What scripts and emoji need stays.
    for good in ["می‌خواهم", "👩‍🚀 Ada", "❤️", "ज़ोर‍दार", "ሰላም", "עדה"] {
        assert_eq!(eve.put(&own, json!({ "display_name": good })).await.expect(200)["display_name"], good);
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn bodies_of_ten_megabytes() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let ten = vec![b' '; 10 << 20];
    // Refused by its length alone, before it is sent.
    let mut wire = Wire::connect(&address).await;
    wire.send(&post("/conversations", &eve.token, &ten)[..400]).await;
    wire.answer().await.expect("an answer").refused(413, "too_large");
    // Sent all the same: the server need not read it, but it stays up. So it does without a length, and with a key.
    let head = |more: &str| {
        format!(
            "POST /api/v1/conversations HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\n{more}\r\n\r\n",
            eve.token
        )
    };
    for more in ["Content-Length: 10485760", "Content-Length: 10485760\r\nIdempotency-Key: ten"] {
        let mut wire = Wire::connect(&address).await;
        wire.send(head(more)).await;
        wire.answer().await.expect("an answer").refused(413, "too_large");
        wire.sends(&ten).await;
    }
    for more in ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nIdempotency-Key: chunks"] {
        let mut wire = Wire::connect(&address).await;
        wire.send(head(more)).await;
        let chunk = [format!("{:x}\r\n", 1 << 20).as_bytes(), &ten[..1 << 20], b"\r\n"].concat();
        for _ in 0..3 {
            wire.send(&chunk).await;
        }
        wire.answer().await.expect("an answer").refused(413, "too_large");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn queries_out_of_bounds() {
    let (_server, eve, mut others) = stage().await;
    let group = eve.group("bounds", &[]).await;
    let message = eve.say(&group, "1", "one").await["id"].as_str().unwrap().to_owned();
    eve.put(&format!("/messages/{message}/reactions/👍"), json!({})).await.expect(200);
    let numbers =
        ["-1", "", "abc", "1e3", "0x1", "+1", " 1", "1.5", "99999999999999999999", "9223372036854775808", "%00"];
    let conversation = |rest: &str| format!("/conversations/{group}/{rest}");
    for (path, names) in [
        (conversation("messages"), &["limit", "before", "after", "around"][..]),
        (conversation("changes"), &["limit", "after"]),
        (conversation("members"), &["limit"]),
        (conversation("bans"), &["limit"]),
        ("/me/changes".into(), &["limit", "after"]),
        ("/conversations".into(), &["limit"]),
        ("/channels".into(), &["limit"]),
        ("/contacts".into(), &["limit"]),
        ("/users/search?q=eve".into(), &["limit"]),
        (format!("/messages/{message}/thread"), &["limit", "cursor"]),
        (format!("/messages/{message}/reactions/👍"), &["limit"]),
        ("/events".into(), &["version", "wait", "cursors"]),
    ] {
        let and = if path.contains('?') { '&' } else { '?' };
        for name in names {
            for number in numbers {
                if (*name, number) == ("cursors", "") || (*name, number) == ("version", "9223372036854775808") {
                    continue;
                }
                let refused = eve.get(&format!("{path}{and}{name}={number}")).await.refused(400, "invalid_request");
                assert_eq!(refused["field"], *name, "{path} {number}");
            }
        }
        if names.contains(&"limit") {
            for number in ["0", "1001", "4294967296"] {
                eve.get(&format!("{path}{and}limit={number}")).await.refused(400, "invalid_request");
            }
            eve.get(&format!("{path}{and}limit=1&limit=2")).await.refused(400, "invalid_request");
            eve.get(&format!("{path}{and}limit=1")).await.expect(200);
        }
    }
    // Far ahead and far behind are empty pages.
    for query in
        ["messages?before=0", "messages?after=9223372036854775807", "messages?around=9223372036854775807&limit=1"]
    {
        eve.get(&conversation(query)).await.expect(200);
    }
    assert_eq!(eve.get(&conversation("changes?after=9223372036854775807")).await.expect(200)["items"], json!([]));
    eve.get(&conversation("messages?before=5&after=1")).await.refused(400, "invalid_request");
    others.notice_nothing().await;
}

#[tokio::test]
async fn cursors_that_are_the_next_of_no_page() {
    let (_server, eve, mut others) = stage().await;
    let group = eve.group("bounds", &[]).await;
    let message = eve.say(&group, "1", "one").await["id"].as_str().unwrap().to_owned();
    eve.put(&format!("/messages/{message}/reactions/👍"), json!({})).await.expect(200);
    let long = "9".repeat(513);
    for path in [
        "/conversations".to_owned(),
        "/channels".into(),
        "/contacts".into(),
        format!("/conversations/{group}/members"),
        format!("/conversations/{group}/bans"),
        format!("/messages/{message}/reactions/👍"),
        "/users/search?q=eve".into(),
    ] {
        let and = if path.contains('?') { '&' } else { '?' };
        for bad in ["", "a%00b", "%0a", &long] {
            let refused = eve.get(&format!("{path}{and}cursor={bad}")).await.refused(400, "invalid_request");
            assert_eq!(refused["field"], "cursor", "{path} {bad:.20}");
        }
        // Cursors are opaque: one that could be of another version leads to no page, and is nobody's failure.
        for odd in ["nonsense", "-1.-1", "1.2.3", "99999999999999999999.1", "%22%27;--", "0:0", "%F0%9F%91%8D", "%ff"] {
            let answer = eve.get(&format!("{path}{and}cursor={odd}")).await;
            assert!(matches!(answer.status.as_u16(), 200 | 400), "{path} {odd}: {answer:?}");
        }
    }
    eve.get("/users/search").await.refused(400, "invalid_request");
    eve.get("/users/search?q=%00").await.refused(400, "invalid_request");
    eve.get(&format!("/users/search?q={}", "a".repeat(201))).await.refused(400, "invalid_request");
    assert_eq!(eve.get("/channels?q=%22%27;--%25").await.expect(200)["items"], json!([]));
    for bad in ["", "1,", "0", "-1", "a", &["1"; 101].join(",")] {
        eve.get(&format!("/users?ids={bad}")).await.refused(400, "invalid_request");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn paths_with_ids_that_are_none() {
    let (_server, eve, mut others) = stage().await;
    for id in
        ["0", "-1", "01", "abc", "1.5", "%31x", "9223372036854775808", "99999999999999999999", "%00", "%ff", "1%20"]
    {
        for path in [
            format!("/conversations/{id}"),
            format!("/conversations/{id}/messages"),
            format!("/conversations/{id}/pins"),
            format!("/messages/{id}"),
            format!("/messages/{id}/thread"),
            format!("/messages/{id}/reactions/👍"),
            format!("/users/{id}"),
            format!("/users/{id}/presence"),
            format!("/bots/{id}/tokens"),
        ] {
            eve.get(&path).await.refused(400, "invalid_request");
        }
        eve.delete(&format!("/me/sessions/{id}")).await.refused(400, "invalid_request");
        eve.delete(&format!("/conversations/1/members/{id}")).await.refused(400, "invalid_request");
        eve.put(&format!("/contacts/{id}/block"), json!({})).await.refused(400, "invalid_request");
    }
    let notes = eve.direct(&eve).await;
    let message = eve.say(&notes, "1", "one").await["id"].as_str().unwrap().to_owned();
    for emoji in ["a", "%20", "👍👎x", "%3Cscript%3E", &"👍".repeat(17)] {
        eve.put(&format!("/messages/{message}/reactions/{emoji}"), json!({})).await.refused(422, "invalid_field");
    }
    for emoji in ["%ff", "%00"] {
        eve.put(&format!("/messages/{message}/reactions/{emoji}"), json!({})).await.refused(400, "invalid_request");
    }
    eve.get("/invitations/nonsense").await.refused(410, "invitation_invalid");
    eve.get("/invitations/nonsense%00").await.refused(400, "invalid_request");
    others.notice_nothing().await;
}

/// Bodies in which one number or time is further out than anything is stored.
#[tokio::test]
async fn values_that_no_column_holds() {
    let (_server, eve, mut others) = stage().await;
    let group = eve.group("values", &[]).await;
    let path = format!("/conversations/{group}");
    eve.put(&format!("{path}/read"), json!({ "seq": u64::MAX })).await.refused(422, "invalid_field");
    eve.put(&format!("{path}/read"), json!({ "seq": -1 })).await.refused(400, "malformed_json");
    eve.put(&format!("{path}/read"), json!({ "seq": i64::MAX })).await.expect(204);
    eve.put(&path, json!({ "slow_mode_seconds": 21_601 })).await.refused(422, "invalid_field");
    eve.put(&path, json!({ "slow_mode_seconds": 1u64 << 32 })).await.refused(400, "malformed_json");
    for (field, value) in [
        ("expires_in", json!(u64::MAX)),
        ("expires_in", json!(0)),
        ("max_uses", json!(0)),
        ("max_uses", json!(u32::MAX)),
    ] {
        let refused = eve.post(&format!("{path}/invitations"), json!({ field: value })).await;
        assert_eq!(refused.refused(422, "invalid_field")["field"], field);
    }
    let token = json!({ "name": "t", "scopes": ["read"], "expires_in": u64::MAX });
    eve.post("/me/tokens", token).await.refused(422, "invalid_field");
    eve.post("/me/tokens", json!({ "name": "t", "scopes": [] })).await.refused(422, "invalid_field");
    eve.post("/me/tokens", json!({ "name": "t", "scopes": ["everything"] })).await.refused(400, "malformed_json");
    let own = format!("/users/{}/profile", eve.id);
    for time in ["yesterday", "2030-13-01T00:00:00Z", "99999-01-01T00:00:00Z", "2030-01-01T00:00:00+02:00", ""] {
        let status = json!({ "status": { "text": "x", "expires_at": time } });
        eve.put(&own, status).await.refused(400, "malformed_json");
    }
    for (field, value) in [("time_zone", "../etc/passwd"), ("time_zone", "Europe Berlin")] {
        assert_eq!(eve.put(&own, json!({ field: value })).await.refused(422, "invalid_field")["field"], field);
    }
    for avatar in ["javascript:alert(1)", "//example.org/x.png", "-1", ""] {
        eve.put(&own, json!({ "avatar": avatar })).await.refused(400, "malformed_json");
    }
    for email in
        ["nonsense", "a@", "@b", "a@b@c", "a b@c.example", "a\0@b.example", &format!("{}@b.example", "a".repeat(65))]
    {
        assert_eq!(eve.put("/me", json!({ "email": email })).await.refused(422, "invalid_field")["field"], "email");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn what_does_not_exist_is_said_in_the_form_of_all_refusals() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    for path in
        ["/api/v1/", "/api/v1/nonsense", "/api/v2/me", "/api/v1/me/../me", "/api/v1//me", "/api/v1/me/", "/.env"]
    {
        let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\n\r\n", eve.token);
        Wire::exchange(&address, request).await.refused(404, "no_such_endpoint");
    }
    for (method, path, allowed) in [
        ("PATCH", "/me", "GET"),
        ("POST", "/me", "PUT"),
        ("DELETE", "/conversations", "POST"),
        ("BREW", "/me", "GET"),
        ("TRACE", "/me", "GET"),
        ("GET", "/auth/login", "POST"),
    ] {
        let answer = Wire::exchange(&address, request(method, path, &eve.token, "application/json", b"")).await;
        answer.refused(405, "method_not_allowed");
        assert!(answer.header("allow").is_some_and(|allow| allow.contains(allowed)), "{answer:?}");
    }
    // Every answer says what it is and that browsers must not guess.
    let answer = Wire::exchange(&address, request("GET", "/nonsense", "", "", b"")).await;
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("x-request-id").is_some());
    others.notice_nothing().await;
}

#[tokio::test]
async fn heads_that_never_end() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let whole = String::from_utf8(request("GET", "/me", &eve.token, "text/plain", b"")).unwrap();
    let mut waiting = Vec::new();
    for cut in (0..whole.len()).step_by(whole.len() / 30) {
        let mut wire = Wire::connect(&address).await;
        wire.send(&whole[..cut]).await;
        waiting.push(wire);
    }
    others.notice_nothing().await;
    // One that has been served once, and one that sends a little now and then, as slow-loris does.
    let mut served = Wire::connect(&address).await;
    served.send(&whole).await;
    assert_eq!(served.answer().await.map(|answer| answer.status), Some(200));
    served.send(&whole[..10]).await;
    let mut slow = Wire::connect(&address).await;
    slow.send("GET /api/v1/me HTTP/1.1\r\n").await;
    laserchat_tests::patiently("the server to lose its patience", async {
        let mut pace = tokio::time::interval(std::time::Duration::from_millis(100));
        while slow.sends(b"X: y\r\n").await {
            pace.tick().await;
        }
    })
    .await;
    served.ended().await;
    for mut wire in waiting {
        wire.ended().await;
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn bodies_that_never_end() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let whole = post("/conversations", &eve.token, br#"{"type":"direct","members":[]}"#);
    let keyed = String::from_utf8(whole.clone()).unwrap().replace("Host: test", "Host: test\r\nIdempotency-Key: slow");
    let mut waiting = Vec::new();
    for begun in [&whole[..whole.len() - 1], &whole[..whole.len() - 30], &keyed.as_bytes()[..keyed.len() - 1]] {
        let mut wire = Wire::connect(&address).await;
        wire.send(begun).await;
        waiting.push(wire);
    }
    others.notice_nothing().await;
    for mut wire in waiting {
        let answer = wire.answer().await.expect("an answer");
        answer.refused(408, "body_timeout");
        assert_eq!(answer.header("connection"), Some("close"));
        wire.ended().await;
    }
    // Nothing was made of it, and the key is free.
    assert_eq!(eve.get("/conversations").await.expect(200)["items"], json!([]));
    assert_eq!(Wire::exchange(&address, &keyed).await.status, 201);
    others.notice_nothing().await;
}

#[tokio::test]
async fn heads_that_are_no_http() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let with = |lines: &str| format!("GET /api/v1/server HTTP/1.1\r\nHost: test\r\n{lines}\r\n");
    for (what, request, statuses) in [
        ("headers of 200 KB", with(&format!("X: {}\r\n", "y".repeat(200_000))), &[431][..]),
        ("a thousand headers", with(&"X: y\r\n".repeat(1000)), &[431]),
        ("a path of 200 KB", format!("GET /{} HTTP/1.1\r\nHost: test\r\n\r\n", "a".repeat(200_000)), &[414, 431]),
        ("two lengths", with("Content-Length: 1\r\nContent-Length: 2\r\n"), &[400]),
        ("a negative length", with("Content-Length: -1\r\n"), &[400]),
        ("a length that is no number", with("Content-Length: 0x10\r\n"), &[400]),
        ("an unknown coding", with("Transfer-Encoding: gzip\r\n"), &[400, 501]),
        ("NUL in a header", with("X: a\0b\r\n"), &[400]),
        ("a space in a name", with("X y: z\r\n"), &[400]),
        ("a line of its own", with("nonsense\r\n"), &[400]),
        ("no method", "/api/v1/server HTTP/1.1\r\nHost: test\r\n\r\n".into(), &[400]),
        ("version 3", "GET /api/v1/server HTTP/3.0\r\nHost: test\r\n\r\n".into(), &[400, 505]),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\r\n\r\n".into(), &[400]),
    ] {
        let mut wire = Wire::connect(&address).await;
        wire.send(request).await;
        let answer = wire.answer().await.unwrap_or_else(|| panic!("{what}: no answer"));
        assert!(statuses.contains(&answer.status), "{what}: {answer:?}");
        wire.ended().await;
    }
    // To a beginning of HTTP/2 nothing can be answered that its sender would understand.
    let mut wire = Wire::connect(&address).await;
    wire.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    wire.ended().await;
    // Large, but within bounds.
    let large = with(&format!("X: {}\r\n", "y".repeat(20_000)));
    assert_eq!(Wire::exchange(&address, large).await.status, 200);
    assert_eq!(eve.get("/me").await.status, 200);
    others.notice_nothing().await;
}

#[tokio::test]
async fn several_requests_in_one_write_are_answered_in_order() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::connect(&server.address()).await;
    let requests = [
        request("GET", "/me", &eve.token, "", b""),
        post("/conversations", &eve.token, b"nonsense"),
        request("GET", "/nonsense", &eve.token, "", b""),
        request("GET", "/me", "forged", "", b""),
        // A body that nobody reads belongs to its request all the same.
        request("GET", "/server", "", "text/plain", b"GET /api/v1/nonsense HTTP/1.1\r\n\r\n"),
        request("GET", "/me", &eve.token, "", b""),
    ];
    wire.send(requests.concat()).await;
    for status in [200, 400, 404, 401, 200, 200] {
        assert_eq!(wire.answer().await.map(|answer| answer.status), Some(status));
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn old_http_is_served_and_closed() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::connect(&server.address()).await;
    wire.send(format!("GET /api/v1/me HTTP/1.0\r\nAuthorization: Bearer {}\r\n\r\n", eve.token)).await;
    let answer = wire.answer().await.expect("an answer");
    assert_eq!((answer.version.as_str(), answer.status), ("HTTP/1.0", 200));
    assert_eq!(answer.json()["user"]["username"], "eve");
    wire.ended().await;
    // It knows no upgrades, so there are no WebSockets for it.
    let handshake = Wire::handshake(&server.address()).replace("HTTP/1.1", "HTTP/1.0");
    let answer = Wire::exchange(&server.address(), handshake).await;
    answer.refused(400, "invalid_request");
    others.notice_nothing().await;
}
