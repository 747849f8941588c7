//! Message text and the short strings around it: how long, and what cannot be stored.

use laserchat_protocol::Code;
use laserchat_protocol::limits::{CLIENT_ID_BYTES, EMOJI_BYTES, MESSAGE_CHARS};

use crate::refusal::Refusal;

/// A body is 1 to 100,000 Unicode scalar values without NUL, which not every database can hold. `bare`: files speak for
/// the message, so it may be empty.
pub fn check_body(body: &str, bare: bool) -> Result<(), Refusal> {
    let refuse = |detail: &'static str| Err(Refusal::new(Code::InvalidText).field("body").detail(detail));
    if body.is_empty() && !bare {
        return refuse("a message has at least one character or a file");
    }
    // A scalar value is at most four bytes, so most bodies need no counting.
    if body.len() > MESSAGE_CHARS && body.chars().count() > MESSAGE_CHARS {
        return refuse("a message has at most 100,000 characters");
    }
    if body.contains('\0') {
        return refuse("a message cannot contain NUL");
    }
    Ok(())
}

/// A client id is 1 to 64 bytes without control characters.
pub fn check_client_id(client_id: &str) -> Result<(), Refusal> {
    if client_id.is_empty() || client_id.len() > CLIENT_ID_BYTES || client_id.chars().any(char::is_control) {
        return Err(Refusal::new(Code::InvalidField)
            .field("client_id")
            .detail("1 to 64 bytes without control characters"));
    }
    Ok(())
}

/// One emoji: a short sequence that starts with a pictograph, flag, keycap or a custom `:name:`.
///
/// It is not checked against a list of emoji, because new ones appear every year and clients know them before servers do.
pub fn check_emoji(emoji: &str) -> Result<(), Refusal> {
    let custom = emoji.len() > 2
        && emoji.starts_with(':')
        && emoji.ends_with(':')
        && emoji[1..emoji.len() - 1]
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-+".contains(&b));
    let standard = emoji.chars().all(part_of_emoji) && emoji.chars().any(pictograph) || keycap(emoji);
    if emoji.len() <= EMOJI_BYTES && (custom || standard) {
        Ok(())
    } else {
        Err(Refusal::new(Code::InvalidField).field("emoji").detail("one emoji, or :name: of a custom one"))
    }
}

fn keycap(emoji: &str) -> bool {
    let mut chars = emoji.chars();
    let key = chars.next().is_some_and(|c| c.is_ascii_digit() || c == '#' || c == '*');
    let rest: String = chars.filter(|&c| c != '\u{fe0f}').collect();
    key && rest == "\u{20e3}"
}

/// Characters that are emoji by themselves: symbols, arrows, pictographs, regional indicators.
fn pictograph(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// What may stand between and after pictographs: joiner, variation selector, and the tags of subdivision flags.
fn part_of_emoji(c: char) -> bool {
    pictograph(c) || matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_counted_in_scalar_values() {
        assert!(check_body("a", false).is_ok());
        assert!(check_body(&"😀".repeat(MESSAGE_CHARS), false).is_ok());
        for bad in [String::new(), "a".repeat(MESSAGE_CHARS + 1), "😀".repeat(MESSAGE_CHARS + 1), "a\0b".into()] {
            assert_eq!(check_body(&bad, false).unwrap_err().code, Code::InvalidText);
        }
        assert!(check_body("", true).is_ok());
        assert!(check_body("a\0b", true).is_err());
    }

    #[test]
    fn emoji_of_every_shape() {
        for good in ["👍", "❤️", "👩‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#⃣", "👍🏽", "✅", "©", ":party-parrot:", "🫠"]
        {
            assert!(check_emoji(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "1", "::", ":A:", "👍a", "\u{200d}", "\u{fe0f}", "👍\0", &"👍".repeat(17)] {
            assert!(check_emoji(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn client_ids_are_short_and_printable() {
        assert!(check_client_id("0b5e-…").is_ok());
        for bad in ["", "a\nb", &"x".repeat(65)] {
            assert!(check_client_id(bad).is_err());
        }
    }
}
