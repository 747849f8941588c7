//! E-mail: the address at which somebody wants mail, and what the links in mails do.

use laserchat_core::name;
use laserchat_protocol::limits::PASSWORD_CHARS;
use laserchat_protocol::notification::{DigestEvery, NotificationUpdate};
use laserchat_protocol::user::{Account, EmailChange};
use laserchat_protocol::{Code, Problem, UserId};
use laserchat_store::{EmailRefusal, NewEmailRequest};

use super::{busy, failed, named};
use crate::app::App;
use crate::auth::Identity;
use crate::mail::{Page, user_of};

/// A link is good for two days, as the mail says.
const VALID_SECONDS: u64 = 2 * 24 * 3600;

/// Sends a link to an address. The account has it once somebody there has followed the link.
pub async fn request(app: &App, who: &Identity, change: EmailChange) -> Result<Account, Problem> {
    let Some(postman) = &app.mail else {
        return Err(Problem::new(Code::NotFound).detail("this server sends no e-mails"));
    };
    let address = name::email(&change.email).map_err(named("email"))?;
    if address.parse::<lettre::Address>().is_err() {
        return Err(Problem::new(Code::InvalidField).field("email").detail("no mail can be sent to this address"));
    }
    check_password(app, who.user, change.password).await?;
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|_| Code::Internal)?;
    let now = app.ids.now();
    let expires_at = now.plus_seconds(VALID_SECONDS);
    let new = NewEmailRequest { user: who.user, address, nonce, now, expires_at };
    let asked = app.store.request_email(new).await.map_err(failed)?;
    let (account, event) = asked.map_err(refused)?.ok_or(Code::NotFound)?;
    app.hub.send_to_user(who.user, &event);
    postman.wake();
    Ok(account)
}

fn refused(refusal: EmailRefusal) -> Problem {
    match refusal {
        EmailRefusal::Taken => Problem::new(Code::EmailTaken).field("email"),
    }
}

/// Digests go out to the address for as long as it is there, so a session alone does not suffice to name one.
async fn check_password(app: &App, user: UserId, given: Option<String>) -> Result<(), Problem> {
    let user = app.store.user(user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
    let stored = app.store.credentials(&user.username).await.map_err(failed)?.and_then(|known| known.password_hash);
    if stored.is_none() {
        return Ok(());
    }
    let given = given.unwrap_or_default();
    let possible = given.chars().count() <= *PASSWORD_CHARS.end();
    if !possible || !app.passwords.verify(given, stored).await.map_err(busy)? {
        return Err(Problem::new(Code::WrongCredentials).field("password"));
    }
    Ok(())
}

/// A page, and the language that it is in.
pub type Shown = (Page, Option<String>);

const USELESS: Shown = (Page::Useless, None);

/// What a link that confirms an address asks.
pub async fn ask_confirm(app: &App, token: &str) -> Result<Shown, Problem> {
    let Some(request) = waiting(app, token).await? else { return Ok(USELESS) };
    Ok((Page::Confirm { user: request.username, address: request.address }, request.language))
}

/// Somebody who reads mail at an address says that it is theirs.
pub async fn confirm(app: &App, token: &str) -> Result<Shown, Problem> {
    let Some(request) = waiting(app, token).await? else { return Ok(USELESS) };
    let changed = app.store.confirm_email(request.user, request.nonce, app.ids.now()).await.map_err(failed)?;
    for (account, event) in &changed {
        app.hub.send_to_user(account.user.id, event);
    }
    if changed.is_empty() { Ok(USELESS) } else { Ok((Page::Confirmed, request.language)) }
}

async fn waiting(app: &App, token: &str) -> Result<Option<laserchat_store::EmailRequest>, Problem> {
    let Some(user) = user_of(token) else { return Ok(None) };
    let request = app.store.email_request(user, app.ids.now()).await.map_err(failed)?;
    Ok(request.filter(|request| app.links.confirms(token, user, &request.nonce)))
}

/// What a link that stops digests asks.
pub async fn ask_stop(app: &App, token: &str) -> Result<Shown, Problem> {
    let Some(account) = subscriber(app, token).await? else { return Ok(USELESS) };
    Ok((Page::Stop { user: account.user.username }, account.language))
}

/// Stops the digests of a user. Doing it again changes nothing.
pub async fn stop(app: &App, token: &str) -> Result<Shown, Problem> {
    let Some(account) = subscriber(app, token).await? else { return Ok(USELESS) };
    let user = account.user.id;
    if app.store.notification_settings(user).await.map_err(failed)?.email != DigestEvery::Off {
        let off = NotificationUpdate { email: Some(DigestEvery::Off), ..NotificationUpdate::default() };
        let (_, event) = app.store.update_notifications(user, off).await.map_err(failed)?;
        app.hub.send_to_user(user, &event);
    }
    Ok((Page::Stopped, account.language))
}

async fn subscriber(app: &App, token: &str) -> Result<Option<Account>, Problem> {
    let Some(user) = app.links.unsubscribes(token) else { return Ok(None) };
    let account = app.store.account(user).await.map_err(failed)?;
    Ok(account.filter(|account| !account.user.deleted))
}
