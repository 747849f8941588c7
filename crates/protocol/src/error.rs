//! Errors: RFC 9457 problems over HTTP, error frames with the same codes over WebSocket.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:literal;)+) => {
        /// Why something was refused. Codes are stable; new ones may be added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
            /// A code that this version of the crate does not know.
            #[serde(other)]
            Unknown,
        }

        impl Code {
            /// Every code that this version knows, for the documentation and the metrics.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it is spelled on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ Code::Unknown => "unknown" }
            }

            /// The HTTP status that carries the code.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)+ Code::Unknown => 500 }
            }

            /// What the code means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+).trim_ascii(),)+ Code::Unknown => "An unknown code." }
            }
        }
    };
}

codes! {
    /// The request is not JSON, is not valid UTF-8, or has a value of the wrong type.
    MalformedJson = "malformed_json", 400;
    /// The JSON is nested more deeply than any request needs.
    TooDeep = "too_deep", 400;
    /// A query parameter, path segment or header is missing or has the wrong form.
    InvalidRequest = "invalid_request", 400;
    /// A field has a value that is not allowed; `field` names it.
    InvalidField = "invalid_field", 422;
    /// The text is empty, too long, or contains NUL.
    InvalidText = "invalid_text", 422;
    /// The command's `type` is not known.
    UnknownCommand = "unknown_command", 400;
    /// The body or frame is larger than the server accepts.
    TooLarge = "too_large", 413;
    /// The body did not arrive in time.
    BodyTimeout = "body_timeout", 408;
    /// The body is not `application/json`.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// There is no such endpoint.
    NoSuchEndpoint = "no_such_endpoint", 404;
    /// The endpoint does not answer this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// No valid access token came with the request.
    Unauthorized = "unauthorized", 401;
    /// The access token has expired; refresh it.
    TokenExpired = "token_expired", 401;
    /// The session has ended; sign in again.
    SessionEnded = "session_ended", 401;
    /// The user name, e-mail address or password is wrong.
    WrongCredentials = "wrong_credentials", 401;
    /// The account is disabled.
    AccountDisabled = "account_disabled", 403;
    /// The token's scopes do not cover this.
    ScopeMissing = "scope_missing", 403;
    /// The user's role does not allow this.
    Forbidden = "forbidden", 403;
    /// It does not exist, or its existence is not for this user to know.
    NotFound = "not_found", 404;
    /// No bot in this conversation has such a slash command.
    NoSuchCommand = "no_such_command", 404;
    /// Registration is closed on this server.
    RegistrationClosed = "registration_closed", 403;
    /// Registration needs a valid invitation.
    InvitationNeeded = "invitation_needed", 403;
    /// The invitation has expired, was used up or was revoked.
    InvitationInvalid = "invitation_invalid", 410;
    /// The user name is taken, or looks like one that is.
    UsernameTaken = "username_taken", 409;
    /// The e-mail address belongs to another account.
    EmailTaken = "email_taken", 409;
    /// One of the two has blocked the other.
    Blocked = "blocked", 403;
    /// The user is banned from the conversation.
    Banned = "banned", 403;
    /// The user is muted in the conversation.
    Muted = "muted", 403;
    /// Only moderators and above write in this conversation.
    ReadOnly = "read_only", 403;
    /// The conversation is archived.
    Archived = "archived", 409;
    /// Slow mode: wait before the next message.
    SlowMode = "slow_mode", 429;
    /// Too many requests; wait for as long as `retry_after` says.
    RateLimited = "rate_limited", 429;
    /// Too many connections of this user or address.
    TooManyConnections = "too_many_connections", 429;
    /// A limit on how many of these there may be is reached.
    LimitReached = "limit_reached", 409;
    /// The user is a member already.
    AlreadyMember = "already_member", 409;
    /// The owner hands the conversation over before leaving it.
    OwnerMustHandOver = "owner_must_hand_over", 409;
    /// This cannot be done with a conversation of this type.
    WrongKind = "wrong_kind", 409;
    /// The message is deleted.
    MessageDeleted = "message_deleted", 410;
    /// The poll is closed.
    PollClosed = "poll_closed", 409;
    /// The same idempotency key came with a different request, or while the first is still running.
    IdempotencyConflict = "idempotency_conflict", 409;
    /// The thing changed meanwhile; load it and decide again.
    Conflict = "conflict", 409;
    /// The file is still being looked at; wait until it is ready.
    FileNotReady = "file_not_ready", 409;
    /// The file was looked at and cannot be used.
    FileRefused = "file_refused", 422;
    /// The files of this user, or of the whole server, have no more room.
    QuotaExceeded = "quota_exceeded", 413;
    /// The server is too busy or shutting down; try again.
    Unavailable = "unavailable", 503;
    /// The server failed; nothing was changed.
    Internal = "internal", 500;
}

/// Spelled out, because a derived schema does not see names that come out of a macro.
#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Code {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let meanings: Vec<String> = Code::ALL.iter().map(|code| format!("- `{code}`: {}", code.meaning())).collect();
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(format!("Why something was refused. Codes may be added.\n\n{}", meanings.join("\n"))))
            .enum_values(Some(Code::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Code {}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error answer (`application/problem+json`, RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#` and the code: problems are told apart by `code`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short sentence that is the same for every occurrence of this code.
    pub title: String,
    pub status: u16,
    pub code: Code,
    /// What was wrong this time.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// The field that was wrong.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// Seconds to wait before trying again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_after: Option<u64>,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Problem {
            kind: format!("about:blank#{code}"),
            title: code.meaning().to_owned(),
            status: code.status(),
            code,
            detail: None,
            field: None,
            retry_after: None,
        }
    }

    /// A field of a request that cannot be what it is.
    pub fn invalid(field: impl Into<String>, detail: impl fmt::Display) -> Self {
        let field = field.into();
        Problem::new(Code::InvalidRequest).detail(format!("{field}: {detail}")).field(field)
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Another HTTP status than the code's own, where a standard asks for one.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Problem::new(code)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail.as_deref().unwrap_or(&self.title))
    }
}

impl std::error::Error for Problem {}
