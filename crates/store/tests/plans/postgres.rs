//! What PostgreSQL does: `EXPLAIN`, of the plan that it settles on after a few times.

use std::fmt::Write;

use laserchat_ground::postgres::{Database, shared};
use laserchat_store::Postgres;
use laserchat_store::postgres::LINKS;
use laserchat_store::suite::statements::Ran;
use serde_json::Value;

use super::calls::{self, Call};
use super::{compare, line};

/// The version whose plans are kept: Debian's.
const KEPT: &str = "15";

/// What may go through a whole table or index, or look into all parts of the messages: a piece of its statement, and why.
const MAY: &[(&str, &str)] = &[
    ("WHERE id = $1 AND EXISTS", "an id alone does not tell the conversation: sixteen looks into an index"),
    ("SELECT max(id) FROM messages", "the newest of sixteen"),
    ("WHERE id >= $1 ORDER BY id LIMIT 1", "the first after a time, of sixteen"),
    ("SELECT id, conversation_id FROM messages WHERE id <", "a search for everything, from the newest on"),
    ("poll_closes_at", "the next of sixteen"),
    ("coalesce(c.seq, 0) <", "a follower that begins looks at every conversation, page by page"),
];

/// The messages in the index of words.
const INDEX: &str = "
    INSERT INTO search_docs (id, conversation_id, facts, terms)
      SELECT id, conversation_id, 0, CAST(
        '''' || replace(body, ' ', ''':1A ''') || ''':2A'
        || ' ''_c' || conversation_id || ''':1D ''_u' || sender_id || ''':1D'
        || CASE WHEN changed > seq THEN ' ''_f1'':1D' ELSE '' END AS tsvector)
      FROM messages WHERE conversation_id < 101500";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_finds_what_it_is_asked_for_by_index() {
    let Some(shared) = tokio::task::spawn_blocking(shared).await.unwrap() else { return };
    let database = shared.database();
    let store = Postgres::open(&database.url, None, LINKS).await.unwrap();
    database.sql(&format!("BEGIN; {}; {INDEX}; COMMIT", include_str!("fill.sql"))).unwrap();
    database.sql("VACUUM ANALYZE").unwrap();
    // As operators set it for disks that need not seek.
    let name = database.url.rsplit('/').next().unwrap();
    database.sql(&format!("ALTER DATABASE {name} SET random_page_cost = 1.1")).unwrap();
    let large = database.sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 900").unwrap();
    calls::lists(&store).await;
    let mut report = Report { large: large.lines().map(str::to_owned).collect(), ..Report::default() };
    for call in calls::all(&store).await {
        report.add(&database, call);
    }
    // Another version may have better plans. What it must not do is the same.
    if database.sql("SHOW server_version_num").unwrap().starts_with(KEPT) {
        compare("postgres.txt", &report.text);
    }
    assert!(report.wrong.is_empty(), "too much is read:\n{}", report.wrong.join("\n"));
}

#[derive(Default)]
struct Report {
    /// Tables with more than a few rows.
    large: Vec<String>,
    text: String,
    wrong: Vec<String>,
}

impl Report {
    fn add(&mut self, database: &Database, Call { name, ran }: Call) {
        let _ = writeln!(self.text, "## {name}");
        let mut seen: Vec<(Ran, usize)> = Vec::new();
        // What is set holds for the rest of the transaction, and other batches have no plan.
        let (batches, ran): (Vec<Ran>, Vec<Ran>) = ran
            .into_iter()
            .partition(|one| ["BEGIN", "COMMIT", "ROLLBACK", "SET"].iter().any(|word| one.sql.starts_with(word)));
        let settings: String = batches
            .iter()
            .filter_map(|one| one.sql.strip_prefix("SET LOCAL "))
            .map(|setting| format!("SET {setting};"))
            .collect();
        for one in ran {
            match seen.iter_mut().find(|(first, _)| first.sql == one.sql) {
                Some((_, times)) => *times += 1,
                None => seen.push((one, 1)),
            }
        }
        for (ran, times) in seen {
            let statement = line(&ran.sql);
            let times = if times > 1 { format!("{times} × ") } else { String::new() };
            let _ = writeln!(self.text, "{times}{statement}");
            let plan = plan(database, &settings, &ran);
            let mut lines = Vec::new();
            write_node(&plan, 1, &mut lines);
            let may = MAY.iter().any(|(sql, _)| statement.contains(sql));
            let mut wrong = Vec::new();
            self.judge(&plan, false, &mut wrong);
            if !may {
                wrong.dedup();
                self.wrong.extend(wrong.into_iter().map(|what| format!("{name}: {what}\n  in {statement}")));
            }
            self.text.push_str(&lines.concat());
        }
        self.text.push('\n');
    }

