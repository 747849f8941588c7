//! Positions of many conversations and users.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, UserId, Version};

use super::codes::{int, uint};
use crate::Result;
use crate::contract::{Head, Positions};
use crate::sql::{Database, head_of, params};

/// Numbers as `json_each` takes them: one statement asks for all of them.
pub(super) fn listed(ids: impl Iterator<Item = u64>) -> String {
    let ids: Vec<String> = ids.map(|id| int(id).to_string()).collect();
    format!("[{}]", ids.join(","))
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
