//! The encoding of a page: as its mark, its header or itself says; UTF-8 if that fits; and otherwise the one that most of the
//! old web is in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::page;

/// So much of a page is looked at for what it says about its encoding.
const FIRST: usize = 4096;

/// Reads a page as text. `kind` is the header `Content-Type`.
pub fn decode<'a>(bytes: &'a [u8], kind: Option<&str>) -> Cow<'a, str> {
    // A mark at the beginning wins over everything: decoding looks for it.
    let encoding = kind.and_then(parameter).or_else(|| said(bytes)).unwrap_or_else(|| guessed(bytes));
    encoding.decode(bytes).0
}

/// The `charset` of a media type.
fn parameter(kind: &str) -> Option<&'static Encoding> {
    let lower = kind.to_ascii_lowercase();
    let value = lower.split_once("charset=")?.1;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end = value.find(['"', '\'', ';', ' ']).unwrap_or(value.len());
    Encoding::for_label(&value.as_bytes()[..end])
}

/// What the page says in a `meta`. Since that could be read, it cannot be true that it is in UTF-16.
fn said(bytes: &[u8]) -> Option<&'static Encoding> {
    let first = String::from_utf8_lossy(&bytes[..bytes.len().min(FIRST)]);
    let found = page::read(&first).charset?;
    let encoding = Encoding::for_label(found.as_bytes()).or_else(|| parameter(&found))?;
    Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    match std::str::from_utf8(bytes) {
        // Its end may be cut off.
        Err(error) if error.error_len().is_some() => WINDOWS_1252,
        _ => UTF_8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found() {
        let page = |charset: &str| format!("<meta charset={charset}><title>").into_bytes();
        let with = |mut head: Vec<u8>, word: &[u8]| {
            head.extend(word);
            head
        };
        assert!(decode(&with(page("windows-1251"), b"\xcf\xf0\xe8\xe2\xe5\xf2"), None).ends_with("Привет"));
        let meta = b"<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>".to_vec();
        assert!(decode(&with(meta, b"\x93\xfa\x96\x7b"), None).ends_with("日本"));
        assert_eq!(decode(b"\xe9t\xe9", Some("text/html; charset=\"ISO-8859-1\"")), "été");
        assert_eq!(decode(b"\xe9t\xe9", None), "été", "guessed");
        assert_eq!(decode("été".as_bytes(), None), "été");
        assert_eq!(decode(&"été".as_bytes()[..4], None), "ét\u{fffd}", "cut off");
        assert_eq!(decode(b"\xef\xbb\xbf\xc3\xa9", Some("text/html; charset=iso-8859-1")), "é", "its mark wins");
        assert!(decode(&with(page("utf-16"), "é".as_bytes()), None).ends_with('é'));
        assert_eq!(decode(b"x", Some("text/html; charset=klingon")), "x");
    }
}
