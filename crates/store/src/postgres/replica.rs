//! Asking a copy of the database, without ever showing an older state than what was acknowledged.
//!
//! Every commit has a place in the database's log, and a copy says up to which place it has come. So a question that may go
//! to the copy first asks the database for its place, which is quick, and goes to the copy when that has got there. A copy
//! is usually behind by a few milliseconds; it is waited for, but not for long.

use std::time::{Duration, Instant};

use crate::Result;
use crate::sql::{Connection, params};

/// How long a copy that is behind is waited for, and how often it is looked at.
const PATIENCE: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_millis(5);

/// The place up to which the database has made everything durable.
pub fn place(conn: &Connection<'_>) -> Result<String> {
    Ok(conn.query_row("SELECT CAST(pg_current_wal_flush_lsn() AS TEXT)", (), |row| row.get(0))?)
}

/// Whether a copy has everything up to a place, or has it soon.
pub fn reaches(conn: &Connection<'_>, place: String) -> Result<bool> {
    let until = Instant::now() + PATIENCE;
    let sql = "SELECT coalesce(pg_last_wal_replay_lsn() >= CAST(CAST(?1 AS TEXT) AS pg_lsn), false)";
    while !conn.query_row(sql, params![place], |row| row.get::<bool>(0))? {
        if Instant::now() > until {
            return Ok(false);
        }
        if let Connection::Postgres(link) = conn {
            link.pause(PAUSE);
        }
    }
    Ok(true)
}
