//! Lock files pin versions and checksums, not the host a package came from: everybody fetches from the
//! registry or mirror that their own machine is set up for.

use super::File;

const CARGO_REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

pub fn check(file: &File) -> Vec<String> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let is_requirements = name.starts_with("requirements") && file.extension() == "txt";
    let is_lock = name.ends_with(".lock")
        || name.ends_with("-lock.json")
        || name.ends_with("-lock.yaml")
        || name == ".npmrc"
        || is_requirements;
    if !is_lock {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains("://") && !is_harmless(line.trim()))
        .map(|(number, _)| file.problem(number + 1, "names a package host"))
        .collect()
}

/// Cargo writes its registry's name whatever host serves it, and npm notes where to thank an author.
fn is_harmless(line: &str) -> bool {
    line == CARGO_REGISTRY || line.starts_with("\"url\":") || line.starts_with("\"https://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn only_versions_are_pinned() {
        let problems = |path: &str, text: &str| check(&file(path, text)).len();
        assert_eq!(problems("Cargo.lock", CARGO_REGISTRY), 0);
        assert_eq!(problems("Cargo.lock", "source = \"git+https://a.example/b\""), 1);
        let npm = "  \"resolved\": \"https://npm.example/ws.tgz\",\n  \"url\": \"https://a.example\"";
        assert_eq!(problems("web/package-lock.json", npm), 1);
        assert_eq!(problems("web/package-lock.json", "  \"funding\": [\n    \"https://a.example/sponsors\",\n  ]"), 0);
        assert_eq!(problems("a/requirements.txt", "--index-url https://a.example"), 1);
        assert_eq!(problems("a/notes.txt", "https://a.example"), 0);
    }
}
