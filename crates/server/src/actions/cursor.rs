//! Cursors: marking as delivered and as read.

use laserchat_protocol::{ConversationId, Problem, Seq};

use super::member_of;
use crate::app::App;
use crate::auth::Identity;

/// Marks as read up to a seq, or up to the newest change.
pub async fn read(app: &App, who: &Identity, conversation: ConversationId, seq: Option<Seq>) -> Result<(), Problem> {
    member_of(app, who.user, conversation).await?;
    // The store never moves a cursor beyond the head, so "everything" is simply a large number.
    app.cursors.advance(conversation, who.user, 0, seq.unwrap_or(i64::MAX as Seq)).await
}

/// Marks as delivered up to a seq.
pub async fn delivered(app: &App, who: &Identity, conversation: ConversationId, seq: Seq) -> Result<(), Problem> {
    member_of(app, who.user, conversation).await?;
    app.cursors.advance(conversation, who.user, seq, 0).await
}
