//! The PostgreSQL server that all tests of a machine's user share, whichever process they run in.
//!
//! A runner of tests may start a process for each, hundreds of them and several at once, and kill any. So the server belongs to
//! none of them: the first that needs it starts it, under a lock that the others wait for; each holds another lock for as
//! long as it lives; and a watchdog stops the server when nobody has held that lock for some seconds.
//! `LASERCHAT_TEST_POSTGRES` names another server to use, by the address of a database of a user who may create more.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{USER, folder_for_server, initialise, program, programs, sql};
use crate::free_port;
use crate::programs::{output, user_id};

const WATCHDOG: &str = include_str!("watchdog.sh");

/// Power is not lost in tests that share a server, so nothing waits for the disk.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "max_connections=500",
    "shared_buffers=128MB",
    "fsync=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
];

pub struct Shared {
    /// The address of a database that always exists.
    url: String,
    pub(super) home: PathBuf,
    /// Locked for as long as this process lives.
    _users: Option<File>,
}

/// The shared server, started if need be. `None`, and it is said: PostgreSQL is not installed.
pub fn shared() -> Option<&'static Shared> {
    static SHARED: OnceLock<Option<Shared>> = OnceLock::new();
    SHARED.get_or_init(Shared::find_or_start).as_ref()
}

impl Shared {
    fn find_or_start() -> Option<Shared> {
        let programs = programs()?;
        let home = std::env::temp_dir().join(format!("laserchat-postgres-{}", user_id()));
        let failed = |error| panic!("cannot use {}: {error}", home.display());
        std::fs::create_dir_all(&home).unwrap_or_else(failed);
        if let Ok(url) = std::env::var("LASERCHAT_TEST_POSTGRES") {
            return Some(Shared { url, home, _users: None });
        }
        let start = lock_file(&home, "start");
        start.lock().unwrap_or_else(failed);
        let users = lock_file(&home, "users");
        users.lock_shared().unwrap_or_else(failed);
        let url = present(&home).unwrap_or_else(|| launch(&programs, &home));
        Some(Shared { url, home, _users: Some(users) })
    }

    /// The address of one of its databases.
    pub(super) fn url(&self, database: &str) -> String {
        let (address, settings) = self.url.split_once('?').map_or((self.url.as_str(), None), |(a, b)| (a, Some(b)));
        let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
        settings.map_or_else(|| format!("{server}/{database}"), |settings| format!("{server}/{database}?{settings}"))
    }

    /// Runs SQL that is about databases and not in one.
    pub(super) fn sql(&self, statement: &str) -> Result<String, String> {
        sql(&self.url, statement)
    }

    /// An empty database of the caller's own.
    pub fn database(&'static self) -> Database {
        self.copy("template1")
    }

    pub(super) fn copy(&'static self, template: &str) -> Database {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let name = format!("test_{}_{now}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("create database {name} template {template}"))
            .unwrap_or_else(|failure| panic!("no database: {failure}"));
        Database { url: self.url(&name), name, shared: self }
    }
}

/// A database of the shared server, which is gone when this value is.
pub struct Database {
    pub url: String,
    name: String,
    shared: &'static Shared,
}

impl Database {
    /// Runs SQL in it and answers the rows, as [`sql`] does.
    pub fn sql(&self, statement: &str) -> Result<String, String> {
        sql(&self.url, statement)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Whoever is still connected is thrown out. If it fails, the database goes with the server.
        let _ = self.shared.sql(&format!("drop database {} with (force)", self.name));
    }
}

pub(super) fn lock_file(home: &Path, name: &str) -> File {
    let path = home.join(name);
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.unwrap_or_else(|error| panic!("cannot use {}: {error}", path.display()))
}

/// The address of a server that serves.
fn present(home: &Path) -> Option<String> {
    let runs = std::fs::read_dir(home).ok()?.filter_map(Result::ok);
    let mut urls = runs.filter_map(|run| std::fs::read_to_string(run.path().join("url")).ok());
    urls.find(|url| sql(url, "select 1").is_ok())
}

/// Starts a new server, whatever was there before.
fn launch(programs: &Path, home: &Path) -> String {
    let run = tempfile::Builder::new().prefix("run-").tempdir_in(home).expect("a temporary folder").keep();
    folder_for_server(&run).expect("a folder");
    let (data, port) = (run.join("data"), free_port());
    initialise(programs, &data).unwrap_or_else(|failure| panic!("no database: {failure}"));
    watch(programs, home, &run);
    let settings: Vec<String> = SETTINGS.iter().map(|setting| format!("-c {setting}")).collect();
    let options = format!("-p {port} -k {} {}", run.display(), settings.join(" "));
    let mut start = program(programs, "pg_ctl");
    start.args(["start", "--wait", "--silent", "--timeout=60"]);
    start.args(["--options", &options]).arg("--pgdata").arg(&data).arg("--log").arg(run.join("log"));
    if let Err(failure) = output(&mut start) {
        let log = std::fs::read_to_string(run.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {failure}{log}");
    }
    let url = format!("postgres://{USER}@127.0.0.1:{port}/postgres");
    std::fs::write(run.join("url"), &url).expect("a file");
    url
}

/// Starts the watchdog before the server, so that there is no moment in which a killed test leaves the server behind.
fn watch(programs: &Path, home: &Path, run: &Path) {
    let mut stop = program(programs, "pg_ctl");
    stop.args(["stop", "--mode=immediate", "--silent", "--pgdata"]).arg(run.join("data"));
    let mut watchdog = Command::new("setsid");
    watchdog.args(["--fork", "sh", "-c", WATCHDOG, "watchdog"]).args([home, run]);
    watchdog.arg(stop.get_program()).args(stop.get_args()).current_dir("/");
    watchdog.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(watchdog.status().is_ok_and(|status| status.success()), "no watchdog");
}
