//! A cable: everything between a client and a server passes through it. It can be cut, it can hold back what passes in either
//! direction as a network does that loses everything, it can be slow, and it can be led to another server.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes that are carried at once.
const CHUNK: usize = 16 << 10;

pub struct Cable {
    pub address: SocketAddr,
    way: watch::Sender<Way>,
    /// Connections on which something to the server sticks.
    held: watch::Sender<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    ToServer,
    ToClient,
}

/// What becomes of bytes in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Passes,
    /// Arrives so much later.
    Slow(Duration),
    /// Does not arrive until it flows again, and nobody is told: connections stay open and are silent, as when every packet
    /// is lost. What was sent meanwhile arrives then, as it does when TCP sends it again.
    Stuck,
}

/// The state of the cable.
struct Way {
    server: String,
    plugged: bool,
    /// How often it was cut or jerked: a connection ends when this changes.
    breaks: u64,
    to_server: Flow,
    to_client: Flow,
}

impl Way {
    fn flow(&self, direction: Direction) -> Flow {
        match direction {
            Direction::ToServer => self.to_server,
            Direction::ToClient => self.to_client,
        }
    }
}

impl Cable {
    /// A cable to a server, plugged in.
    pub async fn to(server: &str) -> Cable {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = server.to_owned();
        let way = Way { server, plugged: true, breaks: 0, to_server: Flow::Passes, to_client: Flow::Passes };
        let (way, seen) = watch::channel(way);
        let held = watch::Sender::new(0);
        let holding = held.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let plugged = seen.borrow().plugged;
                if plugged {
                    tokio::spawn(carry(client, seen.clone(), holding.clone()));
                }
            }
        });
        Cable { address, way, held }
    }

    /// Breaks every connection through it; new ones break at once until it is mended.
    pub fn cut(&self) {
        self.way.send_modify(|way| {
            way.plugged = false;
            way.breaks += 1;
        });
    }

    /// Plugs it in, and lets everything pass.
    pub fn mend(&self) {
        self.way.send_modify(|way| {
            way.plugged = true;
            (way.to_server, way.to_client) = (Flow::Passes, Flow::Passes);
        });
    }

    /// Breaks every connection through it once.
    pub fn jerk(&self) {
        self.way.send_modify(|way| way.breaks += 1);
    }

    /// Sets what becomes of bytes in one direction.
    pub fn flow(&self, direction: Direction, flow: Flow) {
        self.way.send_modify(|way| match direction {
            Direction::ToServer => way.to_server = flow,
            Direction::ToClient => way.to_client = flow,
        });
    }

    /// Lets nothing through in either direction, and says so to nobody.
    pub fn stick(&self) {
        self.flow(Direction::ToServer, Flow::Stuck);
        self.flow(Direction::ToClient, Flow::Stuck);
    }

    /// Returns when something is on its way to the server and sticks.
    pub async fn holds(&self) {
        self.held.subscribe().wait_for(|held| *held > 0).await.expect("the cable is there");
    }

    /// Leads to another server from now on, as an address does that moves: what was connected to the old one is broken.
    pub fn lead_to(&self, server: &str) {
        self.way.send_modify(|way| {
            way.server = server.to_owned();
            way.breaks += 1;
        });
    }
}

async fn carry(client: TcpStream, mut way: watch::Receiver<Way>, held: watch::Sender<usize>) {
    let (server, breaks) = {
        let way = way.borrow();
        (way.server.clone(), way.breaks)
    };
    let (to_server, to_client) = (way.clone(), way.clone());
    let Ok(upstream) = TcpStream::connect(&server).await else { return };
    // Whoever measures delays wants those of the cable.
    let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
    let (from_client, mut into_client) = client.into_split();
    let (from_server, mut into_server) = upstream.into_split();
    let broken = tokio::select! {
        broken = way.wait_for(|way| way.breaks != breaks) => broken.is_ok(),
        _ = async { tokio::join!(
            pass(from_client, &mut into_server, to_server, Direction::ToServer, Some(held)),
            pass(from_server, &mut into_client, to_client, Direction::ToClient, None),
        ) } => false,
    };
    if broken {
        // Lost, not closed: the other side gets a reset, as when a machine disappears.
        let _ = (into_client.as_ref().set_zero_linger(), into_server.as_ref().set_zero_linger());
    }
}

/// Carries bytes in one direction until there are no more, and then says that to the other side.
async fn pass(
    mut from: OwnedReadHalf,
    into: &mut OwnedWriteHalf,
    mut way: watch::Receiver<Way>,
    direction: Direction,
    held: Option<watch::Sender<usize>>,
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = from.read(&mut chunk).await.unwrap_or(0);
        // It may have got stuck while there was nothing to carry. The cable's end is no end of what is under way.
        let holds = held.as_ref().filter(|_| count > 0).map(Holds::new);
        let flow = way.wait_for(|way| way.flow(direction) != Flow::Stuck).await.map(|way| way.flow(direction));
        drop(holds);
        if let Ok(Flow::Slow(delay)) = flow {
            tokio::time::sleep(delay).await;
        }
        if count == 0 {
            return into.shutdown().await;
        }
        into.write_all(&chunk[..count]).await?;
    }
}

/// Counts for as long as it lives, also when the connection breaks meanwhile.
struct Holds<'a>(&'a watch::Sender<usize>);

impl Holds<'_> {
    fn new(held: &watch::Sender<usize>) -> Holds<'_> {
        held.send_modify(|held| *held += 1);
        Holds(held)
    }
}

impl Drop for Holds<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|held| *held -= 1);
    }
}
