//! Due: what the server does by itself when a time has come. Scheduled messages are sent, reminders fall due, polls close.
//!
//! A worker sleeps until the earliest time in the store, or until it is woken because something earlier was added. What is
//! due stays due in the store until it is done, and doing it twice does it once: a message is sent under a name that is made
//! of its row, a reminder and a poll are in their new state already. So the worker may die at any point, and the next one
//! goes on.

pub mod moment;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use laserchat_protocol::{Timestamp, UserId};
use laserchat_store::{Belonging, Due, Result};
use tokio_util::sync::CancellationToken;

use crate::actions::{poll, reminder, scheduled};
use crate::app::{App, Shared};

/// The longest sleep: clocks are set, and machines are put to sleep themselves.
const LONGEST: Duration = Duration::from_secs(60);
/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(2);
/// What is taken at once.
const BATCH: usize = 200;
/// People whose things are done at the same time, so that many messages at nine o'clock share their commits.
const AT_ONCE: usize = 32;

/// Runs until the server stops.
pub async fn run(app: Shared, stop: CancellationToken) {
    let mut reworked = false;
    loop {
        let result = async {
            if !reworked {
                // This program may know other rules of time zones than the one before it.
                rework(&app, None).await?;
                reworked = true;
            }
            round(&app, &stop).await
        };
        let pause = match result.await {
            Ok(next) => until(next, app.ids.now()),
            Err(error) => {
                tracing::warn!(%error, "what is due could not be done");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.due.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let wait = next.map_or(LONGEST, |next| Duration::from_millis(next.0.saturating_sub(now.0).max(0) as u64));
    wait.min(LONGEST)
}

/// Does all that is due, and says when the next is.
async fn round(app: &Shared, stop: &CancellationToken) -> Result<Option<Timestamp>> {
    while !stop.is_cancelled() {
        let now = app.ids.now();
        let due = app.store.due_belongings(now, BATCH).await?;
        let polls = app.store.due_polls(now, BATCH).await?;
        let full = due.len() == BATCH || polls.len() == BATCH;
        // What one person has due happens in order, what several have at the same time.
        let mut people: BTreeMap<UserId, Vec<Due>> = BTreeMap::new();
        for one in due {
            people.entry(one.user).or_default().push(one);
        }
        let all = stream::iter(people.into_values()).map(|theirs| async {
            for one in theirs.into_iter().take_while(|_| !stop.is_cancelled()) {
                attend(app, one).await?;
            }
            Ok(())
        });
        let results: Vec<Result<()>> = all.buffer_unordered(AT_ONCE).collect().await;
        results.into_iter().collect::<Result<()>>()?;
        for message in polls {
            poll::expire(app, &message).await?;
        }
        if !full {
            break;
        }
    }
    app.store.next_moment().await
}

async fn attend(app: &App, due: Due) -> Result<()> {
    match due.belonging {
        Belonging::Scheduled(scheduled) => scheduled::send(app, due.user, scheduled.id).await,
        Belonging::Reminder(reminder) => reminder::remind(app, due.user, reminder.id).await,
        // Neither has a time.
        Belonging::Draft(_) | Belonging::Saved(_) => Ok(()),
    }
}

/// Works out again when everything with a wall time is due: of one user, whose time zone has changed, or of all.
pub async fn rework(app: &App, user: Option<UserId>) -> Result<()> {
    for (owner, belonging) in app.store.waiting(user).await? {
        match belonging {
            Belonging::Scheduled(scheduled) => scheduled::rework(app, owner, scheduled.id).await?,
            Belonging::Reminder(reminder) => reminder::rework(app, owner, reminder.id).await?,
            Belonging::Draft(_) | Belonging::Saved(_) => {}
        }
    }
    Ok(())
}
