//! The hub of one node among several: what comes from here and from elsewhere, in one order.
//!
//! Everything that a node commits goes to its own gates and onto the bus; everything that it hears goes to the same gates.
//! A gate that has a gap asks for it to be filled (`bus/fill.rs`). Who hears a conversation changes only when the event that
//! says so passes the gate: a stale hint cannot make anybody hear what came after they had left.

use std::collections::HashMap;
use std::sync::Arc;

use laserchat_protocol::{ConversationId, Event, Seq, UserId, Version};
use laserchat_store::{Appended, Head};

use super::gate::Gate;
use super::{Frame, Hub, Link, Person, Topic};
use crate::bus::{Change, Gap, Nats};

/// A conversation event on its way to this node's connections.
#[derive(Debug)]
pub struct Item {
    pub change: Change,
    pub shared: Arc<Frame>,
    pub own: Option<(UserId, Arc<Frame>)>,
}

/// What fills a gap.
pub enum Filled {
    /// Every event of it, without a hole, by ascending seq.
    Events(Vec<Item>),
    /// More than that, or something that differs by reader: clients fetch it themselves. With the members that moved.
    Behind(Vec<(UserId, bool)>),
}

impl Hub {
    pub(super) fn open_topic(&self, head: Head) -> Topic {
        let gate = self.bus.nats().map(|nats| {
            nats.want_conversation(head.conversation);
            Box::new(Gate::new(head.head))
        });
        Topic { links: Vec::with_capacity(1), gate }
    }

    pub(super) fn close_topic(&self, conversation: ConversationId, topics: &mut HashMap<ConversationId, Topic>) {
        if topics.remove(&conversation).is_some()
            && let Some(nats) = self.bus.nats()
        {
            nats.leave_conversation(conversation);
        }
    }

    pub(super) fn publish_gated(&self, nats: &Nats, appended: &Appended) {
        for changed in &appended.changed {
            let Some(change) = Change::of(&changed.event) else { continue };
            let own = changed.own.as_ref().map(|(user, event)| (*user, Frame::event(event)));
            let item = Item { change, shared: Frame::event(&changed.event), own };
            nats.change(&item);
            if let Some((user, true)) = change.moved {
                // Nobody may be listening yet but the one who has just come.
                let before = Head { conversation: change.conversation, head: change.seq - 1 };
                let mut topics = self.topic(change.conversation).lock();
                if !self.links(user).is_empty() {
                    topics.entry(change.conversation).or_insert_with(|| self.open_topic(before));
                }
            }
            self.offer(item);
        }
        for (user, event) in &appended.personal {
            self.send_to_user(*user, event);
        }
    }

    /// Takes a conversation event, from here or from elsewhere.
    pub fn offer(&self, item: Item) {
        let (conversation, moved) = (item.change.conversation, item.change.moved);
        let mut topics = self.topic(conversation).lock();
        let Some(topic) = topics.get_mut(&conversation) else {
            // A subscription that is under way must not undo a removal that nobody here listens to.
            if let Some((user, joined)) = moved {
                self.links(user).iter().for_each(|link| note(link, conversation, joined));
            }
            return;
        };
        let Some(gate) = topic.gate.as_deref_mut() else { return };
        if !gate.offer(item.change.seq, item) {
            self.metrics.hints_old.increment(1);
        }
        self.pass(topic);
        self.ask_conversation(conversation, topic);
        if topic.links.is_empty() {
            self.close_topic(conversation, &mut topics);
        }
    }

    fn pass(&self, topic: &mut Topic) {
        while let Some(item) = topic.gate.as_deref_mut().and_then(Gate::next) {
            self.deliver(topic, &item);
        }
    }

    fn deliver(&self, topic: &mut Topic, item: &Item) {
        let conversation = item.change.conversation;
        if let Some((user, true)) = item.change.moved {
            self.moved(topic, conversation, user, true);
        }
        for link in &topic.links {
            match &item.own {
                Some((user, frame)) if *user == link.user => link.push(frame),
                _ => link.push(&item.shared),
            }
        }
        self.metrics.deliveries.increment(topic.links.len() as u64);
        if let Some((user, false)) = item.change.moved {
            self.moved(topic, conversation, user, false);
        }
        if item.change.ended {
            for link in std::mem::take(&mut topic.links) {
                link.revoke(conversation);
                link.remove_topic(conversation);
            }
        }
    }

