//! The node's number, which keeps its ids apart from those of others.
//!
//! It is a lease like any other. A node that could not renew it in time writes nothing any more, because the number may be
//! another's, and takes up writing when it has a number again.

use std::sync::{Arc, Weak};
use std::time::Instant;

use laserchat_store::{Result, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::{LASTS, MARGIN, RENEW, clock};
use crate::app::App;
use crate::bus::Bus;
use crate::ids::{Ids, NODES};

fn name(number: u16) -> String {
    format!("node/{number}")
}

async fn take(store: &dyn Store, holder: &str, ids: &Ids, number: u16) -> Result<bool> {
    clock::follow(store).await?;
    let from = Instant::now();
    let held = !store.lease(holder, &[name(number)], LASTS).await?.is_empty();
    if held {
        ids.lease(number, from, LASTS - MARGIN);
    }
    Ok(held)
}

async fn any(store: &dyn Store, holder: &str, ids: &Ids, most: u16) -> Result<Option<u16>> {
    for number in 0..most {
        if take(store, holder, ids, number).await? {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// Takes a free number. One node alone has number 0 and needs no lease; a node without a bus can only be alone, so it has
/// number 0 or none.
pub async fn number(store: &Arc<dyn Store>, bus: &Bus, holder: &str, ids: &Ids) -> Result<()> {
    if store.alone() && bus.nats().is_none() {
        return Ok(());
    }
    let most = if bus.nats().is_some() { NODES } else { 1 };
    let begun = Instant::now();
    loop {
        if let Some(number) = any(&**store, holder, ids, most).await? {
            tracing::info!(number, "this node has its number");
            return Ok(());
        }
        // What an earlier process left ends by then.
        if begun.elapsed() > LASTS + RENEW {
            let why =
                if most == 1 { "another server uses this database, and there is no bus" } else { "no number is free" };
            return Err(StoreError::Unavailable(why.to_owned()));
        }
        tokio::time::sleep(RENEW / 4).await;
    }
}

/// Gives the number back, so that the next process need not wait for it.
pub async fn give_back(app: &App) {
    let Some(number) = app.ids.leased() else { return };
    if let Err(error) = app.store.release(&app.holder, &[name(number)]).await {
        tracing::warn!(%error, "this node's number could not be given back, and is free again soon");
    }
}

/// Keeps the number, or finds another one when it was lost.
pub async fn keep(app: Weak<App>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(RENEW);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let Some(app) = app.upgrade() else { return };
        if app.ids.leased().is_none() {
            return;
        }
        let kept = async {
            let number = app.ids.leased().unwrap_or_default();
            if take(&*app.store, &app.holder, &app.ids, number).await? {
                return Ok(true);
            }
            tracing::warn!(number, "this node lost its number, and writes nothing until it has another one");
            let most = if app.bus.nats().is_some() { NODES } else { 1 };
            Ok::<_, StoreError>(any(&*app.store, &app.holder, &app.ids, most).await?.is_some())
        };
        match kept.await {
            Ok(true) => {}
            Ok(false) => tracing::error!("no number is free for this node"),
            Err(error) => tracing::warn!(%error, "this node's number could not be renewed"),
        }
    }
}
