//! The bus: what nodes tell each other. One node alone has nothing to tell.
//!
//! Everything on the bus is a hint: it may be lost, doubled, late or out of order, and no user ever sees it, because every
//! hint can be made good from the store or from who sent it.
//!
//! - Conversation events and personal events are numbered. A gate in the hub keeps them in order, `fill.rs` fills gaps, and
//!   `audit.rs` asks the store now and then how far everything has got, because nothing shows that the last hint was lost.
//! - Notices, which go to every node, are numbered by their sender, who also says regularly that it is there. Who misses one
//!   reads everything again that notices speak of.
//! - Typing ends by itself. Who is connected to a node is forgotten when the node is not heard any more.
//!
//! Conversations and users share [`SLOTS`] subjects, and a node listens to those in which it has somebody: a subscription
//! costs 6 KB in the client library, so that one for each of a million conversations would cost more than the conversations.

mod answers;
mod audit;
mod fill;
mod gathered;
mod hint;
mod nats;
mod notice;
mod peers;
mod receive;
mod waker;

use std::sync::Arc;

use laserchat_protocol::{ConversationId, UserId};

use crate::app::StartError;
use crate::config::Config;

pub use answers::hand_over;
pub use hint::{Change, Errand, Hint, Notice, There};
pub use nats::{Nats, addresses};
pub use peers::Peers;
pub use receive::start;
pub use waker::Waker;

/// Subjects of conversations, and as many of users.
pub const SLOTS: usize = 4096;

/// What connects this node to others.
pub enum Bus {
    /// Nothing: there are no others.
    Local,
    Nats(Box<Nats>),
}

/// Something is missing, and is to be read from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Conversation(ConversationId),
    User(UserId),
}

impl Bus {
    /// Connects as the configuration says. A NATS server that is away is waited for in the background.
    pub async fn connect(config: &Config, epoch: &str) -> Result<Arc<Bus>, StartError> {
        match &config.bus.url {
            None => Ok(Arc::new(Bus::Local)),
            Some(url) => Ok(Arc::new(Bus::Nats(Box::new(Nats::connect(url, &config.bus, epoch).await?)))),
        }
    }

    /// The connection to other nodes, if there may be any.
    pub fn nats(&self) -> Option<&Nats> {
        match self {
            Bus::Local => None,
            Bus::Nats(nats) => Some(nats),
        }
    }

    /// Tells every other node.
    pub fn notice(&self, notice: Notice) {
        if let Some(nats) = self.nats() {
            nats.notice(notice, b"");
        }
    }
}
