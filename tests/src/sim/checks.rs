//! Checks: once everything is at rest, what every device holds is what the server holds, and what the server holds is
//! what was committed.

use std::collections::BTreeMap;
use std::sync::Arc;

use laserchat_client::state::State;
use laserchat_protocol::limits::UNREAD_MAX;
use laserchat_protocol::{ConversationId, ConversationView, Member, MemberState, Message, MessageKind, Seq, UserId};
use laserchat_store::{Contacts, Conversations, Log, Memberships, Result, Sqlite, System, Users, Window};

use super::device::Device;
use super::ledger::Ledger;

/// More than any of these worlds has of anything.
const ALL: usize = 10_000;

/// Everything that is wrong.
pub async fn all(store: &Sqlite, ledger: &Ledger, devices: &[Arc<Device>]) -> Result<Vec<String>> {
    let mut wrongs = store.check().await?;
    for id in ledger.conversations() {
        log(store, ledger, id, &mut wrongs).await?;
    }
    for device in devices {
        let mut found = Vec::new();
        same(store, device, &mut found).await?;
        sends(store, device, &mut found).await?;
        wrongs.extend(found.into_iter().map(|wrong| format!("{}: {wrong}", device.name)));
    }
    Ok(wrongs)
}

/// What the store holds of a conversation is what its changes have told.
async fn log(store: &Sqlite, ledger: &Ledger, id: ConversationId, wrongs: &mut Vec<String>) -> Result<()> {
    // Nobody: what is shared by all and personal to none.
    let nobody = UserId(0);
    let deleted = ledger.with(id, |page| page.deleted).unwrap_or_default();
    let Some(view) = store.conversation(nobody, id).await? else {
        if !deleted {
            wrongs.push(format!("{id} is gone"));
        }
        return Ok(());
    };
    if deleted {
        wrongs.push(format!("{id} is still there"));
    }
    let history = store.history(nobody, id, Window::After(0), ALL).await?;
    ledger.with(id, |page| {
        if page.head != view.seq {
            wrongs.push(format!("{id} is at {} and its events are at {}", view.seq, page.head));
        }
        let told: Vec<Message> = page.messages.values().map(shared).collect();
        let kept: Vec<Message> = history.iter().map(shared).collect();
        differ(&format!("the messages of {id}, as told and as kept"), &told, &kept, wrongs);
    });
    Ok(())
}

/// What all see of a message.
fn shared(message: &Message) -> Message {
    let mut message = plain(message);
    message.reactions.iter_mut().for_each(|reaction| reaction.me = None);
    message
}

/// A message without what no event tells: whether one follows the thread is for the answer to the question.
fn plain(message: &Message) -> Message {
    let mut message = Message { following: false, ..message.clone() };
    message.reactions.sort_by(|a, b| a.emoji.cmp(&b.emoji));
    message
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, left: &T, right: &T, wrongs: &mut Vec<String>) {
    if left != right {
        wrongs.push(format!("{what} differ:\n    {left:?}\n    {right:?}"));
    }
}

/// A device holds what the server would tell it now.
async fn same(store: &Sqlite, device: &Device, wrongs: &mut Vec<String>) -> Result<()> {
    let user = device.who.user;
    let views = store.conversations(user, None, ALL).await?.items;
    let state = device.mind().state.clone();
    let mut held: Vec<ConversationId> = state.rooms().map(|(id, _)| id).collect();
    let mut there: Vec<ConversationId> = views.iter().map(|view| view.conversation.id).collect();
    held.sort_unstable();
    there.sort_unstable();
    differ("the conversations", &held, &there, wrongs);
    for view in &views {
        let id = view.conversation.id;
        let history = store.history(user, id, Window::After(0), ALL).await?;
        room(&state, view, &history, wrongs);
        members(store, &state, id, wrongs).await?;
        counts(&state, view, &history, user, wrongs);
    }
    let account = store.account(user).await?;
    differ("the version", &Some(state.version()), &account.as_ref().map(|account| account.version), wrongs);
    differ("the account", &state.account().map(|a| &a.user), &account.as_ref().map(|a| &a.user), wrongs);
    let mut contacts = store.contacts(user, None, ALL).await?.items;
    contacts.sort_by_key(|contact| contact.user.id);
    differ("the contacts", &state.contacts().cloned().collect::<Vec<_>>(), &contacts, wrongs);
    Ok(())
}

