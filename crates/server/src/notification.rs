//! Notifications: the follower that decides whom to tell of new messages, and writes that down.
//!
//! It decides with the rules of core, from what the store and the hub know of the members, and writes entries of activity
//! and pushes together with its cursors. Sending is another matter, see `push/`. Telling many of one message takes several
//! writes, so that nobody's message waits behind them; how far it has got is a part of each, and after a crash it goes on
//! from there.

use std::sync::Arc;

use async_trait::async_trait;
use laserchat_core::notification::{LocalTime, Reader, ReaderPresence, push, tell};
use laserchat_protocol::conversation::ConversationKind;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{Event, Message, MessageKind, NotifyReason, Timestamp, UserId};
use laserchat_store::{Audience, Begin, FollowerStep, Listener, Notice, Progress, Question, Store, StoreError, Told};

use crate::app::App;
use crate::follow::{Batch, Follower, Stretch};
use crate::hub::Hub;
use crate::mail;
use crate::push::Pusher;

/// Members that are looked at, and notices that are written, at once.
const CHUNK: usize = 500;
/// Stands for everyone in a list of mentions.
const EVERYONE: UserId = UserId(0);
/// Stands for everybody in marks of how far a telling has got.
const EVERYBODY: UserId = UserId(i64::MAX as u64);

const NAME: &str = "notifications";

pub struct Bell {
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    pusher: Arc<Pusher>,
    /// For how long a push waits while its reader uses some device.
    hold_seconds: u64,
    /// Digests can be sent.
    mail: bool,
}

/// Notices on their way into the store, and how far the telling has got with them.
#[derive(Default)]
struct Telling {
    notices: Vec<Notice>,
    marks: Vec<Told>,
    /// What it is about.
    steps: Vec<FollowerStep>,
    /// Another node has got further: there is nothing to tell any more.
    overtaken: bool,
}

/// What there is to tell in one conversation.
struct News<'a> {
    stretch: &'a Stretch,
    messages: Vec<&'a Message>,
    /// Older messages that were edited and mention somebody.
    edited: Vec<&'a Message>,
}

#[async_trait]
impl Follower for Bell {
    fn name(&self) -> &'static str {
        NAME
    }

    fn begins(&self) -> Begin {
        Begin::AtHead
    }

    async fn take(&self, batch: &Batch) -> Result<bool, StoreError> {
        let news: Vec<News> = batch.stretches.iter().map(news).filter(|news| !news.is_empty()).collect();
        let questions = news.iter().map(|news| question(news, false)).collect();
        let audiences = self.store.audiences(questions).await?;
        let mut telling = Telling { steps: batch.steps(), ..Telling::default() };
        for (news, audience) in news.iter().zip(audiences) {
            if let Some(audience) = audience {
                self.retell(news, audience.kind, &mut telling).await?;
                self.tell(news, audience, &mut telling).await?;
            }
        }
        let sends = telling.notices.iter().any(|notice| !notice.devices.is_empty());
        let progress = Progress { follower: NAME, steps: telling.steps, partly: None };
        if telling.overtaken || !self.store.notify(telling.notices, progress).await? {
            return Ok(false);
        }
        if sends {
            self.pusher.wake();
        }
        Ok(true)
    }
}

/// The new messages of a stretch that somebody could be told of.
fn news(stretch: &Stretch) -> News<'_> {
    let messages = stretch.events.iter().filter_map(|event| match &**event {
        Event::MessageSent(e) | Event::MessageUpdated(e) => Some(&e.message),
        _ => None,
    });
    let texts = messages.filter(|message| message.kind == MessageKind::Text && message.deleted_at.is_none());
    let (mut messages, mut edited): (Vec<&Message>, Vec<&Message>) =
        texts.partition(|message| message.seq > stretch.after);
    messages.sort_by_key(|message| message.seq);
    edited.retain(|message| {
        message.edited_at.is_some() && (!message.mentions.is_empty() || message.mentions_all.is_some())
    });
    News { stretch, messages, edited }
}

impl News<'_> {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.edited.is_empty()
    }
}

/// What to ask the store for, to decide on all of these messages at once.
fn question(news: &News<'_>, everybody: bool) -> Question {
    fn each<T: Ord + Copy>(found: impl Iterator<Item = T>) -> Vec<T> {
        let mut found: Vec<T> = found.collect();
        found.sort_unstable();
        found.dedup();
        found
    }
    Question {
        conversation: news.stretch.conversation,
        everybody,
        mentioned: each(news.messages.iter().flat_map(|message| message.mentions.iter().copied())),
        senders: each(news.messages.iter().map(|message| message.sender_id)),
        parents: each(news.messages.iter().filter_map(|message| message.parent_id)),
        retold: None,
        after: UserId(0),
        limit: CHUNK,
    }
}

