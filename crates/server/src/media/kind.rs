//! The type of a file, found in its first bytes. Its name and what its sender said about it count for nothing.
//!
//! What is found here is a suspicion. A picture, video or sound is only called one after it was decoded.

use laserchat_codec::picture::Format;
use laserchat_protocol::FileKind;

use super::{PLAIN, is_shown};

/// How much of a file is looked at.
pub const HEAD: usize = 8192;

/// What a file seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// A picture that pages show, so it is cleaned and kept as it is.
    Picture(Format),
    /// A picture that is a download, with a preview that pages show.
    Scan(image::ImageFormat),
    /// Video or sound.
    Film(Container),
    /// A download of this type.
    Other(&'static str),
}

/// The containers of video and sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Mp4,
    Quicktime,
    Webm,
    Matroska,
    Ogg,
    Mp3,
    Wav,
    Flac,
}

/// Types that the library tells apart and that do no harm as a download with their name: whoever opens them wanted to.
const DOWNLOADS: [&str; 22] = [
    "application/epub+zip",
    "application/gzip",
    "application/msword",
    "application/pdf",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/x-bzip2",
    "application/x-tar",
    "application/x-xz",
    "application/zip",
    "application/zstd",
    "image/avif",
    "image/heif",
];

/// Whether something of this kind can have this type: what the examining process may answer.
pub fn is_known(mime: &str, kind: FileKind) -> bool {
    let begins = match kind {
        FileKind::Image => {
            return ["image/bmp", "image/tiff", "image/x-icon"].contains(&mime) || is_shown_as(mime, "image/");
        }
        FileKind::Video => "video/",
        FileKind::Audio => "audio/",
        FileKind::File => return mime == PLAIN || mime == "text/plain" || DOWNLOADS.contains(&mime),
    };
    is_shown_as(mime, begins) || mime == "video/quicktime" && kind == FileKind::Video
}

fn is_shown_as(mime: &str, begins: &str) -> bool {
    mime.starts_with(begins) && is_shown(mime)
}

/// What the file that begins with these bytes seems to be.
pub fn suspect(head: &[u8]) -> Suspicion {
    if let Some(container) = container(head) {
        return Suspicion::Film(container);
    }
    match image::guess_format(head) {
        Ok(image::ImageFormat::Png) => return Suspicion::Picture(Format::Png),
        Ok(image::ImageFormat::Jpeg) => return Suspicion::Picture(Format::Jpeg),
        Ok(image::ImageFormat::Gif) => return Suspicion::Picture(Format::Gif),
        Ok(image::ImageFormat::WebP) => return Suspicion::Picture(Format::Webp),
        Ok(other @ (image::ImageFormat::Bmp | image::ImageFormat::Tiff | image::ImageFormat::Ico)) => {
            return Suspicion::Scan(other);
        }
        _ => {}
    }
    Suspicion::Other(match infer::get(head) {
        Some(found) => DOWNLOADS.into_iter().find(|known| *known == found.mime_type()).unwrap_or(PLAIN),
        None if is_text(head) => "text/plain",
        None => PLAIN,
    })
}

fn container(head: &[u8]) -> Option<Container> {
    let at = |position: usize, bytes: &[u8]| head.get(position..).is_some_and(|rest| rest.starts_with(bytes));
    if at(4, b"ftyp") {
        return match head.get(8..12)? {
            b"qt  " => Some(Container::Quicktime),
            // Pictures in the same container.
            b"avif" | b"avis" | b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => None,
            _ => Some(Container::Mp4),
        };
    }
    // QuickTime of before 2001 has no such header.
    if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") {
        return Some(Container::Quicktime);
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        let names_webm = head.iter().take(64).copied().collect::<Vec<u8>>().windows(4).any(|word| word == b"webm");
        return Some(if names_webm { Container::Webm } else { Container::Matroska });
    }
    match () {
        () if at(0, b"OggS") => Some(Container::Ogg),
        () if at(0, b"fLaC") => Some(Container::Flac),
        () if at(0, b"RIFF") && at(8, b"WAVE") => Some(Container::Wav),
        () if at(0, b"ID3") => Some(Container::Mp3),
        // A frame of MPEG layer 3 without tags before it.
        () if matches!(head, [0xff, 0xe2 | 0xe3 | 0xf2 | 0xf3 | 0xfa | 0xfb, ..]) => Some(Container::Mp3),
        () => None,
    }
}

/// Whether these bytes begin a plain text: UTF-8 without controls, and nothing that a browser could take for a page.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // Cut in the middle of a character.
        Err(error) if error.error_len().is_none() && head.len() == HEAD => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let harmless = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    let lower = text.to_ascii_lowercase();
    let markup = ["<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<img", "<a ", "<style"];
    let first = lower.trim_start_matches('\u{feff}').trim_start();
    !text.is_empty()
        && text.chars().all(harmless)
        && !first.starts_with('<')
        && !markup.iter().any(|tag| lower.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide() {
        for (head, found) in [
            (&b"\x89PNG\r\n\x1a\n"[..], Suspicion::Picture(Format::Png)),
            (b"\xff\xd8\xff\xe0", Suspicion::Picture(Format::Jpeg)),
            (b"GIF89a", Suspicion::Picture(Format::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Suspicion::Picture(Format::Webp)),
            (b"RIFF\x10\0\0\0WAVEfmt ", Suspicion::Film(Container::Wav)),
            (b"\0\0\0\x18ftypisom", Suspicion::Film(Container::Mp4)),
            (b"\0\0\0\x14ftypqt  ", Suspicion::Film(Container::Quicktime)),
            (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", Suspicion::Other("image/avif")),
            (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", Suspicion::Film(Container::Webm)),
            (b"%PDF-1.7\n", Suspicion::Other("application/pdf")),
            (b"just words, \xc3\xa4h", Suspicion::Other("text/plain")),
            (b"", Suspicion::Other(PLAIN)),
            (b"\0\0\0\0", Suspicion::Other(PLAIN)),
            (b"MZ\x90\0", Suspicion::Other(PLAIN)),
            (b"\xff\xfea\0b\0", Suspicion::Other(PLAIN)),
        ] {
            assert_eq!(suspect(head), found, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn what_a_browser_could_run_has_no_type() {
        for head in [
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
            b"<?xml version='1.0'?><svg/>",
            b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>",
            b"<HTML>",
            b"words first, then <ScRiPt>alert(1)</script>",
            b"<x onclick=1>",
            b"#!/bin/sh\nrm -rf /",
        ] {
            assert_eq!(suspect(head), Suspicion::Other(PLAIN), "{}", head.escape_ascii());
        }
    }

    #[test]
    fn a_character_may_be_cut_at_the_end_of_the_head() {
        let mut head = vec![b'a'; HEAD - 1];
        head.push(0xc3);
        assert!(is_text(&head));
        assert!(!is_text(b"a\xc3"));
    }
}
