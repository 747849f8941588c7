//! Configuration: a file (TOML), stronger than it the environment, strongest the flags.
//!
//! One table, [`keys::KEYS`], says what can be configured. The names of environment variables and flags, the check of
//! every value, the output of `laserchat config` and the table in the documentation come from it. A key or value that
//! is wrong stops the start with a message that names it and where it came from, because a setting that is silently
//! ignored is found out on the worst day.

use figment::Figment;
use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
use laserchat_protocol::server::ServerLimits;
use serde::{Deserialize, Deserializer};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

mod flags;
pub mod keys;
mod kind;
mod layer;
mod network;
#[cfg(test)]
mod tests;

pub use flags::{Flags, add_flags};
pub use keys::{KEYS, Key, reference};
pub use layer::Origin;
pub use network::Network;

use layer::Layer;

/// All environment variables that start with this are ours, so an unknown one is a mistake.
pub const ENV_PREFIX: &str = "LASERCHAT_";
/// Names the configuration file. It is not a key, as a file cannot name itself.
pub const FILE_ENV: &str = "LASERCHAT_CONFIG";
pub const FILE_FLAG: &str = "config";

/// The effective configuration. One field for each key of [`keys::KEYS`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    #[serde(deserialize_with = "optional")]
    pub public_url: Option<String>,
    pub registration: Registration,
    pub roles: Vec<Role>,
    pub database: Database,
    pub bus: Bus,
    #[serde(deserialize_with = "switch")]
    pub rate_limits: bool,
    pub trusted_proxies: Vec<Network>,
    pub tls: Tls,
    pub limits: Limits,
    pub queue: Queue,
    pub heartbeat: Heartbeat,
    pub shutdown: Shutdown,
    pub retention: Retention,
    pub webhooks: Webhooks,
    pub commands: Commands,
    pub previews: Previews,
    pub files: Files,
    pub blobs: Blobs,
    pub outbound: Outbound,
    pub media: Media,
    pub scan: Scan,
    pub notifications: Notifications,
    pub smtp: Smtp,
    pub push: Push,
    pub log: Log,
    pub otel: Otel,
}

/// What a node does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Gateway,
    Api,
    Worker,
}

/// Where everything is kept, if not in the data folder.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(deserialize_with = "optional")]
    pub url: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub replica_url: Option<String>,
    pub connections: usize,
}

impl std::fmt::Debug for Database {
    /// Addresses may have passwords in them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

/// What connects several nodes.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    #[serde(deserialize_with = "optional")]
    pub url: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub credentials: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub certificates: Option<String>,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    Open,
    Invitation,
    Closed,
}

/// TLS by the server itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    #[serde(deserialize_with = "optional")]
    pub certificate: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub key: Option<String>,
    #[serde(deserialize_with = "maybe_address")]
    pub redirect: Option<SocketAddr>,
    pub acme: Acme,
}

/// An authority that gives certificates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acme {
    pub domains: Vec<String>,
    #[serde(deserialize_with = "optional")]
    pub email: Option<String>,
    pub directory: String,
    #[serde(deserialize_with = "optional")]
    pub ca_file: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub body_bytes: usize,
    pub frame_bytes: usize,
    pub connections: usize,
    /// As configured. [`Config::connections_per_user`] is what counts.
    pub connections_per_user: usize,
    /// As configured. [`Config::connections_per_address`] is what counts.
    pub connections_per_address: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub frames: usize,
    pub bytes: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    pub seconds: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shutdown {
    pub notice_seconds: u64,
    pub spread_seconds: u64,
    pub drain_seconds: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub bytes: u64,
    pub picture_bytes: u64,
    /// As configured; zero is none.
    user_quota: u64,
    server_quota: u64,
    pub expire_hours: u64,
}

impl Files {
    pub fn user_quota(&self) -> Option<u64> {
        Some(self.user_quota).filter(|&quota| quota > 0)
    }

    pub fn server_quota(&self) -> Option<u64> {
        Some(self.server_quota).filter(|&quota| quota > 0)
    }

    /// What clients are told.
    pub fn limits(&self) -> ServerLimits {
        ServerLimits {
            file_bytes: self.bytes,
            picture_bytes: self.picture_bytes.min(self.bytes),
            quota_bytes: self.user_quota(),
        }
    }
}

/// Where the bytes of files are.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blobs {
    #[serde(deserialize_with = "optional")]
    pub url: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub endpoint: Option<String>,
    pub region: String,
    #[serde(deserialize_with = "optional")]
    pub key_id: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub secret_key: Option<String>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blobs").field("url", &self.url).field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// How uploaded files are looked into.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    #[serde(deserialize_with = "switch")]
    pub ffmpeg: bool,
    pub processes: usize,
    pub memory_bytes: u64,
}

