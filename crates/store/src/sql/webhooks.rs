//! Webhooks: their rows, and the deliveries of the outgoing ones.

use async_trait::async_trait;
use laserchat_protocol::limits::{DELIVERIES_PER_WEBHOOK, WEBHOOKS_OF_SERVER, WEBHOOKS_PER_CONVERSATION};
use laserchat_protocol::webhook::{Delivery, DeliveryAnswer, DeliveryState, IncomingWebhook, Topic, Webhook};
use laserchat_protocol::{ConversationId, DeliveryId, Page, Seq, Timestamp, UserId, WebhookId};

use super::codes::{Code, enumerated, int, json, optional_time, optional_uint, size, time, to_json, uint};
use super::followers;
use super::of_server_or;
use super::users::{SUMMARY, set_words, summary};
use super::writing::Writing;
use crate::Result;
use crate::contract::{
    Attempted, DueDelivery, FollowerStep, NewDelivery, NewIncomingWebhook, NewWebhook, SecretHash, WebhookChange,
    Webhooks,
};
use crate::sql::{Connection, Database, OptionalRow, Order, Params, Row, params};

/// Answers that are remembered of one delivery.
const ANSWERS: usize = 10;

/// The columns that [`incoming`] reads, of `incoming_webhooks w JOIN users u`.
fn incoming_sql(condition: &str) -> String {
    format!(
        "SELECT w.id, w.conversation_id, w.created_by, w.created_at, w.last_used_at, {SUMMARY}
         FROM incoming_webhooks w JOIN users u ON u.id = w.bot_id WHERE {condition}"
    )
}

fn incoming(row: &Row<'_>) -> Result<IncomingWebhook> {
    Ok(IncomingWebhook {
        id: WebhookId(uint(row, 0)?),
        conversation_id: ConversationId(uint(row, 1)?),
        created_by: UserId(uint(row, 2)?),
        created_at: time(row, 3)?,
        last_used_at: optional_time(row, 4)?,
        user: summary(row, 5)?,
        secret: None,
    })
}

fn incoming_by_id(conn: &Connection<'_>, id: WebhookId) -> Result<Option<IncomingWebhook>> {
    let mut statement = conn.prepare_cached(&incoming_sql("w.id = ?1"))?;
    statement.query_row([int(id.0)], incoming).optional()
}

/// The columns that [`outgoing`] reads.
const WEBHOOK: &str = "id, url, conversation_id, topics, created_by, created_at, disabled_at, disabled_reason";

fn outgoing(row: &Row<'_>) -> Result<Webhook> {
    let topics: u32 = row.get(3)?;
    Ok(Webhook {
        id: WebhookId(uint(row, 0)?),
        url: row.get(1)?,
        conversation_id: optional_uint(row, 2)?.map(ConversationId),
        events: Topic::ALL.into_iter().filter(|topic| topics & topic.bit() != 0).collect(),
        created_by: UserId(uint(row, 4)?),
        created_at: time(row, 5)?,
        disabled_at: optional_time(row, 6)?,
        disabled_reason: row.get(7)?,
        secret: None,
    })
}

fn bits(topics: &[Topic]) -> u32 {
    topics.iter().fold(0, |bits, topic| bits | topic.bit())
}

fn by_id(conn: &Connection<'_>, id: WebhookId) -> Result<Option<Webhook>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {WEBHOOK} FROM webhooks WHERE id = ?1"))?;
    statement.query_row([int(id.0)], outgoing).optional()
}

/// The columns that [`delivery`] reads.
const DELIVERY: &str = "id, topic, state, created_at, attempts, next_at, answers";

fn delivery(row: &Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        id: DeliveryId(uint(row, 0)?),
        event: enumerated(row, 1)?,
        state: enumerated(row, 2)?,
        created_at: time(row, 3)?,
        attempts: row.get(4)?,
        next_at: optional_time(row, 5)?,
        answers: json(row, 6)?,
    })
}

fn delivery_by_id(conn: &Connection<'_>, id: DeliveryId) -> Result<Option<Delivery>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {DELIVERY} FROM deliveries WHERE id = ?1"))?;
    statement.query_row([int(id.0)], delivery).optional()
}

