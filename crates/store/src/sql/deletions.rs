//! Deletions of accounts: what begins and ends one, and everything outside of the log that goes with it.
//!
//! Tables are found by their columns and not by a list: a table that somebody adds later with a column `user_id` is a
//! table of personal things, unless it is named here as one that is kept, or cleared in another way.

use async_trait::async_trait;
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::webhook::DeliveryState;
use laserchat_protocol::{ContactState, ConversationId, Message, MessageId, Seq, SessionId, Timestamp, UserId};

use super::codes::{Code, int, json, size, to_json, uint};
use super::users::{name_of_deleted, next_version};
use super::writing::Writing;
use super::{messages, uses, webhooks};
use crate::contract::{DeletionBegun, Deletions, TracePlace};
use crate::sql::{Connection, Database, OptionalRow, params};
use crate::{Result, StoreError};

/// What the name of a deleted account is to clients that do not look whether it is deleted.
const SHOWN: &str = "Deleted account";

/// Tables with a column `user_id` that is not personal, or is cleared in another way.
const KEPT: [&str; 6] = [
    // The person has left; that there was somebody stays.
    "members",
    // Taken back by the log, so that the counts stay right.
    "reactions",
    // How far the telling of somebody else's message has come.
    "told",
    // Says that the account is being deleted.
    "deletions",
    // Cleared of what they tell and kept until the tokens have run out that name them.
    "sessions",
    "contacts",
];
/// Tables in which rows go without being counted: they are the server's own notes.
const UNCOUNTED: [&str; 7] = ["activity", "kept_answers", "last_seen", "mentions", "pushes", "shown", "user_words"];

fn report(conn: &Connection<'_>, user: UserId) -> Result<Option<DeletionReport>> {
    let mut statement =
        conn.prepare_cached("SELECT report, finished_at IS NOT NULL FROM deletions WHERE user_id = ?1")?;
    let found = statement.query_row([int(user.0)], |row| Ok(DeletionReport { finished: row.get(1)?, ..json(row, 0)? }));
    found.optional()
}

fn note(w: &Writing<'_>, user: UserId, done: &DeletionReport) -> Result<()> {
    let Some(mut sum) = report(w.conn, user)? else { return Ok(()) };
    sum.messages += done.messages;
    sum.reactions += done.reactions;
    sum.votes += done.votes;
    sum.conversations_left += done.conversations_left;
    sum.conversations_handed_over += done.conversations_handed_over;
    sum.conversations_deleted += done.conversations_deleted;
    sum.sessions += done.sessions;
    sum.tokens += done.tokens;
    sum.contacts += done.contacts;
    sum.bots += done.bots;
    sum.webhooks += done.webhooks;
    sum.devices += done.devices;
    sum.personal += done.personal;
    set_report(w, user, &sum)
}

fn set_report(w: &Writing<'_>, user: UserId, report: &DeletionReport) -> Result<()> {
    w.prepare("UPDATE deletions SET report = ?2 WHERE user_id = ?1")?
        .execute(params![int(user.0), to_json(report)?])?;
    Ok(())
}

fn bots(conn: &Connection<'_>, owner: UserId) -> Result<Vec<UserId>> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM users WHERE bot_owner = ?1 AND bot_owner IS NOT NULL ORDER BY id")?;
    let found = statement.query_map([int(owner.0)], |row| uint(row, 0).map(UserId))?;
    found.collect::<Result<_>>()
}

/// Files and uploads of an account and its bots.
fn own_files(w: &Writing<'_>, user: UserId, bots: &[UserId]) -> Result<u64> {
    let mut statement = w.prepare("SELECT count(*) FROM files WHERE owner_id = ?1 AND state <> 3")?;
    let mut sum = 0;
    for owner in bots.iter().copied().chain([user]) {
        sum += statement.query_row([int(owner.0)], |row| uint(row, 0))?;
    }
    Ok(sum)
}

