//! Nodes whose machines disagree about the time, on one database: what they say and put off is by one clock.

use laserchat_protocol::Timestamp;
use laserchat_tests::cluster::other_clock;
use laserchat_tests::{Person, Site};
use tokio::process::Command;

/// Half a day: tokens that one node issues would be over, or not begun, for the other.
const WRONG: i64 = 12 * 3600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_goes_by_the_clock_of_the_database() {
    let Some(library) = other_clock() else { return };
    let Some(site) = Site::start().await else { return };
    let mut nodes = Vec::new();
    for wrong in [WRONG, -WRONG] {
        let set = |serve: &mut Command| {
            serve.env("LD_PRELOAD", library).env("FAKETIME", format!("{wrong:+}s"));
            serve.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        };
        nodes.push(site.node(set).await);
    }
    let [ann, ben] = [("ann", 0), ("ben", 1)].map(|(name, node)| (name, nodes[node].address()));
    let ann = Person::register(ann.1, ann.0).await;
    let ben = Person::register(ben.1, ben.0).await;
    let group = ann.group("both", &[&ben]).await;
    for person in [&ann, &ben] {
        for node in &nodes {
            let text = format!("{} by {}", person.username, node.address());
            let said = person.at(node.address()).say(&group, &text, &text).await;
            let at: Timestamp = serde_json::from_value(said["created_at"].clone()).expect("a time");
            assert!((at.0 - Timestamp::now().0).abs() < 3_600_000, "{said:#}");
        }
    }
}
