//! Signing keys that another node, or the operator, has stored.

use laserchat_protocol::{Code, Problem};
use laserchat_store::{SigningKey, StoreError};

use super::token::{Claims, Key, TokenError};
use crate::app::{App, failed};

impl From<SigningKey> for Key {
    fn from(key: SigningKey) -> Key {
        Key { kid: key.kid, secret: key.secret, created_at_ms: key.created_at.0 }
    }
}

/// Takes over the keys that are stored.
pub async fn learn(app: &App) -> Result<(), StoreError> {
    let stored = app.store.signing_keys().await?;
    app.keys.learn(stored.into_iter().map(Key::from));
    Ok(())
}

/// Whom a token speaks for. Another node may sign with a key of which this one has not heard yet: then it looks.
pub async fn verify(app: &App, token: &str, now_ms: i64) -> Result<Claims, Problem> {
    let mut claims = app.keys.verify(token, now_ms);
    let others = app.bus.nats().is_some() || !app.store.alone();
    if claims == Err(TokenError::Unknown) && others {
        // Strangers may name any key. Whoever comes with a good token meanwhile is not told that it is bad.
        if !app.keys.may_look() {
            return Err(Problem::new(Code::Unavailable).retry_after(1));
        }
        learn(app).await.map_err(failed)?;
        claims = app.keys.verify(token, now_ms);
    }
    claims.map_err(|error| match error {
        TokenError::Expired => Code::TokenExpired.into(),
        _ => Code::Unauthorized.into(),
    })
}
