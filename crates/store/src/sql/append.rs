//! Append: checks a group's appends one after the other, and writes those that pass.
//!
//! Everything that can refuse an append is looked at before its first write, so that a refused one leaves nothing behind
//! and the others of the group are not disturbed. How each kind of change is written is in `apply.rs`.

use laserchat_core::change::{Change, MessageAt};
use laserchat_protocol::event::MembershipChanged;
use laserchat_protocol::{ConversationId, Event, Message, MessageId, MessageKind, UserId};

use super::apply::Applying;
use super::codes::{int, uint};
use super::post::{self, Posts};
use super::writing::Writing;
use super::{conversations, members, messages, uses};
use crate::contract::{Append, AppendError, Appended};
use crate::sql::{Connection, OptionalRow, params};
use crate::{Result, StoreError};

/// Commits a group, what is posted `together` where that is of use.
pub(super) fn group(
    w: &mut Writing<'_>,
    group: &[Append],
    together: bool,
) -> Result<Vec<Result<Appended, AppendError>>> {
    if let Connection::Postgres(_) = w.conn {
        let mut ids: Vec<_> = group.iter().map(|append| append.conversation).collect();
        ids.sort_unstable();
        ids.dedup();
        w.lock_heads(&ids)?;
        w.posts = together.then(Posts::default);
    }
    let done = group.iter().map(|one| append(w, one)).collect::<Result<_>>()?;
    post::flush(w)?;
    Ok(done)
}

/// Nothing is read to write it, and nothing that follows in its append reads it.
fn is_plain(append: &Append) -> bool {
    matches!(&append.changes[..], [Change::MessagePosted(message)] if message.attachments.is_empty())
}

/// Checks one append and writes it.
pub(super) fn append(w: &mut Writing<'_>, append: &Append) -> Result<Result<Appended, AppendError>> {
    if !is_plain(append) {
        post::flush(w)?;
        w.posts = None;
    }
    if let Some(refusal) = check(w, append)? {
        return Ok(Err(refusal));
    }
    let id = append.conversation;
    let mut writing = Applying::new(w, id);
    let mut seq = append.expected;
    let mut deleted = false;
    for change in &append.changes {
        if !writing.apply(seq, change)? {
            return duplicate(w, append);
        }
        deleted |= matches!(change, Change::ConversationDeleted(_));
        seq += 1;
    }
    let head = seq - 1;
    let Applying { mut done, touched, counted, .. } = writing;
    if deleted {
        w.remove_head(id)?;
    } else {
        let posted = matches!(append.changes.last(), Some(Change::MessagePosted(_)));
        let first = append.expected == 1;
        w.set_head(id, head, posted && !first);
    }
    if counted && !deleted {
        settle_count(w, id, &mut done)?;
    }
    for user in touched {
        let membership = members::own(w.conn, user, id, if deleted { 0 } else { head })?;
        let membership = membership.ok_or_else(|| StoreError::Corrupt(format!("member {user} of {id} is missing")))?;
        done.personal
            .push((user, Event::MembershipUpdated(MembershipChanged { version: membership.version, membership })));
    }
    Ok(Ok(done))
}

/// The answer to an append whose first change is a message that was sent before.
fn duplicate(w: &Writing<'_>, append: &Append) -> Result<Result<Appended, AppendError>> {
    if let Some(Change::MessagePosted(message)) = append.changes.first()
        && let Some(first) = messages::sent(w.conn, message.sender_id, append.conversation, &message.client_id)?
    {
        return Ok(Err(AppendError::Duplicate(Box::new(first))));
    }
    Err(StoreError::Corrupt(format!("conversation {} has one client id twice in an append", append.conversation)))
}

