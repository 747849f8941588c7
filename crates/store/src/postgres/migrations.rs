//! Migrations: forward only, all that are missing in one transaction, one node at a time.

use crate::sql::{Connection, params};
use crate::{Result, StoreError};

/// One entry per version, in order. Entries are never changed once released.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// The newest version that this program knows.
const KNOWN: u32 = MIGRATIONS.len() as u32;

/// Brings a database to the newest version.
pub(super) fn migrate(conn: &Connection<'_>) -> Result<()> {
    let Connection::Postgres(link) = conn else { return Ok(()) };
    // Nodes that start at the same time wait for each other here. The number is that of this lock alone.
    link.batch(
        "SELECT pg_advisory_xact_lock(5573737201); CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)",
    )?;
    let found: Option<u32> = conn.query_row("SELECT max(version) FROM schema_version", (), |row| row.get(0))?;
    let found = found.unwrap_or_default();
    if found > KNOWN {
        return Err(StoreError::TooNew { found, known: KNOWN });
    }
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(found as usize) {
        link.batch(sql)?;
        conn.execute("INSERT INTO schema_version (version) VALUES (?1)", params![at as u32 + 1])?;
        tracing::info!(version = at + 1, "migrated the database");
    }
    Ok(())
}
