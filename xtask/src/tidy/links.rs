//! A link in the documentation to a file of this repository leads somewhere.

use super::File;

pub fn check(file: &File, names: &[String]) -> Vec<String> {
    if file.extension() != "md" {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut in_code = false;
    for (number, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            for target in targets(line) {
                if !resolves(&file.path, target, names) {
                    problems.push(file.problem(number + 1, &format!("dead link to {target}")));
                }
            }
        }
    }
    problems
}

/// The targets of a line's links that are meant to be files here.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    // Text between backticks is code, and the odd parts are what stands between them.
    let prose = line.split('`').step_by(2);
    let after_brackets = prose.flat_map(|part| part.split("](").skip(1));
    after_brackets
        .filter_map(|rest| rest.split([')', ' ', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

fn resolves(from: &str, target: &str, names: &[String]) -> bool {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    if target.starts_with('/') {
        path.clear();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if path.pop().is_none() => return false,
            ".." => {}
            name => path.push(name),
        }
    }
    let path = path.join("/");
    let folder = format!("{path}/");
    path.is_empty() || names.iter().any(|name| *name == path || name.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    fn problems(text: &str) -> usize {
        let names = ["README.md", "docs/API.md", "crates/core/src/lib.rs"];
        let names = names.map(str::to_owned);
        check(&file("docs/API.md", text), &names).len()
    }

    #[test]
    fn links_to_files_and_folders_resolve() {
        let good = "[a](../README.md#first) [b](API.md) [c](../crates/core) [d](/README.md) [e](..)";
        assert_eq!(problems(good), 0);
        assert_eq!(problems("[a](NONE.md) and [b](../../README.md)"), 2);
    }

    #[test]
    fn other_links_and_code_are_left_alone() {
        assert_eq!(problems("[a](https://example.org/b) [c](#here) `[d](e)`"), 0);
        assert_eq!(problems("```\n[a](b)\n```\n[a](b)"), 1);
    }

    #[test]
    fn a_link_whose_text_is_code_is_still_a_link() {
        assert_eq!(problems("[`none`](none.md)"), 1);
    }
}
