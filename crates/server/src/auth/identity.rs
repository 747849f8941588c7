//! Who is asking: from a bearer token to a user, a session and what it may be used for.

use std::collections::HashMap;
use std::net::IpAddr;

use laserchat_protocol::limits::ACCESS_TOKEN_SECONDS;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, Problem, SessionId, Timestamp, UserId};
use parking_lot::RwLock;
use sha2::{Digest, Sha256};

use super::token::PERSONAL_PREFIX;
use crate::app::App;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub user: UserId,
    /// The session, or the id of the personal access token, whose connections end with it.
    pub session: SessionId,
    pub scopes: u8,
    pub address: IpAddr,
    /// A device where a person signed in, and not a personal access token.
    pub signed_in: bool,
}

/// Every scope: what a signed-in device has.
pub const ALL_SCOPES: u8 = 0b1_1111;

impl Identity {
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes & scope.bit() != 0
    }

    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.may(scope) { Ok(()) } else { Err(Code::ScopeMissing.into()) }
    }
}

/// Sessions that ended while their access tokens still look valid. Older ones are forgotten: their tokens have expired.
#[derive(Default)]
pub struct Ended {
    sessions: RwLock<HashMap<SessionId, Timestamp>>,
}

impl Ended {
    pub fn contains(&self, session: SessionId) -> bool {
        self.sessions.read().contains_key(&session)
    }

    pub fn insert(&self, ended: impl IntoIterator<Item = SessionId>) {
        let now = Timestamp::now();
        let mut sessions = self.sessions.write();
        // A little longer than a token lives, for clocks that differ.
        sessions.retain(|_, at| at.plus_seconds(ACCESS_TOKEN_SECONDS + 120) > now);
        sessions.extend(ended.into_iter().map(|session| (session, now)));
    }
}

/// The identity behind an access token or a personal access token.
pub async fn authenticate(app: &App, bearer: &str, address: IpAddr) -> Result<Identity, Problem> {
    let now = Timestamp::now();
    if bearer.starts_with(PERSONAL_PREFIX) {
        let secret: [u8; 32] = Sha256::digest(bearer.as_bytes()).into();
        let holder = app.store.token_holder(secret, now).await.map_err(crate::app::failed)?;
        let holder = holder.ok_or(Problem::new(Code::Unauthorized))?;
        let session = SessionId(holder.id.0);
        app.activity.token(holder.id, now);
        return Ok(Identity { user: holder.user, session, scopes: holder.scopes, address, signed_in: false });
    }
    let claims = super::keys::verify(app, bearer, now.0).await?;
    let session = SessionId(claims.session);
    if app.ended.contains(session) {
        return Err(Code::SessionEnded.into());
    }
    app.activity.session(session, now, address);
    Ok(Identity { user: UserId(claims.user), session, scopes: ALL_SCOPES, address, signed_in: true })
}
