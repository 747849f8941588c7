//! WebP: the chunks of one RIFF container.

use super::{Reader, Stripped, orientation_only};

/// Bits of the extended header that say which kinds of metadata follow.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Position of the flags in the whole file: behind the container's header and that of the first chunk.
const FLAGS: usize = 12 + 8;

pub fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut reader = Reader(bytes);
    let (riff, length): ([u8; 4], [u8; 4]) = (reader.array()?, reader.array()?);
    let mut chunks = Reader(reader.take(usize::try_from(u32::from_le_bytes(length)).ok()?)?);
    if &riff != b"RIFF" || chunks.take(4)? != b"WEBP" {
        return None;
    }
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let (mut frames, mut turned) = (0, None);
    let extended = chunks.0.starts_with(b"VP8X");
    while let Some((name, content)) = chunk(&mut chunks)? {
        match &name {
            b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ICCP" => put(&mut out, name, content)?,
            b"ANMF" => {
                frames += 1;
                put(&mut out, name, &frame(content)?)?;
            }
            b"EXIF" => turned = turned.or_else(|| orientation_only(content)),
            _ => {}
        }
    }
    if extended {
        let flags = out.get_mut(FLAGS)?;
        *flags &= !(HAS_EXIF | HAS_XMP);
        if let Some(exif) = turned {
            *flags |= HAS_EXIF;
            put(&mut out, *b"EXIF", &exif)?;
        }
    }
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Some(Stripped { bytes: out, frames: frames.max(1) })
}

/// The next chunk, or `None` inside when there is no more.
#[allow(clippy::type_complexity)]
fn chunk<'a>(reader: &mut Reader<'a>) -> Option<Option<([u8; 4], &'a [u8])>> {
    if reader.is_empty() {
        return Some(None);
    }
    let name = reader.array()?;
    let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
    let content = reader.take(length)?;
    // Chunks begin at even positions; the last one may do without the byte in between.
    if length % 2 == 1 && !reader.is_empty() {
        reader.take(1)?;
    }
    Some(Some((name, content)))
}

fn put(out: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> Option<()> {
    out.extend(name);
    out.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    out.extend(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}

/// A frame of an animation: where and how long, then chunks again.
fn frame(content: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(content);
    let mut out = reader.take(16)?.to_vec();
    while let Some((name, content)) = chunk(&mut reader)? {
        if matches!(&name, b"ALPH" | b"VP8 " | b"VP8L") {
            put(&mut out, name, content)?;
        }
    }
    Some(out)
}
