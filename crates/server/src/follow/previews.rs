//! The follower of link previews: writes down which messages have links to be looked at. Looking is work of its own, in
//! `work/preview.rs`, so that a slow page holds up nobody.

use async_trait::async_trait;
use laserchat_core::preview::{links, shows};
use laserchat_protocol::{Event, Message};
use laserchat_store::{Begin, PreviewJob, StoreError};

use super::{Batch, Follower, Stretch};
use crate::app::Shared;

const NAME: &str = "previews";

pub struct Previews(pub Shared);

#[async_trait]
impl Follower for Previews {
    fn name(&self) -> &'static str {
        NAME
    }

    /// What was said before the server could do this is not looked at.
    fn begins(&self) -> Begin {
        Begin::AtHead
    }

    async fn take(&self, batch: &Batch) -> Result<bool, StoreError> {
        let app = &self.0;
        let mut jobs = Vec::new();
        for stretch in batch.stretches.iter().filter(|_| app.config.previews.enabled) {
            let messages = stretch.events.iter().filter_map(|event| match &**event {
                Event::MessageSent(e) | Event::MessageUpdated(e) => Some(&e.message),
                _ => None,
            });
            jobs.extend(messages.filter(|message| asks(stretch, message)).map(|message| PreviewJob {
                conversation: message.conversation_id,
                seq: message.seq,
                message: message.id,
                changed: message.changed,
            }));
        }
        let some = !jobs.is_empty();
        let done = app.store.add_preview_jobs(NAME, jobs, batch.steps(), app.ids.now()).await?;
        if some && done {
            app.wakers.previews.notify_one();
        }
        Ok(done)
    }
}

/// Whether a message has links that it had not before, or shows some that it has no more. Only an edit can bring that about, so
/// that a reaction to a message costs nothing here.
fn asks(stretch: &Stretch, message: &Message) -> bool {
    if !shows(message) {
        return false;
    }
    let may = message.seq > stretch.after || message.edited_at.is_some();
    may && !links(&message.body).iter().eq(message.previews.iter().map(|preview| &preview.url))
}
