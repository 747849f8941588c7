//! Terms: one word or phrase that is searched for, and where a text contains it.

use std::ops::Range;

use super::fold::{Kind, Piece, grams, pieces};

/// Pieces of one phrase that count.
const PIECES: usize = 48;
/// Letters that must be there before the beginning of a word is enough.
const PREFIX_CHARS: usize = 3;

/// A word, or several that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// At least one.
    pieces: Vec<Piece>,
    /// The last word may go on: who searches may still be typing it.
    pub prefix: bool,
}

impl Term {
    /// `None` if there is nothing in the text that could be found.
    pub fn new(text: &str) -> Option<Term> {
        let mut pieces = pieces(text);
        pieces.truncate(PIECES);
        (!pieces.is_empty()).then_some(Term { pieces, prefix: false })
    }

    /// Lets the last word go on, if enough of it is there.
    pub fn open(mut self) -> Term {
        let last = self.pieces.last();
        self.prefix = last.is_some_and(|last| last.kind == Kind::Word && last.text.chars().count() >= PREFIX_CHARS);
        self
    }

    /// The terms of the index that follow each other wherever this is. Empty for one sign alone.
    pub fn phrase(&self) -> Vec<String> {
        if self.has_lone_sign() { Vec::new() } else { grams(&self.pieces) }
    }

    /// The index knows exactly where this is. Otherwise it only knows where it may be: a sign that stands alone among what
    /// is searched for may be one of several in a text.
    pub fn is_exact(&self) -> bool {
        !self.has_lone_sign()
    }

    /// The terms that are in a text which contains this, wherever they stand.
    pub fn needs(&self) -> Vec<String> {
        self.pieces.iter().map(|piece| piece.text.clone()).collect()
    }

    /// The last word, which may go on.
    pub fn opening(&self) -> Option<&str> {
        self.pieces.last().filter(|_| self.prefix).map(|piece| piece.text.as_str())
    }

    fn has_lone_sign(&self) -> bool {
        self.pieces.iter().enumerate().any(|(at, piece)| {
            let followed = self.pieces.get(at + 1).is_some_and(|next| next.kind == Kind::Sign { joined: true });
            piece.kind == Kind::Sign { joined: false } && !followed
        })
    }

    /// Whether this is in a text at a place.
    fn is_at(&self, text: &[Piece], at: usize) -> bool {
        let Some(there) = text.get(at..at + self.pieces.len()) else { return false };
        let last = self.pieces.len() - 1;
        self.pieces.iter().zip(there).enumerate().all(|(n, (mine, theirs))| {
            let joined = mine.kind != Kind::Sign { joined: true } || theirs.kind == mine.kind;
            let same = mine.text == theirs.text
                || (self.prefix && n == last && theirs.kind == Kind::Word && theirs.text.starts_with(&mine.text));
            joined && same
        })
    }

    pub fn is_in(&self, text: &[Piece]) -> bool {
        (0..text.len()).any(|at| self.is_at(text, at))
    }

    /// Where a text contains this, in bytes of the text.
    pub fn places<'a>(&'a self, text: &'a [Piece]) -> impl Iterator<Item = Range<usize>> + 'a {
        (0..text.len()).filter(|&at| self.is_at(text, at)).flat_map(move |at| {
            let found = text.get(at..at + self.pieces.len()).unwrap_or_default();
            found.first().zip(found.last()).map(|(first, last)| first.range.start..last.range.end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(term: &str, text: &str) -> bool {
        Term::new(term).unwrap().is_in(&pieces(text))
    }

    #[test]
    fn words_and_phrases() {
        assert!(found("café", "at the CAFE."));
        assert!(!found("caf", "café"));
        assert!(found("the cafe", "at the, café"));
        assert!(!found("the cafe", "the old café"));
        assert!(found("don't", "Don’t"));
        assert!(Term::new("caf").unwrap().open().is_in(&pieces("Café")));
        assert!(!Term::new("ca").unwrap().open().prefix);
        assert!(Term::new(" -- ").is_none());
    }

    #[test]
    fn signs_are_found_by_substring() {
        assert!(found("京", "東京都"));
        assert!(found("京都", "東京都"));
        assert!(!found("東都", "東京都"));
        assert!(!found("東京", "東 京"), "what is written together is searched for together");
        assert!(found("국어", "한국어를"));
        assert!(found("love 東", "I love 東京"));
    }

    #[test]
    fn what_the_index_is_asked() {
        let term = |text| Term::new(text).unwrap();
        assert_eq!(term("東京都").phrase(), ["東京", "京都"]);
        assert_eq!(term("to be").phrase(), ["to", "be"]);
        assert!(term("東").phrase().is_empty() && !term("love 東").is_exact());
        assert_eq!(term("love 東").needs(), ["love", "東"]);
    }
}
