//! Folding: a text as the pieces by which it is found, the same for what is written and for what is searched for.
//!
//! A piece is a word, or one sign of a script that is written without spaces between words, or one emoji. Pieces are
//! folded, so that what people leave out when they search makes no difference: case, accents, compatibility forms,
//! Arabic vowel marks and elongation, skin tones. Each knows where in the text it came from.
//!
//! Scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and Korean, which writes particles onto its
//! words, are found by substring: [`grams`] makes two neighbouring signs one term of the index, so that a longer
//! substring is a phrase of such pairs.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::name::{fold_letter, is_accent};

/// Characters of a word that count.
const WORD_CHARS: usize = 64;

/// Of what kind a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Word,
    /// A sign of a script without spaces. `joined`: it follows the sign before it directly.
    Sign {
        joined: bool,
    },
    Emoji,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub kind: Kind,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// The pieces of a text, in order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut folding = Folding { found: Vec::with_capacity(text.len() / 6), word: None, length: 0, run: false };
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        // Whatever has no meaning without what it follows is folded together with it.
        let mut end = start + first.len_utf8();
        let alone = end;
        let mut flag = false;
        while let Some(&(_, next)) = rest.peek() {
            if next.is_ascii() || !continues(first, next, flag) {
                break;
            }
            flag |= is_regional(next);
            end += next.len_utf8();
            rest.next();
        }
        if first.is_ascii() && end == alone {
            folding.letter(first.to_ascii_lowercase(), start..end);
        } else {
            folding.cluster(text.get(start..end).unwrap_or_default(), start..end);
        }
    }
    folding.end();
    folding.found
}

/// Whether a character belongs to the one that began a cluster.
fn continues(first: char, next: char, flag: bool) -> bool {
    is_combining_mark(next)
        || matches!(next, '\u{ff9e}' | '\u{ff9f}')
        || (matches!(first, '\u{1100}'..='\u{115f}') && matches!(next, '\u{1160}'..='\u{11ff}'))
        || (is_regional(first) && is_regional(next) && !flag)
}

struct Folding {
    found: Vec<Piece>,
    /// The word that is being read.
    word: Option<Piece>,
    length: usize,
    /// The last thing was a sign, so that another would be joined to it.
    run: bool,
}

impl Folding {
    fn end(&mut self) {
        self.found.extend(self.word.take().filter(|word| !word.text.is_empty()));
        self.run = false;
    }

    /// One character of a word, or something between words.
    fn letter(&mut self, c: char, range: Range<usize>) {
        if !c.is_alphanumeric() {
            return self.end();
        }
        self.push(&range, |word| word.push(c));
    }

    fn push(&mut self, range: &Range<usize>, add: impl FnOnce(&mut String)) {
        self.run = false;
        if self.word.is_none() {
            self.length = 0;
        }
        let word = self.word.get_or_insert_with(|| Piece {
            text: String::with_capacity(12),
            kind: Kind::Word,
            range: range.clone(),
        });
        word.range.end = range.end;
        self.length += 1;
        if self.length <= WORD_CHARS {
            add(&mut word.text);
        }
    }

    /// A character that is not plain ASCII, with what belongs to it.
    fn cluster(&mut self, cluster: &str, range: Range<usize>) {
        let lower = cluster.nfkd().flat_map(char::to_lowercase).nfkd();
        let folded: String = lower.filter(|&c| !is_accent(c) && !is_silent(c)).map(alike).nfc().collect();
        // One character may stand for several, as a ligature or a sign for a whole word does.
        for c in folded.chars() {
            if is_sign(c) {
                let joined = self.run;
                self.end();
                self.found.push(Piece { text: c.into(), kind: Kind::Sign { joined }, range: range.clone() });
                self.run = true;
            } else if is_regional(c) && self.in_flag(&range) {
                self.found.last_mut().into_iter().for_each(|flag| flag.text.push(c));
            } else if is_emoji(c) {
                self.end();
                self.found.push(Piece { text: c.into(), kind: Kind::Emoji, range: range.clone() });
            } else if c.is_alphanumeric() {
                self.push(&range, |word| fold_letter(c, word));
            } else if is_combining_mark(c) && self.word.is_some() {
                self.push(&range, |word| word.push(c));
            } else if is_combining_mark(c) && self.run {
                if let Some(sign) = self.found.last_mut() {
                    sign.text.push(c);
                    sign.range.end = range.end;
                }
            } else {
                self.end();
            }
        }
    }

