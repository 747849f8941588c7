//! Codecs: what reads the bytes of strangers, before anything knows who they are or acts on what they say.
//!
//! Whatever comes in is a value or a refusal, in time that grows no faster than the input: no panic, no I/O, no clock, and
//! no access to anything that could be harmed. That is why this is a crate of its own, and why `fuzz` feeds all of it with
//! noise, for which nothing else of the server has to be built.

pub mod command;
pub mod frame;
pub mod picture;
pub mod query;
