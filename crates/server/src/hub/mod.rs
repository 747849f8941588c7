//! The hub: who is connected, and which of them hear what.
//!
//! A frame is encoded once and shared by everyone who gets it. The hub holds two maps, sharded so that connecting and
//! publishing rarely meet: user to links, and conversation to the links of its online members. It knows nothing of
//! sockets; a [`Link`] is a bounded queue that a WebSocket, an event stream or a poll drains.
//!
//! Order: frames of one conversation are published by one task in commit order, and a queue keeps that order. Where other
//! nodes commit as well, a [`Gate`] before each conversation and user restores it; see `gated.rs`.

mod frame;
mod gate;
mod gated;
mod link;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use laserchat_protocol::event::Close;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{ConversationId, Event, MemberState, SessionId, UserId};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::bus::{Bus, Peers};
use crate::metrics::Metrics;
use laserchat_store::{Appended, Changed, Head};

pub use frame::{Frame, Mark};
use gate::Gate;
pub use gated::{Filled, Item};
pub use link::{Link, QueueLimits, Taken, coarse_now};

const SHARDS: usize = 64;

type Shards<K, V> = [Mutex<HashMap<K, V>>; SHARDS];

fn shards<K, V>() -> Shards<K, V> {
    std::array::from_fn(|_| Mutex::new(HashMap::new()))
}

/// A user who is connected.
#[derive(Default)]
struct Person {
    links: Vec<Arc<Link>>,
    /// On several nodes: what keeps personal events in order, once their version is known.
    gate: Option<Box<Gate<Arc<Frame>>>>,
}

/// A conversation that somebody listens to.
#[derive(Default)]
struct Topic {
    links: Vec<Arc<Link>>,
    /// On several nodes: what keeps its events in order.
    gate: Option<Box<Gate<Item>>>,
}

pub struct Hub {
    users: Shards<UserId, Person>,
    topics: Shards<ConversationId, Topic>,
    metrics: Arc<Metrics>,
    bus: Arc<Bus>,
    /// Who is connected to other nodes.
    pub peers: Peers,
    /// Told when a user's last link is gone.
    parted: Notify,
}

/// The user has as many connections as one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

impl Hub {
    pub fn new(metrics: Arc<Metrics>, bus: Arc<Bus>) -> Self {
        Hub { users: shards(), topics: shards(), metrics, bus, peers: Peers::default(), parted: Notify::new() }
    }

    fn user(&self, user: UserId) -> &Mutex<HashMap<UserId, Person>> {
        // Ids carry their counter in the low bits and their time above: mixing both spreads them.
        &self.users[((user.0 ^ (user.0 >> 22)) % SHARDS as u64) as usize]
    }

    fn topic(&self, conversation: ConversationId) -> &Mutex<HashMap<ConversationId, Topic>> {
        &self.topics[((conversation.0 ^ (conversation.0 >> 22)) % SHARDS as u64) as usize]
    }

    /// Makes a link known under its user. From here on membership changes reach it; call [`Hub::subscribe`] with the
    /// heads that are read *after* this. Returns whether it is the user's first link.
    pub fn attach(&self, link: &Arc<Link>, most: usize) -> Result<bool, TooMany> {
        let mut users = self.user(link.user).lock();
        let links = &mut users.entry(link.user).or_default().links;
        if links.len() >= most {
            return Err(TooMany);
        }
        links.push(Arc::clone(link));
        links.shrink_to_fit();
        self.metrics.connections.increment(1.0);
        let first = links.len() == 1;
        if first && let Some(nats) = self.bus.nats() {
            nats.want_user(link.user);
        }
        Ok(first)
    }

    /// Adds a link to the topics of its user's conversations. A conversation that the user was removed from while the
    /// heads were being read is left out.
    pub fn subscribe(&self, link: &Arc<Link>, heads: &[Head]) {
        for head in heads {
            self.join(*head, link);
        }
        for conversation in link.settle() {
            self.part(conversation, link);
        }
    }

    /// Forgets a link. Returns whether it was the user's last.
    pub fn detach(&self, link: &Arc<Link>) -> bool {
        let last = {
            let mut users = self.user(link.user).lock();
            let Some(Person { links, .. }) = users.get_mut(&link.user) else { return false };
            let before = links.len();
            links.retain(|other| !Arc::ptr_eq(other, link));
            if links.len() < before {
                self.metrics.connections.decrement(1.0);
            }
            let last = links.is_empty() && before > 0;
            if links.is_empty() {
                users.remove(&link.user);
                if let Some(nats) = self.bus.nats() {
                    nats.leave_user(link.user);
                }
            }
            last
        };
        for conversation in link.take_topics() {
            self.part(conversation, link);
        }
        if last {
            self.parted.notify_one();
        }
        last
    }

    fn join(&self, head: Head, link: &Arc<Link>) {
        let mut topics = self.topic(head.conversation).lock();
        // The link's own list is changed under the topic's lock, so that the two never disagree.
        if link.add_topic(head.conversation) {
            let topic = topics.entry(head.conversation).or_insert_with(|| self.open_topic(head));
            topic.links.push(Arc::clone(link));
        }
    }

    fn part(&self, conversation: ConversationId, link: &Arc<Link>) {
        let mut topics = self.topic(conversation).lock();
        link.remove_topic(conversation);
        if let Some(Topic { links, .. }) = topics.get_mut(&conversation) {
            if let Some(at) = links.iter().position(|other| Arc::ptr_eq(other, link)) {
                links.swap_remove(at);
            }
            if links.is_empty() {
                self.close_topic(conversation, &mut topics);
            }
        }
    }

