//! WebSocket frames that no good client sends: each is answered precisely, and nobody else notices.

use laserchat_tests::wire::{
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Wire, fragment, frame, header, hello, spell, text,
};
use laserchat_tests::{Others, Person, TestServer};
use serde_json::{Value, json};

/// A server, somebody to misbehave as, and the others.
async fn stage() -> (TestServer, Person, Others) {
    let server = TestServer::start().await;
    let eve = server.person("eve").await;
    let others = Others::of(&server).await;
    (server, eve, others)
}

/// The frames, and the code that the server closes with.
async fn closes(cases: &[(&str, Vec<u8>, u16)]) {
    let (server, eve, mut others) = stage().await;
    for (what, bytes, code) in cases {
        let mut wire = Wire::hello(&server.address(), &eve.token).await;
        wire.send(bytes).await;
        assert_eq!(wire.closed().await, Some(*code), "{what}");
        // Before anybody said who they are, it is the same.
        let mut wire = Wire::open(&server.address()).await;
        wire.send(bytes).await;
        assert_eq!(wire.closed().await, Some(*code), "{what}, before hello");
        others.notice_nothing().await;
    }
}

/// A ping command and its pong: the connection lives.
async fn lives(wire: &mut Wire) {
    wire.send(text(r#"{"type":"ping","id":"alive"}"#)).await;
    loop {
        let event = wire.event().await;
        if event["type"] == "pong" && event["id"] == "alive" {
            return;
        }
    }
}

#[tokio::test]
async fn frames_against_the_protocol() {
    let whole = |first: u8| spell(first, b"hello", true);
    closes(&[
        ("unmasked", spell(0x81, b"{}", false), 1002),
        ("unmasked ping", spell(0x89, b"", false), 1002),
        ("first reserved bit", whole(0xc1), 1002),
        ("second reserved bit", whole(0xa1), 1002),
        ("third reserved bit", whole(0x91), 1002),
        ("unknown data opcode", whole(0x83), 1002),
        ("unknown control opcode", whole(0x8b), 1002),
        ("fragmented ping", whole(PING), 1002),
        ("long ping", header(0x80 | PING, 126, true), 1002),
        ("long close", header(0x80 | CLOSE, 126, true), 1002),
        ("continuation of nothing", frame(CONTINUATION, b"x"), 1002),
        ("message within a message", [fragment(TEXT, b"{"), frame(TEXT, b"}")].concat(), 1002),
        ("binary within a message", [fragment(TEXT, b"{"), frame(BINARY, b"}")].concat(), 1002),
        ("length not in its shortest form", [0x81, 0xfe, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0, 0].to_vec(), 1002),
        ("negative length", [&[0x81, 0xff][..], &[0xff; 8]].concat(), 1002),
        ("close with half a code", frame(CLOSE, &[3]), 1002),
        ("close with a code that only names what was seen", frame(CLOSE, &1006u16.to_be_bytes()), 1002),
        ("close with code zero", frame(CLOSE, &[0, 0]), 1002),
        ("close with a reason that is no text", frame(CLOSE, &[3, 0xe8, 0xff, 0xfe]), 1007),
    ])
    .await;
}

#[tokio::test]
async fn messages_that_are_not_taken() {
    let fragments = [fragment(TEXT, b" "), fragment(CONTINUATION, b" ").repeat(64)].concat();
    closes(&[
        ("binary", frame(BINARY, b"\x00\x01"), 1003),
        ("binary in fragments", fragment(BINARY, b"\x00"), 1003),
        ("no UTF-8", frame(TEXT, b"{\"type\":\"\xff\"}"), 1007),
        ("an overlong spelling", frame(TEXT, b"\xc0\xaf"), 1007),
        ("a surrogate", frame(TEXT, b"\xed\xa0\x80"), 1007),
        ("no UTF-8 in the last fragment", [fragment(TEXT, b"{\xc3"), frame(CONTINUATION, b"}")].concat(), 1007),
        ("fragments without end", fragments, 1008),
        ("empty fragments without end", [fragment(TEXT, b""), fragment(CONTINUATION, b"").repeat(64)].concat(), 1008),
        // From the header alone: none of the ten megabytes is sent.
        ("10 MB", header(0x81, 10 << 20, true), 1009),
        ("as much as there is", header(0x81, i64::MAX as u64, true), 1009),
        ("10 MB of fragment", header(TEXT, 10 << 20, true), 1009),
    ])
    .await;
}

#[tokio::test]
async fn fragments_that_are_too_much_together() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    let million = vec![b' '; 1_000_000];
    wire.send(fragment(TEXT, &million)).await;
    wire.send(fragment(CONTINUATION, &million)).await;
    wire.send(fragment(CONTINUATION, &million)).await;
    assert_eq!(wire.closed().await, Some(1009));
    others.notice_nothing().await;
}

#[tokio::test]
async fn fragments_with_control_frames_between_are_one_message() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    // Cut in the middle of a character.
    let command = r#"{"type":"ping","id":"é"}"#.as_bytes();
    let cut = command.iter().position(|byte| *byte == 0xc3).unwrap() + 1;
    wire.send(fragment(TEXT, &command[..3])).await;
    wire.send(frame(PING, b"first")).await;
    assert_eq!(wire.frame().await, Some((PONG, b"first".to_vec())));
    wire.send(fragment(CONTINUATION, &command[3..cut])).await;
    wire.send(frame(PONG, b"unasked")).await;
    wire.send(frame(PING, &[7; 125])).await;
    wire.send(frame(CONTINUATION, &command[cut..])).await;
    assert_eq!(wire.frame().await, Some((PONG, vec![7; 125])));
    assert_eq!(wire.event().await, json!({ "type": "pong", "id": "é" }));
    lives(&mut wire).await;
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_frame_byte_by_byte_is_a_frame() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    for byte in text(r#"{"type":"ping","id":1}"#) {
        wire.send([byte]).await;
    }
    assert_eq!(wire.event().await, json!({ "type": "pong", "id": 1 }));
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_flood_of_control_frames() {
    let (server, eve, mut others) = stage().await;
    for opcode in [PING, PONG] {
        let mut wire = Wire::hello(&server.address(), &eve.token).await;
        // Far more than a second's worth, so that it is a flood even where a second ends in its middle.
        wire.send(frame(opcode, b"x").repeat(1000)).await;
        assert_eq!(wire.closed().await, Some(1008));
        let mut wire = Wire::open(&server.address()).await;
        wire.send(frame(opcode, b"x").repeat(1000)).await;
        assert_eq!(wire.closed().await, Some(1008), "before hello");
        others.notice_nothing().await;
    }
}

#[tokio::test]
async fn a_client_that_says_goodbye_is_answered_in_kind() {
    let (server, eve, mut others) = stage().await;
    let with = |code: u16| frame(CLOSE, &[&code.to_be_bytes()[..], b"bye"].concat());
    for (sent, code) in [(frame(CLOSE, b""), 1000), (with(1000), 1000), (with(1001), 1001), (with(4321), 4321)] {
        let mut wire = Wire::hello(&server.address(), &eve.token).await;
        wire.send(sent).await;
        assert_eq!(wire.closed().await, Some(code));
        assert_eq!(wire.frame().await, None);
    }
    others.notice_nothing().await;
}

/// Sends a text and returns the error frame that answers it; the connection lives on.
async fn error(wire: &mut Wire, sent: &str) -> Value {
    wire.send(text(sent)).await;
    let event = wire.expect("error").await;
    lives(wire).await;
    event
}

#[tokio::test]
async fn commands_that_cannot_be_carried_out() {
    let (server, eve, mut others) = stage().await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    let deep = |levels: usize| format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let (deep_33, deep_100_000) = (deep(32), deep(100_000));
    let long_id = format!(r#"{{"type":"message.delete","id":"{}","message_id":"1"}}"#, "i".repeat(65));
    for (sent, code) in [
        ("", "malformed_json"),
        ("{", "malformed_json"),
        ("nonsense", "malformed_json"),
        ("[]", "malformed_json"),
        ("7", "malformed_json"),
        ("null", "malformed_json"),
        (r#"{"type":"ping"} {"type":"ping"}"#, "malformed_json"),
        (r#"{"type":7}"#, "malformed_json"),
        (r#"{"type":"ping","type":"ping"}"#, "malformed_json"),
        (r#"{"type":"ping","id":{}}"#, "malformed_json"),
        (r#"{"type":"ping","id":1.5}"#, "malformed_json"),
        (r#"{"type":"ping","x":"\ud800"}"#, "malformed_json"),
        (&deep_33, "too_deep"),
        (&deep_100_000, "too_deep"),
        ("{}", "unknown_command"),
        (r#"{"type":""}"#, "unknown_command"),
        (r#"{"type":"message.shout","id":1}"#, "unknown_command"),
        (r#"{"type":"hello","token":"again","id":1}"#, "unknown_command"),
        (r#"{"type":"typing.start","conversation_id":"1"}"#, "invalid_field"),
        (r#"{"type":"message.send","conversation_id":"1","client_id":"a","body":"b"}"#, "invalid_field"),
        (&long_id, "invalid_field"),
    ] {
        assert_eq!(error(&mut wire, sent).await["code"], code, "{sent:.80}");
    }
    let unknown = error(&mut wire, r#"{"type":"message.shout","id":"mine"}"#).await;
    assert_eq!((&unknown["id"], unknown["detail"].is_string()), (&json!("mine"), true));
    // What is wrong with a command is said without repeating what it holds.
    let secret = error(&mut wire, r#"{"type":"message.edit","id":5,"message_id":"hunter2","body":"x"}"#).await;
    assert_eq!((&secret["id"], &secret["code"]), (&json!(5), &json!("malformed_json")));
    assert!(!secret.to_string().contains("hunter2"), "{secret}");
    others.notice_nothing().await;
}

#[tokio::test]
async fn commands_with_values_that_are_no_good() {
    let (server, eve, mut others) = stage().await;
    let notes = eve.direct(&eve).await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    let send = |body: String, client_id: &str| json!({ "type": "message.send", "id": 1, "conversation_id": notes, "client_id": client_id, "body": body });
    for (command, code, field) in [
        (send(String::new(), "a"), "invalid_text", "body"),
        (send("a\0b".into(), "a"), "invalid_text", "body"),
        (send("😀".repeat(100_001), "a"), "invalid_text", "body"),
        (send("x".into(), ""), "invalid_field", "client_id"),
        (send("x".into(), "a\nb"), "invalid_field", "client_id"),
        (send("x".into(), &"a".repeat(65)), "invalid_field", "client_id"),
    ] {
        let refused = error(&mut wire, &command.to_string()).await;
        assert_eq!((&refused["code"], &refused["field"], &refused["id"]), (&json!(code), &json!(field), &json!(1)));
    }
    let message = eve.say(&notes, "real", "here").await["id"].clone();
    let watch: Vec<String> = (1..=1001).map(|id| id.to_string()).collect();
    for (command, code) in [
        (json!({ "type": "message.send", "conversation_id": "0", "client_id": "a", "body": "x" }), "malformed_json"),
        (json!({ "type": "message.send", "conversation_id": 12, "client_id": "a", "body": "x" }), "malformed_json"),
        (json!({ "type": "message.send", "conversation_id": "12", "client_id": "a", "body": "x" }), "not_found"),
        (json!({ "type": "message.edit", "message_id": "12", "body": "x" }), "not_found"),
        (json!({ "type": "message.delete", "message_id": "-12" }), "malformed_json"),
        (json!({ "type": "reaction.add", "message_id": message, "emoji": "not an emoji" }), "invalid_field"),
        (json!({ "type": "reaction.add", "message_id": message, "emoji": "\0" }), "invalid_field"),
        (json!({ "type": "cursor.read", "conversation_id": notes, "seq": -1 }), "malformed_json"),
        (json!({ "type": "cursor.read", "conversation_id": "12", "seq": 1 }), "not_found"),
        (json!({ "type": "cursor.delivered", "conversation_id": notes, "seq": 1.5 }), "malformed_json"),
        (json!({ "type": "typing.start", "conversation_id": "99999999999999999999" }), "malformed_json"),
        (json!({ "type": "presence.set", "activity": "asleep" }), "malformed_json"),
        (json!({ "type": "presence.watch", "user_ids": watch }), "limit_reached"),
    ] {
        let mut command = command;
        command["id"] = json!("c");
        let refused = error(&mut wire, &command.to_string()).await;
        assert_eq!((&refused["code"], &refused["id"]), (&json!(code), &json!("c")), "{command:.90}");
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn cursors_never_pass_the_head() {
    let (server, eve, mut others) = stage().await;
    let notes = eve.direct(&eve).await;
    eve.say(&notes, "1", "one").await;
    let mut wire = Wire::hello(&server.address(), &eve.token).await;
    for (at, seq) in [i64::MAX as u64 - 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX].into_iter().enumerate() {
        for kind in ["cursor.delivered", "cursor.read"] {
            let command = json!({ "type": kind, "id": at, "conversation_id": notes, "seq": seq });
            wire.send(text(&command.to_string())).await;
            loop {
                let answer = wire.event().await;
                if answer["id"] == json!(at) {
                    assert!(answer["type"] == "ack" || answer["code"] == "invalid_field", "{answer}");
                    break;
                }
            }
            let view = eve.get(&format!("/conversations/{notes}")).await.expect(200);
            let (membership, head) = (&view["membership"], view["seq"].as_u64().unwrap());
            assert!(membership["read"].as_u64().unwrap() <= head, "{kind} {seq}: {membership}");
            assert!(membership["delivered"].as_u64().unwrap() <= head, "{kind} {seq}: {membership}");
        }
    }
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_beginning_without_a_good_hello() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let other_scope = json!({ "name": "writes only", "scopes": ["write"] });
    let write_only = eve.post("/me/tokens", other_scope).await.expect(201)["secret"].as_str().unwrap().to_owned();
    let deep = format!(r#"{{"type":"hello","token":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let huge = json!({ "type": "hello", "token": "x".repeat(1_000_000) }).to_string();
    let cursors = |at: &str| format!(r#"{{"type":"hello","token":"{}","cursors":{{"1":{at}}}}}"#, eve.token);
    for (first, code) in [
        (r#"{"type":"ping"}"#.to_owned(), 4102),
        (r#"{"type":"message.send","id":1}"#.to_owned(), 4102),
        ("nonsense".to_owned(), 4102),
        (r#"{"type":"hello"}"#.to_owned(), 4102),
        (r#"{"type":"hello","token":7}"#.to_owned(), 4102),
        (cursors("-1"), 4102),
        (cursors("99999999999999999999"), 4102),
        (deep, 4102),
        (hello(""), 4100),
        (hello("nonsense"), 4100),
        (hello("a.b.c"), 4100),
        (hello("lcp_nonsense"), 4100),
        (hello(&eve.refresh_token), 4100),
        (hello(&write_only), 4100),
        (huge, 4100),
    ] {
        let mut wire = Wire::open(&address).await;
        wire.send(text(&first)).await;
        assert_eq!(wire.closed().await, Some(code), "{first:.80}");
    }
    // Cursors of what one does not have are answered with "drop it".
    let mut wire = Wire::open(&address).await;
    wire.send(text(&cursors("18446744073709551615"))).await;
    assert_eq!(wire.event().await["reset"], json!(["1"]));
    others.notice_nothing().await;
}

#[tokio::test]
async fn somebody_who_never_says_hello_is_not_waited_for() {
    let (server, _, mut others) = stage().await;
    let mut silent = Wire::open(&server.address()).await;
    // Nor does it help to be busy with something else, or to be about to finish.
    let mut pinging = Wire::open(&server.address()).await;
    pinging.send(frame(PING, b"here")).await;
    assert_eq!(pinging.frame().await, Some((PONG, b"here".to_vec())));
    let mut halfway = Wire::open(&server.address()).await;
    halfway.send(header(0x81, 1000, true)).await;
    assert_eq!(silent.closed().await, Some(4102));
    assert_eq!(pinging.closed().await, Some(4102));
    assert_eq!(halfway.closed().await, Some(4102));
    others.notice_nothing().await;
}

#[tokio::test]
async fn everything_in_the_segment_of_the_handshake_counts() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let notes = eve.direct(&eve).await;
    let send =
        json!({ "type": "message.send", "id": 1, "conversation_id": notes, "client_id": "early", "body": "bird" });
    let mut wire = Wire::connect(&address).await;
    let frames = [text(&hello(&eve.token)), text(&send.to_string()), text(r#"{"type":"ping","id":2}"#)].concat();
    wire.send([Wire::handshake(&address).as_bytes(), &frames].concat()).await;
    wire.opened().await;
    assert_eq!(wire.event().await["type"], "ready");
    // The pong need not wait for the commit.
    let mut answers = [false; 2];
    while answers != [true; 2] {
        let event = wire.event().await;
        answers[0] |= event["type"] == "ack" && event["id"] == 1;
        answers[1] |= event["type"] == "pong" && event["id"] == 2;
    }
    assert_eq!(eve.history(&notes).await.last().unwrap()["body"], "bird");

    // Also when the last frame is only half there, and when it is against the protocol.
    let mut wire = Wire::connect(&address).await;
    let (first, rest) = frames.split_at(frames.len() - 3);
    wire.send([Wire::handshake(&address).as_bytes(), first].concat()).await;
    wire.opened().await;
    assert_eq!(wire.expect("ack").await["id"], 1);
    wire.send(rest).await;
    assert_eq!(wire.expect("pong").await["id"], 2);
    let mut wire = Wire::connect(&address).await;
    wire.send([Wire::handshake(&address).as_bytes(), &text(&hello(&eve.token)), &spell(0x81, b"{}", false)].concat())
        .await;
    wire.opened().await;
    assert_eq!(wire.closed().await, Some(1002));
    others.notice_nothing().await;
}

#[tokio::test]
async fn handshakes_that_are_none() {
    let (server, _, mut others) = stage().await;
    let address = server.address();
    let good = Wire::handshake(&address);
    let without = |name: &str| -> String {
        good.split_inclusive("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with(name)).collect()
    };
    let key = |key: &str| good.replace("dGhlIHNhbXBsZSBub25jZQ==", key);
    for (what, request, status) in [
        ("no upgrade", without("upgrade:"), 400),
        ("no connection", without("connection:"), 400),
        ("no version", without("sec-websocket-version"), 426),
        ("no key", without("sec-websocket-key"), 400),
        ("another protocol", good.replace("Upgrade: websocket", "Upgrade: h2c"), 400),
        ("version 8", good.replace("Version: 13", "Version: 8"), 426),
        ("version 99", good.replace("Version: 13", "Version: 99"), 426),
        ("key of 15 bytes", key("AAAAAAAAAAAAAAAAAAAA"), 400),
        ("key of 17 bytes", key("AAAAAAAAAAAAAAAAAAAAAAA="), 400),
        ("key that is no base64", key("not base64 at all!!!"), 400),
        ("key without padding", key("dGhlIHNhbXBsZSBub25jZQ"), 400),
    ] {
        let answer = Wire::exchange(&address, &request).await;
        answer.refused(status, "invalid_request");
        if status == 426 {
            assert_eq!(answer.header("sec-websocket-version"), Some("13"), "{what}");
        }
    }
    let post = good.replace("GET ", "POST ").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n");
    Wire::exchange(&address, post).await.refused(405, "method_not_allowed");
    // Header names and values in any case, and among others, are a handshake.
    let loose = good.replace("Upgrade: websocket", "uPGRADE: WebSocket").replace(": Upgrade", ": keep-alive, upgrade");
    let mut wire = Wire::connect(&address).await;
    wire.send(loose).await;
    wire.opened().await;
    others.notice_nothing().await;
}

#[tokio::test]
async fn a_client_that_breaks_off_in_the_middle_of_anything() {
    let (server, eve, mut others) = stage().await;
    let address = server.address();
    let handshake = Wire::handshake(&address).into_bytes();
    let begun = [&handshake[..], &text(&hello(&eve.token))].concat();
    for cut in [1, handshake.len() / 2, handshake.len() - 1, handshake.len(), handshake.len() + 3, begun.len()] {
        let mut wire = Wire::connect(&address).await;
        wire.send(&begun[..cut]).await;
        drop(wire);
    }
    others.notice_nothing().await;
    assert_eq!(eve.get("/me").await.status, 200);
}
