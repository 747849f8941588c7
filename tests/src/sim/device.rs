//! A device: the client crate's state and outbox, driven over a simulated connection the way the client drives them.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use laserchat_client::outbox::{Draft, Status};
use laserchat_client::state::{Resume, State};
use laserchat_protocol::command::Hello;
use laserchat_protocol::event::ErrorFrame;
use laserchat_protocol::{Code, Command, ConversationView, Event, Problem};
use laserchat_server::auth::Identity;
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::answers::{self, Answer};
use super::clock;
use super::dice::Dice;
use super::mind::{Ask, Asked, Mind, PAGE, place};
use super::plan::{Plan, WirePlan};
use super::server::Server;
use super::trace::Trace;
use super::watch::Watch;
use super::wire::Wire;

pub struct Device {
    pub name: String,
    pub who: Identity,
    server: Arc<Server>,
    trace: Arc<Trace>,
    plan: WirePlan,
    mind: Mutex<Mind>,
    plugging: Notify,
}

impl Device {
    pub fn new(name: String, who: Identity, server: Arc<Server>, plan: Plan, mut dice: Dice) -> Arc<Device> {
        let trace = Arc::clone(&server.weather.trace);
        let mind = Mind::new(dice.fork(), Watch::new(plan.store.answer_lost > 0));
        Arc::new(Device { name, who, server, trace, plan: plan.wire, mind: Mutex::new(mind), plugging: Notify::new() })
    }

