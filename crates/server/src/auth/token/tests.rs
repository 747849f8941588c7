//! Tokens that must be accepted, and every kind that must not.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000_000;

fn key(kid: &str, byte: u8, created_at_ms: i64) -> Key {
    Key { kid: kid.to_owned(), secret: [byte; 32], created_at_ms }
}

fn keyring() -> Keyring {
    Keyring::new(vec![key("old", 1, NOW - 1000), key("new", 2, NOW)]).unwrap()
}

fn base64(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token with any header and payload, properly signed with the key "new".
fn signed(header: Value, payload: Value) -> String {
    let message = format!("{}.{}", base64(&header), base64(&payload));
    let key = EncodingKey::from_secret(&[2; 32]);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn payload() -> Value {
    json!({"sub": "7", "sid": "8", "iat": NOW / 1000, "exp": NOW / 1000 + 900})
}

fn refused(token: &str) -> TokenError {
    keyring().verify(token, NOW).expect_err("the token should be refused")
}

#[test]
fn a_token_names_user_and_session_until_it_expires() {
    let ring = keyring();
    let token = ring.issue(u64::MAX, 8, NOW).unwrap();
    let claims = Claims { user: u64::MAX, session: 8, expires_at_ms: NOW + LIFETIME_MS };
    assert_eq!(ring.verify(&token, NOW), Ok(claims));
    assert_eq!(ring.verify(&token, NOW + LIFETIME_MS - 1), Ok(claims));
    assert_eq!(ring.verify(&token, NOW + LIFETIME_MS), Err(TokenError::Expired));
    assert_eq!(ring.verify(&token, i64::MAX), Err(TokenError::Expired));
    assert!(token.len() < MAX_TOKEN_BYTES / 2);
}

#[test]
fn a_key_that_was_replaced_long_ago_is_worth_nothing() {
    let leaked = Keyring::new(vec![key("old", 1, NOW - 1000)]).unwrap();
    for (later, good) in [(LIFETIME_MS, true), (LIFETIME_MS + CLOCK_SKEW_MS + 1, false)] {
        let token = leaked.issue(7, 8, NOW + later).unwrap();
        assert_eq!(keyring().verify(&token, NOW + later).is_ok(), good);
        assert!(leaked.verify(&token, NOW + later).is_ok());
    }
}

#[test]
fn the_newest_key_signs_and_earlier_ones_verify() {
    let old = Keyring::new(vec![key("old", 1, NOW - 1000)]).unwrap();
    let token = old.issue(7, 8, NOW).unwrap();
    assert!(keyring().verify(&token, NOW).is_ok());
    let token = keyring().issue(7, 8, NOW).unwrap();
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid.as_deref(), Some("new"));
    assert_eq!(old.verify(&token, NOW), Err(TokenError::Unknown));
    // Heard of, as often as may be, it is good; and it signs.
    for _ in 0..3 {
        old.learn([key("new", 2, NOW), key("old", 1, NOW - 1000)]);
    }
    assert!(old.verify(&token, NOW).is_ok());
    assert_eq!(old.keys.read().len(), 2);
    let token = old.issue(7, 8, NOW).unwrap();
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid.as_deref(), Some("new"));
    assert_eq!(Keyring::new(vec![]).err(), Some(NoKey));
}

#[test]
fn rotation_keeps_keys_while_their_tokens_live() {
    let ring = keyring();
    let token = ring.issue(7, 8, NOW + 1000).unwrap();
    assert_eq!(ring.rotate(key("third", 3, NOW + 2000)), Vec::<String>::new());
    assert!(ring.verify(&token, NOW + 3000).is_ok());
    let fourth = NOW + 1 + LIFETIME_MS;
    assert_eq!(ring.rotate(key("fourth", 4, fourth)), ["old"], "replaced by the second key more than a lifetime ago");
    assert!(ring.verify(&token, fourth).is_ok(), "replaced later, by the third key");
    assert_eq!(ring.rotate(key("fifth", 5, fourth + LIFETIME_MS)), ["new"]);
    assert_eq!(ring.verify(&token, NOW + 3000), Err(TokenError::Unknown));
}

