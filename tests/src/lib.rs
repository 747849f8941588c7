//! The harness: real servers in this process, people who use them over real sockets, and cables that can be cut.
//!
//! Nothing here waits for a time to pass. What a test waits for is an event, and only a test that has failed already
//! runs into [`PATIENCE`].

pub mod balancer;
pub mod certificates;
pub mod chart;
pub mod checker;
pub mod clamd;
pub mod cluster;
pub mod disk;
pub mod mailed;
pub mod nodes;
pub mod noise;
pub mod others;
pub mod pebble;
pub mod person;
pub mod post;
pub mod process;
pub mod pushes;
pub mod raw;
pub mod receiver;
pub mod s3;
pub mod server;
pub mod sim;
pub mod site;
pub mod socket;
pub mod truth;
pub mod upload;
pub mod wire;

pub use clamd::Clamd;
pub use cluster::Cluster;
pub use laserchat_ground::{Cable, cable};
pub use nodes::Nodes;
pub use others::Others;
pub use person::{Answer, Person};
pub use post::PostOffice;
pub use process::Process;
pub use receiver::Receiver;
pub use s3::S3;
pub use server::TestServer;
pub use site::Site;
pub use socket::{Listener, Socket, Transport};
pub use wire::Wire;

/// How long anything may take before a test gives up. Far longer than anything takes, so that a slow machine is no failure.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// Waits for something that must come.
pub async fn patiently<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(output) => output,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
