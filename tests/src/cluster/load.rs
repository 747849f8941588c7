//! People who use a cluster without pause, and everything that they did and saw.
//!
//! Each has a client that speaks to the balancer, sends, reads, and writes down what it shows. One comes and goes, and another
//! watches whether they are there. A webhook is told of every message of one conversation, and somebody shares files in another.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_client::api::{Api, Window};
use laserchat_client::backoff::Backoff;
use laserchat_client::protocol::command::SendCommand;
use laserchat_client::protocol::presence::PresenceStatus;
use laserchat_client::protocol::{ConversationId, UserId};
use laserchat_client::{Client, Connection, Options, Update};
use parking_lot::Mutex;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::share::Sharer;
use crate::checker::{Effects, History, Look, Mark, Placed, Room, Sent, Sighting, Stay, Time, Watcher};
use crate::{PATIENCE, Person, Receiver, patiently};

/// People who write; there is one more, who comes and goes.
const PEOPLE: usize = 4;
/// The pause between two messages of one person, and between two looks at how far they have read.
const SEND_EVERY: Duration = Duration::from_millis(100);
const READ_EVERY: Duration = Duration::from_millis(400);
/// How long the visitor stays, and stays away.
const VISIT: Duration = Duration::from_secs(9);
/// Whoever has so much unsent writes no more.
const UNSENT: usize = 100;
/// How long a wrong view of who is there may last: until a silent connection is noticed on both sides, a node's lease is
/// over, and a moment has passed in which the user might have come back.
const PRESENCE_EXPIRY: Duration = Duration::from_secs(45);

pub struct Load {
    record: Arc<Record>,
    people: Vec<User>,
    rooms: Vec<Place>,
    /// What the webhook was told: the message's own name, and the delivery's.
    told: Arc<Mutex<Vec<(String, String)>>>,
    sharer: Arc<Sharer>,
    sending: CancellationToken,
    visiting: CancellationToken,
    heard: CancellationToken,
    tasks: JoinSet<()>,
}

struct User {
    name: String,
    api: Api,
    client: Client,
}

#[derive(Clone)]
struct Place {
    id: ConversationId,
    name: String,
    /// The seq before the first message.
    start: u64,
}

/// What was written down so far.
struct Record {
    begun: Instant,
    history: Mutex<History>,
    /// Changes whenever something was written down.
    news: watch::Sender<()>,
}

impl Record {
    fn now(&self) -> Time {
        self.begun.elapsed()
    }

    fn note(&self, write: impl FnOnce(&mut History)) {
        write(&mut self.history.lock());
        self.news.send_replace(());
    }

    /// Waits until what was written down is as wanted. `false`: it does not come to that.
    async fn until(&self, wanted: impl Fn(&History) -> bool) -> bool {
        let mut news = self.news.subscribe();
        let waiting = async { while !wanted(&self.history.lock()) && news.changed().await.is_ok() {} };
        tokio::time::timeout(PATIENCE, waiting).await.is_ok()
    }
}

fn options() -> Options {
    let backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_millis(500) };
    Options { backoff, ..Options::default() }
}

fn api(person: &Person) -> Api {
    Api::new(&format!("http://{}", person.address)).expect("a usable address").with_token(&person.token)
}

impl Load {
    pub async fn start(address: &str) -> Load {
        let mut people = Vec::new();
        for number in 0..=PEOPLE {
            people.push(Person::register(address, &format!("person{number}")).await);
        }
        let (visitor, people) = people.split_last().expect("people");
        let others: Vec<&Person> = people[1..].iter().collect();
        let receiver = Receiver::start().await;
        let hall = people[0].group("hall", &others).await;
        let corner = people[0].group("corner", &others[..1]).await;
        let hook = json!({ "url": receiver.url("/in"), "conversation_id": hall, "events": ["message.sent"] });
        people[0].post("/webhooks", hook).await.expect(201);
        // Only who shares a conversation may know whether somebody is there.
        people[0].direct(visitor).await;

        let news = watch::channel(()).0;
        let record = Arc::new(Record { begun: Instant::now(), history: Mutex::default(), news });
        let mut rooms = Vec::new();
        for (id, name) in [(hall, "hall"), (corner, "corner")] {
            let view = people[0].get(&format!("/conversations/{id}")).await.expect(200);
            let start = view["seq"].as_u64().expect("a seq");
            let id = ConversationId(id.parse().expect("a number"));
            rooms.push(Place { id, name: name.to_owned(), start });
        }
        let mut load = Load {
            record,
            people: Vec::new(),
            rooms,
            told: Arc::default(),
            sharer: Sharer::new(&people[1], people[1].group("gallery", &[]).await),
            sending: CancellationToken::new(),
            visiting: CancellationToken::new(),
            heard: CancellationToken::new(),
            tasks: JoinSet::new(),
        };
        load.tasks.spawn(hear(receiver, Arc::clone(&load.told), load.heard.clone()));
        load.tasks.spawn(Arc::clone(&load.sharer).run(load.sending.clone()));
        let visitor_id = UserId(visitor.id.parse().expect("a number"));
        for (number, person) in people.iter().enumerate() {
            let watched = (number == 0).then_some(visitor_id);
            load.add(person, watched).await;
        }
        load.tasks.spawn(visit(visitor.clone(), Arc::clone(&load.record), load.visiting.clone()));
        load
    }

