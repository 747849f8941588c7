//! Letters: what a mail says, as text and as HTML.
//!
//! Whatever people wrote is escaped, lies in an element of its own direction, and nothing is loaded from anywhere. Names
//! and texts of people are never part of a header.

use std::fmt::Write;

use laserchat_protocol::ConversationKind;
use laserchat_store::{Digest, DigestEntry, EmailRequest};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::words::{self, Words, fill};

/// Characters of a message that a digest shows.
const BODY_CHARS: usize = 300;
const NAME_CHARS: usize = 80;

/// What all letters of a server have in common.
pub struct Paper {
    pub from: Mailbox,
    /// The address at which people reach the server, without a slash at the end.
    pub site: String,
    /// What the server is called.
    pub server: String,
}

/// A line of a letter.
enum Line {
    Text(String),
    /// A label and an address.
    Link(String, String),
    /// What somebody wrote: where, who, what, and the address of the place.
    Said {
        place: String,
        who: String,
        what: String,
        link: (String, String),
    },
}

impl Paper {
    pub fn digest(&self, digest: &Digest, message_id: &str, token: &str) -> Result<Message, lettre::error::Error> {
        let words = words::of(digest.language.as_deref());
        let stop = format!("{}/api/v1/unsubscribe/{token}", self.site);
        let mut lines = Vec::new();
        if digest.hidden {
            lines.push(Line::Text(words.hidden_intro.to_owned()));
            lines.push(Line::Link(fill(words.more, &[("count", &digest.total.to_string())]), self.site.clone()));
        } else {
            lines.push(Line::Text(words.digest_intro.to_owned()));
            lines.extend(digest.entries.iter().map(|entry| self.said(entry, words)));
            let more = digest.total.saturating_sub(digest.entries.len());
            if more > 0 {
                lines.push(Line::Link(fill(words.more, &[("count", &more.to_string())]), self.site.clone()));
            }
        }
        lines.push(Line::Text(words.why.to_owned()));
        lines.push(Line::Link(words.stop.to_owned(), stop.clone()));
        let count = digest.total.to_string();
        let subject = fill(words.digest_subject, &[("server", &self.server), ("count", &count)]);
        let mut message = self.letter(&digest.address, &subject, message_id, words, &lines)?;
        let headers = message.headers_mut();
        headers.insert_raw(raw("List-Unsubscribe", &format!("<{stop}>")));
        // RFC 8058: a mail program may stop it with one request, and without showing a page.
        headers.insert_raw(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        Ok(message)
    }

    pub fn link(&self, request: &EmailRequest, message_id: &str, token: &str) -> Result<Message, lettre::error::Error> {
        let words = words::of(request.language.as_deref());
        let values = [("server", self.server.as_str()), ("user", request.username.as_str())];
        let lines = [
            Line::Text(fill(words.confirm_intro, &values)),
            Line::Link(words.confirm.to_owned(), format!("{}/api/v1/confirm-email/{token}", self.site)),
            Line::Text(words.confirm_else.to_owned()),
        ];
        self.letter(&request.address, &fill(words.confirm_subject, &values), message_id, words, &lines)
    }

    fn said(&self, entry: &DigestEntry, words: &Words) -> Line {
        let message = &entry.message;
        let what = match message.attachments.first() {
            Some(file) if message.body.is_empty() => &file.name,
            _ => &message.body,
        };
        let place = match (entry.kind, &entry.name) {
            (ConversationKind::Direct, _) | (_, None) => words.direct.to_owned(),
            (_, Some(name)) => shortened(name, NAME_CHARS),
        };
        let link = format!("{}/c/{}?at={}", self.site, message.conversation_id, message.seq);
        Line::Said {
            place,
            who: shortened(&entry.sender.display_name, NAME_CHARS),
            what: shortened(what, BODY_CHARS),
            link: (words.open.to_owned(), link),
        }
    }

    fn letter(
        &self,
        to: &str,
        subject: &str,
        message_id: &str,
        words: &Words,
        lines: &[Line],
    ) -> Result<Message, lettre::error::Error> {
        let to: Address = to.parse().map_err(|_| lettre::error::Error::MissingTo)?;
        let domain = self.from.email.domain().to_owned();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(shortened(subject, 2 * NAME_CHARS))
            .message_id(Some(format!("<{message_id}@{domain}>")))
            .multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text(lines)))
                    .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(html(words, lines))),
            )?;
        // No machine shall answer it.
        message.headers_mut().insert_raw(raw("Auto-Submitted", "auto-generated"));
        Ok(message)
    }
}

/// A header that is made of nothing but ASCII, for names that are known not to be refused.
fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn text(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        // Writing to a string cannot fail.
        let _ = match line {
            Line::Text(text) => write!(out, "{text}\r\n\r\n"),
            Line::Link(label, link) => write!(out, "{label}: {link}\r\n\r\n"),
            Line::Said { place, who, what, link } => {
                write!(out, "{place}\r\n{who}: {what}\r\n{}: {}\r\n\r\n", link.0, link.1)
            }
        };
    }
    out
}

fn html(words: &Words, lines: &[Line]) -> String {
    let direction = if words.right_to_left { "rtl" } else { "ltr" };
    let mut out = format!(
        "<!doctype html><html lang=\"{}\" dir=\"{direction}\"><head><meta charset=\"utf-8\"></head>\
         <body style=\"font-family:sans-serif;line-height:1.5\">\r\n",
        words.tag
    );
    let anchor = |label: &str, link: &str| format!("<a href=\"{}\">{}</a>", escaped(link), escaped(label));
    for line in lines {
        let _ = match line {
            Line::Text(text) => write!(out, "<p>{}</p>\r\n", escaped(text)),
            Line::Link(label, link) => write!(out, "<p>{}</p>\r\n", anchor(label, link)),
            Line::Said { place, who, what, link } => write!(
                out,
                "<div style=\"margin:1em 0\"><div dir=\"auto\" style=\"color:#666\">{}</div>\
                 <div dir=\"auto\"><b>{}</b></div>\r\n<div dir=\"auto\">{}</div>{}</div>\r\n",
                escaped(place),
                escaped(who),
                escaped(what),
                anchor(&link.0, &link.1),
            ),
        };
    }
    out.push_str("</body></html>\r\n");
    out
}

/// A text as it stands in HTML, between tags or in a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// On one line, without what turns the direction of the text around it, and not longer than this.
fn shortened(text: &str, chars: usize) -> String {
    let clean = |c: char| match c {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    };
    let mut line: String = text.chars().filter_map(clean).take(chars + 1).collect();
    if line.chars().count() > chars {
        line = line.chars().take(chars - 1).chain(['…']).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_what_it_is() {
        assert_eq!(escaped("<img src=\"x\" onerror='y'>&"), "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;");
        assert_eq!(shortened("a\r\nBcc: b\u{202E}c", 80), "a  Bcc: bc");
        assert_eq!(shortened("abcdefgh", 7), "abcdef…");
        assert_eq!(shortened("abcdefg", 7), "abcdefg");
    }
}
