//! The same connections that do nothing, with TLS by the server itself: how much memory each costs.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Context, settle};
use crate::process::Server;
use crate::report::Row;
use crate::setup::accounts;

const AT_ONCE: usize = 64;

pub async fn run(context: &mut Context) -> io::Result<()> {
    // Few enough that all of them are made, and measured, before the first is asked whether it is there.
    let count = context.connections(context.or_quick(4_000, 100));
    let folder = tempfile::Builder::new().prefix("laserchat-bench-").tempdir()?;
    let server = Server::start_at(&context.binary, folder.path()).await?;
    let people = accounts(&server, context.or_quick(20, 4)).await?;
    server.stop().await;

    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&chain, certified.cert.pem())?;
    std::fs::write(&key, certified.signing_key.serialize_pem())?;
    let mut roots = RootCertStore::empty();
    roots.add(certified.cert.der().clone()).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth();
    let tls = TlsConnector::from(Arc::new(config));

    let server = Server::start_tls(&context.binary, folder.path(), &chain, &key).await?;
    let tokens: Vec<String> = people.into_iter().map(|account| account.token).collect();
    // What any connection needs once is not what each one costs.
    drop(connect(&tls, server.address, &tokens, count / 10).await?);
    settle(context.or_quick(5, 1)).await;
    let (before, spent) = (server.memory(), server.cpu());
    let sockets = connect(&tls, server.address, &tokens, count).await?;
    let connecting = server.cpu().since(spent).total() / count as f64;
    settle(context.or_quick(5, 1)).await;
    let each = server.memory().saturating_sub(before) as f64 / count as f64;
    context.row(Row::new("idle-tls", format!("memory per connection, {count} connections"), each, "bytes"));
    context.row(Row::new("idle-tls", "CPU per connect, up to ready", connecting, "us"));
    drop(sockets);
    Ok(())
}

async fn connect(
    tls: &TlsConnector,
    address: SocketAddr,
    tokens: &[String],
    count: usize,
) -> io::Result<Vec<TlsStream<TcpStream>>> {
    let (mut sockets, mut opening, mut next) = (Vec::with_capacity(count), JoinSet::new(), 0);
    while sockets.len() < count {
        while next < count && opening.len() < AT_ONCE {
            let (tls, token) = (tls.clone(), tokens[next % tokens.len()].clone());
            opening.spawn(async move { ready(tls, address, &token).await });
            next += 1;
        }
        if let Some(opened) = opening.join_next().await {
            sockets.push(opened.map_err(io::Error::other)??);
        }
    }
    Ok(sockets)
}

/// A WebSocket that has said hello and is answered.
async fn ready(tls: TlsConnector, address: SocketAddr, token: &str) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpSocket::new_v4()?.connect(address).await?;
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let mut stream = tls.connect(name, stream).await?;
    let request = "GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let hello = format!(r#"{{"type":"hello","token":"{token}"}}"#);
    let mut bytes = request.as_bytes().to_vec();
    crate::socket::put_frame(&mut bytes, 0x1, hello.as_bytes());
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    while !answer.windows(7).any(|seven| seven == br#""ready""#) {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(stream)
}
