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
