//! Rows of a table in the order of its key: read, deleted and written in stretches, in the same way on both databases.

use std::fmt;

use super::table::Table;
use crate::sql::{Connection, FromValue, ToValue, Value};
use crate::{Result, StoreError};

/// A value that is kept while its row is carried over. They are in the order in which both databases have them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// Rows of one table, each with its cells in the order of the table's columns.
pub type Rows = Vec<Vec<Cell>>;

impl Cell {
    fn bytes(&self) -> usize {
        size_of::<Cell>()
            + match self {
                Cell::Null | Cell::Int(_) => 0,
                Cell::Text(text) => text.len(),
                Cell::Blob(bytes) => bytes.len(),
            }
    }
}

impl FromValue for Cell {
    fn from_value(value: Value<'_>) -> Result<Self> {
        Ok(match value {
            Value::Null => Cell::Null,
            Value::Int(number) => Cell::Int(number),
            Value::Text(text) => Cell::Text(text.to_owned()),
            Value::Blob(bytes) => Cell::Blob(bytes.to_vec()),
        })
    }
}

impl ToValue for Cell {
    fn to_value(&self) -> Value<'_> {
        match self {
            Cell::Null => Value::Null,
            Cell::Int(number) => Value::Int(*number),
            Cell::Text(text) => Value::Text(text),
            Cell::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("nothing"),
            Cell::Int(number) => write!(f, "{number}"),
            Cell::Text(text) => write!(f, "{text:?}"),
            Cell::Blob(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

/// Rows whose keys are larger than one, and not larger than another.
#[derive(Debug, Clone, Copy)]
pub struct Range<'k> {
    pub after: Option<&'k [Cell]>,
    pub upto: Option<&'k [Cell]>,
}

impl<'k> Range<'k> {
    pub const ALL: Range<'static> = Range { after: None, upto: None };

    /// The condition, and the values that it names from `?1` on. PostgreSQL walks an index to its end unless a comparison of
    /// single columns fails, so what can be said of these is said too.
    fn condition(&self, table: &Table) -> (String, Vec<Value<'k>>) {
        let key = &table.columns[..table.key];
        // What both ends share, all rows between them do.
        let shared = match (self.after, self.upto) {
            (Some(after), Some(upto)) => (0..table.key - 1).take_while(|&at| after[at] == upto[at]).count(),
            _ => 0,
        };
        let mut parts: Vec<String> = table.only().into_iter().collect();
        let mut values = Vec::new();
        let mut compare = |columns: &[String], compared: &str, cells: &'k [Cell]| {
            let first = values.len() + 1;
            let places: Vec<String> = (first..first + cells.len()).map(|place| format!("?{place}")).collect();
            // A list of one is no row value.
            parts.push(format!("({}) {compared} ({})", names(columns.iter()), places.join(", ")));
            values.extend(cells.iter().map(Cell::to_value));
        };
        for at in 0..shared {
            self.after.iter().for_each(|after| compare(&key[at..=at], "=", &after[at..=at]));
        }
        for (end, row, column) in [(self.after, ">", ">="), (self.upto, "<=", "<=")] {
            let Some(end) = end else { continue };
            compare(&key[shared..], row, &end[shared..]);
            if shared + 1 < table.key {
                compare(&key[shared..=shared], column, &end[shared..=shared]);
            }
        }
        if parts.is_empty() {
            return (String::new(), values);
        }
        (format!(" WHERE {}", parts.join(" AND ")), values)
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn names<'n>(columns: impl Iterator<Item = &'n String>) -> String {
    columns.map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// What to select for the columns. In SQLite one column of `meta` holds values of any kind.
fn selected(conn: &Connection<'_>, table: &Table) -> String {
    let one = |name: &String| match (conn, table.name.as_str(), name.as_str()) {
        (Connection::Sqlite(_), "meta", "number") => "CASE typeof(value) WHEN 'integer' THEN value END".to_owned(),
        (Connection::Sqlite(_), "meta", "words") => "CASE typeof(value) WHEN 'text' THEN value END".to_owned(),
        (Connection::Sqlite(_), "meta", "bytes") => "CASE typeof(value) WHEN 'blob' THEN value END".to_owned(),
        _ => quoted(name),
    };
    table.columns.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The first rows of a range, as many as these limits allow, and whether there may be more.
pub fn read(
    conn: &Connection<'_>,
    table: &Table,
    range: Range<'_>,
    most: usize,
    most_bytes: usize,
) -> Result<(Rows, bool)> {
    let (condition, mut values) = range.condition(table);
    let most = most.max(1);
    values.push(Value::Int(i64::try_from(most).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT {} FROM {}{condition} ORDER BY {} LIMIT ?{}",
        selected(conn, table),
        quoted(&table.name),
        names(table.columns.iter().take(table.key)),
        values.len()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(&values[..])?;
    let (mut rows, mut bytes) = (Rows::new(), 0);
    while let Some(row) = found.next()? {
        let cells = (0..table.columns.len()).map(|at| row.get(at)).collect::<Result<Vec<Cell>>>()?;
        bytes += cells.iter().map(Cell::bytes).sum::<usize>();
        rows.push(cells);
        if bytes >= most_bytes {
            return Ok((rows, true));
        }
    }
    let more = rows.len() == most;
    Ok((rows, more))
}

pub fn delete(conn: &Connection<'_>, table: &Table, range: Range<'_>) -> Result<()> {
    let (condition, values) = range.condition(table);
    conn.execute(&format!("DELETE FROM {}{condition}", quoted(&table.name)), &values[..]).map(drop)
}

pub fn write(conn: &Connection<'_>, table: &Table, rows: &Rows) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (name, columns) = (quoted(&table.name), names(table.columns.iter()));
    match conn {
        Connection::Postgres(link) => {
            let kinds = link.prepare(&format!("SELECT {columns} FROM {name}"))?;
            link.copy_in(&kinds, &format!("COPY {name} ({columns}) FROM STDIN (FORMAT binary)"), rows)
        }
        Connection::Sqlite(_) => {
            let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
            let sql = if table.name == "meta" {
                "INSERT INTO meta (key, value) VALUES (?1, coalesce(?2, ?3, ?4))".to_owned()
            } else {
                format!("INSERT INTO {name} ({columns}) VALUES ({})", places.join(", "))
            };
            let mut statement = conn.prepare_cached(&sql)?;
            for row in rows {
                let values: Vec<Value<'_>> = row.iter().map(Cell::to_value).collect();
                if statement.execute(&values[..])? != 1 {
                    return Err(StoreError::Corrupt(format!("a row of {} was not written", table.name)));
                }
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_lies_between_two_keys() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        database.execute_batch("CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (a, b, c)) WITHOUT ROWID").unwrap();
        let conn = Connection::Sqlite(&database);
        let columns = ["a", "b", "c"].map(str::to_owned).to_vec();
        let table = Table { name: "t".into(), columns, key: 3 };
        let all: Rows = (0..27).map(|n| [n / 9, n / 3 % 3, n % 3].map(Cell::Int).to_vec()).collect();
        write(&conn, &table, &all).unwrap();
        for after in all.iter().map(Some).chain([None]) {
            for upto in all.iter().map(Some).chain([None]) {
                let range = Range { after: after.map(Vec::as_slice), upto: upto.map(Vec::as_slice) };
                let between =
                    |row: &&Vec<Cell>| after.is_none_or(|after| *row > after) && upto.is_none_or(|upto| *row <= upto);
                let wanted: Rows = all.iter().filter(between).cloned().collect();
                assert_eq!(read(&conn, &table, range, 100, usize::MAX).unwrap().0, wanted, "{range:?}");
            }
        }
    }
}
