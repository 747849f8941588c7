//! TLS by the server itself: with a certificate from files, and with one from a real ACME server.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use laserchat_ground::free_port;
use laserchat_tests::certificates::{self, Authority};
use laserchat_tests::pebble::Pebble;
use laserchat_tests::person::PASSWORD;
use laserchat_tests::process::{self, Process};
use laserchat_tests::{Person, Socket, TestServer, patiently};
use rustls::version::{TLS12, TLS13};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

/// A server with a certificate of this authority.
async fn server(authority: &Authority, folder: &Path, more: &[(&str, &str)]) -> TestServer {
    let (chain, key) = authority.issue(folder);
    let (chain, key) = (chain.display().to_string(), key.display().to_string());
    let mut settings = vec![("TLS_CERTIFICATE", chain.as_str()), ("TLS_KEY", key.as_str())];
    settings.extend(more);
    TestServer::with(&settings).await
}

fn base(server: &TestServer) -> String {
    format!("https://localhost:{}", server.server().address.port())
}

async fn register(http: &reqwest::Client, base: &str, username: &str) -> Person {
    let body = json!({ "username": username, "password": PASSWORD });
    let answer = http.post(format!("{base}/api/v1/auth/register")).json(&body).send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    let mut person = Person::from_grant(base.trim_start_matches("https://"), answer.json().await.unwrap());
    person.address = base.to_owned();
    person
}

async fn post(http: &reqwest::Client, who: &Person, path: &str, body: Value) -> Value {
    let request = http.post(format!("{}/api/v1{path}", who.address)).bearer_auth(&who.token).json(&body);
    request.send().await.expect("an answer").json().await.expect("JSON")
}

#[tokio::test]
async fn everything_works_over_tls() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, folder.path(), &[]).await;
    let (base, http) = (base(&server), certificates::http(&authority.pem));
    let [ada, bob] = [register(&http, &base, "ada").await, register(&http, &base, "bob").await];
    let created = post(&http, &ada, "/conversations", json!({ "type": "direct", "members": [bob.id] })).await;
    let conversation = created["id"].as_str().unwrap().to_owned();

    let old = certificates::tls(&authority.pem, &[&TLS12]);
    let new = certificates::tls(&authority.pem, &[&TLS13]);
    let mut stream = http.get(format!("{base}/api/v1/events")).bearer_auth(&bob.token);
    stream = stream.header("accept", "text/event-stream");
    let mut stream = stream.send().await.unwrap();
    let mut sockets = Vec::new();
    for versions in [old, new] {
        let mut socket = Socket::open_tls(&server.address(), versions).await.expect("a socket");
        socket.raw(Message::text(json!({ "type": "hello", "token": bob.token }).to_string())).await;
        patiently("ready", socket.expect("ready")).await;
        sockets.push(socket);
    }
    // More than a record of TLS, and more than a socket takes at once.
    let long = "long ".repeat(60_000);
    let path = format!("/conversations/{conversation}/messages");
    post(&http, &ada, &path, json!({ "client_id": "1", "body": long })).await;
    for number in 0..50 {
        let body = json!({ "client_id": format!("n{number}"), "body": format!("{number} {}", "x".repeat(4000)) });
        post(&http, &ada, &path, body).await;
    }
    for socket in &mut sockets {
        for number in 0..50 {
            let event = patiently("a message", socket.expect("message.sent")).await;
            assert!(event["message"]["body"].as_str().unwrap().starts_with(&format!("{number} ")));
        }
        // And in the other direction.
        socket.say(&conversation, "back", &"y".repeat(4000)).await;
    }
    let mut streamed = String::new();
    patiently("the stream", async {
        while !streamed.contains("\"49 xxx") {
            let chunk = stream.chunk().await.unwrap().expect("more");
            streamed.push_str(&String::from_utf8_lossy(&chunk));
        }
    })
    .await;
}