    pub fn mind(&self) -> MutexGuard<'_, Mind> {
        self.mind.lock()
    }

    /// Some time that something takes on its way.
    async fn travel(&self) {
        let long = match self.plan.delay {
            0 => 0,
            most => self.mind().dice.below(most + 1),
        };
        if long > 0 {
            sleep(Duration::from_millis(long as u64)).await;
        }
    }

    /// Connects, listens, and comes back, for ever.
    pub async fn live(self: Arc<Self>) {
        loop {
            loop {
                let mut plugging = pin!(self.plugging.notified());
                plugging.as_mut().enable();
                if self.mind().plugged {
                    break;
                }
                plugging.await;
            }
            self.connect().await;
            let pause = self.mind().dice.between(10, 1000);
            sleep(Duration::from_millis(pause as u64)).await;
        }
    }

    async fn connect(self: &Arc<Self>) {
        let wire = Arc::new(Wire::new(self.plan.window));
        let (Resume { cursors, version, epoch }, run) = {
            let mut mind = self.mind();
            mind.wire = Some(Arc::clone(&wire));
            let resume = mind.state.hello();
            let resuming = resume.cursors.as_ref().is_some_and(|cursors| !cursors.is_empty());
            mind.watch.connected(resuming || resume.version.is_some());
            (resume, mind.run)
        };
        let hello = Hello { cursors, version, epoch, ..Hello::default() };
        self.travel().await;
        let ticking = tokio::spawn(Arc::clone(self).tick()).abort_handle();
        if self.server.accept(self.who, hello, Arc::clone(&wire)) {
            while let Ok(text) = wire.down.receive().await {
                self.take_time().await;
                // The device may have been started again meanwhile.
                if self.mind().run != run {
                    break;
                }
                self.hear(&text);
            }
        }
        ticking.abort();
        self.lost(run);
    }

    /// How long the device takes for one frame.
    async fn take_time(&self) {
        let long = {
            let mut mind = self.mind();
            let (long, frames) = mind.slow;
            mind.slow.1 = frames.saturating_sub(1);
            if frames == 0 { 0 } else { long }
        };
        match long {
            0 => self.travel().await,
            long => sleep(Duration::from_millis(long)).await,
        }
    }

    fn lost(&self, run: u64) {
        let mut mind = self.mind();
        if mind.run == run {
            mind.forget_connection();
            self.trace.note(format!("{} lost its connection", self.name));
        }
    }

    /// Small duties while there is a connection.
    async fn tick(self: Arc<Self>) {
        loop {
            sleep(Duration::from_millis(500)).await;
            let mut mind = self.mind();
            if !mind.ready {
                continue;
            }
            for id in std::mem::take(&mut mind.arrived) {
                if let Some(seq) = mind.state.room(id).map(|room| room.cursor()) {
                    mind.command(Command::CursorDelivered { conversation_id: id, seq }, None);
                }
            }
            mind.send_due();
        }
    }

    fn hear(self: &Arc<Self>, text: &str) {
        let event: Event = match serde_json::from_str(text) {
            Ok(event) => event,
            Err(error) => return self.trace.wrong(format!("{} cannot read {text}: {error}", self.name)),
        };
        if let Event::Ready(ready) = &event {
            self.trace.note(format!("{} < ready version {} heads {:?}", self.name, ready.version, ready.heads));
        } else {
            self.trace.note(format!("{} < {text}", self.name));
        }
        let mut mind = self.mind();
        mind.watch.frame(&event, self.who.user).unwrap_or_else(|wrong| self.wrong(wrong));
        match &event {
            Event::Ack(ack) => mind.answered(&ack.id, Ok(())),
            Event::Error(ErrorFrame { id: Some(id), code, detail, field, retry_after }) => {
                let (detail, field, retry_after) = (detail.clone(), field.clone(), *retry_after);
                mind.answered(id, Err(Problem { detail, field, retry_after, ..Problem::new(*code) }));
            }
            Event::Error(_) | Event::Pong { .. } => {}
            _ => {
                mind.state.apply(&event, clock::now());
                if let Event::Ready(_) = event {
                    mind.ready = true;
                }
                mind.heard(&event);
                if let Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) = &event {
                    mind.no_step_back(e.conversation_id, Some(&e.message)).unwrap_or_else(|wrong| self.wrong(wrong));
                }
            }
        }
        self.look(&mut mind);
        mind.send_due();
    }

    fn wrong(&self, what: String) {
        self.trace.wrong(format!("{}: {what}", self.name));
    }

    /// Asks for whatever is missing and has not been asked for.
    fn look(self: &Arc<Self>, mind: &mut Mind) {
        if !mind.ready {
            return;
        }
        let mut asks: Vec<Ask> = mind.state.wants().into_iter().map(Ask::Fetch).collect();
        for (id, room) in mind.state.rooms() {
            if room.floor() > 1 {
                asks.push(Ask::History(id));
            }
            if !room.members_complete() {
                asks.push(Ask::Members(id));
            }
        }
        for ask in asks {
            if mind.asked.insert(ask) {
                let asked = Asked::new(mind, ask);
                mind.tasks.push(tokio::spawn(Arc::clone(self).ask(asked)).abort_handle());
            }
        }
    }

    async fn ask(self: Arc<Self>, mut asked: Asked) {
        loop {
            self.travel().await;
            if let Ask::History(id) | Ask::Members(id) = asked.ask {
                asked.place = place(&self.mind().state, id);
            }
            let user = self.who.user;
            let answer = match (asked.ask, asked.place) {
                (Ask::Fetch(fetch), _) => self.server.request(|app| answers::fetch(app, user, fetch)).await,
                (Ask::Members(id), _) => self.server.request(|app| answers::members(app, user, id)).await,
                (Ask::History(id), Some((_, floor))) => {
                    self.server.request(move |app| answers::history(app, user, id, floor, PAGE)).await
                }
                // The conversation went away before its history was asked for.
                (Ask::History(_), None) => Err(Code::NotFound.into()),
            };
            self.travel().await;
            if self.answered(&asked, answer) {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    /// Takes an answer. Returns whether that was all; otherwise it is asked again.
    fn answered(self: &Arc<Self>, asked: &Asked, answer: Result<Answer, Problem>) -> bool {
        let mut mind = self.mind();
        if mind.run != asked.run {
            return true;
        }
        let ask = asked.ask;
        match answer {
            Ok(answer) => {
                mind.asked.remove(&ask);
                if mind.state.generation() == asked.generation {
                    self.trace.note(format!("{} takes the answer to {ask:?}", self.name));
                    mind.take(ask, answer, asked.place);
                    mind.check_all().unwrap_or_else(|wrong| self.wrong(wrong));
                }
            }
            Err(problem) if problem.code == Code::NotFound => {
                mind.asked.remove(&ask);
                self.trace.note(format!("{} is told that there is no {ask:?}", self.name));
                if let Ask::Fetch(fetch) = ask
                    && let Some(id) = fetch.conversation()
                {
                    mind.state.answer_not_found(id, asked.standing);
                }
            }
            Err(_) => return false,
        }
        self.look(&mut mind);
        true
    }

    /// What a request that makes or joins a conversation answers is held at once.
    pub fn take_view(self: &Arc<Self>, run: u64, view: &ConversationView) {
        let mut mind = self.mind();
        if mind.run == run {
            self.trace.note(format!("{} takes a view of {} at {}", self.name, view.conversation.id, view.seq));
            mind.state.answer_conversation(view);
            self.look(&mut mind);
        }
    }

    pub fn is_ready(&self) -> bool {
        self.mind().ready
    }

    /// Whether nothing is under way and nothing missing; otherwise what is.
    pub fn unrest(&self) -> Option<String> {
        let mind = self.mind();
        let idle = mind.wire.as_ref().is_some_and(|wire| wire.down.is_empty() && wire.up.is_empty());
        let drafts = mind.outbox.drafts().filter(|draft| !is_failed(draft)).count();
        let what = if !mind.ready {
            "not connected".into()
        } else if !mind.state.is_synced() {
            format!("wants {:?}", mind.state.wants())
        } else if !mind.asked.is_empty() {
            format!("asks {:?}", mind.asked)
        } else if drafts > 0 {
            format!("has {drafts} messages to send")
        } else if !mind.waiting.is_empty() {
            format!("waits for {} answers", mind.waiting.len())
        } else if !mind.arrived.is_empty() || !idle {
            "has frames under way".into()
        } else {
            return None;
        };
        Some(format!("{} {what}", self.name))
    }
}

fn is_failed(draft: &Draft) -> bool {
    matches!(draft.status, Status::Failed { .. })
}

/// What befalls a device.
impl Device {
    /// The connection breaks; what was on its way is lost.
    pub fn cut(&self) {
        if let Some(wire) = &self.mind().wire {
            wire.cut();
        }
    }

    /// The connection breaks and the server notices only much later.
    pub fn forsake(self: &Arc<Self>, notices: Duration) {
        let Some(wire) = self.mind().wire.clone() else { return };
        wire.forsake();
        tokio::spawn(async move {
            sleep(notices).await;
            wire.cut();
        });
    }

    pub fn unplug(&self) {
        self.mind().plugged = false;
        self.cut();
    }

    pub fn plug(&self) {
        self.mind().plugged = true;
        self.plugging.notify_waiters();
    }

    pub fn slow_down(&self, milliseconds: u64, frames: usize) {
        self.mind().slow = (milliseconds, frames);
    }

    /// Writes down what it knows.
    pub fn save(&self) {
        let mut mind = self.mind();
        mind.saved_state = Some(mind.state.persist());
    }

    /// Starts again: with what was written last, or with nothing.
    pub fn reload(&self, from_nothing: bool) {
        let mut mind = self.mind();
        if let Some(wire) = mind.wire.take() {
            wire.cut();
        }
        mind.forget_connection();
        mind.run += 1;
        let (state, outbox) = (mind.saved_state.clone(), mind.saved_outbox.clone());
        let (state, outbox) = if from_nothing { (None, None) } else { (state, outbox) };
        mind.state = self.read(state, State::restore);
        mind.outbox = self.read(outbox, serde_json::from_value);
        mind.outbox.disconnected();
        mind.seen_anew();
    }
}

impl Device {
    fn read<T: Default>(&self, saved: Option<Value>, read: impl Fn(Value) -> serde_json::Result<T>) -> T {
        let read = saved.map(read).transpose();
        read.unwrap_or_else(|error| {
            self.wrong(format!("what was saved cannot be read: {error}"));
            None
        })
        .unwrap_or_default()
    }
}
