//! Whatever is lost, doubled or out of order on the way, a client's state becomes the server's.
//!
//! A tiny server (`model`) changes at random while what it tells is delivered, dropped, doubled and reordered, answers
//! arrive late, connections are cut in the middle of a replay, the client restarts from what it had written, and backups
//! are restored. In the end the client connects once more and asks for what it wants until it wants nothing; then both
//! must agree.

mod cases;
mod client;
mod model;
mod vectors;

use client::{Answer, Client, Input};
use laserchat_client::protocol::*;
use laserchat_client::state::Fetch;
use model::{ME, Server};
use proptest::prelude::*;
use proptest::sample::Index;

#[derive(Debug, Clone)]
enum Step {
    Post {
        room: u8,
        mine: bool,
        reply: Option<u8>,
        mention: bool,
    },
    Edit {
        room: u8,
        nth: u8,
        mention: bool,
    },
    Delete {
        room: u8,
        nth: u8,
    },
    React {
        room: u8,
        nth: u8,
        mine: bool,
        emoji: u8,
    },
    Poll {
        room: u8,
        mine: bool,
    },
    Vote {
        room: u8,
        nth: u8,
        mine: bool,
        option: u8,
    },
    Rename {
        room: u8,
    },
    Toggle {
        room: u8,
        mine: bool,
    },
    Read {
        room: u8,
        back: u8,
    },
    Block,
    Restore,
    /// The next live event arrives.
    Deliver,
    /// Any live event arrives, before its turn.
    Reorder(Index),
    /// It arrives, and will arrive again.
    Double(Index),
    Drop(Index),
    /// The client asks one of the things that it wants.
    Ask(Index),
    /// An answer arrives.
    Answer(Index),
    History {
        room: u8,
        limit: u8,
    },
    Members {
        room: u8,
    },
    /// Somebody's messages are loaded from anywhere.
    Messages {
        room: u8,
        nth: u8,
    },
    /// Somebody has received or read.
    Seen {
        room: u8,
        back: u8,
        read: bool,
    },
    Typing {
        room: u8,
        on: bool,
    },
    Presence {
        online: bool,
    },
    /// Somebody has another name.
    Name {
        name: u8,
    },
    Connect {
        cut_after: Option<Index>,
    },
    Cut,
    /// The client stops and starts again from what it has written.
    Restart,
}

struct World {
    server: Server,
    client: Client,
    connected: bool,
    live: Vec<Event>,
    /// On their way, each with the state's generation when it was asked for.
    answers: Vec<(u64, Answer)>,
    asked: u64,
    now: i64,
}

impl World {
    fn new(client: Client) -> Self {
        let server = Server::new(2);
        World { server, client, connected: false, live: Vec::new(), answers: Vec::new(), asked: 0, now: 0 }
    }

    fn apply(&mut self, event: &Event) {
        self.client.give(&Input::Apply { event: Box::new(event.clone()), now: self.now });
    }

    /// What happened is told to whom it concerns: a membership's change is, whatever the membership is now.
    fn publish(&mut self, was_in: bool, events: Vec<Event>) {
        if self.connected {
            let told = events.into_iter().filter(|event| was_in || self.server.is_in(event));
            self.live.extend(told.collect::<Vec<_>>());
        }
    }

    fn connect(&mut self, cut_after: Option<Index>) {
        self.cut();
        let resume = self.client.hello();
        let welcome = self.server.welcome(resume.cursors, resume.version, resume.epoch);
        let count = cut_after.map_or(welcome.len(), |index| index.index(welcome.len()));
        for event in &welcome[..count] {
            self.apply(event);
        }
        self.connected = count == welcome.len();
        if !self.connected {
            self.client.give(&Input::Disconnected);
        }
    }

    fn cut(&mut self) {
        self.connected = false;
        self.live.clear();
        self.client.give(&Input::Disconnected);
    }

