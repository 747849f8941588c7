//! The table of everything that can be configured.

use super::kind::Kind;
use super::{ENV_PREFIX, FILE_ENV, FILE_FLAG};
use std::fmt::Write;
use std::sync::LazyLock;

/// One thing that can be configured.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file, with a dot for each table.
    pub name: &'static str,
    pub(super) kind: Kind,
    pub default: &'static str,
    pub help: &'static str,
    /// Its environment variable: `log.level` is `LASERCHAT_LOG_LEVEL`.
    pub env: String,
    /// Its flag, without the dashes in front: `log.level` is `log-level`.
    pub flag: String,
}

/// The table: name, kind, default, help.
const TABLE: &[(&str, Kind, &str, &str)] = &[
    ("listen", Kind::Address, "127.0.0.1:8080", "Address and port to listen on; port 0 takes any free one"),
    ("data", Kind::Path, "laserchat-data", "Directory of the database and of uploaded files; made if it is not there"),
    ("public_url", Kind::Site, "", "Address at which people reach the server, as https://chat.example.org"),
    (
        "tls.certificate",
        Kind::Text,
        "",
        "File of the certificate and those that it came with (PEM); with it, the server speaks TLS. Taken up when it changes",
    ),
    ("tls.key", Kind::Text, "", "File of the certificate's key (PEM)"),
    (
        "tls.redirect",
        Kind::MaybeAddress,
        "",
        "Address and port on which people who come without TLS are sent to where it is spoken, as 0.0.0.0:80",
    ),
    (
        "tls.acme.domains",
        Kind::Hosts,
        "",
        "Names for which certificates are fetched from an authority, and kept new; agreeing to its terms is up to you",
    ),
    ("tls.acme.email", Kind::Text, "", "Where the authority may write to"),
    (
        "tls.acme.directory",
        Kind::Url,
        "https://acme-v02.api.letsencrypt.org/directory",
        "Address of the authority's directory (ACME)",
    ),
    (
        "tls.acme.ca_file",
        Kind::Text,
        "",
        "File of the certificates (PEM) that vouch for the authority's own site; the system's when empty",
    ),
    (
        "registration",
        Kind::Choice(&["open", "invitation", "closed"]),
        "open",
        "Who may make an account; the owner can change it while the server runs",
    ),
    (
        "roles",
        Kind::Some(&["gateway", "api", "worker"]),
        "gateway, api, worker",
        "What this node does: live connections, requests and the web client, background work",
    ),
    (
        "database.url",
        Kind::Database,
        "",
        "PostgreSQL database, as postgres://user:password@one,two/laserchat; empty for a database in the data folder",
    ),
    (
        "database.replica_url",
        Kind::Database,
        "",
        "Copy of that database that answers what takes long and need not come from the database itself",
    ),
    (
        "database.connections",
        Kind::Number { min: 2, max: 1000 },
        "20",
        "Connections that this node opens to the database at most, and as many again to its copy",
    ),
    (
        "bus.url",
        Kind::Bus,
        "",
        "NATS servers that connect several nodes, as nats://user:password@one:4222,nats://two:4222; empty for one node",
    ),
    ("bus.credentials", Kind::Text, "", "File with the credentials (.creds) for NATS; none when empty"),
    (
        "bus.certificates",
        Kind::Text,
        "",
        "File (PEM) with authorities that NATS servers' certificates are checked against; the machine's when empty",
    ),
    (
        "rate_limits",
        Kind::Choice(&["on", "off"]),
        "on",
        "Limits on requests, and on connections per user and address; off behind a gateway that limits, or for load tests",
    ),
    (
        "trusted_proxies",
        Kind::Networks,
        "",
        "Addresses and networks of proxies whose X-Forwarded-For is believed, as 10.0.0.0/8",
    ),
    (
        "limits.body_bytes",
        Kind::Number { min: 4096, max: 1 << 30 },
        "2097152",
        "Largest body of a request; the longest message, fully escaped, takes 1.2 MB",
    ),
    (
        "limits.frame_bytes",
        Kind::Number { min: 4096, max: 1 << 30 },
        "2097152",
        "Largest message from a WebSocket client",
    ),
    ("limits.connections", Kind::Number { min: 1, max: 10_000_000 }, "100000", "Open connections, all together"),
    ("limits.connections_per_user", Kind::Number { min: 1, max: 10_000_000 }, "50", "Open event streams of one user"),
    (
        "limits.connections_per_address",
        Kind::Number { min: 1, max: 10_000_000 },
        "500",
        "Open connections from one address; an office or a mobile network shares one",
    ),
    (
        "queue.frames",
        Kind::Number { min: 8, max: 1_000_000 },
        "4096",
        "Events that may wait for a slow client before it is cut off to reconnect and resume",
    ),
    (
        "queue.bytes",
        Kind::Number { min: 4096, max: 1 << 30 },
        "4194304",
        "Bytes that may wait for a slow client before it is cut off; at least limits.frame_bytes",
    ),
    (
        "heartbeat.seconds",
        Kind::Number { min: 1, max: 600 },
        "30",
        "Silence after which a client is asked whether it is there; after as long again it is gone",
    ),
    (
        "shutdown.notice_seconds",
        Kind::Number { min: 0, max: 600 },
        "0",
        "Time to go on as before at shutdown while readyz fails, so that a load balancer notices",
    ),
    (
        "shutdown.spread_seconds",
        Kind::Number { min: 0, max: 3600 },
        "0",
        "Time over which live connections are closed at shutdown, so that clients do not come to other servers all at once",
    ),
    (
        "shutdown.drain_seconds",
        Kind::Number { min: 0, max: 600 },
        "10",
        "Time for running requests and queued events to finish at shutdown",
    ),
    ("files.bytes", Kind::Number { min: 0, max: 1 << 42 }, "1073741824", "Largest file that can be uploaded"),
    (
        "files.picture_bytes",
        Kind::Number { min: 1024, max: 1 << 30 },
        "10485760",
        "Largest picture of a user, a conversation or an emoji",
    ),
    (
        "files.user_quota",
        Kind::Number { min: 0, max: 1 << 50 },
        "10737418240",
        "Bytes of all files of one user; 0 is no limit",
    ),
    ("files.server_quota", Kind::Number { min: 0, max: 1 << 60 }, "0", "Bytes of all files together; 0 is no limit"),
    (
        "files.expire_hours",
        Kind::Number { min: 1, max: 8760 },
        "24",
        "Time after which an upload that does not go on, or a file that nothing uses, is deleted",
    ),
    (
        "blobs.url",
        Kind::Text,
        "",
        "Where the bytes of files are kept: s3://bucket or s3://bucket/folder; in the data folder when empty",
    ),
    ("blobs.endpoint", Kind::Url, "", "Address of an S3-compatible server; Amazon's when empty"),
    ("blobs.region", Kind::Text, "us-east-1", "Region of the bucket"),
    ("blobs.key_id", Kind::Text, "", "Access key of the bucket; of the environment or the machine when empty"),
    ("blobs.secret_key", Kind::Secret, "", "Secret of the access key"),
    (
        "outbound.allow",
        Kind::Networks,
        "",
        "Addresses and networks, not public ones, that the server may ask on behalf of users (push services, previews, webhooks)",
    ),
    (
        "media.ffmpeg",
        Kind::Choice(&["on", "off"]),
        "on",
        "Whether ffmpeg and ffprobe, where installed, look into video and sound; without them these are plain files",
    ),
    ("media.processes", Kind::Number { min: 1, max: 64 }, "2", "Files that are examined at once"),
    (
        "media.memory_bytes",
        Kind::Number { min: 256 << 20, max: 64 << 30 },
        "1073741824",
        "Memory that examining one file may take; a file that needs more is a plain file",
    ),
    (
        "scan.clamd",
        Kind::Place,
        "",
        "clamd, which scans every uploaded file for viruses, as /run/clamav/clamd.ctl or scanner:3310; none when empty",
    ),
    (
        "scan.required",
        Kind::Choice(&["on", "off"]),
        "off",
        "Whether a file that is too large to be scanned, or that no scanner answers for, is refused",
    ),
    (
        "scan.max_bytes",
        Kind::Number { min: 1 << 20, max: 4 << 30 },
        "104857600",
        "Largest file that is scanned; clamd's own StreamMaxLength must not be smaller",
    ),
    (
        "notifications.hold_seconds",
        Kind::Number { min: 0, max: 3600 },
        "10",
        "How long a push waits, again and again, while its reader uses some device; 0 sends it at once",
    ),
    (
        "smtp.url",
        Kind::MailServer,
        "",
        "Mail server that e-mails are handed to, as smtps://user:password@mail.example.org; no e-mails when empty",
    ),
    ("smtp.from", Kind::Mailbox, "", "Sender of e-mails, as Chat <chat@example.org>; needed with smtp.url"),
    (
        "push.contact",
        Kind::Text,
        "",
        "Whom push services turn to, as mailto:admin@example.org; public_url when empty. Some refuse pushes without either",
    ),
    (
        "push.fcm.credentials",
        Kind::Text,
        "",
        "File of a Google service account (JSON), with which pushes go to Android; none when empty",
    ),
    ("push.fcm.url", Kind::Url, "https://fcm.googleapis.com", "Address of Firebase Cloud Messaging"),
    ("push.apns.key", Kind::Text, "", "File of a key (.p8) with which pushes go to Apple's devices; none when empty"),
    ("push.apns.key_id", Kind::Text, "", "Id of that key"),
    ("push.apns.team_id", Kind::Text, "", "Team to which that key belongs"),
    ("push.apns.topic", Kind::Text, "", "Bundle id of the application"),
    ("push.apns.url", Kind::Url, "https://api.push.apple.com", "Address of Apple's push service"),
    (
        "retention.days",
        Kind::Number { min: 0, max: 36_500 },
        "0",
        "Days after which messages are erased everywhere on the server; 0 keeps them",
    ),
    (
        "webhooks.retry_seconds",
        Kind::Number { min: 1, max: 3600 },
        "5",
        "The first pause before a webhook is tried again; each further one is four times as long, up to a day",
    ),
    (
        "commands.answer_seconds",
        Kind::Number { min: 1, max: 600 },
        "30",
        "How long a bot may take to answer a slash command",
    ),
    (
        "previews.enabled",
        Kind::Choice(&["on", "off"]),
        "on",
        "Fetch the pages that messages link to, and show what they are about",
    ),
    ("log.format", Kind::Choice(&["text", "json"]), "text", "Log lines for people, or for machines"),
    ("log.level", Kind::Filter, "info", "What is logged: a level, or directives as info,laserchat_server=debug"),
    ("otel.endpoint", Kind::Url, "", "OpenTelemetry collector that receives traces; none when empty"),
];

pub static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let key = |&(name, kind, default, help): &(&'static str, Kind, &'static str, &'static str)| Key {
        name,
        kind,
        default,
        help,
        env: format!("{ENV_PREFIX}{}", name.replace('.', "_").to_uppercase()),
        flag: name.replace(['.', '_'], "-"),
    };
    TABLE.iter().map(key).collect()
});

/// The table as Markdown, for the documentation.
pub fn reference() -> String {
    let mut out =
        String::from("| key | environment | flag | value | default | |\n| --- | --- | --- | --- | --- | --- |\n");
    for key in KEYS.iter() {
        let default = if key.default.is_empty() { String::new() } else { format!("`{}`", key.default) };
        let (name, env, flag, kind, help) = (key.name, &key.env, &key.flag, key.kind.expected(), key.help);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| `{name}` | `{env}` | `--{flag}` | {kind} | {default} | {help} |");
    }
    let _ = writeln!(out, "| | `{FILE_ENV}` | `--{FILE_FLAG}` | a path | | The configuration file (TOML) |");
    out
}
