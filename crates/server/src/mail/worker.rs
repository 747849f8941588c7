//! The worker: takes mails from the store when they are due, and notes what became of them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use laserchat_core::notification::ReaderPresence;
use laserchat_protocol::Timestamp;
use laserchat_store::{Digest, DueMail, EmailRequest, MailResult, Store, StoreError};
use lettre::message::Mailbox;
use tokio_util::sync::CancellationToken;

use super::letter::Paper;
use super::transport::{MailServer, Sent, Transport, mailbox};
use super::{Links, when};
use crate::app::{Shared, StartError};
use crate::bus::Waker;
use crate::config::Config;
use crate::hub::Hub;
use crate::notification::presence;

/// Mails that are under way at once, each over a connection of its own: mail servers allow few.
const AT_ONCE: usize = 4;
/// Mails that are looked up together.
const BATCH: usize = 64;
/// Messages that a digest shows; of more it gives the number.
const ENTRIES: usize = 30;
/// Longer than any attempt takes: after this, one is taken for dead.
const LEASE_SECONDS: u64 = 300;
/// The pause after the first failure of one mail; it doubles up to the second one.
const PAUSES: (u64, u64) = (60_000, 3_600_000);
/// The same after a failure of the mail server.
const AWAY_PAUSES: (u64, u64) = (1_000, 600_000);
/// A mail that could not be sent for a day is given up.
const PATIENCE_MS: i64 = 24 * 3_600_000;
/// When to look again whether somebody is still here, who needs no digest as long as that lasts.
const HERE_SECONDS: u64 = 900;
/// How long the worker sleeps at most: a clock that is set forward is noticed after it.
const SLEEP: Duration = Duration::from_secs(60);
/// The pause when the store fails.
const STORE_PAUSE: Duration = Duration::from_secs(2);

pub struct Postman {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    links: Links,
    transport: Transport,
    from: Mailbox,
    site: String,
    pub wake: Waker,
}

/// The worker. It ends when `stop` is cancelled; what it was sending then is sent again at the next start.
pub async fn run(app: Shared, stop: CancellationToken) {
    let Some(postman) = &app.mail else { return };
    tokio::select! {
        () = stop.cancelled() => {}
        () = postman.run() => {}
    }
}

impl Postman {
    /// `None`: the operator has named no mail server.
    pub fn new(
        config: &Config,
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        links: Links,
        wake: Waker,
    ) -> Result<Option<Arc<Postman>>, StartError> {
        let (Some(url), Some(from), Some(site)) = (&config.smtp.url, &config.smtp.from, &config.public_url) else {
            return Ok(None);
        };
        let wrong = |what: &str| StartError::Mail(format!("{what} cannot be used"));
        let server = MailServer::parse(url).ok_or_else(|| wrong("smtp.url"))?;
        let from = mailbox(from).ok_or_else(|| wrong("smtp.from"))?;
        let site = site.trim_end_matches('/').to_owned();
        let transport = Transport::new(server);
        Ok(Some(Arc::new(Postman { store, hub, links, transport, from, site, wake })))
    }

    /// There may be something to send.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    async fn run(&self) {
        // What was being sent when the process died may have been sent or not.
        while let Err(error) = self.store.resume_mail(Timestamp::now()).await {
            tracing::warn!(%error, "e-mails wait for the store");
            tokio::time::sleep(STORE_PAUSE).await;
        }
        let mut failures = 0;
        loop {
            match self.round().await {
                Ok(None) => failures = 0,
                Ok(Some(reason)) => {
                    failures += 1;
                    let pause = doubled(AWAY_PAUSES, failures);
                    tracing::warn!(reason, pause_ms = pause, "the mail server cannot be used, and is tried again");
                    // Nothing wakes it from this: whoever asks for a mail cannot make the server come back.
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "e-mails could not be taken from the store, and are tried again");
                    tokio::time::sleep(STORE_PAUSE).await;
                    continue;
                }
            }
            let sleep = self.store.next_mail().await.ok().flatten().map_or(SLEEP, |next| {
                Duration::from_millis((next.0 - Timestamp::now().0).max(0).unsigned_abs()).min(SLEEP)
            });
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    /// Sends what is due. Returns why the mail server cannot be used, if that is so: what else is due stays due.
    async fn round(&self) -> Result<Option<String>, StoreError> {
        loop {
            let due = self.store.due_mail(Timestamp::now(), BATCH).await?;
            if due.is_empty() {
                return Ok(None);
            }
            let server = self.store.settings().await?.name.unwrap_or_else(|| crate::actions::admin::NAME.to_owned());
            let paper = Paper { from: self.from.clone(), site: self.site.clone(), server };
            for some in due.chunks(AT_ONCE) {
                let ended = join_all(some.iter().map(|mail| async {
                    match *mail {
                        DueMail::Link(user) => {
                            let (now, lease) = times();
                            match self.store.begin_link(user, now, lease).await? {
                                Some(request) => self.link(&paper, request).await,
                                None => Ok(None),
                            }
                        }
                        DueMail::Digest(user) if presence(&self.hub, user) == ReaderPresence::Active => {
                            self.store.put_off_digest(user, Timestamp::now().plus_seconds(HERE_SECONDS)).await?;
                            Ok(None)
                        }
                        DueMail::Digest(user) => {
                            let (now, lease) = times();
                            match self.store.begin_digest(user, now, lease, ENTRIES).await? {
                                Some(digest) => self.digest(&paper, digest).await,
                                None => Ok(None),
                            }
                        }
                    }
                }))
                .await;
                let mut away = None;
                for end in ended {
                    away = away.or(end?);
                }
                if away.is_some() {
                    return Ok(away);
                }
            }
        }
    }

