//! Apply: writes the changes of one append, and tells of each.

use laserchat_core::MemberRow;
use laserchat_core::change::{Change, MemberChange};
use laserchat_protocol::event::{ConversationChanged, MemberChanged, MessageChanged};
use laserchat_protocol::message::Broadcast;
use laserchat_protocol::reaction::ReactionChange;
use laserchat_protocol::{Conversation, ConversationId, Event, MemberState, Message, Poll, Seq, Timestamp, UserId};

use super::codes::{Code, enumerated, int, to_json};
use super::messages::{self, Found};
use super::writing::Writing;
use super::{conversations, members, polls, post, search, users, uses, webhooks};
use crate::contract::{Appended, Changed};
use crate::sql::{OptionalRow, params};
use crate::{Result, StoreError};

/// An append on its way into the database.
pub(super) struct Applying<'a, 'c> {
    w: &'a mut Writing<'c>,
    id: ConversationId,
    pub done: Appended,
    /// Users whose membership changed, each once.
    pub touched: Vec<UserId>,
    /// The member count may have changed, or an event that carries it was made.
    pub counted: bool,
}

impl<'a, 'c> Applying<'a, 'c> {
    pub fn new(w: &'a mut Writing<'c>, id: ConversationId) -> Self {
        Applying { w, id, done: Appended::default(), touched: Vec::new(), counted: false }
    }

    /// Writes one change. Returns false, having written nothing, when it is a message that was sent before.
    pub fn apply(&mut self, seq: Seq, change: &Change) -> Result<bool> {
        match change {
            Change::ConversationCreated { conversation, pair, key } => {
                conversations::insert(self.w, self.id, seq, conversation, *pair, key.as_deref())?;
                self.conversation(seq, Event::ConversationCreated, conversation.clone());
            }
            Change::ConversationUpdated(conversation) => {
                conversations::update(self.w, self.id, seq, conversation)?;
                self.conversation(seq, Event::ConversationUpdated, conversation.clone());
            }
            Change::ConversationDeleted(at) => {
                let (last, left) = conversations::delete(self.w, self.id, seq, *at)?;
                for user in left {
                    self.touch(user);
                }
                self.conversation(seq, Event::ConversationDeleted, last);
            }
            Change::Member { member, how } => self.member(seq, member, *how)?,
            Change::MessagePosted(message) => return self.post(seq, message),
            Change::MessageEdited { at, body, mentions, mentions_all, edited_at } => {
                self.edit(seq, at.seq, body, mentions, *mentions_all, *edited_at)?
            }
            Change::MessageErased { at, deleted_at, .. } => self.erase(seq, at.seq, *deleted_at)?,
            Change::Reacted { at, user, emoji, added, now } => self.react(seq, at.seq, *user, emoji, *added, *now)?,
            Change::Voted { at, user, options, now } => self.vote(seq, at.seq, *user, options, *now)?,
            Change::PollClosed { at, closed_at } => self.close_poll(seq, at.seq, *closed_at)?,
            Change::Pinned { at, pin } => {
                self.w
                    .prepare(
                        "UPDATE messages SET changed = ?3, pinned_by = ?4, pinned_at = ?5
                         WHERE conversation_id = ?1 AND seq = ?2",
                    )?
                    .execute(params![
                        int(self.id.0),
                        int(at.seq),
                        int(seq),
                        pin.map(|(by, _)| int(by.0)),
                        pin.map(|(_, at)| at.0)
                    ])?;
                self.message(seq, at.seq)?;
            }
            Change::Previewed { at, previews, refused } => {
                let kept = if *refused { Some("[]".to_owned()) } else { some_json(previews)? };
                self.w
                    .prepare("UPDATE messages SET changed = ?3, previews = ?4 WHERE conversation_id = ?1 AND seq = ?2")?
                    .execute(params![int(self.id.0), int(at.seq), int(seq), kept])?;
                self.message(seq, at.seq)?;
            }
            Change::Replied { parent_seq, by, .. } => self.reply(seq, *parent_seq, *by)?,
        }
        Ok(true)
    }

    fn push(&mut self, event: Event) {
        self.done.changed.push(Changed { event, own: None });
    }

    fn conversation(&mut self, seq: Seq, event: fn(ConversationChanged) -> Event, mut conversation: Conversation) {
        conversation.changed = seq;
        self.counted = true;
        self.push(event(ConversationChanged { conversation_id: self.id, seq, conversation }));
    }

    fn touch(&mut self, user: UserId) {
        if !self.touched.contains(&user) {
            self.touched.push(user);
        }
    }

