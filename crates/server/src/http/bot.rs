//! Bots and their tokens.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::token::{BotCreate, BotCreated, Token, TokenCreate};
use laserchat_protocol::{Page, TokenId, User, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::Result;
use super::json::Body;
use super::path::{Id, Ids};
use crate::actions::{bot, token};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_bots, create_bot))
        .routes(routes!(disable_bot))
        .routes(routes!(list_bot_tokens, create_bot_token))
        .routes(routes!(revoke_bot_token))
}

/// One's bots
#[utoipa::path(
    get,
    path = "/bots",
    tag = "bots",
    security(("bearer" = ["account"])),
    responses((status = 200, body = Page<User>, description = "The bots."))
)]
async fn list_bots(State(app): State<Shared>, Holder(who): Holder) -> Result<Json<Page<User>>> {
    Ok(Json(Page::whole(bot::list(&app, &who).await?)))
}

/// Make a bot
///
/// With a first token that can read, write and manage. Its secret is shown in this answer and never again; an answer that
/// is repeated for an `Idempotency-Key` leaves it out.
#[utoipa::path(
    post,
    path = "/bots",
    tag = "bots",
    security(("bearer" = ["account"])),
    request_body = BotCreate,
    responses(
        (status = 201, body = BotCreated, description = "The bot and its token."),
        (status = 404, description = "The account is gone."),
        (status = 409, description = "`username_taken` or `limit_reached`."),
    )
)]
async fn create_bot(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<BotCreate>,
) -> Result<(StatusCode, Json<BotCreated>)> {
    Ok((StatusCode::CREATED, Json(bot::create(&app, &who, body).await?)))
}

/// Disable a bot
///
/// Its messages stay, its name stays taken, and its tokens stop working.
#[utoipa::path(
    delete,
    path = "/bots/{id}",
    tag = "bots",
    security(("bearer" = ["account"])),
    params(("id" = UserId, Path, description = "The bot.")),
    responses((status = 204, description = "The bot is disabled."))
)]
async fn disable_bot(State(app): State<Shared>, Holder(who): Holder, Id(id): Id<UserId>) -> Result<StatusCode> {
    bot::disable(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A bot's tokens
#[utoipa::path(
    get,
    path = "/bots/{id}/tokens",
    tag = "bots",
    security(("bearer" = ["account"])),
    params(("id" = UserId, Path, description = "The bot.")),
    responses((status = 200, body = Page<Token>, description = "The tokens, without their secrets."))
)]
async fn list_bot_tokens(
    State(app): State<Shared>,
    Holder(who): Holder,
    Id(id): Id<UserId>,
) -> Result<Json<Page<Token>>> {
    let bot = bot::own(&app, &who, id).await?;
    Ok(Json(Page::whole(token::list(&app, bot.id).await?)))
}

/// Make a token for a bot
///
/// The secret is shown in this answer and never again; an answer that is repeated for an `Idempotency-Key` leaves it out.
#[utoipa::path(
    post,
    path = "/bots/{id}/tokens",
    tag = "bots",
    security(("bearer" = ["account"])),
    params(("id" = UserId, Path, description = "The bot.")),
    request_body = TokenCreate,
    responses(
        (status = 201, body = Token, description = "The token with its secret."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn create_bot_token(
    State(app): State<Shared>,
    Holder(who): Holder,
    Id(id): Id<UserId>,
    Body(body): Body<TokenCreate>,
) -> Result<(StatusCode, Json<Token>)> {
    let bot = bot::own(&app, &who, id).await?;
    Ok((StatusCode::CREATED, Json(token::create(&app, &who, bot.id, body).await?)))
}

/// Revoke a token of a bot
#[utoipa::path(
    delete,
    path = "/bots/{id}/tokens/{token}",
    tag = "bots",
    security(("bearer" = ["account"])),
    params(
        ("id" = UserId, Path, description = "The bot."),
        ("token" = TokenId, Path, description = "The token."),
    ),
    responses((status = 204, description = "The token is revoked."))
)]
async fn revoke_bot_token(
    State(app): State<Shared>,
    Holder(who): Holder,
    Ids(id, token): Ids<UserId, TokenId>,
) -> Result<StatusCode> {
    let bot = bot::own(&app, &who, id).await?;
    token::revoke(&app, bot.id, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
