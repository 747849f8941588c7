//! One order: an account, a proof for each name, a certificate.

use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use super::client::Http;
use super::state::{Kept, State};
use crate::config;
use crate::tls::{Certificate, Shown};

/// How long the authority may take to look at the proofs, and to make the certificate.
const PATIENCE: RetryPolicy =
    RetryPolicy::new().initial_delay(Duration::from_millis(250)).timeout(Duration::from_secs(120));

/// Why there is no certificate, in words for the operator.
type Outcome<T> = Result<T, String>;

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Gets a certificate into the state. Proofs are shown meanwhile, and left for the caller to take away.
pub async fn order(settings: &config::Acme, http: &reqwest::Client, state: &mut State, shown: &Shown) -> Outcome<()> {
    let account = account(settings, http, state).await?;
    let names: Vec<Identifier> = settings.domains.iter().cloned().map(Identifier::Dns).collect();
    let mut order = account.new_order(&NewOrder::new(&names)).await.map_err(said)?;
    prove(&mut order, shown).await?;
    match order.poll_ready(&PATIENCE).await.map_err(said)? {
        OrderStatus::Ready => {}
        _ => return Err(refused(&mut order).await),
    }
    let key = KeyPair::generate().map_err(said)?;
    let mut wanted = CertificateParams::new(settings.domains.clone()).map_err(said)?;
    wanted.distinguished_name = DistinguishedName::new();
    let request = wanted.serialize_request(&key).map_err(said)?;
    order.finalize_csr(request.der()).await.map_err(said)?;
    let chain = order.poll_certificate(&PATIENCE).await.map_err(said)?;
    let kept = Kept { domains: settings.domains.clone(), chain, key: key.serialize_pem() };
    // One that cannot be used must not take the place of one that can.
    Certificate::parse(kept.chain.as_bytes(), kept.key.as_bytes()).map_err(said)?;
    state.certificate = Some(kept);
    Ok(())
}

/// The account that is kept, or a new one.
async fn account(settings: &config::Acme, http: &reqwest::Client, state: &mut State) -> Outcome<Account> {
    let builder = || Account::builder_with_http(Box::new(Http(http.clone())));
    if let Some(credentials) = &state.account {
        // They are not cloneable, and consumed by the library.
        let copy = serde_json::to_value(credentials).and_then(serde_json::from_value).map_err(said)?;
        return builder().from_credentials(copy).await.map_err(said);
    }
    let contact = settings.email.as_ref().map(|email| format!("mailto:{email}"));
    let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder().create(&new, settings.directory.clone(), None).await.map_err(said)?;
    state.account = Some(credentials);
    Ok(account)
}

/// Shows what the authority wants to see under each name, and says that it may come.
async fn prove(order: &mut Order, shown: &Shown) -> Outcome<()> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.map_err(said)?;
        match authorization.status {
            AuthorizationStatus::Pending => {}
            AuthorizationStatus::Valid => continue,
            status => return Err(format!("the authority will not look at a proof: {status:?}")),
        }
        let mut challenge = authorization
            .challenge(ChallengeType::TlsAlpn01)
            .ok_or("the authority does not offer TLS-ALPN-01, the one proof that is spoken here")?;
        let name = challenge.identifier().to_string();
        let proof = proof(&name, challenge.key_authorization().digest().as_ref()).map_err(said)?;
        shown.prove(&name, Arc::new(proof));
        challenge.set_ready().await.map_err(said)?;
    }
    Ok(())
}

/// A certificate that nobody would trust, with the digest in it that only whoever holds the account can know.
fn proof(name: &str, digest: &[u8]) -> Outcome<CertifiedKey> {
    let key = KeyPair::generate().map_err(said)?;
    let mut shape = CertificateParams::new([name.to_owned()]).map_err(said)?;
    shape.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = shape.self_signed(&key).map_err(said)?;
    let signing = PrivateKeyDer::try_from(key.serialize_der()).map_err(said)?;
    let signing = any_supported_type(&signing).map_err(said)?;
    // Not checked against each other: what is critical in a proof is unknown to whoever checks ordinary certificates.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], signing))
}

/// What the authority found wrong.
async fn refused(order: &mut Order) -> String {
    let mut reasons = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else { continue };
        reasons.extend(state.challenges.iter().filter_map(|challenge| challenge.error.as_ref()).map(said));
    }
    let order = order.state().error.as_ref().map(said);
    reasons.extend(order);
    if reasons.is_empty() { "the authority did not accept the proofs".to_owned() } else { reasons.join("; ") }
}
