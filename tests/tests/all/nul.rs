//! U+0000 in every string that a client can send, as the description of the API tells them: it is refused or taken, alike on
//! both databases (one of which cannot hold it), and the server never fails.

use laserchat_ground::postgres::shared;
use laserchat_tests::upload::{ready, upload};
use laserchat_tests::{Person, Socket, TestServer, person};
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio_tungstenite::tungstenite::Message;

const SPOILED: &str = "a\0b";
const SPOILED_IN_URL: &str = "a%00b";

/// The API's description, and things that exist to ask it about.
struct Api {
    description: Value,
    caller: Person,
    /// By the name of a property, or by what comes before an id in a path.
    real: Map<String, Value>,
}

impl Api {
    async fn of(server: &TestServer) -> Api {
        let [caller, other] = server.people(["caller", "other"]).await;
        let conversation = caller.group("here", &[&other]).await;
        let message = caller.say(&conversation, "first", "first").await["id"].clone();
        let file = upload(&caller, "a.txt", b"bytes").await;
        ready(&caller, &file).await;
        let real = json!({
            "conversation_id": conversation, "conversations": conversation,
            "message_id": message, "parent_id": message, "messages": message, "saved": message,
            "user_id": other.id, "users": other.id, "members": other.id, "contacts": other.id, "blocks": other.id,
            "file_id": file, "files": file,
            "url": "https://example.org/", "email": "caller@example.org", "time_zone": "Europe/Berlin",
            "send_at": "2035-01-01T00:00:00.000Z", "remind_at": "2035-01-01T00:00:00.000Z",
        });
        let description = caller.get("/openapi.json").await.expect(200);
        let Value::Object(real) = real else { unreachable!("it is one") };
        Api { description, caller, real }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self.description.pointer(&place[1..]).expect("what is named is described"),
            None => schema,
        }
    }

    /// A value that fits a schema, with everything that may be in it.
    fn sample(&self, name: &str, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if let Some(all) = schema["allOf"].as_array() {
            let parts = all.iter().filter_map(|part| self.sample(name, part, depth).as_object().cloned());
            return Value::Object(parts.flatten().collect());
        }
        for either in ["oneOf", "anyOf"] {
            let some = schema[either].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
            if let Some(one) = some {
                return self.sample(name, one, depth);
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| **kind != "null").cloned().unwrap_or_default(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("object") if depth < 8 => {
                let properties = schema["properties"].as_object().into_iter().flatten();
                properties.map(|(name, schema)| (name.clone(), self.sample(name, schema, depth + 1))).collect()
            }
            Some("array") => json!([self.sample(name, &schema["items"], depth + 1)]),
            Some("integer" | "number") => schema["minimum"].as_i64().unwrap_or(1).max(1).into(),
            Some("boolean") => false.into(),
            Some("string") => match (schema["enum"].get(0), self.real.get(name)) {
                (Some(one), _) => one.clone(),
                (None, Some(real)) => real.clone(),
                (None, None) => "words".into(),
            },
            _ => Value::Null,
        }
    }

    /// The path with things that exist in the places of its parameters; in one of them, if it says which, what is wrong.
    fn filled(&self, path: &str, spoiled: Option<usize>) -> String {
        let parts: Vec<&str> = path.split('/').collect();
        let one = |at: usize| match (parts[at].starts_with('{'), spoiled == Some(at)) {
            (false, _) => parts[at],
            (true, true) => SPOILED_IN_URL,
            (true, false) => at.checked_sub(1).and_then(|at| self.real.get(parts[at])?.as_str()).unwrap_or("1"),
        };
        (0..parts.len()).map(one).collect::<Vec<_>>().join("/")
    }

    /// Every request with one string that is wrong: its method, its path and its body.
    fn requests(&self) -> Vec<(Method, String, Option<Value>)> {
        let mut requests = Vec::new();
        for (path, operations) in self.description["paths"].as_object().expect("paths") {
            let path = path.strip_prefix("/api/v1").unwrap_or(path);
            for (method, operation) in operations.as_object().expect("operations") {
                let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                let body = (!schema.is_null()).then(|| self.sample("", schema, 0));
                for (at, part) in path.split('/').enumerate() {
                    if part.starts_with('{') {
                        requests.push((method.clone(), self.filled(path, Some(at)), body.clone()));
                    }
                }
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let parameter = self.resolved(parameter);
                    if parameter["in"] == "query" {
                        let name = parameter["name"].as_str().expect("a name");
                        let path = format!("{}?{name}={SPOILED_IN_URL}", self.filled(path, None));
                        requests.push((method.clone(), path, body.clone()));
                    }
                }
                for pointer in strings(body.as_ref().unwrap_or(&Value::Null)) {
                    let mut body = body.clone().expect("it has strings");
                    *body.pointer_mut(&pointer).expect("it is there") = SPOILED.into();
                    requests.push((method.clone(), self.filled(path, None), Some(body)));
                }
            }
        }
        requests
    }

    fn commands(&self) -> Vec<Value> {
        let (here, message) = (&self.real["conversation_id"], &self.real["message_id"]);
        vec![
            json!({ "type": "message.send", "conversation_id": SPOILED, "client_id": "one", "body": "words" }),
            json!({ "type": "message.send", "conversation_id": here, "client_id": SPOILED, "body": "words" }),
            json!({ "type": "message.send", "conversation_id": here, "client_id": "two", "body": SPOILED }),
            json!({ "type": "message.send", "conversation_id": here, "client_id": "3", "body": "", "files": [SPOILED] }),
            json!({ "type": "message.send", "conversation_id": here, "client_id": "4", "body": "", "parent_id": SPOILED }),
            json!({ "type": "message.edit", "message_id": message, "body": SPOILED }),
            json!({ "type": "message.delete", "message_id": SPOILED }),
            json!({ "type": "reaction.add", "message_id": message, "emoji": SPOILED }),
            json!({ "type": "reaction.remove", "message_id": message, "emoji": SPOILED }),
            json!({ "type": "cursor.read", "conversation_id": SPOILED, "seq": 1 }),
            json!({ "type": "typing.start", "conversation_id": SPOILED }),
            json!({ "type": "presence.set", "activity": SPOILED }),
            json!({ "type": "presence.watch", "user_ids": [SPOILED] }),
        ]
    }

    /// What came of each.
    async fn outcomes(&self) -> Vec<(String, String)> {
        let mut outcomes = Vec::new();
        for (method, path, body) in self.requests() {
            // The streams do not end, and without a session there is nobody to ask any more.
            if path.starts_with("/events") || path.starts_with("/ws") || path.starts_with("/auth/logout") {
                continue;
            }
            let answer = person::call(
                &person::http(),
                &self.caller.address,
                method.clone(),
                &path,
                Some(&self.caller.token),
                body.clone(),
            )
            .await;
            let body = body.map(|body| body.to_string()).unwrap_or_default();
            let asked = self.anonymous(&format!("{method} {path} {body}"));
            assert_ne!(answer.status.as_u16(), 500, "{asked}: {:#}", answer.body);
            outcomes.push((asked, format!("{} {}", answer.status.as_u16(), answer.body["code"])));
        }
        let mut socket = self.caller.connect().await;
        for (id, mut command) in self.commands().into_iter().enumerate() {
            command["id"] = json!(id);
            socket.raw(Message::text(command.to_string())).await;
            let answer = answer_to(&mut socket, id).await;
            outcomes.push((self.anonymous(&command.to_string()), format!("{} {}", answer["type"], answer["code"])));
        }
        for (key, value) in [("filename", SPOILED), ("purpose", SPOILED), ("voice", SPOILED)] {
            use base64::Engine;
            let metadata = format!("{key} {}", base64::prelude::BASE64_STANDARD.encode(value));
            let headers = [("upload-length", "5"), ("upload-metadata", &*metadata), ("tus-resumable", "1.0.0")];
            let answer = self.caller.tus().post(&headers, b"").await;
            outcomes.push((metadata.clone(), answer.status().to_string()));
        }
        outcomes
    }

    /// Without the ids, which are others on every server.
    fn anonymous(&self, text: &str) -> String {
        let ids = self.real.iter().filter(|(name, _)| name.ends_with("_id"));
        ids.fold(text.to_owned(), |text, (name, id)| text.replace(id.as_str().expect("an id"), name))
    }
}

