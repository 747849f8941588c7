//! A simulation: people with devices, the real server and the real store in one thread, where time, chance and failure
//! come from a seed. The same seed does the same thing every time, so a failure can be replayed and looked at.
//!
//! What is real: the engine, the hub, the cursors, opening and replay, the commands, the actions, the SQL of the store,
//! the client's state and outbox. What is simulated: time (the paused clock of the runtime), the network ([`wire`]), the
//! disk's moods ([`store`]) and people ([`deeds`]).
//!
//! People act and faults strike for a while. Then everything is mended, and once nothing moves any more, every device
//! must hold what the server holds, and the server what was committed ([`checks`]). Other things are watched all along
//! ([`watch`], [`ledger`]). That things come to rest at all is part of the test.

mod answers;
mod checks;
mod clock;
mod crowd;
mod deeds;
mod device;
pub mod dice;
mod gateway;
mod ledger;
mod mind;
mod panics;
mod plan;
mod server;
mod store;
mod trace;
mod watch;
mod wire;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::{SessionId, Timestamp, UserId};
use laserchat_server::auth::Identity;
use laserchat_store::{NewUser, Sqlite, Users};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::sleep;

use device::Device;
use dice::Dice;
use ledger::Ledger;
use plan::{Plan, StorePlan};
use server::{Backup, Server};
use store::Weather;
use trace::Trace;

/// How long things may take to come to rest, in seconds of the simulated time.
const REST: usize = 900;

/// Every scope.
const ALL_SCOPES: u8 = 0b1_1111;

/// What a simulation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Two runs with the same hash did the same things at the same times.
    pub hash: u64,
    pub lines: u64,
}

/// Runs the simulation of a seed. The error says everything that was wrong.
pub fn run(seed: u64, loud: bool) -> Result<Ran, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    let trace = Arc::new(Trace::new(loud));
    panics::watch();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(async {
            clock::begin();
            World::begin(seed, Arc::clone(&trace)).await.play().await
        })
    }));
    if ended.is_err() || panics::any() {
        trace.wrong("something panicked");
    }
    let wrongs = trace.wrongs();
    if wrongs.is_empty() {
        return Ok(Ran { hash: trace.hash(), lines: trace.lines() });
    }
    Err(format!(
        "seed {seed} went wrong:\n  {}\nReplay it: LASERSIM_SEED={seed} cargo nextest run -p laserchat-tests --no-capture replay",
        wrongs.join("\n  ")
    ))
}

struct World {
    plan: Plan,
    dice: Dice,
    trace: Arc<Trace>,
    ledger: Arc<Ledger>,
    server: Arc<Server>,
    people: Vec<UserId>,
    devices: Vec<Arc<Device>>,
    backup: Option<Backup>,
}

fn person(number: usize) -> NewUser {
    let (id, username) = (UserId(number as u64 + 1), format!("user{}", number + 1));
    NewUser {
        id,
        skeleton: username.clone(),
        display_name: username.to_uppercase(),
        words: vec![username.clone()],
        username,
        email: None,
        password_hash: None,
        bot_owner: None,
        created_at: Timestamp(0),
        invitation: None,
    }
}

/// Somebody who is signed in.
fn identity(user: UserId, session: SessionId) -> Identity {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Identity { user, session, scopes: ALL_SCOPES, address, signed_in: true }
}

impl World {
    async fn begin(seed: u64, trace: Arc<Trace>) -> World {
        let mut dice = Dice::new(seed);
        let plan = Plan::draw(&mut dice);
        trace.note(format!("seed {seed}: {plan:?}"));
        let store = Arc::new(Sqlite::in_memory().expect("a store in memory"));
        let mut people = Vec::new();
        for number in 0..plan.users {
            let user = store.create_user(person(number)).await.expect("the store works").expect("the name is free");
            people.push(user.id);
        }
        let ledger = Arc::new(Ledger::default());
        // The server comes up in good weather.
        let weather = Arc::new(Weather {
            dice: Mutex::new(dice.fork()),
            plan: Mutex::default(),
            ledger: Arc::clone(&ledger),
            trace: Arc::clone(&trace),
            deadly: Notify::new(),
        });
        let server = Arc::new(Server::new(store, weather, plan.wire.queue));
        server.start().await;
        tokio::spawn(Arc::clone(&server).watch_over());
        let mut devices = Vec::new();
        for user in &people {
            for number in 0..dice.between(1, plan.devices) {
                let session = SessionId(user.0 * 10 + number as u64);
                let name = format!("u{}d{number}", user.0);
                devices.push(Device::new(
                    name,
                    identity(*user, session),
                    Arc::clone(&server),
                    plan.clone(),
                    dice.fork(),
                ));
            }
        }
        World { plan, dice, trace, ledger, server, people, devices, backup: None }
    }

