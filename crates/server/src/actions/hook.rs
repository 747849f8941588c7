//! Incoming webhooks: a secret address that posts into one conversation, as a bot of its own.

use laserchat_core::message::Draft;
use laserchat_core::{member, name};
use laserchat_protocol::webhook::{HookMessage, IncomingWebhook, IncomingWebhookCreate, IncomingWebhookUpdate};
use laserchat_protocol::{Code, ConversationId, Message, Problem, UserId, WebhookId};
use laserchat_store::{NewIncomingWebhook, NewUser, ProfileChange};

use super::account::refused;
use super::file::check_picture;
use super::message::{mentioned, post};
use super::webhook::may_manage;
use super::{failed, named, refuse, unmade};
use crate::app::App;
use crate::auth::Identity;
use crate::auth::token::{Secret, hash};
use crate::limits::Kind;

const PREFIX: &str = "lch_";
const ICON_CHARS: usize = 40;

pub async fn list(app: &App, who: &Identity, id: ConversationId) -> Result<Vec<IncomingWebhook>, Problem> {
    may_manage(app, who, id).await?;
    app.store.incoming_webhooks(id).await.map_err(failed)
}

pub async fn create(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    wanted: IncomingWebhookCreate,
) -> Result<IncomingWebhook, Problem> {
    may_manage(app, who, conversation).await?;
    let display_name = name::display_name(&wanted.name).map_err(named("name"))?;
    if let Some(avatar) = wanted.avatar {
        check_picture(app, who.user, avatar).await?;
    }
    let secret = Secret::generate(PREFIX).map_err(unmade)?;
    let (now, bot) = (app.ids.now(), UserId(app.ids.next()));
    let username = format!("hook-{bot}");
    let bot = NewUser {
        id: bot,
        skeleton: username.clone(),
        words: Vec::new(),
        username,
        display_name,
        email: None,
        password_hash: None,
        bot_owner: None,
        created_at: now,
        invitation: None,
    };
    let new = NewIncomingWebhook {
        id: WebhookId(app.ids.next()),
        conversation,
        bot,
        created_by: who.user,
        created_at: now,
        secret: secret.hash(),
    };
    let made = app.store.create_incoming_webhook(new).await.map_err(failed)?.ok_or(Code::LimitReached)?;
    if let Err(problem) = enlist(app, &made).await {
        // Nobody has seen its secret, so nothing is lost with it.
        app.store.remove_incoming_webhook(made.id).await.map_err(failed)?;
        return Err(problem);
    }
    tracing::info!(webhook = %made.id, by = %who.user, "an incoming webhook was made");
    let made = match wanted.avatar {
        Some(avatar) => change(app, &made, ProfileChange { avatar: Some(Some(avatar)), ..Default::default() }).await?,
        None => made,
    };
    Ok(IncomingWebhook { secret: Some(secret.into_string()), ..made })
}

/// Makes the bot a member. Twice changes nothing, and one that was removed stays removed.
async fn enlist(app: &App, webhook: &IncomingWebhook) -> Result<(), Problem> {
    let (by, bot) = (webhook.created_by, webhook.user.id);
    app.engine.run(webhook.conversation_id, &[by, bot], move |room, turn| member::enlist(room, by, bot, turn)).await?;
    Ok(())
}

/// A webhook of this conversation, for those who may manage it.
async fn own(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    id: WebhookId,
) -> Result<IncomingWebhook, Problem> {
    may_manage(app, who, conversation).await?;
    let found = app.store.incoming_webhook(id).await.map_err(failed)?;
    found.filter(|webhook| webhook.conversation_id == conversation).ok_or(Code::NotFound.into())
}

pub async fn update(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    id: WebhookId,
    update: IncomingWebhookUpdate,
) -> Result<IncomingWebhook, Problem> {
    let webhook = own(app, who, conversation, id).await?;
    let display_name = update.name.as_deref().map(name::display_name).transpose().map_err(named("name"))?;
    if let Some(Some(avatar)) = update.avatar
        && webhook.user.avatar != Some(avatar)
    {
        check_picture(app, who.user, avatar).await?;
    }
    change(app, &webhook, ProfileChange { display_name, avatar: update.avatar, ..ProfileChange::default() }).await
}

