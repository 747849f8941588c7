//! Faults, one at a time, in a cluster of three nodes with a replica, three NATS servers and HAProxy in front: how long people
//! felt each, those whose node it hit and the others, and how long background work stood still.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_client::api::Api;
use laserchat_ground::postgres::Mode;
use laserchat_ground::{Cable, Haproxy, haproxy};
use rustix::process::Signal;
use tokio::task::JoinHandle;

use super::clients::{Crew, Felt};
use crate::cluster::{self, Cluster, Database, Node, Parts, tells};
use crate::report::Row;
use crate::scenario::Context;
use crate::setup::{Account, accounts, conversation};

const SCENARIO: &str = "cluster";
const NODES: usize = 3;

/// People at each node.
const PEOPLE: usize = 2;

/// Shorter than the default of 30: whoever hears nothing for two of these knows that the other side is gone.
const HEARTBEAT_SECONDS: u64 = 5;

/// Longer than any lease.
const LONG: Duration = Duration::from_secs(14);
/// Longer than two heartbeats.
const PAUSE: Duration = Duration::from_secs(18);
const SHORT: Duration = Duration::from_secs(8);

/// How long HAProxy takes to trust a node again.
const TRUST: Duration = Duration::from_secs(4);

/// What tells of background work: one for each piece that is done by the node.
const DUTY: &str = "laserchat_duty";

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Kill,
    Pause,
    SilentBus,
    CutBus,
    SilentDatabase,
    CutDatabase,
    FullDisk,
    WrongClock,
    Restart(Mode),
    RollingRestart,
    Promote,
}

/// The promotion is the last, because it leaves no replica.
const FAULTS: [(Fault, &str); 13] = [
    (Fault::None, "nothing happens"),
    (Fault::Kill, "kill -9 of a node"),
    (Fault::Pause, "a node is paused (SIGSTOP) for 18 s"),
    (Fault::SilentBus, "a node hears nothing of NATS for 14 s, its connection stays open"),
    (Fault::CutBus, "a node cannot connect to NATS for 8 s"),
    (Fault::SilentDatabase, "a node hears nothing of PostgreSQL for 14 s, its connections stay open"),
    (Fault::CutDatabase, "a node cannot connect to PostgreSQL for 14 s"),
    (Fault::FullDisk, "the disk of a node is full for 8 s"),
    (Fault::WrongClock, "the clock of a node is an hour ahead for 14 s"),
    (Fault::Restart(Mode::Fast), "PostgreSQL restarts"),
    (Fault::Restart(Mode::Immediate), "PostgreSQL loses its power and starts again"),
    (Fault::RollingRestart, "all nodes restart one after the other"),
    (Fault::Promote, "PostgreSQL dies and its replica is promoted"),
];

impl Fault {
    /// Whether it hits one node more than the others.
    fn hits_one(self) -> bool {
        matches!(
            self,
            Fault::Kill
                | Fault::Pause
                | Fault::SilentBus
                | Fault::CutBus
                | Fault::SilentDatabase
                | Fault::CutDatabase
                | Fault::FullDisk
                | Fault::WrongClock
        )
    }

    /// Whether this machine can let it happen. Where it cannot, that is said.
    fn is_possible(self, cluster: &Cluster) -> bool {
        let every = |able: fn(&Node) -> bool| cluster.nodes.iter().all(able);
        match self {
            Fault::FullDisk => every(|node| node.disk.is_some()),
            Fault::WrongClock => every(|node| node.clock.is_some()),
            _ => true,
        }
    }

