//! Pieces: bytes of uploads that are still arriving, beside the blobs of a store that several nodes use.
//!
//! The name of a piece says which bytes of the upload it holds, so that what is there says how far the upload has come, and any
//! node can go on with it. Two requests that bring the same bytes at once, because a client gave up the first, leave two
//! pieces that overlap. Both hold what that file has there, so each is as good as the other: nothing has to be decided
//! between nodes, and what was acknowledged once stays covered.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use laserchat_protocol::FileId;
use object_store::path::Path as Place;
use object_store::{GetOptions, GetRange, ObjectStoreExt};

use super::{BlobError, Blobs, Opened};

/// The folder beside the blobs. These are in folders of two letters.
const FOLDER: &str = "uploads";
/// At the end of the name of a piece whose checksum has not been compared.
const UNCHECKED: &str = "-unchecked";

/// Bytes of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub from: u64,
    pub to: u64,
    /// Tells pieces apart that came with different requests.
    name: String,
}

impl Piece {
    fn new(from: u64, to: u64, unchecked: bool) -> Result<Piece, BlobError> {
        let mut chance = [0; 8];
        getrandom::fill(&mut chance).map_err(|error| std::io::Error::other(error.to_string()))?;
        let ending = if unchecked { UNCHECKED } else { "" };
        Ok(Piece { from, to, name: format!("{from}-{to}-{:016x}{ending}", u64::from_le_bytes(chance)) })
    }

    /// What a name says; nothing, for a piece that does not count.
    fn named(name: &str) -> Option<Piece> {
        let mut words = name.split('-');
        let (from, to) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let counts = words.next().is_some() && words.next().is_none() && from < to;
        counts.then(|| Piece { from, to, name: name.to_owned() })
    }
}

/// Which bytes of which pieces make the longest beginning of an upload, and how long that is.
pub fn beginning(pieces: &[Piece]) -> (Vec<(&Piece, u64)>, u64) {
    let (mut chosen, mut end) = (Vec::new(), 0);
    let mut sorted: Vec<&Piece> = pieces.iter().collect();
    sorted.sort_by_key(|piece| piece.from);
    let mut rest = sorted.into_iter().peekable();
    loop {
        let mut best: Option<&Piece> = None;
        while let Some(piece) = rest.next_if(|piece| piece.from <= end) {
            if best.is_none_or(|best| best.to < piece.to) {
                best = Some(piece);
            }
        }
        let Some(piece) = best.filter(|piece| piece.to > end) else { return (chosen, end) };
        chosen.push((piece, end - piece.from));
        end = piece.to;
    }
}

impl Blobs {
    /// Whether other nodes reach the blobs as well as this one.
    pub fn are_remote(&self) -> bool {
        self.config.url.is_some()
    }

    fn folder_of(opened: &Opened, upload: Option<FileId>) -> Place {
        let mut place = opened.prefix.as_deref().map(Place::from).unwrap_or_default().join(FOLDER);
        if let Some(upload) = upload {
            place = place.join(upload.to_string());
        }
        place
    }

    /// Writes bytes of an upload that begin at `from`. They are durable when this returns, and count unless they are
    /// `unchecked`.
    pub async fn put_piece(
        &self,
        upload: FileId,
        from: u64,
        bytes: Bytes,
        unchecked: bool,
    ) -> Result<Piece, BlobError> {
        let opened = self.opened()?;
        let piece = Piece::new(from, from + bytes.len() as u64, unchecked)?;
        opened.store.put(&Self::folder_of(opened, Some(upload)).join(piece.name.as_str()), bytes.into()).await?;
        Ok(piece)
    }

    /// From now on, a piece that was unchecked counts.
    pub async fn accept_piece(&self, upload: FileId, piece: &Piece) -> Result<(), BlobError> {
        let opened = self.opened()?;
        let folder = Self::folder_of(opened, Some(upload));
        let accepted = piece.name.trim_end_matches(UNCHECKED);
        let (from, to) = (folder.clone().join(piece.name.as_str()), folder.join(accepted));
        Ok(opened.store.rename(&from, &to).await?)
    }

