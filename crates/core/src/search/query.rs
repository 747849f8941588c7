//! Queries: what somebody typed, read.
//!
//! A query is never wrong. What looks like a filter and is none (`note:this`, `before:lunch`) is a word, and what cannot be
//! found at all (a lone minus) is left out.

use laserchat_protocol::Timestamp;

use super::fact::Facts;
use super::term::Term;
use super::when::{Asked, Period};

/// Parts of one query that count.
const PARTS: usize = 32;

/// Whose messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Me,
    /// A user name in lower case, or an id.
    Named(String),
}

/// Which conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By its name, or by its id.
    Named(String),
    /// The direct conversation with somebody.
    With(Who),
}

/// What is asked for, before anybody knows whom and what the names mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub terms: Vec<Term>,
    pub unwanted: Vec<Term>,
    /// By any of them.
    pub from: Vec<Who>,
    pub not_from: Vec<Who>,
    /// In any of them.
    pub within: Vec<Place>,
    pub not_within: Vec<Place>,
    /// All of them.
    pub facts: Facts,
    /// None of them.
    pub not_facts: Facts,
    pub mentions_me: bool,
    pub not_mentions_me: bool,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub not_during: Vec<Period>,
}

impl Query {
    pub fn parse(text: &str, asked: &Asked) -> Query {
        let mut query = Query::default();
        let mut rest = text;
        let mut left = PARTS;
        while let Some(part) = next(&mut rest) {
            if left == 0 {
                break;
            }
            left -= 1;
            if !query.filter(&part, asked) {
                query.term(&part, rest.is_empty());
            }
        }
        query
    }

    /// Nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Query::default()
    }

    fn term(&mut self, part: &Part<'_>, last: bool) {
        let Some(term) = Term::new(part.text) else { return };
        let typing = last && !part.quoted && !part.negated;
        let term = if typing { term.open() } else { term };
        let terms = if part.negated { &mut self.unwanted } else { &mut self.terms };
        terms.push(term);
    }

    /// Takes a part that is a filter. False: it is none.
    fn filter(&mut self, part: &Part<'_>, asked: &Asked) -> bool {
        let Some(name) = part.name else { return false };
        let value = part.value;
        match name.to_ascii_lowercase().as_str() {
            "from" => {
                let Some(who) = who(value) else { return false };
                if part.negated { self.not_from.push(who) } else { self.from.push(who) }
            }
            "in" => {
                let Some(place) = place(value) else { return false };
                if part.negated { self.not_within.push(place) } else { self.within.push(place) }
            }
            "has" => return self.fact(has(value), part.negated),
            "is" => return self.fact(is(value), part.negated),
            "mentions" if matches!(who(value), Some(Who::Me)) => {
                if part.negated {
                    self.not_mentions_me = true
                } else {
                    self.mentions_me = true
                }
            }
            when @ ("before" | "after" | "during") => {
                let Some(period) = asked.read(value) else { return false };
                let (since, until) = match when {
                    "before" => (None, Some(period.from)),
                    "after" => (Some(period.until), None),
                    _ => (Some(period.from), Some(period.until)),
                };
                if part.negated {
                    let from = since.unwrap_or(Timestamp(i64::MIN));
                    self.not_during.push(Period { from, until: until.unwrap_or(Timestamp(i64::MAX)) });
                } else {
                    self.since = self.since.max(since);
                    self.until = [self.until, until].into_iter().flatten().min();
                }
            }
            _ => return false,
        }
        true
    }

    fn fact(&mut self, fact: Option<Facts>, negated: bool) -> bool {
        let Some(fact) = fact else { return false };
        let facts = if negated { &mut self.not_facts } else { &mut self.facts };
        *facts = facts.with(fact);
        true
    }
}

fn has(value: &str) -> Option<Facts> {
    Some(match value.to_ascii_lowercase().as_str() {
        "link" | "links" => Facts::LINK,
        "file" | "files" => Facts::FILE,
        "image" | "images" => Facts::IMAGE,
        "video" | "videos" => Facts::VIDEO,
        "audio" => Facts::AUDIO,
        "reaction" | "reactions" => Facts::REACTION,
        "poll" | "polls" => Facts::POLL,
        _ => return None,
    })
}

fn is(value: &str) -> Option<Facts> {
    Some(match value.to_ascii_lowercase().as_str() {
        "pinned" => Facts::PINNED,
        "thread" => Facts::THREAD,
        "edited" => Facts::EDITED,
        _ => return None,
    })
}

fn who(value: &str) -> Option<Who> {
    let name = value.strip_prefix('@').unwrap_or(value).trim().to_lowercase();
    match name.as_str() {
        "" => None,
        "me" => Some(Who::Me),
        _ => Some(Who::Named(name)),
    }
}

fn place(value: &str) -> Option<Place> {
    if value.starts_with('@') {
        return who(value).map(Place::With);
    }
    let name = value.strip_prefix('#').unwrap_or(value).trim();
    (!name.is_empty()).then(|| Place::Named(name.to_lowercase()))
}

/// A part of a query: what stands between two spaces, or between quotation marks.
struct Part<'a> {
    negated: bool,
    quoted: bool,
    text: &'a str,
    /// What stands before the first colon, and after it.
    name: Option<&'a str>,
    value: &'a str,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// What a pair of quotation marks at the start of a text holds, and what follows it. `None`: there is no such pair.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(is_quote)?;
    let end = inner.find(is_quote)?;
    let (held, after) = inner.split_at_checked(end)?;
    Some((held, after.strip_prefix(is_quote).unwrap_or(after)))
}

