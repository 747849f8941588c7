//! Proving who somebody is: passwords, access tokens and opaque secrets.

pub mod identity;
pub mod keys;
pub mod password;
pub mod token;

pub use identity::{ALL_SCOPES, Ended, Identity, authenticate};
