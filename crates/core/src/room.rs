//! A room: as much of a conversation as a decision needs.
//!
//! The sequencer keeps one per busy conversation and applies each decision's changes to it, so that the next decision
//! sees them before they are even committed. Members are loaded as they are needed: a channel may have a million.

use std::collections::HashMap;

use laserchat_protocol::{Conversation, MemberState, Role, Seq, Timestamp, UserId};

use crate::change::Change;

/// The part of a member that rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    pub user: UserId,
    pub role: Role,
    pub state: MemberState,
    pub joined_at: Timestamp,
    pub muted_until: Option<Timestamp>,
}

impl MemberRow {
    pub fn joined(&self) -> bool {
        self.state == MemberState::Joined
    }
}

#[derive(Debug, Clone)]
pub struct Room {
    pub conversation: Conversation,
    /// The seq of the newest change.
    pub head: Seq,
    /// The members a decision may ask about. `None` is known not to be, nor ever have been, a member.
    pub members: HashMap<UserId, Option<MemberRow>>,
    /// Direct conversations only: one of the two has blocked the other.
    pub blocked: bool,
    pub pins: usize,
    /// When members last sent, for slow mode. Kept in memory only: a restart forgives.
    pub last_sent: HashMap<UserId, Timestamp>,
}

impl Room {
    /// A conversation that does not exist yet.
    pub fn unborn(conversation: Conversation) -> Self {
        Room { conversation, head: 0, members: HashMap::new(), blocked: false, pins: 0, last_sent: HashMap::new() }
    }

    /// The member row of a user who is, or was, a member.
    pub fn member(&self, user: UserId) -> Option<&MemberRow> {
        self.members.get(&user).and_then(Option::as_ref)
    }

    /// The member row of a user who is a member now.
    pub fn joined(&self, user: UserId) -> Option<&MemberRow> {
        self.member(user).filter(|member| member.joined())
    }

    /// Whether everything is loaded that a decision about these users needs.
    pub fn knows(&self, users: &[UserId]) -> bool {
        users.iter().all(|user| self.members.contains_key(user))
    }

    /// Takes over the effect of changes that were decided on this room.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.head += 1;
            match change {
                // Its first members are counted as they come.
                Change::ConversationCreated { conversation, .. } => {
                    self.conversation = Conversation { member_count: 0, ..conversation.clone() };
                }
                Change::ConversationUpdated(conversation) => {
                    let member_count = self.conversation.member_count;
                    self.conversation = Conversation { member_count, ..conversation.clone() };
                }
                Change::ConversationDeleted(_) => self.conversation.member_count = 0,
                Change::Member { member, .. } => {
                    let before = self.joined(member.user).is_some();
                    self.conversation.member_count += u64::from(member.joined() && !before);
                    self.conversation.member_count -= u64::from(!member.joined() && before);
                    self.members.insert(member.user, Some(member.clone()));
                }
                Change::MessagePosted(message) => {
                    if self.conversation.slow_mode_seconds > 0 {
                        self.last_sent.insert(message.sender_id, message.created_at);
                    }
                }
                Change::Pinned { pin, .. } => match pin {
                    Some(_) => self.pins += 1,
                    None => self.pins = self.pins.saturating_sub(1),
                },
                Change::MessageErased { was_pinned, .. } => {
                    self.pins = self.pins.saturating_sub(usize::from(*was_pinned))
                }
                Change::MessageEdited { .. }
                | Change::Reacted { .. }
                | Change::Previewed { .. }
                | Change::Voted { .. }
                | Change::PollClosed { .. }
                | Change::Replied { .. } => {}
            }
        }
    }
}
