//! Nothing names a folder of somebody's machine: such a path works for one person only.

use super::File;

/// Put together here so that this file does not contain them.
const MACHINE_FOLDERS: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];

pub fn check(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        for folder in MACHINE_FOLDERS {
            if line.match_indices(folder).any(|(at, _)| starts_a_path(&line[..at])) {
                let what = format!("names a folder of one machine (`{folder}…`)");
                problems.push(file.problem(number + 1, &what));
            }
        }
    }
    problems
}

/// Whether a slash after this text begins an absolute path, and is not in the middle of a longer one.
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|last: char| last.is_alphanumeric() || "._-~}*)".contains(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn machine_folders_are_found_and_longer_paths_are_not() {
        let problems = |text: &str| check(&file("a.md", text)).len();
        for folder in MACHINE_FOLDERS {
            assert_eq!(problems(&format!("see `{folder}x`")), 1);
            assert_eq!(problems(&format!("{folder}x")), 1);
            assert_eq!(problems(&format!("file://{folder}x")), 1);
            assert_eq!(problems(&format!("https://example.org{folder}x")), 0);
            assert_eq!(problems(&format!("$DATA{folder}x ./a{folder}x")), 0);
        }
    }
}
