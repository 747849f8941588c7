//! The engine: the one way in which a conversation changes.
//!
//! REST handlers and the gateway hand it a decision, a pure function from the room to changes. One task, the sequencer,
//! runs all decisions in order against rooms that it keeps in memory, appends what they decide in groups, and publishes
//! what was committed. So decide, commit, acknowledge and publish happen in this order and nowhere else.
//!
//! Invariants:
//!
//! - A decision sees every change that was decided before it in its conversation.
//! - Nothing is acknowledged or published before its commit returned.
//! - A conflict (which another node causes by having committed first) reloads the room and decides again. Hints from other
//!   nodes move the rooms along, so that conflicts stay rare.
//! - When a commit fails without saying whether it happened, the conversation is read before anything else is published
//!   in it; whoever may have missed an event is cut off, to resume.

mod sequencer;

use std::sync::Arc;
use std::time::Instant;

use laserchat_core::{Decision, Room, Turn};
use laserchat_protocol::event::{Ack, CommandId, ErrorFrame};
use laserchat_protocol::{Code, Conversation, ConversationId, Event, Message, Problem, Seq, UserId};
use laserchat_store::{Appended, Store};
use tokio::sync::{mpsc, oneshot};

use crate::bus::Change;
use crate::follow::Feed;
use crate::hub::{Hub, Link};
use crate::ids::Ids;
use crate::metrics::Metrics;

/// Commands waiting for the sequencer, before senders are made to wait themselves.
const QUEUE: usize = 8192;

/// Tries at a decision that keeps meeting newer messages, before the caller is told.
pub const TRIES: usize = 16;
/// Tries at a position that other nodes keep taking. Each costs a read, and somebody gets it every time.
const CONFLICTS: usize = 64;

type Decide = Box<dyn Fn(&Room, &Turn) -> Decision + Send>;

/// What became of a command.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The events it caused, as the actor sees them. None: there was nothing to change.
    Done(Vec<Event>),
    /// It was a retry of a send: the first result.
    Duplicate(Box<Message>),
    /// The conversation to be created exists.
    Exists(ConversationId),
    /// A message was changed between loading and deciding: load it again.
    Stale,
}

struct Job {
    conversation: ConversationId,
    actor: UserId,
    /// The users whose membership the decision asks about.
    users: Vec<UserId>,
    /// Present for the conversation's birth.
    unborn: Option<Box<Room>>,
    decide: Decide,
    reply: Reply,
    tries: usize,
    arrived: Instant,
    decided: Decided,
}

/// What a decision made of a conversation, remembered until the commit has returned.
#[derive(Default)]
struct Decided {
    /// The newest seq, once it is committed.
    head: Seq,
    deleted: bool,
    /// The users whose membership changes.
    touched: Vec<UserId>,
}

/// Where the outcome goes: to a waiting task, or straight into a connection's queue.
enum Reply {
    Task(oneshot::Sender<Result<Outcome, Problem>>),
    Link(Arc<Link>, CommandId),
}

impl Reply {
    /// Answers a command that was committed.
    fn done(self, actor: UserId, appended: &Appended) {
        match self {
            // Whoever asked may be gone; what was done stands all the same.
            Reply::Task(waiting) => {
                let events = appended.changed.iter().map(|changed| changed.seen_by(actor).clone()).collect();
                let _ = waiting.send(Ok(Outcome::Done(events)));
            }
            Reply::Link(link, id) => {
                let ack = match appended.changed.first().map(|changed| &changed.event) {
                    Some(Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e)) => {
                        message_ack(id, &e.message, e.seq)
                    }
                    _ => Ack::done(id),
                };
                link.answer(Event::Ack(ack));
            }
        }
    }

    /// Answers a command that changed nothing, or was refused.
    fn send(self, result: Result<Outcome, Problem>, metrics: &Metrics) {
        match self {
            Reply::Task(waiting) => drop(waiting.send(result)),
            Reply::Link(link, id) => link.answer(match result {
                Err(problem) => {
                    metrics.error(problem.code);
                    Event::Error(ErrorFrame::new(Some(id), problem))
                }
                Ok(Outcome::Duplicate(message)) => Event::Ack(message_ack(id, &message, message.seq)),
                Ok(_) => Event::Ack(Ack::done(id)),
            }),
        }
    }
}

/// The acknowledgement of a change of a message.
pub fn message_ack(id: CommandId, message: &Message, seq: Seq) -> Ack {
    Ack {
        message_id: Some(message.id),
        conversation_id: Some(message.conversation_id),
        seq: Some(seq),
        ..Ack::done(id)
    }
}

