//! Hints: what nodes tell each other, and how it is spelled.
//!
//! A hint is a line of JSON that says what it is about, and after it the frames as clients get them: an event is encoded by
//! the node that committed it, and the others pass its bytes on without reading them. What a node does not know, because a
//! newer version sent it, it ignores.

use bytes::Bytes;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{ConversationId, Event, MemberState, Seq, SessionId, Timestamp, UserId, Version};
use serde::{Deserialize, Serialize};

/// What the receiving node needs to know of a conversation event without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(rename = "c")]
    pub conversation: ConversationId,
    #[serde(rename = "s")]
    pub seq: Seq,
    /// Somebody hears the conversation from now on (`true`), or no more.
    #[serde(rename = "m", skip_serializing_if = "Option::is_none", default)]
    pub moved: Option<(UserId, bool)>,
    /// It is a new message and nothing else: who sent it, and when.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none", default)]
    pub posted: Option<(UserId, Timestamp)>,
    /// The conversation is deleted.
    #[serde(rename = "e", skip_serializing_if = "std::ops::Not::not", default)]
    pub ended: bool,
}

impl Change {
    pub fn of(event: &Event) -> Option<Change> {
        let (conversation, seq) = event.position()?;
        let moved = match event {
            Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => {
                Some((e.member.user.id, e.member.state == MemberState::Joined))
            }
            _ => None,
        };
        let posted = match event {
            Event::MessageSent(e) => Some((e.message.sender_id, e.message.created_at)),
            _ => None,
        };
        Some(Change { conversation, seq, moved, posted, ended: matches!(event, Event::ConversationDeleted(_)) })
    }
}

/// What is told about a conversation or to a user, on their own subjects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "k")]
pub enum Hint {
    /// A conversation event: its frame, of this many bytes, and what differs for one user.
    Change {
        #[serde(flatten)]
        change: Change,
        #[serde(rename = "n")]
        bytes: usize,
        #[serde(rename = "o", skip_serializing_if = "Option::is_none", default)]
        own: Option<UserId>,
    },
    /// A signal to a conversation's members, but not to one of them.
    Signal {
        #[serde(rename = "c")]
        conversation: ConversationId,
        #[serde(rename = "x", skip_serializing_if = "Option::is_none", default)]
        except: Option<UserId>,
    },
    Typing {
        #[serde(rename = "c")]
        conversation: ConversationId,
        #[serde(rename = "u")]
        user: UserId,
        #[serde(rename = "t")]
        typing: bool,
    },
    /// An event for one user's devices, numbered or not.
    Personal {
        #[serde(rename = "u")]
        user: UserId,
        #[serde(rename = "v", skip_serializing_if = "Option::is_none", default)]
        version: Option<Version>,
    },
    /// A user has joined a conversation, or is in it no more: perhaps no one here listens to it.
    Moved {
        #[serde(rename = "u")]
        user: UserId,
        #[serde(rename = "c")]
        conversation: ConversationId,
        #[serde(rename = "s")]
        seq: Seq,
        #[serde(rename = "j")]
        joined: bool,
    },
    #[serde(other)]
    Unknown,
}

impl Hint {
    /// The hint and what goes with it, as one payload.
    pub fn encode(&self, parts: &[&[u8]]) -> Bytes {
        encode(self, parts)
    }

    /// A hint and the bytes that came with it. `None`: it is none.
    pub fn decode(payload: &[u8]) -> Option<(Hint, &[u8])> {
        decode(payload)
    }
}

/// Work that somebody may have to be woken for, wherever it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    Due,
    Pushes,
    Mail,
    Deliveries,
    Previews,
    Expiry,
    Exports,
    Deletions,
    Collection,
    #[serde(other)]
    Unknown,
}