    /// Lets it happen, and ends it.
    async fn happen(self, cluster: &mut Cluster, victim: usize) -> io::Result<()> {
        let node = &mut cluster.nodes[victim];
        match self {
            Fault::None => lasts(SHORT).await,
            Fault::Kill => {
                node.kill();
                lasts(LONG).await;
                cluster.run(victim).await?;
            }
            Fault::Pause => {
                node.signal(Signal::STOP);
                lasts(PAUSE).await;
                node.signal(Signal::CONT);
            }
            Fault::SilentBus => silent(&node.to_bus, LONG).await,
            Fault::CutBus => cut(&node.to_bus, SHORT).await,
            Fault::SilentDatabase => silent(&node.to_database, LONG).await,
            Fault::CutDatabase => cut(&node.to_database, LONG).await,
            Fault::FullDisk => {
                if let Some(disk) = &node.disk {
                    disk.fill();
                    lasts(SHORT).await;
                    disk.empty();
                }
            }
            Fault::WrongClock => {
                if let Some(clock) = &node.clock {
                    clock.set(3600);
                    lasts(LONG).await;
                    clock.set(0);
                }
            }
            Fault::Restart(mode) => blocking(cluster, move |database| database.primary.restart(mode)).await?,
            Fault::RollingRestart => {
                for number in 0..NODES {
                    cluster.nodes[number].stop().await;
                    cluster.run(number).await?;
                    lasts(TRUST).await;
                }
            }
            Fault::Promote => {
                blocking(cluster, |database| {
                    database.primary.stop(Mode::Immediate);
                    database.replica.promote();
                })
                .await?;
                let port = cluster.database.as_ref().map_or(0, |database| database.replica.port());
                for way in cluster.nodes.iter().filter_map(|node| node.to_database.as_ref()) {
                    way.lead_to(&format!("127.0.0.1:{port}"));
                }
            }
        }
        Ok(())
    }
}

async fn lasts(time: Duration) {
    tokio::time::sleep(time).await;
}

async fn silent(way: &Option<Cable>, time: Duration) {
    if let Some(way) = way {
        way.stick();
        lasts(time).await;
        way.mend();
    }
}

async fn cut(way: &Option<Cable>, time: Duration) {
    if let Some(way) = way {
        way.cut();
        lasts(time).await;
        way.mend();
    }
}

/// The cables go on meanwhile.
async fn blocking(cluster: &Cluster, work: impl FnOnce(&Database) + Send + 'static) -> io::Result<()> {
    let Some(database) = cluster.database.clone() else { return Ok(()) };
    tokio::task::spawn_blocking(move || work(&database)).await.map_err(io::Error::other)
}

pub async fn run(context: &mut Context) -> io::Result<()> {
    if !cluster::is_possible() || !haproxy::is_installed() {
        return Ok(());
    }
    let parts = Parts { synchronous: true, faulty: true, ..Parts::default() };
    let mut cluster = Cluster::new(context.binary.clone(), parts, NODES)?;
    let settings = [
        ("HEARTBEAT_SECONDS", HEARTBEAT_SECONDS.to_string()),
        ("TRUSTED_PROXIES", "127.0.0.0/8".to_owned()),
        ("SHUTDOWN_NOTICE_SECONDS", "3".to_owned()),
        ("SHUTDOWN_SPREAD_SECONDS", "2".to_owned()),
    ];
    for _ in 0..NODES {
        cluster.add(&settings).await?;
    }
    let balancer = balance(&cluster).ok_or_else(|| io::Error::other("HAProxy does not start"))?;
    let people = accounts(cluster.server(0)?, NODES * PEOPLE).await?;
    let room = conversation(&people).await?;
    lasts(TRUST).await;
    for (fault, name) in FAULTS {
        let wanted = !context.quick || matches!(fault, Fault::None | Fault::Kill);
        if !wanted || !fault.is_possible(&cluster) {
            continue;
        }
        let victim = busiest(&cluster).await;
        let crew = Crew::start(clients(&people, &balancer)?, room).await?;
        lasts(Duration::from_secs(2)).await;
        let (begun, from) = (Instant::now(), crew.now());
        let moved = watch(&cluster, victim, begun).await;
        fault.happen(&mut cluster, victim).await?;
        crew.settles().await?;
        let moved = if moved.is_finished() {
            moved.await.ok()
        } else {
            moved.abort();
            None
        };
        if fault.hits_one() {
            rows(context, name, "its people", &crew.felt(from, |number| number % NODES == victim));
            rows(context, name, "the others", &crew.felt(from, |number| number % NODES != victim));
            if let Some(moved) = moved {
                let name = format!("{name}: others do its background work after");
                context.row(Row::new(SCENARIO, name, moved.as_secs_f64(), "s"));
            }
        } else {
            rows(context, name, "everybody", &crew.felt(from, |_| true));
        }
        crew.stop().await;
        lasts(TRUST).await;
    }
    cluster.stop().await;
    Ok(())
}

