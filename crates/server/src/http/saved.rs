//! Saved messages.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::saved::SavedMessage;
use laserchat_protocol::{MessageId, Page, Saved};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::saved;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_saved)).routes(routes!(save_message, unsave_message))
}

/// Messages that one has saved
///
/// The last saved first, each as it is now.
#[utoipa::path(
    get,
    path = "/me/saved",
    tag = "saved",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<SavedMessage>, description = "The saved messages."))
)]
async fn list_saved(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<SavedMessage>>> {
    Ok(Json(saved::list(&app, &who, paging.cursor()?, paging.limit()).await?))
}

/// Save a message
///
/// For oneself; nobody else learns of it. Saving twice changes nothing.
#[utoipa::path(
    put,
    path = "/me/saved/{id}",
    tag = "saved",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Saved, description = "Saved."),
        (status = 409, description = "`limit_reached`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn save_message(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<Json<Saved>> {
    Ok(Json(saved::save(&app, &who, id).await?))
}

/// Take a message out of what is saved
#[utoipa::path(
    delete,
    path = "/me/saved/{id}",
    tag = "saved",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses((status = 204, description = "It is not saved."))
)]
async fn unsave_message(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<StatusCode> {
    saved::unsave(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
