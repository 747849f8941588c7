//! Members of a conversation, and one's own membership.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::member::{MemberAdd, MemberUpdate, MembershipUpdate};
use laserchat_protocol::{ConversationId, ConversationView, Member, Membership, Page, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Manager, Reader, Writer};
use super::error::Result;
use super::json::Body;
use super::path::{Id, Ids};
use super::query::{Paging, Query};
use crate::actions::member;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(join_conversation))
        .routes(routes!(leave_conversation))
        .routes(routes!(list_members, add_member))
        .routes(routes!(update_member, remove_member))
        .routes(routes!(list_bans))
        .routes(routes!(update_membership))
}

/// Join a public channel
///
/// Joining twice changes nothing.
#[utoipa::path(
    post,
    path = "/conversations/{id}/join",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The channel.")),
    responses(
        (status = 200, body = ConversationView, description = "The conversation, as its member."),
        (status = 403, description = "`banned`."),
        (status = 409, description = "`archived` or `limit_reached`."),
    )
)]
async fn join_conversation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
) -> Result<Json<ConversationView>> {
    Ok(Json(member::join(&app, &who, id, false).await?))
}

/// Leave a conversation
///
/// The owner hands it over first, unless nobody else is in it.
#[utoipa::path(
    post,
    path = "/conversations/{id}/leave",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses(
        (status = 204, description = "Left."),
        (status = 409, description = "`owner_must_hand_over`."),
    )
)]
async fn leave_conversation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
) -> Result<StatusCode> {
    member::remove(&app, &who, id, who.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The members of a conversation
#[utoipa::path(
    get,
    path = "/conversations/{id}/members",
    tag = "members",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation."), Paging),
    responses((status = 200, body = Page<Member>, description = "The members, the highest role first."))
)]
async fn list_members(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Member>>> {
    Ok(Json(member::list(&app, &who, id, paging.cursor()?, paging.limit()).await?))
}

/// Add a member
#[utoipa::path(
    post,
    path = "/conversations/{id}/members",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = MemberAdd,
    responses(
        (status = 201, body = Member, description = "The new member."),
        (status = 403, description = "`forbidden`, `blocked` or `banned`."),
        (status = 409, description = "`already_member`, `archived`, `limit_reached` or `wrong_kind`."),
    )
)]
async fn add_member(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
    Body(body): Body<MemberAdd>,
) -> Result<(StatusCode, Json<Member>)> {
    Ok((StatusCode::CREATED, Json(member::add(&app, &who, id, body.user_id).await?)))
}

/// Change a member
///
/// One of role, mute and ban at a time. `role: owner` hands the conversation over. The new state comes as `member.updated`
/// or `member.removed`.
#[utoipa::path(
    put,
    path = "/conversations/{id}/members/{user}",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(
        ("id" = ConversationId, Path, description = "The conversation."),
        ("user" = UserId, Path, description = "The member."),
    ),
    request_body = MemberUpdate,
    responses((status = 204, description = "Changed, or as it was."))
)]
async fn update_member(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, user): Ids<ConversationId, UserId>,
    Body(body): Body<MemberUpdate>,
) -> Result<StatusCode> {
    member::update(&app, &who, id, user, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member
///
/// They may be added or join again; a ban keeps them out.
#[utoipa::path(
    delete,
    path = "/conversations/{id}/members/{user}",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(
        ("id" = ConversationId, Path, description = "The conversation."),
        ("user" = UserId, Path, description = "The member."),
    ),
    responses(
        (status = 204, description = "Removed."),
        (status = 409, description = "`owner_must_hand_over`: it is oneself."),
    )
)]
async fn remove_member(
    State(app): State<Shared>,
    Manager(who): Manager,
    Ids(id, user): Ids<ConversationId, UserId>,
) -> Result<StatusCode> {
    member::remove(&app, &who, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is banned
///
/// For those who may ban. A ban is lifted with `banned: false` at the member.
#[utoipa::path(
    get,
    path = "/conversations/{id}/bans",
    tag = "members",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation."), Paging),
    responses((status = 200, body = Page<Member>, description = "The banned."))
)]
async fn list_bans(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Member>>> {
    Ok(Json(member::bans(&app, &who, id, paging.cursor()?, paging.limit()).await?))
}

/// Change one's own settings for a conversation
///
/// What is absent stays, what is `null` is cleared. Nobody else sees them.
#[utoipa::path(
    put,
    path = "/conversations/{id}/membership",
    tag = "members",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = MembershipUpdate,
    responses((status = 200, body = Membership, description = "The membership."))
)]
async fn update_membership(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<MembershipUpdate>,
) -> Result<Json<Membership>> {
    Ok(Json(member::update_own(&app, &who, id, body).await?))
}
