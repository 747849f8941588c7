//! Databases that are worked with by hand: looked at, copied from and copied into, over one connection and without a store.
//!
//! Whoever does this waits as long as it takes, and blocks the thread meanwhile.

use std::time::Duration;

use super::address::Address;
use super::link::Link;
use super::{Postgres, migrations};
use crate::sql::{self, Connection, Inspection, get, params, set};
use crate::transfer::MOVING;
use crate::{BlobName, Result, StoreError};

/// How long one answer may take, when all of a large table is read for it.
const PATIENCE: Duration = Duration::from_secs(3600);

fn connect(address: &str) -> Result<(Link, String)> {
    let address = Address::parse(address)?;
    let name = address.to_string();
    Ok((Link::patient(&address, PATIENCE)?, name))
}

/// A database as it is at one moment.
pub(crate) struct Source(Link);

impl Source {
    pub fn open(address: &str) -> Result<Source> {
        let (link, name) = connect(address)?;
        link.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let version = migrations::version(&Connection::Postgres(&link))?;
        if version != migrations::KNOWN {
            let known = migrations::KNOWN;
            return Err(StoreError::Unavailable(format!(
                "{name} is of version {version} and this program's is {known}: use the program that its servers run"
            )));
        }
        walk_in_order(&link)?;
        Ok(Source(link))
    }

    pub fn conn(&self) -> Connection<'_> {
        Connection::Postgres(&self.0)
    }
}

/// A database that is filled from another one. Nobody else fills it at the same time.
pub(crate) struct Target {
    link: Link,
    /// The address without what is secret.
    pub name: String,
}

impl Target {
    /// Opens a database, and makes its tables as needed.
    pub fn open(address: &str) -> Result<Target> {
        let (link, name) = connect(address)?;
        let conn = Connection::Postgres(&link);
        // It ends with the connection. The number is that of this lock alone.
        let locked: bool = conn.query_row("SELECT pg_try_advisory_lock(5573737202)", (), |row| row.get(0))?;
        if !locked {
            return Err(StoreError::Unavailable(format!("{name} is being filled by somebody else")));
        }
        conn.batch("BEGIN")?;
        migrations::migrate(&conn)?;
        conn.batch("COMMIT")?;
        walk_in_order(&link)?;
        Ok(Target { link, name })
    }

    pub fn conn(&self) -> Connection<'_> {
        Connection::Postgres(&self.link)
    }

    /// Marks an empty database as one that is being filled, unless a server is faster.
    pub fn begin(&self, mark: &str) -> Result<()> {
        self.alone(|conn| match get::<String>(conn, "epoch")? {
            Some(_) => Err(StoreError::Unavailable(format!("a server has begun to use {}", self.name))),
            None => set(conn, MOVING, mark),
        })
    }

    /// What follows from the rows: the next numbers that the database gives out, and what it knows of its tables.
    pub fn settle(&self) -> Result<()> {
        let conn = self.conn();
        let mut given = conn.prepare_cached(
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY 1",
        )?;
        let given = given.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        for column in given.collect::<Result<Vec<(String, String)>>>()? {
            let (table, column) = column;
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false) \
                 FROM {table}"
            );
            conn.query_row(&next, (), |_| Ok(()))?;
        }
        self.link.batch("ANALYZE")
    }

    /// Does the last thing, after which servers may use it.
    pub fn open_to_servers<T>(&self, last: impl FnOnce(&Connection<'_>) -> Result<T>) -> Result<T> {
        self.alone(last)
    }

    fn alone<T>(&self, work: impl FnOnce(&Connection<'_>) -> Result<T>) -> Result<T> {
        let conn = self.conn();
        conn.batch("BEGIN ISOLATION LEVEL SERIALIZABLE")?;
        let done = work(&conn);
        conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done
    }
}

/// Whoever reads a table in pieces wants them from its key, and not all of it sorted again for each. Where the planner can do
/// no other than what it must not, it believes that to be dear, and would compile it for longer than it takes.
fn walk_in_order(link: &Link) -> Result<()> {
    link.batch(
        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off;
         SET jit = off",
    )
}

/// Examines a whole database, which takes as long as reading it.
pub fn inspect(address: &str) -> Result<Inspection> {
    let (link, _) = connect(address)?;
    link.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let conn = Connection::Postgres(&link);
    sql::inspect::<Postgres>(&conn, migrations::version(&conn)?, migrations::KNOWN)
}

/// How many changes a follower has not taken yet. `None`: nobody of that name has ever followed.
pub fn lag(address: &str, follower: &str) -> Result<Option<u64>> {
    let (link, _) = connect(address)?;
    let conn = Connection::Postgres(&link);
    if migrations::version(&conn)? > 0 { sql::lag(&conn, follower) } else { Ok(None) }
}

/// The blobs that a database names, with their sizes. Their bytes are elsewhere.
pub fn blobs(address: &str) -> Result<Vec<(BlobName, u64)>> {
    let (link, _) = connect(address)?;
    let conn = Connection::Postgres(&link);
    match migrations::version(&conn)? {
        0 => Ok(Vec::new()),
        version => sql::blobs(&conn, version >= migrations::NUMBERED_BLOBS, None, usize::MAX),
    }
}

/// How far a copy of a database is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// It is a copy, and not a database of its own.
    pub follows: bool,
    /// Bytes of the database's log that it does not have yet.
    pub bytes: u64,
}

/// Asks a database and its copy how far they are apart.
pub fn behind(address: &str, replica: &str) -> Result<Behind> {
    let (database, _) = connect(address)?;
    let place = super::replica::place(&Connection::Postgres(&database))?;
    let copy = Link::patient(&Address::parse(replica)?.of_replica(), PATIENCE)?;
    let conn = Connection::Postgres(&copy);
    let sql = "SELECT CAST(pg_is_in_recovery() AS INTEGER),
                 CAST(coalesce(max(0, CAST(CAST(CAST(?1 AS TEXT) AS pg_lsn) - pg_last_wal_replay_lsn() AS BIGINT)), 0) AS BIGINT)";
    let found = conn.query_row(sql, params![place], |row| {
        Ok(Behind { follows: row.get(0)?, bytes: row.get::<i64>(1)?.max(0) as u64 })
    });
    Ok(found?)
}
