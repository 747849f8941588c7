//! A certificate in files, which somebody else renews: it is taken up when they change, and when a SIGHUP says so.
//!
//! The bytes are compared, not the times: what is replaced by a link to another folder, as by certbot or Kubernetes, has
//! changed too. Chain and key are two files, so for a moment they may not belong together; the next look finds that they
//! do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Certificate, CertificateError, Shown, TlsError};

const EVERY: Duration = Duration::from_secs(5);

struct Files {
    chain: PathBuf,
    key: PathBuf,
    /// The bytes that were tried last, so that a broken file is complained about once.
    tried: Option<(Vec<u8>, Vec<u8>)>,
}

/// Shows the certificate of the files, which must be usable now, and keeps looking at them.
pub fn start(chain: PathBuf, key: PathBuf, shown: &Arc<Shown>, stop: &CancellationToken) -> Result<(), TlsError> {
    shown.replace(Certificate::read(&chain, &key)?);
    let tried = std::fs::read(&chain).ok().zip(std::fs::read(&key).ok());
    tokio::spawn(watch(Files { chain, key, tried }, Arc::downgrade(shown), stop.clone()));
    Ok(())
}

async fn watch(mut files: Files, shown: Weak<Shown>, stop: CancellationToken) {
    let mut hangup = match signal(SignalKind::hangup()) {
        Ok(hangup) => Some(hangup),
        Err(error) => {
            tracing::warn!(%error, "SIGHUP cannot be listened to; changed certificates are found nevertheless");
            None
        }
    };
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        let told = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        let asked = tokio::select! {
            () = stop.cancelled() => return,
            _ = told => true,
            _ = ticks.tick() => false,
        };
        let Some(shown) = shown.upgrade() else { return };
        let looked = tokio::task::spawn_blocking(move || {
            look(&mut files, &shown, asked);
            files
        });
        match looked.await {
            Ok(back) => files = back,
            Err(_) => return,
        }
    }
}

fn look(files: &mut Files, shown: &Shown, asked: bool) {
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| CertificateError::File { path: path.to_owned(), error });
    let found = read(&files.chain).and_then(|chain| Ok((chain, read(&files.key)?)));
    let taken = match found {
        Ok(found) if !asked && files.tried.as_ref() == Some(&found) => return,
        Ok((chain, key)) => {
            let taken = Certificate::parse(&chain, &key);
            files.tried = Some((chain, key));
            taken
        }
        // Said once, until there is something to read again.
        Err(_) if !asked && files.tried.is_none() => return,
        Err(error) => {
            files.tried = None;
            Err(error)
        }
    };
    match taken {
        Ok(certificate) => {
            tracing::info!(expires = certificate.expires, "the certificate was taken from its files");
            shown.replace(certificate);
        }
        Err(error) => tracing::error!(%error, "the new certificate cannot be used; the one before stays in use"),
    }
}
