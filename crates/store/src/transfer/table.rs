//! The tables of a database, as the database itself describes them.

use std::collections::BTreeSet;

use super::rows::Cell;
use super::{INDEXER, mark};
use crate::sql::{Connection, params};
use crate::{Result, StoreError};

/// What is not carried over, by the beginning of its name: what a database keeps for itself, and the index of search.
const OWN: [&str; 4] = ["sqlite_", "schema_version", "search_index", "search_docs"];

/// A table that both databases have. Its key comes first among its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// How many columns are the key.
    pub key: usize,
}

impl Table {
    fn new(name: String, key: Vec<String>, others: BTreeSet<String>) -> Table {
        let count = key.len();
        Table { name, columns: key.into_iter().chain(others).collect(), key: count }
    }

    pub fn key_of<'r>(&self, row: &'r [Cell]) -> &'r [Cell] {
        row.get(..self.key).unwrap_or(row)
    }

    /// Which rows are carried over; all of them, if it says nothing.
    pub fn only(&self) -> Option<String> {
        match self.name.as_str() {
            "meta" => Some(format!(
                "key NOT IN ('{}', '{}') AND substr(key, 1, 7) <> 'search_'",
                mark::MOVING,
                mark::MOVED_TO
            )),
            "follower_cursors" => Some(format!("follower NOT IN (SELECT id FROM followers WHERE name = '{INDEXER}')")),
            _ => None,
        }
    }
}

/// All tables that are carried over, by name.
fn tables(conn: &Connection<'_>) -> Result<Vec<Table>> {
    let names = match conn {
        Connection::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
        Connection::Postgres(_) => {
            "SELECT CAST(relname AS TEXT) COLLATE \"C\" AS name FROM pg_class
             WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p') AND NOT relispartition
             ORDER BY 1"
        }
    };
    let mut statement = conn.prepare_cached(names)?;
    let names = statement.query_map((), |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
    let carried = names.into_iter().filter(|name| !OWN.iter().any(|own| name.starts_with(own)));
    carried.map(|name| described(conn, name)).collect()
}

fn described(conn: &Connection<'_>, name: String) -> Result<Table> {
    // The place of a column in the key, from 1; 0 when it is not in it.
    let columns = match conn {
        Connection::Sqlite(_) => "SELECT name, pk FROM pragma_table_info(?1) ORDER BY pk",
        Connection::Postgres(_) => {
            "SELECT CAST(a.attname AS TEXT), CAST(coalesce(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS BIGINT)
             FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
             WHERE a.attrelid = to_regclass(?1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 2"
        }
    };
    let mut statement = conn.prepare_cached(columns)?;
    let found = statement.query_map(params![name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (mut key, mut others) = (Vec::new(), BTreeSet::new());
    for column in found {
        let (column, place): (String, i64) = column?;
        if place > 0 {
            key.push(column);
        } else {
            others.insert(column);
        }
    }
    // One column there holds values of any kind; PostgreSQL has one for each.
    if name == "meta" && others.remove("value") {
        others.extend(["bytes", "number", "words"].map(str::to_owned));
    }
    if key.is_empty() {
        return Err(StoreError::Corrupt(format!("the table {name} has no key")));
    }
    Ok(Table::new(name, key, others))
}

/// The tables, if both databases have the same.
pub fn common(from: &Connection<'_>, to: &Connection<'_>) -> Result<Vec<Table>> {
    let (ours, theirs) = (tables(from)?, tables(to)?);
    if let Some(odd) =
        ours.iter().find(|table| !theirs.contains(table)).or_else(|| theirs.iter().find(|table| !ours.contains(table)))
    {
        return Err(StoreError::Corrupt(format!("the two databases do not have the same table {}", odd.name)));
    }
    Ok(ours)
}