    /// Gives somebody a client, and lets them use it.
    async fn add(&mut self, person: &Person, watched: Option<UserId>) {
        let name = person.username.clone();
        let api = api(person);
        let client = Client::start(api.clone(), options()).expect("started");
        let number = self.people.len();
        self.record.note(|history| history.clients.push(Watcher { name: name.clone(), ..Watcher::default() }));
        let recorder = Recorder {
            record: Arc::clone(&self.record),
            number,
            name: name.clone(),
            client: client.clone(),
            rooms: self.rooms.iter().map(|place| (place.clone(), place.start, BTreeMap::new())).collect(),
            watched,
            online: None,
        };
        self.tasks.spawn(recorder.run());
        patiently("a client", client.wait_synced()).await.expect("the client runs");
        for place in &self.rooms {
            if client.state().room(place.id).is_none() {
                continue;
            }
            let (record, stop) = (Arc::clone(&self.record), self.sending.clone());
            self.tasks.spawn(write(record, client.clone(), name.clone(), place.clone(), stop.clone()));
            self.tasks.spawn(read(Arc::clone(&self.record), client.clone(), name.clone(), place.clone(), stop));
        }
        self.people.push(User { name, api, client });
    }

    /// Waits until everybody has sent something new and seen all that was sent before. Returns how long that took; whoever
    /// does not come back is named.
    pub async fn settles(&self) -> Result<Duration, String> {
        let begun = Instant::now();
        let of = |history: &History, person: &User| -> usize {
            let mine = format!("{}-", person.name);
            history.sends.iter().filter(|sent| sent.acknowledged.is_some() && sent.name.starts_with(&mine)).count()
        };
        let highest = |history: &History| {
            let hall = history.sends.iter().filter(|sent| sent.room == "hall");
            hall.filter_map(|sent| sent.acknowledged).map(|(_, seq)| seq).max().unwrap_or_default()
        };
        let (before, head): (Vec<usize>, u64) = {
            let history = self.record.history.lock();
            (self.people.iter().map(|person| of(&history, person)).collect(), highest(&history))
        };
        let sees = |history: &History, number: usize| {
            let mut looks = history.clients[number].looks.iter().rev().filter(|look| look.room == "hall");
            looks.next().is_some_and(|look| look.complete >= head)
        };
        let stuck = |history: &History| -> Vec<String> {
            let late = |(number, person): &(usize, &User)| {
                of(history, person) < before[*number] + 2 || !sees(history, *number)
            };
            self.people.iter().enumerate().filter(late).map(|(_, person)| person.name.clone()).collect()
        };
        if self.record.until(|history| stuck(history).is_empty()).await {
            return Ok(begun.elapsed());
        }
        let named = stuck(&self.record.history.lock());
        let how = |person: &&User| named.contains(&person.name);
        let states = self.people.iter().filter(how).map(|person| {
            format!("{}: {:?}, {} unsent", person.name, person.client.connection(), person.client.outbox().len())
        });
        Err(states.collect::<Vec<_>>().join("; "))
    }

