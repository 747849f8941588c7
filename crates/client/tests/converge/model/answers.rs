//! What the model answers, and what it tells a new connection.

use std::collections::BTreeMap;

use laserchat_client::protocol::conversation::ConversationView;
use laserchat_client::protocol::event::*;
use laserchat_client::protocol::user::{Account, Privacy, User};
use laserchat_client::protocol::*;

use super::{Log, ME, Server, event_of};

/// A page of `changes`, small so that several pages are common.
const PAGE: usize = 4;

/// More than this is not replayed over a new connection.
const REPLAY: usize = 6;

impl Server {
    pub fn joined(&self, id: ConversationId) -> Option<&Log> {
        self.logs.get(&id).filter(|log| log.membership.state == MemberState::Joined)
    }

    pub fn is_in(&self, event: &Event) -> bool {
        event.position().is_none_or(|(id, _)| self.joined(id).is_some())
    }

    pub fn messages(&self, id: ConversationId) -> BTreeMap<Seq, Message> {
        self.logs[&id].posts.iter().map(|(seq, post)| (*seq, post.seen(true))).collect()
    }

    pub fn membership(&self, id: ConversationId) -> Membership {
        let log = &self.logs[&id];
        let after = || {
            let unread = log.posts.range(log.membership.read + 1..).map(|(_, post)| &post.message);
            unread.filter(|message| message.sender_id != ME && message.deleted_at.is_none())
        };
        let unread = after().filter(|message| message.parent_id.is_none()).count() as u64;
        let mentions = after().filter(|message| message.mentions.contains(&ME)).count() as u64;
        Membership { unread, mentions, ..log.membership.clone() }
    }

    pub fn view(&self, id: ConversationId) -> Option<ConversationView> {
        let log = self.joined(id)?;
        let last_message = self.messages(id).into_values().rev().find(|message| message.deleted_at.is_none());
        Some(ConversationView {
            conversation: log.conversation.clone(),
            seq: log.head,
            membership: Some(self.membership(id)),
            last_message,
            peer: None,
        })
    }

    pub fn changes(&self, id: ConversationId, after: Seq) -> Option<Changes> {
        self.all_changes(id, after).map(|mut items| {
            let more = items.len() > PAGE;
            items.truncate(PAGE);
            let next = items.last().filter(|_| more).and_then(|event| event.position()).map(|(_, seq)| seq);
            Changes { items, next, head: self.logs[&id].head, receipts: Vec::new() }
        })
    }

    fn all_changes(&self, id: ConversationId, after: Seq) -> Option<Vec<Event>> {
        let log = self.joined(id)?;
        let mut items: Vec<Event> = Vec::new();
        for message in self.messages(id).into_values().filter(|message| message.changed > after) {
            let seq = message.changed;
            items.push(event_of(MessageChanged { conversation_id: id, seq, message, reaction: None }));
        }
        for member in log.members.values().filter(|member| member.changed > after) {
            let told = MemberChanged { conversation_id: id, seq: member.changed, member: member.clone() };
            items.push(if member.state == MemberState::Joined {
                Event::MemberUpdated(told)
            } else {
                Event::MemberRemoved(told)
            });
        }
        if log.conversation.changed > after {
            let conversation = log.conversation.clone();
            let seq = conversation.changed;
            items.push(Event::ConversationUpdated(ConversationChanged { conversation_id: id, seq, conversation }));
        }
        items.sort_by_key(|event| event.position());
        Some(items)
    }

    pub fn own_changes(&self, after: Version) -> OwnChanges {
        let mut items: Vec<Event> = Vec::new();
        for id in self.logs.keys() {
            let membership = self.membership(*id);
            items.push(Event::MembershipUpdated(MembershipChanged { version: membership.version, membership }));
        }
        let contact = self.contact.clone();
        items.push(Event::ContactUpdated(ContactChanged { version: contact.version, contact }));
        items.retain(|event| event.version().is_some_and(|version| version > after));
        items.sort_by_key(Event::version);
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = items.last().filter(|_| more).and_then(Event::version);
        OwnChanges { items, next, head: self.version }
    }

    pub fn account(&self) -> Account {
        let user = User {
            id: ME,
            username: "u1".into(),
            display_name: String::new(),
            about: String::new(),
            avatar: None,
            time_zone: None,
            status: None,
            bot: false,
            bot_owner_id: None,
            server_role: Default::default(),
            created_at: Timestamp(0),
            disabled: false,
            deleted: false,
        };
        Account {
            user,
            email: None,
            email_confirmed: false,
            email_waiting: None,
            language: None,
            privacy: Privacy::default(),
            version: self.version,
        }
    }

    pub fn history(&self, id: ConversationId, before: Option<Seq>, limit: usize) -> Vec<Message> {
        let mut page: Vec<Message> =
            self.messages(id).into_values().rev().filter(|m| before.is_none_or(|b| m.seq < b)).take(limit).collect();
        page.reverse();
        page
    }

    /// Everything that a new connection is told: `ready`, what was missed, `synced`.
    pub fn welcome(
        &self,
        cursors: Option<BTreeMap<ConversationId, Seq>>,
        version: Option<Version>,
        epoch: Option<String>,
    ) -> Vec<Event> {
        let heads: BTreeMap<ConversationId, Seq> =
            self.logs.keys().filter_map(|id| self.joined(*id).map(|log| (*id, log.head))).collect();
        let same = epoch == Some(self.epoch.to_string());
        let cursors = cursors.filter(|_| same).unwrap_or_default();
        let reset = |(id, cursor): &(&ConversationId, &Seq)| heads.get(id).is_none_or(|head| cursor > &head);
        let ready = Ready {
            connection_id: "c".into(),
            user_id: ME,
            session_id: SessionId(1),
            epoch: self.epoch.to_string(),
            version: self.version,
            reset: cursors.iter().filter(reset).map(|(id, _)| *id).collect(),
            heads,
            emoji_version: 0,
            heartbeat_seconds: 30,
        };
        let mut events = vec![Event::Ready(Box::new(ready))];
        for (id, cursor) in cursors {
            let Some(missed) = self.all_changes(id, cursor) else { continue };
            if missed.len() > REPLAY {
                events.push(Event::ConversationBehind { conversation_id: id, head: self.logs[&id].head });
            } else {
                events.extend(missed);
            }
        }
        if let Some(mut after) = version.filter(|_| same) {
            loop {
                let page = self.own_changes(after);
                events.extend(page.items);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
        }
        events.push(Event::Synced {});
        events
    }
}
