//! Finding messages: a walk through the index from the newest on.
//!
//! There are two ways to keep to the searcher's conversations. Asking the index for them costs a look for each
//! conversation, and then nothing for what is elsewhere. Looking at the conversation of whatever has the words costs
//! nothing for conversations, and is best when the words are rare, or are everywhere the searcher is. So who is in few
//! conversations searches in the first way, and who is in many begins in the second, and changes over when too much
//! belongs to others.

use std::collections::HashSet;

use laserchat_core::search::Wanted;
use laserchat_protocol::{ConversationId, MessageId, Timestamp, UserId};

use super::super::codes::{int, uint};
use super::super::messages::{self, Found};
use super::expression::Expression;
use super::{fts5, tsvector};
use crate::Result;
use crate::contract::FoundMessages;
use crate::sql::{Connection, OptionalRow, Params, Row, params};

/// Conversations that the index is asked for without trying the other way first.
const FEW: usize = 8;
/// Conversations that the index is asked for at most.
const MANY: usize = 1000;
/// Messages of others that are passed over before the index is asked for conversations.
const PASSED: usize = 300;
/// Messages that are looked at for one page.
const EXAMINED: usize = 1000;
/// Messages of others that are passed over for one page.
const PASSED_MAX: usize = 50_000;

struct Search<'a> {
    conn: &'a Connection<'a>,
    wanted: &'a Wanted,
    scope: HashSet<ConversationId>,
    limit: usize,
    /// The oldest id that may be found.
    oldest: i64,
    found: Vec<Found>,
    examined: usize,
    passed: usize,
}

/// Ids that are asked for at once where a walk is made of steps.
const STEP: i64 = 100;

/// How a walk ended.
enum Walked {
    /// There is nothing more.
    Whole,
    /// There are enough.
    Enough,
    /// Too much was looked at; go on below this id.
    Until(i64),
}

pub fn messages(
    conn: &Connection<'_>,
    viewer: UserId,
    wanted: &Wanted,
    before: Option<MessageId>,
    limit: usize,
) -> Result<FoundMessages> {
    if wanted.is_impossible() || limit == 0 {
        return Ok(FoundMessages::default());
    }
    if let Connection::Postgres(link) = conn {
        // Whether a word is rare decides how to look for it, so each search is planned for what it wants.
        link.batch("SET LOCAL plan_cache_mode = force_custom_plan")?;
    }
    let scope = scope(conn, viewer, wanted)?;
    if scope.is_empty() {
        return Ok(FoundMessages::default());
    }
    let newest = match wanted.until {
        Some(until) => first_at(conn, until)?,
        None => i64::MAX,
    };
    let before = before.map_or(i64::MAX, |id| int(id.0)).min(newest);
    let oldest = wanted.since.map_or(Ok(i64::MIN), |since| first_at(conn, since))?;
    let mut ids: Vec<ConversationId> = scope.iter().copied().collect();
    ids.sort_unstable();
    let mut search = Search { conn, wanted, scope, limit, oldest, found: Vec::new(), examined: 0, passed: 0 };
    let expression = Expression::new(wanted);
    let mut walked = Walked::Until(before);
    if ids.len() > FEW {
        let patience = if ids.len() > MANY { PASSED_MAX } else { PASSED };
        walked = match expression.is_selective() {
            true => search.walk(&expression, before, patience)?,
            false => search.walk_all(before, patience)?,
        };
    }
    if let Walked::Until(below) = walked
        && ids.len() <= MANY
        && search.examined < EXAMINED
    {
        walked = search.walk(&expression.within(&ids), below, PASSED_MAX)?;
    }
    let next = match walked {
        Walked::Whole => None,
        Walked::Until(below) => Some(MessageId(below.max(0) as u64)),
        Walked::Enough => {
            search.found.truncate(limit);
            search.found.last().map(|last| last.message.id)
        }
    };
    Ok(FoundMessages { messages: messages::seen_by(conn, viewer, search.found)?, next })
}

/// The conversations that the search is about, of those that the viewer is in.
fn scope(conn: &Connection<'_>, viewer: UserId, wanted: &Wanted) -> Result<HashSet<ConversationId>> {
    if let Some(within) = &wanted.within {
        let mut statement =
            conn.prepare_cached("SELECT 1 FROM members WHERE conversation_id = ?1 AND user_id = ?2 AND state = 0")?;
        let mut scope = HashSet::new();
        for &id in within.iter().filter(|id| !wanted.not_within.contains(id)) {
            if statement.exists([int(id.0), int(viewer.0)])? {
                scope.insert(id);
            }
        }
        return Ok(scope);
    }
    let mut statement = conn.prepare_cached("SELECT conversation_id FROM members WHERE user_id = ?1 AND state = 0")?;
    let mine = statement.query_map([int(viewer.0)], |row| uint(row, 0).map(ConversationId))?;
    let mut scope = mine.collect::<Result<HashSet<_>>>()?;
    for id in &wanted.not_within {
        scope.remove(id);
    }
    Ok(scope)
}