/// A message is erased: what is said of it to others, and has not been sent or could be sent again, is erased with it.
pub(super) fn forget_message(w: &Writing<'_>, conversation: ConversationId, seq: Seq) -> Result<()> {
    w.prepare(
        "UPDATE deliveries SET body = NULL, next_at = NULL, state = CASE WHEN state = ?3 THEN ?4 ELSE state END, message_seq = NULL
         WHERE conversation_id = ?1 AND message_seq = ?2 AND message_seq IS NOT NULL",
    )?
    .execute(params![
        int(conversation.0),
        int(seq),
        DeliveryState::Pending.code(),
        DeliveryState::Failed.code()
    ])?;
    Ok(())
}

/// Removes webhooks with everything that hangs on them, and disables the bots of incoming ones.
pub(super) fn remove_where(w: &Writing<'_>, column: &str, value: i64) -> Result<usize> {
    w.prepare(&format!("DELETE FROM deliveries WHERE webhook_id IN (SELECT id FROM webhooks WHERE {column} = ?1)"))?
        .execute([value])?;
    let outgoing = w.prepare(&format!("DELETE FROM webhooks WHERE {column} = ?1"))?.execute([value])?;
    w.prepare(&format!(
        "UPDATE users SET disabled = 1 WHERE id IN (SELECT bot_id FROM incoming_webhooks WHERE {column} = ?1)"
    ))?
    .execute([value])?;
    let incoming = w.prepare(&format!("DELETE FROM incoming_webhooks WHERE {column} = ?1"))?.execute([value])?;
    Ok(outgoing + incoming)
}

fn create_incoming(w: &Writing<'_>, new: &NewIncomingWebhook) -> Result<Option<IncomingWebhook>> {
    let count: i64 = w
        .prepare("SELECT count(*) FROM incoming_webhooks WHERE conversation_id = ?1")?
        .query_row([int(new.conversation.0)], |row| row.get(0))?;
    if count >= size(WEBHOOKS_PER_CONVERSATION) {
        return Ok(None);
    }
    let bot = &new.bot;
    w.prepare(
        "INSERT INTO users (id, username, skeleton, display_name, bot, server_role, created_at, version, account_version)
         VALUES (?1, ?2, ?3, ?4, 1, 0, ?5, 1, 1)",
    )?
    .execute(params![int(bot.id.0), bot.username, bot.skeleton, bot.display_name, bot.created_at.0])?;
    set_words(w, bot.id, &bot.words)?;
    w.prepare(
        "INSERT INTO incoming_webhooks (id, conversation_id, bot_id, created_by, created_at, secret)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        int(new.id.0),
        int(new.conversation.0),
        int(bot.id.0),
        int(new.created_by.0),
        new.created_at.0,
        new.secret
    ])?;
    incoming_by_id(w.conn, new.id)
}

fn create(w: &Writing<'_>, new: &NewWebhook) -> Result<Option<Webhook>> {
    let most = if new.conversation.is_some() { WEBHOOKS_PER_CONVERSATION } else { WEBHOOKS_OF_SERVER };
    let conversation = new.conversation.map(|id| int(id.0));
    let count: i64 = w
        .prepare(concat!("SELECT count(*) FROM webhooks WHERE ", of_server_or!("?1")))?
        .query_row([conversation], |row| row.get(0))?;
    if count >= size(most) {
        return Ok(None);
    }
    w.prepare(
        "INSERT INTO webhooks (id, conversation_id, url, topics, secret, created_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        int(new.id.0),
        conversation,
        new.url,
        bits(&new.topics),
        new.secret,
        int(new.created_by.0),
        new.created_at.0
    ])?;
    by_id(w.conn, new.id)
}

