//! Uploading by tus, request by request, so that each can be wrong.

use std::path::PathBuf;

use laserchat_server::blobs::name::hex;
use reqwest::{Body, Client, Method, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::person::http;
use crate::{Person, TestServer};

/// Somebody who uploads.
#[derive(Clone)]
pub struct Tus {
    pub address: String,
    pub token: Option<String>,
    pub http: Client,
}

impl Person {
    pub fn tus(&self) -> Tus {
        Tus { address: self.address.clone(), token: Some(self.token.clone()), http: http() }
    }
}

impl TestServer {
    /// The files in the folder of blobs.
    pub fn blobs(&self) -> Vec<PathBuf> {
        blobs(self.data())
    }
}

/// The blobs of a data folder.
pub fn blobs(data: &std::path::Path) -> Vec<PathBuf> {
    let list = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.filter_map(|entry| Some(entry.ok()?.path()))
    };
    list(data.join("blobs")).flat_map(list).collect()
}

/// Where the blob of some bytes is, in a data folder. Nothing, if there is none.
pub fn blob_of(data: &std::path::Path, content: &[u8]) -> Option<PathBuf> {
    let digits = hex(&Sha256::digest(content).into());
    blobs(data)
        .into_iter()
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&digits[2..])))
}

impl Tus {
    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.http.request(method, format!("http://{}/api/v1{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body.to_vec())).send().await.expect("an answer")
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.raw("GET", path, headers, b"").await
    }

    pub async fn options(&self) -> Response {
        self.raw("OPTIONS", "/uploads", &[], b"").await
    }

    pub async fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.raw("POST", "/uploads", headers, body).await
    }

    /// Begins an upload; its id.
    pub async fn create(&self, name: &str, bytes: usize, metadata: &[(&str, &str)]) -> String {
        use base64::Engine;
        let spell = |key: &str, value: &str| format!("{key} {}", base64::prelude::BASE64_STANDARD.encode(value));
        let mut all = vec![spell("filename", name)];
        all.extend(metadata.iter().map(|(key, value)| spell(key, value)));
        let (length, all) = (bytes.to_string(), all.join(","));
        let headers = [("upload-length", &*length), ("upload-metadata", &*all), ("tus-resumable", "1.0.0")];
        let answer = self.post(&headers, b"").await;
        assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
        let place = answer.headers()["location"].to_str().expect("a place");
        place.rsplit('/').next().expect("an id").to_owned()
    }

    pub async fn head(&self, id: &str) -> Response {
        self.raw("HEAD", &format!("/uploads/{id}"), &[("tus-resumable", "1.0.0")], b"").await
    }

    pub async fn offset(&self, id: &str) -> u64 {
        let answer = self.head(id).await;
        assert_eq!(answer.status(), 200);
        answer.headers()["upload-offset"].to_str().expect("a number").parse().expect("a number")
    }

    pub async fn raw_patch(&self, id: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.raw("PATCH", &format!("/uploads/{id}"), headers, body).await
    }

    pub async fn patch(&self, id: &str, offset: u64, body: &[u8]) -> Response {
        let offset = offset.to_string();
        let headers = [
            ("upload-offset", &*offset),
            ("content-type", "application/offset+octet-stream"),
            ("tus-resumable", "1.0.0"),
        ];
        self.raw_patch(id, &headers, body).await
    }

    pub async fn terminate(&self, id: &str) -> Response {
        self.raw("DELETE", &format!("/uploads/{id}"), &[("tus-resumable", "1.0.0")], b"").await
    }

    /// Announces all bytes, sends some, and then says nothing more for as long as the socket is held.
    pub async fn half(&self, id: &str, some: &[u8], all: usize) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).await.expect("a connection");
        let token = self.token.as_deref().unwrap_or_default();
        let head = format!(
            "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nupload-offset: 0\r\n\
             content-type: application/offset+octet-stream\r\ncontent-length: {all}\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.expect("the head is sent");
        socket.write_all(some).await.expect("some bytes are sent");
        socket
    }
}

/// Uploads a file for a message; its id.
pub async fn upload(person: &Person, name: &str, content: &[u8]) -> String {
    let tus = person.tus();
    let id = tus.create(name, content.len(), &[]).await;
    if !content.is_empty() {
        let answer = tus.patch(&id, 0, content).await;
        assert_eq!(answer.status(), 204, "{:?}", answer.text().await);
    }
    id
}

/// Waits until a file is ready.
pub async fn ready(person: &Person, id: &str) -> Value {
    let file = looked_into(person, id).await;
    assert_eq!(file["state"], "ready", "{file:#}");
    file
}

/// Waits until it is decided what becomes of a file. Its owner is told, so that nobody has to ask all the time: that would
/// take the processor from those who look into it, who are in no hurry.
pub async fn looked_into(person: &Person, id: &str) -> Value {
    let path = format!("/files/{id}");
    let mut file = person.get(&path).await.expect(200);
    if file["state"] == "processing" {
        let mut socket = person.connect().await;
        file = person.get(&path).await.expect(200);
        while file["state"] == "processing" {
            socket.expect("file.updated").await;
            file = person.get(&path).await.expect(200);
        }
    }
    file
}

/// A picture of one red pixel.
pub fn png() -> Vec<u8> {
    use base64::Engine;
    let text = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
    base64::prelude::BASE64_STANDARD.decode(text).expect("base64")
}