/// Where there are strings in a value.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(_) => vec![String::new()],
        Value::Array(items) => {
            let below = items.iter().enumerate().map(|(at, item)| (at.to_string(), item));
            below.flat_map(|(at, item)| strings(item).into_iter().map(move |rest| format!("/{at}{rest}"))).collect()
        }
        Value::Object(items) => items
            .iter()
            .flat_map(|(at, item)| strings(item).into_iter().map(move |rest| format!("/{at}{rest}")))
            .collect(),
        _ => Vec::new(),
    }
}

async fn answer_to(socket: &mut Socket, id: usize) -> Value {
    loop {
        let event = socket.next().await.expect("the connection holds");
        if event["id"] == json!(id) {
            return event;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nul_is_refused_or_taken_alike_and_never_a_failure() {
    let here = TestServer::start().await;
    let outcomes = Api::of(&here).await.outcomes().await;
    assert!(outcomes.len() > 150, "{}", outcomes.len());
    let database = tokio::task::spawn_blocking(|| Some(shared()?.database())).await.expect("a database");
    let Some(database) = database else { return };
    let there = TestServer::with(&[("DATABASE_URL", &database.url)]).await;
    let others = Api::of(&there).await.outcomes().await;
    for (here, there) in outcomes.iter().zip(&others) {
        assert_eq!(here, there);
    }
    assert_eq!(outcomes.len(), others.len());
}
