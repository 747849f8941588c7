//! A storm: ten thousand clients that lost their server come back at once, each with cursors a little behind.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Context, message, settle};
use crate::process::Server;
use crate::report::{Row, percentile};
use crate::setup::{Account, accounts, conversation};
use crate::socket::{Socket, is_ack};

const GROUP: usize = 4;

/// Groups that each account is in.
const GROUPS: usize = 5;

/// Messages missed in each.
const MISSED: usize = 3;

/// Connections that are being opened at once; a listening socket's queue holds no more.
const AT_ONCE: usize = 1024;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let count = context.connections(context.or_quick(10_000, 100));
    let server = context.server().await?;
    // One less than a prime, so that multiplying gives each round of groups another order.
    let people = accounts(&server, context.or_quick(100, 12)).await?;
    let resumes = miss(&server, &people).await?;
    settle(2).await;
    server.forget_peak();
    let before_memory = server.memory();
    let (before, begun) = (server.cpu(), Instant::now());
    let opening = Arc::new(Semaphore::new(AT_ONCE));
    let mut clients = JoinSet::new();
    for at in 0..count {
        let (address, opening) = (server.address, Arc::clone(&opening));
        let (token, resume) = resumes[at % resumes.len()].clone();
        clients.spawn(async move {
            let permit = opening.acquire_owned().await.map_err(io::Error::other)?;
            let mut socket = Socket::ready(address, &token, &resume).await?;
            drop(permit);
            while !socket.text().await?.starts_with(br#"{"type":"synced""#) {}
            Ok::<_, io::Error>((socket, begun.elapsed()))
        });
    }
    let (mut sockets, mut times) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while let Some(client) = clients.join_next().await {
        let (socket, time) = client.map_err(io::Error::other)??;
        sockets.push(socket);
        times.push(time.as_nanos() as u64);
    }
    let all = begun.elapsed().as_secs_f64();
    let cpu = server.cpu().since(before).total() / count as f64;
    times.sort_unstable();
    let name = |what: &str| format!("{what}, {count} clients, {} missed each", GROUPS * MISSED);
    context.row(Row::new("reconnect", name("until all are synced"), all, "s"));
    context.row(Row::new("reconnect", name("until half are synced"), percentile(&times, 0.5) as f64 / 1e9, "s"));
    let base = context.baseline.send(600, 1)?;
    context.row(Row::new("reconnect", name("CPU per reconnect"), cpu, "us").against("a send", base));
    let peak = server.peak_memory();
    context.row(Row::new("reconnect", name("peak memory"), peak as f64 / 1e6, "MB"));
    let each = peak.saturating_sub(before_memory) as f64 / count as f64;
    context.row(Row::new("reconnect", name("peak memory per client"), each, "bytes"));
    drop(sockets);
    Ok(())
}

/// Puts everybody into groups, remembers where they stand, and lets them miss something. Returns each one's token and
/// what their `hello` says beside it.
async fn miss(server: &Server, people: &[Account]) -> io::Result<Vec<(String, String)>> {
    let failed = |error: laserchat_client::api::Error| io::Error::other(error.to_string());
    let mut groups = Vec::new();
    for round in 0..GROUPS {
        let order: Vec<Account> =
            (1..=people.len()).map(|at| people[at * (round + 2) % (people.len() + 1) - 1].clone()).collect();
        for group in order.chunks(GROUP) {
            groups.push((group[0].clone(), conversation(group).await?.to_string()));
        }
    }
    let mut resumes = Vec::new();
    for account in people {
        let epoch = account.api.server_info().await.map_err(failed)?.epoch;
        let version = account.api.me().await.map_err(failed)?.version;
        let views = account.api.conversations().await.map_err(failed)?;
        let cursors: Vec<String> =
            views.iter().map(|view| format!(r#""{}":{}"#, view.conversation.id, view.seq)).collect();
        let resume = format!(r#","cursors":{{{}}},"version":{version},"epoch":"{epoch}""#, cursors.join(","));
        resumes.push((account.token.clone(), resume));
    }
    for (owner, group) in groups {
        let mut socket = Socket::ready(server.address, &owner.token, "").await?;
        for missed in 0..MISSED {
            let text = message(missed as u64, &group, &format!("missed-{missed}"), "something to catch up with");
            socket.writer().send(&text).await?;
        }
        let mut acked = 0;
        while acked < MISSED {
            acked += usize::from(is_ack(socket.text().await?));
        }
    }
    Ok(resumes)
}
