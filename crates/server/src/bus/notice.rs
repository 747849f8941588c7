//! Notices: what every node is told, and that a node is there.

use std::sync::Weak;
use std::time::Duration;

use async_nats::Subscriber;
use futures_util::StreamExt;
use laserchat_protocol::{Timestamp, UserId};

use super::audit;
use super::hint::{Errand, Notice, Numbered, There};
use super::peers::Heard;
use crate::app::{App, Shared};
use crate::hub::{Frame, Mark};

/// How often a node says that it is there.
const BEAT: Duration = Duration::from_secs(2);
/// A node that was not heard for so long is gone, and with it who was connected to it.
const SILENCE: Duration = Duration::from_secs(10);
/// How long heads gather before followers elsewhere are told.
const GATHER: Duration = Duration::from_millis(100);
/// Users in one part of everybody.
const PART: usize = 1000;
/// Heads in one notice.
const HEADS: usize = 4000;

/// Tells the others that this node is there, and what it did for followers; forgets nodes that are not heard any more.
pub(super) async fn beat(app: Weak<App>) {
    if let Some(app) = app.upgrade() {
        app.bus.notice(Notice::Ask { node: None });
    }
    let mut ticks = tokio::time::interval(GATHER);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut beaten = std::time::Instant::now();
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade() else { return };
        let Some(nats) = app.bus.nats() else { return };
        for heads in nats.committed().chunks(HEADS) {
            app.bus.notice(Notice::Heads { heads: heads.to_vec() });
        }
        if beaten.elapsed() < BEAT {
            continue;
        }
        // Paused for long, this node was taken for dead, and may have been away from everything.
        let paused = beaten.elapsed() > SILENCE;
        beaten = std::time::Instant::now();
        if paused {
            app.missed.notify_one();
            continue;
        }
        app.bus.notice(Notice::Alive);
        for node in app.hub.peers.silent(SILENCE) {
            tracing::info!(node, "another node is not heard any more");
            left(&app, node).await;
        }
    }
}

/// Tells who is connected here.
pub(super) fn tell_everybody(app: &App) {
    let everybody = app.presence.announced();
    let mut parts: Vec<&[There]> = everybody.chunks(PART).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let last = parts.len() - 1;
    for (part, who) in parts.into_iter().enumerate() {
        app.bus.notice(Notice::Everybody { part, last: part == last, who: who.to_vec() });
    }
}

pub(super) async fn hear(app: Weak<App>, mut subscriber: Subscriber) {
    while let Some(message) = subscriber.next().await {
        let Some(app) = app.upgrade() else { return };
        let Some(nats) = app.bus.nats() else { return };
        nats.received.increment(1);
        let Some((numbered, frame)) = Numbered::decode(&message.payload) else { continue };
        if numbered.from == nats.node {
            continue;
        }
        match app.hub.peers.hear(numbered.from, numbered.number) {
            Heard::Old => continue,
            Heard::Next => {}
            // Also a node that is heard for the first time: who is connected to it, and what has it told before?
            Heard::Missed => app.missed.notify_one(),
        }
        take(&app, numbered.from, numbered.notice, frame).await;
    }
}

async fn take(app: &Shared, node: u64, notice: Notice, frame: &[u8]) {
    match notice {
        Notice::Alive | Notice::Unknown => {}
        Notice::Bye => left(app, node).await,
        Notice::There { who } => {
            app.hub.peers.there(node, &who);
            who.iter().for_each(|there| app.presence.elsewhere(*there));
        }
        Notice::Everybody { part, last, who } => {
            if let Some((here, gone)) = app.hub.peers.everybody(node, part, last, who) {
                here.iter().for_each(|there| app.presence.elsewhere(*there));
                gone.into_iter().for_each(|user| app.presence.left(user));
            }
        }
        Notice::Ask { node } => {
            if node.is_none_or(|node| app.bus.nats().is_some_and(|nats| nats.node == node)) {
                tell_everybody(app);
            }
        }
        Notice::Profile { user } => app.presence.relay_profile(user, &Frame::relayed(frame, Mark::None)),
        Notice::Hidden { user, hidden } => app.presence.set_hidden_here(user, hidden),
        Notice::Severed { a, b } => app.presence.sever_here(a, b),
        Notice::Emoji { version } => app.emoji_changed(version),
        Notice::Ended { user, sessions } => app.end_sessions_here(user, &sessions),
        Notice::Forget { conversation } => app.engine.forget(conversation).await,
        Notice::Keys => audit::keys(app).await,
        Notice::Reindex => app.reindex.notify_one(),
        Notice::Errand { errand } => app.wake(errand),
        Notice::Heads { heads } => app.feed.tell_heads(&heads),
    }
}

/// A node is gone, and with it who was connected to it and is not elsewhere.
async fn left(app: &Shared, node: u64) {
    let users = app.hub.peers.forget(node);
    let offline: Vec<(UserId, Timestamp)> = users
        .iter()
        .filter(|user| app.hub.activities(**user).is_empty())
        .map(|user| (*user, Timestamp::now()))
        .collect();
    if !offline.is_empty()
        && let Err(error) = app.store.seen(offline).await
    {
        tracing::warn!(%error, "when users were last seen could not be written");
    }
    // Most of them come back, to another node.
    users.into_iter().for_each(|user| app.presence.left(user));
}

impl Errand {
    pub const ALL: [Errand; 9] = [
        Errand::Due,
        Errand::Pushes,
        Errand::Mail,
        Errand::Deliveries,
        Errand::Previews,
        Errand::Expiry,
        Errand::Exports,
        Errand::Deletions,
        Errand::Collection,
    ];
}
