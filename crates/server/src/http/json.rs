//! JSON bodies: what is accepted, and what is said of what is not.
//!
//! In this order: the media type, the size, the time that the body takes to arrive, the nesting (before anything is
//! parsed), UTF-8, syntax, types. What is said names the place or the field and never repeats a value, because a value in
//! the wrong place may be a secret.

use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use laserchat_protocol::limits::JSON_DEPTH;
use laserchat_protocol::{Code, Problem};
use serde::de::DeserializeOwned;

use super::error::Error;
use crate::app::Shared;

/// A body may take this long to arrive, whole.
const ARRIVAL: Duration = Duration::from_secs(30);

/// The body of a request, read from JSON.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Error> {
        check_media_type(request.headers())?;
        let bytes = read(request.into_body(), app.config.limits.body_bytes).await?;
        Ok(Body(parse(&bytes)?))
    }
}

/// Reads a whole body, within the limits of size and time.
pub async fn read(body: HttpBody, limit: usize) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Code::TooLarge).detail(format!("at most {limit} bytes"));
    // Whoever says beforehand how much is coming is refused before it comes.
    if http_body::Body::size_hint(&body).lower() > limit as u64 {
        return Err(too_large());
    }
    match tokio::time::timeout(ARRIVAL, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(Code::MalformedJson).detail("the body broke off")),
        Err(_) => Err(Problem::new(Code::BodyTimeout).detail(format!("within {} seconds", ARRIVAL.as_secs()))),
    }
}

/// Whether a method comes with a body that is worth reading.
pub fn has_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT)
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let json = media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType).detail("send `Content-Type: application/json`, in UTF-8"))
}

/// Reads a value from JSON text, from a body or a frame alike.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    check_depth(bytes)?;
    let malformed = |detail: String| Problem::new(Code::MalformedJson).detail(detail);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("byte {} is not valid UTF-8", error.valid_up_to() + 1)))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let problem = malformed(explain(error.inner()));
        if path == "." { problem } else { problem.field(path) }
    })?;
    reader.end().map_err(|error| malformed(explain(&error)))?;
    Ok(value)
}

/// What is wrong, without the value that is wrong: of "invalid type: string "…", expected a map" the end stays.
fn explain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = said.strip_suffix(&place).unwrap_or(&said);
    let reason = match said.rfind(", expected ") {
        Some(at) => &said[at + 2..],
        None => said,
    };
    // Objects that are read twice (tagged ones) have lost the place.
    if error.line() == 0 { reason.to_owned() } else { format!("{reason}{place}") }
}

/// Counts brackets outside of strings, so that nothing deeply nested reaches the parser.
pub fn check_depth(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for &byte in bytes {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > JSON_DEPTH {
                    return Err(Problem::new(Code::TooDeep).detail(format!("at most {JSON_DEPTH} levels")));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use laserchat_protocol::session::{Login, Register};
    use laserchat_protocol::token::TokenCreate;

    fn refused<T: DeserializeOwned>(text: &[u8]) -> Problem {
        parse::<T>(text).err().expect("this should be refused")
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let login: Login = parse(br#"{"login":"ada","password":"x","later":{"a":[1,2]}}"#).unwrap();
        assert_eq!(login.login, "ada");
    }

    #[test]
    fn syntax_errors_name_the_place() {
        let problem = refused::<Login>(b"{\"login\":\n  }");
        assert_eq!(problem.code, Code::MalformedJson);
        assert_eq!(problem.detail.as_deref(), Some("expected value at line 2 column 3"));
        assert!(refused::<Login>(b"").detail.unwrap().contains("line 1"));
        assert!(refused::<Login>(br#"{"login":"a","password":"b"} x"#).detail.unwrap().contains("trailing"));
    }

    #[test]
    fn type_errors_name_the_field_and_never_the_value() {
        let problem = refused::<Register>(br#"{"username":"ada","password":"x","device":{"type":"hunter2"}}"#);
        assert_eq!(problem.field.as_deref(), Some("device.type"));
        let detail = problem.detail.unwrap();
        assert!(detail.starts_with("expected one of `web`") && !detail.contains("hunter2"), "{detail}");
        let problem = refused::<Login>(br#"{"login":"ada","password":["hunter2, expected "]}"#);
        assert_eq!(problem.field.as_deref(), Some("password"));
        assert!(problem.detail.unwrap().starts_with("expected a string"));
        assert!(refused::<Login>(br#"{"login":"ada"}"#).detail.unwrap().starts_with("missing field `password`"));
        assert_eq!(refused::<Login>(b"[]").code, Code::MalformedJson);
    }

    #[test]
    fn text_that_is_no_text_is_refused() {
        for bad in [&b"{\"login\":\"\xff\",\"password\":\"x\"}"[..], br#"{"login":"\ud800","password":"x"}"#] {
            assert_eq!(refused::<Login>(bad).code, Code::MalformedJson);
        }
        // In fields that nobody reads as well.
        assert_eq!(refused::<Login>(b"{\"x\":\"\xff\",\"login\":\"a\",\"password\":\"x\"}").code, Code::MalformedJson);
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(check_depth(nested(JSON_DEPTH).as_bytes()).is_ok());
        assert_eq!(check_depth(nested(JSON_DEPTH + 1).as_bytes()).unwrap_err().code, Code::TooDeep);
        assert!(check_depth(format!("\"\\\"{}\"", "[".repeat(100)).as_bytes()).is_ok());
        assert!(check_depth("[]".repeat(100).as_bytes()).is_ok());
        assert_eq!(refused::<TokenCreate>(nested(100_000).as_bytes()).code, Code::TooDeep);
    }

    #[test]
    fn only_json_in_utf_8() {
        let check = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            check_media_type(&headers).is_ok()
        };
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"] {
            assert!(check(good), "{good}");
        }
        for bad in ["text/plain", "", "application/json; charset=latin1", "multipart/form-data"] {
            assert!(!check(bad), "{bad}");
        }
        assert!(check_media_type(&HeaderMap::new()).is_err());
    }

    #[tokio::test]
    async fn too_large_bodies_are_refused() {
        assert_eq!(read(HttpBody::from("12345"), 4).await.unwrap_err().code, Code::TooLarge);
        assert_eq!(read(HttpBody::from("1234"), 4).await.unwrap(), "1234");
        // Of unknown length.
        let parts = futures_util::stream::iter(["123", "45"].map(Ok::<_, std::io::Error>));
        assert_eq!(read(HttpBody::from_stream(parts), 4).await.unwrap_err().code, Code::TooLarge);
    }
}
