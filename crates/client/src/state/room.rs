//! One conversation as a client holds it: its objects, the cursor, and what is known to be missing.

use std::collections::{BTreeMap, BTreeSet};

use laserchat_protocol::conversation::ConversationView;
use laserchat_protocol::limits::UNREAD_MAX;
use laserchat_protocol::member::Receipt;
use laserchat_protocol::reaction::ReactionChange;
use laserchat_protocol::{
    Conversation, Member, MemberState, Membership, Message, MessageId, MessageKind, Seq, UserId, UserSummary,
};
use serde::{Deserialize, Serialize};

use super::message::{Known, Source};

/// Seqs that are remembered ahead of the cursor. Beyond it the gap is fetched whole, which costs only a larger answer.
const AHEAD_MAX: usize = 1024;

/// Further behind than this, a conversation is loaded afresh instead of fetching everything missed.
const CATCH_UP_MAX: Seq = 10_000;

/// How far somebody has received and read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    pub delivered: Seq,
    pub read: Seq,
}

/// The server's unread counts of a membership hold for the log up to `at`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    read: Seq,
    at: Seq,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Absent while only the conversation's existence is known.
    pub(crate) conversation: Option<Conversation>,
    /// What an event told of the conversation before it was loaded.
    early: Option<Conversation>,
    pub(crate) peer: Option<UserSummary>,
    members: BTreeMap<UserId, Member>,
    /// The members are all there; otherwise only those that changed lately are.
    members_complete: bool,
    receipts: BTreeMap<UserId, Cursors>,
    messages: BTreeMap<Seq, Known>,
    /// Every change up to here is known, or is older than what was loaded.
    pub(crate) cursor: Seq,
    /// The newest change known to exist.
    pub(crate) head: Seq,
    /// Changes after the cursor that have arrived, where an earlier one has not.
    ahead: BTreeSet<Seq>,
    /// See [`Room::patchy`].
    patchy: Seq,
    /// From here to the cursor every message is known.
    floor: Seq,
    /// Where the cursor began.
    start: Seq,
    counted: Counted,
    /// The unread count cannot be derived from what is known: ask for it.
    pub(crate) recount: bool,
    /// Too much was missed: load the conversation afresh.
    pub(crate) restart: bool,
}

impl Room {
    pub fn conversation(&self) -> Option<&Conversation> {
        self.conversation.as_ref()
    }

    /// The other person of a direct conversation.
    pub fn peer(&self) -> Option<&UserSummary> {
        self.peer.as_ref()
    }

    pub fn cursor(&self) -> Seq {
        self.cursor
    }

    pub fn head(&self) -> Seq {
        self.head
    }

    /// The members that are known, tombstones included.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user)
    }

    pub fn members_complete(&self) -> bool {
        self.members_complete
    }

    pub fn member_count(&self) -> u64 {
        if self.members_complete {
            self.members.values().filter(|member| member.state == MemberState::Joined).count() as u64
        } else {
            self.conversation.as_ref().map_or(0, |conversation| conversation.member_count)
        }
    }

    /// How far each member has received and read, in conversations small enough for receipts.
    pub fn receipts(&self) -> &BTreeMap<UserId, Cursors> {
        &self.receipts
    }

    /// The messages without a hole up to the newest, oldest first, tombstones and replies included.
    pub fn timeline(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.range(self.floor..).map(|(_, known)| &known.message)
    }

    /// The first seq of [`timeline`](Self::timeline); 1 when the whole history is loaded.
    pub fn floor(&self) -> Seq {
        self.floor
    }

    /// Where the cursor began when the conversation was loaded. While this stays, nothing has been skipped.
    pub fn start(&self) -> Seq {
        self.start
    }

    /// Every message that is known, with holes.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.values().map(|known| &known.message)
    }

    pub fn message(&self, seq: Seq) -> Option<&Message> {
        self.messages.get(&seq).map(|known| &known.message)
    }

    pub fn message_by_id(&self, id: MessageId) -> Option<&Message> {
        self.messages().find(|message| message.id == id)
    }

    /// The newest message that is known and not deleted.
    pub fn last_message(&self) -> Option<&Message> {
        self.messages().rev().find(|message| message.deleted_at.is_none())
    }

    /// Something of it is to be fetched.
    pub(crate) fn wants(&self) -> bool {
        self.conversation.is_none() || self.restart || self.recount || self.is_behind()
    }

    /// Changes are missing.
    pub fn is_behind(&self) -> bool {
        self.cursor < self.head
    }
}

