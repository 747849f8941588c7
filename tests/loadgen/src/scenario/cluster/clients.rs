//! People who write all the time while something breaks, with the real client, and how long they felt it.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_client::api::Api;
use laserchat_client::protocol::ConversationId;
use laserchat_client::protocol::command::SendCommand;
use laserchat_client::{Client, Connection, Options, Update};
use parking_lot::Mutex;
use tokio::task::JoinSet;

/// The pause between two messages of one person. All write into one room, whose messages are committed one after the other,
/// each flushed twice, so that more would measure the disk.
const SEND_EVERY: Duration = Duration::from_millis(250);

/// How long it may take until everybody goes on.
const PATIENCE: Duration = Duration::from_secs(90);

/// Since the beginning of the record.
type Time = Duration;

struct Sent {
    by: usize,
    at: Time,
    acknowledged: Option<Time>,
}

struct Record {
    begun: Instant,
    sent: HashMap<String, Sent>,
    /// Who saw which message when, for the first time.
    seen: HashMap<(usize, String), Time>,
    /// When a connection was lost, or was there again with everything that was missed.
    connections: Vec<(usize, Time, bool)>,
}

pub struct Crew {
    record: Arc<Mutex<Record>>,
    clients: Vec<Client>,
    tasks: JoinSet<()>,
}

/// What some of the people felt, at most.
#[derive(Debug, Default)]
pub struct Felt {
    /// From sending to the acknowledgement.
    pub acknowledged: Duration,
    /// From the acknowledgement to the delivery.
    pub delivered: Duration,
    /// From the fault until the last of those who lost their connection knew. `None`: nobody did.
    pub noticed: Option<Duration>,
    /// From the fault until the last of them was there again with all that was missed.
    pub back: Option<Duration>,
}

impl Crew {
    /// All of them write into one room.
    pub async fn start(people: Vec<Api>, room: ConversationId) -> io::Result<Crew> {
        let record =
            Record { begun: Instant::now(), sent: HashMap::new(), seen: HashMap::new(), connections: Vec::new() };
        let record = Arc::new(Mutex::new(record));
        let mut crew = Crew { record, clients: Vec::new(), tasks: JoinSet::new() };
        for (number, api) in people.into_iter().enumerate() {
            let client = Client::start(api, Options::default())?;
            client.wait_synced().await.map_err(|problem| io::Error::other(format!("{problem:?}")))?;
            crew.tasks.spawn(look(number, client.clone(), room, Arc::clone(&crew.record)));
            crew.clients.push(client);
        }
        for (number, client) in crew.clients.iter().enumerate() {
            crew.tasks.spawn(write(number, client.clone(), room, Arc::clone(&crew.record)));
        }
        Ok(crew)
    }

    pub fn now(&self) -> Time {
        self.record.lock().begun.elapsed()
    }

    /// Waits until everybody is connected and has hardly anything unsent.
    pub async fn settles(&self) -> io::Result<()> {
        let begun = Instant::now();
        let fine = |client: &Client| client.connection() == Connection::Synced && client.outbox().len() <= 3;
        while !self.clients.iter().all(fine) {
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("somebody does not come back"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(())
    }

    /// What those felt for whom `whom` is true, from a moment on until now.
    pub fn felt(&self, from: Time, whom: impl Fn(usize) -> bool) -> Felt {
        let record = self.record.lock();
        let mut felt = Felt::default();
        for sent in record.sent.values().filter(|sent| whom(sent.by)) {
            // What was sent last may still be on its way; what was lost never is acknowledged, and counts until now.
            let end = sent.acknowledged.unwrap_or(record.begun.elapsed());
            if end >= from {
                felt.acknowledged = felt.acknowledged.max(end - sent.at);
            }
        }
        for ((by, name), seen) in record.seen.iter().filter(|((by, _), seen)| whom(*by) && **seen >= from) {
            let sent = record.sent.get(name).filter(|sent| sent.by != *by);
            if let Some(acknowledged) = sent.and_then(|sent| sent.acknowledged) {
                felt.delivered = felt.delivered.max(seen.saturating_sub(acknowledged));
            }
        }
        for (_, at, there) in record.connections.iter().filter(|(by, at, _)| whom(*by) && *at >= from) {
            let time = Some(*at - from);
            match there {
                true => felt.back = felt.back.max(time),
                false => felt.noticed = felt.noticed.max(time),
            }
        }
        felt
    }

    pub async fn stop(mut self) {
        self.tasks.abort_all();
        while self.tasks.join_next().await.is_some() {}
        for client in &self.clients {
            client.close().await;
        }
    }
}

async fn write(number: usize, client: Client, room: ConversationId, record: Arc<Mutex<Record>>) {
    let mut ticks = tokio::time::interval(SEND_EVERY);
    for message in 0_u64.. {
        ticks.tick().await;
        let client_id = format!("{number}-{message}-{:p}", Arc::as_ptr(&record));
        {
            let mut record = record.lock();
            let at = record.begun.elapsed();
            record.sent.insert(client_id.clone(), Sent { by: number, at, acknowledged: None });
        }
        let body = format!("message {message}");
        let send = SendCommand { conversation_id: room, client_id, body, parent_id: None, files: Vec::new() };
        if client.queue(send).await.is_err() {
            return;
        }
    }
}

/// Writes down what one client shows.
async fn look(number: usize, client: Client, room: ConversationId, record: Arc<Mutex<Record>>) {
    let mut updates = client.events();
    let mut complete = client.state().room(room).map_or(0, |room| room.cursor());
    while let Some(update) = updates.next().await {
        let now = record.lock().begun.elapsed();
        match update {
            Ok(Update::Sent { client_id, .. }) => {
                if let Some(sent) = record.lock().sent.get_mut(&client_id) {
                    sent.acknowledged.get_or_insert(now);
                }
            }
            Ok(Update::Connection(Connection::Lost(_))) => record.lock().connections.push((number, now, false)),
            Ok(Update::Connection(Connection::Synced)) => record.lock().connections.push((number, now, true)),
            // What was missed is in the state.
            _ => {}
        }
        let state = client.state();
        let Some(shown) = state.room(room) else { continue };
        let new: Vec<String> = shown
            .timeline()
            .rev()
            .take_while(|message| message.seq > complete)
            .map(|message| message.client_id.clone())
            .collect();
        complete = complete.max(shown.cursor());
        drop(state);
        let mut record = record.lock();
        for name in new {
            record.seen.entry((number, name)).or_insert(now);
        }
    }
}
