//! Conversations: their rows, and the lists that users see.

use std::collections::HashMap;

use async_trait::async_trait;
use laserchat_core::conversation::Acquaintance;
use laserchat_protocol::{
    Conversation, ConversationId, ConversationView, Member, MemberState, Message, Page, Seq, Timestamp, UserId,
};

use super::codes::{Code, enumerated, int, optional_time, optional_uint, picture, size, time, uint};
use super::members::MEMBERSHIP;
use super::messages::message_columns;
use super::positions::listed;
use super::words::{after_prefix, words};
use super::writing::{Writing, head_of};
use super::{contacts, expiry, members, messages, search, users, uses};
use crate::Result;
use crate::contract::{Conversations, Head};
use crate::sql::{Connection, Database, OptionalRow, Row, Value, params};

/// The columns that [`shared`] reads, of `conversations c`.
pub(super) const CONVERSATION: &str = "c.id, c.kind, c.name, c.topic, c.avatar, c.public, c.read_only, c.slow_mode, \
                            c.created_by, c.created_at, c.archived_at, c.changed, c.member_count, c.expire_seconds";

pub(super) fn shared(row: &Row<'_>) -> Result<Conversation> {
    Ok(Conversation {
        id: ConversationId(uint(row, 0)?),
        kind: enumerated(row, 1)?,
        name: row.get(2)?,
        topic: row.get(3)?,
        avatar: picture(row, 4)?,
        public: row.get(5)?,
        read_only: row.get(6)?,
        slow_mode_seconds: row.get(7)?,
        created_by: UserId(uint(row, 8)?),
        created_at: time(row, 9)?,
        archived_at: optional_time(row, 10)?,
        changed: uint(row, 11)?,
        member_count: uint(row, 12)?,
        expire_seconds: row.get(13)?,
    })
}

/// A conversation that is not deleted, and its newest seq.
pub(super) fn with_head(conn: &Connection<'_>, id: ConversationId) -> Result<Option<(Conversation, Seq)>> {
    let sql = format!(
        "SELECT {CONVERSATION}, {} FROM conversations c JOIN heads h ON h.conversation_id = c.id WHERE c.id = ?1",
        head_of!("h")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_row([int(id.0)], |row| Ok((shared(row)?, uint(row, 14)?))).optional()
}

pub(super) fn member_count(conn: &Connection<'_>, id: ConversationId) -> Result<Option<u64>> {
    let mut statement =
        conn.prepare_cached("SELECT member_count FROM conversations WHERE id = ?1 AND deleted_at IS NULL")?;
    statement.query_row([int(id.0)], |row| uint(row, 0)).optional()
}

pub(super) fn of_pair(conn: &Connection<'_>, a: UserId, b: UserId) -> Result<Option<ConversationId>> {
    let (a, b) = (a.min(b), a.max(b));
    let mut statement =
        conn.prepare_cached("SELECT id FROM conversations WHERE pair_a = ?1 AND pair_b = ?2 AND pair_a IS NOT NULL")?;
    let found = statement.query_row(params![int(a.0), int(b.0)], |row| uint(row, 0)).optional()?;
    Ok(found.map(ConversationId))
}

/// The pair of a direct conversation.
pub(super) fn pair(conn: &Connection<'_>, id: ConversationId) -> Result<Option<(UserId, UserId)>> {
    let mut statement = conn.prepare_cached("SELECT pair_a, pair_b FROM conversations WHERE id = ?1")?;
    let found =
        statement.query_row([int(id.0)], |row| Ok((optional_uint(row, 0)?, optional_uint(row, 1)?))).optional()?;
    Ok(match found {
        Some((Some(a), Some(b))) => Some((UserId(a), UserId(b))),
        _ => None,
    })
}

pub(super) fn insert(
    w: &Writing<'_>,
    id: ConversationId,
    seq: Seq,
    conversation: &Conversation,
    pair: Option<(UserId, UserId)>,
    key: Option<&str>,
) -> Result<()> {
    w.prepare(
        "INSERT INTO conversations (id, kind, name, topic, avatar, public, read_only, slow_mode, created_by,
           created_at, archived_at, changed, pair_a, pair_b, key, expire_seconds)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        int(id.0),
        conversation.kind.code(),
        conversation.name,
        conversation.topic,
        conversation.avatar.map(|file| file.to_string()),
        conversation.public,
        conversation.read_only,
        conversation.slow_mode_seconds,
        int(conversation.created_by.0),
        conversation.created_at.0,
        conversation.archived_at.map(|at| at.0),
        int(seq),
        pair.map(|(a, _)| int(a.0)),
        pair.map(|(_, b)| int(b.0)),
        key,
        conversation.expire_seconds,
    ])?;
    expiry::settle(w, id, conversation.expire_seconds)?;
    index(w, id, conversation)
}

