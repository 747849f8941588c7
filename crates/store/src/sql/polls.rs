//! Polls: votes, who cast them, and which polls are to be closed.

use laserchat_protocol::poll::Voter;
use laserchat_protocol::{ConversationId, Message, Page, Seq, Timestamp, UserId};

use super::codes::{int, size, time};
use super::messages::{self, message_columns};
use super::users::{SUMMARY, summary};
use super::writing::Writing;
use crate::Result;
use crate::sql::{Connection, params};

/// What somebody has voted for, in ascending order.
pub(super) fn votes(conn: &Connection<'_>, user: UserId, conversation: ConversationId, seq: Seq) -> Result<Vec<u32>> {
    let mut statement = conn.prepare_cached(
        "SELECT option FROM votes WHERE conversation_id = ?1 AND seq = ?2 AND user_id = ?3 ORDER BY option",
    )?;
    let found = statement.query_map(params![int(conversation.0), int(seq), int(user.0)], |row| row.get(0))?;
    found.collect::<Result<_>>()
}

/// Replaces somebody's votes. What they go on voting for keeps its time.
pub(super) fn set_votes(
    w: &Writing<'_>,
    user: UserId,
    (conversation, seq): (ConversationId, Seq),
    (before, after): (&[u32], &[u32]),
    now: Timestamp,
) -> Result<()> {
    let mut delete =
        w.prepare("DELETE FROM votes WHERE conversation_id = ?1 AND seq = ?2 AND user_id = ?3 AND option = ?4")?;
    for option in before.iter().filter(|option| !after.contains(option)) {
        delete.execute(params![int(conversation.0), int(seq), int(user.0), option])?;
    }
    let mut insert = w.prepare(
        "INSERT INTO votes (conversation_id, seq, user_id, option, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    for option in after {
        insert.execute(params![int(conversation.0), int(seq), int(user.0), option, now.0])?;
    }
    Ok(())
}

pub(super) fn voters(
    conn: &Connection<'_>,
    (conversation, seq): (ConversationId, Seq),
    option: u32,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Voter>> {
    let place = match cursor {
        None => Some((i64::MIN, 0_i64)),
        Some(cursor) => cursor.split_once('.').and_then(|(at, user)| Some((at.parse().ok()?, user.parse().ok()?))),
    };
    let Some((at, user)) = place else { return Ok(Page::whole(Vec::new())) };
    let sql = format!(
        "SELECT v.at, {SUMMARY} FROM votes v JOIN users u ON u.id = v.user_id
         WHERE v.conversation_id = ?1 AND v.seq = ?2 AND v.option = ?3 AND (v.at, v.user_id) > (?4, ?5)
         ORDER BY v.at, v.user_id LIMIT ?6"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let place = params![int(conversation.0), int(seq), option, at, user, size(limit.saturating_add(1))];
    let found = statement.query_map(place, |row| Ok(Voter { at: time(row, 0)?, user: summary(row, 1)? }))?;
    let found = found.collect::<Result<Vec<_>>>()?;
    Ok(super::paged(found, limit, |last| format!("{}.{}", last.at.0, last.user.id)))
}

/// Open polls whose time has come, as nobody in particular sees them.
pub(super) fn due(conn: &Connection<'_>, now: Timestamp, limit: usize) -> Result<Vec<Message>> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE poll_closes_at IS NOT NULL AND poll_closes_at <= ?1
           AND EXISTS (SELECT 1 FROM heads h WHERE h.conversation_id = messages.conversation_id) ORDER BY poll_closes_at LIMIT ?2"
    );
    messages::list(conn, UserId(0), sql, params![now.0, size(limit)])
}
