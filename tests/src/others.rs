//! The others: two people who chat while somebody else misbehaves, and who must not notice.

use serde_json::Value;

use crate::{Person, Socket, TestServer};

pub struct Others {
    speaker: Person,
    listener: Socket,
    conversation: String,
    said: u32,
}

impl Others {
    /// Two new people with a conversation and an open socket.
    pub async fn of(server: &TestServer) -> Others {
        let [speaker, reader] = server.people(["calm.one", "calm.two"]).await;
        let conversation = speaker.direct(&reader).await;
        let listener = reader.connect().await;
        let mut others = Others { speaker, listener, conversation, said: 0 };
        others.notice_nothing().await;
        others
    }

    /// Somebody writes over HTTP, and the socket that was open all the time hears exactly that.
    pub async fn notice_nothing(&mut self) {
        self.said += 1;
        let body = format!("all is well {}", self.said);
        self.speaker.say(&self.conversation, &body, &body).await;
        let heard = self.listener.expect("message.sent").await;
        assert_eq!(heard["message"]["body"], Value::from(body));
    }
}
