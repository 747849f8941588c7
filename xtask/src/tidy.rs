//! `cargo xtask tidy`: the rules of this repository that no compiler checks.
//!
//! Each rule is a small function from text to problems, so that it can be tested without files.

use std::path::Path;

use crate::tools::{self, Result};

mod arrows;
mod links;
mod locks;
mod paths;
mod sources;
mod web;

/// A text file of the repository: its path from the top folder, with `/`, and what it says.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The file's last extension, or nothing.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// A problem in a line, in the form that editors jump to.
    fn problem(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// Checks everything; the answer is a note on what was checked.
pub fn tidy() -> Result<String> {
    let names = names()?;
    let files = read(&names);
    let mut problems = arrows::check(&tools::metadata()?);
    for file in &files {
        problems.extend(sources::check(file));
        problems.extend(paths::check(file));
        problems.extend(locks::check(file));
        problems.extend(links::check(file, &names));
        problems.extend(web::check(file));
    }
    problems.extend(web::check_languages(&names));
    if problems.is_empty() {
        return Ok(format!("{} files are tidy", files.len()));
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(format!("{} problem(s) of tidiness", problems.len()))
}

/// The names of all files that are committed or about to be.
fn names() -> Result<Vec<String>> {
    let list =
        tools::output(tools::command("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let exists = |name: &str| Path::is_file(&tools::root().join(name));
    let names = list.split('\0').filter(|name| exists(name));
    Ok(names.map(str::to_owned).collect())
}

/// The files that are text; pictures and the like have no lines to check.
fn read(names: &[String]) -> Vec<File> {
    let text = |name: &String| {
        let text = std::fs::read_to_string(tools::root().join(name)).ok()?;
        let path = name.clone();
        (!text.contains('\0')).then_some(File { path, text })
    };
    names.iter().filter_map(text).collect()
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}