fn begin(w: &Writing<'_>, user: UserId, now: Timestamp) -> Result<Option<DeletionBegun>> {
    if !w.prepare("SELECT 1 FROM users WHERE id = ?1 AND bot = 0")?.exists([int(user.0)])? {
        return Ok(None);
    }
    let bots = bots(w.conn, user)?;
    // Those that stay in the end are taken off again, because files go in many ways.
    let files = DeletionReport { files: own_files(w, user, &bots)?, ..DeletionReport::default() };
    w.prepare("INSERT INTO deletions (user_id, started_at, report) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![int(user.0), now.0, to_json(&files)?])?;
    let mut sessions = Vec::new();
    let mut done = DeletionReport::default();
    for gone in bots.iter().copied().chain([user]) {
        w.prepare("UPDATE users SET disabled = 1, password_hash = NULL WHERE id = ?1")?.execute([int(gone.0)])?;
        let ended = w
            .prepare("UPDATE sessions SET ended_at = ?2 WHERE user_id = ?1 AND ended_at IS NULL RETURNING id")?
            .query_map([int(gone.0), now.0], |row| uint(row, 0).map(SessionId))?
            .collect::<Result<Vec<_>>>()?;
        done.sessions += ended.len() as u64;
        sessions.extend(ended);
        done.tokens += w.prepare("DELETE FROM tokens WHERE user_id = ?1")?.execute([int(gone.0)])? as u64;
        done.webhooks += webhooks::remove_where(w, "created_by", int(gone.0))? as u64;
        w.prepare("DELETE FROM slash_commands WHERE bot_id = ?1")?.execute([int(gone.0)])?;
    }
    note(w, user, &done)?;
    let report = report(w.conn, user)?.unwrap_or_default();
    Ok(Some(DeletionBegun { sessions, bots, report }))
}

/// Ends one's contacts on both sides. The others' devices learn of it by their versions.
fn erase_contacts(w: &Writing<'_>, user: UserId) -> Result<usize> {
    let others = w
        .prepare("SELECT user_id FROM contacts WHERE other_id = ?1 AND (state <> ?2 OR blocked = 1)")?
        .query_map(params![int(user.0), ContactState::None.code()], |row| uint(row, 0).map(UserId))?
        .collect::<Result<Vec<_>>>()?;
    for other in others {
        let version = next_version(w.conn, other)?;
        w.prepare("UPDATE contacts SET state = ?3, blocked = 0, version = ?4 WHERE user_id = ?1 AND other_id = ?2")?
            .execute(params![int(other.0), int(user.0), ContactState::None.code(), int(version)])?;
    }
    w.prepare("DELETE FROM contacts WHERE user_id = ?1")?.execute([int(user.0)])
}

/// Others do not want to hear of somebody in a way of their own any more. Their devices learn of it by the version.
fn erase_rules_about(w: &Writing<'_>, user: UserId) -> Result<()> {
    let others = w
        .prepare("DELETE FROM notification_people WHERE other_id = ?1 RETURNING user_id")?
        .query_map([int(user.0)], |row| uint(row, 0).map(UserId))?
        .collect::<Result<Vec<_>>>()?;
    for other in others {
        let version = next_version(w.conn, other)?;
        w.prepare("UPDATE notification_settings SET version = ?2 WHERE user_id = ?1")?
            .execute([int(other.0), int(version)])?;
    }
    Ok(())
}

/// The tables in which everything of a user goes.
fn personal_tables(conn: &Connection<'_>) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(match conn {
        Connection::Sqlite(_) => {
            "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'user_id'
             WHERE t.type = 'table' ORDER BY t.name"
        }
        Connection::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.columns
             WHERE column_name = 'user_id' AND table_schema = current_schema() ORDER BY table_name"
        }
    })?;
    let found = statement.query_map((), |row| row.get::<String>(0))?.collect::<Result<Vec<_>>>()?;
    Ok(found.into_iter().filter(|name| !KEPT.contains(&name.as_str())).collect())
}

