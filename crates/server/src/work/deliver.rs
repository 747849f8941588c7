//! Deliver: sends what outgoing webhooks are owed.
//!
//! One request at a time for each webhook, some webhooks at once. A delivery keeps its id in every attempt, and what came
//! of some attempts is written down after them: a process that dies between the two sends again, under the same ids.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use laserchat_protocol::webhook::{DeliveryAnswer, DeliveryState};
use laserchat_protocol::{Timestamp, WebhookId};
use laserchat_store::{Attempted, DueDelivery};
use reqwest::Method;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{pause, signature, wait};
use crate::app::{App, Shared};
use crate::outbound::{Answer, Failure};

/// Webhooks that are sent to at once.
const AT_ONCE: usize = 16;
/// Deliveries of one webhook whose outcome is written down together, and how long that is put off for others to join.
const TOGETHER: usize = 32;
const GATHER: Duration = Duration::from_millis(250);
/// Attempts at one delivery: with pauses that grow fourfold up to a day, more than four days' worth.
const ATTEMPTS: u32 = 12;
const LONGEST_PAUSE: i64 = 86_400;
/// A webhook at which nothing has arrived for so long is switched off.
const PATIENCE_MS: i64 = 5 * 86_400_000;
/// Of an answer so much is read, and so much is kept for the log of deliveries.
const READ: usize = 4096;
const KEPT: usize = 500;

pub async fn run(app: Shared, stop: CancellationToken) {
    let mut sending = JoinSet::new();
    let mut busy: HashSet<WebhookId> = HashSet::new();
    loop {
        let due = app.store.webhooks_due(app.ids.now()).await;
        let next = match (due, app.store.next_delivery().await) {
            (Ok(due), Ok(next)) => {
                for webhook in due {
                    if sending.len() < AT_ONCE && busy.insert(webhook) {
                        let app = app.clone();
                        sending.spawn(async move { (webhook, deliver(&app, webhook).await) });
                    }
                }
                next
            }
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!(%error, "what webhooks are owed could not be read");
                Some(Timestamp(app.ids.now().0 + 5000))
            }
        };
        // Those that are being sent to have something due all the time; they say themselves when they are done.
        let next = if busy.is_empty() { next } else { next.map(|next| next.max(Timestamp(app.ids.now().0 + 1000))) };
        tokio::select! {
            Some(done) = sending.join_next() => match done {
                Ok((webhook, written)) => {
                    busy.remove(&webhook);
                    // The same again at once would be a loop, if its outcome cannot be written down.
                    if !written && !pause(&stop).await {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "sending to a webhook panicked");
                    busy.clear();
                }
            },
            go_on = wait(&app, next, &app.wakers.deliveries, &stop) => if !go_on {
                return;
            },
        }
    }
}

/// Sends some of what a webhook is owed, one after the other, until one does not arrive. Returns whether what came of it is
/// written down.
async fn deliver(app: &App, webhook: WebhookId) -> bool {
    let begun = Instant::now();
    let due = match app.store.due_deliveries(webhook, app.ids.now(), TOGETHER).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, %webhook, "what a webhook is owed could not be read");
            return false;
        }
    };
    let mut done = Vec::with_capacity(due.len());
    for delivery in due {
        let attempted = attempt(app, &delivery).await;
        let arrived = attempted.state == DeliveryState::Delivered;
        done.push((delivery.id, attempted));
        if !arrived || begun.elapsed() > GATHER || app.draining.is_cancelled() {
            break;
        }
    }
    let written = app.store.deliveries_attempted(done).await;
    if let Err(error) = &written {
        tracing::warn!(%error, %webhook, "what came of deliveries could not be written down");
    }
    written.is_ok()
}

async fn attempt(app: &App, due: &DueDelivery) -> Attempted {
    let (begun, now) = (Instant::now(), app.ids.now());
    let answer = send(app, due, now).await;
    let attempted = judge(app, due, answer, now, begun.elapsed());
    let outcome = match attempted.state {
        DeliveryState::Delivered => "delivered",
        DeliveryState::Pending => "put_off",
        DeliveryState::Failed => "failed",
    };
    metrics::counter!("laserchat_webhook_attempts_total", "outcome" => outcome).increment(1);
    if let Some(reason) = &attempted.disable {
        tracing::warn!(webhook = %due.webhook, reason, "a webhook was switched off");
    }
    attempted
}

async fn send(app: &App, due: &DueDelivery, now: Timestamp) -> Result<Answer, Failure> {
    let mut request = app.outbound.request(Method::POST, &due.url)?.header(CONTENT_TYPE, "application/json");
    for (name, value) in signature::headers(&format!("msg_{}", due.id), now, &due.body, &due.secrets) {
        request = request.header(name, value);
    }
    app.outbound.send(request.body(due.body.clone()), READ).await
}

/// What an answer means for the delivery and its webhook.
fn judge(app: &App, due: &DueDelivery, answer: Result<Answer, Failure>, now: Timestamp, took: Duration) -> Attempted {
    let mut told = DeliveryAnswer { at: now, ms: took.as_millis() as u64, status: None, error: None, body: None };
    let arrived = match &answer {
        Ok(answer) => {
            told.status = Some(answer.status.as_u16());
            told.body = Some(beginning(&answer.body)).filter(|body| !body.is_empty());
            answer.status.is_success()
        }
        Err(failure) => {
            told.error = Some(failure.to_string());
            false
        }
    };
    if arrived {
        return Attempted { answer: told, state: DeliveryState::Delivered, next_at: None, disable: None };
    }
    let gone = matches!(&answer, Ok(answer) if answer.status == StatusCode::GONE);
    let late = due.failing_since.is_some_and(|since| now.0 - since.0 > PATIENCE_MS);
    let disable = if gone {
        Some("its address answered that it is gone".to_owned())
    } else if late {
        Some("nothing has arrived for five days".to_owned())
    } else {
        None
    };
    let attempts = due.attempts + 1;
    if gone || attempts >= ATTEMPTS {
        return Attempted { answer: told, state: DeliveryState::Failed, next_at: None, disable };
    }
    let seconds = i64::from(app.config.webhooks.retry_seconds) * 4i64.pow(due.attempts.min(12));
    let next_at = Timestamp(now.0 + seconds.min(LONGEST_PAUSE) * 1000);
    Attempted { answer: told, state: DeliveryState::Pending, next_at: Some(next_at), disable }
}

/// The first characters of an answer, for people to read.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().filter(|c| !c.is_control() || *c == '\n').take(KEPT).collect()
}
