//! NATS: the connection, what this node listens to, and how hints leave.
//!
//! Nothing here waits on the way of a message: a hint goes into a bounded queue, and is dropped when NATS is slower than
//! that or away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr, Subject};
use bytes::Bytes;
use laserchat_protocol::{ConversationId, Seq, UserId, Version};
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::gathered::Gathered;
use super::hint::{Hint, Notice, Numbered};
use super::{Gap, SLOTS};
use crate::app::StartError;
use crate::config;
use crate::hub::{Frame, Item};

/// Hints that wait to leave. What does not fit is dropped.
const LEAVING: usize = 16_384;
/// Hints of one subject that wait to be taken; beyond it the library drops them and says so.
const ARRIVING: usize = 65_536;
/// What the connection says of itself, until it is heard.
const EVENTS: usize = 64;
const PING: Duration = Duration::from_secs(10);
const PAUSES: (u64, u64) = (50, 2_000);

/// Where somebody here wants to hear something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    Conversation(ConversationId),
    User(UserId),
}

/// Whether a shared subject is one of users, and its number.
pub type Place = (bool, usize);

/// One of the shared subjects.
struct Slot {
    subject: Subject,
    /// Conversations or users here that are of it.
    wanted: AtomicU32,
    /// It is subscribed to, and the server knows.
    live: AtomicBool,
}

/// The other ends of what is gathered here, for whoever runs the node's side.
pub struct Ends {
    pub events: mpsc::Receiver<Event>,
    pub leaving: mpsc::Receiver<(Subject, Bytes)>,
}

pub struct Nats {
    /// The name of this life of the node.
    pub node: u64,
    pub client: Client,
    everybody: Subject,
    answers: Subject,
    conversations: Vec<Slot>,
    users: Vec<Slot>,
    leaving: mpsc::Sender<(Subject, Bytes)>,
    /// The number of the latest notice; held while it is queued, so that notices leave in order.
    number: Mutex<u64>,
    /// What was committed here a moment ago, for followers elsewhere.
    committed: Mutex<Vec<(ConversationId, Seq)>>,
    /// What somebody wants to hear, until it is subscribed to: at most what there is to hear.
    pub(super) wants: Arc<Gathered<Want>>,
    /// Gaps that are to be filled: at most one of each gate.
    pub(super) gaps: Arc<Gathered<Gap>>,
    ends: Mutex<Option<Ends>>,
    pub connected: Gauge,
    pub sent: Counter,
    pub dropped: Counter,
    pub received: Counter,
    pub gaps_seen: Counter,
    pub gaps_filled: Counter,
}

/// The servers that a configuration names.
pub fn addresses(url: &str) -> Option<Vec<ServerAddr>> {
    let addresses: Option<Vec<ServerAddr>> = url.split(',').map(|one| one.trim().parse().ok()).collect();
    addresses.filter(|addresses| !addresses.is_empty())
}

fn slot(id: u64) -> usize {
    // Ids carry their counter in the low bits and their time above: mixing both spreads them.
    ((id ^ (id >> 22)) % SLOTS as u64) as usize
}

fn slots(prefix: &str, kind: char) -> Vec<Slot> {
    let slot = |at: usize| Slot {
        subject: format!("{prefix}.{kind}.{at}").into(),
        wanted: AtomicU32::new(0),
        live: AtomicBool::new(false),
    };
    (0..SLOTS).map(slot).collect()
}

