//! Nodes whose machines disagree about the time, on one database: what they say and put off is by one clock.

use laserchat_ground::Clock;
use laserchat_protocol::Timestamp;
use laserchat_tests::{Person, Site};
use tokio::process::Command;

/// Half a day: tokens that one node issues would be over, or not begun, for the other.
const WRONG: i64 = 12 * 3600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_goes_by_the_clock_of_the_database() {
    let (Some(ahead), Some(behind)) = (Clock::new(), Clock::new()) else { return };
    let Some(site) = Site::start().await else { return };
    ahead.set(WRONG);
    behind.set(-WRONG);
    let mut nodes = Vec::new();
    for clock in [&ahead, &behind] {
        let by_clock = |serve: &mut Command| {
            serve.envs(clock.environment());
        };
        nodes.push(site.node(by_clock).await);
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
