//! The feed: what was published a moment ago, for all followers at once.
//!
//! The sequencer gives away what it has published, which costs it a push onto a list. A task passes the list on several
//! times a second, so that followers work in batches however fast messages come. All of it is a hint: what does not fit is
//! dropped, and whoever missed it is told to look into the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use laserchat_protocol::{ConversationId, Event, Seq};
use laserchat_store::{Changed, Head};
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};

/// How long changes gather.
const PAUSE: Duration = Duration::from_millis(100);
/// Changes that gather at most; beyond it followers read them from the store.
const GATHERED: usize = 32_768;
/// Lists that wait for a slow follower.
const WAITING: usize = 32;

/// What followers hear.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Conversation events in the order of their commits.
    Changes(Arc<[Arc<Event>]>),
    /// Where conversations have got to by what other nodes committed.
    Heads(Arc<[Head]>),
    /// Something was not passed on: look into the store.
    Missed,
}

#[derive(Default)]
struct Gathering {
    events: Vec<Arc<Event>>,
    heads: HashMap<ConversationId, Seq>,
    missed: bool,
}

#[derive(Default)]
pub struct Feed {
    gathering: Mutex<Gathering>,
    /// Somebody listens. Without followers, nothing gathers.
    heard: AtomicBool,
    wake: Notify,
    listeners: Mutex<Vec<Listener>>,
}

struct Listener {
    queue: mpsc::Sender<Heard>,
    /// It has not been told yet that it missed something.
    missed: bool,
}

impl Feed {
    /// A feed, and the task that passes it on for as long as somebody holds it.
    pub fn start() -> Arc<Feed> {
        let feed = Arc::new(Feed::default());
        tokio::spawn(pass_on(Arc::downgrade(&feed)));
        feed
    }

    /// Takes what was published.
    pub fn tell(&self, changed: Vec<Changed>) {
        if !self.heard.load(Ordering::Relaxed) || changed.is_empty() {
            return;
        }
        let first = {
            let mut gathering = self.gathering.lock();
            let first = gathering.events.is_empty() && !gathering.missed;
            if gathering.events.len() + changed.len() > GATHERED {
                gathering.missed = true;
            } else {
                gathering.events.extend(changed.into_iter().map(|changed| Arc::new(changed.event)));
            }
            first
        };
        if first {
            self.wake.notify_one();
        }
    }

    /// Takes where conversations have got to on other nodes.
    pub fn tell_heads(&self, heads: &[(ConversationId, Seq)]) {
        if !self.heard.load(Ordering::Relaxed) || heads.is_empty() {
            return;
        }
        {
            let mut gathering = self.gathering.lock();
            for &(conversation, seq) in heads {
                let known = gathering.heads.entry(conversation).or_default();
                *known = seq.max(*known);
            }
            gathering.missed |= gathering.heads.len() > GATHERED;
        }
        self.wake.notify_one();
    }

    /// Something may have been committed that nobody published.
    pub fn doubt(&self) {
        self.gathering.lock().missed = true;
        self.wake.notify_one();
    }

    pub(super) fn listen(&self) -> mpsc::Receiver<Heard> {
        let (queue, heard) = mpsc::channel(WAITING);
        self.listeners.lock().push(Listener { queue, missed: false });
        self.heard.store(true, Ordering::Relaxed);
        heard
    }

    fn pass(&self) {
        let Gathering { events, heads, missed } = std::mem::take(&mut *self.gathering.lock());
        let events: Arc<[Arc<Event>]> = events.into();
        let mut heads: Vec<Head> = heads.into_iter().map(|(conversation, head)| Head { conversation, head }).collect();
        heads.sort_unstable_by_key(|head| head.conversation);
        let heads: Arc<[Head]> = heads.into();
        self.listeners.lock().retain_mut(|listener| listener.hear(&events, &heads, missed));
    }
}

impl Listener {
    /// Returns false when it listens no more.
    fn hear(&mut self, events: &Arc<[Arc<Event>]>, heads: &Arc<[Head]>, missed: bool) -> bool {
        self.missed |= missed;
        if !events.is_empty() && self.queue.try_send(Heard::Changes(Arc::clone(events))).is_err() {
            self.missed = true;
        }
        if !heads.is_empty() && self.queue.try_send(Heard::Heads(Arc::clone(heads))).is_err() {
            self.missed = true;
        }
        // Whoever has no room now is told with the next changes, and has enough to do until then.
        if self.missed && self.queue.try_send(Heard::Missed).is_ok() {
            self.missed = false;
        }
        !self.queue.is_closed()
    }
}

async fn pass_on(feed: std::sync::Weak<Feed>) {
    loop {
        // The task must not keep the feed alive while it waits; nobody holding it is noticed at the next look.
        let Some(held) = feed.upgrade() else { return };
        let woken = tokio::time::timeout(Duration::from_secs(1), held.wake.notified()).await.is_ok();
        if woken {
            tokio::time::sleep(PAUSE).await;
        }
        if woken || held.listeners.lock().iter().any(|listener| listener.missed) {
            held.pass();
        }
    }
}
