//! A node: the real binary in a process, that can be killed, paused, cut off, run out of disk, and given a wrong clock.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use laserchat_ground::free_port;
use tempfile::TempDir;

use crate::{Cable, Process, process};

/// How large the disk of a node is, where it may have one of its own.
const DISK: &str = "48m";
/// What gives a process another clock, from Debian's package `faketime`, on the machines that it is packaged for.
const CLOCKS: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

pub struct Node {
    process: Option<Process>,
    settings: Vec<(String, String)>,
    /// Where it listens, also when it comes back.
    listen: String,
    disk: Disk,
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
            disk: Disk::new(),
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
        serve.arg("serve").args(["--listen", &self.listen, "--data"]).arg(self.disk.path().join("data"));
        for (name, value) in &self.settings {
            serve.env(format!("LASERCHAT_{name}"), value);
        }
        if let Some(library) = other_clock() {
            // A change is seen within a second; what measures how long something takes is not touched, as it is not when
            // an administrator sets the clock.
            serve.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", self.disk.clock());
            serve.env("FAKETIME_CACHE_DURATION", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        serve.stderr(self.disk.log());
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
        std::fs::read_to_string(self.disk.folder.path().join("log")).unwrap_or_default()
    }

    /// Leaves no room on its disk. `false`, and it is said: it has none of its own.
    pub fn fill_disk(&self) -> bool {
        if !self.disk.mounted {
            eprintln!("skipped: only root may give a node a disk of its own");
            return false;
        }
        let zeros = std::fs::File::open("/dev/zero").expect("zeros");
        let mut file = std::fs::File::create(self.disk.path().join("filling")).expect("a file");
        let failure = std::io::copy(&mut std::io::BufReader::new(zeros), &mut file).expect_err("no room is left");
        assert_eq!(failure.kind(), std::io::ErrorKind::StorageFull);
        true
    }

    pub fn empty_disk(&self) {
        std::fs::remove_file(self.disk.path().join("filling")).expect("room again");
    }

    /// Sets its clock so many seconds forward or back. `false`, and it is said: there is nothing to do that with.
    pub fn skew(&self, seconds: i64) -> bool {
        if other_clock().is_none() {
            eprintln!("skipped: faketime is not installed");
            return false;
        }
        std::fs::write(self.disk.clock(), format!("{seconds:+}")).expect("a file");
        true
    }
}

pub fn other_clock() -> Option<&'static str> {
    CLOCKS.into_iter().find(|library| Path::new(library).is_file())
}

/// A disk in memory, where this may be made; else a folder.
struct Disk {
    folder: TempDir,
    mounted: bool,
}

impl Disk {
    fn new() -> Disk {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let disk = folder.path().join("disk");
        std::fs::create_dir(&disk).expect("a folder");
        std::fs::write(folder.path().join("clock"), "+0").expect("a file");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={DISK}"), "tmpfs"]).arg(&disk).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        Disk { folder, mounted }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// The file that says how wrong its clock is.
    fn clock(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    fn log(&self) -> std::fs::File {
        let log = self.folder.path().join("log");
        std::fs::File::options().create(true).append(true).open(log).expect("a file")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
        }
    }
}
