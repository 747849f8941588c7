//! Killed while digests are sent, again and again: everything that was missed is told, and what is sent twice comes under the
//! name that it had before, and tells the same.

use std::collections::BTreeMap;

use laserchat_tests::mailed::{hurry, settings, subscribe, told};
use laserchat_tests::person::PASSWORD;
use laserchat_tests::process::command;
use laserchat_tests::{Person, PostOffice, Process};
use serde_json::json;

const KILLS: usize = 6;

async fn start(data: &std::path::Path, address: &str, office: &PostOffice) -> Process {
    let mut serve = command();
    serve.args(["serve", "--rate-limits", "off", "--listen", address, "--data"]).arg(data);
    for (key, value) in settings(&office.url()) {
        serve.env(format!("LASERCHAT_{key}"), value);
    }
    // The server says its public address when it starts, and that is how the test learns that it has.
    serve.env("LASERCHAT_PUBLIC_URL", format!("http://{address}"));
    Process::run(serve).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_told_twice_by_kill_9() {
    let (folder, office) = (tempfile::tempdir().unwrap(), PostOffice::start().await);
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut process = start(folder.path(), &address, &office).await;
    let (ann, bob) = (Person::register(&address, "ann").await, Person::register(&address, "bob").await);
    subscribe(&bob, &office, "bob@example.org").await;
    let direct = ann.direct(&bob).await;
    for kill in 0..KILLS {
        ann.say(&direct, &kill.to_string(), &format!("message {kill}.")).await;
        told(&bob, kill + 1).await;
        process.kill().await;
        // Due at the next start. Half of them are taken by a mail server that does not come to say so, and the process is
        // killed as soon as they have arrived.
        assert!(hurry(folder.path()));
        let before = office.so_far().len();
        if kill % 2 == 0 {
            office.swallow(1);
        }
        process = start(folder.path(), &address, &office).await;
        office.arrived(before + 1).await;
    }
    // The last one may or may not have been noted; whatever is left is sent.
    process.kill().await;
    hurry(folder.path());
    process = start(folder.path(), &address, &office).await;
    let text = format!("message {KILLS}.");
    ann.say(&direct, "last", &text).await;
    told(&bob, KILLS + 1).await;
    process.kill().await;
    hurry(folder.path());
    process = start(folder.path(), &address, &office).await;
    let mut digests: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = 0;
    while !digests.values().any(|digest| digest.contains(&text)) {
        let letters = office.arrived(seen + 1).await;
        for letter in &letters[seen..] {
            if letter.header("List-Unsubscribe").is_some() {
                let first = digests.entry(letter.message_id()).or_insert_with(|| letter.text());
                assert_eq!(*first, letter.text(), "the same name, the same digest");
            }
        }
        seen = letters.len();
        // What the retry of one digest has left over is for the next one. A link that somebody asks for wakes the worker.
        hurry(folder.path());
        let email = json!({ "email": format!("ann{seen}@example.org"), "password": PASSWORD });
        ann.put("/me/email", email).await.expect(200);
    }
    for n in 0..=KILLS {
        let telling = digests.values().filter(|digest| digest.contains(&format!("message {n}."))).count();
        assert_eq!(telling, 1, "message {n} is told in one digest");
    }
    process.kill().await;
}
