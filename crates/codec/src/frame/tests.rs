//! The codec against the RFC's own examples, every refusal, and arbitrary input.

use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits { frame_bytes: 100_000, message_bytes: 150_000, fragments: 8 };

/// What a client would send.
fn masked(fin: bool, opcode: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut frame = vec![(u8::from(fin) << 7) | opcode];
    match payload.len() {
        short @ 0..=125 => frame.push(0x80 | short as u8),
        middle @ 126..=65_535 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

fn client(fin: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    masked(fin, opcode, payload, [0x37, 0xfa, 0x21, 0x3d])
}

#[derive(Debug, PartialEq, Eq, Clone)]
enum Seen {
    Text(String),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
}

/// Reads a stream the way a connection does: chunk by chunk, keeping the tail of what is incomplete.
fn read(chunks: &[&[u8]], limits: &Limits) -> Result<Vec<Seen>, FrameError> {
    let mut assembler = Assembler::new();
    let mut seen = Vec::new();
    let mut buffer = Vec::new();
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        let mut start = 0;
        loop {
            let input = &mut buffer[start..];
            let frame = match decode(input, limits)? {
                Decoded::NeedMore { total } => {
                    assert!(total > input.len(), "more is asked for than is there");
                    break;
                }
                Decoded::Frame(frame) => frame,
            };
            match assembler.push(&frame, &input[frame.payload.clone()], limits)? {
                Received::Text(text) => seen.push(Seen::Text(text.into_owned())),
                Received::Ping(bytes) => seen.push(Seen::Ping(bytes.to_vec())),
                Received::Pong(bytes) => seen.push(Seen::Pong(bytes.to_vec())),
                Received::Close(close) => seen.push(Seen::Close(close.map(|c| (c.code, c.reason.to_owned())))),
                Received::Partial => assert!(assembler.is_partial()),
            }
            start += frame.consumed;
        }
        buffer.drain(..start);
    }
    Ok(seen)
}

fn text(text: &str) -> Seen {
    Seen::Text(text.to_owned())
}

fn refused(bytes: &[u8]) -> FrameError {
    read(&[bytes], &LIMITS).expect_err("the bytes should be refused")
}

#[test]
fn the_examples_of_the_rfc() {
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(read(&[&hello], &LIMITS), Ok(vec![text("Hello")]));
    assert_eq!(*text_frame(b"Hello"), [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
    assert_eq!(*ping_frame(b"Hello"), [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
    assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn headers_are_refused_as_early_as_they_can_be() {
    assert_eq!(refused(&[0xC1]), FrameError::ReservedBits);
    assert_eq!(refused(&[0xA1]), FrameError::ReservedBits);
    assert_eq!(refused(&[0x91]), FrameError::ReservedBits);
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        assert_eq!(refused(&[0x80 | opcode]), FrameError::UnknownOpcode(opcode));
    }
    for opcode in [8, 9, 10] {
        assert_eq!(refused(&[opcode]), FrameError::FragmentedControl);
        assert_eq!(refused(&[0x80 | opcode, 0xFE]), FrameError::LongControl);
        assert_eq!(refused(&[0x80 | opcode, 0xFF]), FrameError::LongControl);
    }
    assert_eq!(refused(&text_frame(b"Hello")), FrameError::Unmasked);
    assert_eq!(refused(&[0x81, 0x7F]), FrameError::Unmasked);
}

#[test]
fn lengths_must_be_encoded_in_the_shortest_way() {
    assert_eq!(refused(&[0x81, 0xFE, 0, 125]), FrameError::LengthEncoding);
    assert_eq!(refused(&[0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), FrameError::LengthEncoding);
    assert_eq!(refused(&[0x81, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0]), FrameError::LengthEncoding);
    for length in [0, 1, 125, 126, 127, 65_535, 65_536, 100_000] {
        let payload = "x".repeat(length);
        assert_eq!(read(&[&client(true, 1, payload.as_bytes())], &LIMITS), Ok(vec![text(&payload)]));
    }
}

#[test]
fn a_declared_length_above_the_limit_is_refused_from_the_header() {
    let length = 100_001u64.to_be_bytes();
    let header = [&[0x81, 0xFF][..], &length].concat();
    assert_eq!(refused(&header), FrameError::TooBig);
    assert_eq!(refused(&[0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), FrameError::TooBig);
    let small = Limits { frame_bytes: 200, ..LIMITS };
    assert_eq!(read(&[&[0x81, 0xFE, 0, 201]], &small), Err(FrameError::TooBig));
    let none = Limits { frame_bytes: 0, ..LIMITS };
    assert_eq!(read(&[&client(true, 9, b"still here")], &none), Ok(vec![Seen::Ping(b"still here".to_vec())]));
}

#[test]
fn what_has_not_fully_arrived_is_left_untouched() {
    let whole = client(true, 1, b"Hello");
    for length in 0..whole.len() {
        let mut part = whole[..length].to_vec();
        let total = if length < 2 { 2 } else { whole.len() };
        assert_eq!(decode(&mut part, &LIMITS), Ok(Decoded::NeedMore { total }));
        assert_eq!(part, whole[..length]);
    }
}

#[test]
fn fragments_are_joined_and_control_frames_pass_between_them() {
    let stream = [
        client(false, 1, "gr\u{fc}".as_bytes()[..3].as_ref()),
        client(true, 9, b"ping"),
        client(false, 0, &"gr\u{fc}".as_bytes()[3..]),
        client(true, 10, b""),
        client(true, 0, "\u{df}e".as_bytes()),
        client(true, 1, b"next"),
    ]
    .concat();
    let expected = vec![Seen::Ping(b"ping".to_vec()), Seen::Pong(vec![]), text("gr\u{fc}\u{df}e"), text("next")];
    assert_eq!(read(&[&stream], &LIMITS), Ok(expected));
}

#[test]
fn continuations_out_of_place_are_refused() {
    assert_eq!(refused(&client(true, 0, b"x")), FrameError::UnexpectedContinuation);
    assert_eq!(refused(&client(false, 0, b"x")), FrameError::UnexpectedContinuation);
    let begun = client(false, 1, b"x");
    assert_eq!(refused(&[begun.clone(), client(true, 1, b"y")].concat()), FrameError::UnfinishedMessage);
    assert_eq!(refused(&[begun.clone(), client(true, 2, b"y")].concat()), FrameError::UnfinishedMessage);
    assert_eq!(
        refused(&[begun, client(true, 0, b"y"), client(true, 0, b"z")].concat()),
        FrameError::UnexpectedContinuation
    );
}

#[test]
fn messages_are_bounded_in_size_and_in_fragments() {
    let half = vec![b'x'; 75_000];
    let fits = [client(false, 1, &half), client(true, 0, &half)].concat();
    assert_eq!(read(&[&fits], &LIMITS), Ok(vec![text(&"x".repeat(150_000))]));
    let over = [client(false, 1, &half), client(false, 0, &half), client(true, 0, b"x")].concat();
    assert_eq!(refused(&over), FrameError::TooBig);
    let tight = Limits { message_bytes: 4, ..LIMITS };
    assert_eq!(read(&[&client(true, 1, b"12345")], &tight), Err(FrameError::TooBig));

    let flood = |count: usize| [client(false, 1, b""), client(false, 0, b"").repeat(count)].concat();
    assert_eq!(read(&[&flood(7)], &LIMITS), Ok(vec![]));
    assert_eq!(refused(&flood(8)), FrameError::TooManyFragments);
}

#[test]
fn text_must_be_utf8_and_binary_is_not_understood() {
    assert_eq!(refused(&client(true, 1, b"\xFF")), FrameError::Utf8);
    // A surrogate, an overlong encoding, a character beyond the last, and half a character.
    for bytes in [&b"\xED\xA0\x80"[..], b"\xC0\x80", b"\xF4\x90\x80\x80", b"\xE2\x82"] {
        assert_eq!(refused(&client(true, 1, bytes)), FrameError::Utf8);
        assert_eq!(refused(&[client(false, 1, bytes), client(true, 0, b"")].concat()), FrameError::Utf8);
    }
    assert_eq!(refused(&client(true, 2, b"x")), FrameError::Binary);
}

#[test]
fn close_frames_are_read_and_checked() {
    let closing = |code: u16, reason: &[u8]| client(true, 8, &[&code.to_be_bytes(), reason].concat());
    assert_eq!(read(&[&client(true, 8, b"")], &LIMITS), Ok(vec![Seen::Close(None)]));
    assert_eq!(refused(&client(true, 8, b"\x03")), FrameError::CloseLength);
    for code in [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4000, 4999] {
        assert_eq!(read(&[&closing(code, b"bye")], &LIMITS), Ok(vec![Seen::Close(Some((code, "bye".to_owned())))]));
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
        assert_eq!(refused(&closing(code, b"")), FrameError::CloseCode(code));
    }
    assert_eq!(refused(&closing(1000, b"\xC3")), FrameError::Utf8);
}

#[test]
fn errors_name_their_close_codes() {
    assert_eq!(FrameError::Unmasked.close_code(), 1002);
    assert_eq!(FrameError::CloseCode(5).close_code(), 1002);
    assert_eq!(FrameError::Binary.close_code(), 1003);
    assert_eq!(FrameError::Utf8.close_code(), 1007);
    assert_eq!(FrameError::TooManyFragments.close_code(), 1008);
    assert_eq!(FrameError::TooBig.close_code(), 1009);
}

#[test]
fn long_control_payloads_are_cut() {
    let frame = close_frame(4000, &"\u{20ac}".repeat(100));
    assert_eq!(payload_of(&frame).len(), 2 + 123);
    assert!(std::str::from_utf8(&payload_of(&frame)[2..]).is_ok());
    let frame = close_frame(4000, &"\u{1f600}".repeat(100));
    assert_eq!(payload_of(&frame).len(), 2 + 120);
    assert_eq!(payload_of(&pong_frame(&[7; 300])), [7; 125]);
}

#[test]
fn an_idle_connection_carries_one_pointer() {
    assert_eq!(size_of::<Assembler>(), size_of::<usize>());
}

/// Cuts `bytes` at the given places.
fn cut<'a>(bytes: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

proptest! {
    #[test]
    fn messages_survive_any_fragmentation_and_chunking(
        messages in prop::collection::vec(
            ("\\PC{0,200}", prop::collection::vec(any::<prop::sample::Index>(), 0..6), any::<[u8; 4]>(), any::<bool>()),
            0..8,
        ),
        chunks in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut stream = Vec::new();
        let mut expected = Vec::new();
        for (message, fragments, mask, ping) in &messages {
            let parts = cut(message.as_bytes(), fragments);
            for (index, part) in parts.iter().enumerate() {
                if *ping {
                    stream.extend(masked(true, 9, mask, *mask));
                    expected.push(Seen::Ping(mask.to_vec()));
                }
                stream.extend(masked(index + 1 == parts.len(), u8::from(index == 0), part, *mask));
            }
            expected.push(text(message));
        }
        prop_assert_eq!(read(&cut(&stream, &chunks), &LIMITS), Ok(expected));
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_chunks_do_not_matter(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        chunks in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        prop_assert_eq!(read(&cut(&bytes, &chunks), &LIMITS), read(&[&bytes], &LIMITS));
        let _ = payload_of(&bytes);
    }

    #[test]
    fn built_frames_hold_their_payload(length in 0..70_000usize) {
        let payload: Vec<u8> = (0..length).map(|index| index as u8).collect();
        let frame = text_frame(&payload);
        prop_assert_eq!(payload_of(&frame), &payload[..]);
        let mut appended = b"before".to_vec();
        push_text_frame(&mut appended, &payload);
        prop_assert_eq!(&appended[6..], &frame[..]);
    }

    #[test]
    fn unmasking_twice_changes_nothing(
        payload in prop::collection::vec(any::<u8>(), 0..100),
        mask in any::<[u8; 4]>(),
    ) {
        let mut bytes = payload.clone();
        unmask(&mut bytes, mask);
        for (index, byte) in bytes.iter().enumerate() {
            prop_assert_eq!(*byte, payload[index] ^ mask[index % 4]);
        }
        unmask(&mut bytes, mask);
        prop_assert_eq!(bytes, payload);
    }
}