/// The id of the first message at or after a time; ids are in the order of time.
fn first_at(conn: &Connection<'_>, at: Timestamp) -> Result<i64> {
    let mut statement = conn.prepare_cached(
        "SELECT id, created_at FROM messages INDEXED BY messages_by_id WHERE id >= ?1 ORDER BY id LIMIT 1",
    )?;
    let newest: Option<i64> = conn
        .prepare_cached("SELECT max(id) FROM messages INDEXED BY messages_by_id")?
        .query_row((), |row| row.get(0))?;
    let (mut low, mut high) = (0_i64, newest.unwrap_or_default().saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, i64)> =
            statement.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((id, created)) if created < at.0 => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

impl Search<'_> {
    /// Takes what an expression finds below an id, until there is enough, or too much of others.
    fn walk(&mut self, expression: &Expression, below: i64, patience: usize) -> Result<Walked> {
        let oldest = self.oldest;
        match self.conn {
            Connection::Sqlite(_) => {
                let sql = "SELECT rowid FROM search_index WHERE rowid < ?1 AND rowid >= ?2 AND search_index MATCH ?3
                           ORDER BY rowid DESC";
                self.walk_on(sql, params![below, oldest, fts5::spell(expression)], patience)
            }
            Connection::Postgres(_) => {
                let sql = "SELECT id, conversation_id FROM search_docs WHERE id < ?1 AND id >= ?2
                           AND terms @@ CAST(CAST(?4 AS text) AS tsquery) ORDER BY id DESC LIMIT ?3";
                self.walk_in_steps(sql, Some(&tsvector::spell(expression)), below, patience)
            }
        }
    }

    /// The same through all messages there are, for who asks for nothing that the index knows.
    fn walk_all(&mut self, below: i64, patience: usize) -> Result<Walked> {
        let oldest = self.oldest;
        match self.conn {
            Connection::Sqlite(_) => {
                let sql =
                    "SELECT id FROM messages INDEXED BY messages_by_id WHERE id < ?1 AND id >= ?2 ORDER BY id DESC";
                self.walk_on(sql, params![below, oldest], patience)
            }
            Connection::Postgres(_) => {
                let sql =
                    "SELECT id, conversation_id FROM messages WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3";
                self.walk_in_steps(sql, None, below, patience)
            }
        }
    }

    /// One message after the other: SQLite finds a row when it is asked for it, and what is behind the last is never looked at.
    fn walk_on(&mut self, sql: &str, params: impl Params, patience: usize) -> Result<Walked> {
        let mut place = self.conn.prepare_cached("SELECT conversation_id, seq FROM messages WHERE id = ?1")?;
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = &rows.next()? {
            let id = row.get(0)?;
            let found = place.query_row([id], |row| Ok((ConversationId(uint(row, 0)?), uint(row, 1)?))).optional()?;
            let Some((conversation, seq)) = found else { continue };
            let read = |search: &Self| messages::at(search.conn, conversation, seq);
            if let Some(end) = self.look_at(id, conversation, patience, read)? {
                return Ok(end);
            }
        }
        Ok(Walked::Whole)
    }

    /// Many messages at a time: PostgreSQL finds all at once, and every question is a journey.
    fn walk_in_steps(
        &mut self,
        sql: &str,
        expression: Option<&str>,
        mut below: i64,
        patience: usize,
    ) -> Result<Walked> {
        let mut statement = self.conn.prepare_cached(sql)?;
        loop {
            let read = |row: &Row<'_>| Ok((row.get::<i64>(0)?, ConversationId(uint(row, 1)?)));
            let ids: Vec<_> = match expression {
                Some(expression) => statement.query_map(params![below, self.oldest, STEP, expression], read)?,
                None => statement.query_map([below, self.oldest, STEP], read)?,
            }
            .collect::<Result<_>>()?;
            let mine = ids.iter().filter(|(_, conversation)| self.scope.contains(conversation));
            let mut found = messages::of_all(self.conn, mine.map(|(id, conversation)| (*conversation, *id as u64)))?;
            for &(id, conversation) in &ids {
                if let Some(end) =
                    self.look_at(id, conversation, patience, |_| Ok(found.remove(&MessageId(id as u64))))?
                {
                    return Ok(end);
                }
                below = id;
            }
            if ids.len() < STEP as usize {
                return Ok(Walked::Whole);
            }
        }
    }

    /// Takes a message if it is wanted. Returns how the walk ends, if it does.
    fn look_at(
        &mut self,
        id: i64,
        conversation: ConversationId,
        patience: usize,
        read: impl FnOnce(&Self) -> Result<Option<Found>>,
    ) -> Result<Option<Walked>> {
        if !self.scope.contains(&conversation) {
            self.passed += 1;
            return Ok((self.passed > patience).then_some(Walked::Until(id)));
        }
        let Some(found) = read(self)? else { return Ok(None) };
        self.examined += 1;
        if self.wanted.fits(&found.message) {
            self.found.push(found);
        }
        Ok(match () {
            () if self.found.len() > self.limit => Some(Walked::Enough),
            () if self.examined >= EXAMINED => Some(Walked::Until(id)),
            () => None,
        })
    }
}
