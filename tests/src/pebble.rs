//! A real ACME server: Pebble, which the makers of Let's Encrypt test their clients with.

use std::process::{Command, Stdio};

use laserchat_ground::Daemon;
use laserchat_ground::free_port;
use laserchat_ground::programs::find;
use tempfile::TempDir;

use crate::certificates::{self, Authority};
use crate::patiently;

pub struct Pebble {
    _daemon: Daemon,
    authority: Authority,
    port: u16,
    management: u16,
    folder: TempDir,
}

impl Pebble {
    /// One that comes to this port to see proofs. `None`, and it is said: it is not installed. `cargo xtask test` installs it
    /// where it may.
    pub async fn start(proofs: u16) -> Option<Pebble> {
        let Some(program) = find("pebble") else {
            eprintln!("skipped: pebble is not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = Authority::new();
        let (chain, key) = authority.issue(folder.path());
        std::fs::write(folder.path().join("authority.pem"), &authority.pem).expect("a file");
        let (port, management) = (free_port(), free_port());
        let settings = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": chain,
            "privateKey": key,
            "httpPort": 1,
            "tlsPort": proofs,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
        }});
        let config = folder.path().join("pebble.json");
        std::fs::write(&config, settings.to_string()).expect("a file");
        let mut command = Command::new(program);
        command.arg("-config").arg(config).env("PEBBLE_VA_NOSLEEP", "1");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = Daemon::start(&mut command);
        let pebble = Pebble { _daemon: daemon, authority, port, management, folder };
        let http = certificates::http(&pebble.authority.pem);
        patiently("pebble to answer", async {
            while http.get(pebble.directory()).send().await.is_err() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        Some(pebble)
    }

    pub fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// What vouches for its own site.
    pub fn ca_file(&self) -> String {
        self.folder.path().join("authority.pem").display().to_string()
    }

    /// What the certificates that it gives come from.
    pub async fn root(&self) -> String {
        let asked =
            certificates::http(&self.authority.pem).get(format!("https://localhost:{}/roots/0", self.management));
        asked.send().await.expect("an answer").text().await.expect("a certificate")
    }
}