#[test]
fn only_hs256_with_a_known_key_is_accepted() {
    assert!(keyring().verify(&signed(json!({"alg": "HS256", "kid": "new"}), payload()), NOW).is_ok());
    for alg in ["none", "None", "NONE", "", "HS1"] {
        assert_eq!(refused(&signed(json!({"alg": alg, "kid": "new"}), payload())), TokenError::Malformed);
    }
    for alg in ["HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA"] {
        assert_eq!(refused(&signed(json!({"alg": alg, "kid": "new"}), payload())), TokenError::Forged);
    }
    let unsigned = format!("{}.{}.", base64(&json!({"alg": "none"})), base64(&payload()));
    assert_eq!(refused(&unsigned), TokenError::Malformed);
    let unsigned = format!("{}.{}.", base64(&json!({"alg": "HS256", "kid": "new"})), base64(&payload()));
    assert_eq!(refused(&unsigned), TokenError::Forged);
    assert_eq!(refused(&signed(json!({"alg": "HS256"}), payload())), TokenError::Forged);
    assert_eq!(refused(&signed(json!({"alg": "HS256", "kid": "newer"}), payload())), TokenError::Unknown);
    // Signed with one known key and naming another.
    assert_eq!(refused(&signed(json!({"alg": "HS256", "kid": "old"}), payload())), TokenError::Forged);
}

#[test]
fn a_tampered_token_is_refused() {
    let token = keyring().issue(7, 8, NOW).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let mut other = payload();
    other["sub"] = json!("1");
    assert_eq!(refused(&format!("{}.{}.{}", parts[0], base64(&other), parts[2])), TokenError::Forged);
    for index in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let tampered = String::from_utf8(bytes).unwrap();
        refused(&tampered);
    }
}

#[test]
fn a_token_that_lives_too_long_or_comes_from_the_future_is_refused() {
    let times = |iat: i64, exp: i64| {
        let payload = json!({"sub": "7", "sid": "8", "iat": iat, "exp": exp});
        keyring().verify(&signed(json!({"alg": "HS256", "kid": "new"}), payload), NOW)
    };
    let now = NOW / 1000;
    assert!(times(now + 60, now + 960).is_ok(), "a neighbour's clock may be ahead");
    assert_eq!(times(now + 61, now + 961), Err(TokenError::Forged));
    assert_eq!(times(now, now + 901), Err(TokenError::Forged));
    assert_eq!(times(i64::MIN, i64::MAX), Err(TokenError::Forged));
    assert_eq!(times(i64::MAX, i64::MAX), Err(TokenError::Forged));
    assert_eq!(times(now, i64::MIN), Err(TokenError::Expired));
}

#[test]
fn wrong_payloads_and_huge_inputs_are_malformed() {
    let header = json!({"alg": "HS256", "kid": "new"});
    for (name, value) in
        [("sub", json!(7)), ("sub", json!("seven")), ("sid", json!("-1")), ("exp", json!("soon")), ("iat", json!(null))]
    {
        let mut payload = payload();
        payload[name] = value;
        assert_eq!(refused(&signed(header.clone(), payload)), TokenError::Malformed, "{name}");
    }
    for token in ["", ".", "..", "...", "a.b.c", "ey", "\0", "é.é.é"] {
        assert_eq!(refused(token), TokenError::Malformed, "{token:?}");
    }
    assert_eq!(refused(&"a".repeat(1 << 20)), TokenError::Malformed);
    let mut long = payload();
    long["more"] = json!("x".repeat(2000));
    assert_eq!(refused(&signed(header, long)), TokenError::Malformed);
}

#[test]
fn secrets_are_long_random_and_silent() {
    let (one, two) = (Secret::generate(REFRESH_PREFIX).unwrap(), Secret::generate(REFRESH_PREFIX).unwrap());
    assert_ne!(one, two);
    assert!(one.expose().starts_with("lcr_"));
    assert_eq!(one.expose().len(), 4 + 43);
    assert_eq!(Secret::generate(PERSONAL_PREFIX).unwrap().into_string().len(), 4 + 43);
    assert_eq!(Secret::invitation().unwrap().expose().len(), 22);
    assert!(!format!("{one:?}").contains(&one.expose()[4..]));
    assert_eq!(one.hash(), hash(one.expose()));
    assert_ne!(one.hash(), two.hash());
    let key = Key::generate(NOW).unwrap();
    assert!(!format!("{key:?}").contains("secret"));
    assert_ne!(key, Key::generate(NOW).unwrap());
}

proptest! {
    #[test]
    fn what_is_issued_is_verified(user: u64, session: u64, age in 0..LIFETIME_MS - 1000) {
        let ring = keyring();
        let token = ring.issue(user, session, NOW - age).unwrap();
        let claims = ring.verify(&token, NOW).unwrap();
        prop_assert_eq!((claims.user, claims.session), (user, session));
    }

    #[test]
    fn arbitrary_text_never_panics(token in "\\PC{0,100}(\\.\\PC{0,100}){0,3}") {
        prop_assert!(keyring().verify(&token, NOW).is_err());
    }
}
