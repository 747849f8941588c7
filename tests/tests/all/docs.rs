//! What the documentation lists is what the code says: tables are generated here and must stand in it word for word.

use std::fmt::Write;

use laserchat_protocol::event::Close;
use laserchat_protocol::{Code, Command};
use laserchat_server::{config, http};
use serde_json::Value;

const API: &str = include_str!("../../../docs/API.md");
const ARCHITECTURE: &str = include_str!("../../../docs/ARCHITECTURE.md");
const OPERATIONS: &str = include_str!("../../../docs/OPERATIONS.md");

#[track_caller]
fn holds(document: &str, name: &str, table: &str) {
    assert!(document.contains(table), "{name} must contain:\n\n{table}");
}

#[test]
fn every_code_of_an_error_is_documented() {
    let mut table = String::from("| code | status | meaning |\n| --- | --- | --- |\n");
    for code in Code::ALL {
        let _ = writeln!(table, "| `{code}` | {} | {} |", code.status(), code.meaning());
    }
    holds(API, "docs/API.md", &table);
}

#[test]
fn every_close_code_is_documented() {
    let mut table = String::from("| code | what it says | come back by itself |\n| --- | --- | --- |\n");
    for close in Close::ALL {
        let resumes = if Close::resumes(close.code()) { "yes" } else { "no" };
        let _ = writeln!(table, "| {} | {} | {resumes} |", close.code(), close.reason());
    }
    holds(API, "docs/API.md", &table);
    holds(ARCHITECTURE, "docs/ARCHITECTURE.md", &table);
}

#[test]
fn every_key_of_the_configuration_is_documented() {
    holds(OPERATIONS, "docs/OPERATIONS.md", &config::reference());
}

#[test]
fn every_call_is_documented() {
    let description: Value = serde_json::from_str(http::openapi_json()).unwrap();
    let mut table = String::from("| call | | scope |\n| --- | --- | --- |\n");
    for (path, calls) in description["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        for method in ["get", "post", "put", "delete"] {
            let Some(call) = calls.get(method) else { continue };
            let summary = call["summary"].as_str().expect("every call has a summary");
            let scope = match call["security"][0]["bearer"].as_array().map(Vec::as_slice) {
                None => "no token",
                Some([scope, ..]) => scope.as_str().unwrap_or_default(),
                Some([]) => "any",
            };
            let _ = writeln!(table, "| `{} {path}` | {summary} | {scope} |", method.to_uppercase());
        }
    }
    holds(API, "docs/API.md", &table);
}

#[test]
fn every_command_and_event_is_documented() {
    let description: Value = serde_json::from_str(http::asyncapi_json()).unwrap();
    let messages = description["components"]["messages"].as_object().unwrap();
    let names = Command::NAMES.into_iter().chain(messages.keys().map(String::as_str));
    for name in names {
        assert!(API.contains(&format!("`{name}`")), "docs/API.md must mention `{name}`");
    }
}
