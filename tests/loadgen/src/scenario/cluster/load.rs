//! The same load on one node with its own database file, and on one, two and three nodes with PostgreSQL: direct messages
//! between people on different nodes, and a room of a hundred whose members are spread over the nodes.

use std::io;
use std::time::Instant;

use super::connect_each;
use crate::cluster::{self, Cluster, Parts, Spent};
use crate::report::Row;
use crate::scenario::direct::{Pair, talk};
use crate::scenario::rooms::Sender;
use crate::scenario::{Context, settle};
use crate::setup::{accounts, conversation};

const SCENARIO: &str = "cluster";

/// The machine's own cost of a frame of this size is what costs are told as multiples of.
const FRAME: usize = 600;

/// Messages that each pair has under way.
const WINDOW: usize = 4;
const BURST: usize = 16;

/// What the nodes stand on, and how many there are.
struct Kind {
    name: &'static str,
    nodes: usize,
    sqlite: bool,
    /// NATS servers.
    nats: usize,
}

const KINDS: [Kind; 5] = [
    Kind { name: "1 node, SQLite", nodes: 1, sqlite: true, nats: 0 },
    Kind { name: "1 node, PostgreSQL", nodes: 1, sqlite: false, nats: 0 },
    Kind { name: "1 node, PostgreSQL, NATS", nodes: 1, sqlite: false, nats: 1 },
    Kind { name: "2 nodes", nodes: 2, sqlite: false, nats: 1 },
    Kind { name: "3 nodes", nodes: 3, sqlite: false, nats: 1 },
];

/// CPU microseconds of all programs together.
struct Costs {
    message: f64,
    delivery: f64,
}

pub async fn run(context: &mut Context) -> io::Result<()> {
    let mut costs: Vec<Costs> = Vec::new();
    for kind in &KINDS {
        if !kind.sqlite && !cluster::is_possible() {
            return Ok(());
        }
        let parts = Parts { sqlite: kind.sqlite, ..Parts::default() };
        let mut cluster = Cluster::new(context.binary.clone(), parts, kind.nats)?;
        for _ in 0..kind.nodes {
            cluster.add(&[]).await?;
        }
        let message = direct(context, kind, &cluster).await?;
        let delivery = room(context, kind, &cluster).await?;
        costs.push(Costs { message, delivery });
        cluster.stop().await;
    }
    let [.., alone, _, two, three] = costs.as_slice() else { return Ok(()) };
    for (name, more, less) in [("second", two, alone), ("third", three, two)] {
        let row = |what: &str, cost| Row::new(SCENARIO, format!("a {name} node adds, per {what}"), cost, "us");
        context.row(row("direct message", more.message - less.message));
        context.row(row("delivery in a room", more.delivery - less.delivery));
    }
    Ok(())
}

/// Says what each program spent on each of so many. Returns what all spent together.
fn rows(context: &mut Context, kind: &Kind, what: &str, spent: &Spent, count: usize) -> io::Result<f64> {
    let send = context.baseline.send(FRAME, 1)?;
    let mut all = 0.0;
    for (program, cpu) in spent.parts() {
        all = cpu / count as f64;
        if cpu > 0.0 {
            let name = format!("{}: CPU per {what}, {program}", kind.name);
            context.row(Row::new(SCENARIO, name, all, "us").against("a send", send));
        }
    }
    Ok(all)
}

/// Pairs who talk, each of whom is on another node than the other.
async fn direct(context: &mut Context, kind: &Kind, cluster: &Cluster) -> io::Result<f64> {
    let most = context.or_quick(64, 4);
    let people = accounts(cluster.server(0)?, most * 2).await?;
    let mut pairs = Vec::new();
    for (at, two) in people.chunks(2).enumerate() {
        let conversation = conversation(two).await?.to_string();
        let mut sockets = connect_each(cluster, two, at).await?;
        let (Some(receiver), Some(sender)) = (sockets.pop(), sockets.pop()) else { continue };
        pairs.push(Pair { sender, receiver, conversation });
    }
    let many = match kind.sqlite {
        true => context.or_quick(64_000, 400),
        false => context.or_quick(25_600, 400),
    };
    let mut all = 0.0;
    for (count, window, messages) in [(1, 1, context.or_quick(1_000, 50)), (most, WINDOW, many)] {
        let each = messages / count;
        talk(&mut pairs, count, window, each / 5, "w").await?;
        settle(1).await;
        let (groups, before, begun) = (groups(cluster).await, cluster.spent(), Instant::now());
        talk(&mut pairs, count, window, each, "m").await?;
        let (seconds, spent) = (begun.elapsed().as_secs_f64(), cluster.spent().since(&before));
        let name = |what: &str| format!("{}: {what}, {count} pairs, {window} under way each", kind.name);
        context.row(Row::new(SCENARIO, name("appends per second"), (each * count) as f64 / seconds, "1/s"));
        let groups = self::groups(cluster).await - groups;
        // SQLite's own writer groups once more, and counts with the same name.
        if !kind.sqlite {
            context.row(Row::new(SCENARIO, name("appends per commit"), (each * count) as f64 / groups.max(1.0), ""));
        }
        let what = format!("direct message, {count} pairs");
        all = rows(context, kind, &what, &spent, each * count)?;
    }
    Ok(all)
}

/// Commits of the nodes' sequencers so far.
async fn groups(cluster: &Cluster) -> f64 {
    let mut sum = 0.0;
    for node in &cluster.nodes {
        sum += node.tells("laserchat_commit_group_size_count").await.unwrap_or_default();
    }
    sum
}

/// A room whose members are on all nodes.
async fn room(context: &mut Context, kind: &Kind, cluster: &Cluster) -> io::Result<f64> {
    let members = context.or_quick(100, 10);
    let people = {
        let server = cluster.server(0)?;
        crate::setup::named(server, "room", members).await?
    };
    let room = conversation(&people).await?.to_string();
    let mut sender = Sender::new(connect_each(cluster, &people, 0).await?, room)?;
    sender.bursts(1, context.or_quick(100, 5)).await?;
    settle(1).await;
    let mut alone = 0.0;
    for (burst, bursts) in [(1, context.or_quick(1_000, 20)), (BURST, context.or_quick(300, 5))] {
        let (before, begun) = (cluster.spent(), Instant::now());
        sender.bursts(burst, bursts).await?;
        let (seconds, spent) = (begun.elapsed().as_secs_f64(), cluster.spent().since(&before));
        let count = burst * bursts * members;
        let what = match burst {
            1 => format!("delivery, a room of {members}"),
            burst => format!("delivery, a room of {members}, bursts of {burst}"),
        };
        let rate =
            Row::new(SCENARIO, format!("{}: deliveries per second, {what}", kind.name), count as f64 / seconds, "1/s");
        context.row(rate);
        let all = rows(context, kind, &what, &spent, count)?;
        if burst == 1 {
            alone = all;
        }
    }
    Ok(alone)
}
