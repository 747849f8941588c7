//! Traces: what erased rows leave behind beside the place where they were.
//!
//! `erasure.rs` says how copies of rows come to lie where nothing is used. For the few things that go with an account, it
//! is enough to look through all trees that hold texts, a part at a time; those of messages are looked after when a message
//! is erased, and that of the index by itself.

use std::path::Path;

use rusqlite::Connection;

use super::{checkpointer, connect_writer, erasure};
use crate::Result;
use crate::contract::TracePlace;

/// Tables that are looked after elsewhere, or hold nothing but numbers and can be large.
const APART: &str = "'messages', 'members', 'mentions', 'thread_follows', 'activity', 'file_uses', 'search_docs'";

fn roots(conn: &Connection) -> Result<Vec<u32>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT rootpage FROM sqlite_schema
         WHERE rootpage > 0 AND tbl_name NOT IN ({APART}) AND tbl_name NOT LIKE 'search_index%' ORDER BY rootpage"
    ))?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Clears one part. Returns the next one.
pub(super) fn clear(conn: &Connection, at: TracePlace) -> Result<Option<TracePlace>> {
    let roots = roots(conn)?;
    let Some(&root) = roots.get(at.tree).filter(|_| erasure::possible(conn)) else { return Ok(None) };
    Ok(Some(match erasure::clear_part(conn, root, at.part)? {
        true => TracePlace { part: at.part + 1, ..at },
        false => TracePlace { tree: at.tree + 1, part: 0 },
    }))
}

/// Moves everything from the log into the database, and cuts the log off. Returns whether that was possible just now.
pub(super) fn settle(path: &Path) -> Result<bool> {
    let conn = connect_writer(path, 256)?;
    conn.busy_timeout(checkpointer::PATIENCE)?;
    // Most of it is moved while writing goes on.
    checkpointer::checkpoint(&conn, "PASSIVE")?;
    checkpointer::checkpoint(&conn, "TRUNCATE")
}