impl Nats {
    pub(super) async fn connect(url: &str, config: &config::Bus, epoch: &str) -> Result<Nats, StartError> {
        let wrong = |what: String| StartError::Bus(what);
        let addresses = addresses(url).ok_or_else(|| wrong("bus.url cannot be used".to_owned()))?;
        let (event, events) = mpsc::channel(EVENTS);
        let mut options = ConnectOptions::new()
            .name("laserchat")
            .no_echo()
            .retry_on_initial_connect()
            .ping_interval(PING)
            .subscription_capacity(ARRIVING)
            .reconnect_delay_callback(|tries| {
                let tries = u32::try_from(tries).unwrap_or(u32::MAX).min(10);
                Duration::from_millis((PAUSES.0 << tries).min(PAUSES.1))
            })
            .event_callback(move |what| {
                // Nobody hears it any more when the server stops, and what is not heard is found by looking round.
                let _ = event.try_send(what);
                async {}
            });
        if let Some(path) = &config.credentials {
            options =
                options.credentials_file(path).await.map_err(|error| wrong(format!("bus.credentials: {error}")))?;
        }
        if let Some(path) = &config.certificates {
            options = options.add_root_certificates(path.into());
        }
        let client = options.connect(addresses).await.map_err(|error| wrong(error.to_string()))?;
        let mut node = [0; 8];
        getrandom::fill(&mut node).map_err(|error| wrong(error.to_string()))?;
        // Smaller than what JavaScript holds exactly, should anybody look at it there.
        let node = u64::from_le_bytes(node) >> 11;
        // A restored backup is another life, and what is said of one is of no use to the other.
        let prefix = format!("laserchat.{epoch}");
        let (leaving, to_leave) = mpsc::channel(LEAVING);
        describe_gauge!("laserchat_bus_connected", "Whether the connection to NATS stands.");
        describe_counter!("laserchat_bus_hints_total", "Hints that went out, came in, or were dropped.");
        describe_counter!("laserchat_bus_gaps_total", "Gaps that were seen, and that were filled from the store.");
        let hints = |what: &'static str| counter!("laserchat_bus_hints_total", "what" => what);
        Ok(Nats {
            node,
            client,
            everybody: format!("{prefix}.all").into(),
            answers: format!("{prefix}.answers").into(),
            conversations: slots(&prefix, 'c'),
            users: slots(&prefix, 'u'),
            leaving,
            number: Mutex::new(0),
            committed: Mutex::default(),
            wants: Arc::default(),
            gaps: Arc::default(),
            ends: Mutex::new(Some(Ends { events, leaving: to_leave })),
            connected: gauge!("laserchat_bus_connected"),
            sent: hints("sent"),
            dropped: hints("dropped"),
            received: hints("received"),
            gaps_seen: counter!("laserchat_bus_gaps_total", "what" => "seen"),
            gaps_filled: counter!("laserchat_bus_gaps_total", "what" => "filled"),
        })
    }

    pub(super) fn ends(&self) -> Option<Ends> {
        self.ends.lock().take()
    }

    /// The subject of every node.
    pub fn everybody(&self) -> Subject {
        self.everybody.clone()
    }

    /// The subject of bots' answers to slash commands.
    pub fn answers(&self) -> Subject {
        self.answers.clone()
    }

    fn of(&self, want: Want) -> &Slot {
        match want {
            Want::Conversation(id) => &self.conversations[slot(id.0)],
            Want::User(id) => &self.users[slot(id.0)],
        }
    }

    /// Which of the shared subjects is of something: its kind, and its number.
    pub(super) fn place(&self, want: Want) -> Place {
        match want {
            Want::Conversation(id) => (false, slot(id.0)),
            Want::User(id) => (true, slot(id.0)),
        }
    }

    /// The subject on which something is heard.
    pub(super) fn subject(&self, want: Want) -> &Subject {
        &self.of(want).subject
    }

    /// The server knows of the subscription.
    pub(super) fn live(&self, want: Want) {
        self.of(want).live.store(true, Ordering::Release);
    }

    /// Whether nobody here wants a subject any more, which then is not live.
    pub(super) fn unwanted(&self, want: Want) -> bool {
        let slot = self.of(want);
        let unwanted = slot.wanted.load(Ordering::Acquire) == 0;
        if unwanted {
            slot.live.store(false, Ordering::Release);
            // Who came in between has seen it live.
            return slot.wanted.load(Ordering::Acquire) == 0;
        }
        unwanted
    }

    fn want(&self, want: Want) {
        let slot = self.of(want);
        slot.wanted.fetch_add(1, Ordering::AcqRel);
        if !slot.live.load(Ordering::Acquire) {
            self.wants.put(want);
        }
    }

    pub fn want_conversation(&self, conversation: ConversationId) {
        self.want(Want::Conversation(conversation));
    }

