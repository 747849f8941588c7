//! Fetching: asking for what the state wants, a few things at a time, until it wants nothing.

use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::Code;
use laserchat_protocol::conversation::ConversationView;
use laserchat_protocol::event::{Changes, OwnChanges};
use laserchat_protocol::limits::CHANGES_MAX;
use laserchat_protocol::user::Account;
use tokio::time::sleep;

use super::Driver;
use crate::api::{self, Api};
use crate::client::{Connection, Update};
use crate::state::{Fetch, Standing};

/// Questions that are asked at once.
const FETCHES: usize = 4;

/// A question that failed is asked again after this.
const FETCH_AGAIN: Duration = Duration::from_secs(1);

enum Answer {
    Account(Box<Account>),
    Own(OwnChanges),
    Conversations(Vec<ConversationView>),
    Conversation(Box<ConversationView>),
    Changes(Changes),
}

pub(super) struct Fetched {
    fetch: Fetch,
    generation: u64,
    /// How the conversation in question stood.
    standing: Standing,
    answer: api::Result<Answer>,
}

impl Driver {
    /// Asks for what is wanted, a few things at a time, and says whether the state is the server's.
    pub(super) fn look(&mut self) {
        let (wants, generation) = {
            let state = self.shared.state.read();
            (state.wants(), state.generation())
        };
        for fetch in wants {
            if self.asked.len() >= FETCHES {
                break;
            }
            if self.asked.insert(fetch) {
                let api = self.shared.api.clone();
                let state = self.shared.state.read();
                let standing = fetch.conversation().map(|id| state.standing(id)).unwrap_or_default();
                drop(state);
                self.fetches
                    .spawn(async move { Fetched { fetch, generation, standing, answer: ask(&api, fetch).await } });
            }
        }
        if self.is_ready() {
            let synced = self.asked.is_empty() && self.shared.state.read().is_synced();
            self.shared.connection(if synced { Connection::Synced } else { Connection::Syncing });
        }
    }

    pub(super) fn fetched(&mut self, fetched: Fetched) {
        let Fetched { fetch, generation, standing, answer } = fetched;
        match answer {
            Ok(answer) => {
                self.asked.remove(&fetch);
                if self.shared.state.read().generation() == generation {
                    self.take(fetch, answer);
                }
            }
            Err(error) => match (fetch.conversation(), error.code()) {
                (Some(id), Some(Code::NotFound)) => {
                    self.asked.remove(&fetch);
                    self.shared.state.write().answer_not_found(id, standing);
                }
                _ => {
                    tracing::debug!(?fetch, %error, "could not be fetched; trying again");
                    let api = self.shared.api.clone();
                    self.fetches.spawn(async move {
                        sleep(FETCH_AGAIN).await;
                        Fetched { fetch, generation, standing, answer: ask(&api, fetch).await }
                    });
                }
            },
        }
        self.changed = true;
        self.look();
    }

    fn take(&mut self, fetch: Fetch, answer: Answer) {
        let shared = Arc::clone(&self.shared);
        let mut state = shared.state.write();
        match (fetch, answer) {
            (_, Answer::Account(account)) => state.answer_account(&account),
            (_, Answer::Conversations(views)) => {
                state.answer_conversations(&views);
                shared.tell(Update::Listed);
            }
            (Fetch::Conversation { id }, Answer::Conversation(view)) => {
                state.answer_conversation(&view);
                shared.tell(Update::Loaded(id));
            }
            (Fetch::OwnChanges { after }, Answer::Own(changes)) => {
                state.answer_own_changes(after, &changes);
                drop(state);
                changes.items.into_iter().for_each(|event| shared.tell(Update::Event(Arc::new(event))));
            }
            (Fetch::Changes { id, after }, Answer::Changes(changes)) => {
                state.answer_changes(id, after, &changes);
                drop(state);
                for event in changes.items {
                    self.heard(&event);
                    shared.tell(Update::Event(Arc::new(event)));
                }
            }
            _ => {}
        }
    }
}

async fn ask(api: &Api, fetch: Fetch) -> api::Result<Answer> {
    Ok(match fetch {
        Fetch::Account => Answer::Account(Box::new(api.me().await?)),
        Fetch::OwnChanges { after } => Answer::Own(api.own_changes(after, CHANGES_MAX).await?),
        Fetch::Conversations => Answer::Conversations(api.conversations().await?),
        Fetch::Conversation { id } => Answer::Conversation(Box::new(api.conversation(id).await?)),
        Fetch::Changes { id, after } => Answer::Changes(api.changes(id, after, CHANGES_MAX).await?),
    })
}
