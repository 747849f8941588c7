//! Databases that are copied from a prepared one, because preparing takes longer than copying.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Database;
use super::shared::{Shared, lock_file};

impl Shared {
    /// A database like the one that `prepare` makes of an empty one, given its address. What is prepared is kept for all tests,
    /// by `version`: whatever decides how it turns out, such as the text of the migrations. `prepare` must have closed its
    /// connections when it returns.
    pub fn prepared(&'static self, version: &str, prepare: impl FnOnce(&str)) -> Database {
        let mut hasher = DefaultHasher::new();
        version.hash(&mut hasher);
        let name = format!("template_{:x}", hasher.finish());
        let lock = lock_file(&self.home, "template");
        lock.lock().unwrap_or_else(|error| panic!("no lock: {error}"));
        // Only what was prepared to the end has its final name.
        let count = self.sql(&format!("select count(*) from pg_database where datname = '{name}'"));
        if count.expect("a count") == "0" {
            let half = format!("{name}_half");
            let make = |statement: String| self.sql(&statement).unwrap_or_else(|failure| panic!("{failure}"));
            make(format!("drop database if exists {half} with (force)"));
            make(format!("create database {half}"));
            prepare(&self.url(&half));
            // A connection that was closed is gone only when its process has noticed.
            make(format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{half}'"));
            make(format!("alter database {half} rename to {name}"));
        }
        drop(lock);
        self.copy(&name)
    }
}