pub(super) fn update(w: &Writing<'_>, id: ConversationId, seq: Seq, conversation: &Conversation) -> Result<()> {
    w.prepare(
        "UPDATE conversations SET name = ?2, topic = ?3, avatar = ?4, public = ?5, read_only = ?6, slow_mode = ?7,
           archived_at = ?8, changed = ?9, expire_seconds = ?10 WHERE id = ?1",
    )?
    .execute(params![
        int(id.0),
        conversation.name,
        conversation.topic,
        conversation.avatar.map(|file| file.to_string()),
        conversation.public,
        conversation.read_only,
        conversation.slow_mode_seconds,
        conversation.archived_at.map(|at| at.0),
        int(seq),
        conversation.expire_seconds,
    ])?;
    expiry::settle(w, id, conversation.expire_seconds)?;
    uses::replace(w, conversation.avatar, uses::conversation_avatar(id), Timestamp::now())?;
    unindex(w, id)?;
    index(w, id, conversation)
}

/// Only channels that everyone may find are looked for by their words.
fn index(w: &Writing<'_>, id: ConversationId, conversation: &Conversation) -> Result<()> {
    if !conversation.public || conversation.archived_at.is_some() {
        return Ok(());
    }
    let mut statement =
        w.prepare("INSERT INTO conversation_words (word, conversation_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    for text in [&conversation.name, &conversation.topic].into_iter().flatten() {
        for word in words(text) {
            statement.execute(params![word, int(id.0)])?;
        }
    }
    Ok(())
}

fn unindex(w: &Writing<'_>, id: ConversationId) -> Result<()> {
    w.prepare("DELETE FROM conversation_words WHERE conversation_id = ?1")?.execute([int(id.0)])?;
    Ok(())
}

/// Deletes a conversation: nobody is a member any more, and its names are gone. What else hangs on it is purged later.
/// Returns its last state, and who was a member.
pub(super) fn delete(
    w: &Writing<'_>,
    id: ConversationId,
    seq: Seq,
    at: Timestamp,
) -> Result<(Conversation, Vec<UserId>)> {
    let last = w
        .prepare(&format!("SELECT {CONVERSATION} FROM conversations c WHERE c.id = ?1"))?
        .query_row([int(id.0)], shared)?;
    let users = w
        .prepare("SELECT user_id FROM members WHERE conversation_id = ?1 AND state = 0 ORDER BY user_id")?
        .query_map([int(id.0)], |row| uint(row, 0).map(UserId))?
        .collect::<Result<Vec<_>>>()?;
    w.prepare(
        "UPDATE users SET version = version + 1
         WHERE id IN (SELECT user_id FROM members WHERE conversation_id = ?1 AND state = 0)",
    )?
    .execute([int(id.0)])?;
    w.prepare(
        "UPDATE members SET state = ?2, role = ?3, changed = ?4, version = (SELECT version FROM users WHERE id = user_id)
         WHERE conversation_id = ?1 AND state = 0",
    )?
    .execute(params![int(id.0), MemberState::Left.code(), laserchat_protocol::Role::Member.code(), int(seq)])?;
    w.prepare(
        "UPDATE conversations SET deleted_at = ?2, changed = ?3, member_count = 0, name = NULL, topic = NULL,
           avatar = NULL, pair_a = NULL, pair_b = NULL, key = NULL WHERE id = ?1",
    )?
    .execute(params![int(id.0), at.0, int(seq)])?;
    uses::release(w, uses::conversation_avatar(id), at)?;
    unindex(w, id)?;
    w.prepare("DELETE FROM expiry WHERE conversation_id = ?1")?.execute([int(id.0)])?;
    Ok((last, users))
}

