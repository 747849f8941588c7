//! The server as a whole: what its owner and its administrators may do.

use laserchat_protocol::server::AdminUserUpdate;
use laserchat_protocol::user::ServerRole;
use laserchat_protocol::{Code, User};

use crate::refusal::Refusal;

/// Whether a role administers the server: sees all accounts and settings, rotates keys, invites onto the server.
pub fn require_admin(role: ServerRole) -> Result<(), Refusal> {
    if role >= ServerRole::Admin { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// Whether a role owns the server: changes its settings and who administers it.
pub fn require_owner(role: ServerRole) -> Result<(), Refusal> {
    if role == ServerRole::Owner { Ok(()) } else { Err(Code::Forbidden.into()) }
}

/// Whether one may change somebody's account. Nobody disables an equal, so nobody disables the owner; only the owner
/// gives and takes roles, and gives the server away to one who can look after it.
pub fn may_update(actor: &User, target: &User, update: &AdminUserUpdate) -> Result<(), Refusal> {
    require_admin(actor.server_role)?;
    let touches_access = update.disabled.is_some() || update.password.is_some();
    if touches_access && target.server_role >= actor.server_role {
        return Err(Refusal::new(Code::Forbidden).detail("this account is not below yours"));
    }
    if update.password.is_some() && target.bot {
        return Err(Refusal::new(Code::WrongKind).detail("a bot has no password"));
    }
    if let Some(role) = update.server_role
        && role != target.server_role
    {
        require_owner(actor.server_role)?;
        if actor.id == target.id {
            return Err(Refusal::new(Code::OwnerMustHandOver).detail("make somebody else the owner instead"));
        }
        if target.bot || (role == ServerRole::Owner && (target.disabled || update.disabled == Some(true))) {
            return Err(Refusal::new(Code::WrongKind).detail("only an active account of a person can have this role"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::UserId;

    fn user(id: u64, server_role: ServerRole) -> User {
        User {
            id: UserId(id),
            username: format!("user-{id}"),
            display_name: String::new(),
            about: String::new(),
            avatar: None,
            time_zone: None,
            status: None,
            bot: false,
            bot_owner_id: None,
            server_role,
            created_at: Default::default(),
            disabled: false,
            deleted: false,
        }
    }

    const ROLES: [ServerRole; 3] = [ServerRole::Member, ServerRole::Admin, ServerRole::Owner];

    #[test]
    fn access_is_changed_from_above_only() {
        let disable = AdminUserUpdate { disabled: Some(true), ..AdminUserUpdate::default() };
        let reset = AdminUserUpdate { password: Some("12345678".into()), ..AdminUserUpdate::default() };
        for actor in ROLES {
            for target in ROLES {
                for update in [&disable, &reset] {
                    let may = may_update(&user(1, actor), &user(2, target), update).is_ok();
                    assert_eq!(may, actor >= ServerRole::Admin && actor > target);
                }
            }
            assert!(may_update(&user(1, actor), &user(1, actor), &disable).is_err());
        }
    }

    #[test]
    fn roles_are_the_owners_to_give() {
        for role in ROLES {
            let promote = AdminUserUpdate { server_role: Some(role), ..AdminUserUpdate::default() };
            for actor in ROLES {
                for target in [ServerRole::Member, ServerRole::Admin] {
                    let may = may_update(&user(1, actor), &user(2, target), &promote).is_ok();
                    let changes_nothing = role == target && actor >= ServerRole::Admin;
                    assert_eq!(may, actor == ServerRole::Owner || changes_nothing, "{actor:?} {target:?} {role:?}");
                }
            }
            let owner = user(1, ServerRole::Owner);
            assert_eq!(may_update(&owner, &owner, &promote).is_ok(), role == ServerRole::Owner);
        }
    }

    #[test]
    fn the_server_goes_to_a_person_who_can_sign_in() {
        let hand_over = AdminUserUpdate { server_role: Some(ServerRole::Owner), ..AdminUserUpdate::default() };
        let owner = user(1, ServerRole::Owner);
        let disabled = User { disabled: true, ..user(2, ServerRole::Member) };
        let bot = User { bot: true, ..user(3, ServerRole::Member) };
        assert!(may_update(&owner, &disabled, &hand_over).is_err());
        assert!(may_update(&owner, &bot, &hand_over).is_err());
        let both = AdminUserUpdate { disabled: Some(true), ..hand_over };
        assert!(may_update(&owner, &user(4, ServerRole::Member), &both).is_err());
    }
}
