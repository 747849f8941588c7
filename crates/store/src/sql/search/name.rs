//! Finding conversations by their names.

use laserchat_core::search::fold::pieces;
use laserchat_protocol::{Conversation, ConversationId, Page, UserId};

use super::super::codes::{int, uint};
use super::super::conversations::{CONVERSATION, public, shared};
use crate::Result;
use crate::sql::Connection;

fn folded(name: &str) -> Vec<String> {
    pieces(name).into_iter().map(|piece| piece.text).collect()
}

/// Conversations that a user is in, by their whole name.
pub fn called(conn: &Connection<'_>, user: UserId, name: &str) -> Result<Vec<ConversationId>> {
    let wanted = folded(name);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.name FROM members m JOIN conversations c ON c.id = m.conversation_id
         WHERE m.user_id = ?1 AND m.state = 0 AND c.name IS NOT NULL ORDER BY c.id",
    )?;
    let mut rows = statement.query([int(user.0)])?;
    let mut found = Vec::new();
    while let Some(row) = &rows.next()? {
        if folded(row.get_ref(1)?.as_str().unwrap_or_default()) == wanted {
            found.push(ConversationId(uint(row, 0)?));
        }
    }
    Ok(found)
}

/// Those that the user is in, whose names have these words, and public ones: the largest first.
pub fn channels(
    conn: &Connection<'_>,
    user: UserId,
    words: &[String],
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Conversation>> {
    let place = match cursor {
        None => Some((i64::MAX, 0_i64)),
        Some(cursor) => cursor.split_once('.').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))),
    };
    let Some((count, id)) = place else { return Ok(Page::whole(Vec::new())) };
    let open = public(conn, &words.join(" "), cursor, limit)?;
    let more = open.next.is_some();
    let mut found = open.items;
    let sql = format!(
        "SELECT {CONVERSATION} FROM members m JOIN conversations c ON c.id = m.conversation_id
         WHERE m.user_id = ?1 AND m.state = 0 AND c.name IS NOT NULL
         AND c.member_count <= ?2 AND (c.member_count < ?2 OR c.id > ?3)"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mine = statement.query_map([int(user.0), count, id], shared)?;
    for conversation in mine {
        let conversation = conversation?;
        let known = found.iter().any(|other| other.id == conversation.id);
        if !known && has_words(&conversation, words) {
            found.push(conversation);
        }
    }
    found.sort_by_key(|conversation| (std::cmp::Reverse(conversation.member_count), conversation.id));
    let more = more || found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.member_count, last.id));
    Ok(Page { items: found, next })
}

/// Every word begins a word of the name or the topic.
fn has_words(conversation: &Conversation, words: &[String]) -> bool {
    let texts = [&conversation.name, &conversation.topic];
    let theirs: Vec<String> = texts.into_iter().flatten().flat_map(|text| super::super::words::words(text)).collect();
    words.iter().all(|word| theirs.iter().any(|their| their.starts_with(word.as_str())))
}
