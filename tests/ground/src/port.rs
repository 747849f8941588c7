//! Ports for servers that have to be told where to listen.
//!
//! The kernel can pick a port, but that one is free again as soon as its number is known, and the next who asks may get it:
//! another server of the same test, or any connection that goes out. So these ports are below those that the kernel hands out,
//! and each is claimed for as long as this process lives, so that a server can also come back to the port that it had.

use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use parking_lot::Mutex;

/// Above what well-known servers use, below what the kernel hands out by itself.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// Where ports are claimed: an address of every Linux machine at which no server of a test listens, so that a claim is in no
/// server's way. Other systems may not have it; there a port is only unlikely to be given twice.
const COUNTER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// The claims of this process: a socket is a claim that ends with its process, however that ends.
static CLAIMS: Mutex<Vec<UdpSocket>> = Mutex::new(Vec::new());

/// A port that nobody listens on, and that no test gets but this one.
pub fn free_port() -> u16 {
    // Processes that begin at the same port would stand in each other's way.
    let start = RandomState::new().hash_one(()) as usize;
    let mut ports = PORTS.cycle().skip(start % PORTS.len()).take(PORTS.len());
    ports.find(|port| claim(*port)).expect("a free port")
}

fn claim(port: u16) -> bool {
    let claim = match UdpSocket::bind((COUNTER, port)) {
        Err(error) if error.kind() != ErrorKind::AddrNotAvailable => return false,
        claim => claim.ok(),
    };
    // Something that is no test may listen there, on all addresses or on this one.
    let free = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok();
    CLAIMS.lock().extend(claim.filter(|_| free));
    free
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_port_is_given_twice() {
        let ports: HashSet<u16> = (0..1000).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 1000);
        for port in ports {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("a server can listen there");
        }
    }
}
