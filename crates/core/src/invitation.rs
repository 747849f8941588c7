//! Invitations: who may make them, and when one still works.

use laserchat_protocol::{Code, Timestamp, UserId};

use crate::message::member;
use crate::permission::{Action, require};
use crate::refusal::Refusal;
use crate::room::Room;

pub fn may_invite(room: &Room, actor: UserId) -> Result<(), Refusal> {
    require(member(room, actor)?.role, Action::Invite, room.conversation.kind)
}

/// Whether an invitation can be used once more.
pub fn usable(expires_at: Option<Timestamp>, max_uses: Option<u32>, uses: u32, now: Timestamp) -> Result<(), Refusal> {
    let expired = expires_at.is_some_and(|at| at <= now);
    let used_up = max_uses.is_some_and(|max| uses >= max);
    if expired || used_up { Err(Code::InvitationInvalid.into()) } else { Ok(()) }
}
