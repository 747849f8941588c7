//! Sessions, personal access tokens, bots, and what administrators do to accounts.

use laserchat_tests::person::{PASSWORD, call, http};
use laserchat_tests::{Answer, Person, Socket, TestServer, patiently};
use reqwest::Method;
use serde_json::{Value, json};

async fn login(person: &Person, password: &str, device: Value) -> Answer {
    let body = json!({ "login": person.username, "password": password, "device": device });
    call(&http(), &person.address, Method::POST, "/auth/login", None, Some(body)).await
}

async fn scoped(person: &Person, scopes: &[&str]) -> Person {
    let token = person.post("/me/tokens", json!({ "name": "script", "scopes": scopes })).await.expect(201);
    person.with_token(&token["secret"])
}

async fn closed(socket: &mut Socket) -> Option<u16> {
    socket.closed().await.map(|(code, _)| code)
}

fn items(list: &Value) -> &[Value] {
    list["items"].as_array().expect("items")
}

#[tokio::test]
async fn a_session_is_a_device_with_a_name_and_a_type() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let mut named = Vec::new();
    for (kind, default) in
        [("web", "Browser"), ("mobile", "Phone"), ("smart_tv", "TV"), ("desktop", "Desktop"), ("bot", "Bot")]
    {
        login(&ann, PASSWORD, json!({ "type": kind })).await.expect(200);
        login(&ann, PASSWORD, json!({ "type": kind, "name": format!("my  {kind}") })).await.expect(200);
        named.extend([(kind.to_owned(), default.to_owned()), (kind.to_owned(), format!("my {kind}"))]);
    }
    for bad in [json!({ "name": "" }), json!({ "name": "x".repeat(81) }), json!({ "name": "a\u{202e}b" })] {
        assert_eq!(login(&ann, PASSWORD, bad).await.refused(422, "invalid_field")["field"], "device.name");
    }
    login(&ann, PASSWORD, json!({ "type": "toaster" })).await.refused(400, "malformed_json");
    let sessions = ann.get("/me/sessions").await.expect(200);
    let mut seen: Vec<(String, String)> = items(&sessions)
        .iter()
        .filter(|session| session["current"] == false)
        .map(|session| (session["type"].as_str().unwrap().to_owned(), session["name"].as_str().unwrap().to_owned()))
        .collect();
    seen.sort();
    named.sort();
    assert_eq!(seen, named);
    let current: Vec<&Value> = items(&sessions).iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["address"], "127.0.0.1");
    assert!(items(&sessions).iter().all(|session| session["last_active_at"].is_string()));
}

#[tokio::test]
async fn ending_one_ending_the_others_signing_out() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let (phone, tablet, tv) = (ann.login().await, ann.login().await, ann.login().await);
    let (mut here, mut on_phone, mut on_tablet) = (ann.connect().await, phone.connect().await, tablet.connect().await);
    let (mut on_tv, mut bobs) = (tv.connect().await, bob.connect().await);
    // One.
    let sessions = phone.get("/me/sessions").await.expect(200);
    let own = items(&sessions).iter().find(|session| session["current"] == true).unwrap()["id"].as_str().unwrap();
    ann.delete(&format!("/me/sessions/{own}")).await.expect(204);
    assert_eq!(closed(&mut on_phone).await, Some(4101));
    phone.get("/me").await.refused(401, "session_ended");
    ann.delete(&format!("/me/sessions/{own}")).await.refused(404, "not_found");
    // Oneself.
    tv.post("/auth/logout", json!({})).await.expect(204);
    assert_eq!(closed(&mut on_tv).await, Some(4101));
    tv.post("/auth/logout", json!({})).await.refused(401, "session_ended");
    on_tablet.drain().await;
    // All others.
    ann.delete("/me/sessions").await.expect(204);
    assert_eq!(closed(&mut on_tablet).await, Some(4101));
    tablet.get("/me").await.refused(401, "session_ended");
    assert_eq!(items(&ann.get("/me/sessions").await.expect(200)).len(), 1);
    here.drain().await;
    bobs.drain().await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let phone = ann.login().await;
    let (mut here, mut on_phone) = (ann.connect().await, phone.connect().await);
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let refused = ann.put("/me/password", change("wrong password", "new password")).await;
    assert_eq!(refused.refused(401, "wrong_credentials")["field"], "current");
    ann.put("/me/password", change(PASSWORD, "short")).await.refused(422, "invalid_field");
    ann.put("/me/password", change(&"x".repeat(100_000), "new password")).await.refused(401, "wrong_credentials");
    on_phone.drain().await;
    ann.put("/me/password", change(PASSWORD, "new password")).await.expect(204);
    assert_eq!(closed(&mut on_phone).await, Some(4101));
    phone.get("/me").await.refused(401, "session_ended");
    here.drain().await;
    login(&ann, PASSWORD, json!({})).await.refused(401, "wrong_credentials");
    login(&ann, "new password", json!({})).await.expect(200);
}

