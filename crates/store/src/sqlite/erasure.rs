//! Erasure: makes sure that no copy of an erased message stays behind in the database.
//!
//! `secure_delete` overwrites a row where it lies. But when SQLite splits or joins pages it moves rows between neighbours,
//! and the space that a row has left can still hold its bytes: the part of a page between the list of its cells and the
//! first cell is not used, and is not cleared. A copy of a row can therefore be on the page that the row is on, on pages
//! beside it, and on those above them. After an erasure, in the same transaction, this reads those few pages, and clears
//! the unused part of each that is not clear already.
//!
//! The pages are read and written through `sqlite_dbpage`, and so through SQLite's own cache and log. What is read of them
//! is the stable file format: <https://sqlite.org/fileformat.html#b_tree_pages>.

use laserchat_protocol::{ConversationId, Seq};
use rusqlite::{Connection, params};

use crate::sql::int;
use crate::{Result, StoreError};

/// Pages on each side that are looked at, on every level of the tree. One operation of SQLite moves rows between at most
/// five pages.
const NEAR: usize = 4;
/// No tree of a database that fits on a disk is deeper.
const DEPTH: usize = 20;

/// Pages of trees whose keys are rows, as those of messages, and of trees whose keys are numbers.
const INTERIOR: [u8; 2] = [2, 5];
const LEAF: [u8; 2] = [10, 13];

/// Whether this build of SQLite lets pages be read. The project's own builds do.
pub(crate) fn possible(conn: &Connection) -> bool {
    conn.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1").is_ok()
}

