//! A mail server of somebody else: the protocol is spoken by the `mailin` crate, mails are read by `mail-parser`, and the
//! test decides what becomes of them. It can go away and come back at the same address.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mail_parser::{HeaderName, MessageParser};
use mailin::{Action, Handler, Response, SessionBuilder, response};
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::patiently;

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct Wishes {
    /// What recipients are answered in place of "OK", each a number of times.
    recipients: HashMap<String, (u16, usize)>,
    /// So many mails are taken without telling the sender.
    silent: usize,
}

pub struct PostOffice {
    pub address: SocketAddr,
    wishes: Arc<Mutex<Wishes>>,
    letters: watch::Sender<Vec<Letter>>,
    open: Option<DropGuard>,
}

impl PostOffice {
    pub async fn start() -> PostOffice {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut office =
            PostOffice { address, wishes: Arc::default(), letters: watch::Sender::new(Vec::new()), open: None };
        office.serve(listener);
        office
    }

    fn serve(&mut self, listener: TcpListener) {
        let stop = CancellationToken::new();
        self.open = Some(stop.clone().drop_guard());
        let (wishes, letters) = (Arc::clone(&self.wishes), self.letters.clone());
        tokio::spawn(stop.clone().run_until_cancelled_owned(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let clerk = Clerk {
                    wishes: Arc::clone(&wishes),
                    letters: letters.clone(),
                    letter: Letter { from: String::new(), to: Vec::new(), raw: Vec::new() },
                };
                tokio::spawn(stop.clone().run_until_cancelled_owned(converse(stream, peer.ip(), clerk)));
            }
        }));
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Closes, connections and all.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Opens again where it was.
    pub async fn open(&mut self) {
        let listener = patiently("the port to be free", async {
            loop {
                match TcpListener::bind(self.address).await {
                    Ok(listener) => return listener,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        })
        .await;
        self.serve(listener);
    }

    /// What a recipient is answered, so many times.
    pub fn answer(&self, recipient: &str, code: u16, times: usize) {
        self.wishes.lock().recipients.insert(recipient.to_owned(), (code, times));
    }

    /// Takes so many mails, and goes away before saying so.
    pub fn swallow(&self, mails: usize) {
        self.wishes.lock().silent = mails;
    }

    /// Everything that has arrived, once there are so many.
    pub async fn arrived(&self, count: usize) -> Vec<Letter> {
        let mut letters = self.letters.subscribe();
        let found = patiently("mail", letters.wait_for(|letters| letters.len() >= count)).await;
        found.expect("the office lives").clone()
    }

    /// Everything that has arrived so far.
    pub fn so_far(&self) -> Vec<Letter> {
        self.letters.borrow().clone()
    }
}

/// One connection.
struct Clerk {
    wishes: Arc<Mutex<Wishes>>,
    letters: watch::Sender<Vec<Letter>>,
    letter: Letter,
}

impl Handler for Clerk {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.letter = Letter { from: from.to_owned(), to: Vec::new(), raw: Vec::new() };
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if let Some((code, times)) = self.wishes.lock().recipients.get_mut(to)
            && *times > 0
        {
            *times -= 1;
            return Response::custom(*code, "as the test wishes".into());
        }
        self.letter.to.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.letter.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let silent = {
            let mut wishes = self.wishes.lock();
            let silent = wishes.silent > 0;
            wishes.silent = wishes.silent.saturating_sub(1);
            silent
        };
        self.letters.send_modify(|letters| letters.push(self.letter.clone()));
        // The sender hears nothing that says whether it was taken.
        if silent { Response::custom(421, "going away".into()) } else { response::OK }
    }
}

async fn converse(stream: TcpStream, peer: IpAddr, clerk: Clerk) -> Option<()> {
    let mut session = SessionBuilder::new("post.test").build(peer, clerk);
    let mut stream = BufReader::new(stream);
    stream.write_all(&session.greeting().buffer().ok()?).await.ok()?;
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        let answer = session.process(&line);
        if answer.action != Action::NoReply {
            stream.write_all(&answer.buffer().ok()?).await.ok()?;
        }
        if answer.action == Action::Close {
            return stream.shutdown().await.ok();
        }
    }
}

impl Letter {
    fn parsed<T>(&self, read: impl FnOnce(&mail_parser::Message<'_>) -> T) -> T {
        read(&MessageParser::default().parse(&self.raw).expect("a mail that can be read"))
    }

    pub fn subject(&self) -> String {
        self.parsed(|mail| mail.subject().unwrap_or_default().to_owned())
    }

    pub fn message_id(&self) -> String {
        self.parsed(|mail| mail.message_id().expect("a Message-ID").to_owned())
    }

    /// A header as it stands in the mail, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let name = HeaderName::parse(name.to_owned()).expect("a name");
        self.parsed(|mail| mail.header_raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    pub fn header_names(&self) -> Vec<String> {
        self.parsed(|mail| mail.headers_raw().map(|(name, _)| name.to_owned()).collect())
    }

    pub fn text(&self) -> String {
        self.parsed(|mail| mail.body_text(0).expect("a text").into_owned())
    }

    pub fn html(&self) -> String {
        self.parsed(|mail| mail.body_html(0).expect("HTML").into_owned())
    }

    /// The path and query of the first address in the text that has this in it.
    pub fn link(&self, part: &str) -> String {
        let text = self.text();
        let found = text.split_whitespace().find(|word| word.starts_with("http") && word.contains(part));
        found.unwrap_or_else(|| panic!("no link with {part} in {text}")).to_owned()
    }
}
