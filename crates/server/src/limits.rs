//! Rates: how often one user or one address may ask for what.
//!
//! Each kind of request has a bucket per user or address that refills steadily and allows a burst. What costs much or
//! invites guessing (registering, signing in) is counted by address, what a signed-in user does by user, so that an
//! office behind one address does not share a limit for chatting. Requests without a valid token are counted by address
//! too, so that guessing is no way around a limit.
//!
//! The WebSocket gateway asks here as well, so that a message costs the same whichever way it comes.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::http::Method;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use laserchat_protocol::{Code, Problem, UserId};

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Register,
    Login,
    Refresh,
    /// Anything else without a valid token.
    Anonymous,
    /// New messages, over HTTP and WebSocket together.
    Send,
    Search,
    Read,
    Write,
    /// Mails with links, to addresses that the user names.
    Mail,
}

impl Kind {
    /// Counted by address, even of those who are known.
    pub fn by_address(self) -> bool {
        matches!(self, Kind::Register | Kind::Login | Kind::Refresh | Kind::Anonymous)
    }
}

/// Kind, requests that may come at once, and the seconds in which so many are allowed again.
const TABLE: [(Kind, u32, u64); 9] = [
    (Kind::Register, 10, 600),
    (Kind::Login, 20, 120),
    (Kind::Refresh, 120, 120),
    (Kind::Anonymous, 120, 60),
    (Kind::Send, 60, 12),
    (Kind::Search, 30, 15),
    (Kind::Read, 300, 10),
    (Kind::Write, 120, 12),
    (Kind::Mail, 6, 3600),
];

/// After so many checks, buckets that have filled up again are forgotten. Counting checks instead of time bounds the
/// memory by what happened, and needs no task.
const SWEEP_EVERY: u32 = 1 << 14;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    User(UserId),
    Address(IpAddr),
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Subject::User(user)
    }
}

impl From<IpAddr> for Subject {
    /// Of an IPv6 address the first half: whoever has one address has the other 2^64 of its network as well.
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => {
                let network = v6.to_bits() & !u128::from(u64::MAX);
                Subject::Address(Ipv6Addr::from_bits(network).into())
            }
            v4 => Subject::Address(v4),
        }
    }
}

/// Where a bucket stands, for the `RateLimit` headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the bucket is full again.
    pub reset: u64,
}

type Limiter = RateLimiter<Subject, DashMapStateStore<Subject>, DefaultClock, StateInformationMiddleware>;

/// The buckets. Without limits there are none.
pub struct Rates {
    limiters: Option<[Limiter; TABLE.len()]>,
    checks: AtomicU32,
}

impl Rates {
    pub fn new(on: bool) -> Self {
        let limiters = on.then(|| {
            TABLE.map(|(_, burst, seconds)| {
                Limiter::new(quota(burst, seconds), Default::default(), DefaultClock::default())
            })
        });
        Rates { limiters, checks: AtomicU32::new(0) }
    }

    /// Counts one request. `None`: there are no limits.
    pub fn check(&self, kind: Kind, subject: impl Into<Subject>) -> Result<Option<Snapshot>, Problem> {
        let Some(limiters) = &self.limiters else { return Ok(None) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.sweep();
        }
        let limiter = &limiters[kind as usize];
        match limiter.check_key(&subject.into()) {
            Ok(state) => {
                let quota = state.quota();
                let limit = quota.burst_size().get();
                let remaining = state.remaining_burst_capacity();
                let reset = quota.replenish_interval() * limit.saturating_sub(remaining);
                Ok(Some(Snapshot { limit, remaining, reset: seconds(reset) }))
            }
            Err(until) => {
                let wait = seconds(until.wait_time_from(DefaultClock::default().now())).max(1);
                Err(Problem::new(Code::RateLimited).retry_after(wait))
            }
        }
    }

    /// Where a bucket stands that has just refused.
    pub fn exhausted(&self, kind: Kind, problem: &Problem) -> Snapshot {
        Snapshot { limit: TABLE[kind as usize].1, remaining: 0, reset: problem.retry_after.unwrap_or(1) }
    }

