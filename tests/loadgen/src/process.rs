//! The server as a process of its own, and what the kernel says it used.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use laserchat_ground::free_port;
use rustix::process::{Pid, Resource, Signal, getrlimit, kill_process, setrlimit};
use tempfile::TempDir;

use crate::http;

/// How long a server may take to start or stop before that is an error.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lets this process, and the servers it starts, open as many files as the system allows.
pub fn raise_file_limit() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused, the scenarios hold fewer connections.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From `exec` to the first good answer of `/readyz`.
    pub started_in: Duration,
    _folder: Option<TempDir>,
}

impl Server {
    /// Starts a server with an empty data folder.
    pub async fn start(binary: &Path) -> io::Result<Server> {
        let folder = tempfile::Builder::new().prefix("laserchat-bench-").tempdir()?;
        let mut server = Server::start_at(binary, folder.path()).await?;
        server._folder = Some(folder);
        Ok(server)
    }

    /// Starts a server with a data folder that is there.
    pub async fn start_at(binary: &Path, data: &Path) -> io::Result<Server> {
        Server::start_on(binary, data, free_port(), &[]).await
    }

    /// Starts one that speaks TLS. It may still be on its way when this returns: whoever connects waits.
    pub async fn start_tls(binary: &Path, data: &Path, chain: &Path, key: &Path) -> io::Result<Server> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut command = Server::command(binary, data, address)?;
        command.arg("--tls-certificate").arg(chain).arg("--tls-key").arg(key);
        let begun = Instant::now();
        let mut server = Server { child: command.spawn()?, address, started_in: Duration::ZERO, _folder: None };
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if begun.elapsed() > PATIENCE || server.child.try_wait()?.is_some() {
                return Err(io::Error::other("the server with TLS did not start"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(server)
    }

    fn command(binary: &Path, data: &Path, address: SocketAddr) -> io::Result<Command> {
        let log = fs::File::create(data.join("bench.log"))?;
        let mut command = Command::new(binary);
        command.arg("serve").arg("--listen").arg(address.to_string()).arg("--data").arg(data);
        command.args(["--rate-limits", "off"]);
        // Settings of whoever runs the benchmark are not the server's.
        let others = std::env::vars_os().map(|(name, _)| name);
        for name in others.filter(|name| name.to_string_lossy().starts_with("LASERCHAT_")) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        Ok(command)
    }

    /// Starts a server on this port, with further variables in its environment.
    pub async fn start_on(binary: &Path, data: &Path, port: u16, variables: &[Variable]) -> io::Result<Server> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = Server::command(binary, data, address)?;
        command.envs(variables.iter().cloned());
        let begun = Instant::now();
        let child = command.spawn()?;
        let mut server = Server { child, address, started_in: Duration::ZERO, _folder: None };
        while !http::is_ok(address, "/readyz").await {
            if let Some(status) = server.child.try_wait()? {
                let log = fs::read_to_string(data.join("bench.log")).unwrap_or_default();
                return Err(io::Error::other(format!("the server ended with {status}:\n{log}")));
            }
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("the server did not become ready"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started_in = begun.elapsed();
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// CPU time that the server has used so far, in its own code and in the kernel.
    pub fn cpu(&self) -> Cpu {
        let stat = Stat::of(self.child.id());
        Cpu { user: stat.micros(USER), system: stat.micros(SYSTEM) }
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most resident memory since [`forget_peak`](Self::forget_peak).
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    pub fn forget_peak(&self) {
        // Where the kernel does not allow it, the peak is that of the whole life, which is stated as such.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() * 1024
    }

    /// Stops the server as an operator would, and waits until it is gone.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && !matches!(self.child.try_wait(), Ok(Some(_))) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub fn signal(&mut self, signal: Signal) {
        if let (Ok(None), Some(pid)) = (self.child.try_wait(), Pid::from_raw(self.child.id() as i32)) {
            // It may end by itself between the two.
            let _ = kill_process(pid, signal);
        }
    }
}

/// What was measured is measured; nothing of the server is needed any more.
impl Drop for Server {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}

/// A variable of a process's environment.
pub type Variable = (String, OsString);

/// Where what is told of a process stands: its parent, its CPU time, and that of those that it has seen end.
const PARENT: usize = 1;
const USER: usize = 11;
const SYSTEM: usize = 12;
const ENDED_USER: usize = 13;
const ENDED_SYSTEM: usize = 14;

/// What the kernel says of a process.
struct Stat(Vec<u64>);

impl Stat {
    fn of(id: u32) -> Stat {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // The name of the program may hold spaces; fields are counted after its closing parenthesis.
        let fields = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect());
        Stat(fields.unwrap_or_default())
    }

    fn at(&self, place: usize) -> u64 {
        self.0.get(place).copied().unwrap_or_default()
    }

    fn micros(&self, place: usize) -> f64 {
        self.at(place) as f64 * 1_000_000.0 / rustix::param::clock_ticks_per_second() as f64
    }
}

/// CPU time of a process and of all that it started, in microseconds, also of those that have ended.
pub fn cpu_with_children(id: u32) -> f64 {
    let own = Stat::of(id);
    let spent: f64 = [USER, SYSTEM, ENDED_USER, ENDED_SYSTEM].into_iter().map(|place| own.micros(place)).sum();
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let children = ids.map(Stat::of).filter(|stat| stat.at(PARENT) == u64::from(id));
    spent + children.map(|stat| stat.micros(USER) + stat.micros(SYSTEM)).sum::<f64>()
}

/// CPU time in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Cpu {
    pub user: f64,
    pub system: f64,
}

impl Cpu {
    pub fn since(self, earlier: Cpu) -> Cpu {
        Cpu { user: self.user - earlier.user, system: self.system - earlier.system }
    }

    pub fn total(self) -> f64 {
        self.user + self.system
    }
}
