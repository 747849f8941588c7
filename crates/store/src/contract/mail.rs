//! Mail: addresses that are to be confirmed, and digests of what people missed.
//!
//! Both are rows with a time at which they are looked at. A row is begun before anything is sent, and settled after the
//! mail server's answer; between the two nothing can know whether it was taken.

use async_trait::async_trait;
use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::notification::DigestEvery;
use laserchat_protocol::user::Account;
use laserchat_protocol::{Event, Message, NotifyReason, Timestamp, UserId, UserSummary};

use super::Result;

/// What the link that confirms an address is made from; new with every request, so that older links are worth nothing.
pub type Nonce = [u8; 16];

/// Somebody wants mail at an address.
#[derive(Debug, Clone)]
pub struct NewEmailRequest {
    pub user: UserId,
    pub address: String,
    pub nonce: Nonce,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailRequest {
    pub user: UserId,
    pub username: String,
    pub address: String,
    pub nonce: Nonce,
    pub language: Option<String>,
    pub requested_at: Timestamp,
    /// Attempts to send the link, this one included.
    pub tries: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailRefusal {
    /// Another account has confirmed it.
    Taken,
}

/// An account that has changed, with the event for its owner's devices.
pub type ChangedAccount = (Account, Event);

/// A mail whose time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueMail {
    /// The link that confirms an address.
    Link(UserId),
    Digest(UserId),
}

/// What one person missed, as it is now: without what was read, deleted or left since.
#[derive(Debug, Clone)]
pub struct Digest {
    pub user: UserId,
    /// With the user it names this digest, for every attempt to send it.
    pub number: u64,
    pub address: String,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub every: DigestEvery,
    /// The reader wants no names and no text in it.
    pub hidden: bool,
    /// When the first attempt began.
    pub begun_at: Timestamp,
    /// Attempts, this one included.
    pub tries: u32,
    /// Oldest first, at most as many as asked for, of all that there are.
    pub entries: Vec<DigestEntry>,
    pub total: usize,
}

#[derive(Debug, Clone)]
pub struct DigestEntry {
    pub reason: NotifyReason,
    pub message: Message,
    pub sender: UserSummary,
    pub kind: ConversationKind,
    pub name: Option<String>,
}

/// What became of an attempt to send a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailResult {
    Sent,
    /// To be tried again then.
    Later(Timestamp),
    /// It will never be taken at this address.
    Refused,
    /// It was tried for long enough. What a digest would have told goes into the next one.
    GivenUp,
}

#[async_trait]
pub trait Mail {
    /// Notes that an address waits to be confirmed, in place of one that waited before. An address that is the account's
    /// own and confirmed already waits for nothing. `None`: there is no such account.
    async fn request_email(&self, request: NewEmailRequest) -> Result<Result<Option<ChangedAccount>, EmailRefusal>>;

    /// What waits to be confirmed, unless it has expired.
    async fn email_request(&self, user: UserId, now: Timestamp) -> Result<Option<EmailRequest>>;

    /// Gives a confirmed address to its account. Whoever had it without confirming it has none then. The first account is
    /// that of the user; none at all says that there was nothing to confirm.
    async fn confirm_email(&self, user: UserId, nonce: Nonce, now: Timestamp) -> Result<Vec<ChangedAccount>>;

    /// The mails whose time has come, the longest overdue first.
    async fn due_mail(&self, now: Timestamp, limit: usize) -> Result<Vec<DueMail>>;

    /// When the next mail is due.
    async fn next_mail(&self) -> Result<Option<Timestamp>>;

    /// Begins an attempt to send a link; should nobody settle it, the next one is due at `lease`. `None`: there is nothing
    /// to send any more.
    async fn begin_link(&self, user: UserId, now: Timestamp, lease: Timestamp) -> Result<Option<EmailRequest>>;

    async fn settle_link(&self, user: UserId, nonce: Nonce, result: MailResult) -> Result<()>;

    /// Begins an attempt to send a digest. The first attempt decides what it may tell: what comes later is for the next
    /// one, so that the same name never stands for different things. `None`: there is nothing to send any more.
    async fn begin_digest(
        &self,
        user: UserId,
        now: Timestamp,
        lease: Timestamp,
        entries: usize,
    ) -> Result<Option<Digest>>;

    /// `next`: when the next one is due, if something waits for it already.
    async fn settle_digest(&self, user: UserId, number: u64, result: MailResult, next: Timestamp) -> Result<()>;

    /// Looks at a digest again at another time, because its reader is here.
    async fn put_off_digest(&self, user: UserId, until: Timestamp) -> Result<()>;

    /// Makes due what was being sent when the process died.
    async fn resume_mail(&self, now: Timestamp) -> Result<()>;

    /// The key from which links in mails are made: the kept one, or this one from now on.
    async fn mail_key(&self, fresh: [u8; 32]) -> Result<[u8; 32]>;
}
