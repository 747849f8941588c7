//! What belongs to no single format. Real files with real metadata are in the tests of the whole process.

use super::*;

#[test]
fn orientation_is_kept_alone() {
    // Big end first, with a position beside the orientation: six entries of noise would do as well.
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    exif.extend(b"GPS 48.1N 11.5E");
    let kept = orientation_only(&exif).unwrap();
    assert_eq!(kept.len(), 26);
    assert_eq!(Orientation::from_exif_chunk(&kept), Some(Orientation::Rotate90));
    assert!(orientation_only(&kept).is_some());
    for upright in [&b""[..], b"Exif\0\0", b"II*\0\x08\0\0\0\0\0", b"noise"] {
        assert_eq!(orientation_only(upright), None);
    }
}

#[test]
fn noise_and_halves_are_no_pictures() {
    for format in [Format::Gif, Format::Jpeg, Format::Png, Format::Webp] {
        for noise in
            [&b""[..], b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\xff\xff\xffWEBP", b"\xff\xd8\xff\xe1\0"]
        {
            assert!(strip(format, noise).is_none(), "{format:?} {}", noise.escape_ascii());
        }
    }
}

#[test]
fn what_follows_the_end_is_gone() {
    let gif = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let with_comment = [&gif[..13], b"!\xfe\x04here\0", &gif[13..], b"<script>alert(1)</script>"].concat();
    let stripped = strip(Format::Gif, &with_comment).unwrap();
    assert_eq!(stripped.bytes, gif);
    assert_eq!(stripped.frames, 1);
}

proptest::proptest! {
    #[test]
    fn anything_is_read_without_harm(format in 0..4usize, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let formats = [
            (Format::Gif, &b"GIF89a\x01\0\x01\0\0\0\0"[..]),
            (Format::Jpeg, b"\xff\xd8\xff"),
            (Format::Png, b"\x89PNG\r\n\x1a\n"),
            (Format::Webp, b"RIFF\x40\0\0\0WEBP"),
        ];
        let (format, start) = formats[format];
        let whole = [start, &bytes].concat();
        if let Some(once) = strip(format, &whole) {
            // What is clean stays as it is.
            let twice = strip(format, &once.bytes).map(|twice| twice.bytes);
            proptest::prop_assert_eq!(twice, Some(once.bytes));
        }
    }
}
