//! Which place wins, and what every mistake is answered with.

use super::*;
use clap::{Command, FromArgMatches};
use std::collections::HashSet;

fn flags(args: &[&str]) -> Flags {
    let matches = add_flags(Command::new("serve").no_binary_name(true)).try_get_matches_from(args).unwrap();
    Flags::from_arg_matches(&matches).unwrap()
}

fn env(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
}

/// Loads with the given file (none when empty), environment and flags.
fn try_load(file: &str, variables: &[(&str, &str)], args: &[&str]) -> Result<Loaded, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("laserchat.toml");
    std::fs::write(&path, file).unwrap();
    let mut variables = env(variables);
    if !file.is_empty() {
        variables.push((FILE_ENV.into(), path.into()));
    }
    load(&flags(args), variables)
}

fn config(file: &str, variables: &[(&str, &str)], args: &[&str]) -> Config {
    try_load(file, variables, args).unwrap().config
}

fn refused(file: &str, variables: &[(&str, &str)], args: &[&str]) -> String {
    try_load(file, variables, args).expect_err("the configuration should be refused").to_string()
}

#[test]
fn nothing_needs_to_be_configured() {
    let loaded = try_load("", &[("PATH", "/bin"), ("LASER", "x")], &[]).unwrap();
    assert_eq!(loaded.config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(loaded.config.data, Path::new("laserchat-data"));
    assert_eq!(loaded.config.registration, Registration::Open);
    assert_eq!(loaded.config.public_url, None);
    assert!(loaded.config.rate_limits && loaded.config.trusted_proxies.is_empty());
    assert_eq!(loaded.effective().len(), KEYS.len());
    for (row, key) in loaded.effective().iter().zip(KEYS.iter()) {
        assert_eq!((row.key, row.value.as_str(), row.origin.as_str()), (key.name, key.default, "default"));
    }
}

#[test]
fn serving_takes_an_address_and_a_directory() {
    let config = config("", &[], &["--listen", "0.0.0.0:9000", "--data", "/srv/chat", "--rate-limits", "off"]);
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.data, Path::new("/srv/chat"));
    assert!(!config.rate_limits);
    assert_eq!((config.connections_per_user(), config.connections_per_address()), (None, None));
}

/// Two right values for each key, as text and as TOML.
fn samples(key: &Key) -> [(String, String); 2] {
    let text = |text: &str| (text.to_owned(), format!("{text:?}"));
    match key.kind {
        kind::Kind::Address => [text("[::1]:0"), text("10.1.2.3:65535")],
        kind::Kind::MaybeAddress => [text("0.0.0.0:80"), text("[::]:8080")],
        kind::Kind::Hosts => [
            ("chat.example.org, localhost".to_owned(), "[\"chat.example.org\", \"localhost\"]".to_owned()),
            ("a-b.example.org".to_owned(), "[\"a-b.example.org\"]".to_owned()),
        ],
        kind::Kind::Path => [text("/srv/a b"), text("data")],
        kind::Kind::Site => [text("https://chat.example.org"), text("http://localhost:8080/")],
        kind::Kind::Url => [text("http://collector:4318/v1/traces"), text("https://otel.example.org")],
        kind::Kind::Choice(words) => [text(words[1]), text(words[0])],
        kind::Kind::Number { min, max } => [(max.to_string(), max.to_string()), (min.to_string(), min.to_string())],
        kind::Kind::Networks => [
            ("10.0.0.0/8, ::1".to_owned(), "[\"10.0.0.0/8\", \"::1\"]".to_owned()),
            ("192.0.2.7".to_owned(), "[\"192.0.2.7\"]".to_owned()),
        ],
        kind::Kind::Text => [text("s3://bucket/folder"), text("eu-north-1")],
        kind::Kind::Secret => [text("a secret"), text("another")],
        kind::Kind::Database => [text("postgres://name:word@one,two/chat"), text("postgresql://localhost/chat")],
        kind::Kind::MailServer => {
            [text("smtps://chat:p%40ss@mail.example.org"), text("starttls://mail.example.org:2587")]
        }
        kind::Kind::Bus => [text("nats://user:pass@one:4222,tls://two:4222"), text("nats://localhost:4222")],
        kind::Kind::Some(words) => {
            let list = |words: &[&str]| (words.join(", "), format!("{words:?}"));
            [list(words), list(&words[..1])]
        }
        kind::Kind::Mailbox => [text("Chat <chat@example.org>"), text("chat@example.org")],
        kind::Kind::Place => [text("/run/clamav/clamd.ctl"), text("scanner:3310")],
        kind::Kind::Filter => [text("info,laserchat_server=debug"), text("trace")],
    }
}

