//! Link previews: what the server found out about a message's links, and the author taking that away.

use laserchat_protocol::preview::Preview;
use laserchat_protocol::{Code, Message, MessageKind, UserId};

use crate::Decision;
use crate::change::{Change, MessageAt};
use crate::message::{living, member};
use crate::room::Room;

/// Puts previews under a message. The message may have changed since its links were looked at: `links` are those that are
/// in it now, and a preview of a link that is gone is left out.
pub fn show(message: &Message, links: &[String], found: &[Preview]) -> Decision {
    if message.deleted_at.is_some() || message.no_previews || message.kind != MessageKind::Text {
        return Ok(Vec::new());
    }
    let known = |link: &String| found.iter().chain(&message.previews).find(|preview| preview.url == *link).cloned();
    let previews: Vec<Preview> = links.iter().filter_map(known).collect();
    if previews == message.previews {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Previewed { at: MessageAt::from(message), previews, refused: false }])
}

/// The author takes the previews away, and none come again.
pub fn remove(room: &Room, actor: UserId, message: &Message) -> Decision {
    member(room, actor)?;
    living(message)?;
    if message.sender_id != actor || message.kind != MessageKind::Text {
        return Err(Code::Forbidden.into());
    }
    if message.no_previews {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Previewed { at: MessageAt::from(message), previews: Vec::new(), refused: true }])
}
