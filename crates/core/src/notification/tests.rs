//! Rules as tables where they are particular, and as properties where they hold for all.

use laserchat_protocol::notification::PersonLevel;
use laserchat_protocol::{ConversationId, limits};
use proptest::prelude::*;

use super::*;

const READER: UserId = UserId(1);
const SENDER: UserId = UserId(2);
const NOW: Timestamp = Timestamp(1_000_000);

fn message(body: &str) -> Message {
    Message {
        id: MessageId(10),
        conversation_id: ConversationId(5),
        seq: 10,
        changed: 10,
        sender_id: SENDER,
        client_id: "c".into(),
        kind: MessageKind::Text,
        body: body.into(),
        created_at: NOW,
        edited_at: None,
        deleted_at: None,
        parent_id: None,
        reply_count: 0,
        last_reply_at: None,
        reactions: Vec::new(),
        mentions: Vec::new(),
        mentions_all: None,
        pinned_at: None,
        pinned_by: None,
        forwarded_from: None,
        system: None,
        attachments: Vec::new(),
        previews: Vec::new(),
        no_previews: false,
        shown_as: None,
        poll: None,
        following: false,
    }
}

fn reader(settings: &NotificationSettings) -> Reader<'_> {
    Reader {
        user: READER,
        bot: false,
        disabled: false,
        joined: Some(1),
        read: 0,
        notify: Notify::Default,
        muted_until: None,
        settings,
        follows: &[],
        blocked: &[],
        presence: ReaderPresence::Offline,
        local: LocalTime { weekday: 1, minutes: 12 * 60 },
    }
}

#[test]
fn what_is_told_without_any_settings() {
    let settings = NotificationSettings::default();
    let reader = reader(&settings);
    use ConversationKind::*;
    assert_eq!(tell(&message("x"), Direct, &reader, NOW), Ok(NotifyReason::Direct));
    assert_eq!(tell(&message("x"), Group, &reader, NOW), Ok(NotifyReason::Message));
    assert_eq!(tell(&message("x"), Channel, &reader, NOW), Err(Silence::Level));
    let named = Message { mentions: vec![READER], ..message("x") };
    assert_eq!(tell(&named, Channel, &reader, NOW), Ok(NotifyReason::Mention));
    let reply = Message { parent_id: Some(MessageId(3)), ..message("x") };
    assert_eq!(tell(&reply, Channel, &reader, NOW), Err(Silence::Level));
    let follower = Reader { follows: &[MessageId(3)], ..reader.clone() };
    assert_eq!(tell(&reply, Channel, &follower, NOW), Ok(NotifyReason::Reply));
}

#[test]
fn here_is_for_who_is_here() {
    let settings = NotificationSettings::default();
    let here = Message { mentions_all: Some(Broadcast::Here), ..message("x") };
    let absent = reader(&settings);
    assert_eq!(tell(&here, ConversationKind::Channel, &absent, NOW), Err(Silence::Level));
    let present = Reader { presence: ReaderPresence::Away, ..absent };
    assert_eq!(tell(&here, ConversationKind::Channel, &present, NOW), Ok(NotifyReason::Mention));
}

#[test]
fn the_most_particular_setting_counts() {
    use NotifyLevel::{All, Mentions};
    const NOTHING: NotifyLevel = NotifyLevel::None;
    let told = |level, person: Option<NotifyLevel>, notify, device| {
        let people = person.map(|level| PersonLevel { user_id: SENDER, level }).into_iter().collect();
        let settings = NotificationSettings { level, people, ..NotificationSettings::default() };
        let reader = Reader { notify, ..reader(&settings) };
        super::level(SENDER, ConversationKind::Channel, &reader, device)
    };
    assert_eq!(told(All, None, Notify::Default, None), All);
    assert_eq!(told(All, Some(Mentions), Notify::Default, None), Mentions);
    assert_eq!(told(Mentions, Some(All), Notify::Default, None), All);
    assert_eq!(told(All, Some(All), Notify::None, None), NOTHING, "the conversation before the person");
    assert_eq!(told(NOTHING, Some(Mentions), Notify::All, None), All);
    assert_eq!(told(All, Some(NOTHING), Notify::All, None), NOTHING, "who is silenced is silent everywhere");
    assert_eq!(told(Mentions, None, Notify::Default, Some(All)), All, "a device in place of the general level");
    assert_eq!(told(Mentions, None, Notify::Mentions, Some(All)), Mentions, "but not of a particular one");
    assert_eq!(told(All, None, Notify::All, Some(Mentions)), Mentions, "of which it can want less");
}

#[test]
fn a_device_for_mentions_hears_direct_messages() {
    let settings = NotificationSettings::default();
    let reader = reader(&settings);
    let direct = |device| push(&message("x"), ConversationKind::Direct, &reader, Some(device), NOW);
    assert_eq!(direct(NotifyLevel::Mentions), Ok(NotifyReason::Direct));
    assert_eq!(direct(NotifyLevel::None), Err(Silence::Level));
}

