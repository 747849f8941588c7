//! The description of the HTTP API (OpenAPI), generated from the handlers.
//!
//! Handlers say what is theirs. What is the same for all is added here, by what an endpoint is: one that takes a token can
//! be refused for it, one that takes a body can be sent too much, and so on.

use std::sync::LazyLock;

use laserchat_protocol::search::SearchType;
use laserchat_protocol::{Code, Problem};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::idempotency;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "LaserChat",
        description = "The HTTP API of a LaserChat server.\n\n\
            Sign in at `/auth/login`, and send the access token as `Authorization: Bearer …`; a token in a URL is never \
            accepted. Ids are strings, times are RFC 3339 in UTC, lists are `{items, next}`. Unknown fields are ignored. \
            Every refusal is a problem (RFC 9457) with a stable `code`. Every answer carries `X-Request-Id` and, where \
            requests are limited, `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`. A POST that creates honours `Idempotency-Key`. \
            Live events come over the WebSocket, which `/api/v1/asyncapi.json` describes.",
    ),
    components(schemas(Problem, SearchType)),
    tags(
        (name = "server", description = "The server itself."),
        (name = "auth", description = "Making an account and signing in."),
        (name = "account", description = "One's own account."),
        (name = "sessions", description = "The devices one is signed in on."),
        (name = "tokens", description = "Personal access tokens, for one's own programs."),
        (name = "bots", description = "Accounts for programs."),
        (name = "users", description = "People and bots as others see them."),
        (name = "contacts", description = "Contacts, requests and blocks."),
        (name = "conversations", description = "Direct conversations, groups and channels."),
        (name = "members", description = "Who is in a conversation, and as what."),
        (name = "invitations", description = "Links into a conversation or onto the server."),
        (name = "messages", description = "Messages and what one has read of them."),
        (name = "notifications", description = "What one wants to be told of, what one was told of, and the devices that take pushes."),
        (name = "reactions", description = "Reactions to a message."),
        (name = "pins", description = "Messages that a conversation keeps at hand."),
        (name = "polls", description = "Questions that a conversation votes on."),
        (name = "emoji", description = "Custom emoji."),
        (name = "drafts", description = "What one has begun to write."),
        (name = "scheduled", description = "Messages that are sent later."),
        (name = "reminders", description = "What one wants to be told at a time."),
        (name = "saved", description = "Messages that one wants to find again."),
        (name = "threads", description = "Replies under a message."),
        (name = "files", description = "Uploads, and the files that they become."),
        (name = "search", description = "Messages, files, people and channels."),
        (name = "commands", description = "Slash commands, which bots answer."),
        (name = "webhooks", description = "Other programs that post here, or are told what happens."),
        (name = "events", description = "Live events where WebSockets are blocked."),
        (name = "admin", description = "Administering the server."),
    )
)]
struct Frame;

/// What the routes are put into.
pub(super) fn frame() -> utoipa::openapi::OpenApi {
    let mut frame = Frame::openapi();
    frame.info.version = env!("CARGO_PKG_VERSION").to_owned();
    frame.info.license = Some(utoipa::openapi::LicenseBuilder::new().name("AGPL-3.0-or-later").build());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An access token, or a personal access token with the scope that the endpoint names."))
        .build();
    let components = frame.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    frame
}

/// The description as it is served.
pub fn openapi_json() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let described = super::described().into_openapi();
        // A description that cannot be spelled is found by the snapshot test, so nobody is ever served this null.
        let mut document = serde_json::to_value(&described).unwrap_or_default();
        complete(&mut document);
        tidy(&mut document["components"]["schemas"]);
        inline_numbers(&mut document);
        format!("{document:#}\n")
    });
    &TEXT
}

/// Refusals that are the same everywhere: status and codes.
const COMMON: [(u16, &[Code]); 12] = [
    (400, &[Code::InvalidRequest, Code::MalformedJson, Code::TooDeep]),
    (401, &[Code::Unauthorized, Code::TokenExpired, Code::SessionEnded]),
    (403, &[Code::Forbidden, Code::ScopeMissing, Code::AccountDisabled]),
    (404, &[Code::NotFound]),
    (408, &[Code::BodyTimeout]),
    (409, &[Code::IdempotencyConflict]),
    (413, &[Code::TooLarge]),
    (415, &[Code::UnsupportedMediaType]),
    (422, &[Code::InvalidField, Code::InvalidText]),
    (429, &[Code::RateLimited]),
    (500, &[Code::Internal]),
    (503, &[Code::Unavailable]),
];

fn complete(document: &mut Value) {
    let mut responses = Map::new();
    for (status, codes) in COMMON {
        let description: Vec<String> = codes.iter().map(|code| format!("`{code}`: {}", code.meaning())).collect();
        responses.insert(name(status), problem(&description.join(" ")));
    }
    document["components"]["responses"] = Value::Object(responses);
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() {
                complete_operation(path, method, operation);
            }
        }
    }
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let known = operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty());
    let body = operation["requestBody"].is_object();
    let keyed = axum::http::Method::from_bytes(method.to_uppercase().as_bytes())
        .is_ok_and(|method| idempotency::applies(&method, path));
    let mut statuses = vec![400, 429, 500, 503];
    if known {
        statuses.extend([401, 403]);
    }
    if path.contains('{') && known {
        statuses.push(404);
    }
    if body || keyed {
        statuses.extend([408, 413]);
    }
    if body {
        statuses.extend([415, 422]);
    }
    if keyed {
        statuses.push(409);
        let key = json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "Repeating the request with the same key answers as the first time, for a day.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" },
        });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut() {
        if status.starts_with(['4', '5']) {
            let also = status.parse().ok().filter(|status| statuses.contains(status)).and_then(codes);
            let mut description = response["description"].as_str().unwrap_or_default().to_owned();
            for code in also.unwrap_or_default().iter().map(|code| format!("`{code}`")) {
                if !description.contains(&code) {
                    description.push_str(&format!(" Or {code}."));
                }
            }
            *response = problem(&description);
        }
    }
    for status in statuses {
        let reference = json!({ "$ref": format!("#/components/responses/{}", name(status)) });
        responses.entry(status.to_string()).or_insert(reference);
    }
    // In a map of JSON the keys are in order already; what was added last stands last otherwise.
    responses.sort_keys();
}

/// Pages name what they hold, instead of spelling it out again.
fn tidy(schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        if let Some(held) = name.strip_prefix("Page_").filter(|held| names.iter().any(|name| name == held)) {
            schema["properties"]["items"]["items"] = json!({ "$ref": format!("#/components/schemas/{held}") });
        }
    }
}

/// Seqs and versions are type aliases, which the generator takes for a schema called `u64`: they become numbers again.
pub(super) fn inline_numbers(document: &mut Value) {
    const NUMBER: &str = "#/components/schemas/u64";
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.remove("u64");
    }
    fn walk(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if fields.get("$ref").is_some_and(|reference| reference == NUMBER) {
                    fields.remove("$ref");
                    fields.insert("type".into(), "integer".into());
                    fields.insert("format".into(), "int64".into());
                    fields.insert("minimum".into(), 0.into());
                }
                fields.values_mut().for_each(walk);
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(document);
}

fn codes(status: u16) -> Option<&'static [Code]> {
    COMMON.iter().find(|row| row.0 == status).map(|row| row.1)
}

fn name(status: u16) -> String {
    format!("Refused{status}")
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}
