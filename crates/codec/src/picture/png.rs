//! PNG: chunks up to the last, animation included.

use super::{Reader, Stripped, orientation_only};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What draws. `pHYs` is the shape of a pixel.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
    b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL",
];

pub fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut reader = Reader(bytes);
    if reader.take(SIGNATURE.len())? != SIGNATURE {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(SIGNATURE);
    let mut frames = 0;
    loop {
        let length = usize::try_from(u32::from_be_bytes(reader.array()?)).ok()?;
        let name: [u8; 4] = reader.array()?;
        let content = reader.take(length)?;
        let sum: [u8; 4] = reader.array()?;
        frames += u64::from(&name == b"fcTL");
        if KEPT.contains(&&name) || &name == b"fdAT" {
            out.extend(u32::try_from(length).ok()?.to_be_bytes());
            out.extend(name);
            out.extend(content);
            out.extend(sum);
        } else if &name == b"eXIf"
            && let Some(exif) = orientation_only(content)
        {
            chunk(&mut out, b"eXIf", &exif)?;
        }
        if &name == b"IEND" {
            return Some(Stripped { bytes: out, frames: frames.max(1) });
        }
    }
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) -> Option<()> {
    out.extend(u32::try_from(content.len()).ok()?.to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(content);
    let sum = checksum(&out[start..]);
    out.extend(sum.to_be_bytes());
    Some(())
}

/// CRC-32 as PNG wants it. For some thirty bytes, so without a table.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), step))
}
