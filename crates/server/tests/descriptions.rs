//! The descriptions of the API in `docs/` are the ones that the code generates, so that a change of the API is seen in
//! review as a change of these files.

use std::path::Path;

use laserchat_server::http::{asyncapi_json, openapi_json};
use serde_json::Value;

/// `cargo xtask gen` brings the file up to date.
fn same(file: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let line = kept.lines().zip(generated.lines()).position(|(kept, new)| kept != new);
    assert!(
        kept == generated,
        "docs/{file} is not what the code generates (first at line {:?}); run `cargo xtask gen`",
        line.map(|line| line + 1),
    );
}

#[test]
fn the_description_of_http_is_the_generated_one() {
    same("openapi.json", openapi_json());
}

#[test]
fn the_description_of_the_socket_is_the_generated_one() {
    same("asyncapi.json", asyncapi_json());
}

/// Every `$ref` leads somewhere.
fn check_references(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').expect("references are local");
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|value| check_references(document, value));
        }
        Value::Array(items) => items.iter().for_each(|value| check_references(document, value)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere() {
    for text in [openapi_json(), asyncapi_json()] {
        let document: Value = serde_json::from_str(text).expect("the description should be JSON");
        check_references(&document, &document);
    }
}

#[test]
fn every_endpoint_says_who_may_call_it_and_how_it_refuses() {
    let document: Value = serde_json::from_str(openapi_json()).expect("the description should be JSON");
    let paths = document["paths"].as_object().expect("there are paths");
    let mut names = std::collections::HashSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let at = format!("{method} {path}");
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(!name.is_empty() && names.insert(name.to_owned()), "{at} has a name of its own");
            assert!(operation["summary"].is_string() && operation["tags"].is_array(), "{at} is described");
            let open =
                ["/auth/register", "/auth/login", "/auth/refresh", "/server"].iter().any(|end| path.ends_with(end))
                    || at == "get /api/v1/invitations/{code}"
                    || at == "options /api/v1/uploads"
                    || at == "post /api/v1/hooks/{secret}"
                    || ["/confirm-email/{token}", "/unsubscribe/{token}"].iter().any(|end| path.ends_with(end));
            assert_eq!(operation["security"].is_array(), !open, "{at} takes a token");
            let responses = operation["responses"].as_object().expect("there are responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{at} can succeed");
            for status in ["400", "429", "500", "503"] {
                assert!(responses.contains_key(status), "{at} can answer {status}");
            }
            for (status, response) in responses {
                // Not modified is no refusal.
                let refused = !status.starts_with('2') && status != "304";
                let problem =
                    response["$ref"].is_string() || response["content"]["application/problem+json"].is_object();
                assert_eq!(refused, problem, "{at} refuses with problems: {status}");
            }
        }
    }
}
