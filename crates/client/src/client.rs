//! The client: a state that a background task keeps equal to the server's, and an outbox that it empties.

use std::io;
use std::sync::Arc;

use laserchat_protocol::command::SendCommand;
use laserchat_protocol::conversation::{ConversationCreate, ConversationView};
use laserchat_protocol::event::Ack;
use laserchat_protocol::presence::{Activity, Presence};
use laserchat_protocol::{Code, Command, ConversationId, Event, MessageId, Problem, Seq, Timestamp, UserId};
use parking_lot::{Mutex, RwLock, RwLockReadGuard};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::api::{self, Api, Window};
use crate::backoff::Backoff;
use crate::driver::Driver;
use crate::link::Transport;
use crate::outbox::{Draft, Outbox};
use crate::state::{Room, State};
use crate::storage::{MemoryStorage, Storage};

/// Names in the storage.
const OUTBOX: &str = "outbox";
const STATE: &str = "state";

/// Updates that a subscriber may fall behind by.
const UPDATES: usize = 4096;

/// Requests that wait for the background task; whoever makes more waits too.
const REQUESTS: usize = 256;

/// How a client behaves.
#[derive(Clone)]
pub struct Options {
    pub transport: Transport,
    pub backoff: Backoff,
    /// Where outbox and state are kept between runs.
    pub storage: Arc<dyn Storage>,
    /// Tell the server by itself that messages have arrived.
    pub deliver: bool,
    pub activity: Activity,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            transport: Transport::default(),
            backoff: Backoff::default(),
            storage: Arc::new(MemoryStorage::default()),
            deliver: true,
            activity: Activity::default(),
        }
    }
}

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Connection {
    Connecting,
    /// Connected, with something still missing.
    Syncing,
    /// The state is the server's.
    Synced,
    /// Lost; the client comes back by itself.
    Lost(String),
    /// Over: the client was closed, or the server says not to come back.
    Stopped(Option<Problem>),
}

/// What a subscriber hears.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// An event was applied, whether it came live or was fetched. The same one may come twice.
    Event(Arc<Event>),
    /// A conversation was loaded (afresh).
    Loaded(ConversationId),
    /// The conversations were listed.
    Listed,
    /// A message of one's own is acknowledged.
    Sent {
        client_id: String,
        conversation_id: ConversationId,
        message_id: MessageId,
        seq: Seq,
    },
    /// A message of one's own was refused for good, until it is retried.
    Failed {
        client_id: String,
        problem: Problem,
    },
    Connection(Connection),
}

/// A subscription to updates.
pub struct Updates(broadcast::Receiver<Update>);

/// The subscriber did not keep up, and this many updates are gone. The state has them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed(pub u64);