impl Room {
    /// A change has arrived. Returns whether it is news: an old one tells of objects that are held, perhaps newer, or
    /// were never loaded, and then only what it says of held objects counts.
    ///
    /// What is not `complete` leaves out what concerns only this user. That is right where everything before is known,
    /// but it may hide an own change that is still missing; then it does not count as known, and is fetched.
    pub(crate) fn note(&mut self, seq: Seq, complete: bool) -> bool {
        self.head = self.head.max(seq);
        if seq <= self.cursor {
            return false;
        }
        let next = seq == self.cursor + 1;
        if !complete && (!next || seq <= self.patchy) {
            return true;
        }
        if next {
            self.advance(seq);
        } else if self.ahead.len() < AHEAD_MAX {
            self.ahead.insert(seq);
        }
        true
    }

    /// Up to here, changes may have been told in a form that skips what a later change hid.
    pub(crate) fn patchy(&mut self, head: Seq) {
        self.patchy = self.patchy.max(head);
    }

    /// Everything up to `seq` is known.
    pub(crate) fn advance(&mut self, seq: Seq) {
        self.head = self.head.max(seq);
        if seq <= self.cursor {
            return;
        }
        self.cursor = seq;
        self.ahead = self.ahead.split_off(&(seq + 1));
        while self.ahead.remove(&(self.cursor + 1)) {
            self.cursor += 1;
        }
    }

    pub(crate) fn behind(&mut self, head: Seq) {
        self.head = self.head.max(head);
        self.patchy(head);
        if self.head.saturating_sub(self.cursor) > CATCH_UP_MAX {
            self.restart = true;
        }
    }

    pub(crate) fn take_message(&mut self, message: &Message, source: Source, news: bool) -> bool {
        if self.uncounted(message) {
            self.recount = true;
        }
        match self.messages.get_mut(&message.seq) {
            Some(known) => known.merge(message, source),
            None if news => {
                self.messages.insert(message.seq, Known::new(message, source));
                true
            }
            None => false,
        }
    }

    pub(crate) fn take_reaction(&mut self, seq: Seq, change: &ReactionChange, at: Seq, me: Option<UserId>) {
        if let Some(known) = self.messages.get_mut(&seq) {
            known.reacted(change, at, me);
        }
    }

    pub(crate) fn take_member(&mut self, member: &Member, news: bool) -> bool {
        let receipt = Receipt { user_id: member.user.id, delivered: member.delivered, read: member.read };
        let moved = self.take_receipt(&receipt);
        match self.members.get_mut(&member.user.id) {
            Some(held) if member.changed > held.changed => *held = member.clone(),
            None if news => {
                self.members.insert(member.user.id, member.clone());
            }
            _ => return moved,
        }
        true
    }

    pub(crate) fn take_members(&mut self, members: &[Member]) {
        for member in members {
            self.take_member(member, true);
        }
        self.members_complete = true;
    }

    pub(crate) fn take_conversation(&mut self, conversation: &Conversation) -> bool {
        // A conversation that is not loaded stays so: only a view says where its cursor may start.
        let held = if self.conversation.is_some() { &mut self.conversation } else { &mut self.early };
        if held.as_ref().is_some_and(|held| conversation.changed <= held.changed) {
            return false;
        }
        *held = Some(conversation.clone());
        true
    }

    /// Cursors only move forward, and reading implies delivery.
    pub(crate) fn take_receipt(&mut self, receipt: &Receipt) -> bool {
        if receipt.delivered == 0 && receipt.read == 0 {
            return false;
        }
        let held = self.receipts.entry(receipt.user_id).or_default();
        let before = *held;
        held.read = held.read.max(receipt.read);
        held.delivered = held.delivered.max(receipt.delivered).max(held.read);
        *held != before
    }

    pub(crate) fn take_user(&mut self, user: &UserSummary) {
        if let Some(member) = self.members.get_mut(&user.id) {
            member.user = user.clone();
        }
        if let Some(peer) = self.peer.as_mut().filter(|peer| peer.id == user.id) {
            *peer = user.clone();
        }
    }

