//! Connections that do nothing: how much memory each costs the server, and how much CPU all of them.

use std::io;

use tokio::task::JoinSet;

use super::{Context, connect, settle};
use crate::process::Server;
use crate::report::Row;
use crate::setup::{accounts, conversation};

/// People in each small group.
const GROUP: usize = 4;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let count = context.connections(context.or_quick(18_000, 200));
    let folder = tempfile::Builder::new().prefix("laserchat-bench-").tempdir()?;
    let server = Server::start_at(&context.binary, folder.path()).await?;
    let people = accounts(&server, context.or_quick(100, 8)).await?;
    for group in people.chunks(GROUP) {
        conversation(group).await?;
    }
    // Hashing passwords needs memory that has nothing to do with connections: a fresh process has none of it.
    server.stop().await;
    let server = Server::start_at(&context.binary, folder.path()).await?;
    // What any connection needs once (code, caches, threads) is not what each one costs.
    drop(connect(&server, &people, count / 100).await?);
    settle(context.or_quick(5, 1)).await;
    let before = server.memory();
    let spent = server.cpu();
    let sockets = connect(&server, &people, count).await?;
    let connecting = server.cpu().since(spent).total() / count as f64;
    let mut holding = JoinSet::new();
    for mut socket in sockets {
        // Pings are answered on the way to a text that never comes.
        holding.spawn(async move {
            socket.shrink();
            while socket.text().await.is_ok() {
                socket.shrink();
            }
        });
    }
    settle(context.or_quick(15, 1)).await;
    let after = server.memory();
    let rested = server.cpu();
    let rest = context.or_quick(10, 1);
    settle(rest).await;
    let resting = server.cpu().since(rested).total() / rest as f64 / 1e3;
    let held = holding.len();
    while holding.try_join_next().is_some() {}
    if holding.len() < held {
        return Err(io::Error::other(format!("{} of {held} connections were lost", held - holding.len())));
    }
    let each = after.saturating_sub(before) as f64 / count as f64;
    context.row(Row::new("idle", format!("memory per connection, {count} connections"), each, "bytes").budget(2048.0));
    context.row(Row::new("idle", "memory in all", after as f64 / 1e6, "MB"));
    context.row(Row::new("idle", "memory before", before as f64 / 1e6, "MB"));
    context.row(Row::new("idle", "CPU per connect, up to ready", connecting, "us"));
    context.row(Row::new("idle", "CPU per second while nothing happens", resting, "ms"));
    holding.abort_all();
    Ok(())
}
