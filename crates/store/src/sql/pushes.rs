//! Pushes: the outbox of what goes to devices, and what devices show.

use async_trait::async_trait;
use laserchat_protocol::{ConversationId, DeviceId, Seq, Timestamp, UserId};

use super::codes::{enumerated, int, size, time, uint};
use super::writing::Writing;
use super::{devices, messages, notifications, system, users};
use crate::Result;
use crate::contract::{DuePush, Push, PushResult, PushedMessage, Pushes};
use crate::sql::{Database, OptionalRow, params};

/// The name under which the key that identifies the server to push services is kept.
const PUSH_KEY: &str = "push_key";

/// Forgets what waits for a conversation that is deleted.
pub(super) fn forget_conversation(w: &Writing<'_>, conversation: ConversationId) -> Result<()> {
    w.prepare(
        "DELETE FROM shown WHERE conversation_id = ?1
           AND user_id IN (SELECT user_id FROM members WHERE conversation_id = ?1)",
    )?
    .execute([int(conversation.0)])?;
    w.prepare(
        "DELETE FROM activity WHERE conversation_id = ?1
           AND user_id IN (SELECT user_id FROM members WHERE conversation_id = ?1)",
    )?
    .execute([int(conversation.0)])?;
    Ok(())
}

/// A member has read up to here: what waits of it need not be sent, and the devices that may show some of it are told.
/// Returns whether there is anything to send. It is part of the write that moves the cursor, so that neither is without
/// the other.
pub(super) fn read(
    w: &Writing<'_>,
    user: UserId,
    conversation: ConversationId,
    read: Seq,
    now: Timestamp,
) -> Result<bool> {
    let place = [int(user.0), int(conversation.0), int(read)];
    let waiting = w
        .prepare(
            "SELECT id, device_id, tries FROM pushes
             WHERE user_id = ?1 AND conversation_id = ?2 AND seq <= ?3 AND clears = 0",
        )?
        .query_map(place, |row| Ok((row.get(0)?, row.get(1)?, row.get::<u32>(2)?)))?
        .collect::<Result<Vec<(i64, i64, u32)>>>()?;
    let mut showing = w
        .prepare("SELECT device_id FROM shown WHERE user_id = ?1 AND conversation_id = ?2 AND first <= ?3")?
        .query_map(place, |row| row.get(0))?
        .collect::<Result<Vec<i64>>>()?;
    for (id, device, tries) in waiting {
        w.prepare("DELETE FROM pushes WHERE id = ?1")?.execute([id])?;
        if tries > 0 {
            showing.push(device);
        }
    }
    showing.sort_unstable();
    showing.dedup();
    for &device in &showing {
        clear(w, device, place, now)?;
    }
    Ok(!showing.is_empty())
}

/// Tells a device that everything up to a seq was read. `place`: user, conversation, seq.
fn clear(w: &Writing<'_>, device: i64, place: [i64; 3], now: Timestamp) -> Result<()> {
    let [user, conversation, read] = place;
    let shown = [user, conversation, device, read];
    w.prepare("DELETE FROM shown WHERE user_id = ?1 AND conversation_id = ?2 AND device_id = ?3 AND last <= ?4")?
        .execute(shown)?;
    w.prepare("UPDATE shown SET first = ?4 + 1 WHERE user_id = ?1 AND conversation_id = ?2 AND device_id = ?3")?
        .execute(shown)?;
    w.prepare("DELETE FROM pushes WHERE device_id = ?1 AND conversation_id = ?2 AND clears = 1 AND seq < ?3")?
        .execute([device, conversation, read])?;
    w.prepare(
        "INSERT INTO pushes (device_id, user_id, conversation_id, seq, clears, due_at, created_at)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)
         ON CONFLICT DO NOTHING",
    )?
    .execute([device, user, conversation, read, now.0])?;
    Ok(())
}

/// How far a reader has got, while a member.
fn cursor(w: &Writing<'_>, user: UserId, conversation: ConversationId) -> Result<Option<Seq>> {
    let found = w
        .prepare("SELECT read FROM members WHERE conversation_id = ?1 AND user_id = ?2 AND state = 0")?
        .query_row([int(conversation.0), int(user.0)], |row| uint(row, 0))
        .optional()?;
    Ok(found)
}

/// Begins one push, or forgets it when there is nothing to send any more.
fn begin(w: &Writing<'_>, id: u64, until: Timestamp, oldest: Timestamp) -> Result<Option<Push>> {
    let row = w
        .prepare("SELECT device_id, conversation_id, seq, clears, tries, created_at FROM pushes WHERE id = ?1")?
        .query_row([int(id)], |row| {
            let device = DeviceId(uint(row, 0)?);
            let clears: bool = row.get(3)?;
            Ok((device, ConversationId(uint(row, 1)?), uint(row, 2)?, clears, row.get::<u32>(4)?, time(row, 5)?))
        })
        .optional()?;
    let Some((device, conversation, seq, clears, tries, created_at)) = row else { return Ok(None) };
    let device = devices::target(w.conn, device)?;
    let message = match (&device, clears) {
        (Some(device), false) => pushed(w, device.user, conversation, seq)?,
        _ => None,
    };
    match device {
        Some(device) if created_at >= oldest && (clears || message.is_some()) => {
            w.prepare("UPDATE pushes SET leased = 1, tries = tries + 1, due_at = ?2 WHERE id = ?1")?
                .execute([int(id), until.0])?;
            let message = message.map(Box::new);
            Ok(Some(Push { id, device, tries: tries + 1, created_at, conversation, seq, message }))
        }
        _ => {
            w.prepare("DELETE FROM pushes WHERE id = ?1")?.execute([int(id)])?;
            Ok(None)
        }
    }
}

