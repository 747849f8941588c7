//! Accounts against a whole server: registering, sessions, tokens, bots, contacts, profiles, administrators.

use laserchat_tests::person::PASSWORD;
use laserchat_tests::raw::{code, raw, text, with_token};
use laserchat_tests::{Person, TestServer};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_account_owns_the_server() {
    let server = TestServer::start().await;
    let info: Value = raw(&server, Method::GET, "/api/v1/server").send().await.unwrap().json().await.unwrap();
    assert_eq!((&info["needs_owner"], &info["registration"]), (&json!(true), &json!("open")));
    let [ann, bob] = server.people(["ann", "bob"]).await;
    assert_eq!(ann.get("/me").await.expect(200)["user"]["server_role"], "owner");
    assert_eq!(bob.get("/me").await.expect(200)["user"]["server_role"], "member");
    bob.get("/admin/users").await.refused(403, "forbidden");
    assert_eq!(ann.get("/admin/users").await.expect(200)["items"].as_array().unwrap().len(), 2);

    // Closed at run time, and open to the invited.
    ann.put("/admin/settings", json!({ "registration": "invitation", "name": "  The  Club " })).await.expect(200);
    let register = |username: &str, invitation: Option<&str>| {
        let body = json!({ "username": username, "password": PASSWORD, "invitation": invitation });
        raw(&server, Method::POST, "/api/v1/auth/register").json(&body)
    };
    assert_eq!(code(register("eve", None).send().await.unwrap()).await, (403, "invitation_needed".into()));
    assert_eq!(code(register("eve", Some("guess")).send().await.unwrap()).await, (410, "invitation_invalid".into()));
    let invitation = ann.post("/invitations", json!({ "max_uses": 1 })).await.expect(201);
    let invited = register("cleo", Some(text(&invitation["code"]))).send().await.unwrap();
    assert_eq!(invited.status(), StatusCode::CREATED);
    assert_eq!(
        code(register("dora", Some(text(&invitation["code"]))).send().await.unwrap()).await,
        (410, "invitation_invalid".into())
    );
    let info: Value = raw(&server, Method::GET, "/api/v1/server").send().await.unwrap().json().await.unwrap();
    assert_eq!((&info["name"], &info["needs_owner"]), (&json!("The Club"), &json!(false)));
}

#[tokio::test]
async fn a_closed_server_is_opened_by_its_link() {
    let server = TestServer::with(&[("REGISTRATION", "closed")]).await;
    let link = server.server().owner_link.clone().expect("a server without an owner has a link");
    let register = |username: &str, invitation: Option<&str>| {
        let body = json!({ "username": username, "password": PASSWORD, "invitation": invitation });
        raw(&server, Method::POST, "/api/v1/auth/register").json(&body)
    };
    assert_eq!(code(register("ann", None).send().await.unwrap()).await, (403, "registration_closed".into()));
    let owner = register("ann", link.rsplit('/').next()).send().await.unwrap();
    assert_eq!(owner.status(), StatusCode::CREATED);
    assert_eq!(owner.json::<Value>().await.unwrap()["user"]["server_role"], "owner");
    assert_eq!(
        code(register("bob", link.rsplit('/').next()).send().await.unwrap()).await,
        (403, "registration_closed".into())
    );
}

#[tokio::test]
async fn an_invitation_into_a_conversation_brings_a_new_account_there() {
    let server = TestServer::with(&[("REGISTRATION", "open")]).await;
    let ann = server.person("ann").await;
    let group = ann.group("plans", &[]).await;
    let invitation = ann.post(&format!("/conversations/{group}/invitations"), json!({})).await.expect(201);
    let invitation_code = text(&invitation["code"]);
    let preview = raw(&server, Method::GET, &format!("/api/v1/invitations/{invitation_code}")).send().await.unwrap();
    assert_eq!(preview.json::<Value>().await.unwrap()["conversation_name"], "plans");
    let body = json!({ "username": "bob", "password": PASSWORD, "invitation": invitation_code });
    let grant = raw(&server, Method::POST, "/api/v1/auth/register").json(&body).send().await.unwrap();
    let bob = Person::from_grant(&server.address(), grant.json().await.unwrap());
    assert_eq!(bob.get(&format!("/conversations/{group}")).await.expect(200)["membership"]["state"], "joined");

    let cleo = server.person("cleo").await;
    cleo.get(&format!("/conversations/{group}")).await.refused(404, "not_found");
    cleo.post(&format!("/invitations/{invitation_code}/join"), json!({})).await.expect(200);
    cleo.post(&format!("/invitations/{invitation_code}/join"), json!({})).await.expect(200);
    let listed = ann.get(&format!("/conversations/{group}/invitations")).await.expect(200);
    assert_eq!((&listed["items"][0]["uses"], &listed["items"][0]["code"]), (&json!(2), &Value::Null));
    ann.delete(&format!("/conversations/{group}/invitations/{}", text(&invitation["id"]))).await.expect(204);
    cleo.post(&format!("/invitations/{invitation_code}/join"), json!({})).await.refused(410, "invitation_invalid");
}