/// Passes on what both sides say in pieces of so many bytes.
async fn pieces(server: String, bytes: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let upstream = TcpStream::connect(&server).await.unwrap();
            for stream in [&client, &upstream] {
                stream.set_nodelay(true).unwrap();
            }
            let (client, upstream) = (client.into_split(), upstream.into_split());
            for (mut from, mut to) in [(client.0, upstream.1), (upstream.0, client.1)] {
                tokio::spawn(async move {
                    let mut piece = vec![0; bytes];
                    while let Ok(count @ 1..) = from.read(&mut piece).await {
                        if to.write_all(&piece[..count]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        }
    });
    address
}

#[tokio::test]
async fn records_come_whole_however_they_are_cut() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, folder.path(), &[]).await;
    let http = certificates::http(&authority.pem);
    let whole = http.get(format!("{}/api/v1/openapi.json", base(&server))).send().await.unwrap().text().await.unwrap();
    let ada = register(&http, &base(&server), "ada").await;
    for bytes in [1, 7, 1000, 16 * 1024 + 300] {
        let cut = pieces(server.address(), bytes).await;
        let there = format!("https://localhost:{}/api/v1", cut.port());
        // A long answer in single bytes takes long.
        if bytes > 1 {
            let answer = http.get(format!("{there}/openapi.json")).send().await.unwrap();
            assert_eq!(answer.text().await.unwrap(), whole);
        }
        // Something long in the other direction, in few records and in many pieces.
        let name = "n".repeat(if bytes == 1 { 3000 } else { 300_000 });
        let refused = http.put(format!("{there}/users/{}/profile", ada.id)).bearer_auth(&ada.token);
        let refused = refused.json(&json!({ "display_name": name })).send().await.unwrap();
        assert_eq!(refused.status(), 422);
        for version in [&TLS12, &TLS13] {
            let tls = certificates::tls(&authority.pem, &[version]);
            let mut socket = Socket::open_tls(&cut.to_string(), tls).await.expect("a socket");
            socket.raw(Message::text(json!({ "type": "hello", "token": ada.token }).to_string())).await;
            patiently("ready", socket.expect("ready")).await;
        }
    }
}

#[tokio::test]
async fn what_is_no_handshake_harms_nobody() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, folder.path(), &[]).await;
    // A record of a handshake that promises more than it has, one of an impossible length, and noise.
    let record = |length: u16, body: &[u8]| [&[0x16, 3, 1], &length.to_be_bytes()[..], body].concat();
    let attempts = [
        Vec::new(),
        vec![0x16],
        record(512, &[1, 0, 1, 0xfc]),
        record(u16::MAX, &[1; 2000]),
        record(4, &[1, 0xff, 0xff, 0xff]),
        record(0, &[]),
        [record(4, &[1, 0, 0xff, 0xff]), record(16_000, &vec![0; 16_000]).repeat(5)].concat(),
        vec![0xa5; 100_000],
    ];
    for attempt in attempts {
        let mut socket = TcpStream::connect(server.address()).await.unwrap();
        // The server may have hung up before all of it is said.
        let _ = socket.write_all(&attempt).await;
        let _ = socket.shutdown().await;
        let _ = patiently("the end", socket.read_to_end(&mut Vec::new())).await;
    }
    assert!(shows(&server, &authority).await);
}

#[tokio::test]
async fn who_speaks_no_tls_there_is_sent_on_from_elsewhere() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&authority, folder.path(), &[("TLS_REDIRECT", "127.0.0.1:0")]).await;
    // On the port of TLS, plain words are answered by an alert at most, and harm nobody.
    let mut plain = TcpStream::connect(server.address()).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = patiently("the end", plain.read_to_end(&mut answer)).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");

    let http = certificates::http(&authority.pem);
    let redirect = server.server().redirect.expect("a second listener");
    let answer = http.get(format!("http://localhost:{}/c/1?x=y", redirect.port())).send().await.unwrap();
    assert_eq!(answer.status(), 308);
    assert_eq!(answer.headers()["location"], format!("{}/c/1?x=y", base(&server)));
    let answer = http.get(format!("{}/healthz", base(&server))).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// Whether the server shows a certificate of this authority, to a client that resumes nothing.
async fn shows(server: &TestServer, authority: &Authority) -> bool {
    certificates::http(&authority.pem).get(format!("{}/healthz", base(server))).send().await.is_ok()
}

