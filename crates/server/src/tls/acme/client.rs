//! Requests to the authority, by the HTTP client that the server has anyway.

use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response};
use http_body_util::BodyExt;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::{Certificate, Client};

use crate::authorities;

const WHOLE: Duration = Duration::from_secs(30);

pub struct Http(pub Client);

/// A client that believes the system's authorities, or only those of a file.
pub fn build(ca_file: Option<&str>) -> Result<Client, String> {
    let read = |path: &str| {
        let bytes = std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
        Certificate::from_pem_bundle(&bytes).map_err(|error| format!("{path} has no certificates: {error}"))
    };
    let only = ca_file.map(read).transpose()?;
    let client = authorities::client(|client| {
        let client = client.timeout(WHOLE).user_agent(concat!("LaserChat/", env!("CARGO_PKG_VERSION")));
        match &only {
            Some(certificates) => client.tls_certs_only(certificates.clone()),
            None => client,
        }
    });
    client.map_err(|error| error.to_string())
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|error| Error::Other(error.into()))?.to_bytes();
            let request = reqwest::Request::try_from(Request::from_parts(parts, body));
            let request = request.map_err(|error| Error::Other(error.into()))?;
            let answer = client.execute(request).await.map_err(|error| {
                let cause = error.source().map(|source| format!(" ({source})")).unwrap_or_default();
                Error::Other(format!("{error}{cause}").into())
            })?;
            let (parts, body) = Response::<reqwest::Body>::from(answer).into_parts();
            let body = body.collect().await.map_err(|error| Error::Other(error.into()))?.to_bytes();
            Ok(BytesResponse { parts, body: Box::new(body) })
        })
    }
}
