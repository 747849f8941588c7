//! A link: one connection to PostgreSQL, used by one thread at a time.
//!
//! The nouns are plain functions that ask one thing after the other, so a link waits for each answer on the thread that
//! asks, with a small runtime of its own: no other thread has to be woken for an answer. What needs no answer (the begin of
//! a transaction, rows that are only added) is sent ahead and travels with the next question.
//!
//! Nothing is waited for without an end: a database that does not answer for [`PATIENCE`] is as good as gone.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::address::Address;
use crate::sql::{ToValue, Value, lost};
use crate::{Result, StoreError};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A prepared statement.
pub struct Prepared {
    statement: tokio_postgres::Statement,
    #[cfg(feature = "suite")]
    sql: String,
}

#[cfg(feature = "suite")]
impl Prepared {
    /// As the database was given it.
    pub fn sql(&self) -> &str {
        &self.sql
    }
}

/// A node that says nothing for so long in the middle of a transaction is paused or gone, and what it holds is let go:
/// whoever writes to the same conversation waits for it until then. Its leases last longer.
const STOPPED: Duration = Duration::from_secs(5);

/// What the last failure means for the transaction in which it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It met another transaction: done again, it sees what that one did.
    Met,
    /// The database is gone, or takes no writes any more.
    Gone,
    Other,
}

pub struct Link {
    client: Client,
    /// Ended without waiting, because a link may be dropped where nothing may wait.
    runtime: Option<Runtime>,
    prepared: RefCell<HashMap<Box<str>, Arc<Prepared>>>,
    failure: Cell<Option<Failure>>,
    patience: Duration,
}

impl Link {
    pub(super) fn open(address: &Address) -> Result<Link> {
        // Statements here are short: compiling one takes longer than it does.
        let settings = format!("SET idle_in_transaction_session_timeout = {}; SET jit = off", STOPPED.as_millis());
        Link::with(address, PATIENCE, &settings)
    }

    /// The same for somebody who asks what takes long, in a transaction that lasts as long as the work, and nobody else waits
    /// for.
    pub(super) fn patient(address: &Address, patience: Duration) -> Result<Link> {
        Link::with(address, patience, "SET idle_in_transaction_session_timeout = 0")
    }

    fn with(address: &Address, patience: Duration, settings: &str) -> Result<Link> {
        let failed = |error: std::io::Error| StoreError::Unavailable(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let client = runtime.block_on(async {
            let connecting = async {
                let client = address.connect().await?;
                client.batch_execute(settings).await?;
                Ok(client)
            };
            tokio::time::timeout(PATIENCE, connecting).await.unwrap_or_else(|_| Err(silent()))
        })?;
        Ok(Link { client, runtime: Some(runtime), prepared: RefCell::default(), failure: Cell::new(None), patience })
    }

    /// What went wrong since this was asked last.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure.take()
    }

    /// Whether what went wrong last is that something else was there already.
    pub fn met_another(&self) -> bool {
        self.failure() == Some(Failure::Met)
    }

    /// What was done in this transaction cannot stay, and is to be done again.
    pub fn again(&self) -> StoreError {
        self.failure.set(Some(Failure::Met));
        StoreError::Unavailable("a write has to be done again".into())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T> {
        let Some(runtime) = &self.runtime else { return Err(lost()) };
        match runtime.block_on(async { tokio::time::timeout(self.patience, work).await }) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => {
                // Within a transaction that has failed, everything fails: the first failure is what counts.
                if self.failure.get().is_none() {
                    self.failure.set(Some(told(&error)));
                }
                Err(error.into())
            }
            Err(_) => {
                self.failure.set(Some(Failure::Gone));
                Err(silent())
            }
        }
    }

