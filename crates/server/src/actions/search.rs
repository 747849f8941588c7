//! Search: reads a query, finds out who and what its names mean, and shows what was found.

use jiff::tz::TimeZone;
use laserchat_core::name::{self, Username};
use laserchat_core::search::{Among, Place, Query, Wanted, Who, snippet, when::Asked};
use laserchat_protocol::search::{SearchHit, SearchType};
use laserchat_protocol::{Code, ConversationId, Message, MessageId, Page, Problem, Timestamp, UserId};

use crate::app::{App, failed};
use crate::auth::Identity;

/// What somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub text: &'a str,
    pub kind: SearchType,
    pub cursor: Option<&'a str>,
    pub limit: usize,
}

pub async fn search(app: &App, who: &Identity, ask: Ask<'_>) -> Result<Page<SearchHit>, Problem> {
    match ask.kind {
        SearchType::Message => messages(app, who.user, ask).await,
        SearchType::File => files(app, who.user, ask).await,
        SearchType::Person => people(app, ask).await,
        SearchType::Channel => channels(app, who.user, ask).await,
    }
}

async fn messages(app: &App, user: UserId, ask: Ask<'_>) -> Result<Page<SearchHit>, Problem> {
    let before = ask.cursor.map(number).transpose()?.map(MessageId);
    let query = read(app, user, ask.text).await?;
    if query.is_empty() {
        return Ok(Page::whole(Vec::new()));
    }
    let wanted = meant(app, user, query, Among::Texts).await?;
    let terms = wanted.terms.clone();
    let found = app.store.find_messages(user, wanted, before, ask.limit).await.map_err(failed)?;
    let show = |message: Message| {
        let snippet = snippet(&message.body, &terms);
        SearchHit::Message { message: Box::new(message), snippet }
    };
    let next = found.next.map(|id| id.to_string());
    Ok(Page { items: found.messages.into_iter().map(show).collect(), next })
}

/// A cursor is a message, and how many of its files are on the pages before.
async fn files(app: &App, user: UserId, ask: Ask<'_>) -> Result<Page<SearchHit>, Problem> {
    let place = match ask.cursor.map(|cursor| cursor.split_once('.').ok_or_else(no_cursor)).transpose()? {
        Some((id, shown)) => Some((number(id)?, number(shown)? as usize)),
        None => None,
    };
    // Where some of a message is shown, the rest of it comes first.
    let before = place.map(|(id, shown)| MessageId(if shown > 0 { id.saturating_add(1) } else { id }));
    let query = read(app, user, ask.text).await?;
    let wanted = meant(app, user, query, Among::Files).await?;
    let found = app.store.find_messages(user, wanted.clone(), before, ask.limit).await.map_err(failed)?;
    let mut items = Vec::new();
    for message in &found.messages {
        let shown = place.filter(|(id, _)| *id == message.id.0).map_or(0, |(_, shown)| shown);
        for (at, file) in wanted.files(message).enumerate().skip(shown) {
            if items.len() == ask.limit {
                let next = Some(format!("{}.{at}", message.id)).filter(|_| at > 0);
                return Ok(Page { next: next.or_else(|| last_of(&items)), items });
            }
            items.push(SearchHit::File {
                file: Box::new(file.clone()),
                message_id: message.id,
                conversation_id: message.conversation_id,
                seq: message.seq,
                sender_id: message.sender_id,
                created_at: message.created_at,
            });
        }
    }
    Ok(Page { items, next: found.next.map(|id| format!("{id}.0")) })
}

/// The cursor after a whole message.
fn last_of(items: &[SearchHit]) -> Option<String> {
    match items.last() {
        Some(SearchHit::File { message_id, .. }) => Some(format!("{message_id}.0")),
        _ => None,
    }
}

async fn people(app: &App, ask: Ask<'_>) -> Result<Page<SearchHit>, Problem> {
    if let Some(cursor) = ask.cursor {
        let (user, _) = cursor.split_once('.').ok_or_else(no_cursor)?;
        number(user)?;
    }
    let words = name::words(ask.text);
    if words.is_empty() {
        return Ok(Page::whole(Vec::new()));
    }
    let found = app.store.search_users(&words, ask.cursor, ask.limit).await.map_err(failed)?;
    let items = found.items.into_iter().map(|user| SearchHit::Person { user }).collect();
    Ok(Page { items, next: found.next })
}

