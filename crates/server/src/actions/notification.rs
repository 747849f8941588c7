//! What one wants to be told of, and what one was told of.

use laserchat_core::notification::check_settings;
use laserchat_protocol::notification::{ActivityItem, NotificationSettings, NotificationUpdate};
use laserchat_protocol::{MessageId, Page, Problem};

use super::failed;
use crate::app::App;
use crate::auth::Identity;

pub async fn settings(app: &App, who: &Identity) -> Result<NotificationSettings, Problem> {
    app.store.notification_settings(who.user).await.map_err(failed)
}

pub async fn update(app: &App, who: &Identity, update: NotificationUpdate) -> Result<NotificationSettings, Problem> {
    let update = check_settings(who.user, update)?;
    let (settings, event) = app.store.update_notifications(who.user, update).await.map_err(failed)?;
    app.hub.send_to_user(who.user, &event);
    Ok(settings)
}

/// `before`: zero begins with the newest.
pub async fn activity(app: &App, who: &Identity, before: u64, limit: usize) -> Result<Page<ActivityItem>, Problem> {
    let before = (before > 0).then_some(MessageId(before));
    app.store.activity(who.user, before, limit).await.map_err(failed)
}
