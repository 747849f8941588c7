//! Search.

use axum::Json;
use axum::extract::State;
use laserchat_protocol::Page;
use laserchat_protocol::search::{SearchHit, SearchType};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Reader;
use super::error::Result;
use super::query::{Query, SearchQuery};
use crate::actions::search::{self, Ask};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(search))
}

/// Search
///
/// Among what one may see now, the newest first; people and channels in the order of their own lists. A page may be short,
/// or empty, although there is a next one.
#[utoipa::path(
    get,
    path = "/search",
    tag = "search",
    security(("bearer" = ["read"])),
    params(SearchQuery, ("type" = Option<SearchType>, Query, description = "What is searched for; messages if absent.")),
    responses((status = 200, body = Page<SearchHit>, description = "What was found. No query is wrong."))
)]
async fn search(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Page<SearchHit>>> {
    let ask = Ask { text: query.q()?, kind: query.kind(), cursor: query.cursor()?, limit: query.limit() };
    Ok(Json(search::search(&app, &who, ask).await?))
}
