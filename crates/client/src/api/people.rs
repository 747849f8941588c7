//! Other people: finding them, their profiles, contacts and blocks.

use laserchat_protocol::presence::Presence;
use laserchat_protocol::user::ProfileUpdate;
use laserchat_protocol::{Contact, Page, User, UserId, UserSummary};
use reqwest::Method;

use super::{Api, Result, query};

impl Api {
    /// People by the beginning of any word of their user name or display name.
    pub async fn search_users(&self, words: &str, cursor: Option<String>) -> Result<Page<UserSummary>> {
        let query = query(&[("q", Some(words.to_owned())), ("cursor", cursor)]);
        self.get(&format!("/users/search{query}")).await
    }

    pub async fn presence(&self, user: UserId) -> Result<Presence> {
        self.get(&format!("/users/{user}/presence")).await
    }

    pub async fn profile(&self, user: UserId) -> Result<User> {
        self.get(&format!("/users/{user}/profile")).await
    }

    pub async fn update_profile(&self, user: UserId, update: &ProfileUpdate) -> Result<User> {
        self.put(&format!("/users/{user}/profile"), update).await
    }

    pub async fn contacts(&self) -> Result<Vec<Contact>> {
        self.all("/contacts").await
    }

    /// Asks somebody to be a contact.
    pub async fn request_contact(&self, user: UserId) -> Result<()> {
        self.act(Method::PUT, &format!("/contacts/{user}")).await
    }

    pub async fn accept_contact(&self, user: UserId) -> Result<()> {
        self.act(Method::POST, &format!("/contacts/{user}/accept")).await
    }

    /// Refuses a request, takes one's own back, or ends a contact.
    pub async fn remove_contact(&self, user: UserId) -> Result<()> {
        self.act(Method::DELETE, &format!("/contacts/{user}")).await
    }

    pub async fn block(&self, user: UserId) -> Result<()> {
        self.act(Method::PUT, &format!("/contacts/{user}/block")).await
    }

    pub async fn unblock(&self, user: UserId) -> Result<()> {
        self.act(Method::DELETE, &format!("/contacts/{user}/block")).await
    }
}
