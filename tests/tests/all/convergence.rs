//! Properties of real clients and a real server over cables that break: whatever several people do, and whatever happens
//! to their connections meanwhile, in the end every client holds what the server holds.

use std::sync::Arc;
use std::time::Duration;

use laserchat_client::api::{Api, Window};
use laserchat_client::backoff::Backoff;
use laserchat_client::outbox::Status;
use laserchat_client::protocol::command::SendCommand;
use laserchat_client::protocol::conversation::{ConversationCreate, ConversationUpdate};
use laserchat_client::protocol::member::MemberUpdate;
use laserchat_client::protocol::poll::PollCreate;
use laserchat_client::protocol::{ConversationId, ConversationKind, Message, MessageId, MessageKind, Role, UserId};
use laserchat_client::storage::MemoryStorage;
use laserchat_client::{Client, Options};
use laserchat_tests::person::account;
use laserchat_tests::truth::{self, TrueRoom, Truth};
use laserchat_tests::{Cable, PATIENCE, TestServer, patiently};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Runtime;

/// People, and scripts that they play. Every script has new conversations, and clients that go on from the last one.
const PEOPLE: usize = 3;
const SCRIPTS: u32 = 24;

#[derive(Debug, Clone)]
enum Step {
    Send {
        mention: bool,
        reply: bool,
    },
    SendAgain,
    Edit,
    Delete,
    React {
        add: bool,
        party: bool,
    },
    Poll,
    Vote {
        option: Option<u32>,
    },
    ClosePoll,
    Read {
        all: bool,
    },
    Pin {
        pinned: bool,
    },
    Add {
        whom: usize,
    },
    Remove {
        whom: usize,
    },
    Ban {
        whom: usize,
        banned: bool,
    },
    Promote {
        whom: usize,
    },
    Join,
    Leave,
    Rename,
    Cut,
    Mend,
    /// Breaks what is open, once.
    Jerk,
    /// The program ends, and starts again with what it had kept.
    Restart,
    /// The server ends and starts again.
    ServerRestart,
}

/// A step, by whom, in which conversation, and a number to choose a message by.
type Deed = (Step, usize, usize, usize);

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<bool>(), any::<bool>()).prop_map(|(mention, reply)| Step::Send { mention, reply }),
        1 => Just(Step::SendAgain),
        2 => Just(Step::Edit),
        2 => Just(Step::Delete),
        3 => (any::<bool>(), any::<bool>()).prop_map(|(add, party)| Step::React { add, party }),
        1 => Just(Step::Poll),
        3 => proptest::option::weighted(0.8, 0..2u32).prop_map(|option| Step::Vote { option }),
        1 => Just(Step::ClosePoll),
        3 => any::<bool>().prop_map(|all| Step::Read { all }),
        1 => any::<bool>().prop_map(|pinned| Step::Pin { pinned }),
        2 => (0..PEOPLE).prop_map(|whom| Step::Add { whom }),
        1 => (0..PEOPLE).prop_map(|whom| Step::Remove { whom }),
        1 => (0..PEOPLE, any::<bool>()).prop_map(|(whom, banned)| Step::Ban { whom, banned }),
        1 => (0..PEOPLE).prop_map(|whom| Step::Promote { whom }),
        2 => Just(Step::Join),
        1 => Just(Step::Leave),
        1 => Just(Step::Rename),
        3 => Just(Step::Cut),
        3 => Just(Step::Mend),
        2 => Just(Step::Jerk),
        1 => Just(Step::Restart),
        1 => Just(Step::ServerRestart),
    ]
}

struct Somebody {
    id: UserId,
    name: String,
    cable: Cable,
    /// Through the cable, as the client goes.
    api: Api,
    /// Beside the cable, to ask for the truth.
    direct: Api,
    options: Options,
    client: Client,
    /// Messages sent in this script, with where they went.
    sent: Vec<(ConversationId, String)>,
}

struct World {
    server: TestServer,
    people: Vec<Somebody>,
    places: [ConversationId; 2],
}

impl Somebody {
    async fn new(address: &str, number: usize) -> Somebody {
        let name = format!("person{number}");
        let (direct, grant) = account(address, &name).await;
        let cable = Cable::to(address).await;
        let api = Api::new(&format!("http://{}", cable.address)).expect("a usable address");
        let api = api.with_token(&grant.access_token);
        let backoff = Backoff { first: Duration::from_millis(5), longest: Duration::from_millis(50) };
        let options = Options { backoff, storage: Arc::new(MemoryStorage::default()), ..Options::default() };
        let client = Client::start(api.clone(), options.clone()).expect("started");
        Somebody { id: grant.user.id, name, cable, api, direct, options, client, sent: Vec::new() }
    }

    /// One of the polls that the client shows.
    fn poll(&self, place: ConversationId, number: usize) -> Option<MessageId> {
        let state = self.client.state();
        let polls: Vec<MessageId> =
            state.room(place)?.messages().filter(|message| message.poll.is_some()).map(|message| message.id).collect();
        polls.get(number % polls.len().max(1)).copied()
    }

