//! Contacts: what a request, an answer or a block does to both sides.

use laserchat_protocol::{Code, ContactState};

use crate::refusal::Refusal;

/// One side's view of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    pub state: ContactState,
    pub blocked: bool,
}

impl Default for Side {
    fn default() -> Self {
        Side { state: ContactState::None, blocked: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactAction {
    /// Ask, or accept when the other has asked.
    Request,
    /// Accept what the other has asked.
    Accept,
    /// Refuse a request, withdraw one's own, or end the contact.
    Remove,
    Block,
    Unblock,
}

/// The new state of both sides. Repeating an action changes nothing.
pub fn decide(mine: Side, theirs: Side, action: ContactAction) -> Result<(Side, Side), Refusal> {
    use ContactState::{Accepted, None, Pending, Requested};
    let with = |mine: ContactState, theirs_state: ContactState| {
        (Side { state: mine, blocked: false }, Side { state: theirs_state, ..theirs })
    };
    match action {
        ContactAction::Request | ContactAction::Accept if mine.blocked || theirs.blocked => Err(Code::Blocked.into()),
        ContactAction::Request => Ok(match mine.state {
            None => with(Requested, Pending),
            Pending => with(Accepted, Accepted),
            Requested | Accepted => (mine, theirs),
        }),
        ContactAction::Accept => match mine.state {
            Pending => Ok(with(Accepted, Accepted)),
            Accepted => Ok((mine, theirs)),
            None | Requested => Err(Refusal::new(Code::NotFound).detail("there is no request to accept")),
        },
        ContactAction::Remove => Ok((Side { state: None, ..mine }, Side { state: None, ..theirs })),
        // Blocking ends the contact on both sides; the other only sees that it ended.
        ContactAction::Block => Ok((Side { state: None, blocked: true }, Side { state: None, ..theirs })),
        ContactAction::Unblock => Ok((Side { blocked: false, ..mine }, theirs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn action() -> impl Strategy<Value = ContactAction> {
        use ContactAction::*;
        prop::sample::select(vec![Request, Accept, Remove, Block, Unblock])
    }

    proptest! {
        /// Whatever two people do, their views mirror each other, and a block leaves no contact.
        #[test]
        fn views_mirror(steps in prop::collection::vec((any::<bool>(), action()), 0..40)) {
            let mut sides = [Side::default(), Side::default()];
            for (second, action) in steps {
                let (me, them) = if second { (1, 0) } else { (0, 1) };
                if let Ok((mine, theirs)) = decide(sides[me], sides[them], action) {
                    sides[me] = mine;
                    sides[them] = theirs;
                    let again = decide(mine, theirs, action);
                    prop_assert!(again.is_err() || again == Ok((mine, theirs)));
                }
                use ContactState::*;
                let mirrored = matches!(
                    (sides[0].state, sides[1].state),
                    (None, None) | (Requested, Pending) | (Pending, Requested) | (Accepted, Accepted)
                );
                prop_assert!(mirrored, "{:?}", sides);
                prop_assert!(!(sides[0].blocked || sides[1].blocked) || sides[0].state == None);
            }
        }
    }
}
