//! Devices that take pushes.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use laserchat_core::name;
use laserchat_protocol::device::{
    PushDevice, PushDeviceCreate, PushDeviceUpdate, PushKeys, PushKind, PushOutcome, PushTested,
};
use laserchat_protocol::limits::{DEVICE_NAME_CHARS, DEVICES_PER_USER};
use laserchat_protocol::{Code, DeviceId, Problem, SessionId, Timestamp};
use laserchat_store::{DeviceKeys, DeviceRefusal, DeviceTarget, NewDevice};

use super::{failed, named, refuse};
use crate::app::App;
use crate::auth::Identity;
use crate::push::encryption;

/// Bytes of a token that FCM or APNs gave out; theirs have at most some hundred.
const TOKEN_BYTES: usize = 4096;

/// Registers the device that the asker's session runs on.
pub async fn register(app: &App, who: &Identity, wanted: PushDeviceCreate) -> Result<PushDevice, Problem> {
    if !who.signed_in {
        return Err(
            Problem::new(Code::Forbidden).detail("a device is registered by the session that is signed in on it")
        );
    }
    let name = device_name(wanted.name.as_deref().unwrap_or(default_name(wanted.kind)))?;
    let (address, keys) = match wanted.kind {
        PushKind::Web => subscription(app, wanted.endpoint, wanted.keys)?,
        PushKind::Fcm | PushKind::Apns => (token(wanted.token)?, None),
    };
    let id = DeviceId(app.ids.next());
    let target = DeviceTarget { id, user: who.user, kind: wanted.kind, address, keys };
    let new = NewDevice { target, session: who.session, name, level: wanted.level, created_at: Timestamp::now() };
    match app.store.register_device(new).await.map_err(failed)? {
        Ok(device) => Ok(seen_by(who.session, device)),
        Err(DeviceRefusal::SessionEnded) => Err(Code::SessionEnded.into()),
        Err(DeviceRefusal::LimitReached) => {
            Err(Problem::new(Code::LimitReached).detail(format!("at most {DEVICES_PER_USER} devices")))
        }
    }
}

pub async fn list(app: &App, who: &Identity) -> Result<Vec<PushDevice>, Problem> {
    let devices = app.store.devices(who.user).await.map_err(failed)?;
    Ok(devices.into_iter().map(|device| seen_by(who.session, device)).collect())
}

pub async fn update(
    app: &App,
    who: &Identity,
    id: DeviceId,
    mut update: PushDeviceUpdate,
) -> Result<PushDevice, Problem> {
    update.name = update.name.as_deref().map(device_name).transpose()?;
    let device = app.store.update_device(who.user, id, update).await.map_err(failed)?.ok_or(Code::NotFound)?;
    Ok(seen_by(who.session, device))
}

pub async fn remove(app: &App, who: &Identity, id: DeviceId) -> Result<(), Problem> {
    match app.store.remove_device(who.user, id).await.map_err(failed)? {
        true => Ok(()),
        false => Err(Code::NotFound.into()),
    }
}

/// Sends a push at once, so that its owner sees whether it arrives.
pub async fn test(app: &App, who: &Identity, id: DeviceId) -> Result<PushTested, Problem> {
    let outcome: PushOutcome = app.pusher.test(who.user, id).await.map_err(failed)?.ok_or(Code::NotFound)?;
    Ok(PushTested { outcome })
}

fn seen_by(session: SessionId, device: PushDevice) -> PushDevice {
    PushDevice { current: device.session_id == session, ..device }
}

fn device_name(text: &str) -> Result<String, Problem> {
    name::line(text, 1, DEVICE_NAME_CHARS).map_err(named("name"))
}

fn default_name(kind: PushKind) -> &'static str {
    match kind {
        PushKind::Web => "Browser",
        PushKind::Fcm => "Android",
        PushKind::Apns => "Apple",
    }
}

fn subscription(
    app: &App,
    endpoint: Option<String>,
    keys: Option<PushKeys>,
) -> Result<(String, Option<DeviceKeys>), Problem> {
    let missing = |field| refuse(Code::InvalidField, field, "a web subscription has an endpoint and keys");
    let endpoint = endpoint.ok_or_else(|| missing("endpoint"))?;
    let keys = keys.ok_or_else(|| missing("keys"))?;
    let endpoint = app
        .outbound
        .check(&endpoint)
        .map_err(|error| Problem::new(Code::InvalidField).field("endpoint").detail(error.to_string()))?;
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok();
    let keys = decoded(&keys.p256dh).zip(decoded(&keys.auth)).map(|(public, auth)| DeviceKeys { public, auth });
    match keys.filter(encryption::usable) {
        Some(keys) => Ok((endpoint.into(), Some(keys))),
        None => {
            Err(refuse(Code::InvalidField, "keys", "p256dh is a point of P-256 and auth 16 bytes, in URL-safe base64"))
        }
    }
}

fn token(token: Option<String>) -> Result<String, Problem> {
    let plain =
        |text: &String| (1..=TOKEN_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    token.filter(plain).ok_or_else(|| refuse(Code::InvalidField, "token", "1 to 4,096 printable ASCII characters"))
}
