//! Link previews: what is known of pages, and the messages whose links are still to be looked at.

use async_trait::async_trait;
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{ConversationId, MessageId, Timestamp};

use super::codes::{int, json, size, to_json, uint};
use super::followers;
use crate::Result;
use crate::contract::{FollowerStep, PreviewJob, Previews};
use crate::sql::{Database, OptionalRow, params};

/// Pages that are forgotten at once.
const FORGOTTEN: i64 = 20;

#[async_trait]
impl<D: Database> Previews for D {
    async fn add_preview_jobs(
        &self,
        follower: &str,
        jobs: Vec<PreviewJob>,
        steps: Vec<FollowerStep>,
        now: Timestamp,
    ) -> Result<bool> {
        let follower = follower.to_owned();
        self.write(move |w| {
            if !followers::advance(w, &follower, &steps)? {
                return Ok(false);
            }
            for job in &jobs {
                w.prepare(
                    "INSERT INTO preview_jobs (conversation_id, seq, message_id, changed, next_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (conversation_id, seq) DO UPDATE SET changed = ?4, next_at = ?5
                       WHERE preview_jobs.changed < ?4",
                )?
                .execute([
                    int(job.conversation.0),
                    int(job.seq),
                    int(job.message.0),
                    int(job.changed),
                    now.0,
                ])?;
            }
            for step in steps.iter().filter(|step| step.gone) {
                w.prepare("DELETE FROM preview_jobs WHERE conversation_id = ?1")?
                    .execute([int(step.conversation.0)])?;
            }
            Ok(true)
        })
        .await
    }

    async fn preview_jobs(&self, now: Timestamp, limit: usize) -> Result<Vec<PreviewJob>> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT conversation_id, seq, message_id, changed FROM preview_jobs WHERE next_at <= ?1
                 ORDER BY next_at LIMIT ?2",
            )?;
            let found = statement.query_map(params![now.0, size(limit)], |row| {
                Ok(PreviewJob {
                    conversation: ConversationId(uint(row, 0)?),
                    seq: uint(row, 1)?,
                    message: MessageId(uint(row, 2)?),
                    changed: uint(row, 3)?,
                })
            })?;
            found.collect::<Result<_>>()
        })
        .await
    }

    async fn preview_job_done(&self, job: PreviewJob, again: Option<Timestamp>) -> Result<()> {
        self.write(move |w| {
            let (conversation, seq, changed) = (int(job.conversation.0), int(job.seq), int(job.changed));
            match again {
                Some(at) => w
                    .prepare(
                        "UPDATE preview_jobs SET next_at = ?4 WHERE conversation_id = ?1 AND seq = ?2 AND changed = ?3",
                    )?
                    .execute([conversation, seq, changed, at.0])?,
                None => w
                    .prepare("DELETE FROM preview_jobs WHERE conversation_id = ?1 AND seq = ?2 AND changed = ?3")?
                    .execute([conversation, seq, changed])?,
            };
            Ok(())
        })
        .await
    }

    async fn cached_preview(&self, url: &str, now: Timestamp) -> Result<Option<Option<Preview>>> {
        let url = url.to_owned();
        self.read(move |conn| {
            let mut statement =
                conn.prepare_cached("SELECT found FROM preview_cache WHERE url = ?1 AND expires_at > ?2")?;
            statement.query_row(params![url, now.0], |row| json::<Option<Preview>>(row, 0)).optional()
        })
        .await
    }

    async fn cache_preview(
        &self,
        url: &str,
        found: Option<Preview>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let url = url.to_owned();
        self.write(move |w| {
            let found = found.as_ref().map(to_json).transpose()?;
            w.prepare(
                "DELETE FROM preview_cache WHERE url IN (
                   SELECT url FROM preview_cache WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
            )?
            .execute([now.0, FORGOTTEN])?;
            w.prepare(
                "INSERT INTO preview_cache (url, found, expires_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (url) DO UPDATE SET found = excluded.found, expires_at = excluded.expires_at",
            )?
            .execute(params![url, found, expires_at.0])?;
            Ok(())
        })
        .await
    }
}
