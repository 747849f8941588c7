//! The gateway: live connections. WebSocket, event stream and long poll are three ways to drain the same [`Link`].
//!
//! A connection begins with an [`opening`]: who is it, what does it hold, what has it missed. The missed events are
//! replayed from the store while live ones gather in the link's queue, so that the consumer sees every conversation's
//! seqs in order and without a gap.
//!
//! [`Link`]: crate::hub::Link

pub mod commands;
pub mod events;
pub mod heartbeat;
pub mod opening;
pub mod socket;
pub mod upgrade;
