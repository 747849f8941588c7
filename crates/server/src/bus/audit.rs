//! The audit: asks the store how far everything has got, because no later hint shows that the last one was lost.
//!
//! It goes round all the time, a piece every moment, and so that a piece is never large: whoever has a hundred thousand
//! conversations is a few moments longer in finding a lost hint, instead of keeping the store busy.

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use laserchat_protocol::event::CursorMoved;
use laserchat_protocol::{ConversationId, Event, SessionId, Timestamp, UserId};

use super::hint::Notice;
use super::notice;
use crate::app::{App, Shared};
use crate::hub::{Frame, Hub};

/// Conversations, or users, that are asked for at once.
const PIECE: usize = 500;
/// Between two pieces.
const PAUSE: Duration = Duration::from_millis(250);
/// One round takes at least so long.
const ROUND: Duration = Duration::from_secs(3);
/// Rounds do not keep step among nodes: each is longer by up to this.
const JITTER_MS: u64 = 2_000;
/// How far back it is looked for sessions that have ended: longer than a round, and than clocks differ.
const ENDED_MS: i64 = 180_000;
/// Conversations whose receipts are read at once.
const RECEIPTS: usize = 50;

pub(super) async fn run(app: Weak<App>) {
    loop {
        let Some(held) = app.upgrade() else { return };
        let missed = Arc::clone(&held.missed);
        round(&held, false).await;
        drop(held);
        let mut dice = [0; 8];
        let dice = getrandom::fill(&mut dice).map_or(0, |()| u64::from_le_bytes(dice));
        let pause = ROUND + Duration::from_millis(dice % JITTER_MS);
        // Whatever was missed is looked at at once.
        if tokio::time::timeout(pause, missed.notified()).await.is_ok() {
            let Some(held) = app.upgrade() else { return };
            refresh(&held).await;
            round(&held, true).await;
        }
    }
}

/// Looks at everything. `quick`: something was missed, and people wait for it.
async fn round(app: &Shared, quick: bool) {
    let pause = || tokio::time::sleep(if quick { Duration::ZERO } else { PAUSE });
    let conversations = app.hub.heard();
    for piece in conversations.chunks(PIECE) {
        look(app, piece, &[]).await;
        pause().await;
    }
    for piece in app.hub.present().chunks(PIECE) {
        look(app, &[], piece).await;
        pause().await;
    }
    ended(app, Timestamp(Timestamp::now().0 - ENDED_MS)).await;
    if quick {
        receipts(app, &conversations).await;
    }
}

/// Compares some conversations and users with the store.
pub(super) async fn look(app: &Shared, conversations: &[ConversationId], users: &[UserId]) {
    let looked = async {
        if !conversations.is_empty() {
            let heads = app.store.heads_of(conversations).await?;
            let there: HashSet<ConversationId> = heads.iter().map(|head| head.conversation).collect();
            heads.into_iter().for_each(|head| app.hub.know_head(head));
            for &gone in conversations.iter().filter(|id| !there.contains(id)) {
                // Deleted, which its listeners learn when they come back.
                app.hub.cut_off(gone, &[]);
            }
        }
        if !users.is_empty() {
            for (user, version) in app.store.versions_of(users).await? {
                app.hub.know_version(user, version);
            }
        }
        Ok::<_, laserchat_store::StoreError>(())
    };
    if let Err(error) = looked.await {
        tracing::warn!(%error, "where conversations are could not be read");
    }
}

/// Closes the connections of sessions that have ended.
async fn ended(app: &App, since: Timestamp) {
    match app.store.ended_since(since).await {
        Ok(ended) if !ended.is_empty() => {
            let ended: HashSet<SessionId> = ended.into_iter().collect();
            app.ended.insert(ended.iter().copied());
            app.hub.close_ended(&ended);
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "which sessions have ended could not be read"),
    }
}

/// Tells how far members have received and read, which has no number and so shows no gap.
async fn receipts(app: &App, conversations: &[ConversationId]) {
    for piece in conversations.chunks(RECEIPTS) {
        match app.store.receipts(piece).await {
            Ok(receipts) => {
                for (conversation_id, receipt) in receipts {
                    let at = |seq| CursorMoved { conversation_id, user_id: receipt.user_id, seq };
                    tell(&app.hub, conversation_id, &Event::MessageDelivered(at(receipt.delivered)));
                    tell(&app.hub, conversation_id, &Event::MessageRead(at(receipt.read)));
                }
            }
            Err(error) => tracing::warn!(%error, "receipts could not be read"),
        }
    }
}

fn tell(hub: &Hub, conversation: ConversationId, event: &Event) {
    hub.relay_signal(conversation, &Frame::event(event), None);
}

/// Reads again everything that notices speak of.
async fn refresh(app: &Shared) {
    app.engine.forget_all().await;
    app.feed.doubt();
    app.wake_all();
    app.bus.notice(Notice::Ask { node: None });
    notice::tell_everybody(app);
    match app.store.emoji_version().await {
        Ok(version) => app.emoji_changed(version),
        Err(error) => tracing::warn!(%error, "the list of emoji could not be read"),
    }
    keys(app).await;
    let oldest = laserchat_protocol::limits::ACCESS_TOKEN_SECONDS as i64 + 120;
    ended(app, Timestamp(Timestamp::now().0 - oldest * 1000)).await;
}

/// Takes over the signing keys.
pub(super) async fn keys(app: &App) {
    if let Err(error) = crate::auth::keys::learn(app).await {
        tracing::warn!(%error, "the signing keys could not be read");
    }
}
