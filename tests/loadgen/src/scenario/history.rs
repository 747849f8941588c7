//! Pages of history over a database with ten million messages, which is built once and kept for the next runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use laserchat_client::api::Api;
use laserchat_client::protocol::session::Device;
use laserchat_client::protocol::{ConversationId, MessageId};
use laserchat_store::sqlite::{Filling, Talk, fill};
use tokio::task::JoinSet;

use super::Context;
use crate::http::Connection;
use crate::process::Server;
use crate::report::{Row, percentile};
use crate::setup::{PASSWORD, accounts, conversation};

/// Conversations that the messages are spread over.
const CONVERSATIONS: usize = 100;

/// Messages on a page.
const PAGE: usize = 50;

/// The database inside a server's data folder.
const DATABASE: &str = "laserchat.db";

/// A multiplier that visits places all over a history without a generator of chance.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

pub async fn run(context: &mut Context) -> io::Result<()> {
    let messages = context.or_quick(10_000_000, 20_000);
    let folder = filled(context, messages).await?;
    let server = Server::start_at(&context.binary, &folder).await?;
    let api = Api::new(&server.url()).map_err(io::Error::other)?;
    let grant = api.login("load00000", PASSWORD, Device::default()).await.map_err(io::Error::other)?;
    let views = api.conversations().await.map_err(io::Error::other)?;
    let places: Vec<(ConversationId, u64)> = views.iter().map(|view| (view.conversation.id, view.seq)).collect();

    let pages = context.or_quick(10_000, 50);
    // What is read for the first time comes from the disk, which is another question.
    read(&server, &grant.access_token, &places, pages / 5, 1).await?;
    let before = server.cpu();
    let (times, bytes) = read(&server, &grant.access_token, &places, pages, 0).await?;
    let cpu = server.cpu().since(before).total() / pages as f64;
    let ms = |share| percentile(&times, share) as f64 / 1e6;
    let name = |what: &str| format!("{what}, {PAGE} of {messages} messages");
    context.row(Row::new("history", name("page p50"), ms(0.5), "ms").budget(0.3));
    context.row(Row::new("history", name("page p99"), ms(0.99), "ms").budget(1.5));
    let base = context.baseline.send(bytes, 1)?;
    context.row(Row::new("history", name("CPU per page"), cpu, "us").against("a send of as many bytes", base));

    let (readers, begun, before) = (8, Instant::now(), server.cpu());
    let mut reading = JoinSet::new();
    for reader in 0..readers {
        let (address, token, places) = (server.address, grant.access_token.clone(), places.clone());
        reading.spawn(async move { pages_of(address, &token, &places, pages / readers, reader as u64 * 1000).await });
    }
    while let Some(read) = reading.join_next().await {
        read.map_err(io::Error::other)??;
    }
    let rate = pages as f64 / begun.elapsed().as_secs_f64();
    context.row(Row::new("history", format!("pages per second, {readers} readers"), rate, "1/s"));
    let cpu = server.cpu().since(before).total() / pages as f64;
    context.row(Row::new("history", format!("CPU per page, {readers} readers"), cpu, "us"));
    server.stop().await;
    Ok(())
}

async fn read(
    server: &Server,
    token: &str,
    places: &[(ConversationId, u64)],
    pages: usize,
    from: u64,
) -> io::Result<(Vec<u64>, usize)> {
    pages_of(server.address, token, places, pages, from).await
}

/// Reads pages all over the histories, one after the other. Returns how long each took, the shortest first, and the
/// size of one.
async fn pages_of(
    address: std::net::SocketAddr,
    token: &str,
    places: &[(ConversationId, u64)],
    pages: usize,
    from: u64,
) -> io::Result<(Vec<u64>, usize)> {
    let mut connection = Connection::open(address).await?;
    let (mut times, mut bytes) = (Vec::with_capacity(pages), 0);
    for page in 0..pages as u64 {
        let chance = (page + from + 1).wrapping_mul(STRIDE) >> 16;
        let (conversation, head) = places[chance as usize % places.len()];
        let before = PAGE as u64 + 1 + (chance >> 8) % head.saturating_sub(PAGE as u64).max(1);
        let path = format!("/api/v1/conversations/{conversation}/messages?before={before}&limit={PAGE}");
        let begun = Instant::now();
        let answer = connection.request("GET", &path, Some(token), "").await?;
        times.push(begun.elapsed().as_nanos() as u64);
        bytes = answer.body.len();
        if answer.status != 200 || bytes < PAGE {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(io::Error::other(format!("a page answered {}: {body}", answer.status)));
        }
    }
    times.sort_unstable();
    Ok((times, bytes))
}

/// A data folder with so many messages: the one kept from before, or a new one.
async fn filled(context: &Context, messages: u64) -> io::Result<PathBuf> {
    let folder = context.cache.join(format!("history-{messages}"));
    let whole = folder.join("whole");
    if whole.exists() && Server::start_at(&context.binary, &folder).await.is_ok() {
        return Ok(folder);
    }
    // Half-made, or of a version that the program no longer reads.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    eprintln!("history    filling a database with {messages} messages; it is kept in {}", context.cache.display());
    let server = Server::start_at(&context.binary, &folder).await?;
    let people = accounts(&server, 2).await?;
    let mut conversations = Vec::new();
    for _ in 0..CONVERSATIONS {
        // Two people have one direct conversation; alone, a group can be made again and again.
        conversations.push(conversation(&people[..1]).await?);
    }
    server.stop().await;
    let (database, sender) = (folder.join(DATABASE), people[0].id);
    tokio::task::spawn_blocking(move || write(&database, sender, &conversations, messages))
        .await
        .map_err(io::Error::other)??;
    fs::write(whole, "")?;
    Ok(folder)
}

fn write(
    database: &Path,
    sender: laserchat_client::protocol::UserId,
    conversations: &[ConversationId],
    messages: u64,
) -> io::Result<()> {
    // Ids that a server gives begin with the time, and so lie far above.
    let (senders, first_id) = (&[sender][..], MessageId(1).0);
    let filling = Filling { senders, conversations, messages, first_id, talk: Talk::Plain };
    fill(database, filling).map_err(io::Error::other)?;
    Ok(())
}