#[test]
fn each_key_is_taken_from_file_environment_and_flag_in_that_order_of_weakness() {
    for key in KEYS.iter() {
        // The queue must hold the largest frame, so the frame stays small while other numbers are tried.
        let (file_prefix, small) = match key.name {
            "smtp.url" => ("public_url = \"http://localhost\"\nsmtp.from = \"a@b.c\"\n", vec![]),
            "tls.certificate" => ("tls.key = \"key.pem\"\n", vec![]),
            "tls.key" => ("tls.certificate = \"chain.pem\"\n", vec![]),
            "tls.redirect" => ("tls.acme.domains = [\"localhost\"]\n", vec![]),
            "limits.frame_bytes" => ("queue.bytes = 1073741824\n", vec![]),
            "queue.bytes" => ("", vec![("LASERCHAT_LIMITS_FRAME_BYTES", "4096")]),
            _ => ("", vec![]),
        };
        let row = |loaded: Loaded| loaded.effective().iter().find(|row| row.key == key.name).unwrap().clone();
        let [(one, one_toml), (two, _)] = samples(key);
        let file = format!("{file_prefix}{} = {one_toml}\n", key.name);
        let flag = format!("--{}", key.flag);
        let shown = |text: &str| if key.kind.is_secret() { "(set)" } else { text }.to_owned();

        let from_file = row(try_load(&file, &small, &[]).unwrap());
        assert_eq!(from_file.value, shown(&one), "{}", key.name);
        assert!(from_file.origin.starts_with("file ") && from_file.origin.ends_with("laserchat.toml"));

        let mut variables = small.clone();
        variables.push((&key.env, &two));
        let from_env = row(try_load(&file, &variables, &[]).unwrap());
        assert_eq!((from_env.value, from_env.origin), (shown(&two), format!("environment variable {}", key.env)));

        let from_flag = row(try_load(&file, &variables, &[&flag, &one]).unwrap());
        assert_eq!((from_flag.value, from_flag.origin), (shown(&one), format!("flag {flag}")));
    }
}

#[test]
fn names_of_keys_variables_and_flags_are_unique() {
    let names: HashSet<&str> = KEYS.iter().map(|key| key.name).collect();
    let variables: HashSet<&str> = KEYS.iter().map(|key| key.env.as_str()).chain([FILE_ENV]).collect();
    let flags: HashSet<&str> = KEYS.iter().map(|key| key.flag.as_str()).chain([FILE_FLAG]).collect();
    assert_eq!((names.len(), variables.len(), flags.len()), (KEYS.len(), KEYS.len() + 1, KEYS.len() + 1));
    assert!(variables.contains("LASERCHAT_LIMITS_BODY_BYTES") && flags.contains("limits-body-bytes"));
    add_flags(Command::new("serve")).debug_assert();
}

#[test]
fn flags_are_part_of_a_derived_command_line() {
    use clap::Parser;
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: Flags,
        #[arg(long)]
        other: bool,
    }
    let line = Line::parse_from(["laserchat", "--other", "--queue-frames", "9", "--config", "x.toml"]);
    assert!(line.other);
    assert_eq!(line.config.file(), Some(Path::new("x.toml")));
    assert_eq!(line.config.values().map(|(key, text)| (key.name, text)).collect::<Vec<_>>(), [("queue.frames", "9")]);
}

