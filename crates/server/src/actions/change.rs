//! Changes: what a member may be told of what changed.

use laserchat_protocol::event::Changes;
use laserchat_protocol::{ConversationId, Event, MemberState, Seq, UserId};
use laserchat_store::Result;

use crate::app::App;

/// What changed after a seq, for somebody who was a member when they asked. Should they have been removed meanwhile, the
/// removal is the last that they hear of.
pub async fn since(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    after: Seq,
    limit: usize,
) -> Result<Option<Changes>> {
    let mut changes = app.store.changes(user, conversation, after, limit).await?;
    if let Some(changes) = &mut changes {
        until_removed(changes, user);
    }
    Ok(changes)
}

fn until_removed(changes: &mut Changes, user: UserId) {
    let removal = changes.items.iter().enumerate().find_map(|(at, event)| match event {
        Event::MemberRemoved(e) if e.member.user.id == user && e.member.state != MemberState::Joined => {
            Some((at, e.seq))
        }
        _ => None,
    });
    if let Some((at, seq)) = removal {
        changes.items.truncate(at + 1);
        changes.receipts.clear();
        (changes.next, changes.head) = (None, seq);
    }
}