/// Conversations as one user sees them, in any order; those that are deleted are left out. However many they are, it takes as
/// many statements as for one.
fn views(conn: &Connection<'_>, user: UserId, ids: &[ConversationId]) -> Result<Vec<ConversationView>> {
    let asked = listed(ids.iter().map(|id| id.0));
    let sql = format!(
        "SELECT {CONVERSATION}, {}, c.pair_a, c.pair_b, {MEMBERSHIP}
         FROM conversations c JOIN heads h ON h.conversation_id = c.id
         LEFT JOIN members m ON m.conversation_id = c.id AND m.user_id = ?2 AND m.state = 0
         WHERE c.id IN (SELECT value FROM json_each(?1))",
        head_of!("h")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params![asked, int(user.0)], |row| {
        let pair = optional_uint(row, 15)?.zip(optional_uint(row, 16)?);
        let peer = pair.map(|(a, b)| UserId(if a == user.0 { b } else { a }));
        let membership = match row.get_ref(17)? {
            Value::Null => None,
            _ => Some(members::membership_at(row, 17)?),
        };
        let conversation = shared(row)?;
        Ok((ConversationView { conversation, seq: uint(row, 14)?, membership, last_message: None, peer: None }, peer))
    })?;
    let mut found = found.collect::<Result<Vec<_>>>()?;
    let memberships = found.iter_mut().filter_map(|(view, _)| Some((view.seq, view.membership.as_mut()?)));
    members::count(conn, user, memberships.collect())?;
    let mut newest = newest(conn, user, &asked)?;
    let mut peers = users::summaries(conn, found.iter().filter_map(|(_, peer)| *peer))?;
    let found = found.into_iter().map(|(mut view, peer)| {
        view.last_message = newest.remove(&view.conversation.id);
        view.peer = peer.and_then(|peer| peers.remove(&peer));
        view
    });
    Ok(found.collect())
}

/// The newest message of each conversation that is still there.
fn newest(conn: &Connection<'_>, user: UserId, asked: &str) -> Result<HashMap<ConversationId, Message>> {
    let sql = concat!(
        "SELECT ",
        message_columns!("m."),
        " FROM (SELECT h.conversation_id AS id, (SELECT n.seq FROM messages n WHERE n.conversation_id = h.conversation_id
             AND n.deleted_at IS NULL ORDER BY n.seq DESC LIMIT 1) AS seq
           FROM heads h WHERE h.conversation_id IN (SELECT value FROM json_each(?1))) newest
         CROSS JOIN messages m WHERE m.conversation_id = newest.id AND m.seq = newest.seq"
    );
    let found = messages::list(conn, user, sql, params![asked])?;
    Ok(found.into_iter().map(|message| (message.conversation_id, message)).collect())
}

