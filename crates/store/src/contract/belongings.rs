//! Belongings: what one user keeps for oneself and finds on all of one's devices. Drafts, scheduled messages, reminders and
//! saved messages are all stored in one way, numbered by the user's version like memberships and contacts.

use async_trait::async_trait;
use laserchat_protocol::reminder::ReminderState;
use laserchat_protocol::scheduled::ScheduledState;
use laserchat_protocol::{
    ConversationId, Draft, Event, MessageId, Page, Reminder, ReminderId, Saved, Scheduled, ScheduledId, Timestamp,
    UserId, Version,
};

use super::Result;

/// What names a belonging among those of its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BelongingKey {
    /// One per conversation, and one per thread in it.
    Draft(ConversationId, Option<MessageId>),
    Scheduled(ScheduledId),
    Reminder(ReminderId),
    Saved(MessageId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BelongingKind {
    Draft,
    Scheduled,
    Reminder,
    Saved,
}

/// A belonging in its present state. Its version is set by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Belonging {
    Draft(Draft),
    Scheduled(Scheduled),
    Reminder(Reminder),
    Saved(Saved),
}

impl Belonging {
    pub fn key(&self) -> BelongingKey {
        match self {
            Belonging::Draft(draft) => BelongingKey::Draft(draft.conversation_id, draft.parent_id),
            Belonging::Scheduled(scheduled) => BelongingKey::Scheduled(scheduled.id),
            Belonging::Reminder(reminder) => BelongingKey::Reminder(reminder.id),
            Belonging::Saved(saved) => BelongingKey::Saved(saved.message_id),
        }
    }

    pub fn version(&self) -> Version {
        match self {
            Belonging::Draft(draft) => draft.version,
            Belonging::Scheduled(scheduled) => scheduled.version,
            Belonging::Reminder(reminder) => reminder.version,
            Belonging::Saved(saved) => saved.version,
        }
    }

    /// Only its tombstone is left: it is in no list and counts towards no limit.
    pub fn is_gone(&self) -> bool {
        match self {
            Belonging::Draft(draft) => draft.is_gone(),
            Belonging::Scheduled(scheduled) => {
                matches!(scheduled.state, ScheduledState::Sent | ScheduledState::Deleted)
            }
            Belonging::Reminder(reminder) => reminder.state == ReminderState::Done,
            Belonging::Saved(saved) => saved.saved_at.is_none(),
        }
    }

    /// When something has to be done with it.
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Belonging::Scheduled(scheduled) if scheduled.state == ScheduledState::Waiting => Some(scheduled.send_at),
            Belonging::Reminder(reminder) if reminder.state == ReminderState::Waiting => Some(reminder.remind_at),
            _ => None,
        }
    }
}

/// Why a belonging was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BelongingRefusal {
    /// It has changed since the version that the writer named; this is its state.
    Stale(Box<Belonging>),
    /// The owner has as many of this kind as one may have.
    LimitReached,
}

/// A belonging to be written.
#[derive(Debug, Clone)]
pub struct Keep {
    pub user: UserId,
    pub belonging: Belonging,
    /// The version of it that the writer has seen, 0 for none. `None` writes over whatever there is.
    pub based_on: Option<Version>,
    /// How many of this kind that are not gone one user may have.
    pub limit: usize,
}

/// A belonging whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub user: UserId,
    pub belonging: Belonging,
    /// When it is to be looked at: its own time, or later when it was put off.
    pub due: Timestamp,
}

#[async_trait]
pub trait Belongings {
    /// Writes one, and returns it with its new version and the event for the owner's devices. Writing what is there already,
    /// or clearing what was never there, changes nothing and has no event.
    async fn keep(&self, keep: Keep) -> Result<Result<(Belonging, Option<Event>), BelongingRefusal>>;

    /// One of them, tombstones included.
    async fn belonging(&self, user: UserId, key: BelongingKey) -> Result<Option<Belonging>>;

    /// Those of a kind that are not gone, the last changed first.
    async fn belongings(
        &self,
        user: UserId,
        kind: BelongingKind,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Belonging>>;

    /// Those whose time has come, the longest overdue first.
    async fn due_belongings(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>>;

    /// Looks at one again at another time, without its owner noticing. Only if it is still of this version.
    async fn put_off(&self, user: UserId, key: BelongingKey, version: Version, until: Timestamp) -> Result<()>;

    /// Everything that waits for a wall time, of one user or of all: for when time zones or their rules change.
    async fn waiting(&self, user: Option<UserId>) -> Result<Vec<(UserId, Belonging)>>;

    /// When the next belonging or poll is due.
    async fn next_moment(&self) -> Result<Option<Timestamp>>;
}