#[tokio::test]
async fn names_are_checked_and_unique() {
    let server = TestServer::start().await;
    server.person("annabel").await;
    let register = |body: Value| {
        let request = raw(&server, Method::POST, "/api/v1/auth/register").json(&body);
        async move { code(request.send().await.unwrap()).await }
    };
    let with = |username: &str| json!({ "username": username, "password": PASSWORD });
    assert_eq!(register(with("ANNABEL")).await, (409, "username_taken".into()));
    // A digit one looks like a letter l.
    assert_eq!(register(with("annabe1")).await, (409, "username_taken".into()));
    for bad in ["ab", "a\u{202e}nn", "аnna", "admin", "a b c"] {
        assert_eq!(register(with(bad)).await, (422, "invalid_field".into()), "{bad}");
    }
    let short = json!({ "username": "bobby", "password": "1234567" });
    assert_eq!(register(short).await, (422, "invalid_field".into()));
    let hidden = json!({ "username": "bobby", "password": PASSWORD, "display_name": "Bob\u{200b}" });
    assert_eq!(register(hidden).await, (422, "invalid_field".into()));
}

#[tokio::test]
async fn signing_in_tells_nothing_of_who_exists() {
    let server = TestServer::start().await;
    let body = json!({ "username": "ann", "password": PASSWORD, "email": "Ann@Example.org" });
    raw(&server, Method::POST, "/api/v1/auth/register").json(&body).send().await.unwrap();
    let login = |login: &str, password: &str| {
        let body = json!({ "login": login, "password": password });
        raw(&server, Method::POST, "/api/v1/auth/login").json(&body).send()
    };
    for right in ["ann", "ANN", "ann@example.org", " ann@EXAMPLE.org"] {
        assert_eq!(login(right, PASSWORD).await.unwrap().status(), StatusCode::OK, "{right}");
    }
    let mut refusals = Vec::new();
    for (name, password) in [("ann", "wrong password"), ("nobody", PASSWORD), ("", ""), ("ann", &"x".repeat(2000))] {
        let answer = login(name, password).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        refusals.push(answer.text().await.unwrap());
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
}

#[tokio::test]
async fn a_refresh_token_works_once_and_a_copy_ends_the_session() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let refresh = |token: &str| {
        let body = json!({ "refresh_token": token });
        raw(&server, Method::POST, "/api/v1/auth/refresh").json(&body).send()
    };
    let grant: Value = refresh(&ann.refresh_token).await.unwrap().json().await.unwrap();
    let later = Person::from_grant(&server.address(), grant);
    later.get("/me").await.expect(200);
    assert_eq!(code(refresh(&ann.refresh_token).await.unwrap()).await, (401, "session_ended".into()));
    later.get("/me").await.refused(401, "session_ended");
    assert_eq!(code(refresh(&later.refresh_token).await.unwrap()).await, (401, "unauthorized".into()));
    assert_eq!(code(refresh("lcr_nonsense").await.unwrap()).await, (401, "unauthorized".into()));
}

#[tokio::test]
async fn sessions_end_at_once() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let (phone, tablet) = (ann.login().await, ann.login().await);
    let sessions = ann.get("/me/sessions").await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);

    phone.post("/auth/logout", json!({})).await.expect(204);
    phone.get("/me").await.refused(401, "session_ended");
    ann.put("/me/password", json!({ "current": "wrong", "new": "another password" }))
        .await
        .refused(401, "wrong_credentials");
    ann.put("/me/password", json!({ "current": PASSWORD, "new": "another password" })).await.expect(204);
    tablet.get("/me").await.refused(401, "session_ended");
    ann.get("/me").await.expect(200);
}

#[tokio::test]
async fn tokens_do_what_their_scopes_say() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let made = ann.post("/me/tokens", json!({ "name": "reader", "scopes": ["read", "account"] })).await.expect(201);
    let reader = with_token(&ann, &made["secret"]);
    reader.get("/conversations").await.expect(200);
    reader.post("/conversations", json!({ "type": "direct" })).await.refused(403, "scope_missing");
    reader.post("/me/tokens", json!({ "name": "more", "scopes": ["admin"] })).await.refused(403, "scope_missing");
    ann.post("/me/tokens", json!({ "name": "none", "scopes": [] })).await.refused(422, "invalid_field");
    let listed = ann.get("/me/tokens").await.expect(200);
    assert_eq!(listed["items"][0]["secret"], Value::Null);
    ann.delete(&format!("/me/tokens/{}", text(&made["id"]))).await.expect(204);
    reader.get("/me").await.refused(401, "unauthorized");

    let bot = ann.post("/bots", json!({ "username": "helper" })).await.expect(201);
    let helper = with_token(&ann, &bot["token"]["secret"]);
    assert_eq!(helper.get("/me").await.expect(200)["user"]["bot_owner_id"], ann.id.as_str());
    helper.get("/admin/users").await.refused(403, "scope_missing");
    let bob = server.person("bob").await;
    bob.delete(&format!("/bots/{}", text(&bot["bot"]["id"]))).await.refused(404, "not_found");
    ann.delete(&format!("/bots/{}", text(&bot["bot"]["id"]))).await.expect(204);
    helper.get("/me").await.refused(401, "unauthorized");
}

