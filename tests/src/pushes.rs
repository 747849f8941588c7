//! A push service: a small real HTTP server that takes what is pushed, answers as it is told to, and opens what came with
//! the keys of the browser that it plays. It also keeps to the letter of RFC 8030: what it is sent without the right
//! headers it refuses.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::patiently;
use crate::receiver::Request;

/// A push as it arrived, opened.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub browser: String,
    pub topic: String,
    pub ttl: u64,
    pub payload: Value,
    /// The status that it was answered with; 0: the connection was cut without an answer.
    pub answered: u16,
}

struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
    vapid: String,
}

#[derive(Default)]
struct State {
    browsers: HashMap<String, Browser>,
    arrived: Vec<Arrived>,
    /// Answers to come; 201 when there is none. With each, more headers.
    answers: VecDeque<(u16, String)>,
}

pub struct PushService {
    pub address: String,
    state: Arc<Mutex<State>>,
    came: Arc<Notify>,
}

impl PushService {
    pub async fn start() -> PushService {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = socket.local_addr().expect("an address").to_string();
        let (state, came) = (Arc::new(Mutex::new(State::default())), Arc::new(Notify::new()));
        let (shared, tell, origin) = (Arc::clone(&state), Arc::clone(&came), format!("http://{address}"));
        tokio::spawn(async move {
            while let Ok((peer, _)) = socket.accept().await {
                tokio::spawn(serve(peer, Arc::clone(&shared), Arc::clone(&tell), origin.clone()));
            }
        });
        PushService { address, state, came }
    }

    /// A browser's subscription, as it is sent to the server. `vapid`: the key that it was made with.
    pub fn subscribe(&self, browser: &str, vapid: &Value) -> Value {
        let number = self.state.lock().browsers.len() as u8 + 1;
        let secret = SecretKey::from_slice(&[number; 32]).expect("a key");
        let public = URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false).as_bytes());
        let auth = [number; 16];
        let vapid = vapid.as_str().expect("a key").to_owned();
        self.state.lock().browsers.insert(browser.to_owned(), Browser { secret, auth, vapid });
        json!({
            "kind": "web",
            "name": browser,
            "endpoint": format!("http://{}/{browser}", self.address),
            "keys": { "p256dh": public, "auth": URL_SAFE_NO_PAD.encode(auth) },
        })
    }

    /// The next pushes are answered with these; 0 cuts the connection.
    pub fn answer(&self, status: u16, headers: &str) {
        self.state.lock().answers.push_back((status, headers.to_owned()));
    }

    /// The pushes that have arrived, as soon as there are that many.
    pub async fn arrived(&self, count: usize) -> Vec<Arrived> {
        self.until(&format!("{count} pushes"), |all| all.len() >= count).await
    }

    /// The pushes that have arrived, as soon as they are what is waited for.
    pub async fn until(&self, what: &str, enough: impl Fn(&[Arrived]) -> bool) -> Vec<Arrived> {
        patiently(what, async {
            loop {
                let came = self.came.notified();
                let all = self.state.lock().arrived.clone();
                if enough(&all) {
                    return all;
                }
                came.await;
            }
        })
        .await
    }
}

async fn serve(peer: TcpStream, state: Arc<Mutex<State>>, came: Arc<Notify>, origin: String) {
    let mut peer = BufReader::new(peer);
    while let Some(Request { method, path, headers, body }) = Request::read(&mut peer).await {
        assert_eq!(method, "POST", "{path}");
        let (status, more) = state.lock().answers.pop_front().unwrap_or((201, String::new()));
        let browser = path.trim_start_matches('/').to_owned();
        let opened = {
            let state = state.lock();
            state.browsers.get(&browser).map(|known| (check(known, &headers, &origin), open(known, &body)))
        };
        let Some(((topic, ttl), payload)) = opened else {
            let _ = peer.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
            continue;
        };
        state.lock().arrived.push(Arrived { browser, topic, ttl, payload, answered: status });
        came.notify_waiters();
        if status == 0 {
            return;
        }
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{more}\r\n");
        if peer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// What the standards demand of the headers; the topic and the time to live.
fn check(browser: &Browser, headers: &HashMap<String, String>, origin: &str) -> (String, u64) {
    assert_eq!(headers["content-encoding"], "aes128gcm");
    let topic = headers["topic"].clone();
    assert!(topic.len() <= 32 && URL_SAFE_NO_PAD.decode(format!("{topic:A<32}")).is_ok(), "{topic}");
    assert!(["very-low", "low", "normal", "high"].contains(&headers["urgency"].as_str()));
    let (token, key) = headers["authorization"]
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .expect("a VAPID header");
    assert_eq!(key, browser.vapid, "the key that the browser subscribed with");
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64");
    let public = VerifyingKey::from_sec1_bytes(&bytes(key)).expect("a key");
    public.verify(signed.as_bytes(), &Signature::from_slice(&bytes(signature)).expect("a signature")).expect("signed");
    let claims: Value = serde_json::from_slice(&bytes(signed.split_once('.').expect("claims").1)).expect("claims");
    assert_eq!(claims["aud"], origin);
    (topic, headers["ttl"].parse().expect("a TTL"))
}

/// Opens a body as a browser does.
fn open(browser: &Browser, body: &[u8]) -> Value {
    let (salt, rest) = body.split_at(16);
    let (size, length) = (u32::from_be_bytes(rest[..4].try_into().expect("a size")), usize::from(rest[4]));
    assert!(size as usize >= body.len() - 86 && length == 65 && body.len() <= 4096);
    let (sender, sealed) = rest[5..].split_at(length);
    let theirs = PublicKey::from_sec1_bytes(sender).expect("a key");
    let shared = p256::ecdh::diffie_hellman(browser.secret.to_nonzero_scalar(), theirs.as_affine());
    let own = browser.secret.public_key().to_encoded_point(false);
    let info = [&b"WebPush: info\0"[..], own.as_bytes(), sender].concat();
    let (mut input, mut key, mut nonce) = ([0; 32], [0; 16], [0; 12]);
    Hkdf::<Sha256>::new(Some(&browser.auth), shared.raw_secret_bytes()).expand(&info, &mut input).expect("a key");
    let derived = Hkdf::<Sha256>::new(Some(salt), &input);
    derived.expand(b"Content-Encoding: aes128gcm\0", &mut key).expect("a key");
    derived.expand(b"Content-Encoding: nonce\0", &mut nonce).expect("a nonce");
    let cipher = Aes128Gcm::new_from_slice(&key).expect("a cipher");
    let mut plain = cipher.decrypt(Nonce::from_slice(&nonce), sealed).expect("it opens");
    assert_eq!(plain.pop(), Some(2), "the last record");
    serde_json::from_slice(&plain).expect("JSON")
}
