//! Searches over a database of a million messages, and of ten million, in a mix as people search. The database is filled once,
//! the server makes its index, which says what a message costs there, and both are kept for the next runs.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use laserchat_client::api::Api;
use laserchat_client::protocol::session::Device;
use laserchat_client::protocol::{ConversationId, UserId};
use laserchat_store::sqlite::{Filling, Talk, VARIED, fill, word};

use super::Context;
use crate::http::Connection;
use crate::process::Server;
use crate::report::{Row, percentile};
use crate::setup::{PASSWORD, accounts, conversation};

/// Conversations that the messages are spread over; one person is in all of them and the other in one of so many.
const CONVERSATIONS: usize = 200;
const FEW: usize = 70;

/// Ids of messages that no server gives, since those begin with the time.
const FIRST_ID: u64 = 1;

pub async fn run(context: &mut Context) -> io::Result<()> {
    measure(context, "search", context.or_quick(1_000_000, 20_000)).await
}

pub async fn run_large(context: &mut Context) -> io::Result<()> {
    measure(context, "search-10m", context.or_quick(10_000_000, 40_000)).await
}

async fn measure(context: &mut Context, scenario: &'static str, messages: u64) -> io::Result<()> {
    let folder = filled(context, scenario, messages).await?;
    let server = Server::start_at(&context.binary, &folder).await?;
    indexed(context, scenario, &server, &folder, messages).await?;
    let api = Api::new(&server.url()).map_err(io::Error::other)?;
    let mut tokens = Vec::new();
    for name in ["load00000", "load00001"] {
        tokens.push(api.login(name, PASSWORD, Device::default()).await.map_err(io::Error::other)?.access_token);
    }
    let views = api.conversations().await.map_err(io::Error::other)?;
    let room = views.first().map(|view| view.conversation.id).unwrap_or_default();
    let [many, few] = [&tokens[0], &tokens[1]];
    let count = context.or_quick(2_000, 20);
    let mut connection = Connection::open(server.address).await?;
    let (mut all, mut cpu) = (Vec::new(), 0.0);
    for (name, token, query) in QUERIES {
        let token = if token { many } else { few };
        // What is read for the first time comes from the disk, which is another question.
        ask(&mut connection, token, query, room, count / 5, 0).await?;
        let before = server.cpu();
        let mut times = ask(&mut connection, token, query, room, count, 7919).await?;
        cpu += server.cpu().since(before).total();
        times.sort_unstable();
        let ms = |share| percentile(&times, share) as f64 / 1e6;
        context.row(Row::new(scenario, format!("{name}, p50"), ms(0.5), "ms"));
        context.row(Row::new(scenario, format!("{name}, p99"), ms(0.99), "ms"));
        all.extend(times);
    }
    all.sort_unstable();
    let ms = |share| percentile(&all, share) as f64 / 1e6;
    let name = |what: &str| format!("{what}, newest 20 of {messages}");
    context.row(Row::new(scenario, name("the mix, p50"), ms(0.5), "ms").budget(1.0));
    context.row(Row::new(scenario, name("the mix, p99"), ms(0.99), "ms").budget(8.0));
    context.row(Row::new(scenario, "CPU per search", cpu / all.len().max(1) as f64, "us"));
    server.stop().await;
    Ok(())
}

type Query = fn(u64, ConversationId) -> String;

/// What is searched for, and whether by who is in all conversations.
const QUERIES: [(&str, bool, Query); 12] = [
    ("rare word", true, |n, _| rare(n)),
    ("middling word", true, |n, _| middle(n)),
    ("common word", true, |n, _| common(n)),
    ("two words", true, |n, _| format!("{} {} ", common(n), middle(n))),
    ("phrase", true, |n, _| format!("\"{} {}\"", common(n), common(n / 10))),
    ("without a word", true, |n, _| format!("{} -{}", middle(n), common(n))),
    ("common word in:", true, |n, room| format!("{} in:{room}", common(n))),
    ("common word from:", true, |n, _| format!("{} from:load00001", common(n))),
    ("two Chinese signs", true, |n, _| format!("{}{}", sign(n % 30), sign(n / 30))),
    ("three letters being typed", true, |n, _| common(n + 400).chars().take(3).collect()),
    ("common word, in few conversations", false, |n, _| common(n)),
    ("rare word, in few conversations", false, |n, _| rare(n)),
];

