//! The WebSocket.

use futures_util::{SinkExt, StreamExt};
use laserchat_protocol::command::{Command, Envelope, Hello};
use laserchat_protocol::presence::Activity;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::{Inbound, Lost, closed, parse};
use crate::state::Resume;

pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

fn lost(error: Error) -> Lost {
    Lost::Resume(error.to_string())
}

impl Socket {
    pub async fn open(url: &str, token: String, resume: Resume, activity: Activity) -> Result<Self, Lost> {
        // Frames are small and each matters now, so none waits for another.
        let (stream, _) = connect_async_with_config(url, None, true).await.map_err(lost)?;
        let mut socket = Socket { stream };
        let Resume { cursors, version, epoch } = resume;
        let hello = Command::Hello(Hello { token, cursors, version, epoch, activity });
        socket.send(&Envelope { id: None, command: hello }).await?;
        Ok(socket)
    }

    pub async fn next(&mut self) -> Result<Inbound, Lost> {
        loop {
            return match self.stream.next().await {
                Some(Ok(Message::Text(text))) => Ok(Inbound::Event(Box::new(parse(&text)?))),
                // The library answers pings by itself.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Inbound::Alive),
                Some(Ok(Message::Close(Some(frame)))) => Err(closed(frame.code.into(), &frame.reason)),
                Some(Ok(Message::Close(None))) | None => Err(Lost::Resume("closed".into())),
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => continue,
                Some(Err(error)) => Err(lost(error)),
            };
        }
    }

    pub async fn send(&mut self, envelope: &Envelope) -> Result<(), Lost> {
        let text = serde_json::to_string(envelope).map_err(|error| Lost::Resume(error.to_string()))?;
        self.stream.send(Message::text(text)).await.map_err(lost)
    }

    pub async fn close(&mut self) {
        // The other side may be gone already, and then there is nobody to tell.
        let _ = self.stream.close(None).await;
    }
}
