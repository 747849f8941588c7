//! Listening: a WebSocket of a library that is not ours, and the three transports behind one interface.

use std::collections::{BTreeMap, VecDeque};

use futures_util::{SinkExt, StreamExt};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::{Person, patiently, person};

pub struct Socket {
    inner: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What came while something else was waited for.
    early: VecDeque<Value>,
    commands: i64,
}

/// The code and reason a socket was closed with; `None`: it just broke.
pub type Closed = Option<(u16, String)>;

impl Socket {
    /// A socket that has not said anything.
    pub async fn open(address: &str) -> Result<Socket, Error> {
        let (inner, _) = tokio_tungstenite::connect_async(format!("ws://{address}/api/v1/ws")).await?;
        Ok(Socket { inner, early: VecDeque::new(), commands: 0 })
    }

    /// The same, over TLS.
    pub async fn open_tls(address: &str, tls: std::sync::Arc<rustls::ClientConfig>) -> Result<Socket, Error> {
        let port = address.rsplit(':').next().unwrap_or_default();
        Socket::over(&format!("wss://localhost:{port}"), TcpStream::connect(address).await?, tls).await
    }

    /// The same, over a connection that is there already.
    pub async fn over(
        base: &str,
        stream: TcpStream,
        tls: std::sync::Arc<rustls::ClientConfig>,
    ) -> Result<Socket, Error> {
        let connector = tokio_tungstenite::Connector::Rustls(tls);
        let url = format!("{base}/api/v1/ws");
        let connecting = tokio_tungstenite::client_async_tls_with_config(url, stream, None, Some(connector));
        Ok(Socket { inner: connecting.await?.0, early: VecDeque::new(), commands: 0 })
    }

    /// Says hello with these fields and returns what the server answered.
    pub async fn hello(address: &str, mut fields: Value) -> Result<(Socket, Value), Closed> {
        let mut socket = Socket::open(address).await.map_err(|_| None)?;
        fields["type"] = json!("hello");
        socket.raw(Message::text(fields.to_string())).await;
        let ready = patiently("ready", socket.next()).await?;
        assert_eq!(ready["type"], "ready", "{ready:#}");
        Ok((socket, ready))
    }

    /// The same, as soon as there is a server.
    pub async fn hello_whenever(address: &str, fields: Value) -> (Socket, Value) {
        patiently("the server", async {
            loop {
                if let Ok(ready) = Socket::hello(address, fields.clone()).await {
                    return ready;
                }
                tokio::task::yield_now().await;
            }
        })
        .await
    }

    pub async fn raw(&mut self, message: Message) {
        // A socket that the server has closed is seen when it is read.
        let _ = self.inner.send(message).await;
    }

    /// The next event.
    pub async fn next(&mut self) -> Result<Value, Closed> {
        if let Some(early) = self.early.pop_front() {
            return Ok(early);
        }
        self.next_from_wire().await
    }

    async fn next_from_wire(&mut self) -> Result<Value, Closed> {
        loop {
            match self.inner.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("an event is JSON")),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err(Some((frame.code.into(), frame.reason.to_string())));
                }
                Some(Ok(Message::Close(None))) | Some(Err(_)) | None => return Err(None),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next event of this type; others are kept for later.
    pub async fn expect(&mut self, kind: &str) -> Value {
        if let Some(at) = self.early.iter().position(|event| event["type"] == kind) {
            return self.early.remove(at).expect("it is there");
        }
        patiently(kind, async {
            loop {
                let event =
                    self.next_from_wire().await.unwrap_or_else(|closed| panic!("closed with {closed:?} before {kind}"));
                if event["type"] == kind {
                    return event;
                }
                self.early.push_back(event);
            }
        })
        .await
    }

    /// How the socket ends; what comes before is dropped.
    pub async fn closed(&mut self) -> Closed {
        patiently("the end of the socket", async {
            loop {
                if let Err(closed) = self.next_from_wire().await {
                    return closed;
                }
            }
        })
        .await
    }

    /// Sends a command and returns its answer, an ack or an error.
    pub async fn command(&mut self, kind: &str, mut fields: Value) -> Value {
        self.commands += 1;
        let id = self.commands;
        fields["type"] = json!(kind);
        fields["id"] = json!(id);
        self.raw(Message::text(fields.to_string())).await;
        let answers = |event: &Value| event["id"] == json!(id) && (event["type"] == "ack" || event["type"] == "error");
        patiently("the answer to a command", async {
            loop {
                let event = self
                    .next_from_wire()
                    .await
                    .unwrap_or_else(|closed| panic!("closed with {closed:?} before an answer"));
                if answers(&event) {
                    return event;
                }
                self.early.push_back(event);
            }
        })
        .await
    }

    /// Sends a message and returns its ack.
    pub async fn say(&mut self, conversation: &str, client_id: &str, body: &str) -> Value {
        let fields = json!({ "conversation_id": conversation, "client_id": client_id, "body": body });
        let ack = self.command("message.send", fields).await;
        assert_eq!(ack["type"], "ack", "{ack:#}");
        ack
    }

    /// Everything that has come, up to the answer of a ping sent now: what was published before has arrived.
    pub async fn drain(&mut self) -> Vec<Value> {
        self.raw(Message::text(json!({ "type": "ping" }).to_string())).await;
        self.expect("pong").await;
        self.early.drain(..).collect()
    }
}

/// The ways to hear of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    WebSocket,
    Sse,
    LongPoll,
}

impl Transport {
    pub const ALL: [Transport; 3] = [Transport::WebSocket, Transport::Sse, Transport::LongPoll];
}

