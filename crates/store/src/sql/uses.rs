//! Uses: what keeps a file from being collected, and lets others than its owner read it.
//!
//! A use is written and removed in the transaction that makes or ends it. A file whose last use ends falls due in the
//! same transaction, so no file is kept for ever and none goes while something names it.

use laserchat_protocol::{ConversationId, FileId, Seq, Timestamp, UserId};

use super::codes::{int, uint};
use super::writing::Writing;
use crate::Result;
use crate::sql::params;

/// What uses a file, as its row spells it: `what`, `a` and `b`. Numbers are never given to anything else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub what: i64,
    pub a: i64,
    pub b: i64,
}

/// Messages: `a` is the conversation, `b` the seq.
pub(super) const MESSAGE: i64 = 0;
/// Pictures of users (`a`) and of conversations (`a`), which everybody may see.
pub(super) const USER_AVATAR: i64 = 1;
pub(super) const CONVERSATION_AVATAR: i64 = 2;
/// Custom emoji, which everybody may see: `a` is the file itself, however many emoji have it.
pub(super) const EMOJI: i64 = 3;
/// Drafts and scheduled messages: `a` is the user, `b` the version of the state that has the file.
pub(super) const DRAFT: i64 = 4;
pub(super) const SCHEDULED: i64 = 5;
/// A picture in the preview of a link: `a` is the conversation and `b` the seq of the message. Readable with the message.
pub(super) const PREVIEW: i64 = 6;

pub(super) fn message(conversation: ConversationId, seq: Seq) -> Place {
    Place { what: MESSAGE, a: int(conversation.0), b: int(seq) }
}

pub(super) fn preview(conversation: ConversationId, seq: Seq) -> Place {
    Place { what: PREVIEW, ..message(conversation, seq) }
}

pub(super) fn emoji(file: FileId) -> Place {
    Place { what: EMOJI, a: int(file.0), b: 0 }
}

pub(super) fn user_avatar(user: UserId) -> Place {
    Place { what: USER_AVATAR, a: int(user.0), b: 0 }
}

pub(super) fn conversation_avatar(conversation: ConversationId) -> Place {
    Place { what: CONVERSATION_AVATAR, a: int(conversation.0), b: 0 }
}

/// Whether a file is there and ready. Asked before the first write of a transaction that will hold it.
pub(super) fn ready(w: &Writing<'_>, file: FileId) -> Result<bool> {
    w.prepare("SELECT 1 FROM files WHERE id = ?1 AND state = 2")?.exists([int(file.0)])
}

/// Keeps a file for a place.
pub(super) fn hold(w: &Writing<'_>, file: FileId, place: Place) -> Result<()> {
    w.prepare(
        "INSERT INTO file_uses (file_id, what, a, b, kind)
         SELECT id, ?2, ?3, ?4, kind FROM files WHERE id = ?1
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![int(file.0), place.what, place.a, place.b])?;
    w.prepare("UPDATE files SET due_at = NULL WHERE id = ?1 AND due_at IS NOT NULL")?.execute([int(file.0)])?;
    Ok(())
}

/// Ends what a place keeps. Files that nothing else keeps fall due now.
pub(super) fn release(w: &Writing<'_>, place: Place, now: Timestamp) -> Result<()> {
    let files = w
        .prepare("DELETE FROM file_uses WHERE what = ?1 AND a = ?2 AND b = ?3 RETURNING file_id")?
        .query_map(params![place.what, place.a, place.b], |row| uint(row, 0))?
        .collect::<Result<Vec<u64>>>()?;
    fall_due(w, &files, now)
}

/// The same for all messages of a conversation up to a seq.
pub(super) fn release_up_to(w: &Writing<'_>, conversation: i64, last: i64, now: Timestamp) -> Result<()> {
    let mut files = Vec::new();
    for what in [MESSAGE, PREVIEW] {
        let mut statement =
            w.prepare("DELETE FROM file_uses WHERE what = ?1 AND a = ?2 AND b <= ?3 RETURNING file_id")?;
        let found = statement.query_map([what, conversation, last], |row| uint(row, 0))?;
        files.extend(found.collect::<Result<Vec<u64>>>()?);
    }
    fall_due(w, &files, now)
}

/// The same for all drafts and scheduled messages of a user.
pub(super) fn release_belongings(w: &Writing<'_>, user: UserId, now: Timestamp) -> Result<()> {
    let files = w
        .prepare("DELETE FROM file_uses WHERE what IN (?1, ?2) AND a = ?3 RETURNING file_id")?
        .query_map([DRAFT, SCHEDULED, int(user.0)], |row| uint(row, 0))?
        .collect::<Result<Vec<u64>>>()?;
    fall_due(w, &files, now)
}

/// Puts one file, or none, in the place of what was there.
pub(super) fn replace(w: &Writing<'_>, file: Option<FileId>, place: Place, now: Timestamp) -> Result<()> {
    release(w, place, now)?;
    file.map_or(Ok(()), |file| hold(w, file, place))
}

fn fall_due(w: &Writing<'_>, files: &[u64], now: Timestamp) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let mut statement = w.prepare(
        "UPDATE files SET due_at = ?2 WHERE id = ?1 AND state = 2
           AND NOT EXISTS (SELECT 1 FROM file_uses u WHERE u.file_id = files.id)",
    )?;
    for file in files {
        statement.execute(params![int(*file), now.0])?;
    }
    Ok(())
}