    async fn link(&self, paper: &Paper, request: EmailRequest) -> Result<Option<String>, StoreError> {
        let token = self.links.confirm(request.user, &request.nonce);
        let id = self.links.message_id(&self.store.epoch(), request.user, b"link", &request.nonce);
        let sent = match paper.link(&request, &id, &token) {
            Ok(message) => self.transport.send(message).await,
            Err(error) => Sent::Refused(error.to_string()),
        };
        let (result, away) = outcome(sent, request.tries, request.requested_at);
        note(result, &away, "a link", request.user);
        self.store.settle_link(request.user, request.nonce, result).await?;
        Ok(away)
    }

    async fn digest(&self, paper: &Paper, digest: Digest) -> Result<Option<String>, StoreError> {
        let token = self.links.unsubscribe(digest.user);
        let number = digest.number.to_be_bytes();
        let id = self.links.message_id(&self.store.epoch(), digest.user, b"digest", &number);
        let sent = match paper.digest(&digest, &id, &token) {
            Ok(message) => self.transport.send(message).await,
            Err(error) => Sent::Refused(error.to_string()),
        };
        let (result, away) = outcome(sent, digest.tries, digest.begun_at);
        note(result, &away, "a digest", digest.user);
        let now = Timestamp::now();
        let next = when::due(digest.every, digest.time_zone.as_deref(), now).unwrap_or(now);
        // Should the process die before this is written, the digest is sent again, under the name that it had.
        self.store.settle_digest(digest.user, digest.number, result, next).await?;
        Ok(away)
    }
}

fn times() -> (Timestamp, Timestamp) {
    let now = Timestamp::now();
    (now, now.plus_seconds(LEASE_SECONDS))
}

/// What is to become of a mail, and why the mail server cannot be used, if that is why.
fn outcome(sent: Sent, tries: u32, since: Timestamp) -> (MailResult, Option<String>) {
    let now = Timestamp::now();
    let late = now.0 - since.0 > PATIENCE_MS;
    let later = |pause: u64| match late {
        true => MailResult::GivenUp,
        false => MailResult::Later(Timestamp(now.0.saturating_add_unsigned(pause))),
    };
    match sent {
        Sent::Taken => (MailResult::Sent, None),
        Sent::Refused(reason) => {
            tracing::warn!(reason, "an e-mail was refused for good");
            (MailResult::Refused, None)
        }
        Sent::Later(reason) => {
            let pause = doubled(PAUSES, tries);
            tracing::info!(reason, pause_ms = pause, "an e-mail was not taken yet");
            (later(pause), None)
        }
        // It goes to the end of the line: should it be this mail that drives the server away, others come first.
        Sent::Away(reason) => (later(0), Some(reason)),
    }
}

fn note(result: MailResult, away: &Option<String>, what: &str, user: laserchat_protocol::UserId) {
    let label = match result {
        MailResult::Sent => "sent",
        MailResult::Later(_) => "later",
        MailResult::Refused => "refused",
        MailResult::GivenUp => "given_up",
    };
    metrics::counter!("laserchat_mails_total", "result" => label).increment(1);
    match result {
        MailResult::GivenUp => {
            tracing::warn!(%user, reason = away.as_deref(), "{what} could not be sent for a day, and is given up");
        }
        MailResult::Refused => tracing::warn!(%user, "the mail server does not take {what}"),
        MailResult::Sent | MailResult::Later(_) => {}
    }
}

/// A pause that doubles with every failure up to a longest.
fn doubled((first, longest): (u64, u64), failures: u32) -> u64 {
    longest.min(first << failures.saturating_sub(1).min(20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_patience_ends() {
        assert_eq!([1, 2, 3, 99].map(|failures| doubled(AWAY_PAUSES, failures)), [1_000, 2_000, 4_000, 600_000]);
        let now = Timestamp::now();
        let (soon, _) = outcome(Sent::Later("450".into()), 1, now);
        assert!(matches!(soon, MailResult::Later(at) if at > now));
        let long_ago = Timestamp(now.0 - PATIENCE_MS - 1);
        assert_eq!(outcome(Sent::Later("450".into()), 9, long_ago), (MailResult::GivenUp, None));
        assert_eq!(outcome(Sent::Away("x".into()), 9, long_ago), (MailResult::GivenUp, Some("x".into())));
        assert_eq!(outcome(Sent::Refused("550".into()), 1, now), (MailResult::Refused, None));
    }
}
