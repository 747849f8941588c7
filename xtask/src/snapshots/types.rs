//! The wire's types in TypeScript, written from the descriptions of the API and the constants of the protocol.
//!
//! A field that an answer always has is `name: T`, or `name: T | null` where it may be empty; `name?:` stands where
//! the field can be missing. Descriptions become comments, so that an editor shows what the Rust source says.

use std::collections::BTreeMap;

use laserchat_protocol::event::Close;
use laserchat_protocol::limits;
use serde_json::Value;

/// Longer lines of fields are written one below the other.
const WIDTH: usize = 120;

/// Lists of everything are one generic type instead of one type for each thing.
const PAGE: &str = "Page_";

/// What stands for an event from a newer server; in TypeScript that is every other `type`.
const UNKNOWN: &str = "Unknown";

/// The whole file, from the two descriptions that the server prints.
pub fn typescript(openapi: &Value, asyncapi: &Value) -> String {
    let mut schemas = BTreeMap::new();
    let mut page = None;
    for document in [openapi, asyncapi] {
        for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
            if name.starts_with(PAGE) {
                page = Some(schema);
            } else {
                schemas.insert(name.as_str(), schema);
            }
        }
    }
    let mut text = String::from("// Generated from crates/protocol by `cargo xtask gen`. Do not edit.\n");
    for (name, schema) in schemas {
        text.push_str(&declaration(name, schema));
    }
    if let Some(page) = page {
        let mut page = page.clone();
        page["properties"]["items"]["items"] = serde_json::json!({ "$ref": "T" });
        text.push_str(&declaration("Page<T>", &page));
    }
    text.push_str(
        "\n/** The `type` of everything that a client asks for. */\nexport type CommandType = Command['type'];\n",
    );
    text.push_str("\n/** The `type` of everything that the server tells. */\nexport type EventType = Event['type'];\n");
    let limits = limits::ALL.iter().map(|(name, value, about)| (camel(name), *value, (*about).to_owned()));
    text.push_str(&constants("limits", "What the server accepts at most, and how it counts.", limits));
    let about = "Why a socket was closed: after 40xx a client connects again and resumes, after 41xx it stops.";
    let codes = Close::ALL.map(|close| (lower_first(&format!("{close:?}")), close.code().into(), sentence(close)));
    text.push_str(&constants("closeCodes", about, codes.into_iter()));
    text
}

fn declaration(name: &str, schema: &Value) -> String {
    let about = schema["description"].as_str().map(|text| comment(text, "")).unwrap_or_default();
    let value = match schema["oneOf"].as_array() {
        Some(variants) if variants.iter().any(|variant| variant["type"] == "object" || variant["allOf"].is_array()) => {
            union(variants)
        }
        _ => format!(" {}", spell(schema, Layout::Lines)),
    };
    let line = format!("export type {name} ={value};");
    if line.len() <= WIDTH || line.contains('\n') {
        return format!("\n{about}{line}\n");
    }
    // Words to choose from, one below the other.
    let words: String = value.split('|').map(|word| format!("\n  | {}", word.trim())).collect();
    format!("\n{about}export type {name} ={words};\n")
}

/// The variants of a tagged enum, one below the other with what is said of each.
fn union(variants: &[Value]) -> String {
    let mut text = String::new();
    for variant in variants.iter().filter(|variant| !is_unknown(variant)) {
        let about = variant["description"].as_str().map(|text| comment(text, "  ")).unwrap_or_default();
        let spelled = spell(variant, Layout::Line);
        let spelled = if variant["allOf"].is_array() { format!("({spelled})") } else { spelled };
        text.push_str(&format!("\n{about}  | {spelled}"));
    }
    text
}

fn is_unknown(variant: &Value) -> bool {
    variant["properties"]["type"]["enum"][0] == UNKNOWN
}

/// Whether the fields of an object stand below each other, with their descriptions.
#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Lines,
    Line,
}

fn spell(schema: &Value, layout: Layout) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return name.strip_prefix(PAGE).map_or(name.to_owned(), |held| format!("Page<{held}>"));
    }
    if let Some(values) = schema["enum"].as_array() {
        let words: Vec<String> = values.iter().filter_map(Value::as_str).map(|word| format!("'{word}'")).collect();
        return words.join(" | ");
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts: Vec<String> = parts.iter().map(|part| spell(part, layout)).collect();
        return parts.join(" & ");
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let mut words: Vec<String> = variants.iter().map(|variant| spell(variant, layout)).collect();
        // The generator says "or nothing" first.
        words.sort_by_key(|word| word == "null");
        return words.join(" | ");
    }
    if let Some(kinds) = schema["type"].as_array() {
        let words: Vec<String> = kinds.iter().map(|kind| simple(kind, schema, layout)).collect();
        return words.join(" | ");
    }
    simple(&schema["type"], schema, layout)
}

fn simple(kind: &Value, schema: &Value, layout: Layout) -> String {
    match kind.as_str() {
        Some("integer" | "number") => "number".to_owned(),
        Some("array") => {
            let held = spell(&schema["items"], Layout::Line);
            if held.contains(' ') { format!("({held})[]") } else { format!("{held}[]") }
        }
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("Record<string, {}>", spell(&schema["additionalProperties"], Layout::Line))
        }
        Some("object") => object(schema, layout),
        Some(other) => other.to_owned(),
        None => "unknown".to_owned(),
    }
}

