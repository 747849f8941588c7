//! The listener: accepts sockets, bounds how many there are, and serves HTTP on each.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Config;
use crate::tls::{Stream, Tls};

/// How long a client may take to send the head of a request; an idle connection is closed after as long.
const HEAD: Duration = Duration::from_secs(20);

/// The largest head of a request.
const HEAD_BYTES: usize = 32 * 1024;

/// After failing to accept, mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// The other end of a socket. Holding it holds a seat, whatever the socket is used for.
#[derive(Clone)]
pub struct Peer {
    pub address: IpAddr,
    _seat: Arc<Seat>,
}

/// Counts the sockets of each address.
pub struct Seats {
    total: usize,
    per_address: usize,
    taken: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

struct Seat {
    address: IpAddr,
    seats: Arc<Seats>,
}

impl Seats {
    pub fn new(config: &Config) -> Arc<Self> {
        let per_address = config.connections_per_address().unwrap_or(usize::MAX);
        Arc::new(Seats { total: config.limits.connections, per_address, taken: Mutex::default() })
    }

    fn take(self: &Arc<Self>, address: IpAddr, trusted: bool) -> Option<Peer> {
        let mut taken = self.taken.lock();
        let (total, by_address) = &mut *taken;
        let count = by_address.entry(address).or_default();
        // A proxy brings many clients; the number of its sockets says nothing of any of them.
        if *total >= self.total || (*count >= self.per_address && !trusted) {
            return None;
        }
        *count += 1;
        *total += 1;
        Some(Peer { address, _seat: Arc::new(Seat { address, seats: Arc::clone(self) }) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock();
        taken.0 -= 1;
        if let Some(count) = taken.1.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.1.remove(&self.address);
            }
        }
    }
}

/// Accepts until `stop`; then finishes the requests that are under way. Connections that were upgraded are not waited for.
pub async fn serve(listener: TcpListener, tls: Option<Tls>, router: Router, config: &Config, stop: CancellationToken) {
    let seats = Seats::new(config);
    let served = TaskTracker::new();
    loop {
        let (stream, address) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => (stream, address.ip()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
        };
        match seats.take(address, config.trusts(address)) {
            Some(peer) => {
                let connection = connection(stream, peer, tls.clone(), router.clone(), stop.clone());
                drop(served.spawn(connection));
            }
            None => refuse(&stream),
        }
    }
    served.close();
    served.wait().await;
}

/// Says no in as few bytes as it takes, if the socket takes them.
fn refuse(stream: &TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let _ = stream.try_write(ANSWER);
}

/// Where TLS is spoken, its handshake comes first, and has to end as soon as the head of a request has.
async fn handshake(stream: TcpStream, tls: Option<Tls>) -> Option<Stream> {
    let Some(tls) = tls else { return Some(Stream::Plain(stream)) };
    match tokio::time::timeout(HEAD, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake failed");
            None
        }
        Err(_) => None,
    }
}

async fn connection(stream: TcpStream, peer: Peer, tls: Option<Tls>, router: Router, stop: CancellationToken) {
    // Frames are small and must not wait for each other.
    let _ = stream.set_nodelay(true);
    let stream = tokio::select! {
        // Nobody who has not asked yet is waited for.
        () = stop.cancelled() => return,
        stream = handshake(stream, tls) => stream,
    };
    let Some(stream) = stream else { return };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended badly");
    }
}
