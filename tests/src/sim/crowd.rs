//! A crowd: what several people do together.

use std::collections::BTreeSet;
use std::sync::Arc;

use laserchat_protocol::command::SendCommand;
use laserchat_protocol::conversation::ConversationCreate;
use laserchat_protocol::{Command, ConversationId, ConversationKind, MessageKind, SessionId, UserId};
use laserchat_server::actions::conversation;

use super::deeds::EMOJI;
use super::device::Device;
use super::dice::Dice;
use super::identity;
use super::server::Server;

/// The conversations that there are from the beginning: a public channel, and a group.
pub async fn settle_in(server: &Server, people: &[UserId], dice: &mut Dice) {
    for (kind, name) in [(ConversationKind::Channel, "everywhere"), (ConversationKind::Group, "here")] {
        let Some(&creator) = dice.pick(people) else { return };
        let members = people.iter().copied().filter(|_| dice.chance(700)).collect();
        let wanted = ConversationCreate {
            kind,
            members,
            name: Some(name.to_owned()),
            topic: None,
            public: kind == ConversationKind::Channel,
        };
        let who = identity(creator, SessionId(1));
        let made = server.request(move |app| async move { conversation::create(&app, &who, wanted, None).await }).await;
        if let Err(problem) = made {
            server.weather.trace.note(format!("{name} could not be made: {:?}", problem.code));
        }
    }
}

/// Somebody says one more thing in every conversation.
pub fn last_words(devices: &[Arc<Device>]) {
    let mut said = BTreeSet::new();
    for device in devices {
        let mut mind = device.mind();
        let rooms: Vec<ConversationId> = mind.state.rooms().map(|(id, _)| id).collect();
        for conversation_id in rooms.into_iter().filter(|id| said.insert(*id)) {
            let client_id = format!("{}-last-{conversation_id}", device.name);
            mind.queue(SendCommand {
                conversation_id,
                client_id,
                body: "the last word".into(),
                parent_id: None,
                files: Vec::new(),
            });
        }
    }
}

/// Several devices change the same message at the same moment.
pub fn quarrel(devices: &[Arc<Device>], dice: &mut Dice) {
    let Some(first) = dice.pick(devices) else { return };
    let message = {
        let mind = first.mind();
        let mut texts = mind.state.rooms().flat_map(|(_, room)| room.messages().rev().take(3));
        texts.find(|message| message.kind == MessageKind::Text).cloned()
    };
    let Some(message) = message else { return };
    for device in devices {
        let emoji = dice.pick(&EMOJI).copied().unwrap_or_default().to_owned();
        let message_id = message.id;
        let command = match dice.below(5) {
            0 | 1 => Command::MessageDelete { message_id },
            2 => Command::MessageEdit { message_id, body: format!("no, {}", dice.below(100)) },
            3 => Command::ReactionAdd { message_id, emoji },
            _ => Command::ReactionRemove { message_id, emoji },
        };
        device.mind().command(command, None);
    }
}
