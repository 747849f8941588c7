//! PostgreSQL, as Debian packages it: one server that all tests share, and servers of a test's own that may be hurt.
//!
//! The shared one is for tests of what LaserChat keeps: each gets an empty database of it. It does not write through to the
//! disk, because nobody cuts its power. A test that restarts, promotes or kills starts a [`Postgres`] of its own.

mod server;
mod shared;
mod template;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::programs;

pub use server::{Mode, Postgres};
pub use shared::{Database, Shared, shared};

/// The administrator of every server here; it needs no password.
pub const USER: &str = "postgres";

/// The folder of PostgreSQL's programs, the newest if there are several. `None`, and it is said: none is installed.
/// `cargo xtask test` installs it where it may.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok().map(|version| (version, entry.path())))
        .map(|(version, folder)| (version, folder.join("bin")))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max();
    let folder = newest.map(|(_, folder)| folder).or_else(|| programs::find("initdb")?.parent().map(Path::to_owned));
    if folder.is_none() {
        eprintln!("skipped: PostgreSQL is not installed");
    }
    folder
}

/// Who runs the server's programs: they refuse root, who becomes somebody else for them.
struct Somebody {
    user: String,
    group: String,
}

fn somebody() -> Option<&'static Somebody> {
    static SOMEBODY: OnceLock<Option<Somebody>> = OnceLock::new();
    let id = |what: &str, user: &str| programs::output(Command::new("id").args([what, user])).ok();
    let find = |user| Some(Somebody { user: id("-u", user)?, group: id("-g", user)? });
    let found = SOMEBODY.get_or_init(|| {
        (programs::user_id() == 0)
            .then(|| ["postgres", "nobody"].into_iter().find_map(find).expect("a user who is not root"))
    });
    found.as_ref()
}

/// A program of PostgreSQL's, run as somebody who may run servers, without settings of the surrounding environment.
fn program(programs: &Path, name: &str) -> Command {
    let path = programs.join(name);
    let mut command = match somebody() {
        None => Command::new(path),
        Some(Somebody { user, group }) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", "--"]).arg(path);
            command
        }
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command.current_dir("/").env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command
}

/// Runs SQL and answers its rows: a line each, columns divided by `|`.
pub fn sql(url: &str, statement: &str) -> Result<String, String> {
    let programs = programs().ok_or("PostgreSQL is not installed")?;
    let flags = ["--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--set=ON_ERROR_STOP=1", "--command"];
    programs::output(program(&programs, "psql").args(flags).arg(statement).arg(url))
}

/// A folder that the server may use and that nobody else looks into.
fn folder_for_server(path: &Path) -> Result<(), String> {
    programs::output(install().args(["-d", "-m", "700"]).arg(path)).map(drop)
}

/// A copy of a file for the server alone.
fn file_for_server(from: &Path, to: &Path) -> Result<(), String> {
    programs::output(install().args(["-m", "600"]).args([from, to])).map(drop)
}

fn install() -> Command {
    let mut install = Command::new("install");
    if let Some(Somebody { user, group }) = somebody() {
        install.args(["-o", user, "-g", group]);
    }
    install
}

/// A new, empty database folder. Text is sorted as people sort it, not as bytes are, because operators' databases mostly do:
/// a statement that needs the order of bytes has to say so.
fn initialise(programs: &Path, data: &Path) -> Result<(), String> {
    let sorting = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--encoding=UTF8"];
    let mut initdb = program(programs, "initdb");
    initdb.args(["--username", USER, "--auth=trust", "--no-sync", "--no-instructions"]).args(sorting);
    programs::output(initdb.arg("--pgdata").arg(data)).map(drop)
}
