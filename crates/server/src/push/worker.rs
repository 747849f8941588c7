//! The worker: takes pushes from the store when they are due, and notes what became of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_core::notification::ReaderPresence;
use laserchat_protocol::device::PushOutcome;
use laserchat_protocol::limits::ACTIVITY_DAYS;
use laserchat_protocol::{DeviceId, Timestamp, UserId};
use laserchat_store::{DuePush, Push, PushResult, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::payload::{self, Parcel};
use super::service::{Sent, Services};
use crate::app::Shared;
use crate::bus::Waker;
use crate::hub::Hub;
use crate::notification::presence;

/// Pushes that are under way at once.
const UNDER_WAY: usize = 64;
/// Pushes that are looked at together.
const BATCH: usize = 256;
/// After a day nobody wants to hear of it any more.
const LIFE_SECONDS: i64 = 24 * 3600;
/// Longer than any attempt takes: after this, one is taken for dead.
const LEASE_SECONDS: u64 = 120;
/// The pause after a first failure; it doubles up to the second one.
const PAUSES: (u64, u64) = (1_000, 30 * 60 * 1_000);
/// How long the worker sleeps at most, should nobody wake it.
const SLEEP: Duration = Duration::from_secs(60);
/// The pause when the store fails.
const STORE_PAUSE: Duration = Duration::from_secs(1);
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// A session that was not renewed for so long cannot be any more.
const SESSION_DAYS: u64 = 90;
/// How often a hold doubles.
const HOLDS: u32 = 3;

pub struct Pusher {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    services: Arc<Services>,
    pub wake: Waker,
    hold_seconds: u64,
}

/// The worker. It ends when `stop` is cancelled; what it was sending then is sent again at the next start.
pub async fn run(app: Shared, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = app.pusher.run() => {}
    }
}

/// What came of one attempt.
type Attempt = (Push, PushResult);

impl Pusher {
    pub fn new(
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        services: Arc<Services>,
        wake: Waker,
        hold_seconds: u64,
    ) -> Arc<Self> {
        Arc::new(Pusher { store, hub, services, wake, hold_seconds })
    }

    /// There is something to send.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// The public key that browsers subscribe with.
    pub fn public_key(&self) -> &str {
        self.services.vapid.public()
    }

    /// Sends a push to one device at once, and says what became of it. `None`: the user has no such device.
    pub async fn test(&self, user: UserId, id: DeviceId) -> Result<Option<PushOutcome>, StoreError> {
        let Some(device) = self.store.device_target(user, id).await? else { return Ok(None) };
        let parcel = payload::test(&self.server().await?);
        Ok(Some(match self.services.send(&device, &parcel, Timestamp::now()).await {
            Sent::Taken => PushOutcome::Sent,
            Sent::Gone => {
                self.store.remove_device(user, id).await?;
                PushOutcome::Gone
            }
            Sent::Later(_) | Sent::Refused(_) => PushOutcome::Failed,
        }))
    }

    async fn server(&self) -> Result<String, StoreError> {
        Ok(self.store.settings().await?.name.unwrap_or_else(|| crate::actions::admin::NAME.to_owned()))
    }

