//! The SQLite backend passes the contract suite.

use laserchat_store::Sqlite;
use tempfile::TempDir;

async fn fresh() -> Option<(Sqlite, TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    Some((Sqlite::open(&folder.path().join("laserchat.db")).unwrap(), folder))
}

laserchat_store::contract_suite!(fresh);
