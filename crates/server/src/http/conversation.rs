//! Conversations, and the public channels to find.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use laserchat_protocol::conversation::{ConversationCreate, ConversationUpdate};
use laserchat_protocol::event::Changes;
use laserchat_protocol::{Code, Conversation, ConversationId, ConversationView, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Manager, Reader};
use super::error::Result;
use super::idempotency;
use super::json::Body;
use super::path::Id;
use super::query::{After, Paging, Query, Search};
use crate::actions::{change, conversation, member_of};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations, create_conversation))
        .routes(routes!(get_conversation, update_conversation, delete_conversation))
        .routes(routes!(list_changes))
        .routes(routes!(find_channels))
}

/// One's conversations
#[utoipa::path(
    get,
    path = "/conversations",
    tag = "conversations",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<ConversationView>, description = "The one with the newest change first."))
)]
async fn list_conversations(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ConversationView>>> {
    Ok(Json(app.store.conversations(who.user, paging.cursor()?, paging.limit()).await?))
}

/// Make a conversation
///
/// A direct conversation names one other member, or none for notes; asking for one that exists answers it. Groups and
/// channels need a name.
#[utoipa::path(
    post,
    path = "/conversations",
    tag = "conversations",
    security(("bearer" = ["manage"])),
    request_body = ConversationCreate,
    responses(
        (status = 200, body = ConversationView, description = "It exists already."),
        (status = 201, body = ConversationView, description = "The new conversation."),
        (status = 403, description = "`blocked`, or `forbidden`: the other accepts messages from contacts only."),
        (status = 404, description = "It was deleted meanwhile."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_conversation(
    State(app): State<Shared>,
    Manager(who): Manager,
    headers: HeaderMap,
    Body(body): Body<ConversationCreate>,
) -> Result<(StatusCode, Json<ConversationView>)> {
    // The log itself keeps the key unique, which holds even if the kept answer is lost.
    let key = idempotency::from_headers(&headers).transpose()?;
    let (view, new) = conversation::create(&app, &who, body, key).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// A conversation
///
/// Its members see it, and of a public channel everybody who is not banned.
#[utoipa::path(
    get,
    path = "/conversations/{id}",
    tag = "conversations",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, body = ConversationView, description = "The conversation."))
)]
async fn get_conversation(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
) -> Result<Json<ConversationView>> {
    Ok(Json(conversation::show(&app, who.user, id).await?))
}

/// Change a conversation
///
/// What is absent stays, what is `null` is cleared. `archived` closes or opens it for writing.
#[utoipa::path(
    put,
    path = "/conversations/{id}",
    tag = "conversations",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = ConversationUpdate,
    responses((status = 200, body = ConversationView, description = "The conversation."))
)]
async fn update_conversation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
    Body(body): Body<ConversationUpdate>,
) -> Result<Json<ConversationView>> {
    Ok(Json(conversation::update(&app, &who, id, body).await?))
}

/// Delete a conversation
///
/// For everybody and for good.
#[utoipa::path(
    delete,
    path = "/conversations/{id}",
    tag = "conversations",
    security(("bearer" = ["manage"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 204, description = "The conversation is gone."))
)]
async fn delete_conversation(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(id): Id<ConversationId>,
) -> Result<StatusCode> {
    conversation::delete(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What changed in a conversation
///
/// Everything that changed after a seq, each object once, in its present state, by ascending seq, as the events that the
/// WebSocket pushes. Ask again with `after` set to `next`; on the last page `head` is the new cursor.
#[utoipa::path(
    get,
    path = "/conversations/{id}/changes",
    tag = "conversations",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation."), After),
    responses((status = 200, body = Changes, description = "The changes."))
)]
async fn list_changes(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
    Query(query): Query<After>,
) -> Result<Json<Changes>> {
    member_of(&app, who.user, id).await?;
    let changes = change::since(&app, who.user, id, query.after(), query.limit()).await?;
    Ok(Json(changes.ok_or(Code::NotFound)?))
}

/// Find public channels
///
/// By the beginnings of words of name and topic; all of them for an empty search. The one with the most members first.
#[utoipa::path(
    get,
    path = "/channels",
    tag = "conversations",
    security(("bearer" = ["read"])),
    params(Search),
    responses((status = 200, body = Page<Conversation>, description = "The channels."))
)]
async fn find_channels(
    State(app): State<Shared>,
    Reader(_): Reader,
    Query(search): Query<Search>,
) -> Result<Json<Page<Conversation>>> {
    let paging = search.paging();
    Ok(Json(app.store.public_channels(search.q()?, paging.cursor()?, paging.limit()).await?))
}
