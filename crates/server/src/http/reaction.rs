//! Reactions to a message.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::reaction::Reactor;
use laserchat_protocol::{Message, MessageId, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::path::Ids;
use super::query::{Paging, Query};
use crate::actions::{message, reaction};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_reactors, add_reaction, remove_reaction))
}

/// Who reacted with an emoji
#[utoipa::path(
    get,
    path = "/messages/{id}/reactions/{emoji}",
    tag = "reactions",
    security(("bearer" = ["read"])),
    params(
        ("id" = MessageId, Path, description = "The message."),
        ("emoji" = String, Path, description = "The emoji, percent-encoded."),
        Paging,
    ),
    responses((status = 200, body = Page<Reactor>, description = "The first first."))
)]
async fn list_reactors(
    State(app): State<Shared>,
    Reader(who): Reader,
    Ids(id, emoji): Ids<MessageId, String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Reactor>>> {
    let message = message::visible(&app, who.user, id).await?;
    Ok(Json(app.store.reactors(&message, &emoji, paging.cursor()?, paging.limit()).await?))
}

/// React
///
/// With any emoji, once each. Reacting twice changes nothing.
#[utoipa::path(
    put,
    path = "/messages/{id}/reactions/{emoji}",
    tag = "reactions",
    security(("bearer" = ["write"])),
    params(
        ("id" = MessageId, Path, description = "The message."),
        ("emoji" = String, Path, description = "The emoji, percent-encoded."),
    ),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`blocked` or `muted`."),
        (status = 409, description = "`archived`, `limit_reached` or `conflict`."),
        (status = 410, description = "`message_deleted`."),
        (status = 422, description = "`invalid_field`: this is no emoji."),
    )
)]
async fn add_reaction(
    State(app): State<Shared>,
    Writer(who): Writer,
    Ids(id, emoji): Ids<MessageId, String>,
) -> Result<Json<Message>> {
    Ok(Json(reaction::react(&app, &who, id, emoji, true).await?))
}

/// Take a reaction back
#[utoipa::path(
    delete,
    path = "/messages/{id}/reactions/{emoji}",
    tag = "reactions",
    security(("bearer" = ["write"])),
    params(
        ("id" = MessageId, Path, description = "The message."),
        ("emoji" = String, Path, description = "The emoji, percent-encoded."),
    ),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`blocked` or `muted`."),
        (status = 409, description = "`archived` or `conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn remove_reaction(
    State(app): State<Shared>,
    Writer(who): Writer,
    Ids(id, emoji): Ids<MessageId, String>,
) -> Result<Json<Message>> {
    Ok(Json(reaction::react(&app, &who, id, emoji, false).await?))
}
