//! How values are spelled in columns: enums as small numbers, ids and positions as signed integers, lists as JSON.

use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::emoji::EmojiFrom;
use laserchat_protocol::export::ExportState;
use laserchat_protocol::message::Broadcast;
use laserchat_protocol::notification::DigestEvery;
use laserchat_protocol::server::Registration;
use laserchat_protocol::session::DeviceKind;
use laserchat_protocol::user::{DirectFrom, ServerRole};
use laserchat_protocol::webhook::{DeliveryState, Topic};
use laserchat_protocol::{
    ContactState, FileId, FileKind, FilePurpose, FileVariant, MemberState, MessageKind, Notify, NotifyLevel,
    NotifyReason, PushKind, Role, Timestamp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::unreadable;
use super::{Row, Value};
use crate::contract::BelongingKind;
use crate::contract::UploadState;
use crate::{Result, StoreError};

/// An enum that is kept as a number.
pub(super) trait Code: Copy + PartialEq + 'static {
    /// Every value, at the place of its number.
    const VALUES: &'static [Self];

    fn code(self) -> i64 {
        Self::VALUES.iter().position(|value| *value == self).unwrap_or_default() as i64
    }
}

macro_rules! code {
    ($($kind:ty: [$($value:expr),+];)+) => {
        $(impl Code for $kind { const VALUES: &'static [Self] = &[$($value),+]; })+
    };
}

code! {
    // The highest first, so that an ascending index lists owners before members.
    Role: [Role::Owner, Role::Admin, Role::Moderator, Role::Member];
    MemberState: [MemberState::Joined, MemberState::Left, MemberState::Banned];
    MessageKind: [MessageKind::Text, MessageKind::System];
    ConversationKind: [ConversationKind::Direct, ConversationKind::Group, ConversationKind::Channel];
    Broadcast: [Broadcast::Here, Broadcast::Channel];
    ServerRole: [ServerRole::Member, ServerRole::Admin, ServerRole::Owner];
    DirectFrom: [DirectFrom::Everyone, DirectFrom::Contacts];
    DeviceKind: [DeviceKind::Web, DeviceKind::Mobile, DeviceKind::SmartTv, DeviceKind::Desktop, DeviceKind::Bot];
    ContactState: [ContactState::None, ContactState::Requested, ContactState::Pending, ContactState::Accepted];
    Topic: [
        Topic::MessageSent, Topic::MessageUpdated, Topic::MessageDeleted, Topic::ConversationCreated,
        Topic::ConversationUpdated, Topic::ConversationDeleted, Topic::MemberAdded, Topic::MemberUpdated,
        Topic::MemberRemoved
    ];
    DeliveryState: [DeliveryState::Pending, DeliveryState::Delivered, DeliveryState::Failed];
    ExportState: [ExportState::Running, ExportState::Ready, ExportState::Failed];
    FilePurpose: [FilePurpose::Message, FilePurpose::Avatar, FilePurpose::Emoji];
    FileKind: [FileKind::Image, FileKind::Video, FileKind::Audio, FileKind::File];
    FileVariant: [FileVariant::Thumbnail, FileVariant::Preview, FileVariant::Poster];
    UploadState: [UploadState::Arriving, UploadState::Processing, UploadState::Ready, UploadState::Refused];
    Notify: [Notify::Default, Notify::All, Notify::Mentions, Notify::None];
    NotifyLevel: [NotifyLevel::None, NotifyLevel::Mentions, NotifyLevel::All];
    NotifyReason: [NotifyReason::Mention, NotifyReason::Reply, NotifyReason::Keyword, NotifyReason::Direct, NotifyReason::Message];
    DigestEvery: [DigestEvery::Off, DigestEvery::Hourly, DigestEvery::Daily];
    PushKind: [PushKind::Web, PushKind::Fcm, PushKind::Apns];
    EmojiFrom: [EmojiFrom::Admins, EmojiFrom::Everybody];
    BelongingKind: [BelongingKind::Draft, BelongingKind::Scheduled, BelongingKind::Reminder, BelongingKind::Saved];
    Registration: [Registration::Open, Registration::Invitation, Registration::Closed];
}

pub(super) fn enumerated<T: Code>(row: &Row<'_>, column: usize) -> Result<T> {
    let code: i64 = row.get(column)?;
    usize::try_from(code)
        .ok()
        .and_then(|at| T::VALUES.get(at).copied())
        .ok_or_else(|| unreadable(column, &format!("{code} is no value of it")))
}

pub(super) fn optional<T: Code>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    match row.get_ref(column)? {
        Value::Null => Ok(None),
        _ => enumerated(row, column).map(Some),
    }
}

/// A seq, version, id or count as a column holds it. What is beyond the largest is as good as the largest.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn size(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn uint(row: &Row<'_>, column: usize) -> Result<u64> {
    Ok(row.get::<i64>(column)?.max(0) as u64)
}

pub(super) fn optional_uint(row: &Row<'_>, column: usize) -> Result<Option<u64>> {
    Ok(row.get::<Option<i64>>(column)?.map(|value| value.max(0) as u64))
}

pub(super) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    row.get(column).map(Timestamp)
}

pub(super) fn optional_time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    Ok(row.get::<Option<i64>>(column)?.map(Timestamp))
}

/// The file of a picture. What was there before files existed, a text of a client's own, shows nothing.
pub(super) fn picture(row: &Row<'_>, column: usize) -> Result<Option<FileId>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.and_then(|text| text.parse().ok()))
}

/// A JSON column; absent is the default.
pub(super) fn json<T: DeserializeOwned + Default>(row: &Row<'_>, column: usize) -> Result<T> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(T::default()),
        Some(text) => serde_json::from_str(text).map_err(|error| unreadable(column, &error.to_string())),
    }
}

pub(super) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
