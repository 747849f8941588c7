//! The examples for load balancers, with the real programs in front of three nodes.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use laserchat_protocol::event::Close;
use laserchat_tests::balancer::{Balancer, Program};
use laserchat_tests::person::PASSWORD;
use laserchat_tests::site::Member;
use laserchat_tests::{Site, Socket, patiently};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_tungstenite::tungstenite::Message;

/// Where the people of a test come from: addresses of this machine that are not the balancer's.
const ADA: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 7));

/// More than any buffer on the way.
const FILE_BYTES: usize = 24 << 20;

struct Somebody {
    http: Client,
    base: String,
    token: String,
}

impl Somebody {
    async fn register(balancer: &Balancer, from: IpAddr, username: &str) -> Somebody {
        let (http, base) = (balancer.client(from), balancer.base());
        let body = json!({ "username": username, "password": PASSWORD });
        // A lie about where one comes from.
        let request = http.post(format!("{base}/api/v1/auth/register")).header("x-forwarded-for", "203.0.113.9");
        let answer = request.json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 201);
        let grant: Value = answer.json().await.unwrap();
        Somebody { http, base, token: grant["access_token"].as_str().unwrap().to_owned() }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(&self.token);
        request.header("x-forwarded-for", "203.0.113.9")
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        json(self.ask(Method::POST, path).json(&body).send().await.expect("an answer")).await
    }

    async fn get(&self, path: &str) -> Value {
        json(self.ask(Method::GET, path).send().await.expect("an answer")).await
    }

    async fn hello(&self, balancer: &Balancer) -> Socket {
        let mut socket = balancer.socket(ADA).await;
        socket.raw(Message::text(json!({ "type": "hello", "token": self.token }).to_string())).await;
        patiently("ready", socket.expect("ready")).await;
        socket
    }
}

