//! Polls.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::limits::{PAGE_DEFAULT, PAGE_MAX, POLL_OPTIONS_MAX};
use laserchat_protocol::poll::{PollCreate, VoteSet, Voter};
use laserchat_protocol::{ConversationId, Message, MessageId, Page};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::{Result, invalid};
use super::json::Body;
use super::path::Id;
use super::query::{Bounded, Query};
use crate::actions::poll;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create_poll))
        .routes(routes!(vote))
        .routes(routes!(close_poll))
        .routes(routes!(list_voters))
}

/// Ask something in a poll
///
/// It is a message like others, with `poll`; its body says the question and the options in words. The same `client_id` again
/// returns the first result.
#[utoipa::path(
    post,
    path = "/conversations/{id}/polls",
    tag = "polls",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = PollCreate,
    responses(
        (status = 200, body = Message, description = "It was asked before: the first result."),
        (status = 201, body = Message, description = "Asked."),
        (status = 403, description = "`blocked`, `muted` or `read_only`."),
        (status = 409, description = "`archived`."),
        (status = 429, description = "`slow_mode`."),
    )
)]
async fn create_poll(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<PollCreate>,
) -> Result<(StatusCode, Json<Message>)> {
    let (message, fresh) = poll::create(&app, &who, id, body).await?;
    Ok((if fresh { StatusCode::CREATED } else { StatusCode::OK }, Json(message)))
}

/// Vote
///
/// What is given is the whole of one's vote: other options replace it, and none withdraws it.
#[utoipa::path(
    put,
    path = "/messages/{id}/vote",
    tag = "polls",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message with the poll.")),
    request_body = VoteSet,
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`blocked` or `muted`."),
        (status = 409, description = "`poll_closed`, `archived` or `conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn vote(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<MessageId>,
    Body(body): Body<VoteSet>,
) -> Result<Json<Message>> {
    Ok(Json(poll::vote(&app, &who, id, body.options).await?))
}

/// Close a poll
///
/// One's own, or as a moderator. Nobody can vote afterwards. Closing twice changes nothing.
#[utoipa::path(
    put,
    path = "/messages/{id}/poll/close",
    tag = "polls",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message with the poll.")),
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 409, description = "`conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn close_poll(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<Json<Message>> {
    Ok(Json(poll::close(&app, &who, id).await?))
}

/// Whose votes are listed.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The option, counted from 0.
    #[param(value_type = u64, minimum = 0, maximum = 19)]
    option: Bounded<0, { POLL_OPTIONS_MAX as u64 - 1 }>,
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
    /// The `next` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Who voted for an option
///
/// Nobody learns it of an anonymous poll.
#[utoipa::path(
    get,
    path = "/messages/{id}/voters",
    tag = "polls",
    security(("bearer" = ["read"])),
    params(("id" = MessageId, Path, description = "The message with the poll."), Of),
    responses(
        (status = 200, body = Page<Voter>, description = "The first first."),
        (status = 403, description = "`forbidden`: the poll is anonymous."),
    )
)]
async fn list_voters(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<MessageId>,
    Query(of): Query<Of>,
) -> Result<Json<Page<Voter>>> {
    if of.cursor.as_ref().is_some_and(|cursor| cursor.len() > 64) {
        return Err(invalid("cursor", "is not the `next` of a page"));
    }
    let limit = of.limit.map_or(PAGE_DEFAULT, |limit| limit.0 as usize);
    Ok(Json(poll::voters(&app, &who, id, of.option.0 as u32, of.cursor.as_deref(), limit).await?))
}
