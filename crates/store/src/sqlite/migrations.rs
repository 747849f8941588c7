//! Migrations: forward only, each in one transaction, counted by `user_version`.

use rusqlite::Connection;

use crate::{Result, StoreError};

/// One entry per version, in order. Entries are never changed once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
];

/// Since this version, blobs have numbers.
pub(super) const NUMBERED_BLOBS: u32 = 9;

/// The newest version that this program knows.
pub(crate) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// The version of a database; zero is an empty one.
pub(crate) fn version(conn: &Connection) -> Result<u32> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > KNOWN { Err(StoreError::TooNew { found, known: KNOWN }) } else { Ok(found) }
}

/// Brings a database to the newest version.
pub(crate) fn migrate(conn: &mut Connection) -> Result<()> {
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(version(conn)? as usize) {
        let step = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been faster while this one waited for the lock.
        if version(&step)? as usize > at {
            continue;
        }
        step.execute_batch(sql)?;
        step.pragma_update(None, "user_version", at as u32 + 1)?;
        step.commit()?;
        tracing::info!(version = at + 1, "migrated the database");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::offline;
    use crate::{BlobName, Files, Sqlite};

    #[tokio::test]
    async fn blobs_of_before_keep_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let before = NUMBERED_BLOBS - 1;
        let conn = Connection::open(&path).unwrap();
        MIGRATIONS.iter().take(before as usize).for_each(|sql| conn.execute_batch(sql).unwrap());
        conn.pragma_update(None, "user_version", before).unwrap();
        for (first, state) in [(1u8, 1), (2, 2)] {
            conn.execute("INSERT INTO blobs (hash, size, state) VALUES (?1, 7, ?2)", ([first; 32], state)).unwrap();
        }
        drop(conn);
        let name = |first: u8| BlobName { hash: [first; 32], number: 0 };
        assert_eq!(offline::blobs(&path).unwrap(), [(name(1), 7)], "a backup of it is made before it is migrated");
        let store = Sqlite::open(&path).unwrap();
        assert_eq!(store.blobs(None, 10).await.unwrap(), [(name(1), 7)]);
        assert_eq!(store.doomed_blobs(10).await.unwrap(), [name(2)]);
    }
}
