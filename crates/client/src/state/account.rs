//! What the user owns outside conversations: memberships, contacts, the account. Numbered by the user's version.

use laserchat_protocol::contact::{Contact, ContactState};
use laserchat_protocol::user::Account;
use laserchat_protocol::{Event, MemberState, Membership, Version};

use super::State;

/// A contact entry that stands for something; others are remembered only so that older news of them is told as old.
pub(super) fn is_relation(contact: &Contact) -> bool {
    contact.state != ContactState::None || contact.blocked
}

impl State {
    pub(super) fn take_own(&mut self, event: &Event) {
        match event {
            Event::MembershipUpdated(e) => self.take_membership(&e.membership),
            Event::ContactUpdated(e) => {
                let newer = self.contacts.get(&e.contact.user.id).is_none_or(|held| e.contact.version > held.version);
                if newer {
                    self.contacts.insert(e.contact.user.id, e.contact.clone());
                    self.take_summary(&e.contact.user);
                }
            }
            Event::AccountUpdated(e) => self.take_account(&e.account, false),
            other => self.personal.take(other),
        }
    }

    /// Takes the account if it is newer, or `again` as new.
    pub(super) fn take_account(&mut self, account: &Account, again: bool) {
        let newer = |held: &Account| account.version > held.version || (again && account.version == held.version);
        if self.account.as_ref().is_none_or(newer) {
            self.account = Some(account.clone());
            self.take_user(&account.user);
        }
    }

    /// Takes a membership unless what is held is newer; whoever has left holds nothing of the conversation.
    pub(super) fn take_membership(&mut self, membership: &Membership) {
        let id = membership.conversation_id;
        if self.memberships.get(&id).is_some_and(|held| held.version >= membership.version) {
            return;
        }
        self.memberships.insert(id, membership.clone());
        if membership.state != MemberState::Joined {
            self.rooms.remove(&id);
        } else if let Some(room) = self.rooms.get_mut(&id) {
            room.count_from(membership);
        }
    }

    pub(super) fn note_version(&mut self, version: Version) {
        self.version_head = self.version_head.max(version);
        if version == self.version + 1 {
            self.advance_version(version);
        } else if version > self.version {
            self.version_ahead.insert(version);
        }
    }

    pub(super) fn advance_version(&mut self, version: Version) {
        self.version_head = self.version_head.max(version);
        if version <= self.version {
            return;
        }
        self.version = version;
        self.version_ahead = self.version_ahead.split_off(&(version + 1));
        while self.version_ahead.remove(&(self.version + 1)) {
            self.version += 1;
        }
    }

    /// Drops what the user owns, to be fetched anew.
    pub(super) fn forget_own(&mut self) {
        self.memberships.clear();
        self.contacts.clear();
        self.personal = Default::default();
        self.account = None;
        self.version = 0;
        self.version_head = 0;
        self.version_ahead.clear();
    }
}
