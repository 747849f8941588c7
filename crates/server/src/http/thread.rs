//! Threads: the replies under a message, and following them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::thread::ThreadPage;
use laserchat_protocol::{Code, MessageId, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::Result;
use super::path::Id;
use super::query::{Paging, Query};
use crate::actions::message;
use crate::app::{App, Shared};
use crate::auth::Identity;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get_thread)).routes(routes!(follow_thread, unfollow_thread))
}

/// The replies under a message
#[utoipa::path(
    get,
    path = "/messages/{id}/thread",
    tag = "threads",
    security(("bearer" = ["read"])),
    params(("id" = MessageId, Path, description = "The message that the thread hangs under."), Paging),
    responses((status = 200, body = ThreadPage, description = "The message and a page of its replies, in seq order."))
)]
async fn get_thread(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<MessageId>,
    Query(paging): Query<Paging>,
) -> Result<Json<ThreadPage>> {
    let (after, limit) = (paging.position()?, paging.limit());
    let parent = message::visible(&app, who.user, id).await?;
    let mut items = app.store.replies(who.user, &parent, after, limit + 1).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|reply| reply.seq.to_string());
    Ok(Json(ThreadPage { parent, items, next }))
}

/// Follow a thread
///
/// Replying, and being replied to, follows as well.
#[utoipa::path(
    put,
    path = "/messages/{id}/follow",
    tag = "threads",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message that the thread hangs under.")),
    responses(
        (status = 204, description = "Followed."),
        (status = 409, description = "`wrong_kind`: this is a reply."),
    )
)]
async fn follow_thread(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<StatusCode> {
    follow(&app, &who, id, true).await
}

/// Follow a thread no longer
#[utoipa::path(
    delete,
    path = "/messages/{id}/follow",
    tag = "threads",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message that the thread hangs under.")),
    responses(
        (status = 204, description = "Not followed."),
        (status = 409, description = "`wrong_kind`: this is a reply."),
    )
)]
async fn unfollow_thread(State(app): State<Shared>, Writer(who): Writer, Id(id): Id<MessageId>) -> Result<StatusCode> {
    follow(&app, &who, id, false).await
}

async fn follow(app: &App, who: &Identity, id: MessageId, following: bool) -> Result<StatusCode> {
    let parent = message::visible(app, who.user, id).await?;
    if parent.parent_id.is_some() {
        return Err(Problem::new(Code::WrongKind).detail("follow the message that the thread hangs under").into());
    }
    app.store.follow(who.user, &parent, following).await?;
    Ok(StatusCode::NO_CONTENT)
}
