//! A link: one live connection as the hub sees it, a bounded queue of frames and the topics it hears.
//!
//! There may be a million of these, so it holds little, and gives back what a burst made it grow.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Waker};
use std::time::Instant;

use laserchat_protocol::event::Close;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{ConversationId, Event, SessionId, UserId};
use parking_lot::Mutex;

use super::frame::Frame;

/// How much may wait for a consumer before it is cut off to reconnect and resume.
#[derive(Debug, Clone, Copy)]
pub struct QueueLimits {
    pub frames: usize,
    pub bytes: usize,
}

pub struct Link {
    pub id: u64,
    pub user: UserId,
    pub session: SessionId,
    limits: &'static QueueLimits,
    queue: Mutex<Queue>,
    topics: Mutex<Topics>,
    /// Coarse seconds since the process began, when the peer was last heard.
    heard: AtomicU32,
    /// Sends on their way to a commit whose answer comes to this link.
    in_flight: AtomicU32,
    /// Event streams and polls have their own heartbeat.
    pub expects_pings: AtomicBool,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
    close: Option<Close>,
    waker: Option<Waker>,
    /// The consumer cannot take frames now and waits only for being closed.
    blocked: bool,
}

#[derive(Default)]
struct Topics {
    heard: Vec<ConversationId>,
    /// While the link is being subscribed: conversations that its user was removed from meanwhile.
    revoked: Option<Vec<ConversationId>>,
    watched: Vec<UserId>,
    activity: Activity,
}

impl Queue {
    fn wake_later(&mut self, cx: &Context<'_>) {
        if !self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            self.waker = Some(cx.waker().clone());
        }
    }
}

/// What a consumer took from its queue.
#[derive(Debug)]
pub enum Taken {
    Frames,
    Close(Close),
    Empty,
}

/// A burst's queue is given back when it was longer than this.
const KEPT_CAPACITY: usize = 8;

impl Link {
    pub fn new(
        id: u64,
        user: UserId,
        session: SessionId,
        activity: Activity,
        limits: &'static QueueLimits,
    ) -> Arc<Link> {
        Arc::new(Link {
            id,
            user,
            session,
            limits,
            queue: Mutex::default(),
            topics: Mutex::new(Topics { revoked: Some(Vec::new()), activity, ..Topics::default() }),
            heard: AtomicU32::new(coarse_now()),
            in_flight: AtomicU32::new(0),
            expects_pings: AtomicBool::new(true),
        })
    }

    /// Queues a frame. A consumer that has fallen too far behind is cut off: it loses nothing, because it resumes.
    pub fn push(&self, frame: &Arc<Frame>) {
        let waker = {
            let mut queue = self.queue.lock();
            if queue.close.is_some() {
                return;
            }
            let bytes = queue.bytes + frame.bytes().len();
            if queue.frames.len() >= self.limits.frames || (bytes > self.limits.bytes && !queue.frames.is_empty()) {
                queue.frames = VecDeque::new();
                queue.bytes = 0;
                queue.close = Some(Close::SlowConsumer);
            } else {
                queue.frames.push_back(Arc::clone(frame));
                queue.bytes = bytes;
                if queue.blocked {
                    return;
                }
            }
            queue.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Asks the consumer to close. What was queued before is still delivered first.
    pub fn close(&self, close: Close) {
        let waker = {
            let mut queue = self.queue.lock();
            queue.close.get_or_insert(close);
            queue.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Moves everything queued into `out`. When there is nothing, the waker is kept for the next push.
    pub fn take(&self, out: &mut Vec<Arc<Frame>>, cx: Option<&Context<'_>>) -> Taken {
        let mut queue = self.queue.lock();
        queue.blocked = false;
        if !queue.frames.is_empty() {
            out.extend(queue.frames.drain(..));
            queue.bytes = 0;
            if queue.frames.capacity() > KEPT_CAPACITY {
                queue.frames = VecDeque::new();
            }
            return Taken::Frames;
        }
        if let Some(close) = queue.close {
            return Taken::Close(close);
        }
        if let Some(cx) = cx {
            queue.wake_later(cx);
        }
        Taken::Empty
    }

    /// For a consumer that cannot take frames now: whether it must close. Only that wakes it.
    pub fn wait_for_close(&self, cx: &Context<'_>) -> Option<Close> {
        let mut queue = self.queue.lock();
        queue.blocked = true;
        queue.wake_later(cx);
        queue.close
    }

    /// Waits until something is queued, for consumers that are not a hand-written future.
    pub async fn next(&self, out: &mut Vec<Arc<Frame>>) -> Result<(), Close> {
        std::future::poll_fn(|cx| match self.take(out, Some(cx)) {
            Taken::Frames => std::task::Poll::Ready(Ok(())),
            Taken::Close(close) => std::task::Poll::Ready(Err(close)),
            Taken::Empty => std::task::Poll::Pending,
        })
        .await
    }

    pub fn queued(&self) -> usize {
        self.queue.lock().frames.len()
    }

    pub fn hear(&self) {
        let now = coarse_now();
        if self.heard.load(Ordering::Relaxed) != now {
            self.heard.store(now, Ordering::Relaxed);
        }
    }

    /// Seconds since the peer was last heard.
    pub fn silence(&self) -> u32 {
        coarse_now().saturating_sub(self.heard.load(Ordering::Relaxed))
    }

    /// Queues the answer to a command that [`Link::begin`] counted.
    pub fn answer(&self, event: Event) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.push(&Frame::event(&event));
    }

    pub fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(super) fn add_topic(&self, conversation: ConversationId) -> bool {
        let mut topics = self.topics.lock();
        match topics.heard.binary_search(&conversation) {
            Ok(_) => false,
            Err(at) => {
                topics.heard.insert(at, conversation);
                true
            }
        }
    }

    pub(super) fn remove_topic(&self, conversation: ConversationId) {
        let mut topics = self.topics.lock();
        if let Ok(at) = topics.heard.binary_search(&conversation) {
            topics.heard.remove(at);
        }
    }

    pub(super) fn take_topics(&self) -> Vec<ConversationId> {
        std::mem::take(&mut self.topics.lock().heard)
    }

    pub fn has_topic(&self, conversation: ConversationId) -> bool {
        self.topics.lock().heard.binary_search(&conversation).is_ok()
    }

    /// Notes a removal that a subscription under way must not undo.
    pub(super) fn revoke(&self, conversation: ConversationId) {
        if let Some(revoked) = &mut self.topics.lock().revoked {
            revoked.push(conversation);
        }
    }

    /// Takes a removal back: the user was added again before the subscription settled.
    pub(super) fn readmit(&self, conversation: ConversationId) {
        if let Some(revoked) = &mut self.topics.lock().revoked {
            revoked.retain(|&other| other != conversation);
        }
    }

    /// Ends the subscribing phase and returns what was revoked during it.
    pub(super) fn settle(&self) -> Vec<ConversationId> {
        let mut topics = self.topics.lock();
        topics.heard.shrink_to_fit();
        topics.revoked.take().unwrap_or_default()
    }

    pub fn activity(&self) -> Activity {
        self.topics.lock().activity
    }

    pub fn set_activity(&self, activity: Activity) {
        self.topics.lock().activity = activity;
    }

    /// Replaces the users whose presence this link is told of, and returns the earlier ones.
    pub fn watch(&self, users: Vec<UserId>) -> Vec<UserId> {
        std::mem::replace(&mut self.topics.lock().watched, users)
    }
}

/// Seconds since the process began, cheap enough for every frame.
pub fn coarse_now() -> u32 {
    use std::sync::LazyLock;
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed().as_secs() as u32
}
