//! How the tasks run other programs, find them, and install the ones that are missing.
//!
//! Errors are sentences: nothing in here is decided on by a caller, everything is read by a person.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub type Result<T = ()> = std::result::Result<T, String>;

#[derive(Clone, Copy, PartialEq)]
pub enum Profile {
    Debug,
    Release,
}

/// The repository's top folder.
pub fn root() -> PathBuf {
    // Cargo tells the folder at run time; the one known at compile time would be wrong in a moved clone.
    let xtask =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// A command that runs in the repository's top folder and never waits for input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that started this program, so that every step uses the same toolchain.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Shows the command and runs it; anything but success is an error.
pub fn run(command: &mut Command) -> Result {
    let line = describe(command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("`{line}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}")) }
}

/// Like [`run`], and also answers the last line of either stream that `wanted` accepts,
/// so that a summary can repeat what a test runner concluded.
pub fn run_for_line(command: &mut Command, wanted: fn(&str) -> bool) -> Result<Option<String>> {
    let line = describe(command);
    println!("$ {line}");
    let failed = |error: std::io::Error| format!("`{line}` did not run: {error}");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let errors = child.stderr.take();
    let other = std::thread::spawn(move || errors.and_then(|stream| repeat(stream, wanted)));
    let from_output = child.stdout.take().and_then(|stream| repeat(stream, wanted));
    let from_errors = other.join().unwrap_or_default();
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(from_errors.or(from_output)) } else { Err(format!("`{line}` failed: {status}")) }
}

fn repeat(stream: impl std::io::Read, wanted: fn(&str) -> bool) -> Option<String> {
    let mut last = None;
    for bytes in BufReader::new(stream).split(b'\n').map_while(|line| line.ok()) {
        let line = String::from_utf8_lossy(&bytes);
        println!("{line}");
        if wanted(&line) {
            last = Some(line.trim().to_owned());
        }
    }
    last
}

/// Runs the command quietly and answers what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| format!("`{line}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{line}` failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{line}` did not print UTF-8"))
}

/// Whether the command runs and succeeds; it prints nothing.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Where a program is on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Whether a program is installed; also one that only administrators have on their search path, and PostgreSQL's, which are
/// in a folder for each version.
pub fn has(program: &str) -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| entry.ok());
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.extend(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    find(program).is_some() || folders.iter().any(|folder| folder.join(program).is_file())
}

/// Installs Debian packages where that is possible without asking anybody, else says what is missing.
pub fn install_packages(packages: &[&str], why: &str) -> Result {
    let names = packages.join(" ");
    let is_root = output(&mut command("id")).is_ok_and(|id| id.starts_with("uid=0("));
    if !is_root || find("apt-get").is_none() {
        return Err(format!(
            "{why} needs the Debian package(s) `{names}` (or the same programs from elsewhere), \
             and only root on a system with apt-get may have them installed by this command"
        ));
    }
    run(command("apt-get").args(["update", "--quiet"]))?;
    run(command("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages))
}

/// What cargo knows about the workspace's own packages.
pub fn metadata() -> Result<Value> {
    let text = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&text).map_err(|error| format!("cargo metadata is not JSON: {error}"))
}

/// A folder for what the tasks install and build, apart from cargo's own.
pub fn work_folder(name: &str) -> Result<PathBuf> {
    let metadata = metadata()?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?;
    let folder = Path::new(target).join("xtask").join(name);
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    Ok(folder)
}

/// The binary to test: the one that `LASERCHAT_BIN` names, so that whoever packages LaserChat can test what will be shipped,
/// or else one that is built now.
pub fn server_to_test() -> Result<PathBuf> {
    std::env::var_os("LASERCHAT_BIN").map_or_else(|| build_server(Profile::Debug), |path| Ok(PathBuf::from(path)))
}

/// Builds the `laserchat` binary and answers its path.
pub fn build_server(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--package", "laserchat-server", "--bin", "laserchat"]);
    if profile == Profile::Release {
        build.arg("--release");
    }
    println!("$ {}", describe(&build));
    // Cargo itself tells where the binary is: a configured target or target folder moves it.
    let messages = output(build.arg("--message-format=json-render-diagnostics"))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "laserchat")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo built no `laserchat` binary".to_owned())
}

/// `npm` in one of the repository's folders, with colours and questions off.
pub fn npm(folder: &str) -> Command {
    let mut npm = command("npm");
    npm.current_dir(root().join(folder)).env("CI", "true").env("NO_UPDATE_NOTIFIER", "1");
    npm
}

/// Installs exactly what the folder's lock file says, once per state of that file.
pub fn npm_ci(folder: &str) -> Result {
    if find("npm").is_none() {
        install_packages(&["nodejs", "npm"], folder)?;
    }
    let lock = root().join(folder).join("package-lock.json");
    let stamp = root().join(folder).join("node_modules/.installed-lock.json");
    unless_stamped(&lock, &stamp, || run(npm(folder).args(["ci", "--no-audit", "--no-fund"])))
}

/// The system's Chromium, which is what browser tests drive.
pub fn chromium() -> Result<PathBuf> {
    let present = || ["chromium", "chromium-browser"].into_iter().find_map(find);
    if let Some(path) = present() {
        return Ok(path);
    }
    install_packages(&["chromium"], "a test in a browser")?;
    present().ok_or_else(|| "chromium was installed but is not on the search path".to_owned())
}

/// Runs `install` unless `stamp` already holds the same bytes as `source`.
pub fn unless_stamped(source: &Path, stamp: &Path, install: impl FnOnce() -> Result) -> Result {
    let wanted = std::fs::read(source).map_err(|error| format!("cannot read {}: {error}", source.display()))?;
    if std::fs::read(stamp).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    install()?;
    std::fs::write(stamp, wanted).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_described_without_its_folder() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(describe(&command), "cargo fmt --check");
    }

    #[test]
    fn the_last_wanted_line_is_kept() {
        let text = "Summary one\nnoise\n  Summary two\nend\n";
        let line = repeat(text.as_bytes(), |line| line.contains("Summary"));
        assert_eq!(line.as_deref(), Some("Summary two"));
    }
}
