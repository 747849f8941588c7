//! Drafts: keeping what somebody has begun to write, without one device undoing what another writes.

use laserchat_core::belonging::check_draft;
use laserchat_protocol::draft::DraftSave;
use laserchat_protocol::limits::DRAFTS_PER_USER;
use laserchat_protocol::{Code, ConversationId, Draft, MessageId, Page, Problem, Version};
use laserchat_store::{Belonging, BelongingKind, BelongingRefusal};

use super::{belonging, failed, file};
use crate::app::App;
use crate::auth::Identity;

/// What became of a draft.
pub enum Outcome {
    Kept(Draft),
    /// Another device has written since: this is what it wrote.
    Newer(Draft),
}

pub async fn save(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    save: DraftSave,
) -> Result<Outcome, Problem> {
    check_draft(&save.body, &save.files)?;
    let draft = Draft {
        conversation_id: conversation,
        parent_id: save.parent_id,
        body: save.body,
        files: save.files,
        updated_at: app.ids.now(),
        version: 0,
    };
    // Whoever has left a conversation may still throw away what was to be said there.
    if !draft.is_gone() {
        belonging::place(app, who.user, conversation, save.parent_id).await?;
        file::check_draft(app, who.user, &draft.files).await?;
    }
    keep(app, who, draft, save.based_on).await
}

pub async fn clear(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    parent: Option<MessageId>,
    based_on: Option<Version>,
) -> Result<Outcome, Problem> {
    let save = DraftSave { parent_id: parent, based_on, ..DraftSave::default() };
    self::save(app, who, conversation, save).await
}

async fn keep(app: &App, who: &Identity, draft: Draft, based_on: Option<Version>) -> Result<Outcome, Problem> {
    let kept = belonging::keep(app, who.user, Belonging::Draft(draft), based_on, DRAFTS_PER_USER).await;
    match kept.map_err(failed)? {
        Ok(Belonging::Draft(draft)) => Ok(Outcome::Kept(draft)),
        Err(BelongingRefusal::Stale(newer)) => match *newer {
            Belonging::Draft(draft) => Ok(Outcome::Newer(draft)),
            _ => Err(Code::Internal.into()),
        },
        Err(BelongingRefusal::LimitReached) => {
            Err(Problem::new(Code::LimitReached).detail(format!("at most {DRAFTS_PER_USER} drafts")))
        }
        Ok(_) => Err(Code::Internal.into()),
    }
}

pub async fn list(app: &App, who: &Identity, cursor: Option<&str>, limit: usize) -> Result<Page<Draft>, Problem> {
    let page = app.store.belongings(who.user, BelongingKind::Draft, cursor, limit).await.map_err(failed)?;
    let drafts = page.items.into_iter().filter_map(|belonging| match belonging {
        Belonging::Draft(draft) => Some(draft),
        _ => None,
    });
    Ok(Page { items: drafts.collect(), next: page.next })
}
