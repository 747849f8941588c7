//! The description of the WebSocket (AsyncAPI), generated from the types of commands and events.

use std::sync::LazyLock;

use laserchat_protocol::event::Close;
use laserchat_protocol::{Code, Command, Event};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

/// The description as it is served.
pub fn asyncapi_json() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));
    &TEXT
}

fn document() -> Value {
    let mut schemas = Vec::new();
    Command::schemas(&mut schemas);
    Event::schemas(&mut schemas);
    schemas.push((Command::name().into_owned(), Command::schema()));
    schemas.push((Event::name().into_owned(), Event::schema()));
    let schemas: Map<String, Value> = schemas.into_iter().map(|(name, schema)| (name, spell(&schema))).collect();

    let id = json!({
        "type": "object",
        "properties": { "id": { "$ref": "#/components/schemas/CommandId" } },
    });
    let mut messages = Map::new();
    let (mut commands, mut events) = (Vec::new(), Vec::new());
    for (name, schema) in variants(&Command::schema()) {
        let payload = if name == "hello" { schema } else { json!({ "allOf": [schema, id] }) };
        messages.insert(name.clone(), message(&name, payload));
        commands.push(name);
    }
    for (name, schema) in variants(&Event::schema()) {
        messages.insert(name.clone(), message(&name, schema));
        events.push(name);
    }
    let in_channel = |names: &[String]| -> Vec<Value> {
        let reference = |name: &String| json!({ "$ref": format!("#/channels/socket/messages/{}", pointer(name)) });
        names.iter().map(reference).collect()
    };
    let channel: Map<String, Value> = messages
        .keys()
        .map(|name| (name.clone(), json!({ "$ref": format!("#/components/messages/{}", pointer(name)) })))
        .collect();
    let mut document = json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "LaserChat",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "AGPL-3.0-or-later" },
            "description": about(),
        },
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/api/v1/ws",
                "description": "One JSON object a text frame. The first frame of the client is `hello`.",
                "messages": channel,
                "bindings": { "ws": { "method": "GET", "bindingVersion": "0.1.0" } },
            },
        },
        "operations": {
            "command": {
                "action": "receive",
                "channel": { "$ref": "#/channels/socket" },
                "summary": "What a client asks for. Each has a REST twin with the same semantics.",
                "messages": in_channel(&commands),
            },
            "event": {
                "action": "send",
                "channel": { "$ref": "#/channels/socket" },
                "summary": "What the server tells.",
                "messages": in_channel(&events),
            },
        },
        "components": { "messages": messages, "schemas": schemas },
    });
    super::describe::inline_numbers(&mut document);
    document
}

fn about() -> String {
    let mut text = String::from(
        "The WebSocket of a LaserChat server.\n\nThe client opens with `hello` and its token; the server answers `ready`, \
         replays what was missed after the client's cursors, and says `synced`. A command carries the client's `id` and is \
         answered by an `ack` or an `error` with the same `id`. Conversation events carry a dense `seq`: a gap is visible \
         and is filled from `changes`. Events that a client does not know are safe to ignore.\n\nThe server closes with \
         one of these codes:\n",
    );
    for close in Close::ALL {
        let advice = if Close::resumes(close.code()) { "reconnect and resume" } else { "stop" };
        text.push_str(&format!("\n- `{}`: {} ({advice})", close.code(), close.reason()));
    }
    text.push_str("\n\nErrors carry the codes of the HTTP API:\n");
    for code in Code::ALL {
        text.push_str(&format!("\n- `{code}`: {}", code.meaning()));
    }
    text
}

fn spell<T: serde::Serialize>(schema: &T) -> Value {
    // A schema that cannot be spelled would be seen in the snapshot.
    serde_json::to_value(schema).unwrap_or_default()
}

/// The variants of a tagged enum, by their names on the wire. What stands for the unknown has none.
fn variants<T: serde::Serialize>(schema: &T) -> Vec<(String, Value)> {
    let schema = spell(schema);
    let variants = schema["oneOf"].as_array().cloned().unwrap_or_default();
    let named = |variant: Value| Some((type_name(&variant)?, variant));
    variants.into_iter().filter_map(named).filter(|(name, _)| name != "Unknown").collect()
}

/// What `type` must be in an object, or in one of the parts that it is made of.
fn type_name(schema: &Value) -> Option<String> {
    let own = schema["properties"]["type"]["enum"][0].as_str().map(str::to_owned);
    own.or_else(|| schema["allOf"].as_array()?.iter().find_map(type_name))
}

fn message(name: &str, payload: Value) -> Value {
    json!({ "name": name, "title": name, "payload": payload })
}

/// A name inside a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_described() {
        let names: Vec<String> = variants(&Command::schema()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, Command::NAMES);
    }

    #[test]
    fn events_are_described_by_their_names_on_the_wire() {
        let names: Vec<String> = variants(&Event::schema()).into_iter().map(|(name, _)| name).collect();
        for name in ["ready", "ack", "message.sent", "user.offline", "conversation.behind"] {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        assert!(!names.iter().any(|name| name == "Unknown"));
    }
}