    fn ask(&mut self, fetch: Fetch) {
        let asked = fetch.conversation().map_or(0, |id| self.note(id));
        let server = &self.server;
        let answer = match fetch {
            Fetch::Account => Answer::Account { answer: Box::new(server.account()) },
            Fetch::OwnChanges { after } => Answer::OwnChanges { after, answer: server.own_changes(after) },
            Fetch::Conversations => {
                Answer::Conversations { answer: server.logs.keys().filter_map(|id| server.view(*id)).collect() }
            }
            Fetch::Conversation { id } => match server.view(id) {
                Some(view) => Answer::Conversation { id, answer: Box::new(view) },
                None => Answer::NotFound { id, asked },
            },
            Fetch::Changes { id, after } => match server.changes(id, after) {
                Some(answer) => Answer::Changes { id, after, answer },
                None => Answer::NotFound { id, asked },
            },
        };
        self.await_answer(answer);
    }

    /// Notes how a conversation stands when something is asked about it, and returns the question's number.
    fn note(&mut self, id: ConversationId) -> u64 {
        self.asked += 1;
        self.client.give(&Input::Ask { n: self.asked, id });
        self.asked
    }

    fn await_answer(&mut self, answer: Answer) {
        self.answers.push((self.client.generation(), answer));
    }

    /// Somebody looks at a conversation and asks for more of it than the state wants by itself.
    fn request(&mut self, room: u8) -> Option<(ConversationId, u64)> {
        let id = ConversationId(u64::from(room) % self.server.logs.len() as u64 + 1);
        let open = self.connected && self.server.joined(id).is_some() && self.client.room(id).is_some();
        open.then(|| (id, self.note(id)))
    }

    fn answer(&mut self, at: usize) {
        let (generation, answer) = self.answers.remove(at);
        if generation == self.client.generation() {
            self.client.give(&Input::Answer(answer));
        }
    }

