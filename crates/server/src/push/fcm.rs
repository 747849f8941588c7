//! Firebase Cloud Messaging, by its HTTP v1 API: for Android shells.
//!
//! The operator names the file of a service account. With its key we sign an assertion (RS256), for which Google gives an
//! access token of an hour; that is kept until shortly before it expires.

use std::path::Path;
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use laserchat_protocol::Timestamp;
use laserchat_store::DeviceTarget;
use p256::pkcs8::{PrivateKeyInfo, SecretDocument};
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::payload::Parcel;
use super::service::{Sent, judge};
use crate::authorities;

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A token is renewed so long before it expires.
const MARGIN_SECONDS: i64 = 120;
const TIMEOUT: Duration = Duration::from_secs(15);

/// The parts of a service account's file that are needed.
#[derive(Deserialize)]
struct Account {
    project_id: String,
    client_email: String,
    private_key: String,
    token_uri: String,
}

pub struct Fcm {
    account: Account,
    key: EncodingKey,
    endpoint: Url,
    client: Client,
    /// The access token, and until when it is used.
    token: Mutex<Option<(i64, String)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

impl Fcm {
    /// `base`: where Google's API is.
    pub fn open(credentials: &Path, base: &str) -> Result<Self, String> {
        let text =
            std::fs::read_to_string(credentials).map_err(|error| format!("{}: {error}", credentials.display()))?;
        let account: Account = serde_json::from_str(&text)
            .map_err(|_| format!("{} is not a service account's file", credentials.display()))?;
        let key =
            key(&account.private_key).ok_or_else(|| format!("{} has no usable private_key", credentials.display()))?;
        let endpoint = format!("{}/v1/projects/{}/messages:send", base.trim_end_matches('/'), account.project_id);
        let endpoint = Url::parse(&endpoint).map_err(|error| error.to_string())?;
        let client =
            authorities::client(|client| client.timeout(TIMEOUT).no_proxy()).map_err(|error| error.to_string())?;
        Ok(Fcm { account, key, endpoint, client, token: Mutex::default() })
    }

    pub async fn send(&self, device: &DeviceTarget, parcel: &Parcel, now: Timestamp) -> Sent {
        let token = match self.token(now).await {
            Ok(token) => token,
            Err(sent) => return sent,
        };
        let body = json!({ "message": message(&device.address, parcel) });
        let request = self.client.post(self.endpoint.clone()).bearer_auth(token).json(&body);
        let Ok(answer) = request.send().await else { return Sent::Later(None) };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            return Sent::Taken;
        }
        if status == reqwest::StatusCode::UNAUTHORIZED {
            *self.token.lock().await = None;
            return Sent::Later(None);
        }
        let said: Value = answer.json().await.unwrap_or_default();
        match error_code(&said) {
            Some("UNREGISTERED") => Sent::Gone,
            Some(code) if status.is_client_error() && status.as_u16() != 429 => Sent::Refused(code.to_owned()),
            // A path that is not found is a project that is not, and not a device.
            _ if status.as_u16() == 404 => Sent::Refused("the project is not known".to_owned()),
            _ => judge(status, &headers, now),
        }
    }

    /// The access token, renewed when it is about to expire. Whoever comes meanwhile waits for the one answer.
    async fn token(&self, now: Timestamp) -> Result<String, Sent> {
        let now = now.0.div_euclid(1000);
        let mut kept = self.token.lock().await;
        if let Some((until, token)) = &*kept
            && *until > now
        {
            return Ok(token.clone());
        }
        let claims = json!({
            "iss": self.account.client_email, "scope": SCOPE, "aud": self.account.token_uri, "iat": now, "exp": now + 3600,
        });
        let assertion = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key)
            .map_err(|error| Sent::Refused(error.to_string()))?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", GRANT)
            .append_pair("assertion", &assertion)
            .finish();
        let request = self
            .client
            .post(&self.account.token_uri)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        let granted: Granted = match answer {
            Ok(answer) => answer.json().await.map_err(|_| Sent::Later(None))?,
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "no access token for FCM");
                return Err(Sent::Later(None));
            }
        };
        *kept = Some((now + granted.expires_in - MARGIN_SECONDS, granted.access_token.clone()));
        Ok(granted.access_token)
    }
}

/// The RSA key inside of PKCS #8, which is how Google gives it out.
fn key(pem: &str) -> Option<EncodingKey> {
    let (_, document) = SecretDocument::from_pem(pem).ok()?;
    let info = PrivateKeyInfo::try_from(document.as_bytes()).ok()?;
    Some(EncodingKey::from_rsa_der(info.private_key))
}

/// Data and no notification, so that the shell shows what it is told, or clears it. Values are strings there.
fn message(token: &str, parcel: &Parcel) -> Value {
    json!({
        "token": token,
        "data": strings(&parcel.payload),
        "android": {
            "collapse_key": parcel.topic,
            "priority": if parcel.urgent { "HIGH" } else { "NORMAL" },
            "ttl": format!("{}s", parcel.ttl),
        },
    })
}

fn strings(payload: &laserchat_protocol::PushPayload) -> Value {
    let mut value = serde_json::to_value(payload).unwrap_or_default();
    for field in value.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
        if !field.is_string() {
            *field = Value::String(field.to_string());
        }
    }
    value
}

/// FCM's own word for what is wrong.
fn error_code(said: &Value) -> Option<&str> {
    let details = said["error"]["details"].as_array()?;
    details.iter().find_map(|detail| detail["errorCode"].as_str())
}