fn erase_personal(w: &Writing<'_>, account: UserId, user: UserId) -> Result<bool> {
    let contacts = erase_contacts(w, user)?;
    if contacts > 0 {
        note(w, account, &DeletionReport { contacts: contacts as u64, ..DeletionReport::default() })?;
    }
    w.prepare("DELETE FROM spent_refreshes WHERE session_id IN (SELECT id FROM sessions WHERE user_id = ?1)")?
        .execute([int(user.0)])?;
    w.prepare("UPDATE sessions SET name = '', address = NULL, refresh = randomblob(32) WHERE user_id = ?1")?
        .execute([int(user.0)])?;
    w.prepare("DELETE FROM invitations WHERE created_by = ?1")?.execute([int(user.0)])?;
    erase_rules_about(w, user)?;
    uses::release_belongings(w, user, Timestamp::now())?;
    // One table at a time, so that what others write does not wait behind all of them.
    for table in personal_tables(w.conn)? {
        let gone = w.prepare(&format!("DELETE FROM \"{table}\" WHERE user_id = ?1"))?.execute([int(user.0)])?;
        if gone > 0 {
            let gone = gone as u64;
            let done = match table.as_str() {
                "devices" => DeletionReport { devices: gone, ..DeletionReport::default() },
                table if UNCOUNTED.contains(&table) => DeletionReport::default(),
                _ => DeletionReport { personal: gone, ..DeletionReport::default() },
            };
            note(w, account, &done)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn erase_profile(w: &Writing<'_>, account: UserId, user: UserId) -> Result<()> {
    uses::release(w, uses::user_avatar(user), Timestamp::now())?;
    let version = next_version(w.conn, user)?;
    let first = w
        .prepare(
            "UPDATE users SET username = ?2, skeleton = ?2, display_name = ?3, avatar = NULL, about = '',
               time_zone = NULL, status = NULL, email = NULL, password_hash = NULL, disabled = 1, bot_owner = NULL,
               server_role = 0, show_presence = 0, show_read = 0, account_version = ?4 WHERE id = ?1 AND username <> ?2",
        )?
        .execute(params![int(user.0), name_of_deleted(user), SHOWN, int(version)])?;
    if first > 0
        && let Some(mut sum) = report(w.conn, account)?
    {
        let kept = w
            .prepare(
                "SELECT count(*) FROM files WHERE owner_id = ?1 AND state <> 3
                   AND EXISTS (SELECT 1 FROM file_uses u WHERE u.file_id = files.id)",
            )?
            .query_row([int(user.0)], |row| uint(row, 0))?;
        sum.files = sum.files.saturating_sub(kept);
        set_report(w, account, &sum)?;
    }
    w.prepare("DELETE FROM file_totals WHERE owner_id = ?1 AND bytes = 0")?.execute([int(user.0)])?;
    // What webhooks and others were told may show the name. There are few deliveries and answers that are kept, so looking
    // at all of them is fine.
    w.prepare(
        "UPDATE deliveries SET body = NULL, next_at = NULL, message_seq = NULL, state = CASE WHEN state = ?2 THEN ?3 ELSE state END
         WHERE body IS NOT NULL AND instr(body, ?1) > 0",
    )?
    .execute(params![
        format!("\"id\":\"{user}\""),
        DeliveryState::Pending.code(),
        DeliveryState::Failed.code()
    ])?;
    w.prepare("DELETE FROM kept_answers WHERE instr(body, ?1) > 0")?.execute([format!("\"{user}\"").into_bytes()])?;
    // Nobody knows any more who has named which page.
    w.prepare("DELETE FROM preview_cache")?.execute(())?;
    Ok(())
}

fn voted(conn: &Connection<'_>, user: UserId, conversation: ConversationId, limit: usize) -> Result<Vec<Message>> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT m.id FROM votes v JOIN messages m ON m.conversation_id = v.conversation_id AND m.seq = v.seq
         WHERE v.conversation_id = ?1 AND v.user_id = ?2 AND json_extract(m.poll, '$.closed_at') IS NULL LIMIT ?3",
    )?;
    let place = params![int(conversation.0), int(user.0), size(limit)];
    let found = statement.query_map(place, |row| uint(row, 0).map(MessageId))?.collect::<Result<Vec<_>>>()?;
    found.into_iter().filter_map(|id| messages::by_id(conn, user, id).transpose()).collect()
}

fn reacted(
    conn: &Connection<'_>,
    user: UserId,
    conversation: ConversationId,
    after: Seq,
    limit: usize,
) -> Result<Vec<(Message, String)>> {
    let mut statement = conn.prepare_cached(
        "SELECT m.id, r.emoji FROM reactions r JOIN messages m ON m.conversation_id = r.conversation_id AND m.seq = r.seq
         WHERE r.conversation_id = ?1 AND r.seq > ?2 AND r.user_id = ?3 ORDER BY r.seq LIMIT ?4",
    )?;
    let place = params![int(conversation.0), int(after), int(user.0), size(limit)];
    let found = statement
        .query_map(place, |row| Ok((MessageId(uint(row, 0)?), row.get::<String>(1)?)))?
        .collect::<Result<Vec<_>>>()?;
    let mut with = Vec::new();
    for (id, emoji) in found {
        with.extend(messages::by_id(conn, user, id)?.map(|message| (message, emoji)));
    }
    Ok(with)
}

#[async_trait]
impl<D: Database> Deletions for D {
    async fn begin_deletion(&self, user: UserId, now: Timestamp) -> Result<Option<DeletionBegun>> {
        self.write(move |w| begin(w, user, now)).await
    }

    async fn unfinished_deletions(&self) -> Result<Vec<UserId>> {
        self.read(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT user_id FROM deletions WHERE finished_at IS NULL ORDER BY started_at")?;
            let found = statement.query_map((), |row| uint(row, 0).map(UserId))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn deletion(&self, user: UserId) -> Result<Option<DeletionReport>> {
        self.read(move |conn| report(conn, user)).await
    }

    async fn bots_to_delete(&self, user: UserId) -> Result<Vec<UserId>> {
        self.read(move |conn| bots(conn, user)).await
    }

    async fn note_deletion(&self, user: UserId, done: DeletionReport) -> Result<()> {
        self.write(move |w| note(w, user, &done)).await
    }

    async fn heir(&self, conversation: ConversationId, leaving: UserId) -> Result<Option<UserId>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
                 WHERE m.conversation_id = ?1 AND m.state = 0 AND m.user_id <> ?2 AND u.bot = 0
                 ORDER BY u.disabled, m.role, m.joined_at, m.user_id LIMIT 1",
            )?;
            let found = statement.query_row([int(conversation.0), int(leaving.0)], |row| uint(row, 0).map(UserId));
            found.optional()
        })
        .await
    }

    async fn reacted(
        &self,
        user: UserId,
        conversation: ConversationId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<(Message, String)>> {
        self.read(move |conn| reacted(conn, user, conversation, after, limit)).await
    }

    async fn voted(&self, user: UserId, conversation: ConversationId, limit: usize) -> Result<Vec<Message>> {
        self.read(move |conn| voted(conn, user, conversation, limit)).await
    }

    async fn erase_personal(&self, account: UserId, user: UserId) -> Result<bool> {
        self.write(move |w| erase_personal(w, account, user)).await
    }

    async fn erase_profile(&self, account: UserId, user: UserId) -> Result<()> {
        self.write(move |w| erase_profile(w, account, user)).await
    }

    async fn clear_traces(&self, at: TracePlace) -> Result<Option<TracePlace>> {
        self.write(move |w| {
            // What is cleared must not stay in the log either.
            w.swept = true;
            D::clear_traces(w, at)
        })
        .await
    }

    async fn settle(&self) -> Result<bool> {
        self.settle_traces().await
    }

    async fn finish_deletion(&self, user: UserId, now: Timestamp) -> Result<DeletionReport> {
        self.write(move |w| {
            w.prepare("UPDATE deletions SET finished_at = coalesce(finished_at, ?2) WHERE user_id = ?1")?
                .execute([int(user.0), now.0])?;
            report(w.conn, user)?.ok_or_else(|| StoreError::Corrupt(format!("the deletion of {user} is missing")))
        })
        .await
    }
}
