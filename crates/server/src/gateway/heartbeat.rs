//! The heartbeat: finds peers that are gone without a word.
//!
//! One task looks at all links instead of a timer in each. A link that has been silent for one heartbeat is pinged, one
//! that did not answer for another is closed.

use std::time::Duration;

use laserchat_protocol::event::Close;

use crate::app::App;
use crate::hub::Frame;

pub async fn watch(app: std::sync::Weak<App>, seconds: u64) {
    let ping = Frame::ping();
    let beat = seconds.clamp(1, u64::from(u32::MAX) / 4) as u32;
    let mut ticks = tokio::time::interval(Duration::from_millis(seconds.max(1) * 500));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(app) = app.upgrade() else { return };
        for link in app.hub.all() {
            if !link.expects_pings.load(std::sync::atomic::Ordering::Relaxed) {
                continue;
            }
            match link.silence() {
                silence if silence >= beat * 2 => link.close(Close::Silent),
                silence if silence >= beat => link.push(&ping),
                _ => {}
            }
        }
    }
}
