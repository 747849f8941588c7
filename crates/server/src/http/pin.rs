//! Pinned messages.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::{ConversationId, Message, MessageId, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::path::Id;
use crate::actions::{member_of, pin};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_pins)).routes(routes!(pin_message, unpin_message))
}

/// A conversation's pinned messages
#[utoipa::path(
    get,
    path = "/conversations/{id}/pins",
    tag = "pins",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, body = Page<Message>, description = "The latest pin first; there are at most 100."))
)]
async fn list_pins(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
) -> Result<Json<Page<Message>>> {
    member_of(&app, who.user, id).await?;
    Ok(Json(Page::whole(app.store.pins(who.user, id).await?)))
}

/// Pin a message
#[utoipa::path(
    put,
    path = "/messages/{id}/pin",
    tag = "pins",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`forbidden`, `blocked` or `muted`."),
        (status = 409, description = "`archived`, `limit_reached` or `conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn pin_message(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<Json<Message>> {
    Ok(Json(pin::pin(&app, &who, id, true).await?))
}

/// Unpin a message
#[utoipa::path(
    delete,
    path = "/messages/{id}/pin",
    tag = "pins",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`forbidden`, `blocked` or `muted`."),
        (status = 409, description = "`archived` or `conflict`."),
    )
)]
async fn unpin_message(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<Json<Message>> {
    Ok(Json(pin::pin(&app, &who, id, false).await?))
}
