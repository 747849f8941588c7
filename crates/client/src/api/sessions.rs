//! Signing in and out, and the devices that are signed in.

use laserchat_protocol::session::{Device, Grant, Login, Refresh, Register, Session};
use laserchat_protocol::{Code, SessionId};
use reqwest::Method;

use super::{Api, Result, read, spell};

impl Api {
    /// Makes an account and signs in.
    pub async fn register(&self, register: &Register) -> Result<Grant> {
        self.sign_in("/auth/register", spell(register)?).await
    }

    /// Signs in by user name or e-mail address.
    pub async fn login(&self, login: &str, password: &str, device: Device) -> Result<Grant> {
        let login = Login { login: login.to_owned(), password: password.to_owned(), device };
        self.sign_in("/auth/login", spell(&login)?).await
    }

    /// Exchanges a refresh token for a new grant. When the server says that it serves no more, the session is over.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Grant> {
        let body = spell(&Refresh { refresh_token: refresh_token.to_owned() })?;
        let answer = self.sign_in("/auth/refresh", body).await;
        if let Err(error) = &answer
            && matches!(error.code(), Some(Code::SessionEnded | Code::Unauthorized | Code::AccountDisabled))
        {
            self.forget();
        }
        answer
    }

    async fn sign_in(&self, path: &str, body: Vec<u8>) -> Result<Grant> {
        let grant: Grant = read(self.once(Method::POST, path, Some(body), None).await?).await?;
        self.keep(grant.clone());
        Ok(grant)
    }

    /// Ends the session.
    pub async fn logout(&self) -> Result<()> {
        self.act(Method::POST, "/auth/logout").await?;
        self.forget();
        Ok(())
    }

    /// The devices that are signed in.
    pub async fn sessions(&self) -> Result<Vec<Session>> {
        self.all("/me/sessions").await
    }

    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        self.act(Method::DELETE, &format!("/me/sessions/{id}")).await
    }

    /// Ends every session but this one.
    pub async fn end_other_sessions(&self) -> Result<()> {
        self.act(Method::DELETE, "/me/sessions").await
    }
}
