//! Notifications: what people want to be told of, who might want to hear of a message, and what they were told.

use async_trait::async_trait;
use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::notification::{ActivityItem, NotificationSettings, NotificationUpdate};
use laserchat_protocol::{
    ConversationId, DeviceId, Event, MessageId, Notify, NotifyLevel, NotifyReason, Page, Seq, SessionId, Timestamp,
    UserId,
};

use super::{FollowerStep, Result};

/// Which members of a conversation to look at, and what of them.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub conversation: ConversationId,
    /// All members; otherwise, in a channel, those who might want to hear of a message that mentions only `mentioned`.
    pub everybody: bool,
    pub mentioned: Vec<UserId>,
    /// Who wrote the messages.
    pub senders: Vec<UserId>,
    /// What the messages reply to.
    pub parents: Vec<MessageId>,
    /// Whether members were told of this message already.
    pub retold: Option<MessageId>,
    /// Users after this one, by id.
    pub after: UserId,
    pub limit: usize,
}

/// Those who might want to hear of messages in a conversation.
#[derive(Debug, Clone)]
pub struct Audience {
    pub kind: ConversationKind,
    /// How far an earlier telling got that was interrupted.
    pub told: Option<Told>,
    /// By ascending id; fewer than `limit` only at the end.
    pub listeners: Vec<Listener>,
}

/// A member, with everything that decides whether to tell of a message.
#[derive(Debug, Clone)]
pub struct Listener {
    pub user: UserId,
    pub bot: bool,
    pub disabled: bool,
    /// The seq at which the member joined last.
    pub joined: Seq,
    pub read: Seq,
    pub notify: Notify,
    pub muted_until: Option<Timestamp>,
    /// Of `people`, only the senders who were asked about.
    pub settings: NotificationSettings,
    pub time_zone: Option<String>,
    /// Those of the parents whose thread the member follows.
    pub follows: Vec<MessageId>,
    /// Those of the senders with a block in either direction.
    pub blocked: Vec<UserId>,
    pub devices: Vec<ListeningDevice>,
    /// The member was told of the message that was asked about.
    pub retold: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListeningDevice {
    pub id: DeviceId,
    pub level: Option<NotifyLevel>,
    pub session: SessionId,
}

/// Somebody is told of a message.
#[derive(Debug, Clone)]
pub struct Notice {
    pub user: UserId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub seq: Seq,
    pub sender: UserId,
    pub reason: NotifyReason,
    pub at: Timestamp,
    /// It is an entry of the user's activity.
    pub listed: bool,
    /// It is for a digest by e-mail, which is due then if none waits already.
    pub digest_at: Option<Timestamp>,
    /// The devices that get a push, and not before when.
    pub devices: Vec<DeviceId>,
    pub due_at: Timestamp,
}

/// How far the telling of one message has got, when it takes more than one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub conversation: ConversationId,
    pub seq: Seq,
    /// Everybody up to this user has been told.
    pub user: UserId,
}

#[async_trait]
pub trait Notifications {
    async fn notification_settings(&self, user: UserId) -> Result<NotificationSettings>;

    /// Changes settings; what is `None` stays. The event is for the user's own devices.
    async fn update_notifications(
        &self,
        user: UserId,
        update: NotificationUpdate,
    ) -> Result<(NotificationSettings, Event)>;

    /// What a user was told of, newest first, before a message: without what is deleted since, and only from
    /// conversations that the user is in.
    async fn activity(&self, user: UserId, before: Option<MessageId>, limit: usize) -> Result<Page<ActivityItem>>;

    /// Those who might want to hear. One answer for each question, in order; `None`: no such conversation.
    async fn audiences(&self, questions: Vec<Question>) -> Result<Vec<Option<Audience>>>;

    /// Whom edits after a seq have added to the mentions of messages, with the seqs of these messages. User 0 is everyone.
    async fn mentions_added(&self, conversation: ConversationId, after: Seq) -> Result<Vec<(Seq, UserId)>>;

    /// Writes entries of activity and pushes, and in the same commit how far the telling has got. Nobody is told twice of an
    /// entry. False: nothing was written, because somebody else has got further.
    async fn notify(&self, notices: Vec<Notice>, progress: Progress) -> Result<bool>;

    /// Forgets activity from before a moment, and devices of sessions that were last renewed before another.
    async fn tidy_notifications(&self, activity: Timestamp, sessions: Timestamp) -> Result<()>;
}

/// How far a follower has got with what it tells.
#[derive(Debug, Clone)]
pub struct Progress {
    pub follower: &'static str,
    /// What it is about: its cursors are where these begin, or nothing is written.
    pub steps: Vec<FollowerStep>,
    /// Marks on the way there, each further than the one before; `None`: all of it is done, and the cursors move.
    pub partly: Option<Vec<Told>>,
}
