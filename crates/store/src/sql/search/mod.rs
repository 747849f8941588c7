//! Search: the index of words, in SQLite's FTS5 (`fts5.rs`) or in a `tsvector` of PostgreSQL (`tsvector.rs`).
//!
//! The index holds no text, only which terms each message has. What a message's terms are is decided in
//! `laserchat_core::search::fold`; the databases split and fold nothing themselves. Beside the words of a message the index
//! knows, as terms of their own that no text can contain because they begin with `_`:
//!
//! | term | what it says |
//! | --- | --- |
//! | `_c<id>` | the conversation |
//! | `_u<id>` | the sender |
//! | `_m<id>` | who is mentioned, 0 for everyone |
//! | `_f<bit>` | a fact, as [`Facts`](laserchat_core::search::Facts) numbers them |
//!
//! So a search is one expression over the index, in which the searcher's conversations are a condition like any other.
//!
//! Invariant: a row of `search_docs` says that the index has exactly the terms of the message's present body. Whatever
//! changes or removes a body takes the message out of the index in the same transaction ([`entry::forget`]), as long as
//! the old terms are known; the follower then puts it in again. So the index never shows what is no more, and nothing of
//! a deleted message stays in it.

pub(super) mod entry;
mod expression;
mod find;
mod fts5;
mod name;
mod renew;
mod tsvector;

use std::sync::Arc;

use async_trait::async_trait;
use laserchat_core::search::Wanted;
use laserchat_protocol::{Conversation, ConversationId, MessageId, Page, UserId};

use super::{Database, lost};
use crate::Result;
use crate::contract::{FollowerStep, FoundMessages, Lesson, Search};

/// Messages that one write puts into the index. Messages that are sent meanwhile wait for no more than these.
const AT_ONCE: usize = 200;

#[async_trait]
impl<D: Database> Search for D {
    async fn index(&self, follower: &str, lessons: Vec<Lesson>) -> Result<bool> {
        // Folding texts takes longer than writing their terms, so it is not done on the thread that writes.
        let (entries, lessons) = match self.has_threads() {
            true => tokio::task::spawn_blocking(move || entry::prepare(lessons)).await.map_err(|_| lost())?,
            false => entry::prepare(lessons),
        };
        let follower = follower.to_owned();
        let lessons = Arc::new(lessons);
        let mut rest = entries;
        while rest.len() > AT_ONCE {
            let later = rest.split_off(AT_ONCE);
            write_entries(self, &follower, &lessons, rest).await?;
            rest = later;
        }
        self.write(move |w| {
            let continued = entry::continued(w, &follower, &lessons)?;
            entry::put(w, &continued, &rest)?;
            Ok(super::followers::advance(w, &follower, &continued)? && continued.len() == lessons.len())
        })
        .await
    }

    async fn find_messages(
        &self,
        viewer: UserId,
        wanted: Wanted,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<FoundMessages> {
        self.read_far(move |conn| find::messages(conn, viewer, &wanted, before, limit)).await
    }

    async fn conversations_called(&self, user: UserId, name: &str) -> Result<Vec<ConversationId>> {
        let name = name.to_owned();
        self.read(move |conn| name::called(conn, user, &name)).await
    }

    async fn find_channels(
        &self,
        user: UserId,
        words: &[String],
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Page<Conversation>> {
        let (words, cursor) = (words.to_vec(), cursor.map(str::to_owned));
        self.read_far(move |conn| name::channels(conn, user, &words, cursor.as_deref(), limit)).await
    }

    async fn renew_index(&self, follower: &str, version: u32, force: bool) -> Result<bool> {
        let follower = follower.to_owned();
        self.write(move |w| renew::renew(w, &follower, version, force)).await
    }

    async fn clear_old_index(&self, limit: usize) -> Result<bool> {
        self.write(move |w| renew::clear(w, limit)).await
    }

    async fn sweep_index(&self) -> Result<Option<u64>> {
        self.write(|w| {
            let swept = renew::sweep(w)?;
            // What is cleared must not stay in the log either.
            w.swept |= swept.is_some();
            Ok(swept)
        })
        .await
    }
}

/// Writes some entries, without moving the follower's cursors.
async fn write_entries<D: Database>(
    store: &D,
    follower: &str,
    lessons: &Arc<Vec<FollowerStep>>,
    entries: Vec<entry::Entry>,
) -> Result<()> {
    let (follower, lessons) = (follower.to_owned(), Arc::clone(lessons));
    store
        .write(move |w| {
            let continued = entry::continued(w, &follower, &lessons)?;
            entry::put(w, &continued, &entries)
        })
        .await
}
