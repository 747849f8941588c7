//! The server as the simulation sees it: it lives, dies and lives again over one database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use laserchat_protocol::command::Hello;
use laserchat_protocol::event::Close;
use laserchat_protocol::{Code, Problem};
use laserchat_server::app::{App, Shared};
use laserchat_server::auth::Identity;
use laserchat_server::config::{self, Config, Flags};
use laserchat_store::{Sqlite, Store};
use parking_lot::Mutex;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::sleep;

use super::clock;
use super::gateway::{End, Gateway};
use super::ledger::Entries;
use super::store::{FaultyStore, Weather};
use super::wire::Wire;

/// How long stopping in good order may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A backup, and what was written in the ledger when it was taken.
pub struct Backup {
    store: Sqlite,
    entries: Entries,
}

struct Life {
    gateway: Arc<Gateway>,
    alive: Arc<AtomicBool>,
    tasks: Vec<AbortHandle>,
}

pub struct Server {
    store: Mutex<Arc<Sqlite>>,
    pub weather: Arc<Weather>,
    queue: usize,
    life: Mutex<Option<Life>>,
    /// Held while it starts or stops, so that there is one life at a time.
    starting: tokio::sync::Mutex<()>,
}

fn settings(queue: usize) -> Config {
    static USUAL: LazyLock<Config> = LazyLock::new(|| {
        let settings = [("LASERCHAT_RATE_LIMITS".into(), "off".into())];
        config::load(&Flags::default(), settings).expect("a valid configuration").config
    });
    let mut config = USUAL.clone();
    config.queue.frames = queue;
    config
}

impl Server {
    pub fn new(store: Arc<Sqlite>, weather: Arc<Weather>, queue: usize) -> Self {
        Server {
            store: Mutex::new(store),
            weather,
            queue,
            life: Mutex::new(None),
            starting: tokio::sync::Mutex::default(),
        }
    }

    /// Begins a new life, unless one goes on.
    pub async fn start(&self) {
        let _starting = self.starting.lock().await;
        if self.is_up() {
            return;
        }
        let alive = Arc::new(AtomicBool::new(true));
        let store = FaultyStore::new(self.store(), Arc::clone(&self.weather), Arc::clone(&alive));
        let store: Arc<dyn Store> = Arc::new(store);
        match App::start_at(settings(self.queue), store, clock::now).await {
            Ok(app) => {
                self.weather.trace.note("the server is up");
                let (ledger, trace) = (Arc::clone(&self.weather.ledger), Arc::clone(&self.weather.trace));
                let gateway = Arc::new(Gateway { app, ledger, trace });
                *self.life.lock() = Some(Life { gateway, alive, tasks: Vec::new() });
            }
            Err(error) => self.weather.trace.note(format!("the server cannot start: {error}")),
        }
    }

    /// The database that it runs on.
    pub fn store(&self) -> Arc<Sqlite> {
        Arc::clone(&self.store.lock())
    }

    /// Dies, and will live again on a backup.
    pub async fn restore(&self, backup: &Backup) {
        let _starting = self.starting.lock().await;
        self.crash();
        match backup.store.restored() {
            Ok(store) => *self.store.lock() = Arc::new(store),
            Err(error) => return self.weather.trace.wrong(format!("a backup cannot be restored: {error}")),
        }
        self.weather.ledger.go_back(&backup.entries);
        self.weather.trace.note("a backup is restored");
    }

    pub fn back_up(&self) -> Option<Backup> {
        let store = self.store().restored().ok()?;
        Some(Backup { store, entries: self.weather.ledger.copy() })
    }

    pub fn is_up(&self) -> bool {
        self.life.lock().is_some()
    }

    /// Dies in the middle of whatever it does.
    pub fn crash(&self) {
        let Some(life) = self.life.lock().take() else { return };
        self.weather.trace.note("the server is dead");
        life.alive.store(false, Ordering::Relaxed);
        for task in life.tasks {
            task.abort();
        }
    }

    /// Stops in good order.
    pub async fn stop(&self) {
        let _starting = self.starting.lock().await;
        let Some(life) = self.life.lock().take() else { return };
        self.weather.trace.note("the server stops");
        let app = &life.gateway.app;
        app.draining.cancel();
        for link in app.hub.all() {
            link.close(Close::GoingAway);
        }
        let in_time = tokio::time::timeout(PATIENCE, app.hub.emptied()).await.is_ok();
        self.weather.trace.note(format!("the server has stopped, {}", if in_time { "drained" } else { "impatiently" }));
        life.alive.store(false, Ordering::Relaxed);
        for task in life.tasks {
            task.abort();
        }
    }

    /// Takes a new connection. Returns whether there is a server to take it.
    pub fn accept(&self, who: Identity, hello: Hello, wire: Arc<Wire>) -> bool {
        let mut life = self.life.lock();
        let Some(life) = life.as_mut() else { return false };
        let task = tokio::spawn(Arc::clone(&life.gateway).serve(who, hello, End(wire)));
        life.keep(&task);
        true
    }

    /// A request and its answer, as over HTTP. It fails when the server is not there, or dies meanwhile.
    pub async fn request<T, F>(&self, work: impl FnOnce(Shared) -> F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let unavailable = || Problem::new(Code::Unavailable).detail("simulated: no server");
        let task = {
            let mut life = self.life.lock();
            let life = life.as_mut().ok_or_else(unavailable)?;
            let task = tokio::spawn(work(Arc::clone(&life.gateway.app)));
            life.keep(&task);
            task
        };
        task.await.map_err(|_| unavailable())?
    }

    /// Starts again whenever it is down, and dies when the weather says so.
    pub async fn watch_over(self: Arc<Self>) {
        loop {
            self.weather.deadly.notified().await;
            self.crash();
            let pause = self.weather.dice.lock().between(1, 3000);
            sleep(Duration::from_millis(pause as u64)).await;
            self.start().await;
        }
    }
}

impl Life {
    fn keep<T>(&mut self, task: &JoinHandle<T>) {
        self.tasks.retain(|task| !task.is_finished());
        self.tasks.push(task.abort_handle());
    }
}
