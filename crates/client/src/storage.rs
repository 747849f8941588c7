//! Storage: where a client keeps its outbox and state between runs.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use parking_lot::Mutex;

/// Keeps named values. When `save` returns, the value survives a crash; a save that fails leaves the one before.
pub trait Storage: Send + Sync + 'static {
    fn load(&self, name: &str) -> io::Result<Option<Vec<u8>>>;
    fn save(&self, name: &str, value: &[u8]) -> io::Result<()>;
}

/// Keeps values for as long as the process runs.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    values: Mutex<HashMap<String, Vec<u8>>>,
}

impl Storage for MemoryStorage {
    fn load(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.values.lock().get(name).cloned())
    }

    fn save(&self, name: &str, value: &[u8]) -> io::Result<()> {
        self.values.lock().insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

/// Keeps each value in a file of one directory.
#[derive(Debug)]
pub struct FileStorage {
    directory: PathBuf,
    /// Two saves at once would write the same temporary file.
    writing: Mutex<()>,
}

impl FileStorage {
    /// Opens a directory, and makes it if needed, readable by its owner only.
    pub fn open(directory: impl Into<PathBuf>) -> io::Result<Self> {
        let directory = directory.into();
        fs::create_dir_all(&directory)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&directory, fs::Permissions::from_mode(0o700))?;
        }
        Ok(FileStorage { directory, writing: Mutex::new(()) })
    }
}

impl Storage for FileStorage {
    fn load(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.directory.join(name)) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, name: &str, value: &[u8]) -> io::Result<()> {
        let _writing = self.writing.lock();
        let temporary = self.directory.join(format!("{name}.new"));
        let mut file = File::create(&temporary)?;
        file.write_all(value)?;
        file.sync_all()?;
        fs::rename(&temporary, self.directory.join(name))?;
        // The rename itself is durable only once the directory is.
        #[cfg(unix)]
        File::open(&self.directory)?.sync_all()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_after_reopening() {
        let directory = tempfile::tempdir().unwrap();
        let open = || FileStorage::open(directory.path().join("client")).unwrap();
        assert_eq!(open().load("outbox").unwrap(), None);
        open().save("outbox", b"first").unwrap();
        open().save("outbox", b"second").unwrap();
        assert_eq!(open().load("outbox").unwrap().as_deref(), Some(&b"second"[..]));
    }
}
