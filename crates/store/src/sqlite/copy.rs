//! Copies: a database as it is at one moment, into a new file and back.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Sqlite, connect, migrations};
use crate::sql::{self, findings, rebirth};
use crate::{Result, StoreError};

fn failed(error: std::io::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// The file that a copy is written to before it is whole.
pub(crate) fn partial(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// Makes a file and its name durable, under its final name.
pub(crate) fn settle(from: &Path, to: &Path) -> Result<()> {
    File::open(from).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(from, to).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

pub(crate) fn refuse_existing(to: &Path) -> Result<()> {
    let beside = |suffix: &str| {
        let mut name = to.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    for path in [to.to_owned(), beside("-wal"), beside("-shm")] {
        if path.try_exists().map_err(failed)? {
            return Err(StoreError::Unavailable(format!("{} exists already", path.display())));
        }
    }
    Ok(())
}

/// Copies a database as it is at one moment. What is left of an earlier, broken copy is replaced.
pub(crate) fn copy(conn: &Connection, to: &Path) -> Result<()> {
    if to.try_exists().map_err(failed)? {
        std::fs::remove_file(to).map_err(failed)?;
    }
    let name = to.to_str().ok_or_else(|| StoreError::Unavailable("the path of a copy must be UTF-8".into()))?;
    super::private_file(to)?;
    conn.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

/// Writes a consistent copy of a database to a new file, whether it is in use or not. Nothing is migrated.
pub fn backup(from: &Path, to: &Path) -> Result<()> {
    refuse_existing(to)?;
    let partial = partial(to);
    copy(&connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY, 1024)?, &partial)?;
    settle(&partial, to)
}

/// Makes a database of a backup, as a new life of the store: clients that know more than the backup drop what they
/// hold. Refuses when there is a database already. Returns the new epoch.
pub fn restore(from: &Path, to: &Path) -> Result<String> {
    refuse_existing(to)?;
    let source = connect(from, OpenFlags::SQLITE_OPEN_READ_ONLY, 1024)?;
    if migrations::version(&source)? == 0 {
        return Err(StoreError::Corrupt(format!("{} is not a backup", from.display())));
    }
    if let Some(first) = findings::<Sqlite>(&sql::Connection::Sqlite(&source))?.first() {
        return Err(StoreError::Corrupt(format!("the backup is damaged: {first}")));
    }
    let partial = partial(to);
    copy(&source, &partial)?;
    let made = Connection::open(&partial)?;
    let epoch = rebirth(&sql::Connection::Sqlite(&made))?;
    made.close().map_err(|(_, error)| error)?;
    settle(&partial, to)?;
    Ok(epoch)
}
