//! Ids: 64-bit, time-ordered, and strings on the wire because JavaScript numbers end at 53 bits.
//!
//! Each kind of thing has its own id type, so that the compiler refuses a user where a message is meant.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not an id: ids are decimal numbers from 1 to 2^63-1 without sign or leading zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is a decimal number from 1 to 9223372036854775807, as a string")
    }
}

impl std::error::Error for InvalidId {}

fn parse(text: &str) -> Result<u64, InvalidId> {
    let plain =
        !text.is_empty() && text.len() <= 19 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(value) if plain && value <= i64::MAX as u64 => Ok(value),
        _ => Err(InvalidId),
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as a string of decimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
        parse(text).map_err(de::Error::custom)
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text).map($name)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(IdVisitor).map($name)
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some("^[1-9][0-9]{0,18}$"))
                    .examples(["7266841829376001"])
                    .into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {}
    )+};
}

id! {
    /// A person or a bot.
    UserId,
    /// A direct conversation, group or channel.
    ConversationId,
    /// A message; its address in the log is its conversation and `seq`.
    MessageId,
    /// One signed-in device of a user.
    SessionId,
    /// An invitation link.
    InvitationId,
    /// A personal access token.
    TokenId,
    /// A webhook, incoming or outgoing.
    WebhookId,
    /// One event on its way to an outgoing webhook.
    DeliveryId,
    /// A slash command that somebody has given and a bot answers.
    InvocationId,
    /// An uploaded file.
    FileId,
    /// A device that takes pushes.
    DeviceId,
    /// A message that is to be sent later.
    ScheduledId,
    /// A reminder.
    ReminderId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_positive_decimals_are_ids() {
        assert_eq!("1".parse(), Ok(UserId(1)));
        assert_eq!("9223372036854775807".parse(), Ok(UserId(i64::MAX as u64)));
        for bad in ["", "0", "01", "-1", "+1", " 1", "1.0", "9223372036854775808", "99999999999999999999", "١", "abc"]
        {
            assert_eq!(bad.parse::<UserId>(), Err(InvalidId), "{bad:?}");
        }
    }

    #[test]
    fn ids_are_strings_on_the_wire() {
        assert_eq!(serde_json::to_string(&MessageId(42)).unwrap(), r#""42""#);
        assert_eq!(serde_json::from_str::<MessageId>(r#""42""#).unwrap(), MessageId(42));
        assert!(serde_json::from_str::<MessageId>("42").is_err());
    }
}
