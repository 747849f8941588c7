//! What an operator does, with the real binary: administering beside a running server, backing up, restoring, asking the
//! doctor, collecting traces.

use std::path::Path;
use std::process::Output;

use laserchat_tests::process::{self, Process};
use laserchat_tests::upload::{blob_of, blobs, ready, upload};
use laserchat_tests::{Clamd, Person, S3, patiently, person};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Runs a command on a data folder to its end.
async fn laserchat(data: &Path, arguments: &[&str]) -> Output {
    let mut command = process::command();
    command.args(arguments).arg("--data").arg(data).kill_on_drop(true);
    patiently("a command to end", command.output()).await.expect("it runs")
}

/// The output of a command that must succeed.
#[track_caller]
fn done(output: Output) -> String {
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}{errors}");
    text.into_owned()
}

/// The complaint of a command that must fail.
#[track_caller]
fn failed(output: Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn login(address: &str, username: &str, password: &str) -> person::Answer {
    let body = json!({ "login": username, "password": password });
    person::call(&person::http(), address, Method::POST, "/auth/login", None, Some(body)).await
}

#[tokio::test]
async fn admin_commands_take_effect_at_once_in_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Process::start(data, "127.0.0.1:0").await;
    let ada = Person::register(&server.address, "ada").await;
    let bob = Person::register(&server.address, "bob").await;
    let token = bob.post("/me/tokens", json!({ "name": "robot", "scopes": ["read"] })).await.expect(201);
    let mut robot = bob.clone();
    robot.token = token["secret"].as_str().unwrap().to_owned();

    let users = done(laserchat(data, &["admin", "users"]).await);
    assert!(users.contains("  ada ") && users.contains("  bob ") && users.contains("  owner "), "{users}");

    // A new password: the devices are signed out at once, and only the new password opens.
    let mut socket = bob.connect().await;
    let text = done(laserchat(data, &["admin", "reset-password", "bob"]).await);
    assert_eq!(socket.closed().await.map(|(code, _)| code), Some(4101));
    bob.get("/me").await.refused(401, "session_ended");
    login(&server.address, "bob", person::PASSWORD).await.refused(401, "wrong_credentials");
    let password = text.lines().find_map(|line| line.strip_prefix("  ")).expect("a password");
    let bob = Person::from_grant(&server.address, login(&server.address, "bob", password).await.expect(200));

    // Locked out, with everything that is open.
    let (mut socket, mut other) = (bob.connect().await, robot.connect().await);
    done(laserchat(data, &["admin", "disable", "bob"]).await);
    assert_eq!(socket.closed().await.map(|(code, _)| code), Some(4101));
    assert_eq!(other.closed().await.map(|(code, _)| code), Some(4101));
    login(&server.address, "bob", password).await.refused(403, "account_disabled");
    robot.get("/me").await.refused(401, "unauthorized");
    done(laserchat(data, &["admin", "enable", "bob"]).await);
    let bob = Person::from_grant(&server.address, login(&server.address, "bob", password).await.expect(200));
    robot.get("/me").await.expect(200);

    // A new key signs, and nobody is signed out.
    let key = |person: &Person| person.token.split('.').next().unwrap_or_default().to_owned();
    done(laserchat(data, &["admin", "rotate-keys"]).await);
    bob.get("/me").await.expect(200);
    let bob_again = Person::from_grant(&server.address, login(&server.address, "bob", password).await.expect(200));
    bob_again.get("/me").await.expect(200);
    assert_ne!(key(&bob), key(&bob_again));

    done(laserchat(data, &["admin", "make-owner", "bob"]).await);
    assert_eq!(bob.get("/me").await.expect(200)["user"]["server_role"], "owner");
    assert_eq!(ada.get("/me").await.expect(200)["user"]["server_role"], "admin");
    assert!(failed(laserchat(data, &["admin", "disable", "bob"]).await).contains("is the owner"));
    assert!(failed(laserchat(data, &["admin", "owner-link"]).await).contains("has an owner"));

    done(laserchat(data, &["admin", "settings", "--name", "Our place", "--registration", "closed"]).await);
    let info = ada.get("/server").await.expect(200);
    assert_eq!((&info["name"], &info["registration"]), (&json!("Our place"), &json!("closed")));
    assert!(failed(laserchat(data, &["admin", "reset-password", "nobody"]).await).contains("nobody is called"));
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_machine_without_authorities_has_a_chat_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let alone = |arguments: &[&str]| {
        let mut command = process::command();
        command.env("SSL_CERT_FILE", folder.path().join("none")).env("SSL_CERT_DIR", folder.path());
        command.args(arguments).arg("--data").arg(&data);
        command
    };
    let mut serve = alone(&["serve", "--listen", "127.0.0.1:0"]);
    serve.stderr(std::fs::File::create(folder.path().join("log")).unwrap());
    let server = Process::run(serve).await;
    let ada = Person::register(&server.address, "ada").await;
    let group = ada.group("the group", &[]).await;
    ada.say(&group, "one", "nobody else is needed for this").await;
    assert!(server.terminate().await.success());
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("install the package ca-certificates"), "{log}");
    let text = done(patiently("the doctor", alone(&["doctor", "--listen", "127.0.0.1:0"]).output()).await.unwrap());
    assert!(text.contains("warn  authorities"), "{text}");
}

