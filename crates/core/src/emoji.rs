//! Custom emoji: what one may be called, and who may add and remove them.

use laserchat_protocol::Code;
use laserchat_protocol::UserId;
use laserchat_protocol::emoji::{CustomEmoji, EmojiFrom};
use laserchat_protocol::limits::{EMOJI_NAME_CHARS_MAX, EMOJI_NAME_CHARS_MIN};
use laserchat_protocol::user::ServerRole;

use crate::refusal::Refusal;

/// A name is 2 to 32 small letters, digits, `_`, `-` and `+`, beginning with a letter or digit.
pub fn check_name(name: &str) -> Result<(), Refusal> {
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-+".contains(&b));
    if begins && plain && (EMOJI_NAME_CHARS_MIN..=EMOJI_NAME_CHARS_MAX).contains(&name.len()) {
        return Ok(());
    }
    Err(Refusal::new(Code::InvalidField)
        .field("name")
        .detail("2 to 32 small letters, digits, _, - and +, beginning with a letter or digit"))
}

/// The name in a reaction that is a custom emoji: `:name:`.
pub fn custom(emoji: &str) -> Option<&str> {
    emoji.strip_prefix(':')?.strip_suffix(':')
}

/// Whether somebody may add, replace or remove an emoji. Administrators may always; others only where everybody may add,
/// and then only change what they have added themselves.
pub fn may_change(
    actor: UserId,
    role: ServerRole,
    from: EmojiFrom,
    existing: Option<&CustomEmoji>,
) -> Result<(), Refusal> {
    let own = existing.is_none_or(|emoji| emoji.created_by == actor);
    if role >= ServerRole::Admin || (from == EmojiFrom::Everybody && own) {
        return Ok(());
    }
    Err(Code::Forbidden.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::check_emoji;
    use laserchat_protocol::{FileId, Timestamp};

    #[test]
    fn names() {
        for good in ["ok", "party-parrot", "a_b", "7up", "c++", &"x".repeat(32)] {
            assert!(check_name(good).is_ok(), "{good}");
            assert!(check_emoji(&format!(":{good}:")).is_ok(), "{good} can be a reaction");
        }
        for bad in ["", "a", "A1", "-a", "+1", "a b", "ä1", ":a:", "a\0", &"x".repeat(33)] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
        assert_eq!(custom(":ok:"), Some("ok"));
        assert_eq!((custom("ok"), custom(":"), custom("👍")), (None, None, None));
    }

    #[test]
    fn permissions() {
        let emoji = |by| CustomEmoji {
            name: "ok".into(),
            file_id: FileId(1),
            animated: false,
            created_by: UserId(by),
            created_at: Timestamp(0),
        };
        let may =
            |role, from, existing: Option<CustomEmoji>| may_change(UserId(1), role, from, existing.as_ref()).is_ok();
        for role in [ServerRole::Admin, ServerRole::Owner] {
            assert!(may(role, EmojiFrom::Admins, None) && may(role, EmojiFrom::Everybody, Some(emoji(2))));
        }
        let member = ServerRole::Member;
        assert!(!may(member, EmojiFrom::Admins, None) && !may(member, EmojiFrom::Admins, Some(emoji(1))));
        assert!(may(member, EmojiFrom::Everybody, None) && may(member, EmojiFrom::Everybody, Some(emoji(1))));
        assert!(!may(member, EmojiFrom::Everybody, Some(emoji(2))));
    }
}
