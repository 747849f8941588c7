//! Writing: what a write sees while it runs, and how it waits for its turn.
//!
//! Writes can run twice: a group in which one fails is run again one by one, and a transaction that met another one is run
//! again as a whole. So they refuse (as opposed to fail) before they write anything.

use std::collections::{HashMap, HashSet};

use laserchat_protocol::{ConversationId, Seq};

use super::codes::{int, uint};
use super::positions::listed;
use super::post::Posts;
use super::{Connection, OptionalRow, Statement, params};
use crate::Result;

/// The newest seq of a conversation, as SQL over the row of `heads` with this alias.
macro_rules! head_of {
    ($heads:literal) => {
        concat!(
            "max(",
            $heads,
            ".seq, coalesce((SELECT newest.seq FROM messages newest WHERE newest.conversation_id = ",
            $heads,
            ".conversation_id ORDER BY newest.seq DESC LIMIT 1), 0))"
        )
    };
}
pub(crate) use head_of;

/// What a job sees while it runs.
pub struct Writing<'c> {
    pub conn: &'c Connection<'c>,
    /// Messages that were erased: nothing of them may stay, in the database or for long in its log.
    pub erased: Vec<(ConversationId, Seq)>,
    /// Something else was cleared that must not stay in the log for long.
    pub swept: bool,
    /// New messages that are gathered to be written together.
    pub posts: Option<Posts>,
    heads: &'c mut Heads,
}

/// The newest seqs. Where only one thread changes them, they are remembered between transactions.
#[derive(Default)]
pub struct Heads {
    known: HashMap<ConversationId, Seq>,
    /// Those whose row must be written at the end of the transaction, each once. The newest change of the others is a
    /// message, which tells its seq itself.
    changed: HashSet<ConversationId>,
}

impl Heads {
    pub fn forget(&mut self) {
        self.known.clear();
        self.changed.clear();
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }
}

impl<'c> Writing<'c> {
    pub fn new(conn: &'c Connection<'c>, heads: &'c mut Heads) -> Self {
        Writing { conn, erased: Vec::new(), swept: false, posts: None, heads }
    }

    pub fn prepare(&self, sql: &str) -> Result<Statement<'c>> {
        self.conn.prepare_cached(sql)
    }

    /// The newest seq of a conversation; zero when it does not exist.
    pub fn head(&mut self, id: ConversationId) -> Result<Seq> {
        if let Some(seq) = self.heads.known.get(&id) {
            return Ok(*seq);
        }
        let sql = concat!("SELECT ", head_of!("h"), " FROM heads h WHERE h.conversation_id = ?1");
        let found: Option<i64> = self.prepare(sql)?.query_row([int(id.0)], |row| row.get(0)).optional()?;
        let seq = found.unwrap_or_default().max(0) as u64;
        self.heads.known.insert(id, seq);
        Ok(seq)
    }

    /// Makes this write the only one that appends to these conversations until its transaction ends. What is read after this
    /// is what the one before has committed. Only where others may write too; the ids rise, so that no two writes wait for
    /// each other.
    pub fn lock_heads(&mut self, ids: &[ConversationId]) -> Result<()> {
        let ids = listed(ids.iter().map(|id| id.0));
        self.prepare(
            "SELECT 1 FROM heads WHERE conversation_id IN (SELECT value FROM json_each(?1))
             ORDER BY conversation_id FOR UPDATE",
        )?
        .execute(params![ids])?;
        let sql = concat!(
            "SELECT h.conversation_id, ",
            head_of!("h"),
            " FROM heads h WHERE h.conversation_id IN (SELECT value FROM json_each(?1))"
        );
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(params![ids])?;
        while let Some(row) = &rows.next()? {
            self.heads.known.insert(ConversationId(uint(row, 0)?), uint(row, 1)?);
        }
        Ok(())
    }

    /// `posted`: the change at this seq is a new message.
    pub fn set_head(&mut self, id: ConversationId, seq: Seq, posted: bool) {
        self.heads.known.insert(id, seq);
        if !posted {
            self.heads.changed.insert(id);
        }
    }

    /// Forgets the head of a conversation that is deleted, so that nothing is appended to it again.
    pub fn remove_head(&mut self, id: ConversationId) -> Result<()> {
        self.heads.known.insert(id, 0);
        self.heads.changed.remove(&id);
        self.prepare("DELETE FROM heads WHERE conversation_id = ?1")?.execute([int(id.0)])?;
        Ok(())
    }

    pub fn write_heads(&mut self) -> Result<()> {
        if self.heads.changed.is_empty() {
            return Ok(());
        }
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO heads (conversation_id, seq) VALUES (?1, ?2)
             ON CONFLICT (conversation_id) DO UPDATE SET seq = excluded.seq",
        )?;
        for id in self.heads.changed.drain() {
            statement.execute(params![int(id.0), int(self.heads.known.get(&id).copied().unwrap_or_default())])?;
        }
        Ok(())
    }
}
