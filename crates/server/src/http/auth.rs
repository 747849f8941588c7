//! Registering, signing in, staying signed in, signing out.
//!
//! None of these takes an `Idempotency-Key`: whoever asks is not known yet, and their answers are tokens, which are kept
//! nowhere. Registering again is refused by the user name, and signing in again only makes another session.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use laserchat_protocol::Code;
use laserchat_protocol::session::{Grant, Login, Refresh, Register};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address::ClientAddress;
use super::caller::Known;
use super::error::{Error, Result};
use super::json::Body;
use crate::actions::{account, session};
use crate::app::Shared;
use crate::auth::Identity;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
}

impl FromRequestParts<Shared> for ClientAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self> {
        parts.extensions.get::<ClientAddress>().copied().ok_or(Code::Internal.into())
    }
}

/// Make an account
///
/// The first account of a server becomes its owner. Where registration is by invitation, `invitation` is the code of one
/// onto the server; where it is open, the code of an invitation into a conversation joins that as well.
#[utoipa::path(
    post,
    path = "/auth/register",
    tag = "auth",
    request_body = Register,
    responses(
        (status = 201, body = Grant, description = "The account is made and signed in."),
        (status = 403, description = "`registration_closed` or `invitation_needed`."),
        (status = 409, description = "`username_taken` or `email_taken`."),
        (status = 410, description = "`invitation_invalid`."),
    )
)]
async fn register(
    State(app): State<Shared>,
    ClientAddress(address): ClientAddress,
    Body(body): Body<Register>,
) -> Result<(StatusCode, Json<Grant>)> {
    Ok((StatusCode::CREATED, Json(account::register(&app, body, address).await?)))
}

/// Sign in
///
/// With a user name or an e-mail address. Whichever of the two is wrong, the answer is the same.
#[utoipa::path(
    post,
    path = "/auth/login",
    tag = "auth",
    request_body = Login,
    responses(
        (status = 200, body = Grant, description = "A new session."),
        (status = 401, description = "`wrong_credentials`."),
        (status = 403, description = "`account_disabled`."),
    )
)]
async fn login(
    State(app): State<Shared>,
    ClientAddress(address): ClientAddress,
    Body(body): Body<Login>,
) -> Result<Json<Grant>> {
    Ok(Json(session::login(&app, body, address).await?))
}

/// Exchange a refresh token
///
/// Each refresh token works once and is answered with the next. One that comes twice is in two hands, so its session ends.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "auth",
    request_body = Refresh,
    responses(
        (status = 200, body = Grant, description = "A new pair of tokens."),
        (status = 401, description = "`unauthorized`, or `session_ended` for a token that was used before."),
    )
)]
async fn refresh(
    State(app): State<Shared>,
    ClientAddress(address): ClientAddress,
    Body(body): Body<Refresh>,
) -> Result<Json<Grant>> {
    Ok(Json(session::refresh(&app, &body.refresh_token, address).await?))
}

/// Whoever asks, whatever their token covers: everybody may put their own token down.
struct Anybody(Identity);

impl FromRequestParts<Shared> for Anybody {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self> {
        match parts.extensions.get::<Known>() {
            Some(Known::Somebody(who)) => Ok(Anybody(*who)),
            Some(Known::Refused(problem)) => Err(problem.clone().into()),
            Some(Known::Nobody) | None => Err(Code::Unauthorized.into()),
        }
    }
}

/// Sign out
///
/// Ends the session that asks; its sockets close at once. A personal access token is revoked.
#[utoipa::path(
    post,
    path = "/auth/logout",
    tag = "auth",
    security(("bearer" = [])),
    responses((status = 204, description = "The session has ended."))
)]
async fn logout(State(app): State<Shared>, Anybody(who): Anybody) -> Result<StatusCode> {
    session::sign_out(&app, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}
