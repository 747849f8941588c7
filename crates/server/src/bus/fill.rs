//! Filling gaps: what did not come as a hint is read from the store.
//!
//! A gap is left alone for a moment, because usually what is missing is on its way. Then it is read with the question that
//! every client asks. Small gaps are filled with the events themselves. Where an object changed twice the page has a hole,
//! and where a message has reactions or votes it differs by reader: then the clients are told that they are behind, and ask
//! for themselves.

use std::sync::{Arc, Weak};
use std::time::Duration;

use laserchat_protocol::event::Changes;
use laserchat_protocol::{ConversationId, Event, MemberState, Seq, UserId};
use laserchat_store::{Head, StoreError};
use tokio::sync::Semaphore;

use super::Gap;
use super::gathered::Gathered;
use super::hint::Change;
use super::receive::admit;
use crate::app::{App, Shared};
use crate::hub::{Filled, Frame, Item};

/// How long what is missing may be on its way.
const GRACE: Duration = Duration::from_millis(40);
/// Changes that are read at once.
const PAGE: usize = 200;
/// Gaps that are read at once.
const AT_ONCE: usize = 16;
/// The pause when the store fails.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(app: Weak<App>, gaps: Arc<Gathered<Gap>>) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        for gap in gaps.take().await {
            tokio::spawn(close(app.clone(), Arc::clone(&room), gap));
        }
    }
}

/// Waits a moment, and fills a gap that is still there.
async fn close(app: Weak<App>, room: Arc<Semaphore>, gap: Gap) {
    tokio::time::sleep(GRACE).await;
    // It is never closed, so waiting for it cannot fail.
    let Ok(_permit) = room.acquire().await else { return };
    loop {
        let Some(app) = app.upgrade() else { return };
        let filled = match gap {
            Gap::Conversation(conversation) => fill(&app, conversation).await,
            Gap::User(user) => fill_personal(&app, user).await,
        };
        match filled {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "what was missed could not be read, and is tried again");
                drop(app);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn count(app: &App) {
    if let Some(nats) = app.bus.nats() {
        nats.gaps_filled.increment(1);
    }
}

/// Fills a conversation's gap. Returns whether there is none any more.
async fn fill(app: &App, conversation: ConversationId) -> Result<bool, StoreError> {
    let Some(after) = app.hub.gap(conversation) else { return Ok(true) };
    let Some(page) = app.store.changes(UserId(0), conversation, after, PAGE).await? else {
        // The conversation is deleted, which its listeners learn when they come back.
        app.hub.cut_off(conversation, &[]);
        return Ok(true);
    };
    count(app);
    let head = Head { conversation, head: page.head };
    let filled = match events(after, &page) {
        Some(items) => Filled::Events(items),
        None => Filled::Behind(moved(app, conversation, page).await?),
    };
    app.hub.fill(head, filled);
    Ok(app.hub.gap(conversation).is_none())
}

/// The events of a page, if they are all that happened and the same for everybody.
fn events(after: Seq, page: &Changes) -> Option<Vec<Item>> {
    let dense = page.next.is_none() && page.items.len() as u64 == page.head.saturating_sub(after);
    let alike = |event: &Event| match event {
        Event::MessageUpdated(e) => e.message.reactions.is_empty() && e.message.poll.is_none(),
        _ => true,
    };
    if !dense || !page.items.iter().all(alike) {
        return None;
    }
    let item = |event: &Event| Some(Item { change: Change::of(event)?, shared: Frame::event(event), own: None });
    page.items.iter().map(item).collect()
}

/// Everybody who came and went since, as it is now.
async fn moved(app: &App, conversation: ConversationId, mut page: Changes) -> Result<Vec<(UserId, bool)>, StoreError> {
    let mut moved = Vec::new();
    loop {
        moved.extend(page.items.iter().filter_map(|event| Change::of(event)?.moved));
        let Some(next) = page.next else { return Ok(moved) };
        match app.store.changes(UserId(0), conversation, next, PAGE).await? {
            Some(following) => page = following,
            None => return Ok(moved),
        }
    }
}

/// Fills a gap in what a user's devices were told of the user's own. Returns whether there is none any more.
async fn fill_personal(app: &Shared, user: UserId) -> Result<bool, StoreError> {
    let Some(after) = app.hub.personal_gap(user) else { return Ok(true) };
    let page = app.store.own_changes(user, after, PAGE).await?;
    count(app);
    for event in &page.items {
        if let Event::MembershipUpdated(e) = event
            && e.membership.state == MemberState::Joined
        {
            admit(app, user, e.membership.conversation_id, 0).await;
        }
    }
    app.hub.fill_personal(user, page.next.unwrap_or(page.head), &page.items);
    Ok(app.hub.personal_gap(user).is_none())
}