    pub async fn delete_piece(&self, upload: FileId, piece: &Piece) -> Result<(), BlobError> {
        let opened = self.opened()?;
        Ok(opened.store.delete(&Self::folder_of(opened, Some(upload)).join(piece.name.as_str())).await?)
    }

    /// The pieces of an upload that count.
    pub async fn pieces(&self, upload: FileId) -> Result<Vec<Piece>, BlobError> {
        let opened = self.opened()?;
        let found = opened.store.list(Some(&Self::folder_of(opened, Some(upload))));
        let named = found.try_filter_map(|found| async move { Ok(found.location.filename().and_then(Piece::named)) });
        Ok(named.try_collect().await?)
    }

    /// The bytes of a piece, without so many at its beginning.
    pub async fn read_piece(
        &self,
        upload: FileId,
        piece: &Piece,
        skip: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let opened = self.opened()?;
        let options = GetOptions { range: (skip > 0).then_some(GetRange::Offset(skip)), ..GetOptions::default() };
        let place = Self::folder_of(opened, Some(upload)).join(piece.name.as_str());
        let found = opened.store.get_opts(&place, options).await?;
        Ok(found.into_stream().map_err(BlobError::from).boxed())
    }

    /// Deletes whatever there is of an upload.
    pub async fn delete_pieces(&self, upload: FileId) -> Result<(), BlobError> {
        let opened = self.opened()?;
        let places = opened.store.list(Some(&Self::folder_of(opened, Some(upload)))).map_ok(|found| found.location);
        let deleted = opened.store.delete_stream(places.boxed());
        // What somebody else has deleted meanwhile is as gone.
        let gone = deleted.filter(|one| {
            let missing = matches!(one, Err(object_store::Error::NotFound { .. }));
            async move { !missing }
        });
        Ok(gone.try_for_each(|_| async { Ok(()) }).await?)
    }

    /// Uploads of which there are pieces.
    pub async fn uploads_with_pieces(&self) -> Result<BTreeSet<FileId>, BlobError> {
        let opened = self.opened()?;
        let found = opened.store.list_with_delimiter(Some(&Self::folder_of(opened, None))).await?;
        let ids = found.common_prefixes.iter().filter_map(|folder| folder.filename()?.parse().ok());
        Ok(ids.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(from: u64, to: u64) -> Piece {
        Piece { from, to, name: format!("{from}-{to}-x") }
    }

    /// What the pieces make: from where to where, each, and the end.
    fn made(pieces: &[(u64, u64)]) -> (Vec<(u64, u64)>, u64) {
        let pieces: Vec<Piece> = pieces.iter().map(|(from, to)| piece(*from, *to)).collect();
        let (chosen, end) = beginning(&pieces);
        (chosen.iter().map(|(piece, skip)| (piece.from + skip, piece.to)).collect(), end)
    }

    #[test]
    fn pieces_make_the_longest_beginning() {
        assert_eq!(made(&[]), (vec![], 0));
        assert_eq!(made(&[(5, 9)]), (vec![], 0));
        assert_eq!(made(&[(4, 9), (0, 4)]), (vec![(0, 4), (4, 9)], 9));
        assert_eq!(made(&[(0, 4), (6, 9)]), (vec![(0, 4)], 4));
        assert_eq!(made(&[(0, 4), (0, 6), (4, 5), (4, 8), (6, 7)]), (vec![(0, 6), (6, 8)], 8), "they overlap");
    }

    #[test]
    fn names_say_what_a_piece_holds() {
        let made = Piece::new(3, 7, false).unwrap();
        assert_eq!(Piece::named(&made.name), Some(made));
        assert_eq!(Piece::named(&Piece::new(3, 7, true).unwrap().name), None, "it does not count yet");
        for wrong in ["", "3", "3-7", "7-3-a", "x-7-a", "3-7-a-b-c"] {
            assert_eq!(Piece::named(wrong), None, "{wrong}");
        }
    }
}
