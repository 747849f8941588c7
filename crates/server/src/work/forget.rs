//! Forget: carries out the deletion of an account.
//!
//! From its beginning nobody can use the account any more. Everything else is done piece by piece: each piece can be done
//! twice, and what is done is not found again, so that whoever takes the job up after a crash begins at the start and soon
//! is where it broke off. The name goes last: until then the job can still be told whose it is.

use std::collections::HashSet;
use std::time::Duration;

use laserchat_core::change::{Change, MessageAt};
use laserchat_core::{expiry, member};
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::{Code, ConversationId, Event, Problem, Seq, UserId};
use laserchat_store::TracePlace;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::expire::{again, with_parents};
use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::engine::{Outcome, TRIES};
use crate::uploads;

/// Messages that are looked at and erased at once.
const MESSAGES: usize = 100;
const REACTIONS: usize = 50;
const FILES: usize = 100;
/// Between two parts of the index, so that others get to write.
const SWEEP_PAUSE: Duration = Duration::from_millis(20);
/// When the log is in use, by a backup for one.
const SETTLE_PAUSE: Duration = Duration::from_millis(200);

/// Accounts that are being worked on, so that two do not work on one.
#[derive(Default)]
pub struct Running(Mutex<HashSet<UserId>>);

impl Running {
    fn begin(&self, user: UserId) -> bool {
        self.0.lock().insert(user)
    }

    fn end(&self, user: UserId) {
        self.0.lock().remove(&user);
    }
}

/// Takes up what was not finished, at the start and whenever something has failed.
pub async fn run(app: Shared, stop: CancellationToken) {
    loop {
        let mut fine = true;
        match app.store.unfinished_deletions().await {
            Ok(users) => {
                for user in users {
                    if stop.is_cancelled() {
                        return;
                    }
                    fine &= account(&app, user).await.is_ok();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "unfinished deletions could not be read");
                fine = false;
            }
        }
        let go_on = if fine { wait(&app, None, &app.wakers.deletions, &stop).await } else { pause(&stop).await };
        if !go_on {
            return;
        }
    }
}

/// Deletes an account whose deletion has begun. Somebody else may be at it; then the report says how far it is.
pub async fn account(app: &App, user: UserId) -> Result<DeletionReport, Problem> {
    if !app.wakers.deleting.begin(user) {
        return app.store.deletion(user).await.map_err(failed)?.ok_or(Code::NotFound.into());
    }
    let done = whole(app, user).await;
    app.wakers.deleting.end(user);
    if let Err(problem) = &done {
        tracing::warn!(%user, code = %problem.code, "the deletion of an account was interrupted, and is taken up again");
    }
    done
}

async fn whole(app: &App, account: UserId) -> Result<DeletionReport, Problem> {
    for bot in app.store.bots_to_delete(account).await.map_err(failed)? {
        person(app, account, bot).await?;
        note(app, account, DeletionReport { bots: 1, ..DeletionReport::default() }).await?;
    }
    person(app, account, account).await?;
    uploads::collect(app).await?;
    going_on(app)?;
    clear_traces(app).await?;
    let report = app.store.finish_deletion(account, app.ids.now()).await.map_err(failed)?;
    tracing::info!(user = %account, messages = report.messages, "an account was deleted");
    Ok(report)
}

/// Everything of one user: the account itself, or one of its bots.
async fn person(app: &App, account: UserId, user: UserId) -> Result<(), Problem> {
    for conversation in app.store.conversations_ever(user).await.map_err(failed)? {
        erase_messages(app, account, user, conversation).await?;
        take_back_reactions(app, account, user, conversation).await?;
        take_back_votes(app, account, user, conversation).await?;
        depart(app, account, user, conversation).await?;
    }
    while app.store.erase_personal(account, user).await.map_err(failed)? {}
    super::export::remove(app, user).await;
    // The profile lets go of the picture, so files come before it and after it.
    erase_files(app, user).await?;
    app.store.erase_profile(account, user).await.map_err(failed)?;
    erase_files(app, user).await?;
    if let Some(user) = app.store.user(user).await.map_err(failed)? {
        app.presence.profile_changed(&user);
    }
    Ok(())
}

/// Files that were not for a message or whose message is gone, and uploads that were under way.
async fn erase_files(app: &App, user: UserId) -> Result<(), Problem> {
    loop {
        let files = app.store.unused_files(user, FILES).await.map_err(failed)?;
        if files.is_empty() {
            return Ok(());
        }
        for file in files {
            // Whatever uses it now keeps it, and it is not found again.
            uploads::remove(app, file).await?;
        }
    }
}

/// A server that stops leaves the rest to its next start.
fn going_on(app: &App) -> Result<(), Problem> {
    if app.draining.is_cancelled() { Err(Code::Unavailable.into()) } else { Ok(()) }
}

/// Sees to it that what is erased is nowhere in the files of the store: not beside the rows that are there, not where the
/// index of search has been, and not in the log.
async fn clear_traces(app: &App) -> Result<(), Problem> {
    let mut at = Some(TracePlace::default());
    while let Some(part) = at {
        at = app.store.clear_traces(part).await.map_err(failed)?;
    }
    // A round that somebody else had begun may have passed by; the one after it has not.
    let mut begun = 0;
    while let Some(part) = app.store.sweep_index().await.map_err(failed)? {
        going_on(app)?;
        begun += usize::from(part == 0);
        if begun > 1 {
            break;
        }
        tokio::time::sleep(SWEEP_PAUSE).await;
    }
    while !app.store.settle().await.map_err(failed)? {
        going_on(app)?;
        tokio::time::sleep(SETTLE_PAUSE).await;
    }
    Ok(())
}

