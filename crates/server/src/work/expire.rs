//! Expire: erases messages whose time has come, as a rule of the conversation or of the server says.
//!
//! A conversation is looked at when its oldest message is due, which its row in the store says. Messages lie in the order
//! in which they were sent, so the walk over them stops at the first that is not due, and begins there the next time. What
//! is erased is erased by the engine, like any deletion. Dying in the middle costs a second look at a few tombstones.

use laserchat_core::expiry::{self, lifetime};
use laserchat_core::message::Parent;
use laserchat_protocol::{ConversationId, Message, Problem, Timestamp};
use laserchat_store::ExpiryDue;
use tokio_util::sync::CancellationToken;

use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::engine::{Outcome, TRIES};

/// Messages that are looked at, and erased, at once: messages that people send never wait behind many.
const MESSAGES: usize = 50;
const CONVERSATIONS: usize = 50;
/// Conversations that are put under the server's rule at once, and how often it is looked for new ones.
const ENROLLED: usize = 500;
const ENROL_EVERY_MS: i64 = 3_600_000;

pub async fn run(app: Shared, stop: CancellationToken) {
    // Ids rise, so what is new lies after the last that was seen.
    let mut enrolled = ConversationId(0);
    let mut enrol_at = Timestamp(0);
    loop {
        let now = app.ids.now();
        let worked = async {
            if retention(&app).is_some() && now >= enrol_at {
                while let Some(last) = app.store.enroll_all(enrolled, ENROLLED, now).await.map_err(failed)? {
                    enrolled = last;
                }
                enrol_at = Timestamp(now.0 + ENROL_EVERY_MS);
            }
            loop {
                let due = app.store.expiry_due(app.ids.now(), CONVERSATIONS).await.map_err(failed)?;
                if due.is_empty() || stop.is_cancelled() {
                    break;
                }
                for due in due {
                    look(&app, due).await?;
                }
            }
            app.store.next_expiry().await.map_err(failed)
        };
        let next = match worked.await {
            Ok(next) => next,
            // It was logged where it happened.
            Err(_) if pause(&stop).await => continue,
            Err(_) => return,
        };
        let next =
            if retention(&app).is_some() { Some(next.map_or(enrol_at, |next| next.min(enrol_at))) } else { next };
        if !wait(&app, next, &app.wakers.expiry, &stop).await {
            return;
        }
    }
}

/// The server's own rule, in seconds.
fn retention(app: &App) -> Option<u64> {
    (app.config.retention.days > 0).then(|| u64::from(app.config.retention.days) * 86_400)
}

/// Erases what is due in one conversation, and writes down when to look again.
async fn look(app: &App, due: ExpiryDue) -> Result<(), Problem> {
    let Some(lifetime) = lifetime(due.expire_seconds, retention(app)) else {
        return app.store.expiry_done(due, due.upto, None).await.map_err(failed);
    };
    let mut upto = due.upto;
    loop {
        let (messages, more) = app.store.texts_after(due.conversation, upto, MESSAGES).await.map_err(failed)?;
        let now = app.ids.now();
        let first_later = messages.iter().position(|(message, _)| expiry::due(message, lifetime) > now);
        let (ready, later) = messages.split_at(first_later.unwrap_or(messages.len()));
        if !ready.is_empty() && !erase(app, due.conversation, ready).await? {
            // The conversation is gone, or what was to be erased keeps changing: another look will tell.
            return app.store.expiry_done(due, upto, Some(Timestamp(now.0 + 1000))).await.map_err(failed);
        }
        upto = ready.last().map_or(upto, |(message, _)| message.seq);
        let next = match (later.first(), more) {
            (Some((message, _)), _) => expiry::due(message, lifetime),
            (None, Some(seen)) => {
                upto = seen;
                continue;
            }
            // A message that is sent from now on is due no sooner than this.
            (None, None) => Timestamp(now.0).plus_seconds(lifetime),
        };
        return app.store.expiry_done(due, upto, Some(next)).await.map_err(failed);
    }
}

/// Erases messages, each given with its parent. Returns false when it did not come about.
async fn erase(
    app: &App,
    conversation: ConversationId,
    messages: &[(Message, Option<Message>)],
) -> Result<bool, Problem> {
    let mut messages = with_parents(messages);
    let retention = retention(app);
    for _ in 0..TRIES {
        let decided = messages.clone();
        let decide = move |room: &_, turn: &_| expiry::expire(room, &decided, retention, turn);
        match app.engine.run(conversation, &[], decide).await {
            Ok(Outcome::Stale) => messages = again(app, messages).await?,
            Ok(_) => {
                metrics::counter!("laserchat_expired_messages_total").increment(messages.len() as u64);
                return Ok(true);
            }
            Err(problem) if problem.code == laserchat_protocol::Code::NotFound => return Ok(false),
            Err(problem) => return Err(problem),
        }
    }
    Ok(false)
}

/// Messages and what a rule needs to know of their parents.
pub(super) fn with_parents(messages: &[(Message, Option<Message>)]) -> Vec<(Message, Option<Parent>)> {
    messages.iter().map(|(message, parent)| (message.clone(), parent.as_ref().map(Parent::from))).collect()
}

/// The same messages as they are now.
pub(super) async fn again(
    app: &App,
    messages: Vec<(Message, Option<Parent>)>,
) -> Result<Vec<(Message, Option<Parent>)>, Problem> {
    let mut now = Vec::with_capacity(messages.len());
    for (message, parent) in messages {
        let found = app.store.message(message.sender_id, message.id).await.map_err(failed)?;
        now.extend(found.map(|message| (message, parent)));
    }
    Ok(now)
}
