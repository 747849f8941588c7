//! The limits that are part of the contract: a client may check them before it asks.
//!
//! Limits that an operator can set (body bytes, connections, rates) are in the server's configuration instead.

/// Characters (Unicode scalar values) in one message.
pub const MESSAGE_CHARS: usize = 100_000;
/// Bytes in a `client_id`.
pub const CLIENT_ID_BYTES: usize = 64;
/// Bytes in one emoji of a reaction; the longest standard sequence is below 40.
pub const EMOJI_BYTES: usize = 64;
/// Different emoji on one message.
pub const REACTIONS_PER_MESSAGE: usize = 50;
/// Pinned messages in one conversation.
pub const PINS_PER_CONVERSATION: usize = 100;
/// Users one message can mention by name.
pub const MENTIONS_PER_MESSAGE: usize = 100;
/// Members of a group; a channel has no limit.
pub const GROUP_MEMBERS: usize = 100;
/// Up to this many members, everyone sees who has received and read; above, only one's own cursor moves.
pub const RECEIPT_MEMBERS: usize = 100;
/// Members named when a conversation is created.
pub const MEMBERS_AT_CREATION: usize = 100;
/// Conversations that one user can be in.
pub const CONVERSATIONS_PER_USER: usize = 5_000;
/// Items on a page when the caller does not say, and at most.
pub const PAGE_DEFAULT: usize = 50;
pub const PAGE_MAX: usize = 200;
/// Changes on a page of `changes`.
pub const CHANGES_DEFAULT: usize = 200;
pub const CHANGES_MAX: usize = 1000;
/// Changes replayed over a new connection for one conversation; beyond it the client is told that it is behind.
pub const REPLAY_MAX: usize = 500;
/// Unread messages are counted up to here; the value itself means "this many or more".
pub const UNREAD_MAX: u64 = 1000;
/// Characters of a password.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=1024;
/// Users that one connection can watch for presence.
pub const WATCHED_USERS: usize = 1000;
/// Seconds after which a typing signal ends by itself.
pub const TYPING_SECONDS: u64 = 6;
/// Slow mode, in seconds, at most.
pub const SLOW_MODE_SECONDS: u32 = 21_600;
/// Personal access tokens, bots and invitation links per owner.
pub const TOKENS_PER_USER: usize = 100;
pub const BOTS_PER_USER: usize = 20;
pub const INVITATIONS_PER_CONVERSATION: usize = 100;
/// Levels of nesting in any JSON that is accepted.
pub const JSON_DEPTH: usize = 32;
/// Seconds that an access token lives.
pub const ACCESS_TOKEN_SECONDS: u64 = 900;
