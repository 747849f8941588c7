//! Invocations: slash commands that were given a moment ago, and what has come of each.
//!
//! Nothing of it is stored: an answer for one person only is worth nothing later. What must not happen twice is safe all
//! the same. An invocation's id follows from who gave the command, where, and the client's name for it, so that a command
//! that is given again is the same one to its bot, even when the server was started anew in between; and a message that a bot
//! posts in answer is named after the invocation, so that it is posted once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use laserchat_protocol::slash::{CommandAnswered, CommandFailure, Invocation};
use laserchat_protocol::{Code, ConversationId, InvocationId, Problem, UserId, UserSummary};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, watch};

/// How long what has come of a command is remembered.
const KEPT: Duration = Duration::from_secs(60);
/// Commands of one person that are remembered.
const PER_PERSON: usize = 50;
/// Bots that are asked over HTTP at once.
const ASKED_AT_ONCE: usize = 64;

/// How far a command has got.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// Its bot is asked over HTTP, and may answer at once.
    Asking,
    /// Its bot was told, and answers when it likes.
    Told,
    Done(CommandAnswered),
}

/// A command that was given.
#[derive(Debug, Clone)]
pub struct Given {
    pub invocation: Invocation,
    pub bot: UserSummary,
}

struct Held {
    given: Given,
    progress: watch::Sender<Progress>,
    /// When it can be forgotten.
    until: Instant,
}

pub struct Invocations {
    held: Mutex<HashMap<InvocationId, Held>>,
    pub asking: Semaphore,
}

impl Default for Invocations {
    fn default() -> Self {
        Invocations { held: Mutex::default(), asking: Semaphore::new(ASKED_AT_ONCE) }
    }
}

/// The id of a command that somebody gives under a name.
pub fn id(user: UserId, conversation: ConversationId, client_id: &str) -> InvocationId {
    let digest = Sha256::digest(format!("{user} {conversation} {client_id}"));
    let first: [u8; 8] = std::array::from_fn(|at| digest[at]);
    InvocationId((u64::from_be_bytes(first) >> 1).max(1))
}

impl Given {
    fn come(&self) -> CommandAnswered {
        CommandAnswered {
            invocation_id: self.invocation.id,
            conversation_id: self.invocation.conversation_id,
            command: self.invocation.command.clone(),
            bot: self.bot.clone(),
            response: None,
            message: None,
            failure: None,
        }
    }

    /// What is said while the bot is still at it.
    pub fn pending(&self) -> CommandAnswered {
        self.come()
    }

    pub fn responded(&self, text: String) -> CommandAnswered {
        CommandAnswered { response: Some(text), ..self.come() }
    }

    pub fn posted(&self, message: laserchat_protocol::Message) -> CommandAnswered {
        CommandAnswered { message: Some(Box::new(message)), ..self.come() }
    }

    pub fn failed(&self, failure: CommandFailure) -> CommandAnswered {
        CommandAnswered { failure: Some(failure), ..self.come() }
    }
}

impl Invocations {
    /// Takes a command up, which waits for its answer for so long. The second value: it is new, and its bot is to be told.
    pub fn begin(
        &self,
        given: &Given,
        first: Progress,
        patience: Duration,
    ) -> Result<(watch::Receiver<Progress>, bool), Problem> {
        let now = Instant::now();
        let mut held = self.held.lock();
        held.retain(|_, one| one.until > now);
        if let Some(known) = held.get(&given.invocation.id) {
            return Ok((known.progress.subscribe(), false));
        }
        let user = given.invocation.user.id;
        if held.values().filter(|one| one.given.invocation.user.id == user).count() >= PER_PERSON {
            return Err(Problem::new(Code::RateLimited).retry_after(KEPT.as_secs()));
        }
        let (progress, heard) = watch::channel(first);
        held.insert(given.invocation.id, Held { given: given.clone(), progress, until: now + patience + KEPT });
        Ok((heard, true))
    }

    /// A command that a bot was told of.
    pub fn of(&self, bot: UserId, id: InvocationId) -> Option<(Given, Progress)> {
        let held = self.held.lock();
        let found = held.get(&id).filter(|one| one.given.bot.id == bot)?;
        let progress = found.progress.borrow().clone();
        Some((found.given.clone(), progress))
    }

