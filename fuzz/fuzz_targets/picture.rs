//! Feeds arbitrary bytes to what cleans pictures: it never panics, and what it has cleaned stays as it is.

#![no_main]

use laserchat_codec::picture::{Format, strip};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Gif, Format::Jpeg, Format::Png, Format::Webp] {
        if let Some(once) = strip(format, bytes) {
            let twice = strip(format, &once.bytes).expect("it is still a picture");
            assert!(once.bytes == twice.bytes && once.frames == twice.frames);
        }
    }
});