async fn note(app: &App, account: UserId, done: DeletionReport) -> Result<(), Problem> {
    app.store.note_deletion(account, done).await.map_err(failed)
}

async fn erase_messages(app: &App, account: UserId, user: UserId, conversation: ConversationId) -> Result<(), Problem> {
    let mut after: Seq = 0;
    loop {
        let (messages, next) = app.store.messages_of(user, conversation, after, MESSAGES).await.map_err(failed)?;
        if !messages.is_empty() {
            erase(app, account, user, conversation, with_parents(&messages)).await?;
        }
        match next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

async fn erase(
    app: &App,
    account: UserId,
    user: UserId,
    conversation: ConversationId,
    mut messages: Vec<(laserchat_protocol::Message, Option<laserchat_core::message::Parent>)>,
) -> Result<(), Problem> {
    for _ in 0..TRIES {
        let decided = messages.clone();
        let decide = move |_: &_, turn: &_| expiry::forget(&decided, user, turn);
        match app.engine.run(conversation, &[], decide).await {
            Ok(Outcome::Stale) => messages = again(app, messages).await?,
            Ok(Outcome::Done(events)) => {
                let erased = events
                    .iter()
                    .filter(|event| matches!(event, Event::MessageDeleted(e) if e.message.sender_id == user));
                let messages = erased.count() as u64;
                return note(app, account, DeletionReport { messages, ..DeletionReport::default() }).await;
            }
            Ok(_) => return Ok(()),
            // The whole conversation is gone, and its messages with it.
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            Err(problem) => return Err(problem),
        }
    }
    Err(Code::Conflict.into())
}

async fn take_back_reactions(
    app: &App,
    account: UserId,
    user: UserId,
    conversation: ConversationId,
) -> Result<(), Problem> {
    let mut failures = 0;
    loop {
        let reacted = app.store.reacted(user, conversation, 0, REACTIONS).await.map_err(failed)?;
        if reacted.is_empty() {
            return Ok(());
        }
        for (message, emoji) in reacted {
            let at = MessageAt::from(&message);
            let decide = move |_: &_, turn: &laserchat_core::Turn| {
                Ok(vec![Change::Reacted { at, user, emoji: emoji.clone(), added: false, now: turn.now }])
            };
            match app.engine.run(conversation, &[], decide).await {
                Ok(Outcome::Done(_)) => {
                    note(app, account, DeletionReport { reactions: 1, ..DeletionReport::default() }).await?;
                }
                // Another reaction on the same message has changed it: the next look finds it as it is now.
                Ok(_) if failures < TRIES * REACTIONS => failures += 1,
                Ok(_) => return Err(Code::Conflict.into()),
                Err(problem) if problem.code == Code::NotFound => return Ok(()),
                Err(problem) => return Err(problem),
            }
        }
    }
}

/// In polls that are open. The result of one that is closed stays, but not who voted for what.
async fn take_back_votes(
    app: &App,
    account: UserId,
    user: UserId,
    conversation: ConversationId,
) -> Result<(), Problem> {
    let mut failures = 0;
    loop {
        let voted = app.store.voted(user, conversation, REACTIONS).await.map_err(failed)?;
        if voted.is_empty() {
            return Ok(());
        }
        for message in voted {
            let at = MessageAt::from(&message);
            let decide = move |_: &_, turn: &laserchat_core::Turn| {
                Ok(vec![Change::Voted { at, user, options: Vec::new(), now: turn.now }])
            };
            match app.engine.run(conversation, &[], decide).await {
                Ok(Outcome::Done(_)) => {
                    note(app, account, DeletionReport { votes: 1, ..DeletionReport::default() }).await?;
                }
                // Somebody else has voted too: the next look finds the poll as it is now.
                Ok(_) if failures < TRIES * REACTIONS => failures += 1,
                Ok(_) => return Err(Code::Conflict.into()),
                Err(problem) if problem.code == Code::NotFound => return Ok(()),
                Err(problem) => return Err(problem),
            }
        }
    }
}

async fn depart(app: &App, account: UserId, user: UserId, conversation: ConversationId) -> Result<(), Problem> {
    for _ in 0..TRIES {
        let heir = app.store.heir(conversation, user).await.map_err(failed)?;
        let users: Vec<UserId> = [user].into_iter().chain(heir).collect();
        let decide = move |room: &laserchat_core::Room, turn: &laserchat_core::Turn| {
            // Whoever was to have the conversation may have left just now.
            if let Some(heir) = heir.filter(|heir| room.joined(*heir).is_none()) {
                tracing::debug!(%heir, "an heir has left");
                return Err(Code::Conflict.into());
            }
            member::depart(room, user, heir, turn)
        };
        let events = match app.engine.run(conversation, &users, decide).await {
            Ok(Outcome::Done(events)) => events,
            Ok(_) => return Ok(()),
            Err(problem) if problem.code == Code::Conflict => continue,
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            Err(problem) => return Err(problem),
        };
        let mut done = DeletionReport::default();
        for event in &events {
            match event {
                Event::ConversationDeleted(_) => done.conversations_deleted += 1,
                Event::MemberRemoved(_) => done.conversations_left += 1,
                Event::MemberUpdated(_) => done.conversations_handed_over += 1,
                _ => {}
            }
        }
        return if events.is_empty() { Ok(()) } else { note(app, account, done).await };
    }
    Err(Code::Conflict.into())
}
