//! A running server: everything started in order, and stopped in order.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use laserchat_store::sqlite::Sqlite;
use laserchat_store::{Postgres, Store};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Shared, StartError};
use crate::auth::token::Secret;
use crate::bus::Notice;
use crate::config::{Config, Role};
use crate::lease::{Duties, Duty};
use crate::tls::{self, Tls};
use crate::uploads::Uploads;
use crate::{bus, drain, due, follow, gateway, http, lease, listener, mail, operator, push, uploads, work};

/// The database inside the data folder.
pub const DATABASE: &str = "laserchat.db";
/// The file inside the data folder that a running server holds locked.
pub const LOCK: &str = "laserchat.lock";

/// How often what is left of deleted conversations is cleared away, and how much at once.
const PURGE_EVERY: Duration = Duration::from_secs(60);
const PURGE_ROWS: usize = 500;

pub struct Server {
    pub app: Shared,
    /// Where it listens: with port 0 in the configuration, the port that the system chose.
    pub address: SocketAddr,
    /// Where people who come without TLS are sent on, if anywhere.
    pub redirect: Option<SocketAddr>,
    /// While the server has no owner: the link that makes its first account the owner.
    pub owner_link: Option<String>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    /// What is done in the background, as far as this node does it.
    duties: JoinHandle<()>,
    /// Locked for as long as the server runs, so that no second one uses the same folder.
    _lock: File,
}

/// Opens the store that the configuration names.
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    if let Some(url) = &config.database.url {
        let replica = config.database.replica_url.as_deref();
        return Ok(Arc::new(Postgres::open(url, replica, config.database.connections).await?));
    }
    let failed = |error| StartError::Data(config.data.clone(), error);
    create_private(&config.data).map_err(failed)?;
    Ok(Arc::new(Sqlite::open(&config.data.join(DATABASE))?))
}

/// Creates the data folder, which nobody else on the machine has business in.
pub fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Locks the data folder until the file is dropped.
pub fn lock(folder: &Path) -> std::io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    file.try_lock().map_err(|_| std::io::Error::other("another LaserChat server uses it"))?;
    Ok(file)
}

impl Server {
    pub async fn start(config: Config) -> Result<Server, StartError> {
        let data = |error| StartError::Data(config.data.clone(), error);
        create_private(&config.data).map_err(data)?;
        let lock = lock(&config.data).map_err(data)?;
        let store = open_store(&config).await?;
        Self::start_on(config, store, lock).await
    }

    /// The same on a store that is open. `lock` is that of the data folder.
    pub async fn start_on(config: Config, store: Arc<dyn Store>, lock: File) -> Result<Server, StartError> {
        let listening = |error| StartError::Listen(config.listen, error);
        let socket = TcpListener::bind(config.listen).await.map_err(listening)?;
        let address = socket.local_addr().map_err(listening)?;
        let redirect = match config.tls.redirect {
            None => None,
            Some(at) => Some(TcpListener::bind(at).await.map_err(|error| StartError::Listen(at, error))?),
        };
        let app = App::start(config, store).await?;
        app.blobs.open()?;
        let owner_link = owner_link(&app, address).await?;

        let stop = CancellationToken::new();
        let tls = Tls::start(&app.config, &stop)?;
        let redirected = redirect.as_ref().and_then(|socket| socket.local_addr().ok());
        if let Some(socket) = redirect {
            let router = tls::redirect(app.config.public_url.clone(), address.port());
            let (config, stopping) = (app.config.clone(), stop.clone());
            tokio::spawn(async move { listener::serve(socket, None, router, &config, stopping).await });
        }
        let router = http::router(Arc::clone(&app));
        let (config, stopping) = (app.config.clone(), stop.clone());
        let serving = tokio::spawn(async move { listener::serve(socket, tls, router, &config, stopping).await });
        tokio::spawn(gateway::heartbeat::watch(Arc::downgrade(&app), app.config.heartbeat.seconds));
        operator::listen(&app);
        bus::start(&app, &stop);
        tokio::spawn(lease::keep(Arc::downgrade(&app), stop.clone()));
        let duties = if app.config.roles.contains(&Role::Worker) { duties() } else { Vec::new() };
        let duties = tokio::spawn(Duties::new(duties).run(Arc::clone(&app), stop.clone()));
        Uploads::start(&app).await?;
        tracing::info!(%address, epoch = app.store.epoch(), "serving");
        Ok(Server { app, address, redirect: redirected, owner_link, stop, serving, duties, _lock: lock })
    }

    /// Lets go of the clients, stops accepting, waits for what is under way, and writes what was gathered. Nothing that was
    /// acknowledged depends on this.
    pub async fn shutdown(self) {
        drain::leave(&self.app).await;
        self.stop.cancel();
        let drained = async {
            let _ = self.serving.await;
            let _ = self.duties.await;
            self.app.hub.emptied().await;
        };
        let patience = Duration::from_secs(self.app.config.shutdown.drain_seconds);
        if tokio::time::timeout(patience, drained).await.is_err() {
            tracing::warn!("stopped before every connection was closed");
        }
        self.app.activity.flush().await;
        self.app.bus.notice(Notice::Bye);
        if let Some(nats) = self.app.bus.nats() {
            nats.close().await;
        }
        lease::give_back(&self.app).await;
        tracing::info!("stopped");
    }
}

/// A new secret each time the server starts without an owner: an old link from a log is of no use.
async fn owner_link(app: &App, address: SocketAddr) -> Result<Option<String>, StartError> {
    if app.store.has_owner().await? {
        return Ok(None);
    }
    let code = Secret::invitation().map_err(|error| StartError::Keys(error.to_string()))?;
    app.store.set_owner_code(Sha256::digest(code.expose().as_bytes()).into()).await?;
    Ok(Some(format!("{}/join/{}", app.config.base_url(address), code.expose())))
}

/// Everything that is done in the background, by one node at a time.
fn duties() -> Vec<Duty> {
    let mut duties = follow::duties();
    duties.extend(work::duties());
    duties.push(Duty::new("work/due", due::run));
    duties.push(Duty::new("work/push", push::run));
    duties.push(Duty::new("work/mail", mail::run));
    duties.push(Duty::new("work/collect", uploads::run));
    duties.push(Duty::new("work/purge", |app, stop| purge(Arc::clone(&app.store), stop)));
    duties
}

async fn purge(store: Arc<dyn Store>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PURGE_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        // In small pieces, so that messages never wait behind it.
        while !stop.is_cancelled() {
            match store.purge_deleted(PURGE_ROWS).await {
                Ok(true) => tokio::task::yield_now().await,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "deleted conversations could not be cleared away");
                    break;
                }
            }
        }
    }
}