#[tokio::test]
async fn a_new_certificate_is_taken_up_and_a_broken_one_is_not() {
    let (first, second, folder) = (Authority::new(), Authority::new(), tempfile::tempdir().unwrap());
    let server = server(&first, folder.path(), &[]).await;
    let http = certificates::http(&first.pem);
    let ada = register(&http, &base(&server), "ada").await;
    let mut socket = Socket::open_tls(&server.address(), certificates::tls(&first.pem, &[&TLS13])).await.unwrap();
    let hello = json!({ "type": "hello", "token": ada.token }).to_string();
    socket.raw(Message::text(hello)).await;
    patiently("ready", socket.expect("ready")).await;

    second.issue(folder.path());
    patiently("the new certificate", async {
        while !shows(&server, &second).await {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!shows(&server, &first).await);

    // A key that belongs to another certificate, and a file that is none: what worked stays.
    let (chain, _) = first.pair();
    for broken in [chain.as_str(), "nonsense", ""] {
        std::fs::write(folder.path().join("chain.pem"), broken).unwrap();
        let hangup = std::process::Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status();
        assert!(hangup.unwrap().success());
        assert!(shows(&server, &second).await);
    }
    first.issue(folder.path());
    patiently("the first authority again", async {
        while !shows(&server, &first).await {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Who was there all the time has noticed nothing.
    socket.raw(Message::text(json!({ "type": "ping" }).to_string())).await;
    patiently("an answer", socket.expect("pong")).await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_stops_the_start() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let (chain, key) = authority.issue(folder.path());
    std::fs::write(&key, authority.pair().1).unwrap();
    let mut serve = process::command();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data"));
    serve.arg("--tls-certificate").arg(&chain).arg("--tls-key").arg(&key);
    let ended = patiently("the end", serve.output()).await.unwrap();
    let text = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && text.contains("TLS"), "{text}");
}

#[tokio::test]
async fn the_doctor_and_the_health_command_ask_over_tls() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let (chain, key) = authority.issue(folder.path());
    let port = free_port();
    let command = |name: &str| {
        let mut command = process::command();
        command.arg(name).arg("--listen").arg(format!("127.0.0.1:{port}"));
        command.arg("--data").arg(folder.path().join("data"));
        command.arg("--tls-certificate").arg(&chain).arg("--tls-key").arg(&key);
        command
    };
    let asked = patiently("an answer", command("health").output()).await.unwrap();
    assert!(!asked.status.success(), "nobody is there yet");
    let server = Process::run(command("serve")).await;
    let asked = patiently("an answer", command("health").output()).await.unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let doctor = patiently("the doctor", command("doctor").output()).await.unwrap();
    let text = String::from_utf8_lossy(&doctor.stdout);
    assert!(text.contains("ok    certificate") && text.contains("ok    server"), "{text}");
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_certificate_is_fetched_over_acme_and_kept() {
    let port = free_port();
    let Some(pebble) = Pebble::start(port).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // A copy, because the authority's folder goes with it.
    let ca_file = folder.path().join("authority.pem").display().to_string();
    std::fs::copy(pebble.ca_file(), &ca_file).unwrap();
    let directory = pebble.directory();
    let serve = || {
        let mut serve = process::command();
        serve.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(&data);
        serve.args(["--tls-acme-domains", "localhost", "--tls-acme-email", "admin@example.org"]);
        serve.args(["--tls-acme-directory", &directory, "--tls-acme-ca-file", &ca_file]);
        serve
    };
    let root = pebble.root().await;
    let certified = async || {
        let http = certificates::http(&root);
        patiently("a certificate", async {
            loop {
                match http.get(format!("https://localhost:{port}/healthz")).send().await {
                    Ok(answer) => return assert_eq!(answer.status(), 200),
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        })
        .await;
    };
    let server = Process::run(serve()).await;
    certified().await;
    assert!(server.terminate().await.success());
    let kept = data.join("acme.json");
    assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&kept).unwrap();

    // The authority is gone, and the certificate is good: nobody is asked.
    drop(pebble);
    let server = Process::run(serve()).await;
    certified().await;
    assert!(server.terminate().await.success());
    assert_eq!(std::fs::read(&kept).unwrap(), before);
}
