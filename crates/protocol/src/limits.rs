//! The limits that are part of the contract: a client may check them before it asks.
//!
//! Limits that an operator can set (body bytes, connections, rates) are in the server's configuration instead.

macro_rules! limits {
    ($(#[doc = $doc:literal] $name:ident: $type:ty = $value:literal;)+) => {
        $(#[doc = $doc] pub const $name: $type = $value;)+

        /// Every limit with its value and what it is, for clients in other languages.
        pub const ALL: &[(&str, u64, &str)] = &[$((stringify!($name), $value, $doc.trim_ascii())),+];
    };
}

limits! {
    /// Characters (Unicode scalar values) in one message.
    MESSAGE_CHARS: usize = 100_000;
    /// Bytes in a `client_id`.
    CLIENT_ID_BYTES: usize = 64;
    /// Bytes in one emoji of a reaction; the longest standard sequence is below 40.
    EMOJI_BYTES: usize = 64;
    /// Different emoji on one message.
    REACTIONS_PER_MESSAGE: usize = 50;
    /// Pinned messages in one conversation.
    PINS_PER_CONVERSATION: usize = 100;
    /// Users one message can mention by name.
    MENTIONS_PER_MESSAGE: usize = 100;
    /// Members of a group; a channel has no limit.
    GROUP_MEMBERS: usize = 100;
    /// Up to this many members, everyone sees who has received and read; above, only one's own cursor moves.
    RECEIPT_MEMBERS: usize = 100;
    /// Members named when a conversation is created.
    MEMBERS_AT_CREATION: usize = 100;
    /// Conversations that one user can be in.
    CONVERSATIONS_PER_USER: usize = 5_000;
    /// Items on a page when the caller does not say.
    PAGE_DEFAULT: usize = 50;
    /// Items on a page at most.
    PAGE_MAX: usize = 200;
    /// Changes on a page of `changes` when the caller does not say.
    CHANGES_DEFAULT: usize = 200;
    /// Changes on a page of `changes` at most.
    CHANGES_MAX: usize = 1000;
    /// Changes replayed over a new connection for one conversation; beyond it the client is told that it is behind.
    REPLAY_MAX: usize = 500;
    /// Unread messages are counted up to here; the value itself means "this many or more".
    UNREAD_MAX: u64 = 1000;
    /// Characters of a password at least.
    PASSWORD_CHARS_MIN: usize = 8;
    /// Characters of a password at most.
    PASSWORD_CHARS_MAX: usize = 1024;
    /// Users that one connection can watch for presence.
    WATCHED_USERS: usize = 1000;
    /// Seconds after which a typing signal ends by itself.
    TYPING_SECONDS: u64 = 6;
    /// Slow mode, in seconds, at most.
    SLOW_MODE_SECONDS: u32 = 21_600;
    /// Seconds after which messages of a conversation may be erased, at least.
    EXPIRE_SECONDS_MIN: u32 = 3_600;
    /// Seconds after which messages of a conversation may be erased, at most.
    EXPIRE_SECONDS_MAX: u32 = 31_536_000;
    /// Link previews of one message.
    PREVIEWS_PER_MESSAGE: usize = 3;
    /// Incoming webhooks of one conversation, and as many outgoing ones.
    WEBHOOKS_PER_CONVERSATION: usize = 20;
    /// Outgoing webhooks of the server as a whole.
    WEBHOOKS_OF_SERVER: usize = 50;
    /// Deliveries that are remembered of one outgoing webhook.
    DELIVERIES_PER_WEBHOOK: usize = 200;
    /// Slash commands of one bot.
    COMMANDS_PER_BOT: usize = 50;
    /// Characters of the name of a slash command.
    COMMAND_NAME_CHARS: usize = 32;
    /// Characters of a slash command's description, and of its usage.
    COMMAND_HELP_CHARS: usize = 200;
    /// Characters of what follows a slash command.
    COMMAND_CHARS: usize = 4_000;
    /// Personal access tokens of one user.
    TOKENS_PER_USER: usize = 100;
    /// Bots of one user.
    BOTS_PER_USER: usize = 20;
    /// Invitation links of one conversation.
    INVITATIONS_PER_CONVERSATION: usize = 100;
    /// Files of one message.
    FILES_PER_MESSAGE: usize = 10;
    /// Uploads that one user may have begun and not finished.
    UPLOADS_PER_USER: usize = 100;
    /// Characters of a search.
    SEARCH_CHARS: usize = 1000;
    /// Devices of one user that take pushes.
    DEVICES_PER_USER: usize = 20;
    /// Characters in the name of a device.
    DEVICE_NAME_CHARS: usize = 80;
    /// Keywords that one user is notified of.
    KEYWORDS: usize = 50;
    /// Characters of one keyword.
    KEYWORD_CHARS: usize = 50;
    /// People for whom one user has a level of their own.
    PEOPLE_LEVELS: usize = 500;
    /// Entries of one user's activity that are kept.
    ACTIVITY_KEPT: usize = 500;
    /// Days for which an entry of the activity is kept.
    ACTIVITY_DAYS: u64 = 90;
    /// Drafts of one user that are not empty.
    DRAFTS_PER_USER: usize = 1_000;
    /// Messages that one user has scheduled.
    SCHEDULED_PER_USER: usize = 200;
    /// Reminders of one user.
    REMINDERS_PER_USER: usize = 500;
    /// Messages that one user has saved.
    SAVED_PER_USER: usize = 10_000;
    /// Days ahead that a message can be scheduled or a reminder set for.
    AHEAD_DAYS: u64 = 1_830;
    /// Characters of a reminder.
    REMINDER_CHARS: usize = 1_000;
    /// Characters of a poll's question.
    POLL_QUESTION_CHARS: usize = 300;
    /// Characters of one option of a poll.
    POLL_OPTION_CHARS: usize = 100;
    /// Options of a poll at least.
    POLL_OPTIONS_MIN: usize = 2;
    /// Options of a poll at most.
    POLL_OPTIONS_MAX: usize = 20;
    /// Characters of a custom emoji's name at least.
    EMOJI_NAME_CHARS_MIN: usize = 2;
    /// Characters of a custom emoji's name at most.
    EMOJI_NAME_CHARS_MAX: usize = 32;
    /// Custom emoji of a server.
    CUSTOM_EMOJI: usize = 2_000;
    /// Levels of nesting in any JSON that is accepted.
    JSON_DEPTH: usize = 32;
    /// Seconds that an access token lives.
    ACCESS_TOKEN_SECONDS: u64 = 900;
}

/// How many characters a password may have.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX;
