//! Users, as others see them.

use axum::Json;
use axum::extract::State;
use laserchat_core::name::words;
use laserchat_protocol::presence::Presence;
use laserchat_protocol::user::ProfileUpdate;
use laserchat_protocol::{Code, Page, Problem, User, UserId, UserSummary};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Holder, Reader};
use super::error::{Result, invalid};
use super::json::Body;
use super::path::Id;
use super::query::{Query, Search, UserIds};
use crate::actions::account;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_users))
        .routes(routes!(search_users))
        .routes(routes!(get_user))
        .routes(routes!(get_profile, update_profile))
        .routes(routes!(get_presence))
}

/// Users by their ids
///
/// Ids that are nobody's are left out.
#[utoipa::path(
    get,
    path = "/users",
    tag = "users",
    security(("bearer" = ["read"])),
    params(UserIds),
    responses((status = 200, body = Page<User>, description = "Those who exist."))
)]
async fn list_users(
    State(app): State<Shared>,
    Reader(_): Reader,
    Query(query): Query<UserIds>,
) -> Result<Json<Page<User>>> {
    Ok(Json(Page::whole(app.store.users(&query.ids()?).await?)))
}

/// Find users
///
/// Of whom every word searched for begins a word of the user name or the display name.
#[utoipa::path(
    get,
    path = "/users/search",
    tag = "users",
    security(("bearer" = ["read"])),
    params(Search),
    responses((status = 200, body = Page<UserSummary>, description = "Those who were found."))
)]
async fn search_users(
    State(app): State<Shared>,
    Reader(_): Reader,
    Query(search): Query<Search>,
) -> Result<Json<Page<UserSummary>>> {
    let words = words(search.q()?);
    if words.is_empty() {
        return Err(invalid("q", "at least one letter or digit"));
    }
    let paging = search.paging();
    Ok(Json(app.store.search_users(&words, paging.cursor()?, paging.limit()).await?))
}

/// A user
#[utoipa::path(
    get,
    path = "/users/{id}",
    tag = "users",
    security(("bearer" = ["read"])),
    params(("id" = UserId, Path, description = "The user.")),
    responses((status = 200, body = User, description = "The user."))
)]
async fn get_user(State(app): State<Shared>, Reader(_): Reader, Id(id): Id<UserId>) -> Result<Json<User>> {
    Ok(Json(app.store.user(id).await?.ok_or(Code::NotFound)?))
}

/// A user's profile
///
/// The same as the user.
#[utoipa::path(
    get,
    path = "/users/{id}/profile",
    tag = "users",
    security(("bearer" = ["read"])),
    params(("id" = UserId, Path, description = "The user.")),
    responses((status = 200, body = User, description = "The profile."))
)]
async fn get_profile(State(app): State<Shared>, Reader(_): Reader, Id(id): Id<UserId>) -> Result<Json<User>> {
    Ok(Json(app.store.user(id).await?.ok_or(Code::NotFound)?))
}

/// Change one's own profile
///
/// What is absent stays, what is `null` is cleared.
#[utoipa::path(
    put,
    path = "/users/{id}/profile",
    tag = "users",
    security(("bearer" = ["account"])),
    params(("id" = UserId, Path, description = "Oneself.")),
    request_body = ProfileUpdate,
    responses((status = 200, body = User, description = "The profile."))
)]
async fn update_profile(
    State(app): State<Shared>,
    Holder(who): Holder,
    Id(id): Id<UserId>,
    Body(body): Body<ProfileUpdate>,
) -> Result<Json<User>> {
    if id != who.user {
        return Err(Problem::new(Code::Forbidden).detail("only one's own profile").into());
    }
    Ok(Json(account::update_profile(&app, &who, body).await?))
}

/// Whether a user is there
///
/// To watch several users, use `presence.watch` on the WebSocket.
#[utoipa::path(
    get,
    path = "/users/{id}/presence",
    tag = "users",
    security(("bearer" = ["read"])),
    params(("id" = UserId, Path, description = "The user.")),
    responses((status = 200, body = Presence, description = "What the user lets one see."))
)]
async fn get_presence(State(app): State<Shared>, Reader(who): Reader, Id(id): Id<UserId>) -> Result<Json<Presence>> {
    app.store.user(id).await?.ok_or(Code::NotFound)?;
    let known = app.presence.known(who.user, &[id]).await?;
    Ok(Json(known.into_iter().next().ok_or(Code::NotFound)?))
}
