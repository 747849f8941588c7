//! Renewal: a new index instead of the old one, without stopping anybody.
//!
//! The old index is set aside and an empty one is made, and the follower's cursors go: so it reads all conversations from
//! their start, as it did the first time, and can be interrupted as it could then.

use super::super::system::{get, set};
use super::{fts5, tsvector};
use crate::sql::{Connection, Writing};
use crate::{Result, StoreError};

const VERSION: &str = "search_version";

pub fn renew(w: &Writing<'_>, follower: &str, version: u32, force: bool) -> Result<bool> {
    let known: Option<u32> = get(w.conn, VERSION)?;
    if known == Some(version) && !force {
        return Ok(false);
    }
    let empty = !w.prepare("SELECT 1 FROM search_docs LIMIT 1")?.exists(())?;
    if known.is_none() && empty {
        set(w.conn, VERSION, version)?;
        return Ok(false);
    }
    let clearing = match w.conn {
        Connection::Sqlite(_) => fts5::is_there(w.conn, "search_index_old")?,
        Connection::Postgres(_) => tsvector::is_set_aside(w.conn)?,
    };
    if clearing {
        return Err(StoreError::Unavailable("the index before the last is still being cleared away".into()));
    }
    match w.conn {
        Connection::Sqlite(conn) => fts5::replace(conn)?,
        Connection::Postgres(link) => tsvector::replace(link)?,
    }
    w.prepare("DELETE FROM follower_cursors WHERE follower = (SELECT id FROM followers WHERE name = ?1)")?
        .execute([follower])?;
    set(w.conn, VERSION, version)?;
    Ok(true)
}

/// Clears away a part of what was set aside. False: nothing is left.
pub fn clear(w: &Writing<'_>, limit: usize) -> Result<bool> {
    match w.conn {
        Connection::Sqlite(_) => fts5::clear(w, limit),
        Connection::Postgres(link) => tsvector::clear(link).map(|()| false),
    }
}

/// Clears a part of what the pages of the index do not use. Returns the part, unless there was nothing to do.
pub fn sweep(w: &Writing<'_>) -> Result<Option<u64>> {
    match w.conn {
        Connection::Sqlite(_) => fts5::sweep(w),
        // Rows are taken out whole, and vacuum overwrites them.
        Connection::Postgres(_) => Ok(None),
    }
}
