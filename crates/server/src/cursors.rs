//! Cursors: how far members have received and read, coalesced before they are written.
//!
//! A client moves its cursors with every message that it shows; what counts is only the furthest. So moves gather for a
//! moment, one commit writes them all, and then whoever asked is answered and the others are told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::event::CursorMoved;
use laserchat_protocol::{Code, ConversationId, Event, Problem, Seq, UserId};
use laserchat_store::{CursorMove, Store};
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::hub::Hub;
use crate::push::Pusher;

/// How long moves gather. Short enough that nobody sees it, long enough that a burst becomes one write.
const GATHER: Duration = Duration::from_millis(20);

#[derive(Default)]
struct Gathered {
    /// Sorted, so that the same moves are always written in the same order.
    moves: BTreeMap<(ConversationId, UserId), (Seq, Seq)>,
    waiting: Vec<oneshot::Sender<bool>>,
}

pub struct Cursors {
    gathered: Arc<Mutex<Gathered>>,
    wanted: Arc<Notify>,
}

impl Cursors {
    pub fn start(store: Arc<dyn Store>, hub: Arc<Hub>, pusher: Arc<Pusher>) -> Self {
        let gathered = Arc::new(Mutex::new(Gathered::default()));
        let wanted = Arc::new(Notify::new());
        let (weak, signal) = (Arc::downgrade(&gathered), Arc::clone(&wanted));
        tokio::spawn(async move {
            loop {
                signal.notified().await;
                tokio::time::sleep(GATHER).await;
                let Some(gathered) = weak.upgrade() else { return };
                flush(&gathered, &*store, &hub, &pusher).await;
            }
        });
        Cursors { gathered, wanted }
    }

    /// Moves a member's cursors forward and returns once that is durable. Zero leaves a cursor where it is.
    pub async fn advance(
        &self,
        conversation: ConversationId,
        user: UserId,
        delivered: Seq,
        read: Seq,
    ) -> Result<(), Problem> {
        let (sender, done) = oneshot::channel();
        {
            let mut gathered = self.gathered.lock();
            let cursors = gathered.moves.entry((conversation, user)).or_default();
            *cursors = (cursors.0.max(delivered), cursors.1.max(read));
            gathered.waiting.push(sender);
        }
        self.wanted.notify_one();
        match done.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Problem::new(Code::Unavailable).retry_after(1)),
        }
    }
}

impl Drop for Cursors {
    fn drop(&mut self) {
        // The task wakes, finds nothing to belong to, and ends.
        self.wanted.notify_one();
    }
}

async fn flush(gathered: &Mutex<Gathered>, store: &dyn Store, hub: &Hub, pusher: &Pusher) {
    let Gathered { moves, waiting } = std::mem::take(&mut *gathered.lock());
    let moves: Vec<CursorMove> = moves
        .into_iter()
        .map(|((conversation, user), (delivered, read))| CursorMove { conversation, user, delivered, read })
        .collect();
    let moved = match store.advance(moves).await {
        Ok(moved) => moved,
        Err(error) => {
            tracing::error!(%error, "cursors could not be written");
            waiting.into_iter().for_each(|waiter| answer(waiter, false));
            return;
        }
    };
    waiting.into_iter().for_each(|waiter| answer(waiter, true));
    if moved.iter().any(|moved| moved.clears) {
        pusher.wake();
    }
    for moved in moved {
        let at = |seq| CursorMoved { conversation_id: moved.conversation, user_id: moved.user, seq };
        if let Some(own) = &moved.own {
            hub.send_to_user(moved.user, own);
        }
        if !moved.shown {
            continue;
        }
        if let Some(seq) = moved.read {
            hub.signal(moved.conversation, &Event::MessageRead(at(seq)), None);
        }
        // Reading implies delivery, so only what was delivered beyond it needs to be told.
        if let Some(seq) = moved.delivered.filter(|seq| moved.read.is_none_or(|read| *seq > read)) {
            hub.signal(moved.conversation, &Event::MessageDelivered(at(seq)), None);
        }
    }
}

/// Whoever asked may be gone; the cursor has moved all the same.
fn answer(waiter: oneshot::Sender<bool>, written: bool) {
    let _ = waiter.send(written);
}
