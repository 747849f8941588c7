//! A rolling upgrade: programs of a version and of the next work on one database and one bus.
//!
//! There is only one program to test with. So the test does to the database and says on the bus what the next version may,
//! by the promise in `docs/OPERATIONS.md`: this program is the older one then.

use laserchat_tests::{Person, Site, patiently};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Says something on the bus that this program does not know, and waits until NATS has it.
async fn say(bus: &str, epoch: &str, payload: &str) {
    let mut socket = TcpStream::connect(bus).await.expect("NATS");
    let subject = format!("laserchat.{epoch}.all");
    let said = format!("CONNECT {{}}\r\nPUB {subject} {}\r\n{payload}\r\nPING\r\n", payload.len());
    socket.write_all(said.as_bytes()).await.expect("NATS listens");
    let mut heard = Vec::new();
    while !heard.ends_with(b"PONG\r\n") {
        assert!(socket.read_buf(&mut heard).await.expect("NATS answers") > 0, "{}", String::from_utf8_lossy(&heard));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_two_versions_serve_together() {
    let Some(site) = Site::start().await else { return };
    let start = || site.node(|_| {});
    let (first, second) = (start().await, start().await);
    let ann = Person::register(first.address(), "ann").await;
    let ben = Person::register(second.address(), "ben").await;
    let group = ann.group("both", &[&ben]).await;

    // The first node of the next version starts, and migrates: it adds.
    let version: u32 = site.database.sql("SELECT max(version) FROM schema_version").unwrap().trim().parse().unwrap();
    let migrate = |to: u32, oldest: u32| {
        let applied = format!("INSERT INTO schema_version (version, oldest) VALUES ({to}, {oldest})");
        site.database.sql(&applied).unwrap();
    };
    site.database.sql("CREATE TABLE newer (id BIGINT PRIMARY KEY)").unwrap();
    site.database.sql("ALTER TABLE users ADD COLUMN newer BIGINT NOT NULL DEFAULT 7").unwrap();
    site.database.sql("ALTER TABLE messages ADD COLUMN newer TEXT").unwrap();
    migrate(version + 1, version);
    let epoch = site.database.sql("SELECT words FROM meta WHERE key = 'epoch'").unwrap();
    for notice in [r#"{"f":9000,"n":1,"k":"Newer","more":{"a":[1]}}"#, r#"{"f":9000,"n":2,"k":"Alive","load":0.5}"#] {
        say(&site.nats.address(0), epoch.trim(), &format!("{notice}\n")).await;
    }

    // Nodes that run go on, and one of the version before can even be started again.
    drop(second);
    let third = start().await;
    let ben = ben.at(third.address());
    let mut bens = ben.connect().await;
    for n in 0..10 {
        let body = format!("message {n}");
        ann.say(&group, &body, &body).await;
        let heard = patiently(&body, bens.expect("message.sent")).await;
        assert_eq!(heard["message"]["body"], body.as_str());
    }
    let cleo = Person::register(third.address(), "cleo").await;
    ann.post(&format!("/conversations/{group}/members"), json!({ "user_id": cleo.id })).await.expect(201);
    assert_eq!(cleo.at(first.address()).history(&group).await.len(), ben.history(&group).await.len());

    // The version after next takes away what nobody should use any more: this program keeps out, and says why.
    migrate(version + 2, version + 1);
    let folder = tempfile::tempdir().expect("a folder");
    let refused = site.serve(&folder).output().await.expect("the program runs");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains(&format!("version {}", version + 2)), "{said}");
    ann.say(&group, "still", "still served").await;
}