fn room(state: &State, view: &ConversationView, history: &[Message], wrongs: &mut Vec<String>) {
    let id = view.conversation.id;
    let Some(room) = state.room(id) else { return };
    if (room.cursor(), room.head(), room.floor()) != (view.seq, view.seq, 1) {
        let (cursor, head, floor) = (room.cursor(), room.head(), room.floor());
        wrongs.push(format!("{id} is held from {floor} to {cursor} of {head} and has {}", view.seq));
    }
    let count = room.member_count();
    if count != view.conversation.member_count {
        wrongs.push(format!("{id} seems to have {count} members and has {}", view.conversation.member_count));
    }
    let mut conversation = view.conversation.clone();
    conversation.member_count = room.conversation().map_or(0, |held| held.member_count);
    differ(&format!("the settings of {id}"), &room.conversation(), &Some(&conversation), wrongs);
    differ(&format!("the other person of {id}"), &room.peer(), &view.peer.as_ref(), wrongs);
    let held: Vec<Message> = room.timeline().map(plain).collect();
    let there: Vec<Message> = history.iter().map(plain).collect();
    if held.len() != there.len() {
        wrongs.push(format!("{id} is held with {} messages and has {}", held.len(), there.len()));
    }
    for (held, there) in held.iter().zip(&there) {
        differ(&format!("message {} of {id}", there.seq), held, there, wrongs);
    }
}

async fn members(store: &Sqlite, state: &State, id: ConversationId, wrongs: &mut Vec<String>) -> Result<()> {
    let Some(room) = state.room(id) else { return Ok(()) };
    // Cursors are told apart from the rest, and compared apart.
    let still = |member: &Member| Member { delivered: 0, read: 0, ..member.clone() };
    let mut there = store.members(id, false, None, ALL).await?.items;
    there.sort_by_key(|member| member.user.id);
    let there: Vec<Member> = there.iter().map(still).collect();
    let held: Vec<Member> = room.members().filter(|member| member.state == MemberState::Joined).map(still).collect();
    differ(&format!("the members of {id}"), &held, &there, wrongs);
    for (_, receipt) in store.receipts(&[id]).await? {
        // One's own reading is in the membership.
        if Some(receipt.user_id) == state.user() {
            continue;
        }
        let held = room.receipts().get(&receipt.user_id).copied().unwrap_or_default();
        let (held, there) = ((held.delivered, held.read), (receipt.delivered, receipt.read));
        differ(&format!("the cursors of {} in {id}", receipt.user_id), &held, &there, wrongs);
    }
    Ok(())
}

/// The membership is the server's, and everybody counts the same number of unread messages.
fn counts(state: &State, view: &ConversationView, history: &[Message], user: UserId, wrongs: &mut Vec<String>) {
    let id = view.conversation.id;
    let (Some(there), Some(held)) = (&view.membership, state.membership(id)) else {
        return wrongs.push(format!("there is no membership of {id}"));
    };
    // Counts change with every message and are derived on both sides; receipts move without a version.
    let mut same = there.clone();
    (same.unread, same.mentions, same.delivered) = (held.unread, held.mentions, held.delivered);
    differ(&format!("the membership of {id}"), held, &same, wrongs);
    let counted = recount(history, there.read, user);
    differ(&format!("the unread counts of {id}"), &(there.unread, there.mentions), &counted, wrongs);
    differ(&format!("the unread counts held of {id}"), &(state.unread(id), state.mentions(id)), &counted, wrongs);
}

fn recount(history: &[Message], read: Seq, user: UserId) -> (u64, u64) {
    let new = |message: &&Message| message.seq > read && message.sender_id != user && message.deleted_at.is_none();
    let unread = history
        .iter()
        .filter(new)
        .filter(|message| message.parent_id.is_none() && message.kind == MessageKind::Text)
        .count();
    let mentions = history
        .iter()
        .filter(new)
        .filter(|message| message.mentions.contains(&user) || message.mentions_all.is_some())
        .count();
    ((unread as u64).min(UNREAD_MAX), (mentions as u64).min(UNREAD_MAX))
}

/// Every acknowledged message is there exactly once, no message twice, and each device's in the order of sending.
async fn sends(store: &Sqlite, device: &Device, wrongs: &mut Vec<String>) -> Result<()> {
    let user = device.who.user;
    let (queued, acknowledged) = {
        let mind = device.mind();
        (mind.queued.clone(), mind.acknowledged.clone())
    };
    for (id, names) in queued {
        if store.conversation(user, id).await?.is_none() {
            continue;
        }
        let history = store.history(user, id, Window::After(0), ALL).await?;
        let mut places: BTreeMap<&str, Vec<Seq>> = BTreeMap::new();
        for message in history.iter().filter(|message| message.sender_id == user) {
            places.entry(&message.client_id).or_default().push(message.seq);
        }
        let mut last = 0;
        for name in &names {
            let found = places.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            let known = acknowledged.contains(&(id, name.clone()));
            if found.len() > 1 || (known && found.is_empty()) {
                wrongs.push(format!("{name}, acknowledged: {known}, stands in {id} at {found:?}"));
            }
            if let Some(&at) = found.first() {
                if at < last {
                    wrongs.push(format!("{name} overtook an earlier message in {id}: {at} < {last}"));
                }
                last = at;
            }
        }
    }
    Ok(())
}
