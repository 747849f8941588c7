//! The sequencer: one task that decides, commits in groups, acknowledges and publishes.
//!
//! Each round takes every command that waits, decides them one after the other against the rooms in memory, and appends
//! all their changes with one commit. While a commit runs, the next round's commands gather: the busier it gets, the
//! larger the groups and the cheaper each message.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_core::{Change, Room, Turn};
use laserchat_protocol::{Code, ConversationId, Event, MessageId, Problem, Timestamp, UserId};
use laserchat_store::{Append, AppendError, Appended, Store, StoreError};
use tokio::sync::mpsc;
use tracing::Instrument;

use super::{CONFLICTS, Decided, Job, Order, Outcome};
use crate::bus::Change as Heard;
use crate::follow::Feed;
use crate::hub::Hub;
use crate::ids::Ids;
use crate::metrics::Metrics;

/// Commands taken into one round at most, so that one commit stays short.
const GROUP: usize = 512;

/// Rooms kept in memory. When there are more, all are dropped and the busy ones return by themselves.
const ROOMS: usize = 50_000;

/// How long to wait before a conversation in doubt is read again.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Sequencer {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    feed: Arc<Feed>,
    ids: Arc<Ids>,
    metrics: Arc<Metrics>,
    /// Where loaded rooms come back. Weak, so that the sequencer does not keep itself alive.
    loaded: mpsc::WeakSender<Order>,
    rooms: HashMap<ConversationId, Room>,
    /// Commands whose room, or a member of it, is being loaded. The order within a conversation stays.
    parked: HashMap<ConversationId, VecDeque<Job>>,
    /// Rooms to be forgotten while they were being read: what was read may be from before.
    outdated: HashSet<ConversationId>,
    /// What was decided where a commit failed: it may have happened all the same.
    doubts: HashMap<ConversationId, Decided>,
    ready: VecDeque<Job>,
    /// When members last sent, of rooms with slow mode that were dropped because another node committed something.
    slow: HashMap<ConversationId, HashMap<UserId, Timestamp>>,
}

/// Commands of one round that were decided and wait for the commit.
#[derive(Default)]
struct Round {
    group: Vec<Append>,
    jobs: Vec<Job>,
    /// Commands that had nothing to change. They are answered after the commit, since what they found done may be part
    /// of it.
    idle: Vec<Job>,
}