impl Bell {
    pub fn new(app: &App) -> Self {
        Bell {
            store: Arc::clone(&app.store),
            hub: Arc::clone(&app.hub),
            pusher: Arc::clone(&app.pusher),
            hold_seconds: app.config.notifications.hold_seconds,
            mail: app.mail.is_some(),
        }
    }

    /// Decides on every message of a conversation, by ascending seq and for each by ascending user, which is the order that
    /// marks speak of.
    async fn tell(&self, news: &News<'_>, first: Audience, telling: &mut Telling) -> Result<(), StoreError> {
        let conversation = news.stretch.conversation;
        let done = first.told;
        for message in &news.messages {
            let mentions_everybody = message.mentions_all.is_some() && first.kind == ConversationKind::Channel;
            if first.listeners.len() < CHUNK && !mentions_everybody {
                self.page(message, first.kind, &first.listeners, done, telling);
            } else {
                self.everybody(news, message, mentions_everybody, done, telling).await?;
            }
            telling.mark(Told { conversation, seq: message.seq, user: EVERYBODY });
            self.flush(telling).await?;
        }
        Ok(())
    }

    /// Decides for those whom an edit has mentioned, and who were not told of the message before. That they were is noted with
    /// the telling itself, so it needs no mark: what is done again after a crash finds them told.
    async fn retell(&self, news: &News<'_>, kind: ConversationKind, telling: &mut Telling) -> Result<(), StoreError> {
        if news.edited.is_empty() {
            return Ok(());
        }
        let added = self.store.mentions_added(news.stretch.conversation, news.stretch.after).await?;
        for message in &news.edited {
            let users: Vec<UserId> =
                added.iter().filter(|(seq, _)| *seq == message.seq).map(|(_, user)| *user).collect();
            let everybody = users.contains(&EVERYONE);
            let mut question = Question {
                conversation: news.stretch.conversation,
                everybody,
                mentioned: users.clone(),
                senders: vec![message.sender_id],
                parents: Vec::new(),
                retold: Some(message.id),
                after: UserId(0),
                limit: CHUNK,
            };
            while !users.is_empty() {
                let answer = self.store.audiences(vec![question.clone()]).await?.pop().flatten();
                let Some(Audience { mut listeners, .. }) = answer else { break };
                let last = listeners.last().filter(|_| listeners.len() == CHUNK).map(|listener| listener.user);
                listeners.retain(|listener| !listener.retold && (everybody || users.contains(&listener.user)));
                self.page(message, kind, &listeners, None, telling);
                self.flush(telling).await?;
                match last {
                    Some(last) => question.after = last,
                    None => break,
                }
            }
        }
        Ok(())
    }

    /// Decides for an audience that is too large to be held.
    async fn everybody(
        &self,
        news: &News<'_>,
        message: &Message,
        everybody: bool,
        done: Option<Told>,
        telling: &mut Telling,
    ) -> Result<(), StoreError> {
        let mut question = question(news, everybody);
        if let Some(done) = done.filter(|done| done.seq == message.seq) {
            question.after = done.user;
        }
        loop {
            let answer = self.store.audiences(vec![question.clone()]).await?.pop().flatten();
            let Some(Audience { kind, listeners, .. }) = answer else { return Ok(()) };
            self.page(message, kind, &listeners, done, telling);
            let Some(last) = listeners.last().filter(|_| listeners.len() == CHUNK) else { return Ok(()) };
            question.after = last.user;
            telling.mark(Told { conversation: message.conversation_id, seq: message.seq, user: last.user });
            self.flush(telling).await?;
        }
    }

    fn page(
        &self,
        message: &Message,
        kind: ConversationKind,
        listeners: &[Listener],
        done: Option<Told>,
        telling: &mut Telling,
    ) {
        let now = Timestamp::now();
        for listener in listeners {
            let told = done.is_some_and(|done| (message.seq, listener.user) <= (done.seq, done.user));
            if !told {
                telling.notices.extend(self.notice(message, kind, listener, now));
            }
        }
    }

