//! Receiving: what this node listens to, and what becomes of the hints that come.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_nats::{Event, Subscriber};
use futures_util::StreamExt;
use laserchat_protocol::{ConversationId, Seq, UserId};
use laserchat_store::Head;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::gathered::Gathered;
use super::hint::Hint;
use super::nats::{Ends, Place, Want};
use super::{answers, audit, fill, nats, notice};
use crate::app::{App, Shared};
use crate::hub::{Frame, Item, Mark};

/// How often subjects that nobody wants any more are looked for.
const SWEEP: Duration = Duration::from_secs(30);

/// Starts the node's side of the bus, if it has one.
pub fn start(app: &Shared, stop: &CancellationToken) {
    let Some(nats) = app.bus.nats() else { return };
    let Some(Ends { events, leaving }) = nats.ends() else { return };
    let (wants, gaps) = (Arc::clone(&nats.wants), Arc::clone(&nats.gaps));
    let until = |work: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        let stop = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    };
    // Hints leave until the very end, so that others hear of what is done while the server stops.
    tokio::spawn(nats::leave(Arc::clone(&app.bus), leaving));
    until(Box::pin(listen(Arc::downgrade(app), wants, events)));
    until(Box::pin(fill::run(Arc::downgrade(app), gaps)));
    until(Box::pin(audit::run(Arc::downgrade(app))));
    until(Box::pin(notice::beat(Arc::downgrade(app))));
}

/// What is subscribed to; the tasks end with it.
#[derive(Default)]
struct Listening(HashMap<Place, (Want, AbortHandle)>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.values().for_each(|(_, task)| task.abort());
    }
}

