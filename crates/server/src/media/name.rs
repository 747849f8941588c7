//! The name under which a file is offered for download: the one that its uploader gave, as far as it is harmless.

/// What file systems take.
const MOST_BYTES: usize = 255;

/// Of a file that has no name left.
const NAMELESS: &str = "file";

/// Takes out what could lead outside of the folder, end a header, or make `gpj.exe` look like `exe.jpg`.
pub fn download_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|&c| !is_hidden(c)).collect();
    // Windows drops dots and blanks at the end, and a leading dot hides a file.
    let kept = kept.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let short = shorten(kept);
    if short.is_empty() { NAMELESS.to_owned() } else { short }
}

/// Characters without a shape of their own: controls, directions, joiners of lines, byte order marks.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Shortens the part before the extension, because the extension says what to open the file with.
fn shorten(name: &str) -> String {
    if name.len() <= MOST_BYTES {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|&dot| dot > 0 && name.len() - dot <= 17);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let mut end = MOST_BYTES - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay() {
        for name in ["report.pdf", "مستند.txt", "2026-01 Übersicht (final).tar.gz", "👩‍👩‍👧.png", "a'b\"c;d.txt"]
        {
            assert_eq!(download_name(name), name);
        }
    }

    #[test]
    fn nothing_leads_elsewhere_or_hides() {
        for (given, offered) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\a.txt", "a.txt"),
            ("", "file"),
            ("..", "file"),
            (".bashrc", "bashrc"),
            ("a/", "file"),
            ("x\r\nSet-Cookie: a=b.txt", "xSet-Cookie: a=b.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("\u{feff}a\u{0}b.txt ", "ab.txt"),
            ("run.exe. . .", "run.exe"),
        ] {
            assert_eq!(download_name(given), offered, "{given:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = download_name(&format!("{}.jpeg", "é".repeat(300)));
        assert!(name.len() <= MOST_BYTES && name.ends_with("é.jpeg"), "{name}");
        let name = download_name(&"x".repeat(1000));
        assert_eq!(name.len(), MOST_BYTES);
        assert!(download_name(&format!("a.{}", "y".repeat(1000))).len() <= MOST_BYTES);
    }
}
