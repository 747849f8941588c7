//! A way to NATS on which messages are lost, arrive twice, or arrive after later ones.
//!
//! NATS promises "at most once", and loses what a reconnect meets; what else a bus can do to a message, this does as well. It
//! speaks just enough of the protocol to know where a message begins and ends.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::sim::dice::Dice;

/// One message in so many is lost, as many are doubled, and as many are held back.
const ONE_IN: usize = 6;

/// Leads to a server from a new address.
pub async fn to(server: &str, seed: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = server.to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(&server).await else { continue };
            let ((mut said, heard), (told, mut passed)) = (client.into_split(), server.into_split());
            tokio::spawn(async move {
                tokio::select! {
                    _ = copy(&mut said, &mut passed) => {}
                    _ = disturb(told, heard, Dice::new(seed)) => {}
                }
            });
        }
    });
    address
}

async fn disturb(server: OwnedReadHalf, mut client: OwnedWriteHalf, mut dice: Dice) -> std::io::Result<()> {
    let mut server = BufReader::new(server);
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut frame = Vec::new();
        if server.read_until(b'\n', &mut frame).await? == 0 {
            return Ok(());
        }
        let Some(length) = message_length(&frame) else {
            client.write_all(&frame).await?;
            continue;
        };
        let head = frame.len();
        frame.resize(head + length + 2, 0);
        server.read_exact(&mut frame[head..]).await?;
        match dice.below(ONE_IN) {
            0 => {}
            1 => held.push(frame),
            2 => client.write_all(&[&frame[..], &frame].concat()).await?,
            _ => client.write_all(&frame).await?,
        }
        if !held.is_empty() && dice.below(2) == 0 {
            let late = held.swap_remove(dice.below(held.len()));
            client.write_all(&late).await?;
        }
    }
}

/// How many bytes follow the line, if it begins a message: the last thing that the line says.
fn message_length(line: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(line).ok()?;
    let is_message = line.starts_with("MSG ") || line.starts_with("HMSG ");
    is_message.then(|| line.split_whitespace().next_back()?.parse().ok()).flatten()
}
