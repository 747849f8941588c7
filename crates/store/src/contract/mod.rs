//! The contract: what the server asks of a store, one trait per noun, and the errors they share.

mod belongings;
mod contacts;
mod conversations;
mod deletions;
mod devices;
mod emoji;
mod expiry;
mod exports;
mod files;
mod followers;
mod invitations;
mod leases;
mod log;
mod mail;
mod memberships;
mod notifications;
mod positions;
mod previews;
mod pushes;
mod search;
mod sessions;
mod slash;
mod system;
mod tokens;
mod users;
mod webhooks;

pub use belongings::*;
pub use contacts::*;
pub use conversations::*;
pub use deletions::*;
pub use devices::*;
pub use emoji::*;
pub use expiry::*;
pub use exports::*;
pub use files::*;
pub use followers::*;
pub use invitations::*;
pub use leases::*;
pub use log::*;
pub use mail::*;
pub use memberships::*;
pub use notifications::*;
pub use positions::*;
pub use previews::*;
pub use pushes::*;
pub use search::*;
pub use sessions::*;
pub use slash::*;
pub use system::*;
pub use tokens::*;
pub use users::*;
pub use webhooks::*;

/// All of the contract. A backend is one type that implements every part.
pub trait Store:
    Log
    + Conversations
    + Memberships
    + Belongings
    + Users
    + Sessions
    + Contacts
    + Emojis
    + Invitations
    + Tokens
    + Files
    + Followers
    + Search
    + Devices
    + Notifications
    + Pushes
    + Mail
    + System
    + Expiry
    + Webhooks
    + SlashCommands
    + Previews
    + Exports
    + Deletions
    + Leases
    + Positions
    + Send
    + Sync
    + 'static
{
}

/// The store could not do it; nothing was changed. Every refusal that a caller can act on is typed apart from this.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("the store is not available: {0}")]
    Unavailable(String),
    #[error("the store holds something that it cannot read: {0}")]
    Corrupt(String),
    #[error("the database is of version {found}, newer than {known}, the newest that this program knows")]
    TooNew { found: u32, known: u32 },
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The SHA-256 of a secret. Secrets themselves are never stored.
pub type SecretHash = [u8; 32];