#[tokio::test]
async fn admin_works_without_a_server_and_without_a_database_it_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(failed(laserchat(&data, &["admin", "users"]).await).contains("there is no database"));
    assert!(failed(laserchat(&data, &["backup", "/nonexistent/file"]).await).contains("there is no database"));
    assert!(!data.exists());

    let server = Process::start(&data, "127.0.0.1:0").await;
    server.kill().await;
    let link = done(laserchat(&data, &["admin", "owner-link"]).await);
    let code = link.split("/join/").nth(1).expect("a link").trim().to_owned();
    done(laserchat(&data, &["admin", "settings", "--registration", "closed"]).await);

    // Closed to everybody but the bearer of the link.
    let mut serve = process::command();
    serve.args(["serve", "--rate-limits", "off", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    serve.stderr(std::process::Stdio::null());
    let server = Process::run(serve).await;
    let register = |code: Option<&str>| {
        let body = json!({ "username": "ada", "password": person::PASSWORD, "invitation": code });
        let address = server.address.clone();
        async move { person::call(&person::http(), &address, Method::POST, "/auth/register", None, Some(body)).await }
    };
    register(None).await.refused(403, "registration_closed");
    // The server has made a link of its own meanwhile, so this one has had its day.
    register(Some(&code)).await.refused(403, "registration_closed");
    let link = done(laserchat(&data, &["admin", "owner-link"]).await);
    let code = link.split("/join/").nth(1).expect("a link").trim().to_owned();
    assert_eq!(register(Some(&code)).await.expect(201)["user"]["server_role"], "owner");
}

#[tokio::test]
async fn a_backup_is_whole_and_a_restored_one_is_a_new_life() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Process::start(&data, "127.0.0.1:0").await;
    let ada = Person::register(&server.address, "ada").await;
    let group = ada.group("the group", &[]).await;
    ada.say(&group, "one", "before").await;
    let file = folder.path().join("backup.db");
    let name = file.to_str().unwrap();
    done(laserchat(&data, &["backup", name]).await);
    assert!(failed(laserchat(&data, &["backup", name]).await).contains("exists already"));
    ada.say(&group, "two", "after").await;
    let epoch = |info: Value| info["epoch"].as_str().unwrap().to_owned();
    let before = epoch(ada.get("/server").await.expect(200));

    // Not into a folder that is in use, and not over a database.
    assert!(failed(laserchat(&data, &["restore", name]).await).contains("another LaserChat server uses it"));
    server.kill().await;
    assert!(failed(laserchat(&data, &["restore", name]).await).contains("exists already"));

    let other = folder.path().join("other");
    let said = done(laserchat(&other, &["restore", name]).await);
    let server = Process::start(&other, "127.0.0.1:0").await;
    let grant = login(&server.address, "ada", person::PASSWORD).await.expect(200);
    let ada = Person::from_grant(&server.address, grant);
    let after = epoch(ada.get("/server").await.expect(200));
    assert!(after != before && said.contains(&after), "{said}");
    let bodies: Vec<Value> = ada.history(&group).await.iter().map(|message| message["body"].clone()).collect();
    assert!(bodies.contains(&json!("before")) && !bodies.contains(&json!("after")), "{bodies:?}");

    // What is no backup is not restored.
    std::fs::write(&file, "not a database").unwrap();
    failed(laserchat(&folder.path().join("third"), &["restore", name]).await);
    assert!(!folder.path().join("third/laserchat.db").exists());
}

