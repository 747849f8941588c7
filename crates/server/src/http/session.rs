//! Sessions: the devices that one is signed in on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::session::Session;
use laserchat_protocol::{Page, SessionId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::Result;
use super::path::Id;
use crate::actions::session;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_sessions, end_other_sessions)).routes(routes!(end_session))
}

/// One's sessions
#[utoipa::path(
    get,
    path = "/me/sessions",
    tag = "sessions",
    security(("bearer" = ["account"])),
    responses((status = 200, body = Page<Session>, description = "The sessions, the last active first."))
)]
async fn list_sessions(State(app): State<Shared>, Holder(who): Holder) -> Result<Json<Page<Session>>> {
    Ok(Json(Page::whole(session::list(&app, &who).await?)))
}

/// End all other sessions
///
/// Their sockets close at once.
#[utoipa::path(
    delete,
    path = "/me/sessions",
    tag = "sessions",
    security(("bearer" = ["account"])),
    responses((status = 204, description = "Only this session is left."))
)]
async fn end_other_sessions(State(app): State<Shared>, Holder(who): Holder) -> Result<StatusCode> {
    session::end_others(&app, who.user, Some(who.session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a session
///
/// Its sockets close at once.
#[utoipa::path(
    delete,
    path = "/me/sessions/{id}",
    tag = "sessions",
    security(("bearer" = ["account"])),
    params(("id" = SessionId, Path, description = "The session.")),
    responses((status = 204, description = "The session has ended."))
)]
async fn end_session(State(app): State<Shared>, Holder(who): Holder, Id(id): Id<SessionId>) -> Result<StatusCode> {
    session::end(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