/// Ids are time-ordered, so the newest message's id says when something was last posted; a conversation without messages
/// counts as posted to when it was made.
fn list(conn: &Connection<'_>, user: UserId, cursor: Option<&str>, limit: usize) -> Result<Page<ConversationView>> {
    let place = match cursor {
        None => Some((i64::MAX, i64::MAX)),
        Some(cursor) => cursor.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))),
    };
    let Some((activity, id)) = place else { return Ok(Page::whole(Vec::new())) };
    let mut statement = conn.prepare_cached(
        "SELECT id, activity FROM (
           SELECT m.conversation_id AS id, coalesce(
             (SELECT x.id FROM messages x WHERE x.conversation_id = m.conversation_id ORDER BY x.seq DESC LIMIT 1),
             m.conversation_id) AS activity
           FROM members m WHERE m.user_id = ?1 AND m.state = 0) mine
         WHERE (activity, id) < (?2, ?3) ORDER BY activity DESC, id DESC LIMIT ?4",
    )?;
    let place = params![int(user.0), activity, id, size(limit.saturating_add(1))];
    let found = statement.query_map(place, |row| Ok((ConversationId(uint(row, 0)?), uint(row, 1)?)))?;
    let page = super::paged(found.collect::<Result<Vec<_>>>()?, limit, |(id, at)| format!("{at}.{id}"));
    let ids: Vec<ConversationId> = page.items.into_iter().map(|(id, _)| id).collect();
    let mut items = views(conn, user, &ids)?;
    items.sort_by_key(|view| ids.iter().position(|id| *id == view.conversation.id));
    Ok(Page { items, next: page.next })
}

pub(super) fn public(
    conn: &Connection<'_>,
    query: &str,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Conversation>> {
    let place = match cursor {
        None => Some((i64::MAX, 0_i64)),
        Some(cursor) => cursor.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))),
    };
    let Some((count, id)) = place else { return Ok(Page::whole(Vec::new())) };
    let words = words(query);
    if words.is_empty() && !query.trim().is_empty() {
        return Ok(Page::whole(Vec::new()));
    }
    let mut sql = format!(
        "SELECT {CONVERSATION} FROM conversations c
         WHERE c.public = 1 AND c.archived_at IS NULL AND c.deleted_at IS NULL
         AND c.member_count <= ?1 AND (c.member_count < ?1 OR c.id > ?2)"
    );
    // A name has few words; more than these in a query do not make it find less.
    let ranges: Vec<_> = words.into_iter().take(8).map(|word| (after_prefix(&word), word)).collect();
    let mut values = vec![Value::Int(count), Value::Int(id), Value::Int(size(limit.saturating_add(1)))];
    for (end, word) in &ranges {
        let at = values.len() + 1;
        sql.push_str(&format!(
            " AND c.id IN (SELECT conversation_id FROM conversation_words WHERE word >= ?{at} AND word < ?{})",
            at + 1
        ));
        values.extend([Value::Text(word), Value::Text(end)]);
    }
    sql.push_str(" ORDER BY c.member_count DESC, c.id LIMIT ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(values.as_slice(), shared)?;
    let found = found.collect::<Result<Vec<_>>>()?;
    Ok(super::paged(found, limit, |last| format!("{}.{}", last.member_count, last.id)))
}

/// Removes up to `left` messages of a deleted conversation with everything that hangs on them. Memberships stay: they tell
/// the devices of those who were members that it is over. Returns how many messages there were.
fn purge(w: &mut Writing<'_>, id: i64, left: i64) -> Result<i64> {
    let (found, last): (i64, Option<i64>) = w
        .prepare(
            "SELECT count(*), max(seq) FROM (SELECT seq FROM messages WHERE conversation_id = ?1
               ORDER BY seq LIMIT ?2) first",
        )?
        .query_row([id, left], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if let Some(last) = last {
        search::entry::forget_until(w, ConversationId(id as u64), last as u64)?;
        for sql in [
            "DELETE FROM reactions WHERE conversation_id = ?1 AND seq <= ?2",
            "DELETE FROM votes WHERE conversation_id = ?1 AND seq <= ?2",
            "DELETE FROM mentions WHERE conversation_id = ?1 AND seq <= ?2",
            "DELETE FROM thread_follows WHERE conversation_id = ?1 AND seq <= ?2",
            "DELETE FROM messages WHERE conversation_id = ?1 AND seq <= ?2",
        ] {
            w.prepare(sql)?.execute([id, last])?;
        }
        uses::release_up_to(w, id, last, Timestamp::now())?;
        w.erased.push((ConversationId(id as u64), last as u64));
    }
    if found < left {
        w.prepare("DELETE FROM invitations WHERE conversation_id = ?1")?.execute([id])?;
        w.prepare("UPDATE conversations SET purged = 1 WHERE id = ?1")?.execute([id])?;
    }
    Ok(found)
}