    fn moved(&self, topic: &mut Topic, conversation: ConversationId, user: UserId, joined: bool) {
        for link in self.links(user) {
            note(&link, conversation, joined);
            if joined && link.add_topic(conversation) {
                topic.links.push(link);
            } else if !joined {
                link.remove_topic(conversation);
                topic.links.retain(|other| !Arc::ptr_eq(other, &link));
            }
        }
    }

    fn ask_conversation(&self, conversation: ConversationId, topic: &mut Topic) {
        if let (Some(nats), Some(gate)) = (self.bus.nats(), topic.gate.as_deref_mut())
            && gate.has_gap()
            && !gate.asked
        {
            gate.asked = true;
            nats.ask(Gap::Conversation(conversation));
        }
    }

    /// Says that a conversation has got to a seq, as the store tells.
    pub fn know_head(&self, head: Head) {
        let mut topics = self.topic(head.conversation).lock();
        let Some(topic) = topics.get_mut(&head.conversation) else { return };
        if let Some(gate) = topic.gate.as_deref_mut() {
            gate.know(head.head);
        }
        self.ask_conversation(head.conversation, topic);
    }

    /// The seq after which something is missing. `None`: nothing is, any more.
    pub fn gap(&self, conversation: ConversationId) -> Option<Seq> {
        let mut topics = self.topic(conversation).lock();
        let gate = topics.get_mut(&conversation)?.gate.as_deref_mut()?;
        gate.asked = gate.has_gap();
        gate.asked.then(|| gate.passed())
    }

    /// Fills a gap with what the store has, up to a head.
    pub fn fill(&self, head: Head, filled: Filled) {
        let conversation = head.conversation;
        let mut topics = self.topic(conversation).lock();
        let Some(topic) = topics.get_mut(&conversation) else { return };
        let Some(mut gate) = topic.gate.as_deref_mut() else { return };
        match filled {
            Filled::Events(items) => {
                for item in items {
                    gate.offer(item.change.seq, item);
                    // Each passes before the next is offered, so that however many there are, none is dropped.
                    while let Some(item) = topic.gate.as_deref_mut().and_then(Gate::next) {
                        self.deliver(topic, &item);
                    }
                    let Some(next) = topic.gate.as_deref_mut() else { return };
                    gate = next;
                }
            }
            Filled::Behind(moved) if gate.passed() < head.head => {
                gate.skip(head.head);
                for &(user, joined) in moved.iter().filter(|(_, joined)| *joined) {
                    self.moved(topic, conversation, user, joined);
                }
                let behind = Event::ConversationBehind { conversation_id: conversation, head: head.head };
                let frame = Frame::event(&behind);
                topic.links.iter().for_each(|link| link.push(&frame));
                for &(user, joined) in moved.iter().filter(|(_, joined)| !*joined) {
                    self.moved(topic, conversation, user, joined);
                }
            }
            Filled::Behind(_) => {}
        }
        self.pass(topic);
        if topic.links.is_empty() {
            self.close_topic(conversation, &mut topics);
        }
    }

    /// Lets a user's connections hear a conversation that the user was in when it was at this head. Returns false when
    /// that is too long ago to be believed.
    pub fn admit(&self, user: UserId, head: Head) -> bool {
        let links = self.links(user);
        let missing = |link: &&Arc<Link>| !link.has_topic(head.conversation);
        if links.iter().find(missing).is_none() {
            return true;
        }
        let mut topics = self.topic(head.conversation).lock();
        let topic = topics.entry(head.conversation).or_insert_with(|| self.open_topic(head));
        // Whoever left after that head is told to, later, by an event that has not passed yet.
        if topic.gate.as_deref().is_some_and(|gate| gate.passed() > head.head) {
            return false;
        }
        let behind = Event::ConversationBehind { conversation_id: head.conversation, head: head.head };
        let frame = Frame::event(&behind);
        for link in links {
            note(&link, head.conversation, true);
            if link.add_topic(head.conversation) {
                link.push(&frame);
                topic.links.push(link);
            }
        }
        true
    }