#[test]
fn quiet_hours_cross_midnight_with_their_day() {
    let quiet = |from: &str, to: &str, days: &[u8]| QuietHours {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        days: days.to_vec(),
    };
    let at = |weekday, hours: u16, minutes| LocalTime { weekday, minutes: hours * 60 + minutes };
    let night = quiet("22:00", "07:00", &[5]);
    for (moment, expected) in [
        (at(5, 21, 59), false),
        (at(5, 22, 0), true),
        (at(6, 6, 59), true),
        (at(6, 7, 0), false),
        (at(5, 3, 0), false),
        (at(6, 23, 0), false),
    ] {
        assert_eq!(is_quiet(&night, moment), expected, "{moment:?}");
    }
    let saturday = quiet("22:00", "07:00", &[6]);
    assert!(is_quiet(&saturday, at(0, 1, 0)), "Sunday follows Saturday");
    let noon = quiet("12:00", "13:00", &[1]);
    assert!(is_quiet(&noon, at(1, 12, 0)) && !is_quiet(&noon, at(1, 13, 0)) && !is_quiet(&noon, at(2, 12, 0)));
    let whole = quiet("09:00", "09:00", &[1]);
    assert!(is_quiet(&whole, at(1, 9, 0)) && is_quiet(&whole, at(2, 8, 59)) && !is_quiet(&whole, at(2, 9, 0)));
}

#[test]
fn keywords_are_whole_words_in_any_script() {
    for (body, keyword, expected) in [
        ("deploy now", "deploy", true),
        ("Deploy!", "deploy", true),
        ("redeploy deployed", "deploy", false),
        ("on-call tonight", "on-call", true),
        ("(C++)", "c++", true),
        ("STRASSE ﬁne", "fine", true),
        ("Привет, Мир!", "мир", true),
        ("мировой", "мир", false),
        ("مرحبا بالعالم", "مرحبا", true),
        ("请部署服务", "部署", true),
        ("今日はデプロイです", "デプロイ", true),
        ("สวัสดีครับ", "สวัสดี", true),
        ("안녕하세요", "안녕", false),
        ("안녕 하세요", "안녕", true),
        ("cafe\u{301}", "café", true),
        ("cafe\u{301}", "cafe", false),
        ("a 🎉 b", "🎉", true),
        ("x", "", false),
    ] {
        assert_eq!(has_keyword(body, &[keyword.to_owned()]), expected, "{keyword} in {body}");
    }
}

#[test]
fn settings_are_bounded() {
    let check = |update| check_settings(READER, update);
    let words = |words: &[&str]| NotificationUpdate {
        keywords: Some(words.iter().map(|word| (*word).to_owned()).collect()),
        ..NotificationUpdate::default()
    };
    assert_eq!(check(words(&[" a ", "A", "b"])).unwrap().keywords.unwrap(), ["a", "b"]);
    for bad in [words(&[""]), words(&["  "]), words(&["a\nb"]), words(&[&"x".repeat(limits::KEYWORD_CHARS + 1)])] {
        assert_eq!(check(bad).unwrap_err().code, Code::InvalidField);
    }
    let many: Vec<String> = (0..=KEYWORDS).map(|n| format!("word{n}")).collect();
    assert!(check(words(&many.iter().map(String::as_str).collect::<Vec<_>>())).is_err());
    let days = |days: Vec<u8>| NotificationUpdate {
        quiet: Some(Some(QuietHours { from: "22:00".parse().unwrap(), to: "07:00".parse().unwrap(), days })),
        ..NotificationUpdate::default()
    };
    assert!(check(days(vec![6, 0, 0])).is_ok_and(|update| update.quiet.unwrap().unwrap().days == [0, 6]));
    assert!(check(days(vec![])).is_err() && check(days(vec![7])).is_err());
    let people = |ids: &[u64]| NotificationUpdate {
        people: Some(ids.iter().map(|id| PersonLevel { user_id: UserId(*id), level: NotifyLevel::All }).collect()),
        ..NotificationUpdate::default()
    };
    assert!(check(people(&[3, 2])).is_ok());
    assert!(check(people(&[2, 2])).is_err() && check(people(&[1])).is_err());
    assert!(check(people(&(2..=502).collect::<Vec<_>>())).is_err());
}

fn levels() -> impl Strategy<Value = NotifyLevel> {
    prop_oneof![Just(NotifyLevel::None), Just(NotifyLevel::Mentions), Just(NotifyLevel::All)]
}

fn kinds() -> impl Strategy<Value = ConversationKind> {
    prop_oneof![Just(ConversationKind::Direct), Just(ConversationKind::Group), Just(ConversationKind::Channel)]
}

