//! Leaving: how a server that is told to stop lets go of those who use it.
//!
//! It takes three steps. First it says that it is not ready and goes on as before, until whoever balances the load has
//! noticed (`shutdown.notice_seconds`). Then it takes no new live connections and closes those that there are, in no
//! particular order, evenly over `shutdown.spread_seconds`, so that the servers that stay meet a stream of clients and not
//! all of them at once. What is under way then has `shutdown.drain_seconds` to finish, which is the server's business and
//! not told here.
//!
//! A single server has nobody to hand its clients to: by default the first two take no time.

use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::event::Close;
use tokio::time::{Instant, sleep, sleep_until};

use crate::app::App;
use crate::hub::Link;

/// Takes the first two steps. Afterwards every live connection has been told to resume elsewhere.
pub async fn leave(app: &App) {
    let notice = Duration::from_secs(app.config.shutdown.notice_seconds);
    let spread = Duration::from_secs(app.config.shutdown.spread_seconds);
    app.leaving.cancel();
    if !notice.is_zero() {
        tracing::info!(seconds = notice.as_secs(), "not ready any more, and serving until that is noticed");
        sleep(notice).await;
    }
    // From here on a connection that opens is refused, so that those below are all there are.
    app.draining.cancel();
    let mut links = app.hub.all();
    if !spread.is_zero() {
        tracing::info!(seconds = spread.as_secs(), connections = links.len(), "closing connections");
    }
    shuffle(&mut links);
    let begun = Instant::now();
    let count = links.len();
    for (at, link) in links.into_iter().enumerate() {
        if !spread.is_zero() {
            sleep_until(begun + moment(at, count, spread, chance())).await;
        }
        link.close(Close::GoingAway);
    }
}

/// When the connection with this number is closed: somewhere within its own share of the time.
fn moment(at: usize, count: usize, spread: Duration, chance: f64) -> Duration {
    spread.mul_f64((at as f64 + chance) / count.max(1) as f64)
}

/// So that neither the devices of one user nor those of one conversation come back together.
fn shuffle(links: &mut [Arc<Link>]) {
    links.sort_by_cached_key(|_| getrandom::u32().unwrap_or_default());
}

fn chance() -> f64 {
    f64::from(getrandom::u32().unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_closed_evenly() {
        let spread = Duration::from_secs(10);
        let moments: Vec<_> = (0..100).map(|at| moment(at, 100, spread, chance())).collect();
        assert!(moments.is_sorted());
        for (at, moment) in moments.iter().enumerate() {
            assert_eq!(moment.as_millis() / 100, at as u128);
        }
    }
}
