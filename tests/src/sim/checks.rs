//! Checks: once everything is at rest, what every device holds is what the server holds, and what the server holds is
//! what was committed.

use std::sync::Arc;

use laserchat_protocol::{ConversationId, Message, Seq, UserId};
use laserchat_store::{Contacts, Conversations, Log, Result, Sqlite, System, Users, Window};

use super::device::Device;
use super::ledger::Ledger;
use crate::truth::{self, TrueRoom, Truth};

/// More than any of these worlds has of anything.
const ALL: usize = 10_000;

/// Everything that is wrong.
pub async fn all(store: &Sqlite, ledger: &Ledger, people: &[UserId], devices: &[Arc<Device>]) -> Result<Vec<String>> {
    let mut wrongs = store.check().await?;
    for id in ledger.conversations() {
        log(store, ledger, id, &mut wrongs).await?;
        sums(store, people, id, &mut wrongs).await?;
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
        truth::differ(&format!("the messages of {id}, as told and as kept"), &told, &kept, wrongs);
    });
    Ok(())
}

/// What is counted on a message is what counting finds, and of a deleted one nothing is left.
async fn sums(store: &Sqlite, people: &[UserId], id: ConversationId, wrongs: &mut Vec<String>) -> Result<()> {
    let mut views = Vec::new();
    for user in people {
        views.push(store.history(*user, id, Window::After(0), ALL).await?);
    }
    let Some(history) = views.first() else { return Ok(()) };
    for (at, message) in history.iter().enumerate() {
        let replies = history.iter().filter(|reply| reply.parent_id == Some(message.id) && reply.deleted_at.is_none());
        let (told, counted) = (message.reply_count, replies.count() as u64);
        if told != counted {
            wrongs.push(format!("message {} of {id} says {told} replies and has {counted}", message.seq));
        }
        for reaction in &message.reactions {
            let mine = |view: &&Vec<Message>| {
                view[at].reactions.iter().any(|seen| seen.emoji == reaction.emoji && seen.me == Some(true))
            };
            let (told, counted) = (reaction.count, views.iter().filter(mine).count() as u64);
            if told != counted {
                wrongs
                    .push(format!("message {} of {id} says {told} {} and has {counted}", message.seq, reaction.emoji));
            }
        }
        if let Some(poll) = &message.poll {
            let chosen = |view: &&Vec<Message>, option: usize| {
                view[at].poll.as_ref().is_some_and(|seen| seen.options[option].me == Some(true))
            };
            let counted: Vec<u64> = (0..poll.options.len())
                .map(|option| views.iter().filter(|view| chosen(view, option)).count() as u64)
                .collect();
            let voters = views.iter().filter(|view| (0..poll.options.len()).any(|option| chosen(view, option)));
            let told: Vec<u64> = poll.options.iter().map(|option| option.count).collect();
            if (&told, poll.voters) != (&counted, voters.count() as u64) {
                wrongs.push(format!("the poll {} of {id} says {told:?} and has {counted:?}", message.seq));
            }
        }
        let empty = message.poll.is_none()
            && message.body.is_empty()
            && message.reactions.is_empty()
            && message.pinned_at.is_none();
        if message.deleted_at.is_some() && !(empty && message.mentions.is_empty()) {
            wrongs.push(format!("something is left of the deleted message {} of {id}", message.seq));
        }
    }
    Ok(())
}

/// What all see of a message.
fn shared(message: &Message) -> Message {
    let mut message = truth::plain(message);
    message.reactions.iter_mut().for_each(|reaction| reaction.me = None);
    message.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.me = None);
    message
}

/// A device holds what the server would tell it now.
async fn same(store: &Sqlite, device: &Device, wrongs: &mut Vec<String>) -> Result<()> {
    let user = device.who.user;
    let mut rooms = Vec::new();
    for view in store.conversations(user, None, ALL).await?.items {
        let id = view.conversation.id;
        let history = store.history(user, id, Window::After(0), ALL).await?;
        let members = store.members(id, false, None, ALL).await?.items;
        rooms.push(TrueRoom { view, history, members });
    }
    let Some(account) = store.account(user).await? else {
        wrongs.push("there is no account".into());
        return Ok(());
    };
    let contacts = store.contacts(user, None, ALL).await?.items;
    let state = device.mind().state.clone();
    wrongs.extend(truth::differences(&state, &Truth { account, contacts, rooms }));
    Ok(())
}

/// Every acknowledged message is there exactly once, no message twice, and each device's in the order of sending.
async fn sends(store: &Sqlite, device: &Device, wrongs: &mut Vec<String>) -> Result<()> {
    let user = device.who.user;
    let (queued, bursts, acknowledged) = {
        let mind = device.mind();
        (mind.queued.clone(), mind.bursts.clone(), mind.acknowledged.clone())
    };
    for (id, names) in queued.into_iter().chain(bursts) {
        if store.conversation(user, id).await?.is_none() {
            continue;
        }
        let history = store.history(user, id, Window::After(0), ALL).await?;
        let mut last = 0;
        for name in names {
            let own = history.iter().filter(|message| message.sender_id == user && message.client_id == name);
            let found: Vec<Seq> = own.map(|message| message.seq).collect();
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
