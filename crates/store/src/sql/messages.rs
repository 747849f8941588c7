//! Messages: reading rows, and what is looked up beside them for whoever asks.

use std::collections::HashMap;

use laserchat_protocol::message::{Forwarded, SystemEvent};
use laserchat_protocol::preview::Preview;
use laserchat_protocol::reaction::Reaction;
use laserchat_protocol::{ConversationId, Message, MessageId, MessageKind, Seq, UserId};

use super::codes::{enumerated, int, json, optional, optional_time, optional_uint, size, time, uint};
use super::positions::{paired, places};
use crate::Result;
use crate::contract::Window;
use crate::sql::{Connection, FromValue, OptionalRow, Params, Row, params, unreadable};

/// The columns that [`found`] reads, of `messages` or of what has this name.
macro_rules! message_columns {
    () => {
        message_columns!("")
    };
    ($of:literal) => {
        message_columns!(@ $of; conversation_id, seq, id, changed, sender_id, client_id, kind, created_at, edited_at,
            deleted_at, parent_id, reply_count, last_reply_at, followed, reactions, mentions, mentions_all, pinned_at,
            pinned_by, forwarded, system, body, attachments, previews, shown_as; poll)
    };
    (@ $of:literal; $($column:ident),+; $last:ident) => {
        concat!($($of, stringify!($column), ", ",)+ $of, stringify!($last))
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

impl Found {
    pub fn place(&self) -> (ConversationId, Seq) {
        (self.message.conversation_id, self.message.seq)
    }
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

/// Fills in what differs by who asks: `me` on reactions and options, and `following`. However many messages there are, each
/// of the three is asked for once, and only if there is something to ask for.
pub(super) fn see(conn: &Connection<'_>, viewer: UserId, found: &mut [Found]) -> Result<()> {
    let follows: AtPlaces<Vec<bool>> = mine(conn, viewer, found, |one| one.followed, "following", "thread_follows")?;
    let votes: AtPlaces<Vec<u32>> = mine(conn, viewer, found, |one| one.message.poll.is_some(), "option", "votes")?;
    let reactions: AtPlaces<Vec<String>> =
        mine(conn, viewer, found, |one| !one.message.reactions.is_empty(), "emoji", "reactions")?;
    for one in found {
        let place = one.place();
        let message = &mut one.message;
        message.following = follows.get(&place).is_some_and(|following| following.contains(&true));
        if let Some(poll) = &mut message.poll {
            let mine = votes.get(&place).map(Vec::as_slice).unwrap_or_default();
            for (at, option) in (0..).zip(&mut poll.options) {
                option.me = Some(mine.contains(&at));
            }
        }
        let mine = reactions.get(&place).map(Vec::as_slice).unwrap_or_default();
        for reaction in &mut message.reactions {
            reaction.me = Some(mine.contains(&reaction.emoji));
        }
    }
    Ok(())
}

/// Messages as one viewer sees them.
pub(super) fn seen_by(conn: &Connection<'_>, viewer: UserId, mut found: Vec<Found>) -> Result<Vec<Message>> {
    see(conn, viewer, &mut found)?;
    Ok(found.into_iter().map(|one| one.message).collect())
}

type AtPlaces<T> = HashMap<(ConversationId, Seq), T>;

/// What somebody has at those messages of which it may be: a column of a table of theirs.
fn mine<T: FromValue>(
    conn: &Connection<'_>,
    viewer: UserId,
    found: &[Found],
    may: impl Fn(&Found) -> bool,
    column: &str,
    table: &str,
) -> Result<AtPlaces<Vec<T>>> {
    let mut mine = HashMap::new();
    let mut asked = found.iter().filter(|one| may(one)).map(Found::place).peekable();
    if asked.peek().is_none() {
        return Ok(mine);
    }
    let sql = format!(
        "SELECT t.conversation_id, t.seq, t.{column} FROM {} p CROSS JOIN {table} t
         WHERE t.user_id = ?2 AND t.conversation_id = p.conversation_id AND t.seq = p.number",
        places(conn)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![paired(asked), int(viewer.0)])?;
    while let Some(row) = &rows.next()? {
        let place = (ConversationId(uint(row, 0)?), uint(row, 1)?);
        mine.entry(place).or_insert_with(Vec::new).push(row.get(2)?);
    }
    Ok(mine)
}

/// The messages that a query finds, as their rows have them.
pub(super) fn rows(conn: &Connection<'_>, sql: &str, params: impl Params) -> Result<Vec<Found>> {
    conn.prepare_cached(sql)?.query_map(params, found)?.collect()
}

/// The messages that a query finds, for one viewer.
pub(super) fn list(conn: &Connection<'_>, viewer: UserId, sql: &str, params: impl Params) -> Result<Vec<Message>> {
    seen_by(conn, viewer, rows(conn, sql, params)?)
}

/// The messages at some places, as their rows have them.
pub(super) fn at_all(
    conn: &Connection<'_>,
    asked: impl Iterator<Item = (ConversationId, Seq)>,
) -> Result<AtPlaces<Found>> {
    let sql = format!(
        concat!(
            "SELECT ",
            message_columns!("m."),
            " FROM {} p CROSS JOIN messages m WHERE m.conversation_id = p.conversation_id AND m.seq = p.number"
        ),
        places(conn)
    );
    Ok(rows(conn, &sql, params![paired(asked)])?.into_iter().map(|one| (one.place(), one)).collect())
}

/// Messages by their ids, of which it is known in which conversations they are.
pub(super) fn of_all(
    conn: &Connection<'_>,
    asked: impl Iterator<Item = (ConversationId, u64)>,
) -> Result<HashMap<MessageId, Found>> {
    let mut asked = asked.peekable();
    if asked.peek().is_none() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        concat!(
            "SELECT ",
            message_columns!("m."),
            " FROM {} p CROSS JOIN messages m WHERE m.conversation_id = p.conversation_id AND m.id = p.number"
        ),
        places(conn)
    );
    Ok(rows(conn, &sql, params![paired(asked)])?.into_iter().map(|one| (one.message.id, one)).collect())
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