    /// A subscription under way must not undo a removal.
    pub fn revoke(&self, user: UserId, conversation: ConversationId) {
        self.links(user).iter().for_each(|link| note(link, conversation, false));
    }

    pub fn relay_signal(&self, conversation: ConversationId, frame: &Arc<Frame>, except: Option<UserId>) {
        let topics = self.topic(conversation).lock();
        let Some(Topic { links, .. }) = topics.get(&conversation) else { return };
        links.iter().filter(|link| Some(link.user) != except).for_each(|link| link.push(frame));
    }

    /// Takes an event for one user, from here or from elsewhere.
    pub fn relay_to_user(&self, user: UserId, version: Option<Version>, frame: Arc<Frame>) {
        let mut users = self.user(user).lock();
        let Some(person) = users.get_mut(&user) else { return };
        match (version, person.gate.as_deref_mut()) {
            (Some(version), Some(gate)) => {
                if !gate.offer(version, frame) {
                    self.metrics.hints_old.increment(1);
                }
                pass_personal(person);
                self.ask_user(user, person);
            }
            _ => person.links.iter().for_each(|link| link.push(&frame)),
        }
    }

    fn ask_user(&self, user: UserId, person: &mut Person) {
        if let (Some(nats), Some(gate)) = (self.bus.nats(), person.gate.as_deref_mut())
            && gate.has_gap()
            && !gate.asked
        {
            gate.asked = true;
            nats.ask(Gap::User(user));
        }
    }

    /// Says that what a user owns has got to a version, as the store tells.
    pub fn know_version(&self, user: UserId, version: Version) {
        if self.bus.nats().is_none() {
            return;
        }
        let mut users = self.user(user).lock();
        let Some(person) = users.get_mut(&user) else { return };
        person.gate.get_or_insert_with(|| Box::new(Gate::new(version))).know(version);
        self.ask_user(user, person);
    }

    /// The version after which something is missing. `None`: nothing is, any more.
    pub fn personal_gap(&self, user: UserId) -> Option<Version> {
        let mut users = self.user(user).lock();
        let gate = users.get_mut(&user)?.gate.as_deref_mut()?;
        gate.asked = gate.has_gap();
        gate.asked.then(|| gate.passed())
    }

    /// Fills a gap with what the store has of the user's own objects, each once in its present state.
    pub fn fill_personal(&self, user: UserId, version: Version, events: &[Event]) {
        let mut users = self.user(user).lock();
        let Some(person) = users.get_mut(&user) else { return };
        let Some(gate) = person.gate.as_deref_mut() else { return };
        for event in events {
            if event.version().is_some_and(|version| version > gate.passed()) {
                let frame = Frame::event(event);
                person.links.iter().for_each(|link| link.push(&frame));
            }
        }
        gate.skip(version);
        pass_personal(person);
    }

    /// Conversations that somebody here listens to.
    pub fn heard(&self) -> Vec<ConversationId> {
        self.topics.iter().flat_map(|shard| shard.lock().keys().copied().collect::<Vec<_>>()).collect()
    }

    /// Users who are connected here.
    pub fn present(&self) -> Vec<UserId> {
        self.users.iter().flat_map(|shard| shard.lock().keys().copied().collect::<Vec<_>>()).collect()
    }

    /// Compares what a link hears with what its user is in, as read after it began to listen.
    pub fn reconcile(&self, link: &Arc<Link>, heads: &[Head]) {
        if self.bus.nats().is_none() {
            return;
        }
        for head in heads {
            let missing = !link.has_topic(head.conversation);
            if missing && !self.admit(link.user, *head) {
                // It cannot be told in which order things happened: the next attempt will see the end of it.
                link.close(laserchat_protocol::event::Close::Failed);
            }
            self.know_head(*head);
        }
    }
}

fn note(link: &Link, conversation: ConversationId, joined: bool) {
    if joined { link.readmit(conversation) } else { link.revoke(conversation) }
}

fn pass_personal(person: &mut Person) {
    while let Some(frame) = person.gate.as_deref_mut().and_then(Gate::next) {
        person.links.iter().for_each(|link| link.push(&frame));
    }
}
