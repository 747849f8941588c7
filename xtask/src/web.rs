//! The web client's build and its programs. Node does the work; this knows when there is something to do.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::tools::{self, Profile, Result};

pub const FOLDER: &str = "web";

/// What does not go into the build: what comes out of it, what is installed, and the tests of the whole.
const APART: [&str; 4] = ["dist", "node_modules", "tests", "test-results"];

/// Kept among the built files, so that whoever builds without this program removes it. The server leaves it out.
const MARK: &str = "web/dist/.built-from";

/// Installs what the web client is built with.
pub fn install() -> Result {
    tools::npm_ci(FOLDER)
}

/// Runs one of the scripts in `web/package.json`.
pub fn script(name: &str) -> Result {
    tools::run(tools::npm(FOLDER).args(["run", name]))
}

/// Builds the web client into `web/dist`, where the server's build finds it; unless that has been done of the same sources,
/// because new files there mean a new server.
pub fn build() -> Result {
    let sources = fingerprint()?;
    let mark = tools::root().join(MARK);
    if std::fs::read_to_string(&mark).is_ok_and(|built| built == sources) {
        println!("the web client is built already");
        return Ok(());
    }
    install()?;
    script("build")?;
    std::fs::write(&mark, sources).map_err(|error| format!("cannot write {MARK}: {error}"))
}

/// A server with the web client of now in it.
pub fn build_with_server(profile: Profile) -> Result<PathBuf> {
    build()?;
    tools::build_server(profile)
}

/// Runs a script that measures or shows the client in a release server.
pub fn with_release(name: &str, args: Vec<String>) -> Result {
    let server = build_with_server(Profile::Release)?;
    install()?;
    let mut npm = tools::npm(FOLDER);
    npm.args(["run", name, "--"]).args(args);
    tools::run(npm.env("LASERCHAT_BIN", server).env("CHROMIUM", tools::chromium()?))
}

/// Stands for the names and contents of everything that the build reads.
fn fingerprint() -> Result<String> {
    let folder = tools::root().join(FOLDER);
    let mut files = Vec::new();
    collect(&folder, &mut files).map_err(|error| format!("cannot read {FOLDER}: {error}"))?;
    files.sort();
    let mut all = DefaultHasher::new();
    for file in files {
        file.strip_prefix(&folder).ok().hash(&mut all);
        std::fs::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?.hash(&mut all);
    }
    Ok(format!("{:016x}", all.finish()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let apart = APART.iter().any(|apart| entry.file_name() == *apart);
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        } else if entry.file_type()?.is_dir() && !apart {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sources_have_the_same_fingerprint() {
        assert_eq!(fingerprint().unwrap(), fingerprint().unwrap());
        let mut files = Vec::new();
        collect(&tools::root().join(FOLDER), &mut files).unwrap();
        assert!(files.iter().any(|file| file.ends_with("web/index.html")));
        assert!(!files.iter().any(|file| file.components().any(|part| part.as_os_str() == "node_modules")));
    }
}
