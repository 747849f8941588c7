//! Names and other short texts that people read as a person's word: usernames, display names, conversation names,
//! topics.
//!
//! A name is only worth something if nobody can wear a copy of it. So usernames are ASCII and unique by their
//! [`Username::skeleton`], which is the same for names that look the same. Display names are not unique and may be in
//! any script, but they hold nothing that cannot be seen: no control characters, nothing that turns the direction of
//! text around, no invisible characters. Joiners stay where scripts and emoji need them, since without them many names
//! of the world cannot be spelled.

use std::fmt;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

#[cfg(test)]
mod tests;

/// Why a name is refused, in words for the one who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("must have at least {min} characters")]
    TooShort { min: usize },
    #[error("must have at most {max} characters")]
    TooLong { max: usize },
    #[error("must not contain the character U+{:04X}", u32::from(*.0))]
    Character(char),
    #[error("must start and end with a letter or digit, with no two separators in a row")]
    Separators,
    #[error("has too many accents on one character, or begins with one")]
    Accents,
    #[error("is reserved")]
    Reserved,
    #[error("is not an e-mail address")]
    Email,
}

/// Characters of a username.
pub const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 3..=50;
/// Characters (Unicode scalar values) of a display name, at least one.
pub const DISPLAY_NAME_CHARS: usize = 80;
/// Characters of a conversation's name, at least one.
pub const CONVERSATION_NAME_CHARS: usize = 100;
/// Characters of a conversation's topic.
pub const TOPIC_CHARS: usize = 1000;
/// Characters of what users tell about themselves.
pub const ABOUT_CHARS: usize = 500;
/// Bytes of an e-mail address (RFC 5321), and of its part before the `@`.
pub const EMAIL_BYTES: usize = 254;
const EMAIL_LOCAL_BYTES: usize = 64;
/// Words of one text that can be searched for, and characters of one word.
pub const SEARCH_WORDS: usize = 16;
pub const SEARCH_WORD_CHARS: usize = 64;
/// Accents in a row. Living languages need up to four; more only serve to paint over the neighbours.
const ACCENTS: usize = 6;

/// Names that people would take for the server itself, for a group of people, or for a part of an address.
const RESERVED: &[&str] = &[
    "abuse",
    "account",
    "admin",
    "administrator",
    "all",
    "anonymous",
    "api",
    "app",
    "assets",
    "auth",
    "bot",
    "call",
    "channel",
    "channels",
    "contact",
    "deleted",
    "everybody",
    "everyone",
    "guest",
    "help",
    "here",
    "hostmaster",
    "info",
    "invite",
    "laserchat",
    "login",
    "logout",
    "mail",
    "me",
    "member",
    "members",
    "mod",
    "moderator",
    "moderators",
    "nobody",
    "noreply",
    "no-reply",
    "notification",
    "notifications",
    "null",
    "official",
    "online",
    "operator",
    "owner",
    "owners",
    "postmaster",
    "register",
    "root",
    "security",
    "server",
    "settings",
    "signup",
    "staff",
    "support",
    "sysadmin",
    "system",
    "team",
    "undefined",
    "unknown",
    "user",
    "users",
    "webmaster",
    "www",
];

/// A valid username, in lower case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

impl Username {
    /// 3 to 50 ASCII letters, digits, `.`, `_` and `-`. Case does not matter and is not kept.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if let Some(wrong) = text.chars().find(|&c| !c.is_ascii_alphanumeric() && !is_separator(c)) {
            return Err(NameError::Character(wrong));
        }
        // All of it is ASCII, so bytes are characters.
        if text.len() < *USERNAME_CHARS.start() {
            return Err(NameError::TooShort { min: *USERNAME_CHARS.start() });
        }
        if text.len() > *USERNAME_CHARS.end() {
            return Err(NameError::TooLong { max: *USERNAME_CHARS.end() });
        }
        if text.split(is_separator).any(str::is_empty) {
            return Err(NameError::Separators);
        }
        let name = Self(text.to_ascii_lowercase());
        // By skeleton, so that "adm1n" is reserved as well.
        let skeleton = name.skeleton();
        if RESERVED.iter().any(|reserved| skeleton_of(reserved) == skeleton) {
            return Err(NameError::Reserved);
        }
        Ok(name)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    /// What must be unique: two usernames that look alike have the same skeleton.
    ///
    /// `0` becomes `o`, `1` and `i` become `l`, every separator becomes `-`. `m` becomes `rn` and `w` becomes `vv`,
    /// rather than the other way round, because then the order in which pairs are found does not matter: `vvv`, `vw`
    /// and `wv` all meet. A skeleton is only for comparing and is never shown.
    pub fn skeleton(&self) -> String {
        skeleton_of(&self.0)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Username({})", self.0)
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | '_' | '-')
}

