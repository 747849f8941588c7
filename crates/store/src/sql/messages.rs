//! Messages: reading rows, and what is looked up beside them for whoever asks.

use laserchat_protocol::message::{Forwarded, SystemEvent};
use laserchat_protocol::preview::Preview;
use laserchat_protocol::reaction::Reaction;
use laserchat_protocol::{ConversationId, Message, MessageId, MessageKind, Seq, UserId};

use super::codes::{enumerated, int, json, optional, optional_time, optional_uint, size, time, uint};
use super::polls;
use crate::Result;
use crate::contract::Window;
use crate::sql::{Connection, OptionalRow, Params, Row, params, unreadable};

/// The columns that [`found`] reads.
macro_rules! message_columns {
    () => {
        "conversation_id, seq, id, changed, sender_id, client_id, kind, created_at, edited_at, deleted_at, parent_id, \
         reply_count, last_reply_at, followed, reactions, mentions, mentions_all, pinned_at, pinned_by, forwarded, \
         system, body, attachments, previews, shown_as, poll"
    };
}
pub(super) use message_columns;

/// A message as its row has it, for nobody in particular.
#[derive(Debug)]
pub(super) struct Found {
    pub message: Message,
    /// Somebody has decided whether to follow its thread.
    pub followed: bool,
}

pub(super) fn found(row: &Row<'_>) -> Result<Found> {
    let kind: MessageKind = enumerated(row, 6)?;
    let (seq, changed) = (uint(row, 1)?, uint(row, 3)?);
    let mut message = Message {
        conversation_id: ConversationId(uint(row, 0)?),
        seq,
        id: MessageId(uint(row, 2)?),
        changed,
        sender_id: UserId(uint(row, 4)?),
        client_id: row.get(5)?,
        kind,
        created_at: time(row, 7)?,
        edited_at: None,
        deleted_at: None,
        parent_id: optional_uint(row, 10)?.map(MessageId),
        reply_count: 0,
        last_reply_at: None,
        reactions: Vec::new(),
        mentions: json(row, 15)?,
        mentions_all: optional(row, 16)?,
        pinned_at: None,
        pinned_by: None,
        forwarded_from: json::<Option<Forwarded>>(row, 19)?,
        system: None,
        body: row.get(21)?,
        attachments: json(row, 22)?,
        poll: json(row, 25)?,
        previews: Vec::new(),
        no_previews: false,
        shown_as: row.get(24)?,
        following: false,
    };
    // Most messages are never changed. What only a change can set is not worth reading then, fifty times a page.
    if changed != seq {
        message.edited_at = optional_time(row, 8)?;
        message.deleted_at = optional_time(row, 9)?;
        message.reply_count = uint(row, 11)?;
        message.last_reply_at = optional_time(row, 12)?;
        message.reactions = reactions(row, 14)?;
        message.pinned_at = optional_time(row, 17)?;
        message.pinned_by = optional_uint(row, 18)?.map(UserId);
        // An empty list says that the author took the previews away.
        let previews: Option<Vec<Preview>> = json(row, 23)?;
        message.no_previews = previews.as_ref().is_some_and(Vec::is_empty);
        message.previews = previews.unwrap_or_default();
    }
    if kind == MessageKind::System {
        message.system = json::<Option<SystemEvent>>(row, 20)?;
    }
    Ok(Found { message, followed: row.get(13)? })
}

/// Reactions are kept with the message as `[["👍", 2], …]`, in the order in which the emoji were first used.
fn reactions(row: &Row<'_>, column: usize) -> Result<Vec<Reaction>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(Vec::new()) };
    let counted: Vec<(String, u64)> =
        serde_json::from_str(text).map_err(|error| unreadable(column, &error.to_string()))?;
    Ok(counted.into_iter().map(|(emoji, count)| Reaction { emoji, count, me: None }).collect())
}

