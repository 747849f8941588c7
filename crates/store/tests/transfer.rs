//! A store in one database becomes the same store in the other: every table, every column, and what stands in the way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use laserchat_ground::postgres::{Database, shared};
use laserchat_store::postgres::LINKS;
use laserchat_store::transfer::{self, Begun, Difference, Move, Wrong};
use laserchat_store::{Postgres, Sqlite, StoreError, System, sqlite};
use rusqlite::Connection;
use rusqlite::types::Value;

/// Rows of most tables, and of the one that is carried over in several stretches.
const FEW: i64 = 12;
const MANY: i64 = 2100;

/// The tables of a SQLite store, apart from the index of search and what SQLite makes itself.
fn tables(conn: &Connection) -> BTreeSet<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    let index = ["search_docs", "search_index", "search_index_config", "search_index_data", "search_index_docsize"];
    names.filter(|name| name != "search_index_idx" && !index.contains(&name.as_str())).collect()
}

/// Some value for a column of a row. What the store's rules are about is such that they hold.
fn value(table: &str, column: &str, kind: &str, nullable: bool, row: i64, at: i64) -> Value {
    match (table, column) {
        ("conversations", "deleted_at") => return Value::Integer(row),
        ("conversations", "member_count") | ("members", "version") | ("members" | "messages", "changed") => {
            return Value::Integer(0);
        }
        ("members", "state") => return Value::Integer(1),
        ("follower_cursors", "follower") => return Value::Integer(row + 1000),
        _ => {}
    }
    match kind {
        _ if nullable && (row + at) % 3 == 0 => Value::Null,
        "INTEGER" => Value::Integer(row * 3 + at),
        "TEXT" => Value::Text(format!("{column} \u{e9}\t\u{1f600} 'of' \\ {row}\n")),
        "BLOB" => Value::Blob(vec![0, row as u8, (row >> 8) as u8, 255, at as u8]),
        // Of any kind.
        _ => match row % 4 {
            0 => Value::Null,
            1 => Value::Integer(row - 5),
            2 => Value::Text(format!("text {row}")),
            _ => Value::Blob(vec![7; row as usize]),
        },
    }
}

