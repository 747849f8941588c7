//! Log lines, and traces for an OpenTelemetry collector where one is configured.
//!
//! Lines go to stderr, for people or as JSON. No text of a message, no token and no password ever goes into one: a test
//! runs a whole server at the most talkative level and looks for them.
//!
//! Traces are the server's own spans (a request, a commit, a message's way to its recipients), sent by OTLP over HTTP in
//! the background. A collector that is away costs traces and nothing else.

use std::io::IsTerminal;

use async_trait::async_trait;
use axum::http::{Request, Response, Uri};
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer};

use crate::authorities;
use crate::config::{Config, LogFormat};

/// Where a collector takes traces, when only its host is configured.
const TRACES_PATH: &str = "/v1/traces";

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    #[error("wrong value for `log.level`: {0}")]
    Level(String),
    #[error("traces cannot be sent: {0}")]
    Traces(String),
    #[error("logging was started before")]
    Twice,
}

/// What has to be finished when the program ends.
#[derive(Default)]
pub struct Logging {
    traces: Option<SdkTracerProvider>,
}

/// Begins to log, for the whole process. Traces are sent by the runtime of `handle`.
pub fn start(config: &Config, handle: &Handle) -> Result<Logging, LoggingError> {
    let filter = EnvFilter::try_new(&config.log.level).map_err(|error| LoggingError::Level(error.to_string()))?;
    let traces = match &config.otel.endpoint {
        Some(endpoint) => Some(provider(endpoint, handle)?),
        None => None,
    };
    let spans = traces.as_ref().map(|provider| spans(provider.tracer("laserchat")));
    let subscriber = tracing_subscriber::registry().with(lines(config.log.format).with_filter(filter)).with(spans);
    tracing::subscriber::set_global_default(subscriber).map_err(|_| LoggingError::Twice)?;
    Ok(Logging { traces })
}

impl Logging {
    /// Sends the traces that still wait. It blocks, so it is not for a thread of the runtime; the runtime must be alive.
    pub fn finish(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown()
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    }
}

/// Our own spans. Those of libraries are about their insides, and would trace the sending of traces.
fn spans<S>(tracer: SdkTracer) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let ours = Targets::new().with_target("laserchat", tracing::Level::DEBUG);
    tracing_opentelemetry::layer().with_tracer(tracer).with_filter(ours).boxed()
}

fn provider(endpoint: &str, handle: &Handle) -> Result<SdkTracerProvider, LoggingError> {
    let failed = |error: &dyn std::fmt::Display| LoggingError::Traces(error.to_string());
    let http = authorities::client(|client| client).map_err(|error| failed(&error))?;
    let client = Client { http, handle: handle.clone() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_endpoint(traces_url(endpoint))
        .build()
        .map_err(|error| failed(&error))?;
    let resource = Resource::builder().with_service_name("laserchat").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// A collector is usually named by host and port alone. A path that is given is taken as it is.
fn traces_url(endpoint: &str) -> String {
    let bare = endpoint.parse::<Uri>().is_ok_and(|uri| matches!(uri.path(), "" | "/") && uri.query().is_none());
    if bare { format!("{}{TRACES_PATH}", endpoint.trim_end_matches('/')) } else { endpoint.to_owned() }
}

/// Sends the exporter's requests on the server's runtime, because the exporter's own thread has none.
#[derive(Debug)]
struct Client {
    http: reqwest::Client,
    handle: Handle,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request.map(reqwest::Body::from))?;
        let http = self.http.clone();
        let answer = async move {
            let answer = http.execute(request).await?.error_for_status()?;
            let status = answer.status();
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok::<_, reqwest::Error>(response)
        };
        Ok(self.handle.spawn(answer).await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[test]
    fn a_collector_is_named_by_host_or_in_full() {
        assert_eq!(traces_url("http://otel:4318"), "http://otel:4318/v1/traces");
        assert_eq!(traces_url("https://otel.example.org/"), "https://otel.example.org/v1/traces");
        assert_eq!(traces_url("http://otel:4318/custom/traces"), "http://otel:4318/custom/traces");
    }

    /// Takes one request, and returns its head and body.
    async fn collect(listener: TcpListener) -> std::io::Result<(String, Vec<u8>)> {
        let (mut stream, _) = listener.accept().await?;
        let mut bytes = Vec::new();
        loop {
            let mut part = [0; 4096];
            let read = stream.read(&mut part).await?;
            bytes.extend_from_slice(&part[..read]);
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            if bytes.len() >= end + 4 + length || read == 0 {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await?;
                return Ok((head, bytes[end + 4..].to_vec()));
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn spans_reach_a_collector() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let collected = tokio::spawn(collect(listener));

        let provider = provider(&endpoint, &Handle::current()).unwrap();
        let subscriber = tracing_subscriber::registry().with(spans(provider.tracer("laserchat")));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info_span!("answering", route = "/api/v1/me").in_scope(|| {});
            tracing::info_span!(target: "hyper", "insides").in_scope(|| {});
        });
        let logging = Logging { traces: Some(provider) };
        tokio::task::spawn_blocking(move || logging.finish()).await.unwrap();

        let (head, body) = collected.await.unwrap().unwrap();
        assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let holds = |text: &str| body.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("answering") && holds("/api/v1/me") && holds("laserchat"));
        assert!(!holds("insides"));
    }
}
