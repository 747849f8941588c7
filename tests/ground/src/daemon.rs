//! A server program that runs until this value is dropped, or this process is gone.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::watch::Watch;

/// How long a program may take to listen. Far longer than it takes, so that a slow machine is no failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub struct Daemon {
    child: Child,
    _watch: Watch,
}

impl Daemon {
    /// Starts it. What it says goes to where the command sends it.
    pub fn start(command: &mut Command) -> Daemon {
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{:?} did not start: {error}", command.get_program()));
        let _watch = Watch::new(r#"kill -9 "$1""#, &[&child.id().to_string()]);
        Daemon { child, _watch }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it takes connections. `false`: it has ended instead.
    pub fn listens(&mut self, port: u16) -> bool {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return false;
            }
            assert!(start.elapsed() < PATIENCE, "nobody listens on port {port}");
            std::thread::yield_now();
        }
        true
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
