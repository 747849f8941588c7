//! Segments of the path, by position: one is [`Id`], two are [`Ids`].

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::error::{Error, Result, invalid};
use crate::app::Shared;

/// The only parameter of a path.
pub struct Id<T>(pub T);

/// The two parameters of a path.
pub struct Ids<A, B>(pub A, pub B);

impl<T: FromStr<Err: Display>> FromRequestParts<Shared> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self> {
        let params = params(parts, app).await?;
        Ok(Id(nth(&params, 0)?))
    }
}

impl<A: FromStr<Err: Display>, B: FromStr<Err: Display>> FromRequestParts<Shared> for Ids<A, B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self> {
        let params = params(parts, app).await?;
        Ok(Ids(nth(&params, 0)?, nth(&params, 1)?))
    }
}

async fn params(parts: &mut Parts, app: &Shared) -> Result<RawPathParams> {
    RawPathParams::from_request_parts(parts, app).await.map_err(|_| invalid("path", "is not valid UTF-8"))
}

fn nth<T: FromStr<Err: Display>>(params: &RawPathParams, at: usize) -> Result<T> {
    let (name, text) = params.iter().nth(at).ok_or_else(|| invalid("path", "a segment is missing"))?;
    // Nothing has a name with NUL, and not every database can be asked for one.
    if text.contains('\0') {
        return Err(invalid(name, "cannot contain NUL"));
    }
    text.parse().map_err(|error| invalid(name, error))
}
