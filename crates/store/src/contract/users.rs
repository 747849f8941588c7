//! Users: accounts, profiles, credentials.

use async_trait::async_trait;
use laserchat_protocol::user::{Account, CustomStatus, Privacy, ServerRole};
use laserchat_protocol::{Event, FileId, Page, Timestamp, User, UserId, UserSummary};

use super::{Result, SecretHash};

/// An account to be made. Names come in clean and lower-cased.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub id: UserId,
    pub username: String,
    /// What look-alikes of the user name have in common; unique.
    pub skeleton: String,
    pub display_name: String,
    /// Folded words of user name and display name, for prefix search.
    pub words: Vec<String>,
    pub email: Option<String>,
    /// Absent for bots, which cannot sign in with a password.
    pub password_hash: Option<String>,
    pub bot_owner: Option<UserId>,
    pub created_at: Timestamp,
    /// The server invitation to use up with it.
    pub invitation: Option<SecretHash>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRefusal {
    UsernameTaken,
    EmailTaken,
    InvitationInvalid,
    LimitReached,
    /// The file of the picture is not there any more.
    FileMissing,
}

/// What signing in compares with.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: User,
    pub password_hash: Option<String>,
}

/// New values for a profile; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    pub display_name: Option<String>,
    /// The new search words, given together with the display name.
    pub words: Option<Vec<String>>,
    pub about: Option<String>,
    pub avatar: Option<Option<FileId>>,
    pub time_zone: Option<Option<String>>,
    pub status: Option<Option<CustomStatus>>,
    /// Set without a question, and so not confirmed; what waited to be confirmed does not wait any more.
    pub email: Option<Option<String>>,
    pub language: Option<Option<String>>,
    pub privacy: Option<Privacy>,
}

#[async_trait]
pub trait Users {
    /// Makes an account. While the server has no owner, the first person's account becomes it.
    async fn create_user(&self, user: NewUser) -> Result<Result<User, UserRefusal>>;

    /// A custom status that has expired is not shown.
    async fn user(&self, id: UserId) -> Result<Option<User>>;

    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>>;

    async fn account(&self, id: UserId) -> Result<Option<Account>>;

    /// By lower-case user name or e-mail address.
    async fn credentials(&self, login: &str) -> Result<Option<Credentials>>;

    /// Users of whom every folded query word begins a word of the name. Disabled accounts are not found.
    async fn search_users(&self, words: &[String], cursor: Option<&str>, limit: usize) -> Result<Page<UserSummary>>;

    /// Every account, for administrators, by id.
    async fn all_users(&self, cursor: Option<&str>, limit: usize) -> Result<Page<User>>;

    /// Returns the new account and the personal event for the user's devices.
    async fn update_user(
        &self,
        id: UserId,
        change: ProfileChange,
    ) -> Result<Result<Option<(Account, Event)>, UserRefusal>>;

    /// Sets a password hash. The caller ends the sessions.
    async fn set_password(&self, id: UserId, password_hash: String) -> Result<bool>;

    async fn set_disabled(&self, id: UserId, disabled: bool) -> Result<bool>;

    async fn set_server_role(&self, id: UserId, role: ServerRole) -> Result<bool>;

    async fn bots(&self, owner: UserId) -> Result<Vec<User>>;

    async fn has_owner(&self) -> Result<bool>;

    /// Remembers when users were last seen, for those who were.
    async fn seen(&self, users: Vec<(UserId, Timestamp)>) -> Result<()>;

    /// When users were last seen, of those who let others see it.
    async fn last_seen(&self, users: &[UserId]) -> Result<Vec<(UserId, Timestamp)>>;
}
