//! `laserchat doctor`: looks for what is wrong, and says what to do about it.
//!
//! Every line is one finding: `ok`, `warn` (works, but think about it) or `fail` (does not work, or will not for long).
//! Nothing is changed (a bucket gets an empty object for a moment), so it is safe at any time and beside any server.

mod media;

use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use laserchat_protocol::Timestamp;
use laserchat_protocol::server::ServerInfo;
use laserchat_store::{Inspection, StoreError, postgres, sqlite};
use rustix::fs::{Access, FsWord, access, statfs, statvfs};
use rustix::process::{Resource, getrlimit};

use super::{Outcome, database, is_served, load, probe, runtime, say};
use crate::authorities;
use crate::config::{Config, Flags};
use crate::follow::search;
use crate::tls::Certificate;

#[derive(clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    flags: Flags,
}

/// Space below which the server cannot go on for long, and below which it is time to think.
const SCARCE_BYTES: u64 = 100 << 20;
const LITTLE_BYTES: u64 = 1 << 30;
/// Files that are not connections: the database, its log, the listener, what the runtime needs.
const OWN_FILES: u64 = 100;
/// 2025-01-01: no clock that is right shows less.
const EARLIEST: Timestamp = Timestamp(1_735_689_600_000);
/// File systems over a network, whose locks and shared memory a database cannot count on: NFS, SMB, SMB2, CIFS.
const NETWORK: [u32; 4] = [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug)]
struct Finding {
    verdict: Verdict,
    about: &'static str,
    text: String,
}

#[derive(Default)]
struct Report(Vec<Finding>);

impl Report {
    fn ok(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Finding { verdict: Verdict::Ok, about, text: text.into() });
    }

    fn warn(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Finding { verdict: Verdict::Warn, about, text: text.into() });
    }

    fn fail(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Finding { verdict: Verdict::Fail, about, text: text.into() });
    }

    fn text(&self) -> String {
        let line = |finding: &Finding| {
            let verdict = match finding.verdict {
                Verdict::Ok => "ok  ",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
            };
            format!("{verdict}  {:13}  {}\n", finding.about, finding.text)
        };
        self.0.iter().map(line).collect()
    }

    fn failed(&self) -> bool {
        self.0.iter().any(|finding| finding.verdict == Verdict::Fail)
    }
}

