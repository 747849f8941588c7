//! The scenarios, one file each.

mod cluster;
mod direct;
mod history;
mod idle;
mod idle_tls;
mod latency;
mod login;
mod reconnect;
mod rooms;
mod search;
mod start;

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::baseline::Baseline;
use crate::process::Server;
use crate::report::{Row, line};
use crate::setup::Account;
use crate::socket::Socket;

type Measuring<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + 'a>>;

type Scenario = fn(&mut Context) -> Measuring<'_>;

/// Every scenario by its name, the short ones first.
pub const SCENARIOS: [(&str, Scenario); 15] = [
    ("start", |context| Box::pin(start::run(context))),
    ("direct", |context| Box::pin(direct::run(context))),
    ("rooms", |context| Box::pin(rooms::run(context))),
    ("latency", |context| Box::pin(latency::run(context))),
    ("login", |context| Box::pin(login::run(context))),
    ("reconnect", |context| Box::pin(reconnect::run(context))),
    ("idle", |context| Box::pin(idle::run(context))),
    ("idle-tls", |context| Box::pin(idle_tls::run(context))),
    ("cluster-load", |context| Box::pin(cluster::load(context))),
    ("cluster-idle", |context| Box::pin(cluster::idle(context))),
    ("cluster-crowd", |context| Box::pin(cluster::crowd(context))),
    ("cluster-faults", |context| Box::pin(cluster::faults(context))),
    ("history", |context| Box::pin(history::run(context))),
    ("search", |context| Box::pin(search::run(context))),
    ("search-10m", |context| Box::pin(search::run_large(context))),
];

pub struct Context {
    pub binary: PathBuf,
    pub quick: bool,
    /// Files that this process, and likewise the server, may open.
    pub files: u64,
    pub cache: PathBuf,
    pub baseline: Baseline,
    pub rows: Vec<Row>,
}

impl Context {
    /// Keeps a figure, and shows it at once: the whole takes minutes.
    pub fn row(&mut self, row: Row) {
        eprintln!("{}", line(&row));
        self.rows.push(row);
    }

    pub async fn server(&self) -> io::Result<Server> {
        Server::start(&self.binary).await
    }

    pub fn or_quick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// How many connections one process can hold beside the files it needs anyway.
    pub fn connections(&self, wanted: usize) -> usize {
        wanted.min(usize::try_from(self.files).unwrap_or(usize::MAX).saturating_sub(1000))
    }
}

/// Opens so many connections, spread over the accounts, a few at a time.
async fn connect(server: &Server, accounts: &[Account], count: usize) -> io::Result<Vec<Socket>> {
    const AT_ONCE: usize = 128;
    let mut sockets = Vec::with_capacity(count);
    let mut opening = JoinSet::new();
    let mut next = 0;
    while sockets.len() < count {
        while next < count && opening.len() < AT_ONCE {
            let (address, token) = (server.address, accounts[next % accounts.len()].token.clone());
            opening.spawn(async move { Socket::ready(address, &token, "").await });
            next += 1;
        }
        if let Some(opened) = opening.join_next().await {
            sockets.push(opened.map_err(io::Error::other)??);
        }
    }
    Ok(sockets)
}

/// One connection per account, in their order.
async fn connect_each(server: &Server, accounts: &[Account]) -> io::Result<Vec<Socket>> {
    let mut sockets = Vec::with_capacity(accounts.len());
    for account in accounts {
        sockets.push(Socket::ready(server.address, &account.token, "").await?);
    }
    Ok(sockets)
}

/// Lets the server finish what a burst has left to do, so that it does not count for what is measured next.
async fn settle(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// A `message.send` command.
fn message(id: u64, conversation: &str, client_id: &str, body: &str) -> String {
    format!(
        r#"{{"type":"message.send","id":{id},"conversation_id":"{conversation}","client_id":"{client_id}","body":"{body}"}}"#
    )
}
