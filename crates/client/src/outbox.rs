//! The outbox: what the user has sent and the server has not acknowledged. Pure: no I/O and no clock.
//!
//! A message stays here until it is acknowledged, across lost connections and restarts, and is sent again as often as
//! needed: the `client_id` makes the server keep it once. Within a conversation messages leave strictly in order, one
//! at a time, so that a refusal of one cannot let the next overtake it. A temporary refusal waits; a permanent one
//! fails the message and lets the next go, until the user retries or discards it.

use std::collections::VecDeque;

use laserchat_protocol::command::SendCommand;
use laserchat_protocol::{Code, ConversationId, FileId, Message, MessageId, Problem, Timestamp};
use serde::{Deserialize, Serialize};

/// How long to wait after a temporary refusal that does not say, in seconds.
const RETRY_SECONDS: u64 = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub client_id: String,
    pub conversation_id: ConversationId,
    pub body: String,
    pub parent_id: Option<MessageId>,
    #[serde(default)]
    pub files: Vec<FileId>,
    pub queued_at: Timestamp,
    pub status: Status,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Waiting,
    /// On its way over the present connection.
    Sent,
    /// Refused for now.
    Later {
        until: Timestamp,
    },
    /// Refused for good.
    Failed {
        problem: Problem,
    },
}

/// What became of a refused message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It will be sent again by itself.
    Later,
    /// It stays failed until it is retried or discarded.
    Failed,
    /// The outbox does not hold it.
    Unknown,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {
    drafts: VecDeque<Draft>,
}

impl Outbox {
    /// What is not acknowledged yet, the oldest first.
    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.drafts.iter()
    }

    pub fn len(&self) -> usize {
        self.drafts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    pub fn get(&self, client_id: &str) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.client_id == client_id)
    }

    /// Queues a message. The same client id again is the same message.
    pub fn push(&mut self, message: SendCommand, now: Timestamp) {
        if self.get(&message.client_id).is_some() {
            return;
        }
        self.drafts.push_back(Draft {
            client_id: message.client_id,
            conversation_id: message.conversation_id,
            body: message.body,
            parent_id: message.parent_id,
            files: message.files,
            queued_at: now,
            status: Status::Waiting,
        });
    }

    /// What may be sent now; it counts as sent from here on.
    pub fn due(&mut self, now: Timestamp) -> Vec<SendCommand> {
        // A message that is retried stands before one that may be on its way already, and waits for it.
        let sent = self.drafts.iter().filter(|draft| draft.status == Status::Sent);
        let mut held: Vec<ConversationId> = sent.map(|draft| draft.conversation_id).collect();
        let mut due = Vec::new();
        for draft in &mut self.drafts {
            if matches!(draft.status, Status::Failed { .. }) || held.contains(&draft.conversation_id) {
                continue;
            }
            held.push(draft.conversation_id);
            let ready = match draft.status {
                Status::Waiting => true,
                Status::Later { until } => until <= now,
                Status::Sent | Status::Failed { .. } => false,
            };
            if ready {
                draft.status = Status::Sent;
                due.push(SendCommand {
                    conversation_id: draft.conversation_id,
                    client_id: draft.client_id.clone(),
                    body: draft.body.clone(),
                    parent_id: draft.parent_id,
                    files: draft.files.clone(),
                });
            }
        }
        due
    }

    /// When something that waits becomes due.
    pub fn next_due(&self) -> Option<Timestamp> {
        let waits = self.drafts.iter().filter_map(|draft| match draft.status {
            Status::Later { until } => Some(until),
            _ => None,
        });
        waits.min()
    }

    /// The server has it. Returns the draft, unless this was known.
    pub fn acknowledged(&mut self, client_id: &str) -> Option<Draft> {
        let at = self.drafts.iter().position(|draft| draft.client_id == client_id)?;
        self.drafts.remove(at)
    }

    /// One's own message has come back as an event, which says the same as an acknowledgement.
    pub fn seen(&mut self, message: &Message) -> Option<Draft> {
        let draft = self.get(&message.client_id)?;
        if draft.conversation_id == message.conversation_id { self.acknowledged(&message.client_id) } else { None }
    }

    pub fn refused(&mut self, client_id: &str, problem: Problem, now: Timestamp) -> Refused {
        let Some(draft) = self.drafts.iter_mut().find(|draft| draft.client_id == client_id) else {
            return Refused::Unknown;
        };
        if is_temporary(&problem) {
            let until = now.plus_seconds(problem.retry_after.unwrap_or(RETRY_SECONDS));
            draft.status = Status::Later { until };
            Refused::Later
        } else {
            draft.status = Status::Failed { problem };
            Refused::Failed
        }
    }

    /// The connection is gone: what was on its way may have arrived or not, and is sent again.
    pub fn disconnected(&mut self) {
        for draft in &mut self.drafts {
            if draft.status == Status::Sent {
                draft.status = Status::Waiting;
            }
        }
    }

    /// Sends a failed message once more. Returns whether there was one.
    pub fn retry(&mut self, client_id: &str) -> bool {
        match self.drafts.iter_mut().find(|draft| draft.client_id == client_id) {
            Some(draft) if matches!(draft.status, Status::Failed { .. }) => {
                draft.status = Status::Waiting;
                true
            }
            _ => false,
        }
    }

    /// Forgets a message that has not left. One that is on its way cannot be taken back.
    pub fn discard(&mut self, client_id: &str) -> bool {
        match self.get(client_id) {
            Some(draft) if draft.status != Status::Sent => self.acknowledged(client_id).is_some(),
            _ => false,
        }
    }
}

