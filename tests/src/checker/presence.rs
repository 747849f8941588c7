//! Whether everybody saw who is there, soon enough.
//!
//! Presence is a signal: it may be late, by as long as it takes a server to give up a client or another server. So a view is
//! wrong only when it differed from the truth for longer than that, without a pause, while the truth stayed the same and the
//! one who looks was connected all the time.

use std::time::Duration;

use super::Time;

#[derive(Debug, Clone, Default)]
pub struct Presence {
    /// How late a view may be.
    pub expiry: Duration,
    /// When the history ends.
    pub end: Time,
    /// When who was there, in truth.
    pub stays: Vec<Stay>,
    /// When who was connected and would be told.
    pub watches: Vec<Stay>,
    pub sightings: Vec<Sighting>,
}

/// Somebody is there, from one time to another.
#[derive(Debug, Clone)]
pub struct Stay {
    pub user: String,
    pub from: Time,
    /// `None`: to the end.
    pub to: Option<Time>,
}

/// From now on, and until its next one of the same user, a client shows that the user is there or not.
#[derive(Debug, Clone)]
pub struct Sighting {
    pub at: Time,
    pub client: String,
    pub user: String,
    pub online: bool,
}

pub(super) fn check(presence: &Presence, wrongs: &mut Vec<String>) {
    let mut pairs: Vec<(&str, &str)> =
        presence.sightings.iter().map(|s| (s.client.as_str(), s.user.as_str())).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (client, user) in pairs {
        pair(presence, client, user, wrongs);
    }
}

fn is_there(stays: &[Stay], user: &str, at: Time) -> bool {
    stays.iter().any(|stay| stay.user == user && stay.from <= at && stay.to.is_none_or(|to| at < to))
}

/// One client's view of one user. Between two of the times at which anything changes, nothing does.
fn pair(presence: &Presence, client: &str, user: &str, wrongs: &mut Vec<String>) {
    let seen: Vec<&Sighting> = presence.sightings.iter().filter(|s| s.client == client && s.user == user).collect();
    let ends = |stays: &[Stay], name: &str| -> Vec<Time> {
        stays.iter().filter(|stay| stay.user == name).flat_map(|stay| [Some(stay.from), stay.to]).flatten().collect()
    };
    let mut times: Vec<Time> = seen.iter().map(|sighting| sighting.at).collect();
    times.extend(ends(&presence.stays, user));
    times.extend(ends(&presence.watches, client));
    times.push(presence.end);
    times.sort_unstable();
    times.dedup();
    // Since when the view has been wrong without an excuse, and what it shows.
    let mut wrong: Option<(Time, bool)> = None;
    for (place, &time) in times.iter().enumerate() {
        if let Some((since, online)) = wrong
            && time > since + presence.expiry
        {
            let view = if online { "there" } else { "away" };
            wrongs.push(format!("{client} showed {user} as {view} from {since:?} to {time:?}, which was wrong"));
            wrong = None;
        }
        if place + 1 == times.len() {
            return;
        }
        let view = seen.iter().rfind(|sighting| sighting.at <= time).map(|sighting| sighting.online);
        let truth = is_there(&presence.stays, user, time);
        let watches = is_there(&presence.watches, client, time);
        wrong = match view {
            Some(online) if watches && online != truth => {
                // What is still wrong in the same way has been since then.
                let since = wrong.filter(|(_, before)| *before == online).map_or(time, |(since, _)| since);
                Some((since, online))
            }
            _ => None,
        };
    }
}