    fn step(&mut self, step: Step) {
        self.now += 1000;
        let was_in = |world: &World, room: u8| {
            let id = ConversationId(u64::from(room) % world.server.logs.len() as u64 + 1);
            world.server.joined(id).is_some()
        };
        let by = |mine: bool| if mine { ME } else { UserId(2) };
        match step {
            // Who is not in a conversation changes nothing in it.
            Step::Post { room, mine, reply, mention } => {
                let is_in = was_in(self, room);
                let events = self.server.post(room, by(mine && is_in), reply, mention);
                self.publish(is_in, events);
            }
            Step::Edit { room, nth, mention } => {
                let events = self.server.edit(room, nth, mention);
                self.publish(false, events);
            }
            Step::Delete { room, nth } => {
                let events = self.server.delete(room, nth);
                self.publish(false, events);
            }
            Step::React { room, nth, mine, emoji } => {
                let is_in = was_in(self, room);
                let events = self.server.react(room, nth, by(mine && is_in), ["👍", "🎉"][usize::from(emoji % 2)]);
                self.publish(is_in, events);
            }
            Step::Poll { room, mine } => {
                let is_in = was_in(self, room);
                let events = self.server.poll(room, by(mine && is_in));
                self.publish(is_in, events);
            }
            Step::Vote { room, nth, mine, option } => {
                let is_in = was_in(self, room);
                let events = self.server.vote(room, nth, by(mine && is_in), option);
                self.publish(is_in, events);
            }
            Step::Rename { room } => {
                let events = self.server.rename(room);
                self.publish(false, events);
            }
            Step::Toggle { room, mine } => {
                let is_in = was_in(self, room);
                let events = self.server.toggle(room, if mine { ME } else { UserId(3) });
                self.publish(is_in, events);
            }
            Step::Read { room, back } => {
                let events = self.server.read(room, back);
                self.publish(false, events);
            }
            Step::Block => {
                let events = self.server.block();
                self.publish(false, events);
            }
            Step::Restore => {
                self.server.restore();
                self.cut();
            }
            Step::Deliver if !self.live.is_empty() => {
                let event = self.live.remove(0);
                self.apply(&event);
            }
            Step::Reorder(index) if !self.live.is_empty() => {
                let event = self.live.remove(index.index(self.live.len()));
                self.apply(&event);
            }
            Step::Double(index) if !self.live.is_empty() => {
                let event = self.live[index.index(self.live.len())].clone();
                self.apply(&event);
            }
            Step::Drop(index) if !self.live.is_empty() => {
                self.live.remove(index.index(self.live.len()));
            }
            Step::Ask(index) => {
                let wants = self.client.wants();
                if !wants.is_empty() {
                    self.ask(wants[index.index(wants.len())]);
                }
            }
            Step::Answer(index) if !self.answers.is_empty() => self.answer(index.index(self.answers.len())),
            Step::History { room, limit } => {
                if let Some((id, asked)) = self.request(room) {
                    let limit = usize::from(limit % 4) + 1;
                    let before = self.client.room(id).map(|room| room.floor());
                    let answer = self.server.history(id, before, limit);
                    self.await_answer(Answer::History { id, asked, before, limit, answer });
                }
            }
            Step::Members { room } => {
                if let Some((id, asked)) = self.request(room) {
                    let members = self.server.logs[&id].members.values();
                    let answer = members.filter(|member| member.state == MemberState::Joined).cloned().collect();
                    self.await_answer(Answer::Members { id, asked, answer });
                }
            }
            Step::Messages { room, nth } => {
                if let Some((id, asked)) = self.request(room) {
                    let answer = self.server.messages(id).into_values().skip(usize::from(nth % 8)).take(2).collect();
                    self.await_answer(Answer::Messages { id, asked, answer });
                }
            }
            Step::Seen { room, back, read } => {
                let event = self.server.seen(room, back, read);
                self.publish(false, vec![event]);
            }
            Step::Typing { room, on } => {
                let event = self.server.typing(room, on);
                self.publish(false, vec![event]);
            }
            Step::Presence { online } => {
                let event = self.server.presence(online);
                self.publish(false, vec![event]);
            }
            Step::Name { name } => {
                let event = self.server.name(name);
                self.publish(false, vec![event]);
            }
            Step::Connect { cut_after } => self.connect(cut_after),
            Step::Cut => self.cut(),
            Step::Restart => {
                self.cut();
                self.answers.clear();
                self.client.give(&Input::Restart);
            }
            _ => {}
        }
    }

    /// Asks until nothing is wanted. It ends: each answer moves something forward.
    fn settle(&mut self) {
        self.connect(None);
        self.answers.clear();
        for _ in 0..1000 {
            let Some(fetch) = self.client.wants().first().copied() else { return };
            self.ask(fetch);
            self.answer(0);
        }
        panic!("still wanted: {:?}", self.client.wants());
    }

    fn check(&self) {
        let joined = |id: &&ConversationId| self.server.joined(**id).is_some();
        let expected: Vec<ConversationId> = self.server.logs.keys().filter(joined).copied().collect();
        assert_eq!(self.client.rooms().map(|(id, _)| id).collect::<Vec<_>>(), expected, "conversations");
        assert!(self.client.is_synced());
        assert_eq!(self.client.version(), self.server.version);
        for id in expected {
            let (room, log) = (self.client.room(id).unwrap(), &self.server.logs[&id]);
            assert_eq!(room.cursor(), log.head, "the cursor of {id}");
            assert_eq!(room.conversation(), Some(&log.conversation));
            let truth = self.server.messages(id);
            for message in room.messages() {
                // Of a message that was only ever heard of in what is told to everybody, the personal part is unknown
                // until its page of history is loaded.
                let whole = message.seq >= room.floor();
                let (held, known) = (message.clone(), truth[&message.seq].clone());
                let personal = |message| if whole { unvoted(message) } else { impersonal(message) };
                assert_eq!(personal(held), personal(known), "a message of {id}");
            }
            let timeline: Vec<Seq> = room.timeline().map(|message| message.seq).collect();
            let known: Vec<Seq> = truth.range(room.floor()..).map(|(seq, _)| *seq).collect();
            assert_eq!(timeline, known, "the timeline of {id}");
            for member in room.members() {
                // A name is a signal: one that was lost is made good where the profile is shown.
                let truth = &log.members[&member.user.id];
                let truth = Member { user: member.user.clone(), ..truth.clone() };
                assert_eq!(member, &truth);
            }
            if room.members_complete() {
                let joined = |member: &&Member| member.state == MemberState::Joined;
                assert_eq!(room.member_count() as usize, log.members.values().filter(joined).count());
            }
            let membership = self.server.membership(id);
            let held = self.client.membership(id).unwrap();
            assert_eq!((held.read, held.version), (membership.read, membership.version));
            let counts = (self.client.unread(id), self.client.mentions(id));
            assert_eq!(counts, (membership.unread, membership.mentions), "unread of {id}");
        }
        assert_eq!(self.client.contact(UserId(2)).is_some_and(|contact| contact.blocked), self.server.contact.blocked);
    }
}

