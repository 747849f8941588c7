//! Contacts, requests and blocks.
//!
//! Each change answers 204; the new state comes as `contact.updated` to the devices of both, and is in the list.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_core::contact::ContactAction;
use laserchat_protocol::{Contact, Page, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Holder, Reader};
use super::error::Result;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::contact::change;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts))
        .routes(routes!(request_contact, remove_contact))
        .routes(routes!(accept_contact))
        .routes(routes!(block_user, unblock_user))
}

/// One's contacts, requests and blocks
#[utoipa::path(
    get,
    path = "/contacts",
    tag = "contacts",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<Contact>, description = "The contacts, by user name."))
)]
async fn list_contacts(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Contact>>> {
    Ok(Json(app.store.contacts(who.user, paging.cursor()?, paging.limit()).await?))
}

/// Ask to be contacts
///
/// Accepts, if the other has asked already.
#[utoipa::path(
    put,
    path = "/contacts/{user}",
    tag = "contacts",
    security(("bearer" = ["account"])),
    params(("user" = UserId, Path, description = "The other.")),
    responses(
        (status = 204, description = "Asked, or accepted."),
        (status = 403, description = "`blocked`."),
        (status = 409, description = "`wrong_kind`: it is oneself."),
    )
)]
async fn request_contact(State(app): State<Shared>, Holder(who): Holder, Id(user): Id<UserId>) -> Result<StatusCode> {
    change(&app, &who, user, ContactAction::Request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept a request
#[utoipa::path(
    post,
    path = "/contacts/{user}/accept",
    tag = "contacts",
    security(("bearer" = ["account"])),
    params(("user" = UserId, Path, description = "The one who asked.")),
    responses(
        (status = 204, description = "Accepted."),
        (status = 403, description = "`blocked`."),
        (status = 409, description = "`wrong_kind`: it is oneself."),
    )
)]
async fn accept_contact(State(app): State<Shared>, Holder(who): Holder, Id(user): Id<UserId>) -> Result<StatusCode> {
    change(&app, &who, user, ContactAction::Accept).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuse, withdraw or end
///
/// Refuses a request of the other, withdraws one's own, or ends the contact.
#[utoipa::path(
    delete,
    path = "/contacts/{user}",
    tag = "contacts",
    security(("bearer" = ["account"])),
    params(("user" = UserId, Path, description = "The other.")),
    responses(
        (status = 204, description = "There is no relation any more."),
        (status = 409, description = "`wrong_kind`: it is oneself."),
    )
)]
async fn remove_contact(State(app): State<Shared>, Holder(who): Holder, Id(user): Id<UserId>) -> Result<StatusCode> {
    change(&app, &who, user, ContactAction::Remove).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Block somebody
///
/// They cannot write to one, add one, or see whether one is there. They are not told.
#[utoipa::path(
    put,
    path = "/contacts/{user}/block",
    tag = "contacts",
    security(("bearer" = ["account"])),
    params(("user" = UserId, Path, description = "The other.")),
    responses(
        (status = 204, description = "Blocked."),
        (status = 409, description = "`wrong_kind`: it is oneself."),
    )
)]
async fn block_user(State(app): State<Shared>, Holder(who): Holder, Id(user): Id<UserId>) -> Result<StatusCode> {
    change(&app, &who, user, ContactAction::Block).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unblock somebody
#[utoipa::path(
    delete,
    path = "/contacts/{user}/block",
    tag = "contacts",
    security(("bearer" = ["account"])),
    params(("user" = UserId, Path, description = "The other.")),
    responses(
        (status = 204, description = "Not blocked any more."),
        (status = 409, description = "`wrong_kind`: it is oneself."),
    )
)]
async fn unblock_user(State(app): State<Shared>, Holder(who): Holder, Id(user): Id<UserId>) -> Result<StatusCode> {
    change(&app, &who, user, ContactAction::Unblock).await?;
    Ok(StatusCode::NO_CONTENT)
}
