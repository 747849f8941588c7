//! Several nodes on one machine, with the real PostgreSQL and its replica, the real NATS, and what each of them costs.
//!
//! Where faults are measured, each node has a [`Cable`] to the database and one to the bus, through this process; where CPU
//! is measured there is none.

use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use laserchat_ground::{Cable, Clock, Disk, Nats, Postgres, free_port, nats, postgres};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::http::Connection;
use crate::process::{Server, Variable, cpu_with_children};

/// The database in the server.
const DATABASE: &str = "laserchat";
const REPLICA: &str = "copy";

/// A setting of a node, by its environment name without the prefix.
pub type Setting = (&'static str, String);

/// How long a node may take to tell its metrics: one that is paused never does.
const ANSWER: Duration = Duration::from_millis(500);

/// What a cluster is made of.
#[derive(Clone, Copy, Default)]
pub struct Parts {
    /// One database file for the one node, instead of PostgreSQL.
    pub sqlite: bool,
    /// What is acknowledged is on the replica too.
    pub synchronous: bool,
    /// PostgreSQL counts its statements.
    pub counting: bool,
    /// Every way can be cut, every disk filled, every clock set wrong.
    pub faulty: bool,
}

pub struct Cluster {
    pub nodes: Vec<Node>,
    pub database: Option<Arc<Database>>,
    pub nats: Option<Nats>,
    parts: Parts,
    binary: PathBuf,
}

pub struct Database {
    pub primary: Postgres,
    pub replica: Postgres,
}

pub struct Node {
    server: Option<Server>,
    port: u16,
    folder: TempDir,
    settings: Vec<Setting>,
    pub disk: Option<Disk>,
    pub clock: Option<Clock>,
    pub to_database: Option<Cable>,
    pub to_bus: Option<Cable>,
}

/// CPU time in microseconds.
#[derive(Debug, Clone)]
pub struct Spent {
    pub nodes: Vec<f64>,
    pub postgres: f64,
    pub replica: f64,
    pub nats: f64,
}

impl Spent {
    pub fn since(&self, earlier: &Spent) -> Spent {
        let nodes = self.nodes.iter().zip(&earlier.nodes).map(|(now, then)| now - then).collect();
        let (postgres, replica) = (self.postgres - earlier.postgres, self.replica - earlier.replica);
        Spent { nodes, postgres, replica, nats: self.nats - earlier.nats }
    }

    pub fn all_nodes(&self) -> f64 {
        self.nodes.iter().sum()
    }

    /// Of each program, and of all together.
    pub fn parts(&self) -> [(&'static str, f64); 5] {
        let nodes = self.all_nodes();
        let all = nodes + self.postgres + self.replica + self.nats;
        [
            ("laserchat", nodes),
            ("PostgreSQL", self.postgres),
            ("its replica", self.replica),
            ("NATS", self.nats),
            ("all", all),
        ]
    }
}

/// Whether everything is installed that a cluster needs; what is not is named.
pub fn is_possible() -> bool {
    postgres::programs().is_some() && nats::is_installed()
}

impl Cluster {
    /// Everything but the nodes. NATS has so many servers, one for each node; none of them for a node that is alone.
    pub fn new(binary: PathBuf, parts: Parts, nats: usize) -> io::Result<Cluster> {
        let missing = || io::Error::other("not everything is installed");
        let database = match parts.sqlite {
            true => None,
            false => Some(Arc::new(Database::start(parts).ok_or_else(missing)?)),
        };
        let nats = match nats {
            0 => None,
            count => Some(Nats::start(count).ok_or_else(missing)?),
        };
        Ok(Cluster { nodes: Vec::new(), database, nats, parts, binary })
    }

    /// Adds a node with further settings, and starts it.
    pub async fn add(&mut self, further: &[Setting]) -> io::Result<()> {
        let mut settings = further.to_vec();
        let (mut to_database, mut to_bus) = (None, None);
        if let Some(database) = &self.database {
            let mut address = format!("127.0.0.1:{}", database.primary.port());
            if self.parts.faulty {
                let cable = Cable::to(&address).await;
                address = cable.address.to_string();
                to_database = Some(cable);
            }
            settings.push(("DATABASE_URL", format!("postgres://{}@{address}/{DATABASE}", postgres::USER)));
        }
        if let Some(nats) = &self.nats {
            let mut address = nats.address(self.nodes.len() % nats.len());
            if self.parts.faulty {
                let cable = Cable::to(&address).await;
                address = cable.address.to_string();
                to_bus = Some(cable);
            }
            settings.push(("BUS_URL", format!("nats://{address}")));
        }
        let folder = tempfile::Builder::new().prefix("laserchat-bench-").tempdir()?;
        let faulty = self.parts.faulty;
        let (disk, clock) = if faulty { (Disk::new(), Clock::new()) } else { (None, None) };
        self.nodes.push(Node { server: None, port: free_port(), folder, settings, disk, clock, to_database, to_bus });
        self.run(self.nodes.len() - 1).await
    }

    /// Starts a node, again on its port if it ran before.
    pub async fn run(&mut self, number: usize) -> io::Result<()> {
        let node = &mut self.nodes[number];
        let data = node.disk.as_ref().map_or(node.folder.path(), Disk::path);
        let settings = node.settings.iter().map(|(name, value)| (format!("LASERCHAT_{name}"), OsString::from(value)));
        let clock = node.clock.iter().flat_map(Clock::environment).map(|(name, value)| (name.to_owned(), value));
        let variables: Vec<Variable> = settings.chain(clock).collect();
        node.server = Some(Server::start_on(&self.binary, data, node.port, &variables).await?);
        Ok(())
    }

    pub fn server(&self, number: usize) -> io::Result<&Server> {
        self.nodes[number].server.as_ref().ok_or_else(|| io::Error::other("the node does not run"))
    }

    /// Where a connection with this number goes: the nodes take turns.
    pub fn address(&self, connection: usize) -> SocketAddr {
        self.nodes[connection % self.nodes.len()].address()
    }

    pub fn spent(&self) -> Spent {
        let of = |server: &Postgres| server.id().map(cpu_with_children).unwrap_or_default();
        let nodes = self.nodes.iter().map(|node| node.server.as_ref().map_or(0.0, |server| server.cpu().total()));
        let nats = self.nats.iter().flat_map(Nats::ids).map(cpu_with_children).sum();
        let database = self.database.as_ref();
        Spent {
            nodes: nodes.collect(),
            postgres: database.map(|database| of(&database.primary)).unwrap_or_default(),
            replica: database.map(|database| of(&database.replica)).unwrap_or_default(),
            nats,
        }
    }

    /// The sum of a number over all NATS servers, as they tell it themselves.
    pub fn nats_tells(&self, what: &str) -> u64 {
        self.nats
            .iter()
            .flat_map(|nats| (0..nats.len()).map(|number| nats.tells(number, what).unwrap_or_default()))
            .sum()
    }

    /// Runs SQL on the server that writes.
    pub fn sql(&self, statement: &str) -> io::Result<String> {
        let database = self.database.as_ref().ok_or_else(|| io::Error::other("no PostgreSQL"))?;
        database.primary.sql(DATABASE, statement).map_err(io::Error::other)
    }

    pub async fn stop(mut self) {
        for node in &mut self.nodes {
            node.stop().await;
        }
    }
}

impl Database {
    fn start(parts: Parts) -> Option<Database> {
        let counting = ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_utility=on"];
        let settings: &[&str] = if parts.counting { &counting } else { &[] };
        let primary = Postgres::with(settings)?;
        let sql = |database: &str, statement: &str| primary.sql(database, statement).ok();
        sql("postgres", &format!("create database {DATABASE}"))?;
        if parts.counting {
            sql(DATABASE, "create extension pg_stat_statements")?;
        }
        let replica = primary.replica(REPLICA, &[]);
        primary.wait_for_replica(REPLICA);
        if parts.synchronous {
            sql("postgres", &format!("alter system set synchronous_standby_names = '{REPLICA}'"))?;
            sql("postgres", "select pg_reload_conf()")?;
        }
        Some(Database { primary, replica })
    }
}

impl Node {
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Ends it in good order.
    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Ends it with no goodbye.
    pub fn kill(&mut self) {
        self.server = None;
    }

    pub fn signal(&mut self, signal: Signal) {
        if let Some(server) = &mut self.server {
            server.signal(signal);
        }
    }

    pub async fn tells(&self, metric: &str) -> Option<f64> {
        tells(self.address(), metric).await
    }
}

/// The sum of what a metric of a node says. `None`: it does not answer.
pub async fn tells(address: SocketAddr, metric: &str) -> Option<f64> {
    let asked = async {
        let mut connection = Connection::open(address).await.ok()?;
        connection.request("GET", "/metrics", None, "").await.ok()
    };
    let answer = tokio::time::timeout(ANSWER, asked).await.ok()??;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let of = |line: &&str| line.strip_prefix(metric).is_some_and(|rest| rest.starts_with(['{', ' ']));
    Some(text.lines().filter(of).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum())
}