fn impersonal(mut message: Message) -> Message {
    message.following = false;
    message.reactions.iter_mut().for_each(|reaction| reaction.me = None);
    message.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.me = None);
    message
}

/// In a message that never changed nobody has voted, whether it says so or not.
fn unvoted(mut message: Message) -> Message {
    if message.changed == message.seq {
        message.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.me = Some(false));
    }
    message
}

fn step() -> impl Strategy<Value = Step> {
    let (room, nth) = (any::<u8>(), any::<u8>());
    let index = any::<Index>;
    prop_oneof![
        6 => (room, any::<bool>(), proptest::option::of(any::<u8>()), any::<bool>())
            .prop_map(|(room, mine, reply, mention)| Step::Post { room, mine, reply, mention }),
        2 => (room, nth, any::<bool>()).prop_map(|(room, nth, mention)| Step::Edit { room, nth, mention }),
        2 => (room, nth).prop_map(|(room, nth)| Step::Delete { room, nth }),
        3 => (room, nth, any::<bool>(), any::<u8>())
            .prop_map(|(room, nth, mine, emoji)| Step::React { room, nth, mine, emoji }),
        1 => (room, any::<bool>()).prop_map(|(room, mine)| Step::Poll { room, mine }),
        3 => (room, nth, any::<bool>(), any::<u8>())
            .prop_map(|(room, nth, mine, option)| Step::Vote { room, nth, mine, option }),
        1 => room.prop_map(|room| Step::Rename { room }),
        1 => (room, any::<bool>()).prop_map(|(room, mine)| Step::Toggle { room, mine }),
        2 => (room, 0..6u8).prop_map(|(room, back)| Step::Read { room, back }),
        1 => Just(Step::Block),
        1 => Just(Step::Restore),
        8 => Just(Step::Deliver),
        3 => index().prop_map(Step::Reorder),
        2 => index().prop_map(Step::Double),
        2 => index().prop_map(Step::Drop),
        4 => index().prop_map(Step::Ask),
        6 => index().prop_map(Step::Answer),
        2 => (room, any::<u8>()).prop_map(|(room, limit)| Step::History { room, limit }),
        1 => room.prop_map(|room| Step::Members { room }),
        1 => (room, nth).prop_map(|(room, nth)| Step::Messages { room, nth }),
        1 => (room, 0..6u8, any::<bool>()).prop_map(|(room, back, read)| Step::Seen { room, back, read }),
        1 => (room, any::<bool>()).prop_map(|(room, on)| Step::Typing { room, on }),
        1 => any::<bool>().prop_map(|online| Step::Presence { online }),
        1 => (0..3u8).prop_map(|name| Step::Name { name }),
        3 => proptest::option::weighted(0.3, index()).prop_map(|cut_after| Step::Connect { cut_after }),
        1 => Just(Step::Cut),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_state_converges(steps in proptest::collection::vec(step(), 0..120)) {
        let mut world = World::new(Client::default());
        world.settle();
        world.check();
        for step in steps {
            world.step(step);
        }
        world.settle();
        world.check();
    }
}
