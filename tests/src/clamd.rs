//! A real clamd with a database of one harmless signature: the test file that all scanners know.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::patiently;

pub struct Clamd {
    child: Option<Child>,
    program: &'static str,
    folder: TempDir,
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Clamd {
    /// The test file of the European Institute for Computer Antivirus Research, in two halves, so that no scanner takes
    /// this source for it.
    pub fn eicar() -> Vec<u8> {
        [&br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-"[..], b"ANTIVIRUS-TEST-FILE!$H+H*"].concat()
    }

    /// One's own clamd. `None`, and it is said: none is installed. `cargo xtask test` installs it where it may.
    pub async fn start() -> Option<Clamd> {
        let programs = ["/usr/sbin/clamd", "/usr/local/sbin/clamd"];
        let Some(program) = programs.into_iter().find(|path| Path::new(path).is_file()) else {
            eprintln!("skipped: clamd is not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().display();
        let signature: String = Self::eicar().iter().map(|byte| format!("{byte:02x}")).collect();
        let database = format!("Own-Test-Signature:0:*:{signature}\n");
        let configuration = format!(
            "DatabaseDirectory {path}\nLocalSocket {path}/clamd.sock\nFixStaleSocket yes\nForeground yes\n\
             TemporaryDirectory {path}\n"
        );
        for (name, content) in [("own.ndb", database), ("clamd.conf", configuration)] {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        let mut clamd = Clamd { child: None, program, folder };
        clamd.start_again().await;
        Some(clamd)
    }

    pub fn socket(&self) -> String {
        self.folder.path().join("clamd.sock").display().to_string()
    }

    pub async fn start_again(&mut self) {
        let mut command = Command::new(self.program);
        command.arg("--config-file").arg(self.folder.path().join("clamd.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = self.child.insert(command.spawn().expect("clamd starts"));
        let socket = self.folder.path().join("clamd.sock");
        patiently("clamd to listen", async {
            while tokio::net::UnixStream::connect(&socket).await.is_err() {
                assert!(child.try_wait().expect("its state").is_none(), "clamd does not start");
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
