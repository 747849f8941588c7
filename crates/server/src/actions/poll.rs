//! Polls: asking, voting, and closing one, by hand or when its time has come.

use laserchat_core::poll as rules;
use laserchat_protocol::message::MessageSend;
use laserchat_protocol::poll::{PollCreate, Voter};
use laserchat_protocol::{Code, ConversationId, Message, MessageId, Page, Problem, UserId};
use laserchat_store::Result as Stored;

use super::message::{self, change, visible};
use super::{failed, member_of};
use crate::app::App;
use crate::auth::Identity;
use crate::engine::{Outcome, TRIES};

/// Asks. `false`: it was a retry, and the message is the first result.
pub async fn create(
    app: &App,
    who: &Identity,
    conversation: ConversationId,
    wanted: PollCreate,
) -> Result<(Message, bool), Problem> {
    let poll = match rules::check(&wanted, app.ids.now()) {
        Ok(poll) => poll,
        Err(refusal) => {
            // A retry may come when the time at which the poll closes has passed.
            member_of(app, who.user, conversation).await?;
            let first = app.store.sent(who.user, conversation, &wanted.client_id).await.map_err(failed)?;
            return first.map(|first| (first, false)).ok_or_else(|| refusal.into());
        }
    };
    let send = MessageSend {
        client_id: wanted.client_id,
        body: rules::words(&poll),
        parent_id: wanted.parent_id,
        files: Vec::new(),
    };
    let closes = poll.closes_at.is_some();
    let sent = message::send_poll(app, who.user, conversation, send, poll).await?;
    if closes {
        app.due.notify_one();
    }
    Ok(sent)
}

/// Makes these options the whole of one's vote.
pub async fn vote(app: &App, who: &Identity, id: MessageId, options: Vec<u32>) -> Result<Message, Problem> {
    let user = who.user;
    change(app, user, id, move |room, message, turn| rules::vote(room, user, message, &options, turn)).await
}

pub async fn close(app: &App, who: &Identity, id: MessageId) -> Result<Message, Problem> {
    let user = who.user;
    change(app, user, id, move |room, message, turn| rules::close(room, user, message, turn)).await
}

/// Who voted for an option, unless the poll promised not to tell.
pub async fn voters(
    app: &App,
    who: &Identity,
    id: MessageId,
    option: u32,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Page<Voter>, Problem> {
    let message = visible(app, who.user, id).await?;
    let poll = message.poll.as_ref().ok_or(Problem::new(Code::NotFound).detail("the message is no poll"))?;
    if poll.anonymous {
        return Err(Problem::new(Code::Forbidden).detail("the poll is anonymous"));
    }
    if option as usize >= poll.options.len() {
        return Err(Problem::new(Code::NotFound).field("option"));
    }
    app.store.voters(&message, option, cursor, limit).await.map_err(failed)
}

/// Closes a poll whose time has come.
pub async fn expire(app: &App, due: &Message) -> Stored<()> {
    let place = app.changing.place(due.id);
    let _turn = place.turn().await;
    for _ in 0..TRIES {
        let Some(message) = app.store.message(UserId(0), due.id).await? else { return Ok(()) };
        let decide = move |_: &_, turn: &_| rules::expire(&message, turn);
        match app.engine.run(due.conversation_id, &[due.sender_id], decide).await {
            Ok(Outcome::Stale) => {}
            Ok(_) => return Ok(()),
            // The conversation was deleted meanwhile, and its polls with it.
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            Err(problem) => return Err(laserchat_store::StoreError::Unavailable(problem.to_string())),
        }
    }
    Ok(())
}
