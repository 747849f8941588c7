//! Accounts: making one, and what its owner changes about it.

use std::net::IpAddr;

use laserchat_core::{invitation, name, text};
use laserchat_protocol::invitation::Invitation;
use laserchat_protocol::limits::PASSWORD_CHARS;
use laserchat_protocol::server::Registration;
use laserchat_protocol::session::{Grant, Register};
use laserchat_protocol::user::{Account, AccountUpdate, CustomStatus, PasswordChange, ProfileUpdate};
use laserchat_protocol::{Code, Problem, Timestamp, User, UserId};
use laserchat_store::{NewUser, ProfileChange, SecretHash, UserRefusal};

use super::session::{begin, device_name, end_others};
use super::{admin, busy, failed, named, refuse};
use crate::app::App;
use crate::auth::token::hash;
use crate::auth::{ALL_SCOPES, Identity};
use crate::due;

const TIME_ZONE_BYTES: usize = 64;
const LANGUAGE_BYTES: usize = 35;
const STATUS_CHARS: usize = 100;

/// Makes an account and signs it in.
pub async fn register(app: &App, register: Register, address: IpAddr) -> Result<Grant, Problem> {
    let username = name::Username::parse(&register.username).map_err(named("username"))?;
    check_password(&register.password, "password")?;
    let email = register.email.as_deref().map(name::email).transpose().map_err(named("email"))?;
    let display_name = match &register.display_name {
        Some(given) => name::display_name(given).map_err(named("display_name"))?,
        None => username.as_str().to_owned(),
    };
    let device = device_name(&register.device)?;
    let given = register.invitation.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let code = given.map(hash);
    let invited = admit(app, code).await?;
    let into = invited.as_ref().and_then(|invitation| invitation.conversation_id);

    let password_hash = app.passwords.hash(register.password).await.map_err(busy)?;
    let new = NewUser {
        password_hash: Some(password_hash),
        email,
        invitation: code.filter(|_| invited.is_some() && into.is_none()),
        ..new_user(app, username, display_name)
    };
    let user = app.store.create_user(new).await.map_err(failed)?.map_err(refused)?;
    tracing::info!(user = %user.id, role = ?user.server_role, "an account was made");
    let grant = begin(app, user, device, register.device.kind, address).await?;
    if let (Some(conversation), Some(code)) = (into, given) {
        let user = grant.user.id;
        let who = Identity { user, session: grant.session_id, scopes: ALL_SCOPES, address, signed_in: true };
        // The account is made. That the conversation is full or archived by now does not undo it.
        if let Err(problem) = super::invitation::join(app, &who, code).await {
            tracing::info!(%conversation, code = %problem.code, "the invited could not join");
        }
    }
    Ok(grant)
}

/// Whether somebody may make an account now, with the invitation that their code is, if it is one.
async fn admit(app: &App, code: Option<SecretHash>) -> Result<Option<Invitation>, Problem> {
    let registration = admin::registration(app).await?;
    let has_owner = app.store.has_owner().await.map_err(failed)?;
    if !has_owner {
        let owner_code = app.store.owner_code().await.map_err(failed)?;
        // Both are digests of 128 random bits or more, so comparing them takes no care.
        let is_owner_code = code.is_some() && code == owner_code;
        if is_owner_code || (registration == Registration::Open && code.is_none()) {
            return Ok(None);
        }
        if registration != Registration::Open {
            return Err(Problem::new(Code::RegistrationClosed)
                .detail("the first account needs the link that the server printed at its first start"));
        }
    }
    match (registration, code) {
        (Registration::Closed, _) => Err(Code::RegistrationClosed.into()),
        (Registration::Invitation, None) => Err(Code::InvitationNeeded.into()),
        (Registration::Open, None) => Ok(None),
        (Registration::Open | Registration::Invitation, Some(code)) => {
            let found = app.store.invitation(code).await.map_err(failed)?.ok_or(Code::InvitationInvalid)?;
            invitation::usable(found.expires_at, found.max_uses, found.uses, Timestamp::now())?;
            // Anybody can make a group and invite into it; who comes onto the server is for its administrators to say.
            if registration == Registration::Invitation && found.conversation_id.is_some() {
                return Err(Problem::new(Code::InvitationNeeded).detail("this one leads into a conversation only"));
            }
            Ok(Some(found))
        }
    }
}

