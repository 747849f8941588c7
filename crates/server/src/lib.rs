//! The `laserchat` server as a library, so that tests, fuzzers and tools can reach its parts.

pub mod auth;
pub mod config;
pub mod gateway;
