//! What each role may do: one table, decided here and nowhere else.
//!
//! Roles are ordered by power, so a row names the least role that may. Acting on another member also needs a role above
//! theirs; see [`over`].

use laserchat_protocol::{Code, ConversationKind, Role};

use crate::refusal::Refusal;
use crate::room::MemberRow;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Read,
    Send,
    SendWhenReadOnly,
    SkipSlowMode,
    React,
    Vote,
    ClosePolls,
    EditOwn,
    DeleteOwn,
    DeleteOthers,
    Pin,
    MentionAll,
    Add,
    Invite,
    Remove,
    Ban,
    Mute,
    ChangeRole,
    HandOver,
    Rename,
    ChangeSettings,
    SetExpiry,
    Webhooks,
    Archive,
    Delete,
    Leave,
}

/// One action: what it is in words, and the least role that may in direct conversations, groups and channels.
pub struct Row {
    pub action: Action,
    pub words: &'static str,
    pub direct: Option<Role>,
    pub group: Option<Role>,
    pub channel: Option<Role>,
}

const MEMBER: Option<Role> = Some(Role::Member);
const MODERATOR: Option<Role> = Some(Role::Moderator);
const ADMIN: Option<Role> = Some(Role::Admin);
const OWNER: Option<Role> = Some(Role::Owner);
const NOBODY: Option<Role> = None;

const fn row(
    action: Action,
    words: &'static str,
    direct: Option<Role>,
    group: Option<Role>,
    channel: Option<Role>,
) -> Row {
    Row { action, words, direct, group, channel }
}

pub static TABLE: [Row; 26] = [
    row(Action::Read, "read messages and see members", MEMBER, MEMBER, MEMBER),
    row(Action::Send, "send messages", MEMBER, MEMBER, MEMBER),
    row(Action::SendWhenReadOnly, "send while the conversation is read-only", NOBODY, MODERATOR, MODERATOR),
    row(Action::SkipSlowMode, "send without waiting in slow mode", NOBODY, MODERATOR, MODERATOR),
    row(Action::React, "react to messages", MEMBER, MEMBER, MEMBER),
    row(Action::Vote, "vote in polls", MEMBER, MEMBER, MEMBER),
    row(Action::ClosePolls, "close polls of others", NOBODY, MODERATOR, MODERATOR),
    row(Action::EditOwn, "edit own messages", MEMBER, MEMBER, MEMBER),
    row(Action::DeleteOwn, "delete own messages", MEMBER, MEMBER, MEMBER),
    row(Action::DeleteOthers, "delete messages of others", NOBODY, MODERATOR, MODERATOR),
    row(Action::Pin, "pin and unpin messages", MEMBER, MEMBER, MODERATOR),
    row(Action::MentionAll, "mention @channel and @here", MEMBER, MEMBER, MODERATOR),
    row(Action::Add, "add people", NOBODY, MEMBER, MODERATOR),
    row(Action::Invite, "make and revoke invitation links", NOBODY, ADMIN, MODERATOR),
    row(Action::Remove, "remove people of a lower role", NOBODY, ADMIN, MODERATOR),
    row(Action::Ban, "ban and unban people of a lower role", NOBODY, ADMIN, MODERATOR),
    row(Action::Mute, "mute people of a lower role", NOBODY, MODERATOR, MODERATOR),
    row(Action::ChangeRole, "give and take roles below one's own", NOBODY, ADMIN, ADMIN),
    row(Action::HandOver, "hand over ownership", NOBODY, OWNER, OWNER),
    row(Action::Rename, "change name, topic and picture", NOBODY, MEMBER, ADMIN),
    row(Action::ChangeSettings, "change public, read-only and slow mode", NOBODY, ADMIN, ADMIN),
    row(Action::SetExpiry, "change after how long messages disappear", MEMBER, ADMIN, ADMIN),
    row(Action::Webhooks, "make and remove webhooks", NOBODY, ADMIN, ADMIN),
    row(Action::Archive, "archive and restore", NOBODY, ADMIN, ADMIN),
    row(Action::Delete, "delete the conversation", NOBODY, OWNER, OWNER),
    row(Action::Leave, "leave", NOBODY, MEMBER, MEMBER),
];

/// The least role that may do this, or `None` where nobody may.
pub fn least(action: Action, kind: ConversationKind) -> Option<Role> {
    let row = TABLE.iter().find(|row| row.action == action)?;
    match kind {
        ConversationKind::Direct => row.direct,
        ConversationKind::Group => row.group,
        ConversationKind::Channel => row.channel,
    }
}

