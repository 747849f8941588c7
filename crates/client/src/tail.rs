//! `laserchat tail`: prints each message that arrives, one line each, for as long as it runs.

use std::collections::HashMap;
use std::io::{self, Write};

use laserchat_protocol::session::{Device, DeviceKind};
use laserchat_protocol::{ConversationId, Event, Message, MessageKind, Problem, Seq, UserId};

use crate::api::{self, Api};
use crate::{Client, Connection, Options, Transport, Update};

/// Who listens where.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    /// The server's address, such as `http://localhost:8080`.
    pub server: String,
    pub credentials: Credentials,
    pub transport: Transport,
    /// Only this conversation.
    pub conversation: Option<ConversationId>,
}

#[derive(Clone, Default)]
pub enum Credentials {
    #[default]
    None,
    /// A personal access token or an access token.
    Token(String),
    Password {
        login: String,
        password: String,
    },
}

/// Secrets are not for logs.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Credentials::None => "None",
            Credentials::Token(_) => "Token(…)",
            Credentials::Password { .. } => "Password(…)",
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("say who is listening: by a token, or by a login and a password")]
    NoCredentials,
    #[error(transparent)]
    Api(#[from] api::Error),
    #[error("the server ended it: {0}")]
    Stopped(Problem),
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Prints messages to `out` until it is closed or the server says to stop. Lost connections are resumed. How the
/// connection fares is told to `notes`.
pub async fn run(tail: Tail, out: &mut impl Write, notes: &mut impl Write) -> Result<(), Error> {
    let api = Api::new(&tail.server)?;
    let api = match &tail.credentials {
        Credentials::None => return Err(Error::NoCredentials),
        Credentials::Token(token) => api.with_token(token),
        Credentials::Password { login, password } => {
            let device = Device { name: Some("laserchat tail".into()), kind: DeviceKind::Bot };
            api.login(login, password, device).await?;
            api
        }
    };
    let options = Options { transport: tail.transport, deliver: false, ..Options::default() };
    let client = Client::start(api, options)?;
    let mut updates = client.events();
    let mut printed: HashMap<ConversationId, Seq> = HashMap::new();
    while let Some(update) = updates.next().await {
        let update = match update {
            Ok(update) => update,
            Err(missed) => {
                writeln!(out, "… {} updates came faster than they could be printed", missed.0)?;
                continue;
            }
        };
        match update {
            Update::Event(event) => {
                let Event::MessageSent(sent) = &*event else { continue };
                let wanted = tail.conversation.is_none_or(|only| only == sent.conversation_id);
                let last = printed.entry(sent.conversation_id).or_default();
                if wanted && sent.message.seq > *last {
                    *last = sent.message.seq;
                    let line = line(&client, &sent.message).await;
                    writeln!(out, "{line}")?;
                    out.flush()?;
                }
            }
            Update::Connection(Connection::Stopped(Some(problem))) => return Err(Error::Stopped(problem)),
            Update::Connection(Connection::Synced) => writeln!(notes, "listening to {}", client.api().server())?,
            Update::Connection(Connection::Lost(why)) => writeln!(notes, "connection lost ({why}), trying again")?,
            _ => {}
        }
    }
    Ok(())
}

async fn line(client: &Client, message: &Message) -> String {
    let sender = sender(client, message.conversation_id, message.sender_id).await;
    let conversation = conversation(client, message.conversation_id).await;
    let body = printable(&message.body);
    match message.kind {
        MessageKind::Text => format!("{}  {}  {}: {}", message.created_at, conversation, sender, body),
        MessageKind::System => format!("{}  {}  * {} {}", message.created_at, conversation, sender, body),
    }
}

async fn conversation(client: &Client, id: ConversationId) -> String {
    let name = |client: &Client| {
        let state = client.state();
        let room = state.room(id)?;
        let name = room.conversation().and_then(|conversation| conversation.name.clone());
        name.or_else(|| room.peer().map(|peer| format!("@{}", peer.username)))
    };
    if let Some(name) = name(client) {
        return printable(&name);
    }
    // The first message of a new conversation may come before the conversation itself is loaded.
    let view = client.api().conversation(id).await.ok();
    let name = view.and_then(|view| view.conversation.name.or(view.peer.map(|peer| format!("@{}", peer.username))));
    name.map_or_else(|| id.to_string(), |name| printable(&name))
}

async fn sender(client: &Client, conversation: ConversationId, user: UserId) -> String {
    let known = |client: &Client| client.state().summary(user).map(|known| printable(&known.username));
    if let Some(known) = known(client) {
        return known;
    }
    let members = client.load_members(conversation).await;
    match (members, known(client)) {
        (Ok(()), Some(known)) => known,
        // Somebody who has left is not among the members.
        _ => match client.api().profile(user).await {
            Ok(profile) => printable(&profile.username),
            Err(_) => user.to_string(),
        },
    }
}

/// Text on one line that cannot steer a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' => '⏎',
            '\t' => ' ',
            character if character.is_control() => '\u{fffd}',
            // Marks that reorder what follows would let a message pose as somebody else's line.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            character => character,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_steer_the_terminal() {
        assert_eq!(printable("a\nb\x1b[2Jc\u{202e}d"), "a⏎b\u{fffd}[2Jc\u{fffd}d");
    }
}
