//! Several nodes in this process: servers over one store, with a real NATS between them.
//!
//! Each node lives in a runtime of its own, so that it can die in the middle of whatever it does, and reaches NATS by a cable
//! of its own. The store is shared and hides nothing of the bus: each node has its own engine, hub and caches.

use std::sync::Arc;

use laserchat_ground::Nats;
use laserchat_server::config::{self, Flags};
use laserchat_server::server::{self, Server};
use laserchat_store::{Sqlite, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{Cable, Person, noise};

pub struct Node {
    runtime: Option<Runtime>,
    server: Option<Server>,
    address: String,
    pub cable: Cable,
    _data: TempDir,
}

impl Node {
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the node lives")
    }

    /// A person at this node, wherever they have registered.
    pub fn sees(&self, person: &Person) -> Person {
        person.at(&self.address)
    }

    /// Dies in the middle of whatever it does, without a word to anybody.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        self.server = None;
    }

    /// Stops in good order.
    pub async fn stop(&mut self) {
        if let (Some(server), Some(runtime)) = (self.server.take(), &self.runtime) {
            runtime.spawn(server.shutdown()).await.expect("the node stops");
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Nodes {
    pub nodes: Vec<Node>,
    pub nats: Nats,
    /// What disturbs the way of each node to NATS, if anything does.
    noise: Option<u64>,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

impl Nodes {
    /// So many nodes. `None`, and it is said: there is no nats-server.
    pub async fn start(count: usize) -> Option<Nodes> {
        Nodes::begin(count, None).await
    }

    /// The same, where messages on the bus are lost, doubled and late: which ones, a seed says.
    pub async fn start_in_noise(count: usize, seed: u64) -> Option<Nodes> {
        Nodes::begin(count, Some(seed)).await
    }

    async fn begin(count: usize, noise: Option<u64>) -> Option<Nodes> {
        let nats = Nats::start(1)?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.path().join("laserchat.db")).expect("a database"));
        let mut nodes = Nodes { nodes: Vec::new(), nats, noise, store, _folder: folder };
        for _ in 0..count {
            nodes.add(&[]).await;
        }
        Some(nodes)
    }

    /// Adds a node with some settings.
    pub async fn add(&mut self, settings: &[(&str, &str)]) {
        let mut nats = self.nats.address(0);
        if let Some(seed) = self.noise {
            nats = noise::to(&nats, seed + self.nodes.len() as u64).await;
        }
        let cable = Cable::to(&nats).await;
        let data = tempfile::tempdir().expect("a temporary folder");
        let bus = format!("nats://{}", cable.address);
        let path = data.path().to_str().expect("a plain path").to_owned();
        let defaults =
            [("LISTEN", "127.0.0.1:0"), ("DATA", path.as_str()), ("RATE_LIMITS", "off"), ("BUS_URL", bus.as_str())];
        let settings =
            defaults.iter().chain(settings).map(|(key, value)| (format!("LASERCHAT_{key}").into(), (*value).into()));
        let config = config::load(&Flags::default(), settings).expect("a valid configuration").config;
        let lock = server::lock(data.path()).expect("a folder of its own");
        let store = Arc::clone(&self.store);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let server = runtime
            .spawn(async move { Server::start_on(config, store, lock).await })
            .await
            .expect("no panic")
            .expect("the node starts");
        let address = server.address.to_string();
        self.nodes.push(Node { runtime: Some(runtime), server: Some(server), address, cable, _data: data });
    }

    /// Waits until every node has heard of every other.
    pub async fn together(&self) {
        crate::patiently("the nodes to hear of each other", async {
            let living: Vec<&Server> = self.nodes.iter().filter_map(|node| node.server.as_ref()).collect();
            while living.iter().any(|server| server.app.hub.peers.count() + 1 < living.len()) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    pub fn store(&self) -> &dyn Store {
        &*self.store
    }
}

impl std::ops::Index<usize> for Nodes {
    type Output = Node;

    fn index(&self, at: usize) -> &Node {
        &self.nodes[at]
    }
}