fn skeleton_of(name: &str) -> String {
    let mut skeleton = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        match c {
            '0' => skeleton.push('o'),
            '1' | 'i' => skeleton.push('l'),
            'm' => skeleton.push_str("rn"),
            'w' => skeleton.push_str("vv"),
            c if is_separator(c) => skeleton.push('-'),
            c => skeleton.push(c),
        }
    }
    skeleton
}

/// The name that a user shows: 1 to 80 characters on one line.
pub fn display_name(text: &str) -> Result<String, NameError> {
    line(text, 1, DISPLAY_NAME_CHARS)
}

/// The name of a group or channel: 1 to 100 characters on one line.
pub fn conversation_name(text: &str) -> Result<String, NameError> {
    line(text, 1, CONVERSATION_NAME_CHARS)
}

/// What a conversation is about: up to 1,000 characters on one line.
pub fn topic(text: &str) -> Result<String, NameError> {
    line(text, 0, TOPIC_CHARS)
}

/// What users tell about themselves: up to 500 characters, in which line breaks are kept.
pub fn about(text: &str) -> Result<String, NameError> {
    clean(text, 0, ABOUT_CHARS, true)
}

/// A text on one line: composed (NFC), trimmed, each run of white space as one space, and nothing in it that cannot be
/// seen.
pub fn line(text: &str, min: usize, max: usize) -> Result<String, NameError> {
    clean(text, min, max, false)
}

fn clean(text: &str, min: usize, max: usize, breaks: bool) -> Result<String, NameError> {
    let mut out = String::with_capacity(text.len().min(4 * max));
    let mut count = 0;
    let mut accents = 0;
    let mut previous = None;
    // White space is held back until something follows, which trims the end.
    let (mut space, mut lines) = (false, 0);
    let mut chars = text.nfc().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            space = true;
            lines += usize::from(c == '\n');
            continue;
        }
        if space && previous.is_some() {
            let (white, times) = if breaks && lines > 0 { ('\n', lines.min(2)) } else { (' ', 1) };
            out.extend(std::iter::repeat_n(white, times));
            count += times;
            previous = Some(white);
            accents = 0;
        }
        (space, lines) = (false, 0);

        let allowed = match c {
            '\u{200C}' | '\u{200D}' => joins(previous, c, chars.peek().copied()),
            '\u{FE0F}' => previous.is_some_and(is_pictured),
            c => is_visible(c),
        };
        if !allowed {
            return Err(NameError::Character(c));
        }
        accents = if is_combining_mark(c) && c != '\u{FE0F}' { accents + 1 } else { 0 };
        if accents > ACCENTS || (accents > 0 && previous.is_none()) {
            return Err(NameError::Accents);
        }
        out.push(c);
        count += 1;
        previous = Some(c);
        if count > max {
            return Err(NameError::TooLong { max });
        }
    }
    if count < min {
        return Err(NameError::TooShort { min });
    }
    Ok(out)
}

/// Whether a character can be seen, or at least moves nothing and hides nothing.
fn is_visible(c: char) -> bool {
    let hidden = matches!(c,
        // Soft hyphen, grapheme joiner, and letters that are blank: Hangul fillers, Khmer inherent vowels, the empty
        // Braille cell.
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        // Direction marks, embeddings, overrides and isolates, which make a name show as another.
        | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        // Zero-width characters and invisible operators.
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}' | '\u{FEFF}'
        // Variation selectors, annotation marks, musical and shorthand format controls, tags.
        | '\u{FE00}'..='\u{FE0F}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
        // Code points that are no characters.
        | '\u{FDD0}'..='\u{FDEF}'
    );
    !hidden && !c.is_control() && u32::from(c) & 0xFFFE != 0xFFFE
}

