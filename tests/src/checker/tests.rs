//! The checker finds what is wrong with a history, and nothing in a right one.

use super::*;

fn at(seconds: u64) -> Time {
    Duration::from_secs(seconds)
}

fn placed(list: &[(Seq, &str)]) -> Vec<Placed> {
    list.iter().map(|(seq, name)| (*seq, (*name).to_owned())).collect()
}

fn sent(name: &str, begin: u64, acknowledged: Option<(u64, Seq)>) -> Sent {
    let acknowledged = acknowledged.map(|(end, seq)| (at(end), seq));
    Sent { room: "hall".into(), name: name.into(), at: at(begin), acknowledged }
}

fn look(when: u64, complete: Seq, new: &[(Seq, &str)], reads: &[(&str, Seq)]) -> Look {
    let reads = reads.iter().map(|(user, seq)| ((*user).to_owned(), *seq)).collect();
    Look { at: at(when), room: "hall".into(), above: 0, complete, new: placed(new), reads }
}

fn stay(user: &str, from: u64, to: Option<u64>) -> Stay {
    Stay { user: user.into(), from: at(from), to: to.map(at) }
}

fn sighting(client: &str, when: u64, online: bool) -> Sighting {
    Sighting { at: at(when), client: client.into(), user: "bob".into(), online }
}

/// Three messages, of which the second was never acknowledged, seen by two clients in different pieces.
fn right() -> History {
    let all = placed(&[(3, "a"), (4, "b"), (5, "c")]);
    let last: BTreeMap<String, Vec<Placed>> = [("hall".to_owned(), all.clone())].into();
    let ann = vec![
        look(1, 3, &[(3, "a")], &[("bob", 0)]),
        look(2, 3, &[(5, "c")], &[("bob", 3)]),
        look(3, 5, &[(4, "b")], &[("bob", 4)]),
    ];
    let bob = vec![look(9, 5, &[(3, "a"), (4, "b"), (5, "c")], &[])];
    History {
        rooms: vec![Room {
            name: "hall".into(),
            start: 2,
            head: 5,
            messages: all,
            reads: [("bob".to_owned(), 4)].into(),
        }],
        sends: vec![sent("a", 0, Some((1, 3))), sent("b", 1, None), sent("c", 2, Some((3, 5))), sent("d", 4, None)],
        marks: vec![Mark { room: "hall".into(), user: "bob".into(), seq: 4 }],
        clients: vec![
            Watcher { name: "ann's".into(), looks: ann, last: last.clone() },
            Watcher { name: "bob's".into(), looks: bob, last },
        ],
        presence: Presence {
            expiry: Duration::from_secs(10),
            end: at(100),
            stays: vec![stay("bob", 5, Some(40)), stay("bob", 60, None)],
            watches: vec![stay("ann's", 0, Some(70)), stay("ann's", 95, None)],
            // Late each time, but never too late; while it was not connected, it cannot know.
            sightings: vec![
                sighting("ann's", 0, false),
                sighting("ann's", 12, true),
                sighting("ann's", 50, false),
                sighting("ann's", 65, true),
                sighting("ann's", 70, false),
            ],
        },
        effects: vec![Effects {
            name: "webhook".into(),
            wanted: ["a".to_owned(), "c".to_owned()].into(),
            found: [("a", "1"), ("a", "1"), ("b", "2"), ("c", "3")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        }],
    }
}

/// What the checker says of the right history with one thing changed. Everything that it says has to be about that.
#[track_caller]
fn finds(change: impl FnOnce(&mut History), words: &[&str]) {
    let mut history = right();
    change(&mut history);
    let wrongs = check(&history);
    for word in words {
        assert!(wrongs.iter().any(|wrong| wrong.contains(word)), "{word} is not in {wrongs:#?}");
    }
}

#[test]
fn a_right_history_is_right() {
    assert_eq!(check(&right()), Vec::<String>::new());
    assert_eq!(check(&History::default()), Vec::<String>::new());
}

#[test]
fn a_lost_message_is_found() {
    finds(
        |history| {
            history.rooms[0].messages.pop();
            history.rooms[0].head = 4;
        },
        &["c was acknowledged at 5 and is lost"],
    );
    finds(|history| history.sends[0].acknowledged = Some((at(1), 4)), &["a was acknowledged at 4 and is at [3]"]);
    finds(|history| drop(history.clients[1].last.get_mut("hall").unwrap().pop()), &["bob's does not show c at 5"]);
}

#[test]
fn a_double_is_found() {
    finds(
        |history| {
            history.rooms[0].messages.push((6, "a".into()));
            history.rooms[0].head = 6;
        },
        &["a is there 2 times, at [3, 6]"],
    );
    finds(|history| history.clients[0].last.get_mut("hall").unwrap().push((3, "a".into())), &["ann's shows a 2 times"]);
    finds(|history| drop(history.sends.remove(1)), &["b is there and nobody sent it"]);
}

#[test]
fn a_gap_is_found() {
    finds(|history| history.rooms[0].messages[2].0 = 6, &["seq 5 should come, and c at 6 does"]);
    finds(|history| history.rooms[0].head = 9, &["end at 5 and the head is 9"]);
    finds(|history| history.rooms[0].start = 1, &["seq 2 should come, and a at 3 does"]);
    finds(|history| history.clients[0].looks[1].complete = 5, &["ann's says that it has all up to 5 and lacks b at 4"]);
}

#[test]
fn a_wrong_order_is_found() {
    // Sent after the third was acknowledged, and before it all the same.
    finds(
        |history| history.sends[1].at = at(8),
        &["b was sent after c was acknowledged, and stands before it: 4 and 5"],
    );
    finds(
        |history| history.clients[1].last.get_mut("hall").unwrap().swap(0, 1),
        &["ann's shows a before b, and bob's shows b before a"],
    );
    finds(
        |history| history.clients[1].looks[0].new = placed(&[(3, "b"), (4, "a"), (5, "c")]),
        &["bob's showed b at 3, where a is"],
    );
    finds(|history| history.clients[1].looks.push(look(9, 5, &[(5, "x")], &[])), &["bob's at 5 became c to x"]);
}

#[test]
fn reading_that_goes_back_is_found() {
    finds(
        |history| history.clients[0].looks[2].reads = [("bob".to_owned(), 2)].into(),
        &["ann's saw that bob had read up to 3 and then only to 2"],
    );
    finds(|history| history.marks[0].seq = 5, &["bob has read up to 5, and 4 is kept"]);
    finds(|history| history.rooms[0].reads.clear(), &["bob has read up to 4, and 0 is kept"]);
}

#[test]
fn presence_that_is_wrong_for_too_long_is_found() {
    let last = |history: &mut History, seconds: u64| history.presence.sightings[1].at = at(seconds);
    finds(|history| last(history, 16), &["ann's showed bob as away from 5s to 16s, which was wrong"]);
    finds(
        |history| drop(history.presence.sightings.drain(2..)),
        &["ann's showed bob as there from 40s to 60s, which was wrong"],
    );
    finds(
        |history| history.presence.watches[1].from = at(80),
        &["ann's showed bob as away from 80s to 100s, which was wrong"],
    );
}

#[test]
fn effects_that_are_lost_or_doubled_are_found() {
    finds(|history| drop(history.effects[0].found.remove(3)), &["webhook: c had no effect"]);
    finds(|history| history.effects[0].found[1].1 = "9".into(), &["webhook: a had 2 effects"]);
}