#[tokio::test]
async fn each_scope_allows_what_it_says_and_nothing_else() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let conversation = ann.direct(&bob).await;
    let message = ann.say(&conversation, "1", "one").await;
    let m = |rest: &str| format!("/messages/{}{rest}", message["id"].as_str().unwrap());
    let c = |rest: &str| format!("/conversations/{conversation}{rest}");
    let (client, nothing) = (http(), json!({}));
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let requests = [
        ("read", get.clone(), "/me".to_owned(), nothing.clone()),
        ("read", get.clone(), "/me/changes".into(), nothing.clone()),
        ("read", get.clone(), "/conversations".into(), nothing.clone()),
        ("read", get.clone(), c(""), nothing.clone()),
        ("read", get.clone(), c("/messages"), nothing.clone()),
        ("read", get.clone(), c("/changes"), nothing.clone()),
        ("read", get.clone(), c("/members"), nothing.clone()),
        ("read", get.clone(), c("/pins"), nothing.clone()),
        ("read", get.clone(), m("/thread"), nothing.clone()),
        ("read", get.clone(), "/contacts".into(), nothing.clone()),
        ("read", get.clone(), "/users/search?q=bob".into(), nothing.clone()),
        ("read", get.clone(), format!("/users/{}/presence", bob.id), nothing.clone()),
        ("read", post.clone(), "/events/cookie".into(), nothing.clone()),
        ("write", post.clone(), c("/messages"), json!({ "client_id": "w", "body": "x" })),
        ("write", put.clone(), m(""), json!({ "body": "edited" })),
        ("write", put.clone(), m("/reactions/👍"), nothing.clone()),
        ("write", delete.clone(), m("/reactions/👍"), nothing.clone()),
        ("write", put.clone(), m("/pin"), nothing.clone()),
        ("write", put.clone(), m("/follow"), nothing.clone()),
        ("write", put.clone(), c("/read"), nothing.clone()),
        ("write", put.clone(), c("/membership"), json!({ "favourite": true })),
        ("write", post.clone(), m("/forward"), json!({ "client_id": "f", "conversation_id": conversation })),
        ("manage", post.clone(), "/conversations".into(), json!({ "type": "group", "name": "new" })),
        ("account", put.clone(), "/me".into(), nothing.clone()),
        ("account", put.clone(), format!("/users/{}/profile", ann.id), json!({ "about": "me" })),
        ("account", get.clone(), "/me/sessions".into(), nothing.clone()),
        ("account", get.clone(), "/me/tokens".into(), nothing.clone()),
        ("account", get.clone(), "/bots".into(), nothing.clone()),
        ("account", put.clone(), format!("/contacts/{}", bob.id), nothing.clone()),
        ("admin", get.clone(), "/admin/settings".into(), nothing.clone()),
        ("admin", get.clone(), "/admin/users".into(), nothing.clone()),
        ("admin", get.clone(), "/invitations".into(), nothing.clone()),
        ("admin", post.clone(), "/invitations".into(), nothing.clone()),
    ];
    for scope in ["read", "write", "manage", "account", "admin"] {
        let token = scoped(&ann, &[scope]).await.token;
        for (needed, method, path, body) in &requests {
            let body = (method != Method::GET).then(|| body.clone());
            let answer = call(&client, &ann.address, method.clone(), path, Some(&token), body).await;
            if scope == *needed {
                assert!(answer.status.is_success(), "{scope}: {method} {path}: {answer:?}");
            } else {
                answer.refused(403, "scope_missing");
            }
        }
    }
    // A group of one's own, for what else there is to manage.
    let group = ann.group("managed", &[]).await;
    let [reads, manages] =
        [scoped(&ann, &["read", "write", "account", "admin"]).await, scoped(&ann, &["manage"]).await];
    for (method, rest, body, status) in [
        (put.clone(), String::new(), json!({ "name": "renamed" }), 200),
        (post.clone(), "/invitations".into(), json!({}), 201),
        (get.clone(), "/invitations".into(), json!({}), 200),
        (get.clone(), "/bans".into(), json!({}), 200),
        (post.clone(), "/members".into(), json!({ "user_id": bob.id }), 201),
        (put.clone(), format!("/members/{}", bob.id), json!({ "role": "admin" }), 204),
        (delete.clone(), format!("/members/{}", bob.id), json!({}), 204),
        (post.clone(), "/leave".into(), json!({}), 204),
    ] {
        let path = format!("/conversations/{group}{rest}");
        let body = (method != Method::GET).then_some(body);
        let ask =
            async |token: &str| call(&client, &ann.address, method.clone(), &path, Some(token), body.clone()).await;
        ask(&reads.token).await.refused(403, "scope_missing");
        ask(&manages.token).await.expect(status);
    }
}

