//! Histories that chance rarely comes upon, step by step: each of them once left a state that was not the server's.

use laserchat_client::protocol::event::OwnChanges;
use laserchat_client::protocol::*;
use laserchat_client::state::Fetch;

use super::client::{Answer, Client, Input};
use super::{Step, World};

const ROOM: ConversationId = ConversationId(1);

const OTHER: UserId = UserId(2);

fn world() -> World {
    let mut world = World::new(Client::default());
    world.settle();
    world
}

impl World {
    fn steps<const N: usize>(&mut self, steps: [Step; N]) {
        steps.into_iter().for_each(|step| self.step(step));
    }

    fn deliver(&mut self) {
        while !self.live.is_empty() {
            self.step(Step::Deliver);
        }
    }

    /// The conversation is loaded afresh, before the answers arrive that are on their way already.
    fn load(&mut self) {
        self.ask(Fetch::Conversation { id: ROOM });
        self.answer(self.answers.len() - 1);
    }

    fn end(mut self) {
        while !self.answers.is_empty() {
            self.answer(0);
        }
        self.settle();
        self.check();
    }
}

fn post() -> Step {
    Step::Post { room: 0, mine: false, reply: None, mention: false }
}

fn react(mine: bool) -> Step {
    Step::React { room: 0, nth: 0, mine, emoji: 0 }
}

/// The user leaves the conversation, or comes back.
fn toggle() -> Step {
    Step::Toggle { room: 0, mine: true }
}

#[test]
fn a_late_page_does_not_bring_back_a_reaction_that_was_taken_back() {
    let mut world = World::new(Client::default());
    world.steps([post(), post(), react(true)]);
    world.settle();
    world.step(Step::History { room: 0, limit: 3 });
    world.steps([react(true), react(false)]);
    world.deliver();
    world.end();
}

#[test]
fn members_from_before_a_conversation_was_loaded_afresh_are_not_all() {
    let mut world = world();
    world.step(Step::Members { room: 0 });
    world.steps([toggle(), Step::Toggle { room: 0, mine: false }, toggle()]);
    world.deliver();
    world.load();
    world.end();
}

#[test]
fn messages_from_before_a_conversation_was_loaded_afresh_may_have_changed_unseen() {
    let mut world = world();
    world.steps([post(), post()]);
    world.deliver();
    world.step(Step::Messages { room: 0, nth: 0 });
    world.steps([toggle(), Step::Edit { room: 0, nth: 0, mention: false }, toggle()]);
    world.deliver();
    world.load();
    world.end();
}

#[test]
fn a_membership_that_is_newer_than_the_conversation_counts_once() {
    let mut world = world();
    world.step(toggle());
    world.deliver();
    // Of coming back, only the membership is heard.
    world.step(toggle());
    world.live.remove(0);
    world.deliver();
    world.steps([post(), post()]);
    world.live.clear();
    world.ask(Fetch::Conversation { id: ROOM });
    world.step(Step::Read { room: 0, back: 1 });
    world.deliver();
    world.end();
}

#[test]
fn a_membership_that_was_forgotten_counts_once() {
    let mut world = World::new(Client::default());
    world.steps([post(), post()]);
    world.settle();
    world.step(post());
    world.deliver();
    let answer = OwnChanges { items: Vec::new(), next: None, head: 0 };
    world.client.give(&Input::Answer(Answer::OwnChanges { after: 1, answer }));
    world.end();
}

#[test]
fn a_name_that_changed_while_nobody_listened_is_taken_from_where_it_is_seen_next() {
    let mut world = world();
    world.step(Step::Name { name: 1 });
    world.deliver();
    let name = |world: &World| world.client.summary(OTHER).map(|user| user.display_name.clone());
    assert_eq!(name(&world).as_deref(), Some("name 1"));
    world.step(Step::Members { room: 0 });
    let Some((_, Answer::Members { answer, .. })) = world.answers.last_mut() else {
        panic!("members are on their way")
    };
    answer.iter_mut().for_each(|member| member.user.display_name = "name 2".into());
    world.answer(0);
    assert_eq!(name(&world).as_deref(), Some("name 2"));
    assert_eq!(world.client.profile(OTHER).map(|user| user.display_name.as_str()), Some("name 2"));
}
