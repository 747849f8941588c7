//! The `laserchat` server as a library, so that tests, fuzzers and tools can reach its parts.

pub mod actions;
mod activity;
pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
mod cursors;
pub mod due;
pub mod engine;
pub mod follow;
pub mod gateway;
pub mod http;
pub mod hub;
mod ids;
mod limits;
mod listener;
pub mod logging;
pub mod media;
mod metrics;
pub mod operator;
pub mod outbound;
mod presence;
pub mod push;
pub mod server;
mod turns;
mod typing;
