//! Ranges and validators: which part of a file is asked for, and whether the asker has it already (RFC 9110).

use std::ops::Range;

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE};

/// What to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    Part(Range<u64>),
    /// The asker has it.
    Nothing,
    /// There is no such part.
    Outside,
}

pub fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> Wanted {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(IF_NONE_MATCH)
        && known.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == etag)
    {
        return Wanted::Nothing;
    }
    match text(RANGE) {
        // A part of something else than what the asker began with is of no use to them.
        Some(range) if text(IF_RANGE).is_none_or(|tag| tag == etag) => part(range, size),
        _ => Wanted::Whole,
    }
}

/// One range of bytes. Several at once, other units and nonsense are answered with the whole, as the standard allows.
fn part(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::Whole;
    };
    let number =
        |text: &str| text.trim().parse::<u64>().ok().filter(|_| text.trim().bytes().all(|b| b.is_ascii_digit()));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if last < first => Wanted::Whole,
        (Some(first), Some(_)) if first >= size => Wanted::Outside,
        (Some(first), Some(last)) => Wanted::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.trim().is_empty() && first >= size => Wanted::Outside,
        (Some(first), None) if last.trim().is_empty() => Wanted::Part(first..size),
        (None, Some(0)) if first.trim().is_empty() => Wanted::Outside,
        (None, Some(_)) if first.trim().is_empty() && size == 0 => Wanted::Outside,
        (None, Some(count)) if first.trim().is_empty() => Wanted::Part(size.saturating_sub(count)..size),
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn one_range_is_served_and_nonsense_is_not_an_error() {
        for (range, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=0-", Wanted::Part(0..10)),
            ("bytes=5-99", Wanted::Part(5..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-99", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Outside),
            ("bytes=10-12", Wanted::Outside),
            ("bytes=-0", Wanted::Outside),
            ("bytes=3-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
            ("bytes=0-18446744073709551615", Wanted::Part(0..10)),
            ("bytes=0-99999999999999999999", Wanted::Whole),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Wanted::Outside);
        assert_eq!(part("bytes=-5", 0), Wanted::Outside);
    }

    #[test]
    fn what_the_asker_has_is_not_sent_again() {
        let with = |pairs: &[(HeaderName, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(name, HeaderValue::from_static(value));
            }
            wanted(&headers, "\"a\"", 10)
        };
        assert_eq!(with(&[]), Wanted::Whole);
        assert_eq!(with(&[(IF_NONE_MATCH, "\"b\", W/\"a\"")]), Wanted::Nothing);
        assert_eq!(with(&[(IF_NONE_MATCH, "*")]), Wanted::Nothing);
        assert_eq!(with(&[(IF_NONE_MATCH, "\"b\""), (RANGE, "bytes=1-1")]), Wanted::Part(1..2));
        assert_eq!(with(&[(IF_RANGE, "\"a\""), (RANGE, "bytes=1-1")]), Wanted::Part(1..2));
        assert_eq!(with(&[(IF_RANGE, "\"b\""), (RANGE, "bytes=1-1")]), Wanted::Whole);
    }
}
