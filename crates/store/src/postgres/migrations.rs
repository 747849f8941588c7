//! Migrations: forward only, all that are missing in one transaction, one node at a time.
//!
//! While a cluster is upgraded, programs of two versions work on one database. A migration therefore says which version of
//! the tables is the oldest whose programs can go on with what it leaves; a program refuses a newer database only when that
//! is newer than its own.

use crate::sql::{Connection, params};
use crate::{Result, StoreError};

/// From one version of the tables to the next.
pub(super) struct Migration {
    /// The oldest version whose programs read and write the tables as rightly as before. A migration that only adds tables,
    /// indexes and columns with a default leaves it where it was.
    oldest: u32,
    pub sql: &'static str,
}

/// One entry per version, in order. Entries are never changed once released.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { oldest: 2, sql: include_str!("migrations/0001.sql") },
    Migration { oldest: 2, sql: include_str!("migrations/0002.sql") },
    // Programs of before do not know the names that blobs have now.
    Migration { oldest: 3, sql: include_str!("migrations/0003.sql") },
];

/// Since this version, blobs have numbers.
pub(super) const NUMBERED_BLOBS: u32 = 3;

/// The newest version that this program knows.
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// The version of a database; zero is an empty one.
pub(super) fn version(conn: &Connection<'_>) -> Result<u32> {
    if conn.query_row("SELECT to_regclass('schema_version') IS NULL", (), |row| row.get(0))? {
        return Ok(0);
    }
    applied(conn)
}

/// The newest version that was applied. Refuses one that does not admit this program.
fn applied(conn: &Connection<'_>) -> Result<u32> {
    let newest = "SELECT max(version), max(oldest) FROM schema_version";
    let (found, oldest) =
        conn.query_row(newest, (), |row| Ok((row.get::<Option<u32>>(0)?, row.get::<Option<u32>>(1)?)))?;
    let (found, oldest) = (found.unwrap_or_default(), oldest.unwrap_or_default());
    if oldest > KNOWN { Err(StoreError::TooNew { found, known: KNOWN }) } else { Ok(found) }
}

/// Brings a database to the newest version.
pub(super) fn migrate(conn: &Connection<'_>) -> Result<()> {
    let Connection::Postgres(link) = conn else { return Ok(()) };
    // Nodes that start at the same time wait for each other here. The number is that of this lock alone.
    link.batch(
        "SELECT pg_advisory_xact_lock(5573737201);
         CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL, oldest BIGINT NOT NULL)",
    )?;
    let found = applied(conn)?;
    if found > KNOWN {
        tracing::info!(version = found, known = KNOWN, "the database is of a newer version that admits this program");
    }
    for (migration, version) in MIGRATIONS.iter().zip(1u32..).skip(found as usize) {
        link.batch(migration.sql)?;
        let applied = "INSERT INTO schema_version (version, oldest) VALUES (?1, ?2)";
        conn.execute(applied, params![version, migration.oldest])?;
        tracing::info!(version, "migrated the database");
    }
    Ok(())
}
