//! A conversation of ten thousand people, all of them connected, over three nodes: what a message to it costs.
//!
//! Registering so many would take longer than measuring them, because passwords are hashed on purpose slowly. So the people, and
//! a personal access token for each, are written into the database while no node runs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use laserchat_client::protocol::conversation::ConversationCreate;
use laserchat_client::protocol::{ConversationId, ConversationKind};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::cluster::{self, Cluster, Parts};
use crate::report::{Row, percentile};
use crate::scenario::{Context, settle};
use crate::setup::{Account, accounts};
use crate::socket::{Socket, Writer, is_message, stamp};

const SCENARIO: &str = "cluster";
const NODES: usize = 3;

/// How long a message may take to everybody.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two messages, so that what follows one (pushes, activity) is not measured with the next.
const PAUSE: Duration = Duration::from_millis(250);

/// What has arrived of the message that is under way.
struct Arrived {
    begun: Instant,
    count: AtomicUsize,
    all: usize,
    everybody: Notify,
    /// Nanoseconds from sending, of every delivery so far.
    times: Mutex<Vec<u64>>,
}

pub async fn run(context: &mut Context) -> io::Result<()> {
    if !cluster::is_possible() {
        return Ok(());
    }
    let count = context.connections(context.or_quick(10_000, 100));
    let mut cluster = Cluster::new(context.binary.clone(), Parts::default(), 1)?;
    cluster.add(&[]).await?;
    let owner = accounts(cluster.server(0)?, 1).await?.remove(0);
    let room = channel(&owner).await?;
    cluster.nodes[0].stop().await;
    people(&cluster, &owner, room, count)?;
    cluster.run(0).await?;
    for _ in 1..NODES {
        cluster.add(&[]).await?;
    }
    settle(context.or_quick(5, 1)).await;

    let memory = |cluster: &Cluster| -> u64 {
        (0..NODES).filter_map(|number| Some(cluster.server(number).ok()?.memory())).sum()
    };
    let (before, held, begun) = (cluster.spent(), memory(&cluster), Instant::now());
    let sockets = connect(&cluster, count).await?;
    let connecting = cluster.spent().since(&before);
    let seconds = begun.elapsed().as_secs_f64();
    let name = |what: &str| format!("a crowd of {count} on {NODES} nodes: {what}");
    for (program, cpu) in connecting.parts() {
        let row = Row::new(SCENARIO, name(&format!("CPU per connect, {program}")), cpu / count as f64, "us");
        context.row(row);
    }
    context.row(Row::new(SCENARIO, name("until all were connected"), seconds, "s"));

    let arrived = Arc::new(Arrived {
        begun: Instant::now(),
        count: AtomicUsize::new(0),
        all: count,
        everybody: Notify::new(),
        times: Mutex::default(),
    });
    let writer = sockets.first().map(Socket::writer).ok_or_else(|| io::Error::other("nobody came"))?;
    let mut listening = JoinSet::new();
    for socket in sockets {
        listening.spawn(listen(socket, Arc::clone(&arrived)));
    }
    settle(context.or_quick(10, 1)).await;
    let each = memory(&cluster).saturating_sub(held) as f64 / count as f64;
    context.row(Row::new(SCENARIO, name("memory per connection"), each, "bytes"));

    send(&writer, room, &arrived, 0, context.or_quick(3, 1)).await?;
    arrived.times.lock().clear();
    settle(2).await;
    let rest = context.or_quick(5, 1);
    let (spent, told) = (cluster.spent(), cluster.nats_tells("in_bytes"));
    settle(rest).await;
    let resting = cluster.spent().since(&spent).parts().map(|(_, cpu)| cpu / rest as f64);
    let silence = (cluster.nats_tells("in_bytes") - told) as f64 / rest as f64;

    let messages = context.or_quick(30, 3);
    let (before, told, begun) = (cluster.spent(), cluster.nats_tells("in_bytes"), Instant::now());
    let lasts = send(&writer, room, &arrived, 100, messages).await?;
    // What follows a message is part of its price.
    settle(1).await;
    let (spent, seconds) = (cluster.spent().since(&before), begun.elapsed().as_secs_f64());
    let bytes = (cluster.nats_tells("in_bytes") - told) as f64 - silence * seconds;
    let send = context.baseline.send(600, 1)? * count as f64;
    for ((program, cpu), resting) in spent.parts().into_iter().zip(resting) {
        let per = (cpu - resting * seconds) / messages as f64 / 1e3;
        let row = Row::new(SCENARIO, name(&format!("CPU per message, {program}")), per, "ms");
        context.row(row.against("as many sends", send / 1e3));
    }
    for (number, cpu) in spent.nodes.iter().enumerate() {
        let which = if number == 0 { "the sender's node" } else { "another node" };
        let per = (cpu - resting[0] / NODES as f64 * seconds) / messages as f64 / 1e3;
        context.row(Row::new(SCENARIO, name(&format!("CPU per message, {which}")), per, "ms"));
    }
    context.row(Row::new(SCENARIO, name("bytes to NATS per message"), bytes / messages as f64, "bytes"));
    context.row(Row::new(SCENARIO, name("bytes to NATS per second, nobody writes"), silence, "bytes"));
    let mut times = std::mem::take(&mut *arrived.times.lock());
    times.sort_unstable();
    for (what, times) in [("somebody", &times), ("the last", &lasts)] {
        for share in [0.5, 0.99] {
            let took = percentile(times, share) as f64 / 1e6;
            context.row(Row::new(SCENARIO, name(&format!("until {what} has it, p{:.0}", share * 100.0)), took, "ms"));
        }
    }
    drop(listening);
    cluster.stop().await;
    Ok(())
}

