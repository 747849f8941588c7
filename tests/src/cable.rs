//! A cable: everything between a client and a server passes through it, and it can be cut.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

pub struct Cable {
    pub address: SocketAddr,
    plugged: watch::Sender<bool>,
    cut: Arc<Notify>,
}

impl Cable {
    /// A cable to a server, plugged in.
    pub async fn to(server: &str) -> Cable {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (plugged, unplugged) = watch::channel(true);
        let cut = Arc::new(Notify::new());
        let (server, cutting) = (server.to_owned(), Arc::clone(&cut));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *unplugged.borrow() {
                    tokio::spawn(carry(client, server.clone(), Arc::clone(&cutting)));
                }
            }
        });
        Cable { address, plugged, cut }
    }

    /// Breaks every connection through it; new ones break at once until it is mended.
    pub fn cut(&self) {
        self.plugged.send_replace(false);
        self.cut.notify_waiters();
    }

    pub fn mend(&self) {
        self.plugged.send_replace(true);
    }

    /// Breaks every connection through it once.
    pub fn jerk(&self) {
        self.cut.notify_waiters();
    }
}

async fn carry(mut client: TcpStream, server: String, cut: Arc<Notify>) {
    let cutting = cut.notified();
    let Ok(mut upstream) = TcpStream::connect(&server).await else { return };
    tokio::select! {
        () = cutting => {
            // Lost, not closed: the other side gets a reset, as when a machine disappears.
            let _ = client.set_zero_linger();
            let _ = upstream.set_zero_linger();
        }
        _ = tokio::io::copy_bidirectional(&mut client, &mut upstream) => {}
    }
}
