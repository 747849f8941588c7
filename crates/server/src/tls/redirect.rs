//! Whoever comes without TLS is told where it is spoken.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

/// Answers everything with the same address in https: under `public`, if the server knows how people reach it, else under
/// the name that was asked for and the port that TLS is on.
pub fn router(public: Option<String>, port: u16) -> Router {
    Router::new().fallback(answer).with_state((public, port))
}

async fn answer(State((public, port)): State<(Option<String>, u16)>, request: Request) -> Response {
    let base = match public {
        Some(public) => Some(public.trim_end_matches('/').to_owned()),
        None => asked(&request)
            .map(|host| if port == 443 { format!("https://{host}") } else { format!("https://{host}:{port}") }),
    };
    match base {
        // Permanent, and with the same method: an API call is not to become a GET.
        Some(base) => Redirect::permanent(&format!("{base}{}", path(request.uri()))).into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn path(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The host that was asked for, without its port.
fn asked(request: &Request) -> Option<String> {
    let host: Authority = request.headers().get(HOST)?.to_str().ok()?.parse().ok()?;
    (!host.as_str().contains('@')).then(|| host.host().to_owned())
}
