//! Marking as read.

use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::member::ReadUpdate;
use laserchat_protocol::{Code, ConversationId, MessageId, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Writer;
use super::error::Result;
use super::json::Body;
use super::path::Id;
use crate::actions::{cursor, message};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(read_conversation)).routes(routes!(read_message))
}

/// Mark a conversation as read
///
/// Up to a seq, or up to the newest change. Cursors only move forward.
#[utoipa::path(
    put,
    path = "/conversations/{id}/read",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = ReadUpdate,
    responses((status = 204, description = "Read."))
)]
async fn read_conversation(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<ReadUpdate>,
) -> Result<StatusCode> {
    if body.seq.is_some_and(|seq| seq > i64::MAX as u64) {
        return Err(Problem::new(Code::InvalidField).field("seq").detail("at most 9223372036854775807").into());
    }
    cursor::read(&app, &who, id, body.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark as read up to a message
#[utoipa::path(
    put,
    path = "/messages/{id}/read",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses((status = 204, description = "Read."))
)]
async fn read_message(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<StatusCode> {
    let message = message::visible(&app, who.user, id).await?;
    cursor::read(&app, &who, message.conversation_id, Some(message.seq)).await?;
    Ok(StatusCode::NO_CONTENT)
}