#[test]
fn tables_of_the_file_become_fields() {
    let file = r#"
        listen = "[::]:80"
        registration = "invitation"
        public_url = "https://chat.example.org/"
        trusted_proxies = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]
        [log]
        format = "json"
        [limits]
        connections_per_user = 7
        [shutdown]
        drain_seconds = 0
    "#;
    let config = config(file, &[("LASERCHAT_OTEL_ENDPOINT", "http://localhost:4317")], &[]);
    assert_eq!(config.registration, Registration::Invitation);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.connections_per_user(), Some(7));
    assert_eq!(config.shutdown.drain_seconds, 0);
    assert_eq!(config.otel.endpoint.as_deref(), Some("http://localhost:4317"));
    assert_eq!(config.base_url(config.listen), "https://chat.example.org");
    for (address, trusted) in [
        ("10.255.0.1", true),
        ("11.0.0.1", false),
        ("::ffff:10.0.0.1", true),
        ("2001:db8:1::1", true),
        ("2001:db9::1", false),
        ("192.0.2.1", true),
        ("192.0.2.2", false),
    ] {
        assert_eq!(config.trusts(address.parse().unwrap()), trusted, "{address}");
    }
}

#[test]
fn the_flag_for_the_file_is_stronger_than_the_variable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flag.toml");
    std::fs::write(&path, "registration = \"closed\"").unwrap();
    let args = ["--config", path.to_str().unwrap()];
    assert_eq!(config("registration = \"invitation\"", &[], &args).registration, Registration::Closed);
}

#[test]
fn unknown_keys_are_named_with_their_origin() {
    let message = refused("[limits]\nbodybytes = 1", &[], &[]);
    assert!(message.starts_with("unknown key `limits.bodybytes` (file "), "{message}");
    assert!(refused("limits = 5", &[], &[]).starts_with("unknown key `limits` (file "));
    let message = refused("", &[("LASERCHAT_LISTNE", "x")], &[]);
    assert!(message.starts_with("unknown key `LASERCHAT_LISTNE` (environment variable LASERCHAT_LISTNE)"), "{message}");
    let unknown = add_flags(Command::new("serve").no_binary_name(true)).try_get_matches_from(["--listne", "x"]);
    assert!(unknown.unwrap_err().to_string().contains("--listne"));
}