    /// Ends it: what is unsent is sent, and everything is written down as it is in the end.
    pub async fn finish(self) -> History {
        self.sending.cancel();
        self.visiting.cancel();
        for person in &self.people {
            let mut updates = person.client.events();
            let emptied = async { while !person.client.outbox().is_empty() && updates.next().await.is_some() {} };
            let _ = tokio::time::timeout(PATIENCE, emptied).await;
            // Whoever can send again and again must get everything through once nothing is broken any more.
            let unsent = person.client.outbox();
            assert!(unsent.is_empty(), "{} cannot send {unsent:?}", person.name);
        }
        let mut rooms = Vec::new();
        for place in &self.rooms {
            rooms.push(kept(&self.people[0].api, place).await);
        }
        for (place, room) in self.rooms.iter().zip(&rooms) {
            for person in &self.people {
                let mut updates = person.client.events();
                let whole = || person.client.state().room(place.id).is_none_or(|held| held.cursor() >= room.head);
                let seen = async { while !whole() && updates.next().await.is_some() {} };
                let _ = tokio::time::timeout(PATIENCE, seen).await;
            }
        }
        let effects = self.told().await;
        self.heard.cancel();
        // The recorders write down what came last before they are gone.
        for person in &self.people {
            person.client.close().await;
        }
        self.tasks.join_all().await;
        let mut history = std::mem::take(&mut *self.record.history.lock());
        for (number, person) in self.people.iter().enumerate() {
            for place in &self.rooms {
                if let Some(last) = shown(&person.client, place).await {
                    history.clients[number].last.insert(place.name.clone(), last);
                }
            }
        }
        history.rooms = rooms;
        history.effects = vec![effects, self.sharer.kept().await];
        history.presence.expiry = PRESENCE_EXPIRY;
        history.presence.end = self.record.now();
        history
    }

