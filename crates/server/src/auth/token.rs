//! Access tokens, and the opaque secrets that outlive them.
//!
//! An access token is a JWT (HS256) that names a user and a session and lives for fifteen minutes, so that a request
//! proves itself without the database. Everything that lives longer (refresh tokens, personal access tokens,
//! invitations) is an opaque random secret of which only the SHA-256 is stored: it has 128 bits or more of its own
//! entropy, so a slow hash would add cost and no safety.
//!
//! Only HS256 is accepted, whatever a token's header says. The expiry has no leeway. A token from the future is
//! accepted only within [`CLOCK_SKEW_MS`], because the nodes of a cluster do not share one clock and a node must
//! believe what its neighbour has just issued.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// How long an access token lives.
pub const LIFETIME_MS: i64 = 15 * 60 * 1000;
/// How far a token may lie in the future.
pub const CLOCK_SKEW_MS: i64 = 60 * 1000;
/// Ours are about 250 bytes. Longer ones are refused before any work is done on them.
const MAX_TOKEN_BYTES: usize = 1024;
/// How often a second a key that is not known is looked for.
const LOOKS: NonZeroU32 = NonZeroU32::new(20).expect("not zero");

/// Before refresh tokens, so that a leaked one is known for what it is, by people and by secret scanners.
pub const REFRESH_PREFIX: &str = "lcr_";
/// Before personal access tokens.
pub const PERSONAL_PREFIX: &str = "lcp_";

/// A signing key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    pub kid: String,
    pub secret: [u8; 32],
    pub created_at_ms: i64,
}

impl Key {
    pub fn generate(now_ms: i64) -> Result<Self, getrandom::Error> {
        let mut secret = [0; 32];
        let mut kid = [0; 9];
        getrandom::fill(&mut secret)?;
        getrandom::fill(&mut kid)?;
        Ok(Self { kid: URL_SAFE_NO_PAD.encode(kid), secret, created_at_ms: now_ms })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Who an access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    pub user: u64,
    pub session: u64,
    pub expires_at_ms: i64,
}

/// Why an access token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this is not an access token")]
    Malformed,
    #[error("the access token has expired")]
    Expired,
    #[error("the access token was not issued by this server")]
    Forged,
    #[error("the access token names a key that is not known")]
    Unknown,
}

/// There was no key, so no token could be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a keyring needs a key")]
pub struct NoKey;

#[derive(Serialize, Deserialize)]
struct Payload {
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// The key that signs, and earlier ones whose tokens may still be alive. Shared by all threads; a rotation is seen by
/// the next call.
pub struct Keyring {
    /// Newest first, never empty.
    keys: RwLock<Vec<Arc<Ready>>>,
    validation: Validation,
    looks: DefaultDirectRateLimiter,
}

/// A key in the forms that the library wants, made once.
struct Ready {
    kid: String,
    created_at_ms: i64,
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Ready {
    fn new(key: Key) -> Arc<Self> {
        Arc::new(Self {
            header: Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::HS256) },
            encoding: EncodingKey::from_secret(&key.secret),
            decoding: DecodingKey::from_secret(&key.secret),
            kid: key.kid,
            created_at_ms: key.created_at_ms,
        })
    }
}

impl Keyring {
    /// The newest of the keys signs.
    pub fn new(keys: Vec<Key>) -> Result<Self, NoKey> {
        if keys.is_empty() {
            return Err(NoKey);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        // Times are checked here against the caller's clock, not by the library against the system's.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let looks = RateLimiter::direct(Quota::per_second(LOOKS));
        let ring = Self { keys: RwLock::default(), validation, looks };
        ring.learn(keys);
        Ok(ring)
    }

    /// Takes over keys that are stored. The newest of all signs.
    pub fn learn(&self, stored: impl IntoIterator<Item = Key>) {
        let mut keys = self.keys.write();
        for key in stored {
            if keys.iter().all(|known| known.kid != key.kid) {
                keys.push(Ready::new(key));
            }
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.created_at_ms));
    }

