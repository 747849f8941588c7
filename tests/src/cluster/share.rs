//! Somebody who shares files without pause, whatever happens to the cluster and to where it keeps them.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use parking_lot::Mutex;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::checker::Effects;
use crate::{PATIENCE, Person};

/// The pause between two files, and before something is tried again.
const EVERY: Duration = Duration::from_millis(300);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

pub struct Sharer {
    http: Client,
    person: Person,
    room: String,
    /// The messages that were acknowledged: a message's name is also the content of its file.
    shared: Mutex<Vec<String>>,
}

impl Sharer {
    pub fn new(person: &Person, room: String) -> Arc<Sharer> {
        let http = Client::builder().timeout(ANSWER).build().expect("a client");
        Arc::new(Sharer { http, person: person.clone(), room, shared: Mutex::default() })
    }

    /// Uploads and sends one file after the other. What is under way is finished, if the cluster lets it.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        for number in 0.. {
            let name = format!("file-{number}");
            let sharing = async {
                loop {
                    if let Some(file) = self.upload(&name).await
                        && self.send(&name, &file).await
                    {
                        return;
                    }
                    tokio::time::sleep(EVERY).await;
                }
            };
            if tokio::time::timeout(3 * PATIENCE, sharing).await.is_err() {
                panic!("{name} cannot be shared");
            }
            self.shared.lock().push(name);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}/api/v1{path}", self.person.address);
        self.http.request(method, url).bearer_auth(&self.person.token)
    }

    async fn answer(&self, request: RequestBuilder, wanted: StatusCode) -> Option<Response> {
        request.send().await.ok().filter(|answer| answer.status() == wanted)
    }

    /// The file, if its bytes were taken.
    async fn upload(&self, name: &str) -> Option<String> {
        let create = self
            .request(reqwest::Method::POST, "/uploads")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", name.len())
            .header("upload-metadata", format!("filename {}", BASE64_STANDARD.encode(format!("{name}.txt"))));
        let created = self.answer(create, StatusCode::CREATED).await?;
        let id = created.headers()["location"].to_str().ok()?.rsplit('/').next()?.to_owned();
        let fill = self
            .request(reqwest::Method::PATCH, &format!("/uploads/{id}"))
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(name.to_owned());
        self.answer(fill, StatusCode::NO_CONTENT).await.map(|_| id)
    }

    /// Whether the message with the file was acknowledged.
    async fn send(&self, name: &str, file: &str) -> bool {
        loop {
            let body = json!({ "client_id": name, "body": name, "files": [file] });
            let send =
                self.request(reqwest::Method::POST, &format!("/conversations/{}/messages", self.room)).json(&body);
            match send.send().await.map(|answer| answer.status()) {
                Ok(StatusCode::CREATED | StatusCode::OK) => return true,
                // The file is looked into still, or something is broken.
                Ok(status) if !status.is_server_error() && status != StatusCode::CONFLICT => return false,
                _ => tokio::time::sleep(EVERY).await,
            }
        }
    }

    /// The files that were acknowledged, and those that are there.
    pub async fn kept(&self) -> Effects {
        let wanted = self.shared.lock().iter().cloned().collect();
        let mut effects = Effects { name: "files".into(), wanted, found: Vec::new() };
        for message in self.person.history(&self.room).await {
            let Some(name) = message["client_id"].as_str() else { continue };
            for file in message["attachments"].as_array().map_or(&[] as &[Value], Vec::as_slice) {
                let file = file["id"].as_str().expect("an id");
                let content =
                    self.answer(self.request(reqwest::Method::GET, &format!("/files/{file}/content")), StatusCode::OK);
                if let Some(content) = content.await
                    && content.text().await.is_ok_and(|text| text == name)
                {
                    effects.found.push((name.to_owned(), file.to_owned()));
                }
            }
        }
        effects
    }
}
