//! Marks in `meta` that keep servers away: from a target that is not whole yet, and from a source that lives on elsewhere.

use crate::postgres::Target;
use crate::sql::{Connection, get};
use crate::{Result, StoreError};

/// In the target, until the transfer is done: what is being done there, and of which epoch.
pub const MOVING: &str = "moving";
/// In the source, once it has been moved: where to.
pub const MOVED_TO: &str = "moved_to";

/// What there is in a target.
pub(super) enum Held {
    Nothing,
    /// A part of what is asked for.
    Part,
    /// A server, of this epoch.
    Server(String),
}

/// How far what is marked so has come. Refuses a target that holds a part of something else.
pub(super) fn held(to: &Target, mark: &str) -> Result<Held> {
    let conn = to.conn();
    match (get::<String>(&conn, MOVING)?, get::<String>(&conn, "epoch")?) {
        (Some(found), _) if found == mark => Ok(Held::Part),
        (Some(found), _) => Err(StoreError::Unavailable(format!(
            "{} holds a part of something else: {found}; use an empty one",
            to.name
        ))),
        (None, Some(epoch)) => Ok(Held::Server(epoch)),
        (None, None) => Ok(Held::Nothing),
    }
}

/// The refusal of a target where a server lives.
pub(super) fn taken(to: &Target, epoch: &str) -> StoreError {
    StoreError::Unavailable(format!("{} holds a server already, of epoch {epoch}; use an empty one", to.name))
}

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
