//! Expiry: messages that are erased because their time has come, or because their author deletes the account.
//!
//! Nobody acts here, so no role is asked for. What is left is the same tombstone as after a deletion by hand.

use laserchat_protocol::{Message, MessageKind, Timestamp, UserId};

use crate::change::{Change, MessageAt};
use crate::message::Parent;
use crate::room::Room;
use crate::{Decision, Turn};

/// After how many seconds messages of a conversation go: what the conversation says or what the server says, whichever
/// is sooner.
pub fn lifetime(expire_seconds: Option<u32>, retention_seconds: Option<u64>) -> Option<u64> {
    match (expire_seconds.map(u64::from), retention_seconds) {
        (Some(own), Some(all)) => Some(own.min(all)),
        (own, all) => own.or(all),
    }
}

/// When a message goes; it is never erased before.
pub fn due(message: &Message, lifetime: u64) -> Timestamp {
    message.created_at.plus_seconds(lifetime)
}

/// Erases those messages whose time has come, each given with its parent. `retention_seconds` is the server's rule.
pub fn expire(
    room: &Room,
    messages: &[(Message, Option<Parent>)],
    retention_seconds: Option<u64>,
    turn: &Turn,
) -> Decision {
    // The rule is read from the room, because it may have been lifted since the messages were looked up.
    let Some(lifetime) = lifetime(room.conversation.expire_seconds, retention_seconds) else { return Ok(Vec::new()) };
    Ok(erase(messages.iter().filter(|(message, _)| due(message, lifetime) <= turn.now), turn))
}

/// Erases messages of somebody whose account goes.
pub fn forget(messages: &[(Message, Option<Parent>)], author: UserId, turn: &Turn) -> Decision {
    Ok(erase(messages.iter().filter(|(message, _)| message.sender_id == author), turn))
}

fn erase<'a>(messages: impl Iterator<Item = &'a (Message, Option<Parent>)>, turn: &Turn) -> Vec<Change> {
    let mut changes = Vec::new();
    for (message, parent) in messages {
        if message.deleted_at.is_some() || message.kind != MessageKind::Text {
            continue;
        }
        let was_pinned = message.pinned_at.is_some();
        changes.push(Change::MessageErased { at: MessageAt::from(message), deleted_at: turn.now, was_pinned });
        if let Some(parent) = parent {
            changes.push(Change::Replied { parent: parent.id, parent_seq: parent.seq, by: None });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_life_counts() {
        assert_eq!(lifetime(None, None), None);
        assert_eq!(lifetime(Some(3600), None), Some(3600));
        assert_eq!(lifetime(None, Some(86_400)), Some(86_400));
        assert_eq!(lifetime(Some(3600), Some(86_400)), Some(3600));
        assert_eq!(lifetime(Some(172_800), Some(86_400)), Some(86_400));
    }
}
