//! The PostgreSQL backend: one database for any number of nodes.
//!
//! Every node has a few links for reads and a few for writes. What the nouns do is written in `sql/`; here is how their
//! transactions run, and where the tables come from.

mod address;
mod link;
mod migrations;
mod offline;
mod pool;
mod replica;
mod types;

use std::path::Path;
use std::sync::Arc;

pub(crate) use link::{Link, Prepared};
pub use offline::{Behind, behind, blobs, inspect, lag};
pub(crate) use offline::{Source, Target};

use crate::contract::TracePlace;
use crate::sql::{Connection, Database, Order, Writing, birth};
use crate::{Result, StoreError, transfer};
use address::Address;
use pool::Pool;

/// Tables in which messages lie, as the first migration makes them.
const PARTS: i64 = 16;
/// Links that one node has to a database, unless it is told otherwise. Of five, three read and two write.
pub const LINKS: usize = 20;

/// A store in a PostgreSQL database.
pub struct Postgres {
    address: String,
    epoch: String,
    readers: Arc<Pool>,
    writers: Arc<Pool>,
    /// Links to a copy of the database, which may be a moment behind.
    replica: Option<Arc<Pool>>,
}

impl Postgres {
    /// Whether an address can be read.
    pub fn understands(address: &str) -> bool {
        Address::parse(address).is_ok()
    }

    /// Opens a database, making or migrating its tables as needed, and a copy of it that may be asked instead. There are never
    /// more than so many links to either; two at least, because who reads must not wait for who writes.
    pub async fn open(url: &str, replica: Option<&str>, links: usize) -> Result<Postgres> {
        let address = Address::parse(url)?;
        let writing = (links * 2 / 5).max(1);
        let reading = links.saturating_sub(writing).max(1);
        let replica = replica.map(Address::parse).transpose()?;
        let replica = replica.map(|address| Pool::new(address.of_replica(), reading));
        let readers = Pool::new(address.clone(), reading);
        let writers = Pool::new(address, writing);
        let epoch = writers
            .lend(|pool| {
                pool.write(Order::ByRows, |w| migrations::migrate(w.conn))?;
                pool.write(Order::Alone, |w| birth(w.conn))
            })
            .await?;
        Ok(Postgres { address: url.to_owned(), epoch, readers, writers, replica })
    }
}

/// What decides how a new database turns out, for tests that copy one.
#[cfg(feature = "suite")]
pub fn schema() -> String {
    migrations::MIGRATIONS.iter().map(|migration| migration.sql).collect()
}

impl Database for Postgres {
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.lend(|pool| pool.read(work)).await
    }

    async fn read_far<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(replica) = &self.replica else { return self.read(work).await };
        // Whoever asks may have written on any node: the copy must have everything that was acknowledged before now.
        let place = self.readers.lend(|pool| pool.read(replica::place)).await?;
        if replica.lend(move |pool| pool.read(|conn| replica::reaches(conn, place))).await.unwrap_or(false) {
            return replica.lend(|pool| pool.read(work)).await;
        }
        metrics::counter!("laserchat_store_replica_behind_total").increment(1);
        self.read(work).await
    }

    async fn write_in<T: Send + 'static>(
        &self,
        order: Order,
        work: impl FnMut(&mut Writing<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writers.lend(move |pool| pool.write(order, work)).await
    }

    fn alone(&self) -> bool {
        false
    }

    fn epoch(&self) -> String {
        self.epoch.clone()
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        let (from, to) = (self.address.clone(), to.to_owned());
        let done = tokio::task::spawn_blocking(move || transfer::backup(&from, &to, &mut |_| {})).await;
        done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    fn damage(conn: &Connection<'_>) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('messages')";
        let parts: i64 = conn.query_row(parts, (), |row| row.get(0))?;
        if parts != PARTS {
            found.push(format!("the table messages has {parts} parts, not {PARTS}"));
        }
        let mut broken = conn.prepare_cached(
            "SELECT CAST(CAST(indexrelid AS regclass) AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE NOT i.indisvalid AND c.relnamespace = CAST(current_schema() AS regnamespace)",
        )?;
        let broken = broken.query_map((), |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
        found.extend(broken.into_iter().map(|index| format!("the index {index} is not whole: REINDEX it")));
        Ok(found)
    }

    fn bytes(conn: &Connection<'_>) -> Result<u64> {
        let size: i64 = conn.query_row("SELECT pg_database_size(current_database())", (), |row| row.get(0))?;
        Ok(size.max(0) as u64)
    }

    /// Erased rows are overwritten by vacuum, which the database does by itself.
    fn clear_traces(_: &mut Writing<'_>, _: TracePlace) -> Result<Option<TracePlace>> {
        Ok(None)
    }

    async fn settle_traces(&self) -> Result<bool> {
        Ok(true)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.readers.close();
        self.replica.iter().for_each(|pool| pool.close());
        self.writers.close();
    }
}
