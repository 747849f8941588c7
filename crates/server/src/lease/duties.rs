//! Duties: work that is done on one node at a time.
//!
//! A node alone does everything, at once. Where there are several, each duty is a lease. Whoever has the lease does the work
//! and renews it; when it cannot, it stops the work before the lease ends, and another node takes it up. Every piece of this
//! work can be done twice, since it is committed together with how far it has got, or under a name that stays the same; so
//! a node that was paused for longer than its leases and comes back in the middle of a piece does no harm.

use std::collections::HashSet;
use std::sync::Weak;
use std::time::Instant;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{LASTS, MARGIN, RENEW};
use crate::app::{App, Shared};

type Begin = Box<dyn Fn(&Shared, CancellationToken) -> JoinHandle<()> + Send + Sync>;

pub struct Duty {
    name: String,
    begin: Begin,
    running: Option<(CancellationToken, JoinHandle<()>)>,
}

impl Duty {
    /// Work that runs until its token is cancelled.
    pub fn new<F>(
        name: impl Into<String>,
        work: impl Fn(Shared, CancellationToken) -> F + Send + Sync + 'static,
    ) -> Duty
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let begin: Begin = Box::new(move |app, stop| tokio::spawn(work(app.clone(), stop)));
        Duty { name: name.into(), begin, running: None }
    }
}

pub struct Duties {
    duties: Vec<Duty>,
    /// Until when the leases that were renewed last can be relied upon.
    until: Option<Instant>,
}

impl Duties {
    pub fn new(duties: Vec<Duty>) -> Self {
        Duties { duties, until: None }
    }

    /// Does them until the server stops, and returns when all have ended.
    pub async fn run(mut self, app: Shared, stop: CancellationToken) {
        if app.store.alone() && app.bus.nats().is_none() {
            self.hold(&app, &stop, |_| true);
            drop(app);
            stop.cancelled().await;
            return self.end().await;
        }
        let holder = app.holder.clone();
        let store = std::sync::Arc::clone(&app.store);
        let app: Weak<App> = { std::sync::Arc::downgrade(&app) };
        let mut ticks = tokio::time::interval(RENEW);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let pause = async {
                let ends = self.until.map(|until| until.saturating_duration_since(Instant::now()));
                match ends {
                    Some(ends) => drop(tokio::time::timeout(ends, ticks.tick()).await),
                    None => drop(ticks.tick().await),
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = pause => {}
            }
            let Some(app) = app.upgrade() else { return };
            self.renew(&app, &holder, &stop).await;
        }
        self.end().await;
        let names: Vec<String> = self.duties.into_iter().map(|duty| duty.name).collect();
        if let Err(error) = store.release(&holder, &names).await {
            tracing::warn!(%error, "leases could not be given back, and end by themselves");
        }
    }

    async fn renew(&mut self, app: &Shared, holder: &str, stop: &CancellationToken) {
        let names: Vec<String> = self.duties.iter().map(|duty| duty.name.clone()).collect();
        let from = Instant::now();
        // Whoever was paused until now holds nothing any more, until it is told otherwise.
        if self.until.is_some_and(|until| from > until) {
            self.lose(app, stop, "its leases could not be renewed in time");
        }
        let patience = self.until.map_or(LASTS, |until| until.saturating_duration_since(from));
        match tokio::time::timeout(patience, app.store.lease(holder, &names, LASTS)).await {
            Ok(Ok(held)) => {
                self.until = Some(from + LASTS - MARGIN);
                app.fresh.until(from + LASTS - MARGIN);
                let held: HashSet<String> = held.into_iter().map(|lease| lease.name).collect();
                self.hold(app, stop, |name| held.contains(name));
            }
            Ok(Err(error)) => tracing::warn!(%error, "leases could not be renewed"),
            Err(_) => self.lose(app, stop, "the store did not answer in time"),
        }
    }

    fn lose(&mut self, app: &Shared, stop: &CancellationToken, why: &str) {
        self.until = None;
        if self.duties.iter().any(|duty| duty.running.is_some()) {
            tracing::warn!(why, "this node gives up its background work");
        }
        self.hold(app, stop, |_| false);
    }

    /// Begins and ends what is held now, and what is not.
    fn hold(&mut self, app: &Shared, stop: &CancellationToken, held: impl Fn(&str) -> bool) {
        for duty in &mut self.duties {
            // Work that ended by itself found that it may not go on, or failed: it begins again.
            if duty.running.as_ref().is_some_and(|(_, task)| task.is_finished()) {
                duty.running = None;
            }
            match (&duty.running, held(&duty.name)) {
                (None, true) => {
                    tracing::debug!(duty = duty.name, "begins");
                    let token = stop.child_token();
                    duty.running = Some((token.clone(), (duty.begin)(app, token)));
                }
                (Some((token, _)), false) => {
                    tracing::info!(duty = duty.name, "is done by another node from now on");
                    token.cancel();
                    duty.running = None;
                }
                _ => {}
            }
            let on = if duty.running.is_some() { 1.0 } else { 0.0 };
            metrics::gauge!("laserchat_duty", "duty" => duty.name.clone()).set(on);
        }
    }

    /// Waits until the work has ended, which it does between two pieces.
    async fn end(&mut self) {
        for duty in &mut self.duties {
            if let Some((token, task)) = duty.running.take() {
                token.cancel();
                // What panicked has ended too.
                let _ = task.await;
            }
        }
    }
}
