//! What the user keeps for oneself: drafts, scheduled messages, reminders and saved messages. Of two states of one the newer
//! version counts. What is gone is remembered, so that older news of it is told as old.

use std::collections::BTreeMap;

use laserchat_protocol::reminder::ReminderState;
use laserchat_protocol::scheduled::ScheduledState;
use laserchat_protocol::{
    ConversationId, Draft, Event, MessageId, Reminder, ReminderId, Saved, Scheduled, ScheduledId,
};
use serde::{Deserialize, Serialize};

use super::State;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Personal {
    /// The draft of the conversation itself and those of its threads.
    drafts: BTreeMap<ConversationId, Vec<Draft>>,
    scheduled: BTreeMap<ScheduledId, Scheduled>,
    reminders: BTreeMap<ReminderId, Reminder>,
    saved: BTreeMap<MessageId, Saved>,
}

impl Personal {
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::DraftUpdated(e) => {
                let drafts = self.drafts.entry(e.draft.conversation_id).or_default();
                match drafts.iter_mut().find(|draft| draft.parent_id == e.draft.parent_id) {
                    Some(held) if held.version >= e.draft.version => {}
                    Some(held) => *held = e.draft.clone(),
                    None => drafts.push(e.draft.clone()),
                }
            }
            Event::ScheduledUpdated(e) => {
                newer(&mut self.scheduled, e.scheduled.id, &e.scheduled, |scheduled| scheduled.version)
            }
            Event::ReminderUpdated(e) | Event::ReminderDue(e) => {
                newer(&mut self.reminders, e.reminder.id, &e.reminder, |reminder| reminder.version)
            }
            Event::SavedUpdated(e) => newer(&mut self.saved, e.saved.message_id, &e.saved, |saved| saved.version),
            _ => {}
        }
    }
}

fn newer<K: Ord, V: Clone>(held: &mut BTreeMap<K, V>, key: K, value: &V, version: fn(&V) -> u64) {
    if held.get(&key).is_none_or(|held| version(value) > version(held)) {
        held.insert(key, value.clone());
    }
}

impl State {
    /// What was begun in a conversation, or in a thread of it.
    pub fn draft(&self, id: ConversationId, parent: Option<MessageId>) -> Option<&Draft> {
        let drafts = self.personal.drafts.get(&id)?;
        drafts.iter().find(|draft| draft.parent_id == parent && !draft.is_gone())
    }

    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.personal.drafts.values().flatten().filter(|draft| !draft.is_gone())
    }

    /// Messages that wait to be sent, and those that were refused.
    pub fn scheduled(&self) -> impl Iterator<Item = &Scheduled> {
        let there =
            |scheduled: &&Scheduled| matches!(scheduled.state, ScheduledState::Waiting | ScheduledState::Refused);
        self.personal.scheduled.values().filter(there)
    }

    /// Reminders that wait, and those that are due.
    pub fn reminders(&self) -> impl Iterator<Item = &Reminder> {
        self.personal.reminders.values().filter(|reminder| reminder.state != ReminderState::Done)
    }

    pub fn saved(&self) -> impl Iterator<Item = &Saved> {
        self.personal.saved.values().filter(|saved| saved.saved_at.is_some())
    }

    pub fn is_saved(&self, id: MessageId) -> bool {
        self.personal.saved.get(&id).is_some_and(|saved| saved.saved_at.is_some())
    }
}
