//! Link previews: what pages say of themselves comes under messages, and no page can hurt the server or reach behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use laserchat_tests::receiver::answer;
use laserchat_tests::{Person, Process, Receiver, Socket, TestServer, patiently, process};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const LOCAL: [(&str, &str); 1] = [("OUTBOUND_ALLOW", "127.0.0.1")];

fn page(title: &str) -> String {
    let html = format!(
        "<!doctype html><title>not this</title><meta property='og:title' content='{title}'>
         <meta property='og:site_name' content='Example'><meta name='description' content='About {title}'>"
    );
    answer("200 OK", "content-type: text/html; charset=utf-8\r\n", &html)
}

/// The next change of a message to somebody who listens.
async fn updated(socket: &mut Socket) -> Value {
    socket.expect("message.updated").await["message"].clone()
}

fn titles(message: &Value) -> Vec<&str> {
    let previews = message["previews"].as_array().map(Vec::as_slice).unwrap_or_default();
    previews.iter().map(|preview| preview["title"].as_str().unwrap()).collect()
}

fn path(message: &Value) -> String {
    format!("/messages/{}", message["id"].as_str().unwrap())
}

/// A server that answers every connection with these bytes, and then with zeros for as long as they are taken. How many
/// connections there were, and how many bytes.
async fn raw(
    address: &str,
    first: &'static [u8],
    endless: bool,
) -> (std::net::SocketAddr, Arc<AtomicU64>, Arc<AtomicU64>) {
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let at = listener.local_addr().unwrap();
    let (asked, sent) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let counts = (Arc::clone(&asked), Arc::clone(&sent));
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            counts.0.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = peer.read(&mut request).await;
            let _ = peer.write_all(first).await;
            while endless && peer.write_all(&[b' '; 65_536]).await.is_ok() {
                counts.1.fetch_add(65_536, Ordering::SeqCst);
            }
            let _ = peer.shutdown().await;
        }
    });
    (at, asked, sent)
}

#[tokio::test]
async fn a_preview_comes_under_the_message_and_follows_its_edits() {
    let server = TestServer::with(&LOCAL).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Readers", &[&bob]).await;
    let mut receiver = Receiver::start().await;
    receiver.page("/one", page("One"));
    receiver.page("/two", page("Two"));
    let (one, two) = (receiver.url("/one"), receiver.url("/two"));
    let mut bobs = bob.connect().await;
    let said = ann.say(&group, "a", &format!("read {one}, please")).await;
    assert_eq!(said["previews"], Value::Null, "sending waits for nothing");
    let seen = updated(&mut bobs).await;
    let preview = json!({ "url": one, "title": "One", "description": "About One", "site": "Example" });
    assert_eq!((&seen["id"], &seen["previews"]), (&said["id"], &json!([preview])));
    assert_eq!((&seen["edited_at"], &seen["changed"]), (&Value::Null, &json!(said["seq"].as_u64().unwrap() + 1)));
    let asked = receiver.next().await;
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/one"));
    assert!(asked.headers["user-agent"].starts_with("LaserChat/") && !asked.headers.contains_key("cookie"));
    // The same page again is known; the place in it is for the reader.
    let again = bob.say(&group, "b", &format!("[this]({one}#part) and <{two}>")).await;
    let seen = updated(&mut bobs).await;
    assert_eq!((&seen["id"], titles(&seen)), (&again["id"], vec!["One", "Two"]));
    assert_eq!(seen["previews"][0]["url"], format!("{one}#part"));
    assert_eq!(receiver.rest().iter().map(|asked| asked.path.as_str()).collect::<Vec<_>>(), ["/two"]);

    // An edit takes one away and brings another.
    ann.put(&path(&said), json!({ "body": format!("rather {two}") })).await.expect(200);
    let edited = updated(&mut bobs).await;
    assert_eq!(edited["body"], format!("rather {two}"));
    assert_eq!(titles(&updated(&mut bobs).await), ["Two"]);
    ann.put(&path(&said), json!({ "body": "never mind" })).await.expect(200);
    updated(&mut bobs).await;
    assert!(titles(&updated(&mut bobs).await).is_empty());
    // Not in code, and not of what is deleted.
    ann.say(&group, "c", &format!("`{one}` and\n```\n{two}\n```")).await;
    let gone = ann.say(&group, "d", &one).await;
    updated(&mut bobs).await;
    let left = ann.delete(&path(&gone)).await.expect(200);
    assert_eq!(left["previews"], Value::Null);
    let last = bob.say(&group, "e", &two).await;
    assert_eq!(updated(&mut bobs).await["id"], last["id"]);
    let history = bob.history(&group).await;
    let with: Vec<&Value> =
        history.iter().filter(|message| !titles(message).is_empty()).map(|one| &one["id"]).collect();
    assert_eq!(with, [&again["id"], &last["id"]]);
}

