//! Server-sent events.

use std::collections::VecDeque;

use reqwest::Response;

use serde::Deserialize;

use super::{Inbound, Lost, closed, parse, resume_query};
use crate::api::Api;
use crate::state::Resume;

/// A line longer than this is no event of ours.
const LINE_MAX: usize = 64 << 20;

pub(crate) struct Stream {
    response: Response,
    lines: Lines,
}

impl Stream {
    pub async fn open(api: &Api, token: &str, resume: &Resume) -> Result<Self, Lost> {
        let response = api.listen(&resume_query(resume, None), "text/event-stream", token, None).await?;
        Ok(Stream { response, lines: Lines::default() })
    }

    pub async fn next(&mut self) -> Result<Inbound, Lost> {
        loop {
            if let Some(item) = self.lines.ready.pop_front() {
                return match item {
                    Item::Comment => Ok(Inbound::Alive),
                    Item::Close(data) => Err(goodbye(&data)),
                    Item::Event(data) => Ok(Inbound::Event(Box::new(parse(&data)?))),
                };
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => self.lines.take(&bytes)?,
                Ok(None) => return Err(Lost::Resume("the stream ended".into())),
                Err(error) => return Err(Lost::Resume(error.to_string())),
            }
        }
    }
}

/// What a WebSocket says in its close frame.
#[derive(Deserialize)]
struct Goodbye {
    code: u16,
    #[serde(default)]
    reason: String,
}

fn goodbye(data: &str) -> Lost {
    match serde_json::from_str::<Goodbye>(data) {
        Ok(goodbye) => closed(goodbye.code, &goodbye.reason),
        Err(error) => Lost::Resume(format!("closed without a reason that can be understood: {error}")),
    }
}

#[derive(Debug, PartialEq)]
enum Item {
    Event(String),
    /// The server ends the stream, and says why.
    Close(String),
    Comment,
}

/// Takes the stream apart: `data:` lines up to an empty line are an event, lines that begin with a colon are comments.
#[derive(Default)]
struct Lines {
    partial: Vec<u8>,
    data: String,
    closing: bool,
    ready: VecDeque<Item>,
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Lost> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(part);
            if self.partial.len() > LINE_MAX {
                return Err(Lost::Resume("a line without an end".into()));
            }
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.partial);
                self.line(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" if line.is_empty() => {
                let (data, closing) = (std::mem::take(&mut self.data), std::mem::take(&mut self.closing));
                match (data.is_empty(), closing) {
                    (true, _) => {}
                    (false, false) => self.ready.push_back(Item::Event(data)),
                    (false, true) => self.ready.push_back(Item::Close(data)),
                }
            }
            "" => self.ready.push_back(Item::Comment),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "event" => self.closing = value == "close",
            // Events are told apart by their own `type`, and resumed from by cursors.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let text =
            ": hello\n\nid: 7\ndata: {\"a\":\ndata: 1}\n\nevent: x\r\ndata:é\r\n\r\n\nevent: close\ndata: {}\n\n";
        let expected =
            [Item::Comment, Item::Event("{\"a\":\n1}".into()), Item::Event("é".into()), Item::Close("{}".into())];
        for size in 1..text.len() {
            let mut lines = Lines::default();
            for chunk in text.as_bytes().chunks(size) {
                lines.take(chunk).unwrap();
            }
            assert_eq!(Vec::from(lines.ready), expected, "in chunks of {size}");
        }
    }
}