fn notifies() -> impl Strategy<Value = Notify> {
    prop_oneof![Just(Notify::Default), Just(Notify::All), Just(Notify::Mentions), Just(Notify::None)]
}

prop_compose! {
    fn all_settings()(level in levels(), group in levels(), direct in levels(), person in proptest::option::of(levels()),
                      keyword in any::<bool>(), quiet in any::<bool>()) -> NotificationSettings {
        NotificationSettings {
            level, group, direct,
            keywords: keyword.then(|| "deploy".to_owned()).into_iter().collect(),
            quiet: quiet.then(|| QuietHours { from: "22:00".parse().unwrap(), to: "07:00".parse().unwrap(), days: (0..7).collect() }),
            people: person.map(|level| PersonLevel { user_id: SENDER, level }).into_iter().collect(),
            ..NotificationSettings::default()
        }
    }
}

prop_compose! {
    fn messages()(named in any::<bool>(), all in 0..3, reply in any::<bool>(), word in any::<bool>(), seq in 2..20u64) -> Message {
        Message {
            seq,
            mentions: if named { vec![READER] } else { Vec::new() },
            mentions_all: [None, Some(Broadcast::Here), Some(Broadcast::Channel)][all as usize],
            parent_id: reply.then_some(MessageId(3)),
            body: if word { "please deploy".into() } else { "hello".into() },
            ..message("")
        }
    }
}

proptest! {
    /// A device gets a push only of what belongs to what its owner is notified of at the highest level, and never of what
    /// is one's own, of somebody who is blocked, of a conversation that one is not in, or in quiet hours.
    #[test]
    fn silence_is_kept(settings in all_settings(), message in messages(), kind in kinds(), notify in notifies(),
                       device in proptest::option::of(levels()), read in 0..20u64, joined in proptest::option::of(0..20u64),
                       own in any::<bool>(), bot in any::<bool>(), blocked in any::<bool>(), muted in any::<bool>(),
                       hour in 0..24u16, presence in 0..4usize) {
        let presence = [ReaderPresence::Offline, ReaderPresence::Away, ReaderPresence::Active, ReaderPresence::DoNotDisturb][presence];
        let list = [SENDER];
        let reader = Reader {
            bot, notify, joined, read, presence,
            blocked: if blocked { &list } else { &[] },
            muted_until: muted.then_some(Timestamp(NOW.0 + 1)),
            local: LocalTime { weekday: 3, minutes: hour * 60 },
            ..reader(&settings)
        };
        let message = if own { Message { sender_id: READER, ..message } } else { message };
        let pushed = push(&message, kind, &reader, device, NOW);
        let member = joined.is_some_and(|joined| joined < message.seq);
        let night = settings.quiet.is_some() && !(7..22).contains(&hour);
        let silenced = settings.people.iter().any(|person| person.level == NotifyLevel::None);
        if own || bot || blocked || muted || silenced || !member || night || notify == Notify::None || read >= message.seq
            || device == Some(NotifyLevel::None) || presence == ReaderPresence::DoNotDisturb {
            prop_assert!(pushed.is_err(), "{pushed:?}");
        }
        // Without a level of its own a device gets exactly what is told, at a time when it may be pushed.
        let told = tell(&message, kind, &reader, NOW);
        if device.is_none() && pushed.is_ok() {
            prop_assert_eq!(pushed, told);
        }
        // Presence and the clock change what is pushed, and not what belongs to the reader's activity, `@here` aside.
        if message.mentions_all != Some(Broadcast::Here) {
            let elsewhere = Reader { presence: ReaderPresence::Offline, local: LocalTime { weekday: 0, minutes: 0 }, ..reader };
            prop_assert_eq!(told, tell(&message, kind, &elsewhere, NOW));
        }
    }

    /// Wanting to hear more never makes one hear less.
    #[test]
    fn a_larger_level_includes_a_smaller(settings in all_settings(), message in messages(), kind in kinds()) {
        let heard = |level| {
            let settings = NotificationSettings { level, group: level, direct: level, ..settings.clone() };
            tell(&message, kind, &reader(&settings), NOW).is_ok()
        };
        let (none, some, all) = (heard(NotifyLevel::None), heard(NotifyLevel::Mentions), heard(NotifyLevel::All));
        prop_assert!(none <= some && some <= all);
    }

    #[test]
    fn any_text_is_searched_without_panic(body in "\\PC{0,60}", word in "\\PC{0,6}") {
        let found = has_keyword(&format!("x {word} y"), std::slice::from_ref(&word));
        let blank = folded(&word).is_empty();
        prop_assert!(found || blank || word.starts_with(is_combining_mark) || folded(&word) != word);
        has_keyword(&body, &[word]);
    }
}