/// What every account starts with, a person's or a bot's.
pub(super) fn new_user(app: &App, username: name::Username, display_name: String) -> NewUser {
    NewUser {
        id: UserId(app.ids.next()),
        skeleton: username.skeleton(),
        words: search_words(username.as_str(), &display_name),
        username: username.into_string(),
        display_name,
        email: None,
        password_hash: None,
        bot_owner: None,
        created_at: Timestamp::now(),
        invitation: None,
    }
}

/// The words by which somebody is found.
fn search_words(username: &str, display_name: &str) -> Vec<String> {
    name::words(&format!("{username} {display_name}"))
}

pub(super) fn refused(refusal: UserRefusal) -> Problem {
    match refusal {
        UserRefusal::UsernameTaken => Problem::new(Code::UsernameTaken).field("username"),
        UserRefusal::EmailTaken => Problem::new(Code::EmailTaken).field("email"),
        UserRefusal::InvitationInvalid => Code::InvitationInvalid.into(),
        UserRefusal::LimitReached => Code::LimitReached.into(),
        UserRefusal::FileMissing => Problem::new(Code::NotFound).field("avatar"),
    }
}

pub(super) fn check_password(password: &str, field: &'static str) -> Result<(), Problem> {
    if PASSWORD_CHARS.contains(&password.chars().count()) {
        return Ok(());
    }
    Err(refuse(Code::InvalidField, field, "a password has 8 to 1,024 characters"))
}

/// Changes one's password; every other session ends.
pub async fn change_password(app: &App, who: &Identity, change: PasswordChange) -> Result<(), Problem> {
    check_password(&change.new, "new")?;
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
    let stored = app.store.credentials(&user.username).await.map_err(failed)?.and_then(|known| known.password_hash);
    let possible = change.current.chars().count() <= *PASSWORD_CHARS.end();
    if !possible || !app.passwords.verify(change.current, stored).await.map_err(busy)? {
        return Err(Problem::new(Code::WrongCredentials).field("current"));
    }
    set_password(app, who.user, change.new).await?;
    end_others(app, who.user, Some(who.session)).await
}

pub(super) async fn set_password(app: &App, user: UserId, password: String) -> Result<(), Problem> {
    let hashed = app.passwords.hash(password).await.map_err(busy)?;
    if !app.store.set_password(user, hashed).await.map_err(failed)? {
        return Err(Code::NotFound.into());
    }
    Ok(())
}

/// Changes what only oneself sees of one's account.
pub async fn update(app: &App, who: &Identity, update: AccountUpdate) -> Result<Account, Problem> {
    let email = match update.email {
        Some(Some(given)) => Some(Some(name::email(&given).map_err(named("email"))?)),
        cleared => cleared,
    };
    if let Some(Some(language)) = &update.language {
        check_language(language)?;
    }
    let wanted =
        ProfileChange { email, language: update.language, privacy: update.privacy, ..ProfileChange::default() };
    let account = change(app, who.user, wanted).await?;
    app.presence.set_hidden(who.user, !account.privacy.show_presence);
    Ok(account)
}

/// Changes what others see of oneself.
pub async fn update_profile(app: &App, who: &Identity, update: ProfileUpdate) -> Result<User, Problem> {
    let user = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::NotFound)?;
    let display_name = update.display_name.as_deref().map(name::display_name).transpose();
    let display_name = display_name.map_err(named("display_name"))?;
    let about = update.about.as_deref().map(name::about).transpose().map_err(named("about"))?;
    if let Some(Some(avatar)) = update.avatar
        && user.avatar != Some(avatar)
    {
        super::file::check_picture(app, who.user, avatar).await?;
    }
    if let Some(Some(zone)) = &update.time_zone {
        check_time_zone(zone)?;
    }
    let status = match update.status {
        Some(Some(status)) => Some(Some(clean_status(status)?)),
        cleared => cleared,
    };
    let zone_changed = update.time_zone.as_ref().is_some_and(|zone| *zone != user.time_zone);
    let wanted = ProfileChange {
        words: display_name.as_deref().map(|name| search_words(&user.username, name)),
        display_name,
        about,
        avatar: update.avatar,
        time_zone: update.time_zone,
        status,
        ..ProfileChange::default()
    };
    let user = change(app, who.user, wanted).await?.user;
    if update.avatar.is_some() {
        // The picture before may be nobody's now.
        app.uploads.look();
    }
    app.presence.profile_changed(&user);
    if zone_changed {
        // Should this be cut short, the next start of the server does it.
        due::rework(app, Some(who.user)).await.map_err(failed)?;
    }
    Ok(user)
}

