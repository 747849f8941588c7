//! From starting the program to serving, with an empty folder and with one that is there.

use std::io;

use super::Context;
use crate::process::Server;
use crate::report::Row;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let folder = tempfile::Builder::new().prefix("laserchat-bench-").tempdir()?;
    let server = Server::start_at(&context.binary, folder.path()).await?;
    context.row(Row::new("start", "to ready, empty folder", server.started_in.as_secs_f64() * 1e3, "ms").budget(300.0));
    server.stop().await;
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..context.or_quick(9, 3) {
        let server = Server::start_at(&context.binary, folder.path()).await?;
        starts.push(server.started_in.as_secs_f64() * 1e3);
        memory = server.memory().max(memory);
        server.stop().await;
    }
    starts.sort_by(f64::total_cmp);
    context.row(Row::new("start", "to ready, the middle of several", starts[starts.len() / 2], "ms").budget(300.0));
    context.row(Row::new("start", "memory when ready", memory as f64 / 1e6, "MB").budget(30.0));
    Ok(())
}
