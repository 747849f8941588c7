//! Notifications: whether to tell somebody of a message, and if not, why not.
//!
//! Three settings can speak of a message: what was chosen for its sender, for its conversation, and for the kind of
//! conversation. The most particular one counts: a person who is silenced is silent everywhere; then a conversation's own
//! level; then a person's; then the general one. A device can have a level in place of the general one; where something more
//! particular was chosen, a device can only want less.

use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::limits::{KEYWORD_CHARS, KEYWORDS, PEOPLE_LEVELS};
use laserchat_protocol::message::Broadcast;
use laserchat_protocol::notification::{NotificationSettings, NotificationUpdate, QuietHours};
use laserchat_protocol::{
    Code, Message, MessageId, MessageKind, Notify, NotifyLevel, NotifyReason, Seq, Timestamp, UserId,
};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::refusal::Refusal;

/// Somebody who might be told, and everything that decides it.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    pub user: UserId,
    pub bot: bool,
    pub disabled: bool,
    /// The seq at which the reader joined last. `None`: not a member.
    pub joined: Option<Seq>,
    /// Everything up to here was read.
    pub read: Seq,
    pub notify: Notify,
    pub muted_until: Option<Timestamp>,
    pub settings: &'a NotificationSettings,
    /// Messages whose threads the reader follows, as far as they were asked about.
    pub follows: &'a [MessageId],
    /// People with a block in either direction, as far as they were asked about.
    pub blocked: &'a [UserId],
    pub presence: ReaderPresence,
    /// What the clock on the reader's wall shows.
    pub local: LocalTime,
}

/// How present the reader is, all devices taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderPresence {
    Offline,
    Away,
    /// Some device is in use.
    Active,
    DoNotDisturb,
}

/// A moment as a clock on the wall and a calendar show it. Time zones are not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// 0 is Sunday.
    pub weekday: u8,
    /// Since midnight.
    pub minutes: u16,
}

/// Why somebody is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It is the reader's own.
    Own,
    /// Not something that a person or a bot wrote, or deleted since.
    NoMessage,
    /// Bots read everything by themselves; to notify them could make two of them talk for ever.
    Bot,
    Disabled,
    /// No longer a member, or not yet when it was written.
    NotMember,
    Blocked,
    Muted,
    /// The reader wants to hear less.
    Level,
    /// It was read before anybody was told.
    Read,
    /// The quiet hours of the reader.
    Quiet,
    DoNotDisturb,
}

/// Whether a message belongs to what the reader is notified of at all, on whatever device.
pub fn tell(
    message: &Message,
    kind: ConversationKind,
    reader: &Reader<'_>,
    now: Timestamp,
) -> Result<NotifyReason, Silence> {
    told(message, kind, reader, None, now)
}

/// Whether a device with this level of its own gets a push.
pub fn push(
    message: &Message,
    kind: ConversationKind,
    reader: &Reader<'_>,
    device: Option<NotifyLevel>,
    now: Timestamp,
) -> Result<NotifyReason, Silence> {
    let reason = told(message, kind, reader, device, now)?;
    if message.seq <= reader.read {
        return Err(Silence::Read);
    }
    if reader.presence == ReaderPresence::DoNotDisturb {
        return Err(Silence::DoNotDisturb);
    }
    if reader.settings.quiet.as_ref().is_some_and(|quiet| is_quiet(quiet, reader.local)) {
        return Err(Silence::Quiet);
    }
    Ok(reason)
}

fn told(
    message: &Message,
    kind: ConversationKind,
    reader: &Reader<'_>,
    device: Option<NotifyLevel>,
    now: Timestamp,
) -> Result<NotifyReason, Silence> {
    if message.sender_id == reader.user {
        return Err(Silence::Own);
    }
    if message.kind != MessageKind::Text || message.deleted_at.is_some() {
        return Err(Silence::NoMessage);
    }
    if reader.bot {
        return Err(Silence::Bot);
    }
    if reader.disabled {
        return Err(Silence::Disabled);
    }
    if reader.joined.is_none_or(|joined| message.seq <= joined) {
        return Err(Silence::NotMember);
    }
    if reader.blocked.contains(&message.sender_id) {
        return Err(Silence::Blocked);
    }
    if reader.muted_until.is_some_and(|until| until > now) {
        return Err(Silence::Muted);
    }
    let level = level(message.sender_id, kind, reader, device);
    if level == NotifyLevel::None {
        return Err(Silence::Level);
    }
    match reason(message, kind, reader) {
        NotifyReason::Message | NotifyReason::Direct if level < NotifyLevel::All => Err(Silence::Level),
        reason => Ok(reason),
    }
}

