//! Ports for programs that have to be told theirs.

/// A port that nobody listens on now. Somebody else may take it, if they are quick; the system gives it out last.
pub async fn free_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}
