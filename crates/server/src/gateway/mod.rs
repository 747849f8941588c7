//! The gateway: what stands between a socket and the rest of the server.

pub mod frame;
