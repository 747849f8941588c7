//! Preview: looks at the pages that messages link to, and puts what they say of themselves under the messages.
//!
//! A job stays on its list until its outcome is committed, and the outcome is decided against the message as it is then. So a
//! process that dies anywhere looks again, mostly into what it remembers of the page, and finds that nothing is left to
//! change. One page is asked once, however many messages link to it at the same time.

use std::collections::HashSet;
use std::sync::Arc;

use laserchat_core::preview::{links, show, shows};
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{Code, Problem, UserId};
use laserchat_store::PreviewJob;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{pause, wait};
use crate::app::{App, Shared, failed};
use crate::engine::{Outcome, TRIES};
use crate::preview::look;
use crate::turns::Turns;

/// Messages whose links are looked at at once; each asks one page at a time.
const AT_ONCE: usize = 8;
/// Jobs that are read at once: more than can be under way, so that there is always one that is not.
const READ: usize = 4 * AT_ONCE;
/// How long is remembered what a page said, that it said nothing, and that it could not be had.
const KNOWN_SECONDS: u64 = 86_400;
const NOTHING_SECONDS: u64 = 3_600;
const FAILED_SECONDS: u64 = 300;
/// How long a job waits after the store has failed.
const LATER_SECONDS: u64 = 30;

pub async fn run(app: Shared, stop: CancellationToken) {
    if !app.config.previews.enabled {
        return;
    }
    let asked: Arc<Turns<String>> = Arc::default();
    let mut looking = JoinSet::new();
    let mut busy: HashSet<PreviewJob> = HashSet::new();
    loop {
        match app.store.preview_jobs(app.ids.now(), READ).await {
            Ok(jobs) => {
                for job in jobs {
                    if looking.len() < AT_ONCE && busy.insert(job) {
                        let (app, asked) = (app.clone(), Arc::clone(&asked));
                        looking.spawn(async move { (job, work(&app, &asked, job).await) });
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, "what links are to be looked at could not be read");
                if !pause(&stop).await {
                    return;
                }
            }
        }
        tokio::select! {
            Some(done) = looking.join_next() => match done {
                Ok((job, written)) => {
                    busy.remove(&job);
                    // The same again at once would be a loop, if its outcome cannot be written down.
                    if !written && !pause(&stop).await {
                        return;
                    }
                }
                // Its job stays busy until the next start: the same again would only fall the same way.
                Err(error) => tracing::error!(%error, "looking at a link panicked"),
            },
            go_on = wait(&app, None, &app.wakers.previews, &stop) => if !go_on {
                return;
            },
        }
    }
}

/// Does a job. Returns whether what came of it is written down.
async fn work(app: &App, asked: &Turns<String>, job: PreviewJob) -> bool {
    let again = match preview(app, asked, job).await {
        Ok(()) => None,
        Err(problem) => {
            tracing::debug!(message = %job.message, code = %problem.code, "previews are put off");
            Some(app.ids.now().plus_seconds(LATER_SECONDS))
        }
    };
    match app.store.preview_job_done(job, again).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, message = %job.message, "that a link was looked at could not be written down");
            false
        }
    }
}

async fn preview(app: &App, asked: &Turns<String>, job: PreviewJob) -> Result<(), Problem> {
    let mut found: Vec<Preview> = Vec::new();
    for _ in 0..TRIES {
        // Nobody in particular reads: what differs by reader is not looked at.
        let read = app.store.message(UserId(0), job.message).await.map_err(failed)?;
        let Some(message) = read.filter(shows) else { return Ok(()) };
        let wanted = links(&message.body);
        for link in &wanted {
            if !found.iter().any(|one| one.url == *link) {
                found.extend(page(app, asked, link).await?);
            }
        }
        let place = app.changing.place(job.message);
        let _turn = place.turn().await;
        let pages = found.clone();
        let decide = move |_: &_, _: &_| show(&message, &wanted, &pages);
        match app.engine.run(job.conversation, &[], decide).await {
            // It was changed while its links were looked at.
            Ok(Outcome::Stale) => {}
            Ok(_) => return Ok(()),
            Err(problem) if problem.code == Code::NotFound => return Ok(()),
            Err(problem) => return Err(problem),
        }
    }
    Err(Code::Conflict.into())
}

/// What a page says of itself, out of memory or asked now.
async fn page(app: &App, asked: &Turns<String>, link: &str) -> Result<Option<Preview>, Problem> {
    // What follows the # is for the reader's own program.
    let url = link.split('#').next().unwrap_or(link);
    let place = asked.place(url.to_owned());
    let _turn = place.turn().await;
    let named = |found: Option<Preview>| found.map(|preview| Preview { url: link.to_owned(), ..preview });
    if let Some(known) = app.store.cached_preview(url, app.ids.now()).await.map_err(failed)? {
        return Ok(named(known));
    }
    let (found, outcome, seconds) = match look(&app.outbound, url).await {
        Ok(Some(found)) => (Some(found), "found", KNOWN_SECONDS),
        Ok(None) => (None, "nothing", NOTHING_SECONDS),
        Err(_) => (None, "failed", FAILED_SECONDS),
    };
    metrics::counter!("laserchat_previews_total", "outcome" => outcome).increment(1);
    let now = app.ids.now();
    app.store.cache_preview(url, found.clone(), now.plus_seconds(seconds), now).await.map_err(failed)?;
    Ok(named(found))
}
