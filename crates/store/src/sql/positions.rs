//! Positions of many conversations and users.

use std::collections::HashMap;
use std::hash::Hash;

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, UserId, Version};

use super::codes::{int, uint};
use crate::Result;
use crate::contract::{Head, Positions};
use crate::sql::{Connection, Database, head_of, params};

/// Numbers as `json_each` takes them: one statement asks for all of them.
pub(super) fn listed(ids: impl Iterator<Item = u64>) -> String {
    let ids: Vec<String> = ids.map(|id| int(id).to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// What was found by its ids, in the order in which it was asked for.
pub(super) fn in_order<K: Eq + Hash, T>(asked: &[K], found: impl Iterator<Item = Result<(K, T)>>) -> Result<Vec<T>> {
    let mut found = found.collect::<Result<HashMap<K, T>>>()?;
    Ok(asked.iter().filter_map(|id| found.remove(id)).collect())
}

/// Pairs of a conversation and a number in it, as [`places`] takes them.
pub(super) fn paired(pairs: impl Iterator<Item = (ConversationId, u64)>) -> String {
    let pairs: Vec<String> = pairs.map(|(id, number)| format!("[{},{}]", int(id.0), int(number))).collect();
    format!("[{}]", pairs.join(","))
}

/// What a statement reads pairs from, as if they were a table with the columns `conversation_id` and `number`: its first
/// value is their list. As an array, PostgreSQL expects ten of them.
pub(super) fn places(conn: &Connection<'_>) -> &'static str {
    match conn {
        Connection::Sqlite(_) => {
            "(SELECT json_extract(value, '$[0]') AS conversation_id, json_extract(value, '$[1]') AS number
              FROM json_each(?1))"
        }
        Connection::Postgres(_) => {
            "(SELECT CAST(pair->>0 AS BIGINT) AS conversation_id, CAST(pair->>1 AS BIGINT) AS number
              FROM unnest(ARRAY(SELECT json_array_elements(CAST(CAST(?1 AS TEXT) AS JSON)))) pair)"
        }
    }
}

#[async_trait]
impl<D: Database> Positions for D {
    async fn heads_of(&self, conversations: &[ConversationId]) -> Result<Vec<Head>> {
        let wanted = listed(conversations.iter().map(|id| id.0));
        self.read(move |conn| {
            let sql = concat!(
                "SELECT h.conversation_id, ",
                head_of!("h"),
                " FROM heads h WHERE h.conversation_id IN (SELECT value FROM json_each(?1))"
            );
            let mut statement = conn.prepare_cached(sql)?;
            let found = statement.query_map(params![wanted], |row| {
                Ok(Head { conversation: ConversationId(uint(row, 0)?), head: uint(row, 1)? })
            })?;
            found.collect()
        })
        .await
    }

    async fn versions_of(&self, users: &[UserId]) -> Result<Vec<(UserId, Version)>> {
        let wanted = listed(users.iter().map(|id| id.0));
        self.read(move |conn| {
            let sql = "SELECT id, version FROM users WHERE id IN (SELECT value FROM json_each(?1))";
            let mut statement = conn.prepare_cached(sql)?;
            let found = statement.query_map(params![wanted], |row| Ok((UserId(uint(row, 0)?), uint(row, 1)?)))?;
            found.collect()
        })
        .await
    }
}