    /// The conversation as the server shows it to this user. `membership` is the newest known; `counts` when that is the
    /// one of the view, so that its counts hold for the view's seq.
    pub(crate) fn take_view(&mut self, view: &ConversationView, membership: &Membership, counts: bool) {
        let begins = self.conversation.is_none() || self.restart;
        if begins {
            // Objects as old as the view may have changed unseen between what brought them and the view.
            self.messages.retain(|_, known| known.message.changed > view.seq);
            self.members.retain(|_, member| member.changed > view.seq);
            self.members_complete = false;
            self.floor = view.seq + 1;
            self.start = view.seq;
            self.restart = false;
            self.advance(view.seq);
        }
        self.head = self.head.max(view.seq);
        let held = self.conversation.as_ref().map_or(0, |held| held.changed);
        if view.conversation.changed >= held {
            self.conversation = Some(view.conversation.clone());
        }
        if let Some(early) = self.early.take() {
            self.take_conversation(&early);
        }
        if view.peer.is_some() {
            self.peer = view.peer.clone();
        }
        if let Some(message) = &view.last_message {
            // Late answers may show a message as it was before changes that this client has passed.
            self.take_message(message, Source::Own, view.seq >= self.cursor);
        }
        if counts {
            self.counted = Counted { read: membership.read, at: view.seq };
            self.recount = self.messages.values().any(|known| self.uncounted(&known.message));
        } else if begins {
            self.count_from(membership);
        }
    }

    /// A page of history: the newest, or the one before `before`.
    pub(crate) fn take_page(&mut self, before: Option<Seq>, limit: usize, messages: &[Message]) {
        for message in messages {
            self.take_message(message, Source::Own, true);
        }
        if before.is_none_or(|before| before >= self.floor) {
            let first = if messages.len() < limit { 1 } else { messages.first().map_or(1, |message| message.seq) };
            self.floor = self.floor.min(first);
        }
    }
}

/// Counting what is unread.
impl Room {
    /// Unread messages and mentions: counted from the messages where all of them are known, and otherwise the server's
    /// count plus what has come since.
    pub(crate) fn unread(&self, membership: &Membership, me: UserId) -> (u64, u64) {
        let exact = self.floor <= membership.read + 1;
        let (from, mut unread, mut mentions) =
            if exact { (membership.read, 0, 0) } else { (self.counted.at, membership.unread, membership.mentions) };
        for (_, known) in self.messages.range(from.max(membership.read) + 1..) {
            unread += u64::from(counts(&known.message, me));
            mentions += u64::from(mentions_me(&known.message, me));
        }
        (unread.min(UNREAD_MAX), mentions.min(UNREAD_MAX))
    }

    /// A new membership has arrived without saying up to which seq it counts.
    pub(crate) fn count_from(&mut self, membership: &Membership) {
        self.counted.read = membership.read;
        if membership.unread == 0 && membership.mentions == 0 {
            // Nothing between `read` and wherever it counted to, so counting on from `read` is right.
            self.counted.at = membership.read;
        } else {
            self.counted.at = self.head;
            self.recount = self.floor > membership.read + 1;
        }
    }

    /// The seq that the server's counts hold for.
    pub(crate) fn counted_at(&self) -> Seq {
        self.counted.at
    }

    /// The server's count is in use, and the message changed after it in a way that may change it.
    fn uncounted(&self, message: &Message) -> bool {
        self.floor > self.counted.read + 1
            && message.seq > self.counted.read
            && message.seq <= self.counted.at
            && message.changed > self.counted.at
            && (message.deleted_at.is_some() || message.edited_at.is_some())
    }
}

/// Others' messages at the top level, not deleted.
fn counts(message: &Message, me: UserId) -> bool {
    message.sender_id != me
        && message.parent_id.is_none()
        && message.deleted_at.is_none()
        && message.kind == MessageKind::Text
}

fn mentions_me(message: &Message, me: UserId) -> bool {
    message.sender_id != me
        && message.deleted_at.is_none()
        && (message.mentions.contains(&me) || message.mentions_all.is_some())
}
