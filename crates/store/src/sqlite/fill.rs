//! Fill: a database with very many messages, for load tests, in minutes instead of hours.
//!
//! It writes plain rows into the production schema with all of its indexes. Nothing that is written is durable until
//! the end, so a fill that is interrupted is thrown away.

use std::path::Path;

use laserchat_protocol::{ConversationId, Timestamp, UserId};
use rusqlite::{Connection, params};

use super::codes::int;
use super::migrations;
use super::writer::head_of;
use crate::{Result, StoreError};

/// Rows between two commits.
const ROWS: u64 = 200_000;

/// Words of which texts are made.
const WORDS: [&str; 16] = [
    "the", "meeting", "is", "at", "ten", "please", "bring", "your", "notes", "and", "coffee", "see", "you", "there",
    "tomorrow", "thanks",
];

/// Adds about `messages` messages of `sender` to existing conversations, evenly, one after the other. The sender should
/// be a member of all of them. No server may use the database meanwhile. Message ids begin at `first_id` and are consecutive.
pub fn fill(
    path: &Path,
    sender: UserId,
    conversations: &[ConversationId],
    messages: u64,
    first_id: u64,
) -> Result<u64> {
    let mut conn = Connection::open(path)?;
    if migrations::version(&conn)? != migrations::KNOWN {
        return Err(StoreError::Unavailable("fill needs a database that a server has made".into()));
    }
    conn.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -262_144)?;
    conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    let each = messages / (conversations.len().max(1) as u64);
    let start = Timestamp::now().0 - (messages as i64);
    let mut written = 0;
    for &conversation in conversations {
        let mut head: i64 = conn.query_row(
            concat!("SELECT ", head_of!("h"), " FROM heads h WHERE h.conversation_id = ?1"),
            [int(conversation.0)],
            |row| row.get(0),
        )?;
        let mut left = each;
        while left > 0 {
            let tx = conn.transaction()?;
            {
                let mut insert = tx.prepare_cached(
                    "INSERT INTO messages (conversation_id, seq, id, changed, sender_id, client_id, kind, created_at, body)
                     VALUES (?1, ?2, ?3, ?2, ?4, ?5, 0, ?6, ?7)",
                )?;
                for _ in 0..left.min(ROWS) {
                    head += 1;
                    let id = first_id + written;
                    insert.execute(params![
                        int(conversation.0),
                        head,
                        int(id),
                        int(sender.0),
                        format!("{id:012x}-fill"),
                        start + written as i64,
                        text(id),
                    ])?;
                    written += 1;
                    left -= 1;
                }
            }
            tx.commit()?;
        }
    }
    conn.query_row("PRAGMA locking_mode = NORMAL", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.close().map_err(|(_, error)| error)?;
    std::fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(written)
}

/// Between one and some thirty words, most texts short, as people write.
fn text(id: u64) -> String {
    let mut dice = id.wrapping_mul(0xD134_2543_DE82_EF95) | 1;
    let mut next = |end: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % end
    };
    let count = 1 + next(6) + next(6) + if next(4) == 0 { next(24) } else { 0 };
    let mut text = String::with_capacity(count as usize * 6);
    for _ in 0..count {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(WORDS[next(WORDS.len() as u64) as usize]);
    }
    text
}
