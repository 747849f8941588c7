//! Link previews: the author takes them away.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::{Message, MessageId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Writer;
use super::error::Result;
use super::path::Id;
use crate::actions::preview;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(remove_previews))
}

/// Remove the link previews of one's own message
///
/// None come again, also after an edit. Removing them twice changes nothing.
#[utoipa::path(
    delete,
    path = "/messages/{id}/previews",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`forbidden`: it is somebody else's."),
        (status = 409, description = "`conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn remove_previews(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<MessageId>,
) -> Result<Json<Message>> {
    Ok(Json(preview::remove(&app, &who, id).await?))
}
