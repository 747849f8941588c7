//! Audience: the members who might want to hear of a message, with everything that decides it.
//!
//! In a direct conversation or a group that is everybody. A channel may have very many members, of whom most hear only of
//! what mentions them: there, only those are looked at who are mentioned, follow the thread, or want to hear of more.

use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::notification::PersonLevel;
use laserchat_protocol::{ConversationId, DeviceId, MessageId, SessionId, UserId};

use super::codes::{enumerated, int, optional, optional_time, size, uint};
use super::notifications::general;
use super::positions::listed;
use crate::Result;
use crate::contract::{Audience, Listener, ListeningDevice, Question, Told};
use crate::sql::{Connection, OptionalRow, Row, params};

const EVERYBODY: &str = "SELECT user_id FROM members WHERE conversation_id = ?1 AND user_id > ?2 AND state = 0
                         ORDER BY user_id LIMIT ?3";

const SOME: &str = "
    SELECT user_id FROM (
      SELECT user_id FROM members WHERE conversation_id = ?1 AND notify = 1
      UNION SELECT user_id FROM notification_settings WHERE wide = 1
      UNION SELECT user_id FROM devices WHERE level = 2
      UNION SELECT value FROM json_each(?4)
      UNION SELECT user_id FROM thread_follows WHERE conversation_id = ?1 AND following = 1
        AND seq IN (SELECT seq FROM messages WHERE conversation_id = ?1 AND id IN (SELECT value FROM json_each(?5)))
    ) wanted
    WHERE user_id > ?2 AND EXISTS (
      SELECT 1 FROM members m WHERE m.conversation_id = ?1 AND m.user_id = wanted.user_id AND m.state = 0)
    ORDER BY user_id LIMIT ?3";

pub(super) fn audience(conn: &Connection<'_>, question: &Question) -> Result<Option<Audience>> {
    let kind = conn
        .prepare_cached("SELECT kind FROM conversations WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([int(question.conversation.0)], |row| enumerated(row, 0))
        .optional()?;
    let Some(kind) = kind else { return Ok(None) };
    let everybody = question.everybody || kind != ConversationKind::Channel;
    let mut listeners = Vec::new();
    for user in members(conn, question, everybody)? {
        listeners.extend(listener(conn, user, question)?);
    }
    Ok(Some(Audience { kind, told: told(conn, question.conversation)?, listeners }))
}

pub(super) fn told(conn: &Connection<'_>, conversation: ConversationId) -> Result<Option<Told>> {
    let found = conn
        .prepare_cached("SELECT seq, user_id FROM told WHERE conversation_id = ?1")?
        .query_row([int(conversation.0)], |row| {
            Ok(Told { conversation, seq: uint(row, 0)?, user: UserId(uint(row, 1)?) })
        });
    found.optional()
}

fn members(conn: &Connection<'_>, question: &Question, everybody: bool) -> Result<Vec<UserId>> {
    let place = (int(question.conversation.0), int(question.after.0), size(question.limit));
    let read = |row: &Row<'_>| uint(row, 0).map(UserId);

    if everybody {
        conn.prepare_cached(EVERYBODY)?.query_map(params![place.0, place.1, place.2], read)?.collect::<Result<_>>()
    } else {
        let mentioned = listed(question.mentioned.iter().map(|user| user.0));
        let parents = listed(question.parents.iter().map(|message| message.0));
        conn.prepare_cached(SOME)?
            .query_map(params![place.0, place.1, place.2, mentioned, parents], read)?
            .collect::<Result<_>>()
    }
}

fn listener(conn: &Connection<'_>, user: UserId, question: &Question) -> Result<Option<Listener>> {
    let place = [int(question.conversation.0), int(user.0)];
    let mut statement = conn.prepare_cached(
        "SELECT u.bot, u.disabled, m.joined_seq, m.read, m.notify, m.notifications_muted_until, u.time_zone
         FROM members m JOIN users u ON u.id = m.user_id WHERE m.conversation_id = ?1 AND m.user_id = ?2",
    )?;
    let found = statement.query_row(place, |row| {
        Ok(Listener {
            user,
            bot: row.get(0)?,
            disabled: row.get(1)?,
            joined: uint(row, 2)?,
            read: uint(row, 3)?,
            notify: enumerated(row, 4)?,
            muted_until: optional_time(row, 5)?,
            settings: Default::default(),
            time_zone: row.get(6)?,
            follows: Vec::new(),
            blocked: Vec::new(),
            devices: Vec::new(),
            retold: false,
        })
    });
    let Some(mut found) = found.optional()? else { return Ok(None) };
    found.settings = general(conn, user)?;
    let mut level =
        conn.prepare_cached("SELECT level FROM notification_people WHERE user_id = ?1 AND other_id = ?2")?;
    let mut blocked = conn.prepare_cached(
        "SELECT 1 FROM contacts WHERE user_id = ?1 AND other_id = ?2 AND blocked = 1
         UNION ALL SELECT 1 FROM contacts WHERE user_id = ?2 AND other_id = ?1 AND blocked = 1",
    )?;
    for sender in question.senders.iter().filter(|sender| **sender != user) {
        let pair = [int(user.0), int(sender.0)];
        let chosen = level.query_row(pair, |row| enumerated(row, 0)).optional()?;
        found.settings.people.extend(chosen.map(|level| PersonLevel { user_id: *sender, level }));
        if blocked.exists(pair)? {
            found.blocked.push(*sender);
        }
    }
    let mut follows = conn.prepare_cached(
        "SELECT 1 FROM messages p JOIN thread_follows f ON f.conversation_id = p.conversation_id AND f.seq = p.seq
         WHERE p.id = ?1 AND p.conversation_id = ?3 AND f.user_id = ?2 AND f.following = 1",
    )?;
    for &MessageId(parent) in &question.parents {
        if follows.exists([int(parent), int(user.0), int(question.conversation.0)])? {
            found.follows.push(MessageId(parent));
        }
    }
    let mut devices =
        conn.prepare_cached("SELECT id, level, session_id FROM devices WHERE user_id = ?1 ORDER BY id")?;
    let rows = devices.query_map([int(user.0)], |row| {
        Ok(ListeningDevice { id: DeviceId(uint(row, 0)?), level: optional(row, 1)?, session: SessionId(uint(row, 2)?) })
    })?;
    found.devices = rows.collect::<Result<_>>()?;
    if let Some(message) = question.retold {
        let mut told = conn.prepare_cached("SELECT 1 FROM activity WHERE user_id = ?1 AND message_id = ?2")?;
        found.retold = told.exists([int(user.0), int(message.0)])?;
    }
    Ok(Some(found))
}