async fn change(app: &App, user: UserId, wanted: ProfileChange) -> Result<Account, Problem> {
    let changed = app.store.update_user(user, wanted).await.map_err(failed)?.map_err(refused)?;
    let (account, event) = changed.ok_or(Code::NotFound)?;
    app.hub.send_to_user(user, &event);
    Ok(account)
}

/// The form of an IANA name; which names exist changes several times a year and is the clients' to know.
fn check_time_zone(zone: &str) -> Result<(), Problem> {
    let plain = zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_/".contains(&byte));
    let starts = zone.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if plain && starts && zone.len() <= TIME_ZONE_BYTES {
        return Ok(());
    }
    Err(refuse(Code::InvalidField, "time_zone", "an IANA name, as Europe/Berlin"))
}

/// The form of a language tag; texts in a language that is not known here are in English.
fn check_language(tag: &str) -> Result<(), Problem> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let starts = tag.split('-').next().is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_alphabetic()));
    if tag.split('-').all(part) && starts && tag.len() <= LANGUAGE_BYTES {
        return Ok(());
    }
    Err(refuse(Code::InvalidField, "language", "a language tag, as de or pt-BR"))
}

fn clean_status(status: CustomStatus) -> Result<CustomStatus, Problem> {
    if let Some(emoji) = &status.emoji {
        text::check_emoji(emoji).map_err(|_| refuse(Code::InvalidField, "status.emoji", "one emoji"))?;
    }
    let text = name::line(&status.text, 0, STATUS_CHARS).map_err(named("status.text"))?;
    if text.is_empty() && status.emoji.is_none() {
        return Err(refuse(Code::InvalidField, "status.text", "a status has an emoji or a text; null clears it"));
    }
    Ok(CustomStatus { text, ..status })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_counted_in_characters() {
        assert!(check_password("12345678", "password").is_ok());
        assert!(check_password(&"é".repeat(1024), "password").is_ok());
        for bad in ["1234567", "", &"x".repeat(1025)] {
            assert_eq!(check_password(bad, "password").unwrap_err().field.as_deref(), Some("password"));
        }
    }

    #[test]
    fn time_zones_have_a_form() {
        for good in ["Europe/Berlin", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires"] {
            assert!(check_time_zone(good).is_ok(), "{good}");
        }
        for bad in ["", "/etc", "Europe Berlin", "+1", &"a".repeat(65)] {
            assert!(check_time_zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn languages_have_a_form() {
        for good in ["de", "pt-BR", "zh-Hant-TW", "x-klingon"] {
            assert!(check_language(good).is_ok(), "{good}");
        }
        for bad in ["", "de_DE", "-de", "de-", "1", "de\n", &"a-".repeat(20)] {
            assert!(check_language(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_status_says_something() {
        let status = |emoji: Option<&str>, text: &str| CustomStatus {
            emoji: emoji.map(str::to_owned),
            text: text.to_owned(),
            expires_at: None,
        };
        assert_eq!(clean_status(status(None, "  at  lunch ")).unwrap().text, "at lunch");
        assert!(clean_status(status(Some("🌴"), "")).is_ok());
        assert_eq!(clean_status(status(None, " ")).unwrap_err().field.as_deref(), Some("status.text"));
        assert_eq!(clean_status(status(Some("x"), "")).unwrap_err().field.as_deref(), Some("status.emoji"));
    }
}