fn update(w: &Writing<'_>, id: WebhookId, change: &WebhookChange) -> Result<Option<Webhook>> {
    if let Some(url) = &change.url {
        w.prepare("UPDATE webhooks SET url = ?2 WHERE id = ?1")?.execute(params![int(id.0), url])?;
    }
    if let Some(topics) = &change.topics {
        w.prepare("UPDATE webhooks SET topics = ?2 WHERE id = ?1")?.execute(params![int(id.0), bits(topics)])?;
    }
    if let Some(disabled) = &change.disabled {
        let (at, reason) = match disabled {
            Some((at, reason)) => (Some(at.0), reason.as_deref()),
            None => (None, None),
        };
        // Whoever switches it on again gives it a new life: how long it has failed before does not count.
        w.prepare(
            "UPDATE webhooks SET disabled_at = ?2, disabled_reason = ?3, failing_since = CASE WHEN CAST(?2 AS BIGINT) IS NULL THEN NULL ELSE failing_since END
             WHERE id = ?1",
        )?
        .execute(params![int(id.0), at, reason])?;
    }
    if let Some((secret, until)) = &change.secret {
        w.prepare("UPDATE webhooks SET old_secret = secret, old_until = ?3, secret = ?2 WHERE id = ?1")?
            .execute(params![int(id.0), secret, until.0])?;
    }
    by_id(w.conn, id)
}

fn add_deliveries(w: &Writing<'_>, new: &[NewDelivery]) -> Result<()> {
    for new in new {
        // A follower whose answer was lost comes with the same changes again.
        w.prepare(
            "INSERT INTO deliveries (id, webhook_id, conversation_id, seq, message_seq, topic, body, state, created_at, next_at)
             SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9 FROM webhooks WHERE id = ?2 AND disabled_at IS NULL
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            int(new.id.0),
            int(new.webhook.0),
            int(new.conversation.0),
            int(new.seq),
            new.message_seq.map(int),
            new.topic.code(),
            new.body,
            DeliveryState::Pending.code(),
            new.created_at.0,
        ])?;
    }
    let mut touched: Vec<WebhookId> = new.iter().map(|new| new.webhook).collect();
    touched.sort_unstable();
    touched.dedup();
    for webhook in touched {
        w.prepare(
            "DELETE FROM deliveries WHERE webhook_id = ?1 AND next_at IS NULL AND id < (
               SELECT min(id) FROM (SELECT id FROM deliveries WHERE webhook_id = ?1 ORDER BY id DESC LIMIT ?2) newest)",
        )?
        .execute([int(webhook.0), size(DELIVERIES_PER_WEBHOOK)])?;
    }
    Ok(())
}

/// A delivery with what is needed to send it: the present secret, and the one before while that still signs.
/// What is sent, and how; `?1` is the time.
const DUE: &str =
    "d.id, w.id, w.url, d.body, w.secret, CASE WHEN w.old_until > ?1 THEN w.old_secret ELSE NULL END, d.attempts,
   w.failing_since";

fn due(row: &Row<'_>) -> Result<DueDelivery> {
    let mut secrets: Vec<Vec<u8>> = vec![row.get(4)?];
    secrets.extend(row.get::<Option<Vec<u8>>>(5)?);
    Ok(DueDelivery {
        id: DeliveryId(uint(row, 0)?),
        webhook: WebhookId(uint(row, 1)?),
        url: row.get(2)?,
        body: row.get(3)?,
        secrets,
        attempts: row.get(6)?,
        failing_since: optional_time(row, 7)?,
    })
}