    fn sweep(&self) {
        for limiter in self.limiters.iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    #[cfg(test)]
    fn buckets(&self) -> usize {
        self.limiters.iter().flatten().map(|limiter| limiter.len()).sum()
    }
}

fn quota(burst: u32, seconds: u64) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let each = Duration::from_secs(seconds) / burst.get();
    Quota::with_period(each).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

fn seconds(duration: Duration) -> u64 {
    duration.as_millis().div_ceil(1000) as u64
}

/// What a request counts as. `route` is the pattern of the path, or `web` for the web client, whose page alone is dozens
/// of files. Opening an event stream counts as nothing
/// here: connections have limits of their own, and after a failure of the network a whole office opens them at once.
pub fn kind(method: &Method, route: &str, known: bool) -> Option<Kind> {
    Some(match route {
        "/api/v1/ws" | "/api/v1/events" | "/healthz" | "/readyz" | "/metrics" | "web" => return None,
        "/api/v1/auth/register" => Kind::Register,
        "/api/v1/auth/login" => Kind::Login,
        "/api/v1/auth/refresh" => Kind::Refresh,
        _ if !known => Kind::Anonymous,
        "/api/v1/conversations/{id}/messages"
        | "/api/v1/conversations/{id}/commands"
        | "/api/v1/messages/{id}/forward"
            if method == Method::POST =>
        {
            Kind::Send
        }
        "/api/v1/me/email" => Kind::Mail,
        "/api/v1/users/search" | "/api/v1/channels" | "/api/v1/search" => Kind::Search,
        _ if method == Method::GET || method == Method::HEAD => Kind::Read,
        _ => Kind::Write,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_row() {
        for (at, (kind, burst, seconds)) in TABLE.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
            assert_eq!(quota(burst, seconds).burst_size().get(), burst);
        }
    }

    #[test]
    fn the_documented_rates_are_these() {
        let words = |kind: Kind| match kind {
            Kind::Register => "registering",
            Kind::Login => "signing in",
            Kind::Refresh => "refreshing a token",
            Kind::Anonymous => "anything else without a valid token",
            Kind::Send => "sending and forwarding messages, and giving commands",
            Kind::Search => "searching",
            Kind::Read => "other reading",
            Kind::Write => "other writing",
            Kind::Mail => "confirming an e-mail address",
        };
        let mut table = String::from("| kind | at once | refills in | counted by |\n| --- | --- | --- | --- |\n");
        for (kind, burst, seconds) in TABLE {
            let by = if kind.by_address() { "address" } else { "user" };
            table += &format!("| {} | {burst} | {seconds} seconds | {by} |\n", words(kind));
        }
        let documented = include_str!("../../../docs/API.md");
        assert!(documented.contains(&table), "docs/API.md must contain:\n{table}");
    }

    #[test]
    fn a_burst_is_allowed_and_then_refused() {
        let rates = Rates::new(true);
        let burst = TABLE[Kind::Register as usize].1;
        let address = IpAddr::from([203, 0, 113, 9]);
        for left in (0..burst).rev() {
            let snapshot = rates.check(Kind::Register, address).unwrap().unwrap();
            assert_eq!((snapshot.limit, snapshot.remaining), (burst, left));
        }
        let problem = rates.check(Kind::Register, address).unwrap_err();
        assert_eq!(problem.code, Code::RateLimited);
        assert!((1..=60).contains(&problem.retry_after.unwrap()));
        assert_eq!(rates.exhausted(Kind::Register, &problem).remaining, 0);
        // Others, and other kinds, are not touched by it.
        assert!(rates.check(Kind::Register, IpAddr::from([203, 0, 113, 10])).is_ok());
        assert!(rates.check(Kind::Login, address).is_ok());
        assert!(rates.check(Kind::Register, UserId(1)).is_ok());
    }

    #[test]
    fn a_network_of_one_household_is_one_subject() {
        let subject = |text: &str| Subject::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(subject("2001:db8::1"), subject("2001:db8::ffff:1"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_eq!(subject("::ffff:203.0.113.9"), subject("203.0.113.9"));
    }

    #[test]
    fn without_limits_nothing_is_counted() {
        let rates = Rates::new(false);
        for _ in 0..1000 {
            assert_eq!(rates.check(Kind::Register, UserId(1)), Ok(None));
        }
        assert_eq!(rates.buckets(), 0);
    }

    #[test]
    fn a_sweep_keeps_the_buckets_that_still_limit() {
        let rates = Rates::new(true);
        while rates.check(Kind::Register, UserId(1)).is_ok() {}
        rates.sweep();
        assert_eq!(rates.buckets(), 1);
        assert!(rates.check(Kind::Register, UserId(1)).is_err());
    }

    #[test]
    fn requests_are_told_apart_by_route_and_method() {
        let of = |method: Method, route: &str| kind(&method, route, true).unwrap();
        assert_eq!(of(Method::POST, "/api/v1/conversations/{id}/messages"), Kind::Send);
        assert_eq!(of(Method::GET, "/api/v1/conversations/{id}/messages"), Kind::Read);
        assert_eq!(of(Method::GET, "/api/v1/users/search"), Kind::Search);
        assert_eq!(of(Method::DELETE, "/api/v1/messages/{id}"), Kind::Write);
        assert_eq!(kind(&Method::GET, "/api/v1/me", false), Some(Kind::Anonymous));
        assert_eq!(kind(&Method::POST, "/api/v1/auth/login", false), Some(Kind::Login));
        assert_eq!(kind(&Method::GET, "/api/v1/ws", false), None);
        assert_eq!(kind(&Method::GET, "web", false), None);
        assert_eq!(kind(&Method::GET, "none", false), Some(Kind::Anonymous));
    }
}