/// The words that are said most; a space says that no longer word is meant.
fn common(n: u64) -> String {
    word(n % 10) + " "
}

fn middle(n: u64) -> String {
    word(200 + n.wrapping_mul(7) % 2000) + " "
}

fn rare(n: u64) -> String {
    word(VARIED.0 / 2 + n.wrapping_mul(37) % (VARIED.0 / 2)) + " "
}

fn sign(n: u64) -> char {
    char::from_u32(0x4e00 + n.wrapping_mul(13) as u32 % VARIED.1 as u32).unwrap_or('一')
}

async fn ask(
    connection: &mut Connection,
    token: &str,
    query: Query,
    room: ConversationId,
    count: usize,
    from: u64,
) -> io::Result<Vec<u64>> {
    let mut times = Vec::with_capacity(count);
    for n in 0..count as u64 {
        let query: String = query(n + from, room).bytes().map(|byte| format!("%{byte:02X}")).collect();
        let begun = Instant::now();
        let answer = connection.request("GET", &format!("/api/v1/search?q={query}&limit=20"), Some(token), "").await?;
        times.push(begun.elapsed().as_nanos() as u64);
        if answer.status != 200 {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(io::Error::other(format!("a search answered {}: {body}", answer.status)));
        }
    }
    Ok(times)
}

/// A data folder with so many messages: the one kept from before, or a new one.
async fn filled(context: &Context, scenario: &str, messages: u64) -> io::Result<PathBuf> {
    let folder = context.cache.join(format!("search-{messages}"));
    if folder.join("whole").exists()
        && let Ok(server) = Server::start_at(&context.binary, &folder).await
    {
        server.stop().await;
        return Ok(folder);
    }
    // Half-made, or of a version that the program no longer reads.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    eprintln!("{scenario:<10} filling a database with {messages} messages; it is kept in {}", context.cache.display());
    let server = Server::start_at(&context.binary, &folder).await?;
    let people = accounts(&server, 3).await?;
    let mut conversations = Vec::new();
    for n in 0..CONVERSATIONS {
        // With a third person, so that these are groups: two people have one direct conversation.
        let members = if n % FEW == 0 { &people[..] } else { &people[..1] };
        conversations.push(conversation(members).await?);
    }
    server.stop().await;
    let (database, senders) = (folder.join("laserchat.db"), [people[0].id, people[1].id]);
    tokio::task::spawn_blocking(move || write(&database, &senders, &conversations, messages))
        .await
        .map_err(io::Error::other)??;
    fs::write(folder.join("whole"), "")?;
    Ok(folder)
}

fn write(
    database: &std::path::Path,
    senders: &[UserId],
    conversations: &[ConversationId],
    messages: u64,
) -> io::Result<()> {
    let filling = Filling { senders, conversations, messages, first_id: FIRST_ID, talk: Talk::Varied };
    fill(database, filling).map_err(io::Error::other)?;
    Ok(())
}

/// Waits until the index has learned everything, and says what that cost.
async fn indexed(
    context: &mut Context,
    scenario: &'static str,
    server: &Server,
    folder: &std::path::Path,
    messages: u64,
) -> io::Result<()> {
    if folder.join("indexed").exists() {
        return Ok(());
    }
    let database = folder.join("laserchat.db");
    let (before, size) = (server.cpu(), fs::metadata(&database)?.len());
    let begun = Instant::now();
    while learned(server).await? < messages {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let cpu = server.cpu().since(before).total() / messages as f64;
    context.row(Row::new(scenario, format!("CPU to index a message, of {messages}"), cpu, "us"));
    context.row(Row::new(scenario, "seconds until all were indexed", begun.elapsed().as_secs_f64(), "s"));
    let grown = fs::metadata(&database)?.len().saturating_sub(size);
    context.row(Row::new(scenario, "bytes of index per message", grown as f64 / messages as f64, "B"));
    fs::write(folder.join("indexed"), "")
}

/// Changes that the index has learned since the server was started.
async fn learned(server: &Server) -> io::Result<u64> {
    let mut connection = Connection::open(server.address).await?;
    let answer = connection.request("GET", "/metrics", None, "").await?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let line = text
        .lines()
        .find(|line| line.starts_with("laserchat_follower_changes_total") && line.contains("follower=\"search\""));
    let value = line.and_then(|line| line.rsplit(' ').next()).and_then(|value| value.parse::<f64>().ok());
    Ok(value.unwrap_or_default() as u64)
}