fn attempted(w: &Writing<'_>, id: DeliveryId, attempted: &Attempted) -> Result<()> {
    let found = w
        .prepare("SELECT webhook_id, answers FROM deliveries WHERE id = ?1")?
        .query_row([int(id.0)], |row| Ok((row.get::<i64>(0)?, json::<Vec<DeliveryAnswer>>(row, 1)?)))
        .optional()?;
    // The webhook may have been removed meanwhile.
    let Some((webhook, mut answers)) = found else { return Ok(()) };
    answers.push(attempted.answer.clone());
    if answers.len() > ANSWERS {
        answers.remove(0);
    }
    // What was erased while it was on its way is not tried again.
    w.prepare(
        "UPDATE deliveries SET state = CASE WHEN body IS NULL AND CAST(?2 AS BIGINT) = ?5 THEN CAST(?6 AS BIGINT) ELSE ?2 END, attempts = attempts + 1,
           next_at = CASE WHEN body IS NULL THEN NULL ELSE CAST(?3 AS BIGINT) END, answers = ?4 WHERE id = ?1",
    )?
    .execute(params![
        int(id.0),
        attempted.state.code(),
        attempted.next_at.map(|at| at.0),
        to_json(&answers)?,
        DeliveryState::Pending.code(),
        DeliveryState::Failed.code(),
    ])?;
    let at = attempted.answer.at.0;
    if attempted.state == DeliveryState::Delivered {
        w.prepare("UPDATE webhooks SET failing_since = NULL WHERE id = ?1 AND failing_since IS NOT NULL")?
            .execute([webhook])?;
    } else {
        w.prepare("UPDATE webhooks SET failing_since = coalesce(failing_since, ?2) WHERE id = ?1")?
            .execute([webhook, at])?;
    }
    if let Some(reason) = &attempted.disable {
        w.prepare("UPDATE webhooks SET disabled_at = ?2, disabled_reason = ?3 WHERE id = ?1 AND disabled_at IS NULL")?
            .execute(params![webhook, at, reason])?;
    }
    Ok(())
}

fn list(conn: &Connection<'_>, sql: &str, params: impl Params) -> Result<Vec<Webhook>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(params, outgoing)?;
    found.collect::<Result<_>>()
}

#[async_trait]
impl<D: Database> Webhooks for D {
    async fn create_incoming_webhook(&self, new: NewIncomingWebhook) -> Result<Option<IncomingWebhook>> {
        self.write(move |w| create_incoming(w, &new)).await
    }

    async fn incoming_webhooks(&self, conversation: ConversationId) -> Result<Vec<IncomingWebhook>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(&incoming_sql("w.conversation_id = ?1 ORDER BY w.id"))?;
            let found = statement.query_map([int(conversation.0)], incoming)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn incoming_webhook(&self, id: WebhookId) -> Result<Option<IncomingWebhook>> {
        self.read(move |conn| incoming_by_id(conn, id)).await
    }

