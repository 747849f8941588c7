//! Who asks, and whether their token covers the kind of request: one extractor per scope.
//!
//! The middleware has looked at the token already, because the rate limit depends on whose it is. A handler that takes
//! no caller is open to everybody, whatever came in the header.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, Problem};

use super::error::{Error, Result};
use crate::app::Shared;
use crate::auth::Identity;

/// What the `Authorization` header came to. The middleware leaves it on every request.
#[derive(Clone)]
pub enum Known {
    Nobody,
    Somebody(Identity),
    Refused(Problem),
}

/// The token in the `Authorization` header, the only place where one is looked for.
pub fn bearer(headers: &HeaderMap) -> Option<Result<&str, Problem>> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let value = given.next()?;
    let token = value.to_str().ok().and_then(|text| text.split_once(' ')).and_then(|(scheme, token)| {
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
    });
    match token {
        Some(token) if given.next().is_none() => Some(Ok(token)),
        _ => Some(Err(Problem::new(Code::Unauthorized).detail("send `Authorization: Bearer` and the token, once"))),
    }
}

fn require(parts: &Parts, scope: Scope) -> Result<Identity> {
    match parts.extensions.get::<Known>() {
        Some(Known::Somebody(who)) => {
            who.require(scope)?;
            Ok(*who)
        }
        Some(Known::Refused(problem)) => Err(problem.clone().into()),
        Some(Known::Nobody) | None => Err(Code::Unauthorized.into()),
    }
}

macro_rules! callers {
    ($($(#[doc = $doc:literal])+ $name:ident = $scope:ident;)+) => {$(
        $(#[doc = $doc])+
        pub struct $name(pub Identity);

        impl FromRequestParts<Shared> for $name {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self> {
                require(parts, Scope::$scope).map($name)
            }
        }
    )+};
}

callers! {
    /// May read conversations, messages and profiles.
    Reader = Read;
    /// May write messages and reactions and move cursors.
    Writer = Write;
    /// May create and manage conversations, members and invitations.
    Manager = Manage;
    /// May change the account.
    Holder = Account;
    /// May administer the server, if the user may.
    Administrator = Admin;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(values: &[&'static str]) -> Option<Result<String, Code>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer(&headers).map(|token| token.map(str::to_owned).map_err(|problem| problem.code))
    }

    #[test]
    fn one_bearer_token_and_nothing_else() {
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Bearer abc"]), Some(Ok("abc".into())));
        assert_eq!(read(&["bearer  abc "]), Some(Ok("abc".into())));
        for bad in [&["Bearer"][..], &["Bearer "], &["Basic abc"], &["abc"], &["Bearer a", "Bearer b"], &[""]] {
            assert_eq!(read(bad), Some(Err(Code::Unauthorized)), "{bad:?}");
        }
    }
}
