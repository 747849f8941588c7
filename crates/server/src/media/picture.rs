//! Pictures: cleaned, decoded within bounds, turned upright, and made smaller for screens.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader};
use laserchat_codec::picture::{self, Format};
use laserchat_protocol::{FileKind, FileVariant};

use super::Variant;
use super::process::{Found, Request};

/// Longest sides.
const THUMBNAIL: u32 = 480;
const PREVIEW: u32 = 2048;
const BLUR: u32 = 96;

const QUALITY: u8 = 80;

/// The cleaned original.
const CLEAN: &str = "clean";

/// An upright picture of eight bits per colour: three colours, or four with transparency.
pub struct Picture {
    width: u32,
    height: u32,
    transparent: bool,
    data: Vec<u8>,
    /// The colour profile, if the picture has one that fits to red, green and blue.
    profile: Option<Vec<u8>>,
}

/// A picture in one of the formats that pages show.
pub fn shown(request: &Request, format: Format) -> Option<Found> {
    let bytes = read(&request.source, request.bounds.image_bytes)?;
    let stripped = picture::strip(format, &bytes)?;
    let clean = (stripped.bytes != bytes).then_some(PathBuf::from(CLEAN));
    drop(bytes);
    let (image, mime) = match format {
        Format::Gif => (ImageFormat::Gif, "image/gif"),
        Format::Jpeg => (ImageFormat::Jpeg, "image/jpeg"),
        Format::Png => (ImageFormat::Png, "image/png"),
        Format::Webp => (ImageFormat::WebP, "image/webp"),
    };
    let animated = stripped.frames > 1;
    // Whoever sees an animation decodes a picture of its size again and again.
    let pixels = if animated { request.bounds.pixels / 4 } else { request.bounds.pixels };
    let picture = decode(&stripped.bytes, image, pixels, request.bounds.memory_bytes)?;
    if let Some(clean) = &clean {
        std::fs::write(request.out.join(clean), &stripped.bytes).ok()?;
    }
    drop(stripped);
    let mut found = Found { animated, clean, ..Found::file(mime, FileKind::Image) };
    let photo = format == Format::Jpeg;
    let small = if animated {
        // The original is what moves; beside it stands its first picture.
        picture.keep(&mut found, FileVariant::Poster, PREVIEW, photo, &request.out)?
    } else if picture.width.max(picture.height) > PREVIEW {
        picture.keep(&mut found, FileVariant::Preview, PREVIEW, photo, &request.out)?
    } else {
        picture.scaled(PREVIEW)?
    };
    small.keep(&mut found, FileVariant::Thumbnail, THUMBNAIL, photo, &request.out)?;
    found.describe(&picture, &small)?;
    Some(found)
}

/// A picture whose original is a download: what is shown is always a version of it.
pub fn download(request: &Request, format: ImageFormat) -> Option<Found> {
    let mime = match format {
        ImageFormat::Bmp => "image/bmp",
        ImageFormat::Tiff => "image/tiff",
        ImageFormat::Ico => "image/x-icon",
        _ => return None,
    };
    let bytes = read(&request.source, request.bounds.image_bytes)?;
    let picture = decode(&bytes, format, request.bounds.pixels, request.bounds.memory_bytes)?;
    drop(bytes);
    let mut found = Found::file(mime, FileKind::Image);
    let small = picture.keep(&mut found, FileVariant::Preview, PREVIEW, false, &request.out)?;
    small.keep(&mut found, FileVariant::Thumbnail, THUMBNAIL, false, &request.out)?;
    found.describe(&picture, &small)?;
    Some(found)
}

/// Adds the still picture of a video, as PNG, to what was found.
pub fn poster(request: &Request, png: &[u8], found: &mut Found) -> Option<()> {
    let picture = decode(png, ImageFormat::Png, request.bounds.pixels, request.bounds.memory_bytes)?;
    let small = picture.keep(found, FileVariant::Poster, PREVIEW, true, &request.out)?;
    small.keep(found, FileVariant::Thumbnail, THUMBNAIL, true, &request.out)?;
    found.blur = small.blur();
    Some(())
}

impl Found {
    fn describe(&mut self, picture: &Picture, small: &Picture) -> Option<()> {
        (self.width, self.height) = (Some(picture.width), Some(picture.height));
        self.blur = Some(small.blur()?);
        Some(())
    }
}

/// The whole file, unless it is too large. Asked of the file system first: a file of holes takes no disk and all memory.
fn read(source: &Path, most: u64) -> Option<Vec<u8>> {
    let size = std::fs::metadata(source).ok()?.len();
    if size > most { None } else { std::fs::read(source).ok() }
}

