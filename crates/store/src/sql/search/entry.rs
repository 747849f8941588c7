//! Entries: a message's terms, and how they get into the index and out of it.

use std::collections::HashSet;
use std::fmt::Write;

use laserchat_core::search::Facts;
use laserchat_core::search::fold::{Kind, grams, pieces};
use laserchat_protocol::{ConversationId, Event, Message, MessageId, MessageKind, Seq};

use super::super::codes::{int, uint};
use super::super::writing::Writing;
use super::super::{followers, messages};
use super::{fts5, tsvector};
use crate::contract::{FollowerStep, Lesson};
use crate::sql::{Connection, OptionalRow};
use crate::{Result, StoreError};

/// A message as the index has it.
#[derive(Debug, Clone)]
pub struct Entry {
    id: MessageId,
    conversation: ConversationId,
    seq: Seq,
    /// The change that it was made of.
    changed: Seq,
    /// The terms; `None`: there is nothing to be found.
    terms: Option<Terms>,
}

#[derive(Debug, Clone)]
pub struct Terms {
    pub words: String,
    pub names: String,
    /// Everything in the last column but the facts that may change without the text.
    pub fixed: String,
    pub facts: Facts,
}

/// The entries of what changed, by the ids of the messages: FTS5 writes a piece of index for each row that is not larger
/// than the one before.
pub fn prepare(lessons: Vec<Lesson>) -> (Vec<Entry>, Vec<FollowerStep>) {
    let mut entries = Vec::new();
    for lesson in &lessons {
        for event in &lesson.events {
            if let Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) = &**event {
                entries.push(entry(&e.message));
            }
        }
    }
    entries.sort_by_key(|entry| entry.id);
    (entries, lessons.iter().map(|lesson| lesson.step).collect())
}

fn entry(message: &Message) -> Entry {
    Entry {
        id: message.id,
        conversation: message.conversation_id,
        seq: message.seq,
        changed: message.changed,
        terms: (message.kind == MessageKind::Text && message.deleted_at.is_none()).then(|| terms(message)),
    }
}

fn terms(message: &Message) -> Terms {
    let mut fixed = format!("_c{} _u{}", message.conversation_id, message.sender_id);
    for user in &message.mentions {
        // Writing to a string does not fail.
        let _ = write!(fixed, " _m{user}");
    }
    if message.mentions_all.is_some() {
        fixed.push_str(" _m0");
    }
    let words = pieces(&message.body);
    let names: Vec<_> = message.attachments.iter().map(|file| pieces(&file.name)).collect();
    // A sign by itself is found by itself, wherever it stands.
    let mut seen = HashSet::new();
    let signs = words.iter().chain(names.iter().flatten()).filter(|piece| matches!(piece.kind, Kind::Sign { .. }));
    for sign in signs {
        if seen.insert(sign.text.as_str()) {
            fixed.push(' ');
            fixed.push_str(&sign.text);
        }
    }
    let names = names.iter().flat_map(|name| grams(name)).collect::<Vec<_>>().join(" ");
    Terms { words: grams(&words).join(" "), names, fixed, facts: Facts::of(message) }
}

/// Facts as the index has them.
pub fn spelled(facts: Facts) -> String {
    facts.bits().map(|bit| format!(" _f{bit}")).collect()
}

/// Those of these steps that continue the follower's cursors. After a renewal of the index, what was learned before continues
/// nothing.
pub fn continued(w: &Writing<'_>, follower: &str, steps: &[FollowerStep]) -> Result<Vec<FollowerStep>> {
    let cursors = followers::cursors(w.conn, follower, steps)?;
    Ok(steps.iter().filter(|step| followers::begins(&cursors, step)).copied().collect())
}

/// Puts entries of some conversations into the index.
pub fn put(w: &Writing<'_>, steps: &[FollowerStep], entries: &[Entry]) -> Result<()> {
    let conversations: HashSet<ConversationId> = steps.iter().map(|step| step.conversation).collect();
    for entry in entries.iter().filter(|entry| conversations.contains(&entry.conversation)) {
        let changed = w
            .prepare("SELECT changed FROM messages WHERE conversation_id = ?1 AND seq = ?2")?
            .query_row([int(entry.conversation.0), int(entry.seq)], |row| uint(row, 0))
            .optional()?;
        match changed {
            // Whatever it was, it is purged.
            None => {}
            Some(changed) if changed == entry.changed => learn(w, entry)?,
            // It has changed since: what it is now counts.
            Some(_) => {
                if let Some(found) = messages::at(w.conn, entry.conversation, entry.seq)? {
                    learn(w, &self::entry(&found.message))?;
                }
            }
        }
    }
    Ok(())
}

pub fn known(w: &Writing<'_>, id: MessageId) -> Result<Option<Facts>> {
    let mut statement = w.prepare("SELECT facts FROM search_docs WHERE id = ?1")?;
    statement.query_row([int(id.0)], |row| row.get(0).map(Facts)).optional()
}

/// Makes the index know a message as this entry has it.
fn learn(w: &Writing<'_>, entry: &Entry) -> Result<()> {
    // What is deleted was taken out when it was.
    let Some(terms) = &entry.terms else { return Ok(()) };
    let before = known(w, entry.id)?;
    if before == Some(terms.facts) {
        return Ok(());
    }
    match w.conn {
        Connection::Sqlite(_) => fts5::learn(w, entry.id, terms, before),
        Connection::Postgres(_) => tsvector::learn(w, entry.conversation, entry.id, terms),
    }
}

/// Takes a message out of the index, as it was before its text changes or goes.
pub fn forget(w: &Writing<'_>, message: &Message) -> Result<()> {
    let Some(facts) = known(w, message.id)? else { return Ok(()) };
    if let Connection::Sqlite(_) = w.conn {
        fts5::forget(w, message.id, &terms(message), facts)?;
    }
    w.prepare("DELETE FROM search_docs WHERE id = ?1")?.execute([int(message.id.0)])?;
    Ok(())
}

/// The same for the message at a place.
pub fn forget_at(w: &Writing<'_>, conversation: ConversationId, seq: Seq) -> Result<()> {
    let found = messages::at(w.conn, conversation, seq)?
        .ok_or_else(|| StoreError::Corrupt(format!("there is no message at {seq} of {conversation}")))?;
    forget(w, &found.message)
}

/// The same for the first messages of a conversation, up to one.
pub fn forget_until(w: &Writing<'_>, conversation: ConversationId, last: Seq) -> Result<()> {
    let seqs = w
        .prepare(
            "SELECT m.seq FROM messages m JOIN search_docs d ON d.id = m.id
             WHERE m.conversation_id = ?1 AND m.seq <= ?2 ORDER BY m.id",
        )?
        .query_map([int(conversation.0), int(last)], |row| uint(row, 0))?
        .collect::<Result<Vec<_>>>()?;
    seqs.into_iter().try_for_each(|seq| forget_at(w, conversation, seq))
}
