//! The encryption of Web Push: `aes128gcm` (RFC 8188) with keys that only the browser can derive (RFC 8291).
//!
//! The push service carries bytes that it cannot read. Each push has a key pair and a salt of its own.

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes128Gcm, KeyInit as _, Nonce};
use hkdf::Hkdf;
use laserchat_store::DeviceKeys;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The largest plaintext: push services take at least 4,096 bytes of body, of which the header (86), the delimiter and the
/// tag (16) are not ours.
pub const PLAINTEXT_BYTES: usize = 3993;
const RECORD_BYTES: u32 = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionError {
    #[error("the subscription's keys are not valid")]
    Keys,
    #[error("there is no randomness")]
    Random,
    #[error("the message is too long")]
    TooLong,
}

/// Whether keys are such as a browser makes.
pub fn usable(keys: &DeviceKeys) -> bool {
    keys.auth.len() == 16 && keys.public.len() == 65 && PublicKey::from_sec1_bytes(&keys.public).is_ok()
}

/// Encrypts for one subscription. The answer is the body of the request.
pub fn encrypt(keys: &DeviceKeys, plaintext: &[u8]) -> Result<Vec<u8>, EncryptionError> {
    let random = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|_| EncryptionError::Random);
    let (mut salt, mut scalar) = ([0; 16], [0; 32]);
    random(&mut salt)?;
    let secret = loop {
        random(&mut scalar)?;
        if let Ok(secret) = SecretKey::from_slice(&scalar) {
            break secret;
        }
    };
    encrypt_with(keys, plaintext, &secret, salt)
}

fn encrypt_with(
    keys: &DeviceKeys,
    plaintext: &[u8],
    secret: &SecretKey,
    salt: [u8; 16],
) -> Result<Vec<u8>, EncryptionError> {
    if plaintext.len() > PLAINTEXT_BYTES {
        return Err(EncryptionError::TooLong);
    }
    let theirs = PublicKey::from_sec1_bytes(&keys.public).map_err(|_| EncryptionError::Keys)?;
    let ours = secret.public_key().to_encoded_point(false);
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), theirs.as_affine());
    let info = [&b"WebPush: info\0"[..], theirs.to_encoded_point(false).as_bytes(), ours.as_bytes()].concat();
    let mut input = [0; 32];
    // Expanding fails only for outputs that are much longer than these.
    let expand =
        |key: &Hkdf<Sha256>, info: &[u8], out: &mut [u8]| key.expand(info, out).map_err(|_| EncryptionError::Keys);
    expand(&Hkdf::new(Some(&keys.auth), shared.raw_secret_bytes()), &info, &mut input)?;
    let derived = Hkdf::<Sha256>::new(Some(&salt), &input);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    expand(&derived, b"Content-Encoding: aes128gcm\0", &mut key)?;
    expand(&derived, b"Content-Encoding: nonce\0", &mut nonce)?;
    // One record, which is the last: that is what the delimiter says.
    let record = [plaintext, &[2]].concat();
    let cipher = Aes128Gcm::new_from_slice(&key).map_err(|_| EncryptionError::Keys)?;
    let sealed = cipher.encrypt(Nonce::from_slice(&nonce), record.as_slice()).map_err(|_| EncryptionError::TooLong)?;
    let mut body = Vec::with_capacity(86 + sealed.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    body.push(65);
    body.extend_from_slice(ours.as_bytes());
    body.extend_from_slice(&sealed);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn keys() -> DeviceKeys {
        DeviceKeys {
            public: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        }
    }

    /// Appendix A of RFC 8291.
    #[test]
    fn the_example_of_the_standard() {
        let secret = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let body = encrypt_with(&keys(), b"When I grow up, I want to be a watermelon", &secret, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml\
             mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
             pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn no_two_are_alike_and_bad_keys_are_told() {
        assert!(usable(&keys()));
        let (one, two) = (encrypt(&keys(), b"x").unwrap(), encrypt(&keys(), b"x").unwrap());
        assert_ne!(one, two);
        assert_eq!(encrypt(&keys(), &[0; PLAINTEXT_BYTES]).unwrap().len(), 4096);
        assert_eq!(encrypt(&keys(), &[0; PLAINTEXT_BYTES + 1]), Err(EncryptionError::TooLong));
        let off_the_curve = DeviceKeys { public: [4; 65].to_vec(), ..keys() };
        assert!(!usable(&off_the_curve));
        assert_eq!(encrypt(&off_the_curve, b"x"), Err(EncryptionError::Keys));
        assert!(!usable(&DeviceKeys { auth: vec![0; 15], ..keys() }));
    }
}