fn object(schema: &Value, layout: Layout) -> String {
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines = String::new();
    let mut words = Vec::new();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let mark = if required.iter().any(|required| required == name) { "" } else { "?" };
        let line = format!("{name}{mark}: {}", spell(field, Layout::Line));
        lines.push_str(&described(field).map(|text| comment(text, "  ")).unwrap_or_default());
        lines.push_str(&format!("  {line};\n"));
        words.push(line);
    }
    match layout {
        Layout::Line => format!("{{ {} }}", words.join("; ")),
        Layout::Lines => format!("{{\n{lines}}}"),
    }
}

/// What is said of a field: of one that may be empty it stands beside its type.
fn described(field: &Value) -> Option<&str> {
    let inner = || field["oneOf"].as_array()?.iter().find_map(|variant| variant["description"].as_str());
    field["description"].as_str().or_else(inner)
}

fn constants(name: &str, about: &str, values: impl Iterator<Item = (String, u64, String)>) -> String {
    let lines: String =
        values.map(|(key, value, about)| format!("{}  {key}: {value},\n", comment(&about, "  "))).collect();
    format!("\n{}export const {name} = {{\n{lines}}} as const;\n", comment(about, ""))
}

fn comment(text: &str, indent: &str) -> String {
    let text = text.replace("*/", "*\\/");
    let one = format!("{indent}/** {text} */\n");
    if !text.contains('\n') && one.len() <= WIDTH + 1 {
        return one;
    }
    let lines = text.lines().flat_map(|line| wrapped(line, WIDTH - indent.len() - 3));
    let lines: String = lines.map(|line| format!("{}\n", format!("{indent} * {line}").trim_end())).collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

/// A line cut at spaces so that each part fits; what belongs to a list's entry stays under it.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut done = Vec::new();
    let mut part = String::new();
    for word in line.split(' ') {
        if !part.is_empty() && part.chars().count() + 1 + word.chars().count() > width {
            done.push(std::mem::replace(&mut part, format!("{indent}{word}")));
        } else {
            let space = if part.is_empty() { "" } else { " " };
            part.push_str(&format!("{space}{word}"));
        }
    }
    done.push(part);
    done
}

fn camel(name: &str) -> String {
    let words = name.split('_').map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()));
    lower_first(&words.collect::<String>())
}

fn lower_first(name: &str) -> String {
    format!("{}{}", name[..1].to_lowercase(), &name[1..])
}

fn sentence(close: Close) -> String {
    let reason = close.reason();
    format!("{}{}.", reason[..1].to_uppercase(), &reason[1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spelled(schema: Value) -> String {
        spell(&schema, Layout::Line)
    }

    #[test]
    fn schemas_become_types() {
        assert_eq!(spelled(json!({ "type": "integer", "minimum": 0 })), "number");
        assert_eq!(spelled(json!({ "type": ["string", "null"] })), "string | null");
        let nothing_or = json!({ "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/User" }] });
        assert_eq!(spelled(nothing_or.clone()), "User | null");
        assert_eq!(spelled(json!({ "type": "array", "items": nothing_or })), "(User | null)[]");
        assert_eq!(spelled(json!({ "$ref": "#/components/schemas/Page_User" })), "Page<User>");
        let map = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
        assert_eq!(spelled(map), "Record<string, number>");
    }

    #[test]
    fn a_field_that_can_be_missing_has_a_mark() {
        let object = json!({
            "type": "object",
            "properties": { "a": { "type": "string" }, "b": { "type": ["string", "null"], "description": "B." } },
            "required": ["a"],
        });
        assert_eq!(spelled(object.clone()), "{ a: string; b?: string | null }");
        assert_eq!(
            declaration("X", &object),
            "\nexport type X = {\n  a: string;\n  /** B. */\n  b?: string | null;\n};\n"
        );
    }

    #[test]
    fn the_variants_of_an_enum_stand_below_each_other_without_the_unknown() {
        let tag = |name: &str| json!({ "type": "object", "properties": { "type": { "enum": [name] } }, "required": ["type"] });
        let with = json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, tag("a.b")] });
        let text = declaration("E", &json!({ "oneOf": [with, tag("c"), tag(UNKNOWN)] }));
        assert_eq!(text, "\nexport type E =\n  | (A & { type: 'a.b' })\n  | { type: 'c' };\n");
    }

    #[test]
    fn names_and_comments_are_those_of_the_language() {
        assert_eq!(camel("PINS_PER_CONVERSATION"), "pinsPerConversation");
        assert_eq!(lower_first("GoingAway"), "goingAway");
        assert_eq!(comment("A */ b.", ""), "/** A *\\/ b. */\n");
        assert_eq!(comment("A.\n\nB.", "  "), "  /**\n   * A.\n   *\n   * B.\n   */\n");
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("- one two three", 9), ["- one two", "  three"]);
    }
}
