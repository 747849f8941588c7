//! JPEG: marker segments up to the end of the image, and not a byte after it.

use super::{Reader, Stripped, orientation_only};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut reader = Reader(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    if reader.take(2)? != [0xff, START] {
        return None;
    }
    out.extend([0xff, START]);
    let mut drawn = false;
    loop {
        let marker = match marker(&mut reader) {
            Some(marker) => marker,
            // Cut off behind its last scan: what browsers show as far as it goes.
            None if drawn && reader.is_empty() => END,
            None => return None,
        };
        if marker == END {
            out.extend([0xff, END]);
            return drawn.then_some(Stripped { bytes: out, frames: 1 });
        }
        let length = usize::from(u16::from_be_bytes(reader.array()?));
        let content = reader.take(length.checked_sub(2)?)?;
        if let Some(kept) = kept(marker, content) {
            out.extend([0xff, marker]);
            out.extend(u16::try_from(kept.len() + 2).ok()?.to_be_bytes());
            out.extend(kept);
        }
        if marker == SCAN {
            let scan = reader.take(scan_length(reader.0))?;
            out.extend(scan);
            drawn = true;
        }
    }
}

/// The next marker, behind any number of fill bytes.
fn marker(reader: &mut Reader) -> Option<u8> {
    if reader.byte()? != 0xff {
        return None;
    }
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Some(marker),
        }
    }
}

/// How far the compressed data of a scan goes: up to a marker that is neither a restart nor an escaped byte.
fn scan_length(data: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    data.windows(2).position(ends).unwrap_or(data.len())
}

/// The content to keep of a segment.
fn kept(marker: u8, content: &[u8]) -> Option<Vec<u8>> {
    match marker {
        // Frames, tables, restart interval, number of lines, scans.
        0xc0..=0xcf | 0xda..=0xdd => Some(content.to_vec()),
        // JFIF, without the small picture that it may hold: it can be older than what was cut away.
        0xe0 if content.starts_with(b"JFIF\0") => {
            let mut header = content.get(..12)?.to_vec();
            header.extend([0, 0]);
            Some(header)
        }
        0xe1 if content.starts_with(b"Exif\0\0") => Some([b"Exif\0\0".to_vec(), orientation_only(content)?].concat()),
        0xe2 if content.starts_with(b"ICC_PROFILE\0") => Some(content.to_vec()),
        // Adobe's: which colours the three components are.
        0xee if content.starts_with(b"Adobe") => Some(content.get(..12)?.to_vec()),
        _ => None,
    }
}
