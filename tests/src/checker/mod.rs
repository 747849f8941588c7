//! The checker: what happened to everybody who used a cluster, judged afterwards.
//!
//! It knows nothing of how LaserChat works and talks to nobody. It is given what was done and seen, with times of one clock,
//! and says in words what cannot be right: that makes it something that can be tested itself, with histories that are wrong.

mod presence;
#[cfg(test)]
mod tests;

pub use presence::{Presence, Sighting, Stay};

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Since the beginning of the history.
pub type Time = Duration;
pub type Seq = u64;

/// A message, by where it is and the name that its sender gave it.
pub type Placed = (Seq, String);

/// Everything that was recorded.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub rooms: Vec<Room>,
    pub sends: Vec<Sent>,
    pub marks: Vec<Mark>,
    pub clients: Vec<Watcher>,
    pub presence: Presence,
    pub effects: Vec<Effects>,
}

/// What the servers hold of a conversation in the end.
#[derive(Debug, Clone, Default)]
pub struct Room {
    pub name: String,
    /// After this, every change was a message.
    pub start: Seq,
    pub head: Seq,
    /// In the order in which they are listed.
    pub messages: Vec<Placed>,
    /// How far everybody has read.
    pub reads: BTreeMap<String, Seq>,
}

/// A message that somebody tried to send.
#[derive(Debug, Clone)]
pub struct Sent {
    pub room: String,
    pub name: String,
    pub at: Time,
    /// When it was acknowledged, and where it was said to be. `None`: it may be there or not.
    pub acknowledged: Option<(Time, Seq)>,
}

/// Somebody was told that they have read up to here.
#[derive(Debug, Clone)]
pub struct Mark {
    pub room: String,
    pub user: String,
    pub seq: Seq,
}

/// What one client showed, and when.
#[derive(Debug, Clone, Default)]
pub struct Watcher {
    pub name: String,
    pub looks: Vec<Look>,
    /// What it shows of each conversation in the end, from top to bottom.
    pub last: BTreeMap<String, Vec<Placed>>,
}

/// A look at what a client shows of a conversation.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub at: Time,
    pub room: String,
    /// Above this and up to `complete`, it says that it lacks nothing. Whoever was away for long begins anew at the end.
    pub above: Seq,
    pub complete: Seq,
    /// What was not there at the last look.
    pub new: Vec<Placed>,
    /// How far others have read.
    pub reads: BTreeMap<String, Seq>,
}

/// What work in the background has done: once for each cause, however often it was interrupted.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    /// Such as `webhook`.
    pub name: String,
    pub wanted: BTreeSet<String>,
    /// Each with its cause and its own name: the same one may be told twice, two for one cause may not be.
    pub found: Vec<(String, String)>,
}

/// Everything that cannot be right.
pub fn check(history: &History) -> Vec<String> {
    let mut wrongs = Vec::new();
    for room in &history.rooms {
        dense(room, &mut wrongs);
        sent(room, &history.sends, &mut wrongs);
        in_time(room, &history.sends, &mut wrongs);
        read(room, &history.marks, &mut wrongs);
        for client in &history.clients {
            shown(room, client, &mut wrongs);
        }
        agree(room, &history.clients, &mut wrongs);
    }
    for client in &history.clients {
        forwards(client, &mut wrongs);
    }
    presence::check(&history.presence, &mut wrongs);
    for effects in &history.effects {
        once(effects, &mut wrongs);
    }
    wrongs
}

/// Seqs follow one on the other, up to the head.
fn dense(room: &Room, wrongs: &mut Vec<String>) {
    let mut expected = room.start + 1;
    for (seq, name) in &room.messages {
        if *seq != expected {
            wrongs.push(format!("{}: seq {expected} should come, and {name} at {seq} does", room.name));
        }
        expected = seq + 1;
    }
    if expected != room.head + 1 {
        wrongs.push(format!("{}: the messages end at {} and the head is {}", room.name, expected - 1, room.head));
    }
}

/// What was acknowledged is there, where it was said to be; nothing is there twice, and nothing that nobody sent.
fn sent(room: &Room, sends: &[Sent], wrongs: &mut Vec<String>) {
    let mut places: BTreeMap<&str, Vec<Seq>> = BTreeMap::new();
    for (seq, name) in &room.messages {
        places.entry(name).or_default().push(*seq);
    }
    for (name, places) in places.iter().filter(|(_, places)| places.len() > 1) {
        wrongs.push(format!("{}: {name} is there {} times, at {places:?}", room.name, places.len()));
    }
    let mut strangers: BTreeSet<&str> = places.keys().copied().collect();
    for sent in sends.iter().filter(|sent| sent.room == room.name) {
        strangers.remove(sent.name.as_str());
        let Some((_, seq)) = sent.acknowledged else { continue };
        match places.get(sent.name.as_str()) {
            None => wrongs.push(format!("{}: {} was acknowledged at {seq} and is lost", room.name, sent.name)),
            Some(places) if !places.contains(&seq) => {
                wrongs.push(format!("{}: {} was acknowledged at {seq} and is at {places:?}", room.name, sent.name))
            }
            Some(_) => {}
        }
    }
    for name in strangers {
        wrongs.push(format!("{}: {name} is there and nobody sent it", room.name));
    }
}

