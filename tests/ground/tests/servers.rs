//! The other servers on the ground start, find each other, and end.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use laserchat_ground::{Haproxy, Nats};

/// A connection to a NATS server, on which commands are written by hand.
fn connect(address: &str) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    BufReader::new(stream)
}

/// Writes commands and waits until the server has carried them out.
fn say(connection: &mut BufReader<TcpStream>, commands: &str) {
    write!(connection.get_mut(), "CONNECT {{\"verbose\":false}}\r\n{commands}PING\r\n").unwrap();
    hear(connection, "PONG");
}

fn hear(connection: &mut BufReader<TcpStream>, wanted: &str) {
    let mut line = String::new();
    while line.trim() != wanted {
        line.clear();
        assert!(connection.read_line(&mut line).unwrap() > 0, "the connection ended before {wanted}");
    }
}

#[test]
fn nats_servers_form_a_cluster() {
    let Some(mut nats) = Nats::start(3) else { return };
    for round in 0..2 {
        let (mut here, mut there) = (connect(&nats.address(0)), connect(&nats.address(1)));
        say(&mut here, "SUB greetings 1\r\n");
        // That somebody subscribed comes to the other server a little later: it is said until it is heard.
        let greeting = format!("hello{round}");
        let publish = format!("PUB greetings {}\r\n{greeting}\r\n", greeting.len());
        let listening = std::thread::spawn(move || hear(&mut here, &greeting));
        while !listening.is_finished() {
            say(&mut there, &publish);
        }
        listening.join().unwrap();
        nats.stop(0);
        assert!(TcpStream::connect(nats.address(0)).is_err());
        nats.run(0);
    }
}

#[test]
fn haproxy_listens_until_it_is_dropped() {
    let configuration = |port| {
        format!(
            "defaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n\
             frontend all\n bind 127.0.0.1:{port}\n http-request return status 204\n"
        )
    };
    let Some(proxy) = Haproxy::start(configuration) else { return };
    let address = proxy.address();
    let mut connection = connect(&address);
    write!(connection.get_mut(), "GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut line = String::new();
    connection.read_line(&mut line).unwrap();
    assert!(line.contains("204"), "{line}");
    drop(proxy);
    assert!(TcpStream::connect(&address).is_err());
}
