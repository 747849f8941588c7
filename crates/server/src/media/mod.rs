//! What is inside of an uploaded file: its type, its size on a screen, small versions of it, and the file without the
//! place where it was made.
//!
//! The bytes of a stranger are never decoded in the server's process. [`examine`] starts the same binary again with a
//! hidden subcommand (`laserchat examine`), in a cage of limits (memory, processor time, size of files, folders), and
//! believes only so much of the answer as it can check. If that process crashes, is killed, or answers nonsense, the
//! file is a plain file: it can be downloaded, and nothing more.

use std::path::{Path, PathBuf};

use laserchat_protocol::{FileKind, FileVariant};
use serde::{Deserialize, Serialize};

mod cage;
pub mod examiner;
mod film;
mod kind;
mod limits;
mod name;
mod picture;
mod process;
pub mod scan;
mod sound;

pub use film::is_installed as has_ffmpeg;
pub use limits::{Bounds, Limits};
pub use name::download_name;
pub use process::{SUBCOMMAND, this_is_laserchat};

/// The type of everything that is not shown in a page, when nothing better is known.
pub const PLAIN: &str = "application/octet-stream";

/// The media types that a page may show or play in place. Everything else is a download, whatever its type says.
pub const SHOWN: [&str; 12] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/webm",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "audio/wav",
    "audio/flac",
];

/// Whether content of this type may be served with `Content-Disposition: inline`.
pub fn is_shown(mime: &str) -> bool {
    SHOWN.contains(&mime)
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// The name to offer when it is downloaded.
    pub name: String,
    /// The type by its bytes. To be served as an attachment unless [`is_shown`].
    pub mime: String,
    pub kind: FileKind,
    pub animated: bool,
    /// As it is to be shown, so after the orientation was applied.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub duration_ms: Option<u64>,
    /// A ThumbHash: some 25 bytes that stand for the picture until it is there.
    pub blur: Option<Vec<u8>>,
    /// 64 loudnesses.
    pub waveform: Option<Vec<u8>>,
    pub variants: Vec<Variant>,
    /// The original without its location and other metadata: to be stored instead of it. In the folder for variants.
    pub clean: Option<PathBuf>,
    /// Set when the file must not be kept.
    pub refused: Option<Refused>,
}

/// A smaller or still version of a picture or video, in the folder for variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub name: FileVariant,
    pub path: PathBuf,
    pub mime: String,
    pub width: u32,
    pub height: u32,
}

/// Why a file must not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refused {
    /// The virus scanner knows it, by this name.
    Virus(String),
    /// It has to be scanned and is larger than what is scanned.
    TooLarge,
    /// It has to be scanned, and the scanner does not answer: worth another try later.
    ScannerAway,
}

impl Examined {
    /// A file of which nothing is known.
    pub fn plain(name: &str) -> Self {
        Self {
            name: download_name(name),
            mime: PLAIN.to_owned(),
            kind: FileKind::File,
            animated: false,
            width: None,
            height: None,
            duration_ms: None,
            blur: None,
            waveform: None,
            variants: Vec::new(),
            clean: None,
            refused: None,
        }
    }
}

/// Looks into the file at `source`. What is made of it goes into the empty folder `out`, which the caller removes.
/// Never fails: a file that cannot be examined is a plain file. Whoever calls this holds one of the turns of `limits`.
pub async fn examine(source: &Path, out: &Path, name: &str, limits: &Limits) -> Examined {
    let plain = Examined::plain(name);
    if let Some(scanner) = &limits.scanner
        && let Some(refused) = scanner.scan(source).await
    {
        return Examined { refused: Some(refused), ..plain };
    }
    match process::run(source, out, name, limits).await {
        Ok(found) => found,
        Err(reason) => {
            tracing::info!(%reason, "an uploaded file is kept as a plain file");
            plain
        }
    }
}
