//! Polls: who may do what with one, and that the counts are those of the votes.

use std::collections::{BTreeMap, HashMap};

use laserchat_protocol::{Conversation, ConversationId, ConversationKind, MemberState, MessageId, Role};
use proptest::prelude::*;

use super::*;
use crate::message::{Draft, edit, send};
use crate::room::MemberRow;

const AUTHOR: UserId = UserId(1);
const MODERATOR: UserId = UserId(2);
const MEMBER: UserId = UserId(3);
const STRANGER: UserId = UserId(4);

fn turn() -> Turn {
    Turn { now: Timestamp(1_000_000), message_id: MessageId(50) }
}

fn room() -> Room {
    let conversation = Conversation {
        id: ConversationId(1),
        kind: ConversationKind::Group,
        name: Some("Group".into()),
        topic: None,
        avatar: None,
        public: false,
        read_only: false,
        slow_mode_seconds: 0,
        expire_seconds: None,
        created_by: MODERATOR,
        created_at: Timestamp(0),
        archived_at: None,
        changed: 1,
        member_count: 3,
    };
    let row = |user, role| {
        let state = MemberState::Joined;
        (user, Some(MemberRow { user, role, state, joined_at: Timestamp(0), muted_until: None }))
    };
    let members = [row(AUTHOR, Role::Member), row(MODERATOR, Role::Moderator), row(MEMBER, Role::Member)];
    Room { head: 9, members: HashMap::from(members), ..Room::unborn(conversation) }
}

fn wanted() -> PollCreate {
    PollCreate {
        client_id: "p".into(),
        question: " Where   to? ".into(),
        options: vec!["Sea".into(), "Hills".into(), "Home".into()],
        multiple: false,
        anonymous: false,
        closes_at: None,
        parent_id: None,
    }
}

fn message(poll: Poll) -> Message {
    let draft = Draft { client_id: "p".into(), body: words(&poll), poll: Some(poll), ..Draft::default() };
    match send(&room(), AUTHOR, &draft, &turn()).unwrap().remove(0) {
        Change::MessagePosted(message) => *message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_poll_is_checked_and_said_in_words() {
    let poll = check(&wanted(), turn().now).unwrap();
    assert_eq!(words(&poll), "Where to?\n- Sea\n- Hills\n- Home");
    let bad = |change: fn(&mut PollCreate)| {
        let mut poll = wanted();
        change(&mut poll);
        check(&poll, turn().now).unwrap_err().field.map(|field| field.to_string())
    };
    assert_eq!(bad(|poll| poll.question = " ".into()).as_deref(), Some("question"));
    assert_eq!(bad(|poll| poll.question = "x".repeat(301)).as_deref(), Some("question"));
    assert_eq!(bad(|poll| poll.options.truncate(1)).as_deref(), Some("options"));
    assert_eq!(bad(|poll| poll.options = (0..21).map(|at| at.to_string()).collect()).as_deref(), Some("options"));
    assert_eq!(bad(|poll| poll.options[1] = " Sea ".into()).as_deref(), Some("options"));
    assert_eq!(bad(|poll| poll.options[1] = String::new()).as_deref(), Some("options"));
    assert_eq!(bad(|poll| poll.closes_at = Some(turn().now)).as_deref(), Some("closes_at"));
    assert_eq!(bad(|poll| poll.closes_at = Some(Timestamp(i64::MAX))).as_deref(), Some("closes_at"));
}

#[test]
fn who_may_vote_and_close() {
    let message = message(check(&wanted(), turn().now).unwrap());
    let code = |decision: Decision| decision.map(|changes| changes.len()).map_err(|refusal| refusal.code);
    assert_eq!(code(vote(&room(), MEMBER, &message, &[1], &turn())), Ok(1));
    assert_eq!(code(vote(&room(), MEMBER, &message, &[], &turn())), Ok(0), "there is nothing to withdraw");
    assert_eq!(code(vote(&room(), MEMBER, &message, &[0, 1], &turn())), Err(Code::InvalidField));
    assert_eq!(code(vote(&room(), MEMBER, &message, &[3], &turn())), Err(Code::InvalidField));
    assert_eq!(code(vote(&room(), STRANGER, &message, &[1], &turn())), Err(Code::NotFound));
    assert_eq!(code(close(&room(), MEMBER, &message, &turn())), Err(Code::Forbidden));
    assert_eq!(code(close(&room(), MODERATOR, &message, &turn())), Ok(1));
    assert_eq!(code(close(&room(), AUTHOR, &message, &turn())), Ok(1));
    assert_eq!(code(edit(&room(), AUTHOR, &message, "other", &[], None, &turn())), Err(Code::Forbidden));

    let mut closed = message.clone();
    closed.poll.as_mut().unwrap().closed_at = Some(Timestamp(5));
    assert_eq!(code(vote(&room(), MEMBER, &closed, &[1], &turn())), Err(Code::PollClosed));
    assert_eq!(code(close(&room(), AUTHOR, &closed, &turn())), Ok(0));
    let mut due = message.clone();
    due.poll.as_mut().unwrap().closes_at = Some(turn().now);
    assert_eq!(code(vote(&room(), MEMBER, &due, &[1], &turn())), Err(Code::PollClosed), "its time has come");
    assert_eq!(code(expire(&due, &turn())), Ok(1));
    assert_eq!(code(expire(&message, &turn())), Ok(0));
    assert_eq!(code(expire(&closed, &turn())), Ok(0));

    let plain = Message { poll: None, ..message.clone() };
    assert_eq!(code(vote(&room(), MEMBER, &plain, &[1], &turn())), Err(Code::NotFound));
    let deleted = Message { deleted_at: Some(Timestamp(1)), ..message };
    assert_eq!(code(vote(&room(), MEMBER, &deleted, &[1], &turn())), Err(Code::MessageDeleted));
    assert_eq!(code(close(&room(), AUTHOR, &deleted, &turn())), Err(Code::MessageDeleted));
}

proptest! {
    /// Whoever votes, changes their mind and withdraws: the counts are the votes.
    #[test]
    fn counts_equal_votes(
        multiple: bool,
        steps in prop::collection::vec((0usize..3, prop::collection::vec(0u32..4, 0..4)), 0..40),
    ) {
        let mut message = message(check(&PollCreate { multiple, ..wanted() }, turn().now).unwrap());
        let mut votes: BTreeMap<UserId, Vec<u32>> = BTreeMap::new();
        for (who, options) in steps {
            let user = [AUTHOR, MODERATOR, MEMBER][who];
            let before = votes.get(&user).cloned().unwrap_or_default();
            for (at, option) in (0..).zip(&mut message.poll.as_mut().unwrap().options) {
                option.me = Some(before.contains(&at));
            }
            if let Ok(changes) = vote(&room(), user, &message, &options, &turn()) {
                for change in changes {
                    let Change::Voted { options: after, .. } = change else { panic!("{change:?}") };
                    recount(message.poll.as_mut().unwrap(), &before, &after);
                    votes.insert(user, after);
                }
            }
            let poll = message.poll.as_ref().unwrap();
            for (at, option) in (0..).zip(&poll.options) {
                let count = votes.values().filter(|options| options.contains(&at)).count();
                prop_assert_eq!(option.count, count as u64);
            }
            prop_assert_eq!(poll.voters, votes.values().filter(|options| !options.is_empty()).count() as u64);
            prop_assert!(multiple || votes.values().all(|options| options.len() <= 1));
        }
    }
}
