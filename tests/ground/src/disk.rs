//! A small disk of one process's own, that can be filled.

use std::fs::File;
use std::io::{BufReader, ErrorKind, copy};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// How large it is.
const SIZE: &str = "48m";

/// In memory, and gone when this is dropped.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// `None`, and it is said: this user may not mount one.
    pub fn new() -> Option<Disk> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE}"), "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        if !mount.status().is_ok_and(|status| status.success()) {
            eprintln!("skipped: only root may mount a disk, so none is filled");
            return None;
        }
        Some(Disk { folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let zeros = File::open("/dev/zero").expect("zeros");
        let mut file = File::create(self.filling()).expect("a file");
        let failure = copy(&mut BufReader::new(zeros), &mut file).expect_err("no room is left");
        assert_eq!(failure.kind(), ErrorKind::StorageFull);
    }

    /// Gives back the room.
    pub fn empty(&self) {
        std::fs::remove_file(self.filling()).expect("it was filled");
    }

    fn filling(&self) -> PathBuf {
        self.path().join("filling")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