/// What was sent after something was acknowledged stands behind it.
fn in_time(room: &Room, sends: &[Sent], wrongs: &mut Vec<String>) {
    let places: BTreeMap<&str, Seq> = room.messages.iter().map(|(seq, name)| (name.as_str(), *seq)).collect();
    let here = || sends.iter().filter(|sent| sent.room == room.name);
    let mut by_begin: Vec<(&Sent, Seq)> =
        here().filter_map(|sent| Some((sent, *places.get(sent.name.as_str())?))).collect();
    by_begin.sort_by_key(|(sent, _)| sent.at);
    let mut by_end: Vec<(Time, Seq, &str)> =
        here().filter_map(|sent| sent.acknowledged.map(|(at, seq)| (at, seq, sent.name.as_str()))).collect();
    by_end.sort_unstable();
    let mut ended = by_end.into_iter().peekable();
    let mut latest: Option<(Seq, &str)> = None;
    for (sent, seq) in by_begin {
        while let Some((_, place, name)) = ended.next_if(|(at, ..)| *at < sent.at) {
            latest = latest.max(Some((place, name)));
        }
        if let Some((before, name)) = latest
            && before > seq
        {
            let what = format!("{} was sent after {name} was acknowledged", sent.name);
            wrongs.push(format!("{}: {what}, and stands before it: {seq} and {before}", room.name));
        }
    }
}

/// What somebody was told to have read is read.
fn read(room: &Room, marks: &[Mark], wrongs: &mut Vec<String>) {
    for mark in marks.iter().filter(|mark| mark.room == room.name) {
        let kept = room.reads.get(&mark.user).copied().unwrap_or_default();
        if kept < mark.seq {
            wrongs.push(format!("{}: {} has read up to {}, and {kept} is kept", room.name, mark.user, mark.seq));
        }
    }
}

/// What a client shows is what is kept: at every moment as far as it says, and in the end all of it.
fn shown(room: &Room, client: &Watcher, wrongs: &mut Vec<String>) {
    let kept: BTreeMap<Seq, &str> = room.messages.iter().map(|(seq, name)| (*seq, name.as_str())).collect();
    let mut seen: BTreeMap<Seq, &str> = BTreeMap::new();
    let mut checked = room.start;
    for look in client.looks.iter().filter(|look| look.room == room.name) {
        for (seq, name) in look.new.iter().filter(|(seq, _)| *seq > room.start) {
            match seen.insert(*seq, name) {
                Some(other) if other != name => {
                    wrongs.push(format!("{}: {} at {seq} became {other} to {name}", room.name, client.name));
                }
                _ if kept.get(seq) != Some(&name.as_str()) => {
                    let there = kept.get(seq).unwrap_or(&"nothing");
                    wrongs.push(format!("{}: {} showed {name} at {seq}, where {there} is", room.name, client.name));
                }
                _ => {}
            }
        }
        let from = checked.max(look.above);
        for (seq, name) in kept.range(from + 1..look.complete.max(from) + 1) {
            if !seen.contains_key(seq) {
                let what = format!("says that it has all up to {} and lacks {name} at {seq}", look.complete);
                wrongs.push(format!("{}: {} {what}", room.name, client.name));
            }
        }
        checked = checked.max(look.complete);
    }
    let Some(last) = client.last.get(&room.name) else { return };
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in last {
        *times.entry(name).or_default() += 1;
    }
    for (seq, name) in &room.messages {
        match times.get(name.as_str()) {
            None => wrongs.push(format!("{}: {} does not show {name} at {seq}", room.name, client.name)),
            Some(1) => {}
            Some(count) => wrongs.push(format!("{}: {} shows {name} {count} times", room.name, client.name)),
        }
    }
}

/// Any two clients show what both show in one order.
fn agree(room: &Room, clients: &[Watcher], wrongs: &mut Vec<String>) {
    let order = |client: &Watcher| -> Option<BTreeMap<String, usize>> {
        Some(client.last.get(&room.name)?.iter().enumerate().map(|(place, (_, name))| (name.clone(), place)).collect())
    };
    let orders: Vec<(&str, BTreeMap<String, usize>)> =
        clients.iter().filter_map(|client| Some((client.name.as_str(), order(client)?))).collect();
    // Whoever agrees with the first agrees with everybody.
    let Some(((first, one), others)) = orders.split_first() else { return };
    for (other, two) in others {
        let mut both: Vec<(usize, usize, &str)> =
            one.iter().filter_map(|(name, place)| Some((*place, *two.get(name)?, name.as_str()))).collect();
        both.sort_unstable();
        if let Some(pair) = both.windows(2).find(|pair| pair[0].1 > pair[1].1) {
            let (a, b) = (pair[0].2, pair[1].2);
            wrongs.push(format!("{}: {first} shows {a} before {b}, and {other} shows {b} before {a}", room.name));
        }
    }
}

/// No client sees anybody's reading go back.
fn forwards(client: &Watcher, wrongs: &mut Vec<String>) {
    let mut far: BTreeMap<(&str, &str), Seq> = BTreeMap::new();
    for look in &client.looks {
        for (user, &seq) in &look.reads {
            let before = far.entry((&look.room, user)).or_default();
            if seq < *before {
                let what = format!("{user} had read up to {before} and then only to {seq}");
                wrongs.push(format!("{}: {} saw that {what}", look.room, client.name));
            }
            *before = seq;
        }
    }
}

/// Each effect that should be there is, once.
fn once(effects: &Effects, wrongs: &mut Vec<String>) {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (cause, name) in &effects.found {
        found.entry(cause).or_default().insert(name);
    }
    for cause in effects.wanted.iter().filter(|cause| !found.contains_key(cause.as_str())) {
        wrongs.push(format!("{}: {cause} had no effect", effects.name));
    }
    for (cause, names) in found.iter().filter(|(_, names)| names.len() > 1) {
        wrongs.push(format!("{}: {cause} had {} effects: {names:?}", effects.name, names.len()));
    }
}
