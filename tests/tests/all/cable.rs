//! The cable is true to what it imitates: bytes that are held back arrive in the end, and in order.

use laserchat_tests::cable::{Direction, Flow};
use laserchat_tests::{Cable, patiently};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server that answers every connection with its name, and then with what it hears.
async fn echo(name: u8) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                stream.write_all(&[name]).await.unwrap();
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    address
}

async fn connect(cable: &Cable) -> TcpStream {
    TcpStream::connect(cable.address).await.unwrap()
}

async fn hear(stream: &mut TcpStream, count: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    patiently("bytes", stream.read_exact(&mut bytes)).await.map(|_| bytes)
}

#[tokio::test]
async fn what_is_stuck_arrives_when_it_flows_again() {
    let cable = Cable::to(&echo(b'a').await).await;
    let mut stream = connect(&cable).await;
    assert_eq!(hear(&mut stream, 1).await.unwrap(), b"a");
    for direction in [Direction::ToServer, Direction::ToClient] {
        cable.flow(direction, Flow::Stuck);
        stream.write_all(b"one").await.unwrap();
        let mut byte = [0];
        assert!(stream.try_read(&mut byte).is_err(), "nothing comes");
        stream.write_all(b"two").await.unwrap();
        cable.flow(direction, Flow::Slow(std::time::Duration::from_millis(1)));
        assert_eq!(hear(&mut stream, 6).await.unwrap(), b"onetwo");
        cable.flow(direction, Flow::Passes);
    }
    cable.stick();
    stream.write_all(b"lost").await.unwrap();
    cable.jerk();
    assert!(hear(&mut stream, 1).await.is_err(), "what breaks while it is stuck is gone");
}

#[tokio::test]
async fn a_cut_breaks_and_another_server_takes_over() {
    let (first, second) = (echo(b'a').await, echo(b'b').await);
    let cable = Cable::to(&first).await;
    let mut stream = connect(&cable).await;
    assert_eq!(hear(&mut stream, 1).await.unwrap(), b"a");
    cable.cut();
    assert!(hear(&mut stream, 1).await.is_err());
    assert!(hear(&mut connect(&cable).await, 1).await.is_err());
    cable.mend();
    let mut stream = connect(&cable).await;
    assert_eq!(hear(&mut stream, 1).await.unwrap(), b"a");
    cable.lead_to(&second);
    assert!(hear(&mut stream, 1).await.is_err());
    assert_eq!(hear(&mut connect(&cable).await, 1).await.unwrap(), b"b");
}