/// Whether a joiner or non-joiner does something visible between these neighbours.
fn joins(previous: Option<char>, joiner: char, next: Option<char>) -> bool {
    let (Some(previous), Some(next)) = (previous, next) else {
        // At the end only after a virama, where it chooses the form of the letter.
        return previous.is_some_and(|c| canonical_combining_class(c) == 9);
    };
    let in_emoji = joiner == '\u{200D}' && (is_pictured(previous) || previous == '\u{FE0F}') && is_pictured(next);
    in_emoji || canonical_combining_class(previous) == 9 || (is_shaped(previous) && is_shaped(next))
}

/// Characters that have an emoji form, generously: the blocks that hold them, and the bases of keycaps.
fn is_pictured(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '\u{A9}' | '\u{AE}' | '\u{203C}'..='\u{2049}' | '\u{2122}'..='\u{2BFF}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
        && is_visible(c)
}

/// Letters and marks of the scripts whose letters change with their neighbours: Arabic and its relatives, the scripts
/// of India and South-East Asia, Mongolian.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{A840}'..='\u{A87F}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10D00}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}')
        && (c.is_alphabetic() || is_combining_mark(c))
}

/// An e-mail address, trimmed and in lower case. Whether mail arrives there only a mail can tell, so this refuses no
/// more than what cannot be an address.
pub fn email(text: &str) -> Result<String, NameError> {
    let text = text.trim();
    if text.len() > EMAIL_BYTES {
        return Err(NameError::TooLong { max: EMAIL_BYTES });
    }
    if let Some(wrong) = text.chars().find(|&c| c.is_whitespace() || !is_visible(c)) {
        return Err(NameError::Character(wrong));
    }
    let address: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    let Some((local, domain)) = address.split_once('@') else {
        return Err(NameError::Email);
    };
    let lengths = (1..=EMAIL_LOCAL_BYTES).contains(&local.len()) && address.len() <= EMAIL_BYTES;
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let plain =
        !domain.contains(['@', '<', '>', ',', ';', '"', '\\']) && !local.contains(['<', '>', ',', ';', '"', '\\']);
    if lengths && labels && plain { Ok(address) } else { Err(NameError::Email) }
}

/// The words by which a text is found, folded so that `jose` finds `José`: compatibility forms and case are folded,
/// accents and points stripped. Each word once, in order, at most [`SEARCH_WORDS`]; what is searched for is folded by
/// the same function.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd().chain(std::iter::once(' ')) {
        if is_accent(c) {
            continue;
        }
        // Marks that are not accents, as vowel signs, belong to their word but begin none.
        if c.is_alphanumeric() || (length > 0 && is_combining_mark(c)) {
            if length < SEARCH_WORD_CHARS {
                fold_letter(c, &mut word);
            }
            length += 1;
        } else if length > 0 {
            let found = std::mem::take(&mut word);
            length = 0;
            if !words.contains(&found) {
                words.push(found);
            }
            if words.len() == SEARCH_WORDS {
                break;
            }
        }
    }
    words
}

/// Accents above and below, Hebrew points and Arabic vowel marks: what people leave out when they search. By combining
/// class, since the vowel signs of other scripts and the voicing marks of Japanese must stay.
pub(crate) fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 10..=36 | 200..=240)
}

/// Letters that have no decomposition but that people type without their stroke.
pub(crate) fn fold_letter(c: char, word: &mut String) {
    match c {
        'ß' => word.push_str("ss"),
        'æ' => word.push_str("ae"),
        'œ' => word.push_str("oe"),
        'þ' => word.push_str("th"),
        'ø' => word.push('o'),
        'ł' => word.push('l'),
        'đ' | 'ð' => word.push('d'),
        'ı' => word.push('i'),
        'ς' => word.push('σ'),
        c => word.push(c),
    }
}
