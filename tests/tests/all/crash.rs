//! Killed under load, again and again: what was acknowledged is there once, in order, and clients resume without a hole.

use std::collections::BTreeSet;
use std::sync::Arc;

use laserchat_tests::{Person, Process, Socket, patiently};
use parking_lot::Mutex;
use serde_json::{Value, json};

const KILLS: usize = 20;
const SENDERS: usize = 4;

/// Sends without pause, and again what was not acknowledged, until told to stop. Returns what was acknowledged.
async fn send(person: Person, conversation: String, name: usize, stop: Arc<Mutex<bool>>) -> Vec<(String, u64)> {
    let mut acked = Vec::new();
    let mut next = 0u32;
    while !*stop.lock() {
        let Ok((mut socket, _)) = Socket::hello(&person.address, json!({ "token": person.token })).await else {
            tokio::task::yield_now().await;
            continue;
        };
        // The first after a reconnection may be a repetition of one that was committed and not acknowledged.
        loop {
            let client_id = format!("{name}-{next}");
            let send = json!({ "type": "message.send", "id": next, "conversation_id": conversation, "client_id": client_id, "body": client_id });
            socket.raw(send.to_string().into()).await;
            let answer = loop {
                match socket.next().await {
                    Ok(event) if event["id"] == json!(next) => break Some(event),
                    Ok(_) => {}
                    Err(_) => break None,
                }
            };
            let Some(answer) = answer else { break };
            assert_eq!(answer["type"], "ack", "{answer:#}");
            acked.push((client_id, answer["seq"].as_u64().expect("a seq")));
            next += 1;
            if *stop.lock() {
                break;
            }
        }
    }
    acked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let conversation = ann.direct(&bob).await;

    let stop = Arc::new(Mutex::new(false));
    let senders: Vec<_> = (0..SENDERS)
        .map(|name| {
            let person = if name % 2 == 0 { ann.clone() } else { bob.clone() };
            tokio::spawn(send(person, conversation.clone(), name, Arc::clone(&stop)))
        })
        .collect();

    // Bob also listens and resumes from his cursor; what he hears must be dense.
    let mut heard: Vec<Value> = Vec::new();
    let mut cursor = bob.get(&format!("/conversations/{conversation}")).await.expect(200)["seq"].as_u64().unwrap();
    for kill in 0..KILLS {
        let hello = json!({ "token": bob.token, "cursors": { &conversation: cursor } });
        let (mut socket, _) = Socket::hello_whenever(&address, hello).await;
        let enough = heard.len() + 20 + kill;
        let mut process_to_kill = Some(process);
        // The kill comes while messages are under way; what is in the socket then still arrives.
        loop {
            match socket.next().await {
                Ok(event) if event["type"] == "message.sent" => {
                    cursor = event["seq"].as_u64().unwrap();
                    heard.push(event);
                }
                Ok(_) => {}
                Err(_) => break,
            }
            if heard.len() >= enough
                && let Some(process) = process_to_kill.take()
            {
                process.kill().await;
            }
        }
        process = Process::start(folder.path(), &address).await;
    }
    *stop.lock() = true;
    let mut acked = Vec::new();
    for sender in senders {
        acked.extend(patiently("a sender", sender).await.unwrap());
    }

    let stored = ann.history(&conversation).await;
    let seqs: Vec<u64> = stored.iter().map(|message| message["seq"].as_u64().unwrap()).collect();
    let first = seqs[0];
    assert_eq!(seqs, (first..first + seqs.len() as u64).collect::<Vec<_>>(), "seqs are dense");
    let names: Vec<&str> = stored.iter().map(|message| message["client_id"].as_str().unwrap()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "nothing is there twice");
    for (client_id, seq) in &acked {
        let message = stored.iter().find(|message| message["seq"] == json!(seq));
        assert_eq!(message.map(|message| &message["client_id"]), Some(&json!(client_id)), "acknowledged at {seq}");
    }
    for name in 0..SENDERS {
        let mine: Vec<u32> = names
            .iter()
            .filter_map(|client_id| client_id.strip_prefix(&format!("{name}-")))
            .map(|number| number.parse().unwrap())
            .collect();
        assert_eq!(mine, (0..mine.len() as u32).collect::<Vec<_>>(), "sender {name} in order");
    }
    let heard: Vec<u64> = heard.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(heard, (heard[0]..heard[0] + heard.len() as u64).collect::<Vec<_>>(), "no hole, nothing twice");
    assert!(acked.len() > KILLS, "{} acknowledged", acked.len());
    assert!(process.terminate().await.success());
}
