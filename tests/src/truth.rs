//! The truth: what the server holds for one user, and how the state of a client differs from it.

use std::fmt::Debug;

use laserchat_client::state::State;
use laserchat_protocol::limits::UNREAD_MAX;
use laserchat_protocol::user::Account;
use laserchat_protocol::{
    Contact, ConversationId, ConversationView, Member, MemberState, Message, MessageKind, Seq, UserId,
};

/// What the server holds for one user.
pub struct Truth {
    pub account: Account,
    pub contacts: Vec<Contact>,
    pub rooms: Vec<TrueRoom>,
}

/// One conversation as the server shows it to the user.
pub struct TrueRoom {
    pub view: ConversationView,
    /// Every message, oldest first.
    pub history: Vec<Message>,
    /// Everyone who is joined.
    pub members: Vec<Member>,
}

/// Notes two things that should be the same and are not.
pub fn differ<T: PartialEq + Debug>(what: &str, left: &T, right: &T, wrongs: &mut Vec<String>) {
    if left != right {
        wrongs.push(format!("{what} differ:\n    {left:?}\n    {right:?}"));
    }
}

/// A message without what no event tells: whether one follows the thread is for the answer to the question, and in one that
/// never changed nobody has voted, whether it says so or not.
pub fn plain(message: &Message) -> Message {
    let mut message = Message { following: false, ..message.clone() };
    if message.changed == message.seq {
        message.poll.iter_mut().flat_map(|poll| &mut poll.options).for_each(|option| option.me = Some(false));
    }
    message.reactions.sort_by(|a, b| a.emoji.cmp(&b.emoji));
    message
}

/// Everything in which a state, with all history and members loaded, is not the truth.
pub fn differences(state: &State, truth: &Truth) -> Vec<String> {
    let mut wrongs = Vec::new();
    let mut held: Vec<ConversationId> = state.rooms().map(|(id, _)| id).collect();
    let mut there: Vec<ConversationId> = truth.rooms.iter().map(|room| room.view.conversation.id).collect();
    held.sort_unstable();
    there.sort_unstable();
    differ("the conversations", &held, &there, &mut wrongs);
    for room in &truth.rooms {
        conversation(state, room, &mut wrongs);
        members(state, room, &mut wrongs);
        counts(state, room, truth.account.user.id, &mut wrongs);
    }
    differ("the version", &state.version(), &truth.account.version, &mut wrongs);
    differ("the account", &state.account().map(|account| &account.user), &Some(&truth.account.user), &mut wrongs);
    let mut contacts = truth.contacts.clone();
    contacts.sort_by_key(|contact| contact.user.id);
    differ("the contacts", &state.contacts().cloned().collect(), &contacts, &mut wrongs);
    wrongs
}

fn conversation(state: &State, TrueRoom { view, history, .. }: &TrueRoom, wrongs: &mut Vec<String>) {
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
    if held.len() != history.len() {
        wrongs.push(format!("{id} is held with {} messages and has {}", held.len(), history.len()));
    }
    for (held, there) in held.iter().zip(history) {
        differ(&format!("message {} of {id}", there.seq), held, &plain(there), wrongs);
    }
}

fn members(state: &State, TrueRoom { view, members, .. }: &TrueRoom, wrongs: &mut Vec<String>) {
    let id = view.conversation.id;
    let Some(room) = state.room(id) else { return };
    // Cursors are told apart from the rest, and compared apart.
    let still = |member: &Member| Member { delivered: 0, read: 0, ..member.clone() };
    let mut there: Vec<Member> = members.iter().map(still).collect();
    there.sort_by_key(|member| member.user.id);
    let held: Vec<Member> = room.members().filter(|member| member.state == MemberState::Joined).map(still).collect();
    differ(&format!("the members of {id}"), &held, &there, wrongs);
    // One's own reading is in the membership.
    for member in members.iter().filter(|member| Some(member.user.id) != state.user()) {
        let held = room.receipts().get(&member.user.id).copied().unwrap_or_default();
        let (held, there) = ((held.delivered, held.read), (member.delivered, member.read));
        differ(&format!("the cursors of {} in {id}", member.user.id), &held, &there, wrongs);
    }
}

/// The membership is the server's, and everybody counts the same number of unread messages.
fn counts(state: &State, TrueRoom { view, history, .. }: &TrueRoom, user: UserId, wrongs: &mut Vec<String>) {
    let id = view.conversation.id;
    let (Some(there), Some(held)) = (&view.membership, state.membership(id)) else {
        return wrongs.push(format!("there is no membership of {id}"));
    };
    // Counts change with every message and are derived on both sides; being delivered moves without a version.
    let mut same = there.clone();
    (same.unread, same.mentions, same.delivered) = (held.unread, held.mentions, held.delivered);
    differ(&format!("the membership of {id}"), held, &same, wrongs);
    let counted = recount(history, there.read, user);
    differ(&format!("the unread counts of {id}"), &(there.unread, there.mentions), &counted, wrongs);
    differ(&format!("the unread counts held of {id}"), &(state.unread(id), state.mentions(id)), &counted, wrongs);
}

/// Unread messages and mentions, counted one by one.
fn recount(history: &[Message], read: Seq, user: UserId) -> (u64, u64) {
    let new = |message: &&Message| message.seq > read && message.sender_id != user && message.deleted_at.is_none();
    let top = |message: &&Message| message.parent_id.is_none() && message.kind == MessageKind::Text;
    let names = |message: &&Message| message.mentions.contains(&user) || message.mentions_all.is_some();
    let unread = history.iter().filter(new).filter(top).count() as u64;
    let mentions = history.iter().filter(new).filter(names).count() as u64;
    (unread.min(UNREAD_MAX), mentions.min(UNREAD_MAX))
}
