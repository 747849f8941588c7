//! The kinds of values, and the check of each.

use super::network::Network;
use crate::mail::{MailServer, mailbox};
use crate::media::scan::Place;
use axum::http::Uri;
use figment::value::{Tag, Value};
use std::net::SocketAddr;
use tracing_subscriber::EnvFilter;

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Address,
    /// May be empty.
    MaybeAddress,
    Path,
    /// Where a site is: scheme, host and port. May be empty.
    Site,
    /// May be empty.
    Url,
    Choice(&'static [&'static str]),
    Number {
        min: u64,
        max: u64,
    },
    /// A list in the file, separated by commas elsewhere. May be empty.
    Networks,
    /// Names of hosts, a list like the networks. May be empty.
    Hosts,
    /// A socket's path, or host and port. May be empty.
    Place,
    Filter,
    /// May be empty.
    Text,
    /// A text that is shown nowhere. May be empty.
    Secret,
    /// Where e-mails are handed to, with a password in it, so that it is shown nowhere. May be empty.
    MailServer,
    /// Servers of NATS, perhaps with a password in them, so that they are shown nowhere. May be empty.
    Bus,
    /// Where a PostgreSQL database is, perhaps with a password in it, so that it is shown nowhere. May be empty.
    Database,
    /// Some of these words, a list in the file, separated by commas elsewhere.
    Some(&'static [&'static str]),
    /// An e-mail address, with a name before it or without. May be empty.
    Mailbox,
}

impl Kind {
    /// What is expected, for messages and documentation.
    pub fn expected(self) -> String {
        match self {
            Self::Address => "an IP address and port, as 127.0.0.1:8080 or [::1]:8080".to_owned(),
            Self::MaybeAddress => "an IP address and port, or nothing".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::Site => "an http:// or https:// address without a path, or nothing".to_owned(),
            Self::Url => "an http:// or https:// address, or nothing".to_owned(),
            Self::Choice(words) => words.join(" or "),
            Self::Number { min, max } => format!("a whole number from {min} to {max}"),
            Self::Networks => "IP addresses or networks (as 10.0.0.0/8), or nothing".to_owned(),
            Self::Hosts => "names as chat.example.org, or nothing".to_owned(),
            Self::Place => "the path of a socket, or host:port, or nothing".to_owned(),
            Self::Filter => "error, warn, info, debug, trace, or filter directives".to_owned(),
            Self::Text => "a text, or nothing".to_owned(),
            Self::Secret => "a secret, or nothing".to_owned(),
            Self::MailServer => "an smtp://, starttls:// or smtps:// address, or nothing".to_owned(),
            Self::Bus => "nats:// or tls:// addresses, separated by commas, or nothing".to_owned(),
            Self::Database => "a postgres:// address, or nothing".to_owned(),
            Self::Some(words) => format!("some of {}, separated by commas", words.join(", ")),
            Self::Mailbox => "an e-mail address, as Chat <chat@example.org>, or nothing".to_owned(),
        }
    }

