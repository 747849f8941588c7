//! The application: everything a handler may use, built once at start.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use laserchat_protocol::limits::ACCESS_TOKEN_SECONDS;
use laserchat_protocol::{Code, Event, MessageId, Problem, SessionId, Timestamp, UserId, Version};
use laserchat_store::{BelongingKey, Store, StoreError};
use tokio::sync::Notify;

use crate::activity::Activities;
use crate::auth::Ended;
use crate::auth::password::Passwords;
use crate::auth::token::{Key, Keyring};
use crate::blobs::{BlobError, Blobs};
use crate::bus::{Bus, Errand, Notice, Waker};
use crate::config::Config;
use crate::cursors::Cursors;
use crate::engine::Engine;
use crate::follow::Feed;
use crate::hub::{Frame, Hub, QueueLimits};
use crate::ids::{Clock, Ids};
use crate::invocations::Invocations;
use crate::lease::{self, Fresh};
use crate::limits::Rates;
use crate::mail::{Links, Postman};
use crate::media::Limits;
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::presence::Presences;
use crate::push::{Pusher, Services};
use crate::turns::Turns;
use crate::typing::TypingBoard;
use crate::uploads::Uploads;
use crate::work::Wakers;

pub struct App {
    pub config: Config,
    pub store: Arc<dyn Store>,
    pub ids: Arc<Ids>,
    pub engine: Engine,
    pub hub: Arc<Hub>,
    /// What this node tells others, and hears of them.
    pub bus: Arc<Bus>,
    /// The name under which this life of the node holds leases.
    pub holder: String,
    /// Something of other nodes was missed: everything that they tell is to be read again.
    pub missed: Arc<Notify>,
    /// Whether what this node has to do is still its own.
    pub fresh: Arc<Fresh>,
    /// What followers hear of what is published.
    pub feed: Arc<Feed>,
    pub passwords: Passwords,
    pub keys: Keyring,
    pub ended: Ended,
    pub rates: Rates,
    pub activity: Activities,
    pub cursors: Cursors,
    pub presence: Arc<Presences>,
    pub typing: TypingBoard,
    /// Messages that are being changed, so that people who react at once do not meet each other's half-done work.
    pub changing: Turns<MessageId>,
    /// The version of the list of custom emoji, which every connection is told.
    pub emoji_version: AtomicU64,
    /// Belongings that are being changed, by their owner or because their time has come.
    pub keeping: Turns<(UserId, BelongingKey)>,
    /// Names of custom emoji that are being given or taken.
    pub naming: Turns<String>,
    /// Wakes the worker that does what is due: something may be due earlier than it knows.
    pub due: Waker,
    pub blobs: Blobs,
    pub uploads: Uploads,
    /// How much looking into a file may cost.
    pub media: Limits,
    /// The operator wants the index of search to be made anew.
    pub reindex: tokio::sync::Notify,
    pub metrics: Arc<Metrics>,
    /// Asks addresses that users name.
    pub outbound: Outbound,
    pub pusher: Arc<Pusher>,
    /// Makes and reads the links in e-mails, which work even where none are sent any more.
    pub links: Links,
    /// Sends e-mails, where the operator has named a mail server.
    pub mail: Option<Arc<Postman>>,
    /// Slash commands that wait for their bots' answers.
    pub invocations: Invocations,
    pub wakers: Wakers,
    /// Lives as long as the process, because every connection refers to it.
    pub queue: &'static QueueLimits,
    /// Set once the server says that it is not ready, while it goes on serving.
    pub leaving: tokio_util::sync::CancellationToken,
    /// Set once the server stops taking new work.
    pub draining: tokio_util::sync::CancellationToken,
}

pub type Shared = Arc<App>;

/// Passwords that may wait for a hashing thread: some seconds' worth, beyond which trying again is kinder.
const PASSWORD_QUEUE: usize = 256;

impl App {
    pub async fn start(config: Config, store: Arc<dyn Store>) -> Result<Shared, StartError> {
        Self::start_at(config, store, Timestamp::now).await
    }

