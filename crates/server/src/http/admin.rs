//! Administering the server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::server::{AdminUserUpdate, ServerSettings};
use laserchat_protocol::{Page, User, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Administrator;
use super::error::Result;
use super::json::Body;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::admin;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(get_settings, update_settings))
        .routes(routes!(list_all_users))
        .routes(routes!(update_user))
        .routes(routes!(rotate_keys))
}

/// The server's settings
///
/// What the owner has set, and else what the configuration says.
#[utoipa::path(
    get,
    path = "/admin/settings",
    tag = "admin",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ServerSettings, description = "The settings."))
)]
async fn get_settings(State(app): State<Shared>, Administrator(who): Administrator) -> Result<Json<ServerSettings>> {
    Ok(Json(admin::settings(&app, &who).await?))
}

/// Change the server's settings
///
/// For the owner. What is absent stays.
#[utoipa::path(
    put,
    path = "/admin/settings",
    tag = "admin",
    security(("bearer" = ["admin"])),
    request_body = ServerSettings,
    responses((status = 200, body = ServerSettings, description = "The settings."))
)]
async fn update_settings(
    State(app): State<Shared>,
    Administrator(who): Administrator,
    Body(body): Body<ServerSettings>,
) -> Result<Json<ServerSettings>> {
    Ok(Json(admin::change_settings(&app, &who, body).await?))
}

/// All accounts
#[utoipa::path(
    get,
    path = "/admin/users",
    tag = "admin",
    security(("bearer" = ["admin"])),
    params(Paging),
    responses((status = 200, body = Page<User>, description = "The accounts, by id."))
)]
async fn list_all_users(
    State(app): State<Shared>,
    Administrator(who): Administrator,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<User>>> {
    Ok(Json(admin::users(&app, &who, paging.cursor()?, paging.limit()).await?))
}

/// Change an account
///
/// Disables or enables it, or sets a new password, for accounts below one's own; both end its sessions. The owner gives
/// roles; `server_role: owner` hands the server over.
#[utoipa::path(
    put,
    path = "/admin/users/{id}",
    tag = "admin",
    security(("bearer" = ["admin"])),
    params(("id" = UserId, Path, description = "The account.")),
    request_body = AdminUserUpdate,
    responses(
        (status = 200, body = User, description = "The account."),
        (status = 409, description = "`wrong_kind` or `owner_must_hand_over`."),
    )
)]
async fn update_user(
    State(app): State<Shared>,
    Administrator(who): Administrator,
    Id(id): Id<UserId>,
    Body(body): Body<AdminUserUpdate>,
) -> Result<Json<User>> {
    Ok(Json(admin::update_user(&app, &who, id, body).await?))
}

/// Sign access tokens with a new key
///
/// Tokens that earlier keys signed stay valid until they expire, within fifteen minutes.
#[utoipa::path(
    post,
    path = "/admin/keys/rotate",
    tag = "admin",
    security(("bearer" = ["admin"])),
    responses((status = 204, description = "A new key signs."))
)]
async fn rotate_keys(State(app): State<Shared>, Administrator(who): Administrator) -> Result<StatusCode> {
    admin::rotate_keys(&app, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}