    pub fn leave_conversation(&self, conversation: ConversationId) {
        self.of(Want::Conversation(conversation)).wanted.fetch_sub(1, Ordering::AcqRel);
    }

    pub fn want_user(&self, user: UserId) {
        self.want(Want::User(user));
    }

    pub fn leave_user(&self, user: UserId) {
        self.of(Want::User(user)).wanted.fetch_sub(1, Ordering::AcqRel);
    }

    /// Asks for a gap to be filled.
    pub fn ask(&self, gap: Gap) {
        self.gaps_seen.increment(1);
        self.gaps.put(gap);
    }

    fn send(&self, subject: Subject, payload: Bytes) {
        match self.leaving.try_send((subject, payload)) {
            Ok(()) => self.sent.increment(1),
            Err(_) => self.dropped.increment(1),
        }
    }

    fn hint(&self, want: Want, hint: &Hint, parts: &[&[u8]]) {
        self.send(self.subject(want).clone(), hint.encode(parts));
    }

    /// Tells of a conversation event that was committed here.
    pub fn change(&self, item: &Item) {
        let change = item.change;
        let place = Want::Conversation(change.conversation);
        let shared = item.shared.bytes();
        let own = item.own.as_ref().map(|(user, frame)| (*user, frame.bytes()));
        // What is larger than NATS takes is told without its frame: the others see a gap, and read it.
        let fits = shared.len() + own.map_or(0, |(_, frame)| frame.len()) + 1024 <= self.client.max_payload();
        let (shared, own) = if fits { (shared, own) } else { (&[][..], None) };
        let hint = Hint::Change { change, bytes: shared.len(), own: own.map(|(user, _)| user) };
        self.hint(place, &hint, &[shared, own.map_or(&[][..], |(_, frame)| frame)]);
        if let Some((user, joined)) = change.moved {
            let hint = Hint::Moved { user, conversation: change.conversation, seq: change.seq, joined };
            self.hint(Want::User(user), &hint, &[]);
        }
        self.committed.lock().push((change.conversation, change.seq));
    }

    pub fn signal(&self, conversation: ConversationId, except: Option<UserId>, frame: &Frame) {
        self.hint(Want::Conversation(conversation), &Hint::Signal { conversation, except }, &[frame.bytes()]);
    }

    pub fn typing(&self, conversation: ConversationId, user: UserId, typing: bool) {
        self.hint(Want::Conversation(conversation), &Hint::Typing { conversation, user, typing }, &[]);
    }

    pub fn personal(&self, user: UserId, version: Option<Version>, frame: &Frame) {
        self.hint(Want::User(user), &Hint::Personal { user, version }, &[frame.bytes()]);
    }

    /// Tells every other node.
    pub fn notice(&self, notice: Notice, frame: &[u8]) {
        let mut number = self.number.lock();
        *number += 1;
        let numbered = Numbered { from: self.node, number: *number, notice };
        self.send(self.everybody.clone(), numbered.encode(frame));
    }

    /// Waits until everything has left that was told, but not for a server that is away.
    pub async fn close(&self) {
        let empty = async {
            while self.leaving.capacity() < LEAVING {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            self.client.flush().await
        };
        // Hints: what does not get out now is found in the store.
        let _ = tokio::time::timeout(Duration::from_secs(1), empty).await;
    }

    /// Where conversations have got to since the last time this was asked.
    pub(super) fn committed(&self) -> Vec<(ConversationId, Seq)> {
        let mut heads = std::mem::take(&mut *self.committed.lock());
        heads.sort_unstable();
        // Of each conversation the last one.
        heads.reverse();
        heads.dedup_by_key(|(conversation, _)| *conversation);
        heads
    }
}

/// Hands over what leaves to the library, until the server stops.
pub(super) async fn leave(nats: Arc<super::Bus>, mut leaving: mpsc::Receiver<(Subject, Bytes)>) {
    let Some(nats) = nats.nats() else { return };
    while let Some((subject, payload)) = leaving.recv().await {
        if nats.client.publish(subject, payload).await.is_err() {
            nats.dropped.increment(1);
        }
    }
}