    /// Waits a moment, on a thread that may.
    pub(super) fn pause(&self, time: Duration) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(tokio::time::sleep(time));
        }
    }

    pub fn prepare(&self, sql: &str) -> Result<Arc<Prepared>> {
        if let Some(known) = self.prepared.borrow().get(sql) {
            return Ok(Arc::clone(known));
        }
        let spelled = spelled(sql);
        let made = Arc::new(Prepared {
            statement: self.wait(self.client.prepare(&spelled))?,
            #[cfg(feature = "suite")]
            sql: spelled,
        });
        self.prepared.borrow_mut().insert(sql.into(), Arc::clone(&made));
        Ok(made)
    }

    pub fn query(&self, statement: &Prepared, values: &[Value<'_>]) -> Result<Vec<Row>> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        self.wait(self.client.query(&statement.statement, &values))
    }

    pub fn execute(&self, statement: &Prepared, values: &[Value<'_>]) -> Result<usize> {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        Ok(self.wait(self.client.execute(&statement.statement, &values))? as usize)
    }

    /// Adds rows with a `COPY … (FORMAT binary)`. The columns have the kinds of those that a statement finds.
    pub fn copy_in<V: ToValue>(&self, columns: &Prepared, sql: &str, rows: &[Vec<V>]) -> Result<()> {
        let kinds: Vec<Type> = columns.statement.columns().iter().map(|column| column.type_().clone()).collect();
        if rows.iter().any(|row| row.len() != kinds.len()) {
            return Err(StoreError::Corrupt("a row has not as many values as there are columns".into()));
        }
        self.wait(async {
            let mut writer = pin!(BinaryCopyInWriter::new(self.client.copy_in(sql).await?, &kinds));
            for row in rows {
                writer.as_mut().write_raw(row.iter().map(ToValue::to_value)).await?;
            }
            writer.finish().await.map(drop)
        })
    }

    /// Statements without values, whose answers do not matter.
    pub fn batch(&self, sql: &str) -> Result<()> {
        #[cfg(feature = "suite")]
        crate::suite::statements::ran_on_postgres(sql, &[]);
        self.wait(self.client.batch_execute(sql))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn silent() -> StoreError {
    StoreError::Unavailable("the database does not answer".into())
}

fn told(error: &tokio_postgres::Error) -> Failure {
    if error.is_closed() {
        return Failure::Gone;
    }
    match error.code() {
        // Somebody else made the same row since it was looked for.
        Some(code)
            if [
                &SqlState::T_R_SERIALIZATION_FAILURE,
                &SqlState::T_R_DEADLOCK_DETECTED,
                &SqlState::UNIQUE_VIOLATION,
            ]
            .contains(&code) =>
        {
            Failure::Met
        }
        Some(code)
            if [
                &SqlState::ADMIN_SHUTDOWN,
                &SqlState::CRASH_SHUTDOWN,
                &SqlState::CANNOT_CONNECT_NOW,
                &SqlState::READ_ONLY_SQL_TRANSACTION,
            ]
            .contains(&code) =>
        {
            Failure::Gone
        }
        Some(_) => Failure::Other,
        // Not an answer of the database at all.
        None => Failure::Gone,
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(told) = error.as_db_error() else {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            return StoreError::Unavailable(format!("{error}{cause}"));
        };
        let text = format!("{} ({})", told.message(), told.code().code());
        match told.code() {
            &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => StoreError::Corrupt(text),
            _ => StoreError::Unavailable(text),
        }
    }
}

/// Spells a statement as PostgreSQL does: `?1` is `$1`, and no statement has a question mark for anything else. Which index to
/// use is said to SQLite alone. A list is an array, because PostgreSQL expects a hundred rows of a function and ten of an array,
/// and reads whole tables for a hundred.
fn spelled(sql: &str) -> String {
    let mut parts = sql.split(" INDEXED BY ");
    let mut spelled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        spelled.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    }
    let mut parts = spelled.split("IN (SELECT value FROM json_each(?");
    let mut listed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once("))").unwrap_or((part, ""));
        let among = match listed.strip_suffix("NOT ").map(str::len) {
            None => "= ANY",
            Some(length) => {
                listed.truncate(length);
                "<> ALL"
            }
        };
        listed.push_str(&format!("{among} (ARRAY(SELECT value FROM json_each(?{number}))){rest}"));
    }
    listed.replace('?', "$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_spelled_as_postgresql_reads_them() {
        let sql = "SELECT id FROM messages INDEXED BY messages_by_id WHERE id < ?1 LIMIT ?2";
        assert_eq!(spelled(sql), "SELECT id FROM messages WHERE id < $1 LIMIT $2");
        assert_eq!(spelled("SELECT 1"), "SELECT 1");
        let sql = "DELETE FROM heads WHERE id IN (SELECT value FROM json_each(?1)) AND seq = ?2";
        let array = "DELETE FROM heads WHERE id = ANY (ARRAY(SELECT value FROM json_each($1))) AND seq = $2";
        assert_eq!(spelled(sql), array);
        let sql = "SELECT 1 WHERE id NOT IN (SELECT value FROM json_each(?3))";
        assert_eq!(spelled(sql), "SELECT 1 WHERE id <> ALL (ARRAY(SELECT value FROM json_each($3)))");
    }

    #[test]
    fn who_stops_in_a_write_does_not_stop_the_others() {
        let Some(shared) = laserchat_ground::postgres::shared() else { return };
        let database = shared.database();
        let address = Address::parse(&database.url).unwrap();
        let (paused, other) = (Link::open(&address).unwrap(), Link::open(&address).unwrap());
        other
            .batch("CREATE TABLE things (id BIGINT PRIMARY KEY, number BIGINT); INSERT INTO things VALUES (1, 0)")
            .unwrap();
        paused.batch("BEGIN; UPDATE things SET number = 1").unwrap();
        // It holds the row, and says nothing more.
        other.batch("UPDATE things SET number = 2").unwrap();
        assert!(paused.batch("COMMIT").is_err(), "what it did is undone, and it is told");
    }
}
