//! Commands by REST: where events come by another way than a WebSocket, each command has a request that does the same.

use laserchat_protocol::event::{Ack, CommandId};
use laserchat_protocol::{Code, Command, Message, Problem};

use crate::api::{Api, Result};

pub(crate) async fn carry_out(api: &Api, id: CommandId, command: Command) -> Result<Ack, Problem> {
    perform(api, id, command).await.map_err(|error| error.into_problem())
}

async fn perform(api: &Api, id: CommandId, command: Command) -> Result<Ack> {
    let done = Ack::done(id);
    let changed = |message: Message| Ack {
        message_id: Some(message.id),
        conversation_id: Some(message.conversation_id),
        seq: Some(message.changed),
        ..done.clone()
    };
    match command {
        Command::MessageSend(send) => {
            let message = api.send_message(&send).await?;
            // A message may have been changed between the first send and this answer; it was posted where it stands.
            return Ok(Ack { seq: Some(message.seq), ..changed(message) });
        }
        Command::MessageEdit { message_id, body } => return Ok(changed(api.edit_message(message_id, &body).await?)),
        Command::MessageDelete { message_id } => return Ok(changed(api.delete_message(message_id).await?)),
        Command::ReactionAdd { message_id, emoji } => return Ok(changed(api.react(message_id, &emoji).await?)),
        Command::ReactionRemove { message_id, emoji } => return Ok(changed(api.unreact(message_id, &emoji).await?)),
        Command::CursorRead { conversation_id, seq } => api.mark_read(conversation_id, Some(seq)).await?,
        Command::Ping {} => {}
        // Signals and what belongs to a connection need one that goes both ways.
        Command::CursorDelivered { .. }
        | Command::TypingStart { .. }
        | Command::TypingStop { .. }
        | Command::PresenceSet { .. }
        | Command::PresenceWatch { .. }
        | Command::Hello(_) => {
            return Err(Problem::new(Code::UnknownCommand).detail("this needs a WebSocket").into());
        }
    }
    Ok(done)
}
