//! A node: the real binary in a process, that can be killed, paused, cut off, run out of disk, and given a wrong clock.

use std::fs::File;
use std::path::PathBuf;

use laserchat_ground::{Clock, Disk, free_port};
use tempfile::TempDir;

use crate::{Cable, Process, process};

pub struct Node {
    process: Option<Process>,
    settings: Vec<(String, String)>,
    /// Where it listens, also when it comes back.
    listen: String,
    folder: TempDir,
    /// Its own, where it may have one.
    pub disk: Option<Disk>,
    pub clock: Option<Clock>,
    /// The way to it.
    pub front: Option<Cable>,
    /// Its way to the database, where that is a server.
    pub database: Option<Cable>,
    /// Its way to the bus.
    pub bus: Option<Cable>,
}

impl Node {
    /// Starts it with these settings, by their environment names without the prefix.
    pub async fn start(settings: Vec<(String, String)>, database: Option<Cable>, bus: Option<Cable>) -> Node {
        let mut node = Node {
            process: None,
            settings,
            listen: format!("127.0.0.1:{}", free_port()),
            folder: tempfile::tempdir().expect("a temporary folder"),
            disk: Disk::new(),
            clock: Clock::new(),
            front: None,
            database,
            bus,
        };
        node.run().await;
        node.front = Some(Cable::to(&node.listen).await);
        node
    }

    /// Starts it again, with the same data, settings and address.
    pub async fn run(&mut self) {
        let mut serve = process::command();
        let disk = self.disk.as_ref().map_or(self.folder.path(), Disk::path);
        serve.arg("serve").args(["--listen", &self.listen, "--data"]).arg(disk.join("data"));
        for (name, value) in &self.settings {
            serve.env(format!("LASERCHAT_{name}"), value);
        }
        serve.envs(self.clock.iter().flat_map(Clock::environment));
        serve.stderr(File::options().create(true).append(true).open(self.log()).expect("a file"));
        self.process = Some(Process::run(serve).await);
    }

    /// Where the balancer finds it.
    pub fn address(&self) -> String {
        self.front.as_ref().expect("it was started").address.to_string()
    }

    fn process(&self) -> &Process {
        self.process.as_ref().expect("it runs")
    }

    pub async fn kill(&mut self) {
        self.process.take().expect("it runs").kill().await;
    }

    /// Ends it in good order.
    pub async fn stop(&mut self) {
        assert!(self.process.take().expect("it runs").terminate().await.success(), "{}", self.said());
    }

    /// Stops it in the middle of what it does; it does not know.
    pub async fn pause(&self) {
        self.process().signal("STOP").await;
    }

    pub async fn resume(&self) {
        self.process().signal("CONT").await;
    }

    /// What it has written to its log.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}