/// Makes a store with rows in every table. Returns its epoch.
fn filled(path: &Path) -> String {
    let store = Sqlite::open(path).unwrap();
    let epoch = store.epoch();
    drop(store);
    let mut conn = Connection::open(path).unwrap();
    let step = conn.transaction().unwrap();
    for table in tables(&step) {
        let mut described = step.prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)").unwrap();
        let columns: Vec<(String, String, bool)> = described
            .query_map([&table], |row| {
                Ok((row.get(0)?, row.get(1)?, !row.get::<_, bool>(2)? && !row.get::<_, bool>(3)?))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let names: Vec<String> = columns.iter().map(|(name, ..)| format!("\"{name}\"")).collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        let mut insert = step.prepare(&sql).unwrap();
        for row in 1..=if table == "messages" { MANY } else { FEW } {
            let values = columns.iter().enumerate();
            let values = values.map(|(at, (name, kind, null))| value(&table, name, kind, *null, row, at as i64));
            insert.execute(rusqlite::params_from_iter(values)).unwrap_or_else(|error| panic!("{table}: {error}"));
        }
    }
    step.commit().unwrap();
    epoch
}

struct Ground {
    folder: tempfile::TempDir,
    database: Database,
}

/// `None`, and it is said: PostgreSQL is not installed.
fn ground() -> Option<Ground> {
    Some(Ground { database: shared()?.database(), folder: tempfile::tempdir().unwrap() })
}

impl Ground {
    fn file(&self) -> PathBuf {
        self.folder.path().join("laserchat.db")
    }

    #[track_caller]
    fn sql(&self, sql: &str) -> String {
        self.database.sql(sql).unwrap()
    }

    fn begin(&self) -> Result<Begun, StoreError> {
        Move::begin(&self.file(), &self.database.url)
    }

    fn going(&self) -> Move {
        match self.begin().unwrap() {
            Begun::Going(going) => *going,
            Begun::Done => panic!("it is not done"),
        }
    }
}

fn why<T>(refused: Result<T, StoreError>) -> String {
    refused.err().expect("it is refused").to_string()
}

fn compared(going: &Move) -> Vec<Difference> {
    going.compare().unwrap()
}

#[test]
fn every_table_is_carried_over_and_one_life_goes_on() {
    let Some(ground) = ground() else { return };
    let (path, url) = (ground.file(), ground.database.url.clone());
    let epoch = filled(&path);
    let mut going = ground.going();
    assert!(!going.resumed);
    let (mut seen, mut rows) = (BTreeSet::new(), 0);
    going
        .copy(&mut |progress| {
            if progress.whole {
                assert_eq!(progress.rows, progress.written);
                seen.insert(progress.table.clone());
                rows += progress.rows;
            }
        })
        .unwrap();
    let conn = Connection::open(&path).unwrap();
    let all = tables(&conn);
    assert_eq!(seen, all, "a table that exists is carried over");
    // The marks, and how far search has come, are each database's own.
    for table in all {
        let sql = format!("SELECT count(*) FROM {table}");
        let count: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        let own = i64::from(table == "meta");
        assert_eq!(ground.sql(&sql), (count + own).to_string(), "{table}");
    }
    assert_eq!(compared(&going), []);

    // Until the end, no server lives there, and the other goes on.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(why(runtime.block_on(Postgres::open(&url, None, LINKS))).contains("laserchat migrate"));
    assert!(why(ground.begin()).contains("by somebody else"));
    drop(Sqlite::open(&path).unwrap());
    going.finish().unwrap();
    let said = why(Sqlite::open(&path).map(drop));
    assert!(said.contains("was moved to postgres://127.0.0.1:") && said.contains("--undo"), "{said}");
    assert_eq!(runtime.block_on(Postgres::open(&url, None, LINKS)).unwrap().epoch(), epoch);
    assert!(matches!(ground.begin().unwrap(), Begun::Done));
    // What the database numbers itself goes on behind what was there.
    let next = ground.sql("INSERT INTO followers (name) VALUES ('new') RETURNING id");
    assert_eq!(next.lines().next(), Some((FEW * 3 + 1).to_string().as_str()), "{next}");

    // Undone, it is another life, which has no part in what was moved.
    let other = transfer::undo(&path).unwrap().expect("it was moved");
    assert_ne!(other, epoch);
    assert_eq!(transfer::undo(&path).unwrap(), None);
    assert_eq!(Sqlite::open(&path).unwrap().epoch(), other);
    assert!(why(ground.begin()).contains("holds a server already"));
}

#[test]
fn what_was_copied_before_the_source_changed_is_made_right() {
    let Some(ground) = ground() else { return };
    let path = ground.file();
    filled(&path);
    let mut going = ground.going();
    going.copy(&mut |_| {}).unwrap();
    drop(going);
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(
        "DELETE FROM messages WHERE seq % 7 = 0; UPDATE messages SET body = 'changed' WHERE seq % 1000 = 1;
         INSERT INTO heads (conversation_id, seq) VALUES (1, 1); DELETE FROM reactions",
    )
    .unwrap();
    // Two names change places, which rows that are made right one after the other would meet as a conflict.
    let names: Vec<(i64, String)> = conn
        .prepare("SELECT id, username FROM users ORDER BY id LIMIT 2")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let rename = |name: &str, id: i64| {
        conn.execute("UPDATE users SET username = ?1 WHERE id = ?2", rusqlite::params![name, id]).unwrap()
    };
    rename("in between", names[0].0);
    rename(&names[0].1, names[1].0);
    rename(&names[1].1, names[0].0);
    drop(conn);
    let mut going = ground.going();
    assert!(going.resumed);
    let mut kept = 0;
    going.copy(&mut |progress| kept += if progress.whole { progress.rows - progress.written } else { 0 }).unwrap();
    assert!(kept > 0, "what is right already is not copied again");
    assert_eq!(compared(&going), []);
    going.finish().unwrap();
}

#[test]
fn most_is_brought_over_while_the_source_is_in_use() {
    let Some(ground) = ground() else { return };
    let (path, url) = (ground.file(), ground.database.url.clone());
    assert!(transfer::ahead(&path, &url, &mut |_| {}).is_err(), "there is nothing to bring");
    filled(&path);
    let server = Sqlite::open(&path).unwrap();
    // It goes on writing while it is copied.
    let conn = Connection::open(&path).unwrap();
    transfer::ahead(&path, &url, &mut |progress| {
        let changed = format!("UPDATE messages SET body = 'changed by {}' WHERE seq = 10", progress.table);
        conn.execute(&changed, []).unwrap();
    })
    .unwrap();
    conn.execute("INSERT INTO heads (conversation_id, seq) VALUES (77777, 1)", []).unwrap();
    drop((conn, server));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(why(runtime.block_on(Postgres::open(&url, None, LINKS))).contains("laserchat migrate"));

    let mut going = ground.going();
    assert!(going.resumed);
    let mut written = BTreeSet::new();
    going
        .copy(&mut |progress| {
            if progress.whole && progress.written > 0 {
                written.insert(progress.table.clone());
            }
        })
        .unwrap();
    assert!(written.contains("heads") && written.contains("messages") && written.len() <= 3, "{written:?}");
    assert_eq!(compared(&going), []);
    going.finish().unwrap();
    assert!(why(transfer::ahead(&path, &url, &mut |_| {})).contains("was moved to"));
}

#[test]
fn every_difference_is_told_by_its_row() {
    let Some(ground) = ground() else { return };
    filled(&ground.file());
    let mut going = ground.going();
    going.copy(&mut |_| {}).unwrap();
    assert_eq!(compared(&going), []);
    drop(going);
    // Nothing was copied now, so all of it is compared.
    let going = ground.going();
    let at = |seq: i64| format!("conversation_id = (SELECT conversation_id FROM messages WHERE seq = {seq})");
    let keys = [10, 1400].map(|row: i64| (row * 3, row * 3 + 1));
    ground.sql(&format!("UPDATE messages SET body = 'other', kind = 9 WHERE {}", at(keys[0].1)));
    ground.sql(&format!("DELETE FROM messages WHERE {}", at(keys[1].1)));
    ground.sql("INSERT INTO heads (conversation_id, seq) VALUES (99999, 1)");
    let key = |(id, seq): (i64, i64)| format!("{id}, {seq}");
    let difference = |table: &str, key: String, wrong, columns: &[&str]| Difference {
        table: table.into(),
        key,
        wrong,
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
    };
    let found = compared(&going);
    let expected = [
        difference("heads", "99999".into(), Wrong::TooMany, &[]),
        difference("messages", key(keys[0]), Wrong::Different, &["body", "kind"]),
        difference("messages", key(keys[1]), Wrong::Missing, &[]),
    ];
    assert_eq!(found, expected);
    assert_eq!(found[1].to_string(), format!("messages: {} differs in body, kind", key(keys[0])));
}

#[test]
fn a_backup_is_of_one_form_and_goes_into_either_database() {
    let Some(ground) = ground() else { return };
    let epoch = filled(&ground.file());
    let mut going = ground.going();
    going.copy(&mut |_| {}).unwrap();
    let backup = ground.folder.path().join("backup.db");
    let url = ground.database.url.clone();
    assert!(why(transfer::backup(&url, &backup, &mut |_| {})).contains("not whole yet"));
    going.finish().unwrap();
    transfer::backup(&url, &backup, &mut |_| {}).unwrap();
    assert!(why(transfer::backup(&url, &backup, &mut |_| {})).contains("exists already"));

    let file = ground.folder.path().join("restored.db");
    let restored = sqlite::restore(&backup, &file).unwrap();
    assert_eq!(Sqlite::open(&file).unwrap().epoch(), restored);
    let other = shared().unwrap().database();
    let again = transfer::restore(&backup, &other.url, &mut |_| {}).unwrap();
    assert!(restored != epoch && again != epoch && again != restored);
    for database in [&other, &ground.database] {
        let said = why(transfer::restore(&backup, &database.url, &mut |_| {}));
        assert!(said.contains("holds a server already"), "{said}");
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(Postgres::open(&other.url, None, LINKS)).unwrap().epoch(), again);
    let sum = "SELECT md5(string_agg(m::text, ';' ORDER BY conversation_id, seq)) FROM messages m";
    assert_eq!(other.sql(sum), ground.database.sql(sum));

    // And back again: a backup of what was restored is the same, but for its epoch.
    let second = ground.folder.path().join("second.db");
    transfer::backup(&other.url, &second, &mut |_| {}).unwrap();
    let conn = Connection::open(&backup).unwrap();
    conn.execute("ATTACH ?1 AS second", [second.to_str().unwrap()]).unwrap();
    for table in tables(&conn) {
        let but = if table == "meta" { " WHERE key <> 'epoch'" } else { "" };
        let odd = format!("SELECT count(*) FROM (SELECT * FROM main.{table}{but} EXCEPT SELECT * FROM second.{table})");
        assert_eq!(conn.query_row(&odd, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{table}");
    }
}

#[test]
fn what_cannot_be_moved_is_refused() {
    let Some(ground) = ground() else { return };
    assert!(why(ground.begin()).contains("there is no database at"));
    filled(&ground.file());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    drop(runtime.block_on(Postgres::open(&ground.database.url, None, LINKS)).unwrap());
    assert!(why(ground.begin()).contains("holds a server already"));

    // Half of another server.
    let other = shared().unwrap().database();
    let stranger = ground.folder.path().join("stranger.db");
    filled(&stranger);
    assert!(matches!(Move::begin(&stranger, &other.url).unwrap(), Begun::Going(_)));
    assert!(why(Move::begin(&ground.file(), &other.url)).contains("holds a part of something else"));
    assert!(why(transfer::restore(&stranger, &other.url, &mut |_| {})).contains("holds a part of something else"));
    assert!(why(Move::begin(&stranger, "postgres://127.0.0.1:1/none")).contains("not available"));
}
