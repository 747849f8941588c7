//! HAProxy in front of servers, with a configuration of the caller's.

use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::daemon::Daemon;
use crate::free_port;
use crate::programs::find;

pub struct Haproxy {
    port: u16,
    _daemon: Daemon,
    _folder: TempDir,
}

/// Whether there is something to start. `false`, and it is said: there is not.
pub fn is_installed() -> bool {
    let found = find("haproxy").is_some();
    if !found {
        eprintln!("skipped: haproxy is not installed");
    }
    found
}

impl Haproxy {
    /// Starts it with what `configuration` makes of the port on which it is to listen. `None`, and it is said: it is not
    /// installed.
    pub fn start(configuration: impl Fn(u16) -> String) -> Option<Haproxy> {
        if !is_installed() {
            return None;
        }
        let program = find("haproxy")?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("haproxy.cfg");
        let port = free_port();
        std::fs::write(&file, configuration(port)).expect("a file");
        let checked = crate::programs::output(Command::new(&program).arg("-c").arg("-f").arg(&file));
        checked.unwrap_or_else(|failure| panic!("HAProxy refuses its configuration: {failure}"));
        let mut command = Command::new(&program);
        // In the foreground, in this one process.
        command.arg("-db").arg("-f").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Daemon::start(&mut command);
        assert!(daemon.listens(port), "HAProxy does not start");
        Some(Haproxy { port, _daemon: daemon, _folder: folder })
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}
