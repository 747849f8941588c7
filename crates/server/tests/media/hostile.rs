//! Files that were made to do harm: they cost little, and end as a plain file or as a harmless picture.

use std::fs::File;
use std::io::Write;
use std::time::Duration;

use image::ImageFormat;
use laserchat_protocol::FileKind;
use laserchat_server::media::{Bounds, is_shown};
use proptest::prelude::*;

use super::{Seen, bounded, contains, corners, encoded, limits, look, look_at, look_with};

/// No process that this test has started and waited for held more than this, in bytes. Each test is a process of its own.
#[allow(unsafe_code)]
fn largest_child() -> u64 {
    // SAFETY: the structure is plain numbers, for which zeros are right, and the call only writes into it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &mut usage);
        usage
    };
    u64::try_from(usage.ru_maxrss).unwrap() * 1024
}

/// Far more than any of these takes. The server gives up earlier, and a test fails here only if it does not.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(150), work).await.expect("examining ends")
}

fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    super::pictures::png_chunk(&mut png, b"IHDR", &header);
    png
}

#[tokio::test]
async fn a_bomb_of_pixels_is_not_decoded() {
    let mut png = png_header(50_000, 50_000);
    super::pictures::png_chunk(&mut png, b"IDAT", &[0x78, 0x9c, 0xed, 0xc1, 0x01, 0x0d, 0, 0, 0]);
    super::pictures::png_chunk(&mut png, b"IEND", &[]);
    let webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0\0".to_vec();
    let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;".to_vec();
    let mut tiff = encoded(&corners(8, 8), ImageFormat::Tiff);
    let width = [0x00, 0x01, 0x04, 0x00, 0x01, 0, 0, 0, 8, 0, 0, 0];
    if let Some(place) = tiff.windows(12).position(|entry| entry == width) {
        tiff[place + 8..place + 12].copy_from_slice(&4_000_000_000u32.to_le_bytes());
    }
    let mut bmp = encoded(&corners(8, 8), ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
    for (bytes, name) in [(png, "png"), (webp, "webp"), (gif, "gif"), (tiff, "tiff"), (bmp, "bmp")] {
        let seen = soon(look(&bytes, name)).await;
        assert!(seen.is_plain(), "{name}: {:?}", seen.found);
    }
    assert!(largest_child() < 200 << 20, "{}", largest_child());
}

#[tokio::test]
async fn a_bomb_of_compressed_text_is_not_unpacked() {
    // Ten kilobytes that would become ten megabytes, many times over, as a profile and as text.
    let zeros = image_of_zeros();
    let mut png = png_header(8, 8);
    for _ in 0..2000 {
        super::pictures::png_chunk(&mut png, b"iCCP", &[b"bomb\0\0", &zeros[..]].concat());
        super::pictures::png_chunk(&mut png, b"zTXt", &[b"bomb\0\0", &zeros[..]].concat());
    }
    super::pictures::png_chunk(&mut png, b"IEND", &[]);
    assert!(soon(look(&png, "a.png")).await.is_plain());
    assert!(largest_child() < 400 << 20, "{}", largest_child());
}

/// The compressed data of a large black picture.
fn image_of_zeros() -> Vec<u8> {
    let png = encoded(&image::DynamicImage::new_luma8(3200, 3200), ImageFormat::Png);
    let start = png.windows(4).position(|name| name == b"IDAT").unwrap();
    let length = u32::from_be_bytes(png[start - 4..start].try_into().unwrap()) as usize;
    png[start + 4..start + 4 + length].to_vec()
}

#[tokio::test]
async fn a_million_frames_cost_one() {
    let frame = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0";
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    gif.extend(frame.repeat(1_000_000));
    gif.push(b';');
    let seen = soon(look(&gif, "a.gif")).await;
    assert!(seen.found.animated);
    assert!(largest_child() < 200 << 20, "{}", largest_child());
    // A large one that moves would keep its readers busy.
    let mut gif = b"GIF89a\xff\x1f\xff\x1f\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    gif.extend(frame.repeat(2));
    gif.push(b';');
    assert!(soon(look(&gif, "a.gif")).await.is_plain());
}

/// One silent frame of MP3, so that a sound begins.
const FRAME: &[u8] = &{
    let mut frame = [0; 417];
    (frame[0], frame[1], frame[2]) = (0xff, 0xfb, 0x90);
    frame
};

#[tokio::test]
async fn five_gigabytes_of_nothing_are_not_read() {
    for start in
        [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0", b"%PDF-1.4", b""]
    {
        let make = |path: &std::path::Path| {
            let mut file = File::create(path).unwrap();
            file.write_all(start).unwrap();
            file.set_len(5 << 30).unwrap();
        };
        let seen = soon(look_at(make, "huge.png", &limits())).await;
        assert!(seen.found.kind == FileKind::File && seen.found.variants.is_empty(), "{}", start.escape_ascii());
    }
    for start in [&b"\0\0\0\x18ftypisom"[..], b"\x1a\x45\xdf\xa3", b"OggS", b"ID3\x04", FRAME, b"fLaC"] {
        let make = |path: &std::path::Path| {
            let mut file = File::create(path).unwrap();
            file.write_all(start).unwrap();
            file.set_len(5 << 30).unwrap();
        };
        let bounds = Bounds { cpu_seconds: 5, seconds: 20, ..Bounds::default() };
        assert!(soon(look_at(make, "huge.mp4", &bounded(bounds))).await.is_plain(), "{}", start.escape_ascii());
    }
    assert!(largest_child() < 200 << 20, "{}", largest_child());
}

#[tokio::test]
async fn two_files_in_one_are_only_what_they_are_shown_as() {
    let script = b"=1;alert(1)//<script>alert(1)</script><html>";
    let gif = encoded(&corners(20, 10), ImageFormat::Gif);
    // The classic: the height of the picture begins a comment of the script.
    let end = gif.len() - 1;
    let in_comment = [&gif[..end], &[b'!', 0xfe, script.len() as u8], &script[..], &[0], b";"].concat();
    let after = [&gif[..], script].concat();
    let jpeg = [&encoded(&corners(20, 10), ImageFormat::Jpeg)[..], script].concat();
    let png = [&encoded(&corners(20, 10), ImageFormat::Png)[..], script].concat();
    for bytes in [in_comment, after, jpeg, png] {
        let seen = soon(look(&bytes, "a.html")).await;
        assert!(is_shown(&seen.found.mime), "{:?}", seen.found);
        assert!(!contains(&seen.stored(), b"alert"));
    }
}

#[tokio::test]
async fn pages_and_programs_are_plain_files() {
    for (bytes, name) in [
        (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..], "a.svg"),
        (b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>", "a.png"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.jpg"),
        (b"<html>%PDF-1.4", "a.pdf"),
        (b"GIF89a=1;alert(1)", "a.gif"),
        (b"\xff\xd8\xff<html><script>alert(1)</script>", "a.jpg"),
        (b"MZ\x90\0\x03", "a.png"),
        (b"#!/bin/sh\n", "a.png"),
        (b"", "a.png"),
        (b"\0", "a.mp4"),
        (b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n", "a.mp4"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "a.mp4"),
        (b"\0\0\0\x18ftypisom\0\0\0\0<html>", "a.mp4"),
    ] {
        let seen = soon(look(bytes, name)).await;
        assert!(!is_shown(&seen.found.mime) && seen.found.kind == FileKind::File, "{name}: {:?}", seen.found);
    }
    // A real one keeps its type, and is a download.
    let pdf = soon(look(b"%PDF-1.4\n<html><script>alert(1)</script>", "a.html")).await;
    assert_eq!((pdf.found.mime.as_str(), is_shown(&pdf.found.mime)), ("application/pdf", false));
}

#[tokio::test]
async fn a_picture_that_needs_too_much_ends_the_process_and_nothing_else() {
    let large = encoded(&image::DynamicImage::new_rgb8(6000, 6000), ImageFormat::Png);
    // Room for the program, and not for the picture.
    let seen =
        soon(look_with(&large, "a.png", &bounded(Bounds { memory_bytes: 100 << 20, ..Bounds::default() }))).await;
    assert!(seen.is_plain());
    // No time.
    let seen = soon(look_with(&large, "a.png", &bounded(Bounds { seconds: 0, ..Bounds::default() }))).await;
    assert!(seen.is_plain());
    // No program at all.
    let absent = laserchat_server::media::Limits { program: "/absent".into(), ..limits() };
    assert!(soon(look_with(&large, "a.png", &absent)).await.is_plain());
    // Another program, which knows nothing of the question.
    let other = laserchat_server::media::Limits { program: "/bin/true".into(), ..limits() };
    assert!(soon(look_with(&large, "a.png", &other)).await.is_plain());
    let ever = laserchat_server::media::Limits { program: "/usr/bin/yes".into(), ..limits() };
    assert!(soon(look_with(&large, "a.png", &ever)).await.is_plain());
}

/// What noise may become: anything that is not shown, or a real picture.
fn is_harmless(seen: &Seen) -> bool {
    !is_shown(&seen.found.mime) || !seen.found.variants.is_empty()
}

#[test]
fn noise_and_damage_are_survived() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let formats =
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Tiff, ImageFormat::Bmp];
    let whole: Vec<Vec<u8>> = formats.iter().map(|format| encoded(&corners(40, 30), *format)).collect();
    let config = ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() };
    let damage = (
        0..whole.len(),
        any::<prop::sample::Index>(),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    );
    proptest!(config, |((which, cut, changes) in damage, keep in any::<bool>())| {
        let mut bytes = whole[which].clone();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if !keep {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assert!(is_harmless(&runtime.block_on(soon(look(&bytes, "a.png")))));
    });
}
