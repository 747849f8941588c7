//! The few constructs of Helm's templates that the chart uses, so that what it makes can be looked into without Helm.
//!
//! Lines of their own: `{{- if .Path }}`, `{{- if not .Path }}`, `{{- else }}`, `{{- range $name, $value := .Path }}`,
//! `{{- end }}`, `{{ toYaml .Path | indent N }}`. Anywhere: `{{ .Path }}` and `{{ $name }}`, with `| quote` or without.
//! Anything else is an error, so that a template which says more is not taken for understood.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Reads the documents of a YAML text.
pub fn yaml(text: &str) -> Result<Vec<Value>, String> {
    serde_yaml_ng::Deserializer::from_str(text)
        .map(|document| {
            let mut value = serde_yaml_ng::Value::deserialize(document).map_err(|error| error.to_string())?;
            value.apply_merge().map_err(|error| error.to_string())?;
            serde_json::to_value(value).map_err(|error| error.to_string())
        })
        .collect()
}

/// Puts `changes` over `values`, as Helm does with the values of an operator.
pub fn merge(values: &mut Value, changes: &Value) {
    match (values, changes) {
        (Value::Object(values), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(values.entry(name).or_insert(Value::Null), change);
            }
        }
        (values, changes) => *values = changes.clone(),
    }
}

/// What the template makes of these values.
pub fn render(template: &str, scope: &Value) -> Result<String, String> {
    let lines: Vec<&str> = template.lines().collect();
    let mut out = String::new();
    let variables = Map::new();
    let end = block(&lines, 0, scope, &variables, true, &mut out)?;
    if end == lines.len() { Ok(out) } else { Err(format!("line {}: an end without a beginning", end + 1)) }
}

/// Renders from a line to the `else` or `end` that belongs to it; its number.
fn block(
    lines: &[&str],
    mut at: usize,
    scope: &Value,
    variables: &Map<String, Value>,
    shown: bool,
    out: &mut String,
) -> Result<usize, String> {
    while at < lines.len() {
        let line = lines[at];
        let Some(control) = line.trim().strip_prefix("{{-").and_then(|rest| rest.strip_suffix("}}")) else {
            if shown {
                out.push_str(&inline(line, scope, variables).map_err(|error| format!("line {}: {error}", at + 1))?);
                out.push('\n');
            }
            at += 1;
            continue;
        };
        let control = control.trim();
        if control == "else" || control == "end" {
            return Ok(at);
        }
        let inner = if let Some(path) = control.strip_prefix("if ") {
            let (path, wanted) = path.strip_prefix("not ").map_or((path, true), |path| (path, false));
            let holds = is_true(&find(path, scope, variables)?) == wanted;
            let middle = block(lines, at + 1, scope, variables, shown && holds, out)?;
            match lines.get(middle).map(|line| line.trim()) {
                Some("{{- else }}") => block(lines, middle + 1, scope, variables, shown && !holds, out)?,
                _ => middle,
            }
        } else if let Some(rest) = control.strip_prefix("range $name, $value := ") {
            let map = find(rest, scope, variables)?;
            let mut end = block(lines, at + 1, scope, &pair("", &Value::Null), false, &mut String::new())?;
            for (name, value) in map.as_object().into_iter().flatten() {
                end = block(lines, at + 1, scope, &pair(name, value), shown, out)?;
            }
            end
        } else {
            return Err(format!("line {}: `{control}` is not understood", at + 1));
        };
        if lines.get(inner).map(|line| line.trim()) != Some("{{- end }}") {
            return Err(format!("line {}: no end", at + 1));
        }
        at = inner + 1;
    }
    Ok(at)
}

fn pair(name: &str, value: &Value) -> Map<String, Value> {
    Map::from_iter([("$name".to_owned(), Value::from(name)), ("$value".to_owned(), value.clone())])
}

fn inline(line: &str, scope: &Value, variables: &Map<String, Value>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, after) = after.split_once("}}").ok_or("an expression without an end")?;
        out.push_str(before);
        out.push_str(&evaluate(expression.trim(), scope, variables)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn evaluate(expression: &str, scope: &Value, variables: &Map<String, Value>) -> Result<String, String> {
    if let Some(rest) = expression.strip_prefix("toYaml ") {
        let (path, columns) = rest.split_once(" | indent ").ok_or("`toYaml` without `indent`")?;
        let columns: usize = columns.parse().map_err(|_| "`indent` without a number")?;
        let text = serde_yaml_ng::to_string(&find(path, scope, variables)?).map_err(|error| error.to_string())?;
        let lines: Vec<String> = text.trim_end().lines().map(|line| format!("{}{line}", " ".repeat(columns))).collect();
        return Ok(lines.join("\n"));
    }
    let (path, quoted) = expression.strip_suffix(" | quote").map_or((expression, false), |path| (path, true));
    let text = match find(path, scope, variables)? {
        Value::String(text) => text,
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        other => return Err(format!("`{path}` is {other}")),
    };
    Ok(if quoted { Value::from(text).to_string() } else { text })
}

fn find(path: &str, scope: &Value, variables: &Map<String, Value>) -> Result<Value, String> {
    let path = path.trim();
    if let Some(value) = variables.get(path) {
        return Ok(value.clone());
    }
    let names = path.strip_prefix('.').ok_or_else(|| format!("`{path}` is not understood"))?;
    let found = names.split('.').try_fold(scope, |value, name| value.get(name));
    found.cloned().ok_or_else(|| format!("there is no `{path}`"))
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
    }
}