    /// What the webhook was told, when it was told of everything or some time has passed.
    async fn told(&self) -> Effects {
        let acknowledged = |sent: &&Sent| sent.room == "hall" && sent.acknowledged.is_some();
        let wanted = self.record.history.lock().sends.iter().filter(acknowledged).map(|s| s.name.clone()).collect();
        let mut effects = Effects { name: "webhook".into(), wanted, found: Vec::new() };
        let begun = Instant::now();
        loop {
            effects.found.clone_from(&self.told.lock());
            let all = effects.wanted.iter().all(|name| effects.found.iter().any(|(cause, _)| cause == name));
            if all || begun.elapsed() > PATIENCE {
                return effects;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Takes what the webhook is told as it comes, because whoever does not answer is not told the rest.
async fn hear(mut receiver: Receiver, told: Arc<Mutex<Vec<(String, String)>>>, stop: CancellationToken) {
    loop {
        let request = tokio::select! {
            () = stop.cancelled() => return,
            request = receiver.whenever() => request,
        };
        let Some(request) = request else { return };
        let body = request.json();
        let cause = body["data"]["message"]["client_id"].as_str().expect("a name").to_owned();
        told.lock().push((cause, request.headers["webhook-id"].clone()));
    }
}

/// What the servers hold.
async fn kept(api: &Api, place: &Place) -> Room {
    let mut messages: Vec<Placed> = Vec::new();
    loop {
        let after = Window::After(messages.last().map_or(place.start, |(seq, _)| *seq));
        let page = api.history(place.id, after, 200).await.expect("the history");
        if page.is_empty() {
            break;
        }
        messages.extend(page.into_iter().map(|message| (message.seq, message.client_id)));
    }
    let head = api.conversation(place.id).await.expect("the conversation").seq;
    let members = api.members(place.id).await.expect("the members");
    let reads = members.into_iter().map(|member| (member.user.username.clone(), member.read)).collect();
    Room { name: place.name.clone(), start: place.start, head, messages, reads }
}

/// What a client shows, from top to bottom.
async fn shown(client: &Client, place: &Place) -> Option<Vec<Placed>> {
    let floor = || client.state().room(place.id).map(|room| room.floor());
    while floor()? > place.start + 1 {
        client.load_history(place.id, 200).await.expect("the history");
    }
    let state = client.state();
    let timeline = state.room(place.id)?.timeline().filter(|message| message.seq > place.start);
    Some(timeline.map(|message| (message.seq, message.client_id.clone())).collect())
}

async fn write(record: Arc<Record>, client: Client, name: String, place: Place, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(SEND_EVERY);
    for number in 0.. {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if client.outbox().len() >= UNSENT {
            continue;
        }
        let client_id = format!("{name}-{}-{number}", place.name);
        let sent = Sent { room: place.name.clone(), name: client_id.clone(), at: record.now(), acknowledged: None };
        record.note(|history| history.sends.push(sent));
        let body = format!("message {number}");
        let send = SendCommand { conversation_id: place.id, client_id, body, parent_id: None, files: Vec::new() };
        client.queue(send).await.expect("queued");
    }
}

async fn read(record: Arc<Record>, client: Client, user: String, place: Place, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(READ_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let seq = client.state().room(place.id).map_or(0, |room| room.cursor());
        if client.mark_read(place.id, seq).await.is_ok() {
            record.note(|history| history.marks.push(Mark { room: place.name.clone(), user: user.clone(), seq }));
        }
    }
}

/// Comes and goes.
async fn visit(person: Person, record: Arc<Record>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let client = Client::start(api(&person), options()).expect("started");
        let mut updates = client.events();
        let stay = async {
            while let Some(update) = updates.next().await {
                let Ok(Update::Connection(connection)) = update else { continue };
                record.note(|history| during(&mut history.presence.stays, &person.username, &connection, record.now()));
            }
        };
        tokio::select! {
            () = stay => {}
            () = stop.cancelled() => {}
            () = tokio::time::sleep(VISIT) => {}
        }
        client.close().await;
        let gone = Connection::Stopped(None);
        record.note(|history| during(&mut history.presence.stays, &person.username, &gone, record.now()));
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(VISIT) => {}
        }
    }
}

/// Writes down when somebody's connection begins and ends.
fn during(stays: &mut Vec<Stay>, user: &str, connection: &Connection, now: Time) {
    let open = stays.iter_mut().rfind(|stay| stay.user == user && stay.to.is_none());
    match (connection, open) {
        (Connection::Synced, None) => stays.push(Stay { user: user.to_owned(), from: now, to: None }),
        (Connection::Lost(_) | Connection::Stopped(_), Some(stay)) => stay.to = Some(now),
        _ => {}
    }
}

/// Writes down what one client shows.
struct Recorder {
    record: Arc<Record>,
    number: usize,
    name: String,
    client: Client,
    /// Each with how far it was complete, and how far others had read, at the last look.
    rooms: Vec<(Place, u64, BTreeMap<String, u64>)>,
    watched: Option<UserId>,
    online: Option<bool>,
}

impl Recorder {
    async fn run(mut self) {
        let mut updates = self.client.events();
        while let Some(update) = updates.next().await {
            match update {
                Ok(Update::Sent { client_id, seq, .. }) => self.acknowledged(&client_id, seq),
                Ok(Update::Connection(connection)) => {
                    self.connected(&connection);
                    if matches!(connection, Connection::Stopped(_)) {
                        self.look();
                        return;
                    }
                }
                // What was missed is in the state.
                _ => {}
            }
            self.look();
        }
    }

    fn acknowledged(&self, name: &str, seq: u64) {
        let now = self.record.now();
        self.record.note(|history| {
            let sent = history.sends.iter_mut().rfind(|sent| sent.name == name);
            sent.into_iter().for_each(|sent| sent.acknowledged = Some((now, seq)));
        });
    }

    fn connected(&self, connection: &Connection) {
        let Some(watched) = self.watched else { return };
        let (record, name, client) = (Arc::clone(&self.record), self.name.clone(), self.client.clone());
        let connection = connection.clone();
        if connection != Connection::Synced {
            let now = record.now();
            return record.note(|history| during(&mut history.presence.watches, &name, &connection, now));
        }
        // A connection watches whom it is told to.
        tokio::spawn(async move {
            if client.watch(vec![watched]).await.is_ok() {
                let now = record.now();
                record.note(|history| during(&mut history.presence.watches, &name, &connection, now));
            }
        });
    }

    fn look(&mut self) {
        let now = self.record.now();
        let mut looks = Vec::new();
        let state = self.client.state();
        for (place, complete, reads) in &mut self.rooms {
            let Some(room) = state.room(place.id) else { continue };
            let known =
                |user: &UserId| room.member(*user).map_or(user.to_string(), |member| member.user.username.clone());
            let new: Vec<Placed> = room
                .timeline()
                .rev()
                .take_while(|message| message.seq > *complete)
                .map(|message| (message.seq, message.client_id.clone()))
                .collect();
            let above = room.floor().saturating_sub(1);
            let now_complete = room.cursor().max(*complete);
            let now_reads = room.receipts().iter().map(|(user, cursors)| (known(user), cursors.read)).collect();
            if new.is_empty() && now_complete == *complete && now_reads == *reads {
                continue;
            }
            (*complete, *reads) = (now_complete, now_reads);
            let (room, reads) = (place.name.clone(), reads.clone());
            looks.push(Look { at: now, room, above, complete: now_complete, new, reads });
        }
        let online = self.watched.and_then(|user| state.presence(user)).map(|p| p.status != PresenceStatus::Offline);
        drop(state);
        let seen = online.filter(|_| online != self.online);
        self.online = online.or(self.online);
        if looks.is_empty() && seen.is_none() {
            return;
        }
        let number = self.number;
        self.record.note(|history| {
            history.clients[number].looks.extend(looks);
            let (client, user) = (self.name.clone(), format!("person{PEOPLE}"));
            let sighting = seen.map(|online| Sighting { at: now, client, user, online });
            history.presence.sightings.extend(sighting);
        });
    }
}
