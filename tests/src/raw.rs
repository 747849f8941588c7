//! Requests with nothing added, for what [`Person`] would do right.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::person::http;
use crate::{Person, TestServer};

pub fn raw(server: &TestServer, method: Method, path: &str) -> RequestBuilder {
    http().request(method, format!("http://{}{path}", server.address()))
}

/// The status and code of a refusal, which must be a problem.
pub async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Value = response.json().await.expect("a problem");
    assert_eq!(problem["status"], status);
    (status, text(&problem["code"]).to_owned())
}

#[track_caller]
pub fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// The same person with another token.
pub fn with_token(person: &Person, token: &Value) -> Person {
    let mut other = person.clone();
    other.token = text(token).to_owned();
    other
}
