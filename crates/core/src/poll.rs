//! Polls: making one, voting, closing, and counting.

use laserchat_protocol::limits::{
    AHEAD_DAYS, POLL_OPTION_CHARS, POLL_OPTIONS_MAX, POLL_OPTIONS_MIN, POLL_QUESTION_CHARS,
};
use laserchat_protocol::poll::{PollCreate, PollOption};
use laserchat_protocol::{Code, Message, Poll, Timestamp, UserId};

use crate::change::{Change, MessageAt};
use crate::message::{living, member, writer};
use crate::name;
use crate::permission::{Action, may, require};
use crate::refusal::Refusal;
use crate::room::Room;
use crate::{Decision, Turn};

/// The poll that somebody asks for, with clean texts.
pub fn check(wanted: &PollCreate, now: Timestamp) -> Result<Poll, Refusal> {
    crate::text::check_client_id(&wanted.client_id)?;
    let refuse =
        |field: &'static str, detail: &'static str| Err(Refusal::new(Code::InvalidField).field(field).detail(detail));
    let Ok(question) = name::line(&wanted.question, 1, POLL_QUESTION_CHARS) else {
        return refuse("question", "1 to 300 characters in one line");
    };
    if !(POLL_OPTIONS_MIN..=POLL_OPTIONS_MAX).contains(&wanted.options.len()) {
        return refuse("options", "2 to 20 options");
    }
    let mut options: Vec<PollOption> = Vec::with_capacity(wanted.options.len());
    for text in &wanted.options {
        let Ok(text) = name::line(text, 1, POLL_OPTION_CHARS) else {
            return refuse("options", "each 1 to 100 characters in one line");
        };
        if options.iter().any(|option| option.text == text) {
            return refuse("options", "each different from the others");
        }
        options.push(PollOption { text, count: 0, me: None });
    }
    if let Some(at) = wanted.closes_at
        && (at <= now || at > now.plus_seconds(AHEAD_DAYS * 86_400))
    {
        return refuse("closes_at", "in the future, and within five years");
    }
    let (multiple, anonymous) = (wanted.multiple, wanted.anonymous);
    Ok(Poll { question, options, multiple, anonymous, closes_at: wanted.closes_at, closed_at: None, voters: 0 })
}

/// The poll in words, which is the body of its message.
pub fn words(poll: &Poll) -> String {
    let mut words = poll.question.clone();
    for option in &poll.options {
        words.push_str("\n- ");
        words.push_str(&option.text);
    }
    words
}

/// What the viewer of a message has voted for.
fn mine(poll: &Poll) -> Vec<u32> {
    (0..).zip(&poll.options).filter(|(_, option)| option.me == Some(true)).map(|(at, _)| at).collect()
}

fn open_poll<'a>(message: &'a Message, turn: &Turn) -> Result<&'a Poll, Refusal> {
    living(message)?;
    let poll = message.poll.as_ref().ok_or(Refusal::new(Code::NotFound).detail("the message is no poll"))?;
    // It may be some moments until the server closes it.
    if poll.closed_at.is_some() || poll.closes_at.is_some_and(|at| at <= turn.now) {
        return Err(Code::PollClosed.into());
    }
    Ok(poll)
}

/// Makes `options` the whole of what the actor votes for. `message` is as the actor sees it, with `me` on its options.
pub fn vote(room: &Room, actor: UserId, message: &Message, options: &[u32], turn: &Turn) -> Decision {
    let member = writer(room, actor, turn)?;
    require(member.role, Action::Vote, room.conversation.kind)?;
    let poll = open_poll(message, turn)?;
    let mut wanted = options.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let refuse = |detail: &'static str| Err(Refusal::new(Code::InvalidField).field("options").detail(detail));
    if wanted.last().is_some_and(|last| *last as usize >= poll.options.len()) {
        return refuse("there is no such option");
    }
    if wanted.len() > 1 && !poll.multiple {
        return refuse("one option only");
    }
    if wanted == mine(poll) {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Voted { at: MessageAt::from(message), user: actor, options: wanted, now: turn.now }])
}

/// Closes a poll: one's own, or as a moderator. Like deleting, it needs no right to write. Twice is harmless.
pub fn close(room: &Room, actor: UserId, message: &Message, turn: &Turn) -> Decision {
    let member = member(room, actor)?;
    living(message)?;
    let poll = message.poll.as_ref().ok_or(Refusal::new(Code::NotFound).detail("the message is no poll"))?;
    if message.sender_id != actor && !may(member.role, Action::ClosePolls, room.conversation.kind) {
        return Err(Code::Forbidden.into());
    }
    if poll.closed_at.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Change::PollClosed { at: MessageAt::from(message), closed_at: turn.now }])
}

/// Closes a poll whose time has come. It counts as closed since then, however late it is noticed.
pub fn expire(message: &Message, turn: &Turn) -> Decision {
    let due = message.poll.as_ref().filter(|poll| poll.closed_at.is_none()).and_then(|poll| poll.closes_at);
    match due.filter(|at| *at <= turn.now && message.deleted_at.is_none()) {
        Some(closed_at) => Ok(vec![Change::PollClosed { at: MessageAt::from(message), closed_at }]),
        None => Ok(Vec::new()),
    }
}

/// Counts that one person votes for `after` instead of `before`.
pub fn recount(poll: &mut Poll, before: &[u32], after: &[u32]) {
    for (at, option) in (0..).zip(&mut poll.options) {
        match (before.contains(&at), after.contains(&at)) {
            (false, true) => option.count += 1,
            (true, false) => option.count = option.count.saturating_sub(1),
            _ => {}
        }
    }
    match (before.is_empty(), after.is_empty()) {
        (true, false) => poll.voters += 1,
        (false, true) => poll.voters = poll.voters.saturating_sub(1),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
