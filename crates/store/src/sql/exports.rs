//! Exports: which are asked for, being written, or there to be fetched.

use async_trait::async_trait;
use laserchat_protocol::export::{Export, ExportState};
use laserchat_protocol::{ConversationId, Message, MessageId, Seq, Timestamp, UserId};

use super::codes::{Code, enumerated, int, optional_time, optional_uint, time, uint};
use super::expiry;
use crate::contract::{Exports, Opinions};
use crate::sql::{Connection, Database, OptionalRow, Params, params};
use crate::{Result, StoreError};

fn one(conn: &Connection<'_>, user: UserId) -> Result<Option<Export>> {
    let mut statement = conn
        .prepare_cached("SELECT state, created_at, finished_at, expires_at, bytes FROM exports WHERE user_id = ?1")?;
    let found = statement.query_row([int(user.0)], |row| {
        Ok(Export {
            state: enumerated(row, 0)?,
            created_at: time(row, 1)?,
            finished_at: optional_time(row, 2)?,
            expires_at: optional_time(row, 3)?,
            bytes: optional_uint(row, 4)?,
        })
    });
    found.optional()
}

fn users(conn: &Connection<'_>, sql: &str, params: impl Params) -> Result<Vec<UserId>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(params, |row| uint(row, 0).map(UserId))?;
    found.collect::<Result<_>>()
}

#[async_trait]
impl<D: Database> Exports for D {
    async fn begin_export(&self, user: UserId, now: Timestamp) -> Result<(Export, bool)> {
        self.write(move |w| {
            if let Some(running) = one(w.conn, user)?.filter(|export| export.state == ExportState::Running) {
                return Ok((running, false));
            }
            w.prepare(
                "INSERT INTO exports (user_id, state, created_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (user_id) DO UPDATE SET state = excluded.state, created_at = excluded.created_at,
                   finished_at = NULL, expires_at = NULL, bytes = NULL",
            )?
            .execute(params![int(user.0), ExportState::Running.code(), now.0])?;
            let made = one(w.conn, user)?;
            made.map(|made| (made, true)).ok_or_else(|| StoreError::Corrupt("an export was not kept".into()))
        })
        .await
    }

    async fn export(&self, user: UserId) -> Result<Option<Export>> {
        self.read(move |conn| one(conn, user)).await
    }

    async fn finish_export(
        &self,
        user: UserId,
        bytes: Option<u64>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        self.write(move |w| {
            let state = if bytes.is_some() { ExportState::Ready } else { ExportState::Failed };
            let changed = w
                .prepare(
                    "UPDATE exports SET state = ?2, bytes = ?3, finished_at = ?4, expires_at = ?5
                 WHERE user_id = ?1 AND state = ?6",
                )?
                .execute(params![
                    int(user.0),
                    state.code(),
                    bytes.map(int),
                    now.0,
                    expires_at.0,
                    ExportState::Running.code()
                ])?;
            Ok(changed > 0)
        })
        .await
    }

    async fn unfinished_exports(&self) -> Result<Vec<UserId>> {
        self.read(|conn| {
            let sql = "SELECT user_id FROM exports WHERE state = ?1 ORDER BY created_at";
            users(conn, sql, [ExportState::Running.code()])
        })
        .await
    }

    async fn expire_exports(&self, now: Timestamp) -> Result<Vec<UserId>> {
        self.write(move |w| users(w.conn, "DELETE FROM exports WHERE expires_at <= ?1 RETURNING user_id", [now.0]))
            .await
    }

    async fn conversations_ever(&self, user: UserId) -> Result<Vec<ConversationId>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT m.conversation_id FROM members m JOIN heads h ON h.conversation_id = m.conversation_id
                 WHERE m.user_id = ?1 ORDER BY m.conversation_id",
            )?;
            let found = statement.query_map([int(user.0)], |row| uint(row, 0).map(ConversationId))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn messages_of(
        &self,
        sender: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<(Message, Option<Message>)>, Option<Seq>)> {
        self.read(move |conn| {
            expiry::with_parents(conn, conversation, after, limit, |message| {
                message.sender_id == sender
                    && message.deleted_at.is_none()
                    && message.kind == laserchat_protocol::MessageKind::Text
            })
        })
        .await
    }

    async fn opinions_of(&self, user: UserId, conversation: ConversationId) -> Result<Opinions> {
        self.read(move |conn| {
            let place = [int(conversation.0), int(user.0)];
            let reactions = conn
                .prepare_cached(
                    "SELECT m.id, r.emoji, r.at FROM reactions r
                     JOIN messages m ON m.conversation_id = r.conversation_id AND m.seq = r.seq
                     WHERE r.conversation_id = ?1 AND r.user_id = ?2 ORDER BY r.seq, r.at",
                )?
                .query_map(place, |row| Ok((MessageId(uint(row, 0)?), row.get(1)?, time(row, 2)?)))?
                .collect::<Result<_>>()?;
            let votes = conn
                .prepare_cached(
                    "SELECT m.id, v.option, v.at FROM votes v
                     JOIN messages m ON m.conversation_id = v.conversation_id AND m.seq = v.seq
                     WHERE v.conversation_id = ?1 AND v.user_id = ?2 ORDER BY v.seq, v.option",
                )?
                .query_map(place, |row| Ok((MessageId(uint(row, 0)?), row.get(1)?, time(row, 2)?)))?
                .collect::<Result<_>>()?;
            Ok(Opinions { reactions, votes })
        })
        .await
    }
}
