//! Typing: who is writing where. It lives in memory, is told to the others, and ends by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::event::Typing;
use laserchat_protocol::limits::TYPING_SECONDS;
use laserchat_protocol::{ConversationId, Event, UserId};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::hub::Hub;

/// When each signal ends. Clients repeat it while somebody types; the others need to hear it only once.
type Board = Mutex<HashMap<(ConversationId, UserId), Instant>>;

pub struct TypingBoard {
    board: Arc<Board>,
    hub: Arc<Hub>,
}

impl TypingBoard {
    pub fn start(hub: Arc<Hub>) -> Self {
        let board = Arc::new(Board::default());
        let (weak, telling) = (Arc::downgrade(&board), Arc::clone(&hub));
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(Duration::from_secs(1));
            loop {
                ticks.tick().await;
                let Some(board) = weak.upgrade() else { return };
                for (conversation, user) in expired(&board, Instant::now()) {
                    telling.signal(conversation, &stopped(conversation, user), Some(user));
                }
            }
        });
        TypingBoard { board, hub }
    }

    pub fn start_typing(&self, conversation: ConversationId, user: UserId) {
        let ends = Instant::now() + Duration::from_secs(TYPING_SECONDS);
        let new = self.board.lock().insert((conversation, user), ends).is_none();
        if new {
            let typing = Typing { conversation_id: conversation, user_id: user };
            self.hub.signal(conversation, &Event::TypingStarted(typing), Some(user));
        }
    }

    /// Also called when a message is sent: who has sent is not typing any more.
    pub fn stop_typing(&self, conversation: ConversationId, user: UserId) {
        let was = self.board.lock().remove(&(conversation, user)).is_some();
        if was {
            self.hub.signal(conversation, &stopped(conversation, user), Some(user));
        }
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
