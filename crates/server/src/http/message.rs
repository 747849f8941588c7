//! Messages: history, sending, editing, deleting, forwarding.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use laserchat_protocol::limits::{PAGE_DEFAULT, PAGE_MAX};
use laserchat_protocol::message::{MessageEdit, MessageForward, MessageSend};
use laserchat_protocol::{ConversationId, Message, MessageId, Page};
use laserchat_store::Window;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Reader, Writer};
use super::error::{Result, invalid};
use super::json::Body;
use super::path::Id;
use super::query::{Bounded, Position, Query};
use crate::actions::{member_of, message};
use crate::app::Shared;

pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list_messages, send_message))
        .routes(routes!(get_message, edit_message, delete_message))
        .routes(routes!(forward_message))
}

/// Which part of the history. At most one of the three positions; without any, the newest messages.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct History {
    /// Messages with a smaller seq, the nearest ones.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 9223372036854775807u64)]
    before: Option<Position>,
    /// Messages with a larger seq, the nearest ones.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 9223372036854775807u64)]
    after: Option<Position>,
    /// Half before and half after, including the one with this seq.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 9223372036854775807u64)]
    around: Option<Position>,
    /// How many messages at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
}

impl History {
    fn window(&self) -> Result<Window> {
        match (self.before, self.after, self.around) {
            (None, None, None) => Ok(Window::Newest),
            (Some(seq), None, None) => Ok(Window::Before(seq.0)),
            (None, Some(seq), None) => Ok(Window::After(seq.0)),
            (None, None, Some(seq)) => Ok(Window::Around(seq.0)),
            _ => Err(invalid("before", "give one of before, after and around")),
        }
    }
}

/// Cuts a page that was read with one message more than asked for, and says where the next one begins.
fn page(mut items: Vec<Message>, window: Window, limit: usize) -> Page<Message> {
    let more = items.len() > limit;
    let next = match window {
        Window::Newest | Window::Before(_) => {
            items.drain(..items.len().saturating_sub(limit));
            items.first()
        }
        Window::After(_) => {
            items.truncate(limit);
            items.last()
        }
        // It has two ends: go on with `before` the first or `after` the last.
        Window::Around(_) => None,
    };
    let next = next.filter(|_| more).map(|message| message.seq.to_string());
    Page { items, next }
}

/// A page of a conversation's history
///
/// Always in the order of `seq`; replies and what is left of deleted messages are in it. `next` goes on in the same
/// direction: give it as `before`, or as `after` if that was asked for. Around a message there is no `next`, because the
/// page has two ends.
#[utoipa::path(
    get,
    path = "/conversations/{id}/messages",
    tag = "messages",
    security(("bearer" = ["read"])),
    params(("id" = ConversationId, Path, description = "The conversation."), History),
    responses((status = 200, body = Page<Message>, description = "The messages."))
)]
async fn list_messages(
    State(app): State<Shared>,
    Reader(who): Reader,
    Id(id): Id<ConversationId>,
    Query(query): Query<History>,
) -> Result<Json<Page<Message>>> {
    let window = query.window()?;
    let limit = query.limit.map_or(PAGE_DEFAULT, |limit| limit.0 as usize);
    member_of(&app, who.user, id).await?;
    let read = if matches!(window, Window::Around(_)) { limit } else { limit + 1 };
    Ok(Json(page(app.store.history(who.user, id, window, read).await?, window, limit)))
}

/// Send a message
///
/// Answered once it is stored. Sending again with the same `client_id` answers the first result with 200.
#[utoipa::path(
    post,
    path = "/conversations/{id}/messages",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = ConversationId, Path, description = "The conversation.")),
    request_body = MessageSend,
    responses(
        (status = 200, body = Message, description = "It was sent before."),
        (status = 201, body = Message, description = "It is sent."),
        (status = 403, description = "`blocked`, `muted` or `read_only`."),
        (status = 409, description = "`archived`."),
        (status = 429, description = "`rate_limited` or `slow_mode`."),
    )
)]
async fn send_message(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<ConversationId>,
    Body(body): Body<MessageSend>,
) -> Result<(StatusCode, Json<Message>)> {
    let (message, fresh) = message::send(&app, &who, id, body).await?;
    Ok((if fresh { StatusCode::CREATED } else { StatusCode::OK }, Json(message)))
}

