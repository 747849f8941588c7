//! The web client, which the binary carries: its files, and its page for every address that it may have made.
//!
//! `build.rs` lists the files with their compressed forms, and what is served is the binary itself: no copy is made, and
//! what nobody asks for is not even read from the disk. The crates for this either compress while the server is compiled,
//! which takes a debug build minutes, or at run time, which takes memory; the web client's own build has both at hand.
//!
//! Files below `/assets/` carry a hash of their content in their names, so they are kept for good. Everything else is
//! asked for again each time, and answered with "not modified".

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use laserchat_protocol::Code;

use super::error::Error;

/// A file of the web client, by its path on the server.
pub struct File {
    pub path: &'static str,
    /// The media type.
    pub kind: &'static str,
    /// Differs when the content does.
    pub mark: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// The files by ascending path; none when the web client was not built before the server was.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/web.rs"));

const INDEX: &str = "/index.html";

/// Where files have a hash of their content in their names.
const HASHED: &str = "/assets/";

/// What browsers ask for by themselves where a page names no icon, and the icon that they get.
const FAVICON: (&str, &str) = ("/favicon.ico", "/icon-192.png");

/// The first parts of paths that are never the web client's.
const OTHERS: [&str; 4] = ["api", "healthz", "readyz", "metrics"];

/// Whether a request that no endpoint answers is the web client's. Such answers cost next to nothing, and a page is many
/// of them, so they are not counted.
pub fn serves(method: &Method, path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    matches!(*method, Method::GET | Method::HEAD) && !OTHERS.contains(&first)
}

/// What no endpoint answers.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let found = if serves(&method, uri.path()) { find(FILES, uri.path(), &headers) } else { None };
    match found {
        Some(Found::File(file)) => answer(file, &headers),
        Some(Found::Missing) => {
            let kind = (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            ([kind], include_str!("web/missing.html")).into_response()
        }
        None => Error::from(Code::NoSuchEndpoint).into_response(),
    }
}

enum Found {
    File(&'static File),
    /// The page of a web client that was not built.
    Missing,
}

/// The file of that name; or the page, at an address that the web client may know how to show.
fn find(files: &'static [File], path: &str, headers: &HeaderMap) -> Option<Found> {
    let by_path = |path| files.binary_search_by_key(&path, |file| file.path).ok().map(|at| Found::File(&files[at]));
    if path != "/" {
        if let Some(found) = by_path(if path == FAVICON.0 { FAVICON.1 } else { path }) {
            return Some(found);
        }
        if path.starts_with(HASHED) || !takes_page(path, headers) {
            return None;
        }
    }
    Some(by_path(INDEX).unwrap_or(Found::Missing))
}

/// Whether the page is an answer to this request. Browsers that go to an address say that they want a page. What takes
/// anything, such as curl, a preview of a link or a monitor, should find a link that works in a browser to work as well;
/// but a program that misses a file is told so, and one that wants data is not given a page in its stead.
fn takes_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let anything = accepts.is_empty() || accepts.iter().any(|accept| accept.trim_start().starts_with("*/*"));
    let names_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    accepts.iter().any(|accept| accept.contains("text/html")) || (anything && !names_file)
}

fn answer(file: &'static File, headers: &HeaderMap) -> Response {
    let (encoding, bytes) = choose(file, headers);
    // Each form has a mark of its own: a cache may hold several side by side.
    let tag = format!("\"{}{}\"", file.mark, encoding.map_or(String::new(), |name| format!("-{name}")));
    let unchanged = holds(headers, &tag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(Bytes::from_static(bytes)).into_response()
    };
    let kept = match file.path.starts_with(HASHED) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(CACHE_CONTROL, kept);
    set(ETAG, &tag);
    if file.brotli.is_some() || file.gzip.is_some() {
        set(VARY, "accept-encoding");
    }
    if !unchanged {
        set(CONTENT_TYPE, file.kind);
        if let Some(encoding) = encoding {
            set(CONTENT_ENCODING, encoding);
        }
    }
    response
}

/// The smallest form that the client can read.
fn choose(file: &'static File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    for (name, bytes) in [("br", file.brotli), ("gzip", file.gzip)] {
        if let Some(bytes) = bytes
            && accepts(headers, name)
        {
            return (Some(name), bytes);
        }
    }
    (None, file.plain)
}

/// Whether `Accept-Encoding` names the encoding, and not to refuse it.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let mut offers = lines.flat_map(|line| line.split(','));
    offers.any(|offer| {
        let (name, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
        let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start_matches('=');
        name.trim().eq_ignore_ascii_case(encoding) && weight.trim().parse().is_ok_and(|weight: f32| weight > 0.0)
    })
}

