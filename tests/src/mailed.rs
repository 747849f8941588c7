//! People who get mail: servers with a post office, addresses that are confirmed, and digests that are due when a test says.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::person::{PASSWORD, http};
use crate::server::change;
use crate::{Person, PostOffice, TestServer, patiently};

pub const SITE: &str = "https://chat.example.org";

/// The settings of a server that hands its mail to an office, by their environment names without the prefix.
pub fn settings(url: &str) -> [(&str, &str); 3] {
    [("SMTP_URL", url), ("SMTP_FROM", "Läser Chat <chat@example.org>"), ("PUBLIC_URL", SITE)]
}

/// A server that hands its mail to an office.
pub async fn server(office: &PostOffice) -> TestServer {
    TestServer::with(&settings(&office.url())).await
}

/// Asks for a link in a mail, without being signed in: its status, and the page behind it.
pub async fn visit(address: &str, method: Method, link: &str, body: &'static str) -> (StatusCode, String) {
    let path = link.find("/api/").map(|at| &link[at..]).expect("a link to the server");
    let form = "application/x-www-form-urlencoded";
    let request = http().request(method, format!("http://{address}{path}")).header("content-type", form).body(body);
    let answer = request.header("accept", "text/html").send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("a page"))
}

/// Gives somebody an address, confirmed by following the link in the mail that comes there.
pub async fn confirm(person: &Person, office: &PostOffice, email: &str) {
    let before = office.so_far().len();
    person.put("/me/email", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    let arrived = office.arrived(before + 1).await;
    let letter = arrived[before..].iter().find(|letter| letter.to == [email]).expect("a mail to this address");
    let (status, _) = visit(&person.address, Method::POST, &letter.link("/confirm-email/"), "").await;
    assert_eq!(status, StatusCode::OK);
}

/// The same, and the person wants digests.
pub async fn subscribe(person: &Person, office: &PostOffice, email: &str) {
    confirm(person, office, email).await;
    person.put("/me/notifications", json!({ "email": "hourly" })).await.expect(200);
}

/// Waits until somebody was told of so many messages.
pub async fn told(person: &Person, count: usize) {
    patiently("activity", async {
        while person.get("/me/activity").await.expect(200)["items"].as_array().expect("items").len() < count {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

const DUE: &str = "UPDATE digests SET due_at = 1 WHERE due_at IS NOT NULL";

/// Makes every digest that waits due. Whether any did.
pub fn hurry(data: &std::path::Path) -> bool {
    change(data, DUE)
}

/// The same in a running server, which then looks.
pub fn hurry_in(server: &TestServer) -> bool {
    let any = server.change(DUE);
    server.server().app.mail.as_ref().expect("it sends mail").wake();
    any
}
