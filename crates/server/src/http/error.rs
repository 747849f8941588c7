//! How a refusal leaves over HTTP: as `application/problem+json` with the status of its code.

use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use laserchat_core::Refusal;
use laserchat_protocol::{Code, Problem};
use laserchat_store::StoreError;

/// A problem on its way out. It exists because [`Problem`] belongs to the protocol, which knows no HTTP library.
#[derive(Debug)]
pub struct Error(pub Problem);

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The code of a problem, left on the answer for the metrics.
#[derive(Debug, Clone, Copy)]
pub struct Answered(pub Code);

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error(problem)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error(refusal.into())
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Error(code.into())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error(crate::actions::failed(error))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let Error(problem) = self;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Serialising a problem cannot fail; an empty body would still carry the status.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, problem.retry_after.unwrap_or(1).into());
            }
            // What is left of the body is still on its way, so the connection is of no more use.
            StatusCode::REQUEST_TIMEOUT => {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response.extensions_mut().insert(Answered(problem.code));
        response
    }
}

/// A part of the request line or of the headers that has the wrong form.
pub fn invalid(field: impl Into<String>, detail: impl std::fmt::Display) -> Error {
    Problem::invalid(field, detail).into()
}
