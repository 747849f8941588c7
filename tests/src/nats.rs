//! A real nats-server, which can be killed and started again, and whose cables can be cut.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::patiently;

pub struct Nats {
    child: Option<Child>,
    program: PathBuf,
    port: u16,
}

impl Nats {
    /// One's own server. `None`, and it is said: none is installed. `cargo xtask test` installs it where it may.
    pub async fn start() -> Option<Nats> {
        let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];
        let Some(program) =
            folders.into_iter().map(|folder| Path::new(folder).join("nats-server")).find(|path| path.is_file())
        else {
            eprintln!("skipped: nats-server is not installed");
            return None;
        };
        // A port that was free a moment ago, because the server has to come back where it was.
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mut nats = Nats { child: None, program, port };
        nats.start_again().await;
        Some(nats)
    }

    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub async fn start_again(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("nats-server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        patiently("NATS to be ready", async {
            loop {
                let line = lines.next_line().await.expect("a readable log").expect("nats-server does not start");
                if line.contains("Server is ready") {
                    return;
                }
            }
        })
        .await;
        // What it says later must not block it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.child = Some(child);
    }

    /// Dies without a word.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.expect("it can be killed");
        }
    }
}
