//! What a link hears when its user comes and goes, also while it is just being subscribed.

use std::sync::Arc;

use laserchat_protocol::event::MemberChanged;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{ConversationId, Event, Member, MemberState, Role, SessionId, Timestamp, UserId, UserSummary};
use laserchat_store::{Appended, Changed, Head};

use super::{Hub, Link, QueueLimits};
use crate::bus::Bus;
use crate::metrics::Metrics;

static LIMITS: QueueLimits = QueueLimits { frames: 8, bytes: 1 << 16 };
const USER: UserId = UserId(1);
const PLACE: ConversationId = ConversationId(2);

fn attached() -> (Hub, Arc<Link>) {
    let hub = Hub::new(Arc::new(Metrics::install()), Arc::new(Bus::Local));
    let link = Link::new(1, USER, SessionId(3), Activity::default(), &LIMITS);
    assert!(hub.attach(&link, usize::MAX).is_ok());
    (hub, link)
}

/// The append that made the user a member, or no member any more.
fn moved(joined: bool, seq: u64) -> Appended {
    let user = UserSummary {
        id: USER,
        username: "anna".into(),
        display_name: "Anna".into(),
        avatar: None,
        bot: false,
        deleted: false,
    };
    let state = if joined { MemberState::Joined } else { MemberState::Left };
    let member = Member {
        conversation_id: PLACE,
        user,
        role: Role::Member,
        state,
        joined_at: Timestamp(0),
        muted_until: None,
        changed: seq,
        delivered: 0,
        read: 0,
    };
    let change = MemberChanged { conversation_id: PLACE, seq, member };
    let event = if joined { Event::MemberAdded(change) } else { Event::MemberRemoved(change) };
    Appended { changed: vec![Changed { event, own: None }], personal: Vec::new() }
}

fn heads() -> Vec<Head> {
    vec![Head { conversation: PLACE, head: 5 }]
}

#[test]
fn whoever_is_removed_hears_the_removal_and_nothing_after() {
    let (hub, link) = attached();
    hub.subscribe(&link, &heads());
    hub.publish(PLACE, &moved(false, 6));
    assert_eq!(link.queued(), 1);
    assert!(!link.has_topic(PLACE));
    hub.publish(PLACE, &moved(false, 7));
    assert_eq!(link.queued(), 1);
}

#[test]
fn a_removal_while_subscribing_is_not_undone() {
    let (hub, link) = attached();
    let read_before = heads();
    hub.publish(PLACE, &moved(false, 6));
    hub.subscribe(&link, &read_before);
    assert!(!link.has_topic(PLACE));
}

#[test]
fn coming_back_while_subscribing_is_not_undone_either() {
    let (hub, link) = attached();
    let read_before = heads();
    hub.publish(PLACE, &moved(false, 6));
    hub.publish(PLACE, &moved(true, 7));
    hub.subscribe(&link, &read_before);
    assert!(link.has_topic(PLACE));
    assert_eq!(link.queued(), 1, "it hears of itself coming back");
}
