//! Signatures of what is sent to other servers, as <https://www.standardwebhooks.com> has them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use laserchat_protocol::Timestamp;
use sha2::Sha256;

/// In front of a secret as its holder sees it.
const PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// A new secret.
pub fn secret() -> Result<Vec<u8>, getrandom::Error> {
    let mut secret = vec![0; SECRET_BYTES];
    getrandom::fill(&mut secret)?;
    Ok(secret)
}

/// A secret as its holder sees it.
pub fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The headers of a request: its id, its time, and a signature by each of the secrets.
pub fn headers(id: &str, now: Timestamp, body: &str, secrets: &[Vec<u8>]) -> [(&'static str, String); 3] {
    let seconds = now.0.div_euclid(1000);
    let signed = format!("{id}.{seconds}.{body}");
    let signatures: Vec<String> = secrets.iter().map(|secret| sign(secret, signed.as_bytes())).collect();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

fn sign(secret: &[u8], what: &[u8]) -> String {
    // A key of any length will do for this algorithm, so there is nothing that could fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(what);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_published_example() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let now = Timestamp(1_614_265_330_000);
        let [id, timestamp, signature] =
            headers("msg_p5jXN8AQM9LWM0D4loKWxJek", now, r#"{"test": 2432232314}"#, &[secret]);
        assert_eq!(id.1, "msg_p5jXN8AQM9LWM0D4loKWxJek");
        assert_eq!(timestamp.1, "1614265330");
        assert_eq!(signature.1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_make_two_signatures() {
        let [_, _, signature] = headers("a", Timestamp(0), "b", &[secret().unwrap(), secret().unwrap()]);
        assert_eq!(signature.1.split(' ').count(), 2);
        assert!(shown(&secret().unwrap()).starts_with(PREFIX));
    }
}
