//! The address for e-mails, and the pages that links in mails lead to.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::Response;
use laserchat_protocol::Code;
use laserchat_protocol::user::{Account, EmailChange};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Holder;
use super::error::{Answered, Result};
use super::json::Body;
use super::path::Id;
use crate::actions::email::{self, Shown};
use crate::app::Shared;
use crate::mail::{Page, page};

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(change_email))
        .routes(routes!(show_confirm_email, confirm_email))
        .routes(routes!(show_unsubscribe, unsubscribe))
}

/// Have an e-mail address confirmed
///
/// Sends a link to the address. Once somebody has followed it there, the address is the account's (`email`, with
/// `email_confirmed`); until then it is `email_waiting`, and a new request takes the place of the one before. Digests go to
/// confirmed addresses only. A wrong password is `wrong_credentials`; a server without a mail server answers `not_found`.
#[utoipa::path(
    put,
    path = "/me/email",
    tag = "account",
    security(("bearer" = ["account"])),
    request_body = EmailChange,
    responses(
        (status = 200, body = Account, description = "The account."),
        (status = 404, description = "This server sends no e-mails."),
        (status = 409, description = "`email_taken`: another account has confirmed it."),
    )
)]
async fn change_email(
    State(app): State<Shared>,
    Holder(who): Holder,
    Body(body): Body<EmailChange>,
) -> Result<Json<Account>> {
    Ok(Json(email::request(&app, &who, body).await?))
}

/// Ask whether to confirm an address
///
/// The page behind the link in a mail. Looking at it changes nothing.
#[utoipa::path(
    get,
    path = "/confirm-email/{token}",
    tag = "account",
    params(("token" = String, Path, description = "The token of the link.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page with a button."),
        (status = 404, description = "The link is of no use any more."),
    )
)]
async fn show_confirm_email(State(app): State<Shared>, headers: HeaderMap, Id(token): Id<String>) -> Result<Response> {
    shown(&headers, email::ask_confirm(&app, &token).await?)
}

/// Confirm an address
#[utoipa::path(
    post,
    path = "/confirm-email/{token}",
    tag = "account",
    params(("token" = String, Path, description = "The token of the link.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page that says so."),
        (status = 404, description = "The link is of no use any more."),
    )
)]
async fn confirm_email(State(app): State<Shared>, headers: HeaderMap, Id(token): Id<String>) -> Result<Response> {
    shown(&headers, email::confirm(&app, &token).await?)
}

/// Ask whether to stop digests by e-mail
///
/// The page behind the link in a digest. Looking at it changes nothing.
#[utoipa::path(
    get,
    path = "/unsubscribe/{token}",
    tag = "notifications",
    params(("token" = String, Path, description = "The token of the link.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page with a button."),
        (status = 404, description = "There is no such link."),
    )
)]
async fn show_unsubscribe(State(app): State<Shared>, headers: HeaderMap, Id(token): Id<String>) -> Result<Response> {
    shown(&headers, email::ask_stop(&app, &token).await?)
}

/// Stop digests by e-mail
///
/// One click (RFC 8058): needs nothing but the token, and may be repeated.
#[utoipa::path(
    post,
    path = "/unsubscribe/{token}",
    tag = "notifications",
    params(("token" = String, Path, description = "The token of the link.")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page that says so."),
        (status = 404, description = "There is no such link."),
    )
)]
async fn unsubscribe(State(app): State<Shared>, headers: HeaderMap, Id(token): Id<String>) -> Result<Response> {
    shown(&headers, email::stop(&app, &token).await?)
}

/// A link that is of no use is a page for people and a problem for programs.
fn shown(headers: &HeaderMap, (what, language): Shown) -> Result<Response> {
    let mut response = page(&what, language.as_deref());
    if matches!(what, Page::Useless) {
        let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !accepted.contains("text/html") {
            return Err(Code::NotFound.into());
        }
        response.extensions_mut().insert(Answered(Code::NotFound));
    }
    Ok(response)
}
