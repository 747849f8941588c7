//! No place survives in what is stored, wherever it was written.

use image::ImageFormat;
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::webp::WebP;
use img_parts::{Bytes, DynImage, ImageEXIF, ImageICC};
use laserchat_protocol::FileKind;

use super::pictures::png_chunk;
use super::{Seen, contains, corners, encoded, look};

/// Stands for every secret: in plain text, it is easily found.
const PLACE: &[u8] = b"48.137154N 11.576124E";

/// EXIF with an orientation, a position in numbers and one in words, and the maker's own notes.
fn exif() -> Vec<u8> {
    use exif::experimental::Writer;
    use exif::{Field, In, Rational, Tag, Value};
    let degrees =
        vec![Rational { num: 48, denom: 1 }, Rational { num: 137_154, denom: 997 }, Rational { num: 7, denom: 1 }];
    let fields = [
        (Tag::Orientation, Value::Short(vec![6])),
        (Tag::GPSLatitude, Value::Rational(degrees)),
        (Tag::GPSLatitudeRef, Value::Ascii(vec![b"N".to_vec()])),
        (Tag::GPSAreaInformation, Value::Undefined(PLACE.to_vec(), 0)),
        (Tag::MakerNote, Value::Undefined(PLACE.to_vec(), 0)),
        (Tag::UserComment, Value::Undefined(PLACE.to_vec(), 0)),
        (Tag::ImageDescription, Value::Ascii(vec![PLACE.to_vec()])),
    ];
    let fields: Vec<Field> = fields.map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value }).into();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = std::io::Cursor::new(Vec::new());
    writer.write(&mut out, true).unwrap();
    out.into_inner()
}

/// The number above, as it stands in the file when the little end comes first.
fn minutes() -> Vec<u8> {
    [137_154u32.to_le_bytes(), 997u32.to_le_bytes()].concat()
}

fn profile() -> Vec<u8> {
    let mut profile = vec![7; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    profile
}

/// Nothing of the place is left in anything that is kept, and orientation and colours are.
fn is_private(seen: &Seen, mime: &str, whole: &[u8]) {
    assert!(contains(whole, PLACE) && contains(whole, &minutes()), "the test itself is wrong");
    assert_eq!((seen.found.mime.as_str(), seen.found.kind), (mime, FileKind::Image));
    assert!(seen.found.clean.is_some());
    let stored = seen.stored();
    let variants = seen.found.variants.iter().map(|variant| std::fs::read(&variant.path).unwrap());
    for bytes in variants.chain([stored.clone()]) {
        assert!(!contains(&bytes, PLACE) && !contains(&bytes, &minutes()) && !contains(&bytes, b"<html"), "{mime}");
        let found = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&bytes));
        let tags = found.iter().flat_map(|exif| exif.fields().map(|field| field.tag));
        assert!(tags.into_iter().all(|tag| tag == exif::Tag::Orientation), "{mime}");
    }
    let kept = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&stored)).unwrap();
    let orientation = kept.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap();
    assert_eq!(orientation.value.get_uint(0), Some(6));
    let image = DynImage::from_bytes(Bytes::from(stored)).unwrap().unwrap();
    assert_eq!(image.icc_profile(), Some(Bytes::from(profile())));
    assert_eq!((seen.found.width, seen.found.height), (Some(100), Some(200)));
}

