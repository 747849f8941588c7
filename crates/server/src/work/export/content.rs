//! What is in an export: everything that is one's own, in files that programs and people can read.
//!
//! The account, contacts, settings, sessions, devices and belongings; the names of all conversations in which the person is
//! or was, and for each of them the messages that the person wrote and what the person thought of those of others; and the
//! person's own files, with what was made of them. What others wrote is theirs. What is derived from all that, as the index
//! of search, and secrets, as passwords and the keys of devices, are not in it.

use futures_util::StreamExt;
use laserchat_protocol::{ConversationId, FileId, FileVariant, UserId};
use laserchat_store::{Belonging, BelongingKind, FilePart, OpenFile, Part};
use serde::Serialize;
use serde_json::{Value, json};

use super::Unwritten;
use super::archive::Archive;
use crate::app::App;

const PAGE: usize = 500;
const FILES: usize = 50;
/// Characters of the end of a file's name by which programs know it.
const ENDING: usize = 10;

pub async fn write(app: &App, user: UserId, archive: &Archive) -> Result<(), Unwritten> {
    person(app, user, archive).await?;
    belongings(app, user, archive).await?;
    conversations(app, user, archive).await?;
    files(app, user, archive).await
}

async fn add(archive: &Archive, name: impl Into<String>, what: &impl Serialize) -> Result<(), Unwritten> {
    let mut text = serde_json::to_vec_pretty(what)?;
    text.push(b'\n');
    Ok(archive.file(name.into(), text).await?)
}

async fn person(app: &App, user: UserId, archive: &Archive) -> Result<(), Unwritten> {
    let account = app.store.account(user).await?.ok_or(Unwritten::Gone)?;
    add(archive, "account.json", &account).await?;
    add(archive, "sessions.json", &app.store.sessions(user).await?).await?;
    add(archive, "devices.json", &app.store.devices(user).await?).await?;
    add(archive, "notifications.json", &app.store.notification_settings(user).await?).await?;
    add(archive, "bots.json", &app.store.bots(user).await?).await?;
    add(archive, "tokens.json", &app.store.tokens(user).await?).await?;
    let mut contacts = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = app.store.contacts(user, cursor.as_deref(), PAGE).await?;
        contacts.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    add(archive, "contacts.json", &contacts).await
}