/// The virus scanner.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    #[serde(deserialize_with = "optional")]
    pub clamd: Option<String>,
    #[serde(deserialize_with = "switch")]
    pub required: bool,
    pub max_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    pub allow: Vec<Network>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    pub hold_seconds: u64,
}

/// How e-mails leave.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    #[serde(deserialize_with = "optional")]
    pub url: Option<String>,
    #[serde(deserialize_with = "optional")]
    pub from: Option<String>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Zero: messages stay.
    pub days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    #[serde(deserialize_with = "optional")]
    pub contact: Option<String>,
    pub fcm: Fcm,
    pub apns: Apns,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub retry_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fcm {
    /// The file of a service account.
    #[serde(deserialize_with = "optional")]
    pub credentials: Option<String>,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apns {
    /// The file of a key.
    #[serde(deserialize_with = "optional")]
    pub key: Option<String>,
    pub key_id: String,
    pub team_id: String,
    pub topic: String,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    pub answer_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previews {
    #[serde(deserialize_with = "switch")]
    pub enabled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    /// A level, or filter directives as `info,laserchat_server=debug`. Known to parse.
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Otel {
    #[serde(deserialize_with = "optional")]
    pub endpoint: Option<String>,
}

impl Config {
    /// How many connections one user may have; no limit when rate limits are off.
    pub fn connections_per_user(&self) -> Option<usize> {
        self.rate_limits.then_some(self.limits.connections_per_user)
    }

    /// How many connections one address may have; no limit when rate limits are off.
    pub fn connections_per_address(&self) -> Option<usize> {
        self.rate_limits.then_some(self.limits.connections_per_address)
    }

    /// Whether the server itself speaks TLS where it listens.
    pub fn speaks_tls(&self) -> bool {
        self.tls.certificate.is_some() || !self.tls.acme.domains.is_empty()
    }

    /// Whether people reach the server over TLS, whoever speaks it.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().map_or(self.speaks_tls(), |url| url.starts_with("https:"))
    }

    /// Whether what this address says about the client's address is believed.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }

    /// The address at which people reach the server, without a slash at the end: the configured one, or else where it
    /// listens.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        let scheme = if self.speaks_tls() { "https" } else { "http" };
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if bound.ip().is_unspecified() || bound.ip().is_loopback() => {
                format!("{scheme}://localhost:{}", bound.port())
            }
            None => format!("{scheme}://{bound}"),
        }
    }
}

/// What is wrong with the configuration, in words for the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {} cannot be read: {error}", path.display())]
    File { path: PathBuf, error: String },
    #[error("the configuration file {} is not valid TOML: {error}", path.display())]
    Syntax { path: PathBuf, error: String },
    #[error("unknown key `{key}` ({origin}); `laserchat config` lists all keys")]
    UnknownKey { key: String, origin: Origin },
    #[error("wrong value for `{key}` ({origin}): got {got}, expected {expected}")]
    Value { key: &'static str, origin: String, got: String, expected: String },
    /// The table of keys and [`Config`] disagree. A test keeps this from happening.
    #[error("the configuration does not fit together: {0}")]
    Mismatch(String),
}

/// One line of the effective configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub key: &'static str,
    pub value: String,
    /// Where the value came from: `default`, `file …`, `environment variable …` or `flag …`.
    pub origin: String,
}

/// The configuration, and where each value came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    rows: Vec<Row>,
}

impl Loaded {
    /// Each key with its value and origin, in the order of the table.
    pub fn effective(&self) -> &[Row] {
        &self.rows
    }

    /// The effective configuration as aligned columns, for `laserchat config`.
    pub fn table(&self) -> String {
        let width = |cell: fn(&Row) -> &str| self.rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or(0);
        let (keys, values) = (width(|row| row.key), width(|row| &row.value));
        self.rows.iter().map(|row| format!("{:keys$}  {:values$}  {}\n", row.key, row.value, row.origin)).collect()
    }
}

