//! Several nodes: what a message costs on one, two and three of them, what they cost while nothing happens, what a very large
//! conversation costs, and how long faults are felt.

mod clients;
mod crowd;
mod faults;
mod idle;
mod load;

use std::io;

pub use crowd::run as crowd;
pub use faults::run as faults;
pub use idle::run as idle;
pub use load::run as load;

use crate::cluster::Cluster;
use crate::setup::Account;
use crate::socket::Socket;

/// One connection for each, spread over the nodes in turns, beginning with so many nodes further.
async fn connect_each(cluster: &Cluster, people: &[Account], further: usize) -> io::Result<Vec<Socket>> {
    let mut sockets = Vec::with_capacity(people.len());
    for (at, account) in people.iter().enumerate() {
        sockets.push(Socket::ready(cluster.address(at + further), &account.token, "").await?);
    }
    Ok(sockets)
}