#[tokio::test]
async fn scopes_hold_over_a_socket() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let notes = ann.direct(&ann).await;
    let reader = scoped(&ann, &["read"]).await;
    let mut socket = reader.connect().await;
    let send = json!({ "conversation_id": notes, "client_id": "a", "body": "x" });
    assert_eq!(socket.command("message.send", send.clone()).await["code"], "scope_missing");
    assert_eq!(socket.command("typing.start", json!({ "conversation_id": notes })).await["code"], "scope_missing");
    assert_eq!(socket.command("presence.watch", json!({ "user_ids": [] })).await["type"], "ack");
    ann.say(&notes, "1", "heard").await;
    socket.expect("message.sent").await;
    let mut socket = scoped(&ann, &["read", "write"]).await.connect().await;
    assert_eq!(socket.command("message.send", send).await["type"], "ack");
}

#[tokio::test]
async fn tokens_are_shown_once_give_no_more_than_one_has_and_end() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let made = ann
        .post("/me/tokens", json!({ "name": "script", "scopes": ["read", "account"], "expires_in": 3600 }))
        .await
        .expect(201);
    let script = ann.with_token(&made["secret"]);
    assert!(script.token.starts_with("lcp_"));
    let listed = ann.get("/me/tokens").await.expect(200);
    assert!(listed["items"][0]["secret"].is_null() && listed["items"][0]["expires_at"].is_string());
    // It can make others, but none that can do more.
    let more = json!({ "name": "more", "scopes": ["read", "admin"] });
    assert_eq!(script.post("/me/tokens", more).await.refused(403, "scope_missing")["field"], "scopes");
    script.post("/me/tokens", json!({ "name": "less", "scopes": ["read"] })).await.expect(201);
    script.put("/admin/settings", json!({})).await.refused(403, "scope_missing");

    let mut socket = script.connect().await;
    ann.delete(&format!("/me/tokens/{}", made["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(closed(&mut socket).await, Some(4101));
    script.get("/me").await.refused(401, "unauthorized");
    // Putting one's own down needs no scope, and a session that ends takes no token with it.
    let other = scoped(&ann, &["write"]).await;
    let phone = ann.login().await;
    let of_phone = scoped(&phone, &["read"]).await;
    phone.post("/auth/logout", json!({})).await.expect(204);
    of_phone.get("/me").await.expect(200);
    other.post("/auth/logout", json!({})).await.expect(204);
    other.put("/me", json!({})).await.refused(401, "unauthorized");
    // An expired one is nobody's.
    let brief =
        ann.post("/me/tokens", json!({ "name": "brief", "scopes": ["read"], "expires_in": 1 })).await.expect(201);
    let brief = ann.with_token(&brief["secret"]);
    patiently("the token to expire", async {
        while brief.get("/me").await.status == 200 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    brief.get("/me").await.refused(401, "unauthorized");
    for n in items(&ann.get("/me/tokens").await.expect(200)).len()..100 {
        ann.post("/me/tokens", json!({ "name": n.to_string(), "scopes": ["read"] })).await.expect(201);
    }
    ann.post("/me/tokens", json!({ "name": "one more", "scopes": ["read"] })).await.refused(409, "limit_reached");
}

#[tokio::test]
async fn bots_rest_with_the_person_who_answers_for_them() {
    let server = TestServer::start().await;
    let [olga, ann] = server.people(["olga", "ann"]).await;
    let made = ann.post("/bots", json!({ "username": "helper" })).await.expect(201);
    let bot = ann.with_token(&made["token"]["secret"]);
    let mut socket = bot.connect().await;
    let account = format!("/admin/users/{}", ann.id);
    olga.put(&account, json!({ "disabled": true })).await.expect(200);
    assert_eq!(closed(&mut socket).await, Some(4101));
    bot.get("/me").await.refused(401, "unauthorized");
    olga.put(&account, json!({ "disabled": false })).await.expect(200);
    bot.get("/me").await.expect(200);
}

#[tokio::test]
async fn bots_are_accounts_that_a_person_owns() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let made = ann.post("/bots", json!({ "username": "helper", "display_name": "Helper" })).await.expect(201);
    let id = made["bot"]["id"].as_str().unwrap().to_owned();
    assert_eq!((&made["bot"]["bot"], &made["bot"]["bot_owner_id"]), (&json!(true), &json!(ann.id)));
    assert_eq!(made["token"]["scopes"], json!(["read", "write", "manage"]));
    let mut bot = ann.with_token(&made["token"]["secret"]);
    (bot.id, bot.username) = (id.clone(), "helper".into());
    let conversation = bot.direct(&bob).await;
    bot.say(&conversation, "1", "I am a bot").await;
    assert_eq!(bob.history(&conversation).await[0]["sender_id"], id.as_str());
    let mut socket = bot.connect().await;
    socket.say(&conversation, "2", "by socket").await;
    // It has no password, no bots, and is no administrator.
    login(&bot, PASSWORD, json!({})).await.refused(401, "wrong_credentials");
    bot.post("/bots", json!({ "username": "helper.two" })).await.refused(403, "scope_missing");
    let wide = json!({ "name": "wide", "scopes": ["read", "account", "admin"] });
    let wide = ann.post(&format!("/bots/{id}/tokens"), wide).await.expect(201);
    let wide = bot.with_token(&wide["secret"]);
    wide.post("/bots", json!({ "username": "helper.two" })).await.refused(403, "forbidden");
    wide.get("/admin/settings").await.refused(403, "forbidden");
    ann.put(&format!("/admin/users/{id}"), json!({ "password": "a password" })).await.refused(409, "wrong_kind");
    ann.put(&format!("/admin/users/{id}"), json!({ "server_role": "admin" })).await.refused(409, "wrong_kind");

    ann.delete(&format!("/bots/{id}")).await.expect(204);
    assert_eq!(closed(&mut socket).await, Some(4101));
    bot.get("/me").await.refused(401, "unauthorized");
    bob.get(&format!("/users/{id}")).await.expect(200);
    assert_eq!(bob.history(&conversation).await.len(), 2);
    for n in items(&ann.get("/bots").await.expect(200)).len()..20 {
        ann.post("/bots", json!({ "username": format!("bot.{n}x") })).await.expect(201);
    }
    ann.post("/bots", json!({ "username": "one.more" })).await.refused(409, "limit_reached");
}

#[tokio::test]
async fn administrators_disable_accounts_and_reset_passwords() {
    let server = TestServer::start().await;
    let [owner, admin, bob] = server.people(["ann", "alice", "bob"]).await;
    let update =
        async |who: &Person, target: &Person, body: Value| who.put(&format!("/admin/users/{}", target.id), body).await;
    update(&owner, &admin, json!({ "server_role": "admin" })).await.expect(200);
    let bobs_script = scoped(&bob, &["read"]).await;
    let (mut bobs, mut scripts, mut owners) = (bob.connect().await, bobs_script.connect().await, owner.connect().await);

    update(&admin, &bob, json!({ "disabled": true })).await.expect(200);
    assert_eq!(closed(&mut bobs).await, Some(4101));
    assert_eq!(closed(&mut scripts).await, Some(4101));
    bob.get("/me").await.refused(401, "session_ended");
    bobs_script.get("/me").await.refused(401, "unauthorized");
    login(&bob, PASSWORD, json!({})).await.refused(403, "account_disabled");
    login(&bob, "a wrong password", json!({})).await.refused(401, "wrong_credentials");
    assert_eq!(owner.get(&format!("/users/{}", bob.id)).await.expect(200)["disabled"], true);
    assert_eq!(owner.get("/users/search?q=bob").await.expect(200)["items"], json!([]));
    update(&admin, &bob, json!({ "disabled": false })).await.expect(200);
    let bob = bob.login().await;
    bob.get("/me").await.expect(200);

    let mut bobs = bob.connect().await;
    update(&admin, &bob, json!({ "password": "short" })).await.refused(422, "invalid_field");
    update(&admin, &bob, json!({ "password": "a new password" })).await.expect(200);
    assert_eq!(closed(&mut bobs).await, Some(4101));
    login(&bob, PASSWORD, json!({})).await.refused(401, "wrong_credentials");
    login(&bob, "a new password", json!({})).await.expect(200);

    // Not an equal, not the owner, not oneself; and roles are the owner's to give.
    for target in [&owner, &admin] {
        update(&admin, target, json!({ "disabled": true })).await.refused(403, "forbidden");
        update(&admin, target, json!({ "password": "a new password" })).await.refused(403, "forbidden");
    }
    update(&admin, &bob, json!({ "server_role": "admin" })).await.refused(403, "forbidden");
    update(&owner, &owner, json!({ "disabled": true })).await.refused(403, "forbidden");
    update(&owner, &owner, json!({ "server_role": "member" })).await.refused(409, "owner_must_hand_over");
    admin.put("/admin/settings", json!({ "registration": "closed" })).await.refused(403, "forbidden");
    // Handing the server over leaves one owner.
    update(&owner, &admin, json!({ "server_role": "owner" })).await.expect(200);
    let roles = admin.get("/admin/users").await.expect(200);
    let roles: Vec<&Value> = items(&roles).iter().map(|user| &user["server_role"]).collect();
    assert_eq!(roles, ["admin", "owner", "member"]);
    admin.put("/admin/settings", json!({ "name": "Ours" })).await.expect(200);
    owner.put("/admin/settings", json!({ "name": "Mine" })).await.refused(403, "forbidden");
    owners.drain().await;
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_tokens_stay_good() {
    let mut server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut bobs = bob.connect().await;
    let kid = |token: &str| token.split('.').next().unwrap().to_owned();
    for _ in 0..3 {
        ann.post("/admin/keys/rotate", json!({})).await.expect(204);
    }
    bob.get("/me").await.expect(200);
    bobs.drain().await;
    let newer = bob.login().await;
    assert_ne!(kid(&newer.token), kid(&bob.token));
    newer.get("/me").await.expect(200);
    server.stop().await;
    server.start_again().await;
    bob.get("/me").await.expect(200);
    newer.get("/me").await.expect(200);
    assert_eq!(kid(&bob.login().await.token), kid(&newer.token));
}
