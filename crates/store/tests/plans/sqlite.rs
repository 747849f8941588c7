//! What SQLite does: `EXPLAIN QUERY PLAN`.

use laserchat_store::Sqlite;
use rusqlite::Connection;

use super::calls::{self, Call};
use super::{compare, line};

/// Goes through what is small, or stops early: the statement contains the first, the plan the second.
const MAY_SCAN: &[(&str, &str)] = &[
    ("ORDER BY due_at LIMIT 1", "expiry_due"),
    ("FROM doomed_blobs ORDER BY hash, number LIMIT", "doomed_blobs"),
    // There are few webhooks, and each is asked for its next delivery.
    ("FROM webhooks w WHERE w.disabled_at IS NULL AND EXISTS", "SCAN w"),
];

/// The messages in the index.
const INDEX: &str = "
    INSERT INTO search_docs (id, facts) SELECT id, 0 FROM messages;
    INSERT INTO search_index (rowid, words, names, facts)
      SELECT id, body, '', '_c' || conversation_id || ' _u' || sender_id || CASE WHEN changed > seq THEN ' _f1' ELSE '' END
      FROM messages WHERE conversation_id < 100100;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_finds_what_it_is_asked_for_by_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("laserchat.db");
    let store = Sqlite::open(&path).unwrap();
    let conn = Connection::open(&path).unwrap();
    // How much there is does not change its plans.
    let fill = include_str!("fill.sql").replace("c.i <= 3000", "c.i <= 100");
    conn.execute_batch(&format!("BEGIN; {fill}; {INDEX} COMMIT;")).unwrap();
    calls::lists(&store).await;
    let mut text = String::new();
    let mut wrong = Vec::new();
    for Call { name, ran } in calls::all(&store).await {
        text.push_str(&format!("## {name}\n"));
        let mut seen = Vec::new();
        for ran in ran {
            let plan = plan(&conn, &ran.sql);
            let statement = line(&without_values(&ran.sql));
            if seen.contains(&statement) {
                continue;
            }
            text.push_str(&format!("{statement}\n"));
            for step in &plan {
                text.push_str(&format!("    {step}\n"));
                let table = step.trim_start().strip_prefix("SCAN ");
                let made = |name: &str| {
                    plan.iter().any(|step| {
                        step.ends_with(&format!("CO-ROUTINE {name}")) || step.ends_with(&format!("MATERIALIZE {name}"))
                    })
                };
                let scans = table.is_some_and(|table| {
                    !table.contains("VIRTUAL TABLE")
                        && table != "CONSTANT ROW"
                        && !table.ends_with("VALUES CLAUSE")
                        && !made(table)
                });
                let may = MAY_SCAN.iter().any(|(sql, plan)| statement.contains(sql) && step.contains(plan));
                if scans && !may {
                    wrong.push(format!("{name}: {step}\n  in {statement}"));
                }
            }
            seen.push(statement);
        }
        text.push('\n');
    }
    compare("sqlite.txt", &text);
    assert!(wrong.is_empty(), "whole tables are read:\n{}", wrong.join("\n"));
}

fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut depths = std::collections::HashMap::from([(0_i64, 0_usize)]);
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(3)?))).unwrap();
    rows.map(|row| {
        let (id, parent, step): (i64, i64, String) = row.unwrap();
        let depth = depths[&parent];
        depths.insert(id, depth + 1);
        format!("{}{step}", "  ".repeat(depth))
    })
    .collect()
}

/// Values are others in every run, and no part of a plan; so are moments, which are the only long numbers.
fn without_values(sql: &str) -> String {
    let mut plain = String::new();
    for (at, part) in sql.split('\'').enumerate() {
        match at % 2 {
            0 => plain.push_str(part),
            _ => plain.push('?'),
        }
    }
    let is_moment =
        |word: &str| word.trim_end_matches([',', ')']).len() > 10 && word.starts_with(|c: char| c.is_ascii_digit());
    let words = plain.split_inclusive(' ').map(|word| match is_moment(word.trim_end()) {
        true => word.replace(|c: char| c.is_ascii_digit(), "").replacen("", "?", 1),
        false => word.to_owned(),
    });
    words.collect::<String>().replace("x?", "?")
}
