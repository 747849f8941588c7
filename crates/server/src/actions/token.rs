//! Personal access tokens: for a person's own programs, and for bots.

use laserchat_core::name;
use laserchat_protocol::limits::TOKENS_PER_USER;
use laserchat_protocol::token::{Scope, Token, TokenCreate};
use laserchat_protocol::{Code, Problem, SessionId, Timestamp, TokenId, UserId};
use laserchat_store::NewToken;

use super::{failed, named, refuse, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::token::{PERSONAL_PREFIX, Secret};

const NAME_CHARS: usize = 80;
/// Ten years; whoever wants longer wants "never".
pub(super) const EXPIRY_SECONDS: u64 = 10 * 365 * 24 * 60 * 60;

/// Makes a token for oneself or for one's bot. It can do no more than the asker can.
pub async fn create(app: &App, who: &Identity, holder: UserId, wanted: TokenCreate) -> Result<Token, Problem> {
    let name = name::line(&wanted.name, 1, NAME_CHARS).map_err(named("name"))?;
    let scopes = wanted.scopes.iter().fold(0, |bits, scope: &Scope| bits | scope.bit());
    if scopes == 0 {
        return Err(refuse(Code::InvalidField, "scopes", "at least one scope"));
    }
    if scopes & !who.scopes != 0 {
        return Err(refuse(Code::ScopeMissing, "scopes", "a token cannot give more than it has"));
    }
    let now = Timestamp::now();
    let expires_at = expiry(wanted.expires_in, now)?;
    let secret = Secret::generate(PERSONAL_PREFIX).map_err(unmade)?;
    let new = NewToken {
        id: TokenId(app.ids.next()),
        user: holder,
        name,
        scopes,
        secret: secret.hash(),
        created_at: now,
        expires_at,
    };
    let created = app.store.create_token(new).await.map_err(failed)?;
    let token =
        created.ok_or_else(|| Problem::new(Code::LimitReached).detail(format!("at most {TOKENS_PER_USER} tokens")))?;
    Ok(Token { secret: Some(secret.into_string()), ..token })
}

/// A moment some seconds ahead, if any are given.
pub(super) fn expiry(seconds: Option<u64>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    match seconds {
        Some(seconds) if !(1..=EXPIRY_SECONDS).contains(&seconds) => {
            Err(refuse(Code::InvalidField, "expires_in", "1 to 315,360,000 seconds, which are ten years"))
        }
        seconds => Ok(seconds.map(|seconds| now.plus_seconds(seconds))),
    }
}

pub async fn list(app: &App, holder: UserId) -> Result<Vec<Token>, Problem> {
    app.store.tokens(holder).await.map_err(failed)
}

/// Revokes a token and closes what was opened with it.
pub async fn revoke(app: &App, holder: UserId, id: TokenId) -> Result<(), Problem> {
    if !app.store.revoke_token(holder, id).await.map_err(failed)? {
        return Err(Code::NotFound.into());
    }
    app.end_sessions(holder, &[SessionId(id.0)]);
    Ok(())
}