    fn notice(&self, message: &Message, kind: ConversationKind, listener: &Listener, now: Timestamp) -> Option<Notice> {
        let presence = presence(&self.hub, listener.user);
        let reader = Reader {
            user: listener.user,
            bot: listener.bot,
            disabled: listener.disabled,
            joined: Some(listener.joined),
            read: listener.read,
            notify: listener.notify,
            muted_until: listener.muted_until,
            settings: &listener.settings,
            follows: &listener.follows,
            blocked: &listener.blocked,
            presence,
            // Only quiet hours ask what time it is.
            local: match listener.settings.quiet {
                Some(_) => local(now, listener.time_zone.as_deref()),
                None => LocalTime { weekday: 0, minutes: 0 },
            },
        };
        let told = tell(message, kind, &reader, now).ok();
        let mut reason = told;
        let mut devices = Vec::new();
        for device in &listener.devices {
            if let Ok(why) = push(message, kind, &reader, device.level, now) {
                devices.push(device.id);
                reason = reason.or(Some(why));
            }
        }
        let reason = reason.filter(|_| told.is_some() || !devices.is_empty())?;
        let listed = told.is_some_and(|reason| reason != NotifyReason::Message);
        if !listed && devices.is_empty() {
            return None;
        }
        let hold = if presence == ReaderPresence::Active { self.hold_seconds } else { 0 };
        Some(Notice {
            user: listener.user,
            conversation: message.conversation_id,
            message: message.id,
            seq: message.seq,
            sender: message.sender_id,
            reason,
            at: message.created_at,
            listed,
            digest_at: self.digest_at(listener, now).filter(|_| listed),
            devices,
            due_at: now.plus_seconds(hold),
        })
    }

    /// When a digest tells a reader of what comes now, unless one waits already.
    fn digest_at(&self, listener: &Listener, now: Timestamp) -> Option<Timestamp> {
        if !self.mail {
            return None;
        }
        mail::due(listener.settings.email, listener.time_zone.as_deref(), now)
    }

    /// Writes what has gathered, if that is a lot.
    async fn flush(&self, telling: &mut Telling) -> Result<(), StoreError> {
        if telling.notices.len() < CHUNK || telling.overtaken {
            return Ok(());
        }
        let (notices, marks) = (std::mem::take(&mut telling.notices), std::mem::take(&mut telling.marks));
        let progress = Progress { follower: NAME, steps: telling.steps.clone(), partly: Some(marks) };
        telling.overtaken = !self.store.notify(notices, progress).await?;
        self.pusher.wake();
        Ok(())
    }
}

impl Telling {
    fn mark(&mut self, told: Told) {
        match self.marks.iter_mut().find(|mark| mark.conversation == told.conversation) {
            Some(mark) => *mark = told,
            None => self.marks.push(told),
        }
    }
}

/// How present somebody is, from the connections that there are now, on any node.
pub fn presence(hub: &Hub, user: UserId) -> ReaderPresence {
    hub.activities(user).into_iter().fold(ReaderPresence::Offline, |so_far, activity| match (so_far, activity) {
        (ReaderPresence::DoNotDisturb, _) | (_, Activity::DoNotDisturb) => ReaderPresence::DoNotDisturb,
        (ReaderPresence::Active, _) | (_, Activity::Active) => ReaderPresence::Active,
        (_, Activity::Away) => ReaderPresence::Away,
    })
}

/// What the clock shows in a time zone at a moment. Whoever has no zone, or one that is not known, lives by UTC.
pub fn local(at: Timestamp, zone: Option<&str>) -> LocalTime {
    let zone = zone.and_then(|name| jiff::tz::TimeZone::get(name).ok()).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone);
    let minutes = i32::from(at.hour()) * 60 + i32::from(at.minute());
    LocalTime {
        weekday: at.weekday().to_sunday_zero_offset().unsigned_abs(),
        minutes: u16::try_from(minutes).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_on_the_wall_follow_daylight_saving() {
        let at = |text: &str, zone| local(text.parse().unwrap(), Some(zone));
        let shown = |weekday, hours: u16, minutes| LocalTime { weekday, minutes: hours * 60 + minutes };
        // Berlin, on the last Sundays of March and October 2026: the clock jumps, and shows an hour twice.
        assert_eq!(at("2026-03-29T00:59:00Z", "Europe/Berlin"), shown(0, 1, 59));
        assert_eq!(at("2026-03-29T01:00:00Z", "Europe/Berlin"), shown(0, 3, 0));
        assert_eq!(at("2026-10-25T00:30:00Z", "Europe/Berlin"), shown(0, 2, 30));
        assert_eq!(at("2026-10-25T01:30:00Z", "Europe/Berlin"), shown(0, 2, 30));
        assert_eq!(at("2026-01-01T00:00:00Z", "Asia/Kolkata"), shown(4, 5, 30));
        assert_eq!(at("2026-01-01T00:00:00Z", "America/New_York"), shown(3, 19, 0));
        assert_eq!(at("2026-01-01T00:00:00Z", "No/Such"), shown(4, 0, 0));
    }
}
