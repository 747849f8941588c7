//! A cluster under steady load, to which happens what happens to clusters. Nothing that was acknowledged is lost or doubled,
//! everybody sees one order, and whoever reads, is there or waits for an effect is treated right; the checker says so.
//!
//! Every fault comes once, one at a time, and then some of them in an order by chance, whose seed is printed.
//! `LASERCHAT_TEST_SEED` repeats an order, and `LASERCHAT_TEST_FAULTS` says how many faults come by chance, for a soak.

use std::time::Duration;

use laserchat_ground::postgres::Mode;
use laserchat_tests::checker;
use laserchat_tests::cluster::{Cluster, Load, Node};
use laserchat_tests::sim::dice::Dice;

/// Longer than any lease of a node: whoever wakes after this has been replaced.
const PAUSE: Duration = Duration::from_secs(20);
/// Long enough for everybody to notice.
const CUT: Duration = Duration::from_secs(6);
/// How wrong the clock of one node of several is, in seconds: more than any wait of this test, and than tokens last. They go
/// by the database's clock.
const SKEW: i64 = 3600;
/// And that of a node alone, which has no other to go by.
const SKEW_ALONE: i64 = 45;
/// Faults by chance, unless the environment says otherwise.
const BY_CHANCE: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Kill,
    Pause,
    RestartDatabase(Mode),
    Promote,
    CutBus,
    CutDatabase,
    FillDisk,
    SkewClock,
    RollingRestart,
}

/// Those that need no servers but the node.
const OF_NODES: [Fault; 5] = [Fault::Kill, Fault::Pause, Fault::FillDisk, Fault::SkewClock, Fault::RollingRestart];

const ALL: [Fault; 10] = [
    Fault::Kill,
    Fault::Pause,
    Fault::RestartDatabase(Mode::Fast),
    Fault::RestartDatabase(Mode::Immediate),
    Fault::Promote,
    Fault::CutBus,
    Fault::CutDatabase,
    Fault::FillDisk,
    Fault::SkewClock,
    Fault::RollingRestart,
];

/// A fault lasts a while, because what it does to others shows only then.
async fn lasts(time: Duration) {
    tokio::time::sleep(time).await;
}

impl Fault {
    /// Lets it happen to a node, and ends it.
    async fn happen(self, cluster: &mut Cluster, number: usize) {
        let node: &mut Node = &mut cluster.nodes[number];
        match self {
            Fault::Kill => {
                node.kill().await;
                lasts(CUT).await;
                node.run().await;
            }
            Fault::Pause => {
                node.pause().await;
                lasts(PAUSE).await;
                node.resume().await;
            }
            Fault::RestartDatabase(mode) => cluster.database.as_ref().expect("a database").restart(mode),
            Fault::Promote => cluster.promote(),
            Fault::CutBus => {
                let way = node.bus.as_ref().expect("a bus");
                way.stick();
                lasts(CUT).await;
                way.mend();
                lasts(CUT).await;
                way.cut();
                lasts(CUT).await;
                way.mend();
            }
            Fault::CutDatabase => {
                let way = node.database.as_ref().expect("a database");
                way.stick();
                lasts(CUT).await;
                way.cut();
                lasts(CUT).await;
                way.mend();
            }
            Fault::FillDisk => {
                if let Some(disk) = &node.disk {
                    disk.fill();
                    lasts(CUT).await;
                    disk.empty();
                }
            }
            Fault::SkewClock => {
                let skew = if node.database.is_some() { SKEW } else { SKEW_ALONE };
                if let Some(clock) = &node.clock {
                    for seconds in [skew, -skew, 0] {
                        clock.set(seconds);
                        lasts(CUT).await;
                    }
                }
            }
            Fault::RollingRestart => {
                for node in &mut cluster.nodes {
                    node.stop().await;
                    node.run().await;
                }
            }
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

async fn suffer(mut cluster: Cluster, faults: &[Fault]) {
    let seed = number("LASERCHAT_TEST_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    println!("the seed is {seed}");
    let by_chance = number("LASERCHAT_TEST_FAULTS").map_or(BY_CHANCE, |count| count as usize);
    let mut dice = Dice::new(seed);
    let mut script: Vec<(Fault, usize)> =
        faults.iter().enumerate().map(|(place, fault)| (*fault, place % cluster.nodes.len())).collect();
    script.extend((0..by_chance).map(|_| (faults[dice.below(faults.len())], dice.below(cluster.nodes.len()))));

    let load = Load::start(&cluster.address()).await;
    load.settles().await.expect("everybody begins");
    for (fault, node) in script {
        fault.happen(&mut cluster, node).await;
        match load.settles().await {
            Ok(time) => println!("{fault:?} of node {node}: everybody goes on {time:?} after it"),
            Err(stuck) => {
                let said: Vec<String> = cluster.nodes.iter().map(Node::said).collect();
                panic!("{fault:?} of node {node} (seed {seed}): {stuck}\n{}", said.join("\n---\n"));
            }
        }
    }
    let history = load.finish().await;
    let acknowledged = history.sends.iter().filter(|sent| sent.acknowledged.is_some()).count();
    println!("{acknowledged} of {} messages were acknowledged", history.sends.len());
    let wrongs = checker::check(&history);
    assert!(wrongs.is_empty(), "seed {seed}: {} wrongs:\n{}", wrongs.len(), wrongs.join("\n"));
    for node in &mut cluster.nodes {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_survive_what_happens_to_clusters() {
    let Some(cluster) = Cluster::start(3).await else { return };
    suffer(cluster, &ALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_survives_what_happens_to_nodes() {
    let Some(cluster) = Cluster::alone().await else { return };
    suffer(cluster, &OF_NODES).await;
}