impl Updates {
    /// The next update; `None` when the client is gone.
    pub async fn next(&mut self) -> Option<Result<Update, Missed>> {
        match self.0.recv().await {
            Ok(update) => Some(Ok(update)),
            Err(broadcast::error::RecvError::Lagged(count)) => Some(Err(Missed(count))),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

pub(crate) enum Request {
    Command {
        command: Box<Command>,
        answer: oneshot::Sender<Result<Ack, Problem>>,
    },
    /// The outbox holds something new.
    Send,
    /// The state was changed from outside and may want something.
    Look,
    Close,
}

pub(crate) struct Shared {
    pub api: Api,
    pub options: Options,
    pub state: RwLock<State>,
    pub outbox: Mutex<Outbox>,
    pub updates: broadcast::Sender<Update>,
    pub connection: watch::Sender<Connection>,
    /// Held while writing, so that what is written last is newest.
    writing: Mutex<()>,
}

impl Shared {
    pub fn tell(&self, update: Update) {
        // Nobody needs to listen.
        let _ = self.updates.send(update);
    }

    pub fn connection(&self, connection: Connection) {
        if *self.connection.borrow() != connection {
            self.connection.send_replace(connection.clone());
            self.tell(Update::Connection(connection));
        }
    }

    pub fn save_outbox(&self) -> io::Result<()> {
        let _writing = self.writing.lock();
        let value = serde_json::to_vec(&*self.outbox.lock())?;
        self.options.storage.save(OUTBOX, &value)
    }

    pub fn save_state(&self) -> io::Result<()> {
        let _writing = self.writing.lock();
        let value = serde_json::to_vec(&*self.state.read())?;
        self.options.storage.save(STATE, &value)
    }
}

/// A cheap handle; clones are the same client. It stops when the last handle is gone, or when it is closed.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
}

impl Client {
    /// Starts a client for whoever is signed in at `api`. What the storage holds is continued from.
    pub fn start(api: Api, options: Options) -> io::Result<Self> {
        let outbox: Option<Outbox> = load(&*options.storage, OUTBOX)?;
        let mut outbox = outbox.unwrap_or_default();
        outbox.disconnected();
        let shared = Arc::new(Shared {
            api,
            state: RwLock::new(load(&*options.storage, STATE)?.unwrap_or_default()),
            outbox: Mutex::new(outbox),
            options,
            updates: broadcast::Sender::new(UPDATES),
            connection: watch::Sender::new(Connection::Connecting),
            writing: Mutex::new(()),
        });
        let (requests, receiver) = mpsc::channel(REQUESTS);
        tokio::spawn(Driver::new(Arc::clone(&shared), receiver).run());
        Ok(Client { shared, requests })
    }

    pub fn api(&self) -> &Api {
        &self.shared.api
    }

    /// What is known now. Hold it briefly: events wait for it.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.shared.state.read()
    }

    /// What is sent and not acknowledged.
    pub fn outbox(&self) -> Vec<Draft> {
        self.shared.outbox.lock().drafts().cloned().collect()
    }

    pub fn events(&self) -> Updates {
        Updates(self.shared.updates.subscribe())
    }

    pub fn connection(&self) -> Connection {
        self.shared.connection.borrow().clone()
    }

    /// Waits until the state is the server's. An error says why it will not be.
    pub async fn wait_synced(&self) -> Result<(), Problem> {
        let mut connection = self.shared.connection.subscribe();
        loop {
            match &*connection.borrow_and_update() {
                Connection::Synced => return Ok(()),
                Connection::Stopped(problem) => {
                    return Err(problem.clone().unwrap_or_else(|| Problem::new(Code::Unavailable)));
                }
                _ => {}
            }
            if connection.changed().await.is_err() {
                return Err(Problem::new(Code::Unavailable));
            }
        }
    }

    /// Waits until the client has stopped by itself or was closed, and says why.
    pub async fn stopped(&self) -> Option<Problem> {
        let mut connection = self.shared.connection.subscribe();
        let stopped = connection.wait_for(|connection| matches!(connection, Connection::Stopped(_))).await;
        match stopped.as_deref() {
            Ok(Connection::Stopped(problem)) => problem.clone(),
            _ => None,
        }
    }

    /// Stops the client and waits until what it knows is written.
    pub async fn close(&self) {
        if self.requests.send(Request::Close).await.is_ok() {
            self.stopped().await;
        }
    }
}

/// Sending.
impl Client {
    /// Queues a message and returns its client id. Once this returns, the message survives a crash of this process, if
    /// the storage does.
    pub async fn send(&self, conversation_id: ConversationId, body: impl Into<String>) -> io::Result<String> {
        let client_id = new_client_id();
        let message = SendCommand {
            conversation_id,
            client_id: client_id.clone(),
            body: body.into(),
            parent_id: None,
            files: Vec::new(),
        };
        self.queue(message).await?;
        Ok(client_id)
    }

    /// Queues a message that names itself. Queuing the same client id again changes nothing.
    pub async fn queue(&self, message: SendCommand) -> io::Result<()> {
        self.shared.outbox.lock().push(message, Timestamp::now());
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || shared.save_outbox()).await.map_err(io::Error::other)??;
        // A client that has stopped keeps what is queued for its next start.
        let _ = self.requests.send(Request::Send).await;
        Ok(())
    }

    /// Sends a failed message once more.
    pub fn retry(&self, client_id: &str) -> bool {
        let found = self.shared.outbox.lock().retry(client_id);
        // When the queue is full, the next tick finds it.
        let _ = self.requests.try_send(Request::Send);
        found
    }

    /// Forgets a message that has not left.
    pub fn discard(&self, client_id: &str) -> bool {
        self.shared.outbox.lock().discard(client_id)
    }

