//! Several nodes for a load balancer to stand in front of.
//!
//! Each is a process of its own, so that it can be killed.

use tempfile::TempDir;

use crate::process::{self, Process};

pub struct Node {
    pub process: Process,
    _folder: TempDir,
}

/// Three nodes that believe the balancer on this machine about where people come from. They say for a long time that they
/// are about to leave, so that a test sees it for as long as it needs to.
pub async fn three() -> [Node; 3] {
    let node = async || {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut serve = process::command();
        serve.args(["serve", "--rate-limits", "off", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"]);
        serve.args(["--shutdown-notice-seconds", "600"]);
        serve.arg("--data").arg(folder.path()).stderr(std::process::Stdio::null());
        Node { process: Process::run(serve).await, _folder: folder }
    };
    [node().await, node().await, node().await]
}
