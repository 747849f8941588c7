//! The server's end of a simulated connection: the gateway's own opening, replay, commands and link, with a wire where
//! the socket would be.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures_util::future::{Either, select};
use laserchat_protocol::Event;
use laserchat_protocol::command::Hello;
use laserchat_server::app::Shared;
use laserchat_server::auth::Identity;
use laserchat_server::gateway::commands::carry_out;
use laserchat_server::gateway::opening::{Replay, open};
use laserchat_server::hub::{Frame, Link, Mark};

use super::ledger::Ledger;
use super::trace::Trace;
use super::wire::{Broken, Wire};

/// Hangs up however the connection ends, by the death of the server too.
pub struct End(pub Arc<Wire>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.hang_up();
    }
}

/// What every connection of the server shares.
pub struct Gateway {
    pub app: Shared,
    pub ledger: Arc<Ledger>,
    pub trace: Arc<Trace>,
}

impl Gateway {
    pub async fn serve(self: Arc<Self>, who: Identity, hello: Hello, end: End) {
        if let Err(why) = self.converse(&who, hello, &end.0).await {
            self.trace.note(format!("session {} ends: {why}", who.session));
        }
    }

    async fn converse(&self, who: &Identity, hello: Hello, wire: &Wire) -> Result<(), String> {
        let closed = |close| format!("{close:?}");
        let cut = |Broken| "cut".to_owned();
        let (attached, ready, mut replay) = open(&self.app, who, hello).await.map_err(closed)?;
        let ready = Frame::event(&Event::Ready(Box::new(ready)));
        self.send(who, wire, &ready).await.map_err(cut)?;
        while let Some(frames) = replay.next(&self.app).await.map_err(closed)? {
            for frame in frames {
                self.send(who, wire, &frame).await.map_err(cut)?;
            }
        }
        let link = &attached.link;
        let writing = pin!(self.write(who, wire, link, &replay));
        let reading = pin!(async {
            loop {
                let Ok(text) = wire.up.receive().await else { return "cut".to_owned() };
                if let Some(busy) = carry_out(&self.app, who, link, &text) {
                    busy.await;
                }
            }
        });
        match select(writing, reading).await {
            Either::Left((why, _)) | Either::Right((why, _)) => Err(why),
        }
    }

    /// Moves what the link holds into the wire, until either ends.
    async fn write(&self, who: &Identity, wire: &Wire, link: &Link, replay: &Replay) -> String {
        let mut out = Vec::new();
        loop {
            if let Err(close) = link.next(&mut out).await {
                return format!("{close:?}");
            }
            for frame in out.drain(..).filter(|frame| !replay.covers(frame)) {
                // While the wire takes no more, the link may be told to close.
                let closing = pin!(poll_fn(|cx| link.wait_for_close(cx).map_or(Poll::Pending, Poll::Ready)));
                match select(pin!(self.send(who, wire, &frame)), closing).await {
                    Either::Left((Ok(()), _)) => {}
                    Either::Left((Err(Broken), _)) => return "cut".into(),
                    Either::Right((close, _)) => return format!("{close:?}"),
                }
            }
        }
    }

    async fn send(&self, who: &Identity, wire: &Wire, frame: &Frame) -> Result<(), Broken> {
        match frame.mark {
            Mark::Control => return Ok(()),
            Mark::Seq(conversation, seq) if !self.ledger.may_hear(who.user, conversation, seq) => {
                self.trace.wrong(format!("seq {seq} of {conversation} is told to {}, who is not in it", who.user));
            }
            _ => {}
        }
        wire.down.send(String::from_utf8_lossy(frame.json()).into_owned()).await
    }
}
