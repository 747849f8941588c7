//! A server moves from its data folder to PostgreSQL and S3: killed again and again on the way, and nobody notices more than
//! a pause. And backups of either database, restored into either.

use std::path::Path;
use std::process::Stdio;

use laserchat_ground::postgres::{Database, shared};
use laserchat_tests::process::{self, Process};
use laserchat_tests::upload::{blob_of, blobs, ready, upload};
use laserchat_tests::{Person, Receiver, S3, Socket, patiently};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// `None`, and it is said: PostgreSQL is not installed.
async fn database() -> Option<Database> {
    tokio::task::spawn_blocking(|| Some(shared()?.database())).await.expect("a database")
}

/// A command on a data folder, with settings by their environment names without the prefix.
fn command(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> tokio::process::Command {
    let mut command = process::command();
    command.args(arguments).arg("--data").arg(data).kill_on_drop(true);
    command.envs(settings.iter().map(|(key, value)| (format!("LASERCHAT_{key}"), *value)));
    command
}

/// Runs it to its end: whether it succeeded, and all that it said.
async fn run(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> (bool, String) {
    let output = patiently("a command to end", command(data, settings, arguments).output()).await.expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[track_caller]
fn done((well, said): (bool, String)) -> String {
    assert!(well, "{said}");
    said
}

#[track_caller]
fn failed((well, said): (bool, String)) -> String {
    assert!(!well, "{said}");
    said
}

async fn serve(data: &Path, settings: &[(&str, &str)]) -> Process {
    let mut serve = command(data, settings, &["serve", "--rate-limits", "off", "--listen", "127.0.0.1:0"]);
    serve.env("LASERCHAT_OUTBOUND_ALLOW", "127.0.0.0/8").env("LASERCHAT_WEBHOOKS_RETRY_SECONDS", "1");
    serve.stderr(Stdio::null());
    Process::run(serve).await
}

/// Moves, and is killed after so many lines.
async fn kill_after(data: &Path, to: &str, lines: usize) {
    let mut moving = command(data, &[], &["migrate", "--to", to]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut said = BufReader::new(moving.stdout.take().expect("its output")).lines();
    for _ in 0..lines {
        let line = patiently("a line", said.next_line()).await.expect("readable output").expect("it is not done yet");
        assert!(!line.contains("All is done"), "{line}");
    }
    moving.kill().await.expect("it dies");
}

/// People and what they have done, of every kind.
struct World {
    people: [Person; 3],
    group: String,
    direct: String,
    files: [(String, Vec<u8>); 2],
    /// An upload of which this much has arrived.
    half: (String, Vec<u8>),
}

const HALF: usize = 9_000_000;

fn bytes(seed: usize, count: usize) -> Vec<u8> {
    (0..count).map(|at| ((at * 31 + seed * 7919) % 251) as u8).collect()
}

fn path(message: &Value, rest: &str) -> String {
    format!("/messages/{}{rest}", message["id"].as_str().expect("an id"))
}

impl World {
    async fn make(address: &str, hook: &Receiver) -> World {
        let ann = Person::register(address, "ann").await;
        let bob = Person::register(address, "bob").await;
        let cleo = Person::register(address, "cleo").await;
        let group = ann.group("the harbour", &[&bob, &cleo]).await;
        let direct = ann.direct(&bob).await;
        let wanted = json!({ "url": hook.url("/told"), "conversation_id": group, "events": ["message.sent"] });
        ann.post("/webhooks", wanted).await.expect(201);
        let mut said = Vec::new();
        for n in 0..40 {
            let who = [&ann, &bob, &cleo][n % 3];
            said.push(who.say(&group, &format!("say-{n}"), &format!("anchor {n} caf\u{e9} \u{2693} \\ '{n}'")).await);
        }
        ann.say(&direct, "hello", "only for you").await;
        ann.put(&path(&said[0], ""), json!({ "body": "weighed anchor" })).await.expect(200);
        bob.delete(&path(&said[1], "")).await.expect(200);
        for who in [&bob, &cleo] {
            who.put(&path(&said[3], "/reactions/%E2%9A%93"), json!({})).await;
            let reply = json!({ "client_id": "reply", "body": "aye", "parent_id": said[6]["id"] });
            who.post(&format!("/conversations/{group}/messages"), reply).await.expect(201);
        }
        ann.put(&path(&said[6], "/pin"), json!({})).await;
        let poll = json!({ "client_id": "poll", "question": "Where to?", "options": ["Sea", "Home"] });
        let poll = ann.post(&format!("/conversations/{group}/polls"), poll).await.expect(201);
        bob.put(&path(&poll, "/vote"), json!({ "options": [1] })).await;
        bob.put(&path(&said[9], "/read"), json!({})).await.expect(204);
        bob.put(&format!("/me/saved/{}", said[3]["id"].as_str().unwrap()), json!({})).await.expect(200);
        bob.put(&format!("/conversations/{group}/draft"), json!({ "body": "half a thought" })).await;
        let later = json!({ "text": "tide", "remind_at": "2031-01-01T00:00:00.000Z" });
        ann.post("/me/reminders", later).await.expect(201);
        ann.post(&format!("/conversations/{group}/webhooks"), json!({ "name": "Lighthouse" })).await.expect(201);
        let contents = [b"small".to_vec(), bytes(1, 9_500_000)];
        let mut files = Vec::new();
        for (at, content) in contents.into_iter().enumerate() {
            let id = upload(&ann, &format!("{at}.bin"), &content).await;
            ready(&ann, &id).await;
            let send = json!({ "client_id": id, "body": "", "files": [id] });
            ann.post(&format!("/conversations/{group}/messages"), send).await.expect(201);
            files.push((id, content));
        }
        let content = bytes(2, HALF + 1000);
        let half = ann.tus().create("half.bin", content.len(), &[]).await;
        assert_eq!(ann.tus().patch(&half, 0, &content[..HALF]).await.status(), 204);
        let files = files.try_into().unwrap_or_else(|_| unreachable!("two"));
        World { people: [ann, bob, cleo], group, direct, files, half: (half, content) }
    }

    /// The same people at another server.
    fn at(&mut self, address: &str) {
        self.people = self.people.each_ref().map(|person| person.at(address));
    }

    /// Everything that people can see, as each of them does.
    async fn seen(&self) -> Vec<Value> {
        let mut seen = Vec::new();
        let (group, direct) = (&self.group, &self.direct);
        for person in &self.people {
            let mut paths = vec![
                "/me/changes?after=0".to_owned(),
                "/me/drafts".to_owned(),
                "/me/saved".to_owned(),
                "/me/reminders".to_owned(),
                "/me/activity".to_owned(),
                format!("/conversations/{group}/changes?after=0&limit=200"),
                format!("/conversations/{group}/members"),
            ];
            if person.username != "cleo" {
                paths.push(format!("/conversations/{direct}/changes?after=0"));
            }
            for path in paths {
                seen.push(json!([person.username, path, person.get(&path).await.expect(200)]));
            }
            seen.extend(person.history(group).await);
        }
        seen
    }

    async fn contents(&self) {
        for (id, content) in &self.files {
            let answer = self.people[1].tus().get(&format!("/files/{id}/content"), &[]).await;
            assert_eq!(answer.status(), 200);
            assert!(answer.bytes().await.unwrap() == content[..], "a file is another one");
        }
    }

    /// The upload goes on where it was.
    async fn upload_goes_on(&self) {
        let (ann, (id, content)) = (&self.people[0], &self.half);
        assert_eq!(ann.tus().offset(id).await, HALF as u64);
        assert_eq!(ann.tus().patch(id, HALF as u64, &content[HALF..]).await.status(), 204);
        ready(ann, id).await;
        let answer = ann.tus().get(&format!("/files/{id}/content"), &[]).await;
        assert!(answer.bytes().await.unwrap() == content[..]);
    }

    async fn found(&self, word: &str, count: usize) {
        patiently("the index", async {
            loop {
                let page = self.people[2].get(&format!("/search?q={word}&limit=100")).await.expect(200);
                if page["items"].as_array().is_some_and(|items| items.len() == count) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await
    }
}

/// What a client remembers while it is away.
async fn position(person: &Person) -> Value {
    let (_, ready) = Socket::hello(&person.address, json!({ "token": person.token })).await.unwrap();
    json!({ "token": person.token, "epoch": ready["epoch"], "version": ready["version"], "cursors": ready["heads"] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_moves_and_nobody_notices_more_than_a_pause() {
    let Some(database) = database().await else { return };
    let mut hook = Receiver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = serve(&data, &[]).await;
    let mut world = World::make(&server.address, &hook).await;
    let away = position(&world.people[1]).await;
    let newest = world.people[1].say(&world.group, "last", "the last word here").await;
    // All of what was said has been told to the webhook, in its order.
    while !hook.next().await.text().contains(newest["id"].as_str().unwrap()) {}
    let to = database.url.as_str();
    assert!(failed(run(&data, &[], &["migrate", "--to", to]).await).contains("another LaserChat server uses it"));
    // Most of it comes over while people go on.
    let said = done(run(&data, &[], &["migrate", "--ahead", "--to", to]).await);
    assert!(said.contains("without --ahead"), "{said}");
    world.people[0].put(&path(&newest, "/reactions/%E2%9A%93"), json!({})).await.expect(200);
    assert!(server.terminate().await.success());

    for lines in [1, 2, 9, 25, 40] {
        kill_after(&data, to, lines).await;
        let refused = run(&data, &[("DATABASE_URL", to)], &["serve", "--listen", "127.0.0.1:0"]).await;
        assert!(failed(refused).contains("not whole yet"));
    }
    // Meanwhile the old one may still be served, which changes what was copied.
    let server = serve(&data, &[]).await;
    world.at(&server.address);
    world.people[1].put(&path(&newest, ""), json!({ "body": "the very last word" })).await.expect(200);
    let before = world.seen().await;
    assert!(server.terminate().await.success());

    let said = done(run(&data, &[], &["migrate", "--to", to]).await);
    assert!(said.contains("Going on where") && said.contains("stay in"), "{said}");
    let again = done(run(&data, &[], &["migrate", "--to", to]).await);
    assert!(again.contains("All is done already") && again.lines().count() == 1, "{again}");
    let refused = run(&data, &[], &["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(failed(refused).contains("was moved to postgres://127.0.0.1:"));

    let settings = [("DATABASE_URL", to)];
    let server = serve(&data, &settings).await;
    world.at(&server.address);
    assert_eq!(world.seen().await, before);
    let [ann, bob, _] = &world.people;
    // Somebody who was away is told what happened since, and nothing else.
    let (mut socket, ready) = Socket::hello(&server.address, away.clone()).await.unwrap();
    assert_eq!((&ready["epoch"], &ready["reset"]), (&away["epoch"], &Value::Null), "{ready:#}");
    let told = socket.expect("message.updated").await;
    assert_eq!((&told["message"]["id"], &told["message"]["body"]), (&newest["id"], &json!("the very last word")));
    let next = ann.say(&world.group, "new", "first word there").await;
    assert_eq!(next["seq"].as_u64(), newest["seq"].as_u64().map(|seq| seq + 3), "a reaction and an edit came between");
    let number = |message: &Value| message["id"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(number(&next) > number(&newest));
    assert_eq!(socket.expect("message.sent").await["message"]["id"], next["id"]);
    // A retry of what was sent before the move is the same message.
    let retry = json!({ "client_id": "last", "body": "the last word here" });
    let retry = bob.post(&format!("/conversations/{}/messages", world.group), retry).await.expect(200);
    assert_eq!(retry["id"], newest["id"]);
    // Whom it was told of before is not told again, and of what is new it is.
    let told = hook.next().await.json();
    assert!(told.to_string().contains(next["id"].as_str().unwrap()), "{told:#}");
    world.contents().await;
    world.upload_goes_on().await;
    world.found("anchor", 39).await;
    let settings = [("DATABASE_URL", to), ("LISTEN", &server.address)];
    let text = done(run(&data, &settings, &["doctor"]).await);
    for line in ["ok    database       whole, version", "ok    file store     3 file(s)", "answers on"] {
        assert!(text.contains(line), "{text}");
    }
    server.kill().await;

    // And back, without what was written there: another life.
    let said = done(run(&data, &[], &["migrate", "--undo"]).await);
    let server = serve(&data, &[]).await;
    world.at(&server.address);
    let info = world.people[0].get("/server").await.expect(200);
    assert!(info["epoch"] != away["epoch"] && said.contains(info["epoch"].as_str().unwrap()), "{said}");
    let bodies: Vec<Value> = world.people[0].history(&world.group).await.iter().map(|m| m["body"].clone()).collect();
    assert!(bodies.contains(&json!("the very last word")) && !bodies.contains(&json!("first word there")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_move_to_a_bucket() {
    let Some(database) = database().await else { return };
    let (hook, s3) = (Receiver::start().await, S3::start().await);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = serve(&data, &[]).await;
    let mut world = World::make(&server.address, &hook).await;
    let before = world.seen().await;
    assert!(server.terminate().await.success());
    let count = blobs(&data).len();

    // One of them is lost: that is not passed over in silence.
    let (lost, aside) = (blob_of(&data, b"small").unwrap(), folder.path().join("aside"));
    std::fs::rename(&lost, &aside).unwrap();
    let mut settings = s3.settings().to_vec();
    settings.push(("DATABASE_URL", &database.url));
    let said = failed(run(&data, &settings, &["migrate"]).await);
    assert!(said.contains("1 are missing") && said.contains("--without-files"), "{said}");
    // And the bucket is away.
    s3.cable.cut();
    failed(run(&data, &settings, &["migrate"]).await);
    s3.cable.mend();
    std::fs::rename(&aside, &lost).unwrap();
    let said = done(run(&data, &settings, &["migrate", "--ahead"]).await);
    assert!(said.contains(&format!("The bytes of {count} file(s) are in s3://")), "{said}");
    let said = done(run(&data, &settings, &["migrate"]).await);
    assert!(said.contains("compared with their names") && said.contains(" 0 of them brought there now"), "{said}");
    assert!(!data.join("migrated-files").exists());
    std::fs::remove_dir_all(data.join("blobs")).unwrap();
    std::fs::remove_dir_all(data.join("uploads")).unwrap();

    let server = serve(&data, &settings).await;
    world.at(&server.address);
    assert_eq!(world.seen().await, before);
    world.contents().await;
    world.upload_goes_on().await;
    assert_eq!(s3.blobs().len(), count + 1, "{:?}", s3.blobs());

    // A backup with the bytes of files, of a server that runs.
    let file = folder.path().join("backups/one.db");
    std::fs::create_dir(folder.path().join("backups")).unwrap();
    let name = file.to_str().unwrap();
    let said = done(run(&data, &settings, &["backup", name, "--with-bucket"]).await);
    assert!(said.contains(&format!("The bytes of {} file(s) are in", count + 1)), "{said}");
    server.kill().await;

    // One blob is lost, and the doctor sees it.
    let gone = s3.blobs().pop().unwrap();
    std::fs::remove_file(gone).unwrap();
    let text = failed(run(&data, &settings, &["doctor", "--listen", "127.0.0.1:0"]).await);
    assert!(text.contains(&format!("FAIL  file store     1 of {} files are not in s3://", count + 1)), "{text}");

    // Restored beside that bucket, into another PostgreSQL: what is missing there is brought from the backup.
    let other = self::database().await.expect("one is installed");
    settings.pop();
    settings.push(("DATABASE_URL", &other.url));
    let data = folder.path().join("other");
    let said = done(run(&data, &settings, &["restore", name]).await);
    assert!(said.contains("is restored, as epoch"), "{said}");
    assert!(failed(run(&data, &settings, &["restore", name]).await).contains("holds a server already"));
    let server = serve(&data, &settings).await;
    world.at(&server.address);
    assert_eq!(
        world.seen().await.iter().filter(|one| one.get("body").is_some()).count(),
        before.iter().filter(|one| one.get("body").is_some()).count()
    );
    world.contents().await;
    server.kill().await;

    // And into SQLite, with the bytes beside it.
    let data = folder.path().join("third");
    let said = done(run(&data, &[], &["restore", name]).await);
    assert!(said.contains(&format!("The bytes of {0} of {0} file(s) are restored", count + 1)), "{said}");
    let server = serve(&data, &[]).await;
    world.at(&server.address);
    world.contents().await;
    world.found("anchor", 39).await;
    let text = done(run(&data, &[], &["doctor", "--listen", "127.0.0.1:0"]).await);
    assert!(text.contains("ok    database       whole"), "{text}");
}

#[tokio::test]
async fn the_doctor_and_backups_say_what_is_wrong_with_a_database() {
    let Some(database) = database().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings = [("DATABASE_URL", database.url.as_str())];
    let doctor = async || run(folder.path(), &settings, &["doctor", "--listen", "127.0.0.1:0"]).await;
    assert!(done(doctor().await).contains("ok    database       it is empty yet"));
    let server = serve(folder.path(), &settings).await;
    let ann = Person::register(&server.address, "ann").await;
    let group = ann.group("the harbour", &[]).await;
    ann.say(&group, "one", "anchor").await;
    server.kill().await;
    assert!(done(doctor().await).contains("ok    database       whole"));
    database.sql("UPDATE conversations SET member_count = 7").unwrap();
    assert!(
        failed(doctor().await).contains("FAIL  database       1 damage(s), the first: a conversation's member count")
    );
    database
        .sql("UPDATE conversations SET member_count = 1; ALTER TABLE messages DETACH PARTITION messages_3")
        .unwrap();
    assert!(failed(doctor().await).contains("the table messages has 15 parts"));
    let nowhere = [("DATABASE_URL", "postgres://127.0.0.1:1/none")];
    let said = failed(run(folder.path(), &nowhere, &["doctor", "--listen", "127.0.0.1:0"]).await);
    assert!(said.contains("FAIL  database       the store is not available"), "{said}");
    let name = folder.path().join("backup.db").display().to_string();
    failed(run(folder.path(), &nowhere, &["backup", &name]).await);
    assert!(!folder.path().join("backup.db").exists());
}
