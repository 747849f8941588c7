//! The index in PostgreSQL: a stored `tsvector` for each message, in a GIN index.
//!
//! PostgreSQL is given the terms as they are, with their places, and folds nothing itself. The words of a text, the names of
//! files and everything else are told apart by weight: A, B and D.

use laserchat_protocol::{ConversationId, MessageId};

use super::super::codes::int;
use super::entry::{Terms, spelled};
use super::expression::{Column, Expression, Part};
use crate::Result;
use crate::postgres::Link;
use crate::sql::{Connection, Writing, params};

/// The largest place that a `tsvector` knows. What lies behind it is found by its words and not as a phrase.
const LAST: usize = 16_383;
/// The longest lexeme is 2 KB.
const LONGEST: usize = 2000;

/// Puts a message in, in place of what was there.
pub fn learn(w: &Writing<'_>, conversation: ConversationId, id: MessageId, terms: &Terms) -> Result<()> {
    let mut text = String::new();
    let mut column = |terms: &str, weight: char| {
        for (at, term) in terms.split(' ').filter(|term| !term.is_empty() && term.len() <= LONGEST).enumerate() {
            text.push_str(&format!("{}:{}{weight} ", quoted(term), (at + 1).min(LAST)));
        }
    };
    column(&terms.words, 'A');
    column(&terms.names, 'B');
    column(&(terms.fixed.clone() + &spelled(terms.facts)), 'D');
    w.prepare(
        "INSERT INTO search_docs (id, conversation_id, facts, terms)
         VALUES (?1, ?2, ?3, CAST(CAST(?4 AS text) AS tsvector))
         ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, terms = excluded.terms",
    )?
    .execute(params![int(id.0), int(conversation.0), terms.facts.0, text])?;
    Ok(())
}

pub fn is_set_aside(conn: &Connection<'_>) -> Result<bool> {
    Ok(conn.query_row("SELECT to_regclass('search_docs_old') IS NOT NULL", (), |row| row.get(0))?)
}

/// Sets the index aside and makes an empty one.
pub fn replace(link: &Link) -> Result<()> {
    link.batch(
        "ALTER TABLE search_docs RENAME TO search_docs_old;
         CREATE TABLE search_docs (LIKE search_docs_old INCLUDING ALL)",
    )
}

pub fn clear(link: &Link) -> Result<()> {
    link.batch("DROP TABLE IF EXISTS search_docs_old")
}

fn quoted(term: &str) -> String {
    format!("'{}'", term.replace('\\', "\\\\").replace('\'', "''"))
}

fn part(part: &Part) -> String {
    match part {
        Part::Phrase { column, terms, prefix } => {
            let weight = match column {
                Column::Words => 'A',
                Column::Names => 'B',
            };
            let last = terms.len().saturating_sub(1);
            let spelled = terms.iter().enumerate().map(|(at, term)| {
                let prefix = if *prefix && at == last { "*" } else { "" };
                format!("{}:{prefix}{weight}", quoted(term))
            });
            spelled.collect::<Vec<_>>().join(" <-> ")
        }
        Part::Any(terms) => terms.iter().map(|term| format!("{}:D", quoted(term))).collect::<Vec<_>>().join(" | "),
        Part::All(terms) => terms.iter().map(|term| quoted(term)).collect::<Vec<_>>().join(" & "),
    }
}

/// An expression as a `tsquery`.
pub fn spell(expression: &Expression) -> String {
    let all = expression.all.iter().map(|one| format!("({})", part(one)));
    let none = expression.none.iter().map(|one| format!("!({})", part(one)));
    all.chain(none).collect::<Vec<_>>().join(" & ")
}
