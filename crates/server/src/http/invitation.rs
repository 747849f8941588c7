//! Invitation links, into a conversation or onto the server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::invitation::{Invitation, InvitationCreate, InvitationPreview};
use laserchat_protocol::{ConversationId, ConversationView, InvitationId, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Administrator, Manager};
use super::error::Result;
use super::json::Body;
use super::path::{Id, Ids};
use crate::actions::invitation;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(revoke_invitation))
        .routes(routes!(list_server_invitations, create_server_invitation))
        .routes(routes!(preview_invitation, revoke_server_invitation))
        .routes(routes!(accept_invitation))
}

/// A conversation's invitations
#[utoipa::path(
    get,
    path = "/conversations/{id}/invitations",
    tag = "invitations",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, body = Page<Invitation>, description = "Those that still work, without their codes."))
)]
async fn list_invitations(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
) -> Result<Json<Page<Invitation>>> {
    Ok(Json(Page::whole(invitation::list(&app, &who, Some(id)).await?)))
}

/// Invite into a conversation
///
/// The code is shown in this answer and never again; an answer that is repeated for an `Idempotency-Key` leaves it out.
#[utoipa::path(
    post,
    path = "/conversations/{id}/invitations",
    tag = "invitations",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = InvitationCreate,
    responses(
        (status = 201, body = Invitation, description = "The invitation with its code."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_invitation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
    Body(body): Body<InvitationCreate>,
) -> Result<(StatusCode, Json<Invitation>)> {
    Ok((StatusCode::CREATED, Json(invitation::create(&app, &who, Some(id), body).await?)))
}

/// Revoke an invitation into a conversation
#[utoipa::path(
    delete,
    path = "/conversations/{id}/invitations/{invitation}",
    tag = "invitations",
    security(("bearer" = ["manage"])),
    params(
        ("id" = ConversationId, Path, description = "The conversation."),
        ("invitation" = InvitationId, Path, description = "The invitation."),
    ),
    responses((status = 204, description = "It works no more."))
)]
async fn revoke_invitation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, invitation): Ids<ConversationId, InvitationId>,
) -> Result<StatusCode> {
    invitation::revoke(&app, &who, Some(id), invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The invitations onto the server
#[utoipa::path(
    get,
    path = "/invitations",
    tag = "invitations",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Page<Invitation>, description = "Those that still work, without their codes."))
)]
async fn list_server_invitations(
    State(app): State<Shared>,
    Administrator(who): Administrator,
) -> Result<Json<Page<Invitation>>> {
    Ok(Json(Page::whole(invitation::list(&app, &who, None).await?)))
}

/// Invite onto the server
///
/// For making an account. The code is shown in this answer and never again; an answer that is repeated for an
/// `Idempotency-Key` leaves it out.
#[utoipa::path(
    post,
    path = "/invitations",
    tag = "invitations",
    security(("bearer" = ["admin"])),
    request_body = InvitationCreate,
    responses(
        (status = 201, body = Invitation, description = "The invitation with its code."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_server_invitation(
    State(app): State<Shared>,
    Administrator(who): Administrator,
    Body(body): Body<InvitationCreate>,
) -> Result<(StatusCode, Json<Invitation>)> {
    Ok((StatusCode::CREATED, Json(invitation::create(&app, &who, None, body).await?)))
}

/// What an invitation leads to
///
/// For whoever holds its code; needs no token.
#[utoipa::path(
    get,
    path = "/invitations/{code}",
    tag = "invitations",
    params(("code" = String, Path, description = "The code in the link.")),
    responses(
        (status = 200, body = InvitationPreview, description = "Where it leads."),
        (status = 410, description = "`invitation_invalid`."),
    )
)]
async fn preview_invitation(State(app): State<Shared>, Id(code): Id<String>) -> Result<Json<InvitationPreview>> {
    Ok(Json(invitation::preview(&app, &code).await?))
}

/// Revoke an invitation onto the server
#[utoipa::path(
    delete,
    path = "/invitations/{code}",
    tag = "invitations",
    security(("bearer" = ["admin"])),
    params(("code" = InvitationId, Path, description = "The id of the invitation, as the list has it.")),
    responses((status = 204, description = "It works no more."))
)]
async fn revoke_server_invitation(
    State(app): State<Shared>,
    Administrator(who): Administrator,
    Id(id): Id<InvitationId>,
) -> Result<StatusCode> {
    invitation::revoke(&app, &who, None, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Join by an invitation
///
/// Members join again without using it up.
#[utoipa::path(
    post,
    path = "/invitations/{code}/join",
    tag = "invitations",
    security(("bearer" = ["manage"])),
    params(("code" = String, Path, description = "The code in the link.")),
    responses(
        (status = 200, body = ConversationView, description = "The conversation, as its member."),
        (status = 403, description = "`banned`."),
        (status = 409, description = "`wrong_kind`: it is for making an account; `archived` or `limit_reached`."),
        (status = 410, description = "`invitation_invalid`."),
    )
)]
async fn accept_invitation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(code): Id<String>,
) -> Result<Json<ConversationView>> {
    Ok(Json(invitation::join(&app, &who, &code).await?))
}
