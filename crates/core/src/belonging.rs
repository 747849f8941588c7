//! What a draft, a scheduled message and a reminder may hold.

use laserchat_protocol::limits::REMINDER_CHARS;
use laserchat_protocol::{Code, FileId};

use crate::file::check_list;
use crate::refusal::Refusal;
use crate::text::check_body;

/// A draft may be empty, but not hold more than a message could.
pub fn check_draft(body: &str, files: &[FileId]) -> Result<(), Refusal> {
    check_list(files)?;
    check_body(body, true)
}

/// A message that is sent later has what every message has: a text, or files.
pub fn check_scheduled(body: &str, files: &[FileId]) -> Result<(), Refusal> {
    check_list(files)?;
    check_body(body, !files.is_empty())
}

/// A reminder is about a message, or has a text.
pub fn check_reminder(text: &str, about_message: bool) -> Result<(), Refusal> {
    let refuse = |detail: &'static str| Err(Refusal::new(Code::InvalidText).field("text").detail(detail));
    if text.trim().is_empty() && !about_message {
        return refuse("a reminder has a text, or a message that it is about");
    }
    if text.len() > REMINDER_CHARS && text.chars().count() > REMINDER_CHARS {
        return refuse("a reminder has at most 1,000 characters");
    }
    if text.contains('\0') {
        return refuse("a reminder cannot contain NUL");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::limits::MESSAGE_CHARS;

    #[test]
    fn what_they_may_hold() {
        let files = |count: u64| (1..=count).map(FileId).collect::<Vec<_>>();
        assert!(check_draft("", &[]).is_ok() && check_draft("x", &files(10)).is_ok());
        assert_eq!(check_draft("\0", &[]).unwrap_err().code, Code::InvalidText);
        assert_eq!(check_draft(&"x".repeat(MESSAGE_CHARS + 1), &[]).unwrap_err().code, Code::InvalidText);
        assert_eq!(check_draft("", &files(11)).unwrap_err().code, Code::InvalidField);
        assert_eq!(check_draft("", &[FileId(1), FileId(1)]).unwrap_err().code, Code::InvalidField);
        assert!(check_scheduled("", &files(1)).is_ok() && check_scheduled("x", &[]).is_ok());
        assert_eq!(check_scheduled("", &[]).unwrap_err().code, Code::InvalidText);
        assert!(check_reminder("", true).is_ok() && check_reminder("tea", false).is_ok());
        for bad in ["", " ", "\0", &"x".repeat(REMINDER_CHARS + 1)] {
            assert_eq!(check_reminder(bad, false).unwrap_err().code, Code::InvalidText, "{bad:?}");
        }
    }
}
