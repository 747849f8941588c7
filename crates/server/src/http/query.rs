//! Query parameters, with their bounds.

use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use laserchat_protocol::UserId;
use laserchat_protocol::limits::{self, CHANGES_DEFAULT, CHANGES_MAX, PAGE_DEFAULT, PAGE_MAX};
use laserchat_protocol::search::SearchType;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, Visitor};
use utoipa::IntoParams;

use super::error::{Error, Result, invalid};
use crate::app::Shared;

/// The query of a request.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self> {
        read(parts.uri.query().unwrap_or_default()).map(Query)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        invalid(if path == "." { "query" } else { &path }, error.inner())
    })
}

/// Whether a query carries a token. A URL ends up in histories and logs, so it is no place for one.
pub fn carries_token(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes())
        .any(|(name, _)| name.eq_ignore_ascii_case("token") || name.eq_ignore_ascii_case("access_token"))
}

/// A whole number within bounds, spelled in decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounded<const MIN: u64, const MAX: u64>(pub u64);

/// A seq or a version: what a database can hold of one.
pub type Position = Bounded<0, { i64::MAX as u64 }>;

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits<const MIN: u64, const MAX: u64>;
        impl<const MIN: u64, const MAX: u64> Visitor<'_> for Digits<MIN, MAX> {
            type Value = u64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from {MIN} to {MAX}")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
                let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let value = text.parse().ok().filter(|value| plain && (MIN..=MAX).contains(value));
                value.ok_or_else(|| E::custom(format_args!("must be a whole number from {MIN} to {MAX}")))
            }
        }
        deserializer.deserialize_str(Digits::<MIN, MAX>).map(Bounded)
    }
}

/// A page of a list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
    /// The `next` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Cursors are ours and short; longer ones never reach the store.
const CURSOR_BYTES: usize = 512;

/// A cursor, if it can be one at all.
pub fn checked_cursor(cursor: Option<&str>) -> Result<Option<&str>> {
    match cursor {
        Some(text) if text.is_empty() || text.len() > CURSOR_BYTES || text.contains(char::is_control) => {
            Err(invalid("cursor", "is not the `next` of a page"))
        }
        cursor => Ok(cursor),
    }
}

impl Paging {
    pub fn limit(&self) -> usize {
        self.limit.map_or(PAGE_DEFAULT, |limit| limit.0 as usize)
    }

    /// The cursor, if it can be one at all.
    pub fn cursor(&self) -> Result<Option<&str>> {
        checked_cursor(self.cursor.as_deref())
    }

    /// A cursor that is a position in a conversation.
    pub fn position(&self) -> Result<u64> {
        let Some(text) = self.cursor()? else { return Ok(0) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let position = text.parse().ok().filter(|&at: &u64| plain && at <= i64::MAX as u64);
        position.ok_or_else(|| invalid("cursor", "is not the `next` of a page"))
    }
}

/// A page of a search.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// What is searched for: the beginnings of words.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
    /// The `next` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Characters of a search.
const SEARCH_CHARS: usize = 200;

impl Search {
    pub fn q(&self) -> Result<&str> {
        if self.q.chars().count() > SEARCH_CHARS {
            return Err(invalid("q", format_args!("at most {SEARCH_CHARS} characters")));
        }
        Ok(&self.q)
    }

    pub fn paging(&self) -> Paging {
        Paging { limit: self.limit, cursor: self.cursor.clone() }
    }
}

/// A search for anything.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// What is searched for, in the language of searches.
    #[serde(default)]
    #[param(max_length = 1000)]
    q: String,
    #[serde(default, rename = "type")]
    #[param(ignore)]
    kind: SearchType,
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 20)]
    limit: Option<Bounded<1, { PAGE_MAX as u64 }>>,
    /// The `next` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Hits on a page: each is looked at and cut out, and few people go beyond the first.
const HITS: usize = 20;

impl SearchQuery {
    pub fn q(&self) -> Result<&str> {
        if self.q.chars().count() > limits::SEARCH_CHARS {
            return Err(invalid("q", format_args!("at most {} characters", limits::SEARCH_CHARS)));
        }
        Ok(&self.q)
    }

    pub fn kind(&self) -> SearchType {
        self.kind
    }

    pub fn limit(&self) -> usize {
        self.limit.map_or(HITS, |limit| limit.0 as usize)
    }

    pub fn cursor(&self) -> Result<Option<&str>> {
        checked_cursor(self.cursor.as_deref())
    }
}

