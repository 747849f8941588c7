//! VAPID (RFC 8292): how push services know this server. One key for its whole life, made at the first start and kept in
//! the store, because browsers subscribe with it; and a short-lived token for each push service, signed with it.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laserchat_protocol::Timestamp;
use laserchat_store::Store;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use parking_lot::Mutex;
use reqwest::Url;
use serde_json::json;

use crate::app::StartError;

/// Tokens are valid for half a day (24 hours is the most that is allowed), and are used for half of that.
const VALID_SECONDS: i64 = 12 * 3600;
/// Push services whose tokens are kept. There are a handful in the world.
const KEPT: usize = 64;

pub struct Vapid {
    key: SigningKey,
    public: String,
    /// Who answers for this server: an address that a push service's operator can turn to.
    subject: String,
    /// Tokens by the origin of the push service, and until when each is used.
    tokens: Mutex<HashMap<String, (i64, String)>>,
}

impl Vapid {
    pub async fn open(store: &dyn Store, subject: String) -> Result<Self, StartError> {
        let unusable = |error: String| StartError::Keys(error);
        let mut fresh = [0; 32];
        // Nearly every 32 bytes are a key of this curve; those that are not are thrown again.
        loop {
            getrandom::fill(&mut fresh).map_err(|error| unusable(error.to_string()))?;
            if SigningKey::from_slice(&fresh).is_ok() {
                break;
            }
        }
        let kept = store.push_key(fresh).await?;
        let key = SigningKey::from_slice(&kept).map_err(|error| unusable(error.to_string()))?;
        Ok(Self::new(key, subject))
    }

    fn new(key: SigningKey, subject: String) -> Self {
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_encoded_point(false).as_bytes());
        Vapid { key, public, subject, tokens: Mutex::default() }
    }

    /// The public key, as browsers take it.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The `Authorization` header for a push to this endpoint.
    pub fn authorization(&self, endpoint: &Url, now: Timestamp) -> String {
        let origin = endpoint.origin().ascii_serialization();
        let now = now.0.div_euclid(1000);
        let mut tokens = self.tokens.lock();
        if let Some((until, header)) = tokens.get(&origin)
            && *until > now
        {
            return header.clone();
        }
        let token = sign(
            &self.key,
            &json!({ "typ": "JWT", "alg": "ES256" }),
            &json!({
                "aud": origin,
                "exp": now + VALID_SECONDS,
                "sub": self.subject,
            }),
        );
        let header = format!("vapid t={token}, k={}", self.public);
        if tokens.len() >= KEPT {
            tokens.clear();
        }
        tokens.insert(origin, (now + VALID_SECONDS / 2, header.clone()));
        header
    }
}

/// A JSON Web Token signed with ES256.
pub(super) fn sign(key: &SigningKey, header: &serde_json::Value, claims: &serde_json::Value) -> String {
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;

    #[test]
    fn tokens_are_for_one_push_service_and_a_while() {
        let vapid = Vapid::new(SigningKey::from_slice(&[7; 32]).unwrap(), "mailto:a@example.org".into());
        let now = Timestamp(1_700_000_000_000);
        let header = vapid.authorization(&Url::parse("https://push.example.org:8443/a/b?c").unwrap(), now);
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, vapid.public());
        let parts: Vec<&str> = token.split('.').collect();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&bytes(parts[1])).unwrap();
        assert_eq!(claims["aud"], "https://push.example.org:8443");
        assert_eq!(
            (claims["exp"].as_i64(), claims["sub"].as_str()),
            (Some(1_700_043_200), Some("mailto:a@example.org"))
        );
        let public = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
        let signature = Signature::from_slice(&bytes(parts[2])).unwrap();
        public.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).unwrap();
        let other = Url::parse("https://other.example.org/").unwrap();
        assert_ne!(header, vapid.authorization(&other, now));
        let same = Url::parse("https://push.example.org:8443/z").unwrap();
        assert_eq!(header, vapid.authorization(&same, now.plus_seconds(3600)));
        assert_ne!(header, vapid.authorization(&same, now.plus_seconds(7 * 3600)));
    }
}
