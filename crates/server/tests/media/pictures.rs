//! Pictures are shown upright, small enough, and with a blur that stands for them.

use image::codecs::gif::{GifEncoder, Repeat};
use image::{DynamicImage, Frame, ImageFormat, Rgba, RgbaImage};
use laserchat_protocol::FileKind;
use laserchat_server::media::is_shown;

use super::{Seen, bounded, corners, encoded, look, look_with};

/// Where the four colours are, in the smallest version: the names clockwise from the upper left.
fn clockwise(seen: &Seen) -> String {
    let thumbnail = seen.found.variants.iter().find(|variant| format!("{:?}", variant.name) == "Thumbnail").unwrap();
    let image = image::load_from_memory(&std::fs::read(&thumbnail.path).unwrap()).unwrap().into_rgb8();
    let (right, low) = (image.width() - 3, image.height() - 3);
    let name = |(x, y): (u32, u32)| match image.get_pixel(x, y).0 {
        [r, g, b] if r > 200 && g > 200 && b > 200 => 'w',
        [r, _, _] if r > 200 => 'r',
        [_, g, _] if g > 200 => 'g',
        [_, _, b] if b > 200 => 'b',
        _ => '?',
    };
    [(2, 2), (right, 2), (right, low), (2, low)].into_iter().map(name).collect()
}

#[tokio::test]
async fn a_photograph_gets_a_preview_a_thumbnail_and_a_blur() {
    let seen = look(&encoded(&corners(3000, 2000), ImageFormat::Jpeg), "IMG_1.exe").await;
    let found = &seen.found;
    assert_eq!((found.mime.as_str(), found.kind, found.animated), ("image/jpeg", FileKind::Image, false));
    assert_eq!((found.width, found.height, found.name.as_str()), (Some(3000), Some(2000), "IMG_1.exe"));
    let expected = [("Preview", 2048, 1365), ("Thumbnail", 480, 320)];
    let expected = expected.map(|(name, width, height)| (name.to_owned(), "image/jpeg".to_owned(), width, height));
    assert_eq!(seen.variants(), expected);
    assert_eq!(clockwise(&seen), "rgbw");
    let (width, height, _) = thumbhash::thumb_hash_to_rgba(found.blur.as_ref().unwrap()).unwrap();
    assert!((width as f64 / height as f64 - 1.5).abs() < 0.3);
}

#[tokio::test]
async fn every_orientation_is_applied() {
    // As EXIF counts them, with what is then seen clockwise from the upper left.
    let turned = ["rgbw", "grwb", "bwrg", "wbgr", "rwbg", "wrgb", "bgrw", "gbwr"];
    for (number, expected) in (1u8..).zip(turned) {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([number, 0, 0, 0, 0, 0, 0, 0]);
        let bytes = encoded(&corners(400, 200), ImageFormat::Jpeg);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let bytes = [&bytes[..2], &[0xff, 0xe1], &length, &exif, &bytes[2..]].concat();
        let seen = look(&bytes, "a.jpg").await;
        assert_eq!(clockwise(&seen), expected, "{number}");
        let size = if number < 5 { (Some(400), Some(200)) } else { (Some(200), Some(400)) };
        assert_eq!((seen.found.width, seen.found.height), size, "{number}");
        // Whoever opens the stored original sees it upright as well.
        let mut stored = image::ImageReader::new(std::io::Cursor::new(seen.stored()));
        stored.set_format(ImageFormat::Jpeg);
        let orientation = image::ImageDecoder::orientation(&mut stored.into_decoder().unwrap()).unwrap();
        assert_eq!(orientation.to_exif(), number);
    }
}

#[tokio::test]
async fn transparency_is_kept_and_nothing_is_made_larger() {
    let clear = RgbaImage::from_fn(60, 40, |x, _| Rgba([200, 10, 10, if x < 30 { 0 } else { 255 }]));
    let seen = look(&encoded(&DynamicImage::from(clear), ImageFormat::Png), "logo.png").await;
    assert_eq!(seen.variants(), [("Thumbnail".to_owned(), "image/webp".to_owned(), 60, 40)]);
    let thumbnail = std::fs::read(&seen.found.variants[0].path).unwrap();
    let thumbnail = image::load_from_memory(&thumbnail).unwrap().into_rgba8();
    assert_eq!((thumbnail.get_pixel(1, 1).0[3], thumbnail.get_pixel(59, 1).0[3]), (0, 255));
    // Nothing was in it that had to be taken out.
    assert_eq!(seen.found.clean, None);
}

