//! A watch over what one device is told: per connection every conversation's seqs come in order and without a gap, and
//! no message goes back to an older version.

use std::collections::BTreeMap;

use laserchat_protocol::{ConversationId, Event, MemberState, Message, Seq, UserId};

#[derive(Default)]
pub struct Watch {
    /// The heads that `ready` named.
    heads: BTreeMap<ConversationId, Seq>,
    /// The newest seq heard of each conversation on this connection.
    heard: BTreeMap<ConversationId, Seq>,
    replaying: bool,
    epoch: Option<String>,
    /// Changes may be committed without being published, so a gap is no wonder.
    lossy: bool,
    /// The newest version seen of each message, across connections.
    held: BTreeMap<(ConversationId, Seq), Seq>,
}

impl Watch {
    pub fn new(lossy: bool) -> Self {
        Watch { lossy, ..Watch::default() }
    }

    /// A connection begins; `resuming`: a replay comes first.
    pub fn connected(&mut self, resuming: bool) {
        self.heads.clear();
        self.heard.clear();
        self.replaying = resuming;
    }

    pub fn frame(&mut self, event: &Event, me: UserId) -> Result<(), String> {
        match event {
            Event::Ready(ready) => {
                self.heads = ready.heads.clone();
                if self.epoch.replace(ready.epoch.clone()).is_some_and(|epoch| epoch != ready.epoch) {
                    // Nothing of another life is newer or older. It is not replayed either.
                    self.held.clear();
                    self.replaying = false;
                }
            }
            Event::Synced {} => self.replaying = false,
            _ => {}
        }
        let Some((id, seq)) = event.position() else { return Ok(()) };
        let before = self.heard.insert(id, seq);
        if before.is_some_and(|before| seq <= before) {
            return Err(format!("seq {seq} of {id} comes after {before:?}"));
        }
        // A replay tells each object once, so it has holes. What is live has none.
        let next = match (before, self.heads.get(&id)) {
            _ if self.replaying || self.lossy => seq,
            (Some(before), _) => before + 1,
            (None, Some(head)) => seq.min(head + 1),
            (None, None) => seq,
        };
        if let Event::MemberRemoved(e) = event
            && e.member.user.id == me
            && e.member.state != MemberState::Joined
        {
            self.heard.remove(&id);
            self.heads.remove(&id);
        }
        if seq == next { Ok(()) } else { Err(format!("seq {seq} of {id} comes where {next} should")) }
    }

    pub fn held(&mut self, id: ConversationId, message: &Message) -> Result<(), String> {
        let newest = self.held.entry((id, message.seq)).or_default();
        if message.changed < *newest {
            let seq = message.seq;
            return Err(format!("message {seq} of {id} went back from {newest} to {}", message.changed));
        }
        *newest = message.changed;
        Ok(())
    }

    pub fn forget_held(&mut self) {
        self.held.clear();
    }
}
