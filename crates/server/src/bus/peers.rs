//! Peers: the other nodes, and who is connected to them.
//!
//! A node tells of everyone who comes, goes, or is there in another way, and a node that is new or has missed something asks
//! for all of it. What is known of a node is forgotten when the node has not been heard for a time.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use laserchat_protocol::UserId;
use laserchat_protocol::presence::Activity;
use parking_lot::RwLock;

use super::hint::There;

#[derive(Default)]
struct Peer {
    /// The number of the latest notice.
    number: u64,
    heard: Option<Instant>,
    /// Everybody as far as it has been told, and the part that comes next.
    telling: (usize, Vec<There>),
    users: HashSet<UserId>,
}

#[derive(Default)]
struct Inner {
    nodes: HashMap<u64, Peer>,
    users: HashMap<UserId, Vec<(u64, Activity)>>,
}

#[derive(Default)]
pub struct Peers(RwLock<Inner>);

/// What a notice's number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It follows the one before.
    Next,
    /// Some were missed, or this node is heard for the first time.
    Missed,
    /// It was heard before.
    Old,
}

impl Peers {
    /// How a user's devices on other nodes are used, one entry for each node.
    pub fn activities(&self, user: UserId) -> Vec<Activity> {
        let inner = self.0.read();
        inner.users.get(&user).map(|there| there.iter().map(|(_, activity)| *activity).collect()).unwrap_or_default()
    }

    /// How many other nodes there are.
    pub fn count(&self) -> usize {
        self.0.read().nodes.len()
    }

    pub fn hear(&self, node: u64, number: u64) -> Heard {
        let mut inner = self.0.write();
        let peer = inner.nodes.entry(node).or_default();
        peer.heard = Some(Instant::now());
        let last = peer.number;
        peer.number = number.max(last);
        if number == last + 1 {
            Heard::Next
        } else if number > last {
            Heard::Missed
        } else {
            Heard::Old
        }
    }

    /// Takes what a node says of some users.
    pub fn there(&self, node: u64, who: &[There]) {
        let mut inner = self.0.write();
        who.iter().for_each(|there| inner.set(node, there));
    }

    /// Takes a part of everybody. With the last part, returns who is not there any more; all others are.
    pub fn everybody(&self, node: u64, part: usize, last: bool, who: Vec<There>) -> Option<(Vec<There>, Vec<UserId>)> {
        let mut inner = self.0.write();
        let telling = &mut inner.nodes.entry(node).or_default().telling;
        if part == 0 {
            *telling = (0, Vec::new());
        }
        if part != telling.0 {
            return None;
        }
        telling.0 += 1;
        telling.1.extend(who);
        if !last {
            return None;
        }
        let (_, who) = std::mem::take(telling);
        let now: HashSet<UserId> = who.iter().map(|there| there.user).collect();
        let before = inner.nodes.get(&node).map(|peer| peer.users.clone()).unwrap_or_default();
        let gone: Vec<UserId> = before.difference(&now).copied().collect();
        for &user in &gone {
            inner.set(node, &There { user, activity: None, hidden: false });
        }
        who.iter().for_each(|there| inner.set(node, there));
        Some((who, gone))
    }

    /// Forgets a node, and returns who was connected to it.
    pub fn forget(&self, node: u64) -> Vec<UserId> {
        let mut inner = self.0.write();
        let Some(peer) = inner.nodes.remove(&node) else { return Vec::new() };
        for &user in &peer.users {
            inner.drop_user(node, user);
        }
        peer.users.into_iter().collect()
    }

    /// Nodes that have not been heard for a time.
    pub fn silent(&self, longer_than: Duration) -> Vec<u64> {
        let silent = |peer: &Peer| peer.heard.is_none_or(|heard| heard.elapsed() > longer_than);
        self.0.read().nodes.iter().filter(|(_, peer)| silent(peer)).map(|(node, _)| *node).collect()
    }
}

impl Inner {
    fn set(&mut self, node: u64, there: &There) {
        self.drop_user(node, there.user);
        let peer = self.nodes.entry(node).or_default();
        match there.activity {
            Some(activity) => {
                peer.users.insert(there.user);
                self.users.entry(there.user).or_default().push((node, activity));
            }
            None => drop(peer.users.remove(&there.user)),
        }
    }

    fn drop_user(&mut self, node: u64, user: UserId) {
        if let Some(there) = self.users.get_mut(&user) {
            there.retain(|(other, _)| *other != node);
            if there.is_empty() {
                self.users.remove(&user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(user: u64) -> There {
        There { user: UserId(user), activity: Some(Activity::Active), hidden: false }
    }

    #[test]
    fn numbers_show_what_was_missed() {
        let peers = Peers::default();
        for (number, heard) in
            [(1, Heard::Next), (2, Heard::Next), (2, Heard::Old), (4, Heard::Missed), (3, Heard::Old)]
        {
            assert_eq!(peers.hear(7, number), heard, "{number}");
        }
        assert_eq!(peers.hear(8, 5), Heard::Missed, "a node that was there before this one");
    }

    #[test]
    fn users_are_where_their_nodes_say() {
        let peers = Peers::default();
        peers.there(1, &[there(5), there(6)]);
        peers.there(2, &[there(5)]);
        assert_eq!(peers.activities(UserId(5)).len(), 2);
        assert_eq!(peers.everybody(1, 1, true, vec![]), None, "the first part is missing");
        assert_eq!(peers.everybody(1, 0, false, vec![there(5)]), None);
        assert_eq!(peers.everybody(1, 1, true, vec![there(9)]), Some((vec![there(5), there(9)], vec![UserId(6)])));
        assert!(peers.activities(UserId(6)).is_empty() && peers.activities(UserId(9)).len() == 1);
        let mut gone = peers.forget(1);
        gone.sort_unstable();
        assert_eq!(gone, [UserId(5), UserId(9)]);
        assert_eq!(peers.activities(UserId(5)), [Activity::Active], "still on the other");
    }
}
