//! Connections: one way to prepare, run and read statements, on either database.
//!
//! Statements are written once, in the words that both databases know. A value is `?1`, `?2`, …; numbers are of 64 bits, so
//! that what is true is 1; what one of them lacks, the other's first migration supplies (`postgres/migrations`).

use std::sync::Arc;

use super::value::{FromValue, Params, Value};
use crate::postgres::{Link, Prepared};
#[cfg(feature = "suite")]
use crate::suite::statements;
use crate::{Result, StoreError};

/// A connection while somebody works with it.
#[derive(Clone, Copy)]
pub enum Connection<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c Link),
}

impl<'c> Connection<'c> {
    /// Prepares a statement, once per connection.
    pub fn prepare_cached(&self, sql: &str) -> Result<Statement<'c>> {
        Ok(match self {
            Connection::Sqlite(conn) => Statement::Sqlite(conn.prepare_cached(sql)?),
            Connection::Postgres(link) => Statement::Postgres(link, link.prepare(sql)?),
        })
    }

    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    /// Statements without values, whose answers do not matter.
    pub fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Connection::Sqlite(conn) => Ok(conn.execute_batch(sql)?),
            Connection::Postgres(link) => link.batch(sql),
        }
    }

    pub fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T, Missed> {
        self.prepare_cached(sql)?.query_row(params, read)
    }
}

/// Why there is no row to be read.
#[derive(Debug)]
pub enum Missed {
    NoRow,
    Failed(StoreError),
}

impl From<StoreError> for Missed {
    fn from(error: StoreError) -> Self {
        Missed::Failed(error)
    }
}

impl From<Missed> for StoreError {
    fn from(missed: Missed) -> Self {
        match missed {
            Missed::NoRow => StoreError::Corrupt("a row that must be there is missing".into()),
            Missed::Failed(error) => error,
        }
    }
}

/// No row is an answer too.
pub trait OptionalRow<T> {
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalRow<T> for Result<T, Missed> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(Missed::NoRow) => Ok(None),
            Err(Missed::Failed(error)) => Err(error),
        }
    }
}

pub enum Statement<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(&'c Link, Arc<Prepared>),
}

impl Statement<'_> {
    /// Runs a statement that writes. Returns how many rows it wrote.
    pub fn execute(&mut self, params: impl Params) -> Result<usize> {
        params.with(|values| match self {
            Statement::Sqlite(statement) => {
                let done = statement.execute(rusqlite::params_from_iter(values))?;
                #[cfg(feature = "suite")]
                statements::ran_on_sqlite(statement);
                Ok(done)
            }
            Statement::Postgres(link, prepared) => {
                #[cfg(feature = "suite")]
                statements::ran_on_postgres(prepared.sql(), values);
                link.execute(prepared, values)
            }
        })
    }

    pub fn query(&mut self, params: impl Params) -> Result<Rows<'_>> {
        params.with(|values| match self {
            Statement::Sqlite(statement) => {
                let rows = statement.query(rusqlite::params_from_iter(values))?;
                #[cfg(feature = "suite")]
                if let Some(statement) = rows.as_ref() {
                    statements::ran_on_sqlite(statement);
                }
                Ok(Rows::Sqlite(rows))
            }
            Statement::Postgres(link, prepared) => {
                #[cfg(feature = "suite")]
                statements::ran_on_postgres(prepared.sql(), values);
                Ok(Rows::Postgres { rest: link.query(prepared, values)?.into_iter(), now: None })
            }
        })
    }

    /// Everything that it finds, read one by one.
    pub fn query_map<T, F>(&mut self, params: impl Params, read: F) -> Result<Mapped<'_, F>>
    where
        F: FnMut(&Row<'_>) -> Result<T>,
    {
        Ok(Mapped { rows: self.query(params)?, read })
    }

    /// The first row that it finds.
    pub fn query_row<T>(&mut self, params: impl Params, read: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T, Missed> {
        let mut rows = self.query(params)?;
        match rows.next()? {
            Some(row) => Ok(read(&row)?),
            None => Err(Missed::NoRow),
        }
    }

    pub fn exists(&mut self, params: impl Params) -> Result<bool> {
        Ok(self.query(params)?.next()?.is_some())
    }
}

pub enum Rows<'s> {
    Sqlite(rusqlite::Rows<'s>),
    Postgres { rest: std::vec::IntoIter<tokio_postgres::Row>, now: Option<tokio_postgres::Row> },
}

impl Rows<'_> {
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Rows::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            Rows::Postgres { rest, now } => {
                *now = rest.next();
                Ok(now.as_ref().map(Row::Postgres))
            }
        }
    }
}

/// Rows that are read as they come.
pub struct Mapped<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for Mapped<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        match self.rows.next() {
            Ok(row) => row.map(|row| (self.read)(&row)),
            Err(error) => Some(Err(error)),
        }
    }
}

pub enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    pub fn get_ref(&self, column: usize) -> Result<Value<'_>> {
        match self {
            Row::Sqlite(row) => {
                use rusqlite::types::ValueRef;
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Int(number),
                    ValueRef::Text(text) => {
                        Value::Text(std::str::from_utf8(text).map_err(|error| unreadable(column, &error.to_string()))?)
                    }
                    ValueRef::Blob(bytes) => Value::Blob(bytes),
                    ValueRef::Real(_) => return Err(unreadable(column, "a fraction")),
                })
            }
            Row::Postgres(row) => row.try_get(column).map_err(|error| unreadable(column, &error.to_string())),
        }
    }

    pub fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        T::from_value(self.get_ref(column)?)
    }
}

/// A column whose content is none that this program writes.
pub fn unreadable(column: usize, what: &str) -> StoreError {
    StoreError::Corrupt(format!("column {column}: {what}"))
}