#[async_trait]
impl<D: Database> Conversations for D {
    async fn conversations(&self, user: UserId, cursor: Option<&str>, limit: usize) -> Result<Page<ConversationView>> {
        let cursor = cursor.map(str::to_owned);
        self.read(move |conn| list(conn, user, cursor.as_deref(), limit)).await
    }

    async fn conversation(&self, user: UserId, id: ConversationId) -> Result<Option<ConversationView>> {
        self.read(move |conn| Ok(views(conn, user, &[id])?.pop())).await
    }

    async fn heads(&self, user: UserId) -> Result<Vec<Head>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(concat!(
                "SELECT m.conversation_id, ",
                head_of!("h"),
                " FROM members m JOIN heads h ON h.conversation_id = m.conversation_id
                 WHERE m.user_id = ?1 AND m.state = 0"
            ))?;
            let found = statement.query_map([int(user.0)], |row| {
                Ok(Head { conversation: ConversationId(uint(row, 0)?), head: uint(row, 1)? })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn public_channels(&self, query: &str, cursor: Option<&str>, limit: usize) -> Result<Page<Conversation>> {
        let (query, cursor) = (query.to_owned(), cursor.map(str::to_owned));
        self.read_far(move |conn| public(conn, &query, cursor.as_deref(), limit)).await
    }

    async fn members(
        &self,
        conversation: ConversationId,
        banned: bool,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Member>> {
        let cursor = cursor.map(str::to_owned);
        let state = if banned { MemberState::Banned } else { MemberState::Joined };
        self.read(move |conn| members::page(conn, conversation, state, cursor.as_deref(), limit)).await
    }

    async fn members_named(&self, conversation: ConversationId, names: &[String]) -> Result<Vec<UserId>> {
        let names = names.to_vec();
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT u.id FROM users u JOIN members m ON m.conversation_id = ?1 AND m.user_id = u.id AND m.state = 0
                 WHERE u.username = ?2",
            )?;
            let mut found = Vec::new();
            for name in names {
                found.extend(statement.query_row(params![int(conversation.0), name], |row| uint(row, 0)).optional()?);
            }
            Ok(found.into_iter().map(UserId).collect())
        })
        .await
    }

    async fn acquaintance(&self, user: UserId, other: UserId) -> Result<Option<Acquaintance>> {
        self.read(move |conn| {
            let direct_from = conn
                .prepare_cached("SELECT direct_from FROM users WHERE id = ?1 AND disabled = 0")?
                .query_row([int(other.0)], |row| enumerated(row, 0))
                .optional()?;
            let Some(direct_from) = direct_from else { return Ok(None) };
            let (mine, theirs) = (contacts::side(conn, user, other)?, contacts::side(conn, other, user)?);
            // One is always acquainted with oneself.
            let contacts = user == other || mine.state == laserchat_protocol::ContactState::Accepted;
            Ok(Some(Acquaintance { blocked: mine.blocked || theirs.blocked, contacts, direct_from }))
        })
        .await
    }

    async fn direct(&self, user: UserId, other: UserId) -> Result<Option<ConversationId>> {
        self.read(move |conn| of_pair(conn, user, other)).await
    }

    async fn purge_deleted(&self, limit: usize) -> Result<bool> {
        self.write(move |w| {
            let limit = size(limit.max(1));
            let mut left = limit;
            let ids = w
                .prepare(
                    "SELECT id FROM conversations WHERE deleted_at IS NOT NULL AND purged = 0 ORDER BY id LIMIT ?1",
                )?
                .query_map([limit], |row| row.get(0))?
                .collect::<Result<Vec<i64>>>()?;
            let all = ids.len() as i64;
            for id in ids {
                left -= purge(w, id, left)?;
                if left <= 0 {
                    return Ok(true);
                }
            }
            Ok(all == limit)
        })
        .await
    }
}