    fn member(&mut self, seq: Seq, member: &MemberRow, how: MemberChange) -> Result<()> {
        let place = params![int(self.id.0), int(member.user.0)];
        let before: Option<MemberState> = self
            .w
            .prepare("SELECT state FROM members WHERE conversation_id = ?1 AND user_id = ?2")?
            .query_row(place, |row| enumerated(row, 0))
            .optional()?;
        let version = users::next_version(self.w.conn, member.user)?;
        let joined_before = before == Some(MemberState::Joined);
        let joins = member.joined() && !joined_before;
        // Who joins has read everything before: nothing of it counts as unread.
        self.w
            .prepare(
                "INSERT INTO members (conversation_id, user_id, role, state, joined_at, muted_until, changed,
                   joined_seq, delivered, read, version)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?8, ?9)
                 ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = ?3, state = ?4, joined_at = ?5,
                   muted_until = ?6, changed = ?7, version = ?9, 
                   joined_seq = CASE WHEN ?8 > 0 THEN ?8 ELSE members.joined_seq END,
                   delivered = max(members.delivered, ?8), read = max(members.read, ?8)",
            )?
            .execute(params![
                int(self.id.0),
                int(member.user.0),
                member.role.code(),
                member.state.code(),
                member.joined_at.0,
                member.muted_until.map(|until| until.0),
                int(seq),
                if joins { int(seq) } else { 0 },
                int(version),
            ])?;
        if member.joined() != joined_before {
            let by = if joins { 1 } else { -1 };
            self.w
                .prepare("UPDATE conversations SET member_count = member_count + ?2 WHERE id = ?1")?
                .execute(params![int(self.id.0), by])?;
            self.counted = true;
        }
        self.touch(member.user);
        let count = conversations::member_count(self.w.conn, self.id)?.unwrap_or_default();
        let shown = members::one(self.w.conn, self.id, member.user, members::has_receipts(count))?
            .ok_or_else(|| StoreError::Corrupt(format!("user {} does not exist", member.user)))?;
        let changed = MemberChanged { conversation_id: self.id, seq, member: shown };
        self.push(match how {
            MemberChange::Added => Event::MemberAdded(changed),
            MemberChange::Updated => Event::MemberUpdated(changed),
            MemberChange::Removed => Event::MemberRemoved(changed),
        });
        Ok(())
    }

    fn post(&mut self, seq: Seq, message: &Message) -> Result<bool> {
        if !post::insert(self.w, self.id, seq, message)? {
            return Ok(false);
        }
        if !message.mentions.is_empty() || message.mentions_all.is_some() {
            self.mention(seq, message.sender_id, &message.mentions, message.mentions_all)?;
        }
        for file in &message.attachments {
            uses::hold(self.w, file.id, uses::message(self.id, seq))?;
        }
        let message = Message { conversation_id: self.id, seq, changed: seq, following: false, ..message.clone() };
        self.push(Event::MessageSent(MessageChanged { conversation_id: self.id, seq, message, reaction: None }));
        Ok(true)
    }

    fn mention(&self, seq: Seq, sender: UserId, users: &[UserId], all: Option<Broadcast>) -> Result<()> {
        let mut statement = self.w.prepare(
            "INSERT INTO mentions (user_id, conversation_id, seq, sender_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?;
        for user in users.iter().copied().chain(all.map(|_| UserId(0))) {
            statement.execute(params![int(user.0), int(self.id.0), int(seq), int(sender.0)])?;
        }
        Ok(())
    }

    /// Mentions that stay are the old ones; those that an edit adds have its seq.
    fn remention(&self, seq: Seq, at: Seq, sender: UserId, users: &[UserId], all: Option<Broadcast>) -> Result<()> {
        let users: Vec<i64> = users.iter().copied().chain(all.map(|_| UserId(0))).map(|user| int(user.0)).collect();
        self.w
            .prepare(
                "DELETE FROM mentions WHERE conversation_id = ?1 AND seq = ?2
                   AND user_id NOT IN (SELECT value FROM json_each(?3))",
            )?
            .execute(params![int(self.id.0), int(at), to_json(&users)?])?;
        let mut statement = self.w.prepare(
            "INSERT INTO mentions (user_id, conversation_id, seq, sender_id, added) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )?;
        for user in users {
            statement.execute(params![user, int(self.id.0), int(at), int(sender.0), int(seq)])?;
        }
        Ok(())
    }

    fn unmention(&self, seq: Seq) -> Result<()> {
        self.w
            .prepare("DELETE FROM mentions WHERE conversation_id = ?1 AND seq = ?2")?
            .execute(params![int(self.id.0), int(seq)])?;
        Ok(())
    }

    fn existing(&self, seq: Seq) -> Result<Found> {
        messages::at(self.w.conn, self.id, seq)?
            .ok_or_else(|| StoreError::Corrupt(format!("there is no message at {seq} of {}", self.id)))
    }

    /// Tells of the message at `at` as it now is.
    fn message(&mut self, seq: Seq, at: Seq) -> Result<()> {
        let found = self.existing(at)?;
        self.push(changed(self.id, seq, found.message, None));
        Ok(())
    }

    fn edit(
        &mut self,
        seq: Seq,
        at: Seq,
        body: &str,
        users: &[UserId],
        all: Option<Broadcast>,
        edited_at: Timestamp,
    ) -> Result<()> {
        let before = self.existing(at)?.message;
        search::entry::forget(self.w, &before)?;
        let mentions = (!users.is_empty()).then(|| to_json(users)).transpose()?;
        self.w
            .prepare(
                "UPDATE messages SET changed = ?3, body = ?4, mentions = ?5, mentions_all = ?6, edited_at = ?7
                 WHERE conversation_id = ?1 AND seq = ?2",
            )?
            .execute(params![int(self.id.0), int(at), int(seq), body, mentions, all.map(Code::code), edited_at.0])?;
        if before.mentions != users || before.mentions_all != all {
            self.remention(seq, at, before.sender_id, users, all)?;
        }
        self.message(seq, at)
    }

    fn erase(&mut self, seq: Seq, at: Seq, deleted_at: Timestamp) -> Result<()> {
        let place = params![int(self.id.0), int(at)];
        search::entry::forget_at(self.w, self.id, at)?;
        self.w.erased.push((self.id, at));
        self.unmention(at)?;
        webhooks::forget_message(self.w, self.id, at)?;
        self.w.prepare("DELETE FROM reactions WHERE conversation_id = ?1 AND seq = ?2")?.execute(place)?;
        if self.existing(at)?.message.poll.is_some() {
            self.w.prepare("DELETE FROM votes WHERE conversation_id = ?1 AND seq = ?2")?.execute(place)?;
        }
        self.w
            .prepare(
                "UPDATE messages SET changed = ?3, deleted_at = ?4, body = '', reactions = NULL, mentions = NULL,
                   mentions_all = NULL, pinned_at = NULL, pinned_by = NULL, forwarded = NULL, attachments = NULL,
                   previews = NULL, shown_as = NULL, poll = NULL, poll_closes_at = NULL
                 WHERE conversation_id = ?1 AND seq = ?2",
            )?
            .execute(params![int(self.id.0), int(at), int(seq), deleted_at.0])?;
        uses::release(self.w, uses::message(self.id, at), deleted_at)?;
        uses::release(self.w, uses::preview(self.id, at), deleted_at)?;
        self.message(seq, at)
    }

    fn react(&mut self, seq: Seq, at: Seq, user: UserId, emoji: &str, added: bool, now: Timestamp) -> Result<()> {
        let place = params![int(self.id.0), int(at), int(user.0), emoji];
        let done = if added {
            self.w
                .prepare(
                    "INSERT INTO reactions (conversation_id, seq, user_id, emoji, at)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![int(self.id.0), int(at), int(user.0), emoji, now.0])?
        } else {
            self.w
                .prepare(
                    "DELETE FROM reactions WHERE conversation_id = ?1 AND seq = ?2 AND user_id = ?3 AND emoji = ?4",
                )?
                .execute(place)?
        };
        let mut counted: Vec<(String, u64)> =
            self.existing(at)?.message.reactions.into_iter().map(|r| (r.emoji, r.count)).collect();
        match counted.iter_mut().find(|(known, _)| known == emoji) {
            _ if done == 0 => {}
            Some((_, count)) if added => *count += 1,
            Some((_, count)) => *count = count.saturating_sub(1),
            None => counted.push((emoji.to_owned(), 1)),
        }
        counted.retain(|(_, count)| *count > 0);
        let reactions = (!counted.is_empty()).then(|| to_json(&counted)).transpose()?;
        self.w
            .prepare("UPDATE messages SET changed = ?3, reactions = ?4 WHERE conversation_id = ?1 AND seq = ?2")?
            .execute(params![int(self.id.0), int(at), int(seq), reactions])?;
        let mut found = self.existing(at)?;
        let reaction = ReactionChange { user_id: user, emoji: emoji.to_owned(), added };
        let shared = changed(self.id, seq, found.message.clone(), Some(reaction.clone()));
        messages::see(self.w.conn, user, std::slice::from_mut(&mut found))?;
        let own = changed(self.id, seq, found.message, Some(reaction));
        self.done.changed.push(Changed { event: shared, own: Some((user, own)) });
        Ok(())
    }

    /// The poll of the message at `at`, which decisions have seen to be one.
    fn poll(&self, at: Seq) -> Result<Poll> {
        let poll = self.existing(at)?.message.poll;
        poll.ok_or_else(|| StoreError::Corrupt(format!("the message at {at} of {} is no poll", self.id)))
    }

    fn set_poll(&self, seq: Seq, at: Seq, poll: &Poll) -> Result<()> {
        let closes_at = poll.closes_at.filter(|_| poll.closed_at.is_none());
        self.w
            .prepare(
                "UPDATE messages SET changed = ?3, poll = ?4, poll_closes_at = ?5
                 WHERE conversation_id = ?1 AND seq = ?2",
            )?
            .execute(params![int(self.id.0), int(at), int(seq), to_json(poll)?, closes_at.map(|at| at.0)])?;
        Ok(())
    }

    fn vote(&mut self, seq: Seq, at: Seq, user: UserId, options: &[u32], now: Timestamp) -> Result<()> {
        let mut poll = self.poll(at)?;
        let before = polls::votes(self.w.conn, user, self.id, at)?;
        polls::set_votes(self.w, user, (self.id, at), (&before, options), now)?;
        laserchat_core::poll::recount(&mut poll, &before, options);
        self.set_poll(seq, at, &poll)?;
        let mut found = self.existing(at)?;
        let shared = changed(self.id, seq, found.message.clone(), None);
        messages::see(self.w.conn, user, std::slice::from_mut(&mut found))?;
        let own = changed(self.id, seq, found.message, None);
        self.done.changed.push(Changed { event: shared, own: Some((user, own)) });
        Ok(())
    }

    fn close_poll(&mut self, seq: Seq, at: Seq, closed_at: Timestamp) -> Result<()> {
        let poll = Poll { closed_at: Some(closed_at), ..self.poll(at)? };
        self.set_poll(seq, at, &poll)?;
        self.message(seq, at)
    }

    fn reply(&mut self, seq: Seq, parent: Seq, by: Option<(UserId, Timestamp)>) -> Result<()> {
        let place = (int(self.id.0), int(parent), int(seq));
        match by {
            Some((user, at)) => {
                self.w
                    .prepare(
                        "UPDATE messages SET changed = ?3, reply_count = reply_count + 1, followed = 1,
                           last_reply_at = max(coalesce(last_reply_at, 0), ?4)
                         WHERE conversation_id = ?1 AND seq = ?2",
                    )?
                    .execute(params![place.0, place.1, place.2, at.0])?;
                let author = self.existing(parent)?.message.sender_id;
                // A reply is a choice to follow; being replied to does not undo a choice not to.
                let sql = "INSERT INTO thread_follows (user_id, conversation_id, seq, following) VALUES (?1, ?2, ?3, 1)
                           ON CONFLICT (user_id, conversation_id, seq) DO UPDATE SET following = max(thread_follows.following, ?4)";
                let mut statement = self.w.prepare(sql)?;
                for (user, chosen) in [(author, false), (user, true)] {
                    statement.execute(params![int(user.0), place.0, place.1, chosen])?;
                }
            }
            None => {
                self.w
                    .prepare(
                        "UPDATE messages AS parent SET changed = ?3, reply_count = max(reply_count - 1, 0),
                           last_reply_at = (SELECT reply.created_at FROM messages reply
                             WHERE reply.parent_id = parent.id AND reply.deleted_at IS NULL ORDER BY reply.seq DESC LIMIT 1)
                         WHERE conversation_id = ?1 AND seq = ?2",
                    )?
                    .execute(params![place.0, place.1, place.2])?;
            }
        }
        self.message(seq, parent)
    }
}

/// A list as JSON, or nothing when it is empty.
pub(super) fn some_json<T: serde::Serialize>(list: &[T]) -> Result<Option<String>> {
    (!list.is_empty()).then(|| to_json(list)).transpose()
}

/// The event that tells of an existing message in its present state.
pub(super) fn changed(
    conversation_id: ConversationId,
    seq: Seq,
    message: Message,
    reaction: Option<ReactionChange>,
) -> Event {
    let deleted = message.deleted_at.is_some();
    let told = MessageChanged { conversation_id, seq, message, reaction };
    if deleted { Event::MessageDeleted(told) } else { Event::MessageUpdated(told) }
}