    async fn play(mut self) {
        for device in &self.devices {
            tokio::spawn(Arc::clone(device).live());
        }
        crowd::settle_in(&self.server, &self.people, &mut self.dice).await;
        // Sometimes it all begins while they are still connecting.
        sleep(Duration::from_millis(self.dice.pick(&[0, 0, 3000]).copied().unwrap_or_default())).await;
        *self.server.weather.plan.lock() = self.plan.store.clone();
        for _ in 0..self.plan.steps {
            self.fault();
            self.turn_back().await;
            let places = self.ledger.conversations();
            if let Some(device) = self.somebody() {
                deeds::something(&self.server, &device, &self.people, &places, self.plan.moves, &mut self.dice);
            }
            if self.dice.chance(60) {
                self.trace.note("there is a quarrel");
                crowd::quarrel(&self.devices, &mut self.dice);
            }
            let pause = self.dice.below(self.plan.pause + 1) as u64;
            sleep(Duration::from_millis(pause)).await;
        }
        self.mend().await;
        if self.come_to_rest().await {
            self.check().await;
            // Whoever listens where they should not, or does not where they should, shows it now.
            crowd::last_words(&self.devices);
            if self.come_to_rest().await {
                self.check().await;
            }
        }
    }

    async fn check(&self) {
        match checks::all(&self.server.store(), &self.ledger, &self.people, &self.devices).await {
            Ok(wrongs) => wrongs.into_iter().for_each(|wrong| self.trace.wrong(wrong)),
            Err(error) => self.trace.wrong(format!("the store cannot be checked: {error}")),
        }
    }

    /// A device to do something on, more often than not one that is connected.
    fn somebody(&mut self) -> Option<Arc<Device>> {
        let ready: Vec<&Arc<Device>> = self.devices.iter().filter(|device| device.is_ready()).collect();
        match self.dice.chance(700) {
            true => self.dice.pick(&ready).map(|device| Arc::clone(device)).or_else(|| self.devices.first().cloned()),
            false => self.dice.pick(&self.devices).cloned(),
        }
    }

    /// Perhaps something breaks.
    fn fault(&mut self) {
        let (faults, dice) = (self.plan.faults.clone(), &mut self.dice);
        let Some(device) = dice.pick(&self.devices).cloned() else { return };
        let note = |what: &str| self.trace.note(format!("{} {what}", device.name));
        if dice.chance(faults.cut) {
            note("is cut");
            device.cut();
        }
        if dice.chance(faults.half_open) {
            note("is half open");
            device.forsake(Duration::from_millis(dice.between(10, 20_000) as u64));
        }
        if dice.chance(faults.unplug) {
            let long = Duration::from_millis(dice.between(10, 5000) as u64);
            note("is unplugged");
            device.unplug();
            let device = Arc::clone(&device);
            tokio::spawn(async move {
                sleep(long).await;
                device.plug();
            });
        }
        if dice.chance(faults.stall) {
            note("is slow");
            device.slow_down(dice.between(10, 1000) as u64, dice.between(1, 40));
        }
        if dice.chance(faults.reload) {
            note("saves");
            device.save();
        } else if dice.chance(faults.reload) {
            note("starts again");
            device.reload(false);
        }
        if dice.chance(faults.wipe) {
            note("starts from nothing");
            device.reload(true);
        }
        if dice.chance(faults.crash) {
            self.server.weather.deadly.notify_one();
        }
        if dice.chance(faults.stop) {
            let server = Arc::clone(&self.server);
            let pause = Duration::from_millis(dice.between(1, 2000) as u64);
            tokio::spawn(async move {
                server.stop().await;
                sleep(pause).await;
                server.start().await;
            });
        }
    }

    /// Perhaps a backup is taken, or the server goes back to one.
    async fn turn_back(&mut self) {
        if !self.dice.chance(self.plan.faults.restore) {
            return;
        }
        let Some(backup) = self.backup.take() else {
            self.trace.note("a backup is taken");
            self.backup = self.server.back_up();
            return;
        };
        self.server.restore(&backup).await;
        for device in &self.devices {
            device.mind().forget_sent();
        }
        self.backup = Some(backup);
        // Whoever looks after the server finds it dead.
        self.server.weather.deadly.notify_one();
    }

    /// Repairs everything.
    async fn mend(&self) {
        self.trace.note("everything is mended");
        *self.server.weather.plan.lock() = StorePlan::default();
        for device in &self.devices {
            device.slow_down(0, 0);
            device.plug();
        }
    }

    /// Waits until nothing moves any more.
    async fn come_to_rest(&self) -> bool {
        let mut unrest = None;
        let mut before = self.trace.lines();
        let mut still = 0;
        for _ in 0..REST {
            sleep(Duration::from_secs(1)).await;
            if !self.server.is_up() {
                self.server.start().await;
            }
            unrest = self.devices.iter().find_map(|device| device.unrest());
            let now = self.trace.lines();
            still = if unrest.is_none() && now == before { still + 1 } else { 0 };
            before = now;
            if still == 3 {
                return true;
            }
        }
        self.trace
            .wrong(format!("it does not come to rest: {}", unrest.unwrap_or_else(|| "frames keep coming".into())));
        false
    }
}
