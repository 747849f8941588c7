//! Real load balancers in front of several nodes, with the very files of `deploy/`: only addresses, ports and paths are
//! other ones.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

use laserchat_ground::Daemon;
use laserchat_ground::free_port;
use laserchat_ground::programs::{find, user_id};
use reqwest::Client;
use tempfile::TempDir;
use tokio::net::TcpSocket;

use crate::certificates;
use crate::certificates::Authority;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Nginx,
    Haproxy,
    Caddy,
}

pub struct Balancer {
    _daemon: Daemon,
    authority: Authority,
    /// Where it speaks TLS, and where it sends people there.
    pub port: u16,
    pub plain: u16,
    _folder: TempDir,
}

/// A file of the folder that operators copy from.
pub fn deployed(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Where a program is; where it is not, that is said.
fn program(name: &str) -> Option<PathBuf> {
    let found = find(name);
    if found.is_none() {
        eprintln!("skipped: {name} is not installed");
    }
    found
}

/// Each text in the place of what must be there.
fn replaced(mut text: String, changes: &[(&str, String)]) -> String {
    for (from, to) in changes {
        assert!(text.contains(from), "the file of deploy/ has no {from:?} any more");
        text = text.replace(from, to);
    }
    text
}

impl Balancer {
    /// `None`, and it is said: the program is not installed. `cargo xtask test` installs it where it may.
    pub async fn start(which: Program, nodes: &[String; 3]) -> Option<Balancer> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = Authority::new();
        let (chain, key) = authority.issue(folder.path());
        let (chain, key) = (chain.display().to_string(), key.display().to_string());
        let (port, plain, admin) = (free_port(), free_port(), free_port());
        let at = folder.path().display().to_string();
        let mut changes: Vec<(&str, String)> =
            ["10.0.0.11:8080", "10.0.0.12:8080", "10.0.0.13:8080"].into_iter().zip(nodes.iter().cloned()).collect();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
        let mut command = match which {
            Program::Nginx => {
                changes.extend([
                    ("listen 80;", format!("listen 127.0.0.1:{plain};")),
                    ("listen 443 ssl;", format!("listen 127.0.0.1:{port} ssl;")),
                    ("/etc/ssl/chat.example.org/fullchain.pem", chain),
                    ("/etc/ssl/chat.example.org/privkey.pem", key),
                    ("chat.example.org", "localhost".to_owned()),
                    // The port is 443 where it is the usual one.
                    ("https://$host$", format!("https://$host:{port}$")),
                ]);
                write("laserchat.conf", replaced(deployed("nginx/laserchat.conf"), &changes));
                // What Debian's own nginx.conf says, with other paths.
                let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
                let temporary = temporary.map(|name| format!("{name}_temp_path {at}/{name};")).join("\n");
                let user = if user_id() == 0 { "user root;" } else { "" };
                let main = format!(
                    "{user} daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/error.log;\nevents {{ worker_connections 1024; }}\n\
                     http {{ access_log off; {temporary}\ninclude {at}/laserchat.conf; }}\n"
                );
                write("nginx.conf", main);
                let mut command = Command::new(program("nginx")?);
                command.args(["-e", &format!("{at}/error.log"), "-c", &format!("{at}/nginx.conf")]);
                command
            }
            Program::Haproxy => {
                let both = [&chain, &key].map(|path| std::fs::read_to_string(path).expect("a file")).concat();
                write("both.pem", both);
                changes.extend([
                    ("bind :80\n", format!("bind 127.0.0.1:{plain}\n")),
                    ("bind :443 ", format!("bind 127.0.0.1:{port} ")),
                    ("/etc/haproxy/chat.example.org.pem", format!("{at}/both.pem")),
                    // Test machines do not let a process open as many files.
                    ("maxconn 200000", "maxconn 2000".to_owned()),
                    ("redirect scheme https", format!("redirect prefix https://localhost:{port}")),
                ]);
                write("haproxy.cfg", replaced(deployed("haproxy/haproxy.cfg"), &changes));
                let mut command = Command::new(program("haproxy")?);
                command.args(["-db", "-f", &format!("{at}/haproxy.cfg")]);
                command
            }
            Program::Caddy => {
                changes.extend([
                    ("localhost:2019", format!("localhost:{admin}")),
                    ("http_port 80\n", format!("http_port {plain}\n")),
                    ("https_port 443\n", format!("https_port {port}\n")),
                    ("/etc/ssl/chat.example.org/fullchain.pem", chain),
                    ("/etc/ssl/chat.example.org/privkey.pem", key),
                    ("chat.example.org {", "localhost {\n\tbind 127.0.0.1".to_owned()),
                ]);
                write("Caddyfile", replaced(deployed("caddy/Caddyfile"), &changes));
                let mut command = Command::new(program("caddy")?);
                command.args(["run", "--adapter", "caddyfile", "--config", &format!("{at}/Caddyfile")]);
                command.env("XDG_DATA_HOME", &at).env("XDG_CONFIG_HOME", &at).env("HOME", &at);
                command
            }
        };
        let log = std::fs::File::create(folder.path().join("balancer.log")).expect("a file");
        let copy = log.try_clone().expect("a file");
        let mut daemon = Daemon::start(command.stdout(log).stderr(copy));
        if !daemon.listens(port) {
            let said = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
            panic!("{which:?} does not start: {}{}", said("balancer.log"), said("error.log"));
        }
        Some(Balancer { _daemon: daemon, authority, port, plain, _folder: folder })
    }

    pub fn base(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Somebody who comes from this address of the machine's own network, and makes a new connection each time.
    pub fn client(&self, from: IpAddr) -> Client {
        certificates::http_from(&self.authority.pem, Some(from))
    }

    /// A WebSocket from this address.
    pub async fn socket(&self, from: IpAddr) -> crate::Socket {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::new(from, 0)).expect("an address");
        let stream = socket.connect(([127, 0, 0, 1], self.port).into()).await.expect("a connection");
        let tls = certificates::tls(&self.authority.pem, rustls::DEFAULT_VERSIONS);
        crate::Socket::over(&self.base().replace("https:", "wss:"), stream, tls).await.expect("a WebSocket")
    }
}
