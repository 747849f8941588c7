//! Setting a scene: accounts, conversations, tokens.

use std::io;

use laserchat_client::api::Api;
use laserchat_client::protocol::conversation::ConversationCreate;
use laserchat_client::protocol::session::{Device, Register};
use laserchat_client::protocol::{ConversationId, ConversationKind, UserId};
use tokio::task::JoinSet;

use crate::process::Server;

/// Passwords are hashed on purpose slowly, so accounts are made side by side.
const AT_ONCE: usize = 4;

pub const PASSWORD: &str = "a password for measuring";

#[derive(Clone)]
pub struct Account {
    pub id: UserId,
    pub name: String,
    /// An access token, which lives for a quarter of an hour.
    pub token: String,
    pub api: Api,
}

fn failed(error: laserchat_client::api::Error) -> io::Error {
    io::Error::other(error.to_string())
}

pub async fn accounts(server: &Server, count: usize) -> io::Result<Vec<Account>> {
    named(server, "load", count).await
}

/// Accounts whose names begin so.
pub async fn named(server: &Server, prefix: &str, count: usize) -> io::Result<Vec<Account>> {
    let mut accounts = Vec::with_capacity(count);
    let mut making = JoinSet::new();
    let mut next = 0;
    while accounts.len() < count {
        while next < count && making.len() < AT_ONCE {
            let (url, name) = (server.url(), format!("{prefix}{next:05}"));
            making.spawn(async move {
                let api = Api::new(&url)?;
                let register = Register {
                    username: name.clone(),
                    password: PASSWORD.to_owned(),
                    email: None,
                    display_name: None,
                    invitation: None,
                    device: Device::default(),
                };
                let grant = api.register(&register).await?;
                Ok(Account { id: grant.user.id, name, token: grant.access_token, api })
            });
            next += 1;
        }
        if let Some(made) = making.join_next().await {
            accounts.push(made.map_err(io::Error::other)?.map_err(failed)?);
        }
    }
    accounts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(accounts)
}

/// A conversation of the first with the others: a direct one with one other, a group with more.
pub async fn conversation(members: &[Account]) -> io::Result<ConversationId> {
    let Some((owner, others)) = members.split_first() else {
        return Err(io::Error::other("a conversation has members"));
    };
    let direct = others.len() == 1;
    let create = ConversationCreate {
        kind: if direct { ConversationKind::Direct } else { ConversationKind::Group },
        members: others.iter().map(|other| other.id).collect(),
        name: (!direct).then(|| "load".to_owned()),
        topic: None,
        public: false,
    };
    let view = owner.api.create_conversation(&create).await.map_err(failed)?;
    Ok(view.conversation.id)
}