    /// Carries out a command and waits for its answer. Without a connection it is refused as `unavailable`.
    pub async fn command(&self, command: Command) -> Result<Ack, Problem> {
        let (answer, answered) = oneshot::channel();
        let gone = || Problem::new(Code::Unavailable).detail("not connected");
        let request = Request::Command { command: Box::new(command), answer };
        self.requests.send(request).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    pub async fn edit(&self, message_id: MessageId, body: impl Into<String>) -> Result<Ack, Problem> {
        self.command(Command::MessageEdit { message_id, body: body.into() }).await
    }

    pub async fn delete(&self, message_id: MessageId) -> Result<Ack, Problem> {
        self.command(Command::MessageDelete { message_id }).await
    }

    pub async fn react(&self, message_id: MessageId, emoji: &str, add: bool) -> Result<Ack, Problem> {
        let emoji = emoji.to_owned();
        self.command(if add {
            Command::ReactionAdd { message_id, emoji }
        } else {
            Command::ReactionRemove { message_id, emoji }
        })
        .await
    }

    /// Everything up to `seq` has been read.
    pub async fn mark_read(&self, conversation_id: ConversationId, seq: Seq) -> Result<Ack, Problem> {
        self.command(Command::CursorRead { conversation_id, seq }).await
    }

    pub async fn typing(&self, conversation_id: ConversationId, typing: bool) -> Result<Ack, Problem> {
        self.command(if typing {
            Command::TypingStart { conversation_id }
        } else {
            Command::TypingStop { conversation_id }
        })
        .await
    }

    pub async fn set_activity(&self, activity: Activity) -> Result<Ack, Problem> {
        self.command(Command::PresenceSet { activity }).await
    }

    /// Watches the presence of these users instead of those before, on this connection.
    pub async fn watch(&self, user_ids: Vec<UserId>) -> Result<Vec<Presence>, Problem> {
        Ok(self.command(Command::PresenceWatch { user_ids }).await?.presence)
    }
}

/// Loading more into the state.
impl Client {
    /// Creates a conversation and holds it at once.
    pub async fn create(&self, create: &ConversationCreate) -> api::Result<ConversationView> {
        let view = self.shared.api.create_conversation(create).await?;
        self.shared.state.write().answer_conversation(&view);
        let _ = self.requests.send(Request::Look).await;
        Ok(view)
    }

    /// Loads the page of history before what is held. Returns whether there may be more.
    pub async fn load_history(&self, id: ConversationId, limit: usize) -> api::Result<bool> {
        loop {
            let (asked, before) = {
                let state = self.shared.state.read();
                let found = state.asked(id).zip(state.room(id).map(Room::floor));
                found.ok_or_else(|| Problem::new(Code::NotFound))?
            };
            let page = self.shared.api.history(id, Window::Before(before), limit).await?;
            let mut state = self.shared.state.write();
            if state.answer_history(id, Some(before), limit, &page, asked) {
                return Ok(state.room(id).is_some_and(|room| room.floor() > 1));
            }
        }
    }

    /// Loads all members of a conversation.
    pub async fn load_members(&self, id: ConversationId) -> api::Result<()> {
        loop {
            let asked = self.shared.state.read().asked(id).ok_or_else(|| Problem::new(Code::NotFound))?;
            let members = self.shared.api.members(id).await?;
            if self.shared.state.write().answer_members(id, &members, asked) {
                return Ok(());
            }
        }
    }
}

/// What the storage holds. What another version wrote and this one cannot read is given up: an outbox that silently
/// vanished would be worse than an error, so only a state is.
fn load<T: serde::de::DeserializeOwned>(storage: &dyn Storage, name: &str) -> io::Result<Option<T>> {
    let Some(value) = storage.load(name)? else { return Ok(None) };
    match serde_json::from_slice(&value) {
        Ok(value) => Ok(Some(value)),
        Err(error) if name == STATE => {
            tracing::warn!(%error, "the stored state cannot be read; starting afresh");
            Ok(None)
        }
        Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
    }
}

/// 128 random bits: no two messages of a sender are ever named alike.
fn new_client_id() -> String {
    let mut bits = [0u8; 16];
    // Without a source of chance, time still tells one message from the next.
    if getrandom::fill(&mut bits).is_err() {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        bits = since.as_nanos().to_le_bytes();
    }
    bits.iter().map(|byte| format!("{byte:02x}")).collect()
}
