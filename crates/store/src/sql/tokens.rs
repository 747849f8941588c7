//! Personal access tokens.

use async_trait::async_trait;
use laserchat_protocol::limits::TOKENS_PER_USER;
use laserchat_protocol::token::{Scope, Token};
use laserchat_protocol::{Timestamp, TokenId, UserId};

use super::codes::{int, optional_time, size, time, uint};
use crate::Result;
use crate::contract::{NewToken, SecretHash, TokenHolder, Tokens};
use crate::sql::{Database, OptionalRow, Order, params};

fn scopes(bits: u8) -> Vec<Scope> {
    Scope::ALL.into_iter().filter(|scope| bits & scope.bit() != 0).collect()
}

#[async_trait]
impl<D: Database> Tokens for D {
    async fn create_token(&self, new: NewToken) -> Result<Option<Token>> {
        self.write(move |w| {
            let count: i64 = w
                .prepare("SELECT count(*) FROM tokens WHERE user_id = ?1")?
                .query_row([int(new.user.0)], |row| row.get(0))?;
            if count >= size(TOKENS_PER_USER) {
                return Ok(None);
            }
            w.prepare(
                "INSERT INTO tokens (id, user_id, name, scopes, secret, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                int(new.id.0),
                int(new.user.0),
                new.name,
                new.scopes,
                new.secret,
                new.created_at.0,
                new.expires_at.map(|at| at.0),
            ])?;
            Ok(Some(Token {
                id: new.id,
                name: new.name.clone(),
                scopes: scopes(new.scopes),
                secret: None,
                created_at: new.created_at,
                expires_at: new.expires_at,
                last_used_at: None,
            }))
        })
        .await
    }

    async fn tokens(&self, user: UserId) -> Result<Vec<Token>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM tokens WHERE user_id = ?1
                 ORDER BY id DESC",
            )?;
            let found = statement.query_map([int(user.0)], |row| {
                Ok(Token {
                    id: TokenId(uint(row, 0)?),
                    name: row.get(1)?,
                    scopes: scopes(row.get(2)?),
                    secret: None,
                    created_at: time(row, 3)?,
                    expires_at: optional_time(row, 4)?,
                    last_used_at: optional_time(row, 5)?,
                })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool> {
        self.write(move |w| {
            let gone = w
                .prepare("DELETE FROM tokens WHERE id = ?1 AND user_id = ?2")?
                .execute(params![int(id.0), int(user.0)])?;
            Ok(gone > 0)
        })
        .await
    }

    async fn token_holder(&self, secret: SecretHash, now: Timestamp) -> Result<Option<TokenHolder>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT t.id, t.user_id, t.scopes, t.expires_at FROM tokens t JOIN users u ON u.id = t.user_id
                 LEFT JOIN users o ON o.id = u.bot_owner
                 WHERE t.secret = ?1 AND (t.expires_at IS NULL OR t.expires_at > ?2)
                   AND u.disabled = 0 AND coalesce(o.disabled, 0) = 0",
            )?;
            let found = statement.query_row(params![secret, now.0], |row| {
                Ok(TokenHolder {
                    id: TokenId(uint(row, 0)?),
                    user: UserId(uint(row, 1)?),
                    scopes: row.get(2)?,
                    expires_at: optional_time(row, 3)?,
                })
            });
            found.optional()
        })
        .await
    }

    async fn touch_tokens(&self, mut touches: Vec<(TokenId, Timestamp)>) -> Result<()> {
        touches.sort_unstable();
        self.write_in(Order::ByRows, move |w| {
            let mut statement =
                w.prepare("UPDATE tokens SET last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE id = ?1")?;
            for (id, at) in &touches {
                statement.execute(params![int(id.0), at.0])?;
            }
            Ok(())
        })
        .await
    }
}
