//! The web client in the binary, asked for as browsers ask: whatever was built in is served whole, and where nothing was,
//! people are told so.

use laserchat_server::http::web::{FILES, File};
use laserchat_tests::TestServer;
use laserchat_tests::person::http;
use laserchat_tests::raw::{code, raw};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

/// What a browser accepts when a person goes to an address.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn page(server: &TestServer, path: &str) -> RequestBuilder {
    raw(server, Method::GET, path).header("accept", PAGE)
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().expect("a header is text"))
}

/// The bytes that a form of a file must have.
fn form(file: &File, encoding: &str) -> &'static [u8] {
    match encoding {
        "br" => file.brotli.expect("it is compressed"),
        "gzip" => file.gzip.expect("it is compressed"),
        _ => file.plain,
    }
}

#[tokio::test]
async fn every_file_comes_whole_in_the_form_that_was_asked_for() {
    let server = TestServer::start().await;
    let (http, base) = (http(), format!("http://{}", server.address()));
    for file in FILES {
        for encoding in ["identity", "gzip", "gzip, deflate, br"] {
            let ask = |method| http.request(method, format!("{base}{}", file.path)).header("accept-encoding", encoding);
            let answer = ask(Method::GET).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{}", file.path);
            assert_eq!(header(&answer, "content-type"), file.kind);
            let used = header(&answer, "content-encoding").to_owned();
            assert!(used.is_empty() || encoding.contains(&used), "{encoding} was asked for, not {used}");
            assert_eq!(header(&answer, "vary").is_empty(), file.brotli.is_none() && file.gzip.is_none());
            let hashed = file.path.starts_with("/assets/");
            let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
            assert_eq!(header(&answer, "cache-control"), kept, "{}", file.path);
            let tag = header(&answer, "etag").to_owned();
            assert_eq!(answer.bytes().await.unwrap(), form(file, &used), "{}", file.path);

            // Nothing of it is sent to whoever has it, and only its head to whoever asks for that.
            let again = ask(Method::GET).header("if-none-match", &tag).send().await.unwrap();
            assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
            assert_eq!(header(&again, "cache-control"), kept);
            assert!(again.bytes().await.unwrap().is_empty());
            let head = ask(Method::HEAD).send().await.unwrap();
            assert_eq!(header(&head, "content-length"), form(file, &used).len().to_string());
            assert!(head.bytes().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_person_gets_the_page_wherever_they_go_and_nobody_gets_it_for_a_file() {
    let server = TestServer::start().await;
    let home = page(&server, "/").send().await.unwrap().text().await.unwrap();
    assert!(home.contains("LaserChat"));
    assert_eq!(home.contains("cargo xtask run"), FILES.is_empty(), "without a web client the page says how to get it");
    let link = server.server().owner_link.clone().expect("a new server has a link for its owner");
    let join = link.strip_prefix("http://localhost").and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap();
    assert!(join.starts_with("/join/"), "{link}");
    for path in ["/c/123", join, "/settings/profile", "/nowhere/at/all?x=1"] {
        let answer = page(&server, path).send().await.unwrap();
        assert_eq!((answer.status(), header(&answer, "content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
        assert_eq!(answer.text().await.unwrap(), home, "{path}");
        // As curl asks, or what shows previews of links; but not what wants data.
        let anything = raw(&server, Method::GET, path).header("accept", "*/*").send().await.unwrap();
        assert_eq!((anything.status(), anything.text().await.unwrap()), (StatusCode::OK, home.clone()), "{path}");
        let data = raw(&server, Method::GET, path).header("accept", "application/json").send().await.unwrap();
        assert_eq!(code(data).await, (404, "no_such_endpoint".into()), "{path}");
    }
    for path in ["/assets/gone-1234.js", "/api/v1/nothing", "/api", "/healthz/x", "/metrics/x"] {
        let answer = page(&server, path).send().await.unwrap();
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}: what is missing now may be there soon");
        assert_eq!(code(answer).await, (404, "no_such_endpoint".into()), "{path}");
    }
    for path in ["/missing.js", "/.env"] {
        let answer = raw(&server, Method::GET, path).header("accept", "*/*").send().await.unwrap();
        assert_eq!(code(answer).await, (404, "no_such_endpoint".into()), "{path}");
    }
    // Browsers ask for this by themselves where a page names no icon.
    let icon = raw(&server, Method::GET, "/favicon.ico").send().await.unwrap();
    assert_eq!(icon.status().is_success(), !FILES.is_empty());
    let posted = raw(&server, Method::POST, "/c/123").header("accept", PAGE).send().await.unwrap();
    assert_eq!(code(posted).await, (404, "no_such_endpoint".into()));
    // `/` is the page for everybody, such as those who only look whether it is up.
    assert_eq!(raw(&server, Method::GET, "/").send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(raw(&server, Method::HEAD, "/").send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_page_may_do_only_what_it_needs() {
    let server = TestServer::start().await;
    for path in ["/", "/c/1", "/api/docs"] {
        let answer = page(&server, path).send().await.unwrap();
        let policy = header(&answer, "content-security-policy");
        for rule in ["default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'"] {
            assert!(policy.split("; ").any(|given| given == rule), "{path}: {rule} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
        assert!(header(&answer, "permissions-policy").contains("geolocation=()"));
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        let html = answer.text().await.unwrap();
        assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn loading_the_page_again_and_again_is_not_too_often() {
    let server = TestServer::with(&[("RATE_LIMITS", "on")]).await;
    let (http, address) = (http(), server.address());
    let paths = FILES.iter().map(|file| file.path).chain(["/", "/c/1"]).cycle();
    for path in paths.take(400) {
        let answer = http.get(format!("http://{address}{path}")).header("accept", PAGE).send().await.unwrap();
        assert_eq!((answer.status(), header(&answer, "ratelimit-limit")), (StatusCode::OK, ""), "{path}");
    }
    // And nothing of the API was used up by it.
    let answer = raw(&server, Method::GET, "/api/v1/server").send().await.unwrap();
    assert_eq!(answer.headers()["ratelimit-remaining"], "119");
}