    /// One of the text messages that the client shows, perhaps only of one's own.
    fn message(&self, place: ConversationId, number: usize, own: bool) -> Option<Message> {
        let state = self.client.state();
        let wanted = |message: &&Message| message.kind == MessageKind::Text && (!own || message.sender_id == self.id);
        let messages: Vec<&Message> = state.room(place)?.messages().filter(wanted).collect();
        messages.get(number % messages.len().max(1)).map(|message| (*message).clone())
    }

    async fn truth(&self) -> Truth {
        let api = &self.direct;
        let mut rooms = Vec::new();
        for view in api.conversations().await.expect("the conversations") {
            let id = view.conversation.id;
            let mut history: Vec<Message> = Vec::new();
            loop {
                let after = Window::After(history.last().map_or(0, |message| message.seq));
                let page = api.history(id, after, 200).await.expect("the history");
                if page.is_empty() {
                    break;
                }
                history.extend(page);
            }
            let members = api.members(id).await.expect("the members");
            rooms.push(TrueRoom { view, history, members });
        }
        let account = api.me().await.expect("the account");
        let contacts = api.contacts().await.expect("the contacts");
        Truth { account, contacts, rooms }
    }

    /// Loads what a reader would, so that there is something to compare.
    async fn load_all(&self, client: &Client) {
        let ids: Vec<ConversationId> = client.state().rooms().map(|(id, _)| id).collect();
        for id in ids {
            // What cannot be loaded now, because it is just going away, will not be in the truth either.
            while matches!(client.load_history(id, 50).await, Ok(true)) {}
            let _ = client.load_members(id).await;
        }
    }

    /// Waits until a client holds the truth. The error says what still differs.
    async fn converges(&self, client: &Client) -> Result<(), TestCaseError> {
        let mut updates = client.events();
        let mut wrongs = Vec::new();
        let reaching = async {
            loop {
                client.wait_synced().await.expect("the client runs");
                self.load_all(client).await;
                let truth = self.truth().await;
                wrongs = truth::differences(&client.state(), &truth);
                let waiting = client.outbox().iter().filter(|draft| !is_failed(&draft.status)).count();
                if waiting > 0 {
                    wrongs.push(format!("{waiting} messages wait"));
                }
                if wrongs.is_empty() {
                    return;
                }
                updates.next().await.expect("the client runs").ok();
            }
        };
        match tokio::time::timeout(PATIENCE, reaching).await {
            Ok(()) => Ok(()),
            Err(_) => Err(TestCaseError::fail(format!("{}: {}", self.name, wrongs.join("\n")))),
        }
    }
}

fn is_failed(status: &Status) -> bool {
    matches!(status, Status::Failed { .. })
}

fn place(kind: ConversationKind, members: Vec<UserId>) -> ConversationCreate {
    let public = kind == ConversationKind::Channel;
    ConversationCreate { kind, members, name: Some("a place".into()), topic: None, public }
}

