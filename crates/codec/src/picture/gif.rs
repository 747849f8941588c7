//! GIF: blocks up to the trailer. Comments and what applications added are left out, except for the number of loops.

use super::{Reader, Stripped};

pub fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut reader = Reader(bytes);
    let head = reader.take(13)?;
    if !head.starts_with(b"GIF87a") && !head.starts_with(b"GIF89a") {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(head);
    out.extend(reader.take(colours(head[10]))?);
    let mut frames = 0;
    while !reader.is_empty() {
        match reader.byte()? {
            b',' => {
                let place = reader.take(9)?;
                out.push(b',');
                out.extend(place);
                out.extend(reader.take(colours(place[8]))?);
                out.push(reader.byte()?);
                out.extend(blocks(&mut reader)?);
                frames += 1;
            }
            b'!' => {
                let label = reader.byte()?;
                let content = blocks(&mut reader)?;
                if label == 0xf9 || label == 0xff && repeats(content) {
                    out.extend([b'!', label]);
                    out.extend(content);
                }
            }
            b';' => break,
            _ => return None,
        }
    }
    out.push(b';');
    (frames > 0).then_some(Stripped { bytes: out, frames })
}

/// The bytes of the colour table that these flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// A sequence of blocks with its end, each of which says its length.
fn blocks<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let start = reader.0;
    loop {
        let length = reader.byte()?;
        reader.take(usize::from(length))?;
        if length == 0 {
            return start.get(..start.len() - reader.0.len());
        }
    }
}

/// Whether this is the extension that says how often to repeat, and holds nothing else.
fn repeats(content: &[u8]) -> bool {
    let known = content.starts_with(b"\x0bNETSCAPE2.0") || content.starts_with(b"\x0bANIMEXTS1.0");
    known && content.len() == 17 && content[12..14] == [3, 1]
}