    async fn incoming_webhook_by_secret(&self, secret: SecretHash) -> Result<Option<IncomingWebhook>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(&incoming_sql("w.secret = ?1"))?;
            statement.query_row(params![secret], incoming).optional()
        })
        .await
    }

    async fn touch_incoming_webhook(&self, id: WebhookId, at: Timestamp) -> Result<()> {
        self.write(move |w| {
            w.prepare("UPDATE incoming_webhooks SET last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE id = ?1")?
                .execute([int(id.0), at.0])?;
            Ok(())
        })
        .await
    }

    async fn remove_incoming_webhook(&self, id: WebhookId) -> Result<bool> {
        self.write(move |w| {
            w.prepare("UPDATE users SET disabled = 1 WHERE id = (SELECT bot_id FROM incoming_webhooks WHERE id = ?1)")?
                .execute([int(id.0)])?;
            Ok(w.prepare("DELETE FROM incoming_webhooks WHERE id = ?1")?.execute([int(id.0)])? > 0)
        })
        .await
    }

    async fn create_webhook(&self, new: NewWebhook) -> Result<Option<Webhook>> {
        self.write(move |w| create(w, &new)).await
    }

    async fn webhooks(&self, conversation: Option<ConversationId>) -> Result<Vec<Webhook>> {
        let sql = format!("SELECT {WEBHOOK} FROM webhooks WHERE {} ORDER BY id", of_server_or!("?1"));
        self.read(move |conn| list(conn, &sql, [conversation.map(|id| int(id.0))])).await
    }

    async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>> {
        self.read(move |conn| by_id(conn, id)).await
    }

    async fn update_webhook(&self, id: WebhookId, change: WebhookChange) -> Result<Option<Webhook>> {
        self.write(move |w| update(w, id, &change)).await
    }

    async fn remove_webhook(&self, id: WebhookId) -> Result<bool> {
        self.write(move |w| {
            w.prepare("DELETE FROM deliveries WHERE webhook_id = ?1")?.execute([int(id.0)])?;
            Ok(w.prepare("DELETE FROM webhooks WHERE id = ?1")?.execute([int(id.0)])? > 0)
        })
        .await
    }

    async fn active_webhooks(&self) -> Result<Vec<Webhook>> {
        let sql = format!("SELECT {WEBHOOK} FROM webhooks WHERE disabled_at IS NULL ORDER BY id");
        self.read(move |conn| list(conn, &sql, ())).await
    }

    async fn add_deliveries(&self, follower: &str, new: Vec<NewDelivery>, steps: Vec<FollowerStep>) -> Result<bool> {
        let follower = follower.to_owned();
        self.write(move |w| {
            if !followers::advance(w, &follower, &steps)? {
                return Ok(false);
            }
            add_deliveries(w, &new)?;
            for step in steps.iter().filter(|step| step.gone) {
                remove_where(w, "conversation_id", int(step.conversation.0))?;
            }
            Ok(true)
        })
        .await
    }

    async fn deliveries(&self, webhook: WebhookId, cursor: Option<&str>, limit: usize) -> Result<Page<Delivery>> {
        let before: Option<i64> = cursor.map_or(Some(i64::MAX), |cursor| cursor.parse().ok());
        let Some(before) = before else { return Ok(Page::whole(Vec::new())) };
        self.read(move |conn| {
            let sql = format!(
                "SELECT {DELIVERY} FROM deliveries WHERE webhook_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let place = params![int(webhook.0), before, size(limit.saturating_add(1))];
            let found = statement.query_map(place, delivery)?.collect::<Result<Vec<_>>>()?;
            Ok(super::paged(found, limit, |last| last.id.to_string()))
        })
        .await
    }

    async fn replay_delivery(&self, webhook: WebhookId, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>> {
        self.write(move |w| {
            let found = w
                .prepare(
                    "UPDATE deliveries SET state = ?3, next_at = ?4, attempts = 0
                     WHERE id = ?1 AND webhook_id = ?2 AND body IS NOT NULL",
                )?
                .execute(params![int(id.0), int(webhook.0), DeliveryState::Pending.code(), now.0])?;
            if found == 0 { Ok(None) } else { delivery_by_id(w.conn, id) }
        })
        .await
    }

    async fn webhooks_due(&self, now: Timestamp) -> Result<Vec<WebhookId>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT w.id FROM webhooks w WHERE w.disabled_at IS NULL AND EXISTS (
                   SELECT 1 FROM deliveries n WHERE n.webhook_id = w.id AND n.next_at <= ?1 AND n.next_at IS NOT NULL)
                 ORDER BY w.id",
            )?;
            let found = statement.query_map([now.0], |row| uint(row, 0).map(WebhookId))?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn due_deliveries(&self, webhook: WebhookId, now: Timestamp, limit: usize) -> Result<Vec<DueDelivery>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(&format!(
                "SELECT {DUE} FROM webhooks w JOIN deliveries d ON d.webhook_id = w.id
                 WHERE w.id = ?2 AND w.disabled_at IS NULL AND d.next_at <= ?1 AND d.next_at IS NOT NULL AND d.body IS NOT NULL
                 ORDER BY d.next_at, d.id LIMIT ?3"
            ))?;
            let found = statement.query_map(params![now.0, int(webhook.0), size(limit)], due)?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn next_delivery(&self) -> Result<Option<Timestamp>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT min((SELECT min(n.next_at) FROM deliveries n
                   WHERE n.webhook_id = w.id AND n.next_at IS NOT NULL)) FROM webhooks w WHERE w.disabled_at IS NULL",
            )?;
            Ok(statement.query_row((), |row| optional_time(row, 0))?)
        })
        .await
    }

    async fn deliveries_attempted(&self, what: Vec<(DeliveryId, Attempted)>) -> Result<()> {
        // Nobody else writes to these rows but who erases or replays them, in one statement, which is kept or kept out. So this
        // need not run again whenever a delivery is added beside it.
        self.write_in(Order::ByRows, move |w| what.iter().try_for_each(|(id, one)| attempted(w, *id, one))).await
    }
}
