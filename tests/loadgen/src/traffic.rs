//! Steady traffic: messages at a fixed rate into rooms, and how long each took to every member.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::process::Server;
use crate::setup::{Account, conversation};
use crate::socket::{Socket, Writer, is_message, stamp};

/// How long the last messages of a run may take before they count as lost.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Traffic {
    /// One member of each room writes.
    rooms: Vec<(Writer, String)>,
    members: usize,
    begun: Instant,
    received: Arc<AtomicU64>,
    listening: JoinSet<Vec<u64>>,
    stop: tokio::sync::watch::Sender<bool>,
    sent: u64,
}

impl Traffic {
    /// Rooms of so many members, each member with one connection.
    pub async fn new(server: &Server, people: &[Account], members: usize) -> io::Result<Self> {
        let (stop, _) = tokio::sync::watch::channel(false);
        let mut traffic = Traffic {
            rooms: Vec::new(),
            members,
            begun: Instant::now(),
            received: Arc::new(AtomicU64::new(0)),
            listening: JoinSet::new(),
            stop,
            sent: 0,
        };
        for room in people.chunks_exact(members) {
            let id = conversation(room).await?.to_string();
            for (at, member) in room.iter().enumerate() {
                let socket = Socket::ready(server.address, &member.token, "").await?;
                if at == 0 {
                    traffic.rooms.push((socket.writer(), id.clone()));
                }
                traffic.listen(socket);
            }
        }
        Ok(traffic)
    }

    fn listen(&mut self, mut socket: Socket) {
        let (begun, received, mut stop) = (self.begun, Arc::clone(&self.received), self.stop.subscribe());
        self.listening.spawn(async move {
            let mut times = Vec::new();
            loop {
                let text = tokio::select! {
                    text = socket.text() => text,
                    _ = stop.changed() => return times,
                };
                let Ok(text) = text else { return times };
                if is_message(text)
                    && let Some(sent) = stamp(text)
                {
                    times.push((begun.elapsed().as_nanos() as u64).saturating_sub(sent));
                    received.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }

    /// Sends at this rate for so long, and waits until everything has arrived.
    pub async fn run(&mut self, per_second: u64, seconds: u64) -> io::Result<()> {
        let mut ticks = tokio::time::interval(Duration::from_nanos(1_000_000_000 / per_second));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for _ in 0..per_second * seconds {
            ticks.tick().await;
            self.sent += 1;
            let (writer, room) = &self.rooms[self.sent as usize % self.rooms.len()];
            let id = self.sent;
            let now = self.begun.elapsed().as_nanos();
            let text = format!(
                r#"{{"type":"message.send","id":{id},"conversation_id":"{room}","client_id":"t-{id}","body":"{now} is when this left"}}"#
            );
            writer.send(&text).await?;
        }
        let expected = self.sent * self.members as u64;
        let waiting = Instant::now();
        while self.received.load(Ordering::Relaxed) < expected {
            if waiting.elapsed() > PATIENCE {
                let received = self.received.load(Ordering::Relaxed);
                return Err(io::Error::other(format!("{received} of {expected} deliveries came")));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Ends it. Returns the time of every delivery in nanoseconds, the shortest first.
    pub async fn finish(mut self) -> Vec<u64> {
        self.stop.send_replace(true);
        let mut all = Vec::new();
        while let Some(times) = self.listening.join_next().await {
            all.extend(times.unwrap_or_default());
        }
        all.sort_unstable();
        all
    }
}
