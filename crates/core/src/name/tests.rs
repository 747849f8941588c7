//! Names of real people, names of impostors, and arbitrary text.

use super::*;
use proptest::prelude::*;

fn username(text: &str) -> Result<String, NameError> {
    Username::parse(text).map(Username::into_string)
}

fn skeleton(text: &str) -> String {
    Username::parse(text).unwrap().skeleton()
}

#[test]
fn usernames_are_plain_and_lower_case() {
    for name in ["bob", "Alice", "a.b_c-d", "x1y2z3", "123", &"a".repeat(50)] {
        assert_eq!(username(name), Ok(name.to_lowercase()));
    }
    assert_eq!(username("ab"), Err(NameError::TooShort { min: 3 }));
    assert_eq!(username(""), Err(NameError::TooShort { min: 3 }));
    assert_eq!(username(&"a".repeat(51)), Err(NameError::TooLong { max: 50 }));
    for name in [".bob", "bob.", "-bob", "bob_", "b..b", "b.-b", "b__b", "..."] {
        assert_eq!(username(name), Err(NameError::Separators), "{name}");
    }
    for (name, wrong) in [
        ("bob smith", ' '),
        ("b\u{0}b", '\0'),
        ("jos\u{e9}", '\u{e9}'),
        ("b\u{43e}b", '\u{43e}'),
        ("bob\u{200b}", '\u{200b}'),
        ("\u{202e}bob", '\u{202e}'),
        ("bob@home", '@'),
        ("b/b", '/'),
    ] {
        assert_eq!(username(name), Err(NameError::Character(wrong)));
    }
}

#[test]
fn reserved_names_and_their_likenesses_are_refused() {
    for name in [
        "admin",
        "ADMIN",
        "adm1n",
        "here",
        "channel",
        "everyone",
        "r00t",
        "system",
        "support",
        "laserchat",
        "1aserchat",
    ] {
        assert_eq!(username(name), Err(NameError::Reserved), "{name}");
    }
    for name in ["no-reply", "no_reply", "n0.reply", "rnoderator", "moderat0r"] {
        assert_eq!(username(name), Err(NameError::Reserved), "{name}");
    }
    for name in ["administration", "hereward", "roots", "my-system"] {
        assert!(username(name).is_ok(), "{name}");
    }
}

#[test]
fn names_that_look_alike_share_a_skeleton() {
    for (one, other) in [
        ("Bob", "b0b"),
        ("lily", "1i1y"),
        ("morgan", "rnorgan"),
        ("wendy", "vvendy"),
        ("anna.b", "anna_b"),
        ("anna-b", "anna_b"),
        ("xvvv", "xvw"),
        ("xvvv", "xwv"),
    ] {
        assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
    }
    for (one, other) in [("bob", "bab"), ("anna.b", "annab"), ("mary", "nary"), ("ann", "anne")] {
        assert_ne!(skeleton(one), skeleton(other), "{one} {other}");
    }
}

#[test]
fn names_of_the_world_are_kept() {
    for name in [
        "Zoë Saldaña",
        "Nguyễn Thị Minh Khai",
        "محمد بن سلمان",
        "می\u{200c}خواهم",
        "ශ්\u{200d}රී ලංකා",
        "क्\u{200d}ष",
        "ന്\u{200d}",
        "孫悟空",
        "김철수",
        "Bjørn (he/him) 🦀",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 family",
        "❤\u{fe0f}\u{200d}🔥",
        "🏳\u{fe0f}\u{200d}🌈",
        "👍🏽",
        "1\u{fe0f}\u{20e3}",
        "🇩🇪",
        "שָׁלוֹם",
        "O'Brien-Łukasz",
    ] {
        let composed: String = name.nfc().collect();
        assert_eq!(display_name(name), Ok(composed));
    }
}

#[test]
fn white_space_is_trimmed_and_collapsed_and_text_composed() {
    assert_eq!(display_name("  Ada \t\u{a0}\u{3000}\n Lovelace \r\n"), Ok("Ada Lovelace".to_owned()));
    assert_eq!(display_name("Jose\u{301}"), Ok("Jos\u{e9}".to_owned()));
    assert_eq!(topic(""), Ok(String::new()));
    assert_eq!(topic("one\ntwo"), Ok("one two".to_owned()));
    assert_eq!(about("  one \r\n two\n\n\n\nthree \n"), Ok("one\ntwo\n\nthree".to_owned()));
}

#[test]
fn lengths_are_counted_in_characters_after_cleaning() {
    for (check, max) in [
        (display_name as fn(&str) -> Result<String, NameError>, 80),
        (conversation_name, 100),
        (topic, 1000),
        (about, 500),
    ] {
        let longest = "\u{1f980}".repeat(max);
        assert_eq!(check(&format!("  {longest}  ")), Ok(longest.clone()));
        assert_eq!(check(&format!("{longest}x")), Err(NameError::TooLong { max }));
    }
    for empty in ["", " ", "\n\t\u{2003}"] {
        assert_eq!(display_name(empty), Err(NameError::TooShort { min: 1 }));
        assert_eq!(conversation_name(empty), Err(NameError::TooShort { min: 1 }));
    }
}

#[test]
fn what_cannot_be_seen_is_refused() {
    let hidden = [
        "\0\u{1}\u{1b}\u{7f}\u{9b}",
        "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}",
        "\u{200b}\u{2060}\u{feff}\u{ad}\u{34f}\u{180e}\u{2061}\u{2064}\u{206a}\u{206f}",
        "\u{e0001}\u{e0020}\u{e007f}\u{e0100}\u{e01ef}\u{fe00}\u{fe0e}\u{fe0f}",
        "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}\u{fff9}\u{1d173}\u{fffe}\u{10ffff}\u{fdd0}",
        "\u{200c}\u{200d}",
    ];
    for c in hidden.iter().flat_map(|group| group.chars()) {
        for text in [format!("A{c}lice"), format!("{c}Alice"), format!("Alice{c}"), format!("A {c} B"), c.to_string()] {
            for check in [display_name, conversation_name, topic, about] {
                assert_eq!(check(&text), Err(NameError::Character(c)), "{text:?}");
            }
        }
    }
}