#[tokio::test]
async fn contacts_and_blocks_reach_both() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    ann.put(&format!("/contacts/{}", bob.id), json!({})).await.expect(204);
    assert_eq!(bob.get("/contacts").await.expect(200)["items"][0]["state"], "pending");
    bob.post(&format!("/contacts/{}/accept", ann.id), json!({})).await.expect(204);
    assert_eq!(ann.get("/contacts").await.expect(200)["items"][0]["state"], "accepted");
    let direct = ann.direct(&bob).await;
    assert_eq!(bob.direct(&ann).await, direct);
    ann.say(&direct, "1", "hello").await;

    bob.put(&format!("/contacts/{}/block", ann.id), json!({})).await.expect(204);
    let send = json!({ "client_id": "2", "body": "still there?" });
    ann.post(&format!("/conversations/{direct}/messages"), send.clone()).await.refused(403, "blocked");
    ann.put(&format!("/contacts/{}", bob.id), json!({})).await.refused(403, "blocked");
    assert_eq!(ann.get("/contacts").await.expect(200)["items"], json!([]));
    bob.delete(&format!("/contacts/{}/block", ann.id)).await.expect(204);
    ann.post(&format!("/conversations/{direct}/messages"), send).await.expect(201);
    ann.put(&format!("/contacts/{}", ann.id), json!({})).await.refused(409, "wrong_kind");
    ann.put("/contacts/12345", json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn profiles_are_ones_own_to_change() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let path = format!("/users/{}/profile", ann.id);
    let update = json!({
        "display_name": "José Ann", "about": "hello", "time_zone": "Europe/Berlin",
        "status": { "emoji": "🌴", "text": "away" },
    });
    bob.put(&path, update.clone()).await.refused(403, "forbidden");
    ann.put(&path, update).await.expect(200);
    let seen = bob.get(&path).await.expect(200);
    assert_eq!((&seen["display_name"], &seen["status"]["emoji"]), (&json!("José Ann"), &json!("🌴")));
    let found = bob.get("/users/search?q=jose").await.expect(200);
    assert_eq!(found["items"][0]["id"], ann.id.as_str());
    bob.get("/users/search?q=%20").await.refused(400, "invalid_request");
    let both = bob.get(&format!("/users?ids={},{}", ann.id, bob.id)).await.expect(200);
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    // Null clears, absence keeps.
    let cleared = ann.put(&path, json!({ "status": null })).await.expect(200);
    assert_eq!((&cleared["status"], &cleared["about"]), (&Value::Null, &json!("hello")));
    let account = ann.put("/me", json!({ "email": "ann@example.org" })).await.expect(200);
    assert_eq!(account["email"], "ann@example.org");
    bob.put("/me", json!({ "email": "ANN@example.org" })).await.refused(409, "email_taken");
    let changes = ann.get("/me/changes?after=0").await.expect(200);
    assert!(changes["items"].as_array().unwrap().iter().any(|event| event["type"] == "account.updated"));
    assert_eq!(bob.get(&format!("/users/{}/presence", ann.id)).await.expect(200)["status"], "offline");
}

#[tokio::test]
async fn administrators_look_after_accounts_below_theirs() {
    let server = TestServer::start().await;
    let [ann, bob, cleo] = server.people(["ann", "bob", "cleo"]).await;
    let user = |person: &Person| format!("/admin/users/{}", person.id);
    bob.put(&user(&cleo), json!({ "disabled": true })).await.refused(403, "forbidden");
    ann.put(&user(&bob), json!({ "server_role": "admin" })).await.expect(200);
    bob.put(&user(&cleo), json!({ "server_role": "admin" })).await.refused(403, "forbidden");
    bob.put(&user(&ann), json!({ "disabled": true })).await.refused(403, "forbidden");
    bob.put(&user(&cleo), json!({ "password": "a new password" })).await.expect(200);
    cleo.get("/me").await.refused(401, "session_ended");
    assert_eq!(bob.put(&user(&cleo), json!({ "disabled": true })).await.expect(200)["disabled"], true);
    let login = json!({ "login": "cleo", "password": "a new password" });
    let answer = raw(&server, Method::POST, "/api/v1/auth/login").json(&login).send().await.unwrap();
    assert_eq!(code(answer).await, (403, "account_disabled".into()));
    ann.put(&user(&ann), json!({ "server_role": "member" })).await.refused(409, "owner_must_hand_over");
    ann.post("/admin/keys/rotate", json!({})).await.expect(204);
    ann.get("/me").await.expect(200);
    ann.login().await.get("/me").await.expect(200);
    ann.put(&user(&bob), json!({ "server_role": "owner" })).await.expect(200);
    assert_eq!(ann.get("/me").await.expect(200)["user"]["server_role"], "admin");
}
