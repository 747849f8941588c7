//! Links: the tokens in mails, with which a page can be used without signing in.
//!
//! A token is the user's id and a signature of what it is for, made with a key that is kept in the store. Nothing of it is
//! stored, it cannot be guessed, and it lives as long as the key: an old mail can still be unsubscribed from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use laserchat_protocol::UserId;
use laserchat_store::{Nonce, Store, StoreError};
use sha2::Sha256;

/// Bytes of a signature that are used: 192 bits.
const SIGNATURE: usize = 24;

#[derive(Clone)]
pub struct Links {
    key: [u8; 32],
}

impl Links {
    pub async fn open(store: &dyn Store) -> Result<Links, StoreError> {
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Links { key: store.mail_key(fresh).await? })
    }

    /// What stops the digests of a user.
    pub fn unsubscribe(&self, user: UserId) -> String {
        self.token(user, b"unsubscribe", &[])
    }

    /// Whose digests a token stops.
    pub fn unsubscribes(&self, token: &str) -> Option<UserId> {
        let user = user(token)?;
        self.verifies(token, user, b"unsubscribe", &[]).then_some(user)
    }

    /// What confirms an address.
    pub fn confirm(&self, user: UserId, nonce: &Nonce) -> String {
        self.token(user, b"confirm", nonce)
    }

    pub fn confirms(&self, token: &str, user: UserId, nonce: &Nonce) -> bool {
        self.verifies(token, user, b"confirm", nonce)
    }

    /// The part of a `Message-ID` before the `@`: the same for every attempt to send one mail, and never for another, nor
    /// after a backup was restored.
    pub fn message_id(&self, epoch: &str, user: UserId, what: &[u8], which: &[u8]) -> String {
        let mut mac = self.mac(user, what, which);
        mac.update(epoch.as_bytes());
        mac.finalize().into_bytes()[..SIGNATURE].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn mac(&self, user: UserId, what: &[u8], which: &[u8]) -> Hmac<Sha256> {
        // A key of any length will do.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).unwrap_or_else(|_| unreachable!());
        for part in [what, &user.0.to_be_bytes(), which] {
            mac.update(&part.len().to_be_bytes());
            mac.update(part);
        }
        mac
    }

    fn token(&self, user: UserId, what: &[u8], which: &[u8]) -> String {
        let signature = self.mac(user, what, which).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&user.0.to_be_bytes()[..], &signature[..SIGNATURE]].concat())
    }

    fn verifies(&self, token: &str, user: UserId, what: &[u8], which: &[u8]) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((id, signature)) = bytes.split_at_checked(8) else { return false };
        id == user.0.to_be_bytes()
            && signature.len() == SIGNATURE
            && self.mac(user, what, which).verify_truncated_left(signature).is_ok()
    }
}

/// Whom a token speaks of, if it is one: whether it is right is another question.
pub fn user(token: &str) -> Option<UserId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 8 + SIGNATURE)?;
    bytes.first_chunk().map(|id| UserId(u64::from_be_bytes(*id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_for_one_user_and_one_thing() {
        let (ours, theirs) = (Links { key: [1; 32] }, Links { key: [2; 32] });
        let (ann, bob) = (UserId(7), UserId(8));
        let token = ours.unsubscribe(ann);
        assert_eq!(ours.unsubscribes(&token), Some(ann));
        assert_eq!(theirs.unsubscribes(&token), None);
        let nonce = [3; 16];
        let confirm = ours.confirm(ann, &nonce);
        assert!(ours.confirms(&confirm, ann, &nonce));
        assert!(!ours.confirms(&confirm, ann, &[4; 16]) && !ours.confirms(&confirm, bob, &nonce));
        assert_eq!(ours.unsubscribes(&confirm), None);
        assert!(!ours.confirms(&token, ann, &nonce));
        for bad in ["", "x", "ä", &token[1..], &format!("{token}A"), &"A".repeat(43), &"A".repeat(10_000)] {
            assert_eq!(ours.unsubscribes(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_mail_has_a_name_of_its_own() {
        let links = Links { key: [1; 32] };
        let id = |epoch, user, which: u64| links.message_id(epoch, UserId(user), b"digest", &which.to_be_bytes());
        assert_eq!(id("a", 1, 1), id("a", 1, 1));
        let all = [id("a", 1, 1), id("a", 1, 2), id("a", 2, 1), id("b", 1, 1)];
        assert!((0..4).all(|at| !all[..at].contains(&all[at])));
    }
}