#[test]
fn wrong_values_are_named_with_their_origin() {
    for (name, values) in [
        ("listen", &["", "8080", "localhost:8080", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1"][..]),
        ("data", &["", "a\0b"]),
        (
            "public_url",
            &["chat.example.org", "ftp://x", "https://", "https://x/path", "https://x?y", "https://a:b@x", "x y"],
        ),
        ("registration", &["", "Open", "yes"]),
        ("rate_limits", &["", "true", "0"]),
        ("trusted_proxies", &["proxy", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.1 10.0.0.2"]),
        ("limits.body_bytes", &["", "0", "4095", "-1", "+5000", "1e6", "5000.0", "2M", "99999999999999999999"]),
        ("limits.connections", &["0"]),
        ("queue.frames", &["7"]),
        ("heartbeat.seconds", &["0", "601"]),
        ("shutdown.drain_seconds", &["601"]),
        ("log.format", &["xml"]),
        ("log.level", &["", "a=b=c", "laserchat=loud"]),
        ("otel.endpoint", &["collector:4317"]),
    ] {
        let key = KEYS.iter().find(|key| key.name == name).unwrap();
        for value in values {
            let message = refused("", &[(&key.env, value)], &[]);
            let start =
                format!("wrong value for `{name}` (environment variable {}): got `{value}`, expected ", key.env);
            assert!(message.starts_with(&start), "{message}");
            let flag = format!("--{}={value}", key.flag);
            let message = refused("", &[], &[&flag]);
            assert!(message.starts_with(&format!("wrong value for `{name}` (flag --{}): ", key.flag)), "{message}");
        }
    }
}

#[test]
fn values_of_the_wrong_type_in_the_file_are_refused() {
    for (name, toml) in [
        ("listen", "8080"),
        ("listen", "{ port = 8080 }"),
        ("data", "[\"a\"]"),
        ("rate_limits", "false"),
        ("registration", "1"),
        ("limits.body_bytes", "\"5000\""),
        ("limits.body_bytes", "5000.0"),
        ("limits.body_bytes", "-1"),
        ("trusted_proxies", "\"10.0.0.0/8\""),
        ("trusted_proxies", "[10]"),
        ("log.level", "1979-05-27"),
    ] {
        let message = refused(&format!("{name} = {toml}"), &[], &[]);
        assert!(message.starts_with(&format!("wrong value for `{name}` (file ")), "{message}");
    }
}

#[test]
fn a_queue_that_cannot_hold_a_frame_is_refused() {
    let message = refused("", &[("LASERCHAT_QUEUE_BYTES", "8192")], &[]);
    assert!(
        message.starts_with("wrong value for `queue.bytes` (environment variable LASERCHAT_QUEUE_BYTES): got `8192`")
    );
    assert!(message.contains("limits.frame_bytes, which is 2097152"), "{message}");
    // A wrong value that a stronger place replaces is an error all the same: it would come back when that place is
    // gone.
    assert!(refused("listen = \"x\"", &[], &["--listen", "127.0.0.1:1"]).contains("`listen`"));
}

#[test]
fn mail_needs_a_sender_and_links() {
    let server = "smtp.url = \"smtp://chat:hunter2@mail.example.org\"\n";
    let refused = refused(server, &[], &[]);
    assert!(refused.contains("`smtp.from`") && !refused.contains("hunter2"), "{refused}");
    let from = format!("{server}smtp.from = \"chat@example.org\"\n");
    assert!(self::refused(&from, &[], &[]).contains("`public_url`"));
    let whole = format!("public_url = \"https://chat.example.org\"\n{from}");
    assert!(config(&whole, &[], &[]).smtp.url.is_some());
    for bad in ["http://mail.example.org", "smtp://", "smtps://a:b@", "mail.example.org", "smtp://x?tls=maybe"] {
        let refused = self::refused(&format!("smtp.url = \"{bad}\"\n"), &[], &[]);
        assert!(refused.contains("wrong value for `smtp.url`"), "{bad}: {refused}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let message = refused("", &[(FILE_ENV, "/nowhere/laserchat.toml")], &[]);
    assert!(message.starts_with("the configuration file /nowhere/laserchat.toml cannot be read: "), "{message}");
    let message = refused("listen = ", &[], &[]);
    assert!(message.contains("laserchat.toml is not valid TOML: "), "{message}");
    assert!(refused("data = \"a\"\ndata = \"b\"", &[], &[]).contains("is not valid TOML"));
}

#[cfg(unix)]
#[test]
fn variables_that_are_not_text_are_refused_if_they_are_ours() {
    use std::os::unix::ffi::OsStringExt;
    let bytes = || OsString::from_vec(vec![b'a', 0xFF]);
    assert!(load(&Flags::default(), [("OTHER".into(), bytes()), (bytes(), bytes())]).is_ok());
    let error = load(&Flags::default(), [("LASERCHAT_DATA".into(), bytes())]).unwrap_err();
    assert!(error.to_string().starts_with("wrong value for `data` (environment variable LASERCHAT_DATA): "));
}

#[test]
fn the_address_for_people() {
    let config = config("", &[], &[]);
    assert_eq!(config.base_url("0.0.0.0:80".parse().unwrap()), "http://localhost:80");
    assert_eq!(config.base_url("127.0.0.1:8080".parse().unwrap()), "http://localhost:8080");
    assert_eq!(config.base_url("[2001:db8::1]:8080".parse().unwrap()), "http://[2001:db8::1]:8080");
}

#[test]
fn the_table_and_the_reference_show_every_key() {
    let loaded = try_load("", &[], &["--log-level", "debug"]).unwrap();
    let table = loaded.table();
    assert!(
        table.lines().any(|line| line.starts_with("log.level ") && line.ends_with("  flag --log-level")),
        "{table}"
    );
    let reference = reference();
    assert!(KEYS.iter().all(|key| table.contains(key.name) && reference.contains(&format!("| `{}` |", key.name))));
}
