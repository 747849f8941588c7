//! The driver: the task that connects, applies what comes, fetches what is missing, sends what waits, and comes back.

mod fetch;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::command::Envelope;
use laserchat_protocol::event::{Ack, CommandId, ErrorFrame, Polled};
use laserchat_protocol::{Code, Command, ConversationId, Event, Problem, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::backoff::chance;
use crate::client::{Connection, Request, Shared, Update};
use crate::link::{Inbound, Link, Lost, Transport};
use crate::outbox::Refused;
use crate::state::Fetch;
use crate::twin;
use fetch::Fetched;

/// How long connecting may take, up to `ready`.
const CONNECT: Duration = Duration::from_secs(20);

/// How often small duties are looked after: heartbeats, delivery cursors, writing the state.
const TICK: Duration = Duration::from_millis(500);

/// The state is written at most this often.
const WRITE_EVERY: Duration = Duration::from_secs(5);

/// Who waits for the answer to a command.
enum Waiting {
    Outbox(String),
    Caller(oneshot::Sender<Result<Ack, Problem>>),
    Nobody,
}

enum End {
    Closed,
    Lost(Lost),
}

pub(crate) struct Driver {
    shared: Arc<Shared>,
    requests: mpsc::Receiver<Request>,
    fetches: JoinSet<Fetched>,
    asked: HashSet<Fetch>,
    /// Commands that go by REST.
    twins: JoinSet<(CommandId, Result<Ack, Problem>)>,
    waiting: HashMap<CommandId, Waiting>,
    next_id: i64,
    /// Conversations with new messages of others, to be told as delivered.
    arrived: BTreeSet<ConversationId>,
    changed: bool,
    written: Instant,
    heartbeat: Duration,
}

impl Driver {
    pub fn new(shared: Arc<Shared>, requests: mpsc::Receiver<Request>) -> Self {
        Driver {
            shared,
            requests,
            fetches: JoinSet::new(),
            asked: HashSet::new(),
            twins: JoinSet::new(),
            waiting: HashMap::new(),
            next_id: 0,
            arrived: BTreeSet::new(),
            changed: false,
            written: Instant::now(),
            heartbeat: CONNECT,
        }
    }

    pub async fn run(mut self) {
        let mut attempt = 0;
        let mut renewed = false;
        let problem = loop {
            self.shared.connection(Connection::Connecting);
            let mut link = None;
            let end = self.connect(&mut link).await;
            let was_ready = self.shared.connection.borrow().clone() != Connection::Connecting;
            self.disconnected();
            if was_ready {
                (attempt, renewed) = (0, false);
            }
            match end {
                End::Closed => {
                    if let Some(link) = &mut link {
                        let _ = timeout(TICK, link.close()).await;
                    }
                    break None;
                }
                End::Lost(Lost::Stop(problem)) => break Some(problem),
                // A token that is refused although it is new will not be accepted by asking again.
                End::Lost(Lost::Token) if renewed => break Some(Problem::new(Code::Unauthorized)),
                End::Lost(Lost::Token) => {
                    renewed = true;
                    match self.renew().await {
                        Ok(()) => continue,
                        Err(Lost::Resume(reason)) => self.shared.connection(Connection::Lost(reason)),
                        Err(_) => break Some(Problem::new(Code::Unauthorized)),
                    }
                }
                End::Lost(Lost::Resume(reason)) => {
                    tracing::debug!(reason, attempt, "connection lost");
                    self.shared.connection(Connection::Lost(reason));
                }
            }
            let wait = self.shared.options.backoff.wait(attempt, chance());
            attempt += 1;
            if !self.wait(wait).await {
                break None;
            }
        };
        self.write().await;
        self.shared.connection(Connection::Stopped(problem));
    }

    async fn renew(&self) -> Result<(), Lost> {
        let api = &self.shared.api;
        let stale = api.token().await?;
        api.renew(&stale).await?;
        Ok(())
    }

    /// Waits without a connection. Returns whether to go on.
    async fn wait(&mut self, wait: Duration) -> bool {
        let over = sleep(wait);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                request = self.requests.recv() => match request {
                    None | Some(Request::Close) => return false,
                    // A command that needs a connection is refused by dropping whoever waits for it.
                    Some(_) => {}
                },
            }
        }
    }

    /// Forgets what belonged to the connection. Whoever waited for a command learns that it has no answer.
    fn disconnected(&mut self) {
        self.shared.state.write().disconnected();
        self.shared.outbox.lock().disconnected();
        self.waiting.clear();
        self.fetches = JoinSet::new();
        self.twins = JoinSet::new();
        self.asked.clear();
    }

    async fn connect(&mut self, opened: &mut Option<Link>) -> End {
        let resume = self.shared.state.write().hello();
        let (api, options) = (self.shared.api.clone(), self.shared.options.clone());
        let opening = timeout(CONNECT, Link::open(&api, options.transport, resume, options.activity));
        tokio::pin!(opening);
        let link = loop {
            tokio::select! {
                link = &mut opening => break link,
                request = self.requests.recv() => if matches!(request, None | Some(Request::Close)) {
                    return End::Closed;
                },
            }
        };
        let link = match link {
            Ok(Ok(link)) => opened.insert(link),
            Ok(Err(lost)) => return End::Lost(lost),
            Err(_) => return End::Lost(Lost::Resume("connecting took too long".into())),
        };
        self.heartbeat = CONNECT / 2;
        match self.serve(link).await {
            Ok(()) => End::Closed,
            Err(lost) => End::Lost(lost),
        }
    }

    /// Runs a connection until it ends (an error) or the client is closed.
    async fn serve(&mut self, link: &mut Link) -> Result<(), Lost> {
        let mut heard = Instant::now();
        let mut pinged = false;
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if self.asked.is_empty()
                && let Some(poll) = link.idle_poll()
            {
                // The cursors are those of now, so that what the last answer brought is not brought again.
                let resume = self.shared.state.write().hello();
                poll.ask(self.shared.api.clone(), &resume);
            }
            tokio::select! {
                inbound = link.next() => {
                    (heard, pinged) = (Instant::now(), false);
                    self.inbound(inbound?, link).await?;
                }
                request = self.requests.recv() => match request {
                    None | Some(Request::Close) => return Ok(()),
                    Some(Request::Send) => self.send_due(link).await?,
                    Some(Request::Look) => self.look(),
                    Some(Request::Command { command, answer }) => {
                        self.command(link, *command, Waiting::Caller(answer)).await?;
                    }
                },
                Some(fetched) = self.fetches.join_next(), if !self.fetches.is_empty() => {
                    if let Ok(fetched) = fetched {
                        self.fetched(fetched);
                    }
                }
                Some(twin) = self.twins.join_next(), if !self.twins.is_empty() => {
                    if let Ok((id, answer)) = twin {
                        self.answered(id, answer);
                        self.send_due(link).await?;
                    }
                }
                _ = ticks.tick() => {
                    let silence = heard.elapsed();
                    if link.has_heartbeat() && silence > self.heartbeat * 2 {
                        return Err(Lost::Resume("nothing was heard for too long".into()));
                    }
                    if link.has_heartbeat() && silence > self.heartbeat && !pinged && self.is_ready() {
                        pinged = true;
                        self.command(link, Command::Ping {}, Waiting::Nobody).await?;
                    }
                    if self.is_ready() {
                        self.deliver(link).await?;
                        self.send_due(link).await?;
                    }
                    if self.changed && self.written.elapsed() > WRITE_EVERY {
                        self.write().await;
                    }
                }
            }
        }
    }

    fn is_ready(&self) -> bool {
        matches!(*self.shared.connection.borrow(), Connection::Syncing | Connection::Synced)
    }

    async fn inbound(&mut self, inbound: Inbound, link: &mut Link) -> Result<(), Lost> {
        match inbound {
            Inbound::Alive => {}
            Inbound::Event(event) => {
                let ready = matches!(*event, Event::Ready(_));
                let look = self.event(*event);
                if ready {
                    self.shared.connection(Connection::Syncing);
                }
                if look {
                    self.look();
                }
                // After `ready` and after each answer there may be something to send.
                if ready || !self.shared.outbox.lock().is_empty() {
                    self.send_due(link).await?;
                }
            }
            Inbound::Polled(polled) => {
                self.polled(*polled);
                self.send_due(link).await?;
            }
        }
        Ok(())
    }

    fn polled(&mut self, polled: Polled) {
        self.shared.state.write().answer_poll(&polled, Timestamp::now());
        self.changed = true;
        for event in polled.items {
            self.heard(&event);
            self.shared.tell(Update::Event(Arc::new(event)));
        }
        if !self.is_ready() {
            self.shared.connection(Connection::Syncing);
        }
        self.look();
    }

    /// Applies a live event. Returns whether something may be wanted now.
    fn event(&mut self, event: Event) -> bool {
        match event {
            Event::Ack(ack) => {
                // What is known of watched users comes with the answer.
                self.shared.state.write().apply(&Event::Ack(ack.clone()), Timestamp::now());
                self.answered(ack.id.clone(), Ok(ack));
                return false;
            }
            Event::Error(ErrorFrame { id: Some(id), code, detail, field, retry_after }) => {
                self.answered(id, Err(Problem { detail, field, retry_after, ..Problem::new(code) }));
                return false;
            }
            Event::Pong { .. } => return false,
            Event::Ready(ref ready) => self.heartbeat = Duration::from_secs(ready.heartbeat_seconds.max(1)),
            _ => {}
        }
        let look = self.shared.state.write().apply(&event, Timestamp::now());
        self.heard(&event);
        self.shared.tell(Update::Event(Arc::new(event)));
        self.changed = true;
        look
    }

    /// What an event means beyond the state: one's own message has arrived, or another's is to be told as delivered.
    fn heard(&mut self, event: &Event) {
        let Event::MessageSent(sent) = event else { return };
        if Some(sent.message.sender_id) != self.shared.state.read().user() {
            self.arrived.insert(sent.conversation_id);
            return;
        }
        let known = self.shared.outbox.lock().seen(&sent.message);
        if let Some(draft) = known {
            self.shared.tell(Update::Sent {
                client_id: draft.client_id,
                conversation_id: sent.conversation_id,
                message_id: sent.message.id,
                seq: sent.message.seq,
            });
        }
    }

    fn answered(&mut self, id: CommandId, answer: Result<Ack, Problem>) {
        match self.waiting.remove(&id) {
            Some(Waiting::Caller(caller)) => {
                // The caller may have given up.
                let _ = caller.send(answer);
            }
            Some(Waiting::Outbox(client_id)) => self.sent(client_id, answer),
            Some(Waiting::Nobody) | None => {}
        }
    }

    fn sent(&mut self, client_id: String, answer: Result<Ack, Problem>) {
        self.changed = true;
        match answer {
            Ok(ack) => {
                let known = self.shared.outbox.lock().acknowledged(&client_id);
                if let Some(draft) = known {
                    self.shared.tell(Update::Sent {
                        client_id,
                        conversation_id: draft.conversation_id,
                        message_id: ack.message_id.unwrap_or_default(),
                        seq: ack.seq.unwrap_or_default(),
                    });
                }
            }
            Err(problem) => {
                let refused = self.shared.outbox.lock().refused(&client_id, problem.clone(), Timestamp::now());
                if refused == Refused::Failed {
                    self.shared.tell(Update::Failed { client_id, problem });
                }
            }
        }
    }

    async fn send_due(&mut self, link: &mut Link) -> Result<(), Lost> {
        if !self.is_ready() {
            return Ok(());
        }
        loop {
            let due = self.shared.outbox.lock().due(Timestamp::now());
            if due.is_empty() {
                return Ok(());
            }
            for message in due {
                let waiting = Waiting::Outbox(message.client_id.clone());
                self.command(link, Command::MessageSend(message), waiting).await?;
            }
        }
    }

    async fn command(&mut self, link: &mut Link, command: Command, waiting: Waiting) -> Result<(), Lost> {
        self.next_id += 1;
        let id = CommandId::Number(self.next_id);
        self.waiting.insert(id.clone(), waiting);
        if let Some(Envelope { command, .. }) = link.send(Envelope { id: Some(id.clone()), command }).await? {
            let api = self.shared.api.clone();
            self.twins.spawn(async move {
                let answer = twin::carry_out(&api, id.clone(), command).await;
                (id, answer)
            });
        }
        Ok(())
    }

    /// Tells that others' messages have arrived here.
    async fn deliver(&mut self, link: &mut Link) -> Result<(), Lost> {
        let arrived = std::mem::take(&mut self.arrived);
        if !self.shared.options.deliver || self.shared.options.transport != Transport::WebSocket {
            return Ok(());
        }
        let seqs: Vec<_> = {
            let state = self.shared.state.read();
            arrived.iter().filter_map(|id| state.room(*id).map(|room| (*id, room.cursor()))).collect()
        };
        for (conversation_id, seq) in seqs {
            self.command(link, Command::CursorDelivered { conversation_id, seq }, Waiting::Nobody).await?;
        }
        Ok(())
    }

    /// Writes outbox and state, away from the threads that everything else runs on.
    async fn write(&mut self) {
        (self.changed, self.written) = (false, Instant::now());
        let shared = Arc::clone(&self.shared);
        let written =
            tokio::task::spawn_blocking(move || shared.save_outbox().and_then(|()| shared.save_state())).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what the client knows could not be written"),
            Err(error) => tracing::warn!(%error, "what the client knows could not be written"),
        }
    }
}
