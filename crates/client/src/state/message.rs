//! One message as this user knows it: the newest version, with the flags that only concern oneself.
//!
//! The events that all members share leave out what is personal (`me` on a reaction, `following`), so a shared event
//! replaces the message and keeps the flags. Flags are taken over from whatever was made for this user: REST answers,
//! replays, and the events of one's own actions. Such an answer may be older than a shared event that overtook it on
//! the way; then only its flags count. `mine` remembers how old the flags are; 0 means that none have been seen.

use laserchat_protocol::reaction::ReactionChange;
use laserchat_protocol::{Message, Seq, UserId};
use serde::{Deserialize, Serialize};

/// For whom an object was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// For all members alike.
    Shared,
    /// For this user.
    Own,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub message: Message,
    /// The flags are right as of this seq.
    mine: Seq,
}

impl Known {
    pub fn new(message: &Message, source: Source) -> Self {
        let mine = if source_of(message, source) == Source::Own { message.changed } else { 0 };
        Known { message: message.clone(), mine }
    }

    /// Takes over whatever is newer. Returns whether anything changed.
    pub fn merge(&mut self, incoming: &Message, source: Source) -> bool {
        let source = source_of(incoming, source);
        let before = (incoming.changed <= self.message.changed).then(|| self.clone());
        let newer = incoming.changed > self.message.changed;
        match source {
            Source::Own if newer || incoming.changed == self.message.changed => {
                self.message = incoming.clone();
                self.mine = incoming.changed;
            }
            Source::Own if self.mine == 0 => {
                let newer = std::mem::replace(self, Known::new(incoming, Source::Own)).message;
                self.overtake(newer);
            }
            Source::Own if incoming.changed > self.mine => {
                for reaction in &mut self.message.reactions {
                    let then = incoming.reactions.iter().find(|earlier| earlier.emoji == reaction.emoji);
                    reaction.me = Some(then.and_then(|earlier| earlier.me).unwrap_or(false));
                }
                keep_votes(&mut self.message, incoming, true);
                self.message.following = incoming.following;
                self.mine = incoming.changed;
            }
            Source::Shared if newer => self.overtake(incoming.clone()),
            _ => {}
        }
        before.is_none_or(|before| before != *self)
    }

    /// A newer version that was made for everybody gets the flags of the one before. What it says itself stays.
    fn overtake(&mut self, newer: Message) {
        let previous = std::mem::replace(&mut self.message, newer);
        keep_votes(&mut self.message, &previous, false);
        self.message.following |= previous.following;
        for reaction in self.message.reactions.iter_mut().filter(|reaction| reaction.me.is_none()) {
            let earlier = previous.reactions.iter().find(|earlier| earlier.emoji == reaction.emoji);
            // An emoji that nobody had used before is not one's own: that would have been told with a flag.
            reaction.me = earlier.map_or(Some(false), |earlier| earlier.me);
        }
        if self.mine > 0 && self.message.reactions.is_empty() && self.message.poll.is_none() {
            // There is nothing to be wrong about, and no older answer may say otherwise later.
            self.mine = self.message.changed;
        }
    }

    /// Somebody's reaction changed with the version that was just merged; one's own says what the flag is.
    pub fn reacted(&mut self, change: &ReactionChange, at: Seq, me: Option<UserId>) {
        if me == Some(change.user_id)
            && self.message.changed == at
            && let Some(reaction) = self.message.reactions.iter_mut().find(|reaction| reaction.emoji == change.emoji)
        {
            reaction.me = Some(change.added);
        }
    }
}

/// Takes one's votes over from another version of the message: those that are not known, or `all` of them. In a message that
/// had not changed since it was posted nobody had voted.
fn keep_votes(message: &mut Message, from: &Message, all: bool) {
    let Some(poll) = &mut message.poll else { return };
    let known = from.poll.as_ref().map_or(&[][..], |poll| &poll.options);
    let fresh = from.changed == from.seq;
    for (at, option) in poll.options.iter_mut().enumerate().filter(|(_, option)| all || option.me.is_none()) {
        option.me = known.get(at).and_then(|known| known.me).or(fresh.then_some(false));
    }
}

/// The message says everything that concerns this user.
pub(crate) fn is_complete(message: &Message, source: Source) -> bool {
    source_of(message, source) == Source::Own
}

fn votes_unknown(message: &Message) -> bool {
    message.poll.as_ref().is_some_and(|poll| poll.options.iter().any(|option| option.me.is_none()))
}

/// What leaves out a flag was made for everybody, and what has one for this user, wherever it came from. A message that
/// has never changed has no flags that could be missing.
fn source_of(message: &Message, source: Source) -> Source {
    if message.changed == message.seq {
        Source::Own
    } else if message.reactions.iter().any(|reaction| reaction.me.is_none()) || votes_unknown(message) {
        Source::Shared
    } else if message.following || !message.reactions.is_empty() || message.poll.is_some() {
        Source::Own
    } else {
        source
    }
}
