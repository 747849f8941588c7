//! Sessions and their refresh tokens.

use async_trait::async_trait;
use laserchat_protocol::session::Session;
use laserchat_protocol::{SessionId, Timestamp, UserId};

use super::codes::{Code, enumerated, int, time, uint};
use super::devices;
use super::writing::Writing;
use crate::Result;
use crate::contract::{NewSession, Rotation, SecretHash, Sessions};
use crate::sql::{Database, OptionalRow, Order, params};

/// Days for which an ended session is remembered.
const ENDED_DAYS: i64 = 30;

/// Ends a session, and with it what remembered its old refresh tokens, and the devices that it registered.
fn end(w: &Writing<'_>, id: i64, now: Timestamp) -> Result<()> {
    w.prepare("UPDATE sessions SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL")?.execute([id, now.0])?;
    w.prepare("DELETE FROM spent_refreshes WHERE session_id = ?1")?.execute([id])?;
    devices::forget_session(w, id)
}

fn rotate(
    w: &Writing<'_>,
    old: &SecretHash,
    new: &SecretHash,
    now: Timestamp,
    oldest: Timestamp,
    address: Option<&str>,
) -> Result<Rotation> {
    let current = w
        .prepare(
            "SELECT s.id, s.user_id FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.refresh = ?1 AND s.ended_at IS NULL AND s.rotated_at >= ?2 AND u.disabled = 0",
        )?
        .query_row(params![old, oldest.0], |row| Ok((uint(row, 0)?, uint(row, 1)?)))
        .optional()?;
    if let Some((id, user)) = current {
        w.prepare(
            "UPDATE sessions SET refresh = ?2, rotated_at = ?3, last_active_at = max(last_active_at, ?3),
               address = coalesce(?4, address) WHERE id = ?1",
        )?
        .execute(params![int(id), new, now.0, address])?;
        w.prepare("DELETE FROM spent_refreshes WHERE session_id = ?1 AND spent_at < ?2")?
            .execute([int(id), oldest.0])?;
        w.prepare(
            "INSERT INTO spent_refreshes (hash, session_id, spent_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (hash) DO UPDATE SET session_id = excluded.session_id, spent_at = excluded.spent_at",
        )?
        .execute(params![old, int(id), now.0])?;
        return Ok(Rotation::Rotated { session: SessionId(id), user: UserId(user) });
    }
    let spent = w
        .prepare(
            "SELECT s.id, s.user_id FROM spent_refreshes r JOIN sessions s ON s.id = r.session_id
             JOIN users u ON u.id = s.user_id WHERE r.hash = ?1 AND s.ended_at IS NULL AND u.disabled = 0",
        )?
        .query_row([old], |row| Ok((uint(row, 0)?, uint(row, 1)?)))
        .optional()?;
    let Some((id, user)) = spent else { return Ok(Rotation::Unknown) };
    end(w, int(id), now)?;
    Ok(Rotation::Reused { session: SessionId(id), user: UserId(user) })
}

#[async_trait]
impl<D: Database> Sessions for D {
    async fn create_session(&self, new: NewSession) -> Result<()> {
        self.write(move |w| {
            w.prepare("DELETE FROM sessions WHERE ended_at < ?1 AND ended_at IS NOT NULL")?
                .execute([super::days_before(new.created_at, ENDED_DAYS)])?;
            w.prepare(
                "INSERT INTO sessions (id, user_id, name, kind, refresh, created_at, rotated_at, last_active_at, address)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, ?7)",
            )?
            .execute(params![
                int(new.id.0),
                int(new.user.0),
                new.name,
                new.kind.code(),
                new.refresh,
                new.created_at.0,
                new.address,
            ])?;
            Ok(())
        })
        .await
    }

    async fn rotate(
        &self,
        old: SecretHash,
        new: SecretHash,
        now: Timestamp,
        oldest: Timestamp,
        address: Option<String>,
    ) -> Result<Rotation> {
        self.write(move |w| rotate(w, &old, &new, now, oldest, address.as_deref())).await
    }

    async fn sessions(&self, user: UserId) -> Result<Vec<Session>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, kind, created_at, last_active_at, address FROM sessions
                 WHERE user_id = ?1 AND ended_at IS NULL ORDER BY last_active_at DESC, id DESC",
            )?;
            let found = statement.query_map([int(user.0)], |row| {
                Ok(Session {
                    id: SessionId(uint(row, 0)?),
                    name: row.get(1)?,
                    kind: enumerated(row, 2)?,
                    created_at: time(row, 3)?,
                    last_active_at: time(row, 4)?,
                    address: row.get(5)?,
                    current: false,
                })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn end_session(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<bool> {
        self.write(move |w| {
            let there = w
                .prepare("SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL")?
                .exists([int(session.0), int(user.0)])?;
            if there {
                end(w, int(session.0), now)?;
            }
            Ok(there)
        })
        .await
    }

    async fn end_sessions(&self, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>> {
        self.write(move |w| {
            let ended = w
                .prepare(
                    "SELECT id FROM sessions WHERE user_id = ?1 AND ended_at IS NULL AND id IS DISTINCT FROM ?2 ORDER BY id",
                )?
                .query_map(params![int(user.0), except.map(|id| int(id.0))], |row| uint(row, 0))?
                .collect::<Result<Vec<_>>>()?;
            for &id in &ended {
                end(w, int(id), now)?;
            }
            Ok(ended.into_iter().map(SessionId).collect())
        })
        .await
    }

    async fn ended_since(&self, since: Timestamp) -> Result<Vec<SessionId>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id FROM sessions WHERE ended_at >= ?1 AND ended_at IS NOT NULL ORDER BY ended_at, id",
            )?;
            let found = statement.query_map([since.0], |row| uint(row, 0).map(SessionId))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn touch_sessions(&self, mut touches: Vec<(SessionId, Timestamp, Option<String>)>) -> Result<()> {
        touches.sort_unstable_by_key(|(id, ..)| *id);
        self.write_in(Order::ByRows, move |w| {
            let mut statement = w.prepare(
                "UPDATE sessions SET last_active_at = max(last_active_at, ?2), address = coalesce(?3, address)
                 WHERE id = ?1 AND ended_at IS NULL",
            )?;
            for (id, at, address) in &touches {
                statement.execute(params![int(id.0), at.0, address])?;
            }
            Ok(())
        })
        .await
    }
}
