//! One's own account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::Code;
use laserchat_protocol::event::OwnChanges;
use laserchat_protocol::user::{Account, AccountUpdate, PasswordChange};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Holder, Reader};
use super::error::Result;
use super::json::Body;
use super::query::{After, Query};
use crate::actions::account;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(get_account, update_account))
        .routes(routes!(change_password))
        .routes(routes!(own_changes))
}

/// One's own account
#[utoipa::path(
    get,
    path = "/me",
    tag = "account",
    security(("bearer" = ["read"])),
    responses((status = 200, body = Account, description = "The account."))
)]
async fn get_account(State(app): State<Shared>, Reader(who): Reader) -> Result<Json<Account>> {
    Ok(Json(app.store.account(who.user).await?.ok_or(Code::Unauthorized)?))
}

/// Change e-mail address, language and privacy
///
/// What is absent stays; `email: null` clears it. An address that is set here is good for signing in, and gets no e-mails
/// until it is confirmed, see `/me/email`. What others see of one is changed at `/users/{id}/profile`.
#[utoipa::path(
    put,
    path = "/me",
    tag = "account",
    security(("bearer" = ["account"])),
    request_body = AccountUpdate,
    responses(
        (status = 200, body = Account, description = "The account."),
        (status = 404, description = "The account is gone."),
        (status = 409, description = "`email_taken`."),
    )
)]
async fn update_account(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<AccountUpdate>,
) -> Result<Json<Account>> {
    Ok(Json(account::update(&app, &who, body).await?))
}

/// Change one's password
///
/// Every other session ends. A wrong current password is `wrong_credentials`.
#[utoipa::path(
    put,
    path = "/me/password",
    tag = "account",
    security(("bearer" = ["account"])),
    request_body = PasswordChange,
    responses(
        (status = 204, description = "The password is changed."),
        (status = 404, description = "The account is gone."),
    )
)]
async fn change_password(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<PasswordChange>,
) -> Result<StatusCode> {
    account::change_password(&app, &who, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own changes
///
/// Memberships, contacts and the account, as far as they changed after a version: each object once, in its present state,
/// as the personal events that the WebSocket pushes.
#[utoipa::path(
    get,
    path = "/me/changes",
    tag = "account",
    security(("bearer" = ["read"])),
    params(After),
    responses((status = 200, body = OwnChanges, description = "The changes, by ascending version."))
)]
async fn own_changes(
    State(app): State<Shared>,
    Reader(who): Reader,
    Query(query): Query<After>,
) -> Result<Json<OwnChanges>> {
    Ok(Json(app.store.own_changes(who.user, query.after(), query.limit()).await?))
}