#[tokio::test]
async fn each_format_is_known_by_its_bytes() {
    for (format, mime, preview) in [
        (ImageFormat::Png, "image/png", false),
        (ImageFormat::Jpeg, "image/jpeg", false),
        (ImageFormat::Gif, "image/gif", false),
        (ImageFormat::WebP, "image/webp", false),
        (ImageFormat::Bmp, "image/bmp", true),
        (ImageFormat::Tiff, "image/tiff", true),
        (ImageFormat::Ico, "image/x-icon", true),
    ] {
        // An icon has to have transparency.
        let picture =
            if format == ImageFormat::Ico { corners(200, 100).into_rgba8().into() } else { corners(200, 100) };
        let seen = look(&encoded(&picture, format), "wrong.html").await;
        assert_eq!((seen.found.mime.as_str(), seen.found.kind), (mime, FileKind::Image));
        assert_eq!((seen.found.width, seen.found.height), (Some(200), Some(100)), "{mime}");
        // What pages do not show has a version that they do.
        assert_eq!(seen.variants().len(), 1 + usize::from(preview), "{mime}");
        assert_eq!(is_shown(mime), !preview);
        assert_eq!(clockwise(&seen), "rgbw", "{mime}");
    }
}

#[tokio::test]
async fn what_moves_still_moves() {
    let mut gif = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut gif);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for shade in [0, 100, 200] {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(50, 30, Rgba([shade, 0, 0, 255])))).unwrap();
        }
    }
    for (bytes, mime) in [(gif, "image/gif"), (animated_png(), "image/png"), (animated_webp(), "image/webp")] {
        let seen = look(&bytes, "a").await;
        assert_eq!((seen.found.mime.as_str(), seen.found.animated), (mime, true));
        let names: Vec<String> = seen.variants().into_iter().map(|variant| variant.0).collect();
        assert_eq!(names, ["Poster", "Thumbnail"], "{mime}");
        assert_eq!(seen.stored(), bytes, "{mime}");
    }
}

/// Two frames: the picture itself, and its data once more.
fn animated_png() -> Vec<u8> {
    let still = encoded(&corners(20, 10), ImageFormat::Png);
    let frame = |number: u32| {
        let mut control = Vec::new();
        for value in [number, 20, 10, 0, 0] {
            control.extend(value.to_be_bytes());
        }
        control.extend([0, 10, 0, 100, 0, 0]);
        control
    };
    let mut out = still[..33].to_vec();
    png_chunk(&mut out, b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    png_chunk(&mut out, b"fcTL", &frame(0));
    let end = still.len() - 12;
    out.extend(&still[33..end]);
    let data = &still[33 + 8..end - 4];
    png_chunk(&mut out, b"fcTL", &frame(1));
    png_chunk(&mut out, b"fdAT", &[&[0, 0, 0, 2], data].concat());
    out.extend(&still[end..]);
    out
}

pub fn png_chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    let chunk = img_parts::png::PngChunk::new(*name, content.to_vec().into());
    out.extend(chunk.encoder().bytes());
}

fn animated_webp() -> Vec<u8> {
    let still = encoded(&corners(20, 10), ImageFormat::WebP);
    let chunk = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [name, &length, content, if content.len() % 2 == 1 { &[0] } else { &[] }].concat()
    };
    let place = [0, 0, 0, 0, 0, 0, 19, 0, 0, 9, 0, 0, 100, 0, 0, 0];
    let frame = chunk(b"ANMF", &[&place, &still[12..]].concat());
    let header = chunk(b"VP8X", &[2, 0, 0, 0, 19, 0, 0, 9, 0, 0]);
    let body = [b"WEBP", header.as_slice(), &chunk(b"ANIM", &[0; 6]), &frame, &frame].concat();
    chunk(b"RIFF", &body)
}

#[tokio::test]
async fn a_picture_beyond_the_limit_is_a_plain_file() {
    let bytes = encoded(&corners(400, 300), ImageFormat::Png);
    let mut bounds = super::limits().bounds;
    bounds.pixels = 400 * 300;
    assert!(!look_with(&bytes, "a.png", &bounded(bounds.clone())).await.is_plain());
    bounds.pixels -= 1;
    assert!(look_with(&bytes, "a.png", &bounded(bounds.clone())).await.is_plain());
    bounds.pixels += 1;
    bounds.image_bytes = bytes.len() as u64 - 1;
    assert!(look_with(&bytes, "a.png", &bounded(bounds)).await.is_plain());
}

#[tokio::test]
async fn the_largest_picture_that_is_allowed_fits_into_the_memory() {
    // 64 million pixels, of one colour, so that the test itself need not compress much.
    let bytes = encoded(&DynamicImage::new_rgb8(8000, 8000), ImageFormat::Jpeg);
    let seen = look(&bytes, "large.jpg").await;
    assert_eq!((seen.found.width, seen.variants().len()), (Some(8000), 2));
    let bytes = encoded(&DynamicImage::new_rgba8(8000, 8000), ImageFormat::Png);
    let seen = look(&bytes, "large.png").await;
    assert_eq!((seen.found.width, seen.variants().len()), (Some(8000), 2));
}