/// Takes the next part.
fn next<'a>(rest: &mut &'a str) -> Option<Part<'a>> {
    // Where nothing follows, a space at the end still says that the last word is finished.
    let text = rest.trim_start();
    if text.is_empty() {
        return None;
    }
    let (negated, text) = match text.strip_prefix('-') {
        Some(after) if after.starts_with(|c: char| !c.is_whitespace()) => (true, after),
        _ => (false, text),
    };
    if let Some((held, after)) = quoted(text) {
        *rest = after;
        return Some(Part { negated, quoted: true, text: held, name: None, value: "" });
    }
    let word = text.find(char::is_whitespace).unwrap_or(text.len());
    if let Some(colon) = text.get(..word).and_then(|word| word.find(':'))
        && let (Some(name), Some(value)) = (text.get(..colon), text.get(colon + 1..))
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        // A value may be quoted, for names with spaces.
        if let Some((held, after)) = quoted(value) {
            let whole = text.get(..text.len() - after.len()).unwrap_or(text);
            *rest = after;
            return Some(Part { negated, quoted: true, text: whole, name: Some(name), value: held });
        }
        let end = value.find(char::is_whitespace).unwrap_or(value.len());
        let (value, after) = value.split_at_checked(end)?;
        *rest = after;
        return Some(Part { negated, quoted: false, text: text.get(..word)?, name: Some(name), value });
    }
    let (word, after) = text.split_at_checked(word)?;
    *rest = after;
    Some(Part { negated, quoted: false, text: word, name: None, value: "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn asked() -> Asked {
        // 2026-11-21T10:00:00Z
        Asked { now: Timestamp(1_795_255_200_000), zone: TimeZone::UTC }
    }

    fn parse(text: &str) -> Query {
        Query::parse(text, &asked())
    }

    fn words(terms: &[Term]) -> Vec<String> {
        terms.iter().map(|term| term.needs().join("+")).collect()
    }

    #[test]
    fn words_phrases_and_what_is_unwanted() {
        let query = parse(r#"Coffee "see you" -tea -"not this" don't „zu Hause“ -"#);
        assert_eq!(words(&query.terms), ["coffee", "see+you", "don+t", "zu+hause"]);
        assert_eq!(words(&query.unwanted), ["tea", "not+this"]);
    }

    #[test]
    fn only_a_word_that_is_being_typed_may_go_on() {
        let open = |text| parse(text).terms.iter().map(|term| term.prefix).collect::<Vec<_>>();
        assert_eq!(open("good mor"), [false, true]);
        assert_eq!(open("good mor "), [false, false]);
        assert_eq!(open("\"good mor\""), [false]);
        assert_eq!(open("mor from:me"), [false]);
    }

    #[test]
    fn filters() {
        let query = parse("from:@Ann from:me in:#General in:@bob in:\"Big Team\" -in:random -from:bob");
        assert_eq!(query.from, [Who::Named("ann".into()), Who::Me]);
        assert_eq!(query.not_from, [Who::Named("bob".into())]);
        let named = |name: &str| Place::Named(name.into());
        assert_eq!(query.within, [named("general"), Place::With(Who::Named("bob".into())), named("big team")]);
        assert_eq!(query.not_within, [named("random")]);
        assert!(query.terms.is_empty() && query.unwanted.is_empty());

        let query = parse("has:link HAS:Image is:pinned -is:edited mentions:@me");
        assert_eq!(query.facts, Facts::LINK.with(Facts::IMAGE).with(Facts::PINNED));
        assert_eq!(query.not_facts, Facts::EDITED);
        assert!(query.mentions_me && !query.not_mentions_me);
    }

    #[test]
    fn times_are_narrowed_by_each_filter() {
        let day = 86_400_000;
        let start = asked().read("today").unwrap().from.0;
        let query = parse("after:2026-11-01 before:today after:yesterday");
        assert_eq!((query.since, query.until), (Some(Timestamp(start)), Some(Timestamp(start))));
        let query = parse("during:today -before:2026-11-21");
        assert_eq!((query.since, query.until), (Some(Timestamp(start)), Some(Timestamp(start + day))));
        assert!(query.not_during[0].contains(Timestamp(start - 1)) && !query.not_during[0].contains(Timestamp(start)));
    }

    #[test]
    fn what_is_not_understood_is_a_word() {
        for (text, found) in [
            ("note:this", "note+this"),
            ("before:lunch", "before+lunch"),
            ("has:cheese", "has+cheese"),
            ("mentions:bob", "mentions+bob"),
            ("from:", "from"),
            ("in:#", "in"),
            ("https://example.org/a", "https+example+org+a"),
            ("\"unbalanced", "unbalanced"),
            ("a\"b", "a+b"),
            ("10:30", "10+30"),
        ] {
            assert_eq!(words(&parse(text).terms), [found], "{text}");
        }
        for nothing in ["", " ", "-", "--", "- -", "\"\"", "\"", "-\"\"", "***", "\0"] {
            assert!(parse(nothing).is_empty(), "{nothing:?}");
        }
        assert_eq!(parse(&"x ".repeat(10_000)).terms.len(), PARTS);
    }

    proptest! {
        #[test]
        fn nothing_is_refused(text in "[\\s\\S]{0,80}|([-\":a-c@# ]|from:|in:|has:|is:|before:|\\PC){0,40}") {
            let query = parse(&text);
            let parts = query.terms.len() + query.unwanted.len() + query.from.len() + query.not_from.len()
                + query.within.len() + query.not_within.len();
            prop_assert!(parts <= PARTS);
        }

        #[test]
        fn plain_words_are_found_as_they_are(words in prop::collection::vec("[a-zé京ж]{1,8}", 1..6)) {
            let query = parse(&words.join(" "));
            let text = super::super::fold::pieces(&words.join(" "));
            prop_assert_eq!(query.terms.len(), words.len());
            prop_assert!(query.terms.iter().all(|term| term.is_in(&text)));
        }
    }
}