    /// The same with a clock of one's own, which dates what is decided and makes the ids.
    pub async fn start_at(config: Config, store: Arc<dyn Store>, clock: Clock) -> Result<Shared, StartError> {
        let metrics = Arc::new(Metrics::install());
        let ids = Arc::new(Ids::new(0, clock));
        let bus = Bus::connect(&config, &store.epoch()).await?;
        let mut holder = [0; 12];
        getrandom::fill(&mut holder).map_err(|error| StartError::Keys(error.to_string()))?;
        let holder = URL_SAFE_NO_PAD.encode(holder);
        lease::number(&store, &bus, &holder, &ids).await?;
        let hub = Arc::new(Hub::new(Arc::clone(&metrics), Arc::clone(&bus)));
        let feed = Feed::start();
        let engine = Engine::start(
            Arc::clone(&store),
            Arc::clone(&hub),
            Arc::clone(&feed),
            Arc::clone(&ids),
            Arc::clone(&metrics),
        );
        let keys = store.signing_keys().await?.into_iter().map(Key::from).collect();
        let keys = Keyring::new(keys).map_err(|error| StartError::Keys(error.to_string()))?;
        let ended = Ended::default();
        let since = Timestamp(Timestamp::now().0 - (ACCESS_TOKEN_SECONDS as i64 + 120) * 1000);
        ended.insert(store.ended_since(since).await?);
        let queue = Box::leak(Box::new(QueueLimits { frames: config.queue.frames, bytes: config.queue.bytes }));
        let outbound =
            Outbound::new(&config.outbound.allow).map_err(|error| StartError::Outbound(error.to_string()))?;
        let services = Services::open(&config, &*store, outbound.clone()).await?;
        let hold = config.notifications.hold_seconds;
        let waker = |errand| Waker::new(errand, &bus);
        let pusher = Pusher::new(Arc::clone(&store), Arc::clone(&hub), Arc::new(services), waker(Errand::Pushes), hold);
        let links = Links::open(&*store).await?;
        let mail = Postman::new(&config, Arc::clone(&store), Arc::clone(&hub), links.clone(), waker(Errand::Mail))?;
        // What arrives at one node is then within reach of the others.
        let shared = config.blobs.url.is_some() && (bus.nats().is_some() || !store.alone());
        Ok(Arc::new(App {
            rates: Rates::new(config.rate_limits),
            passwords: Passwords::start(Passwords::default_threads(), PASSWORD_QUEUE).map_err(StartError::Threads)?,
            activity: Activities::start(Arc::clone(&store)),
            cursors: Cursors::start(Arc::clone(&store), Arc::clone(&hub), Arc::clone(&pusher)),
            presence: Presences::start(Arc::clone(&store), Arc::clone(&hub), Arc::clone(&bus)),
            typing: TypingBoard::start(Arc::clone(&hub), Arc::clone(&bus)),
            changing: Turns::default(),
            blobs: Blobs::new(config.blobs.clone(), &config.data),
            uploads: Uploads::new(&config.data, shared, waker(Errand::Collection)),
            media: Limits::configured(&config),
            keeping: Turns::default(),
            naming: Turns::default(),
            due: waker(Errand::Due),
            missed: Arc::default(),
            fresh: Arc::default(),
            emoji_version: AtomicU64::new(store.emoji_version().await?),
            outbound,
            wakers: Wakers::new(&bus),
            holder,
            bus,
            invocations: Invocations::default(),
            leaving: tokio_util::sync::CancellationToken::new(),
            draining: tokio_util::sync::CancellationToken::new(),
            config,
            store,
            ids,
            engine,
            hub,
            feed,
            reindex: tokio::sync::Notify::new(),
            keys,
            ended,
            metrics,
            pusher,
            links,
            mail,
            queue,
        }))
    }

    /// Marks sessions as ended, for their access tokens, and closes their connections at once.
    pub fn end_sessions(&self, user: UserId, sessions: &[SessionId]) {
        self.bus.notice(Notice::Ended { user, sessions: sessions.to_vec() });
        self.end_sessions_here(user, sessions);
    }

    /// The same on this node only.
    pub fn end_sessions_here(&self, user: UserId, sessions: &[SessionId]) {
        self.ended.insert(sessions.iter().copied());
        self.hub.close_sessions(user, sessions);
    }
}

impl App {
    /// The list of custom emoji has this version: whoever is connected here is told, if that is news.
    pub fn emoji_changed(&self, version: Version) {
        if self.emoji_version.fetch_max(version, Ordering::Relaxed) < version {
            let frame = Frame::event(&Event::EmojiUpdated { version });
            self.hub.all().iter().for_each(|link| link.push(&frame));
        }
    }

    /// Wakes work, if it is done on this node.
    pub fn wake(&self, errand: Errand) {
        match errand {
            Errand::Due => self.due.notify_here(),
            Errand::Pushes => self.pusher.wake.notify_here(),
            Errand::Mail => self.mail.iter().for_each(|mail| mail.wake.notify_here()),
            Errand::Deliveries => self.wakers.deliveries.notify_here(),
            Errand::Previews => self.wakers.previews.notify_here(),
            Errand::Expiry => self.wakers.expiry.notify_here(),
            Errand::Exports => self.wakers.exports.notify_here(),
            Errand::Deletions => self.wakers.deletions.notify_here(),
            Errand::Collection => self.uploads.due.notify_here(),
            Errand::Unknown => {}
        }
    }

    /// Wakes all of it: some errand may have got lost.
    pub fn wake_all(&self) {
        Errand::ALL.into_iter().for_each(|errand| self.wake(errand));
    }
}

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the signing keys cannot be used: {0}")]
    Keys(String),
    #[error("cannot prepare requests to other servers: {0}")]
    Outbound(String),
    #[error("cannot set up pushes: {0}")]
    Push(String),
    #[error("cannot set up e-mails: {0}")]
    Mail(String),
    #[error("cannot use the bus: {0}")]
    Bus(String),
    #[error("cannot start threads: {0}")]
    Threads(std::io::Error),
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    #[error("cannot speak TLS: {0}")]
    Tls(#[from] crate::tls::TlsError),
    #[error("cannot keep files: {0}")]
    Blobs(#[from] BlobError),
    #[error("cannot use the data folder {0}: {1}")]
    Data(std::path::PathBuf, std::io::Error),
}

/// A store error as the asker sees it. It is logged here, where it is handled.
pub fn failed(error: StoreError) -> Problem {
    tracing::error!(%error, "the store failed");
    match error {
        StoreError::Unavailable(_) => Problem::new(Code::Unavailable).retry_after(1),
        StoreError::Corrupt(_) | StoreError::TooNew { .. } => Code::Internal.into(),
    }
}
