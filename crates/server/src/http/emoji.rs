//! Custom emoji.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::emoji::{CustomEmoji, EmojiList, EmojiSet};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::json::Body;
use super::path::Id;
use crate::actions::emoji;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_emoji)).routes(routes!(set_emoji, remove_emoji))
}

/// Custom emoji
///
/// All of them, by name. `emoji.updated`, and `ready` of a new connection, say which version the list has.
#[utoipa::path(
    get,
    path = "/emoji",
    tag = "emoji",
    security(("bearer" = ["read"])),
    responses((status = 200, body = EmojiList, description = "The custom emoji."))
)]
async fn list_emoji(State(app): State<Shared>, Reader(_): Reader) -> Result<Json<EmojiList>> {
    Ok(Json(app.store.emoji().await?))
}

/// Add a custom emoji, or give one another picture
///
/// Administrators may. Where the server's settings let everybody add some, others may change those that they have added.
#[utoipa::path(
    put,
    path = "/emoji/{name}",
    tag = "emoji",
    security(("bearer" = ["write"])),
    params(("name" = String, Path, description = "2 to 32 small letters, digits, `_`, `-` and `+`, beginning with a letter or digit.")),
    request_body = EmojiSet,
    responses(
        (status = 200, body = CustomEmoji, description = "The emoji."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn set_emoji(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(name): Id<String>,
    Body(body): Body<EmojiSet>,
) -> Result<Json<CustomEmoji>> {
    Ok(Json(emoji::set(&app, &who, name, body).await?))
}

/// Remove a custom emoji
///
/// Reactions with it stay, and clients show its name.
#[utoipa::path(
    delete,
    path = "/emoji/{name}",
    tag = "emoji",
    security(("bearer" = ["write"])),
    params(("name" = String, Path, description = "The name.")),
    responses(
        (status = 204, description = "Removed."),
        (status = 422, description = "`invalid_field`: this is no name."),
    )
)]
async fn remove_emoji(State(app): State<Shared>, Writer(who): Writer, Id(name): Id<String>) -> Result<StatusCode> {
    emoji::remove(&app, &who, name).await?;
    Ok(StatusCode::NO_CONTENT)
}