/// Whether a role may do this in a conversation of this kind.
pub fn may(role: Role, action: Action, kind: ConversationKind) -> bool {
    least(action, kind).is_some_and(|least| role >= least)
}

/// Refuses unless the role may. What nobody may do in this kind of conversation is the wrong kind, not a lack of power.
pub fn require(role: Role, action: Action, kind: ConversationKind) -> Result<(), Refusal> {
    match least(action, kind) {
        None => Err(Code::WrongKind.into()),
        Some(least) if role >= least => Ok(()),
        Some(_) => Err(Code::Forbidden.into()),
    }
}

/// Refuses unless the actor's role is above the target's.
pub fn over(actor: &MemberRow, target: &MemberRow) -> Result<(), Refusal> {
    if actor.role > target.role { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// The table as Markdown, for the documentation.
pub fn markdown() -> String {
    let cell = |least: Option<Role>| match least {
        None => "nobody",
        Some(Role::Member) => "member",
        Some(Role::Moderator) => "moderator",
        Some(Role::Admin) => "admin",
        Some(Role::Owner) => "owner",
    };
    let mut text = String::from("| may… from this role up | direct | group | channel |\n| --- | --- | --- | --- |\n");
    for row in &TABLE {
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            row.words,
            cell(row.direct),
            cell(row.group),
            cell(row.channel)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 4] = [Role::Member, Role::Moderator, Role::Admin, Role::Owner];
    const KINDS: [ConversationKind; 3] = [ConversationKind::Direct, ConversationKind::Group, ConversationKind::Channel];

    /// Every cell of role x action x kind, spelled out a second time, so that a slip in the table does not pass.
    #[test]
    fn the_whole_table() {
        // One letter per role from member to owner: y may, n may not; three words per action: direct, group, channel.
        let expected = [
            (Action::Read, "yyyy yyyy yyyy"),
            (Action::Send, "yyyy yyyy yyyy"),
            (Action::SendWhenReadOnly, "nnnn nyyy nyyy"),
            (Action::SkipSlowMode, "nnnn nyyy nyyy"),
            (Action::React, "yyyy yyyy yyyy"),
            (Action::Vote, "yyyy yyyy yyyy"),
            (Action::ClosePolls, "nnnn nyyy nyyy"),
            (Action::EditOwn, "yyyy yyyy yyyy"),
            (Action::DeleteOwn, "yyyy yyyy yyyy"),
            (Action::DeleteOthers, "nnnn nyyy nyyy"),
            (Action::Pin, "yyyy yyyy nyyy"),
            (Action::MentionAll, "yyyy yyyy nyyy"),
            (Action::Add, "nnnn yyyy nyyy"),
            (Action::Invite, "nnnn nnyy nyyy"),
            (Action::Remove, "nnnn nnyy nyyy"),
            (Action::Ban, "nnnn nnyy nyyy"),
            (Action::Mute, "nnnn nyyy nyyy"),
            (Action::ChangeRole, "nnnn nnyy nnyy"),
            (Action::HandOver, "nnnn nnny nnny"),
            (Action::Rename, "nnnn yyyy nnyy"),
            (Action::ChangeSettings, "nnnn nnyy nnyy"),
            (Action::SetExpiry, "yyyy nnyy nnyy"),
            (Action::Webhooks, "nnnn nnyy nnyy"),
            (Action::Archive, "nnnn nnyy nnyy"),
            (Action::Delete, "nnnn nnny nnny"),
            (Action::Leave, "nnnn yyyy yyyy"),
        ];
        assert_eq!(expected.len(), TABLE.len());
        for (action, cells) in expected {
            let got: Vec<String> = KINDS
                .iter()
                .map(|&kind| ROLES.iter().map(|&role| if may(role, action, kind) { 'y' } else { 'n' }).collect())
                .collect();
            assert_eq!(got.join(" "), cells, "{action:?}");
        }
    }

    #[test]
    fn the_documented_table_is_this_one() {
        let documented = include_str!("../../../docs/ARCHITECTURE.md");
        assert!(documented.contains(&markdown()), "docs/ARCHITECTURE.md must contain:\n{}", markdown());
    }

    #[test]
    fn nobody_has_power_over_an_equal() {
        for actor in ROLES {
            for target in ROLES {
                let member = |role| MemberRow {
                    user: laserchat_protocol::UserId(1),
                    role,
                    state: laserchat_protocol::MemberState::Joined,
                    joined_at: Default::default(),
                    muted_until: None,
                };
                assert_eq!(over(&member(actor), &member(target)).is_ok(), actor > target);
            }
        }
    }
}