pub fn run(command: &Doctor) -> Outcome {
    let mut report = Report::default();
    match load(&command.flags) {
        Ok(loaded) => {
            let set = loaded.effective().iter().filter(|row| row.origin != "default").count();
            report.ok("configuration", format!("{set} of {} keys are set", loaded.effective().len()));
            examine(&loaded.config, &mut report)?;
        }
        Err(super::Failure(message)) => report.fail("configuration", message),
    }
    say(report.text());
    Ok(if report.failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn examine(config: &Config, report: &mut Report) -> Result<(), super::Failure> {
    let database = database(config);
    let bytes = std::fs::metadata(&database).map_or(0, |file| file.len());
    folder(&config.data, report);
    space(&config.data, bytes, report);
    certificate(config, Timestamp::now(), report);
    files(getrlimit(Resource::Nofile).maximum, config.limits.connections as u64, report);
    let found = match &config.database.url {
        Some(url) => Some(postgres::inspect(url)),
        None if bytes > 0 => Some(sqlite::inspect(&database)),
        None => None,
    };
    let readable = matches!(&found, Some(Ok(found)) if found.version > 0);
    let newest = found.as_ref().and_then(|found| found.as_ref().ok()?.newest_key);
    clock(Timestamp::now(), newest, report);
    if authorities::exist() {
        report.ok("authorities", "this machine has their certificates");
    } else {
        report.warn("authorities", authorities::MISSING);
    }
    let epoch = found.as_ref().and_then(|found| found.as_ref().ok()?.epoch.clone());
    content(found, bytes, report);
    replica(config, report);
    // What cannot be asked for has been told in the line about the database.
    let (named, lag) = match &config.database.url {
        _ if !readable => (Vec::new(), None),
        Some(url) => (postgres::blobs(url).unwrap_or_default(), postgres::lag(url, search::NAME).ok()),
        None => (sqlite::blobs(&database).unwrap_or_default(), sqlite::lag(&database, search::NAME).ok()),
    };
    let runtime = runtime()?;
    runtime.block_on(media::examine(config, &named, lag, report));
    runtime.block_on(port(config, epoch, report));
    Ok(())
}

fn folder(data: &Path, report: &mut Report) {
    use std::os::unix::fs::PermissionsExt;
    let name = data.display();
    let Ok(found) = std::fs::metadata(data) else {
        return match access(existing(data), Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) => report.ok("data folder", format!("{name} is not there yet; the server makes it")),
            Err(_) => report.fail("data folder", format!("{name} is not there and cannot be made; make it yourself")),
        };
    };
    if !found.is_dir() {
        return report.fail("data folder", format!("{name} is not a folder; choose another with `data`"));
    }
    if access(data, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return report.fail("data folder", format!("{name} cannot be written to; give it to the server's user"));
    }
    if statfs(data).is_ok_and(|system| NETWORK.iter().any(|known| *known as FsWord == system.f_type)) {
        return report.fail(
            "data folder",
            format!("{name} is on a network file system, which loses databases; use a local disk"),
        );
    }
    if found.permissions().mode() & 0o077 != 0 {
        return report.warn(
            "data folder",
            format!("others on this machine can look into {name}, where keys and messages are; chmod 700 it"),
        );
    }
    report.ok("data folder", format!("{name} is there, writable and private"));
}

/// The nearest folder above that exists.
fn existing(path: &Path) -> &Path {
    path.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."))
}

fn space(data: &Path, database: u64, report: &mut Report) {
    let free = match statvfs(existing(data)) {
        Ok(system) => system.f_bavail.saturating_mul(system.f_frsize),
        Err(error) => return report.warn("free space", format!("cannot be told: {error}")),
    };
    let megabytes = free >> 20;
    if free < SCARCE_BYTES {
        report.fail("free space", format!("{megabytes} MB are left; make room now, sending is about to fail"));
    } else if free < LITTLE_BYTES.max(database) {
        report.warn(
            "free space",
            format!("{megabytes} MB are left, {} MB are used: a backup may not fit beside it", database >> 20),
        );
    } else {
        report.ok("free space", format!("{megabytes} MB"));
    }
}

fn files(maximum: Option<u64>, connections: u64, report: &mut Report) {
    let Some(maximum) = maximum else { return report.ok("open files", "without limit") };
    let room = maximum.saturating_sub(OWN_FILES);
    if room < 100 {
        report.fail("open files", format!("{maximum} is too few to run; raise it (ulimit -n, LimitNOFILE=)"));
    } else if room < connections {
        report.warn(
            "open files",
            format!(
                "{maximum} allow about {room} connections, and limits.connections is {connections}: raise the one \
                 (ulimit -n, LimitNOFILE=) or lower the other"
            ),
        );
    } else {
        report.ok("open files", format!("{maximum} allow {connections} connections"));
    }
}

/// Below which a certificate should have been renewed by whoever does that.
const SHORT_DAYS: u64 = 10;

fn certificate(config: &Config, now: Timestamp, report: &mut Report) {
    let (Some(chain), Some(key)) = (&config.tls.certificate, &config.tls.key) else { return };
    match Certificate::read(Path::new(chain), Path::new(key)) {
        Ok(certificate) => {
            let left = certificate.expires.saturating_sub(now.0.max(0) as u64 / 1000) / 86_400;
            match left {
                0 => report.fail("certificate", "it has expired, or does within a day; renew it"),
                days if days < SHORT_DAYS => {
                    report.warn("certificate", format!("it expires in {days} days; does whatever renews it work?"));
                }
                days => report.ok("certificate", format!("it is good for {days} days")),
            }
        }
        Err(error) => report.fail("certificate", error.to_string()),
    }
}

fn clock(now: Timestamp, newest: Option<Timestamp>, report: &mut Report) {
    match newest {
        _ if now < EARLIEST => report.fail("clock", format!("it says {now}; set it, and keep it right with NTP")),
        Some(newest) if now < newest => report.fail(
            "clock",
            format!("it says {now}, but the newest signing key is from {newest}; set it, and keep it right with NTP"),
        ),
        _ => report.ok("clock", now.to_string()),
    }
}

fn content(found: Option<Result<Inspection, StoreError>>, bytes: u64, report: &mut Report) {
    match found {
        None => report.ok("database", "there is none yet; the server makes it"),
        Some(Err(StoreError::TooNew { found, known })) => report.fail(
            "database",
            format!("it is of version {found} and this program knows {known}: run the newer LaserChat that made it"),
        ),
        Some(Err(error)) => report.fail("database", format!("{error}; restore a backup if it stays so")),
        Some(Ok(found)) if found.version == 0 => report.ok("database", "it is empty yet; the server makes its tables"),
        Some(Ok(Inspection { closed: Some(why), .. })) => report.fail("database", why),
        Some(Ok(found)) if !found.findings.is_empty() => {
            let first = found.findings.first().cloned().unwrap_or_default();
            let count = found.findings.len();
            report.fail("database", format!("{count} damage(s), the first: {first}; keep a copy and restore a backup"));
        }
        Some(Ok(found)) => {
            let (version, known) = (found.version, found.known);
            let behind = if version < known { format!(", {known} at the next start") } else { String::new() };
            let epoch = found.epoch.unwrap_or_default();
            let size = if bytes > 0 { format!(", {} MB", bytes >> 20) } else { String::new() };
            report.ok("database", format!("whole, version {version}{behind}{size}, epoch {epoch}"));
        }
    }
}

/// How far a copy of the database may be behind: above that, what it could answer is asked of the database itself.
const LATE_BYTES: u64 = 16 << 20;

fn replica(config: &Config, report: &mut Report) {
    let (Some(url), Some(replica)) = (&config.database.url, &config.database.replica_url) else { return };
    match postgres::behind(url, replica) {
        Ok(behind) if !behind.follows => {
            report.fail("replica", "it is a database of its own: it was promoted, or database.replica_url is wrong");
        }
        Ok(behind) if behind.bytes > LATE_BYTES => {
            let megabytes = behind.bytes >> 20;
            report.warn("replica", format!("it is {megabytes} MB behind; until it is not, the database answers all"));
        }
        Ok(behind) => report.ok("replica", format!("it follows, {} bytes behind", behind.bytes)),
        Err(error) => report.warn("replica", format!("{error}; the database answers all meanwhile")),
    }
}

/// Whether the server's port is free, or answered by the server, or taken by somebody else.
async fn port(config: &Config, epoch: Option<String>, report: &mut Report) {
    let served = is_served(config);
    let listen = config.listen;
    match TcpListener::bind(listen) {
        Ok(_) if served => {
            report.warn("server", format!("one runs on this data folder, but not on {listen}: is `listen` right?"));
        }
        Ok(_) => report.ok("server", format!("none is running, and {listen} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => match ask(config).await {
            Ok(info) if epoch.is_none_or(|epoch| epoch == info.epoch) && served => {
                report.ok("server", format!("{} {} answers on {listen}", info.name, info.version));
            }
            Ok(info) => {
                let name = info.name;
                report.warn("server", format!("{name} answers on {listen}, but from another data folder than this"));
            }
            Err(why) if served => {
                report.fail("server", format!("it does not answer on {listen} ({why}): see its log, or restart it"));
            }
            Err(_) => {
                report.fail("server", format!("another program has {listen}; stop it or choose another `listen`"))
            }
        },
        Err(error) => report.fail("server", format!("cannot listen on {listen}: {error}")),
    }
}

/// What the server on an address says of itself, once it says that it is ready.
async fn ask(config: &Config) -> Result<ServerInfo, reqwest::Error> {
    probe::get(config, "/readyz").await?.error_for_status()?;
    probe::get(config, "/api/v1/server").await?.error_for_status()?.json().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the one line that a check has written says.
    pub(super) fn verdict(check: impl FnOnce(&mut Report)) -> Verdict {
        let mut report = Report::default();
        check(&mut report);
        assert_eq!(report.0.len(), 1, "{}", report.text());
        report.0[0].verdict
    }

    #[test]
    fn folders_are_told_apart() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let mode = |mode| std::fs::set_permissions(place.path(), PermissionsExt::from_mode(mode)).unwrap();
        mode(0o700);
        assert_eq!(verdict(|report| folder(place.path(), report)), Verdict::Ok);
        assert_eq!(verdict(|report| folder(&place.path().join("a/b"), report)), Verdict::Ok);
        mode(0o755);
        assert_eq!(verdict(|report| folder(place.path(), report)), Verdict::Warn);
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(verdict(|report| folder(&file, report)), Verdict::Fail);
    }

    #[test]
    fn limits_are_compared_with_what_is_wanted() {
        assert_eq!(verdict(|report| files(None, 100_000, report)), Verdict::Ok);
        assert_eq!(verdict(|report| files(Some(200_000), 100_000, report)), Verdict::Ok);
        assert_eq!(verdict(|report| files(Some(20_000), 100_000, report)), Verdict::Warn);
        assert_eq!(verdict(|report| files(Some(128), 100, report)), Verdict::Fail);
    }

    #[test]
    fn a_clock_that_went_back_is_noticed() {
        let now = Timestamp::now();
        assert_eq!(verdict(|report| clock(now, Some(now), report)), Verdict::Ok);
        assert_eq!(verdict(|report| clock(now, Some(now.plus_seconds(1)), report)), Verdict::Fail);
        assert_eq!(verdict(|report| clock(Timestamp(0), None, report)), Verdict::Fail);
    }

    #[test]
    fn databases_are_told_apart() {
        assert_eq!(verdict(|report| content(None, 0, report)), Verdict::Ok);
        let newer = StoreError::TooNew { found: 9, known: 1 };
        assert_eq!(verdict(|report| content(Some(Err(newer)), 1, report)), Verdict::Fail);
        let found = Inspection {
            version: 1,
            known: 1,
            epoch: None,
            newest_key: None,
            closed: None,
            findings: vec!["row 7 is odd".into()],
        };
        let whole = Inspection { findings: Vec::new(), ..found.clone() };
        assert_eq!(verdict(|report| content(Some(Ok(found)), 1, report)), Verdict::Fail);
        assert_eq!(verdict(|report| content(Some(Ok(whole)), 1, report)), Verdict::Ok);
    }

    #[test]
    fn a_failure_is_seen_in_text_and_code() {
        let mut report = Report::default();
        report.ok("clock", "right");
        assert!(!report.failed());
        report.fail("server", "gone");
        assert!(report.failed());
        assert_eq!(report.text(), "ok    clock          right\nFAIL  server         gone\n");
    }
}
