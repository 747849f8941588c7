//! Durable direct messages: what one costs the server from the sender's frame to the acknowledgement and the delivery
//! to both, the database included.

use std::io;
use std::time::Instant;

use tokio::task::JoinSet;

use super::{Context, connect_each, message, settle};
use crate::process::Server;
use crate::report::Row;
use crate::setup::{accounts, conversation};
use crate::socket::{Socket, is_ack, is_message};

/// Two people who talk.
pub(super) struct Pair {
    pub sender: Socket,
    pub receiver: Socket,
    pub conversation: String,
}

pub async fn run(context: &mut Context) -> io::Result<()> {
    let most = context.or_quick(64, 8);
    let server = context.server().await?;
    let people = accounts(&server, most * 2).await?;
    let mut pairs = Vec::new();
    for two in people.chunks(2) {
        let conversation = conversation(two).await?.to_string();
        let mut sockets = connect_each(&server, two).await?;
        let (Some(receiver), Some(sender)) = (sockets.pop(), sockets.pop()) else { continue };
        pairs.push(Pair { sender, receiver, conversation });
    }
    for (count, window, messages) in [
        (1, 1, context.or_quick(4_000, 100)),
        (context.or_quick(16, 4), 4, context.or_quick(60_000, 400)),
        (most, 4, context.or_quick(120_000, 800)),
    ] {
        let each = messages / count;
        talk(&mut pairs, count, window, each / 10, "w").await?;
        settle(1).await;
        let measured = measure(&server, &mut pairs, count, window, each).await?;
        let base = context.baseline.send(measured.frame, 1)?;
        let name = |what: &str| format!("{what}, {count} pairs, {window} under way each");
        let cpu = measured.cpu / (each * count) as f64;
        context.row(Row::new("direct", name("CPU per message"), cpu, "us").budget(30.0).against("a send", base));
        let rate = (each * count) as f64 / measured.seconds;
        context.row(Row::new("direct", name("messages per second"), rate, "1/s"));
    }
    Ok(())
}

struct Measured {
    cpu: f64,
    seconds: f64,
    frame: usize,
}

async fn measure(
    server: &Server,
    pairs: &mut Vec<Pair>,
    count: usize,
    window: usize,
    each: usize,
) -> io::Result<Measured> {
    let (before, begun) = (server.cpu(), Instant::now());
    let frame = talk(pairs, count, window, each, "m").await?;
    Ok(Measured { cpu: server.cpu().since(before).total(), seconds: begun.elapsed().as_secs_f64(), frame })
}

/// Lets some of the pairs talk. Returns the size of a delivered frame.
pub(super) async fn talk(
    pairs: &mut Vec<Pair>,
    count: usize,
    window: usize,
    each: usize,
    name: &str,
) -> io::Result<usize> {
    let mut talking = JoinSet::new();
    let names = format!("{name}-{count}-{window}");
    for pair in pairs.drain(..count) {
        let names = names.clone();
        talking.spawn(async move {
            let Pair { mut sender, mut receiver, conversation } = pair;
            let sent = send(&mut sender, &conversation, window, each, &names);
            let (sent, received) = tokio::join!(sent, receive(&mut receiver, each));
            sent?;
            Ok::<_, io::Error>((Pair { sender, receiver, conversation }, received?))
        });
    }
    let mut frame = 0;
    while let Some(done) = talking.join_next().await {
        let (pair, size) = done.map_err(io::Error::other)??;
        pairs.push(pair);
        frame = size;
    }
    Ok(frame)
}

/// Keeps so many messages under way until all are acknowledged and have come back.
async fn send(socket: &mut Socket, conversation: &str, window: usize, each: usize, names: &str) -> io::Result<()> {
    let writer = socket.writer();
    let body = "a line as people write them to each other all day long";
    let (mut sent, mut acked, mut echoed) = (0, 0, 0);
    while acked < each || echoed < each {
        while sent < each && sent - acked < window {
            writer.send(&message(sent as u64 + 1, conversation, &format!("{names}-{sent}"), body)).await?;
            sent += 1;
        }
        let text = socket.text().await?;
        if is_ack(text) {
            acked += 1;
        } else if is_message(text) {
            echoed += 1;
        } else if text.starts_with(br#"{"type":"error""#) {
            return Err(io::Error::other(String::from_utf8_lossy(text).into_owned()));
        }
    }
    Ok(())
}

async fn receive(socket: &mut Socket, each: usize) -> io::Result<usize> {
    let (mut received, mut size) = (0, 0);
    while received < each {
        let text = socket.text().await?;
        if is_message(text) {
            received += 1;
            size = text.len() + 4;
        }
    }
    Ok(size)
}
