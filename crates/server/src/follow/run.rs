//! Running a follower: catch up from the store, then take what comes, and never be wrong about where one is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::{ConversationId, Event, MessageId, Seq, UserId};
use laserchat_store::{Head, Store, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::feed::Heard;
use super::{Batch, Follower, Stretch};
use crate::lease::Fresh;

/// Changes that are taken at once, more or less.
const BATCH: usize = 1000;
/// Conversations that are asked for at once when catching up.
const PAGE: usize = 200;
/// Cursors that are remembered; the store knows the others.
const REMEMBERED: usize = 50_000;
/// The pause after a failure; it doubles up to the second one.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

struct Runner {
    store: Arc<dyn Store>,
    follower: Arc<dyn Follower>,
    cursors: HashMap<ConversationId, Seq>,
    /// Another node does it, once this is over.
    fresh: Arc<Fresh>,
    stop: CancellationToken,
}

/// Why a follower does not go on as it was.
enum End {
    /// The server stops, or the follower has nobody to hear from any more.
    Stopped,
    /// Its cursors are not where it left them: another node has done its work meanwhile, or its work begins anew.
    Overtaken,
}

pub(super) async fn run(
    store: Arc<dyn Store>,
    follower: Arc<dyn Follower>,
    mut heard: mpsc::Receiver<Heard>,
    fresh: Arc<Fresh>,
    stop: CancellationToken,
) {
    let mut runner = Runner { store, follower, cursors: HashMap::new(), fresh, stop };
    // However it ends, there is nobody to tell: the cursors say where to go on.
    while let Err(End::Overtaken) = runner.follow(&mut heard).await {
        let name = runner.follower.name();
        tracing::info!(follower = name, "somebody else has gone on, and the store is asked where");
        metrics::counter!("laserchat_follower_overtaken_total", "follower" => name).increment(1);
        runner.cursors.clear();
        tokio::select! {
            () = runner.stop.cancelled() => return,
            () = tokio::time::sleep(PAUSES.0) => {}
        }
    }
}

impl Runner {
    async fn follow(&mut self, heard: &mut mpsc::Receiver<Heard>) -> Result<(), End> {
        let (name, begin) = (self.follower.name(), self.follower.begins());
        let store = Arc::clone(&self.store);
        self.again(|| store.enrol(name, begin)).await?;
        self.catch_up().await?;
        loop {
            let next = tokio::select! {
                () = self.stop.cancelled() => return Err(End::Stopped),
                next = heard.recv() => next.ok_or(End::Stopped)?,
            };
            match next {
                Heard::Changes(events) => self.live(&events).await?,
                Heard::Heads(heads) => self.elsewhere(&heads).await?,
                Heard::Missed => self.catch_up().await?,
            }
            if self.cursors.len() > REMEMBERED {
                self.cursors.clear();
            }
        }
    }

    /// Does something until it works.
    async fn again<T, F>(&self, mut work: impl FnMut() -> F) -> Result<T, End>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut pause = PAUSES.0;
        loop {
            let error = match work().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let name = self.follower.name();
            tracing::warn!(%error, follower = name, "a follower could not go on, and tries again");
            metrics::counter!("laserchat_follower_failures_total", "follower" => name).increment(1);
            tokio::select! {
                () = self.stop.cancelled() => return Err(End::Stopped),
                () = tokio::time::sleep(pause) => pause = PAUSES.1.min(pause * 2),
            }
        }
    }

    async fn take(&mut self, batch: Batch) -> Result<(), End> {
        if self.stop.is_cancelled() || !self.fresh.is_now() {
            return Err(End::Stopped);
        }
        if batch.stretches.is_empty() {
            return Ok(());
        }
        let follower = Arc::clone(&self.follower);
        if !self.again(|| follower.take(&batch)).await? {
            return Err(End::Overtaken);
        }
        let events: usize = batch.stretches.iter().map(|stretch| stretch.events.len()).sum();
        metrics::counter!("laserchat_follower_changes_total", "follower" => follower.name()).increment(events as u64);
        for stretch in batch.stretches {
            match stretch.gone {
                true => self.cursors.remove(&stretch.conversation),
                false => self.cursors.insert(stretch.conversation, stretch.upto),
            };
        }
        Ok(())
    }

    /// Takes everything that the store has beyond the cursors.
    async fn catch_up(&mut self) -> Result<(), End> {
        let (name, store) = (self.follower.name(), Arc::clone(&self.store));
        let mut last = ConversationId(0);
        loop {
            let late = self.again(|| store.behind(name, last, PAGE)).await?;
            let Some(end) = late.last() else { return Ok(()) };
            last = end.conversation;
            let mut batch = Batch::default();
            for cursor in late {
                self.cursors.remove(&cursor.conversation);
                if cursor.gone {
                    batch.stretches.push(gone(cursor.conversation, cursor.seq));
                } else {
                    self.fetch(cursor.conversation, cursor.seq, &mut batch).await?;
                }
            }
            self.take(batch).await?;
        }
    }

    /// Adds what a conversation has after a seq. A batch that is full is taken before the next is begun.
    async fn fetch(&mut self, conversation: ConversationId, after: Seq, batch: &mut Batch) -> Result<(), End> {
        let store = Arc::clone(&self.store);
        let mut after = after;
        loop {
            // Nobody in particular reads: what differs by reader is left out.
            let page = self.again(|| store.changes(UserId(0), conversation, after, BATCH)).await?;
            let Some(page) = page else {
                batch.stretches.push(gone(conversation, after));
                return Ok(());
            };
            let upto = page.next.unwrap_or(page.head);
            if upto > after {
                let events = page.items.into_iter().map(Arc::new).collect();
                batch.stretches.push(Stretch { conversation, after, upto, gone: false, events });
            }
            after = upto;
            let more = page.next.is_some();
            if more || batch.stretches.iter().map(|stretch| stretch.events.len()).sum::<usize>() >= BATCH {
                self.take(std::mem::take(batch)).await?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    async fn cursor(&mut self, conversation: ConversationId) -> Result<Seq, End> {
        if let Some(seq) = self.cursors.get(&conversation) {
            return Ok(*seq);
        }
        let (name, store) = (self.follower.name(), Arc::clone(&self.store));
        let seq = self.again(|| store.followed(name, conversation)).await?;
        self.cursors.insert(conversation, seq);
        Ok(seq)
    }

    /// Takes what was published, where it continues the cursors, and fetches where it does not.
    async fn live(&mut self, events: &[Arc<Event>]) -> Result<(), End> {
        // By conversation, in an order that is the same for everybody.
        let mut heard: BTreeMap<ConversationId, Vec<&Arc<Event>>> = BTreeMap::new();
        for event in events {
            if let Some((conversation, _)) = event.position() {
                heard.entry(conversation).or_default().push(event);
            }
        }
        let mut batch = Batch::default();
        for (conversation, events) in heard {
            let after = self.cursor(conversation).await?;
            match continued(conversation, after, &events) {
                Some(stretch) if stretch.upto > after => batch.stretches.push(stretch),
                Some(_) => {}
                None => self.fetch(conversation, after, &mut batch).await?,
            }
            if batch.stretches.iter().map(|stretch| stretch.events.len()).sum::<usize>() >= BATCH {
                self.take(std::mem::take(&mut batch)).await?;
            }
        }
        self.take(batch).await
    }
}

impl Runner {
    /// Fetches what other nodes have committed.
    async fn elsewhere(&mut self, heads: &[Head]) -> Result<(), End> {
        let mut batch = Batch::default();
        for head in heads {
            let after = self.cursor(head.conversation).await?;
            if head.head > after {
                self.fetch(head.conversation, after, &mut batch).await?;
            }
        }
        self.take(batch).await
    }
}

fn gone(conversation: ConversationId, seq: Seq) -> Stretch {
    Stretch { conversation, after: seq, upto: seq, gone: true, events: Vec::new() }
}

/// Which object an event shows.
#[derive(PartialEq, Eq, Hash)]
enum Object {
    Message(MessageId),
    Member(UserId),
    Conversation,
}

fn object(event: &Event) -> Object {
    match event {
        Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => Object::Message(e.message.id),
        Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => Object::Member(e.member.user.id),
        _ => Object::Conversation,
    }
}

/// The stretch that events make, when they continue a cursor without a gap.
fn continued(conversation: ConversationId, after: Seq, events: &[&Arc<Event>]) -> Option<Stretch> {
    let mut upto = after;
    let mut gone = false;
    for event in events {
        let (_, seq) = event.position()?;
        if seq > upto + 1 {
            return None;
        }
        upto = upto.max(seq);
        gone |= matches!(***event, Event::ConversationDeleted(_));
    }
    let mut latest = HashMap::new();
    for (at, event) in events.iter().enumerate() {
        latest.insert(object(event), at);
    }
    let kept = events.iter().enumerate().filter(|(at, event)| {
        let new = event.position().is_some_and(|(_, seq)| seq > after);
        new && latest.get(&object(event)) == Some(at)
    });
    let events = if gone { Vec::new() } else { kept.map(|(_, event)| Arc::clone(event)).collect() };
    Some(Stretch { conversation, after, upto, gone, events })
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::Message;
    use laserchat_protocol::event::MessageChanged;
    use serde_json::json;

    fn change(seq: Seq, posted: Seq) -> Arc<Event> {
        let message: Message = serde_json::from_value(json!({
            "id": posted.to_string(), "conversation_id": "1", "seq": posted, "changed": seq, "sender_id": "1",
            "client_id": "c", "type": "text", "body": "", "created_at": "2024-01-01T00:00:00.000Z", "reply_count": 0,
            "reactions": [], "attachments": [],
        }))
        .unwrap();
        let told = MessageChanged { conversation_id: ConversationId(1), seq, message, reaction: None };
        Arc::new(if seq == posted { Event::MessageSent(told) } else { Event::MessageUpdated(told) })
    }

    fn stretch(after: Seq, events: &[(Seq, Seq)]) -> Option<(Seq, Vec<Seq>)> {
        let events: Vec<_> = events.iter().map(|&(seq, posted)| change(seq, posted)).collect();
        let found = continued(ConversationId(1), after, &events.iter().collect::<Vec<_>>())?;
        Some((found.upto, found.events.iter().filter_map(|event| Some(event.position()?.1)).collect()))
    }

    #[test]
    fn what_continues_is_taken_once_each() {
        assert_eq!(stretch(3, &[(4, 4), (5, 5)]), Some((5, vec![4, 5])));
        assert_eq!(stretch(3, &[(3, 3), (4, 4)]), Some((4, vec![4])), "what is known is left out");
        assert_eq!(stretch(3, &[(4, 4), (5, 4)]), Some((5, vec![5])), "an object appears in its last state");
        assert_eq!(stretch(3, &[(2, 2)]), Some((3, vec![])));
        assert_eq!(stretch(3, &[(5, 5)]), None, "a gap");
        assert_eq!(stretch(3, &[(4, 4), (6, 6)]), None);
    }
}
