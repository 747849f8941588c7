//! A source file says at its top what it is for, is short enough to be read in one sitting, and is finished.

use super::File;

const MOST_LINES: usize = 600;
const LANGUAGES: [&str; 9] = ["rs", "ts", "tsx", "js", "mjs", "py", "css", "sh", "sql"];

/// The marks of unfinished code, put together here so that this file does not contain them.
const UNFINISHED: [&str; 3] = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];

pub fn check(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
            problems.push(file.problem(number + 1, "is the mark of an unfinished merge"));
        }
    }
    let is_generated = file.path.contains(".gen.");
    if !LANGUAGES.contains(&file.extension()) || is_generated {
        return problems;
    }
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        let what = format!("{lines} lines, and {MOST_LINES} is the most");
        problems.push(file.problem(lines, &what));
    }
    if file.extension() == "rs" {
        if !has_header(&file.text) {
            problems.push(file.problem(1, "does not open with a `//!` header"));
        }
        for (number, line) in file.text.lines().enumerate() {
            for mark in UNFINISHED.iter().filter(|mark| line.contains(*mark)) {
                problems.push(file.problem(number + 1, &format!("contains `{mark}`")));
            }
        }
    }
    problems
}

/// Whether nothing but attributes of the whole file stands before its header.
fn has_header(text: &str) -> bool {
    text.lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["))
        .is_some_and(|line| line.starts_with("//! "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    fn problems(path: &str, text: &str) -> usize {
        check(&file(path, text)).len()
    }

    #[test]
    fn a_source_file_has_a_header() {
        assert_eq!(problems("a.rs", "//! What it is.\n"), 0);
        assert_eq!(problems("a.rs", "#![no_main]\n//! What it is.\n"), 0);
        assert_eq!(problems("a.rs", "fn main() {}\n"), 1);
        assert_eq!(problems("a.rs", ""), 1);
        assert_eq!(problems("a.py", "print()\n"), 0);
    }

    #[test]
    fn a_source_file_is_short() {
        let long = format!("//! Long.\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(problems("a.rs", &long), 1);
        assert_eq!(problems("a.ts", &long), 1);
        assert_eq!(problems("a.gen.ts", &long), 0);
        assert_eq!(problems("a.md", &long), 0);
    }

    #[test]
    fn merges_are_finished() {
        assert_eq!(problems("a.md", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n"), 2);
        assert_eq!(problems("a.md", "Title\n=======\n"), 0);
    }

    #[test]
    fn a_source_file_is_finished() {
        for mark in UNFINISHED {
            assert_eq!(problems("a.rs", &format!("//! A.\nfn f() {{ {mark}) }}\n")), 1);
        }
    }
}