    /// What stands for the value in the help of a flag.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Address | Self::MaybeAddress => "ADDRESS:PORT",
            Self::Path => "PATH",
            Self::Site | Self::Url => "URL",
            Self::Choice(_) => "CHOICE",
            Self::Number { .. } => "NUMBER",
            Self::Networks => "NETWORKS",
            Self::Hosts => "NAMES",
            Self::Place => "PLACE",
            Self::Filter => "FILTER",
            Self::Text => "TEXT",
            Self::Secret => "SECRET",
            Self::MailServer => "URL",
            Self::Bus => "URLS",
            Self::Database => "URL",
            Self::Some(_) => "LIST",
            Self::Mailbox => "MAILBOX",
        }
    }

    /// The value that a text of the environment or of a flag stands for, if it is right.
    pub fn parse(self, text: &str) -> Option<Value> {
        match self {
            Self::Number { .. } => {
                // Without signs and other liberties that the parser of the standard library takes.
                let plain = text.bytes().all(|byte| byte.is_ascii_digit());
                self.check(&Value::from(text.parse::<u64>().ok().filter(|_| plain)?))
            }
            Self::Networks | Self::Hosts | Self::Some(_) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                self.check(&Value::from(parts.map(str::to_owned).collect::<Vec<String>>()))
            }
            _ => self.check(&Value::from(text)),
        }
    }

    /// The value in its final form, if it is right.
    pub fn check(self, value: &Value) -> Option<Value> {
        let right = match self {
            Self::Address => value.as_str()?.parse::<SocketAddr>().is_ok(),
            Self::MaybeAddress => value.as_str()?.is_empty() || value.as_str()?.parse::<SocketAddr>().is_ok(),
            Self::Path => !value.as_str()?.is_empty() && !value.as_str()?.contains('\0'),
            Self::Site => value.as_str()?.is_empty() || uri(value.as_str()?).is_some_and(|uri| is_site(&uri)),
            Self::Url => value.as_str()?.is_empty() || uri(value.as_str()?).is_some(),
            Self::Choice(words) => words.contains(&value.as_str()?),
            Self::Number { min, max } => (i128::from(min)..=i128::from(max)).contains(&whole(value)?),
            Self::Networks => {
                let is_network = |part: &Value| part.as_str().is_some_and(|text| text.parse::<Network>().is_ok());
                value.as_array()?.iter().all(is_network)
            }
            Self::Hosts => value.as_array()?.iter().all(|name| name.as_str().is_some_and(is_host)),
            Self::Text | Self::Secret => !value.as_str()?.contains(char::is_control),
            Self::MailServer => value.as_str()?.is_empty() || MailServer::parse(value.as_str()?).is_some(),
            Self::Mailbox => value.as_str()?.is_empty() || mailbox(value.as_str()?).is_some(),
            Self::Bus => value.as_str()?.is_empty() || crate::bus::addresses(value.as_str()?).is_some(),
            Self::Database => value.as_str()?.is_empty() || laserchat_store::Postgres::understands(value.as_str()?),
            Self::Some(words) => {
                let parts = value.as_array()?;
                !parts.is_empty() && parts.iter().all(|part| part.as_str().is_some_and(|word| words.contains(&word)))
            }
            Self::Place => value.as_str()?.is_empty() || value.as_str()?.parse::<Place>().is_ok(),
            Self::Filter => !value.as_str()?.is_empty() && EnvFilter::builder().parse(value.as_str()?).is_ok(),
        };
        right.then(|| untagged(value))
    }
}

fn uri(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let http = matches!(uri.scheme_str(), Some("http" | "https"));
    // A name and password in an address would be printed and logged.
    let host =
        uri.authority().is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'));
    (http && host).then_some(uri)
}

fn is_site(uri: &Uri) -> bool {
    matches!(uri.path(), "" | "/") && uri.query().is_none()
}

/// A name that a certificate can be for, without wildcards.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// A number without a fraction, signed or not.
fn whole(value: &Value) -> Option<i128> {
    value.to_i128().or_else(|| value.to_u128()?.try_into().ok())
}

/// The value without the memory of where it was parsed, so that merging it as a layer notes the origin of the layer.
fn untagged(value: &Value) -> Value {
    match value {
        Value::String(_, text) => Value::from(text.as_str()),
        Value::Num(_, number) => Value::Num(Tag::Default, *number),
        Value::Array(_, parts) => Value::from(parts.iter().map(untagged).collect::<Vec<_>>()),
        other => other.clone(),
    }
}

impl Kind {
    /// The value as it may be shown: a secret is only said to be there.
    pub fn show(self, value: &Value) -> String {
        let text = show(value);
        if self.is_secret() && !text.is_empty() { "(set)".to_owned() } else { text }
    }

    /// Whether its values are shown nowhere.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::MailServer | Self::Bus | Self::Database)
    }
}

/// The value as a person would write it.
pub fn show(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, c) => c.to_string(),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Num(_, number) => match (whole(value), number.to_f64()) {
            (Some(whole), _) => whole.to_string(),
            (_, Some(float)) => float.to_string(),
            _ => String::new(),
        },
        Value::Empty(..) => String::new(),
        Value::Dict(..) => "a table".to_owned(),
        Value::Array(_, parts) => parts.iter().map(show).collect::<Vec<_>>().join(", "),
    }
}
