//! Snippets: the part of a text that shows why it was found.

use std::ops::Range;

use laserchat_protocol::search::Fragment;
use pulldown_cmark::{Event, Options, Parser, TagEnd};

use super::fold::pieces;
use super::term::Term;

/// Characters of a snippet, more or less, and of what stands before the first hit.
const CHARS: usize = 200;
const BEFORE: usize = 60;
/// A text of more bytes is shown with its marks, because reading them would take too long.
const PLAIN_BYTES: usize = 64 * 1024;

/// The part of a text around the first hit, with all hits in it. A text without hits is shown from its beginning.
pub fn snippet(body: &str, terms: &[Term]) -> Vec<Fragment> {
    let plain = if body.len() <= PLAIN_BYTES { plain(body) } else { body.to_owned() };
    let found = hits(&plain, terms);
    // Some of the source is not shown, as the address of a link; a hit in it must be seen all the same.
    if found.is_empty() && !terms.is_empty() {
        let found = hits(body, terms);
        if !found.is_empty() {
            return cut(body, &found);
        }
    }
    cut(&plain, &found)
}

/// A text as it is read, without the marks of its formatting.
fn plain(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    for event in
        Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS)
    {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::Rule => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableCell,
            ) => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Where the terms are in a text: in order, without overlaps.
fn hits(text: &str, terms: &[Term]) -> Vec<Range<usize>> {
    let pieces = pieces(text);
    let mut found: Vec<Range<usize>> = terms.iter().flat_map(|term| term.places(&pieces)).collect();
    found.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn cut(text: &str, hits: &[Range<usize>]) -> Vec<Fragment> {
    let first = hits.first().map_or(0, |hit| hit.start);
    let start = begin(text, first);
    let end = finish(text, start);
    let mut fragments = Vec::new();
    let mut add = |text: &str, hit: bool| {
        let text = spaced(text);
        if !text.is_empty() {
            fragments.push(Fragment { text, hit });
        }
    };
    let mut at = start;
    if start > 0 {
        add("…", false);
    }
    for hit in hits.iter().filter(|hit| hit.start < end) {
        let stop = hit.end.min(end);
        add(text.get(at..hit.start).unwrap_or_default(), false);
        add(text.get(hit.start..stop).unwrap_or_default(), true);
        at = stop;
    }
    add(text.get(at..end).unwrap_or_default(), false);
    if end < text.trim_end().len() {
        add("…", false);
    }
    // Nothing stands before the first word, and nothing after the last.
    if let Some(first) = fragments.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = fragments.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
    fragments.retain(|fragment| !fragment.text.is_empty());
    fragments
}

/// Where a snippet begins whose first hit is here: at a word.
fn begin(text: &str, hit: usize) -> usize {
    let before = text.get(..hit).unwrap_or_default();
    let Some((from, _)) = before.char_indices().rev().nth(BEFORE - 1) else { return 0 };
    if from == 0 {
        return 0;
    }
    let part = before.get(from..).unwrap_or_default();
    // A script without spaces is cut anywhere.
    from + part.find(char::is_whitespace).filter(|space| *space < part.len() / 2).unwrap_or(0)
}

/// Where it ends: before a word, if there is one not too far back.
fn finish(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some((long, _)) = rest.char_indices().nth(CHARS) else { return text.len() };
    let part = rest.get(..long).unwrap_or_default();
    start + part.rfind(char::is_whitespace).filter(|space| *space > part.len() * 3 / 4).unwrap_or(long)
}

/// A text on one line.
fn spaced(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(body: &str, terms: &[&str]) -> String {
        let terms: Vec<Term> = terms.iter().filter_map(|term| Term::new(term)).collect();
        let show = |fragment: Fragment| if fragment.hit { format!("[{}]", fragment.text) } else { fragment.text };
        snippet(body, &terms).into_iter().map(show).collect()
    }

    #[test]
    fn hits_are_marked_and_formatting_is_not_shown() {
        assert_eq!(shown("At **ten** in the\n\n`Café`!", &["cafe", "ten"]), "At [ten] in the [Café]!");
        assert_eq!(shown("# Title\n- one\n- two", &["one"]), "Title [one] two");
        assert_eq!(shown("[here](https://a.example/x)", &["here"]), "[here]");
        assert_eq!(shown("[here](https://a.example/x)", &["example"]), "[here](https://a.[example]/x)");
        assert_eq!(shown("東京都に行く", &["京都"]), "東[京都]に行く");
        assert_eq!(shown("to be or not to be", &["to be"]), "[to be] or not [to be]");
        assert_eq!(shown("nothing here", &["missing"]), "nothing here");
        assert_eq!(shown("a <b>c</b>", &["c"]), "a <b>[c]</b>");
    }

    #[test]
    fn long_texts_are_cut_around_the_first_hit() {
        let text = format!("{}needle {}", "before ".repeat(100), "after ".repeat(100));
        let found = shown(&text, &["needle"]);
        assert!(found.starts_with("… before ") && found.contains(" [needle] after "), "{found}");
        assert!(found.ends_with(" after…") && found.chars().count() < CHARS + 10, "{found}");
        let signs = shown(&"京".repeat(1000), &["都"]);
        assert_eq!(signs.chars().count(), CHARS + 1);
    }

    proptest! {
        #[test]
        fn any_text_has_a_snippet(body in "[\\s\\S]{0,400}|([*_`#\\[\\]()<> \na-c京é]){0,600}", term in "[a-c京é]{1,3}") {
            let terms: Vec<Term> = Term::new(&term).into_iter().collect();
            let found = snippet(&body, &terms);
            let length: usize = found.iter().map(|fragment| fragment.text.chars().count()).sum();
            prop_assert!(length <= CHARS + 2);
            prop_assert!(found.iter().all(|fragment| !fragment.text.is_empty()));
            if terms.iter().any(|term| term.is_in(&pieces(&body))) {
                prop_assert!(found.iter().any(|fragment| fragment.hit), "{:?}", found);
            }
        }
    }
}
