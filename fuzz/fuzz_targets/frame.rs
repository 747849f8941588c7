//! Feeds arbitrary bytes to the frame codec and the assembler, whole and in chunks: neither may panic, and the way the
//! bytes are cut must not change what is read.

#![no_main]

use laserchat_codec::frame::{
    Assembler, Decoded, FrameError, Limits, Received, close_frame, decode, payload_of, pong_frame, text_frame,
};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { frame_bytes: 4096, message_bytes: 8192, fragments: 16 };

/// Reads a stream as a connection does and collects the answers that a server that echoes would send.
fn echo(stream: &[u8], chunk: usize) -> (Vec<u8>, Option<FrameError>) {
    let mut assembler = Assembler::new();
    let mut buffer: Vec<u8> = Vec::new();
    let mut answers = Vec::new();
    for piece in stream.chunks(chunk) {
        buffer.extend_from_slice(piece);
        let mut start = 0;
        loop {
            let input = &mut buffer[start..];
            let frame = match decode(input, &LIMITS) {
                Ok(Decoded::Frame(frame)) => frame,
                Ok(Decoded::NeedMore { total }) => {
                    assert!(total > input.len());
                    break;
                }
                Err(error) => return (answers, Some(error)),
            };
            assert!(frame.payload.end == frame.consumed && frame.consumed <= input.len());
            match assembler.push(&frame, &input[frame.payload.clone()], &LIMITS) {
                Ok(Received::Text(text)) => {
                    let answer = text_frame(text.as_bytes());
                    assert_eq!(payload_of(&answer), text.as_bytes());
                    answers.extend_from_slice(&answer);
                }
                Ok(Received::Ping(payload)) => answers.extend_from_slice(&pong_frame(payload)),
                Ok(Received::Close(close)) => {
                    let (code, reason) = close.map_or((1000, ""), |close| (close.code, close.reason));
                    answers.extend_from_slice(&close_frame(code, reason));
                }
                Ok(Received::Pong(_) | Received::Partial) => {}
                Err(error) => return (answers, Some(error)),
            }
            start += frame.consumed;
        }
        buffer.drain(..start);
    }
    (answers, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, stream)) = data.split_first() else {
        return;
    };
    let whole = echo(stream, stream.len().max(1));
    assert_eq!(whole, echo(stream, usize::from(first % 32) + 1));
});