/// What a push says of a message; nothing when its reader is gone or has read it, or it is deleted.
fn pushed(w: &Writing<'_>, user: UserId, conversation: ConversationId, seq: Seq) -> Result<Option<PushedMessage>> {
    if cursor(w, user, conversation)?.is_none_or(|read| read >= seq) {
        return Ok(None);
    }
    let Some(found) = messages::at(w.conn, conversation, seq)? else { return Ok(None) };
    if found.message.deleted_at.is_some() {
        return Ok(None);
    }
    let Some(sender) = users::summary_of(w.conn, found.message.sender_id)? else { return Ok(None) };
    let about = w
        .prepare("SELECT kind, name FROM conversations WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([int(conversation.0)], |row| Ok((enumerated(row, 0)?, row.get(1)?)))
        .optional()?;
    let Some((kind, name)) = about else { return Ok(None) };
    let hidden = notifications::general(w.conn, user)?.hide_content;
    Ok(Some(PushedMessage { message: found.message, sender, kind, name, hidden }))
}

fn settle(w: &Writing<'_>, push: &Push, result: PushResult, now: Timestamp) -> Result<()> {
    let id = int(push.id);
    match result {
        PushResult::Later(at) => {
            w.prepare("UPDATE pushes SET leased = 0, due_at = ?2 WHERE id = ?1")?.execute([id, at.0])?;
        }
        PushResult::DeviceGone => {
            devices::forget(w, int(push.device.id.0))?;
        }
        PushResult::Refused => {
            w.prepare("DELETE FROM pushes WHERE id = ?1")?.execute([id])?;
        }
        PushResult::Sent => {
            w.prepare("DELETE FROM pushes WHERE id = ?1")?.execute([id])?;
            let device = int(push.device.id.0);
            let there = w.prepare("UPDATE devices SET last_used_at = ?2 WHERE id = ?1")?.execute([device, now.0])? == 1;
            if push.message.is_some() && there {
                shown(w, push, now)?;
            }
        }
    }
    Ok(())
}

/// A device shows a message now; it may have been read while it was under way.
fn shown(w: &Writing<'_>, push: &Push, now: Timestamp) -> Result<()> {
    let (user, conversation, device) = (int(push.device.user.0), int(push.conversation.0), int(push.device.id.0));
    match cursor(w, push.device.user, push.conversation)? {
        Some(read) if read < push.seq => {
            w.prepare(
                "INSERT INTO shown (user_id, conversation_id, device_id, first, last) VALUES (?1, ?2, ?3, ?4, ?4)
                 ON CONFLICT (user_id, conversation_id, device_id) DO UPDATE
                   SET first = min(shown.first, ?4), last = max(shown.last, ?4)",
            )?
            .execute([user, conversation, device, int(push.seq)])?;
        }
        Some(read) => clear(w, device, [user, conversation, int(read)], now)?,
        None => clear(w, device, [user, conversation, int(push.seq)], now)?,
    }
    Ok(())
}

#[async_trait]
impl<D: Database> Pushes for D {
    async fn due_pushes(&self, now: Timestamp, limit: usize) -> Result<Vec<DuePush>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, user_id, clears, tries, holds FROM pushes WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2",
            )?;
            let found = statement.query_map([now.0, size(limit)], |row| {
                let waits = !row.get::<bool>(2)? && row.get::<u32>(3)? == 0;
                let holds = row.get(4)?;
                Ok(DuePush { id: uint(row, 0)?, user: UserId(uint(row, 1)?), holds: waits.then_some(holds) })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn next_push(&self) -> Result<Option<Timestamp>> {
        self.read(move |conn| {
            let next: Option<i64> =
                conn.prepare_cached("SELECT min(due_at) FROM pushes")?.query_row((), |row| row.get(0))?;
            Ok(next.map(Timestamp))
        })
        .await
    }

    async fn hold_pushes(&self, held: Vec<(u64, Timestamp)>) -> Result<()> {
        self.write(move |w| {
            let mut statement =
                w.prepare("UPDATE pushes SET due_at = ?2, holds = holds + 1 WHERE id = ?1 AND tries = 0")?;
            for (id, until) in &held {
                statement.execute(params![int(*id), until.0])?;
            }
            Ok(())
        })
        .await
    }

    async fn begin_pushes(&self, ids: Vec<u64>, until: Timestamp, oldest: Timestamp) -> Result<Vec<Push>> {
        self.write(move |w| {
            let mut begun = Vec::with_capacity(ids.len());
            for &id in &ids {
                begun.extend(begin(w, id, until, oldest)?);
            }
            Ok(begun)
        })
        .await
    }

    async fn settle_pushes(&self, settled: Vec<(Push, PushResult)>, now: Timestamp) -> Result<()> {
        self.write(move |w| {
            for (push, result) in &settled {
                settle(w, push, *result, now)?;
            }
            Ok(())
        })
        .await
    }

    async fn push_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]> {
        self.write(move |w| match system::get(w.conn, PUSH_KEY)? {
            Some(kept) => Ok(kept),
            None => {
                system::set(w.conn, PUSH_KEY, fresh)?;
                Ok(fresh)
            }
        })
        .await
    }

    async fn resume_pushes(&self, now: Timestamp) -> Result<()> {
        self.write(move |w| {
            w.prepare("UPDATE pushes SET leased = 0, due_at = min(due_at, ?1) WHERE leased = 1")?.execute([now.0])?;
            Ok(())
        })
        .await
    }
}
