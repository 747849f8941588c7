//! What a page says of itself: Open Graph, the older names for the same, and its title.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use laserchat_protocol::preview::Preview;

/// What is shown at most, in characters.
const TITLE: usize = 200;
const DESCRIPTION: usize = 400;
const SITE: usize = 80;
/// A value that is longer is not looked at to its end.
const VALUE_BYTES: usize = 8192;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// By how much it is worth: the first that is there is taken.
    titles: [Option<String>; 3],
    descriptions: [Option<String>; 3],
    site: Option<String>,
    /// What the page says that its encoding is.
    pub charset: Option<String>,
}

/// Reads the beginning of a page. Whatever it holds, this takes time and memory in proportion to its length.
pub fn read(html: &str) -> Page {
    let mut emitter = DefaultEmitter::default();
    // Or what is in scripts and styles would be read as tags.
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    let (mut inside, mut title) = (false, String::new());
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if *tag.name == b"title" => inside = page.titles[2].is_none(),
            Token::EndTag(tag) if *tag.name == b"title" && inside => {
                inside = false;
                page.titles[2] = Some(std::mem::take(&mut title));
            }
            Token::String(text) if inside && title.len() < VALUE_BYTES => {
                title.push_str(&String::from_utf8_lossy(&text.value));
            }
            Token::StartTag(tag) if *tag.name == b"meta" => {
                let value = |name: &[u8]| {
                    let found = tag.attributes.get(name)?;
                    let end = found.value.len().min(VALUE_BYTES);
                    Some(String::from_utf8_lossy(&found.value[..end]).into_owned())
                };
                page.meta(value);
            }
            _ => {}
        }
    }
    if inside {
        page.titles[2] = Some(title);
    }
    page
}

impl Page {
    fn meta(&mut self, value: impl Fn(&[u8]) -> Option<String>) {
        if let Some(charset) = value(b"charset") {
            self.charset.get_or_insert(charset);
            return;
        }
        let Some(content) = value(b"content") else { return };
        if value(b"http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-type")) {
            self.charset.get_or_insert(content);
            return;
        }
        // Open Graph says `property`; many write `name` all the same.
        let Some(name) = value(b"property").or_else(|| value(b"name")) else { return };
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "og:title" => &mut self.titles[0],
            "twitter:title" => &mut self.titles[1],
            "og:description" => &mut self.descriptions[0],
            "twitter:description" => &mut self.descriptions[1],
            "description" => &mut self.descriptions[2],
            "og:site_name" => &mut self.site,
            _ => return,
        };
        if !content.trim().is_empty() {
            place.get_or_insert(content);
        }
    }

    /// What is shown under a message; nothing, if the page does not say what it is.
    pub fn preview(self, url: &str, host: &str) -> Option<Preview> {
        let first = |found: [Option<String>; 3], most| found.into_iter().flatten().find_map(|text| line(&text, most));
        let title = first(self.titles, TITLE);
        let description = first(self.descriptions, DESCRIPTION).filter(|text| Some(text) != title.as_ref());
        if title.is_none() && description.is_none() {
            return None;
        }
        let site = self.site.and_then(|site| line(&site, SITE)).or_else(|| line(host, SITE));
        Some(Preview { url: url.to_owned(), title, description, site, image_file_id: None })
    }
}

/// One line of plain text: without what is not seen, and without what turns the direction of the text around it.
fn line(text: &str, most: usize) -> Option<String> {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut out = String::new();
    let mut chars = 0;
    for word in text.split(|c: char| c.is_whitespace() || c == '\0') {
        let word: String = word.chars().filter(|&c| !unseen(c)).collect();
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
            chars += 1;
        }
        for c in word.chars() {
            if chars == most {
                out.truncate(out.trim_end().len());
                out.push('…');
                return Some(out);
            }
            out.push(c);
            chars += 1;
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> (Option<String>, Option<String>, Option<String>) {
        match read(html).preview("https://example.org/", "example.org") {
            Some(preview) => (preview.title, preview.description, preview.site),
            None => (None, None, None),
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn open_graph_comes_first() {
        let html = r#"<!doctype html><html><head><title>Plain &amp; simple</title>
            <meta name=description content="A page.">
            <meta property="og:title" content="Nice &quot;title&quot;"><meta property="og:site_name" content="Example">
            <meta property="og:description" content=" Spread
               over lines ">"#;
        assert_eq!(shown(html), (some("Nice \"title\""), some("Spread over lines"), some("Example")));
        let html = "<TITLE>Plain &amp; <b>simple</TITLE><META NAME=Description CONTENT='A page.'>";
        assert_eq!(shown(html), (some("Plain & <b>simple"), some("A page."), some("example.org")));
        assert_eq!(shown("<meta name='twitter:title' content=T><meta property=og:title content='  '>").0, some("T"));
    }

    #[test]
    fn what_is_not_said_is_not_shown() {
        for html in ["", "hello", "<title></title>", "<title> \u{200b} </title>", "<script>'<title>x</title>'</script>"]
        {
            assert_eq!(shown(html), (None, None, None), "{html}");
        }
        assert_eq!(shown("<title>one</title><svg><title>two</title></svg>").0, some("one"));
        assert_eq!(shown("<title>never ends").0, some("never ends"));
    }

    #[test]
    fn texts_are_short_and_plain() {
        let long = format!("<title>{}</title>", "é".repeat(100_000));
        assert_eq!(shown(&long).0.unwrap().chars().count(), TITLE + 1);
        assert_eq!(shown("<title>a\u{202e}b\u{0}c\td</title>").0, some("ab\u{fffd}c d"));
    }

    #[test]
    fn bombs_are_read_through() {
        for part in ["<", "<a ", "<meta x=1 ", "&", "<title>", "<!--", "<meta content='", "</", "<svg><![CDATA["] {
            let _ = read(&part.repeat(500_000 / part.len()));
        }
        let attributes: String = (0..50_000).map(|n| format!(" a{n}=1")).collect();
        let _ = read(&format!("<meta{attributes}>"));
        let _ = read(&"<div>".repeat(100_000));
    }
}
