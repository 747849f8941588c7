//! A connection's life as the state sees it: from where it resumes, what is replayed, and what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use laserchat_protocol::event::Ready;
use laserchat_protocol::{ConversationId, MemberState, Seq, UserId, Version};

use super::{Fetch, Resume, State};

/// Where a connection stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Phase {
    #[default]
    Offline,
    /// `ready` has come and `synced` has not: these heads are being replayed up to.
    Replaying {
        heads: BTreeMap<ConversationId, Seq>,
        version: Option<Version>,
    },
    Live,
}

impl State {
    /// Opens a connection: from where it resumes.
    pub fn hello(&mut self) -> Resume {
        let held = self.rooms.iter().filter(|(_, room)| room.conversation.is_some() && !room.restart);
        let cursors = held.map(|(id, room)| (*id, room.cursor)).collect();
        self.offered = match &self.epoch {
            Some(epoch) => {
                let version = (self.version > 0).then_some(self.version);
                Resume { cursors: Some(cursors), version, epoch: Some(epoch.clone()) }
            }
            None => Resume::default(),
        };
        self.offered.clone()
    }

    /// The connection is gone, and with it what only a connection keeps right.
    pub fn disconnected(&mut self) {
        self.phase = Phase::Offline;
        self.offered = Resume::default();
        self.presence.clear();
        self.typing.clear();
    }

    /// The epoch rule.
    pub(crate) fn restart(&mut self, epoch: &str, user: Option<UserId>) {
        *self = State {
            epoch: Some(epoch.to_owned()),
            user,
            generation: self.generation + 1,
            phase: std::mem::take(&mut self.phase),
            ..State::default()
        };
    }

    pub(super) fn ready(&mut self, ready: &Ready) {
        if self.epoch.as_deref() != Some(&ready.epoch) || self.user.is_some_and(|user| user != ready.user_id) {
            self.restart(&ready.epoch, Some(ready.user_id));
        }
        self.user = Some(ready.user_id);
        for id in &ready.reset {
            self.rooms.remove(id);
        }
        // A cursor ahead of the server is one of a past that the server does not share.
        let offered = self.offered.cursors.take().unwrap_or_default();
        self.rooms.retain(|id, _| {
            ready.heads.get(id).is_some_and(|head| offered.get(id).is_none_or(|cursor| cursor <= head))
        });
        let version = self.offered.version.take();
        if version.is_some_and(|version| version > ready.version) {
            self.forget_own();
        }
        self.version_head = self.version_head.max(ready.version);
        for (id, head) in &ready.heads {
            let room = self.rooms.entry(*id).or_default();
            room.head = room.head.max(*head);
            room.patchy(*head);
        }
        let version = version.filter(|version| *version <= ready.version);
        // Who offered nothing, or nothing of this epoch, gets no replay and no `synced`.
        self.phase = if offered.is_empty() && version.is_none() {
            Phase::Live
        } else {
            let held = |id: &ConversationId| self.rooms.get(id).is_some_and(|room| room.conversation.is_some());
            let replayed = ready.heads.iter().filter(|(id, _)| offered.contains_key(id) && held(id));
            Phase::Replaying {
                heads: replayed.map(|(id, head)| (*id, *head)).collect(),
                version: version.map(|_| ready.version),
            }
        };
    }

    pub(super) fn synced(&mut self) {
        let Phase::Replaying { heads, version } = std::mem::replace(&mut self.phase, Phase::Live) else { return };
        for (id, head) in heads {
            if let Some(room) = self.rooms.get_mut(&id) {
                room.advance(head);
            }
        }
        if let Some(version) = version {
            self.advance_version(version);
        }
    }

    pub(super) fn behind(&mut self, id: ConversationId, head: Seq) {
        if let Phase::Replaying { heads, .. } = &mut self.phase {
            heads.remove(&id);
        }
        if let Some(room) = self.rooms.get_mut(&id) {
            room.behind(head);
        }
    }

    /// Everything that is missing and can be asked for now.
    pub fn wants(&self) -> Vec<Fetch> {
        let (replayed, own_replayed) = match &self.phase {
            Phase::Offline => return Vec::new(),
            Phase::Replaying { heads, version } => (Some(heads), version.is_some()),
            Phase::Live => (None, false),
        };
        let mut wanted = BTreeSet::new();
        if self.account.is_none() {
            wanted.insert(Fetch::Account);
        }
        if self.version < self.version_head && !own_replayed {
            wanted.insert(Fetch::OwnChanges { after: self.version });
        }
        if !self.listed {
            wanted.insert(Fetch::Conversations);
        }
        for (id, room) in &self.rooms {
            if room.conversation.is_none() || room.restart || room.recount {
                // Until the list has come, what is unknown is expected to be in it.
                if self.listed || room.conversation.is_some() {
                    wanted.insert(Fetch::Conversation { id: *id });
                }
            } else if room.is_behind() && !replayed.is_some_and(|heads| heads.contains_key(id)) {
                wanted.insert(Fetch::Changes { id: *id, after: room.cursor });
            }
        }
        for (id, membership) in &self.memberships {
            if self.listed && membership.state == MemberState::Joined && !self.rooms.contains_key(id) {
                wanted.insert(Fetch::Conversation { id: *id });
            }
        }
        wanted.into_iter().collect()
    }
}
