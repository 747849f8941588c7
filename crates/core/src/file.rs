//! Files: who may use one for what, and who may read it.
//!
//! A file belongs to whoever uploaded it until a message has it; from then on it is as readable as that message. Pictures
//! of people, conversations and emoji are for everybody who is signed in. That is decided here and nowhere else.

use laserchat_protocol::limits::FILES_PER_MESSAGE;
use laserchat_protocol::{Code, File, FileId, FilePurpose, FileState, UserId};

use crate::refusal::Refusal;

/// A file as rules see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Owned {
    pub owner: UserId,
    pub purpose: FilePurpose,
    pub file: File,
}

/// What connects somebody with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ties {
    /// They uploaded it.
    pub owns: bool,
    /// It is the picture of a user, a conversation or an emoji.
    pub public: bool,
    /// They are a member of a conversation in which a living message has it.
    pub shared: bool,
}

/// To who may not read a file it does not exist.
pub fn readable(ties: Ties) -> Result<(), Refusal> {
    if ties.owns || ties.public || ties.shared { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// The ids that somebody wants to attach, before anything is looked up.
pub fn check_list(ids: &[FileId]) -> Result<(), Refusal> {
    let refuse = |detail| Err(Refusal::new(Code::InvalidField).field("files").detail(detail));
    if ids.len() > FILES_PER_MESSAGE {
        return refuse("a message has at most 10 files");
    }
    if ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id)) {
        return refuse("a message has each file once");
    }
    Ok(())
}

/// Whether somebody may use a file for this purpose: it is their own, was uploaded for it, and is ready.
pub fn usable(actor: UserId, found: Option<&Owned>, purpose: FilePurpose, field: &'static str) -> Result<(), Refusal> {
    let Some(found) = found.filter(|found| found.owner == actor) else {
        return Err(Refusal::new(Code::NotFound).field(field).detail("there is no such file of yours"));
    };
    if found.purpose != purpose {
        return Err(Refusal::new(Code::InvalidField).field(field).detail("the file was uploaded for something else"));
    }
    match found.file.state {
        FileState::Ready => Ok(()),
        FileState::Processing => Err(Refusal::new(Code::FileNotReady).field(field).retry_after(1)),
        FileState::Refused => Err(Refusal::new(Code::FileRefused).field(field)),
    }
}

/// The files of a message, in the order asked for.
pub fn attach(actor: UserId, ids: &[FileId], found: &[Owned]) -> Result<Vec<File>, Refusal> {
    check_list(ids)?;
    let file = |id: &FileId| {
        let owned = found.iter().find(|owned| owned.file.id == *id);
        usable(actor, owned, FilePurpose::Message, "files")?;
        owned.map(|owned| owned.file.clone()).ok_or_else(|| Code::NotFound.into())
    };
    ids.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(id: u64, owner: u64, state: FileState) -> Owned {
        let file = File { id: FileId(id), state, ..File::default() };
        Owned { owner: UserId(owner), purpose: FilePurpose::Message, file }
    }

    #[test]
    fn only_ones_own_ready_files_for_this_purpose() {
        let found = [
            owned(1, 1, FileState::Ready),
            owned(2, 1, FileState::Processing),
            owned(3, 1, FileState::Refused),
            owned(4, 2, FileState::Ready),
            Owned { purpose: FilePurpose::Avatar, ..owned(5, 1, FileState::Ready) },
            owned(6, 1, FileState::Ready),
        ];
        let attach = |ids: &[u64]| {
            let ids: Vec<FileId> = ids.iter().copied().map(FileId).collect();
            attach(UserId(1), &ids, &found).map(|files| files.iter().map(|f| f.id.0).collect::<Vec<_>>())
        };
        assert_eq!(attach(&[6, 1]).unwrap(), [6, 1]);
        assert_eq!(attach(&[]).unwrap(), [0; 0]);
        for (id, code) in [
            (2, Code::FileNotReady),
            (3, Code::FileRefused),
            (4, Code::NotFound),
            (5, Code::InvalidField),
            (7, Code::NotFound),
        ] {
            assert_eq!(attach(&[1, id]).unwrap_err().code, code, "{id}");
        }
        assert_eq!(attach(&[1, 1]).unwrap_err().code, Code::InvalidField);
        assert_eq!(attach(&[1; FILES_PER_MESSAGE + 1]).unwrap_err().code, Code::InvalidField);
    }

    #[test]
    fn any_tie_is_enough_and_none_is_not() {
        assert_eq!(readable(Ties::default()).unwrap_err().code, Code::NotFound);
        for ties in [
            Ties { owns: true, ..Ties::default() },
            Ties { public: true, ..Ties::default() },
            Ties { shared: true, ..Ties::default() },
        ] {
            assert!(readable(ties).is_ok());
        }
    }
}
