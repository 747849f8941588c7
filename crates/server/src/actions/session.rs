//! Sessions: signing in, staying signed in, signing out.

use std::net::IpAddr;

use laserchat_core::name;
use laserchat_protocol::limits::{ACCESS_TOKEN_SECONDS, PASSWORD_CHARS};
use laserchat_protocol::session::{Device, DeviceKind, Grant, Login, Session};
use laserchat_protocol::{Code, Problem, SessionId, Timestamp, TokenId, User, UserId};
use laserchat_store::{NewSession, Rotation};

use super::{busy, failed, named, token, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::token::{REFRESH_PREFIX, Secret, hash};

/// A device that has not been heard of for so long has to sign in again.
const IDLE_MS: i64 = 90 * 24 * 60 * 60 * 1000;
const DEVICE_NAME_CHARS: usize = 80;

/// Signs in with a password. Whether the user exists shows neither in the answer nor in the time it takes.
pub async fn login(app: &App, login: Login, address: IpAddr) -> Result<Grant, Problem> {
    let device = device_name(&login.device)?;
    let known = match folded(&login.login) {
        Some(folded) => app.store.credentials(&folded).await.map_err(failed)?,
        None => None,
    };
    let (user, stored) = known.map(|known| (known.user, known.password_hash)).unzip();
    // A password that nobody can have is checked like any other, so that it costs the same.
    let possible = login.password.chars().count() <= *PASSWORD_CHARS.end();
    let stored = stored.flatten().filter(|_| possible);
    let password = if possible { login.password } else { String::new() };
    let right = app.passwords.verify(password, stored).await.map_err(busy)?;
    let user = user.filter(|_| right).ok_or(Code::WrongCredentials)?;
    if user.disabled {
        return Err(Code::AccountDisabled.into());
    }
    begin(app, user, device, login.device.kind, address).await
}

/// A login as the store knows it: a user name or an e-mail address in lower case.
fn folded(login: &str) -> Option<String> {
    if login.contains('@') {
        name::email(login).ok()
    } else {
        name::Username::parse(login.trim()).ok().map(name::Username::into_string)
    }
}

/// The name of a device, checked.
pub(super) fn device_name(device: &Device) -> Result<String, Problem> {
    match &device.name {
        Some(given) => name::line(given, 1, DEVICE_NAME_CHARS).map_err(named("device.name")),
        None => Ok(match device.kind {
            DeviceKind::Web => "Browser",
            DeviceKind::Mobile => "Phone",
            DeviceKind::SmartTv => "TV",
            DeviceKind::Desktop => "Desktop",
            DeviceKind::Bot => "Bot",
        }
        .to_owned()),
    }
}

/// A new session of somebody who has proved who they are.
pub(super) async fn begin(
    app: &App,
    user: User,
    name: String,
    kind: DeviceKind,
    address: IpAddr,
) -> Result<Grant, Problem> {
    let refresh = Secret::generate(REFRESH_PREFIX).map_err(unmade)?;
    let session = NewSession {
        id: SessionId(app.ids.next()),
        user: user.id,
        name,
        kind,
        refresh: refresh.hash(),
        created_at: Timestamp::now(),
        address: Some(address.to_string()),
    };
    let id = session.id;
    app.store.create_session(session).await.map_err(failed)?;
    grant(app, user, id, refresh)
}

fn grant(app: &App, user: User, session: SessionId, refresh: Secret) -> Result<Grant, Problem> {
    let access = app.keys.issue(user.id.0, session.0, Timestamp::now().0).map_err(unmade)?;
    Ok(Grant {
        user,
        session_id: session,
        access_token: access,
        refresh_token: refresh.into_string(),
        expires_in: ACCESS_TOKEN_SECONDS,
    })
}

/// Exchanges a refresh token for a new pair. One that was exchanged before is in two hands, so its session ends.
pub async fn refresh(app: &App, token: &str, address: IpAddr) -> Result<Grant, Problem> {
    let next = Secret::generate(REFRESH_PREFIX).map_err(unmade)?;
    let now = Timestamp::now();
    let oldest = Timestamp(now.0 - IDLE_MS);
    let rotated = app.store.rotate(hash(token), next.hash(), now, oldest, Some(address.to_string())).await;
    match rotated.map_err(failed)? {
        Rotation::Rotated { session, user } => {
            let user = app.store.user(user).await.map_err(failed)?.ok_or(Code::Unauthorized)?;
            grant(app, user, session, next)
        }
        Rotation::Reused { session, user } => {
            tracing::warn!(%user, %session, "a refresh token came twice: the session is ended");
            app.end_sessions(user, &[session]);
            Err(Problem::new(Code::SessionEnded).detail("this refresh token was used before"))
        }
        Rotation::Unknown => Err(Problem::new(Code::Unauthorized).detail("this refresh token is not valid any more")),
    }
}

/// The sessions of the asker, the last active first.
pub async fn list(app: &App, who: &Identity) -> Result<Vec<Session>, Problem> {
    let mut sessions = app.store.sessions(who.user).await.map_err(failed)?;
    for session in &mut sessions {
        session.current = session.id == who.session;
    }
    Ok(sessions)
}

/// Ends one session of the asker, its own among them.
pub async fn end(app: &App, who: &Identity, session: SessionId) -> Result<(), Problem> {
    if !app.store.end_session(who.user, session, Timestamp::now()).await.map_err(failed)? {
        return Err(Code::NotFound.into());
    }
    app.end_sessions(who.user, &[session]);
    Ok(())
}

/// Ends all sessions of a user but one.
pub async fn end_others(app: &App, user: UserId, except: Option<SessionId>) -> Result<(), Problem> {
    let ended = app.store.end_sessions(user, except, Timestamp::now()).await.map_err(failed)?;
    app.end_sessions(user, &ended);
    Ok(())
}

/// Ends what the asker came with: the session, or the personal access token.
pub async fn sign_out(app: &App, who: &Identity) -> Result<(), Problem> {
    if who.signed_in {
        end(app, who, who.session).await
    } else {
        token::revoke(app, who.user, TokenId(who.session.0)).await
    }
}
