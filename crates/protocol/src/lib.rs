//! The wire: every type that crosses between a LaserChat server and its clients.
//!
//! This crate depends on no other crate of the project, so a client, a bot or a bridge can use it alone. It holds
//! data and its spelling on the wire, never rules: what a user *may* do is decided in `laserchat-core`.
//!
//! One noun is one file. Three ideas connect them:
//!
//! - Everything visible in a conversation is numbered by its [`Seq`]; an [`Event`](event::Event) carries the whole new
//!   state of what changed together with that number. Applying an event means "replace what I have if this is newer".
//! - What belongs to one user (memberships, contacts, settings) is numbered by that user's [`Version`] in the same way.
//! - Every refusal has a stable [`Code`](error::Code), the same over HTTP and WebSocket.

pub mod command;
pub mod contact;
pub mod conversation;
pub mod deletion;
pub mod device;
pub mod draft;
pub mod emoji;
pub mod error;
pub mod event;
pub mod export;
pub mod file;
pub mod id;
pub mod invitation;
pub mod limits;
pub mod member;
pub mod message;
pub mod notification;
pub mod page;
pub mod poll;
pub mod presence;
pub mod preview;
pub mod reaction;
pub mod reminder;
pub mod saved;
pub mod scheduled;
pub mod search;
pub mod server;
pub mod session;
pub mod slash;
pub mod thread;
pub mod time;
pub mod token;
pub mod user;
pub mod webhook;

pub use command::{Command, Hello};
pub use contact::{Contact, ContactState};
pub use conversation::{Conversation, ConversationKind, ConversationView};
pub use device::{PushDevice, PushKind, PushPayload};
pub use draft::Draft;
pub use error::{Code, Problem};
pub use event::Event;
pub use file::{File, FileKind, FilePurpose, FileState, FileVariant};
pub use id::*;
pub use member::{Member, MemberState, Membership, Role};
pub use message::{Message, MessageKind};
pub use notification::{NotificationSettings, Notify, NotifyLevel, NotifyReason};
pub use page::Page;
pub use poll::Poll;
pub use reminder::Reminder;
pub use saved::Saved;
pub use scheduled::Scheduled;
pub use time::Timestamp;
pub use user::{User, UserSummary};

/// The position of a change in its conversation: dense, from 1, never reused. Zero means "nothing yet".
pub type Seq = u64;

/// The position of a change among what one user owns outside conversations. Zero means "nothing yet".
pub type Version = u64;
