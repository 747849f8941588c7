//! Opening: from `hello` to live.
//!
//! The order matters. First the link is attached, so that membership changes reach it; then it is subscribed to the
//! user's conversations, so that whatever is published from now on gathers in its queue; and only then the heads are read
//! and what lies between them and the client's cursors is replayed. Read any earlier, an event could be published after
//! the head was read and before the link listened, and nobody would ever send it. A live event that the replay also
//! covered is dropped by [`Replay::covers`], so that nothing is delivered twice.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use laserchat_protocol::command::Hello;
use laserchat_protocol::event::{Close, Ready};
use laserchat_protocol::limits::{CHANGES_MAX, REPLAY_MAX};
use laserchat_protocol::{ConversationId, Event, Seq, UserId, Version};

use crate::actions::change;
use crate::app::{App, Shared, failed};
use crate::auth::Identity;
use crate::hub::{Frame, Link, Mark};

/// Conversations whose receipts are read in one go.
const RECEIPTS_AT_ONCE: usize = 50;

/// A link that is attached; it is detached when this is dropped, however the connection ends.
pub struct Attached {
    app: Shared,
    pub link: Arc<Link>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.app.presence.forget(&self.link);
        let last = self.app.hub.detach(&self.link);
        if last {
            self.app.presence.left(self.link.user);
        } else {
            self.app.presence.refresh(self.link.user);
        }
    }
}

/// Attaches a connection and works out what it missed.
pub async fn open(app: &Shared, who: &Identity, hello: Hello) -> Result<(Attached, Ready, Replay), Close> {
    let link = Link::new(app.ids.next(), who.user, who.session, hello.activity, app.queue);
    let most = app.config.connections_per_user().unwrap_or(usize::MAX);
    app.hub.attach(&link, most).map_err(|_| Close::TooMany)?;
    let attached = Attached { app: Arc::clone(app), link: Arc::clone(&link) };
    // The session may have ended, or the server begun to stop, before the link could be seen by whoever did that.
    if app.ended.contains(who.session) {
        return Err(Close::SessionEnded);
    }
    if app.draining.is_cancelled() {
        return Err(Close::GoingAway);
    }
    let fail = |error| closed(failed(error));
    let account = app.store.account(who.user).await.map_err(fail)?.ok_or(Close::SessionEnded)?;
    app.hub.subscribe(&link, &app.store.heads(who.user).await.map_err(fail)?);
    let heads = app.store.heads(who.user).await.map_err(fail)?;
    app.hub.know_version(who.user, account.version);
    app.hub.reconcile(&link, &heads);
    app.presence.set_hidden(who.user, !account.privacy.show_presence);
    app.presence.refresh(who.user);

    let heads: BTreeMap<ConversationId, Seq> = heads.into_iter().map(|head| (head.conversation, head.head)).collect();
    let epoch = app.store.epoch();
    let same_life = hello.epoch.as_ref().is_none_or(|held| *held == epoch);
    let cursors = hello.cursors.filter(|_| same_life).unwrap_or_default();
    let version = hello.version.filter(|version| same_life && *version <= account.version);
    let reset: Vec<ConversationId> =
        cursors.iter().filter(|(id, at)| heads.get(id).is_none_or(|head| *at > head)).map(|(id, _)| *id).collect();
    let mut replay = Replay {
        user: who.user,
        missed: Vec::new(),
        own: version.filter(|version| *version < account.version),
        covered: HashMap::new(),
        version: version.unwrap_or(0),
        receipts: Vec::new(),
        resuming: !cursors.is_empty() || version.is_some(),
    };
    for (conversation, at) in cursors {
        if let Some(&head) = heads.get(&conversation).filter(|head| at <= **head) {
            replay.covered.insert(conversation, at);
            replay.receipts.push(conversation);
            if at < head {
                replay.missed.push((conversation, at));
            }
        }
    }
    if replay.resuming {
        app.metrics.resumed.increment(1);
    }
    let ready = Ready {
        connection_id: link.id.to_string(),
        user_id: who.user,
        session_id: who.session,
        epoch,
        version: account.version,
        heads,
        emoji_version: app.emoji_version.load(Ordering::Relaxed),
        reset,
        heartbeat_seconds: app.config.heartbeat.seconds,
    };
    Ok((attached, ready, replay))
}