impl Sequencer {
    pub(super) fn new(
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        feed: Arc<Feed>,
        ids: Arc<Ids>,
        metrics: Arc<Metrics>,
        loaded: mpsc::WeakSender<Order>,
    ) -> Self {
        Sequencer {
            store,
            hub,
            feed,
            ids,
            metrics,
            loaded,
            rooms: HashMap::new(),
            parked: HashMap::new(),
            outdated: HashSet::new(),
            doubts: HashMap::new(),
            ready: VecDeque::new(),
            slow: HashMap::new(),
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Order>) {
        let mut orders = Vec::with_capacity(64);
        loop {
            if self.ready.is_empty() && inbox.recv_many(&mut orders, GROUP).await == 0 {
                return;
            }
            while orders.len() < GROUP
                && let Ok(order) = inbox.try_recv()
            {
                orders.push(order);
            }
            self.metrics.engine_queue.set(orders.len() as f64);
            for order in orders.drain(..) {
                self.take(order);
            }
            self.round().await;
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Run(job) => self.ready.push_back(job),
            Order::Forget(conversation) => self.forget(conversation),
            Order::ForgetAll => {
                self.rooms.clear();
                self.outdated.extend(self.parked.keys().copied());
            }
            Order::Elsewhere(change) => self.follow(&change),
            Order::Loaded { conversation, .. } if self.outdated.remove(&conversation) => self.reload(conversation),
            Order::Loaded { conversation, room } => {
                let waiting = self.parked.remove(&conversation).unwrap_or_default();
                self.resolve(conversation, &room);
                match room {
                    Ok(Some(loaded)) => {
                        self.keep(loaded);
                        // Commands that came later stand behind those that waited.
                        for job in waiting.into_iter().rev() {
                            self.ready.push_front(job);
                        }
                    }
                    Ok(None) => self.refuse(waiting, &Code::NotFound.into()),
                    Err(error) => self.refuse(waiting, &unavailable(&error)),
                }
            }
        }
    }

    fn forget(&mut self, conversation: ConversationId) {
        self.rooms.remove(&conversation);
        if self.parked.contains_key(&conversation) {
            self.outdated.insert(conversation);
        }
    }

    /// Moves a room along with what another node has committed, or drops it when that changed more than its head.
    fn follow(&mut self, change: &Heard) {
        let Some(room) = self.rooms.get_mut(&change.conversation).filter(|room| change.seq > room.head) else { return };
        match change.posted.filter(|_| change.seq == room.head + 1) {
            Some((sender, at)) => {
                room.head = change.seq;
                if room.conversation.slow_mode_seconds > 0 {
                    room.last_sent.insert(sender, at);
                }
            }
            None => self.outdate(change.conversation, None),
        }
    }

    /// Drops a room that is behind the store. When members last sent is not in the store, and is kept for the next one,
    /// except of whoever has not sent after all.
    fn outdate(&mut self, conversation: ConversationId, not: Option<UserId>) {
        if let Some(room) = self.rooms.remove(&conversation).filter(|room| !room.last_sent.is_empty()) {
            if self.slow.len() >= ROOMS {
                self.slow.clear();
            }
            self.slow.insert(conversation, room.last_sent);
        }
        if let (Some(sent), Some(user)) = (self.slow.get_mut(&conversation), not) {
            sent.remove(&user);
        }
    }

    /// Ends a doubt, if there is one, by what was read.
    fn resolve(&mut self, conversation: ConversationId, room: &laserchat_store::Result<Option<Room>>) {
        let Some(doubt) = self.doubts.remove(&conversation) else { return };
        let committed = match room {
            Ok(Some(room)) => room.head >= doubt.head,
            Ok(None) => doubt.deleted,
            Err(_) => {
                self.doubts.insert(conversation, doubt);
                return self.read(conversation, PAUSE);
            }
        };
        if committed {
            self.hub.cut_off(conversation, &doubt.touched);
        }
    }

    /// Takes over a loaded room, or only its members when the room was in memory and may be ahead of the store.
    fn keep(&mut self, loaded: Room) {
        if self.rooms.len() >= ROOMS {
            self.rooms.clear();
        }
        match self.rooms.get_mut(&loaded.conversation.id) {
            Some(room) => {
                for (user, member) in loaded.members {
                    room.members.entry(user).or_insert(member);
                }
            }
            None => {
                let mut loaded = loaded;
                loaded.last_sent = self.slow.remove(&loaded.conversation.id).unwrap_or_default();
                self.rooms.insert(loaded.conversation.id, loaded);
            }
        }
    }

    fn refuse(&self, jobs: impl IntoIterator<Item = Job>, problem: &Problem) {
        for job in jobs {
            job.reply.send(Err(problem.clone()), &self.metrics);
        }
    }

    async fn round(&mut self) {
        let mut round = Round::default();
        if !self.ids.usable() {
            // This node's number may be another's by now: nothing is written until it has one again.
            let ready = std::mem::take(&mut self.ready);
            return self.refuse(ready, &Problem::new(Code::Unavailable).retry_after(1));
        }
        let now = self.ids.now();
        while round.jobs.len() < GROUP
            && let Some(job) = self.ready.pop_front()
        {
            self.decide(job, now, &mut round);
        }
        if !round.group.is_empty() {
            // Below the usual level of the log, so that it costs nothing unless traces are collected.
            let span = tracing::debug_span!("commit", commands = round.jobs.len());
            self.metrics.commit_group_size.record(round.jobs.len() as f64);
            let begun = Instant::now();
            let results = self.store.append(std::mem::take(&mut round.group)).instrument(span).await;
            self.metrics.commit_seconds.record(begun.elapsed());
            self.settle(std::mem::take(&mut round.jobs), results);
        }
        for job in round.idle {
            job.reply.send(Ok(Outcome::Done(Vec::new())), &self.metrics);
        }
    }

    fn decide(&mut self, mut job: Job, now: Timestamp, round: &mut Round) {
        let conversation = job.conversation;
        if let Some(waiting) = self.parked.get_mut(&conversation) {
            waiting.push_back(job);
            return;
        }
        if let Some(unborn) = job.unborn.take() {
            self.rooms.insert(conversation, *unborn);
        }
        let Some(room) = self.rooms.get_mut(&conversation).filter(|room| room.knows(&job.users)) else {
            self.load(job);
            return;
        };
        let turn = Turn { now, message_id: MessageId(self.ids.next()) };
        match (job.decide)(room, &turn) {
            Err(refusal) => {
                // What is refused to be born leaves nothing behind.
                if room.head == 0 {
                    self.rooms.remove(&conversation);
                }
                job.reply.send(Err(refusal.into()), &self.metrics)
            }
            Ok(changes) if changes.is_empty() => round.idle.push(job),
            Ok(changes) => {
                let expected = room.head + 1;
                room.apply(&changes);
                let deleted = matches!(changes.last(), Some(Change::ConversationDeleted(_)));
                let touched = changes.iter().filter_map(|change| match change {
                    Change::Member { member, .. } => Some(member.user),
                    _ => None,
                });
                job.decided = Decided { head: room.head, deleted, touched: touched.collect() };
                round.group.push(Append { conversation, expected, changes });
                round.jobs.push(job);
                if deleted {
                    self.rooms.remove(&conversation);
                }
            }
        }
    }

    /// Parks a command until its room, with the members it asks about, has been read.
    fn load(&mut self, job: Job) {
        let conversation = job.conversation;
        self.parked.entry(conversation).or_default().push_back(job);
        self.reload(conversation);
    }

    fn reload(&mut self, conversation: ConversationId) {
        self.read(conversation, Duration::ZERO);
    }

    /// Reads a room, with the members that the first command asks about. Commands wait for it meanwhile.
    fn read(&mut self, conversation: ConversationId, pause: Duration) {
        let first = self.parked.entry(conversation).or_default().front();
        let users = first.map(|first| first.users.clone()).unwrap_or_default();
        let (store, loaded) = (Arc::clone(&self.store), self.loaded.clone());
        tokio::spawn(async move {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            let room = store.room(conversation, &users).await;
            if let Some(loaded) = loaded.upgrade() {
                // The sequencer is gone only when nobody waits any more.
                let _ = loaded.send(Order::Loaded { conversation, room }).await;
            }
        });
    }

    fn settle(&mut self, jobs: Vec<Job>, results: Result<Vec<Result<Appended, AppendError>>, StoreError>) {
        let results = match results {
            Ok(results) => results,
            Err(error) => {
                tracing::error!(%error, commands = jobs.len(), "a group of changes could not be committed");
                for job in &jobs {
                    self.doubt(job);
                }
                return self.refuse(jobs, &unavailable(&error));
            }
        };
        let mut again = Vec::new();
        let mut failed = HashSet::new();
        for (mut job, result) in jobs.into_iter().zip(results) {
            match result {
                Ok(appended) => self.publish(job, appended),
                Err(error) => {
                    self.outdate(job.conversation, Some(job.actor));
                    // What was decided on top of a failure had to fail: no sign that it would again, so no try of its own.
                    let first = failed.insert(job.conversation);
                    let outcome = match error {
                        AppendError::Duplicate(message) => Ok(Outcome::Duplicate(message)),
                        AppendError::Exists(id) => Ok(Outcome::Exists(id)),
                        AppendError::Stale => Ok(Outcome::Stale),
                        AppendError::FileMissing => {
                            Err(Problem::new(Code::NotFound).detail("a file is not there any more"))
                        }
                        AppendError::Conflict if !first || job.tries < CONFLICTS => {
                            job.tries += usize::from(first);
                            again.push(job);
                            continue;
                        }
                        // Nothing is wrong with what was asked for: whoever asks again gets their turn.
                        AppendError::Conflict => Err(Problem::new(Code::Unavailable).retry_after(1)),
                    };
                    job.reply.send(outcome, &self.metrics);
                }
            }
        }
        // They go before what came later, in the order in which they came.
        for job in again.into_iter().rev() {
            self.ready.push_front(job);
        }
    }

    /// The room is ahead of the store, or the store's answer was lost: it is read again, before anything else happens in
    /// the conversation.
    fn doubt(&mut self, job: &Job) {
        self.feed.doubt();
        let conversation = job.conversation;
        // The first of several tells whether anything was committed: of the group, the last may have failed by itself.
        let first = || Decided { head: job.decided.head, ..Decided::default() };
        let doubt = self.doubts.entry(conversation).or_insert_with(first);
        doubt.deleted |= job.decided.deleted;
        doubt.touched.extend_from_slice(&job.decided.touched);
        let parked = self.parked.contains_key(&conversation);
        self.forget(conversation);
        if !parked {
            self.reload(conversation);
        }
    }

    fn publish(&mut self, job: Job, appended: Appended) {
        if let Some(Event::MessageSent(_)) = appended.changed.first().map(|changed| &changed.event) {
            self.metrics.messages.increment(1);
        }
        job.reply.done(job.actor, &appended);
        self.hub.publish(job.conversation, &appended);
        self.feed.tell(appended.changed);
        self.metrics.publish_seconds.record(job.arrived.elapsed());
    }
}

fn unavailable(error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(_) => Problem::new(Code::Unavailable).retry_after(1),
        StoreError::Corrupt(_) | StoreError::TooNew { .. } => Code::Internal.into(),
    }
}