    /// The first half of the flag at this place is there.
    fn in_flag(&self, range: &Range<usize>) -> bool {
        self.word.is_none()
            && self.found.last().is_some_and(|last| last.range == *range && last.text.chars().all(is_regional))
    }
}

/// What is not there for who reads: joiners, marks of direction and of presentation, elongation, skin tones.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Letters and digits that people of the Arabic script write one for the other.
fn alike(c: char) -> char {
    match c {
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
        '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
        c => c,
    }
}

/// Scripts that are found by substring.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3041}'..='\u{3096}'
        | '\u{3099}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3fffd}')
        && c.is_alphanumeric()
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23fa}' | '\u{2600}'..='\u{27bf}' | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}'
        | '\u{2b55}' | '\u{1f000}'..='\u{1faff}')
}

/// The terms of pieces, in order: words and emoji as they are, signs that follow each other in pairs, and a sign that
/// stands alone by itself.
pub fn grams(pieces: &[Piece]) -> Vec<String> {
    let mut terms = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let next = pieces.get(at + 1).filter(|next| next.kind == Kind::Sign { joined: true });
        match (piece.kind, next) {
            (Kind::Sign { .. }, Some(next)) => terms.push(format!("{}{}", piece.text, next.text)),
            // The last sign of several is in the pair before it.
            (Kind::Sign { joined: true }, None) => {}
            _ => terms.push(piece.text.clone()),
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn what_people_leave_out_makes_no_difference() {
        for (written, searched) in [
            ("José", "jose"),
            ("JOSE\u{301}", "josé"),
            ("Straße Øre Łódź", "strasse ore lodz"),
            ("ﬁne ＷＩＤＥ x²", "fine wide x2"),
            ("Ёлка Йод", "елка иод"),
            ("مُحَمَّد", "محمد"),
            ("كتـــاب", "كتاب"),
            ("أحمد إلى مدرسة ٢٠", "احمد الي مدرسه 20"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"),
            ("शहद", "शहद"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("が", "か\u{3099}"),
            ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
            ("👍🏽", "👍"),
            ("❤\u{fe0f}", "❤"),
            ("don't", "don t"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("㍿ ¼ ㎏", "株式会社 1 4 kg"),
        ] {
            assert_eq!(folded(written), folded(searched), "{written} / {searched}");
        }
    }

    #[test]
    fn words_signs_and_emoji_are_apart() {
        assert_eq!(folded("iPhoneを買う🎉now"), ["iphone", "を", "買", "う", "🎉", "now"]);
        assert_eq!(grams(&pieces("iPhoneを買う🎉now")), ["iphone", "を買", "買う", "🎉", "now"]);
        assert_eq!(grams(&pieces("東 京都 日本語")), ["東", "京都", "日本", "本語"]);
        assert_eq!(folded("👨‍👩‍👧 🇩🇪🇫🇷"), ["👨", "👩", "👧", "🇩🇪", "🇫🇷"]);
        assert_eq!(folded("→ ** __ ``` ~~ \u{0} ||"), Vec::<String>::new());
        assert_eq!(folded(&"x".repeat(500))[0].len(), WORD_CHARS);
        assert_eq!(folded("a_b"), ["a", "b"], "what marks facts in the index is never in a word");
    }

    #[test]
    fn pieces_know_where_they_stand() {
        let text = "Ein Café, 東京!";
        let places: Vec<&str> = pieces(text).iter().map(|piece| &text[piece.range.clone()]).collect();
        assert_eq!(places, ["Ein", "Café", "東", "京"]);
    }

    proptest! {
        #[test]
        fn anything_is_folded(text in "\\PC{0,200}|[\\s\\S]{0,50}") {
            let mut last = 0;
            let found = pieces(&text);
            for piece in &found {
                prop_assert!(text.get(piece.range.clone()).is_some(), "on the boundaries of characters");
                prop_assert!(piece.range.start >= last && piece.range.end > piece.range.start);
                // Several pieces may stand at one place: ¼ is two.
                last = piece.range.start;
                prop_assert!(!piece.text.is_empty());
                // What the index splits at, and what marks its own terms.
                prop_assert!(piece.text.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii()));
            }
            let again: String = found.iter().map(|piece| format!("{} ", piece.text)).collect();
            let texts = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.clone()).collect::<Vec<_>>();
            prop_assert_eq!(texts(&pieces(&again)), texts(&found), "folding twice is folding once");
        }
    }
}
