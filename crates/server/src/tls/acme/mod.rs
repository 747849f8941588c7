//! A certificate from an authority that is asked over ACME (RFC 8555), as Let's Encrypt is.
//!
//! The authority proves that the server answers under each name by coming to its port 443 with a protocol of its own
//! (TLS-ALPN-01, RFC 8737), so nothing but the listener is needed. Account, certificate and key are one file in the data
//! folder that nobody else can read; it is written whole or not at all. When a third of a certificate's life is left, a new
//! one is asked for, again and again if need be, while the old one is shown.
//!
//! *Absent:* wildcards, which need DNS; several servers for one name, which would answer each other's proofs: there, files
//! or the load balancer do it.

mod client;
mod order;
mod state;

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_util::sync::CancellationToken;

use super::{Certificate, Shown, TlsError};
use crate::config::{self, Config};
use state::State;

/// After a failure; each further one waits twice as long. Authorities count failures, and lock out who makes many.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// The longest sleep, because a clock may be set.
const NAP: Duration = Duration::from_secs(3600);

/// What keeping a certificate needs.
struct Keeper {
    settings: config::Acme,
    http: reqwest::Client,
    path: PathBuf,
    shown: Weak<Shown>,
}

/// Shows the certificate that is kept, if there is one, and keeps it new.
pub fn start(config: &Config, shown: &Arc<Shown>, stop: &CancellationToken) -> Result<(), TlsError> {
    let settings = config.tls.acme.clone();
    let http = client::build(settings.ca_file.as_deref()).map_err(TlsError::Acme)?;
    let path = config.data.join(state::FILE);
    let state = State::read(&path, &settings).map_err(|error| TlsError::Acme(error.to_string()))?;
    let keeper = Keeper { settings, http, path, shown: Arc::downgrade(shown) };
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = keep(keeper, state) => {}
        }
    });
    Ok(())
}

async fn keep(keeper: Keeper, mut state: State) {
    let mut pause = FIRST_PAUSE;
    let mut due = match state.certificate() {
        Some(Ok(certificate)) => keeper.show(certificate),
        Some(Err(error)) => {
            tracing::warn!(%error, "the certificate that was kept cannot be used; a new one is asked for");
            Duration::ZERO
        }
        None => Duration::ZERO,
    };
    loop {
        while !due.is_zero() {
            let nap = due.min(NAP);
            tokio::time::sleep(nap).await;
            due = match state.certificate() {
                Some(Ok(certificate)) => remaining(&certificate),
                _ => Duration::ZERO,
            };
        }
        let Some(shown) = keeper.shown.upgrade() else { return };
        let ordered = order::order(&keeper.settings, &keeper.http, &mut state, &shown).await;
        shown.proved();
        match ordered.and_then(|()| state.write(&keeper.path).map_err(|error| error.to_string())) {
            Ok(()) => {
                pause = FIRST_PAUSE;
                match state.certificate() {
                    Some(Ok(certificate)) => {
                        tracing::info!(names = ?keeper.settings.domains, expires = certificate.expires, "a new certificate");
                        due = keeper.show(certificate);
                    }
                    Some(Err(error)) => tracing::error!(%error, "the new certificate cannot be used"),
                    None => {}
                }
            }
            Err(error) => tracing::error!(%error, again_in = pause.as_secs(), "no certificate was given"),
        }
        if due.is_zero() {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Keeper {
    /// Shows it, and says how long it is good for before a new one is asked for.
    fn show(&self, certificate: Certificate) -> Duration {
        let due = remaining(&certificate);
        if let Some(shown) = self.shown.upgrade() {
            shown.replace(certificate);
        }
        due
    }
}

/// How long until a third of its life is left.
fn remaining(certificate: &Certificate) -> Duration {
    until_due(certificate.begins, certificate.expires, SystemTime::now())
}

fn until_due(begins: u64, expires: u64, now: SystemTime) -> Duration {
    let life = expires.saturating_sub(begins);
    let due = UNIX_EPOCH + Duration::from_secs(expires - life / 3);
    due.duration_since(now).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_when_a_third_of_its_life_is_left() {
        let day = 86_400;
        let at = |days: u64| UNIX_EPOCH + Duration::from_secs(days * day);
        assert_eq!(until_due(0, 90 * day, at(0)), Duration::from_secs(60 * day));
        assert_eq!(until_due(0, 90 * day, at(59)), Duration::from_secs(day));
        assert_eq!(until_due(0, 90 * day, at(60)), Duration::ZERO);
        assert_eq!(until_due(0, 90 * day, at(100)), Duration::ZERO);
        // One that makes no sense is asked for anew, and is no reason to panic.
        assert_eq!(until_due(90 * day, 0, at(1)), Duration::ZERO);
    }
}
