//! Feeds arbitrary text to the reader of commands: whatever comes is a command or a refusal, never a panic.

#![no_main]

use laserchat_codec::command::{deeper_than, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let depth = deeper_than(text, 32);
    match read(text) {
        Ok(_) => assert!(!depth),
        // A refusal never repeats more of the frame than the name of an unknown command.
        Err(error) => assert!(error.detail.is_none_or(|detail| detail.len() < 1024)),
    }
});