/// Whether the client says that it holds what would be sent.
fn holds(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut held = lines.flat_map(|line| line.split(',')).map(str::trim);
    // What a proxy has packed anew is only as good as the original, which is good enough here.
    held.any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    static SITE: &[File] = &[
        File {
            path: "/assets/app-1a2b.js",
            kind: "text/javascript; charset=utf-8",
            mark: "11",
            plain: b"plain",
            brotli: Some(b"br"),
            gzip: Some(b"gz"),
        },
        File { path: "/icon-192.png", kind: "image/png", mark: "44", plain: b"icon", brotli: None, gzip: None },
        File {
            path: "/index.html",
            kind: "text/html; charset=utf-8",
            mark: "22",
            plain: b"page",
            brotli: None,
            gzip: None,
        },
        File { path: "/sw.js", kind: "text/javascript", mark: "33", plain: b"worker", brotli: None, gzip: Some(b"w") },
    ];

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

    fn found(path: &str, accept: &'static str) -> Option<&'static str> {
        match find(SITE, path, &headers(&[(ACCEPT, accept)]))? {
            Found::File(file) => Some(file.path),
            Found::Missing => Some("missing"),
        }
    }

    fn answered(path: &str, pairs: &[(HeaderName, &'static str)]) -> Response {
        let file = SITE.iter().find(|file| file.path == path).unwrap();
        answer(file, &headers(pairs))
    }

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn files_are_found_by_name_and_people_get_the_page() {
        for accept in [BROWSER, "*/*"] {
            assert_eq!(found("/", accept), Some("/index.html"));
            assert_eq!(found("/sw.js", accept), Some("/sw.js"));
            assert_eq!(found("/assets/app-1a2b.js", accept), Some("/assets/app-1a2b.js"));
            assert_eq!(found("/assets/app-old.js", accept), None);
        }
        for path in ["/c/123", "/join/CODE", "/settings/profile", "/apiary"] {
            for accept in [BROWSER, "*/*", "*/*;q=0.8"] {
                assert_eq!(found(path, accept), Some("/index.html"), "{path} for {accept}");
            }
            assert!(find(SITE, path, &HeaderMap::new()).is_some());
            for accept in ["application/json", "image/png,*/*;q=0.8"] {
                assert_eq!(found(path, accept), None, "{path} for {accept}");
            }
        }
        for path in ["/missing.js", "/.env", "/c/missing.png"] {
            assert_eq!(found(path, "*/*"), None, "a program that misses {path} is not given a page");
            assert!(find(SITE, path, &HeaderMap::new()).is_none());
        }
        assert_eq!(found("/favicon.ico", "image/png,*/*;q=0.8"), Some("/icon-192.png"));
    }

    #[test]
    fn without_a_web_client_people_are_told_so() {
        assert!(matches!(find(&[], "/", &HeaderMap::new()), Some(Found::Missing)));
        assert!(matches!(find(&[], "/join/CODE", &headers(&[(ACCEPT, BROWSER)])), Some(Found::Missing)));
        assert!(find(&[], "/assets/app.js", &headers(&[(ACCEPT, BROWSER)])).is_none());
    }

    #[test]
    fn what_belongs_to_endpoints_is_left_alone() {
        for path in ["/api", "/api/v1/nothing", "/healthz/x", "/metrics", "/readyz"] {
            assert!(!serves(&Method::GET, path), "{path}");
        }
        assert!(serves(&Method::HEAD, "/") && serves(&Method::GET, "/apiary"));
        assert!(!serves(&Method::POST, "/"));
    }

    #[test]
    fn the_form_is_one_that_the_client_reads() {
        let chosen = |accepted: &'static str| {
            let response = answered("/assets/app-1a2b.js", &[(ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, VARY), "accept-encoding");
            assert_eq!(header(&response, CONTENT_TYPE), "text/javascript; charset=utf-8");
            (header(&response, CONTENT_ENCODING).to_owned(), header(&response, ETAG).to_owned())
        };
        let form = |encoding: &str, tag: &str| (encoding.to_owned(), tag.to_owned());
        assert_eq!(chosen("gzip, deflate, br, zstd"), form("br", "\"11-br\""));
        assert_eq!(chosen("gzip;q=0.5, BR;q=0"), form("gzip", "\"11-gzip\""));
        assert_eq!(chosen("identity"), form("", "\"11\""));
        assert_eq!(chosen("gzip;q=none"), form("", "\"11\""));
    }

    #[test]
    fn what_is_held_is_not_sent_again() {
        let asked = |held| answered("/index.html", &[(IF_NONE_MATCH, held)]);
        for held in ["\"22\"", "W/\"22\"", "\"1\", \"22\"", "*"] {
            let response = asked(held);
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{held}");
            assert_eq!((header(&response, ETAG), header(&response, CACHE_CONTROL)), ("\"22\"", "no-cache"));
            assert_eq!(header(&response, CONTENT_TYPE), "");
        }
        assert_eq!(asked("\"11\"").status(), StatusCode::OK);
        // Another form is another thing.
        let other = answered("/sw.js", &[(IF_NONE_MATCH, "\"33-gzip\"")]);
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn only_what_names_its_content_is_kept() {
        let kept = |path| header(&answered(path, &[]), CACHE_CONTROL).to_owned();
        assert_eq!(kept("/assets/app-1a2b.js"), "public, max-age=31536000, immutable");
        assert_eq!(kept("/index.html"), "no-cache");
        assert_eq!(kept("/sw.js"), "no-cache");
    }
}
