//! Deeds: what people do on their devices, chosen by the dice from what the device shows them.

use std::sync::Arc;

use laserchat_core::contact::ContactAction;
use laserchat_protocol::command::SendCommand;
use laserchat_protocol::conversation::{ConversationCreate, ConversationUpdate};
use laserchat_protocol::member::MemberUpdate;
use laserchat_protocol::poll::PollCreate;
use laserchat_protocol::{
    Command, ConversationId, ConversationKind, ConversationView, Message, MessageId, MessageKind, Role, UserId,
};
use laserchat_server::actions::{contact, conversation, member, pin, poll};

use super::device::Device;
use super::dice::Dice;
use super::server::Server;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Send,
    Reply,
    Again,
    Burst,
    Edit,
    Delete,
    React,
    Unreact,
    Read,
    Typing,
    Pin,
    Unpin,
    Add,
    Remove,
    Join,
    Leave,
    Promote,
    Mute,
    Ban,
    Unban,
    Rename,
    Restrict,
    Create,
    Direct,
    Destroy,
    Contact,
    Poll,
    Vote,
    ClosePoll,
}

const DEEDS: [(usize, Deed); 29] = [
    (40, Deed::Send),
    (8, Deed::Reply),
    (5, Deed::Again),
    (6, Deed::Burst),
    (8, Deed::Edit),
    (6, Deed::Delete),
    (10, Deed::React),
    (5, Deed::Unreact),
    (12, Deed::Read),
    (2, Deed::Typing),
    (3, Deed::Pin),
    (2, Deed::Unpin),
    (6, Deed::Add),
    (5, Deed::Remove),
    (5, Deed::Join),
    (4, Deed::Leave),
    (3, Deed::Promote),
    (1, Deed::Mute),
    (2, Deed::Ban),
    (2, Deed::Unban),
    (3, Deed::Rename),
    (1, Deed::Restrict),
    (2, Deed::Create),
    (3, Deed::Direct),
    (1, Deed::Destroy),
    (3, Deed::Contact),
    (2, Deed::Poll),
    (8, Deed::Vote),
    (1, Deed::ClosePoll),
];

impl Deed {
    /// Somebody comes or goes.
    fn moves(self) -> bool {
        matches!(self, Deed::Add | Deed::Remove | Deed::Join | Deed::Leave)
    }
}

pub const EMOJI: [&str; 3] = ["👍", "🎉", "😀"];

/// Where it happens and to whom, as the device shows it.
struct Scene {
    user: UserId,
    device: Arc<Device>,
    conversation: ConversationId,
    messages: Vec<Message>,
    /// Somebody else, or oneself.
    other: UserId,
    number: u64,
    /// The run of the device in which it happens.
    run: u64,
}

/// Somebody does something.
pub fn something(
    server: &Arc<Server>,
    device: &Arc<Device>,
    people: &[UserId],
    places: &[ConversationId],
    moves: usize,
    dice: &mut Dice,
) {
    let number = dice.throw();
    let often = DEEDS.map(|(weight, deed)| (if deed.moves() { weight * moves } else { weight }, deed));
    let Some(deed) = dice.weighted(&often) else { return };
    let Some(&other) = dice.pick(people) else { return };
    let user = device.who.user;
    let known: Vec<ConversationId> = device.mind().state.rooms().map(|(id, _)| id).collect();
    // Sometimes people know of places that their device does not show: a link, or what was there before.
    let somewhere = if dice.chance(50) || deed == Deed::Join { dice.pick(places) } else { dice.pick(&known) };
    let Some(&conversation) = somewhere else { return };
    let messages: Vec<Message> = match device.mind().state.room(conversation) {
        Some(room) => room.messages().cloned().collect(),
        None => Vec::new(),
    };
    server.weather.trace.note(format!("{} does {deed:?} in {conversation} ({other})", device.name));
    let run = device.mind().run;
    let scene = Scene { user, device: Arc::clone(device), conversation, messages, other, number, run };
    scene.play(deed, server, dice);
}