    async fn run(&self) {
        let mut under_way = JoinSet::new();
        // What was being sent when the process died may have been sent or not.
        while let Err(error) = self.store.resume_pushes(Timestamp::now()).await {
            tracing::warn!(%error, "pushes wait for the store");
            tokio::time::sleep(STORE_PAUSE).await;
        }
        let mut tidied: Option<Instant> = None;
        loop {
            if tidied.is_none_or(|at| at.elapsed() > TIDY_EVERY) {
                tidied = Some(Instant::now());
                self.tidy().await;
            }
            let sleep = match self.begin(&mut under_way).await {
                Ok(sleep) => sleep,
                Err(error) => {
                    tracing::warn!(%error, "pushes could not be taken from the store, and are tried again");
                    STORE_PAUSE
                }
            };
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(sleep) => {}
                Some(first) = under_way.join_next() => self.settle(first, &mut under_way).await,
            }
        }
    }

    /// Forgets what nobody will ask for any more.
    async fn tidy(&self) {
        let days = |days: u64| Timestamp(Timestamp::now().0.saturating_sub_unsigned(days * 24 * 3600 * 1000));
        if let Err(error) = self.store.tidy_notifications(days(ACTIVITY_DAYS), days(SESSION_DAYS)).await {
            tracing::warn!(%error, "old activity could not be cleared away, and is tried again later");
        }
    }

    /// Begins what is due, as far as there is room, and returns how long there is nothing to begin.
    async fn begin(&self, under_way: &mut JoinSet<Attempt>) -> Result<Duration, StoreError> {
        let room = UNDER_WAY.saturating_sub(under_way.len());
        if room == 0 {
            return Ok(SLEEP);
        }
        let now = Timestamp::now();
        let due = self.store.due_pushes(now, BATCH).await?;
        let (held, mut ready): (Vec<DuePush>, Vec<DuePush>) = due.into_iter().partition(|push| self.holds(push));
        if !held.is_empty() {
            let until = |push: &DuePush| {
                let times = 1u64 << push.holds.unwrap_or_default().min(HOLDS);
                (push.id, now.plus_seconds(self.hold_seconds.max(1) * times))
            };
            self.store.hold_pushes(held.iter().map(until).collect()).await?;
        }
        let all = ready.len() <= room;
        ready.truncate(room);
        let ids: Vec<u64> = ready.iter().map(|push| push.id).collect();
        if !ids.is_empty() {
            let oldest = Timestamp(now.0 - LIFE_SECONDS * 1000);
            let server = self.server().await?;
            for push in self.store.begin_pushes(ids, now.plus_seconds(LEASE_SECONDS), oldest).await? {
                let age = (now.0 - push.created_at.0).max(0) / 1000;
                let parcel = payload::of(&push, &server, (LIFE_SECONDS - age).max(0).unsigned_abs());
                under_way.spawn(attempt(Arc::clone(&self.services), push, parcel));
            }
        }
        if !all {
            return Ok(SLEEP);
        }
        let next = self.store.next_push().await?;
        let wait = next.map_or(SLEEP, |at| Duration::from_millis((at.0 - Timestamp::now().0).max(0).unsigned_abs()));
        Ok(wait.min(SLEEP))
    }

    /// A push that was not tried waits for as long as its reader uses some device: there it is shown, and most likely read.
    fn holds(&self, push: &DuePush) -> bool {
        self.hold_seconds > 0 && push.holds.is_some() && presence(&self.hub, push.user) == ReaderPresence::Active
    }

    /// Notes what became of an attempt, and of all that have ended meanwhile.
    async fn settle(&self, first: Result<Attempt, tokio::task::JoinError>, under_way: &mut JoinSet<Attempt>) {
        let mut ended = vec![first];
        while let Some(next) = under_way.try_join_next() {
            ended.push(next);
        }
        // An attempt that panicked is tried again when its lease ends.
        let settled: Vec<Attempt> = ended.into_iter().flatten().collect();
        for (_, result) in &settled {
            let label = match result {
                PushResult::Sent => "sent",
                PushResult::Later(_) => "later",
                PushResult::DeviceGone => "gone",
                PushResult::Refused => "refused",
            };
            metrics::counter!("laserchat_pushes_total", "result" => label).increment(1);
        }
        while let Err(error) = self.store.settle_pushes(settled.clone(), Timestamp::now()).await {
            tracing::warn!(%error, "what became of pushes could not be written, and is tried again");
            tokio::time::sleep(STORE_PAUSE).await;
        }
    }
}

async fn attempt(services: Arc<Services>, push: Push, parcel: Parcel) -> Attempt {
    let now = Timestamp::now();
    let result = match services.send(&push.device, &parcel, now).await {
        Sent::Taken => PushResult::Sent,
        Sent::Gone => PushResult::DeviceGone,
        Sent::Later(said) => PushResult::Later(again(push.tries, said, Timestamp::now())),
        Sent::Refused(reason) => {
            tracing::warn!(device = %push.device.id, reason, "a push was refused");
            PushResult::Refused
        }
    };
    (push, result)
}

/// When to try again: after a pause that doubles with every failure, shortened at random by up to a half, so that what
/// failed together does not come back together; never before the service wants it.
fn again(tries: u32, said: Option<Duration>, now: Timestamp) -> Timestamp {
    let pause = PAUSES.1.min(PAUSES.0 << tries.saturating_sub(1).min(20));
    let mut dice = [0; 8];
    // Without randomness, the pause is simply whole.
    let dice = getrandom::fill(&mut dice).map_or(0, |()| u64::from_le_bytes(dice));
    let pause = pause - dice % (pause / 2 + 1);
    let said = said.map_or(0, |said| u64::try_from(said.as_millis()).unwrap_or(u64::MAX));
    Timestamp(now.0.saturating_add(i64::try_from(pause.max(said)).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_services_are_heard() {
        let now = Timestamp(1000);
        for (tries, least, most) in [(1, 500, 1_000), (2, 1_000, 2_000), (5, 8_000, 16_000), (60, 900_000, 1_800_000)] {
            let pause = again(tries, None, now).0 - now.0;
            assert!((least..=most).contains(&pause), "{tries}: {pause}");
        }
        assert_eq!(again(1, Some(Duration::from_secs(90)), now), Timestamp(91_000));
    }
}
