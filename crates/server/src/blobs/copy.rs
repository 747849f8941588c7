//! Copying blobs between folders, for backups: only what is not there yet, and only what is whole.
//!
//! A blob never changes and is named by its bytes. So a folder of blobs serves any number of backups, each of which adds
//! what is new, and a copy that was interrupted goes on where it was.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use laserchat_store::{BlobHash, BlobName};
use sha2::{Digest, Sha256};

use super::{CHUNK, name};
use crate::server::create_private;

/// What became of the blobs that were to be copied.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Written now.
    pub written: u64,
    pub bytes: u64,
    /// There already.
    pub kept: u64,
    /// Not in the folder that they should come from.
    pub missing: u64,
    /// There, but with other bytes than their name says.
    pub damaged: u64,
}

impl Copied {
    pub fn lost(&self) -> u64 {
        self.missing + self.damaged
    }

    pub(super) fn add(&mut self, other: Copied) {
        self.written += other.written;
        self.bytes += other.bytes;
        self.kept += other.kept;
        self.missing += other.missing;
        self.damaged += other.damaged;
    }
}

/// Copies these blobs from one folder to another.
pub fn copy(from: &Path, to: &Path, blobs: &[(BlobName, u64)]) -> io::Result<Copied> {
    let mut copied = Copied::default();
    if blobs.is_empty() {
        return Ok(copied);
    }
    create_private(to)?;
    for (blob, size) in blobs {
        let (shard, file) = name::place(blob);
        let (source, folder) = (from.join(&shard).join(&file), to.join(shard));
        let place = folder.join(&file);
        if fs::metadata(&place).is_ok_and(|found| found.len() == *size) {
            copied.kept += 1;
            continue;
        }
        let mut source = match File::open(source) {
            Ok(source) => source,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                copied.missing += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        create_private(&folder)?;
        let beside = folder.join(format!("{file}#copy"));
        if transfer(&mut source, &beside)? != (blob.hash, *size) {
            fs::remove_file(&beside)?;
            copied.damaged += 1;
            continue;
        }
        fs::rename(&beside, &place)?;
        File::open(&folder)?.sync_all()?;
        copied.written += 1;
        copied.bytes += size;
    }
    File::open(to)?.sync_all()?;
    Ok(copied)
}

/// Writes what is read to a new file, for its owner alone and durable, and answers what it was.
fn transfer(source: &mut File, to: &Path) -> io::Result<(BlobHash, u64)> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(to)?;
    let (mut digest, mut size, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let count = source.read(&mut chunk)?;
        if count == 0 {
            file.sync_all()?;
            return Ok((digest.finalize().into(), size));
        }
        digest.update(&chunk[..count]);
        file.write_all(&chunk[..count])?;
        size += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_and_whole_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let put = |content: &[u8], bytes: &[u8]| {
            let blob = BlobName { hash: Sha256::digest(content).into(), number: 7 };
            let (shard, file) = name::place(&blob);
            fs::create_dir_all(from.join(&shard)).unwrap();
            fs::write(from.join(shard).join(file), bytes).unwrap();
            (blob, content.len() as u64)
        };
        let (one, two) = (put(b"one", b"one"), put(b"two", b"two"));
        let written = Copied { written: 1, bytes: 3, ..Copied::default() };
        assert_eq!(copy(&from, &to, &[one]).unwrap(), written);
        assert_eq!(copy(&from, &to, &[one, two]).unwrap(), Copied { kept: 1, ..written });
        let damaged = put(b"three", b"thr\0e");
        let absent = (BlobName { hash: Sha256::digest(b"four").into(), number: 0 }, 4);
        let found = copy(&from, &to, &[one, damaged, absent]).unwrap();
        assert_eq!(found, Copied { kept: 1, missing: 1, damaged: 1, ..Copied::default() });
        assert_eq!(found.lost(), 2);
        // Half a copy of an interrupted one is no copy.
        let (shard, file) = name::place(&two.0);
        fs::write(to.join(shard).join(file), b"t").unwrap();
        assert_eq!(copy(&from, &to, &[two]).unwrap(), written);
        assert_eq!(copy(&from, &folder.path().join("none"), &[]).unwrap(), Copied::default());
        assert!(!folder.path().join("none").exists());
    }
}
