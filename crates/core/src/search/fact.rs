//! Facts: what is true of a message apart from its words, as `has:` and `is:` ask for it.

use laserchat_protocol::{File, FileKind, Message};

/// A set of facts, kept as a number by the store: the bits of released facts never change their meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Facts(pub u32);

impl Facts {
    pub const NONE: Facts = Facts(0);
    pub const LINK: Facts = Facts(1);
    pub const REACTION: Facts = Facts(1 << 1);
    pub const PINNED: Facts = Facts(1 << 2);
    /// It is a reply, or has replies.
    pub const THREAD: Facts = Facts(1 << 3);
    pub const EDITED: Facts = Facts(1 << 4);
    pub const FILE: Facts = Facts(1 << 5);
    pub const IMAGE: Facts = Facts(1 << 6);
    pub const VIDEO: Facts = Facts(1 << 7);
    pub const AUDIO: Facts = Facts(1 << 8);
    pub const POLL: Facts = Facts(1 << 9);

    /// What a file may be.
    pub const FILES: Facts = Facts(Facts::FILE.0 | Facts::IMAGE.0 | Facts::VIDEO.0 | Facts::AUDIO.0);

    /// What is true of a message now.
    pub fn of(message: &Message) -> Facts {
        let mut facts = Facts::NONE;
        let mut note = |fact, holds: bool| {
            if holds {
                facts = facts.with(fact);
            }
        };
        note(Facts::LINK, has_link(&message.body));
        note(Facts::REACTION, !message.reactions.is_empty());
        note(Facts::PINNED, message.pinned_at.is_some());
        note(Facts::THREAD, message.parent_id.is_some() || message.reply_count > 0);
        note(Facts::EDITED, message.edited_at.is_some());
        note(Facts::POLL, message.poll.is_some());
        for file in &message.attachments {
            note(Facts::of_file(file), true);
        }
        facts
    }

    /// What is true of a message because of a file in it.
    pub fn of_file(file: &File) -> Facts {
        Facts::FILE.with(match file.kind {
            FileKind::Image => Facts::IMAGE,
            FileKind::Video => Facts::VIDEO,
            FileKind::Audio => Facts::AUDIO,
            FileKind::File => Facts::NONE,
        })
    }

    pub fn with(self, other: Facts) -> Facts {
        Facts(self.0 | other.0)
    }

    pub fn without(self, other: Facts) -> Facts {
        Facts(self.0 & !other.0)
    }

    pub fn has_all(self, other: Facts) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn has_any(self, other: Facts) -> bool {
        self.0 & other.0 != 0
    }

    /// Each fact of the set, as the number of its bit.
    pub fn bits(self) -> impl Iterator<Item = u32> {
        (0..u32::BITS).filter(move |bit| self.0 & (1 << bit) != 0)
    }
}

/// Whether a text names an address that a client makes a link of.
fn has_link(body: &str) -> bool {
    body.match_indices("://").any(|(at, _)| {
        let after = body.get(at + 3..).and_then(|rest| rest.chars().next());
        let scheme = |name: &str| {
            let before = at.checked_sub(name.len()).and_then(|start| body.get(start..at));
            before.is_some_and(|before| before.eq_ignore_ascii_case(name))
        };
        (scheme("http") || scheme("https")) && after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_addresses_of_pages() {
        for text in ["https://example.org", "see HTTP://a.b/c)", "[x](https://x.y)"] {
            assert!(has_link(text), "{text}");
        }
        for text in ["", "://", "http://", "file://x", "a:b", "https:// x"] {
            assert!(!has_link(text), "{text}");
        }
    }

    #[test]
    fn sets() {
        let both = Facts::LINK.with(Facts::PINNED);
        assert!(both.has_all(Facts::LINK) && !both.has_all(Facts::LINK.with(Facts::POLL)));
        assert!(both.has_any(Facts::PINNED.with(Facts::POLL)) && !both.has_any(Facts::POLL));
        assert_eq!(both.bits().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(both.without(Facts::LINK), Facts::PINNED);
    }
}
