//! Invitation links, into a conversation or onto the server.

use laserchat_core::{Turn, invitation, member};
use laserchat_protocol::invitation::{Invitation, InvitationCreate, InvitationPreview};
use laserchat_protocol::limits::INVITATIONS_PER_CONVERSATION;
use laserchat_protocol::{Code, ConversationId, ConversationView, InvitationId, MessageId, Problem, Timestamp};
use laserchat_store::NewInvitation;

use super::conversation::{joined, show};
use super::token::expiry;
use super::{admin, failed, member as members, refuse, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::token::{Secret, hash};

/// Whether the asker may make, see and revoke invitations here; without a conversation, onto the server.
async fn check(app: &App, who: &Identity, conversation: Option<ConversationId>) -> Result<(), Problem> {
    match conversation {
        Some(id) => Ok(invitation::may_invite(&joined(app, who.user, id).await?, who.user)?),
        None => admin::administrator(app, who).await.map(drop),
    }
}

pub async fn create(
    app: &App,
    who: &Identity,
    conversation: Option<ConversationId>,
    wanted: InvitationCreate,
) -> Result<Invitation, Problem> {
    check(app, who, conversation).await?;
    let now = Timestamp::now();
    let expires_at = expiry(wanted.expires_in, now)?;
    if wanted.max_uses.is_some_and(|uses| !(1..=i32::MAX as u32).contains(&uses)) {
        return Err(refuse(Code::InvalidField, "max_uses", "1 to 2,147,483,647"));
    }
    let code = Secret::invitation().map_err(unmade)?;
    let new = NewInvitation {
        id: InvitationId(app.ids.next()),
        code: code.hash(),
        conversation,
        created_by: who.user,
        created_at: now,
        expires_at,
        max_uses: wanted.max_uses,
    };
    let created = app.store.create_invitation(new).await.map_err(failed)?;
    let created = created.ok_or_else(|| {
        Problem::new(Code::LimitReached).detail(format!("at most {INVITATIONS_PER_CONVERSATION} invitations"))
    })?;
    Ok(Invitation { code: Some(code.into_string()), ..created })
}

pub async fn list(app: &App, who: &Identity, conversation: Option<ConversationId>) -> Result<Vec<Invitation>, Problem> {
    check(app, who, conversation).await?;
    app.store.invitations(conversation, Timestamp::now()).await.map_err(failed)
}

pub async fn revoke(
    app: &App,
    who: &Identity,
    conversation: Option<ConversationId>,
    id: InvitationId,
) -> Result<(), Problem> {
    check(app, who, conversation).await?;
    if app.store.revoke_invitation(conversation, id).await.map_err(failed)? {
        Ok(())
    } else {
        Err(Code::NotFound.into())
    }
}

/// An invitation that still works. One that does not is answered like one that never was.
async fn working(app: &App, code: &str) -> Result<Invitation, Problem> {
    let found = app.store.invitation(hash(code)).await.map_err(failed)?.ok_or(Code::InvitationInvalid)?;
    invitation::usable(found.expires_at, found.max_uses, found.uses, Timestamp::now())?;
    Ok(found)
}

/// What an invitation leads to.
pub async fn preview(app: &App, code: &str) -> Result<InvitationPreview, Problem> {
    let found = working(app, code).await?;
    let conversation = match found.conversation_id {
        // Of a deleted conversation no invitation works.
        Some(id) => Some(app.store.room(id, &[]).await.map_err(failed)?.ok_or(Code::InvitationInvalid)?.conversation),
        None => None,
    };
    Ok(InvitationPreview {
        server_name: admin::info(app).await?.name,
        member_count: conversation.as_ref().map(|conversation| conversation.member_count),
        conversation_name: conversation.and_then(|conversation| conversation.name),
        expires_at: found.expires_at,
    })
}

/// Joins the conversation that an invitation leads to. Members join again without using it up.
pub async fn join(app: &App, who: &Identity, code: &str) -> Result<ConversationView, Problem> {
    let found = working(app, code).await?;
    let Some(id) = found.conversation_id else {
        return Err(Problem::new(Code::WrongKind).detail("this invitation is for making an account"));
    };
    let room = app.store.room(id, &[who.user]).await.map_err(failed)?.ok_or(Code::InvitationInvalid)?;
    if room.joined(who.user).is_some() {
        return show(app, who.user, id).await;
    }
    // Whoever is going to be refused does not use the invitation up.
    let rehearsal = Turn { now: Timestamp::now(), message_id: MessageId(1) };
    member::join(&room, who.user, true, &rehearsal)?;
    app.store.use_invitation(hash(code), rehearsal.now).await.map_err(failed)?.ok_or(Code::InvitationInvalid)?;
    members::join(app, who, id, true).await
}