/// The level that counts for a sender, a conversation and a device.
fn level(sender: UserId, kind: ConversationKind, reader: &Reader<'_>, device: Option<NotifyLevel>) -> NotifyLevel {
    let settings = reader.settings;
    let person = settings.people.iter().find(|person| person.user_id == sender).map(|person| person.level);
    if person == Some(NotifyLevel::None) {
        return NotifyLevel::None;
    }
    let least = |level: NotifyLevel| device.map_or(level, |device| device.min(level));
    if let Some(particular) = reader.notify.level().or(person) {
        return least(particular);
    }
    match kind {
        // Who writes directly means the reader as much as who mentions: such a device hears of both.
        ConversationKind::Direct if device == Some(NotifyLevel::None) => NotifyLevel::None,
        ConversationKind::Direct => settings.direct,
        ConversationKind::Group => device.unwrap_or(settings.group),
        ConversationKind::Channel => device.unwrap_or(settings.level),
    }
}

/// The best reason to tell of a message.
fn reason(message: &Message, kind: ConversationKind, reader: &Reader<'_>) -> NotifyReason {
    let everybody = match message.mentions_all {
        Some(Broadcast::Channel) => true,
        Some(Broadcast::Here) => reader.presence != ReaderPresence::Offline,
        None => false,
    };
    if everybody || message.mentions.contains(&reader.user) {
        NotifyReason::Mention
    } else if message.parent_id.is_some_and(|parent| reader.follows.contains(&parent)) {
        NotifyReason::Reply
    } else if has_keyword(&message.body, &reader.settings.keywords) {
        NotifyReason::Keyword
    } else if kind == ConversationKind::Direct {
        NotifyReason::Direct
    } else {
        NotifyReason::Message
    }
}

/// Whether a moment lies in quiet hours. They begin on one of their days and may end on the next, so that the hours after
/// midnight belong to the day before.
pub fn is_quiet(quiet: &QuietHours, at: LocalTime) -> bool {
    let (from, to) = (quiet.from.minutes(), quiet.to.minutes());
    let begins_on = |day: u8| quiet.days.contains(&day);
    let (today, yesterday) = (at.weekday, (at.weekday + 6) % 7);
    if from < to {
        begins_on(today) && (from..to).contains(&at.minutes)
    } else {
        (begins_on(today) && at.minutes >= from) || (begins_on(yesterday) && at.minutes < to)
    }
}

/// Whether a text has one of the words, as a whole word, however it is written.
pub fn has_keyword(body: &str, keywords: &[String]) -> bool {
    if keywords.is_empty() {
        return false;
    }
    let text = folded(body);
    keywords.iter().map(|keyword| folded(keyword)).any(|keyword| has_word(&text, &keyword))
}

fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect::<String>().nfc().collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let (Some(first), Some(last)) = (word.chars().next(), word.chars().next_back()) else { return false };
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ends_between(before, first) && !after.is_some_and(is_combining_mark) && ends_between(after, last)
    })
}

/// Whether a word may end between these two: the one outside of it, if there is any, and its own.
fn ends_between(outside: Option<char>, own: char) -> bool {
    let Some(outside) = outside else { return true };
    let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
    !part_of_a_word(outside) || !part_of_a_word(own) || has_no_spaces(own) || has_no_spaces(outside)
}

/// Scripts that put no spaces between words: there, a word may stand anywhere.
fn has_no_spaces(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Settings as they may be: lists without doubles and of bounded length.
pub fn check_settings(user: UserId, mut update: NotificationUpdate) -> Result<NotificationUpdate, Refusal> {
    let refuse = |field, detail| Err(Refusal::new(Code::InvalidField).field(field).detail(detail));
    if let Some(keywords) = &mut update.keywords {
        let mut clean: Vec<String> = Vec::with_capacity(keywords.len().min(KEYWORDS));
        for keyword in keywords.iter().map(|keyword| keyword.trim()) {
            let fits = (1..=KEYWORD_CHARS).contains(&keyword.chars().count());
            if !fits || keyword.chars().any(char::is_control) {
                return refuse("keywords", "each keyword has 1 to 50 characters");
            }
            if !clean.iter().any(|known| folded(known) == folded(keyword)) {
                clean.push(keyword.to_owned());
            }
            if clean.len() > KEYWORDS {
                return refuse("keywords", "at most 50 keywords");
            }
        }
        *keywords = clean;
    }
    if let Some(Some(quiet)) = &mut update.quiet {
        quiet.days.sort_unstable();
        quiet.days.dedup();
        if quiet.days.is_empty() || quiet.days.iter().any(|day| *day > 6) {
            return refuse("quiet.days", "days are numbers from 0 (Sunday) to 6, at least one");
        }
    }
    if let Some(people) = &mut update.people {
        people.sort_by_key(|person| person.user_id);
        if people.len() > PEOPLE_LEVELS {
            return refuse("people", "at most 500 people");
        }
        if people.windows(2).any(|two| two[0].user_id == two[1].user_id) {
            return refuse("people", "each person once");
        }
        if people.iter().any(|person| person.user_id == user) {
            return refuse("people", "nobody is notified of their own messages");
        }
    }
    Ok(update)
}

#[cfg(test)]
mod tests;