#[tokio::test]
async fn the_author_takes_it_away_for_good() {
    let server = TestServer::with(&LOCAL).await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("Readers", &[&bob]).await;
    let receiver = Receiver::start().await;
    receiver.page("/one", page("One"));
    receiver.page("/two", page("Two"));
    let mut bobs = bob.connect().await;
    let said = ann.say(&group, "a", &receiver.url("/one")).await;
    updated(&mut bobs).await;
    let previews = format!("{}/previews", path(&said));
    bob.delete(&previews).await.refused(403, "forbidden");
    eve.delete(&previews).await.refused(404, "not_found");
    let without = ann.delete(&previews).await.expect(200);
    assert_eq!((&without["previews"], &without["no_previews"]), (&Value::Null, &json!(true)));
    assert_eq!(updated(&mut bobs).await["no_previews"], true);
    assert_eq!(ann.delete(&previews).await.expect(200)["changed"], without["changed"], "twice changes nothing");
    ann.put(&path(&said), json!({ "body": receiver.url("/two") })).await.expect(200);
    updated(&mut bobs).await;
    let other = ann.say(&group, "b", &receiver.url("/two")).await;
    assert_eq!(updated(&mut bobs).await["id"], other["id"], "the first one was not looked at again");
    assert_eq!(ann.get(&path(&said)).await.expect(200)["no_previews"], true);
    ann.delete(&path(&other)).await.expect(200);
    ann.delete(&format!("{}/previews", path(&other))).await.refused(410, "message_deleted");
}