/// The page on which the tree of a table begins.
pub(crate) fn root_of(conn: &Connection, table: &str) -> Result<u32> {
    let mut statement = conn.prepare_cached("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    Ok(statement.query_row([table], |row| row.get(0))?)
}

/// Clears what is unused around the place of a message.
pub(super) fn clear_around(conn: &Connection, conversation: ConversationId, seq: Seq) -> Result<()> {
    let key = (int(conversation.0), int(seq));
    let mut level = vec![root_of(conn, "messages")?];
    // Where in the level the page is under which the message lies.
    let mut at = 0;
    for _ in 0..DEPTH {
        let mut children = Vec::new();
        let mut below = 0;
        for (place, &number) in level.iter().enumerate() {
            let page = Page::read(conn, number)?;
            if place == at {
                below = children.len() + page.child_for(key)?;
            }
            children.extend(page.children()?);
            page.clear(conn)?;
        }
        if children.is_empty() {
            return Ok(());
        }
        let first = below.saturating_sub(NEAR);
        let end = children.len().min(below + NEAR + 1);
        level = children.get(first..end).unwrap_or_default().to_vec();
        at = below - first;
    }
    Err(StoreError::Corrupt("the tree of messages is deeper than can be".into()))
}

/// Clears what is unused on one part of a whole tree, given by its first page; the first part is 0. Returns whether there
/// are more parts.
///
/// This is for trees in which what is erased cannot be found by its place, as the index of search, whose pieces are merged
/// all the time. Copies of what is dead already do not multiply, so after one round through the tree there are none.
pub(crate) fn clear_part(conn: &Connection, root: u32, part: usize) -> Result<bool> {
    // The pages right above the leaves, each of which is one part.
    let mut level = vec![root];
    for _ in 0..DEPTH {
        let mut below = Vec::new();
        for &number in &level {
            let page = Page::read(conn, number)?;
            let children = page.children()?;
            let lowest = match children.first() {
                Some(&child) => !Page::read(conn, child)?.interior(),
                None => true,
            };
            if lowest {
                below.clear();
                break;
            }
            if part == 0 {
                page.clear(conn)?;
            }
            below.extend(children);
        }
        if below.is_empty() {
            // Neighbours exchange rows: the part before is looked at again, in case it was split meanwhile.
            for &number in level.get(part.saturating_sub(1)..level.len().min(part + 1)).unwrap_or_default() {
                let page = Page::read(conn, number)?;
                for child in page.children()? {
                    Page::read(conn, child)?.clear(conn)?;
                }
                page.clear(conn)?;
            }
            return Ok(part + 1 < level.len());
        }
        level = below;
    }
    Err(StoreError::Corrupt(format!("the tree that begins on page {root} is deeper than can be")))
}

/// One page of a tree.
struct Page {
    number: u32,
    data: Vec<u8>,
}

impl Page {
    fn read(conn: &Connection, number: u32) -> Result<Page> {
        let mut statement = conn.prepare_cached("SELECT data FROM sqlite_dbpage WHERE pgno = ?1")?;
        let page = Page { number, data: statement.query_row([number], |row| row.get(0))? };
        match page.data.first() {
            Some(kind) if INTERIOR.contains(kind) || LEAF.contains(kind) => Ok(page),
            _ => Err(page.broken()),
        }
    }

    fn broken(&self) -> StoreError {
        StoreError::Corrupt(format!("page {} is not what its tree says", self.number))
    }

    fn bytes<const N: usize>(&self, at: usize) -> Result<[u8; N]> {
        let found = self.data.get(at..at.saturating_add(N)).and_then(|bytes| bytes.try_into().ok());
        found.ok_or_else(|| self.broken())
    }

    fn short(&self, at: usize) -> Result<usize> {
        Ok(usize::from(u16::from_be_bytes(self.bytes(at)?)))
    }

    fn interior(&self) -> bool {
        self.data.first().is_some_and(|kind| INTERIOR.contains(kind))
    }

    fn cells(&self) -> Result<usize> {
        self.short(3)
    }

    /// Where the list of cells begins.
    fn list(&self) -> usize {
        if self.interior() { 12 } else { 8 }
    }

    fn cell(&self, index: usize) -> Result<usize> {
        self.short(self.list() + 2 * index)
    }

    fn clear(mut self, conn: &Connection) -> Result<()> {
        if self.clear_unused()? {
            conn.prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?
                .execute(params![self.number, self.data])?;
        }
        Ok(())
    }

    /// Clears what lies between the list of cells and the first cell. Returns whether anything did.
    fn clear_unused(&mut self) -> Result<bool> {
        let from = self.list() + 2 * self.cells()?;
        // Zero stands for 65,536.
        let to = match self.short(5)? {
            0 => 65_536,
            to => to,
        };
        let broken = self.broken();
        let unused = self.data.get_mut(from..to).ok_or(broken)?;
        let used = unused.iter().any(|byte| *byte != 0);
        unused.fill(0);
        Ok(used)
    }

    /// The pages below, in order; none below a leaf.
    fn children(&self) -> Result<Vec<u32>> {
        if !self.interior() {
            return Ok(Vec::new());
        }
        let count = self.cells()?;
        let mut children = Vec::with_capacity(count + 1);
        for index in 0..count {
            children.push(u32::from_be_bytes(self.bytes(self.cell(index)?)?));
        }
        children.push(u32::from_be_bytes(self.bytes(8)?));
        Ok(children)
    }

    /// Which of the pages below would hold a key.
    fn child_for(&self, key: (i64, i64)) -> Result<usize> {
        if !self.interior() {
            return Ok(0);
        }
        let count = self.cells()?;
        for index in 0..count {
            if key <= self.key(index)? {
                return Ok(index);
            }
        }
        Ok(count)
    }

    /// The first two columns of a cell of an interior page: conversation and seq.
    fn key(&self, index: usize) -> Result<(i64, i64)> {
        let (_, record) = self.varint(self.cell(index)? + 4)?;
        let (header, types) = self.varint(record)?;
        let (first, next) = self.varint(types)?;
        let (second, _) = self.varint(next)?;
        let body = record.saturating_add(header as usize);
        let (conversation, body) = self.integer(first, body)?;
        let (seq, _) = self.integer(second, body)?;
        Ok((conversation, seq))
    }

    /// A number of one to nine bytes, and where it ends.
    fn varint(&self, at: usize) -> Result<(u64, usize)> {
        let mut value = 0u64;
        for (count, &byte) in self.data.get(at..).unwrap_or_default().iter().take(9).enumerate() {
            if count == 8 {
                return Ok((value << 8 | u64::from(byte), at + 9));
            }
            value = value << 7 | u64::from(byte & 0x7F);
            if byte & 0x80 == 0 {
                return Ok((value, at + count + 1));
            }
        }
        Err(self.broken())
    }

    /// An integer column of a type, and where it ends.
    fn integer(&self, kind: u64, at: usize) -> Result<(i64, usize)> {
        let size = match kind {
            1..=4 => kind as usize,
            5 => 6,
            6 => 8,
            8 => return Ok((0, at)),
            9 => return Ok((1, at)),
            _ => return Err(self.broken()),
        };
        let bytes = self.data.get(at..at.saturating_add(size)).ok_or_else(|| self.broken())?;
        let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { -1 } else { 0 };
        Ok((bytes.iter().fold(sign, |value, byte| value << 8 | i64::from(*byte)), at + size))
    }
}
