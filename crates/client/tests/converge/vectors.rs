//! The shared vectors: random sequences, and what this crate's state says to them, for the state in TypeScript to be
//! measured by. They are kept in `web/src/sync/state/vectors` and are played to this state by every test run. When it
//! answers differently, `cargo xtask gen` makes them anew; when there are new kinds of steps, so does
//! `UPDATE_VECTORS=1 cargo test -p laserchat-client --test converge`.
//!
//! A file is an array of vectors. A vector is an array of steps, to be given to one fresh state in turn:
//!
//! | `do` | gives the state |
//! | --- | --- |
//! | `hello` | the opening of a connection; `expect` is the resume point that it must answer (`cursors`, `version`, `epoch`) |
//! | `apply` | `event`, at `now` (milliseconds since 1970) |
//! | `disconnected` | the end of the connection |
//! | `ask` | nothing: a question about conversation `id` goes out, and how the conversation stands is noted under `n` |
//! | `answer` | the `answer` to a question of some `kind`, see below |
//! | `restart` | the end of the program, and its start from what it had written; always after `disconnected` |
//!
//! | `kind` | was asked with | `answer` |
//! | --- | --- | --- |
//! | `account` | | an `Account` |
//! | `own_changes` | `after` | an `OwnChanges` |
//! | `conversations` | | all `ConversationView`s |
//! | `conversation` | `id` | a `ConversationView` |
//! | `changes` | `id`, `after` | a `Changes` |
//! | `history` | `id`, `asked`, `before` (a seq, or null for the newest), `limit` | `Message`s, oldest first |
//! | `messages` | `id`, `asked` | `Message`s from anywhere in the conversation |
//! | `members` | `id`, `asked` | all `Member`s that are in it |
//! | `not_found` | `id`, `asked` | none |
//!
//! `asked` is the `n` of the question.
//!
//! After every step `wants` must be what the state wants, as a set: `account`, `own_changes` (`after`), `conversations`,
//! `conversation` (`id`), `changes` (`id`, `after`). Where a step has a `state`, the state must look like it:
//!
//! - `user`, `epoch`, `version`, `is_synced`, `account`; `generation` counts how often everything was dropped since the
//!   start of the program; `memberships` and `contacts` by their ids; `presence` is that of user 2.
//! - `rooms`, by id, holds those that are loaded: `cursor`, `head`; `timeline` the messages from `floor` on, which have no
//!   hole, and `elsewhere` those known below it; `start` is where the cursor began; `members` that are known, tombstones
//!   included, whether they are all (`members_complete`), and `member_count`; `receipts` by user; the seq of the
//!   `last_message`; `unread`, `mentions`; and who is `typing` at `now`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::client::{Client, Input, Step, spell_resume};
use super::{World, step};

/// Sequences in a file, for files that an editor can still open.
const EACH: usize = 25;

/// How many files there are, and the longest sequence of steps in each.
const FILES: [usize; 8] = [12, 16, 20, 24, 30, 40, 50, 80];

/// Most random sequences never come to the rare cases, so of so many the one that tells most is kept.
const CANDIDATES: usize = 60;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/src/sync/state/vectors")
}

fn record(steps: Vec<super::Step>, joined: bool) -> Vec<Step> {
    let mut world = World::new(Client::recorded());
    // Half of the sequences begin with a client that knows nothing yet.
    if joined {
        world.settle();
    }
    let middle = steps.len() / 2;
    for (at, step) in steps.into_iter().enumerate() {
        world.step(step);
        if at == middle {
            world.client.note_state();
        }
    }
    world.settle();
    world.check();
    world.client.note_state();
    world.client.into_tape()
}

/// How much a sequence tells: the kinds of its steps, and rather those that few have.
fn worth(steps: &[Step]) -> usize {
    const RARE: [&str; 4] = ["conversation", "member.added", "member.removed", "membership.updated"];
    const RAREST: [&str; 3] = ["changes", "conversation.behind", "not_found"];
    let of = |kind: &str| match kind {
        kind if RAREST.contains(&kind) => 10,
        kind if RARE.contains(&kind) => 4,
        _ => 1,
    };
    let name = |step: &Step| {
        let input = &step.input;
        let names = [&input["event"]["type"], &input["kind"], &input["do"]];
        names.into_iter().find_map(|name| name.as_str()).unwrap_or_default().to_owned()
    };
    let kinds: BTreeSet<String> = steps.iter().map(name).collect();
    kinds.iter().map(|kind| of(kind)).sum()
}

fn write() {
    let mut runner = TestRunner::deterministic();
    for (number, longest) in FILES.into_iter().enumerate() {
        let vectors: Vec<String> = (0..EACH)
            .map(|nth| {
                let candidates = (0..CANDIDATES).map(|_| {
                    let sequence = vec(step(), longest / 2..=longest).new_tree(&mut runner).expect("steps can be made");
                    record(sequence.current(), nth % 2 == 0)
                });
                let steps = candidates.max_by_key(|steps| worth(steps)).expect("there are candidates");
                serde_json::to_string(&steps).expect("steps are JSON")
            })
            .collect();
        std::fs::create_dir_all(folder()).expect("the folder can be made");
        let text = format!("[\n{}\n]\n", vectors.join(",\n"));
        std::fs::write(folder().join(format!("{number}.json")), text).expect("the file can be written");
    }
}

#[test]
fn the_state_answers_the_shared_vectors_as_recorded() {
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        write();
    }
    for number in 0..FILES.len() {
        let path = folder().join(format!("{number}.json"));
        let text = std::fs::read_to_string(&path).expect("the vectors are there: `cargo xtask gen` makes them");
        let vectors: Vec<Vec<Step>> = serde_json::from_str(&text).expect("the vectors are JSON");
        for (line, recorded) in vectors.into_iter().enumerate() {
            let mut client = Client::default();
            for (at, step) in recorded.into_iter().enumerate() {
                let input: Input = serde_json::from_value(step.input.clone()).expect("an input of this version");
                let expect = client.give(&input).as_ref().map(spell_resume);
                let state = step.state.is_some().then(|| client.dump());
                let answered = Step { input: step.input.clone(), expect, wants: client.wanted(), state };
                let place = format!("{}, line {}, step {at}", path.display(), line + 2);
                assert_eq!(answered, step, "{place}: if the state is right, run `cargo xtask gen`");
            }
        }
    }
}