/// Somebody who listens by any transport, and can stop and resume.
pub struct Listener {
    person: Person,
    transport: Transport,
    /// The address listened to, which may be one end of a cable.
    address: String,
    epoch: Option<String>,
    version: u64,
    cursors: BTreeMap<String, u64>,
    open: Option<Open>,
    waiting: VecDeque<Value>,
}

enum Open {
    Socket(Box<Socket>),
    Sse { response: Response, buffer: String },
}

impl Listener {
    /// Listens from now on.
    pub async fn start(person: &Person, transport: Transport) -> Listener {
        Listener::at(person, transport, &person.address).await
    }

    pub async fn at(person: &Person, transport: Transport, address: &str) -> Listener {
        let mut listener = Listener {
            person: person.clone(),
            transport,
            address: address.to_owned(),
            epoch: None,
            version: 0,
            cursors: BTreeMap::new(),
            open: None,
            waiting: VecDeque::new(),
        };
        listener.resume().await;
        listener
    }

    /// Stops listening; what happens meanwhile must come when it resumes.
    pub fn pause(&mut self) {
        self.open = None;
        self.waiting.clear();
    }

    pub async fn resume(&mut self) {
        patiently("the listener to connect", async {
            while let Err(()) = self.try_resume().await {
                tokio::task::yield_now().await;
            }
        })
        .await
    }

    async fn try_resume(&mut self) -> Result<(), ()> {
        let fresh = self.epoch.is_none();
        match self.transport {
            Transport::WebSocket => {
                let mut hello = json!({ "token": self.person.token });
                if !fresh {
                    hello["epoch"] = json!(self.epoch);
                    hello["version"] = json!(self.version);
                    hello["cursors"] = json!(self.cursors);
                }
                let (socket, ready) = Socket::hello(&self.address, hello).await.map_err(drop)?;
                self.began(&ready);
                self.open = Some(Open::Socket(Box::new(socket)));
            }
            Transport::Sse => {
                let request = self.request().header("accept", "text/event-stream");
                let response = request.send().await.map_err(drop)?;
                assert_eq!(response.status().as_u16(), 200);
                self.open = Some(Open::Sse { response, buffer: String::new() });
                let ready = self.read().await.map_err(drop)?;
                assert_eq!(ready["type"], "ready");
                self.began(&ready);
            }
            Transport::LongPoll if fresh => self.poll().await?,
            Transport::LongPoll => {}
        }
        Ok(())
    }

    fn began(&mut self, ready: &Value) {
        if self.epoch.is_none() {
            self.version = ready["version"].as_u64().expect("a version");
            self.cursors = serde_json::from_value(ready["heads"].clone()).expect("heads");
        }
        self.epoch = ready["epoch"].as_str().map(str::to_owned);
    }

    fn request(&self) -> reqwest::RequestBuilder {
        let mut url = format!("http://{}/api/v1/events?wait=60", self.address);
        if let Some(epoch) = &self.epoch {
            let pairs: Vec<String> = self.cursors.iter().map(|(id, seq)| format!("{id}:{seq}")).collect();
            url += &format!("&epoch={epoch}&version={}&cursors={}", self.version, pairs.join(","));
        }
        person::http().get(url).bearer_auth(&self.person.token)
    }

    async fn poll(&mut self) -> Result<(), ()> {
        let response = self.request().header("accept", "application/json").send().await.map_err(drop)?;
        assert_eq!(response.status().as_u16(), 200);
        let polled: Value = response.json().await.map_err(drop)?;
        self.waiting.extend(polled["items"].as_array().expect("items").iter().cloned());
        self.cursors = serde_json::from_value(polled["cursors"].clone()).expect("cursors");
        self.version = polled["version"].as_u64().expect("a version");
        self.epoch = polled["epoch"].as_str().map(str::to_owned);
        Ok(())
    }

    /// The next raw event, whatever the transport.
    async fn read(&mut self) -> Result<Value, Closed> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            match &mut self.open {
                Some(Open::Socket(socket)) => return socket.next().await,
                Some(Open::Sse { response, buffer }) => {
                    if let Some(end) = buffer.find("\n\n") {
                        let block: String = buffer.drain(..end + 2).collect();
                        if let Some(data) = block.lines().find_map(|line| line.strip_prefix("data: ")) {
                            return Ok(serde_json::from_str(data).expect("an event is JSON"));
                        }
                        continue;
                    }
                    match response.chunk().await {
                        Ok(Some(chunk)) => buffer.push_str(std::str::from_utf8(&chunk).expect("UTF-8")),
                        Ok(None) | Err(_) => return Err(None),
                    }
                }
                None => self.poll().await.map_err(|()| None)?,
            }
        }
    }

    /// The next event of this type, reconnecting when the connection breaks.
    pub async fn expect(&mut self, kind: &str) -> Value {
        patiently(kind, async {
            loop {
                match self.read().await {
                    Ok(event) => {
                        self.passed(&event);
                        if event["type"] == kind {
                            return event;
                        }
                    }
                    Err(_) => self.resume().await,
                }
            }
        })
        .await
    }

    fn passed(&mut self, event: &Value) {
        if self.transport == Transport::LongPoll {
            return;
        }
        if let (Some(conversation), Some(seq)) = (event["conversation_id"].as_str(), event["seq"].as_u64())
            && ["message", "conversation", "member"].iter().any(|object| event[*object].is_object())
        {
            self.cursors.insert(conversation.to_owned(), seq);
        }
        if let Some(version) = event["version"].as_u64() {
            self.version = version;
        }
    }
}
