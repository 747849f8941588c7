//! Personal access tokens.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::token::{Token, TokenCreate};
use laserchat_protocol::{Page, TokenId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::Result;
use super::json::Body;
use super::path::Id;
use crate::actions::token;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(revoke_token))
}

/// One's personal access tokens
#[utoipa::path(
    get,
    path = "/me/tokens",
    tag = "tokens",
    security(("bearer" = ["account"])),
    responses((status = 200, body = Page<Token>, description = "The tokens, without their secrets."))
)]
async fn list_tokens(State(app): State<Shared>, Holder(who): Holder) -> Result<Json<Page<Token>>> {
    Ok(Json(Page::whole(token::list(&app, who.user).await?)))
}

/// Make a personal access token
///
/// The secret is shown in this answer and never again; an answer that is repeated for an `Idempotency-Key` leaves it out.
/// A token can give no scope that the asker does not have.
#[utoipa::path(
    post,
    path = "/me/tokens",
    tag = "tokens",
    security(("bearer" = ["account"])),
    request_body = TokenCreate,
    responses(
        (status = 201, body = Token, description = "The token with its secret."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_token(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<TokenCreate>,
) -> Result<(StatusCode, Json<Token>)> {
    Ok((StatusCode::CREATED, Json(token::create(&app, &who, who.user, body).await?)))
}

/// Revoke a personal access token
///
/// What was opened with it closes at once.
#[utoipa::path(
    delete,
    path = "/me/tokens/{id}",
    tag = "tokens",
    security(("bearer" = ["account"])),
    params(("id" = TokenId, Path, description = "The token.")),
    responses((status = 204, description = "The token is revoked."))
)]
async fn revoke_token(State(app): State<Shared>, Holder(who): Holder, Id(id): Id<TokenId>) -> Result<StatusCode> {
    token::revoke(&app, who.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
