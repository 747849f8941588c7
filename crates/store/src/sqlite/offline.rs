//! Looking at a database without opening it as a store: nothing is made, migrated or written, so it is safe beside a
//! server of any version, and before an upgrade.

use std::path::Path;

use laserchat_protocol::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::system::{findings, get};
use super::{connect, migrations};
use crate::Result;

/// What there is to know of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The version of the database; older than [`Inspection::known`] until a server migrates it.
    pub version: u32,
    /// The newest version that this program knows.
    pub known: u32,
    pub epoch: Option<String>,
    /// When the newest signing key was made: the present cannot be before it.
    pub newest_key: Option<Timestamp>,
    /// What is wrong; nothing if all is well.
    pub findings: Vec<String>,
}

fn open(path: &Path) -> Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY, 1024)
}

/// The version of a database, and the newest that this program knows.
pub fn version(path: &Path) -> Result<(u32, u32)> {
    Ok((migrations::version(&open(path)?)?, migrations::KNOWN))
}

/// Examines a whole database, which takes as long as reading it.
pub fn inspect(path: &Path) -> Result<Inspection> {
    let conn = open(path)?;
    let version = migrations::version(&conn)?;
    let mut found =
        Inspection { version, known: migrations::KNOWN, epoch: None, newest_key: None, findings: Vec::new() };
    if version > 0 {
        found.epoch = get(&conn, "epoch")?;
        let newest = "SELECT max(created_at) FROM signing_keys";
        found.newest_key = conn.query_row(newest, [], |row| row.get(0)).optional()?.flatten().map(Timestamp);
        found.findings = findings(&conn)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sqlite, StoreError, System};

    #[test]
    fn a_database_is_examined_while_it_is_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Sqlite::open(&path).unwrap();
        let found = inspect(&path).unwrap();
        assert_eq!((found.version, found.known), version(&path).unwrap());
        assert_eq!(found.version, found.known);
        assert_eq!(found.epoch, Some(store.epoch()));
        assert!(found.newest_key.unwrap() <= Timestamp::now());
        assert_eq!(found.findings, Vec::<String>::new());
    }

    #[test]
    fn nothing_is_made_and_a_newer_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        assert!(inspect(&path).is_err() && !path.exists());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 4000).unwrap();
        assert!(matches!(version(&path), Err(StoreError::TooNew { found: 4000, .. })));
        std::fs::write(&path, b"this is no database at all, and long enough to tell".repeat(100)).unwrap();
        assert!(matches!(inspect(&path), Err(StoreError::Corrupt(_))));
    }
}
