//! Pages: what the links in mails lead to. They are plain HTML, because whoever opens them may not be signed in, and they
//! change nothing by being looked at, because mail servers open links to see what is behind them.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::letter::escaped;
use super::words::{self, fill};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;\
    color-scheme:light dark}button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}";

/// Nothing is loaded, no script runs, and the only style is the one on the page.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// What a page says.
#[derive(Debug, Clone)]
pub enum Page {
    /// May an account get e-mails at an address?
    Confirm {
        user: String,
        address: String,
    },
    Confirmed,
    /// Shall the digests of an account end?
    Stop {
        user: String,
    },
    Stopped,
    /// The link is of no use.
    Useless,
}

/// A page in a language. What it asks is answered by sending its form to the address that it has itself.
pub fn page(page: &Page, language: Option<&str>) -> Response {
    let words = words::of(language);
    let (text, button) = match page {
        Page::Confirm { user, address } => {
            (fill(words.confirm_question, &[("user", user), ("address", address)]), Some(words.confirm))
        }
        Page::Confirmed => (words.confirmed.to_owned(), None),
        Page::Stop { user } => (fill(words.stop_question, &[("user", user)]), Some(words.stop)),
        Page::Stopped => (words.stopped.to_owned(), None),
        Page::Useless => (words.useless.to_owned(), None),
    };
    let form = button.map(|label| format!("<form method=\"post\"><button>{}</button></form>", escaped(label)));
    let html = format!(
        "<!doctype html><html lang=\"{}\" dir=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>LaserChat</title>\
         <style>{STYLE}</style><p>{}</p>{}</html>\n",
        words.tag,
        if words.right_to_left { "rtl" } else { "ltr" },
        escaped(&text),
        form.unwrap_or_default(),
    );
    let status = if matches!(page, Page::Useless) { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, POLICY.clone()),
    ];
    (status, headers, html).into_response()
}
