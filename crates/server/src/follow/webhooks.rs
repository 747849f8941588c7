//! The follower of outgoing webhooks: writes down what each is to be told, together with how far it has got.

use std::sync::Arc;

use async_trait::async_trait;
use laserchat_protocol::webhook::{Topic, Webhook, WebhookPayload};
use laserchat_protocol::{ConversationId, DeliveryId, Event};
use laserchat_store::{Begin, NewDelivery, StoreError};

use super::{Batch, Follower, Stretch};
use crate::app::Shared;

const NAME: &str = "webhooks";

pub struct Webhooks(pub Shared);

#[async_trait]
impl Follower for Webhooks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn begins(&self) -> Begin {
        Begin::AtHead
    }

    async fn take(&self, batch: &Batch) -> Result<bool, StoreError> {
        let app = &self.0;
        let active = app.store.active_webhooks().await?;
        let mut deliveries = Vec::new();
        for stretch in &batch.stretches {
            let told = self.told(&active, stretch.conversation).await?;
            for event in stretch.events.iter().filter(|_| !told.is_empty()) {
                self.deliver(stretch, event, &told, &mut deliveries)?;
            }
        }
        let some = !deliveries.is_empty();
        let done = app.store.add_deliveries(NAME, deliveries, batch.steps()).await?;
        if some && done {
            app.wakers.deliveries.notify_one();
        }
        Ok(done)
    }
}

impl Webhooks {
    /// The webhooks that are told of a conversation. Those of the whole server hear of public channels only: what people
    /// say in private is not the administrator's to read.
    async fn told<'a>(
        &self,
        active: &'a [Webhook],
        conversation: ConversationId,
    ) -> Result<Vec<&'a Webhook>, StoreError> {
        let mut told: Vec<&Webhook> =
            active.iter().filter(|webhook| webhook.conversation_id == Some(conversation)).collect();
        let server: Vec<&Webhook> = active.iter().filter(|webhook| webhook.conversation_id.is_none()).collect();
        if !server.is_empty()
            && let Some(room) = self.0.store.room(conversation, &[]).await?
            && room.conversation.public
        {
            told.extend(server);
        }
        Ok(told)
    }

    fn deliver(
        &self,
        stretch: &Stretch,
        event: &Arc<Event>,
        told: &[&Webhook],
        deliveries: &mut Vec<NewDelivery>,
    ) -> Result<(), StoreError> {
        let event = as_sent(stretch, event);
        let (Some(topic), Some((conversation, seq))) = (Topic::of(&event), event.position()) else { return Ok(()) };
        let wanting = told.iter().filter(|webhook| webhook.events.contains(&topic) && !before(&event, webhook));
        let wanting: Vec<_> = wanting.collect();
        if wanting.is_empty() {
            return Ok(());
        }
        let message_seq = match &*event {
            Event::MessageSent(e) | Event::MessageUpdated(e) => Some(e.message.seq),
            _ => None,
        };
        let now = self.0.ids.now();
        let payload = WebhookPayload { topic, timestamp: now, data: Event::clone(&event) };
        let body = serde_json::to_string(&payload).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        for webhook in wanting {
            deliveries.push(NewDelivery {
                id: DeliveryId(self.0.ids.next()),
                webhook: webhook.id,
                conversation,
                seq,
                message_seq,
                topic,
                body: body.clone(),
                created_at: now,
            });
        }
        Ok(())
    }
}

/// Whether something happened before a webhook was made, which the follower comes to see only now. Of an edit or of a new role
/// one cannot tell; the webhook is told of these, which does no harm: they carry the present state.
fn before(event: &Event, webhook: &Webhook) -> bool {
    match event {
        // Ids rise, so they tell even what happened in the same millisecond.
        Event::MessageSent(e) => e.message.id.0 < webhook.id.0,
        Event::MessageDeleted(e) => e.message.deleted_at.is_some_and(|at| at < webhook.created_at),
        Event::ConversationCreated(e) => e.conversation.created_at < webhook.created_at,
        Event::MemberAdded(e) => e.member.joined_at < webhook.created_at,
        _ => false,
    }
}

/// A message that is new to the follower was sent, even if it has changed since.
fn as_sent(stretch: &Stretch, event: &Arc<Event>) -> Arc<Event> {
    match &**event {
        Event::MessageUpdated(e) if e.message.seq > stretch.after => Arc::new(Event::MessageSent(e.clone())),
        _ => Arc::clone(event),
    }
}
