//! Feeds arbitrary queries and last event ids to the reader of cursors, and arbitrary text to the readers of ids and times.

#![no_main]

use laserchat_codec::query::read;
use laserchat_protocol::{ConversationId, Timestamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, Option<&str>)| {
    let (query, last) = input;
    if let Ok(read) = read(query, last) {
        assert!(read.wait.is_none_or(|wait| wait <= 60));
    }
    if let Ok(id) = query.parse::<ConversationId>() {
        assert_eq!(id.to_string(), query);
    }
    if let Ok(time) = query.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
});
