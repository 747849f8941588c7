//! The plans by which databases answer what servers ask all the time.
//!
//! A statement that reads a whole table is quick in every other test, and slow on the server that has grown. So a database is
//! filled, what the store really runs is noted, and the database is asked how it would go about it. A plan that goes through a
//! whole table or index fails; and all plans are kept in `postgres.txt` and `sqlite.txt`, so that a review shows what a change
//! does to them. `UPDATE_PLANS=1` writes them anew.

mod calls;
mod postgres;
mod sqlite;

use std::path::Path;

/// Compares with what is kept, or keeps it.
fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name);
    if std::env::var_os("UPDATE_PLANS").is_some() {
        return std::fs::write(path, found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let Some(at) = (0..).zip(kept.lines().chain([""]).zip(found.lines().chain([""]))).find(|(_, (a, b))| a != b) else {
        assert_eq!(kept.lines().count(), found.lines().count(), "{name}: one ends before the other");
        return;
    };
    let (line, (kept, found)) = at;
    panic!(
        "{name} has another plan at line {}:\nkept:  {kept}\nfound: {found}\n\
         If that is meant, run this test with UPDATE_PLANS=1 and look at what changed.",
        line + 1
    );
}

/// A statement as a line: what it selects is no part of a plan.
fn line(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let mut line = words.join(" ");
    for (from, to) in [("m.conversation_id, m.seq, m.id,", "m.poll"), ("conversation_id, seq, id,", "shown_as, poll")] {
        if let Some(at) = line.find(from)
            && let Some(end) = line[at..].find(to).map(|end| at + end + to.len())
        {
            line.replace_range(at..end, "…");
        }
    }
    line
}
