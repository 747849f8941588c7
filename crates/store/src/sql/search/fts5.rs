//! The index in SQLite's FTS5, which holds terms and where they are, and no text.
//!
//! FTS5 gets a message's terms with spaces between them and does nothing but split there. What is taken out has to be said
//! again, because the index does not know which terms a message has.
//!
//! Renewal: the old index is set aside and an empty one is made, and the follower's cursors go. What was set aside is
//! cleared away in small pieces, since everybody who writes waits meanwhile.

use laserchat_core::search::Facts;
use laserchat_protocol::MessageId;

use super::super::codes::{int, size};
use super::super::system::{get, set};
use super::entry::{Terms, spelled};
use super::expression::{Column, Expression, Part};
use crate::Result;
use crate::sql::{Connection, Value, Writing, params};
use crate::sqlite::erasure;

/// Something was taken out since the last sweep began; and the part that the present one has come to.
const UNSWEPT: &str = "search_unswept";
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

pub fn is_there(conn: &Connection<'_>, table: &str) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    statement.exists([table])
}

/// Sets the index aside and makes an empty one.
pub fn replace(conn: &rusqlite::Connection) -> Result<()> {
    conn.execute_batch(
        "ALTER TABLE search_index RENAME TO search_index_old; ALTER TABLE search_docs RENAME TO search_docs_old;",
    )?;
    Ok(conn.execute_batch(MAKE)?)
}

/// Puts a message in, or tells of the facts that have changed.
pub fn learn(w: &Writing<'_>, id: MessageId, terms: &Terms, before: Option<Facts>) -> Result<()> {
    let facts = terms.facts;
    match before {
        Some(before) => {
            let (added, removed) = (facts.without(before), before.without(facts));
            if removed != Facts::NONE {
                delete(w, id, "", "", &spelled(removed))?;
            }
            if added != Facts::NONE {
                insert(w, id, "", "", &spelled(added))?;
            }
        }
        None => insert(w, id, &terms.words, &terms.names, &(terms.fixed.clone() + &spelled(facts)))?,
    }
    w.prepare("INSERT OR REPLACE INTO search_docs (id, facts) VALUES (?1, ?2)")?
        .execute(params![int(id.0), facts.0])?;
    Ok(())
}

/// Takes a message out of the index.
pub fn forget(w: &Writing<'_>, id: MessageId, terms: &Terms, facts: Facts) -> Result<()> {
    delete(w, id, &terms.words, &terms.names, &(terms.fixed.clone() + &spelled(facts)))?;
    set(w.conn, UNSWEPT, 1)
}

fn insert(w: &Writing<'_>, id: MessageId, words: &str, names: &str, facts: &str) -> Result<()> {
    w.prepare("INSERT INTO search_index (rowid, words, names, facts) VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        int(id.0),
        words,
        names,
        facts
    ])?;
    Ok(())
}

fn delete(w: &Writing<'_>, id: MessageId, words: &str, names: &str, facts: &str) -> Result<()> {
    w.prepare("INSERT INTO search_index (search_index, rowid, words, names, facts) VALUES ('delete', ?1, ?2, ?3, ?4)")?
        .execute(params![int(id.0), words, names, facts])?;
    Ok(())
}

/// Clears a part of what the pages of the index do not use. Words that are taken out are overwritten where they are, but
/// pages that rows were moved from may still hold copies; see `erasure.rs`.
/// Returns the part, unless there was nothing to do.
pub fn sweep(w: &Writing<'_>) -> Result<Option<u64>> {
    let part = match get::<i64>(w.conn, SWEEP)? {
        Some(part) => part,
        None if get::<i64>(w.conn, UNSWEPT)?.is_some() => {
            set(w.conn, UNSWEPT, Value::Null)?;
            0
        }
        None => return Ok(None),
    };
    let Connection::Sqlite(conn) = w.conn else { return Ok(None) };
    if !erasure::possible(conn) {
        return Ok(None);
    }
    // What was gathered in this transaction is not on pages yet.
    w.conn.execute("INSERT INTO search_index (search_index) VALUES ('flush')", ())?;
    let at = usize::try_from(part).unwrap_or_default();
    let mut more = false;
    for table in ["search_index_data", "search_index_idx"] {
        more |= erasure::clear_part(conn, erasure::root_of(conn, table)?, at)?;
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
    for sql in ["DROP TABLE search_index_old", "DROP TABLE search_docs_old"] {
        w.conn.execute(sql, ())?;
    }
    Ok(false)
}

fn quoted(terms: &[String]) -> String {
    format!("\"{}\"", terms.join(" "))
}

fn part(part: &Part) -> String {
    match part {
        Part::Phrase { column, terms, prefix } => {
            let column = match column {
                Column::Words => "words",
                Column::Names => "names",
            };
            format!("{column} : {}{}", quoted(terms), if *prefix { " *" } else { "" })
        }
        Part::Any(terms) => {
            let terms: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
            format!("facts : ({})", terms.join(" OR "))
        }
        Part::All(terms) => {
            let terms: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
            format!("({})", terms.join(" AND "))
        }
    }
}

/// An expression as FTS5 reads it.
pub fn spell(expression: &Expression) -> String {
    let all = expression.all.iter().map(|one| format!("({})", part(one))).collect::<Vec<_>>().join(" AND ");
    if expression.none.is_empty() {
        return all;
    }
    let none = expression.none.iter().map(|one| format!("({})", part(one))).collect::<Vec<_>>().join(" OR ");
    format!("({all}) NOT ({none})")
}
