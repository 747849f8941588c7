//! The real binary in a process of its own, for what only a process can suffer: being killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::patiently;

pub struct Process {
    child: Child,
    pub address: String,
}

/// The binary beside this test's own, built on demand, so that it is never an old one.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    let folder =
        test.ancestors().find(|path| path.ends_with("debug") || path.ends_with("release")).expect("a target folder");
    let binary = folder.join("laserchat");
    assert!(binary.is_file(), "build it first: cargo build -p laserchat-server");
    binary
}

/// The command without any setting of the surrounding environment.
pub fn command() -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LASERCHAT_") {
            command.env_remove(name);
        }
    }
    command
}

impl Process {
    /// Starts it on a data folder; `address` may have port 0.
    pub async fn start(data: &Path, address: &str) -> Process {
        let mut serve = command();
        serve.args(["serve", "--rate-limits", "off", "--listen", address, "--data"]).arg(data).stderr(Stdio::null());
        Process::run(serve).await
    }

    /// Starts a `laserchat serve` of one's own making.
    pub async fn run(mut serve: Command) -> Process {
        let mut child =
            serve.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = patiently("the server's address", async {
            loop {
                let line = lines.next_line().await.expect("readable output").expect("the server says where it listens");
                if let Some((_, rest)) = line.split_once("http://").or_else(|| line.split_once("https://")) {
                    return rest.split(['/', ' ']).next().unwrap_or_default().to_owned();
                }
            }
        })
        .await;
        // What it says later must not block it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Process { child, address: address.replace("localhost", "127.0.0.1") }
    }

    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// SIGKILL: no goodbye.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it dies");
    }

    pub async fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(kill.await.expect("kill runs").success());
    }

    /// SIGTERM, and waits for the end in good order.
    pub async fn terminate(mut self) -> std::process::ExitStatus {
        self.signal("TERM").await;
        patiently("the server to stop", self.child.wait()).await.expect("it ends")
    }
}
