//! A server of somebody else: it takes requests, tells the test of them, and answers what the test wants.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::patiently;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// By lower-case name.
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Request {
    /// The next that somebody sends over this connection; none, when there is no more.
    pub async fn read(from: &mut BufReader<TcpStream>) -> Option<Request> {
        let mut line = String::new();
        from.read_line(&mut line).await.ok()?;
        let mut first = line.split_whitespace();
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            from.read_line(&mut line).await.ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        from.read_exact(&mut body).await.ok()?;
        Some(Request { method, path, headers, body })
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// What is answered: the whole of it, from the status line on.
type Answers = Arc<Mutex<VecDeque<String>>>;

pub struct Receiver {
    pub address: std::net::SocketAddr,
    answers: Answers,
    pages: Arc<Mutex<HashMap<String, String>>>,
    requests: mpsc::Receiver<Request>,
}

/// An answer with a body and further header lines.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (told, requests) = mpsc::channel(1024);
        let (answers, pages) = (Answers::default(), Arc::<Mutex<HashMap<String, String>>>::default());
        let (answering, paging) = (Arc::clone(&answers), Arc::clone(&pages));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, told.clone(), Arc::clone(&answering), Arc::clone(&paging)));
            }
        });
        Receiver { address, answers, pages, requests }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What the next requests are answered; after these, an empty 200.
    pub fn then(&self, answer: String) {
        self.answers.lock().push_back(answer);
    }

    /// The next request is taken and never answered.
    pub fn then_nothing(&self) {
        self.then(String::new());
    }

    /// What requests for a path are answered, always; never, when it is empty.
    pub fn page(&self, path: &str, answer: String) {
        self.pages.lock().insert(path.to_owned(), answer);
    }

    /// The next request that comes.
    pub async fn next(&mut self) -> Request {
        patiently("a request", self.requests.recv()).await.expect("the receiver lives")
    }

    /// The next request, however long it takes to come.
    pub async fn whenever(&mut self) -> Option<Request> {
        self.requests.recv().await
    }

    /// What has come and was not taken.
    pub fn rest(&mut self) -> Vec<Request> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

async fn serve(
    stream: TcpStream,
    told: mpsc::Sender<Request>,
    answers: Answers,
    pages: Arc<Mutex<HashMap<String, String>>>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let request = Request::read(&mut stream).await?;
    let answer = pages.lock().get(&request.path).cloned().or_else(|| answers.lock().pop_front());
    let answer = answer.unwrap_or_else(answer_ok);
    // The request is told first, so that a test that has seen the answer's effect finds it.
    told.send(request).await.ok()?;
    if answer.is_empty() {
        // Until the asker gives up.
        let _ = stream.read_u8().await;
        return None;
    }
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

fn answer_ok() -> String {
    answer("200 OK", "", "")
}