/// Fills in what differs by who asks: `me` on reactions, and `following`.
pub(super) fn seen_by(conn: &Connection<'_>, viewer: UserId, found: Found) -> Result<Message> {
    let Found { mut message, followed } = found;
    let at = params![int(viewer.0), int(message.conversation_id.0), int(message.seq)];
    if followed {
        message.following = conn
            .prepare_cached(
                "SELECT following FROM thread_follows WHERE user_id = ?1 AND conversation_id = ?2 AND seq = ?3",
            )?
            .query_row(at, |row| row.get(0))
            .optional()?
            .unwrap_or(false);
    }
    if let Some(poll) = &mut message.poll {
        let mine = polls::votes(conn, viewer, message.conversation_id, message.seq)?;
        for (at, option) in poll.options.iter_mut().enumerate() {
            option.me = Some(mine.iter().any(|vote| *vote as usize == at));
        }
    }
    if !message.reactions.is_empty() {
        let mut statement = conn
            .prepare_cached("SELECT emoji FROM reactions WHERE user_id = ?1 AND conversation_id = ?2 AND seq = ?3")?;
        let mine: Vec<String> = statement.query_map(at, |row| row.get(0))?.collect::<Result<_>>()?;
        for reaction in &mut message.reactions {
            reaction.me = Some(mine.contains(&reaction.emoji));
        }
    }
    Ok(message)
}

/// The messages that a query finds, for one viewer.
pub(super) fn list(conn: &Connection<'_>, viewer: UserId, sql: &str, params: impl Params) -> Result<Vec<Message>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut messages = Vec::new();
    while let Some(row) = &rows.next()? {
        messages.push(seen_by(conn, viewer, found(row)?)?);
    }
    Ok(messages)
}

/// The message at a place, as its row has it.
pub(super) fn at(conn: &Connection<'_>, conversation: ConversationId, seq: Seq) -> Result<Option<Found>> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE conversation_id = ?1 AND seq = ?2"
    ))?;
    statement.query_row(params![int(conversation.0), int(seq)], found).optional()
}

pub(super) fn by_id(conn: &Connection<'_>, viewer: UserId, id: MessageId) -> Result<Option<Message>> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE id = ?1 AND EXISTS (SELECT 1 FROM heads h WHERE h.conversation_id = messages.conversation_id)"
    );
    Ok(list(conn, viewer, sql, [int(id.0)])?.pop())
}

pub(super) fn sent(
    conn: &Connection<'_>,
    sender: UserId,
    conversation: ConversationId,
    client_id: &str,
) -> Result<Option<Message>> {
    let sql = concat!(
        "SELECT ",
        message_columns!(),
        " FROM messages WHERE conversation_id = ?1 AND sender_id = ?2 AND client_id = ?3 AND kind = 0"
    );
    Ok(list(conn, sender, sql, params![int(conversation.0), int(sender.0), client_id])?.pop())
}

/// A page of messages by ascending seq.
pub(super) fn window(
    conn: &Connection<'_>,
    viewer: UserId,
    conversation: ConversationId,
    window: Window,
    limit: usize,
) -> Result<Vec<Message>> {
    let before = |seq: i64, limit: usize| -> Result<Vec<Message>> {
        let sql = concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE conversation_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
        );
        let mut page = list(conn, viewer, sql, params![int(conversation.0), seq, size(limit)])?;
        page.reverse();
        Ok(page)
    };
    let after = |seq: i64, limit: usize| {
        let sql = concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE conversation_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
        );
        list(conn, viewer, sql, params![int(conversation.0), seq, size(limit)])
    };
    match window {
        Window::Newest => before(i64::MAX, limit),
        Window::Before(seq) => before(int(seq), limit),
        Window::After(seq) => after(int(seq), limit),
        Window::Around(seq) => {
            let mut page = before(int(seq), limit / 2)?;
            let rest = limit.saturating_sub(page.len());
            page.extend(after(int(seq).saturating_sub(1), rest)?);
            if page.len() < limit && limit > 0 {
                // Near the end there is not enough after it: fill up from before.
                let more = before(page.first().map_or(int(seq), |first| int(first.seq)), limit - page.len())?;
                page.splice(0..0, more);
            }
            Ok(page)
        }
    }
}
