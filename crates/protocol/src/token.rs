//! Personal access tokens and bots, for people who build on the API.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, TokenId, User};

/// What a token may be used for. A session of a person has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read conversations, messages and profiles, and listen to events.
    Read,
    /// Send, edit, delete and react, move cursors and signal typing.
    Write,
    /// Create and manage conversations, members and invitations.
    Manage,
    /// Change the account: profile, contacts, sessions, tokens, bots.
    Account,
    /// Administer the server, if the user may.
    Admin,
}

impl Scope {
    pub const ALL: [Scope; 5] = [Scope::Read, Scope::Write, Scope::Manage, Scope::Account, Scope::Admin];

    /// One bit, for storing a set in a number.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The secret. Shown once, when the token is made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secret: Option<String>,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub expires_at: Option<Timestamp>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub last_used_at: Option<Timestamp>,
}

/// `POST /me/tokens` and `POST /bots/{id}/tokens`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TokenCreate {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Seconds until it expires; absent: never.
    #[serde(default)]
    pub expires_in: Option<u64>,
}

/// `POST /bots`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BotCreate {
    pub username: String,
    #[serde(default)]
    pub display_name: Option<String>,
}

/// A new bot with its first token.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BotCreated {
    pub bot: User,
    pub token: Token,
}
