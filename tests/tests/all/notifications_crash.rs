//! Killed while people are told of messages, again and again: everybody is told of everything, and what is pushed twice comes
//! under the name that it had before, so that it replaces itself.

use std::collections::{BTreeMap, BTreeSet};

use laserchat_tests::process::command;
use laserchat_tests::pushes::PushService;
use laserchat_tests::{Person, Process, patiently};
use serde_json::json;

const KILLS: usize = 8;
const MESSAGES: usize = 10;

async fn start(data: &std::path::Path, address: &str) -> Process {
    let mut serve = command();
    serve.args(["serve", "--rate-limits", "off", "--listen", address, "--outbound-allow", "127.0.0.0/8"]);
    serve.args(["--notifications-hold-seconds", "0", "--data"]).arg(data).stderr(std::process::Stdio::null());
    Process::run(serve).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_left_untold_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let service = PushService::start().await;
    let mut process = start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let (ann, bob) = (Person::register(&address, "ann").await, Person::register(&address, "bob").await);
    let vapid = bob.get("/server").await.expect(200)["vapid_key"].clone();
    bob.post("/me/devices", service.subscribe("phone", &vapid)).await.expect(201);
    let direct = ann.direct(&bob).await;
    let mut sent = BTreeSet::new();
    for kill in 0..KILLS {
        for n in 0..MESSAGES {
            // Some are refused at first, so that some wait to be tried again when the process dies.
            if n % 4 == 3 {
                service.answer(503, "");
            }
            let message = ann.say(&direct, &format!("{kill}-{n}"), "x").await;
            sent.insert(format!("m{}", message["id"].as_str().unwrap()));
        }
        // At another point each time: before anything of this round has come, or after some of it has.
        service.arrived(kill * (MESSAGES - 2)).await;
        process.kill().await;
        process = start(folder.path(), &address).await;
        assert_eq!(bob.get("/server").await.expect(200)["vapid_key"], vapid, "the key is the same for ever");
    }
    let taken = |all: &[laserchat_tests::pushes::Arrived]| -> BTreeSet<String> {
        all.iter().filter(|push| push.answered == 201).map(|push| push.topic.clone()).collect()
    };
    let arrived = service.until("every message", |all| taken(all).is_superset(&sent)).await;
    assert_eq!(taken(&arrived), sent, "and nothing else");
    let mut seen = BTreeMap::new();
    for push in &arrived {
        assert_eq!(push.payload["tag"], json!(push.topic));
        assert_eq!(*seen.entry(&push.topic).or_insert(&push.payload), &push.payload, "a repetition is the same");
    }
    let activity = bob.get("/me/activity?limit=200").await.expect(200);
    let listed: Vec<String> = activity["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("m{}", item["message_id"].as_str().unwrap()))
        .collect();
    assert_eq!(listed.len(), sent.len(), "each once");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), sent);
    assert!(patiently("the end", process.terminate()).await.success());
}
