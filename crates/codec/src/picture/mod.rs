//! Takes out of a picture file everything but the picture, and does not decode it.
//!
//! Each format has a list of the parts that draw the picture, and only these are copied: cameras and programs find ever
//! new places for where and by whom a picture was made (EXIF, XMP, IPTC, comments, whole second pictures after the end),
//! so a list of what to remove would never be complete. Orientation and colour profile are kept, because without them
//! the picture looks different. A file that breaks the rules of its format is not a picture that is shown.

use image::metadata::Orientation;

mod gif;
mod jpeg;
mod png;
mod webp;

/// The picture and nothing else.
pub struct Stripped {
    pub bytes: Vec<u8>,
    /// How many pictures it shows one after the other.
    pub frames: u64,
}

/// The formats that are shown in pages, and therefore cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Gif,
    Jpeg,
    Png,
    Webp,
}

/// The file without what does not draw. `None` if it is not a whole picture of this format.
pub fn strip(format: Format, bytes: &[u8]) -> Option<Stripped> {
    match format {
        Format::Gif => gif::strip(bytes),
        Format::Jpeg => jpeg::strip(bytes),
        Format::Png => png::strip(bytes),
        Format::Webp => webp::strip(bytes),
    }
}

/// What EXIF says about the orientation, as EXIF that says nothing else. Nothing if the picture is upright.
fn orientation_only(exif: &[u8]) -> Option<Vec<u8>> {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let orientation = Orientation::from_exif_chunk(exif).filter(|found| *found != Orientation::NoTransforms)?;
    // A header, then a directory of one entry: tag 0x112, a single short.
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0, 0]);
    Some(tiff)
}

/// Bytes that are read from the front; reading more than there is, is `None`.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;
