//! Posting: how new messages get into their table.
//!
//! Posting is most of all writing. SQLite is given one row after the other, which costs no more than all at once. On the way to
//! PostgreSQL every statement is a journey: there, what a group posts is gathered, and goes in one statement. Whether a message
//! was sent before is seen by the number of rows that went in; when it is too small, the group is done again one by one.

use laserchat_protocol::{ConversationId, Message, Seq};
use serde::Serialize;

use super::apply::some_json;
use super::codes::{Code, int, to_json};
use super::{Connection, Writing, params};
use crate::Result;

/// A message as its row has it.
#[derive(Serialize)]
struct Posted<'a> {
    conversation_id: i64,
    seq: i64,
    id: i64,
    sender_id: i64,
    client_id: &'a str,
    kind: i64,
    created_at: i64,
    parent_id: Option<i64>,
    mentions: Option<String>,
    mentions_all: Option<i64>,
    forwarded: Option<String>,
    system: Option<String>,
    body: &'a str,
    attachments: Option<String>,
    shown_as: Option<&'a str>,
    poll: Option<String>,
    poll_closes_at: Option<i64>,
}

/// Rows that are gathered, each as JSON.
#[derive(Default)]
pub struct Posts {
    rows: Vec<String>,
}

impl<'a> Posted<'a> {
    fn new(id: ConversationId, seq: Seq, message: &'a Message) -> Result<Self> {
        Ok(Posted {
            conversation_id: int(id.0),
            seq: int(seq),
            id: int(message.id.0),
            sender_id: int(message.sender_id.0),
            client_id: &message.client_id,
            kind: message.kind.code(),
            created_at: message.created_at.0,
            parent_id: message.parent_id.map(|id| int(id.0)),
            mentions: some_json(&message.mentions)?,
            mentions_all: message.mentions_all.map(Code::code),
            forwarded: message.forwarded_from.as_ref().map(to_json).transpose()?,
            system: message.system.as_ref().map(to_json).transpose()?,
            body: &message.body,
            attachments: some_json(&message.attachments)?,
            shown_as: message.shown_as.as_deref(),
            poll: message.poll.as_ref().map(to_json).transpose()?,
            poll_closes_at: message.poll.as_ref().and_then(|poll| poll.closes_at).map(|at| at.0),
        })
    }
}

/// Puts a message in, now or with the others of its group. Returns false, having written nothing, when it is known already
/// that it was sent before.
pub(super) fn insert(w: &mut Writing<'_>, id: ConversationId, seq: Seq, message: &Message) -> Result<bool> {
    let row = Posted::new(id, seq, message)?;
    if let Some(posts) = &mut w.posts {
        posts.rows.push(to_json(&row)?);
        return Ok(true);
    }
    let inserted = w
        .prepare(
            "INSERT INTO messages (conversation_id, seq, id, changed, sender_id, client_id, kind, created_at,
               parent_id, mentions, mentions_all, forwarded, system, body, attachments, shown_as, poll,
               poll_closes_at)
             VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             ON CONFLICT (client_id, conversation_id, sender_id) WHERE kind = 0 DO NOTHING",
        )?
        .execute(params![
            row.conversation_id,
            row.seq,
            row.id,
            row.sender_id,
            row.client_id,
            row.kind,
            row.created_at,
            row.parent_id,
            row.mentions,
            row.mentions_all,
            row.forwarded,
            row.system,
            row.body,
            row.attachments,
            row.shown_as,
            row.poll,
            row.poll_closes_at,
        ])?;
    Ok(inserted > 0)
}

/// Puts in what was gathered so far.
pub(super) fn flush(w: &mut Writing<'_>) -> Result<()> {
    let Connection::Postgres(link) = w.conn else { return Ok(()) };
    let Some(posts) = w.posts.as_mut().filter(|posts| !posts.rows.is_empty()) else { return Ok(()) };
    let rows = std::mem::take(&mut posts.rows);
    let inserted = w
        .prepare(
            "INSERT INTO messages (conversation_id, seq, id, changed, sender_id, client_id, kind, created_at,
               parent_id, mentions, mentions_all, forwarded, system, body, attachments, shown_as, poll,
               poll_closes_at)
             SELECT conversation_id, seq, id, seq, sender_id, client_id, kind, created_at, parent_id, mentions, mentions_all,
               forwarded, system, body, attachments, shown_as, poll, poll_closes_at
             FROM json_to_recordset(CAST(CAST(?1 AS TEXT) AS JSON)) AS posted(
               conversation_id BIGINT, seq BIGINT, id BIGINT, sender_id BIGINT, client_id TEXT, kind SMALLINT,
               created_at BIGINT, parent_id BIGINT, mentions TEXT, mentions_all SMALLINT, forwarded TEXT, system TEXT,
               body TEXT, attachments TEXT, shown_as TEXT, poll TEXT, poll_closes_at BIGINT)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![format!("[{}]", rows.join(","))])?;
    if inserted == rows.len() { Ok(()) } else { Err(link.again()) }
}