/// Whether the same request may succeed later. Being unauthorized is temporary here: the connection gets a new token.
fn is_temporary(problem: &Problem) -> bool {
    match problem.code {
        Code::SlowMode
        | Code::RateLimited
        | Code::TooManyConnections
        | Code::FileNotReady
        | Code::Unavailable
        | Code::Internal => true,
        Code::Unauthorized | Code::TokenExpired | Code::SessionEnded => true,
        // A mute says how long it lasts, which may be for days: that is for the user to decide.
        Code::Unknown => matches!(problem.status, 401 | 408 | 425 | 429 | 500..=599),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(client_id: &str, conversation: u64) -> SendCommand {
        SendCommand {
            conversation_id: ConversationId(conversation),
            client_id: client_id.into(),
            body: client_id.into(),
            parent_id: None,
            files: Vec::new(),
        }
    }

    fn due(outbox: &mut Outbox, now: i64) -> Vec<String> {
        outbox.due(Timestamp(now)).into_iter().map(|message| message.client_id).collect()
    }

    fn filled() -> Outbox {
        let mut outbox = Outbox::default();
        for (id, conversation) in [("a", 1), ("b", 1), ("c", 2), ("b", 1)] {
            outbox.push(send(id, conversation), Timestamp(0));
        }
        outbox
    }

    #[test]
    fn one_at_a_time_per_conversation_in_order() {
        let mut outbox = filled();
        assert_eq!(due(&mut outbox, 0), ["a", "c"]);
        assert!(due(&mut outbox, 0).is_empty());
        assert!(outbox.acknowledged("a").is_some());
        assert_eq!(due(&mut outbox, 0), ["b"]);
        assert!(outbox.acknowledged("a").is_none(), "an acknowledgement counts once");
    }

    #[test]
    fn what_was_on_its_way_is_sent_again() {
        let mut outbox = filled();
        due(&mut outbox, 0);
        outbox.disconnected();
        assert_eq!(due(&mut outbox, 0), ["a", "c"]);
    }

    #[test]
    fn a_temporary_refusal_waits_and_keeps_the_order() {
        let mut outbox = filled();
        due(&mut outbox, 0);
        let problem = Problem::new(Code::SlowMode).retry_after(5);
        assert_eq!(outbox.refused("a", problem, Timestamp(0)), Refused::Later);
        assert!(due(&mut outbox, 4_999).is_empty());
        assert_eq!(outbox.next_due(), Some(Timestamp(5_000)));
        assert_eq!(due(&mut outbox, 5_000), ["a"]);
    }

    #[test]
    fn a_permanent_refusal_fails_and_lets_the_next_go() {
        let mut outbox = filled();
        due(&mut outbox, 0);
        assert_eq!(outbox.refused("a", Code::Forbidden.into(), Timestamp(0)), Refused::Failed);
        assert_eq!(due(&mut outbox, 0), ["b"]);
        assert!(!outbox.discard("b"), "what is on its way cannot be taken back");
        assert!(outbox.retry("a"));
        assert!(outbox.acknowledged("b").is_some());
        assert_eq!(due(&mut outbox, 0), ["a"]);
        assert_eq!(outbox.refused("a", Code::ReadOnly.into(), Timestamp(0)), Refused::Failed);
        assert!(outbox.discard("a"));
        assert_eq!(outbox.refused("a", Code::ReadOnly.into(), Timestamp(0)), Refused::Unknown);
    }

    #[test]
    fn what_is_retried_waits_for_the_one_that_is_on_its_way() {
        let mut outbox = filled();
        due(&mut outbox, 0);
        assert_eq!(outbox.refused("a", Code::Forbidden.into(), Timestamp(0)), Refused::Failed);
        assert_eq!(due(&mut outbox, 0), ["b"]);
        assert!(outbox.retry("a"));
        assert!(due(&mut outbox, 0).is_empty(), "one at a time");
        outbox.acknowledged("b");
        assert_eq!(due(&mut outbox, 0), ["a"]);
    }
}
