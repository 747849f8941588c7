//! A cluster of real programs: nodes, PostgreSQL with a replica, NATS servers, an S3 server, and a balancer in front.
//!
//! Every way between two of them is a [`Cable`](crate::Cable), so that each can be cut without the others.

pub mod load;
mod node;
mod share;

use laserchat_ground::postgres::{self, Mode, Postgres};
use laserchat_ground::{Haproxy, Nats, haproxy, nats};
use tokio::task::block_in_place;

use crate::{Cable, S3};

pub use load::Load;
pub use node::Node;

/// The database in the server.
const DATABASE: &str = "laserchat";

pub struct Cluster {
    pub nodes: Vec<Node>,
    pub database: Option<Database>,
    balancer: Haproxy,
    _nats: Option<Nats>,
    _s3: S3,
}

/// The server that writes, and a copy that has everything that was acknowledged.
pub struct Database {
    primary: Postgres,
    replica: Postgres,
    /// How many copies there have been: each has a name of its own.
    copies: usize,
}

impl Database {
    fn start() -> Option<Database> {
        let primary = Postgres::start()?;
        primary.sql("postgres", &format!("create database {DATABASE}")).expect("a database");
        let replica = Database::copy(&primary, 0);
        Some(Database { primary, replica, copies: 1 })
    }

    /// From here on, what is acknowledged is on both.
    fn copy(primary: &Postgres, number: usize) -> Postgres {
        let name = format!("copy{number}");
        let replica = primary.replica(&name, &[]);
        primary.wait_for_replica(&name);
        let set = format!("alter system set synchronous_standby_names = '{name}'");
        for statement in [set.as_str(), "select pg_reload_conf()"] {
            primary.sql("postgres", statement).expect("a setting");
        }
        replica
    }

    pub fn restart(&self, mode: Mode) {
        block_in_place(|| self.primary.restart(mode));
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.primary.port())
    }
}

/// Programs of which any being absent leaves nothing to test.
fn installed() -> bool {
    postgres::programs().is_some() && nats::is_installed() && haproxy::is_installed()
}

impl Cluster {
    /// So many nodes on PostgreSQL, with a NATS server for each. `None`, and it is said: something is not installed.
    pub async fn start(count: usize) -> Option<Cluster> {
        if !installed() {
            return None;
        }
        let (database, nats) = block_in_place(|| Some((Database::start()?, Nats::start(count)?)))?;
        let s3 = S3::start().await;
        let mut nodes = Vec::new();
        for number in 0..count {
            let way = Cable::to(&database.address()).await;
            let bus = Cable::to(&nats.address(number)).await;
            let mut settings = settings(&s3);
            settings.push(("DATABASE_URL".into(), format!("postgres://{}@{}/{DATABASE}", postgres::USER, way.address)));
            settings.push(("BUS_URL".into(), format!("nats://{}", bus.address)));
            nodes.push(Node::start(settings, Some(way), Some(bus)).await);
        }
        let balancer = block_in_place(|| balance(&nodes))?;
        Some(Cluster { nodes, database: Some(database), balancer, _nats: Some(nats), _s3: s3 })
    }

    /// One node with its own database, behind a balancer all the same.
    pub async fn alone() -> Option<Cluster> {
        if !haproxy::is_installed() {
            return None;
        }
        let s3 = S3::start().await;
        let nodes = vec![Node::start(settings(&s3), None, None).await];
        let balancer = block_in_place(|| balance(&nodes))?;
        Some(Cluster { nodes, database: None, balancer, _nats: None, _s3: s3 })
    }

    /// Where clients find it.
    pub fn address(&self) -> String {
        self.balancer.address()
    }

    /// The server that writes dies, its copy takes over, and has a copy of its own.
    pub fn promote(&mut self) {
        let Some(database) = &mut self.database else { return };
        block_in_place(|| {
            database.primary.stop(Mode::Immediate);
            database.replica.promote();
            for node in &self.nodes {
                let way = node.database.as_ref().expect("a way to the database");
                way.lead_to(&format!("127.0.0.1:{}", database.replica.port()));
            }
            let copy = Database::copy(&database.replica, database.copies);
            database.copies += 1;
            database.primary = std::mem::replace(&mut database.replica, copy);
        });
    }
}

/// What every node is told.
fn settings(s3: &S3) -> Vec<(String, String)> {
    let own = [
        ("RATE_LIMITS", "off"),
        ("OUTBOUND_ALLOW", "127.0.0.0/8"),
        ("WEBHOOKS_RETRY_SECONDS", "1"),
        ("HEARTBEAT_SECONDS", "2"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    own.into_iter().chain(s3.settings()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn balance(nodes: &[Node]) -> Option<Haproxy> {
    let servers: String = nodes
        .iter()
        .enumerate()
        .map(|(number, node)| format!(" server node{number} {} check inter 300ms fall 2 rise 1\n", node.address()))
        .collect();
    Haproxy::start(|port| {
        format!(
            "defaults\n mode http\n timeout connect 2s\n timeout client 120s\n timeout server 120s\n timeout tunnel 120s\n\
             \x20retries 3\n option redispatch 1\n retry-on conn-failure 503\n\
             frontend clients\n bind 127.0.0.1:{port}\n option forwardfor\n\
             \x20http-request disable-l7-retry unless {{ method GET HEAD }}\n default_backend nodes\n\
             backend nodes\n balance roundrobin\n option httpchk GET /readyz\n timeout check 1s\n{servers}"
        )
    })
}
