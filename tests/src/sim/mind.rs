//! The mind of a device: what it knows, what it waits for, and what it has written down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use laserchat_client::outbox::{Outbox, Refused};
use laserchat_client::state::{self, Fetch, Room, Standing, State};
use laserchat_protocol::command::{Envelope, SendCommand};
use laserchat_protocol::event::CommandId;
use laserchat_protocol::{Command, ConversationId, Event, Message, Problem, Seq};
use serde_json::Value;
use tokio::task::AbortHandle;

use super::answers::Answer;
use super::clock;
use super::dice::Dice;
use super::watch::Watch;
use super::wire::Wire;

/// Messages on a page of history: few, so that there are several pages.
pub const PAGE: usize = 20;

/// Something to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    Fetch(Fetch),
    /// What somebody who opens a conversation loads: everything before what is held, and the members.
    History(ConversationId),
    Members(ConversationId),
}

/// A question, and how things stood when it was asked.
pub struct Asked {
    pub ask: Ask,
    pub run: u64,
    pub generation: u64,
    pub standing: Standing,
    /// Since when the conversation was followed, and where the history that is held began.
    pub place: Option<(state::Asked, Seq)>,
}

impl Asked {
    pub fn new(mind: &Mind, ask: Ask) -> Asked {
        let id = if let Ask::Fetch(fetch) = ask { fetch.conversation() } else { None };
        let standing = id.map(|id| mind.state.standing(id)).unwrap_or_default();
        Asked { ask, run: mind.run, generation: mind.state.generation(), standing, place: None }
    }
}

/// Since when a conversation is followed, and where the history begins that is held of it.
pub fn place(state: &State, id: ConversationId) -> Option<(state::Asked, Seq)> {
    state.asked(id).zip(state.room(id).map(Room::floor))
}

pub struct Mind {
    pub state: State,
    pub outbox: Outbox,
    pub dice: Dice,
    pub wire: Option<Arc<Wire>>,
    pub ready: bool,
    pub plugged: bool,
    /// Milliseconds that each frame takes, while the device is slow, and for how many frames more.
    pub slow: (u64, usize),
    pub tasks: Vec<AbortHandle>,
    pub asked: BTreeSet<Ask>,
    /// Commands without an answer; the name of the message if it is one from the outbox.
    pub waiting: BTreeMap<i64, Option<String>>,
    next_id: i64,
    pub arrived: BTreeSet<ConversationId>,
    /// What it has written down: now and then the state, with every message the outbox.
    pub saved_state: Option<Value>,
    pub saved_outbox: Option<Value>,
    /// Counts the runs of the device: what an earlier one asked for is nothing to this one.
    pub run: u64,
    pub watch: Watch,
    /// Messages in the order in which they were queued, by conversation.
    pub queued: BTreeMap<ConversationId, Vec<String>>,
    /// Messages that were sent in a row without waiting. Not all of them need to arrive.
    pub bursts: Vec<(ConversationId, Vec<String>)>,
    /// What the server has acknowledged.
    pub acknowledged: BTreeSet<(ConversationId, String)>,
}

impl Mind {
    pub fn new(dice: Dice, watch: Watch) -> Mind {
        Mind {
            state: State::default(),
            outbox: Outbox::default(),
            dice,
            wire: None,
            ready: false,
            plugged: true,
            slow: (0, 0),
            tasks: Vec::new(),
            asked: BTreeSet::new(),
            waiting: BTreeMap::new(),
            next_id: 0,
            arrived: BTreeSet::new(),
            saved_state: None,
            saved_outbox: None,
            run: 0,
            watch,
            queued: BTreeMap::new(),
            bursts: Vec::new(),
            acknowledged: BTreeSet::new(),
        }
    }
}

/// What the user does on it.
impl Mind {
    /// Queues a message, and writes the outbox down.
    pub fn queue(&mut self, message: SendCommand) {
        self.queued.entry(message.conversation_id).or_default().push(message.client_id.clone());
        self.outbox.push(message, clock::now());
        self.saved_outbox = serde_json::to_value(&self.outbox).ok();
        self.send_due();
    }