/// How somebody is there on one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct There {
    #[serde(rename = "u")]
    pub user: UserId,
    /// `None`: with no connection.
    #[serde(rename = "a")]
    pub activity: Option<Activity>,
    /// Their presence is shown to nobody.
    #[serde(rename = "h", skip_serializing_if = "std::ops::Not::not", default)]
    pub hidden: bool,
}

/// What every node is told. It is rare, except for presence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "k")]
pub enum Notice {
    /// The node is there.
    Alive,
    /// It goes, in good order.
    Bye,
    /// Who is connected to it now, or not any more.
    There {
        who: Vec<There>,
    },
    /// The same of everybody, in several parts: whoever is in none is not connected to it.
    Everybody {
        part: usize,
        last: bool,
        who: Vec<There>,
    },
    /// Wants to hear of everybody, of one node or of all.
    Ask {
        node: Option<u64>,
    },
    /// A profile has changed; the frame of the event goes with it.
    Profile {
        user: UserId,
    },
    Hidden {
        user: UserId,
        hidden: bool,
    },
    Severed {
        a: UserId,
        b: UserId,
    },
    Emoji {
        version: Version,
    },
    Ended {
        user: UserId,
        sessions: Vec<SessionId>,
    },
    /// Rooms copy something that has changed outside of the log.
    Forget {
        conversation: ConversationId,
    },
    Keys,
    Reindex,
    Errand {
        errand: Errand,
    },
    /// Where conversations have got to, for followers.
    Heads {
        heads: Vec<(ConversationId, Seq)>,
    },
    #[serde(other)]
    Unknown,
}

/// A notice with who sent it, and its number among that node's notices, so that a lost one is noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    #[serde(rename = "f")]
    pub from: u64,
    #[serde(rename = "n")]
    pub number: u64,
    #[serde(flatten)]
    pub notice: Notice,
}

impl Numbered {
    pub fn encode(&self, frame: &[u8]) -> Bytes {
        encode(self, &[frame])
    }

    pub fn decode(payload: &[u8]) -> Option<(Numbered, &[u8])> {
        decode(payload)
    }
}

fn encode(head: &impl Serialize, parts: &[&[u8]]) -> Bytes {
    let mut payload = Vec::with_capacity(160 + parts.iter().map(|part| part.len()).sum::<usize>());
    // Our own types always serialise, and a hint that does not is ignored.
    let _ = serde_json::to_writer(&mut payload, head);
    payload.push(b'\n');
    parts.iter().for_each(|part| payload.extend_from_slice(part));
    payload.into()
}

/// JSON never contains a raw line break.
fn decode<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Option<(T, &'a [u8])> {
    let end = payload.iter().position(|&byte| byte == b'\n')?;
    Some((serde_json::from_slice(&payload[..end]).ok()?, &payload[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_come_back_with_their_frames() {
        let change = Change {
            conversation: ConversationId(7),
            seq: 9,
            moved: Some((UserId(3), true)),
            posted: None,
            ended: false,
        };
        let hint = Hint::Change { change, bytes: 5, own: Some(UserId(4)) };
        let payload = hint.encode(&[b"sha\nd", b"own"]);
        assert_eq!(Hint::decode(&payload), Some((hint, &b"sha\ndown"[..])));
        let notice = Numbered { from: 1, number: 2, notice: Notice::Ask { node: None } };
        assert_eq!(Numbered::decode(&notice.encode(b"")), Some((notice, &b""[..])));
    }

    #[test]
    fn what_a_newer_node_says_is_ignored() {
        assert_eq!(Hint::decode(b"{\"k\":\"New\",\"z\":1}\nrest"), Some((Hint::Unknown, &b"rest"[..])));
        assert_eq!(
            Numbered::decode(b"{\"f\":1,\"n\":2,\"k\":\"New\"}\n").map(|(numbered, _)| numbered.notice),
            Some(Notice::Unknown)
        );
        assert_eq!(Hint::decode(b"{}\n"), None);
        assert_eq!(Hint::decode(b"no line"), None);
    }
}
