//! The ledger: what was committed, written down beside the store, so that what is told and what is kept can be compared
//! with what was decided.

use std::collections::BTreeMap;

use laserchat_protocol::{ConversationId, Event, MemberState, Message, Seq, UserId, Version};
use laserchat_store::{Append, AppendError, Appended};
use parking_lot::Mutex;

use super::trace::Trace;

/// One conversation as its events have told it.
#[derive(Default, Clone)]
pub struct Page {
    pub head: Seq,
    pub deleted: bool,
    /// Whether somebody is in it, and the seq at which that was decided.
    members: BTreeMap<UserId, (bool, Seq)>,
    /// Every message as its last event showed it to all, by the seq at which it was posted.
    pub messages: BTreeMap<Seq, Message>,
}

/// What is written in a ledger.
#[derive(Default, Clone)]
pub struct Entries {
    pages: BTreeMap<ConversationId, Page>,
    versions: BTreeMap<UserId, Version>,
}

#[derive(Default)]
pub struct Ledger {
    inner: Mutex<Entries>,
}

impl Ledger {
    /// Writes down what an append did.
    pub fn record(&self, trace: &Trace, group: &[Append], answers: &[Result<Appended, AppendError>]) {
        if group.len() != answers.len() {
            trace.wrong(format!("{} appends got {} answers", group.len(), answers.len()));
        }
        let mut inner = self.inner.lock();
        for (append, answer) in group.iter().zip(answers) {
            let Ok(appended) = answer else { continue };
            let page = inner.pages.entry(append.conversation).or_default();
            for changed in &appended.changed {
                page.turn(trace, append.conversation, &changed.event);
            }
            for (user, event) in &appended.personal {
                let (before, now) = (inner.versions.entry(*user).or_default(), event.version().unwrap_or_default());
                if now <= *before {
                    trace.wrong(format!("user {user} went from version {before} to {now}"));
                }
                *before = now;
            }
        }
    }

    /// Whether a user may hear of a change: a member, or of what was before they were removed.
    pub fn may_hear(&self, user: UserId, conversation: ConversationId, seq: Seq) -> bool {
        let inner = self.inner.lock();
        let Some(page) = inner.pages.get(&conversation) else { return false };
        page.members.get(&user).is_some_and(|(joined, at)| *joined || seq <= *at)
    }

    /// What is written in it now.
    pub fn copy(&self) -> Entries {
        self.inner.lock().clone()
    }

    /// Goes back to what was written in it once.
    pub fn go_back(&self, entries: &Entries) {
        *self.inner.lock() = entries.clone();
    }

    pub fn conversations(&self) -> Vec<ConversationId> {
        self.inner.lock().pages.keys().copied().collect()
    }

    pub fn with<T>(&self, conversation: ConversationId, look: impl FnOnce(&Page) -> T) -> Option<T> {
        self.inner.lock().pages.get(&conversation).map(look)
    }
}

impl Page {
    fn turn(&mut self, trace: &Trace, id: ConversationId, event: &Event) {
        let Some((conversation, seq)) = event.position() else {
            return trace.wrong(format!("an append to {id} made an event without a seq: {event:?}"));
        };
        if conversation != id || seq != self.head + 1 || self.deleted {
            trace.wrong(format!("an append to {id} at {} made seq {seq} of {conversation}", self.head));
        }
        self.head = seq;
        match event {
            Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => {
                let before = self.messages.insert(e.message.seq, e.message.clone());
                let new = matches!(event, Event::MessageSent(_));
                if before.is_some() == new || e.message.changed != seq {
                    trace.wrong(format!("seq {seq} of {id} tells wrongly of message {}", e.message.seq));
                }
            }
            Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => {
                let joined = e.member.state == MemberState::Joined;
                let before = self.members.get(&e.member.user.id);
                if before.is_none_or(|(was, _)| *was != joined) {
                    self.members.insert(e.member.user.id, (joined, seq));
                }
            }
            Event::ConversationDeleted(_) => {
                self.deleted = true;
                for (joined, at) in self.members.values_mut() {
                    (*joined, *at) = (false, seq);
                }
            }
            _ => {}
        }
    }
}
