//! Followers: their cursors.

use std::collections::HashMap;

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, Seq};

use super::codes::{int, size, uint};
use super::positions::listed;
use super::writing::{Writing, head_of};
use crate::contract::{Begin, FollowerCursor, FollowerStep, Followers};
use crate::sql::{Connection, Database, OptionalRow, params};
use crate::{Result, StoreError};

/// Moves a follower's cursors, called in the transaction that writes what the follower did, and before it writes anything.
/// False: a cursor is not where its step begins, and nothing may be written.
pub(super) fn advance(w: &Writing<'_>, name: &str, steps: &[FollowerStep]) -> Result<bool> {
    if !continues(w, name, steps)? {
        return Ok(false);
    }
    let follower = number(w.conn, name)?;
    for step in steps {
        let conversation = int(step.conversation.0);
        if step.gone {
            w.prepare("DELETE FROM follower_cursors WHERE follower = ?1 AND conversation_id = ?2")?
                .execute([follower, conversation])?;
        } else {
            w.prepare(
                "INSERT INTO follower_cursors (follower, conversation_id, seq) VALUES (?1, ?2, ?3)
                 ON CONFLICT (follower, conversation_id) DO UPDATE SET seq = max(follower_cursors.seq, ?3)",
            )?
            .execute([follower, conversation, int(step.upto)])?;
        }
    }
    Ok(true)
}

/// Whether every step begins where the follower's cursor is.
pub(super) fn continues(w: &Writing<'_>, name: &str, steps: &[FollowerStep]) -> Result<bool> {
    let cursors = cursors(w.conn, name, steps)?;
    Ok(steps.iter().all(|step| begins(&cursors, step)))
}

/// Whether a step begins where its cursor is. A conversation without a cursor has not been looked at.
pub(super) fn begins(cursors: &HashMap<ConversationId, Seq>, step: &FollowerStep) -> bool {
    cursors.get(&step.conversation).copied().unwrap_or_default() == step.after
}

/// The follower's cursors in the conversations of these steps.
pub(super) fn cursors(
    conn: &Connection<'_>,
    name: &str,
    steps: &[FollowerStep],
) -> Result<HashMap<ConversationId, Seq>> {
    let mut statement = conn.prepare_cached(
        "SELECT conversation_id, seq FROM follower_cursors
         WHERE follower = ?1 AND conversation_id IN (SELECT value FROM json_each(?2))",
    )?;
    let asked = listed(steps.iter().map(|step| step.conversation.0));
    let found = statement
        .query_map(params![number(conn, name)?, asked], |row| Ok((ConversationId(uint(row, 0)?), uint(row, 1)?)))?;
    found.collect()
}

fn number(conn: &Connection<'_>, name: &str) -> Result<i64> {
    let found = conn
        .prepare_cached("SELECT id FROM followers WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    found.ok_or_else(|| StoreError::Corrupt(format!("the follower {name} is not known")))
}

fn behind(conn: &Connection<'_>, name: &str, after: ConversationId, limit: usize) -> Result<Vec<FollowerCursor>> {
    let mut late = conn.prepare_cached(concat!(
        "SELECT h.conversation_id, coalesce(c.seq, 0), 0 FROM heads h
         LEFT JOIN follower_cursors c ON c.follower = ?1 AND c.conversation_id = h.conversation_id
         WHERE h.conversation_id > ?2 AND coalesce(c.seq, 0) < ",
        head_of!("h"),
        " UNION ALL
         SELECT c.conversation_id, c.seq, 1 FROM follower_cursors c
         WHERE c.follower = ?1 AND c.conversation_id > ?2
           AND NOT EXISTS (SELECT 1 FROM heads h WHERE h.conversation_id = c.conversation_id)
         ORDER BY 1 LIMIT ?3"
    ))?;
    let rows = late.query_map(params![number(conn, name)?, int(after.0), size(limit)], |row| {
        Ok(FollowerCursor { conversation: ConversationId(uint(row, 0)?), seq: uint(row, 1)?, gone: row.get(2)? })
    })?;
    rows.collect::<Result<_>>()
}

#[async_trait]
impl<D: Database> Followers for D {
    async fn enrol(&self, name: &str, begin: Begin) -> Result<()> {
        let name = name.to_owned();
        self.write(move |w| {
            let new = w.prepare("INSERT INTO followers (name) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([&name])?;
            if new == 1 && begin == Begin::AtHead {
                w.prepare(concat!(
                    "INSERT INTO follower_cursors (follower, conversation_id, seq) SELECT ?1, h.conversation_id, ",
                    head_of!("h"),
                    " FROM heads h"
                ))?
                .execute([number(w.conn, &name)?])?;
            }
            Ok(())
        })
        .await
    }

    async fn behind(&self, name: &str, after: ConversationId, limit: usize) -> Result<Vec<FollowerCursor>> {
        let name = name.to_owned();
        self.read(move |conn| behind(conn, &name, after, limit)).await
    }

    async fn followed(&self, name: &str, conversation: ConversationId) -> Result<Seq> {
        let name = name.to_owned();
        self.read(move |conn| {
            let seq = conn
                .prepare_cached("SELECT seq FROM follower_cursors WHERE follower = ?1 AND conversation_id = ?2")?
                .query_row([number(conn, &name)?, int(conversation.0)], |row| uint(row, 0))
                .optional()?;
            Ok(seq.unwrap_or_default())
        })
        .await
    }

    async fn move_followers(&self, name: &str, steps: Vec<FollowerStep>) -> Result<bool> {
        let name = name.to_owned();
        self.write(move |w| advance(w, &name, &steps)).await
    }
}