impl World {
    async fn new() -> World {
        let server = TestServer::start().await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Somebody::new(&server.address(), number).await);
        }
        World { server, people, places: [ConversationId(0); 2] }
    }

    async fn play(&mut self, script: &[Deed]) -> Result<(), TestCaseError> {
        let everybody: Vec<UserId> = self.people.iter().map(|person| person.id).collect();
        for (number, kind) in [ConversationKind::Group, ConversationKind::Channel].into_iter().enumerate() {
            let create = place(kind, everybody[..2].to_vec());
            let made = self.people[number].direct.create_conversation(&create).await.expect("created");
            self.places[number] = made.conversation.id;
        }
        for (step, who, place, number) in script {
            self.take(step, *who, *place, *number).await;
        }
        for person in &self.people {
            person.cable.mend();
        }
        for person in &mut self.people {
            person.converges(&person.client).await?;
            // A device that begins with nothing comes to the same.
            let fresh = Options { storage: Arc::new(MemoryStorage::default()), ..person.options.clone() };
            let fresh = Client::start(person.api.clone(), fresh).expect("started");
            person.converges(&fresh).await?;
            fresh.close().await;
        }
        self.sends().await
    }

    /// Everything that was sent is there exactly once, unless its sender was told that it is not.
    async fn sends(&mut self) -> Result<(), TestCaseError> {
        for number in 0..self.people.len() {
            let failed: Vec<String> = self.people[number].client.outbox().into_iter().map(|d| d.client_id).collect();
            for (id, name) in std::mem::take(&mut self.people[number].sent) {
                let mut count = None;
                for reader in &self.people {
                    if let Some(room) = reader.client.state().room(id) {
                        count = Some(room.timeline().filter(|message| message.client_id == name).count());
                    }
                }
                // Whoever was removed after sending learns of a refusal although the first try was kept.
                let right = match count {
                    Some(count) => count == 1 || (count == 0 && failed.contains(&name)),
                    None => true,
                };
                prop_assert!(right, "{name} is there {count:?} times");
            }
            for name in failed {
                self.people[number].client.discard(&name);
            }
        }
        Ok(())
    }

    async fn take(&mut self, step: &Step, who: usize, place: usize, number: usize) {
        let ids: Vec<UserId> = self.people.iter().map(|person| person.id).collect();
        let id = self.places[place];
        let named = self.people[number % PEOPLE].name.clone();
        if let Step::ServerRestart = step {
            self.server.stop().await;
            return self.server.start_again().await;
        }
        let me = &mut self.people[who];
        let (client, api) = (me.client.clone(), me.api.clone());
        // Refusals, and connections that are not there, belong to the game.
        match *step {
            Step::Send { mention, reply } => {
                let parent = me.message(id, number, false).filter(|message| reply && message.parent_id.is_none());
                let body = if mention { format!("@{named}, line {number}") } else { format!("line {number}") };
                let client_id = format!("{}-{}-{}", me.name, id, me.sent.len());
                me.sent.push((id, client_id.clone()));
                let parent_id = parent.map(|message| message.id);
                client
                    .queue(SendCommand { conversation_id: id, client_id, body, parent_id, files: Vec::new() })
                    .await
                    .expect("queued");
            }
            Step::SendAgain => {
                if let Some((conversation_id, client_id)) = me.sent.last().cloned() {
                    let again = SendCommand {
                        conversation_id,
                        client_id,
                        body: "again".into(),
                        parent_id: None,
                        files: Vec::new(),
                    };
                    client.queue(again).await.expect("queued");
                }
            }
            Step::Edit => {
                if let Some(message) = me.message(id, number, true) {
                    let _ = client.edit(message.id, format!("edited {number}")).await;
                }
            }
            Step::Delete => {
                if let Some(message) = me.message(id, number, true) {
                    let _ = client.delete(message.id).await;
                }
            }
            Step::React { add, party } => {
                if let Some(message) = me.message(id, number, false) {
                    let _ = client.react(message.id, if party { "🎉" } else { "👍" }, add).await;
                }
            }
            Step::Poll => {
                let name = format!("{}-{}-{}", me.name, id, me.sent.len());
                me.sent.push((id, name.clone()));
                let wanted = PollCreate {
                    client_id: name,
                    question: "Where to?".into(),
                    options: vec!["Sea".into(), "Hills".into()],
                    multiple: number.is_multiple_of(2),
                    anonymous: false,
                    closes_at: None,
                    parent_id: None,
                };
                if api.create_poll(id, &wanted).await.is_err() {
                    // It may be there or not: nothing was promised.
                    me.sent.pop();
                }
            }
            Step::Vote { option } => {
                if let Some(poll) = me.poll(id, number) {
                    drop(api.vote(poll, option.as_slice()).await);
                }
            }
            Step::ClosePoll => {
                if let Some(poll) = me.poll(id, number) {
                    drop(api.close_poll(poll).await);
                }
            }
            Step::Read { all } => {
                let head = client.state().room(id).map_or(0, |room| room.head());
                let _ = client.mark_read(id, if all { head } else { head.min(number as u64) }).await;
            }
            Step::Pin { pinned } => {
                if let Some(message) = me.message(id, number, false) {
                    let _ = match pinned {
                        true => api.pin(message.id).await.map(drop),
                        false => api.unpin(message.id).await.map(drop),
                    };
                }
            }
            Step::Add { whom } => drop(api.add_member(id, ids[whom]).await),
            Step::Remove { whom } => drop(api.remove_member(id, ids[whom]).await),
            Step::Ban { whom, banned } => {
                let update = MemberUpdate { banned: Some(banned), ..MemberUpdate::default() };
                drop(api.update_member(id, ids[whom], &update).await);
            }
            Step::Promote { whom } => {
                let update = MemberUpdate { role: Some(Role::Admin), ..MemberUpdate::default() };
                drop(api.update_member(id, ids[whom], &update).await);
            }
            Step::Join => drop(api.join(id).await),
            Step::Leave => drop(api.leave(id).await),
            Step::Rename => {
                let update = ConversationUpdate { name: Some(format!("name {number}")), ..Default::default() };
                drop(api.update_conversation(id, &update).await);
            }
            Step::Cut => me.cable.cut(),
            Step::Mend => me.cable.mend(),
            Step::Jerk => me.cable.jerk(),
            Step::Restart => {
                patiently("the client to close", client.close()).await;
                me.client = Client::start(me.api.clone(), me.options.clone()).expect("started");
            }
            Step::ServerRestart => {}
        }
    }
}

#[test]
fn every_client_comes_to_hold_what_the_server_holds() {
    let runtime = Runtime::new().expect("a runtime");
    let world = std::cell::RefCell::new(runtime.block_on(World::new()));
    let config = Config { cases: SCRIPTS, max_shrink_iters: 10, failure_persistence: None, ..Config::default() };
    let scripts = prop::collection::vec((step(), 0..PEOPLE, 0..2usize, 0..50usize), 1..40);
    let run = TestRunner::new(config).run(&scripts, |script| {
        let mut world = world.borrow_mut();
        runtime.block_on(world.play(&script))
    });
    if let Err(failure) = run {
        panic!("{failure}");
    }
}
