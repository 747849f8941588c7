//! One's own account, its tokens and bots, and the server as a whole.

use laserchat_protocol::event::OwnChanges;
use laserchat_protocol::server::{AdminUserUpdate, ServerInfo, ServerSettings};
use laserchat_protocol::token::{BotCreate, BotCreated, Token, TokenCreate};
use laserchat_protocol::user::{Account, AccountUpdate, PasswordChange};
use laserchat_protocol::{TokenId, User, UserId, Version};
use reqwest::Method;

use super::{Api, Result, query, spell};

impl Api {
    /// What anybody may know of the server.
    pub async fn server_info(&self) -> Result<ServerInfo> {
        self.get("/server").await
    }

    pub async fn me(&self) -> Result<Account> {
        self.get("/me").await
    }

    pub async fn update_me(&self, update: &AccountUpdate) -> Result<Account> {
        self.put("/me", update).await
    }

    /// Changes the password. Every other session ends.
    pub async fn change_password(&self, change: &PasswordChange) -> Result<()> {
        self.send(Method::PUT, "/me/password", Some(spell(change)?)).await.map(drop)
    }

    /// One's own objects that changed after a version.
    pub async fn own_changes(&self, after: Version, limit: usize) -> Result<OwnChanges> {
        let query = query(&[("after", Some(after.to_string())), ("limit", Some(limit.to_string()))]);
        self.get(&format!("/me/changes{query}")).await
    }

    pub async fn tokens(&self) -> Result<Vec<Token>> {
        self.all("/me/tokens").await
    }

    /// Makes a personal access token; its secret is in this answer only.
    pub async fn create_token(&self, token: &TokenCreate) -> Result<Token> {
        self.post("/me/tokens", token).await
    }

    pub async fn revoke_token(&self, id: TokenId) -> Result<()> {
        self.act(Method::DELETE, &format!("/me/tokens/{id}")).await
    }

    pub async fn bots(&self) -> Result<Vec<User>> {
        self.all("/bots").await
    }

    pub async fn create_bot(&self, bot: &BotCreate) -> Result<BotCreated> {
        self.post("/bots", bot).await
    }

    /// Ends a bot. Its messages stay.
    pub async fn disable_bot(&self, bot: UserId) -> Result<()> {
        self.act(Method::DELETE, &format!("/bots/{bot}")).await
    }

    pub async fn bot_tokens(&self, bot: UserId) -> Result<Vec<Token>> {
        self.all(&format!("/bots/{bot}/tokens")).await
    }

    pub async fn revoke_bot_token(&self, bot: UserId, id: TokenId) -> Result<()> {
        self.act(Method::DELETE, &format!("/bots/{bot}/tokens/{id}")).await
    }

    pub async fn create_bot_token(&self, bot: UserId, token: &TokenCreate) -> Result<Token> {
        self.post(&format!("/bots/{bot}/tokens"), token).await
    }

    /// The server's settings, for its owner.
    pub async fn settings(&self) -> Result<ServerSettings> {
        self.get("/admin/settings").await
    }

    /// Changes the server's settings, for its owner.
    pub async fn update_settings(&self, settings: &ServerSettings) -> Result<ServerSettings> {
        self.put("/admin/settings", settings).await
    }

    /// Changes somebody's account, for those who administer the server.
    pub async fn administer_user(&self, user: UserId, update: &AdminUserUpdate) -> Result<User> {
        self.put(&format!("/admin/users/{user}"), update).await
    }
}
