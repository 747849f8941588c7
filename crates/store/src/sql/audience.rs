//! Audience: the members who might want to hear of a message, with everything that decides it.
//!
//! In a direct conversation or a group that is everybody. A channel may have very many members, of whom most hear only of
//! what mentions them: there, only those are looked at who are mentioned, follow the thread, or want to hear of more.

use std::collections::HashMap;

use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::notification::PersonLevel;
use laserchat_protocol::{ConversationId, DeviceId, MessageId, NotifyLevel, SessionId, UserId};

use super::codes::{enumerated, int, optional, optional_time, size, uint};
use super::notifications::{GENERAL, general_of};
use super::positions::{in_order, listed};
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
    let members = members(conn, question, everybody)?;
    let listeners = if members.is_empty() { Vec::new() } else { listeners(conn, &members, question)? };
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

/// All that decides what these members hear, by a statement for each kind of it.
fn listeners(conn: &Connection<'_>, users: &[UserId], question: &Question) -> Result<Vec<Listener>> {
    let (conversation, ids) = (int(question.conversation.0), listed(users.iter().map(|user| user.0)));
    let sql = format!(
        "SELECT {GENERAL}, n.user_id, u.id, u.bot, u.disabled, m.joined_seq, m.read, m.notify, m.notifications_muted_until,
           u.time_zone
         FROM members m JOIN users u ON u.id = m.user_id LEFT JOIN notification_settings n ON n.user_id = m.user_id
         WHERE m.conversation_id = ?1 AND m.user_id IN (SELECT value FROM json_each(?2))"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params![conversation, ids], |row| {
        let changed = row.get::<Option<i64>>(8)?.is_some();
        let user = user_at(row, 9)?;
        let listener = Listener {
            user,
            bot: row.get(10)?,
            disabled: row.get(11)?,
            joined: uint(row, 12)?,
            read: uint(row, 13)?,
            notify: enumerated(row, 14)?,
            muted_until: optional_time(row, 15)?,
            settings: if changed { general_of(row)? } else { Default::default() },
            time_zone: row.get(16)?,
            follows: Vec::new(),
            blocked: Vec::new(),
            devices: Vec::new(),
            retold: false,
        };
        Ok((user, listener))
    })?;
    let mut found = in_order(users, found)?;
    let mut all: HashMap<UserId, &mut Listener> = found.iter_mut().map(|listener| (listener.user, listener)).collect();
    if !question.senders.is_empty() {
        senders(conn, &mut all, &ids, question)?;
    }
    if !question.parents.is_empty() {
        let mut statement = conn.prepare_cached(
            "SELECT f.user_id, p.id FROM messages p
             JOIN thread_follows f ON f.conversation_id = p.conversation_id AND f.seq = p.seq
             WHERE p.conversation_id = ?1 AND p.id IN (SELECT value FROM json_each(?2)) AND f.following = 1
               AND f.user_id IN (SELECT value FROM json_each(?3)) ORDER BY p.id",
        )?;
        let parents = listed(question.parents.iter().map(|message| message.0));
        let read = |row: &Row<'_>| Ok((user_at(row, 0)?, MessageId(uint(row, 1)?)));
        let follows = statement.query_map(params![conversation, parents, ids], read)?;
        each(&mut all, follows, |one, parent| one.follows.push(parent))?;
    }
    let mut statement = conn.prepare_cached(
        "SELECT user_id, id, level, session_id FROM devices WHERE user_id IN (SELECT value FROM json_each(?1)) ORDER BY id",
    )?;
    let devices = statement.query_map(params![ids], |row| {
        let (id, session) = (DeviceId(uint(row, 1)?), SessionId(uint(row, 3)?));
        Ok((user_at(row, 0)?, ListeningDevice { id, level: optional(row, 2)?, session }))
    })?;
    each(&mut all, devices, |one, device| one.devices.push(device))?;
    if let Some(message) = question.retold {
        let mut statement = conn.prepare_cached(
            "SELECT user_id FROM activity WHERE message_id = ?1 AND user_id IN (SELECT value FROM json_each(?2))",
        )?;
        let told = statement.query_map(params![int(message.0), ids], |row| Ok((user_at(row, 0)?, ())))?;
        each(&mut all, told, |one, ()| one.retold = true)?;
    }
    drop(all);
    Ok(found)
}

/// What they think of those who write, and who of these is blocked.
fn senders(
    conn: &Connection<'_>,
    all: &mut HashMap<UserId, &mut Listener>,
    ids: &str,
    question: &Question,
) -> Result<()> {
    let senders = listed(question.senders.iter().map(|sender| sender.0));
    let mut statement = conn.prepare_cached(
        "SELECT one.value, other.value,
           (SELECT p.level FROM notification_people p WHERE p.user_id = one.value AND p.other_id = other.value),
           (SELECT c.blocked FROM contacts c WHERE c.user_id = one.value AND c.other_id = other.value),
           (SELECT c.blocked FROM contacts c WHERE c.user_id = other.value AND c.other_id = one.value)
         FROM json_each(?1) one CROSS JOIN json_each(?2) other WHERE one.value <> other.value",
    )?;
    let found = statement.query_map(params![ids, senders], |row| {
        let (mine, theirs): (Option<bool>, Option<bool>) = (row.get(3)?, row.get(4)?);
        let blocked = mine == Some(true) || theirs == Some(true);
        Ok((user_at(row, 0)?, (user_at(row, 1)?, optional(row, 2)?, blocked)))
    })?;
    each(all, found, |one, (sender, level, blocked): (UserId, Option<NotifyLevel>, bool)| {
        one.settings.people.extend(level.map(|level| PersonLevel { user_id: sender, level }));
        if blocked {
            one.blocked.push(sender);
        }
    })
}

fn user_at(row: &Row<'_>, at: usize) -> Result<UserId> {
    uint(row, at).map(UserId)
}

/// Gives what was found to those whose it is.
fn each<T>(
    all: &mut HashMap<UserId, &mut Listener>,
    found: impl Iterator<Item = Result<(UserId, T)>>,
    give: impl Fn(&mut Listener, T),
) -> Result<()> {
    for one in found {
        let (user, what) = one?;
        if let Some(listener) = all.get_mut(&user) {
            give(listener, what);
        }
    }
    Ok(())
}