fn closed(_: laserchat_protocol::Problem) -> Close {
    Close::Failed
}

/// What a connection missed, read page by page so that a long absence needs no memory.
pub struct Replay {
    user: UserId,
    missed: Vec<(ConversationId, Seq)>,
    own: Option<Version>,
    /// Conversations whose receipts may have moved, which no seq would show.
    receipts: Vec<ConversationId>,
    covered: HashMap<ConversationId, Seq>,
    version: Version,
    /// The client said what it holds, and is told when it has everything.
    pub resuming: bool,
}

impl Replay {
    /// The next frames to send, or `None` when all is replayed.
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<Arc<Frame>>>, Close> {
        let fail = |error| closed(failed(error));
        // One's own objects first: they tell of conversations that the client does not know yet.
        if let Some(after) = self.own.take() {
            let changes = app.store.own_changes(self.user, after, CHANGES_MAX).await.map_err(fail)?;
            self.own = changes.next;
            self.version = changes.next.unwrap_or(changes.head);
            return Ok(Some(changes.items.iter().map(Frame::event).collect()));
        }
        let Some((conversation, after)) = self.missed.pop() else {
            if !self.receipts.is_empty() {
                let some = self.receipts.split_off(self.receipts.len().saturating_sub(RECEIPTS_AT_ONCE));
                let moved = app.store.receipts(&some).await.map_err(fail)?;
                let others = moved.iter().filter(|(_, receipt)| receipt.user_id != self.user);
                return Ok(Some(
                    others.flat_map(|(id, receipt)| told(*id, receipt)).map(|event| Frame::event(&event)).collect(),
                ));
            }
            return Ok(self.resuming.then(|| {
                self.resuming = false;
                vec![Frame::event(&Event::Synced {})]
            }));
        };
        let Some(changes) = change::since(app, self.user, conversation, after, REPLAY_MAX).await.map_err(fail)? else {
            return Ok(Some(Vec::new()));
        };
        let mut frames: Vec<Arc<Frame>> = changes.items.iter().map(Frame::event).collect();
        let reached = match changes.next {
            // A long absence is cheaper to load afresh than to replay.
            Some(next) => {
                let behind = Event::ConversationBehind { conversation_id: conversation, head: changes.head };
                frames.push(Frame::event(&behind));
                next
            }
            None => changes.head,
        };
        self.covered.insert(conversation, reached);
        Ok(Some(frames))
    }

    /// Whether a live frame tells only what the client held already or the replay has told.
    pub fn covers(&self, frame: &Frame) -> bool {
        match frame.mark {
            Mark::Seq(conversation, seq) => self.covered.get(&conversation).is_some_and(|covered| seq <= *covered),
            Mark::Version(version) => version <= self.version,
            Mark::None | Mark::Control => false,
        }
    }

    /// Whether it covers anything.
    pub fn useful(&self) -> bool {
        !self.covered.is_empty() || self.version > 0
    }

    /// Where the client stands after everything that was replayed, for transports that hand cursors back.
    pub fn cursors(&self) -> (&HashMap<ConversationId, Seq>, Version) {
        (&self.covered, self.version)
    }
}

/// A member's cursors as the signals that would have told of them.
fn told(conversation_id: ConversationId, receipt: &laserchat_protocol::member::Receipt) -> Vec<Event> {
    let at = |seq| laserchat_protocol::event::CursorMoved { conversation_id, user_id: receipt.user_id, seq };
    let read = (receipt.read > 0).then(|| Event::MessageRead(at(receipt.read)));
    let delivered = (receipt.delivered > receipt.read).then(|| Event::MessageDelivered(at(receipt.delivered)));
    read.into_iter().chain(delivered).collect()
}
