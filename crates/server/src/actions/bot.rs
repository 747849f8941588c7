//! Bots: accounts that a person owns and programs sign in to with tokens.

use laserchat_core::name;
use laserchat_protocol::limits::BOTS_PER_USER;
use laserchat_protocol::token::{BotCreate, BotCreated, Scope, TokenCreate};
use laserchat_protocol::{Code, Problem, User, UserId};
use laserchat_store::{NewUser, UserRefusal};

use super::account::{new_user, refused};
use super::admin::end_token_sockets;
use super::{failed, named, token};
use crate::app::App;
use crate::auth::Identity;

pub async fn list(app: &App, who: &Identity) -> Result<Vec<User>, Problem> {
    app.store.bots(who.user).await.map_err(failed)
}

/// Makes a bot and its first token, which can read, write and manage as far as the asker can.
pub async fn create(app: &App, who: &Identity, wanted: BotCreate) -> Result<BotCreated, Problem> {
    let owner = app.store.user(who.user).await.map_err(failed)?.ok_or(Code::NotFound)?;
    if owner.bot {
        return Err(Problem::new(Code::Forbidden).detail("a bot has no bots"));
    }
    let username = name::Username::parse(&wanted.username).map_err(named("username"))?;
    let display_name = match &wanted.display_name {
        Some(given) => name::display_name(given).map_err(named("display_name"))?,
        None => username.as_str().to_owned(),
    };
    let scopes: Vec<Scope> =
        [Scope::Read, Scope::Write, Scope::Manage].into_iter().filter(|scope| who.scopes & scope.bit() != 0).collect();
    if scopes.is_empty() {
        return Err(Problem::new(Code::ScopeMissing).detail("the bot could do nothing"));
    }
    let new = NewUser { bot_owner: Some(who.user), ..new_user(app, username, display_name) };
    let created = app.store.create_user(new).await.map_err(failed)?;
    let bot = created.map_err(|refusal| match refusal {
        UserRefusal::LimitReached => Problem::new(Code::LimitReached).detail(format!("at most {BOTS_PER_USER} bots")),
        other => refused(other),
    })?;
    let first = TokenCreate { name: "first".to_owned(), scopes, expires_in: None };
    let token = token::create(app, who, bot.id, first).await?;
    Ok(BotCreated { bot, token })
}

/// One's own bot; of others' bots one learns nothing here.
pub async fn own(app: &App, who: &Identity, id: UserId) -> Result<User, Problem> {
    let bot = app.store.user(id).await.map_err(failed)?;
    bot.filter(|bot| bot.bot && bot.bot_owner_id == Some(who.user)).ok_or(Code::NotFound.into())
}

/// Disables a bot. Its messages stay, and its name stays taken, so that nobody else can speak in it.
pub async fn disable(app: &App, who: &Identity, id: UserId) -> Result<(), Problem> {
    let bot = own(app, who, id).await?;
    app.store.set_disabled(bot.id, true).await.map_err(failed)?;
    end_token_sockets(app, bot.id).await?;
    if let Some(bot) = app.store.user(bot.id).await.map_err(failed)? {
        app.presence.profile_changed(&bot);
    }
    Ok(())
}
