//! Fill: a database with very many messages, for load tests, in minutes instead of hours.
//!
//! It writes plain rows into the production schema with all of its indexes. Nothing that is written is durable until
//! the end, so a fill that is interrupted is thrown away.

use std::path::Path;

use laserchat_protocol::{ConversationId, Timestamp, UserId};
use rusqlite::{Connection, params};

use super::migrations;
use crate::sql::{head_of, int};
use crate::{Result, StoreError};

/// Rows between two commits.
const ROWS: u64 = 200_000;

/// A multiplier that mixes.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Words of which texts are made.
const WORDS: [&str; 16] = [
    "the", "meeting", "is", "at", "ten", "please", "bring", "your", "notes", "and", "coffee", "see", "you", "there",
    "tomorrow", "thanks",
];

/// What a database is filled with.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// Who writes, in turns. All of them should be members of all conversations.
    pub senders: &'a [UserId],
    pub conversations: &'a [ConversationId],
    /// How many messages, about.
    pub messages: u64,
    /// Message ids begin here and are consecutive.
    pub first_id: u64,
    pub talk: Talk,
}

/// How people talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// One conversation after the other, in a few words.
    Plain,
    /// In all conversations at the same time, and in many words: some said all the time and most of them hardly ever.
    Varied,
}

/// Adds messages to existing conversations, as many to each. No server may use the database meanwhile.
pub fn fill(path: &Path, filling: Filling<'_>) -> Result<u64> {
    let mut conn = Connection::open(path)?;
    if migrations::version(&conn)? != migrations::KNOWN {
        return Err(StoreError::Unavailable("fill needs a database that a server has made".into()));
    }
    conn.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -262_144)?;
    conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    let written = write(&mut conn, filling)?;
    conn.query_row("PRAGMA locking_mode = NORMAL", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.close().map_err(|(_, error)| error)?;
    std::fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(written)
}

fn write(conn: &mut Connection, filling: Filling<'_>) -> Result<u64> {
    let Filling { senders, conversations, messages, first_id, talk } = filling;
    let count = conversations.len().max(1) as u64;
    let each = messages / count;
    let start = Timestamp::now().0 - (messages as i64);
    let mut heads = Vec::with_capacity(conversations.len());
    for conversation in conversations {
        heads.push(conn.query_row(
            concat!("SELECT ", head_of!("h"), " FROM heads h WHERE h.conversation_id = ?1"),
            [int(conversation.0)],
            |row| row.get::<_, i64>(0),
        )?);
    }
    let mut written = 0;
    while written < each * count {
        let tx = conn.transaction()?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO messages (conversation_id, seq, id, changed, sender_id, client_id, kind, created_at, body)
             VALUES (?1, ?2, ?3, ?2, ?4, ?5, 0, ?6, ?7)",
        )?;
        for n in written..(written + ROWS).min(each * count) {
            let id = first_id + n;
            let (at, body) = match talk {
                Talk::Plain => (n / each.max(1), text(id)),
                Talk::Varied => (n % count, varied(id)),
            };
            let (Some(conversation), Some(head)) = (conversations.get(at as usize), heads.get_mut(at as usize)) else {
                continue;
            };
            *head += 1;
            let sender = senders.get((id.wrapping_mul(STRIDE) >> 32) as usize % senders.len().max(1));
            insert.execute(params![
                int(conversation.0),
                *head,
                int(id),
                int(sender.map_or(0, |sender| sender.0)),
                format!("{id:012x}-fill"),
                start + n as i64,
                body,
            ])?;
        }
        drop(insert);
        tx.commit()?;
        written = (written + ROWS).min(each * count);
    }
    Ok(written)
}

/// Numbers that look random, the same for the same id.
fn dice(id: u64) -> impl FnMut(u64) -> u64 {
    let mut dice = id.wrapping_mul(0xD134_2543_DE82_EF95) | 1;
    move |end| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % end
    }
}

/// A word by its rank: the first is said all the time.
pub fn word(rank: u64) -> String {
    const STARTS: [&str; 20] =
        ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "st", "tr", "sh", "ch"];
    const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "ei"];
    let mut rest = rank;
    let mut word = String::new();
    while word.is_empty() || rest > 0 {
        word.push_str(STARTS[(rest % 20) as usize]);
        rest /= 20;
        word.push_str(VOWELS[(rest % 6) as usize]);
        rest /= 6;
    }
    word
}

/// Words there are, and signs.
pub const VARIED: (u64, u64) = (100_000, 3_000);

/// A text as [`Talk::Varied`] has it: one in twenty is in Chinese signs.
fn varied(id: u64) -> String {
    let mut next = dice(id);
    // The logarithm of a rank is as likely to be anything: so words are said in natural languages, more or less.
    let mut rank = |end: u64| {
        let chance = next(1 << 24) as f64 / (1 << 24) as f64;
        ((end as f64).powf(chance) as u64).saturating_sub(1)
    };
    let count = 2 + rank(30);
    if id % 20 == 7 {
        return (0..count).filter_map(|_| char::from_u32(0x4e00 + rank(VARIED.1) as u32)).collect();
    }
    (0..count).map(|_| word(rank(VARIED.0))).collect::<Vec<_>>().join(" ")
}

/// Between one and some thirty words, most texts short, as people write.
fn text(id: u64) -> String {
    let mut next = dice(id);
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
