//! What one keeps for oneself: drafts, scheduled messages, reminders and saved messages.

use laserchat_protocol::draft::DraftSave;
use laserchat_protocol::reminder::ReminderSave;
use laserchat_protocol::saved::SavedMessage;
use laserchat_protocol::scheduled::ScheduledSave;
use laserchat_protocol::{
    ConversationId, Draft, MessageId, Reminder, ReminderId, Saved, Scheduled, ScheduledId, Version,
};
use reqwest::Method;

use super::{Api, NOTHING, Result, query};

impl Api {
    pub async fn drafts(&self) -> Result<Vec<Draft>> {
        self.all("/me/drafts").await
    }

    /// Saves a draft. `conflict`: another device has written since; its draft comes as an event.
    pub async fn save_draft(&self, id: ConversationId, draft: &DraftSave) -> Result<Draft> {
        self.put(&format!("/conversations/{id}/draft"), draft).await
    }

    /// Throws a draft away, unless it is newer than `based_on`.
    pub async fn clear_draft(
        &self,
        id: ConversationId,
        parent: Option<MessageId>,
        based_on: Option<Version>,
    ) -> Result<Draft> {
        let query = query(&[
            ("parent_id", parent.map(|parent| parent.to_string())),
            ("based_on", based_on.map(|version| version.to_string())),
        ]);
        self.delete(&format!("/conversations/{id}/draft{query}")).await
    }

    pub async fn scheduled(&self) -> Result<Vec<Scheduled>> {
        self.all("/me/scheduled").await
    }

    pub async fn schedule(&self, message: &ScheduledSave) -> Result<Scheduled> {
        self.post("/me/scheduled", message).await
    }

    pub async fn reschedule(&self, id: ScheduledId, message: &ScheduledSave) -> Result<Scheduled> {
        self.put(&format!("/me/scheduled/{id}"), message).await
    }

    pub async fn unschedule(&self, id: ScheduledId) -> Result<()> {
        self.act(Method::DELETE, &format!("/me/scheduled/{id}")).await
    }

    pub async fn reminders(&self) -> Result<Vec<Reminder>> {
        self.all("/me/reminders").await
    }

    pub async fn remind(&self, reminder: &ReminderSave) -> Result<Reminder> {
        self.post("/me/reminders", reminder).await
    }

    /// Changes a reminder, or puts it off.
    pub async fn update_reminder(&self, id: ReminderId, reminder: &ReminderSave) -> Result<Reminder> {
        self.put(&format!("/me/reminders/{id}"), reminder).await
    }

    /// Is done with a reminder.
    pub async fn delete_reminder(&self, id: ReminderId) -> Result<()> {
        self.act(Method::DELETE, &format!("/me/reminders/{id}")).await
    }

    pub async fn saved(&self) -> Result<Vec<SavedMessage>> {
        self.all("/me/saved").await
    }

    pub async fn save_message(&self, id: MessageId) -> Result<Saved> {
        self.put(&format!("/me/saved/{id}"), &NOTHING).await
    }

    pub async fn unsave_message(&self, id: MessageId) -> Result<()> {
        self.act(Method::DELETE, &format!("/me/saved/{id}")).await
    }
}
