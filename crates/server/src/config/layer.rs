//! One value from one place, in the form that the configuration library merges and remembers the origin of.

use super::{ConfigError, Key, wrong};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};
use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(PathBuf),
    Env(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}

pub struct Layer {
    pub key: &'static Key,
    pub value: Value,
    pub origin: Origin,
}

impl Layer {
    /// The checked value of a key from a text.
    pub fn of(key: &'static Key, text: &str, origin: Origin) -> Result<Self, ConfigError> {
        match key.kind.parse(text) {
            Some(value) => Ok(Self { key, value, origin }),
            None => Err(wrong(key, &origin, format!("`{}`", key.kind.show(&Value::from(text))))),
        }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.to_string())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let mut names = self.key.name.rsplit('.');
        let mut table = Dict::new();
        if let Some(last) = names.next() {
            table.insert(last.to_owned(), self.value.clone());
        }
        for outer in names {
            table = Dict::from([(outer.to_owned(), Value::from(table))]);
        }
        Ok(Profile::Default.collect(table))
    }
}