impl Scene {
    fn play(self, deed: Deed, server: &Arc<Server>, dice: &mut Dice) {
        let (id, other, number) = (self.conversation, self.other, self.number);
        match deed {
            Deed::Send => self.send(None, dice),
            Deed::Reply => {
                let parent = self.text(dice, |message| message.parent_id.is_none());
                self.send(parent, dice);
            }
            Deed::Again => self.send_again(dice),
            Deed::Burst => self.burst(dice),
            Deed::Edit => {
                let body = self.body(dice);
                let own = self.user;
                if let Some(message_id) = self.text(dice, |message| message.sender_id == own) {
                    self.device.mind().command(Command::MessageEdit { message_id, body }, None);
                }
            }
            Deed::Delete => {
                let own = self.user;
                let others = dice.chance(400);
                if let Some(message_id) = self.text(dice, |message| others || message.sender_id == own) {
                    self.device.mind().command(Command::MessageDelete { message_id }, None);
                }
            }
            Deed::React | Deed::Unreact => {
                let emoji = dice.pick(&EMOJI).copied().unwrap_or_default().to_owned();
                if let Some(message_id) = self.text(dice, |_| true) {
                    self.device.mind().command(
                        match deed {
                            Deed::React => Command::ReactionAdd { message_id, emoji },
                            _ => Command::ReactionRemove { message_id, emoji },
                        },
                        None,
                    );
                }
            }
            Deed::Read => {
                let head = self.device.mind().state.room(id).map_or(0, |room| room.head());
                let seq = if dice.chance(500) { head } else { dice.below(head as usize + 1) as u64 };
                self.device.mind().command(Command::CursorRead { conversation_id: id, seq }, None);
            }
            Deed::Typing => self.device.mind().command(Command::TypingStart { conversation_id: id }, None),
            Deed::Pin | Deed::Unpin => {
                let Some(message) = self.text(dice, |_| true) else { return };
                let pinned = deed == Deed::Pin;
                self.ask(
                    server,
                    move |app, who| async move { pin::pin(&app, &who, message, pinned).await.map(|_| None) },
                );
            }
            Deed::Poll => {
                let wanted = PollCreate {
                    client_id: format!("{}-{number:x}", self.device.name),
                    question: "Where to?".into(),
                    options: ["Sea", "Hills", "Home"].map(str::to_owned).into(),
                    multiple: dice.chance(500),
                    anonymous: dice.chance(300),
                    closes_at: None,
                    parent_id: None,
                };
                self.ask(
                    server,
                    move |app, who| async move { poll::create(&app, &who, id, wanted).await.map(|_| None) },
                );
            }
            Deed::Vote => {
                let Some(message) = self.text(dice, |message| message.poll.is_some()) else { return };
                // Nothing, one option, or several, which not every poll takes.
                let options: Vec<u32> = (0..3).filter(|_| dice.chance(400)).collect();
                self.ask(server, move |app, who| async move {
                    poll::vote(&app, &who, message, options).await.map(|_| None)
                });
            }
            Deed::ClosePoll => {
                let Some(message) = self.text(dice, |message| message.poll.is_some()) else { return };
                self.ask(server, move |app, who| async move { poll::close(&app, &who, message).await.map(|_| None) });
            }
            Deed::Add => {
                self.ask(server, move |app, who| async move { member::add(&app, &who, id, other).await.map(|_| None) });
            }
            Deed::Remove => {
                self.ask(
                    server,
                    move |app, who| async move { member::remove(&app, &who, id, other).await.map(|()| None) },
                );
            }
            Deed::Leave => {
                let user = self.user;
                self.ask(
                    server,
                    move |app, who| async move { member::remove(&app, &who, id, user).await.map(|()| None) },
                );
            }
            Deed::Join => {
                self.ask(server, move |app, who| async move { member::join(&app, &who, id, false).await.map(Some) });
            }
            Deed::Promote | Deed::Mute | Deed::Ban | Deed::Unban => {
                let update = change_of(deed, dice);
                self.ask(server, move |app, who| async move {
                    member::update(&app, &who, id, other, update).await.map(|()| None)
                });
            }
            Deed::Rename | Deed::Restrict => {
                let update = match deed {
                    Deed::Rename => {
                        ConversationUpdate { name: Some(format!("name {}", number % 100)), ..Default::default() }
                    }
                    _ if dice.chance(500) => {
                        ConversationUpdate { archived: Some(dice.chance(500)), ..Default::default() }
                    }
                    _ => ConversationUpdate { read_only: Some(dice.chance(500)), ..Default::default() },
                };
                self.ask(server, move |app, who| async move {
                    conversation::update(&app, &who, id, update).await.map(|_| None)
                });
            }
            Deed::Create | Deed::Direct => {
                let wanted = creation(deed, other, dice);
                let key = format!("key-{number}");
                self.ask(server, move |app, who| async move {
                    conversation::create(&app, &who, wanted, Some(key)).await.map(|(view, _)| Some(view))
                });
            }
            Deed::Destroy => {
                self.ask(
                    server,
                    move |app, who| async move { conversation::delete(&app, &who, id).await.map(|()| None) },
                );
            }
            Deed::Contact => {
                use ContactAction::{Accept, Block, Remove, Request, Unblock};
                let action = dice.pick(&[Request, Request, Accept, Remove, Block, Unblock, Unblock]);
                let action = *action.unwrap_or(&Request);
                self.ask(server, move |app, who| async move {
                    contact::change(&app, &who, other, action).await.map(|()| None)
                });
            }
        }
    }

