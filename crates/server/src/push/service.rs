//! The services that reach devices, and what their answers mean.

use std::time::Duration;

use laserchat_protocol::{PushKind, Timestamp};
use laserchat_store::{DeviceTarget, Store};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::apns::Apns;
use super::fcm::Fcm;
use super::payload::Parcel;
use super::vapid::Vapid;
use super::web;
use crate::app::StartError;
use crate::config::Config;
use crate::outbound::Outbound;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    Taken,
    /// Not now; not before so long, if the service said so.
    Later(Option<Duration>),
    /// The service knows the device no more.
    Gone,
    /// It will never be taken, and why.
    Refused(String),
}

const NOT_SET_UP: &str = "this server is not set up for this service";

/// Everything that pushes are sent with.
pub struct Services {
    pub vapid: Vapid,
    outbound: Outbound,
    /// Where the operator has set them up.
    fcm: Option<Fcm>,
    apns: Option<Apns>,
}

/// What push services are told of a server whose address is not configured.
const NO_CONTACT: &str = "mailto:admin@localhost";

impl Services {
    pub async fn open(config: &Config, store: &dyn Store, outbound: Outbound) -> Result<Self, StartError> {
        let contact = config.push.contact.as_ref().or(config.public_url.as_ref());
        let contact = contact.map_or_else(|| NO_CONTACT.to_owned(), Clone::clone);
        let push = &config.push;
        let vapid = Vapid::open(store, contact).await?;
        let fcm = push.fcm.credentials.as_ref().map(|file| Fcm::open(file.as_ref(), &push.fcm.url));
        let apns = push.apns.key.as_ref().map(|file| Apns::open(file.as_ref(), &push.apns));
        let unusable = StartError::Push;
        Ok(Services {
            vapid,
            outbound,
            fcm: fcm.transpose().map_err(unusable)?,
            apns: apns.transpose().map_err(unusable)?,
        })
    }

    pub async fn send(&self, device: &DeviceTarget, parcel: &Parcel, now: Timestamp) -> Sent {
        match device.kind {
            PushKind::Web => web::send(&self.vapid, &self.outbound, device, parcel, now).await,
            PushKind::Fcm => match &self.fcm {
                Some(fcm) => fcm.send(device, parcel, now).await,
                None => Sent::Refused(NOT_SET_UP.to_owned()),
            },
            PushKind::Apns => match &self.apns {
                Some(apns) => apns.send(device, parcel, now).await,
                None => Sent::Refused(NOT_SET_UP.to_owned()),
            },
        }
    }
}

/// The longest that a service is waited for because it says so.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// What a status means where a service follows the usual rules of HTTP.
pub fn judge(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Sent {
    match status.as_u16() {
        200..=299 => Sent::Taken,
        404 | 410 => Sent::Gone,
        408 | 425 | 429 | 500..=599 => Sent::Later(retry_after(headers, now)),
        other => Sent::Refused(format!("it was answered with {other}")),
    }
}

/// `Retry-After`: seconds, or a date.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            Duration::from_millis(u64::try_from(date.as_millisecond() - now.0).unwrap_or_default())
        }
    };
    Some(wait.min(PATIENCE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_what_they_mean() {
        let none = HeaderMap::new();
        let now = Timestamp(1_700_000_000_000);
        let judged = |status: u16| judge(StatusCode::from_u16(status).unwrap(), &none, now);
        for (status, expected) in [(200, Sent::Taken), (201, Sent::Taken), (404, Sent::Gone), (410, Sent::Gone)] {
            assert_eq!(judged(status), expected);
        }
        for status in [429, 500, 503] {
            assert_eq!(judged(status), Sent::Later(None));
        }
        for status in [302, 400, 403, 413] {
            assert!(matches!(judged(status), Sent::Refused(_)), "{status}");
        }
        let said = |text: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            retry_after(&headers, now)
        };
        assert_eq!(said("120"), Some(Duration::from_secs(120)));
        assert_eq!(said("Tue, 14 Nov 2023 22:14:20 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(said("Tue, 14 Nov 2023 22:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(said("999999999"), Some(PATIENCE));
        assert_eq!(said("soon"), None);
    }
}
