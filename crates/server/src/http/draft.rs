//! Drafts: what one has begun to write, on all of one's devices.

use axum::Json;
use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use laserchat_protocol::draft::{DraftConflict, DraftSave};
use laserchat_protocol::{Code, ConversationId, Draft, MessageId, Page, Problem};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::{Error, Result, invalid};
use super::json::Body;
use super::path::Id;
use super::query::{Paging, Position, Query};
use crate::actions::draft::{self, Outcome};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_drafts)).routes(routes!(save_draft, clear_draft))
}

/// One's drafts
///
/// Those that are not empty, the last changed first.
#[utoipa::path(
    get,
    path = "/me/drafts",
    tag = "drafts",
    security(("bearer" = ["read"])),
    params(Paging),
    responses((status = 200, body = Page<Draft>, description = "The drafts."))
)]
async fn list_drafts(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Draft>>> {
    Ok(Json(draft::list(&app, &who, paging.cursor()?, paging.limit()).await?))
}

/// Save a draft
///
/// There is one per conversation, and one per thread. With `based_on`, a draft that another device has written since is not
/// overwritten: the answer is then `conflict`, and has that draft as `draft`. Saving what is there already changes nothing.
#[utoipa::path(
    put,
    path = "/conversations/{id}/draft",
    tag = "drafts",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = DraftSave,
    responses(
        (status = 200, body = Draft, description = "The draft."),
        (status = 409, description = "`conflict`: another device has written since; `draft` is what it wrote. `limit_reached`."),
    )
)]
async fn save_draft(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<DraftSave>,
) -> Result<Response> {
    Ok(answer(draft::save(&app, &who, id, body).await?))
}

/// Which draft is thrown away.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The one of the thread under this message.
    #[param(value_type = Option<MessageId>)]
    parent_id: Option<String>,
    /// The version of the draft that is meant; a newer one stays, and the answer is `conflict` with it.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 9223372036854775807u64)]
    based_on: Option<Position>,
}

/// Throw a draft away
///
/// As saving one without text and files does: after sending, for example. Twice is harmless.
#[utoipa::path(
    delete,
    path = "/conversations/{id}/draft",
    tag = "drafts",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation."), Which),
    responses(
        (status = 200, body = Draft, description = "What is left: a draft without text and files."),
        (status = 409, description = "`conflict`: another device has written since; `draft` is what it wrote."),
    )
)]
async fn clear_draft(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let parent = which.parent_id.as_deref().map(str::parse::<MessageId>).transpose();
    let parent = parent.map_err(|error| invalid("parent_id", error))?;
    Ok(answer(draft::clear(&app, &who, id, parent, which.based_on.map(|version| version.0)).await?))
}

fn answer(outcome: Outcome) -> Response {
    match outcome {
        Outcome::Kept(draft) => Json(draft).into_response(),
        Outcome::Newer(draft) => {
            let problem = Problem::new(Code::Conflict).detail("another device has written since");
            // The problem as everywhere, with the draft as one member more.
            let whole = serde_json::to_vec(&DraftConflict { problem: problem.clone(), draft }).unwrap_or_default();
            Error(problem).into_response().map(|_| HttpBody::from(whole))
        }
    }
}