/// Reads the configuration from the file that flags or environment name (if any), the environment, and the flags.
/// `env` is all of it, as `std::env::vars_os()`; variables of others are not looked at.
pub fn load(flags: &Flags, env: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Loaded, ConfigError> {
    let mut layers = Vec::new();
    let mut named = None;
    for (name, value) in env {
        let Some(name) = name.to_str().filter(|name| name.starts_with(ENV_PREFIX)) else {
            continue;
        };
        if name == FILE_ENV {
            named = Some(PathBuf::from(value)).filter(|path| !path.as_os_str().is_empty());
            continue;
        }
        let origin = Origin::Env(name.to_owned());
        let key = KEYS.iter().find(|key| key.env == name);
        let key = key.ok_or_else(|| ConfigError::UnknownKey { key: name.to_owned(), origin: origin.clone() })?;
        // Not even for a path is this replaced by something readable, since that would be another path.
        let text = value.to_str().ok_or_else(|| wrong(key, &origin, format!("{value:?}")))?;
        layers.push(Layer::of(key, text, origin)?);
    }
    for (key, text) in flags.values() {
        layers.push(Layer::of(key, text, Origin::Flag(key.flag.clone()))?);
    }

    let mut figment = Figment::new();
    for key in KEYS.iter() {
        figment = figment.merge(Layer::of(key, key.default, Origin::Default)?);
    }
    if let Some(path) = flags.file().map(Path::to_path_buf).or(named) {
        for layer in file(&path)? {
            figment = figment.merge(layer);
        }
    }
    for layer in layers {
        figment = figment.merge(layer);
    }
    build(&figment)
}

fn build(figment: &Figment) -> Result<Loaded, ConfigError> {
    let mismatch = |error: figment::Error| ConfigError::Mismatch(error.to_string());
    let mut rows = Vec::with_capacity(KEYS.len());
    for key in KEYS.iter() {
        let value = figment.find_value(key.name).map_err(mismatch)?;
        let origin = figment.get_metadata(value.tag()).map(|metadata| metadata.name.to_string()).unwrap_or_default();
        rows.push(Row { key: key.name, value: key.kind.show(&value), origin });
    }
    let loaded = Loaded { config: figment.extract().map_err(mismatch)?, rows };
    loaded.check()?;
    Ok(loaded)
}

impl Loaded {
    /// What only the values together can tell.
    fn check(&self) -> Result<(), ConfigError> {
        let config = &self.config;
        if config.queue.bytes < config.limits.frame_bytes {
            let expected = format!("at least limits.frame_bytes, which is {}", config.limits.frame_bytes);
            return Err(self.refuse("queue.bytes", expected));
        }
        match (&config.tls.certificate, &config.tls.key) {
            (Some(_), None) => {
                return Err(self.refuse("tls.key", "a file, because tls.certificate is set".to_owned()));
            }
            (None, Some(_)) => {
                return Err(self.refuse("tls.certificate", "a file, because tls.key is set".to_owned()));
            }
            (Some(_), Some(_)) if !config.tls.acme.domains.is_empty() => {
                let expected = "nothing, because the certificate is in a file (tls.certificate)".to_owned();
                return Err(self.refuse("tls.acme.domains", expected));
            }
            _ => {}
        }
        if config.tls.redirect.is_some() && !config.speaks_tls() {
            let expected = "nothing, because there is no TLS (tls.certificate, tls.acme.domains)".to_owned();
            return Err(self.refuse("tls.redirect", expected));
        }
        if config.smtp.url.is_some() && config.smtp.from.is_none() {
            return Err(self.refuse("smtp.from", "an address, because smtp.url is set".to_owned()));
        }
        if config.smtp.url.is_some() && config.public_url.is_none() {
            let expected = "an address, because smtp.url is set and e-mails have links".to_owned();
            return Err(self.refuse("public_url", expected));
        }
        Ok(())
    }

    fn refuse(&self, key: &'static str, expected: String) -> ConfigError {
        let row = self.rows.iter().find(|row| row.key == key);
        let (got, origin) = row.map(|row| (format!("`{}`", row.value), row.origin.clone())).unwrap_or_default();
        ConfigError::Value { key, origin, got, expected }
    }
}

fn file(path: &Path) -> Result<Vec<Layer>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File { path: path.to_owned(), error: error.to_string() })?;
    let tables: Dict = Figment::from(Toml::string(&text))
        .extract()
        .map_err(|error| ConfigError::Syntax { path: path.to_owned(), error: error.to_string() })?;
    let mut found = Vec::new();
    flatten(String::new(), tables, &mut found);
    let origin = Origin::File(path.to_owned());
    let layer = |(name, value): (String, Value)| {
        let key = KEYS.iter().find(|key| key.name == name);
        let key = key.ok_or_else(|| ConfigError::UnknownKey { key: name, origin: origin.clone() })?;
        let value =
            key.kind.check(&value).ok_or_else(|| wrong(key, &origin, format!("`{}`", key.kind.show(&value))))?;
        Ok(Layer { key, value, origin: origin.clone() })
    };
    found.into_iter().map(layer).collect()
}

/// `[log] level = "info"` is the key `log.level`.
fn flatten(prefix: String, table: Dict, found: &mut Vec<(String, Value)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            // A table where a key wants a value is a wrong value of that key.
            Value::Dict(_, inner) if KEYS.iter().all(|known| known.name != key) => flatten(key, inner, found),
            value => found.push((key, value)),
        }
    }
}

fn wrong(key: &Key, origin: &Origin, got: String) -> ConfigError {
    ConfigError::Value { key: key.name, origin: origin.to_string(), got, expected: key.kind.expected() }
}

fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(String::deserialize(deserializer)?).filter(|text| !text.is_empty()))
}

fn maybe_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    optional(deserializer)?.map(|text| text.parse()).transpose().map_err(serde::de::Error::custom)
}

fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(deserializer)? == "on")
}