    /// A text message that is shown and meets a condition.
    fn text(&self, dice: &mut Dice, wanted: impl Fn(&Message) -> bool) -> Option<MessageId> {
        let among: Vec<MessageId> = self
            .messages
            .iter()
            .filter(|message| message.kind == MessageKind::Text && wanted(message))
            .map(|message| message.id)
            .collect();
        // Often the newest, so that several people are at the same one.
        if dice.chance(400) { among.last().copied() } else { dice.pick(&among).copied() }
    }

    fn body(&self, dice: &mut Dice) -> String {
        let said = format!("said {}", dice.below(1000));
        match dice.below(8) {
            0 => format!("{said} to @user{}", self.other),
            1 => format!("{said} to @channel"),
            _ => said,
        }
    }

    fn send(self, parent_id: Option<MessageId>, dice: &mut Dice) {
        let body = self.body(dice);
        let client_id = format!("{}-{:x}", self.device.name, self.number);
        let message = SendCommand { conversation_id: self.conversation, client_id, body, parent_id, files: Vec::new() };
        self.device.mind().queue(message);
    }

    /// Sends a message that was sent before, as if its acknowledgement had never come.
    fn send_again(self, dice: &mut Dice) {
        let mut mind = self.device.mind();
        let sent = mind.acknowledged.iter().filter(|(id, _)| *id == self.conversation);
        let names: Vec<String> = sent.map(|(_, name)| name.clone()).collect();
        let Some(client_id) = dice.pick(&names).cloned() else { return };
        let body = "the same again".to_owned();
        let send =
            SendCommand { conversation_id: self.conversation, client_id, body, parent_id: None, files: Vec::new() };
        mind.command(Command::MessageSend(send), None);
    }

    /// Sends several messages without waiting, as a client without an outbox may.
    fn burst(self, dice: &mut Dice) {
        let mut names = Vec::new();
        for number in 0..dice.between(2, 4) {
            let (client_id, body) = (format!("{}-{:x}-{number}", self.device.name, self.number), self.body(dice));
            names.push(client_id.clone());
            let send =
                SendCommand { conversation_id: self.conversation, client_id, body, parent_id: None, files: Vec::new() };
            self.device.mind().command(Command::MessageSend(send), None);
        }
        self.device.mind().bursts.push((self.conversation, names));
    }

    /// A request over HTTP.
    fn ask<F>(
        self,
        server: &Arc<Server>,
        work: impl FnOnce(laserchat_server::app::Shared, laserchat_server::auth::Identity) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<Option<ConversationView>, laserchat_protocol::Problem>> + Send + 'static,
    {
        let server = Arc::clone(server);
        tokio::spawn(async move {
            let (device, run) = (self.device, self.run);
            let who = device.who;
            match server.request(move |app| work(app, who)).await {
                Ok(Some(view)) => device.take_view(run, &view),
                Ok(None) => {}
                Err(problem) => {
                    server.weather.trace.note(format!("{} is refused: {:?}", device.name, problem.code));
                }
            }
        });
    }
}

fn change_of(deed: Deed, dice: &mut Dice) -> MemberUpdate {
    match deed {
        Deed::Promote => {
            let roles = [Role::Member, Role::Moderator, Role::Admin, Role::Owner];
            MemberUpdate { role: dice.pick(&roles).copied(), ..Default::default() }
        }
        Deed::Mute => MemberUpdate { mute_seconds: Some(dice.below(3) as u64 * 5), ..Default::default() },
        _ => MemberUpdate { banned: Some(deed == Deed::Ban), ..Default::default() },
    }
}

fn creation(deed: Deed, other: UserId, dice: &mut Dice) -> ConversationCreate {
    let direct = deed == Deed::Direct;
    let group = dice.chance(500);
    ConversationCreate {
        kind: match direct {
            true => ConversationKind::Direct,
            false if group => ConversationKind::Group,
            false => ConversationKind::Channel,
        },
        members: vec![other],
        name: (!direct).then(|| "a place".to_owned()),
        topic: None,
        public: !direct && !group,
    }
}
