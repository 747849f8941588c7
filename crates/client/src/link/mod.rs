//! A link: one connection over which events come, whatever carries them.

mod poll;
mod socket;
mod stream;

use laserchat_protocol::command::Envelope;
use laserchat_protocol::event::{Close, Polled};
use laserchat_protocol::presence::Activity;
use laserchat_protocol::{Code, Event, Problem};

use crate::api::{self, Api, query};
use crate::state::Resume;

/// What carries the events. Where WebSockets are blocked, the others bring the same ones, and commands go by REST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    #[default]
    WebSocket,
    /// Server-sent events.
    Sse,
    LongPoll,
}

pub(crate) enum Inbound {
    Event(Box<Event>),
    Polled(Box<Polled>),
    /// Nothing but a sign of life.
    Alive,
}

/// Why a link ended.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Come back and resume.
    Resume(String),
    /// Get a new token first.
    Token,
    /// Do not come back by oneself.
    Stop(Problem),
}

impl From<api::Error> for Lost {
    fn from(error: api::Error) -> Self {
        match error.code() {
            Some(Code::TokenExpired | Code::Unauthorized) => Lost::Token,
            Some(Code::SessionEnded | Code::AccountDisabled | Code::ScopeMissing) => Lost::Stop(error.into_problem()),
            _ => Lost::Resume(error.to_string()),
        }
    }
}

/// What a close code asks for.
fn closed(code: u16, reason: &str) -> Lost {
    let stop = |problem: Code| Lost::Stop(Problem::new(problem).detail(reason));
    match code {
        _ if Close::resumes(code) => Lost::Resume(format!("closed with {code}: {reason}")),
        _ if code == Close::Unauthorized.code() => Lost::Token,
        _ if code == Close::SessionEnded.code() => stop(Code::SessionEnded),
        _ => stop(Code::Unknown),
    }
}

pub(crate) enum Link {
    Socket(Box<socket::Socket>),
    Stream(stream::Stream),
    Poll(poll::Poll),
}

impl Link {
    pub async fn open(api: &Api, transport: Transport, resume: Resume, activity: Activity) -> Result<Self, Lost> {
        let token = api.token().await?;
        Ok(match transport {
            Transport::WebSocket => {
                Link::Socket(Box::new(socket::Socket::open(&api.socket_url(), token, resume, activity).await?))
            }
            Transport::Sse => Link::Stream(stream::Stream::open(api, &token, &resume).await?),
            Transport::LongPoll => Link::Poll(poll::Poll::default()),
        })
    }

    /// What comes next. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Inbound, Lost> {
        match self {
            Link::Socket(socket) => socket.next().await,
            Link::Stream(stream) => stream.next().await,
            Link::Poll(poll) => poll.next().await,
        }
    }

    /// Sends a command, if commands go this way; otherwise it comes back.
    pub async fn send(&mut self, envelope: Envelope) -> Result<Option<Envelope>, Lost> {
        match self {
            Link::Socket(socket) => socket.send(&envelope).await.map(|()| None),
            Link::Stream(_) | Link::Poll(_) => Ok(Some(envelope)),
        }
    }

    /// A poll asks anew with each answer, from wherever the state has got to.
    pub fn idle_poll(&mut self) -> Option<&mut poll::Poll> {
        match self {
            Link::Poll(poll) if !poll.is_waiting() => Some(poll),
            _ => None,
        }
    }

    /// The server says something now and then, and silence means that the link is dead.
    pub fn has_heartbeat(&self) -> bool {
        !matches!(self, Link::Poll(_))
    }

    /// Says goodbye, as far as that is possible.
    pub async fn close(&mut self) {
        if let Link::Socket(socket) = self {
            socket.close().await;
        }
    }
}

/// Where to resume from, as a query.
fn resume_query(resume: &Resume, wait: Option<u64>) -> String {
    let cursors = resume.cursors.as_ref().map(|cursors| {
        let each: Vec<String> = cursors.iter().map(|(id, seq)| format!("{id}:{seq}")).collect();
        each.join(",")
    });
    query(&[
        ("wait", wait.map(|seconds| seconds.to_string())),
        ("cursors", cursors.filter(|cursors| !cursors.is_empty())),
        ("version", resume.version.map(|version| version.to_string())),
        ("epoch", resume.epoch.clone()),
    ])
}

fn parse(text: &str) -> Result<Event, Lost> {
    serde_json::from_str(text).map_err(|error| Lost::Resume(format!("an event cannot be understood: {error}")))
}
