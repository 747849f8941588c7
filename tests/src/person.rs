//! A person with an account, who speaks plain JSON over HTTP, as a stranger's client would.

use laserchat_client::api::Api;
use laserchat_client::protocol::session::{Device, Grant, Register};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::Socket;

pub const PASSWORD: &str = "correct horse battery";

#[derive(Clone)]
pub struct Person {
    pub address: String,
    pub id: String,
    pub username: String,
    pub token: String,
    pub refresh_token: String,
    http: Client,
}

/// A status and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }

    /// A refusal that must have this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{:#}", self.body);
        self.body
    }
}

/// Plain HTTP: test servers speak nothing else.
pub fn http() -> Client {
    // The client library wants to know about TLS even where none is spoken; installing it twice is harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().expect("an HTTP client")
}

/// A new account, in the hands of the client library.
pub async fn account(address: &str, username: &str) -> (Api, Grant) {
    let api = Api::new(&format!("http://{address}")).expect("a usable address");
    let register = Register {
        username: username.into(),
        password: PASSWORD.into(),
        email: None,
        display_name: None,
        invitation: None,
        device: Device::default(),
    };
    let grant = api.register(&register).await.expect("registered");
    (api, grant)
}

impl Person {
    pub async fn register(address: &str, username: &str) -> Person {
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = call(&http(), address, Method::POST, "/auth/register", None, Some(body)).await;
        Person::from_grant(address, answer.expect(201))
    }

    /// The same person on another device.
    pub async fn login(&self) -> Person {
        let body = json!({ "login": self.username, "password": PASSWORD });
        let answer = call(&http(), &self.address, Method::POST, "/auth/login", None, Some(body)).await;
        Person::from_grant(&self.address, answer.expect(200))
    }

    pub fn from_grant(address: &str, grant: Value) -> Person {
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        Person {
            address: address.to_owned(),
            id: text(&grant["user"]["id"]),
            username: text(&grant["user"]["username"]),
            token: text(&grant["access_token"]),
            refresh_token: text(&grant["refresh_token"]),
            http: http(),
        }
    }

    /// The same person at another server of the same cluster.
    pub fn at(&self, address: &str) -> Person {
        Person { address: address.to_owned(), ..self.clone() }
    }

    /// The same account with another token.
    pub fn with_token(&self, token: &Value) -> Person {
        Person { token: token.as_str().expect("a token").to_owned(), ..self.clone() }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        call(&self.http, &self.address, method, path, Some(&self.token), body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// The direct conversation with somebody; its id.
    pub async fn direct(&self, other: &Person) -> String {
        let answer = self.post("/conversations", json!({ "type": "direct", "members": [other.id] })).await;
        answer.body["id"].as_str().unwrap_or_else(|| panic!("no conversation: {:#}", answer.body)).to_owned()
    }

    /// A new group with these people; its id.
    pub async fn group(&self, name: &str, others: &[&Person]) -> String {
        let members: Vec<&str> = others.iter().map(|person| person.id.as_str()).collect();
        let answer = self.post("/conversations", json!({ "type": "group", "name": name, "members": members })).await;
        answer.expect(201)["id"].as_str().expect("an id").to_owned()
    }

    /// Sends over HTTP; the message.
    pub async fn say(&self, conversation: &str, client_id: &str, body: &str) -> Value {
        let send = json!({ "client_id": client_id, "body": body });
        self.post(&format!("/conversations/{conversation}/messages"), send).await.expect(201)
    }

    /// Everything in a conversation, oldest first.
    pub async fn history(&self, conversation: &str) -> Vec<Value> {
        let mut messages = Vec::new();
        let mut after = 0;
        loop {
            let page =
                self.get(&format!("/conversations/{conversation}/messages?after={after}&limit=200")).await.expect(200);
            let items = page["items"].as_array().expect("items");
            let Some(last) = items.last() else { return messages };
            after = last["seq"].as_u64().expect("a seq");
            messages.extend(items.iter().cloned());
        }
    }

    /// A WebSocket that has said hello and is ready.
    pub async fn connect(&self) -> Socket {
        Socket::hello(&self.address, json!({ "token": self.token })).await.expect("the server is ready").0
    }
}

pub async fn call(
    http: &Client,
    address: &str,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> Answer {
    let mut request = http.request(method, format!("http://{address}/api/v1{path}"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let bytes = response.bytes().await.expect("a body");
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
    Answer { status, body }
}
