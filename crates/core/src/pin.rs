//! Pins: messages that a conversation keeps at hand.

use laserchat_protocol::limits::PINS_PER_CONVERSATION;
use laserchat_protocol::message::SystemEvent;
use laserchat_protocol::{Code, Message, MessageKind, UserId};

use crate::change::{Change, MessageAt};
use crate::message::{living, system, writer};
use crate::permission::{Action, require};
use crate::refusal::Refusal;
use crate::room::Room;
use crate::{Decision, Turn};

pub fn pin(room: &Room, actor: UserId, message: &Message, pinned: bool, turn: &Turn) -> Decision {
    let member = writer(room, actor, turn)?;
    require(member.role, Action::Pin, room.conversation.kind)?;
    if message.pinned_at.is_some() == pinned {
        return Ok(Vec::new());
    }
    let at = MessageAt::from(message);
    if !pinned {
        return Ok(vec![Change::Pinned { at, pin: None }]);
    }
    living(message)?;
    if message.kind != MessageKind::Text {
        return Err(Code::Forbidden.into());
    }
    if room.pins >= PINS_PER_CONVERSATION {
        return Err(Refusal::new(Code::LimitReached).detail("a conversation has at most 100 pinned messages"));
    }
    let told = system(room, actor, room.head + 2, SystemEvent::Pinned { message_id: message.id }, turn);
    Ok(vec![Change::Pinned { at, pin: Some((actor, turn.now)) }, told])
}
