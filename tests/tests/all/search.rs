//! Search over the API: what people find, what they must not, and what strange queries come to.

use std::time::Duration;

use laserchat_tests::upload::{png, ready, upload};
use laserchat_tests::{Person, Process, TestServer, patiently};
use serde_json::{Value, json};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn page(who: &Person, query: &str, rest: &str) -> Value {
    who.get(&format!("/search?q={}{rest}", encoded(query))).await.expect(200)
}

/// The texts that are found, over all pages.
async fn texts(who: &Person, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = page(who, query, &format!("&limit=3{cursor}")).await;
        for item in page["items"].as_array().expect("items") {
            assert_eq!(item["type"], "message");
            found.push(item["message"]["body"].as_str().expect("a body").to_owned());
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => return found,
        }
    }
}

/// Waits until the index has learned of something.
async fn until(who: &Person, query: &str, expected: &[&str]) {
    let wait = async {
        while texts(who, query).await != expected {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(30), wait).await.is_err() {
        assert_eq!(texts(who, query).await, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_of_every_script() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let id = ann.direct(&bob).await;
    let written = [
        ("The Café opens at ten", &["cafe", "CAFÉ", "\"opens at\"", "cafe -closed", "caf"][..]),
        ("Съешь ещё этих булок", &["еще", "булок", "ЕЩЁ"]),
        ("كتابٌ جديد", &["كتاب", "كتـــاب"]),
        ("我们明天在东京都见面", &["东京", "京都", "见", "明天在"]),
        ("ひらがなとカタカナ", &["がな", "カタ", "ｶﾀ"]),
        ("안녕하세요 여러분", &["안녕", "하세", "여러분"]),
        ("well done 👍🏽🇩🇪", &["👍", "🇩🇪", "done 👍"]),
        ("สวัสดีครับ", &["สวัสดี", "ครับ"]),
    ];
    for (n, (text, _)) in written.iter().enumerate() {
        ann.say(&id, &format!("c{n}"), text).await;
    }
    until(&bob, "สวัสดี", &["สวัสดีครับ"]).await;
    for (text, queries) in written {
        for query in queries {
            assert_eq!(texts(&bob, query).await, [text], "{query}");
        }
    }
    for query in ["closed", "\"at opens\"", "东都", "cafe -ten", "булк", "👎", "🇫🇷"] {
        assert_eq!(texts(&bob, query).await, Vec::<String>::new(), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters() {
    let server = TestServer::start().await;
    let [ann, bob, cleo] = server.people(["ann", "bob", "cleo"]).await;
    let direct = ann.direct(&bob).await;
    let group = ann.group("Big Team", &[&bob, &cleo]).await;
    ann.say(&direct, "1", "plan for two").await;
    let first = ann.say(&group, "2", "plan with https://example.org").await;
    bob.say(&group, "3", "plan of mine, @cleo").await;
    let reply = json!({ "client_id": "4", "body": "an answer to the plan", "parent_id": first["id"] });
    cleo.post(&format!("/conversations/{group}/messages"), reply).await.expect(201);
    let first = first["id"].as_str().unwrap();
    ann.put(&format!("/messages/{first}/reactions/%F0%9F%91%8D"), json!({})).await;
    ann.put(&format!("/messages/{first}/pin"), json!({})).await.expect(200);

    let (two, link, mine, answer) =
        ("plan for two", "plan with https://example.org", "plan of mine, @cleo", "an answer to the plan");
    until(&bob, "is:pinned", &[link]).await;
    until(&bob, "plan", &[answer, mine, link, two]).await;
    for (query, expected) in [
        ("plan from:me", &[mine][..]),
        ("plan from:@Bob", &[mine]),
        ("plan -from:bob", &[answer, link, two]),
        ("from:ann from:cleo", &[answer, link, two]),
        ("plan in:\"big team\"", &[answer, mine, link]),
        ("plan in:#big-team from:bob", &[mine]),
        ("plan in:@ann", &[two]),
        ("plan -in:@ann", &[answer, mine, link]),
        ("has:link", &[link]),
        ("has:reaction", &[link]),
        ("plan -has:link", &[answer, mine, two]),
        ("is:thread", &[answer, link]),
        ("plan during:today", &[answer, mine, link, two]),
        ("plan before:today", &[]),
        ("plan after:yesterday -plan", &[]),
        ("plan after:2001", &[answer, mine, link, two]),
        ("plan from:nobody", &[]),
        ("plan in:nowhere", &[]),
        ("is:edited", &[]),
        ("has:poll", &[]),
        ("has:image", &[]),
    ] {
        assert_eq!(texts(&bob, query).await, expected, "{query}");
    }
    assert_eq!(texts(&bob, &format!("plan in:{group} from:{}", cleo.id)).await, [answer]);
    assert_eq!(texts(&cleo, "mentions:me").await, [mine]);
    assert_eq!(texts(&cleo, "plan").await, [answer, mine, link], "a direct conversation is for two");
    assert_eq!(texts(&cleo, &format!("plan in:{direct}")).await, Vec::<String>::new());

    let found = page(&bob, "plan with", "").await;
    let snippet = json!([{ "text": "plan with", "hit": true }, { "text": " https://example.org", "hit": false }]);
    let apart = json!([
        { "text": "plan", "hit": true }, { "text": " ", "hit": false }, { "text": "with", "hit": true },
        { "text": " https://example.org", "hit": false },
    ]);
    assert_eq!(found["items"][0]["snippet"], apart);
    assert_eq!(page(&bob, "\"plan with\"", "").await["items"][0]["snippet"], snippet);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_one_may_see_now() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("Team", &[&bob]).await;
    let secret = ann.say(&group, "1", "the secret word").await;
    let id = secret["id"].as_str().unwrap();
    until(&bob, "secret", &["the secret word"]).await;
    assert!(texts(&eve, "secret").await.is_empty());
    assert!(texts(&eve, &format!("in:{group}")).await.is_empty());

    // The moment that an edit is acknowledged, the old words are not found any more.
    ann.put(&format!("/messages/{id}"), json!({ "body": "the public word" })).await.expect(200);
    assert!(texts(&bob, "secret").await.is_empty());
    until(&bob, "public", &["the public word"]).await;
    assert_eq!(texts(&bob, "is:edited").await, ["the public word"]);

    bob.post(&format!("/conversations/{group}/leave"), json!({})).await;
    assert!(texts(&bob, "public").await.is_empty());
    let member = json!({ "user_id": bob.id });
    ann.post(&format!("/conversations/{group}/members"), member).await;
    assert_eq!(texts(&bob, "public").await, ["the public word"], "who comes back sees what was written");

    ann.delete(&format!("/messages/{id}")).await;
    assert!(texts(&bob, "public").await.is_empty() && texts(&ann, "word").await.is_empty());
    ann.say(&group, "2", "the last word").await;
    until(&bob, "word", &["the last word"]).await;
    ann.delete(&format!("/conversations/{group}")).await;
    assert!(texts(&bob, "word").await.is_empty() && texts(&ann, "word").await.is_empty());
    let nobody = eve.with_token(&json!("nonsense"));
    nobody.get("/search?q=word").await.refused(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_query_is_wrong() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let id = ann.direct(&bob).await;
    ann.say(&id, "1", "AND OR NOT NEAR words facts rowid").await;
    until(&ann, "near", &["AND OR NOT NEAR words facts rowid"]).await;
    for query in [
        "AND",
        "and OR not",
        "NEAR",
        "near(\"words\" \"facts\")",
        "words:facts",
        "\"words",
        "words\"",
        "{words facts} : near",
        "rowid",
        "-nothing near",
        "near*",
        "^near",
        "+near",
        "(near)",
        "near\\",
        "near'; DROP TABLE search_index; --",
    ] {
        let found = texts(&ann, query).await;
        let understood = query.contains("DROP") || found.len() == 1;
        assert!(understood, "{query}: {found:?}");
    }
    let far = "x".repeat(900);
    for query in [
        "",
        " ",
        "-",
        "--",
        "- - -",
        "\"",
        "\"\"\"",
        "-\"\"",
        "\0",
        "a\0b",
        ":",
        "from:",
        "in:#",
        "-from:",
        "_c1",
        "_f0 _u1",
        "before:99999-99-99",
        "during:2026-02-30",
        "\u{202e}",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "((((((((((",
        "%",
        "%_",
        "*",
        "\\",
        "\u{fffd}",
        &far,
    ] {
        for kind in ["message", "file", "person", "channel"] {
            let found = page(&ann, query, &format!("&type={kind}")).await;
            assert!(found["items"].is_array(), "{query:?}");
        }
    }
    assert!(texts(&ann, "_c1").await.is_empty() && texts(&ann, &format!("_u{}", ann.id)).await.is_empty());
    let long = ann.get(&format!("/search?q={}", "y".repeat(10_000))).await.refused(400, "invalid_request");
    assert_eq!(long["field"], "q");
    for kind in ["message", "file", "person", "channel"] {
        for cursor in ["x", "-1", "9223372036854775808", "-1.x", "a.b", "%00", ""] {
            let path = format!("/search?q=near&type={kind}&cursor={cursor}");
            let refused = ann.get(&path).await.refused(400, "invalid_request");
            assert_eq!(refused["field"], "cursor", "{path}");
        }
    }
    for bad in ["type=everything", "limit=0", "limit=201", "q=a&q=b"] {
        ann.get(&format!("/search?{bad}")).await.refused(400, "invalid_request");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_channels() {
    let server = TestServer::start().await;
    let [ann, bob, carol] = server.people(["ann", "bob", "carol"]).await;
    let channel = |name: &str, public: bool| json!({ "type": "channel", "name": name, "public": public });
    ann.post("/conversations", channel("Café talk", true)).await.expect(201);
    ann.post("/conversations", channel("Cafe secrets", false)).await.expect(201);
    ann.group("Cats", &[&bob]).await;
    let names = async |who: &Person, query: &str| -> Vec<String> {
        let mut names = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = page(who, query, &format!("&type=channel&limit=1{cursor}")).await;
            let items = page["items"].as_array().unwrap();
            names.extend(items.iter().map(|item| item["conversation"]["name"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return names,
            }
        }
    };
    assert_eq!(names(&ann, "caf").await, ["Café talk", "Cafe secrets"]);
    assert_eq!(names(&bob, "ca").await, ["Cats", "Café talk"], "the largest first");
    assert_eq!(names(&carol, "café").await, ["Café talk"]);
    let found = page(&bob, "caro", "&type=person").await;
    assert_eq!(found["items"], json!([{ "type": "person", "user": found["items"][0]["user"] }]));
    assert_eq!(found["items"][0]["user"]["id"], json!(carol.id));
}

/// Killed again and again while it learns, the index knows every message once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), "127.0.0.1:0").await;
    let address = process.address.clone();
    let ann = Person::register(&address, "ann").await;
    let bob = Person::register(&address, "bob").await;
    let id = ann.direct(&bob).await;
    let mut expected = Vec::new();
    for round in 0..8 {
        let mut last = Value::Null;
        for n in 0..40 {
            let text = format!("needle {round} {n}");
            last = ann.say(&id, &format!("{round}-{n}"), &text).await;
            expected.insert(0, text);
        }
        // The last is edited or deleted, with nothing between that and the kill.
        let path = format!("/messages/{}", last["id"].as_str().unwrap());
        if round % 2 == 0 {
            ann.put(&path, json!({ "body": format!("needle {round} edited") })).await.expect(200);
            expected[0] = format!("needle {round} edited");
        } else {
            ann.delete(&path).await;
            expected.remove(0);
        }
        process.kill().await;
        process = Process::start(folder.path(), &address).await;
    }
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    patiently("the index", until(&bob, "needle", &expected)).await;
    assert!(process.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_lets_the_index_be_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), "127.0.0.1:0").await;
    let ann = Person::register(&process.address, "ann").await;
    let bob = Person::register(&process.address, "bob").await;
    let id = ann.direct(&bob).await;
    ann.say(&id, "1", "a word").await;
    until(&bob, "word", &["a word"]).await;
    let reindex = async || {
        let mut command = laserchat_tests::process::command();
        let done = command.args(["admin", "reindex", "--data"]).arg(folder.path()).output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    assert_eq!(reindex().await, "The server makes the index anew.\n");
    ann.say(&id, "2", "another word").await;
    until(&bob, "word", &["another word", "a word"]).await;
    let address = process.address.clone();
    assert!(process.terminate().await.success());
    assert_eq!(reindex().await, "The server makes the index anew when it is started.\n");
    let process = Process::start(folder.path(), &address).await;
    until(&bob, "word", &["another word", "a word"]).await;
    assert!(process.terminate().await.success());
}

/// The names of the files that are found, over all pages.
async fn names(who: &Person, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = page(who, query, &format!("&type=file&limit=2{cursor}")).await;
        for item in page["items"].as_array().expect("items") {
            assert_eq!(item["type"], "file");
            found.push(item["file"]["name"].as_str().expect("a name").to_owned());
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => return found,
        }
    }
}

async fn until_named(who: &Person, query: &str, expected: &[&str]) {
    let wait = async {
        while names(who, query).await != expected {
            tokio::task::yield_now().await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(30), wait).await.is_err() {
        assert_eq!(names(who, query).await, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_by_their_names_and_kinds() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["ann", "bob", "eve"]).await;
    let group = ann.group("Team", &[&bob]).await;
    let messages = format!("/conversations/{group}/messages");
    let file = async |name: &str, bytes: &[u8]| {
        let id = upload(&ann, name, bytes).await;
        ready(&ann, &id).await;
        id
    };
    let picture = file("red square.png", &png()).await;
    let (one, two) = (file("Budget 2026.txt", b"one").await, file("budget, old.txt", b"two").await);
    let many = json!({ "client_id": "1", "body": "all of it", "files": [picture, one, two] });
    let first = ann.post(&messages, many).await.expect(201);
    let again = file("résumé.txt", b"three").await;
    let last = json!({ "client_id": "2", "body": "and the budget of words", "files": [again] });
    ann.post(&messages, last).await.expect(201);

    until_named(&bob, "resume", &["résumé.txt"]).await;
    for (query, expected) in [
        ("budget", &["Budget 2026.txt", "budget, old.txt"][..]),
        ("budg", &["Budget 2026.txt", "budget, old.txt"]),
        ("budget old", &["budget, old.txt"]),
        ("square", &["red square.png"]),
        ("has:image", &["red square.png"]),
        ("from:ann budget", &["Budget 2026.txt", "budget, old.txt"]),
        ("from:bob budget", &[]),
        ("words", &[]),
        // All of them, page by page, the newest message first.
        ("from:ann", &["résumé.txt", "red square.png", "Budget 2026.txt", "budget, old.txt"]),
    ] {
        assert_eq!(names(&bob, query).await, expected, "{query}");
    }
    assert_eq!(texts(&bob, "has:image").await, ["all of it"]);
    assert_eq!(texts(&bob, "has:file").await.len(), 2);
    assert_eq!(texts(&bob, "budget").await, ["and the budget of words"], "names of files are no text");
    assert!(names(&eve, "budget").await.is_empty(), "only for members");
    bob.post(&format!("/conversations/{group}/leave"), json!({})).await.expect(204);
    assert!(names(&bob, "budget").await.is_empty(), "not after leaving");
    assert!(texts(&bob, "has:file").await.is_empty());
    ann.delete(&format!("/messages/{}", first["id"].as_str().unwrap())).await.expect(200);
    assert!(names(&ann, "budget").await.is_empty() && texts(&ann, "has:image").await.is_empty(), "nor when it is gone");
    assert_eq!(names(&ann, "resume").await, ["résumé.txt"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn polls_and_what_is_edited_and_deleted() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let group = ann.group("Team", &[&bob]).await;
    let said = ann.say(&group, "1", "lunch at noon").await;
    let poll = json!({ "client_id": "2", "question": "Where is lunch?", "options": ["Harbour", "Hills"] });
    let poll = ann.post(&format!("/conversations/{group}/polls"), poll).await.expect(201);
    let body = "Where is lunch?\n- Harbour\n- Hills";
    until(&bob, "has:poll", &[body]).await;
    assert_eq!(texts(&bob, "harbour").await, [body], "what one can choose is found too");
    assert_eq!(texts(&bob, "lunch -has:poll").await, ["lunch at noon"]);
    let poll = poll["id"].as_str().unwrap();
    bob.put(&format!("/messages/{poll}/vote"), json!({ "options": [0] })).await.expect(200);
    assert_eq!(texts(&bob, "has:poll harbour").await, [body], "a vote does not hide it");
    let said = said["id"].as_str().unwrap();
    for number in 0..5 {
        ann.put(&format!("/messages/{said}"), json!({ "body": format!("dinner number {number}") })).await.expect(200);
        // The old words go with the edit itself; the new ones come with the index.
        assert_eq!(texts(&bob, "lunch").await, [body]);
        until(&bob, &format!("dinner {number}"), &[&format!("dinner number {number}")]).await;
    }
    ann.delete(&format!("/messages/{poll}")).await.expect(200);
    assert!(texts(&bob, "has:poll").await.is_empty() && texts(&bob, "harbour").await.is_empty());
    ann.delete(&format!("/messages/{said}")).await.expect(200);
    assert!(texts(&bob, "dinner").await.is_empty());
    ann.say(&group, "3", "the end").await;
    until(&bob, "in:team", &["the end"]).await;
}