async fn channels(app: &App, user: UserId, ask: Ask<'_>) -> Result<Page<SearchHit>, Problem> {
    if let Some(cursor) = ask.cursor {
        let (count, id) = cursor.split_once('.').ok_or_else(no_cursor)?;
        number(count).and(number(id))?;
    }
    let words = name::words(ask.text);
    if words.is_empty() && !ask.text.trim().is_empty() {
        return Ok(Page::whole(Vec::new()));
    }
    let found = app.store.find_channels(user, &words, ask.cursor, ask.limit).await.map_err(failed)?;
    let show = |conversation| SearchHit::Channel { conversation: Box::new(conversation) };
    Ok(Page { items: found.items.into_iter().map(show).collect(), next: found.next })
}

fn no_cursor() -> Problem {
    Problem::new(Code::InvalidRequest).field("cursor").detail("cursor: is not the `next` of a page")
}

fn number(text: &str) -> Result<u64, Problem> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&value: &u64| plain && value <= i64::MAX as u64).ok_or_else(no_cursor)
}

/// Reads a query. The zone is looked up only for who asks for a time.
async fn read(app: &App, user: UserId, text: &str) -> Result<Query, Problem> {
    let asked = Asked { now: Timestamp::now(), zone: TimeZone::UTC };
    let query = Query::parse(text, &asked);
    if query.since.is_none() && query.until.is_none() && query.not_during.is_empty() {
        return Ok(query);
    }
    let zone = app.store.user(user).await.map_err(failed)?.and_then(|user| user.time_zone);
    match zone.and_then(|zone| TimeZone::get(&zone).ok()) {
        Some(zone) => Ok(Query::parse(text, &Asked { zone, ..asked })),
        None => Ok(query),
    }
}

/// Finds out whom and what the names of a query mean. Whoever is not there has written nothing.
async fn meant(app: &App, user: UserId, query: Query, among: Among) -> Result<Wanted, Problem> {
    let me = |mentions: bool| mentions.then_some(user);
    Ok(Wanted {
        among,
        from: some(people_named(app, user, &query.from).await?, query.from.is_empty()),
        not_from: people_named(app, user, &query.not_from).await?,
        within: some(places(app, user, &query.within).await?, query.within.is_empty()),
        not_within: places(app, user, &query.not_within).await?,
        terms: query.terms,
        unwanted: query.unwanted,
        facts: query.facts,
        not_facts: query.not_facts,
        mentions: me(query.mentions_me),
        not_mentions: me(query.not_mentions_me),
        since: query.since,
        until: query.until,
        not_during: query.not_during,
    })
}

fn some<T>(found: Vec<T>, unasked: bool) -> Option<Vec<T>> {
    if unasked { None } else { Some(found) }
}

async fn people_named(app: &App, user: UserId, asked: &[Who]) -> Result<Vec<UserId>, Problem> {
    let mut found = Vec::with_capacity(asked.len());
    for who in asked {
        found.extend(person(app, user, who).await?);
    }
    Ok(found)
}

/// By user name, and otherwise by id.
async fn person(app: &App, user: UserId, who: &Who) -> Result<Option<UserId>, Problem> {
    let Who::Named(name) = who else { return Ok(Some(user)) };
    if let Ok(username) = Username::parse(name)
        && let Some(found) = app.store.credentials(&username.into_string()).await.map_err(failed)?
    {
        return Ok(Some(found.user.id));
    }
    Ok(name.parse().ok())
}

async fn places(app: &App, user: UserId, asked: &[Place]) -> Result<Vec<ConversationId>, Problem> {
    let mut found = Vec::new();
    for place in asked {
        match place {
            Place::With(who) => {
                if let Some(other) = person(app, user, who).await? {
                    found.extend(app.store.direct(user, other).await.map_err(failed)?);
                }
            }
            // Several conversations may have the same name.
            Place::Named(name) => {
                found.extend(app.store.conversations_called(user, name).await.map_err(failed)?);
                found.extend(name.parse::<ConversationId>());
            }
        }
    }
    Ok(found)
}
