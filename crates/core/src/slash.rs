//! Slash commands: how a line is read, what a command may be called, and who may give one.

use laserchat_protocol::limits::{COMMAND_CHARS, COMMAND_HELP_CHARS, COMMAND_NAME_CHARS};
use laserchat_protocol::{Code, UserId};

use crate::message::sender;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::{Decision, Turn};

/// A line as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    /// Whose command of this name is meant.
    pub bot: Option<String>,
    pub arguments: String,
}

/// Reads `/name arguments` or `/name@bot arguments`. Capitals do not matter in names.
pub fn read(text: &str) -> Result<Line, Refusal> {
    let refuse = |code, detail: &'static str| Err(Refusal::new(code).field("text").detail(detail));
    if text.contains('\0') {
        return refuse(Code::InvalidText, "a command cannot contain NUL");
    }
    let Some(rest) = text.trim_start().strip_prefix('/') else {
        return refuse(Code::InvalidText, "a command begins with a slash");
    };
    let (head, arguments) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let arguments = arguments.trim();
    if arguments.len() > COMMAND_CHARS && arguments.chars().count() > COMMAND_CHARS {
        return refuse(Code::InvalidText, "what follows a command has at most 4,000 characters");
    }
    let (name, bot) = match head.split_once('@') {
        Some((name, bot)) => (name, Some(bot.to_lowercase())),
        None => (head, None),
    };
    Ok(Line { name: name.to_ascii_lowercase(), bot, arguments: arguments.to_owned() })
}

/// A name is 1 to 32 lower-case letters of English, digits, `-` and `_`.
pub fn check_name(name: &str) -> Result<(), Refusal> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if (1..=COMMAND_NAME_CHARS).contains(&name.len()) && name.bytes().all(fine) {
        return Ok(());
    }
    Err(Refusal::new(Code::InvalidField).field("name").detail("1 to 32 of a to z, 0 to 9, - and _"))
}

/// A description says something; a usage may be empty. Both are one line.
pub fn check_help(description: &str, usage: &str) -> Result<(), Refusal> {
    for (field, text, least) in [("description", description, 1), ("usage", usage, 0)] {
        let chars = text.trim().chars().count();
        if chars < least || chars > COMMAND_HELP_CHARS || text.chars().any(char::is_control) {
            return Err(Refusal::new(Code::InvalidField).field(field).detail("one line of at most 200 characters"));
        }
    }
    Ok(())
}

/// Whoever may send may give commands. Nothing changes by that alone.
pub fn give(room: &Room, actor: UserId, turn: &Turn) -> Decision {
    sender(room, actor, turn)?;
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(name: &str, bot: Option<&str>, arguments: &str) -> Line {
        Line { name: name.into(), bot: bot.map(str::to_owned), arguments: arguments.into() }
    }

    #[test]
    fn lines_are_a_name_and_what_follows() {
        assert_eq!(read("/weather"), Ok(line("weather", None, "")));
        assert_eq!(read("/Weather  in Berlin \n now "), Ok(line("weather", None, "in Berlin \n now")));
        assert_eq!(read("/weather@Sky.Bot x"), Ok(line("weather", Some("sky.bot"), "x")));
        assert_eq!(read("/"), Ok(line("", None, "")), "which is no command of anybody's");
        for bad in ["", "weather", "// x\0", &format!("/x {}", "é".repeat(COMMAND_CHARS + 1))] {
            assert_eq!(read(bad).map_err(|refusal| refusal.code), Err(Code::InvalidText), "{bad}");
        }
        assert!(read(&format!("/x {}", "é".repeat(COMMAND_CHARS))).is_ok());
    }

    #[test]
    fn names_are_plain() {
        for good in ["a", "roll-2d6", "x_y", &"a".repeat(32)] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "A", "a b", "ä", "a/b", "a@b", &"a".repeat(33)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_help("What it does", "[city]").is_ok() && check_help("x", "").is_ok());
        assert!(check_help(" ", "").is_err() && check_help("a\nb", "").is_err());
        assert!(check_help("x", &"u".repeat(201)).is_err());
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_panic(text in "[/@ a-z\\n\\PC]{0,60}") {
            let _ = read(&text);
        }
    }
}