/// A message
#[utoipa::path(
    get,
    path = "/messages/{id}",
    tag = "messages",
    security(("bearer" = ["read"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses((status = 200, body = Message, description = "The message."))
)]
async fn get_message(State(app): State<Shared>, Reader(who): Reader, Id(id): Id<MessageId>) -> Result<Json<Message>> {
    Ok(Json(message::visible(&app, who.user, id).await?))
}

/// Edit one's own message
#[utoipa::path(
    put,
    path = "/messages/{id}",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    request_body = MessageEdit,
    responses(
        (status = 200, body = Message, description = "The message as it is now."),
        (status = 403, description = "`forbidden`: it is somebody else's; `blocked` or `muted`."),
        (status = 409, description = "`archived` or `conflict`."),
        (status = 410, description = "`message_deleted`."),
    )
)]
async fn edit_message(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<MessageId>,
    Body(body): Body<MessageEdit>,
) -> Result<Json<Message>> {
    Ok(Json(message::edit(&app, &who, id, body.body).await?))
}

/// Delete a message
///
/// The text is gone at once; what is left keeps the place. Deleting twice changes nothing.
#[utoipa::path(
    delete,
    path = "/messages/{id}",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Message, description = "What is left of the message."),
        (status = 403, description = "`forbidden`."),
        (status = 409, description = "`conflict`."),
    )
)]
async fn delete_message(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<MessageId>,
) -> Result<Json<Message>> {
    Ok(Json(message::delete(&app, &who, id).await?))
}

/// Forward a message
///
/// A copy that names where it came from; the original's later life does not touch it. Forwarding again with the same
/// `client_id` answers the first result with 200.
#[utoipa::path(
    post,
    path = "/messages/{id}/forward",
    tag = "messages",
    security(("bearer" = ["write"])),
    params(("id" = MessageId, Path, description = "The message.")),
    request_body = MessageForward,
    responses(
        (status = 200, body = Message, description = "It was forwarded before."),
        (status = 201, body = Message, description = "The copy."),
        (status = 403, description = "`blocked`, `muted` or `read_only`; `forbidden` for lines that the server wrote."),
        (status = 409, description = "`archived`."),
        (status = 410, description = "`message_deleted`."),
        (status = 429, description = "`rate_limited` or `slow_mode`."),
    )
)]
async fn forward_message(
    State(app): State<Shared>,
    Writer(who): Writer,
    Id(id): Id<MessageId>,
    Body(body): Body<MessageForward>,
) -> Result<(StatusCode, Json<Message>)> {
    let (message, fresh) = message::forward(&app, &who, id, body).await?;
    Ok((if fresh { StatusCode::CREATED } else { StatusCode::OK }, Json(message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::MessageKind;

    fn messages(seqs: std::ops::RangeInclusive<u64>) -> Vec<Message> {
        let message = |seq| Message {
            id: MessageId(seq),
            conversation_id: ConversationId(1),
            seq,
            changed: seq,
            sender_id: laserchat_protocol::UserId(1),
            client_id: seq.to_string(),
            kind: MessageKind::Text,
            body: "x".into(),
            created_at: Default::default(),
            edited_at: None,
            deleted_at: None,
            parent_id: None,
            reply_count: 0,
            last_reply_at: None,
            reactions: Vec::new(),
            mentions: Vec::new(),
            mentions_all: None,
            pinned_at: None,
            pinned_by: None,
            forwarded_from: None,
            system: None,
            attachments: Vec::new(),
            previews: Vec::new(),
            no_previews: false,
            shown_as: None,
            poll: None,
            following: false,
        };
        seqs.map(message).collect()
    }

    fn cut(seqs: std::ops::RangeInclusive<u64>, window: Window, limit: usize) -> (Vec<u64>, Option<String>) {
        let page = page(messages(seqs), window, limit);
        (page.items.iter().map(|message| message.seq).collect(), page.next)
    }

    #[test]
    fn next_goes_on_in_the_same_direction() {
        assert_eq!(cut(7..=10, Window::Newest, 3), (vec![8, 9, 10], Some("8".into())));
        assert_eq!(cut(8..=10, Window::Newest, 3), (vec![8, 9, 10], None));
        assert_eq!(cut(1..=4, Window::Before(5), 3), (vec![2, 3, 4], Some("2".into())));
        assert_eq!(cut(6..=9, Window::After(5), 3), (vec![6, 7, 8], Some("8".into())));
        assert_eq!(cut(6..=7, Window::After(5), 3), (vec![6, 7], None));
        assert_eq!(cut(4..=6, Window::Around(5), 3), (vec![4, 5, 6], None));
        assert_eq!(page(Vec::new(), Window::Newest, 3), Page::whole(Vec::new()));
    }

    #[test]
    fn one_position_at_most() {
        let at = |seq| Some(Bounded(seq));
        let window = |before, after, around| History { before, after, around, limit: None }.window().ok();
        assert_eq!(window(None, None, None), Some(Window::Newest));
        assert_eq!(window(at(0), None, None), Some(Window::Before(0)));
        assert_eq!(window(at(1), at(2), None), None);
        assert_eq!(window(None, at(1), at(2)), None);
    }
}
