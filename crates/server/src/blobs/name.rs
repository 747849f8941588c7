//! How the names of blobs are spelled: the hash in hexadecimal digits, and when it has one, its number after a dash.

use laserchat_store::{BlobHash, BlobName};

pub fn hex(hash: &BlobHash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a blob is, in a folder or a bucket: the first two digits are a folder, so that no folder gets too full.
pub fn place(name: &BlobName) -> (String, String) {
    let digits = hex(&name.hash);
    let (folder, rest) = digits.split_at(2);
    let file = match name.number {
        0 => rest.to_owned(),
        number => format!("{rest}-{number}"),
    };
    (folder.to_owned(), file)
}

/// The blob that is at a place.
pub fn read(folder: &str, file: &str) -> Option<BlobName> {
    let (rest, number) = match file.split_once('-') {
        None => (file, 0),
        Some((rest, number)) => (rest, number.parse().ok()?),
    };
    let digits = format!("{folder}{rest}");
    let mut hash = BlobHash::default();
    if digits.len() != 2 * hash.len() || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(BlobName { hash, number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn names_are_read_as_they_are_spelled() {
        let hash: BlobHash = Sha256::digest(b"a blob").into();
        for number in [0, 7, u64::MAX] {
            let name = BlobName { hash, number };
            let (folder, file) = place(&name);
            assert_eq!(read(&folder, &file), Some(name));
        }
        let rest = "b".repeat(62);
        for wrong in
            ["", "12", "doctor", &"x".repeat(62), &"\u{e9}".repeat(31), &format!("{rest}-"), &format!("{rest}-x")]
        {
            assert_eq!(read("aa", wrong), None, "{wrong}");
        }
    }
}