/// Keeps subscribed to what somebody here wants to hear.
async fn listen(app: Weak<App>, wants: Arc<Gathered<Want>>, mut events: tokio::sync::mpsc::Receiver<Event>) {
    let mut listening = Listening::default();
    let mut sweep = tokio::time::interval(SWEEP);
    let mut batch = Vec::new();
    let mut known = false;
    let mut common: Vec<AbortOnDrop> = Vec::new();
    loop {
        let Some(held) = app.upgrade() else { return };
        let Some(nats) = held.bus.nats() else { return };
        if common.is_empty() {
            if let Ok(subscriber) = nats.client.subscribe(nats.everybody()).await {
                common.push(AbortOnDrop(tokio::spawn(notice::hear(app.clone(), subscriber)).abort_handle()));
            }
            if let Ok(subscriber) = nats.client.subscribe(nats.answers()).await {
                common.push(AbortOnDrop(tokio::spawn(answers::hear(app.clone(), subscriber)).abort_handle()));
            }
        }
        drop(held);
        batch.clear();
        tokio::select! {
            taken = wants.take() => batch = taken,
            event = events.recv() => match event {
                Some(event) => {
                    let Some(app) = app.upgrade() else { return };
                    known = connection(&app, &event, known);
                }
                None => return,
            },
            _ = sweep.tick() => {
                let Some(app) = app.upgrade() else { return };
                let Some(nats) = app.bus.nats() else { return };
                listening.0.retain(|_, (want, task)| {
                    let unwanted = nats.unwanted(*want);
                    if unwanted { task.abort() }
                    !unwanted
                });
            }
        }
        if !batch.is_empty() {
            let Some(app) = app.upgrade() else { return };
            subscribe(&app, &mut listening, &batch).await;
        }
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Follows the connection. After it was lost, everything may have been missed.
fn connection(app: &Shared, event: &Event, known: bool) -> bool {
    let Some(nats) = app.bus.nats() else { return known };
    match event {
        Event::Connected => {
            nats.connected.set(1.0);
            tracing::info!("connected to NATS");
            if known {
                app.missed.notify_one();
            }
            return true;
        }
        Event::Disconnected | Event::Closed => {
            nats.connected.set(0.0);
            tracing::warn!(
                "the connection to NATS is lost; what other nodes do is read from the store until it is back"
            );
        }
        Event::SlowConsumer(_) => {
            nats.dropped.increment(1);
            app.missed.notify_one();
        }
        Event::ServerError(error) => tracing::warn!(%error, "NATS reports an error"),
        Event::ClientError(error) => tracing::warn!(%error, "NATS cannot be used as it should"),
        Event::LameDuckMode | Event::Draining => {}
    }
    known
}

/// Subscribes to what is wanted, waits until the server knows, and then looks what was missed until then.
async fn subscribe(app: &Shared, listening: &mut Listening, wants: &[Want]) {
    let Some(nats) = app.bus.nats() else { return };
    for want in wants {
        let place = nats.place(*want);
        if listening.0.contains_key(&place) {
            continue;
        }
        match nats.client.subscribe(nats.subject(*want).clone()).await {
            Ok(subscriber) => {
                let task = tokio::spawn(hear(Arc::downgrade(app), subscriber)).abort_handle();
                listening.0.insert(place, (*want, task));
            }
            Err(error) => tracing::warn!(%error, "a subject of NATS could not be subscribed to"),
        }
    }
    // While NATS is away nothing comes anyway, and when it is back, everything is looked at.
    let _ = tokio::time::timeout(Duration::from_secs(1), nats.client.flush()).await;
    wants.iter().filter(|want| listening.0.contains_key(&nats.place(**want))).for_each(|want| nats.live(*want));
    let conversations: Vec<ConversationId> =
        wants.iter().filter_map(|want| if let Want::Conversation(id) = want { Some(*id) } else { None }).collect();
    let users: Vec<UserId> =
        wants.iter().filter_map(|want| if let Want::User(id) = want { Some(*id) } else { None }).collect();
    audit::look(app, &conversations, &users).await;
}

async fn hear(app: Weak<App>, mut subscriber: Subscriber) {
    while let Some(message) = subscriber.next().await {
        let Some(app) = app.upgrade() else { return };
        if let Some(nats) = app.bus.nats() {
            nats.received.increment(1);
        }
        if let Some((hint, rest)) = Hint::decode(&message.payload) {
            take(&app, hint, rest).await;
        }
    }
}

async fn take(app: &Shared, hint: Hint, rest: &[u8]) {
    match hint {
        Hint::Change { change, bytes, own } => {
            app.engine.elsewhere(change);
            let (conversation, seq) = (change.conversation, change.seq);
            let Some((shared, own_bytes)) = rest.split_at_checked(bytes) else { return };
            if shared.is_empty() {
                return app.hub.know_head(Head { conversation, head: seq });
            }
            let mark = Mark::Seq(conversation, seq);
            let own = own.map(|user| (user, Frame::relayed(own_bytes, mark)));
            app.hub.offer(Item { change, shared: Frame::relayed(shared, mark), own });
        }
        Hint::Signal { conversation, except } => {
            app.hub.relay_signal(conversation, &Frame::relayed(rest, Mark::None), except);
        }
        Hint::Typing { conversation, user, typing } => drop(app.typing.heard(conversation, user, typing)),
        Hint::Personal { user, version } => {
            let mark = version.map_or(Mark::None, Mark::Version);
            app.hub.relay_to_user(user, version, Frame::relayed(rest, mark));
        }
        Hint::Moved { user, conversation, seq, joined: true } => admit(app, user, conversation, seq).await,
        // Whoever listens hears it in its place, from the conversation itself.
        Hint::Moved { user, conversation, joined: false, .. } => {
            if !app.hub.listens(user, conversation) {
                app.hub.revoke(user, conversation);
            }
        }
        Hint::Unknown => {}
    }
}

/// Lets a user's connections hear a conversation, if the store says that the user is in it: the hint may be old.
pub(super) async fn admit(app: &Shared, user: UserId, conversation: ConversationId, seq: Seq) {
    // When messages pass between reading and admitting, what was read is too old.
    for _ in 0..crate::engine::TRIES {
        if app.hub.links(user).is_empty() {
            return;
        }
        match app.store.room(conversation, &[user]).await {
            Ok(Some(room)) if room.joined(user).is_some() => {
                if app.hub.admit(user, Head { conversation, head: room.head }) {
                    return;
                }
            }
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(%error, %conversation, seq, "whether somebody has joined could not be read");
                break;
            }
        }
    }
    // The connections come back and read where they belong.
    app.hub.cut_off_user(user);
}
