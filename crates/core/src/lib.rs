//! The rules of LaserChat: pure functions, without clock, network or storage.

pub mod name;