#[tokio::test]
async fn no_place_survives_in_a_jpeg() {
    let mut jpeg = Jpeg::from_bytes(Bytes::from(encoded(&corners(200, 100), ImageFormat::Jpeg))).unwrap();
    jpeg.set_exif(Some(Bytes::from(exif())));
    jpeg.set_icc_profile(Some(Bytes::from(profile())));
    for (marker, start) in [
        (0xe1, &b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude="[..]),
        (0xe1, b"http://ns.adobe.com/xmp/extension/\0"),
        (0xed, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0"),
        (0xe2, b"MPF\0"),
        (0xe0, b"JFXX\0\x10"),
        (0xe5, b"maker"),
        (0xee, b"Adobe\0\x64\0\0\0\0\0"),
        (0xfe, b"a comment "),
    ] {
        let segment = JpegSegment::new_with_contents(marker, Bytes::from([start, PLACE].concat()));
        jpeg.segments_mut().insert(1, segment);
    }
    let mut whole = Vec::new();
    jpeg.encoder().write_to(&mut whole).unwrap();
    // A second picture after the end, as cameras add them, with a place of its own; and a page.
    whole.extend(b"\xff\xd8\xff\xe1\0\x40");
    whole.extend(PLACE);
    whole.extend(b"<html><script>alert(1)</script>");
    is_private(&look(&whole, "a.jpg").await, "image/jpeg", &whole);
}

#[tokio::test]
async fn no_place_survives_in_a_png() {
    let still = encoded(&corners(200, 100), ImageFormat::Png);
    let mut image = img_parts::png::Png::from_bytes(Bytes::from(still)).unwrap();
    image.set_icc_profile(Some(Bytes::from(profile())));
    let mut still = Vec::new();
    image.encoder().write_to(&mut still).unwrap();
    let (mut whole, end) = (still[..33].to_vec(), still.len() - 12);
    for (name, start) in [
        (b"tEXt", &b"Location\0"[..]),
        (b"zTXt", b"Raw profile type exif\0\0"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0"),
        (b"tIME", b"1234567"),
        (b"exIf", b""),
        (b"maKr", b""),
    ] {
        png_chunk(&mut whole, name, &[start, PLACE].concat());
    }
    png_chunk(&mut whole, b"eXIf", &exif());
    whole.extend(&still[33..end]);
    png_chunk(&mut whole, b"tEXt", &[b"Comment\0", PLACE].concat());
    whole.extend(&still[end..]);
    whole.extend(PLACE);
    whole.extend(b"<html>");
    is_private(&look(&whole, "a.png").await, "image/png", &whole);
}

#[tokio::test]
async fn no_place_survives_in_a_webp() {
    let mut image = WebP::from_bytes(Bytes::from(encoded(&corners(200, 100), ImageFormat::WebP))).unwrap();
    image.set_exif(Some(Bytes::from(exif())));
    image.set_icc_profile(Some(Bytes::from(profile())));
    let mut whole = Vec::new();
    image.encoder().write_to(&mut whole).unwrap();
    for name in [b"XMP ", b"note"] {
        whole.extend(name);
        whole.extend(u32::try_from(PLACE.len() + 1).unwrap().to_le_bytes());
        whole.extend(PLACE);
        whole.push(b' ');
    }
    let length = u32::try_from(whole.len() - 8).unwrap();
    whole[4..8].copy_from_slice(&length.to_le_bytes());
    // The flag that says that XMP follows.
    whole[20] |= 4;
    whole.extend(PLACE);
    whole.extend(b"<html>");
    let seen = look(&whole, "a.webp").await;
    is_private(&seen, "image/webp", &whole);
    assert_eq!(seen.stored()[20] & 4, 0);
}

#[tokio::test]
async fn no_place_survives_in_a_gif() {
    let gif = encoded(&corners(20, 10), ImageFormat::Gif);
    let end = gif.len() - 1;
    assert_eq!(gif[end], b';');
    let length = u8::try_from(PLACE.len()).unwrap();
    let comment = [&[b'!', 0xfe, length], PLACE, &[0]].concat();
    let xmp = [b"!\xff\x0bXMP DataXMP", &[length][..], PLACE, &[0]].concat();
    let whole = [&gif[..end], &comment, &xmp, b";", PLACE].concat();
    let seen = look(&whole, "a.gif").await;
    assert_eq!(seen.found.mime, "image/gif");
    assert!(!contains(&seen.stored(), PLACE));
    image::load_from_memory_with_format(&seen.stored(), ImageFormat::Gif).unwrap();
}
