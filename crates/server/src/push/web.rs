//! Web Push (RFC 8030): an encrypted body, posted to the address that the browser's push service gave out.

use laserchat_protocol::Timestamp;
use laserchat_store::DeviceTarget;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};

use super::encryption;
use super::payload::Parcel;
use super::service::{Sent, judge};
use super::vapid::Vapid;
use crate::outbound::{Failure, Outbound};

/// Nothing of an answer's body is of use, but reading it lets the connection be used again.
const ANSWER_BYTES: usize = 4096;

pub async fn send(vapid: &Vapid, outbound: &Outbound, device: &DeviceTarget, parcel: &Parcel, now: Timestamp) -> Sent {
    let refused = |error: &dyn std::fmt::Display| Sent::Refused(error.to_string());
    let Some(keys) = &device.keys else { return Sent::Gone };
    let plaintext = match serde_json::to_vec(&parcel.payload) {
        Ok(plaintext) => plaintext,
        Err(error) => return refused(&error),
    };
    let body = match encryption::encrypt(keys, &plaintext) {
        Ok(body) => body,
        Err(error) => return refused(&error),
    };
    let url = match outbound.check(&device.address) {
        Ok(url) => url,
        Err(error) => return refused(&error),
    };
    let request = match outbound.request(Method::POST, url.as_str()) {
        Ok(request) => request,
        Err(error) => return refused(&error),
    };
    let request = request
        .header(AUTHORIZATION, vapid.authorization(&url, now))
        .header(CONTENT_ENCODING, "aes128gcm")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("TTL", parcel.ttl)
        .header("Topic", &parcel.topic)
        .header("Urgency", if parcel.urgent { "high" } else { "normal" })
        .body(body);
    match outbound.send(request, ANSWER_BYTES).await {
        Ok(answer) => judge(answer.status, &answer.headers, now),
        Err(error @ (Failure::Private | Failure::Url(_))) => refused(&error),
        Err(Failure::TimedOut | Failure::Unreachable(_)) => Sent::Later(None),
    }
}