fn decode(bytes: &[u8], format: ImageFormat, pixels: u64, memory: u64) -> Option<Picture> {
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(memory / 2);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > pixels {
        return None;
    }
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| profile.get(16..20) == Some(b"RGB ") && profile.len() <= 1 << 20);
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    // In eight bits before it is turned, because that takes a second copy.
    let opaque = |image: &DynamicImage| !image.color().has_alpha();
    image = if opaque(&image) { image.into_rgb8().into() } else { image.into_rgba8().into() };
    if let DynamicImage::ImageRgba8(rgba) = &image
        && rgba.pixels().all(|pixel| pixel.0[3] == 255)
    {
        image = image.into_rgb8().into();
    }
    image.apply_orientation(orientation);
    let (width, height, transparent) = (image.width(), image.height(), !opaque(&image));
    Some(Picture { width, height, transparent, data: image.into_bytes(), profile })
}

impl Picture {
    /// Not larger than this, in its own proportions. Never larger than it was.
    fn scaled(&self, longest: u32) -> Option<Picture> {
        let (width, height) = fit(self.width, self.height, longest);
        let kind = if self.transparent { PixelType::U8x4 } else { PixelType::U8x3 };
        let from = ImageRef::new(self.width, self.height, &self.data, kind).ok()?;
        let mut to = Image::new(width, height, kind);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Resizer::new().resize(&from, &mut to, &options).ok()?;
        let (transparent, profile) = (self.transparent, self.profile.clone());
        Some(Picture { width, height, transparent, data: to.into_vec(), profile })
    }

    /// Writes a version of it, notes that, and answers the version.
    fn keep(&self, found: &mut Found, name: FileVariant, longest: u32, photo: bool, out: &Path) -> Option<Picture> {
        let small = self.scaled(longest)?;
        let (bytes, mime) = small.encode(photo)?;
        let file = match name {
            FileVariant::Thumbnail => "thumbnail",
            FileVariant::Preview => "preview",
            FileVariant::Poster => "poster",
        };
        std::fs::write(out.join(file), bytes).ok()?;
        let (path, mime, width, height) = (PathBuf::from(file), mime.to_owned(), small.width, small.height);
        found.variants.push(Variant { name, path, mime, width, height });
        Some(small)
    }

    /// JPEG for what was a photograph. A drawing may be sharper and smaller without loss, and only that keeps transparency.
    fn encode(&self, photo: bool) -> Option<(Vec<u8>, &'static str)> {
        let (mut jpeg, mut webp) = (Vec::new(), Vec::new());
        let colour = if self.transparent { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
        if !self.transparent {
            let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
            self.write(encoder, colour)?;
        }
        if photo && !jpeg.is_empty() {
            return Some((jpeg, "image/jpeg"));
        }
        self.write(WebPEncoder::new_lossless(&mut webp), colour)?;
        let smaller = jpeg.is_empty() || webp.len() <= jpeg.len();
        Some(if smaller { (webp, "image/webp") } else { (jpeg, "image/jpeg") })
    }

    fn write(&self, mut encoder: impl ImageEncoder, colour: ExtendedColorType) -> Option<()> {
        if let Some(profile) = &self.profile {
            encoder.set_icc_profile(profile.clone()).ok()?;
        }
        encoder.write_image(&self.data, self.width, self.height, colour).ok()
    }

    fn blur(&self) -> Option<Vec<u8>> {
        let small = self.scaled(BLUR)?;
        let rgba = if small.transparent {
            small.data
        } else {
            small.data.chunks_exact(3).flat_map(|colour| [colour[0], colour[1], colour[2], 255]).collect()
        };
        Some(thumbhash::rgba_to_thumb_hash(small.width as usize, small.height as usize, &rgba))
    }
}

/// The size that fits, at least one pixel each way.
fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scale = |length: u32| {
        let scaled = (u64::from(length) * u64::from(longest) + u64::from(side) / 2) / u64::from(side);
        u32::try_from(scaled).unwrap_or(longest).max(1)
    };
    (scale(width), scale(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proportions_are_kept() {
        assert_eq!(fit(4000, 3000, 480), (480, 360));
        assert_eq!(fit(3000, 4000, 2048), (1536, 2048));
        assert_eq!(fit(100, 50, 480), (100, 50));
        assert_eq!(fit(60_000, 1, 480), (480, 1));
    }
}
