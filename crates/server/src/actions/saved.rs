//! Saved messages: putting a message aside, and finding it again.

use laserchat_protocol::limits::SAVED_PER_USER;
use laserchat_protocol::saved::SavedMessage;
use laserchat_protocol::{Code, Message, MessageId, Page, Problem, Saved};
use laserchat_store::{Belonging, BelongingKey, BelongingKind};

use super::{belonging, failed, message};
use crate::app::App;
use crate::auth::Identity;

async fn keep(app: &App, who: &Identity, saved: Saved) -> Result<Saved, Problem> {
    match belonging::set(app, who.user, Belonging::Saved(saved), SAVED_PER_USER).await? {
        Belonging::Saved(saved) => Ok(saved),
        _ => Err(Code::Internal.into()),
    }
}

/// Saves a message that one can see. Twice is once.
pub async fn save(app: &App, who: &Identity, id: MessageId) -> Result<Saved, Problem> {
    let message = message::visible(app, who.user, id).await?;
    if message.deleted_at.is_some() {
        return Err(Code::MessageDeleted.into());
    }
    let saved = Saved {
        message_id: id,
        conversation_id: message.conversation_id,
        seq: message.seq,
        saved_at: Some(app.ids.now()),
        version: 0,
    };
    keep(app, who, saved).await
}

/// Takes that back, also for a message that one can no longer see.
pub async fn unsave(app: &App, who: &Identity, id: MessageId) -> Result<(), Problem> {
    match app.store.belonging(who.user, BelongingKey::Saved(id)).await.map_err(failed)? {
        Some(Belonging::Saved(saved)) => keep(app, who, Saved { saved_at: None, ..saved }).await.map(drop),
        _ => Err(Code::NotFound.into()),
    }
}

/// The last saved first, each with its message as it is now.
pub async fn list(
    app: &App,
    who: &Identity,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<SavedMessage>, Problem> {
    let page = app.store.belongings(who.user, BelongingKind::Saved, cursor, limit).await.map_err(failed)?;
    let mut items = Vec::with_capacity(page.items.len());
    for belonging in page.items {
        let Belonging::Saved(saved) = belonging else { continue };
        let message: Option<Message> = match message::visible(app, who.user, saved.message_id).await {
            Ok(message) => Some(message),
            Err(problem) if problem.code == Code::NotFound => None,
            Err(problem) => return Err(problem),
        };
        items.push(SavedMessage { saved, message });
    }
    Ok(Page { items, next: page.next })
}