    /// The bot has been asked, and answers later.
    pub fn told(&self, id: InvocationId) {
        if let Some(one) = self.held.lock().get(&id) {
            one.progress.send_if_modified(|progress| {
                let asking = *progress == Progress::Asking;
                if asking {
                    *progress = Progress::Told;
                }
                asking
            });
        }
    }

    /// Writes down what has come of a command, unless something has before. Returns what is to be told to whoever gave it: nothing
    /// when it came too late, or when somebody waits here for it and tells it.
    pub fn done(&self, answered: CommandAnswered) -> Option<(UserId, CommandAnswered)> {
        let mut held = self.held.lock();
        let one = held.get_mut(&answered.invocation_id)?;
        let (asking, over) = match &*one.progress.borrow() {
            Progress::Asking => (true, false),
            Progress::Told => (false, false),
            Progress::Done(_) => (false, true),
        };
        if over {
            return None;
        }
        one.until = Instant::now() + KEPT;
        one.progress.send_replace(Progress::Done(answered.clone()));
        let waited = asking && one.progress.receiver_count() > 0;
        (!waited).then_some((one.given.invocation.user.id, answered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::Timestamp;

    fn summary(id: u64) -> UserSummary {
        serde_json::from_value(serde_json::json!({ "id": id.to_string(), "username": "x", "display_name": "X" }))
            .unwrap()
    }

    fn given(name: &str) -> Given {
        let invocation = Invocation {
            id: id(UserId(1), ConversationId(2), name),
            conversation_id: ConversationId(2),
            user: summary(1),
            command: "roll".into(),
            arguments: String::new(),
            created_at: Timestamp(0),
        };
        Given { invocation, bot: summary(9) }
    }

    #[test]
    fn the_same_name_is_the_same_command() {
        assert_eq!(given("a").invocation.id, given("a").invocation.id);
        assert_ne!(given("a").invocation.id, given("b").invocation.id);
        let board = Invocations::default();
        let begin = |name| board.begin(&given(name), Progress::Told, KEPT).unwrap().1;
        assert!(begin("a") && !begin("a") && begin("b"));
    }

    #[test]
    fn the_first_answer_is_the_one() {
        let (board, one) = (Invocations::default(), given("a"));
        let (heard, _) = board.begin(&one, Progress::Told, KEPT).unwrap();
        let told = board.done(one.responded("first".into())).unwrap();
        assert_eq!((told.0, told.1.response.as_deref()), (UserId(1), Some("first")));
        assert_eq!(board.done(one.failed(CommandFailure::NoAnswer)), None);
        assert_eq!(*heard.borrow(), Progress::Done(one.responded("first".into())));
        assert!(board.of(UserId(9), one.invocation.id).is_some());
        assert!(board.of(UserId(8), one.invocation.id).is_none(), "it is another bot's");
    }

    #[test]
    fn whoever_waits_tells_it() {
        let (board, one) = (Invocations::default(), given("a"));
        let (heard, _) = board.begin(&one, Progress::Asking, KEPT).unwrap();
        assert_eq!(board.done(one.responded("x".into())), None);
        drop(heard);
        let (board, one) = (Invocations::default(), given("a"));
        drop(board.begin(&one, Progress::Asking, KEPT).unwrap());
        assert!(board.done(one.responded("x".into())).is_some(), "nobody waits any more");
    }

    #[test]
    fn nobody_fills_the_memory() {
        let board = Invocations::default();
        for number in 0..PER_PERSON {
            board.begin(&given(&number.to_string()), Progress::Told, KEPT).unwrap();
        }
        assert_eq!(board.begin(&given("more"), Progress::Told, KEPT).unwrap_err().code, Code::RateLimited);
        let board = Invocations::default();
        for number in 0..PER_PERSON {
            board.begin(&given(&number.to_string()), Progress::Told, Duration::ZERO).unwrap();
            board.held.lock().values_mut().for_each(|one| one.until = Instant::now());
        }
        assert!(board.begin(&given("more"), Progress::Told, KEPT).is_ok());
    }
}
