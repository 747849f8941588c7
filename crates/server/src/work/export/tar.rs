//! Tar: archives as every system can unpack them (POSIX ustar), written as one goes.

use std::io::{Result, Write};

const BLOCK: usize = 512;

/// An archive on its way into a file. Dropping it without [`Tar::finish`] leaves one that is cut off.
pub struct Tar<W: Write> {
    out: W,
    written: u64,
    seconds: i64,
}

impl<W: Write> Tar<W> {
    /// `seconds` since 1970 is the time that all files get.
    pub fn new(out: W, seconds: i64) -> Self {
        Tar { out, written: 0, seconds }
    }

    /// A file with this content. Names are short and ASCII.
    pub fn file(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.begin(name, content.len() as u64)?;
        self.more(content)?;
        self.end(content.len() as u64)
    }

    /// Begins a file whose content comes with [`Tar::more`], exactly so many bytes, before [`Tar::end`].
    pub fn begin(&mut self, name: &str, size: u64) -> Result<()> {
        let mut header = [0u8; BLOCK];
        let name = name.as_bytes();
        let name = name.get(..name.len().min(100)).unwrap_or_default();
        header[..name.len()].copy_from_slice(name);
        octal(&mut header[100..108], 0o600);
        octal(&mut header[108..116], 0);
        octal(&mut header[116..124], 0);
        size_field(&mut header[124..136], size);
        octal(&mut header[136..148], self.seconds.max(0) as u64);
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        octal(&mut header[148..155], sum);
        self.more(&header)
    }

    pub fn more(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    pub fn end(&mut self, size: u64) -> Result<()> {
        let rest = (size % BLOCK as u64) as usize;
        if rest > 0 { self.more(&[0; BLOCK][rest..]) } else { Ok(()) }
    }

    /// Ends the archive. Returns its size, and what it was written into.
    pub fn finish(mut self) -> Result<(u64, W)> {
        self.more(&[0; 2 * BLOCK])?;
        self.out.flush()?;
        Ok((self.written, self.out))
    }
}

/// A number in octal, with a NUL at the end of its field.
fn octal(field: &mut [u8], value: u64) {
    let width = field.len() - 1;
    let text = format!("{value:0width$o}");
    let digits = text.as_bytes();
    // What is too large for its field shows its last digits; only sizes can be, and those have a form of their own.
    field[..width].copy_from_slice(&digits[digits.len() - width..]);
    field[width] = 0;
}

/// A size, which from 8 GB on is written in binary, as GNU tar does it.
fn size_field(field: &mut [u8], size: u64) {
    if size < 1 << 33 {
        return octal(field, size);
    }
    field[0] = 0x80;
    let start = field.len() - 8;
    field[start..].copy_from_slice(&size.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_whole_and_sums_are_right() {
        let mut tar = Tar::new(Vec::new(), 1_700_000_000);
        tar.file("a.json", b"hello").unwrap();
        tar.file("b/c.txt", &[7; 512]).unwrap();
        let (size, bytes) = tar.finish().unwrap();
        assert_eq!((size, bytes.len()), (512 * 6, 512 * 6));
        assert_eq!(&bytes[..7], b"a.json\0");
        assert_eq!(&bytes[124..136], b"00000000005\0");
        let mut header = bytes[..512].to_vec();
        header[148..156].fill(b' ');
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        assert_eq!(&bytes[148..155], format!("{sum:06o}\0").as_bytes());
    }

    #[test]
    fn huge_files_have_a_size() {
        let mut field = [0; 12];
        size_field(&mut field, 10 << 30);
        assert_eq!((field[0], &field[4..]), (0x80, &(10u64 << 30).to_be_bytes()[..]));
    }
}
