//! Renewal: a new index instead of the old one, without stopping anybody.
//!
//! The old index is set aside and an empty one is made, and the follower's cursors go: so it reads all conversations from
//! their start, as it did the first time, and can be interrupted as it could then. What was set aside is cleared away in
//! small pieces, since everybody who writes waits meanwhile.

use rusqlite::{Connection, params};

use super::super::codes::size;
use super::super::erasure;
use super::super::system::{get, set};
use super::super::writer::Writing;
use crate::{Result, StoreError};

const VERSION: &str = "search_version";
/// Something was taken out since the last sweep began; and the part that the present one has come to.
pub const UNSWEPT: &str = "search_unswept";
const SWEEP: &str = "search_sweep";

/// What migration 4 made.
const MAKE: &str = r#"
    CREATE VIRTUAL TABLE search_index USING fts5(
        words, names, facts,
        content = '', columnsize = 0, prefix = 3, tokenize = "ascii tokenchars '_'"
    );
    INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
    CREATE TABLE search_docs (id INTEGER PRIMARY KEY, facts INTEGER NOT NULL) STRICT;
"#;

fn is_there(conn: &Connection, table: &str) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    Ok(statement.exists([table])?)
}

pub fn renew(w: &Writing<'_>, follower: &str, version: u32, force: bool) -> Result<bool> {
    let known: Option<u32> = get(w.conn, VERSION)?;
    if known == Some(version) && !force {
        return Ok(false);
    }
    let empty = !w.prepare("SELECT 1 FROM search_docs LIMIT 1")?.exists([])?;
    if known.is_none() && empty {
        set(w.conn, VERSION, version)?;
        return Ok(false);
    }
    if is_there(w.conn, "search_index_old")? {
        return Err(StoreError::Unavailable("the index before the last is still being cleared away".into()));
    }
    w.conn.execute_batch(
        "ALTER TABLE search_index RENAME TO search_index_old; ALTER TABLE search_docs RENAME TO search_docs_old;",
    )?;
    w.conn.execute_batch(MAKE)?;
    w.prepare("DELETE FROM follower_cursors WHERE follower = (SELECT id FROM followers WHERE name = ?1)")?
        .execute([follower])?;
    set(w.conn, VERSION, version)?;
    Ok(true)
}

/// Clears a part of what the pages of the index do not use. Words that are taken out are overwritten where they are, but
/// pages that rows were moved from may still hold copies; see `erasure.rs`.
/// Returns the part, unless there was nothing to do.
pub fn sweep(w: &Writing<'_>) -> Result<Option<u64>> {
    let part = match get::<i64>(w.conn, SWEEP)? {
        Some(part) => part,
        None if get::<i64>(w.conn, UNSWEPT)?.is_some() => {
            set(w.conn, UNSWEPT, rusqlite::types::Null)?;
            0
        }
        None => return Ok(None),
    };
    if !erasure::possible(w.conn) {
        return Ok(None);
    }
    // What was gathered in this transaction is not on pages yet.
    w.conn.execute("INSERT INTO search_index (search_index) VALUES ('flush')", [])?;
    let at = usize::try_from(part).unwrap_or_default();
    let mut more = false;
    for table in ["search_index_data", "search_index_idx"] {
        more |= erasure::clear_part(w.conn, erasure::root_of(w.conn, table)?, at)?;
    }
    set(w.conn, SWEEP, more.then_some(part + 1))?;
    Ok(Some(at as u64))
}

pub fn clear(w: &Writing<'_>, limit: usize) -> Result<bool> {
    if !is_there(w.conn, "search_index_old")? {
        return Ok(false);
    }
    for sql in [
        "DELETE FROM search_index_old_data WHERE id IN (SELECT id FROM search_index_old_data LIMIT ?1)",
        "DELETE FROM search_index_old_idx WHERE (segid, term) IN (SELECT segid, term FROM search_index_old_idx LIMIT ?1)",
        "DELETE FROM search_docs_old WHERE id IN (SELECT id FROM search_docs_old LIMIT ?1)",
    ] {
        if w.prepare(sql)?.execute(params![size(limit)])? > 0 {
            return Ok(true);
        }
    }
    w.conn.execute_batch("DROP TABLE search_index_old; DROP TABLE search_docs_old;")?;
    Ok(false)
}
