//! Presence: online, away, do not disturb, offline; derived from links, told to the links that watch.
//!
//! Nothing here is stored but when somebody was last seen. A user is as present as their most active device, except that
//! "do not disturb" on any device wins. Going offline waits a moment, because most disconnections are reconnections. Every
//! node tells the others how its own users are there, and knows from them how everybody is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use laserchat_protocol::presence::{Activity, Presence, PresenceStatus};
use laserchat_protocol::{Event, Timestamp, User, UserId};
use laserchat_store::{Result, Store};
use parking_lot::Mutex;

use crate::bus::{Bus, Nats, Notice, There};
use crate::hub::{Frame, Hub, Link};

/// How long a user without connections still counts as connected.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Inner {
    /// What watchers were last told of everyone who is not offline.
    told: HashMap<UserId, PresenceStatus>,
    watchers: HashMap<UserId, Vec<Arc<Link>>>,
    /// Users whose privacy hides their presence, as far as they are connected.
    hidden: HashSet<UserId>,
    /// What the other nodes were last told of users who are connected here.
    announced: HashMap<UserId, There>,
}

pub struct Presences {
    inner: Mutex<Inner>,
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
    bus: Arc<Bus>,
}

impl Presences {
    pub fn start(store: Arc<dyn Store>, hub: Arc<Hub>, bus: Arc<Bus>) -> Arc<Self> {
        Arc::new(Presences { inner: Mutex::default(), store, hub, bus })
    }

    /// Works out a user's status from the links that there are now, and tells the watchers if it changed.
    pub fn refresh(&self, user: UserId) {
        if let Some(nats) = self.bus.nats() {
            self.announce(nats, user);
        }
        self.tell(user, combined(self.hub.activities(user)).map_or(PresenceStatus::Offline, status));
    }

    /// Tells the other nodes how a user is here now, if they were told otherwise.
    fn announce(&self, nats: &Nats, user: UserId) {
        // Under one lock, so that of two who do this at once the later one also tells last.
        let mut inner = self.inner.lock();
        let activity = combined(self.hub.links(user).iter().map(|link| link.activity()));
        let there = There { user, activity, hidden: inner.hidden.contains(&user) };
        let before = match activity {
            Some(_) => inner.announced.insert(user, there),
            None => inner.announced.remove(&user),
        };
        if before != activity.map(|_| there) {
            nats.notice(Notice::There { who: vec![there] }, b"");
        }
    }

    /// Everybody who is connected here, as the others were told.
    pub fn announced(&self) -> Vec<There> {
        self.inner.lock().announced.values().copied().collect()
    }

    /// Takes what another node says of a user.
    pub fn elsewhere(self: &Arc<Self>, there: There) {
        if there.activity.is_none() {
            return self.left(there.user);
        }
        self.hide(there.user, there.hidden);
        self.refresh(there.user);
    }

    fn hide(&self, user: UserId, hidden: bool) -> bool {
        let mut inner = self.inner.lock();
        if hidden { inner.hidden.insert(user) } else { inner.hidden.remove(&user) }
    }