async fn json(answer: Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.expect("a body");
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// The number of the node that answers, which is part of the ids that it makes. Like any client, this sends again, under the
/// same name, what nobody answered.
async fn node(somebody: &Somebody, conversation: &str) -> u64 {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let send = json!({ "client_id": format!("who {}", ASKED.fetch_add(1, Ordering::Relaxed)), "body": "who?" });
    let path = format!("/conversations/{conversation}/messages");
    patiently("a node to answer", async {
        loop {
            let answer = somebody.ask(Method::POST, &path).json(&send).send().await;
            let Ok(answer) = answer.and_then(Response::error_for_status) else { continue };
            let Ok(made) = answer.json::<Value>().await else { continue };
            return made["id"].as_str().and_then(|id| id.parse::<u64>().ok()).expect("an id") >> 12 & 1023;
        }
    })
    .await
}

async fn numbers(nodes: &[Option<Member>], somebody: &Somebody, conversation: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for member in nodes.iter().flatten() {
        let base = format!("http://{}", member.address());
        let there = Somebody { http: laserchat_tests::person::http(), base, token: somebody.token.clone() };
        numbers.push(node(&there, conversation).await);
    }
    numbers
}

async fn behaves(program: Program) {
    let Some(site) = Site::start().await else { return };
    // They believe the balancer on this machine about where people come from, and say for a long time that they are about to
    // leave, so that a test sees it for as long as it needs to. nginx asks no node how it is: there they leave at once.
    let notice = if program == Program::Nginx { "0" } else { "600" };
    let start = || {
        site.node(|serve| {
            serve.args(["--trusted-proxies", "127.0.0.1", "--shutdown-notice-seconds", notice]);
            serve.args(["--shutdown-spread-seconds", "1"]);
        })
    };
    let nodes = [start().await, start().await, start().await];
    let addresses = std::array::from_fn(|at: usize| nodes[at].address().to_owned());
    let Some(balancer) = Balancer::start(program, &addresses).await else { return };
    let mut nodes = nodes.map(Some);

    // Without TLS, one is sent to where it is.
    let plain = balancer.client(ADA).get(format!("http://localhost:{}/c/1?x=y", balancer.plain));
    let plain = plain.send().await.expect("an answer");
    assert_eq!(plain.status(), 308);
    // Caddy leaves the port of TLS out, which elsewhere is the usual one.
    let there = if program == Program::Caddy { "https://localhost".to_owned() } else { balancer.base() };
    assert_eq!(plain.headers()["location"], format!("{there}/c/1?x=y"));
    let metrics = balancer.client(ADA).get(format!("{}/metrics", balancer.base())).send().await.unwrap();
    assert_eq!(metrics.status(), 404);

    // The server knows where somebody comes from, and believes no lie about it.
    let ada = Somebody::register(&balancer, ADA, "ada").await;
    let sessions = ada.get("/me/sessions").await;
    assert_eq!(sessions["items"][0]["address"], ADA.to_string(), "{sessions:#}");

    // A WebSocket, an event stream and a poll hear of a message when it is sent.
    let group = ada.post("/conversations", json!({ "type": "group", "name": "g", "members": [] })).await;
    let conversation = group["id"].as_str().unwrap().to_owned();
    let mut socket = ada.hello(&balancer).await;
    let stream = ada.ask(Method::GET, "/events").header("accept", "text/event-stream");
    let mut stream = patiently("the stream's beginning", stream.send()).await.unwrap();
    let mut streamed = String::new();
    let now = ada.get("/events?wait=0").await;
    let cursors = now["cursors"].as_object().unwrap().iter().map(|(id, seq)| format!("{id}:{seq}"));
    let query = format!(
        "/events?wait=60&cursors={}&version={}&epoch={}",
        cursors.collect::<Vec<_>>().join(","),
        now["version"],
        now["epoch"].as_str().unwrap()
    );
    let poll = tokio::spawn(ada.ask(Method::GET, &query).send());
    for number in 0..3 {
        let body = format!("line {number}");
        let send = json!({ "client_id": body, "body": body });
        ada.post(&format!("/conversations/{conversation}/messages"), send).await;
        let event = patiently("the socket", socket.expect("message.sent")).await;
        assert_eq!(event["message"]["body"], body);
        patiently("the stream", async {
            while !streamed.contains(&format!("\"{body}\"")) {
                streamed.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().expect("more")));
            }
        })
        .await;
    }
    let polled = json(patiently("the poll", poll).await.unwrap().unwrap()).await;
    assert!(polled["items"].to_string().contains("line 0"), "{polled:#}");

    // A file in one piece.
    let content: Vec<u8> = (0..FILE_BYTES).map(|at| (at * 7 + at / 251) as u8).collect();
    let create = ada.ask(Method::POST, "/uploads").header("tus-resumable", "1.0.0");
    let create = create.header("upload-length", FILE_BYTES).header("upload-metadata", "filename Zi5iaW4=");
    let created = create.send().await.unwrap();
    assert_eq!(created.status(), 201);
    let place = created.headers()["location"].to_str().unwrap().to_owned();
    let place = place.split_once("/api/v1").unwrap().1.to_owned();
    let patch = ada.ask(Method::PATCH, &place).header("tus-resumable", "1.0.0").header("upload-offset", 0);
    let patch = patch.header("content-type", "application/offset+octet-stream").body(content.clone());
    let patched = patiently("the upload", patch.send()).await.unwrap();
    assert_eq!(patched.status(), 204, "{:?}", patched.text().await);
    assert_eq!(patched.headers()["upload-offset"], FILE_BYTES.to_string());
    let file = place.rsplit('/').next().unwrap();
    let back = patiently("the file", async {
        loop {
            let answer = ada.ask(Method::GET, &format!("/files/{file}/content")).send().await.unwrap();
            if answer.status() == 200 {
                return answer.bytes().await.unwrap();
            }
        }
    })
    .await;
    assert_eq!(Sha256::digest(&back), Sha256::digest(&content));

    // What was open all the time still is, and in both directions.
    socket.say(&conversation, "from the socket", "still here").await;

    // A node that leaves gets nothing new. As long as it says so, it goes on serving those that it has; then it sends them away.
    let order = numbers(&nodes, &ada, &conversation).await;
    let here = node(&ada, &conversation).await;
    let at = order.iter().position(|number| *number == here).expect("one of the nodes");
    let leaving = nodes[at].take().expect("it runs");
    if program == Program::Nginx {
        assert!(leaving.process.terminate().await.success());
        assert_eq!(socket.closed().await.map(|(code, _)| code), Some(Close::GoingAway.code()));
    } else {
        leaving.process.signal("TERM").await;
        patiently("another node", async {
            while node(&ada, &conversation).await == here {
                tokio::task::yield_now().await;
            }
        })
        .await;
        socket.say(&conversation, "to the node that leaves", "still here").await;
        leaving.process.kill().await;
        assert!(socket.closed().await.is_none_or(|(code, _)| code == 1001 || code == 1006));
    }

    // A node that is gone is not noticed by anybody who asks.
    for round in 0..10 {
        let now = node(&ada, &conversation).await;
        assert!(now != here && order.contains(&now), "{round}: {now}");
    }
    let second = node(&ada, &conversation).await;
    let at = order.iter().position(|number| *number == second).expect("one of the nodes");
    nodes[at].take().expect("it runs").process.kill().await;
    let last = node(&ada, &conversation).await;
    assert!(last != here && last != second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_balances() {
    behaves(Program::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn haproxy_balances() {
    behaves(Program::Haproxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caddy_balances() {
    behaves(Program::Caddy).await;
}
