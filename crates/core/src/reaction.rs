//! Reactions: any emoji, per person once each.

use laserchat_protocol::limits::REACTIONS_PER_MESSAGE;
use laserchat_protocol::{Code, Message, UserId};

use crate::change::{Change, MessageAt};
use crate::message::{living, writer};
use crate::permission::{Action, require};
use crate::refusal::Refusal;
use crate::room::Room;
use crate::text::check_emoji;
use crate::{Decision, Turn};

/// Adds or removes the actor's reaction. `message` is as the actor sees it, with `me` on its reactions.
pub fn react(room: &Room, actor: UserId, message: &Message, emoji: &str, added: bool, turn: &Turn) -> Decision {
    let member = writer(room, actor, turn)?;
    require(member.role, Action::React, room.conversation.kind)?;
    living(message)?;
    let existing = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
    let mine = existing.is_some_and(|reaction| reaction.me == Some(true));
    if mine == added {
        return Ok(Vec::new());
    }
    // Removing what is there needs no check: it was accepted once.
    if added {
        check_emoji(emoji)?;
        if existing.is_none() && message.reactions.len() >= REACTIONS_PER_MESSAGE {
            return Err(Refusal::new(Code::LimitReached).detail("a message has at most 50 different reactions"));
        }
    }
    Ok(vec![Change::Reacted {
        at: MessageAt::from(message),
        user: actor,
        emoji: emoji.to_owned(),
        added,
        now: turn.now,
    }])
}