    /// Sends a command, if there is a connection.
    pub fn command(&mut self, command: Command, message: Option<String>) {
        let Some(wire) = self.wire.as_ref().filter(|_| self.ready) else { return };
        self.next_id += 1;
        let envelope = Envelope { id: Some(CommandId::Number(self.next_id)), command };
        self.waiting.insert(self.next_id, message);
        wire.up.push(serde_json::to_string(&envelope).unwrap_or_default());
    }

    /// What was sent and acknowledged until now is in doubt: the server has gone back to a backup.
    pub fn forget_sent(&mut self) {
        if let Some(wire) = self.wire.take() {
            wire.cut();
        }
        self.forget_connection();
        self.run += 1;
        self.queued.clear();
        self.bursts.clear();
        self.acknowledged.clear();
    }

    pub fn send_due(&mut self) {
        if !self.ready {
            return;
        }
        for message in self.outbox.due(clock::now()) {
            let name = message.client_id.clone();
            self.command(Command::MessageSend(message), Some(name));
        }
    }
}

impl Mind {
    pub fn forget_connection(&mut self) {
        self.state.disconnected();
        self.outbox.disconnected();
        self.waiting.clear();
        self.asked.clear();
        self.tasks.drain(..).for_each(|task| task.abort());
        self.ready = false;
    }

    pub fn answered(&mut self, id: &CommandId, answer: Result<(), Problem>) {
        let CommandId::Number(id) = id else { return };
        let Some(Some(name)) = self.waiting.remove(id) else { return };
        match answer {
            Ok(()) => {
                if let Some(draft) = self.outbox.acknowledged(&name) {
                    self.acknowledged.insert((draft.conversation_id, name));
                }
            }
            Err(problem) => {
                // What is refused for good stays in the outbox for its user to see.
                let _: Refused = self.outbox.refused(&name, problem, clock::now());
            }
        }
    }

    /// What an event means beyond the state.
    pub fn heard(&mut self, event: &Event) {
        let Event::MessageSent(sent) = event else { return };
        if Some(sent.message.sender_id) != self.state.user() {
            self.arrived.insert(sent.conversation_id);
        } else if let Some(draft) = self.outbox.seen(&sent.message) {
            self.acknowledged.insert((draft.conversation_id, draft.client_id));
        }
    }

    pub fn take(&mut self, ask: Ask, answer: Answer, place: Option<(state::Asked, Seq)>) {
        let state = &mut self.state;
        // A page that is too old to be used is asked for again when it is next missed.
        match (ask, answer) {
            (_, Answer::Account(account)) => state.answer_account(&account),
            (_, Answer::Conversations(views)) => state.answer_conversations(&views),
            (_, Answer::Conversation(view)) => state.answer_conversation(&view),
            (Ask::Fetch(Fetch::OwnChanges { after }), Answer::OwnChanges(changes)) => {
                state.answer_own_changes(after, &changes);
            }
            (Ask::Fetch(Fetch::Changes { id, after }), Answer::Changes(changes)) => {
                state.answer_changes(id, after, &changes);
                changes.items.iter().for_each(|event| self.heard(event));
            }
            (Ask::Members(id), Answer::Members(members)) => {
                if let Some((asked, _)) = place {
                    state.answer_members(id, &members, asked);
                }
            }
            (Ask::History(id), Answer::History(messages)) => {
                if let Some((asked, floor)) = place {
                    state.answer_history(id, Some(floor), PAGE, &messages, asked);
                }
            }
            _ => {}
        }
    }

    /// Messages never go back to an older version of themselves.
    pub fn no_step_back(&mut self, id: ConversationId, one: Option<&Message>) -> Result<(), String> {
        let Some(room) = self.state.room(id) else { return Ok(()) };
        match one {
            Some(message) => match room.message(message.seq) {
                Some(held) => self.watch.held(id, held),
                None => Ok(()),
            },
            None => room.messages().try_for_each(|held| self.watch.held(id, held)),
        }
    }

    pub fn check_all(&mut self) -> Result<(), String> {
        let ids: Vec<ConversationId> = self.state.rooms().map(|(id, _)| id).collect();
        ids.into_iter().try_for_each(|id| self.no_step_back(id, None))
    }

    /// The state is an older one, and so are its messages.
    pub fn seen_anew(&mut self) {
        self.watch.forget_held();
    }
}
