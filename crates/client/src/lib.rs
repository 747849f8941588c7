//! The Rust client of LaserChat: for bots, bridges, the terminal, the load generator and the tests.
//!
//! Three layers, each usable without the one above it:
//!
//! - [`Api`](api::Api) is the REST interface, typed, with a session that renews itself.
//! - [`State`](state::State) and [`Outbox`](outbox::Outbox) are pure: what a client knows and what it still has to
//!   send, as rules without I/O.
//! - [`Client`] joins them to a connection that is kept up: it resumes where it left off, fetches what is missing, and
//!   sends what waits until it is acknowledged.
//!
//! ```no_run
//! use laserchat_client::{Client, Options, api::Api};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let api = Api::new("https://chat.example.org")?.with_token("a personal access token");
//! let client = Client::start(api, Options::default())?;
//! client.wait_synced().await?;
//! let first = client.state().rooms().map(|(id, _)| id).next();
//! if let Some(conversation) = first {
//!     client.send(conversation, "Hello!").await?;
//! }
//! # Ok(())
//! # }
//! ```

pub use laserchat_protocol as protocol;

pub mod api;
pub mod backoff;
mod client;
mod driver;
mod link;
pub mod outbox;
pub mod state;
pub mod storage;
pub mod tail;
mod twin;

pub use client::{Client, Connection, Missed, Options, Update, Updates};
pub use link::Transport;
