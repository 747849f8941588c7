//! PostgreSQL on the ground: everybody gets a database of their own, and servers can be hurt and come back.

use laserchat_ground::postgres::{self, Mode, Postgres};

#[test]
fn everybody_has_an_empty_database() {
    let Some(shared) = postgres::shared() else { return };
    let (mine, yours) = (shared.database(), shared.database());
    mine.sql("create table thing (name text)").unwrap();
    yours.sql("create table thing (name text)").unwrap();
    assert_eq!(mine.sql("insert into thing values ('a'), ('B'), ('c')").unwrap(), "");
    assert_eq!(yours.sql("select count(*) from thing").unwrap(), "0");
    assert_eq!(mine.sql("select name from thing order by name").unwrap(), "a\nB\nc", "sorted as people do");
    assert!(mine.sql("select nonsense").unwrap_err().contains("nonsense"));
    let url = mine.url.clone();
    drop(mine);
    assert!(postgres::sql(&url, "select 1").unwrap_err().contains("does not exist"));
}

#[test]
fn a_database_is_prepared_once() {
    let Some(shared) = postgres::shared() else { return };
    let prepare = |url: &str| drop(postgres::sql(url, "create table thing (); create table other ()").unwrap());
    let first = shared.prepared("two things", prepare);
    let second = shared.prepared("two things", |_| panic!("prepared again"));
    for database in [first, second] {
        assert_eq!(database.sql("select count(*) from pg_tables where schemaname = 'public'").unwrap(), "2");
    }
}

#[test]
fn a_server_of_ones_own_keeps_what_was_committed() {
    let Some(own) = Postgres::start() else { return };
    own.sql("postgres", "create table thing (); insert into thing default values").unwrap();
    for mode in [Mode::Fast, Mode::Immediate] {
        own.restart(mode);
        assert_eq!(own.sql("postgres", "select count(*) from thing").unwrap(), "1");
    }
    own.stop(Mode::Fast);
    assert!(own.sql("postgres", "select 1").is_err());
}

#[test]
fn a_replica_takes_over_with_everything_that_was_acknowledged() {
    let Some(primary) = Postgres::with(&["synchronous_standby_names='copy'", "synchronous_commit=local"]) else {
        return;
    };
    primary.sql("postgres", "create table thing ()").unwrap();
    let replica = primary.replica("copy", &[]);
    primary.wait_for_replica("copy");
    primary.sql("postgres", "set synchronous_commit = remote_write; insert into thing default values").unwrap();
    assert!(replica.sql("postgres", "insert into thing default values").unwrap_err().contains("read-only"));
    primary.stop(Mode::Immediate);
    replica.promote();
    assert_eq!(replica.sql("postgres", "select count(*) from thing").unwrap(), "1");
    replica.sql("postgres", "insert into thing default values").unwrap();
    replica.restart(Mode::Immediate);
    assert_eq!(replica.sql("postgres", "select count(*) from thing").unwrap(), "2");
}
