//! The PostgreSQL backend passes the contract suite.

use laserchat_ground::postgres::{Database, shared};
use laserchat_store::Postgres;
use laserchat_store::postgres::{LINKS, schema};
use tokio::runtime::Handle;

/// A database that is made already, as another test left it before it did anything.
fn database(runtime: &Handle) -> Option<Database> {
    let prepare = |address: &str| drop(runtime.block_on(Postgres::open(address, None, LINKS)).unwrap());
    Some(shared()?.prepared(&schema(), prepare))
}

async fn fresh() -> Option<(Postgres, Database)> {
    let runtime = Handle::current();
    let database = tokio::task::spawn_blocking(move || database(&runtime)).await.unwrap()?;
    Some((Postgres::open(&database.url, None, LINKS).await.unwrap(), database))
}

laserchat_store::contract_suite!(fresh);
