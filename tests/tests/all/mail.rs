//! E-mail from end to end: a real server, a real mail server of somebody else, and what arrives there.

use laserchat_tests::mailed::{SITE, confirm, hurry_in, server, subscribe, told, visit};
use laserchat_tests::person::PASSWORD;
use laserchat_tests::{Person, PostOffice, TestServer, patiently};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn reads(person: &Person, conversation: &str) {
    person.put(&format!("/conversations/{conversation}/read"), json!({})).await.expect(204);
}

/// Waits until a server has no digest to send.
async fn nothing_waits(server: &TestServer) {
    patiently("digests to be settled", async {
        while hurry_in(server) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Makes digests due until so many mails have arrived.
async fn hurried(server: &TestServer, office: &PostOffice, count: usize) {
    patiently("mail", async {
        while office.so_far().len() < count {
            hurry_in(server);
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_belongs_to_whoever_reads_there() {
    let office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    assert_eq!(ann.get("/server").await.expect(200)["email"], true);
    let mut tablet = ann.login().await.connect().await;
    let asked = |email: &str| json!({ "email": email, "password": PASSWORD });
    ann.put("/me/email", json!({ "email": "ann@example.org" })).await.refused(401, "wrong_credentials");
    ann.put("/me/email", json!({ "email": "ann@example.org", "password": "wrong" }))
        .await
        .refused(401, "wrong_credentials");
    for bad in ["ann", "ann@", "a b@example.org", "ann@example.org\r\nBcc: eve@example.org", "(x)@example.org"] {
        ann.put("/me/email", asked(bad)).await.refused(422, "invalid_field");
    }
    // Bob says it is his, and cannot confirm it.
    bob.put("/me", json!({ "email": "ann@example.org" })).await.expect(200);
    let account = ann.put("/me/email", asked("Ann@Example.org")).await.expect(200);
    assert_eq!((&account["email"], &account["email_waiting"]), (&Value::Null, &json!("ann@example.org")));
    assert_eq!(tablet.expect("account.updated").await["account"]["email_waiting"], "ann@example.org");
    let letter = office.arrived(1).await.remove(0);
    assert_eq!((letter.from.as_str(), &letter.to[..]), ("chat@example.org", &["ann@example.org".to_owned()][..]));
    assert!(letter.text().contains("@ann") && letter.html().contains("@ann"), "{}", letter.text());
    let link = letter.link("/confirm-email/");
    // Programs that look at every link in a mail confirm nothing.
    let (status, page) = visit(&server.address(), Method::GET, &link, "").await;
    assert!(status == StatusCode::OK && page.contains("ann@example.org") && page.contains("<button>"), "{page}");
    assert_eq!(ann.get("/me").await.expect(200)["email_confirmed"], Value::Null);
    let (most, last) = link.split_at(link.len() - 1);
    let wrong = format!("{most}{}", if last == "A" { 'Q' } else { 'A' });
    assert_eq!(visit(&server.address(), Method::POST, &wrong, "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(visit(&server.address(), Method::POST, &link, "").await.0, StatusCode::OK);
    let account = ann.get("/me").await.expect(200);
    assert_eq!((&account["email"], &account["email_confirmed"]), (&json!("ann@example.org"), &json!(true)));
    assert_eq!(tablet.expect("account.updated").await["account"]["email_confirmed"], true);
    assert_eq!(bob.get("/me").await.expect(200)["email"], Value::Null);
    bob.put("/me/email", asked("ann@example.org")).await.refused(409, "email_taken");
    assert_eq!(visit(&server.address(), Method::POST, &link, "").await.0, StatusCode::NOT_FOUND, "once");
    // A newer link takes the place of an older one, in the language of the account.
    ann.put("/me", json!({ "language": "de-AT" })).await.expect(200);
    ann.put("/me", json!({ "language": "no_such" })).await.refused(422, "invalid_field");
    for (count, email) in [(2, "one@example.org"), (3, "two@example.org")] {
        ann.put("/me/email", asked(email)).await.expect(200);
        office.arrived(count).await;
    }
    let letters = office.so_far();
    assert!(letters[1].subject().starts_with("Bestätige"), "{}", letters[1].subject());
    assert_eq!(visit(&server.address(), Method::POST, &letters[1].link("/confirm"), "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(visit(&server.address(), Method::POST, &letters[2].link("/confirm"), "").await.0, StatusCode::OK);
    assert_eq!(ann.get("/me").await.expect(200)["email"], "two@example.org");
    assert_ne!(letters[1].message_id(), letters[2].message_id());
    // Without a mail server there are no mails to send.
    let plain = TestServer::start().await;
    let cid = plain.person("cid").await;
    assert_eq!(cid.get("/server").await.expect(200)["email"], false);
    cid.put("/me/email", asked("cid@example.org")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_tells_what_was_missed_and_is_stopped_with_one_click() {
    let office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    subscribe(&bob, &office, "bob@example.org").await;
    let (direct, group) = (ann.direct(&bob).await, ann.group("Ops & Co", &[&bob]).await);
    let other = ann.group("Read", &[&bob]).await;
    ann.say(&other, "r", "already read @bob").await;
    ann.say(&direct, "1", "are you there?").await;
    let mention = ann.say(&group, "2", "@bob look: 1 < 2 && \"x\"").await;
    ann.say(&group, "3", "nothing for a digest").await;
    let gone = ann.say(&direct, "4", "said too much").await;
    told(&bob, 4).await;
    reads(&bob, &other).await;
    ann.delete(&format!("/messages/{}", gone["id"].as_str().unwrap())).await;
    assert!(hurry_in(&server));
    let letter = office.arrived(2).await.remove(1);
    assert_eq!(letter.to, ["bob@example.org"]);
    assert_eq!(letter.subject(), "Unread messages on LaserChat: 2");
    let (text, html) = (letter.text(), letter.html());
    assert!(
        text.contains("ann: are you there?") && text.contains("Ops & Co\r\nann: @bob look: 1 < 2 && \"x\""),
        "{text}"
    );
    assert!(html.contains("Ops &amp; Co") && html.contains("1 &lt; 2 &amp;&amp; &quot;x&quot;"), "{html}");
    let place = format!("{SITE}/c/{group}?at={}", mention["seq"]);
    assert!(text.contains(&place) && html.contains(&format!("href=\"{place}\"")), "{text}\n{html}");
    for absent in ["already read", "nothing for a digest", "said too much"] {
        assert!(!text.contains(absent) && !html.contains(absent), "{absent}: {text}");
    }
    assert!(!html.contains("src=") && !html.contains("url("), "nothing is loaded: {html}");
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    // RFC 8058.
    let link = letter.link("/unsubscribe/");
    assert_eq!(letter.header("List-Unsubscribe"), Some(format!("<{link}>")));
    assert_eq!(letter.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));

    // What it has told it does not tell again.
    nothing_waits(&server).await;
    ann.say(&direct, "5", "one more").await;
    told(&bob, 4).await;
    assert!(hurry_in(&server));
    let second = office.arrived(3).await.remove(2);
    assert!(second.text().contains("one more") && !second.text().contains("are you there?"), "{}", second.text());
    assert_ne!(second.message_id(), letter.message_id());

    let mut tablet = bob.login().await.connect().await;
    tablet.command("presence.set", json!({ "activity": "away" })).await;
    let (status, page) = visit(&server.address(), Method::GET, &link, "").await;
    assert!(status == StatusCode::OK && page.contains("@bob") && page.contains("<form"), "{page}");
    assert_eq!(bob.get("/me/notifications").await.expect(200)["email"], "hourly", "looking stops nothing");
    ann.say(&direct, "6", "never told").await;
    told(&bob, 5).await;
    for _ in 0..2 {
        let (status, _) = visit(&server.address(), Method::POST, &link, "List-Unsubscribe=One-Click").await;
        assert_eq!(status, StatusCode::OK);
    }
    assert_eq!(tablet.expect("notifications.updated").await["notifications"]["email"], "off");
    assert!(!hurry_in(&server), "nothing waits any more");
    let wrong = format!("{SITE}/api/v1/unsubscribe/{}", "A".repeat(43));
    assert_eq!(visit(&server.address(), Method::POST, &wrong, "").await.0, StatusCode::NOT_FOUND);
    let path = wrong.strip_prefix(&format!("{SITE}/api/v1")).unwrap();
    bob.post(path, json!({})).await.refused(404, "not_found");
    assert_eq!(office.so_far().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_and_who_is_here_needs_no_mail() {
    let office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    subscribe(&bob, &office, "bob@example.org").await;
    let direct = ann.direct(&bob).await;
    ann.say(&direct, "1", "read at once").await;
    told(&bob, 1).await;
    reads(&bob, &direct).await;
    assert!(hurry_in(&server));
    nothing_waits(&server).await;
    // Whoever uses some device is here, and gets no mail until that ends.
    let mut laptop = bob.login().await.connect().await;
    ann.say(&direct, "2", "while here").await;
    laptop.expect("message.sent").await;
    told(&bob, 2).await;
    assert!(hurry_in(&server));
    laptop.command("presence.set", json!({ "activity": "away" })).await;
    // The worker has put it off, or sees that nobody is here any more; either way it is not lost.
    hurried(&server, &office, 2).await;
    let letter = office.arrived(2).await.remove(1);
    assert!(letter.text().contains("while here") && !letter.text().contains("read at once"), "{}", letter.text());
    nothing_waits(&server).await;
    assert_eq!(office.so_far().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_names_stay_names_and_hidden_things_hidden() {
    let office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, eve, bob] = server.people(["ann", "eve", "bob"]).await;
    subscribe(&bob, &office, "bob@example.org").await;
    let name = "\"</b><img src=x>\" <eve@evil.org>, Bcc: x";
    eve.put(&format!("/users/{}/profile", eve.id), json!({ "display_name": name })).await.expect(200);
    ann.put("/admin/settings", json!({ "name": "<i>Ours</i> é\u{1F600}" })).await.expect(200);
    let group = eve.group("<script>alert(1)</script>{count}", &[&bob]).await;
    let body = "@bob \u{202E}<a href=\"javascript:x\">\r\n.\r\nBcc: all@example.org\r\n\r\n{server}";
    eve.say(&group, "1", body).await;
    told(&bob, 1).await;
    assert!(hurry_in(&server));
    let letter = office.arrived(2).await.remove(1);
    assert_eq!(letter.subject(), "Unread messages on <i>Ours</i> é\u{1F600}: 1");
    assert_eq!(letter.to, ["bob@example.org"]);
    let mut names = letter.header_names();
    names.sort();
    let expected = [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ];
    assert_eq!(names, expected);
    let html = letter.html();
    for element in ["<img", "<script", "<i>", "href=\"javascript", "\u{202E}"] {
        assert!(!html.contains(element), "{element}: {html}");
    }
    assert!(html.contains("&lt;img src=x&gt;") && html.contains("{count}") && html.contains("{server}"), "{html}");
    assert!(letter.text().contains(name), "{}", letter.text());

    bob.put("/me/notifications", json!({ "hide_content": true })).await.expect(200);
    bob.put("/me", json!({ "language": "ar" })).await.expect(200);
    nothing_waits(&server).await;
    eve.say(&group, "2", "@bob a secret").await;
    told(&bob, 2).await;
    assert!(hurry_in(&server));
    let letter = office.arrived(3).await.remove(2);
    for (what, text) in [("text", letter.text()), ("html", letter.html())] {
        for absent in ["secret", "evil", "alert", "script"] {
            assert!(!text.contains(absent), "{what}: {text}");
        }
    }
    assert!(letter.html().contains("dir=\"rtl\"") && letter.subject().ends_with(": 1"), "{}", letter.html());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_waits_for_its_server_and_one_bad_address_for_nobody() {
    let mut office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, bob, cid, dan] = server.people(["ann", "bob", "cid", "dan"]).await;
    for person in [&bob, &cid, &dan] {
        subscribe(person, &office, &format!("{}@example.org", person.username)).await;
    }
    let group = ann.group("All", &[&bob, &cid, &dan]).await;
    // Bob's mailbox is no more, Cid's is busy, Dan's is well. Then the server goes away with what it has taken.
    office.answer("bob@example.org", 550, usize::MAX);
    office.answer("cid@example.org", 450, 1);
    ann.say(&group, "1", "@bob @cid @dan hello").await;
    for person in [&bob, &cid, &dan] {
        told(person, 1).await;
    }
    assert!(hurry_in(&server));
    assert_eq!(office.arrived(4).await[3].to, ["dan@example.org"]);
    hurried(&server, &office, 5).await;
    assert_eq!(office.arrived(5).await[4].to, ["cid@example.org"]);
    nothing_waits(&server).await;

    office.close();
    ann.say(&group, "2", "@dan again").await;
    told(&dan, 2).await;
    assert!(hurry_in(&server));
    office.open().await;
    let letter = office.arrived(6).await.remove(5);
    assert!(letter.text().contains("again"), "{}", letter.text());
    nothing_waits(&server).await;

    // Taken, and nobody was told: what comes again has the same name, and tells nothing else.
    office.swallow(1);
    ann.say(&group, "3", "@dan once").await;
    told(&dan, 3).await;
    assert!(hurry_in(&server));
    let first = office.arrived(7).await.remove(6);
    ann.say(&group, "4", "@dan for the next one").await;
    told(&dan, 4).await;
    let again = office.arrived(8).await.remove(7);
    assert_eq!((again.message_id(), again.text()), (first.message_id(), first.text()));
    hurried(&server, &office, 9).await;
    let next = office.arrived(9).await.remove(8);
    assert!(next.text().contains("for the next one") && !next.text().contains("once"), "{}", next.text());
    assert_ne!(next.message_id(), first.message_id());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_confirmed_addresses_get_digests() {
    let office = PostOffice::start().await;
    let server = server(&office).await;
    let [ann, bob, cid] = server.people(["ann", "bob", "cid"]).await;
    bob.put("/me", json!({ "email": "bob@example.org" })).await.expect(200);
    confirm(&cid, &office, "cid@example.org").await;
    for person in [&bob, &cid] {
        person.put("/me/notifications", json!({ "email": "daily" })).await.expect(200);
    }
    let group = ann.group("All", &[&bob, &cid]).await;
    ann.say(&group, "1", "@bob @cid hello").await;
    told(&bob, 1).await;
    told(&cid, 1).await;
    assert!(hurry_in(&server));
    nothing_waits(&server).await;
    let to: Vec<_> = office.so_far().into_iter().flat_map(|letter| letter.to).collect();
    assert_eq!(to, ["cid@example.org", "cid@example.org"], "a link, and a digest");
    // Links in old mails outlive the server's process.
    let link = office.so_far()[1].link("/unsubscribe/");
    let mut server = server;
    server.stop().await;
    server.start_again().await;
    let (status, _) = visit(&server.address(), Method::POST, &link, "List-Unsubscribe=One-Click").await;
    assert_eq!(status, StatusCode::OK);
}
