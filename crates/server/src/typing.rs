//! Typing: who is writing where. It lives in memory, is told to the others, and ends by itself, on every node: so it also
//! ends when the node dies on which somebody was typing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::event::Typing;
use laserchat_protocol::limits::TYPING_SECONDS;
use laserchat_protocol::{ConversationId, Event, UserId};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::bus::Bus;
use crate::hub::Hub;

/// When each signal ends. Clients repeat it while somebody types; the others need to hear it only once.
type Board = Mutex<HashMap<(ConversationId, UserId), Instant>>;

pub struct TypingBoard {
    board: Arc<Board>,
    hub: Arc<Hub>,
    bus: Arc<Bus>,
}

impl TypingBoard {
    pub fn start(hub: Arc<Hub>, bus: Arc<Bus>) -> Self {
        let board = Arc::new(Board::default());
        let (weak, telling) = (Arc::downgrade(&board), Arc::clone(&hub));
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1));
            loop {
                ticks.tick().await;
                let Some(board) = weak.upgrade() else { return };
                for (conversation, user) in expired(&board, Instant::now()) {
                    telling.signal_here(conversation, &stopped(conversation, user), Some(user));
                }
            }
        });
        TypingBoard { board, hub, bus }
    }

    pub fn start_typing(&self, conversation: ConversationId, user: UserId) {
        // Each time, because the others take it for ended when they do not hear it again.
        if let Some(nats) = self.bus.nats() {
            nats.typing(conversation, user, true);
        }
        self.heard(conversation, user, true);
    }

    /// Also called when a message is sent: who has sent is not typing any more.
    pub fn stop_typing(&self, conversation: ConversationId, user: UserId) {
        if self.heard(conversation, user, false)
            && let Some(nats) = self.bus.nats()
        {
            nats.typing(conversation, user, false);
        }
    }

    /// Somebody types, here or on another node. Returns whether that is news.
    pub fn heard(&self, conversation: ConversationId, user: UserId, typing: bool) -> bool {
        if !typing {
            let was = self.board.lock().remove(&(conversation, user)).is_some();
            if was {
                self.hub.signal_here(conversation, &stopped(conversation, user), Some(user));
            }
            return was;
        }
        let ends = Instant::now() + Duration::from_secs(TYPING_SECONDS);
        let new = self.board.lock().insert((conversation, user), ends).is_none();
        if new {
            let typing = Typing { conversation_id: conversation, user_id: user };
            self.hub.signal_here(conversation, &Event::TypingStarted(typing), Some(user));
        }
        new
    }
}

fn stopped(conversation_id: ConversationId, user_id: UserId) -> Event {
    Event::TypingStopped(Typing { conversation_id, user_id })
}

fn expired(board: &Board, now: Instant) -> Vec<(ConversationId, UserId)> {
    let mut board = board.lock();
    let ended: Vec<_> = board.iter().filter(|(_, ends)| **ends <= now).map(|(key, _)| *key).collect();
    for key in &ended {
        board.remove(key);
    }
    ended
}