/// Each stands in one message before a page that is fine: once that is shown, the other has been dealt with.
#[tokio::test]
async fn hostile_pages_show_nothing() {
    let server = TestServer::with(&LOCAL).await;
    let ann = server.person("ann").await;
    let notes = ann.group("Notes", &[]).await;
    let receiver = Receiver::start().await;
    receiver.page("/fine", page("Fine"));
    let html = "content-type: text/html\r\n";
    let inner =
        raw("127.0.0.2", b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>secret</title>", false).await;
    let sixth = raw("::1", b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>secret</title>", false).await;
    let away = |to: String| answer("302 Found", &format!("location: {to}\r\n"), "");
    for (place, said) in [
        ("/loop", away("/loop".into())),
        ("/ping", away("/pong".into())),
        ("/pong", away(receiver.url("/ping"))),
        ("/inner", away(format!("http://{}/", inner.0))),
        ("/by-name", away(format!("http://localhost:{}/", sixth.0.port()))),
        ("/six", away(format!("http://{}/", sixth.0))),
        ("/cloud", away("http://169.254.169.254/latest/meta-data/".into())),
        ("/private", away("http://10.0.0.1/".into())),
        ("/file", away("file:///etc/passwd".into())),
        ("/password", away("http://a:b@127.0.0.1/".into())),
        ("/nowhere", answer("302 Found", "", "")),
        ("/missing", answer("404 Not Found", html, "<title>Not found</title>")),
        ("/picture", answer("200 OK", "content-type: image/png\r\n", "<title>no</title>")),
        ("/untyped", answer("200 OK", "", "<title>no</title>")),
        ("/packed", answer("200 OK", "content-type: text/html\r\ncontent-encoding: gzip\r\n", "<title>no</title>")),
        ("/silent", answer("200 OK", html, "nothing is said here")),
        ("/bomb", answer("200 OK", html, &"<a ".repeat(1_000_000))),
        ("/attributes", answer("200 OK", html, &format!("<meta{}", " x=1".repeat(200_000)))),
        ("/rubbish", "what is this\r\n\r\n".to_owned()),
    ] {
        receiver.page(place, said);
    }
    let mut listening = ann.connect().await;
    let places = [
        "/loop",
        "/ping",
        "/inner",
        "/by-name",
        "/six",
        "/cloud",
        "/private",
        "/file",
        "/password",
        "/nowhere",
        "/missing",
        "/picture",
        "/untyped",
        "/packed",
        "/silent",
        "/bomb",
        "/attributes",
        "/rubbish",
    ];
    for place in places {
        ann.say(&notes, place, &format!("{} {}", receiver.url(place), receiver.url("/fine"))).await;
        assert_eq!(titles(&updated(&mut listening).await), ["Fine"], "{place}");
    }
    let direct = format!("http://{}/ http://[::1]:{}/ {}", inner.0, sixth.0.port(), receiver.url("/fine"));
    ann.say(&notes, "direct", &direct).await;
    assert_eq!(titles(&updated(&mut listening).await), ["Fine"]);
    assert_eq!((inner.1.load(Ordering::SeqCst), sixth.1.load(Ordering::SeqCst)), (0, 0), "nobody knocked there");
}

#[tokio::test]
async fn an_endless_page_is_read_at_its_beginning_only() {
    let server = TestServer::with(&LOCAL).await;
    let ann = server.person("ann").await;
    let notes = ann.group("Notes", &[]).await;
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=windows-1251\r\ncontent-length: 5368709120\r\n\r\n\
        <title>\xcf\xf0\xe8\xe2\xe5\xf2</title>";
    let (at, _, sent) = raw("127.0.0.1", head, true).await;
    let mut listening = ann.connect().await;
    ann.say(&notes, "a", &format!("http://{at}/")).await;
    assert_eq!(titles(&updated(&mut listening).await), ["Привет"]);
    // Half a megabyte is read; what else was sent lay in the buffers of the system.
    assert!(sent.load(Ordering::SeqCst) < 64 << 20, "{sent:?}");
}

#[tokio::test]
async fn a_slow_page_holds_up_nobody() {
    let server = TestServer::with(&LOCAL).await;
    let ann = server.person("ann").await;
    let notes = ann.group("Notes", &[]).await;
    let mut receiver = Receiver::start().await;
    receiver.page("/slow", String::new());
    receiver.page("/fine", page("Fine"));
    let mut listening = ann.connect().await;
    ann.say(&notes, "slow", &receiver.url("/slow")).await;
    assert_eq!(receiver.next().await.path, "/slow");
    let fine = ann.say(&notes, "fine", &receiver.url("/fine")).await;
    assert_eq!(updated(&mut listening).await["id"], fine["id"]);
    // The author does not wait for it either.
    let slow = ann.history(&notes).await.into_iter().find(|message| message["client_id"] == "slow").unwrap();
    ann.put(&path(&slow), json!({ "body": receiver.url("/fine") })).await.expect(200);
    updated(&mut listening).await;
    assert_eq!(titles(&updated(&mut listening).await), ["Fine"]);
}

#[tokio::test]
async fn a_server_can_do_without() {
    let mut server = TestServer::with(&[LOCAL[0], ("PREVIEWS_ENABLED", "off")]).await;
    let ann = server.person("ann").await;
    let notes = ann.group("Notes", &[]).await;
    let mut receiver = Receiver::start().await;
    let said = ann.say(&notes, "a", &receiver.url("/")).await;
    server.stop().await;
    server.start_again().await;
    assert_eq!(ann.get(&path(&said)).await.expect(200)["changed"], said["changed"]);
    assert!(receiver.rest().is_empty());
}

/// Killed while it asks: it asks again, and every message is changed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_done_twice_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let start = async |address: &str| {
        let mut serve = process::command();
        serve.args(["serve", "--rate-limits", "off", "--outbound-allow", "127.0.0.1", "--listen", address, "--data"]);
        serve.arg(folder.path()).stderr(std::process::Stdio::null());
        Process::run(serve).await
    };
    let mut running = start("127.0.0.1:0").await;
    let address = running.address.clone();
    let ann = Person::register(&address, "ann").await;
    let notes = ann.group("Notes", &[]).await;
    let head = async || ann.get(&format!("/conversations/{notes}")).await.expect(200)["seq"].as_u64().unwrap();
    let begun = head().await;
    let mut receiver = Receiver::start().await;
    for round in 0..4 {
        for number in 0..3 {
            let place = format!("/{round}-{number}");
            // In every other round the page has not answered when the server dies.
            if round % 2 == 1 {
                receiver.page(&place, String::new());
            } else {
                receiver.page(&place, page("Page"));
            }
            ann.say(&notes, &place, &receiver.url(&place)).await;
        }
        receiver.next().await;
        running.kill().await;
        for number in 0..3 {
            receiver.page(&format!("/{round}-{number}"), page("Page"));
        }
        running = start(&address).await;
    }
    patiently("every preview", async {
        loop {
            let history = ann.history(&notes).await;
            let texts = || history.iter().filter(|message| message["type"] == "text");
            if texts().all(|message| titles(message) == ["Page"]) {
                assert_eq!(texts().count(), 12);
                assert_eq!(head().await, begun + 24, "one seq for each message, and one for its preview");
                return;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(running.terminate().await.success());
}
