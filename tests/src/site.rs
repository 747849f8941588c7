//! What processes of one cluster share: a database, a bus, and a place for files. Nodes are started on it one by one, each
//! with what its test wants.

use laserchat_ground::Nats;
use laserchat_ground::postgres::{self, Database};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{Process, S3, process};

pub struct Site {
    pub database: Database,
    pub nats: Nats,
    s3: S3,
}

/// A process with a folder of its own.
pub struct Member {
    pub process: Process,
    _folder: TempDir,
}

impl Site {
    /// `None`, and it is said: something is not installed.
    pub async fn start() -> Option<Site> {
        let (database, nats) = tokio::task::block_in_place(|| Some((postgres::shared()?.database(), Nats::start(1)?)))?;
        Some(Site { database, nats, s3: S3::start().await })
    }

    /// The command of a node, which a test may change before it runs it.
    pub fn serve(&self, data: &TempDir) -> Command {
        let mut serve = process::command();
        serve.args(["serve", "--rate-limits", "off", "--listen", "127.0.0.1:0", "--data"]).arg(data.path());
        serve.env("LASERCHAT_DATABASE_URL", &self.database.url);
        serve.env("LASERCHAT_BUS_URL", format!("nats://{}", self.nats.address(0)));
        serve.envs(self.s3.settings().map(|(name, value)| (format!("LASERCHAT_{name}"), value)));
        serve
    }

    pub async fn node(&self, change: impl FnOnce(&mut Command)) -> Member {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut serve = self.serve(&folder);
        serve.stderr(std::process::Stdio::null());
        change(&mut serve);
        Member { process: Process::run(serve).await, _folder: folder }
    }
}

impl Member {
    pub fn address(&self) -> &str {
        &self.process.address
    }
}
