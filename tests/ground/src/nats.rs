//! NATS servers that form a cluster, each of which can be stopped and started again.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::daemon::{Daemon, PATIENCE};
use crate::free_port;
use crate::programs::find;

pub struct Nats {
    servers: Vec<Server>,
}

struct Server {
    client: u16,
    cluster: u16,
    /// Where it tells about itself over HTTP.
    monitor: u16,
    daemon: Option<Daemon>,
}

/// Whether there is something to start. `false`, and it is said: there is not.
pub fn is_installed() -> bool {
    let found = find("nats-server").is_some();
    if !found {
        eprintln!("skipped: nats-server is not installed");
    }
    found
}

impl Nats {
    /// So many servers that know each other. `None`, and it is said: none is installed.
    pub fn start(count: usize) -> Option<Nats> {
        if !is_installed() {
            return None;
        }
        let server = || Server { client: free_port(), cluster: free_port(), monitor: free_port(), daemon: None };
        let mut nats = Nats { servers: (0..count).map(|_| server()).collect() };
        for number in 0..count {
            nats.launch(number);
        }
        nats.wait_for_cluster();
        Some(nats)
    }

    /// `127.0.0.1:port` of a server.
    pub fn address(&self, number: usize) -> String {
        format!("127.0.0.1:{}", self.servers[number].client)
    }

    pub fn len(&self) -> usize {
        self.servers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.servers.is_empty()
    }

    pub fn url(&self, number: usize) -> String {
        format!("nats://{}", self.address(number))
    }

    /// All of them, as a client takes them.
    pub fn urls(&self) -> String {
        (0..self.servers.len()).map(|number| self.url(number)).collect::<Vec<_>>().join(",")
    }

    /// The process of each server that runs.
    pub fn ids(&self) -> Vec<u32> {
        self.servers.iter().filter_map(|server| Some(server.daemon.as_ref()?.id())).collect()
    }

    /// A number that a server tells of itself, as `in_bytes` or `subscriptions`. `None`: it does not answer, or has none such.
    pub fn tells(&self, number: usize, what: &str) -> Option<u64> {
        told(self.servers[number].monitor, "/varz", what)
    }

    /// Kills a server.
    pub fn stop(&mut self, number: usize) {
        self.servers[number].daemon = None;
    }

    /// Starts a server that was stopped, on its ports.
    pub fn run(&mut self, number: usize) {
        self.launch(number);
        self.wait_for_cluster();
    }

    fn launch(&mut self, number: usize) {
        let routes: Vec<String> =
            self.servers.iter().map(|server| format!("nats-route://127.0.0.1:{}", server.cluster)).collect();
        let server = &mut self.servers[number];
        let mut command = Command::new(find("nats-server").expect("it was there"));
        command.args(["--addr", "127.0.0.1", "--port", &server.client.to_string()]);
        command.args(["--http_port", &server.monitor.to_string(), "--cluster_name", "ground"]);
        command.args(["--cluster", &format!("nats://127.0.0.1:{}", server.cluster), "--routes", &routes.join(",")]);
        // Clients are not told of the other servers: a test decides who can be reached, and by which way.
        command.arg("--no_advertise").stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Daemon::start(&mut command);
        for port in [server.client, server.cluster, server.monitor] {
            assert!(daemon.listens(port), "nats-server does not start");
        }
        server.daemon = Some(daemon);
    }

    /// Until each server that runs has a route to each other one.
    fn wait_for_cluster(&self) {
        let running: Vec<&Server> = self.servers.iter().filter(|server| server.daemon.is_some()).collect();
        let start = Instant::now();
        for server in &running {
            while told(server.monitor, "/routez", "num_routes").is_none_or(|routes| routes + 1 < running.len() as u64) {
                assert!(start.elapsed() < PATIENCE, "the NATS servers do not find each other");
                std::thread::yield_now();
            }
        }
    }
}

/// A number on one of the pages on which a server tells about itself.
fn told(monitor: u16, page: &str, what: &str) -> Option<u64> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", monitor)).ok()?;
    write!(stream, "GET {page} HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, after) = answer.split_once(&format!("\"{what}\":"))?;
    after.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
