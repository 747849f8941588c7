//! The server as a whole: what may be known of it, its settings, its accounts and its keys.

use laserchat_core::{admin, name};
use laserchat_protocol::server::{AdminUserUpdate, Registration, ServerInfo, ServerSettings};
use laserchat_protocol::user::ServerRole;
use laserchat_protocol::{Code, Page, Problem, SessionId, Timestamp, User, UserId};
use laserchat_store::{Settings, SigningKey};

use super::account::{check_password, set_password};
use super::session::end_others;
use super::{failed, named, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::token::Key;
use crate::bus::Notice;
use crate::config;

/// What a server is called until its owner names it.
pub const NAME: &str = "LaserChat";
const NAME_CHARS: usize = 80;

impl From<config::Registration> for Registration {
    fn from(registration: config::Registration) -> Self {
        match registration {
            config::Registration::Open => Registration::Open,
            config::Registration::Invitation => Registration::Invitation,
            config::Registration::Closed => Registration::Closed,
        }
    }
}

/// Who may make an account: what the owner has set, or else the configuration.
pub async fn registration(app: &App) -> Result<Registration, Problem> {
    let settings = app.store.settings().await.map_err(failed)?;
    Ok(settings.registration.unwrap_or(app.config.registration.into()))
}

/// What anybody may know of the server.
pub async fn info(app: &App) -> Result<ServerInfo, Problem> {
    let settings = effective(app, app.store.settings().await.map_err(failed)?);
    Ok(ServerInfo {
        name: settings.name.unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        epoch: app.store.epoch(),
        registration: settings.registration.unwrap_or_default(),
        needs_owner: !app.store.has_owner().await.map_err(failed)?,
        limits: app.config.files.limits(),
        custom_emoji: settings.custom_emoji.unwrap_or_default(),
        vapid_key: app.pusher.public_key().to_owned(),
        email: app.mail.is_some(),
    })
}

/// The settings with nothing absent.
fn effective(app: &App, settings: Settings) -> ServerSettings {
    ServerSettings {
        name: Some(settings.name.unwrap_or_else(|| NAME.to_owned())),
        registration: Some(settings.registration.unwrap_or(app.config.registration.into())),
        custom_emoji: Some(settings.custom_emoji.unwrap_or_default()),
    }
}

/// The account of an administrator.
pub async fn administrator(app: &App, who: &Identity) -> Result<User, Problem> {
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Forbidden)?;
    admin::require_admin(user.server_role)?;
    Ok(user)
}

pub async fn settings(app: &App, who: &Identity) -> Result<ServerSettings, Problem> {
    administrator(app, who).await?;
    Ok(effective(app, app.store.settings().await.map_err(failed)?))
}

pub async fn change_settings(app: &App, who: &Identity, change: ServerSettings) -> Result<ServerSettings, Problem> {
    admin::require_owner(administrator(app, who).await?.server_role)?;
    let mut settings = app.store.settings().await.map_err(failed)?;
    if let Some(given) = &change.name {
        settings.name = Some(name::line(given, 1, NAME_CHARS).map_err(named("name"))?);
    }
    settings.registration = change.registration.or(settings.registration);
    settings.custom_emoji = change.custom_emoji.or(settings.custom_emoji);
    app.store.set_settings(settings.clone()).await.map_err(failed)?;
    Ok(effective(app, settings))
}

pub async fn users(app: &App, who: &Identity, cursor: Option<&str>, limit: usize) -> Result<Page<User>, Problem> {
    administrator(app, who).await?;
    app.store.all_users(cursor, limit).await.map_err(failed)
}

/// Disables or enables an account, changes its role, or sets a new password.
pub async fn update_user(app: &App, who: &Identity, id: UserId, update: AdminUserUpdate) -> Result<User, Problem> {
    let actor = administrator(app, who).await?;
    let target = app.store.user(id).await.map_err(failed)?.ok_or(Code::NotFound)?;
    admin::may_update(&actor, &target, &update)?;
    if let Some(password) = &update.password {
        check_password(password, "password")?;
    }
    if let Some(role) = update.server_role.filter(|role| *role != target.server_role) {
        app.store.set_server_role(id, role).await.map_err(failed)?;
        if role == ServerRole::Owner {
            // The new owner comes first: if this is cut short there are two, and never none.
            app.store.set_server_role(actor.id, ServerRole::Admin).await.map_err(failed)?;
        }
        tracing::info!(user = %id, by = %actor.id, ?role, "a server role was changed");
    }
    if let Some(disabled) = update.disabled {
        app.store.set_disabled(id, disabled).await.map_err(failed)?;
        tracing::info!(user = %id, by = %actor.id, disabled, "an account was disabled or enabled");
    }
    if let Some(password) = update.password {
        set_password(app, id, password).await?;
        tracing::info!(user = %id, by = %actor.id, "a password was reset");
        end_others(app, id, None).await?;
    }
    if update.disabled == Some(true) {
        end_others(app, id, None).await?;
        end_token_sockets(app, id).await?;
        // Bots rest with the person who answers for them.
        for bot in app.store.bots(id).await.map_err(failed)? {
            end_token_sockets(app, bot.id).await?;
        }
    }
    let user = app.store.user(id).await.map_err(failed)?.ok_or(Code::NotFound)?;
    app.presence.profile_changed(&user);
    Ok(user)
}

/// Closes what was opened with a user's personal access tokens, which go on existing.
pub(super) async fn end_token_sockets(app: &App, user: UserId) -> Result<(), Problem> {
    let tokens = app.store.tokens(user).await.map_err(failed)?;
    let ids: Vec<SessionId> = tokens.iter().map(|token| SessionId(token.id.0)).collect();
    app.end_sessions(user, &ids);
    Ok(())
}

/// Makes a new key sign access tokens. Tokens that earlier keys signed stay valid until they expire.
pub async fn rotate_keys(app: &App, who: &Identity) -> Result<(), Problem> {
    let actor = administrator(app, who).await?;
    let key = Key::generate(Timestamp::now().0).map_err(unmade)?;
    let stored = SigningKey { kid: key.kid.clone(), secret: key.secret, created_at: Timestamp(key.created_at_ms) };
    // Stored first, so that no token is signed that a restarted server does not know.
    app.store.add_signing_key(stored).await.map_err(failed)?;
    app.keys.rotate(key);
    app.bus.notice(Notice::Keys);
    tracing::info!(by = %actor.id, "the signing key was rotated");
    Ok(())
}