    /// Whether a key that nobody here knows may be looked for now.
    pub fn may_look(&self) -> bool {
        self.looks.check().is_ok()
    }

    /// Makes `key` the one that signs. The caller has stored it already, so that a restart still knows it.
    ///
    /// Answers the ids of the keys that were replaced so long ago that all their tokens have expired: they are
    /// forgotten here, and the caller should delete them from the store.
    pub fn rotate(&self, key: Key) -> Vec<String> {
        let now_ms = key.created_at_ms;
        self.learn([key]);
        let mut keys = self.keys.write();
        let mut alive = 1;
        // A key signed until the next one came.
        while keys.len() > alive && keys[alive - 1].created_at_ms.saturating_add(LIFETIME_MS) >= now_ms {
            alive += 1;
        }
        keys.drain(alive..).map(|key| key.kid.clone()).collect()
    }

    /// An access token for a session, valid from now on for [`LIFETIME_MS`].
    pub fn issue(&self, user: u64, session: u64, now_ms: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let key = Arc::clone(&self.keys.read()[0]);
        let iat = now_ms.div_euclid(1000);
        let payload = Payload { sub: user.to_string(), sid: session.to_string(), iat, exp: iat + LIFETIME_MS / 1000 };
        jsonwebtoken::encode(&key.header, &payload, &key.encoding)
    }

    /// A key by its name. What a replaced key signed has expired a token's lifetime after its successor came; whatever it
    /// seems to sign later, it did not, so that a key that leaked is worth nothing once it is rotated away.
    fn key(&self, kid: &str, now_ms: i64) -> Result<Arc<Ready>, TokenError> {
        let keys = self.keys.read();
        let at = keys.iter().position(|key| key.kid == kid).ok_or(TokenError::Unknown)?;
        let successor = at.checked_sub(1).map(|next| keys[next].created_at_ms);
        let retired = |next: i64| next.saturating_add(LIFETIME_MS + CLOCK_SKEW_MS) < now_ms;
        if successor.is_some_and(retired) { Err(TokenError::Forged) } else { Ok(Arc::clone(&keys[at])) }
    }

    /// Whom a token speaks for, if this server issued it and it is still valid.
    pub fn verify(&self, token: &str, now_ms: i64) -> Result<Claims, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        // An algorithm that the library does not know, "none" among them, is no header to it.
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        if header.alg != Algorithm::HS256 {
            return Err(TokenError::Forged);
        }
        let kid = header.kid.ok_or(TokenError::Forged)?;
        let key = self.key(&kid, now_ms)?;
        let payload = jsonwebtoken::decode::<Payload>(token, &key.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm => TokenError::Forged,
                _ => TokenError::Malformed,
            })?
            .claims;
        let expires_at_ms = payload.exp.saturating_mul(1000);
        if now_ms >= expires_at_ms {
            return Err(TokenError::Expired);
        }
        // No token of ours lives longer, or comes from so far ahead.
        let ahead_ms = payload.iat.saturating_mul(1000).saturating_sub(now_ms);
        if payload.exp.saturating_sub(payload.iat) > LIFETIME_MS / 1000 || ahead_ms > CLOCK_SKEW_MS {
            return Err(TokenError::Forged);
        }
        let id = |text: &str| text.parse::<u64>().map_err(|_| TokenError::Malformed);
        Ok(Claims { user: id(&payload.sub)?, session: id(&payload.sid)?, expires_at_ms })
    }
}

/// An opaque random secret, shown to its owner once. It has no `Display`, so that none ends up in a log by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 32 random bytes behind a prefix that tells what the secret is for.
    pub fn generate(prefix: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Shorter and without a prefix, because an invitation is part of a link that people see.
    pub fn invitation() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The secret itself, for the answer to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    /// What is stored of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is stored of a secret, and what a presented one is looked up by.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests;
