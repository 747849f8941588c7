//! Link previews: what the server found out about a message's links, and the author taking that away.

use laserchat_protocol::limits::PREVIEWS_PER_MESSAGE;
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{Code, Message, MessageKind, UserId};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::Decision;
use crate::change::{Change, MessageAt};
use crate::message::{living, member};
use crate::room::Room;

/// Longer addresses are not looked at.
const LINK_BYTES: usize = 2048;

/// The web addresses that a text links to, in order of appearance, each once: bare ones, and those of links. Not in code.
pub fn links(body: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !body.contains("://") {
        return found;
    }
    // Adjacent text events belong together: CommonMark splits text at every possible delimiter.
    let mut text = String::new();
    let (mut inside, mut depth) = (false, 0u32);
    for event in Parser::new(body) {
        match event {
            Event::Text(part) => {
                if !inside && depth == 0 {
                    text.push_str(&part);
                }
                continue;
            }
            Event::Start(Tag::CodeBlock(_)) => inside = true,
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                scan(&text, &mut found);
                text.clear();
                depth += 1;
                add(&dest_url, &mut found);
            }
            Event::End(TagEnd::Link) => depth = depth.saturating_sub(1),
            _ => {}
        }
        scan(&text, &mut found);
        text.clear();
    }
    scan(&text, &mut found);
    found
}

fn scan(text: &str, found: &mut Vec<String>) {
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            let begin = at.checked_sub(scheme.len());
            begin.is_some_and(|begin| {
                rest.get(begin..at).is_some_and(|given| given.eq_ignore_ascii_case(scheme))
                    && !rest[..begin].ends_with(char::is_alphanumeric)
            })
        });
        let Some(scheme) = scheme else {
            rest = &rest[at + 3..];
            continue;
        };
        let link = &rest[at - scheme.len()..];
        let end = link.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`".contains(c)).unwrap_or(link.len());
        let (link, after) = link.split_at(end);
        add(trimmed(link), found);
        rest = after;
    }
}

/// Without the marks that end a sentence, and without a bracket that was opened before the link.
fn trimmed(mut link: &str) -> &str {
    loop {
        let Some(last) = link.chars().next_back() else { return link };
        let closes = match last {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        let ends = match closes {
            Some(open) => link.matches(last).count() > link.matches(open).count(),
            None => ".,;:!?'*_~".contains(last),
        };
        if !ends {
            return link;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
}

fn add(link: &str, found: &mut Vec<String>) {
    let host = link
        .split_once("://")
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"));
    let named = host.is_some_and(|(_, rest)| rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '['));
    if named && link.len() <= LINK_BYTES && found.len() < PREVIEWS_PER_MESSAGE && !found.iter().any(|one| one == link) {
        found.push(link.to_owned());
    }
}

/// Whether a message is one whose links are shown at all.
pub fn shows(message: &Message) -> bool {
    message.kind == MessageKind::Text && message.deleted_at.is_none() && !message.no_previews
}

/// Puts previews under a message. The message may have changed since its links were looked at: `links` are those that are
/// in it now, and a preview of a link that is gone is left out.
pub fn show(message: &Message, links: &[String], found: &[Preview]) -> Decision {
    if !shows(message) {
        return Ok(Vec::new());
    }
    let known = |link: &String| found.iter().chain(&message.previews).find(|preview| preview.url == *link).cloned();
    let previews: Vec<Preview> = links.iter().filter_map(known).collect();
    if previews == message.previews {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Previewed { at: MessageAt::from(message), previews, refused: false }])
}

/// The author takes the previews away, and none come again.
pub fn remove(room: &Room, actor: UserId, message: &Message) -> Decision {
    member(room, actor)?;
    living(message)?;
    if message.sender_id != actor || message.kind != MessageKind::Text {
        return Err(Code::Forbidden.into());
    }
    if message.no_previews {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Previewed { at: MessageAt::from(message), previews: Vec::new(), refused: true }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn links_where_a_reader_sees_them() {
        let one = |body: &str| links(body).join(" ");
        assert_eq!(one("see https://example.org/a_b_c, please"), "https://example.org/a_b_c");
        assert_eq!(one("(HTTP://example.org/wiki/X_(y))."), "HTTP://example.org/wiki/X_(y)");
        assert_eq!(
            one("[a page](https://example.org/a) <https://example.org/b>"),
            "https://example.org/a https://example.org/b"
        );
        assert_eq!(one("[https://shown.example](https://meant.example)"), "https://meant.example");
        assert_eq!(
            one("**https://example.org**\n> https://example.com?a=b&c"),
            "https://example.org https://example.com?a=b&c"
        );
        assert_eq!(one("https://a.example https://a.example"), "https://a.example");
        assert_eq!(one("日本https://例え.jp/道"), "", "in the middle of a word");
        assert_eq!(one("見て https://例え.jp/道"), "https://例え.jp/道");
        let many: Vec<String> = (0..9).map(|n| format!("http://a.example/{n}")).collect();
        assert_eq!(links(&many.join(" ")), many[..PREVIEWS_PER_MESSAGE]);
    }

    #[test]
    fn what_is_no_link() {
        for body in [
            "ftp://example.org",
            "`https://example.org`",
            "```\nhttps://example.org\n```",
            "xhttps://example.org",
            "https://",
            "https:///x",
            "javascript://x",
            "://",
        ] {
            assert!(links(body).is_empty(), "{body}");
        }
        assert!(links(&format!("https://example.org/{}", "x".repeat(LINK_BYTES))).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(body in "(https?://|[:/<>()`*_a-z \\n\\PC]){0,60}") {
            prop_assert!(links(&body).len() <= PREVIEWS_PER_MESSAGE);
        }
    }
}
