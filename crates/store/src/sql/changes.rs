//! Changes: everything that changed in a conversation after a seq.

use laserchat_protocol::event::{Changes, ConversationChanged, MemberChanged, MessageChanged};
use laserchat_protocol::{ConversationId, Event, MemberState, Seq, UserId};

use super::codes::{int, size};
use super::messages::message_columns;
use super::{apply, conversations, members, messages};
use crate::Result;
use crate::sql::{Connection, params};

/// Each object that changed, once, by the seq of its last change.
///
/// Four queries, each in the order of that seq, are merged. Each reads one item more than the page has room for, so
/// that whatever the page leaves out is known to exist.
pub(super) fn page(
    conn: &Connection<'_>,
    viewer: UserId,
    conversation: ConversationId,
    after: Seq,
    limit: usize,
) -> Result<Option<Changes>> {
    let Some((shared, head)) = conversations::with_head(conn, conversation)? else { return Ok(None) };
    let limit = limit.max(1);
    let mut items = Vec::new();
    if after < head {
        let place = params![int(conversation.0), int(after), size(limit.saturating_add(1))];
        // A message is never changed before it is there. Of `changed = seq` PostgreSQL expects so few that it would read them all.
        let posted = concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE conversation_id = ?1 AND seq > ?2 AND changed <= seq ORDER BY seq LIMIT ?3"
        );
        let changed = concat!(
            "SELECT ",
            message_columns!(),
            " FROM messages WHERE conversation_id = ?1 AND changed > ?2 AND changed <> seq ORDER BY changed LIMIT ?3"
        );
        for message in messages::list(conn, viewer, posted, place)? {
            let seq = message.seq;
            let told = MessageChanged { conversation_id: conversation, seq, message, reaction: None };
            items.push((seq, Event::MessageSent(told)));
        }
        for message in messages::list(conn, viewer, changed, place)? {
            items.push((message.changed, apply::changed(conversation, message.changed, message, None)));
        }
        let receipts = members::has_receipts(shared.member_count);
        let rest = "m.conversation_id = ?1 AND m.changed > ?2 ORDER BY m.changed LIMIT ?3";
        for seen in members::list(conn, receipts, rest, place)? {
            items.push((seen.member.changed, member_event(conversation, seen)));
        }
        if shared.changed > after {
            let (seq, created) = (shared.changed, shared.changed == 1);
            let told = ConversationChanged { conversation_id: conversation, seq, conversation: shared.clone() };
            let event = if created { Event::ConversationCreated(told) } else { Event::ConversationUpdated(told) };
            items.push((seq, event));
        }
        items.sort_by_key(|(seq, _)| *seq);
    }
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| items.last().map(|(seq, _)| *seq)).flatten();
    let receipts = if next.is_none() && members::has_receipts(shared.member_count) {
        members::receipts(conn, &[conversation])?.into_iter().map(|(_, receipt)| receipt).collect()
    } else {
        Vec::new()
    };
    Ok(Some(Changes { items: items.into_iter().map(|(_, event)| event).collect(), next, head, receipts }))
}

fn member_event(conversation_id: ConversationId, seen: members::Seen) -> Event {
    let joined = seen.member.state == MemberState::Joined;
    let told = MemberChanged { conversation_id, seq: seen.member.changed, member: seen.member };
    match (joined, seen.fresh) {
        (false, _) => Event::MemberRemoved(told),
        (true, true) => Event::MemberAdded(told),
        (true, false) => Event::MemberUpdated(told),
    }
}
