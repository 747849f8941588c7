//! What the server finds in files, with the real process that looks into them: pictures, video, sound, viruses, and what
//! was made to do harm.

mod film;
mod hostile;
mod pictures;
mod privacy;
mod scan;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use laserchat_server::media::{Bounds, Examined, Limits, examine};
use tempfile::TempDir;

/// What was found, and the folders that it is in, which go with it.
pub struct Seen {
    pub found: Examined,
    source: PathBuf,
    _folder: TempDir,
}

impl Seen {
    /// What would be stored: the cleaned file, or else the one that came.
    pub fn stored(&self) -> Vec<u8> {
        std::fs::read(self.found.clean.as_ref().unwrap_or(&self.source)).unwrap()
    }

    pub fn is_plain(&self) -> bool {
        let found = &self.found;
        found.mime == "application/octet-stream" && found.variants.is_empty() && found.clean.is_none()
    }

    /// Each version as its name, type and size, after reading its size from its bytes as well.
    pub fn variants(&self) -> Vec<(String, String, u32, u32)> {
        let variants = self.found.variants.iter().map(|variant| {
            let image = image::load_from_memory(&std::fs::read(&variant.path).unwrap()).unwrap();
            assert_eq!((image.width(), image.height()), (variant.width, variant.height));
            (format!("{:?}", variant.name), variant.mime.clone(), variant.width, variant.height)
        });
        variants.collect()
    }
}

pub fn limits() -> Limits {
    Limits { program: env!("CARGO_BIN_EXE_laserchat").into(), ..Limits::default() }
}

pub fn bounded(bounds: Bounds) -> Limits {
    Limits { bounds, ..limits() }
}

/// Examines bytes as if they had been uploaded under this name.
pub async fn look(bytes: &[u8], name: &str) -> Seen {
    look_with(bytes, name, &limits()).await
}

pub async fn look_with(bytes: &[u8], name: &str, limits: &Limits) -> Seen {
    look_at(|path| std::fs::write(path, bytes).unwrap(), name, limits).await
}

/// The same with a file of one's own making.
pub async fn look_at(make: impl FnOnce(&Path), name: &str, limits: &Limits) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("source"), folder.path().join("out"));
    std::fs::create_dir(&out).unwrap();
    make(&source);
    let found = examine(&source, &out, name, limits).await;
    Seen { found, source, _folder: folder }
}

/// A picture whose corners can be told apart: red, green, blue and white, clockwise from the upper left.
pub fn corners(width: u32, height: u32) -> DynamicImage {
    let colour = |x, y| match (x * 2 < width, y * 2 < height) {
        (true, true) => Rgb([250, 5, 5]),
        (false, true) => Rgb([5, 250, 5]),
        (false, false) => Rgb([5, 5, 250]),
        (true, false) => Rgb([250, 250, 250]),
    };
    RgbImage::from_fn(width, height, colour).into()
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
