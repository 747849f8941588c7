//! Answers to what a device asks for, made as the HTTP handlers make them.

use laserchat_client::state::Fetch;
use laserchat_protocol::event::{Changes, OwnChanges};
use laserchat_protocol::limits::CHANGES_MAX;
use laserchat_protocol::user::Account;
use laserchat_protocol::{Code, ConversationId, ConversationView, Member, Message, Problem, Seq, UserId};
use laserchat_server::actions::{change, conversation, failed, member_of};
use laserchat_server::app::Shared;
use laserchat_store::Window;

/// Items on a page of a list.
const PAGE: usize = 3;

pub enum Answer {
    Account(Box<Account>),
    OwnChanges(OwnChanges),
    Conversations(Vec<ConversationView>),
    Conversation(Box<ConversationView>),
    Changes(Changes),
    Members(Vec<Member>),
    History(Vec<Message>),
}

pub async fn fetch(app: Shared, user: UserId, fetch: Fetch) -> Result<Answer, Problem> {
    Ok(match fetch {
        Fetch::Account => {
            let account = app.store.account(user).await.map_err(failed)?;
            Answer::Account(Box::new(account.ok_or(Code::Unauthorized)?))
        }
        Fetch::OwnChanges { after } => {
            Answer::OwnChanges(app.store.own_changes(user, after, PAGE).await.map_err(failed)?)
        }
        Fetch::Conversations => {
            let (mut views, mut cursor) = (Vec::new(), None);
            loop {
                let page = app.store.conversations(user, cursor.as_deref(), PAGE).await.map_err(failed)?;
                views.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break Answer::Conversations(views);
                }
            }
        }
        Fetch::Conversation { id } => Answer::Conversation(Box::new(conversation::show(&app, user, id).await?)),
        Fetch::Changes { id, after } => {
            member_of(&app, user, id).await?;
            let changes = change::since(&app, user, id, after, CHANGES_MAX).await.map_err(failed)?;
            Answer::Changes(changes.ok_or(Code::NotFound)?)
        }
    })
}

pub async fn members(app: Shared, user: UserId, id: ConversationId) -> Result<Answer, Problem> {
    let (mut members, mut cursor) = (Vec::new(), None);
    loop {
        member_of(&app, user, id).await?;
        let page = app.store.members(id, false, cursor.as_deref(), PAGE).await.map_err(failed)?;
        members.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(Answer::Members(members));
        }
    }
}

pub async fn history(
    app: Shared,
    user: UserId,
    id: ConversationId,
    before: Seq,
    limit: usize,
) -> Result<Answer, Problem> {
    member_of(&app, user, id).await?;
    Ok(Answer::History(app.store.history(user, id, Window::Before(before), limit).await.map_err(failed)?))
}
