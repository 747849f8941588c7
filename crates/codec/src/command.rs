//! Reading commands: from the text of a frame to a command with the client's id for it, or a refusal.

use std::borrow::Cow;

use laserchat_protocol::command::{Command, SendCommand};
use laserchat_protocol::event::{CommandId, ErrorFrame};
use laserchat_protocol::limits::{CLIENT_ID_BYTES, JSON_DEPTH};
use laserchat_protocol::{Code, Problem};
use serde::Deserialize;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(default)]
    id: Option<CommandId>,
}

/// A frame as it was read: a command with the client's id for it.
#[derive(Debug)]
pub enum Read {
    /// Apart from the others, because it is the most frequent and needs no second look at the whole frame.
    Send(CommandId, SendCommand),
    Ping(Option<CommandId>),
    Other(CommandId, Command),
}

/// A refusal, with the id to answer to where one could be read. Boxed, because it is large and rare.
pub fn refused(id: Option<CommandId>, problem: Problem) -> Box<ErrorFrame> {
    Box::new(ErrorFrame::new(id, problem))
}

/// Reads a frame, or says why it is none.
pub fn read(text: &str) -> Result<Read, Box<ErrorFrame>> {
    if deeper_than(text, JSON_DEPTH) {
        return Err(refused(None, Code::TooDeep.into()));
    }
    let head: Head = serde_json::from_str(text).map_err(|error| refused(None, malformed(&error)))?;
    let id = head.id.filter(short);
    let kind = head.kind.unwrap_or(Cow::Borrowed(""));
    let wrong = |error| refused(id.clone(), malformed(&error));
    if !Command::NAMES.contains(&&*kind) {
        let name: String = kind.chars().take(64).collect();
        let problem = Problem::new(Code::UnknownCommand).detail(format!("there is no command {name:?}"));
        return Err(refused(id, problem));
    }
    if kind == "message.send" {
        let command = serde_json::from_str(text).map_err(wrong)?;
        return Ok(Read::Send(id.ok_or_else(no_id)?, command));
    }
    match serde_json::from_str(text).map_err(wrong)? {
        Command::Ping {} => Ok(Read::Ping(id)),
        command => Ok(Read::Other(id.ok_or_else(no_id)?, command)),
    }
}

fn short(id: &CommandId) -> bool {
    !matches!(id, CommandId::Text(text) if text.len() > CLIENT_ID_BYTES)
}

fn no_id() -> Box<ErrorFrame> {
    let detail = "a command carries an id: a number, or up to 64 bytes of text";
    refused(None, Problem::new(Code::InvalidField).field("id").detail(detail))
}

/// A parse error by its place alone: the offending text may be a secret.
fn malformed(error: &serde_json::Error) -> Problem {
    let what = if error.is_data() { "a value is missing or of the wrong type" } else { "not valid JSON" };
    Problem::new(Code::MalformedJson).detail(format!("{what} at line {} column {}", error.line(), error.column()))
}

/// Whether JSON nests more deeply than a bound. It reads bytes only, so it is safe before any parser.
pub fn deeper_than(text: &str, bound: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > bound {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(!deeper_than(r#"{"a":"[[[[[[\"[[[","b":[1]}"#, 2));
        assert!(deeper_than("[[[", 2));
        assert!(deeper_than(&"[".repeat(1_000_000), JSON_DEPTH));
    }
}
