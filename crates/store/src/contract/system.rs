//! The store as a whole: its epoch, keys and settings, answers kept for retries, backup and health.

use std::path::Path;

use async_trait::async_trait;
use laserchat_protocol::emoji::EmojiFrom;
use laserchat_protocol::server::Registration;
use laserchat_protocol::{Timestamp, UserId};

use super::{Result, SecretHash};

/// A key that signs access tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub kid: String,
    pub secret: [u8; 32],
    pub created_at: Timestamp,
}

/// What the owner sets at run time; absent values come from the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub name: Option<String>,
    pub registration: Option<Registration>,
    pub custom_emoji: Option<EmojiFrom>,
}

/// The answer to a request that carried an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// A digest of method, path and body, so that a key is not reused for something else.
    pub request: SecretHash,
    pub status: u16,
    pub body: Vec<u8>,
}

/// How much there is, for the operator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub users: u64,
    pub conversations: u64,
    pub messages: u64,
    pub bytes: u64,
}

#[async_trait]
pub trait System {
    /// The name of this life of the store.
    fn epoch(&self) -> String;

    /// All signing keys, the newest first; at least one exists once the store was opened.
    async fn signing_keys(&self) -> Result<Vec<SigningKey>>;

    async fn add_signing_key(&self, key: SigningKey) -> Result<()>;

    async fn settings(&self) -> Result<Settings>;

    async fn set_settings(&self, settings: Settings) -> Result<()>;

    /// The secret of the link that makes the first account the owner. Replaces an earlier one.
    async fn set_owner_code(&self, code: SecretHash) -> Result<()>;

    async fn owner_code(&self) -> Result<Option<SecretHash>>;

    async fn kept_answer(&self, user: UserId, key: &str) -> Result<Option<KeptAnswer>>;

    /// Keeps an answer, and forgets those older than a day.
    async fn keep_answer(&self, user: UserId, key: &str, answer: KeptAnswer, now: Timestamp) -> Result<()>;

    /// Writes a consistent copy of the whole store to a new file while it is in use.
    async fn backup(&self, to: &Path) -> Result<()>;

    /// Checks the store's own integrity; each line is a finding, none is good.
    async fn check(&self) -> Result<Vec<String>>;

    /// Answers if the store can be written to.
    async fn ping(&self) -> Result<()>;

    async fn counts(&self) -> Result<Counts>;
}
