//! Words: what names are found by.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text without case and accents, each once.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort();
    words.dedup();
    words
}

/// The end of the range of words that begin with a prefix: no text that begins with it is larger.
pub(super) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}
