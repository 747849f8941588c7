//! Slash commands: bots register and answer them, people give them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::slash::{CommandAnswered, CommandGive, CommandResponse, SlashCommand, SlashCommandUpdate};
use laserchat_protocol::{ConversationId, InvocationId, Page};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Manager, Reader, Writer};
use super::error::Result;
use super::json::Body;
use super::path::Id;
use crate::actions::slash;
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_commands, give_command))
        .routes(routes!(list_own_commands))
        .routes(routes!(set_command, remove_command))
        .routes(routes!(answer_command))
}

/// Slash commands of a conversation
///
/// Those of the bots that are members of it, by name. Of two with the same name, `/name` means the first; `/name@bot`
/// means any.
#[utoipa::path(
    get,
    path = "/conversations/{id}/commands",
    tag = "commands",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, body = Page<SlashCommand>, description = "The commands."))
)]
async fn list_commands(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
) -> Result<Json<Page<SlashCommand>>> {
    Ok(Json(Page::whole(slash::list(&app, &who, id).await?)))
}

/// Give a slash command
///
/// Whoever may send messages may give commands. A bot that answers at once is answered for here; otherwise
/// `command.answered` comes when it does, or when it has not for too long. Giving the command again under the same
/// `client_id` answers for the same one, for a minute after it was answered.
#[utoipa::path(
    post,
    path = "/conversations/{id}/commands",
    tag = "commands",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = CommandGive,
    responses(
        (status = 200, body = CommandAnswered, description = "What has come of it: an answer, a message, or a failure."),
        (status = 202, body = CommandAnswered, description = "The bot is at it; `command.answered` will come."),
        (status = 403, description = "`blocked`, `muted` or `read_only`."),
        (status = 404, description = "`no_such_command`: no bot here has it."),
        (status = 409, description = "`archived`."),
    )
)]
async fn give_command(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<CommandGive>,
) -> Result<(StatusCode, Json<CommandAnswered>)> {
    let (answered, done) = slash::give(&app, &who, id, body).await?;
    Ok((if done { StatusCode::OK } else { StatusCode::ACCEPTED }, Json(answered)))
}

/// A bot's own slash commands
#[utoipa::path(
    get,
    path = "/commands",
    tag = "commands",
    security(("bearer" = ["manage"])),
    responses((status = 200, body = Page<SlashCommand>, description = "The commands with their URLs, by name."))
)]
async fn list_own_commands(State(app): State<Shared>, Manager(who): Manager) -> Result<Json<Page<SlashCommand>>> {
    Ok(Json(Page::whole(slash::own(&app, &who).await?)))
}

/// Make or change a slash command
///
/// For bots. With a `url`, the command is posted there, signed as Standard Webhooks has it; without one, the bot hears
/// `command.invoked` over its connection. The secret that signs is shown in this answer and never again; it stays as long as there
/// is a URL.
#[utoipa::path(
    put,
    path = "/commands/{name}",
    tag = "commands",
    security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "1 to 32 of a to z, 0 to 9, - and _; without the slash.")),
    request_body = SlashCommandUpdate,
    responses(
        (status = 200, body = SlashCommand, description = "The command, with its secret if that is new."),
        (status = 409, description = "`limit_reached`."),
    )
)]
async fn set_command(
    State(app): State<Shared>,
    Manager(who): Manager,
    Id(name): Id<String>,
    Body(body): Body<SlashCommandUpdate>,
) -> Result<Json<SlashCommand>> {
    Ok(Json(slash::set(&app, &who, name, body).await?))
}

/// Remove a slash command
///
/// For the bot that has it.
#[utoipa::path(
    delete,
    path = "/commands/{name}",
    tag = "commands",
    security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The command, without the slash.")),
    responses((status = 204, description = "It is removed."))
)]
async fn remove_command(State(app): State<Shared>, Manager(who): Manager, Id(name): Id<String>) -> Result<StatusCode> {
    slash::remove(&app, &who, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer a slash command
///
/// For the bot that was told of it, with the `id` of the invocation. `ephemeral` is for whoever gave the command only;
/// `in_channel` is a message of the bot, which must be allowed to send it. The first answer is the one; answering again
/// returns it. Once whoever asked was told that no answer came, it is `not_found`.
#[utoipa::path(
    post,
    path = "/commands/answers/{id}",
    tag = "commands",
    security(("bearer" = ["write"])),
    params(("id" = InvocationId, Path, description = "The invocation.")),
    request_body = CommandResponse,
    responses(
        (status = 200, body = CommandAnswered, description = "What has come of the command."),
        (status = 403, description = "`blocked`, `muted` or `read_only`."),
        (status = 409, description = "`archived`."),
        (status = 429, description = "`slow_mode`."),
    )
)]
async fn answer_command(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<InvocationId>,
    Body(body): Body<CommandResponse>,
) -> Result<Json<CommandAnswered>> {
    Ok(Json(slash::answer(&app, &who, id, body).await?))
}