async fn channel(owner: &Account) -> io::Result<ConversationId> {
    let create = ConversationCreate {
        kind: ConversationKind::Channel,
        members: Vec::new(),
        name: Some("crowd".to_owned()),
        topic: None,
        public: true,
    };
    let view = owner.api.create_conversation(&create).await.map_err(io::Error::other)?;
    Ok(view.conversation.id)
}

fn token(number: usize) -> String {
    format!("lcp_of_the_crowd_{number:05}")
}

/// Writes so many people into the database, all of them members of the room.
fn people(cluster: &Cluster, owner: &Account, room: ConversationId, count: usize) -> io::Result<()> {
    let (owner, last) = (owner.id, count - 1);
    let name = "'crowd' || lpad(n::text, 5, '0')";
    // With the role and the state of an ordinary member, and all scopes.
    let sql = format!(
        "insert into users (id, username, skeleton, display_name, bot, server_role, created_at, version, account_version)
             select {owner} + 1 + n, {name}, {name}, {name}, 0, 0, u.created_at, 1, 1
             from users u, generate_series(0, {last}) n where u.id = {owner};
         insert into tokens (id, user_id, name, scopes, secret, created_at)
             select {owner} + 1 + n, {owner} + 1 + n, 'load', 31,
                 sha256(convert_to('lcp_of_the_crowd_' || lpad(n::text, 5, '0'), 'UTF8')), 0
             from generate_series(0, {last}) n;
         insert into members (conversation_id, user_id, role, state, joined_at, changed, joined_seq, delivered, read, version)
             select m.conversation_id, {owner} + 1 + n, 3, 0, m.joined_at, m.changed, m.joined_seq, m.delivered, m.read, 1
             from members m, generate_series(0, {last}) n where m.conversation_id = {room} and m.user_id = {owner};
         update conversations set member_count = 1 + {count} where id = {room};
         analyze"
    );
    cluster.sql(&sql).map(drop)
}

/// Connects everybody, spread over the nodes.
async fn connect(cluster: &Cluster, count: usize) -> io::Result<Vec<Socket>> {
    const AT_ONCE: usize = 128;
    let (mut sockets, mut opening, mut next) = (Vec::with_capacity(count), JoinSet::new(), 0);
    while sockets.len() < count {
        while next < count && opening.len() < AT_ONCE {
            let (number, address) = (next, cluster.address(next));
            opening
                .spawn(async move { Ok::<_, io::Error>((number, Socket::ready(address, &token(number), "").await?)) });
            next += 1;
        }
        if let Some(opened) = opening.join_next().await {
            sockets.push(opened.map_err(io::Error::other)??);
        }
    }
    // The first is at the first node.
    sockets.sort_by_key(|(number, _)| *number);
    Ok(sockets.into_iter().map(|(_, socket)| socket).collect())
}

async fn listen(mut socket: Socket, arrived: Arc<Arrived>) {
    socket.shrink();
    loop {
        let Ok(text) = socket.text().await else { return };
        if is_message(text)
            && let Some(sent) = stamp(text)
        {
            let took = (arrived.begun.elapsed().as_nanos() as u64).saturating_sub(sent);
            arrived.times.lock().push(took);
            if arrived.count.fetch_add(1, Ordering::Relaxed) + 1 == arrived.all {
                arrived.everybody.notify_one();
            }
        }
        socket.shrink();
    }
}

/// Sends so many messages, each when everybody has the one before. Returns how long the last one of each took, sorted.
async fn send(writer: &Writer, room: ConversationId, arrived: &Arrived, from: u64, count: u64) -> io::Result<Vec<u64>> {
    let mut lasts = Vec::new();
    for number in from..from + count {
        arrived.count.store(0, Ordering::Relaxed);
        let now = arrived.begun.elapsed().as_nanos() as u64;
        let body = format!("{now} is when this left, for ten thousand people");
        let message = super::super::message(number + 1, &room.to_string(), &format!("crowd-{number}"), &body);
        writer.send(&message).await?;
        if tokio::time::timeout(PATIENCE, arrived.everybody.notified()).await.is_err() {
            let count = arrived.count.load(Ordering::Relaxed);
            return Err(io::Error::other(format!("{count} of {} have the message", arrived.all)));
        }
        lasts.push((arrived.begun.elapsed().as_nanos() as u64).saturating_sub(now));
        tokio::time::sleep(PAUSE).await;
    }
    lasts.sort_unstable();
    Ok(lasts)
}