    /// Publishes what an append committed: to the members online, and to the users whose own objects it touched.
    pub fn publish(&self, conversation: ConversationId, appended: &Appended) {
        if let Some(nats) = self.bus.nats() {
            return self.publish_gated(nats, appended);
        }
        for changed in &appended.changed {
            let moved = moved(&changed.event);
            if let Some((user, true)) = moved {
                for link in self.links(user) {
                    link.readmit(conversation);
                    self.join(Head { conversation, head: 0 }, &link);
                }
            }
            self.publish_change(conversation, changed);
            if let Some((user, false)) = moved {
                for link in self.links(user) {
                    link.revoke(conversation);
                    self.part(conversation, &link);
                }
            }
        }
        if let Some(Event::ConversationDeleted(_)) = appended.changed.last().map(|changed| &changed.event) {
            for link in self.listeners(conversation) {
                link.revoke(conversation);
                self.part(conversation, &link);
            }
        }
        for (user, event) in &appended.personal {
            self.send_to_user(*user, event);
        }
    }

    fn publish_change(&self, conversation: ConversationId, changed: &Changed) {
        let topics = self.topic(conversation).lock();
        let Some(Topic { links, .. }) = topics.get(&conversation) else { return };
        let shared = Frame::event(&changed.event);
        let own = changed.own.as_ref().map(|(user, event)| (*user, Frame::event(event)));
        for link in links {
            match &own {
                Some((user, frame)) if *user == link.user => link.push(frame),
                _ => link.push(&shared),
            }
        }
        self.metrics.deliveries.increment(links.len() as u64);
    }

    /// Sends a signal to a conversation's online members, except one user's devices where given.
    pub fn signal(&self, conversation: ConversationId, event: &Event, except: Option<UserId>) {
        if let Some(nats) = self.bus.nats() {
            let frame = Frame::event(event);
            nats.signal(conversation, except, &frame);
            return self.relay_signal(conversation, &frame, except);
        }
        self.signal_here(conversation, event, except);
    }

    /// The same for this node's connections only.
    pub fn signal_here(&self, conversation: ConversationId, event: &Event, except: Option<UserId>) {
        let topics = self.topic(conversation).lock();
        let Some(Topic { links, .. }) = topics.get(&conversation) else { return };
        let frame = Frame::event(event);
        for link in links.iter().filter(|link| Some(link.user) != except) {
            link.push(&frame);
        }
    }

    /// Sends an event to all devices of one user.
    pub fn send_to_user(&self, user: UserId, event: &Event) {
        if let Some(nats) = self.bus.nats() {
            let frame = Frame::event(event);
            nats.personal(user, event.version(), &frame);
            return self.relay_to_user(user, event.version(), frame);
        }
        let users = self.user(user).lock();
        let Some(Person { links, .. }) = users.get(&user) else { return };
        let frame = Frame::event(event);
        for link in links {
            link.push(&frame);
        }
    }

    /// The links of a user on this node now.
    pub fn links(&self, user: UserId) -> Vec<Arc<Link>> {
        self.user(user).lock().get(&user).map(|person| person.links.clone()).unwrap_or_default()
    }

    /// How the user's devices are used now, wherever they are connected.
    pub fn activities(&self, user: UserId) -> Vec<Activity> {
        let mut activities: Vec<Activity> = self.links(user).iter().map(|link| link.activity()).collect();
        activities.extend(self.peers.activities(user));
        activities
    }

    /// The links that listen to a conversation on this node now.
    fn listeners(&self, conversation: ConversationId) -> Vec<Arc<Link>> {
        self.topic(conversation).lock().get(&conversation).map(|topic| topic.links.clone()).unwrap_or_default()
    }

    /// Whether a user has a connection that listens to a conversation.
    pub fn listens(&self, user: UserId, conversation: ConversationId) -> bool {
        let users = self.user(user).lock();
        users.get(&user).is_some_and(|person| person.links.iter().any(|link| link.has_topic(conversation)))
    }

    /// Closes the links of ended sessions.
    pub fn close_sessions(&self, user: UserId, sessions: &[SessionId]) {
        for link in self.links(user).iter().filter(|link| sessions.contains(&link.session)) {
            link.close(Close::SessionEnded);
        }
    }

    /// Closes the links of a conversation, and of some users, which may have missed something: they come back and resume.
    pub fn cut_off(&self, conversation: ConversationId, users: &[UserId]) {
        for link in self.listeners(conversation).into_iter().chain(users.iter().flat_map(|user| self.links(*user))) {
            link.close(Close::Failed);
        }
    }

    /// Closes the links of a user, which may not hear what they should: they come back and resume.
    pub fn cut_off_user(&self, user: UserId) {
        self.links(user).iter().for_each(|link| link.close(Close::Failed));
    }

    /// Closes the links of any of these sessions.
    pub fn close_ended(&self, sessions: &HashSet<SessionId>) {
        for link in self.all().iter().filter(|link| sessions.contains(&link.session)) {
            link.close(Close::SessionEnded);
        }
    }

    /// Every link there is, for the heartbeat and for shutting down.
    pub fn all(&self) -> Vec<Arc<Link>> {
        let links = |person: &Person| person.links.clone();
        self.users.iter().flat_map(|shard| shard.lock().values().flat_map(links).collect::<Vec<_>>()).collect()
    }

    /// Waits until the last link is gone.
    pub async fn emptied(&self) {
        while !self.users.iter().all(|shard| shard.lock().is_empty()) {
            self.parted.notified().await;
        }
    }
}

/// Whether an event makes somebody hear a conversation (`true`) or hear it no more (`false`).
fn moved(event: &Event) -> Option<(UserId, bool)> {
    match event {
        Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => {
            Some((e.member.user.id, e.member.state == MemberState::Joined))
        }
        _ => None,
    }
}
