//! Answers: what was asked for has come. Each function takes the answer to one kind of question.
//!
//! An answer may be late: the conversation may have been dropped and loaded again since it was asked for. So it says
//! what it was asked *after*, and moves a cursor only when the cursor has at least got there.

use laserchat_protocol::conversation::ConversationView;
use laserchat_protocol::event::{Changes, Event, OwnChanges, Polled};
use laserchat_protocol::user::Account;
use laserchat_protocol::{ConversationId, Member, MemberState, Message, Seq, Timestamp, Version};

use super::connection::Phase;
use super::message::Source;
use super::{Asked, Room, Standing, State};

impl State {
    pub fn answer_account(&mut self, account: &Account) {
        self.user.get_or_insert(account.user.id);
        self.version_head = self.version_head.max(account.version);
        self.take_account(account, true);
    }

    /// The whole list of the user's conversations.
    pub fn answer_conversations(&mut self, views: &[ConversationView]) {
        self.listed = true;
        for view in views {
            self.answer_conversation(view);
        }
    }

    pub fn answer_conversation(&mut self, view: &ConversationView) {
        let id = view.conversation.id;
        let held = self.memberships.get(&id).map_or(0, |held| held.version);
        let Some(membership) = &view.membership else {
            // A public channel that the user is not in (any more); unless the answer is from before they came back.
            let outdated = self.rooms.get(&id).is_some_and(|room| room.head > view.seq);
            let left = self.memberships.get(&id).is_some_and(|held| held.state != MemberState::Joined);
            if outdated {
                return;
            }
            if left {
                drop(self.rooms.remove(&id))
            } else {
                self.gone(id)
            }
            return;
        };
        // The same version again may come with newer counts, since messages arrive without touching the membership; or,
        // when answers overtake each other, with older ones.
        let counted = self.rooms.get(&id).map_or(0, Room::counted_at);
        let newest = membership.version > held || (membership.version == held && view.seq >= counted);
        if newest {
            self.memberships.insert(id, membership.clone());
        }
        let Some(present) = self.memberships.get(&id).filter(|held| held.state == MemberState::Joined) else {
            self.rooms.remove(&id);
            return;
        };
        self.rooms.entry(id).or_default().take_view(view, present, newest);
        if let Some(peer) = &view.peer {
            self.take_summary(peer);
        }
    }

    /// There is no such conversation, or not for this user. `asked`: how it stood when it was asked for; whoever has come
    /// back since is not sent away by an answer from before.
    pub fn answer_not_found(&mut self, id: ConversationId, asked: Standing) {
        if self.standing(id) == asked {
            self.gone(id);
        }
    }

    /// A page of `changes` that was asked for with `after`.
    pub fn answer_changes(&mut self, id: ConversationId, after: Seq, changes: &Changes) {
        if !self.rooms.contains_key(&id) {
            return;
        }
        if changes.head < after {
            // The cursor is of a past that the server does not share.
            self.rooms.remove(&id);
            return;
        }
        for event in &changes.items {
            self.take(event, Source::Own, Timestamp(0));
        }
        let Some(room) = self.rooms.get_mut(&id) else { return };
        for receipt in &changes.receipts {
            room.take_receipt(receipt);
        }
        room.head = room.head.max(changes.head);
        if changes.next.is_some() {
            room.patchy(changes.head);
        }
        if room.cursor >= after && room.conversation.is_some() {
            room.advance(changes.next.unwrap_or(changes.head));
        }
    }

    /// A page of `me/changes` that was asked for with `after`.
    pub fn answer_own_changes(&mut self, after: Version, changes: &OwnChanges) {
        if changes.head < after {
            return self.forget_own();
        }
        for event in &changes.items {
            self.take_own(event);
        }
        self.version_head = self.version_head.max(changes.head);
        if self.version >= after {
            self.advance_version(changes.next.unwrap_or(changes.head));
        }
    }

    /// A page of history: the newest, or the one before a seq. Returns whether it could be used: otherwise the conversation
    /// was loaded afresh since it was asked for, and it is to be asked for again.
    pub fn answer_history(
        &mut self,
        id: ConversationId,
        before: Option<Seq>,
        limit: usize,
        messages: &[Message],
        asked: Asked,
    ) -> bool {
        self.take_answer(id, asked, |room| room.take_page(before, limit, messages))
    }

    /// Messages from anywhere in a conversation: a thread, the pins, the answer to one's own change.
    pub fn answer_messages(&mut self, id: ConversationId, messages: &[Message], asked: Asked) -> bool {
        self.take_answer(id, asked, |room| {
            for message in messages {
                room.take_message(message, Source::Own, true);
            }
        })
    }

    /// All of a conversation's members.
    pub fn answer_members(&mut self, id: ConversationId, members: &[Member], asked: Asked) -> bool {
        let fresh = self.take_answer(id, asked, |room| room.take_members(members));
        if fresh {
            members.iter().for_each(|member| self.take_summary(&member.user));
        }
        fresh
    }

    /// Gives an answer to the conversation, unless it is from before the conversation was loaded (afresh).
    fn take_answer(&mut self, id: ConversationId, asked: Asked, take: impl FnOnce(&mut Room)) -> bool {
        let fresh = self.asked(id) == Some(asked);
        self.rooms.get_mut(&id).filter(|_| fresh).map(take).is_some()
    }

    /// The answer to a long poll that began with [`hello`](State::hello).
    pub fn answer_poll(&mut self, polled: &Polled, now: Timestamp) {
        if self.epoch.as_ref() != Some(&polled.epoch) {
            self.restart(&polled.epoch, self.user);
        }
        let offered = std::mem::take(&mut self.offered);
        let (ahead, behind): (Vec<_>, Vec<_>) =
            polled.items.iter().partition(|event| !matches!(event, Event::ConversationBehind { .. }));
        for event in ahead.into_iter().chain(behind.iter().copied()) {
            self.take(event, Source::Shared, now);
        }
        let told_behind = |id: &ConversationId| {
            behind.iter().any(
                |event| matches!(event, Event::ConversationBehind { conversation_id, .. } if conversation_id == id),
            )
        };
        let offered_cursors = offered.cursors.unwrap_or_default();
        // A conversation that the server no longer lists has been left; one whose cursor went back has been restored.
        for (id, cursor) in &offered_cursors {
            if polled.cursors.get(id).is_none_or(|to| to < cursor) {
                self.rooms.remove(id);
            }
        }
        for (id, to) in &polled.cursors {
            let room = self.rooms.entry(*id).or_default();
            room.head = room.head.max(*to);
            if room.conversation.is_some() && offered_cursors.contains_key(id) && !told_behind(id) {
                room.advance(*to);
            }
        }
        match offered.version {
            Some(version) if version > polled.version => self.forget_own(),
            Some(_) => self.advance_version(polled.version),
            None => self.version_head = self.version_head.max(polled.version),
        }
        self.phase = Phase::Live;
    }
}
