//! Apple Push Notification service: HTTP/2 with a token that is signed with the operator's key (ES256).

use std::path::Path;
use std::time::Duration;

use laserchat_protocol::{PushPayload, Timestamp};
use laserchat_store::DeviceTarget;
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey as _;
use parking_lot::Mutex;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use super::payload::Parcel;
use super::service::{Sent, judge};
use super::vapid::sign;
use crate::authorities;
use crate::config::Apns as Settings;

/// Apple wants a token renewed not more often than every 20 minutes, and refuses one of more than an hour.
const TOKEN_SECONDS: i64 = 40 * 60;
const TIMEOUT: Duration = Duration::from_secs(15);

pub struct Apns {
    key: SigningKey,
    key_id: String,
    team: String,
    topic: String,
    base: Url,
    client: Client,
    /// The token, and until when it is used.
    token: Mutex<Option<(i64, String)>>,
}

impl Apns {
    /// `key`: the file (`.p8`) that Apple gave out.
    pub fn open(key: &Path, settings: &Settings) -> Result<Self, String> {
        let text = std::fs::read_to_string(key).map_err(|error| format!("{}: {error}", key.display()))?;
        let signing =
            SigningKey::from_pkcs8_pem(&text).map_err(|_| format!("{} holds no key for APNs", key.display()))?;
        let base = Url::parse(&settings.url).map_err(|error| error.to_string())?;
        let client = authorities::client(|client| {
            let client = client.timeout(TIMEOUT).no_proxy();
            // There is no TLS that could agree on HTTP/2: both know.
            if base.scheme() == "http" { client.http2_prior_knowledge() } else { client }
        });
        let client = client.map_err(|error| error.to_string())?;
        Ok(Apns {
            key: signing,
            key_id: settings.key_id.clone(),
            team: settings.team_id.clone(),
            topic: settings.topic.clone(),
            base,
            client,
            token: Mutex::default(),
        })
    }

    pub async fn send(&self, device: &DeviceTarget, parcel: &Parcel, now: Timestamp) -> Sent {
        // A token of this service is hexadecimal; anything else would be another path.
        if !device.address.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Sent::Gone;
        }
        let mut url = self.base.clone();
        url.set_path(&format!("/3/device/{}", device.address));
        let silent = matches!(parcel.payload, PushPayload::Read { .. });
        let expires = now.0.div_euclid(1000).saturating_add(i64::try_from(parcel.ttl).unwrap_or_default());
        let request = self
            .client
            .post(url)
            .bearer_auth(self.token(now))
            .header("apns-topic", &self.topic)
            .header("apns-push-type", if silent { "background" } else { "alert" })
            .header("apns-priority", if silent { "5" } else { "10" })
            .header("apns-expiration", expires)
            .header("apns-collapse-id", &parcel.topic)
            .json(&payload(parcel));
        let Ok(answer) = request.send().await else { return Sent::Later(None) };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            return Sent::Taken;
        }
        let said: Value = answer.json().await.unwrap_or_default();
        match said["reason"].as_str().unwrap_or_default() {
            "Unregistered" | "BadDeviceToken" | "DeviceTokenNotForTopic" | "ExpiredToken" => Sent::Gone,
            "ExpiredProviderToken" => {
                *self.token.lock() = None;
                Sent::Later(None)
            }
            reason if status.is_client_error() && status.as_u16() != 429 => Sent::Refused(reason.to_owned()),
            _ => judge(status, &headers, now),
        }
    }

    fn token(&self, now: Timestamp) -> String {
        let now = now.0.div_euclid(1000);
        let mut kept = self.token.lock();
        if let Some((until, token)) = &*kept
            && *until > now
        {
            return token.clone();
        }
        let header = json!({ "alg": "ES256", "kid": self.key_id });
        let token = sign(&self.key, &header, &json!({ "iss": self.team, "iat": now }));
        *kept = Some((now + TOKEN_SECONDS, token.clone()));
        token
    }
}

/// What Apple's devices show by themselves, and beside it what the application is told.
fn payload(parcel: &Parcel) -> Value {
    let aps = match &parcel.payload {
        PushPayload::Message { title, body, conversation_id, .. } => json!({
            "alert": { "title": title, "body": body }, "sound": "default", "thread-id": conversation_id,
            "mutable-content": 1,
        }),
        PushPayload::Test { title, body, .. } => json!({ "alert": { "title": title, "body": body } }),
        PushPayload::Read { .. } => json!({ "content-available": 1 }),
    };
    json!({ "aps": aps, "laserchat": parcel.payload })
}