#[tokio::test]
async fn a_backup_has_the_bytes_of_files_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    std::fs::create_dir(&backups).unwrap();
    let server = Process::start(&data, "127.0.0.1:0").await;
    let ada = Person::register(&server.address, "ada").await;
    let group = ada.group("the group", &[]).await;
    let mut ids = Vec::new();
    let path = |name: &str| backups.join(name).display().to_string();
    for (number, content) in [b"the first", b"the other"].iter().enumerate() {
        let id = upload(&ada, "a.txt", *content).await;
        ready(&ada, &id).await;
        let send = json!({ "client_id": id, "body": "", "files": [id] });
        ada.post(&format!("/conversations/{group}/messages"), send).await.expect(201);
        ids.push(id);
        let said = done(laserchat(&data, &["backup", &path(&format!("{number}.db"))]).await);
        assert!(said.contains(&format!("The bytes of {} file(s) are in", number + 1)), "{said}");
    }
    done(laserchat(&data, &["backup", &path("alone.db"), "--without-files"]).await);
    let count = || blobs(&backups).len();
    assert_eq!(count(), 2, "two backups share what they have in common");

    // A damaged file is told, and not taken for a copy.
    let half = blob_of(&data, b"the other").unwrap();
    std::fs::write(&half, b"the OTHER").unwrap();
    let other = folder.path().join("elsewhere");
    std::fs::create_dir(&other).unwrap();
    let said = failed(laserchat(&data, &["backup", other.join("2.db").to_str().unwrap()]).await);
    assert!(said.contains("0 file(s) are missing") && said.contains("1 are damaged"), "{said}");
    assert_eq!(blobs(&other).len(), 1);
    server.kill().await;

    let restored = folder.path().join("restored");
    let said = done(laserchat(&restored, &["restore", &path("1.db")]).await);
    assert!(said.contains("The bytes of 2 of 2 file(s) are restored"), "{said}");
    let server = Process::start(&restored, "127.0.0.1:0").await;
    let grant = login(&server.address, "ada", person::PASSWORD).await.expect(200);
    let ada = Person::from_grant(&server.address, grant);
    for (id, content) in ids.iter().zip([b"the first", b"the other"]) {
        let answer = ada.tus().get(&format!("/files/{id}/content"), &[]).await;
        assert_eq!(answer.bytes().await.unwrap(), &content[..]);
    }
    assert_eq!(ada.history(&group).await.iter().filter(|message| message["attachments"] != json!([])).count(), 2);
    let text = done(laserchat(&restored, &["doctor", "--listen", &server.address]).await);
    assert!(text.contains("ok    file store     2 file(s)"), "{text}");
    server.kill().await;

    // Without the bytes it is refused, and wanted so, done.
    let third = folder.path().join("third");
    let name = other.join("2.db").display().to_string();
    let said = failed(laserchat(&third, &["restore", &name]).await);
    assert!(said.contains("of 2 file(s), 1 are missing") && said.contains("--without-files"), "{said}");
    assert!(!third.join("laserchat.db").exists());
    let said = done(laserchat(&third, &["restore", &name, "--without-files"]).await);
    assert!(said.contains("The bytes of 1 of 2 file(s) are restored"), "{said}");
    let output = laserchat(&third, &["doctor", "--listen", "127.0.0.1:0"]).await;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(1) && text.contains("FAIL  file store     1 of 2 files are not in"), "{text}");
}

