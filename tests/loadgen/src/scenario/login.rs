//! A flood of logins beside messages: hashing passwords is meant to be slow, and must not slow anything else.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;

use super::{Context, settle};
use crate::http::Connection;
use crate::process::Server;
use crate::report::{Row, percentile};
use crate::setup::{Account, PASSWORD, accounts};
use crate::traffic::Traffic;

const MEMBERS: usize = 20;

/// Logins under way at once.
const FLOOD: usize = 32;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let (rate, seconds) = context.or_quick((200, 15), (50, 1));
    let server = context.server().await?;
    let people = accounts(&server, MEMBERS * 2).await?;
    let calm = measure(&server, &people, rate, seconds).await?;
    let flood = Flood::begin(&server, &people);
    settle(1).await;
    let (before, begun) = (flood.done.load(Ordering::Relaxed), Instant::now());
    let flooded = measure(&server, &people, rate, seconds).await?;
    let logins = (flood.done.load(Ordering::Relaxed) - before) as f64 / begun.elapsed().as_secs_f64();
    let failed = flood.failed.load(Ordering::Relaxed);
    drop(flood);

    let ms = |times: &[u64], share| percentile(times, share) as f64 / 1e6;
    for (what, times) in [("alone", &calm), ("beside a login flood", &flooded)] {
        let name = |share: &str| format!("send to delivery {share}, {rate} messages/s, {what}");
        context.row(Row::new("login", name("p50"), ms(times, 0.5), "ms"));
        context.row(Row::new("login", name("p99"), ms(times, 0.99), "ms"));
    }
    context.row(Row::new("login", format!("logins per second, {FLOOD} at once"), logins, "1/s"));
    context.row(Row::new("login", "logins refused as too many", failed as f64, ""));
    Ok(())
}

async fn measure(server: &Server, people: &[Account], rate: u64, seconds: u64) -> io::Result<Vec<u64>> {
    let mut traffic = Traffic::new(server, people, MEMBERS).await?;
    traffic.run(rate, seconds).await?;
    Ok(traffic.finish().await)
}

/// Logs in again and again until it is dropped.
struct Flood {
    done: Arc<AtomicU64>,
    /// A server that is too busy may say so at once, which is its right.
    failed: Arc<AtomicU64>,
    _clients: JoinSet<io::Result<()>>,
}

impl Flood {
    fn begin(server: &Server, people: &[Account]) -> Self {
        let (done, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut clients = JoinSet::new();
        for account in people.iter().cycle().take(FLOOD) {
            let (address, done, failed) = (server.address, Arc::clone(&done), Arc::clone(&failed));
            let body = format!(r#"{{"login":"{}","password":"{PASSWORD}"}}"#, account.name);
            clients.spawn(async move {
                let mut connection = Connection::open(address).await?;
                loop {
                    let answer = connection.request("POST", "/api/v1/auth/login", None, &body).await?;
                    let count = if answer.status == 200 { &done } else { &failed };
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Flood { done, failed, _clients: clients }
    }
}