/// What changed after a position.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The position up to which everything is known; 0 is the beginning.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 9223372036854775807u64, default = 0)]
    after: Option<Position>,
    /// How many items at most.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000, default = 200)]
    limit: Option<Bounded<1, { CHANGES_MAX as u64 }>>,
}

impl After {
    pub fn after(&self) -> u64 {
        self.after.map_or(0, |after| after.0)
    }

    pub fn limit(&self) -> usize {
        self.limit.map_or(CHANGES_DEFAULT, |limit| limit.0 as usize)
    }
}

/// A list of users by their ids.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserIds {
    /// 1 to 100 user ids with commas between them.
    #[param(example = "7266841829376001,7266841829376002")]
    ids: String,
}

/// Users that can be asked for at once.
const USERS_AT_ONCE: usize = 100;

impl UserIds {
    pub fn ids(&self) -> Result<Vec<UserId>> {
        let ids: Result<Vec<UserId>, _> = self.ids.split(',').map(str::parse).collect();
        let ids = ids.map_err(|error| invalid("ids", error))?;
        if ids.len() > USERS_AT_ONCE {
            return Err(invalid("ids", format_args!("at most {USERS_AT_ONCE} ids")));
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use laserchat_protocol::{Code, Problem};

    fn refused<T: DeserializeOwned>(query: &str) -> Problem {
        match read::<T>(query) {
            Ok(_) => panic!("{query} should be refused"),
            Err(Error(problem)) => problem,
        }
    }

    #[test]
    fn limits_have_a_range_that_the_refusal_names() {
        let paging: Paging = read("limit=200").unwrap();
        assert_eq!(paging.limit(), 200);
        assert_eq!(read::<Paging>("").unwrap().limit(), PAGE_DEFAULT);
        for bad in ["limit=0", "limit=201", "limit=-1", "limit=", "limit=1e3", "limit=+5", "limit=99999999999999999999"]
        {
            let problem = refused::<Paging>(bad);
            assert_eq!((problem.code, problem.field.as_deref()), (Code::InvalidRequest, Some("limit")), "{bad}");
            assert_eq!(problem.detail.as_deref(), Some("limit: must be a whole number from 1 to 200"));
        }
        assert_eq!(refused::<Paging>("limit=1&limit=2").code, Code::InvalidRequest);
    }

    #[test]
    fn positions_are_what_a_database_can_hold() {
        assert_eq!(read::<After>("after=9223372036854775807").unwrap().after(), i64::MAX as u64);
        for bad in ["after=9223372036854775808", "after=-1", "after=0x1", "after=18446744073709551616"] {
            assert_eq!(refused::<After>(bad).field.as_deref(), Some("after"), "{bad}");
        }
        let cursor = |text: &str| Paging { limit: None, cursor: Some(text.to_owned()) };
        assert_eq!(cursor("12").position().unwrap(), 12);
        for bad in ["", "-1", "9223372036854775808", "abc", "1\0"] {
            assert!(cursor(bad).position().is_err(), "{bad:?}");
        }
        assert!(cursor(&"x".repeat(513)).cursor().is_err());
    }

    #[test]
    fn searches_take_paging_along() {
        let search: Search = read("q=ada%20l&limit=7&cursor=abc").unwrap();
        assert_eq!((search.q().unwrap(), search.paging().limit()), ("ada l", 7));
        assert_eq!(search.paging().cursor().unwrap(), Some("abc"));
        assert!(read::<Search>(&format!("q={}", "a".repeat(201))).unwrap().q().is_err());
        assert_eq!(refused::<Search>("q=a&limit=0").code, Code::InvalidRequest);
    }

    #[test]
    fn ids_are_ids() {
        let ids = |text: &str| UserIds { ids: text.to_owned() }.ids();
        assert_eq!(ids("1,2").unwrap(), [UserId(1), UserId(2)]);
        assert!(ids("").is_err() && ids("1,,2").is_err() && ids("0").is_err());
        assert!(ids(&vec!["1"; 101].join(",")).is_err());
    }

    #[test]
    fn tokens_in_a_url_are_seen_through_any_spelling() {
        for bad in ["token=x", "a=b&access_token=x", "%74oken=x", "TOKEN", "access%5Ftoken="] {
            assert!(carries_token(bad), "{bad}");
        }
        assert!(!carries_token("q=token&tokens=1"));
    }
}
