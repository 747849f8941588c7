//! Marks in `meta` that keep servers away: from a target that is not whole yet, and from a source that lives on elsewhere.

use crate::sql::{Connection, get};
use crate::{Result, StoreError};

/// In the target, until the transfer is done: what is being done there, and of which epoch.
pub const MOVING: &str = "moving";
/// In the source, once it has been moved: where to.
pub const MOVED_TO: &str = "moved_to";

/// Whether a server may live in this database.
pub(crate) fn refuse_marked(conn: &Connection<'_>) -> Result<()> {
    if let Some(mark) = get::<String>(conn, MOVING)? {
        return Err(StoreError::Unavailable(format!(
            "this database is not whole yet ({mark}): run the `laserchat migrate` or `laserchat restore` that was \
             interrupted again, until it says that all is done"
        )));
    }
    if let Some(to) = get::<String>(conn, MOVED_TO)? {
        return Err(StoreError::Unavailable(format!(
            "this server was moved to {to} and lives there: set database.url. To live on here instead, and without what \
             was written there since, run `laserchat migrate --undo`"
        )));
    }
    Ok(())
}

/// Nothing keeps servers away from a database that begins a new life.
pub(crate) fn unmark(conn: &Connection<'_>) -> Result<()> {
    conn.execute("DELETE FROM meta WHERE key IN (?1, ?2)", [MOVING, MOVED_TO]).map(drop)
}