    /// Finds what goes through a whole table or index, and what looks into all parts of the messages. A walk along an index
    /// that a limit ends is none.
    fn judge(&self, node: &Value, limited: bool, wrong: &mut Vec<String>) {
        let kind = text(node, "Node Type");
        let relation = text(node, "Relation Name");
        if kind == "Seq Scan" && self.large.iter().any(|large| large == relation) {
            wrong.push(format!("all of {} is read", without_parts(relation)));
        }
        let all = kind.contains("Index") && kind.ends_with("Scan") && node["Index Cond"].is_null();
        if all && (!limited || !node["Filter"].is_null()) {
            wrong.push(format!("all of {} is read", without_parts(text(node, "Index Name"))));
        }
        let children = node["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let everywhere = |child: &Value| {
            let by_conversation = ["Index Cond", "Recheck Cond", "Filter"].map(|cond| {
                text(child, cond).contains("conversation_id =") || text(child, cond).contains("= conversation_id")
            });
            text(child, "Relation Name").starts_with("messages_") && !by_conversation.contains(&true)
        };
        if children.iter().filter(|child| everywhere(child)).count() > 1 {
            wrong.push("all parts of the messages are looked into".to_owned());
        }
        let passes = ["Append", "Merge Append", "Nested Loop", "Subquery Scan", "LockRows", "Result"].contains(&kind);
        let limited = kind == "Limit" || (limited && passes);
        children.iter().for_each(|child| self.judge(child, limited, wrong));
    }
}

fn text<'a>(node: &'a Value, key: &str) -> &'a str {
    node[key].as_str().unwrap_or_default()
}

/// The plan that is used from the sixth time on: by then it is decided whether values make one of their own worth while.
fn plan(database: &Database, settings: &str, ran: &Ran) -> Value {
    let values = if ran.values.is_empty() { String::new() } else { format!("({})", ran.values.join(", ")) };
    let explain = format!("EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE asked{values};");
    let told = database
        .sql(&format!("{settings} PREPARE asked AS {}; {} SELECT '-----'; {explain}", ran.sql, explain.repeat(5)))
        .unwrap();
    let last = told.rsplit("-----").next().unwrap_or_default();
    let plans: Value = serde_json::from_str(last).unwrap();
    plans[0]["Plan"].clone()
}

/// One line for each step; parts of the messages that are treated alike are one.
fn write_node(node: &Value, depth: usize, lines: &mut Vec<String>) {
    let mut line = format!("{}{}", "  ".repeat(depth + 1), text(node, "Node Type"));
    let name = [text(node, "Operation"), text(node, "Join Type")].concat();
    for (word, value) in [("", name.as_str()), ("on ", text(node, "Relation Name")), ("by ", text(node, "Index Name"))]
    {
        if !value.is_empty() {
            let _ = write!(line, " {word}{value}");
        }
    }
    for key in ["Index Cond", "Filter", "Sort Key", "Subplans Removed"] {
        if !node[key].is_null() && (key != "Subplans Removed" || node[key] != 0) {
            let value = node[key].as_str().map_or_else(|| node[key].to_string(), str::to_owned);
            let _ =
                write!(line, ", {}: {}", key.to_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    lines.push(without_parts(&line) + "\n");
    let mut before: Option<(Vec<String>, usize)> = None;
    let mut written = Vec::new();
    for child in node["Plans"].as_array().into_iter().flatten() {
        let mut one = Vec::new();
        write_node(child, depth + 1, &mut one);
        match &mut before {
            Some((last, times)) if *last == one => *times += 1,
            _ => written.extend(before.replace((one, 1))),
        }
    }
    written.extend(before);
    for (mut one, times) in written {
        if times > 1 {
            let first = one[0].trim_start().to_owned();
            let space = one[0].len() - first.len();
            one[0] = format!("{}{times} × {first}", " ".repeat(space));
        }
        lines.extend(one);
    }
}

/// Which part of the messages it is is no matter.
fn without_parts(line: &str) -> String {
    let mut parts = line.split("messages_");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        plain.push_str("messages_");
        plain.push_str(if rest.len() < part.len() { "n" } else { "" });
        plain.push_str(rest);
    }
    plain
}
