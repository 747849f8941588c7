//! Custom emoji: adding and removing them, and telling everybody that the list has changed.

use laserchat_core::emoji as rules;
use laserchat_core::text::check_emoji;
use laserchat_protocol::emoji::{CustomEmoji, EmojiSet};
use laserchat_protocol::limits::CUSTOM_EMOJI;
use laserchat_protocol::{Code, Problem, Version};

use super::{failed, file, refuse};
use crate::app::App;
use crate::auth::Identity;
use crate::bus::Notice;
use crate::lease;

/// Refuses unless the user may change the emoji of this name. Returns what there is of that name.
async fn permitted(app: &App, who: &Identity, name: &str) -> Result<Option<CustomEmoji>, Problem> {
    rules::check_name(name)?;
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Forbidden)?;
    let from = app.store.settings().await.map_err(failed)?.custom_emoji.unwrap_or_default();
    let existing = app.store.emoji_named(name).await.map_err(failed)?;
    rules::may_change(who.user, user.server_role, from, existing.as_ref())?;
    Ok(existing)
}

/// Adds one, or gives one another picture.
pub async fn set(app: &App, who: &Identity, name: String, set: EmojiSet) -> Result<CustomEmoji, Problem> {
    let place = app.naming.place(name.clone());
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("emoji {name}")).await.map_err(failed)?;
    if let Some(same) = permitted(app, who, &name).await?.filter(|emoji| emoji.file_id == set.file_id) {
        return Ok(same);
    }
    let picture = file::emoji(app, who.user, set.file_id).await?;
    let emoji = CustomEmoji {
        name,
        file_id: set.file_id,
        animated: picture.animated,
        created_by: who.user,
        created_at: app.ids.now(),
    };
    match app.store.set_emoji(emoji.clone(), CUSTOM_EMOJI).await.map_err(failed)? {
        Some(version) => tell(app, version),
        None => return Err(Problem::new(Code::LimitReached).detail(format!("at most {CUSTOM_EMOJI}"))),
    }
    Ok(emoji)
}

pub async fn remove(app: &App, who: &Identity, name: String) -> Result<(), Problem> {
    let place = app.naming.place(name.clone());
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("emoji {name}")).await.map_err(failed)?;
    permitted(app, who, &name).await?.ok_or(Code::NotFound)?;
    match app.store.remove_emoji(&name).await.map_err(failed)? {
        Some(version) => tell(app, version),
        None => return Err(Code::NotFound.into()),
    }
    Ok(())
}

/// Whoever is not connected learns it from `ready`.
fn tell(app: &App, version: Version) {
    app.bus.notice(Notice::Emoji { version });
    app.emoji_changed(version);
}

/// Refuses a reaction with a custom emoji that does not exist.
pub async fn check_reaction(app: &App, emoji: &str) -> Result<(), Problem> {
    let Some(name) = rules::custom(emoji) else { return Ok(()) };
    check_emoji(emoji)?;
    match app.store.emoji_named(name).await.map_err(failed)? {
        Some(_) => Ok(()),
        None => Err(refuse(Code::InvalidField, "emoji", "there is no custom emoji of this name")),
    }
}
