//! Users: the account, what others see of it, and what only its owner sees.

use serde::{Deserialize, Serialize};

use crate::{FileId, Timestamp, UserId, Version};

/// What one needs to show somebody: a name and a face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UserSummary {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub avatar: Option<FileId>,
    #[serde(skip_serializing_if = "is_false", default)]
    pub bot: bool,
    /// The person has deleted the account: only the place in what others said is left.
    #[serde(skip_serializing_if = "is_false", default)]
    pub deleted: bool,
}

/// A profile as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub about: String,
    /// A file uploaded for this; shown through `/files/{id}/thumbnail`.
    #[cfg_attr(feature = "schema", schema(required))]
    pub avatar: Option<FileId>,
    /// An IANA time zone name, such as `Europe/Berlin`.
    #[cfg_attr(feature = "schema", schema(required))]
    pub time_zone: Option<String>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub status: Option<CustomStatus>,
    pub bot: bool,
    /// The person who owns this bot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bot_owner_id: Option<UserId>,
    pub server_role: ServerRole,
    pub created_at: Timestamp,
    /// The account is disabled and its messages stay.
    #[serde(skip_serializing_if = "is_false", default)]
    pub disabled: bool,
    /// The person has deleted the account.
    #[serde(skip_serializing_if = "is_false", default)]
    pub deleted: bool,
}

impl User {
    pub fn summary(&self) -> UserSummary {
        UserSummary {
            id: self.id,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            avatar: self.avatar,
            bot: self.bot,
            deleted: self.deleted,
        }
    }
}

/// What a user is on the server as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerRole {
    #[default]
    Member,
    Admin,
    Owner,
}

/// A few words about now, which disappear by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CustomStatus {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub emoji: Option<String>,
    #[serde(default)]
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires_at: Option<Timestamp>,
}

/// One's own account: the profile and what nobody else sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    pub user: User,
    #[cfg_attr(feature = "schema", schema(required))]
    pub email: Option<String>,
    /// Whoever reads mail at that address has said that it belongs to this account.
    #[serde(skip_serializing_if = "is_false", default)]
    pub email_confirmed: bool,
    /// An address that is to take its place as soon as it is confirmed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email_waiting: Option<String>,
    /// The language of e-mails, as a tag such as `de` or `pt-BR`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    pub privacy: Privacy,
    /// Where the user's own changes have got to; see `GET /me/changes`.
    pub version: Version,
}

/// What others may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Privacy {
    /// Others see online, away, offline and last seen.
    pub show_presence: bool,
    /// Others see what this user has read.
    pub show_read: bool,
    /// Who may start a direct conversation without being a contact.
    pub direct_from: DirectFrom,
}

impl Default for Privacy {
    fn default() -> Self {
        Privacy { show_presence: true, show_read: true, direct_from: DirectFrom::Everyone }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DirectFrom {
    #[default]
    Everyone,
    Contacts,
}

/// `PUT /users/{id}/profile`: what is absent stays, what is `null` is cleared.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProfileUpdate {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<FileId>))]
    pub avatar: Option<Option<FileId>>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub time_zone: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<CustomStatus>))]
    pub status: Option<Option<CustomStatus>>,
}

/// `PUT /me`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountUpdate {
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub email: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub language: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub privacy: Option<Privacy>,
}

/// `PUT /me/email`: the address to which a link goes. The password is that of the account; an account without one, as
/// a bot's, sends none.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EmailChange {
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub password: Option<String>,
}

/// `PUT /me/password`. Every other session of the user ends.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

/// Tells "absent" (`None`) from `null` (`Some(None)`).
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}