enum Order {
    Run(Job),
    Loaded {
        conversation: ConversationId,
        room: laserchat_store::Result<Option<Room>>,
    },
    Forget(ConversationId),
    ForgetAll,
    /// Another node has committed this.
    Elsewhere(Change),
}

#[derive(Clone)]
pub struct Engine {
    orders: mpsc::Sender<Order>,
    metrics: Arc<Metrics>,
}

impl Engine {
    /// Starts the sequencer. It ends when the last `Engine` is gone and all that was ordered is done.
    pub fn start(
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        feed: Arc<Feed>,
        ids: Arc<Ids>,
        metrics: Arc<Metrics>,
    ) -> Engine {
        let (orders, inbox) = mpsc::channel(QUEUE);
        let loaded = orders.downgrade();
        tokio::spawn(sequencer::Sequencer::new(store, hub, feed, ids, Arc::clone(&metrics), loaded).run(inbox));
        Engine { orders, metrics }
    }

    /// Decides in the conversation's order, commits, publishes, and returns what happened.
    pub async fn run<F>(&self, conversation: ConversationId, users: &[UserId], decide: F) -> Result<Outcome, Problem>
    where
        F: Fn(&Room, &Turn) -> Decision + Send + 'static,
    {
        let (reply, waiting) = oneshot::channel();
        let job = Job {
            conversation,
            actor: users.first().copied().unwrap_or_default(),
            users: users.to_vec(),
            unborn: None,
            decide: Box::new(decide),
            reply: Reply::Task(reply),
            tries: 0,
            arrived: Instant::now(),
            decided: Decided::default(),
        };
        self.order(job).await?;
        waiting.await.unwrap_or_else(|_| Err(Code::Unavailable.into()))
    }

    /// The same for a command that came over a connection, without waiting: the answer goes into the connection's queue.
    /// Returns the answer at once when there is no room for the command.
    pub fn run_for<F>(&self, link: &Arc<Link>, id: CommandId, conversation: ConversationId, decide: F)
    where
        F: Fn(&Room, &Turn) -> Decision + Send + 'static,
    {
        link.begin();
        let job = Job {
            conversation,
            actor: link.user,
            users: vec![link.user],
            unborn: None,
            decide: Box::new(decide),
            reply: Reply::Link(Arc::clone(link), id),
            tries: 0,
            arrived: Instant::now(),
            decided: Decided::default(),
        };
        if let Err(refused) = self.orders.try_send(Order::Run(job)) {
            let (mpsc::error::TrySendError::Full(order) | mpsc::error::TrySendError::Closed(order)) = refused;
            if let Order::Run(job) = order {
                job.reply.send(Err(Problem::new(Code::Unavailable).retry_after(1)), &self.metrics);
            }
        }
    }

    /// Creates a conversation. `key` is the creator's idempotency key.
    pub async fn create(
        &self,
        conversation: Conversation,
        creator: UserId,
        others: Vec<UserId>,
        key: Option<String>,
    ) -> Result<Outcome, Problem> {
        let (reply, waiting) = oneshot::channel();
        let job = Job {
            conversation: conversation.id,
            actor: creator,
            users: Vec::new(),
            unborn: Some(Box::new(Room::unborn(conversation))),
            decide: Box::new(move |room, turn| {
                laserchat_core::conversation::create(room, creator, &others, key.clone(), turn)
            }),
            reply: Reply::Task(reply),
            tries: 0,
            arrived: Instant::now(),
            decided: Decided::default(),
        };
        self.order(job).await?;
        waiting.await.unwrap_or_else(|_| Err(Code::Unavailable.into()))
    }

    /// Drops what is held of a conversation, because something that its room copies has changed elsewhere: a block.
    pub async fn forget(&self, conversation: ConversationId) {
        // A closed engine holds nothing.
        let _ = self.orders.send(Order::Forget(conversation)).await;
    }

    /// Drops everything that is held: there is no telling what has changed elsewhere.
    pub async fn forget_all(&self) {
        let _ = self.orders.send(Order::ForgetAll).await;
    }

    /// Another node has committed something. When there is no room for this, the next append finds it out.
    pub fn elsewhere(&self, change: Change) {
        let _ = self.orders.try_send(Order::Elsewhere(change));
    }

    async fn order(&self, job: Job) -> Result<(), Problem> {
        self.orders.send(Order::Run(job)).await.map_err(|_| Problem::new(Code::Unavailable))
    }
}
