//! Mentions: read out of the CommonMark source once, when a message is written, and stored.
//!
//! `@name` counts where a reader sees it as text: not in code, not inside a word or an address such as `a@b.example`.

use laserchat_protocol::limits::MENTIONS_PER_MESSAGE;
use laserchat_protocol::message::Broadcast;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// What a text mentions, before anybody knows whether those names exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Lower-case user names in order of appearance, each once.
    pub names: Vec<String>,
    pub all: Option<Broadcast>,
}

impl Mentions {
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.all.is_none()
    }
}

/// Reads the mentions out of a body.
pub fn parse(body: &str) -> Mentions {
    let mut found = Mentions::default();
    if !body.contains('@') {
        return found;
    }
    // Adjacent text events belong together: CommonMark splits text at every possible delimiter.
    let mut text = String::new();
    let mut in_code = false;
    for event in Parser::new(body) {
        match event {
            Event::Text(part) if !in_code => text.push_str(&part),
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Emphasis | Tag::Strong) | Event::End(TagEnd::Emphasis | TagEnd::Strong) => {
                text.push('\u{1}')
            }
            _ => {
                scan(&text, &mut found);
                text.clear();
            }
        }
    }
    scan(&text, &mut found);
    found
}

fn scan(text: &str, found: &mut Mentions) {
    for (at, _) in text.match_indices('@') {
        let inside_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "._-@".contains(c));
        if inside_word {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(rest.len());
        // A sentence may end right after a name.
        let name = rest[..end].trim_end_matches(['.', '-', '_']).to_ascii_lowercase();
        match name.as_str() {
            "" => {}
            "channel" | "everyone" | "all" => found.all = Some(Broadcast::Channel),
            "here" => found.all = found.all.or(Some(Broadcast::Here)),
            _ if found.names.len() < MENTIONS_PER_MESSAGE && !found.names.contains(&name) => found.names.push(name),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(body: &str) -> Vec<String> {
        parse(body).names
    }

    #[test]
    fn names_where_a_reader_sees_them() {
        assert_eq!(names("hi @Ann, @bob.c and (@d_e). @ann!"), ["ann", "bob.c", "d_e"]);
        assert_eq!(names("**@bold** _@it_ > @q"), ["bold", "it", "q"]);
        assert_eq!(names("line\n@two\n\n- @item"), ["two", "item"]);
    }

    #[test]
    fn not_in_code_or_addresses() {
        assert!(parse("`@a` and ann@example.org\n```\n@b\n```\n\n    @c").is_empty());
        assert!(parse("@ @@ @. a@b").is_empty());
    }

    #[test]
    fn the_stronger_broadcast_wins() {
        assert_eq!(parse("@here").all, Some(Broadcast::Here));
        assert_eq!(parse("@here @channel").all, Some(Broadcast::Channel));
        assert_eq!(parse("@channel @here").all, Some(Broadcast::Channel));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(body in "[@a-z`*_ \\n\\PC]{0,200}") {
            prop_assert!(parse(&body).names.len() <= MENTIONS_PER_MESSAGE);
        }
    }
}
