//! Proving who somebody is: passwords, access tokens and opaque secrets.

pub mod password;
pub mod token;
