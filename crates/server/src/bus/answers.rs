//! Answers of bots to slash commands, which wait in the memory of the node where they were given.
//!
//! A bot's answer comes to any node. One that does not know the command asks the others, and whoever does takes the answer.

use std::sync::Weak;
use std::time::Duration;

use async_nats::{Request, Subscriber};
use futures_util::StreamExt;
use laserchat_protocol::slash::{CommandAnswered, CommandResponse};
use laserchat_protocol::{InvocationId, Problem, UserId};
use serde::{Deserialize, Serialize};

use crate::actions::slash;
use crate::app::App;

/// How long the others are waited for: those that do not know the command say nothing.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize, Deserialize)]
struct Given {
    bot: UserId,
    id: InvocationId,
    response: CommandResponse,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Taken {
    Answered(Box<CommandAnswered>),
    Refused(Problem),
}

/// Hands an answer to the node that waits for it. `None`: none does.
pub async fn hand_over(
    app: &App,
    bot: UserId,
    id: InvocationId,
    response: CommandResponse,
) -> Option<Result<CommandAnswered, Problem>> {
    let nats = app.bus.nats()?;
    let payload = serde_json::to_vec(&Given { bot, id, response }).ok()?;
    let request = Request::new().payload(payload.into()).timeout(Some(PATIENCE));
    let taken = nats.client.send_request(nats.answers(), request).await.ok()?;
    match serde_json::from_slice(&taken.payload).ok()? {
        Taken::Answered(answered) => Some(Ok(*answered)),
        Taken::Refused(problem) => Some(Err(problem)),
    }
}

/// Takes answers to commands that were given here.
pub(super) async fn hear(app: Weak<App>, mut subscriber: Subscriber) {
    while let Some(message) = subscriber.next().await {
        let Some(app) = app.upgrade() else { return };
        let (Some(back), Ok(given)) = (message.reply, serde_json::from_slice::<Given>(&message.payload)) else {
            continue;
        };
        tokio::spawn(async move {
            let Some(taken) = slash::answer_here(&app, given.bot, given.id, given.response).await else { return };
            let taken = taken.map_or_else(Taken::Refused, |answered| Taken::Answered(Box::new(answered)));
            if let (Some(nats), Ok(payload)) = (app.bus.nats(), serde_json::to_vec(&taken))
                && let Err(error) = nats.client.publish(back, payload.into()).await
            {
                tracing::warn!(%error, "what became of a bot's answer could not be told");
            }
        });
    }
}