    /// A user's last link is gone: unless one comes back soon, the user is offline.
    pub fn left(self: &Arc<Self>, user: UserId) {
        let this = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(GRACE).await;
            if !this.hub.activities(user).is_empty() {
                return this.refresh(user);
            }
            if let Err(error) = this.store.seen(vec![(user, Timestamp::now())]).await {
                tracing::warn!(%error, "when a user was last seen could not be written");
            }
            this.refresh(user);
        });
    }

    /// Follows the user's privacy setting.
    pub fn set_hidden(&self, user: UserId, hidden: bool) {
        if self.hide(user, hidden) {
            // Where the user is connected, and where somebody watches, may be other nodes.
            self.bus.notice(Notice::Hidden { user, hidden });
            self.refresh(user);
        }
    }

    /// The same on this node only.
    pub fn set_hidden_here(&self, user: UserId, hidden: bool) {
        if self.hide(user, hidden) {
            self.refresh(user);
        }
    }

    fn tell(&self, user: UserId, status: PresenceStatus) {
        let (watchers, shown) = {
            let mut inner = self.inner.lock();
            let shown = if inner.hidden.contains(&user) { PresenceStatus::Offline } else { status };
            if status == PresenceStatus::Offline {
                inner.hidden.remove(&user);
            }
            let before = match shown {
                PresenceStatus::Offline => inner.told.remove(&user),
                _ => inner.told.insert(user, shown),
            };
            if before.unwrap_or(PresenceStatus::Offline) == shown {
                return;
            }
            (inner.watchers.get(&user).cloned().unwrap_or_default(), shown)
        };
        if watchers.is_empty() {
            return;
        }
        let hidden = shown != status;
        let last_seen_at = (shown == PresenceStatus::Offline && !hidden).then(Timestamp::now);
        let presence = Presence { user_id: user, status: shown, last_seen_at };
        let frame = Frame::event(&match shown {
            PresenceStatus::Offline => Event::UserOffline(presence),
            _ => Event::UserOnline(presence),
        });
        watchers.iter().for_each(|link| link.push(&frame));
    }

    /// Tells everyone who watches a user, and the user's own devices, that the profile changed.
    pub fn profile_changed(&self, user: &User) {
        let event = Event::UserUpdated { user: user.clone() };
        let frame = Frame::event(&event);
        if let Some(nats) = self.bus.nats() {
            nats.notice(Notice::Profile { user: user.id }, frame.bytes());
        }
        self.relay_profile(user.id, &frame);
    }

    /// The same for this node's connections only.
    pub fn relay_profile(&self, user: UserId, frame: &Arc<Frame>) {
        let watchers = self.inner.lock().watchers.get(&user).cloned().unwrap_or_default();
        watchers.iter().filter(|link| link.user != user).for_each(|link| link.push(frame));
        self.hub.links(user).iter().for_each(|link| link.push(frame));
    }

    /// Replaces the users a link watches and returns what is known of them. Users with a block in either direction are
    /// answered as offline and not watched.
    pub async fn watch(&self, link: &Arc<Link>, mut users: Vec<UserId>) -> Result<Vec<Presence>> {
        users.sort_unstable();
        users.dedup();
        let blocked: HashSet<UserId> = self.store.blocked_among(link.user, &users).await?.into_iter().collect();
        let open: Vec<UserId> = users.iter().copied().filter(|user| !blocked.contains(user)).collect();
        let known = self.known(link.user, &users).await?;
        let mut inner = self.inner.lock();
        for user in link.watch(open.clone()) {
            unwatch(&mut inner, user, link);
        }
        for user in open {
            inner.watchers.entry(user).or_default().push(Arc::clone(link));
        }
        Ok(known)
    }

    /// What `viewer` may know of the presence of these users now.
    pub async fn known(&self, viewer: UserId, users: &[UserId]) -> Result<Vec<Presence>> {
        let blocked: HashSet<UserId> = self.store.blocked_among(viewer, users).await?.into_iter().collect();
        let seen: HashMap<UserId, Timestamp> = self.store.last_seen(users).await?.into_iter().collect();
        let inner = self.inner.lock();
        let presence = |&user: &UserId| {
            let closed = blocked.contains(&user);
            let status = inner.told.get(&user).copied().filter(|_| !closed).unwrap_or(PresenceStatus::Offline);
            let offline = status == PresenceStatus::Offline && !closed;
            let last_seen_at = seen.get(&user).copied().filter(|_| offline);
            Presence { user_id: user, status, last_seen_at }
        };
        Ok(users.iter().map(presence).collect())
    }

    /// A block came between two people: neither is told of the other any more.
    pub fn sever(&self, a: UserId, b: UserId) {
        self.bus.notice(Notice::Severed { a, b });
        self.sever_here(a, b);
    }

    /// The same for this node's connections only.
    pub fn sever_here(&self, a: UserId, b: UserId) {
        for (watcher, watched) in [(a, b), (b, a)] {
            let presence = Presence { user_id: watched, status: PresenceStatus::Offline, last_seen_at: None };
            let frame = Frame::event(&Event::UserOffline(presence));
            let mut inner = self.inner.lock();
            let Some(links) = inner.watchers.get_mut(&watched) else { continue };
            links.retain(|link| {
                let severed = link.user == watcher;
                if severed {
                    link.push(&frame);
                }
                !severed
            });
        }
    }

    /// A link is gone and watches nobody.
    pub fn forget(&self, link: &Arc<Link>) {
        let watched = link.watch(Vec::new());
        if watched.is_empty() {
            return;
        }
        let mut inner = self.inner.lock();
        for user in watched {
            unwatch(&mut inner, user, link);
        }
    }
}

fn unwatch(inner: &mut Inner, user: UserId, link: &Arc<Link>) {
    if let Some(links) = inner.watchers.get_mut(&user) {
        links.retain(|other| !Arc::ptr_eq(other, link));
        if links.is_empty() {
            inner.watchers.remove(&user);
        }
    }
}

/// How somebody is there with all devices together. `None`: without any.
fn combined(activities: impl IntoIterator<Item = Activity>) -> Option<Activity> {
    activities.into_iter().reduce(|so_far, activity| match (so_far, activity) {
        (Activity::DoNotDisturb, _) | (_, Activity::DoNotDisturb) => Activity::DoNotDisturb,
        (Activity::Active, _) | (_, Activity::Active) => Activity::Active,
        (Activity::Away, Activity::Away) => Activity::Away,
    })
}

fn status(activity: Activity) -> PresenceStatus {
    match activity {
        Activity::Active => PresenceStatus::Online,
        Activity::Away => PresenceStatus::Away,
        Activity::DoNotDisturb => PresenceStatus::DoNotDisturb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_active_device_counts_and_do_not_disturb_wins() {
        use Activity::*;
        for (activities, expected) in [
            (vec![], None),
            (vec![Away], Some(PresenceStatus::Away)),
            (vec![Away, Active, Away], Some(PresenceStatus::Online)),
            (vec![Active, DoNotDisturb, Away], Some(PresenceStatus::DoNotDisturb)),
        ] {
            assert_eq!(combined(activities).map(status), expected);
        }
    }
}