/// Looks for a reason not to commit an append. Whether the message that is its first change was sent before is not
/// looked for: inserting it finds out, before anything else is written.
fn check(w: &mut Writing<'_>, append: &Append) -> Result<Option<AppendError>> {
    let id = append.conversation;
    let head = w.head(id)?;
    let creates = matches!(append.changes.first(), Some(Change::ConversationCreated { .. }));
    if append.expected != head + 1 || (head == 0) != creates {
        return Ok(Some(AppendError::Conflict));
    }
    for (at, change) in append.changes.iter().enumerate() {
        let refusal = match change {
            Change::ConversationCreated { conversation, pair, key } => {
                existing(w, id, conversation.created_by, *pair, key.as_deref())?
            }
            Change::MessagePosted(message) if !message.attachments.is_empty() => attached(w, id, message)?,
            Change::ConversationUpdated(conversation) => match conversation.avatar {
                Some(avatar) if !uses::ready(w, avatar)? => Some(AppendError::FileMissing),
                _ => None,
            },
            Change::MessagePosted(message) if message.kind == MessageKind::Text && at > 0 => {
                messages::sent(w.conn, message.sender_id, id, &message.client_id)?
                    .map(|first| AppendError::Duplicate(Box::new(first)))
            }
            Change::MessageEdited { at, .. }
            | Change::MessageErased { at, .. }
            | Change::Reacted { at, .. }
            | Change::Pinned { at, .. }
            | Change::Voted { at, .. }
            | Change::PollClosed { at, .. }
            | Change::Previewed { at, .. } => stale(w, id, at)?,
            _ => None,
        };
        if refusal.is_some() {
            return Ok(refusal);
        }
    }
    Ok(None)
}

fn existing(
    w: &Writing<'_>,
    id: ConversationId,
    creator: UserId,
    pair: Option<(UserId, UserId)>,
    key: Option<&str>,
) -> Result<Option<AppendError>> {
    if let Some((a, b)) = pair
        && let Some(found) = conversations::of_pair(w.conn, a, b)?
    {
        return Ok(Some(AppendError::Exists(found)));
    }
    if let Some(key) = key {
        let found = w
            .prepare("SELECT id FROM conversations WHERE created_by = ?1 AND key = ?2 AND key IS NOT NULL")?
            .query_row(params![int(creator.0), key], |row| uint(row, 0))
            .optional()?;
        if let Some(found) = found {
            return Ok(Some(AppendError::Exists(ConversationId(found))));
        }
    }
    // An id is used once, even when what it named is deleted.
    let used = w.prepare("SELECT 1 FROM conversations WHERE id = ?1")?.exists([int(id.0)])?;
    Ok(used.then_some(AppendError::Conflict))
}

/// Files may have been collected since the decision. A retry of what was sent is answered first, whatever became of them.
fn attached(w: &Writing<'_>, id: ConversationId, message: &Message) -> Result<Option<AppendError>> {
    if let Some(first) = messages::sent(w.conn, message.sender_id, id, &message.client_id)? {
        return Ok(Some(AppendError::Duplicate(Box::new(first))));
    }
    for file in &message.attachments {
        if !uses::ready(w, file.id)? {
            return Ok(Some(AppendError::FileMissing));
        }
    }
    Ok(None)
}

fn stale(w: &Writing<'_>, id: ConversationId, at: &MessageAt) -> Result<Option<AppendError>> {
    let mut statement = w.prepare("SELECT id, changed FROM messages WHERE conversation_id = ?1 AND seq = ?2")?;
    let found = statement
        .query_row(params![int(id.0), int(at.seq)], |row| Ok((MessageId(uint(row, 0)?), uint(row, 1)?)))
        .optional()?;
    Ok((found != Some((at.id, at.changed))).then_some(AppendError::Stale))
}

/// The events that tell of a conversation carry the member count as it is once the whole append is done.
fn settle_count(w: &Writing<'_>, id: ConversationId, done: &mut Appended) -> Result<()> {
    let count = conversations::member_count(w.conn, id)?.unwrap_or_default();
    for changed in &mut done.changed {
        if let Event::ConversationCreated(e) | Event::ConversationUpdated(e) = &mut changed.event {
            e.conversation.member_count = count;
        }
    }
    Ok(())
}