#[tokio::test]
async fn the_doctor_looks_after_what_files_need() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = async |more: &[&str]| {
        let output = laserchat(folder.path(), &[&["doctor", "--listen", "127.0.0.1:0"], more].concat()).await;
        (output.status.code() == Some(0), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (well, text) = doctor(&[]).await;
    assert!(well && text.contains("ok    virus scanner  none is configured"), "{text}");
    let ffmpeg =
        if laserchat_server::media::has_ffmpeg() { "ok    ffmpeg         is installed" } else { "warn  ffmpeg" };
    assert!(text.contains(ffmpeg), "{text}");
    let away = ["--scan-clamd", "/absent/clamd.sock"];
    let (well, text) = doctor(&away).await;
    assert!(well && text.contains("warn  virus scanner  no clamd answers"), "{text}");
    let (well, text) = doctor(&[&away[..], &["--scan-required", "on"]].concat()).await;
    assert!(!well && text.contains("FAIL  virus scanner  no clamd answers"), "{text}");
    if let Some(clamd) = Clamd::start().await {
        let (well, text) = doctor(&["--scan-clamd", &clamd.socket()]).await;
        assert!(well && text.contains("ok    virus scanner  clamd answers"), "{text}");
    }

    let s3 = S3::start().await;
    let bucket: Vec<String> = s3
        .settings()
        .iter()
        .flat_map(|(key, value)| [format!("--{}", key.to_lowercase().replace('_', "-")), (*value).to_owned()])
        .collect();
    let bucket: Vec<&str> = bucket.iter().map(String::as_str).collect();
    let (well, text) = doctor(&bucket).await;
    assert!(well && text.contains("ok    file store     s3://laserchat/files can be written"), "{text}");
    assert!(s3.blobs().is_empty(), "nothing is left of the question");
    s3.cable.cut();
    let (well, text) = doctor(&bucket).await;
    assert!(!well && text.contains("FAIL  file store     s3://laserchat/files cannot be used"), "{text}");
}

#[tokio::test]
async fn the_doctor_sees_a_server_and_a_stranger_on_its_port() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(&folder.path().join("data"), "127.0.0.1:0").await;
    let address = server.address.clone();
    let text = done(laserchat(&folder.path().join("data"), &["doctor", "--listen", &address]).await);
    assert!(text.contains("ok    database       whole") && text.contains(&format!("answers on {address}")), "{text}");
    let text = done(laserchat(&folder.path().join("elsewhere"), &["doctor", "--listen", &address]).await);
    assert!(text.contains("from another data folder"), "{text}");
    // The folder is served already.
    let output = laserchat(&folder.path().join("data"), &["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(failed(output).contains("another LaserChat server uses it"));
    server.kill().await;

    let stranger = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = stranger.local_addr().unwrap().to_string();
    // It hangs up on whoever calls.
    tokio::spawn(async move { while stranger.accept().await.is_ok() {} });
    let output = laserchat(&folder.path().join("data"), &["doctor", "--listen", &taken]).await;
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("FAIL  server         another program has"), "{text}");
}

#[tokio::test]
async fn a_wrong_setting_stops_every_command_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["serve", "config", "doctor"] {
        let output = laserchat(folder.path(), &[command, "--queue-frames", "few"]).await;
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(said.contains("`queue.frames` (flag --queue-frames)"), "{said}");
    }
    let table = done(laserchat(folder.path(), &["config", "--queue-frames", "9"]).await);
    assert!(table.lines().any(|line| line.starts_with("queue.frames ") && line.ends_with("flag --queue-frames")));
}

#[tokio::test]
async fn the_binary_prints_the_descriptions_that_it_serves() {
    for arguments in [&["openapi"][..], &["openapi", "--async"]] {
        let output = process::command().args(arguments).output().await.unwrap();
        let description: Value = serde_json::from_str(&done(output)).unwrap();
        assert!(description["openapi"].is_string() || description["asyncapi"].is_string());
    }
}

#[tokio::test]
async fn every_metric_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), "127.0.0.1:0").await;
    let ada = Person::register(&server.address, "ada").await;
    let group = ada.group("the group", &[]).await;
    ada.say(&group, "one", "hello").await;
    ada.get("/nowhere").await.refused(404, "no_such_endpoint");
    drop(ada.connect().await);
    let text =
        person::http().get(format!("http://{}/metrics", server.address)).send().await.unwrap().text().await.unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(names.len() > 8, "{names:?}");
    let documented = include_str!("../../../docs/OPERATIONS.md");
    for name in names {
        assert!(documented.contains(&format!("| `{name}` |")), "docs/OPERATIONS.md must explain {name}");
    }
}

#[tokio::test]
async fn traces_reach_a_collector() {
    let folder = tempfile::tempdir().unwrap();
    let collector = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let mut serve = process::command();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--otel-endpoint", &endpoint, "--data"]).arg(folder.path());
    let server = Process::run(serve).await;
    let ada = Person::register(&server.address, "ada").await;
    let group = ada.group("the group", &[]).await;
    ada.say(&group, "one", "zebrafish").await;

    // All of them are sent before the server ends, on one connection or on several.
    let (sender, mut gathered) = tokio::sync::mpsc::channel(64);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = collector.accept().await {
            let mut bytes = Vec::new();
            let mut part = [0; 4096];
            while !whole(&bytes) {
                match stream.read(&mut part).await {
                    Ok(read @ 1..) => bytes.extend_from_slice(&part[..read]),
                    _ => break,
                }
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
            let _ = sender.send(bytes).await;
        }
    });
    assert!(server.terminate().await.success());
    let mut traces = Vec::new();
    while let Ok(bytes) = gathered.try_recv() {
        assert!(bytes.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
        traces.extend(bytes);
    }
    let holds = |text: &str| traces.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("laserchat") && holds("request") && holds("commit") && holds("/api/v1/auth/register"));
    assert!(!holds("zebrafish") && !holds(&ada.token));
}

/// Whether an HTTP request is here with its body.
fn whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    bytes.len() >= end + 4 + length.unwrap_or(0)
}
