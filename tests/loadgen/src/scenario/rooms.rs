//! Rooms of a hundred: what one delivery costs the server, when each frame leaves alone and when several are queued and
//! leave together.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::{Context, connect_each, message, settle};
use crate::process::Server;
use crate::report::Row;
use crate::setup::{accounts, conversation};
use crate::socket::{Socket, Writer, is_message, put_frame};

/// Messages in a burst.
const BURST: usize = 16;

/// What has arrived at all members together.
#[derive(Default)]
struct Arrived {
    count: AtomicU64,
    target: AtomicU64,
    reached: Notify,
    frame: AtomicUsize,
}

impl Arrived {
    fn one(&self, size: usize) {
        self.frame.store(size, Ordering::Relaxed);
        if self.count.fetch_add(1, Ordering::Relaxed) + 1 == self.target.load(Ordering::Relaxed) {
            self.reached.notify_one();
        }
    }
}

pub async fn run(context: &mut Context) -> io::Result<()> {
    let members = context.or_quick(100, 10);
    let server = context.server().await?;
    let people = accounts(&server, members).await?;
    let room = conversation(&people).await?.to_string();
    let mut sender = Sender::new(connect_each(&server, &people).await?, room)?;
    sender.bursts(1, context.or_quick(200, 5)).await?;
    settle(1).await;

    let cpu = sender.measure(&server, 1, context.or_quick(4_000, 50)).await?;
    let frame = sender.arrived.frame.load(Ordering::Relaxed);
    let alone = context.baseline.send(frame, 1)?;
    let name = format!("CPU per delivery, rooms of {members}, one frame a write");
    context.row(Row::new("rooms", name, cpu, "us").budget(6.0).against("a send", alone));

    let cpu = sender.measure(&server, BURST, context.or_quick(1_000, 10)).await?;
    let together = context.baseline.send(frame, BURST)?;
    let name = format!("CPU per delivery, rooms of {members}, bursts of {BURST}");
    context.row(Row::new("rooms", name, cpu, "us").budget(1.5).against("a send of as many together", together));
    Ok(())
}

pub(super) struct Sender {
    writer: Writer,
    room: String,
    members: usize,
    arrived: Arc<Arrived>,
    sent: usize,
    /// Ends with this.
    _listening: JoinSet<()>,
}

impl Sender {
    /// The first of the members' connections writes.
    pub fn new(sockets: Vec<Socket>, room: String) -> io::Result<Sender> {
        let writer = sockets.first().map(Socket::writer).ok_or_else(|| io::Error::other("nobody is in the room"))?;
        let (members, arrived) = (sockets.len(), Arc::new(Arrived::default()));
        let mut listening = JoinSet::new();
        for mut socket in sockets {
            let arrived = Arc::clone(&arrived);
            listening.spawn(async move {
                while let Ok(text) = socket.text().await {
                    if is_message(text) {
                        let size = text.len() + 4;
                        arrived.one(size);
                    }
                }
            });
        }
        Ok(Sender { writer, room, members, arrived, sent: 0, _listening: listening })
    }

    /// CPU microseconds per delivery.
    async fn measure(&mut self, server: &Server, burst: usize, bursts: usize) -> io::Result<f64> {
        let before = server.cpu();
        self.bursts(burst, bursts).await?;
        Ok(server.cpu().since(before).total() / (burst * bursts * self.members) as f64)
    }

    /// Sends bursts, each once the one before has arrived everywhere, so that nothing else queues.
    pub async fn bursts(&mut self, burst: usize, bursts: usize) -> io::Result<()> {
        for _ in 0..bursts {
            let target = self.arrived.count.load(Ordering::Relaxed) + (burst * self.members) as u64;
            self.arrived.target.store(target, Ordering::Relaxed);
            let mut frames = Vec::new();
            for _ in 0..burst {
                self.sent += 1;
                let body = "a line that a hundred people in one room get to read";
                let text = message(self.sent as u64, &self.room, &format!("r-{}", self.sent), body);
                put_frame(&mut frames, 0x1, text.as_bytes());
            }
            self.writer.write(&frames).await?;
            self.arrived.reached.notified().await;
        }
        Ok(())
    }
}