#[test]
fn joiners_and_selectors_are_refused_where_they_do_nothing() {
    for text in [
        "Ali\u{200d}ce",
        "👩\u{200d}",
        "👩\u{200d}\u{200d}👩",
        "👩\u{200c}👩",
        "👩 \u{200d}👩",
        "می\u{200c}x",
        "می\u{200c}\u{200c}خ",
        "A\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
    ] {
        assert!(
            matches!(display_name(text), Err(NameError::Character('\u{200c}' | '\u{200d}' | '\u{fe0f}'))),
            "{text:?}"
        );
    }
}

#[test]
fn heaps_of_accents_are_refused() {
    assert_eq!(display_name(&format!("x{}", "\u{323}".repeat(7))), Err(NameError::Accents));
    assert_eq!(display_name("\u{301}x"), Err(NameError::Accents));
    assert_eq!(display_name(" \u{301}x"), Err(NameError::Accents));
}

#[test]
fn errors_tell_what_is_wrong() {
    assert_eq!(NameError::Character('\u{202e}').to_string(), "must not contain the character U+202E");
    assert_eq!(NameError::TooLong { max: 80 }.to_string(), "must have at most 80 characters");
}

#[test]
fn email_addresses() {
    for (text, address) in [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("a+b.c@x.y.z", "a+b.c@x.y.z"),
        ("root@localhost", "root@localhost"),
        ("jörg@müller.de", "jörg@müller.de"),
    ] {
        assert_eq!(email(text), Ok(address.to_owned()));
    }
    for text in ["", "@", "a@", "@b", "ab", "a@b@c", "a@.b", "a@b.", "a@b..c", "a@-b", "<a@b>", "a,b@c"] {
        assert_eq!(email(text), Err(NameError::Email), "{text}");
    }
    for text in ["a b@c", "a@b\u{0}c", "a\u{202e}@b", "a@b\nc"] {
        assert!(matches!(email(text), Err(NameError::Character(_))), "{text:?}");
    }
    assert_eq!(email(&format!("{}@b", "a".repeat(65))), Err(NameError::Email));
    assert_eq!(email(&format!("a@{}", "b".repeat(253))), Err(NameError::TooLong { max: 254 }));
}

#[test]
fn words_are_folded() {
    let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
    check("José  García-Márquez", &["jose", "garcia", "marquez"]);
    check("alice_smith.42", &["alice", "smith", "42"]);
    check("Straße ÆRØ Łódź", &["strasse", "aero", "lodz"]);
    check("ＦＵＬＬ ﬁne", &["full", "fine"]);
    check("İstanbul ΣΊΣΥΦΟΣ", &["istanbul", "σισυφοσ"]);
    check("bob Bob BOB", &["bob"]);
    check("孫悟空", &["孫悟空"]);
    check("हिन्दी", &["हिन्दी"]);
    check("🦀 -- \0", &[]);
    check("שָׁלוֹם", &["שלום"]);
    assert_ne!(words("が"), words("か"));
    assert_eq!(words(&"x".repeat(1000)), ["x".repeat(SEARCH_WORD_CHARS)]);
    let many: String = (0..100).map(|n| format!("w{n} ")).collect();
    assert_eq!(words(&many).len(), SEARCH_WORDS);
}

proptest! {
    #[test]
    fn a_clean_text_stays_as_it_is(text in "\\PC{0,120}", raw in any::<String>()) {
        for text in [text, raw] {
            for check in [display_name, conversation_name, topic, about] {
                if let Ok(once) = check(&text) {
                    prop_assert_eq!(check(&once), Ok(once.clone()));
                    prop_assert!(!once.chars().any(|c| c.is_control() && c != '\n'));
                }
            }
        }
    }

    #[test]
    fn any_short_latin_text_with_accents_is_a_name(text in "[A-Za-zÀ-ÖØ-öø-ſ][A-Za-zÀ-ÖØ-öø-ſ ']{0,78}") {
        prop_assert!(display_name(&text).is_ok());
    }

    #[test]
    fn usernames_parse_to_themselves(text in "[a-zA-Z0-9]([._-]?[a-zA-Z0-9]){2,24}") {
        if let Ok(name) = Username::parse(&text) {
            prop_assert_eq!(Username::parse(name.as_str()), Ok(name.clone()));
            let shouted = Username::parse(&text.to_uppercase()).map(|name| name.skeleton());
            prop_assert_eq!(shouted, Ok(name.skeleton()));
        } else {
            prop_assert_eq!(Username::parse(&text), Err(NameError::Reserved));
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = (Username::parse(&text), email(&text));
        let found = words(&text);
        prop_assert!(found.len() <= SEARCH_WORDS);
        prop_assert!(found.iter().all(|word| !word.is_empty() && word.chars().count() <= 2 * SEARCH_WORD_CHARS));
    }

    #[test]
    fn folding_words_again_changes_nothing(text in "\\PC{0,60}") {
        let once = words(&text);
        prop_assert_eq!(words(&once.join(" ")), once);
    }

    #[test]
    fn an_email_parses_to_itself(text in "[A-Za-z0-9.+-]{1,20}@[A-Za-zÀ-ſ0-9.-]{1,30}") {
        if let Ok(address) = email(&text) {
            prop_assert_eq!(email(&address), Ok(address.clone()));
        }
    }
}
