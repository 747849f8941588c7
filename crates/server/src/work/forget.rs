//! Forget: carries out the deletion of an account.
//!
//! From its beginning nobody can use the account any more. Everything else is done piece by piece: each piece can be done
//! twice, and what is done is not found again, so that whoever takes the job up after a crash begins at the start and soon
//! is where it broke off. The name goes last: until then the job can still be told whose it is.

use std::collections::HashSet;

use laserchat_core::change::{Change, MessageAt};
use laserchat_core::{expiry, member};
use laserchat_protocol::deletion::DeletionReport;
use laserchat_protocol::{Code, ConversationId, Event, Problem, Seq, UserId};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::expire::{again, with_parents};
use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::engine::{Outcome, TRIES};

/// Messages that are looked at and erased at once.
const MESSAGES: usize = 100;
const REACTIONS: usize = 50;

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
    super::export::remove(app, account).await;
    let report = app.store.finish_deletion(account, app.ids.now()).await.map_err(failed)?;
    tracing::info!(user = %account, messages = report.messages, "an account was deleted");
    Ok(report)
}

/// Everything of one user: the account itself, or one of its bots.
async fn person(app: &App, account: UserId, user: UserId) -> Result<(), Problem> {
    for conversation in app.store.conversations_ever(user).await.map_err(failed)? {
        erase_messages(app, account, user, conversation).await?;
        take_back_reactions(app, account, user, conversation).await?;
        depart(app, account, user, conversation).await?;
    }
    let files = app.store.abandon_files(user, app.ids.now()).await.map_err(failed)?;
    if files > 0 {
        note(app, account, DeletionReport { files, ..DeletionReport::default() }).await?;
    }
    while app.store.erase_personal(account, user).await.map_err(failed)? {}
    app.store.erase_profile(user).await.map_err(failed)?;
    if let Some(user) = app.store.user(user).await.map_err(failed)? {
        app.presence.profile_changed(&user);
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
