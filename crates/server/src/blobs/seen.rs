//! Which blobs have come out of a store as they should: noted in a file while a server moves, so that none is read back twice.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use laserchat_store::BlobName;

use super::name;

pub struct Seen {
    path: PathBuf,
    file: File,
    blobs: HashSet<BlobName>,
}

impl Seen {
    /// What is noted in this file of the store at this address. What is noted of another is forgotten.
    pub fn open(path: &Path, store: &str) -> io::Result<Seen> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            text => text?,
        };
        let mut lines = text.lines();
        let same = lines.next() == Some(store);
        let read = |line: &str| line.split_once('/').and_then(|(folder, file)| name::read(folder, file));
        let blobs = if same { lines.filter_map(read).collect() } else { HashSet::new() };
        let mut file = File::options().create(true).append(true).open(path)?;
        if !same {
            file.set_len(0)?;
            file.write_all(store.as_bytes())?;
        }
        Ok(Seen { path: path.to_owned(), file, blobs })
    }

    pub fn has(&self, blob: &BlobName) -> bool {
        self.blobs.contains(blob)
    }

    pub fn note(&mut self, blob: BlobName) -> io::Result<()> {
        let (folder, file) = name::place(&blob);
        // A line that was broken off stays alone.
        self.file.write_all(format!("\n{folder}/{file}").as_bytes())?;
        self.blobs.insert(blob);
        Ok(())
    }

    /// The store is where the blobs are now.
    pub fn done(self) -> io::Result<()> {
        fs::remove_file(self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_remembered_of_one_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seen");
        let blob = |number| BlobName { hash: [7; 32], number };
        let mut seen = Seen::open(&path, "s3://one").unwrap();
        seen.note(blob(0)).unwrap();
        drop(seen);
        // Broken off in the middle of a line.
        File::options().append(true).open(&path).unwrap().write_all(b"\n07/07").unwrap();
        let mut seen = Seen::open(&path, "s3://one").unwrap();
        seen.note(blob(5)).unwrap();
        let seen = Seen::open(&path, "s3://one").unwrap();
        assert!(seen.has(&blob(0)) && seen.has(&blob(5)) && seen.blobs.len() == 2);
        let other = Seen::open(&path, "s3://two").unwrap();
        assert!(other.blobs.is_empty() && Seen::open(&path, "s3://one").unwrap().blobs.is_empty());
        other.done().unwrap();
        assert!(!path.exists());
    }
}
