//! When sessions and tokens were last used: gathered in memory, written once in a while.
//!
//! It is worth little and changes with every request, so it never costs a request a write; a crash loses half a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::{SessionId, Timestamp, TokenId};
use laserchat_store::Store;
use parking_lot::Mutex;

const EVERY: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Gathered {
    sessions: HashMap<SessionId, (Timestamp, IpAddr)>,
    tokens: HashMap<TokenId, Timestamp>,
}

pub struct Activities {
    gathered: Arc<Mutex<Gathered>>,
    store: Arc<dyn Store>,
}

impl Activities {
    pub fn start(store: Arc<dyn Store>) -> Self {
        let gathered = Arc::new(Mutex::new(Gathered::default()));
        // Neither is held between two ticks, so that a stopped server's database closes at once.
        let (weak, kept) = (Arc::downgrade(&gathered), Arc::downgrade(&store));
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EVERY);
            loop {
                ticks.tick().await;
                let (Some(gathered), Some(store)) = (weak.upgrade(), kept.upgrade()) else { return };
                flush(&gathered, &*store).await;
            }
        });
        Activities { gathered, store }
    }

    pub fn session(&self, session: SessionId, now: Timestamp, address: IpAddr) {
        self.gathered.lock().sessions.insert(session, (now, address));
    }

    pub fn token(&self, token: TokenId, now: Timestamp) {
        self.gathered.lock().tokens.insert(token, now);
    }

    /// Writes what was gathered, when the server stops and before sessions are listed.
    pub async fn flush(&self) {
        flush(&self.gathered, &*self.store).await;
    }
}

async fn flush(gathered: &Mutex<Gathered>, store: &dyn Store) {
    let Gathered { sessions, tokens } = std::mem::take(&mut *gathered.lock());
    let sessions: Vec<_> =
        sessions.into_iter().map(|(id, (at, address))| (id, at, Some(address.to_string()))).collect();
    if !sessions.is_empty()
        && let Err(error) = store.touch_sessions(sessions).await
    {
        tracing::warn!(%error, "when sessions were last active could not be written");
    }
    if !tokens.is_empty()
        && let Err(error) = store.touch_tokens(tokens.into_iter().collect()).await
    {
        tracing::warn!(%error, "when tokens were last used could not be written");
    }
}