async fn belongings(app: &App, user: UserId, archive: &Archive) -> Result<(), Unwritten> {
    for (kind, name) in [
        (BelongingKind::Draft, "drafts.json"),
        (BelongingKind::Scheduled, "scheduled.json"),
        (BelongingKind::Reminder, "reminders.json"),
        (BelongingKind::Saved, "saved.json"),
    ] {
        let mut list = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = app.store.belongings(user, kind, cursor.as_deref(), PAGE).await?;
            for belonging in page.items {
                list.push(match belonging {
                    Belonging::Draft(draft) => serde_json::to_value(draft)?,
                    Belonging::Scheduled(scheduled) => serde_json::to_value(scheduled)?,
                    Belonging::Reminder(reminder) => serde_json::to_value(reminder)?,
                    Belonging::Saved(saved) => serde_json::to_value(saved)?,
                });
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        add(archive, name, &list).await?;
    }
    Ok(())
}

async fn conversations(app: &App, user: UserId, archive: &Archive) -> Result<(), Unwritten> {
    let mut list = Vec::new();
    for id in app.store.conversations_ever(user).await? {
        let Some(view) = app.store.conversation(user, id).await? else { continue };
        list.push(json!({
            "id": id,
            "type": view.conversation.kind,
            "name": view.conversation.name,
            "topic": view.conversation.topic,
            "with": view.peer.map(|peer| peer.username),
            "created_at": view.conversation.created_at,
            "membership": view.membership,
        }));
        messages(app, user, id, archive).await?;
        let opinions = app.store.opinions_of(user, id).await?;
        if !opinions.reactions.is_empty() {
            let told = opinions.reactions.iter();
            let told: Vec<Value> =
                told.map(|(message, emoji, at)| json!({ "message_id": message, "emoji": emoji, "at": at })).collect();
            add(archive, format!("reactions/{id}.json"), &told).await?;
        }
        if !opinions.votes.is_empty() {
            let told = opinions.votes.iter();
            let told: Vec<Value> = told
                .map(|(message, option, at)| json!({ "message_id": message, "option": option, "at": at }))
                .collect();
            add(archive, format!("votes/{id}.json"), &told).await?;
        }
    }
    add(archive, "conversations.json", &list).await
}

async fn messages(app: &App, user: UserId, id: ConversationId, archive: &Archive) -> Result<(), Unwritten> {
    let (mut after, mut number) = (0, 0);
    loop {
        let (found, next) = app.store.messages_of(user, id, after, PAGE).await?;
        if !found.is_empty() {
            number += 1;
            let messages: Vec<_> = found.into_iter().map(|(message, _)| message).collect();
            add(archive, format!("messages/{id}/{number:06}.json"), &messages).await?;
        }
        match next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

async fn files(app: &App, user: UserId, archive: &Archive) -> Result<(), Unwritten> {
    let (mut list, mut after) = (Vec::new(), FileId(0));
    loop {
        let page = app.store.files_of(user, after, FILES).await?;
        let Some(last) = page.last() else { break };
        after = last.owned.file.id;
        for file in page {
            list.push(one_file(app, &file, archive).await?);
        }
    }
    add(archive, "files.json", &list).await
}

/// Writes the bytes of a file and of what was made of it, and returns what the list says of it. Bytes that are lost are
/// said to be missing, and do not keep the rest from being written.
async fn one_file(app: &App, file: &OpenFile, archive: &Archive) -> Result<Value, Unwritten> {
    let about = &file.owned.file;
    let mut parts = serde_json::Map::new();
    for part in &file.parts {
        let (name, path) = match part.part {
            Part::Content => ("content", format!("files/{}/content{}", about.id, ending(&about.name))),
            Part::Variant(variant) => {
                let name = match variant {
                    FileVariant::Thumbnail => "thumbnail",
                    FileVariant::Preview => "preview",
                    FileVariant::Poster => "poster",
                };
                (name, format!("files/{}/{name}", about.id))
            }
        };
        let there = bytes(app, part, &path, archive).await?;
        parts.insert(name.to_owned(), if there { path.into() } else { Value::Null });
    }
    Ok(json!({ "file": about, "purpose": file.owned.purpose, "parts": parts }))
}

/// Returns whether the bytes are there.
async fn bytes(app: &App, part: &FilePart, path: &str, archive: &Archive) -> Result<bool, Unwritten> {
    let mut stream = match app.blobs.read(&part.blob, None).await {
        Ok(stream) => stream,
        Err(error) if error.is_missing() => {
            tracing::warn!(blob = %crate::blobs::name::hex(&part.blob.hash), "the bytes of a file are lost, and missing in an export");
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    archive.begin(path.to_owned(), part.size).await?;
    let mut rest = part.size;
    while let Some(bytes) = stream.next().await {
        let bytes = bytes?;
        rest = rest.checked_sub(bytes.len() as u64).ok_or(Unwritten::OtherSize)?;
        archive.more(bytes).await?;
    }
    if rest > 0 {
        return Err(Unwritten::OtherSize);
    }
    archive.end(part.size).await?;
    Ok(true)
}

/// The end of a file's name, with its dot, if it is one that every system takes.
fn ending(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, end)) if (1..=ENDING).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            format!(".{}", end.to_ascii_lowercase())
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        for (name, end) in
            [("a.PNG", ".png"), ("a.tar.gz", ".gz"), ("none", ""), ("a.", ""), ("a./etc/x", ""), ("a.ümläut", "")]
        {
            assert_eq!(ending(name), end, "{name}");
        }
        assert_eq!(ending(&format!("a.{}", "x".repeat(11))), "");
    }
}
