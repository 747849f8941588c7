//! Long poll: ask, wait, apply, ask again.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use laserchat_protocol::event::Polled;

use super::{Inbound, Lost, resume_query};
use crate::api::{self, Api};
use crate::state::Resume;

/// Seconds that the server may wait for something to tell.
const WAIT: u64 = 25;

type Asking = Pin<Box<dyn Future<Output = api::Result<Polled>> + Send>>;

#[derive(Default)]
pub(crate) struct Poll {
    asking: Option<Asking>,
    asked_before: bool,
}

impl Poll {
    pub fn is_waiting(&self) -> bool {
        self.asking.is_some()
    }

    /// Asks. The first time the server is not to wait, because the answer also says where things stand.
    pub fn ask(&mut self, api: Api, resume: &Resume) {
        let wait = if self.asked_before { WAIT } else { 0 };
        let query = resume_query(resume, Some(wait));
        self.asked_before = true;
        self.asking = Some(Box::pin(async move {
            let token = api.token().await?;
            let answer = api.listen(&query, "application/json", &token, Some(Duration::from_secs(wait))).await?;
            api::read(answer).await
        }));
    }

    pub async fn next(&mut self) -> Result<Inbound, Lost> {
        match &mut self.asking {
            Some(asking) => {
                let polled = asking.as_mut().await;
                self.asking = None;
                Ok(Inbound::Polled(Box::new(polled?)))
            }
            None => std::future::pending().await,
        }
    }
}
