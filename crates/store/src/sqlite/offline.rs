//! Looking at a database without opening it as a store: nothing is made, migrated or written, so it is safe beside a
//! server of any version, and before an upgrade.

use std::path::Path;

use laserchat_protocol::FileId;
use rusqlite::{Connection, OpenFlags};

use super::{Sqlite, connect, migrations};
use crate::sql::{self, Inspection};
use crate::{BlobName, Result};

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
    sql::inspect::<Sqlite>(&sql::Connection::Sqlite(&conn), version, migrations::KNOWN)
}

/// How many changes a follower has not taken yet. `None`: nobody of that name has ever followed.
pub fn lag(path: &Path, follower: &str) -> Result<Option<u64>> {
    let conn = open(path)?;
    if has_table(&conn, "followers")? { sql::lag(&sql::Connection::Sqlite(&conn), follower) } else { Ok(None) }
}

/// The blobs that a database names, with their sizes. Their bytes are elsewhere.
pub fn blobs(path: &Path) -> Result<Vec<(BlobName, u64)>> {
    let conn = open(path)?;
    if has_table(&conn, "blobs")? {
        let numbered = migrations::version(&conn)? >= migrations::NUMBERED_BLOBS;
        sql::blobs(&sql::Connection::Sqlite(&conn), numbered, None, usize::MAX)
    } else {
        Ok(Vec::new())
    }
}

/// Uploads whose bytes are still arriving, or being looked into.
pub fn unfinished(path: &Path) -> Result<Vec<FileId>> {
    let conn = open(path)?;
    if has_table(&conn, "files")? { sql::unfinished(&sql::Connection::Sqlite(&conn)) } else { Ok(Vec::new()) }
}

/// Databases of older programs have fewer tables.
fn has_table(conn: &Connection, name: &str) -> Result<bool> {
    let found = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
    Ok(conn.query_row(found, [name], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use laserchat_protocol::Timestamp;

    use super::*;
    use crate::{Begin, Followers, Sqlite, StoreError, System};

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
        assert_eq!(blobs(&path).unwrap(), []);
    }

    #[tokio::test]
    async fn a_follower_that_is_behind_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let store = Sqlite::open(&path).unwrap();
        assert_eq!(lag(&path, "search").unwrap(), None);
        store.enrol("search", Begin::AtStart).await.unwrap();
        assert_eq!(lag(&path, "search").unwrap(), Some(0));
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF; INSERT INTO heads (conversation_id, seq) VALUES (7, 3)")
            .unwrap();
        assert_eq!(lag(&path, "search").unwrap(), Some(3));
        let taken = "INSERT INTO follower_cursors (follower, conversation_id, seq) SELECT id, 7, 2 FROM followers";
        conn.execute(taken, []).unwrap();
        assert_eq!(lag(&path, "search").unwrap(), Some(1));
    }

    #[test]
    fn what_an_older_database_does_not_have_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 1).unwrap();
        assert_eq!((lag(&path, "search").unwrap(), blobs(&path).unwrap()), (None, vec![]));
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
