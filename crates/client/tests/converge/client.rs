//! What a test tells a client's state, as data: so that a sequence can be written down and played again, to this state
//! and to the one in TypeScript. `vectors` describes the form.

use std::collections::BTreeMap;
use std::ops::Deref;

use laserchat_client::protocol::event::{Changes, OwnChanges};
use laserchat_client::protocol::user::Account;
use laserchat_client::protocol::*;
use laserchat_client::state::{Asked, Fetch, Resume, Standing, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Input {
    Hello,
    Apply {
        event: Box<Event>,
        now: i64,
    },
    Disconnected,
    /// A question about a conversation has been asked: `n` is its number.
    Ask {
        n: u64,
        id: ConversationId,
    },
    Answer(Answer),
    Restart,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    Account { answer: Box<Account> },
    OwnChanges { after: Version, answer: OwnChanges },
    Conversations { answer: Vec<ConversationView> },
    Conversation { id: ConversationId, answer: Box<ConversationView> },
    Changes { id: ConversationId, after: Seq, answer: Changes },
    History { id: ConversationId, asked: u64, before: Option<Seq>, limit: usize, answer: Vec<Message> },
    Messages { id: ConversationId, asked: u64, answer: Vec<Message> },
    Members { id: ConversationId, asked: u64, answer: Vec<Member> },
    NotFound { id: ConversationId, asked: u64 },
}

/// An input, and what the state said after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub input: Value,
    /// What a `hello` answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expect: Option<Value>,
    pub wants: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<Value>,
}

#[derive(Default)]
pub struct Client {
    state: State,
    /// How conversations stood when questions about them were asked.
    asked: BTreeMap<u64, (Standing, Option<Asked>)>,
    now: i64,
    tape: Option<Vec<Step>>,
}

impl Deref for Client {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl Client {
    pub fn recorded() -> Self {
        Client { tape: Some(Vec::new()), ..Client::default() }
    }

    pub fn into_tape(self) -> Vec<Step> {
        self.tape.unwrap_or_default()
    }

    /// Writes the state beside the last step.
    pub fn note_state(&mut self) {
        let dump = self.dump();
        if let Some(step) = self.tape.as_mut().and_then(|tape| tape.last_mut()) {
            step.state = Some(dump);
        }
    }

    /// Opens a connection, and says from where it resumes.
    pub fn hello(&mut self) -> Resume {
        self.give(&Input::Hello).unwrap_or_default()
    }

    /// Gives the state an input; the answer is what a `hello` offers.
    pub fn give(&mut self, input: &Input) -> Option<Resume> {
        let resume = self.take(input);
        let expect = resume.as_ref().map(spell_resume);
        let wants = self.tape.is_some().then(|| self.wanted());
        if let (Some(tape), Some(wants)) = (&mut self.tape, wants) {
            let input = serde_json::to_value(input).expect("an input is JSON");
            tape.push(Step { input, expect, wants, state: None });
        }
        resume
    }

    fn take(&mut self, input: &Input) -> Option<Resume> {
        let state = &mut self.state;
        match input {
            Input::Hello => return Some(state.hello()),
            Input::Apply { event, now } => {
                self.now = *now;
                state.apply(event, Timestamp(*now));
            }
            Input::Disconnected => state.disconnected(),
            Input::Ask { n, id } => drop(self.asked.insert(*n, (state.standing(*id), state.asked(*id)))),
            Input::Answer(answer) => self.answer(answer),
            Input::Restart => *state = State::restore(state.persist()).expect("what was written can be read"),
        }
        None
    }

    fn answer(&mut self, answer: &Answer) {
        let state = &mut self.state;
        let of_loaded = |n| self.asked[n].1.expect("only of what is loaded more is asked for");
        match answer {
            Answer::Account { answer } => state.answer_account(answer),
            Answer::OwnChanges { after, answer } => state.answer_own_changes(*after, answer),
            Answer::Conversations { answer } => state.answer_conversations(answer),
            Answer::Conversation { answer, .. } => state.answer_conversation(answer),
            Answer::Changes { id, after, answer } => state.answer_changes(*id, *after, answer),
            Answer::History { id, asked, before, limit, answer } => {
                state.answer_history(*id, *before, *limit, answer, of_loaded(asked));
            }
            Answer::Messages { id, asked, answer } => drop(state.answer_messages(*id, answer, of_loaded(asked))),
            Answer::Members { id, asked, answer } => drop(state.answer_members(*id, answer, of_loaded(asked))),
            Answer::NotFound { id, asked } => state.answer_not_found(*id, self.asked[asked].0),
        }
    }

    pub fn wanted(&self) -> Vec<Value> {
        let spell = |fetch: Fetch| match fetch {
            Fetch::Account => json!({ "kind": "account" }),
            Fetch::OwnChanges { after } => json!({ "kind": "own_changes", "after": after }),
            Fetch::Conversations => json!({ "kind": "conversations" }),
            Fetch::Conversation { id } => json!({ "kind": "conversation", "id": id }),
            Fetch::Changes { id, after } => json!({ "kind": "changes", "id": id, "after": after }),
        };
        self.state.wants().into_iter().map(spell).collect()
    }

    /// Everything that can be seen of the state.
    pub fn dump(&self) -> Value {
        let state = &self.state;
        let mut rooms = serde_json::Map::new();
        for (id, room) in state.rooms() {
            let typing: Vec<UserId> = state.typing(id, Timestamp(self.now)).collect();
            let dump = json!({
                "cursor": room.cursor(),
                "head": room.head(),
                "floor": room.floor(),
                "start": room.start(),
                "conversation": room.conversation(),
                "timeline": room.timeline().collect::<Vec<_>>(),
                "elsewhere": room.messages().filter(|message| message.seq < room.floor()).collect::<Vec<_>>(),
                "members": room.members().collect::<Vec<_>>(),
                "members_complete": room.members_complete(),
                "member_count": room.member_count(),
                "receipts": room.receipts(),
                "last_message": room.last_message().map(|message| message.seq),
                "unread": state.unread(id),
                "mentions": state.mentions(id),
                "typing": typing,
            });
            rooms.insert(id.to_string(), dump);
        }
        json!({
            "now": self.now,
            "user": state.user(),
            "epoch": state.epoch(),
            "generation": state.generation(),
            "version": state.version(),
            "is_synced": state.is_synced(),
            "account": state.account(),
            "rooms": rooms,
            "memberships": state.memberships().collect::<Vec<_>>(),
            "contacts": state.contacts().collect::<Vec<_>>(),
            "presence": state.presence(UserId(2)),
        })
    }
}

pub fn spell_resume(resume: &Resume) -> Value {
    json!({ "cursors": resume.cursors, "version": resume.version, "epoch": resume.epoch })
}
