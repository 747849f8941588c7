//! Personal access tokens.

use async_trait::async_trait;
use laserchat_protocol::token::Token;
use laserchat_protocol::{Timestamp, TokenId, UserId};

use super::{Result, SecretHash};

#[derive(Debug, Clone)]
pub struct NewToken {
    pub id: TokenId,
    pub user: UserId,
    pub name: String,
    /// Bits of `laserchat_protocol::token::Scope::bit`.
    pub scopes: u8,
    pub secret: SecretHash,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// Whose a token is and what it may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHolder {
    pub id: TokenId,
    pub user: UserId,
    pub scopes: u8,
    pub expires_at: Option<Timestamp>,
}

#[async_trait]
pub trait Tokens {
    /// `None`: the user has as many tokens as one may.
    async fn create_token(&self, token: NewToken) -> Result<Option<Token>>;

    async fn tokens(&self, user: UserId) -> Result<Vec<Token>>;

    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool>;

    /// The holder of a token that has not expired and whose user is not disabled, nor, for a bot, its owner.
    async fn token_holder(&self, secret: SecretHash, now: Timestamp) -> Result<Option<TokenHolder>>;

    async fn touch_tokens(&self, touches: Vec<(TokenId, Timestamp)>) -> Result<()>;
}
