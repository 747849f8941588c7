//! Transport: hands mails to the operator's mail server, and says what its answers mean.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// One command and its answer; the whole of a mail may take several.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server that an address names: `smtp://` speaks plainly, `starttls://` insists on encryption before anything is
/// said, `smtps://` is encrypted from the first byte. A name and a password come percent-encoded.
pub struct MailServer(AsyncSmtpTransportBuilder);

impl MailServer {
    pub fn parse(url: &str) -> Option<MailServer> {
        let url = match url.strip_prefix("starttls://") {
            Some(rest) if !rest.contains('?') => format!("smtp://{rest}?tls=required"),
            Some(_) => return None,
            None => url.to_owned(),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).ok()?;
        Some(MailServer(builder.timeout(Some(PATIENCE))))
    }
}

/// An address, with a name before it or without.
pub fn mailbox(text: &str) -> Option<Mailbox> {
    text.parse().ok()
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    Taken,
    /// Not this mail, not now.
    Later(String),
    /// Never this mail.
    Refused(String),
    /// The mail server could not be used at all, for this mail or another.
    Away(String),
}

pub struct Transport(AsyncSmtpTransport<Tokio1Executor>);

impl Transport {
    pub fn new(server: MailServer) -> Transport {
        Transport(server.0.build())
    }

    pub async fn send(&self, message: Message) -> Sent {
        let Err(error) = self.0.send(message).await else { return Sent::Taken };
        let reason = one_line(&error.to_string());
        match error.status().map(u16::from) {
            // Going away, and all that has to do with signing in, is not about this mail.
            Some(421 | 432 | 454 | 500..=504 | 530 | 534 | 535 | 538) | None => Sent::Away(reason),
            Some(_) if error.is_permanent() => Sent::Refused(reason),
            Some(_) => Sent::Later(reason),
        }
    }
}

/// An answer of a mail server as it may stand in a log.
fn one_line(text: &str) -> String {
    text.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        for good in [
            "smtp://localhost",
            "smtp://localhost:2525",
            "smtps://chat:p%40ss@mail.example.org",
            "starttls://chat:secret@mail.example.org:587",
            "smtp://mail.example.org?tls=required",
        ] {
            assert!(MailServer::parse(good).is_some(), "{good}");
        }
        for bad in ["", "mail", "http://mail", "smtp://", "smtps://mail:99999", "starttls://mail?tls=none"] {
            assert!(MailServer::parse(bad).is_none(), "{bad}");
        }
    }
}
