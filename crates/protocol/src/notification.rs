//! Notifications: what one wants to be told of, and what one was told of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::user::present;
use crate::{ConversationId, Message, MessageId, Timestamp, UserId, UserSummary, Version};

/// How much one is told of. Ordered: a larger level includes a smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotifyLevel {
    None,
    /// Mentions, replies in threads that one follows, keywords.
    Mentions,
    All,
}

/// The level of one conversation, which may follow the level for its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    #[default]
    Default,
    All,
    Mentions,
    None,
}

impl Notify {
    /// The level, if one was chosen.
    pub fn level(self) -> Option<NotifyLevel> {
        match self {
            Notify::Default => None,
            Notify::All => Some(NotifyLevel::All),
            Notify::Mentions => Some(NotifyLevel::Mentions),
            Notify::None => Some(NotifyLevel::None),
        }
    }
}

/// How often what one missed comes by e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DigestEvery {
    #[default]
    Off,
    Hourly,
    Daily,
}

/// `GET /me/notifications`: what one wants to be told of, everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NotificationSettings {
    /// In channels.
    pub level: NotifyLevel,
    /// In groups.
    pub group: NotifyLevel,
    /// In direct conversations.
    pub direct: NotifyLevel,
    /// Words that count as mentions: whole words, in any case, in any script.
    pub keywords: Vec<String>,
    /// Hours in which nothing is pushed.
    #[cfg_attr(feature = "schema", schema(required))]
    pub quiet: Option<QuietHours>,
    /// Pushes say that there is something new, and not who wrote what.
    pub hide_content: bool,
    pub email: DigestEvery,
    /// People of whom one wants to hear more or less than of others.
    pub people: Vec<PersonLevel>,
    pub version: Version,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        NotificationSettings {
            level: NotifyLevel::Mentions,
            group: NotifyLevel::All,
            direct: NotifyLevel::All,
            keywords: Vec::new(),
            quiet: None,
            hide_content: false,
            email: DigestEvery::Off,
            people: Vec::new(),
            version: 0,
        }
    }
}

/// `PUT /me/notifications`: what is absent stays; `quiet: null` ends the quiet hours. Lists are replaced whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct NotificationUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<NotifyLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<NotifyLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct: Option<NotifyLevel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<QuietHours>))]
    pub quiet: Option<Option<QuietHours>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_content: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<DigestEvery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<PersonLevel>>,
}

/// Do not disturb between two times of the day, in the account's time zone (UTC when it has none).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QuietHours {
    pub from: TimeOfDay,
    /// Earlier than `from`: on the next day. The same as `from`: a whole day.
    pub to: TimeOfDay,
    /// The days on which they begin; 0 is Sunday. Absent: every day.
    #[serde(default = "every_day")]
    pub days: Vec<u8>,
}

fn every_day() -> Vec<u8> {
    (0..7).collect()
}

/// What one wants to hear of one person, wherever that person writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonLevel {
    pub user_id: UserId,
    pub level: NotifyLevel,
}

/// Why one is told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotifyReason {
    /// By name, or with everybody else.
    Mention,
    /// In a thread that one follows.
    Reply,
    Keyword,
    /// A direct message.
    Direct,
    /// One wants to hear of everything here.
    Message,
}

/// Something that one was notified of: `GET /me/activity`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActivityItem {
    pub reason: NotifyReason,
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
    pub sender: UserSummary,
    pub created_at: Timestamp,
    /// One's read cursor is beyond it.
    pub read: bool,
    /// The message as it is now.
    pub message: Message,
}

/// A time of the day, spelled as `22:30`. Minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `None` from 24 hours on.
    pub fn new(minutes: u16) -> Option<Self> {
        (minutes < 24 * 60).then_some(TimeOfDay(minutes))
    }

    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |text: &str, most: u16| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|value| digits && *value <= most)
        };
        let (hours, minutes) = text.split_once(':').ok_or(NOT_A_TIME)?;
        match (part(hours, 23), part(minutes, 59)) {
            (Some(hours), Some(minutes)) => Ok(TimeOfDay(hours * 60 + minutes)),
            _ => Err(NOT_A_TIME),
        }
    }
}

const NOT_A_TIME: &str = "a time of the day from 00:00 to 23:59";

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = TimeOfDay;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(NOT_A_TIME)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TimeOfDay, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for TimeOfDay {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .examples(["22:30"])
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for TimeOfDay {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_day() {
        for (text, minutes) in [("00:00", 0), ("22:30", 1350), ("23:59", 1439)] {
            let time: TimeOfDay = text.parse().unwrap();
            assert_eq!((time.minutes(), time.to_string().as_str()), (minutes, text));
        }
        for bad in ["", "24:00", "1:00", "01:60", "01:0", "+1:00", "0100", "01:00:00"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
    }

    #[test]
    fn quiet_hours_are_every_day_unless_said() {
        let quiet: QuietHours = serde_json::from_str(r#"{"from":"22:00","to":"07:00"}"#).unwrap();
        assert_eq!(quiet.days, [0, 1, 2, 3, 4, 5, 6]);
        let update: NotificationUpdate = serde_json::from_str(r#"{"quiet":null}"#).unwrap();
        assert_eq!((update.quiet, update.level), (Some(None), None));
    }
}