/// Changes name or picture of the bot, and tells those who see it.
async fn change(app: &App, webhook: &IncomingWebhook, change: ProfileChange) -> Result<IncomingWebhook, Problem> {
    let changed = app.store.update_user(webhook.user.id, change).await.map_err(failed)?.map_err(refused)?;
    if let Some((account, _)) = changed {
        app.presence.profile_changed(&account.user);
    }
    app.store.incoming_webhook(webhook.id).await.map_err(failed)?.ok_or(Code::NotFound.into())
}

pub async fn remove(app: &App, who: &Identity, conversation: ConversationId, id: WebhookId) -> Result<(), Problem> {
    let webhook = own(app, who, conversation, id).await?;
    // First the secret, which is what matters; a bot that stays behind can do nothing.
    app.store.remove_incoming_webhook(id).await.map_err(failed)?;
    leave(app, conversation, webhook.user.id).await
}

async fn leave(app: &App, conversation: ConversationId, bot: UserId) -> Result<(), Problem> {
    match app.engine.run(conversation, &[bot], move |room, turn| member::leave(room, bot, turn)).await {
        Err(problem) if problem.code != Code::NotFound => Err(problem),
        _ => Ok(()),
    }
}

/// Posts what came in. `key` is the request's own name for it.
pub async fn receive(app: &App, secret: &str, what: HookMessage, key: Option<String>) -> Result<Message, Problem> {
    let found = app.store.incoming_webhook_by_secret(hash(secret)).await.map_err(failed)?;
    let webhook = found.ok_or(Code::NotFound)?;
    let bot = webhook.user.id;
    app.rates.check(Kind::Send, bot)?;
    let shown_as = shown_as(&what)?;
    let body = markdown(&what.text);
    let client_id = match (&what.client_id, key) {
        (Some(given), _) => given.clone(),
        // A key may be longer than a name of a message.
        (None, Some(key)) => hash(&key).iter().take(24).map(|byte| format!("{byte:02x}")).collect(),
        (None, None) => format!("hook-{}", app.ids.next()),
    };
    let (mentions, found) = mentioned(app, webhook.conversation_id, &body).await?;
    let draft = Draft { client_id, body, mentions, mentions_all: found.all, shown_as, ..Draft::default() };
    let sent = match post(app, bot, webhook.conversation_id, draft.clone()).await {
        Err(problem) if problem.code == Code::NotFound => {
            // The server may have died between making the webhook and letting it in.
            enlist(app, &webhook).await?;
            post(app, bot, webhook.conversation_id, draft).await
        }
        sent => sent,
    };
    let (message, _) = sent?;
    app.store.touch_incoming_webhook(webhook.id, app.ids.now()).await.map_err(failed)?;
    Ok(message)
}

/// The name of this one message: the icon, if it is an emoji, and the name.
fn shown_as(what: &HookMessage) -> Result<Option<String>, Problem> {
    let given = what.username.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let name = given.map(name::display_name).transpose().map_err(named("username"))?;
    let icon = what.icon_emoji.as_deref().map(str::trim).filter(|icon| !icon.is_empty());
    if icon.is_some_and(|icon| icon.chars().count() > ICON_CHARS || icon.chars().any(char::is_control)) {
        return Err(refuse(Code::InvalidField, "icon_emoji", "one emoji"));
    }
    Ok(match (icon, name) {
        (Some(icon), Some(name)) => Some(format!("{icon} {name}")),
        (None, name) => name,
        // An icon alone would hide who speaks.
        (Some(_), None) => None,
    })
}

/// Slack's way to write links and the three characters that it escapes, as Markdown.
fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let link = rest[open + 1..].split_once('>').filter(|(inner, _)| {
            inner.split(['|']).next().is_some_and(|url| {
                ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
                    && !url.contains(char::is_whitespace)
            })
        });
        match link {
            Some((inner, after)) => {
                match inner.split_once('|') {
                    Some((url, label)) => out.push_str(&format!("[{}]({url})", label.replace(['[', ']'], ""))),
                    None => out.push_str(inner),
                }
                rest = after;
            }
            None => {
                out.push('<');
                rest = &rest[open + 1..];
            }
        }
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_links_become_markdown() {
        for (from, to) in [
            ("plain", "plain"),
            ("see <https://example.org|the [page]>!", "see [the page](https://example.org)!"),
            ("<https://example.org>", "https://example.org"),
            ("a < b > c", "a < b > c"),
            ("<b>", "<b>"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
            ("<", "<"),
            ("<javascript:alert(1)|x>", "<javascript:alert(1)|x>"),
        ] {
            assert_eq!(markdown(from), to);
        }
    }
}