fn rows(context: &mut Context, fault: &str, whom: &str, felt: &Felt) {
    let row =
        |what: &str, time: Duration| Row::new(SCENARIO, format!("{fault}: {whom}, {what}"), time.as_secs_f64(), "s");
    context.row(row("longest to an acknowledgement", felt.acknowledged));
    context.row(row("longest from there to a delivery", felt.delivered));
    if let Some(noticed) = felt.noticed {
        context.row(row("their clients had noticed after", noticed));
    }
    if let Some(back) = felt.back {
        context.row(row("and were back after", back));
    }
}

/// The node that does most of the background work.
async fn busiest(cluster: &Cluster) -> usize {
    let mut most = (0, 0.0);
    for (number, node) in cluster.nodes.iter().enumerate() {
        let duties = node.tells(DUTY).await.unwrap_or_default();
        if duties > most.1 {
            most = (number, duties);
        }
    }
    most.0
}

/// Waits until other nodes do all that is done by any.
async fn watch(cluster: &Cluster, victim: usize, begun: Instant) -> JoinHandle<Duration> {
    let mut all = 0.0;
    for node in &cluster.nodes {
        all += node.tells(DUTY).await.unwrap_or_default();
    }
    let others: Vec<SocketAddr> =
        (0..NODES).filter(|number| *number != victim).map(|number| cluster.nodes[number].address()).collect();
    tokio::spawn(async move {
        loop {
            let mut done = 0.0;
            for address in &others {
                done += tells(*address, DUTY).await.unwrap_or_default();
            }
            if done >= all {
                return begun.elapsed();
            }
            lasts(Duration::from_millis(100)).await;
        }
    })
}

/// Everybody has a node of their own, and others when that one is away.
fn clients(people: &[Account], balancer: &Haproxy) -> io::Result<Vec<Api>> {
    let address = balancer.address();
    let port = address.rsplit(':').next().unwrap_or_default();
    let client = |(number, account): (usize, &Account)| {
        let url = format!("http://127.0.0.{}:{port}", number % NODES + 1);
        Ok(Api::new(&url).map_err(io::Error::other)?.with_token(&account.token))
    };
    people.iter().enumerate().map(client).collect()
}

/// A balancer as in `deploy/haproxy`, with an entrance for each node.
fn balance(cluster: &Cluster) -> Option<Haproxy> {
    let addresses: Arc<[SocketAddr]> = cluster.nodes.iter().map(|node| node.address()).collect();
    Haproxy::start(|port| {
        let entrances: String = (0..addresses.len())
            .map(|first| {
                let servers: String = addresses
                    .iter()
                    .enumerate()
                    .map(|(number, address)| {
                        let backup = if number == first { "" } else { "backup" };
                        format!(" server node{number} {address} check inter 1s fall 2 rise 2 {backup}\n")
                    })
                    .collect();
                format!(
                    "frontend entrance{first}\n bind 127.0.0.{}:{port}\n option forwardfor\n default_backend nodes{first}\n\
                     backend nodes{first}\n option allbackups\n option httpchk GET /readyz\n http-check expect status 200\n\
                     {servers}",
                    first + 1
                )
            })
            .collect();
        format!(
            "defaults\n mode http\n timeout connect 2s\n timeout client 120s\n timeout server 120s\n timeout tunnel 120s\n\
             \x20retries 3\n option redispatch 1\n retry-on conn-failure 503\n{entrances}"
        )
    })
}
