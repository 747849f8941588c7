//! A PostgreSQL server of a test's own.

use std::path::{Path, PathBuf};
use std::time::Instant;

use tempfile::TempDir;

use super::{USER, file_for_server, folder_for_server, initialise, program, programs, sql};
use crate::daemon::PATIENCE;
use crate::free_port;
use crate::programs::output;
use crate::watch::Watch;

/// How a server stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Connections end, everything is written.
    Fast,
    /// As in a loss of power: nothing more is written, and the next start recovers from the log.
    Immediate,
}

pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    _watch: Watch,
}

impl Postgres {
    /// A server that keeps what it has acknowledged, as an operator's does. `None`, and it is said: none is installed.
    pub fn start() -> Option<Postgres> {
        Postgres::with(&[])
    }

    /// The same with further settings, each as `name=value`.
    pub fn with(settings: &[&str]) -> Option<Postgres> {
        Some(Postgres::launch(programs()?, settings, initialise))
    }

    /// A copy of this server that follows it, until it is promoted. The slot makes this one keep what the copy has not got.
    pub fn replica(&self, name: &str, settings: &[&str]) -> Postgres {
        let copy = |programs: &Path, data: &Path| {
            let mut backup = program(programs, "pg_basebackup");
            backup.args(["--create-slot", "--slot", name, "--wal-method=stream", "--checkpoint=fast", "--no-sync"]);
            backup.args(["--write-recovery-conf", "--dbname", &self.url("")]).arg("--pgdata").arg(data);
            output(&mut backup).map(drop)
        };
        let primary = format!("host=127.0.0.1 port={} user={USER} application_name={name}", self.port);
        let follow = [format!("primary_conninfo='{primary}'"), format!("primary_slot_name='{name}'")];
        let settings: Vec<&str> = follow.iter().map(String::as_str).chain(settings.iter().copied()).collect();
        Postgres::launch(self.programs.clone(), &settings, copy)
    }

    /// Makes a replica a server that writes, and waits until it does. The server that it followed must be stopped: two that
    /// write would be two truths.
    pub fn promote(&self) {
        self.control(&["promote"]).expect("it is promoted");
    }

    /// Waits until everything that this server has written so far is also written by its replica.
    pub fn wait_for_replica(&self, name: &str) {
        let start = Instant::now();
        let now = self.sql("postgres", "select pg_current_wal_lsn()").expect("a position");
        let question = format!(
            "select count(*) from pg_stat_replication where application_name = '{name}' and flush_lsn >= '{now}'::pg_lsn"
        );
        while self.sql("postgres", &question).expect("a count") == "0" {
            assert!(start.elapsed() < PATIENCE, "the replica does not follow");
        }
    }

    fn launch(programs: PathBuf, settings: &[&str], fill: impl FnOnce(&Path, &Path) -> Result<(), String>) -> Postgres {
        let postgres = Postgres::prepare(programs, settings, fill);
        postgres.run().unwrap_or_else(|failure| panic!("PostgreSQL does not start: {failure}"));
        postgres
    }

    /// Makes the folder of a server, with a port, and leaves it to `fill` to put a database into it.
    fn prepare(
        programs: PathBuf,
        settings: &[&str],
        fill: impl FnOnce(&Path, &Path) -> Result<(), String>,
    ) -> Postgres {
        let folder = tempfile::Builder::new().prefix("laserchat-postgres-").tempdir().expect("a temporary folder");
        // The server's user has to pass through it to its own part.
        set_mode(folder.path(), 0o711);
        let home = folder.path().join("server");
        folder_for_server(&home).expect("a folder");
        let data = home.join("data");
        fill(&programs, &data).unwrap_or_else(|failure| panic!("no database: {failure}"));
        let stop = r#"kill -9 $(head -n 1 "$1/postmaster.pid"); rm -rf "$2""#;
        let watch = Watch::new(stop, &[&data.display().to_string(), &folder.path().display().to_string()]);
        let postgres = Postgres { programs, folder, port: free_port(), _watch: watch };
        postgres.configure(settings);
        postgres
    }

    /// Settings come in a file of the folder, so that every start, also by [`Postgres::restart`], has the same ones.
    fn configure(&self, settings: &[&str]) {
        let fixed = [
            format!("port={}", self.port),
            "listen_addresses='127.0.0.1'".to_owned(),
            format!("unix_socket_directories='{}'", self.home().display()),
            "max_connections=500".to_owned(),
        ];
        let lines: Vec<&str> = fixed.iter().map(String::as_str).chain(settings.iter().copied()).collect();
        // The file that is read last, where a copy of another server brings that one's settings.
        let file = self.home().join("data/postgresql.auto.conf");
        std::fs::write(file, lines.join("\n") + "\n").expect("its settings");
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    fn control(&self, words: &[&str]) -> Result<(), String> {
        let mut control = program(&self.programs, "pg_ctl");
        control.args(words).args(["--wait", "--silent", "--timeout=60", "--pgdata"]).arg(self.home().join("data"));
        output(&mut control).map(drop)
    }

    /// Starts it and waits until it serves.
    pub fn run(&self) -> Result<(), String> {
        let log = self.home().join("log");
        self.control(&["start", "--log", &log.display().to_string()])
            .map_err(|failure| format!("{failure}\n{}", std::fs::read_to_string(log).unwrap_or_default()))
    }

    pub fn stop(&self, mode: Mode) {
        let mode = format!("--mode={mode:?}").to_lowercase();
        self.control(&["stop", &mode]).expect("it stops");
    }

    pub fn restart(&self, mode: Mode) {
        self.stop(mode);
        self.run().expect("it starts again");
    }

    /// The process that started all others of this server, each of which works for one client. `None`: it is stopped.
    pub fn id(&self) -> Option<u32> {
        let file = std::fs::read_to_string(self.home().join("data/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// Lets it speak TLS with this certificate and key (PEM), beside those who come without.
    pub fn speak_tls(&self, certificate: &str, key: &str) {
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let own = self.folder.path().join(name);
            std::fs::write(&own, text).expect("a file");
            file_for_server(&own, &self.home().join(name)).expect("a file for it");
            let setting = if name == "server.crt" { "ssl_cert_file" } else { "ssl_key_file" };
            let place = self.home().join(name);
            self.sql("postgres", &format!("ALTER SYSTEM SET {setting} = '{}'", place.display())).expect("a setting");
        }
        self.sql("postgres", "ALTER SYSTEM SET ssl = on").expect("a setting");
        self.restart(Mode::Fast);
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs SQL and answers its rows, as [`sql`] does.
    pub fn sql(&self, database: &str, statement: &str) -> Result<String, String> {
        sql(&self.url(database), statement)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A server that is stopped already says so, and is as good.
        let _ = self.control(&["stop", "--mode=immediate"]);
    }
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
}
