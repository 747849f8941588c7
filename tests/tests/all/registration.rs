//! Accounts: who may make one, under which name, and what is kept of it.

use laserchat_tests::person::{PASSWORD, call, http};
use laserchat_tests::{Answer, Person, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

async fn ask(address: &str, path: &str, body: Value) -> Answer {
    call(&http(), address, Method::POST, path, None, Some(body)).await
}

async fn register(server: &TestServer, username: &str) -> Answer {
    ask(&server.address(), "/auth/register", json!({ "username": username, "password": PASSWORD })).await
}

async fn register_with(server: &TestServer, username: &str, invitation: &str) -> Answer {
    let body = json!({ "username": username, "password": PASSWORD, "invitation": invitation });
    ask(&server.address(), "/auth/register", body).await
}

async fn login(server: &TestServer, login: &str, password: &str) -> Answer {
    ask(&server.address(), "/auth/login", json!({ "login": login, "password": password })).await
}

async fn info(server: &TestServer) -> Value {
    call(&http(), &server.address(), Method::GET, "/server", None, None).await.expect(200)
}

fn code(invitation: &Value) -> &str {
    invitation["code"].as_str().expect("a code")
}

/// The code in the link that makes the first account the owner.
fn owner_code(server: &TestServer) -> String {
    let link = server.server().owner_link.as_deref().expect("a link, while there is no owner");
    link.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_account_owns_the_server() {
    let mut server = TestServer::start().await;
    let before = info(&server).await;
    assert_eq!((&before["needs_owner"], &before["registration"]), (&json!(true), &json!("open")));
    let ann = register(&server, "ann").await.expect(201);
    assert_eq!((&ann["user"]["server_role"], &ann["expires_in"]), (&json!("owner"), &json!(900)));
    assert_eq!(register(&server, "bob").await.expect(201)["user"]["server_role"], "member");
    assert_eq!(info(&server).await["needs_owner"], false);
    // A server that has an owner prints no link.
    server.stop().await;
    server.start_again().await;
    assert_eq!(server.server().owner_link, None);
}

#[tokio::test]
async fn of_many_first_accounts_one_owns_the_server() {
    let server = TestServer::start().await;
    let registering = (0..12).map(|n| {
        let address = server.address();
        tokio::spawn(async move {
            let body = json!({ "username": format!("first.{n}x"), "password": PASSWORD });
            ask(&address, "/auth/register", body).await.expect(201)["user"]["server_role"].clone()
        })
    });
    let mut owners = 0;
    for role in registering.collect::<Vec<_>>() {
        owners += u32::from(role.await.unwrap() == "owner");
    }
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn the_link_of_the_first_start_makes_an_owner_where_registration_is_not_open() {
    for registration in ["closed", "invitation"] {
        let server = TestServer::with(&[("REGISTRATION", registration)]).await;
        register(&server, "eve").await.refused(403, "registration_closed");
        register_with(&server, "eve", "guess").await.refused(403, "registration_closed");
        let code = owner_code(&server);
        let ann = register_with(&server, "ann", &code).await.expect(201);
        assert_eq!(ann["user"]["server_role"], "owner");
        // It works once.
        assert!(matches!(register_with(&server, "eve", &code).await.status.as_u16(), 403 | 410));
    }
    // And where it is open as well.
    let server = TestServer::start().await;
    let ann = register_with(&server, "ann", &owner_code(&server)).await.expect(201);
    assert_eq!(ann["user"]["server_role"], "owner");
}

#[tokio::test]
async fn the_owner_opens_and_closes_registration_at_run_time() {
    let mut server = TestServer::start().await;
    let ann = server.person("ann").await;
    let set = async |to: &str| ann.put("/admin/settings", json!({ "registration": to })).await;
    set("closed").await.expect(200);
    assert_eq!(info(&server).await["registration"], "closed");
    register(&server, "bob").await.refused(403, "registration_closed");
    let invitation = ann.post("/invitations", json!({ "max_uses": 1 })).await.expect(201);
    register_with(&server, "bob", code(&invitation)).await.refused(403, "registration_closed");

    set("invitation").await.expect(200);
    register(&server, "bob").await.refused(403, "invitation_needed");
    register_with(&server, "bob", "guess").await.refused(410, "invitation_invalid");
    // Whoever is refused for another reason does not use it up.
    register_with(&server, "ann", code(&invitation)).await.refused(409, "username_taken");
    register_with(&server, "bob", code(&invitation)).await.expect(201);
    register_with(&server, "eve", code(&invitation)).await.refused(410, "invitation_invalid");

    set("open").await.expect(200);
    register(&server, "eve").await.expect(201);
    // What the owner has set outlives a restart, whatever the configuration says.
    set("closed").await.expect(200);
    server.stop().await;
    server.start_again().await;
    register(&server, "max").await.refused(403, "registration_closed");
    ann.put("/admin/settings", json!({ "registration": "perhaps" })).await.refused(400, "malformed_json");
}

#[tokio::test]
async fn invitations_onto_the_server() {
    let server = TestServer::with(&[("REGISTRATION", "invitation")]).await;
    let owner = register_with(&server, "ann", &owner_code(&server)).await.expect(201);
    let ann = Person::from_grant(&server.address(), owner);
    let invitation = ann.post("/invitations", json!({ "max_uses": 3 })).await.expect(201);
    let path = format!("/invitations/{}", code(&invitation));
    let preview = call(&http(), &server.address(), Method::GET, &path, None, None).await.expect(200);
    assert_eq!(preview["server_name"], "LaserChat");
    // Of more people at once than it is for, so many get in and no more.
    let registering: Vec<_> = (0..8)
        .map(|n| {
            let (address, code) = (server.address(), code(&invitation).to_owned());
            tokio::spawn(async move {
                let body = json!({ "username": format!("guest.{n}x"), "password": PASSWORD, "invitation": code });
                ask(&address, "/auth/register", body).await.status.as_u16()
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in registering {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 410, 410, 410, 410, 410]);

    let revoked = ann.post("/invitations", json!({})).await.expect(201);
    ann.delete(&format!("/invitations/{}", revoked["id"].as_str().unwrap())).await.expect(204);
    register_with(&server, "bob", code(&revoked)).await.refused(410, "invitation_invalid");
    // It is for making an account, not for joining.
    let open = ann.post("/invitations", json!({})).await.expect(201);
    ann.post(&format!("/invitations/{}/join", code(&open)), json!({})).await.refused(409, "wrong_kind");
    let listed = ann.get("/invitations").await.expect(200);
    assert!(listed["items"].as_array().unwrap().iter().all(|invitation| invitation["code"].is_null()));
}

#[tokio::test]
async fn an_invitation_into_a_conversation_joins_it_where_registration_is_open() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let group = ann.group("friends", &[]).await;
    let once = json!({ "max_uses": 1 });
    let invitation = ann.post(&format!("/conversations/{group}/invitations"), once).await.expect(201);
    register_with(&server, "ann", code(&invitation)).await.refused(409, "username_taken");
    let bob = register_with(&server, "bob", code(&invitation)).await.expect(201);
    let bob = Person::from_grant(&server.address(), bob);
    assert_eq!(bob.get(&format!("/conversations/{group}")).await.expect(200)["member_count"], 2);
    register_with(&server, "eve", code(&invitation)).await.refused(410, "invitation_invalid");
    // It is none onto a server where administrators invite: anybody can make a group.
    let unused = ann.post(&format!("/conversations/{group}/invitations"), json!({})).await.expect(201);
    ann.put("/admin/settings", json!({ "registration": "invitation" })).await.expect(200);
    register_with(&server, "eve", code(&unused)).await.refused(403, "invitation_needed");
}

#[tokio::test]
async fn names_are_unique_by_what_they_look_like() {
    let server = TestServer::start().await;
    let ann = register(&server, "Modern.Willow").await.expect(201);
    assert_eq!(ann["user"]["username"], "modern.willow");
    for alike in [
        "modern.willow",
        "MODERN.WILLOW",
        "modern-willow",
        "modern_willow",
        "rnodern.willow",
        "modern.vvillow",
        "m0dern.w1ll0w",
        "modern.wlllow",
    ] {
        let refused = register(&server, alike).await.refused(409, "username_taken");
        assert_eq!(refused["field"], "username");
    }
    // A bot's name is a name.
    let ann = Person::from_grant(&server.address(), ann);
    ann.post("/bots", json!({ "username": "modern-wi11ow" })).await.refused(409, "username_taken");
    ann.post("/bots", json!({ "username": "helper" })).await.expect(201);
    register(&server, "he1per").await.refused(409, "username_taken");
    for bad in [
        "ab",
        "",
        &"a".repeat(51),
        "аnn",
        "ann ",
        "a..b",
        ".ann",
        "ann-",
        "ann@home",
        "admin",
        "adm1n",
        "everyone",
        "here",
        "ａnn",
        "ann\u{301}",
    ] {
        let refused = register(&server, bad).await.refused(422, "invalid_field");
        assert_eq!(refused["field"], "username", "{bad}");
    }
    for good in ["abc", &"z".repeat(50), "a.b-c_d", "007"] {
        register(&server, good).await.expect(201);
    }
}

#[tokio::test]
async fn of_many_who_want_a_name_one_gets_it() {
    let server = TestServer::start().await;
    server.person("first").await;
    let spellings = ["popular", "POPULAR", "p0pular", "popu1ar", "Popular", "popuiar"];
    let registering = spellings.map(|name| {
        let address = server.address();
        let body = json!({ "username": name, "password": PASSWORD, "email": "popular@example.org" });
        tokio::spawn(async move { ask(&address, "/auth/register", body).await.status.as_u16() })
    });
    let mut made = 0;
    for answer in registering {
        let status = answer.await.unwrap();
        assert!(matches!(status, 201 | 409));
        made += u32::from(status == 201);
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn e_mail_addresses_are_unique_and_sign_in() {
    let server = TestServer::start().await;
    let body = |name: &str, email: &str| json!({ "username": name, "password": PASSWORD, "email": email });
    let path = "/auth/register";
    let ann = ask(&server.address(), path, body("ann", "Ann@Example.ORG")).await.expect(201);
    let ann = Person::from_grant(&server.address(), ann);
    for same in ["ann@example.org", " ANN@EXAMPLE.ORG "] {
        let refused = ask(&server.address(), path, body("bob", same)).await.refused(409, "email_taken");
        assert_eq!(refused["field"], "email");
    }
    for name in ["ann", "ANN", " ann ", "ann@example.org", "ANN@example.org"] {
        assert_eq!(login(&server, name, PASSWORD).await.expect(200)["user"]["id"], ann.id.as_str(), "{name}");
    }
    // Only its holder sees it, and may change it.
    let bob = server.person("bob").await;
    assert!(!bob.get(&format!("/users/{}", ann.id)).await.expect(200).to_string().contains("example"));
    bob.put("/me", json!({ "email": "ann@example.org" })).await.refused(409, "email_taken");
    assert_eq!(ann.put("/me", json!({ "email": "new@example.org" })).await.expect(200)["email"], "new@example.org");
    bob.put("/me", json!({ "email": "ann@example.org" })).await.expect(200);
    login(&server, "new@example.org", PASSWORD).await.expect(200);
    ann.put("/me", json!({ "email": null })).await.expect(200);
    login(&server, "new@example.org", PASSWORD).await.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn passwords_have_8_to_1024_characters() {
    let server = TestServer::start().await;
    for (name, password, good) in [
        ("seven", "1234567", false),
        ("empty", "", false),
        ("seven.wide", "🔑🔑🔑🔑🔑🔑🔑", false),
        ("too.long", &"x".repeat(1025), false),
        ("eight", "12345678", true),
        ("eight.wide", "🔑🔑🔑🔑🔑🔑🔑🔑", true),
        ("spaces", "        ", true),
        ("longest", &"ü".repeat(1024), true),
    ] {
        let body = json!({ "username": name, "password": password });
        let answer = ask(&server.address(), "/auth/register", body).await;
        if good {
            answer.expect(201);
            login(&server, name, password).await.expect(200);
            login(&server, name, &format!("{password}x")).await.refused(401, "wrong_credentials");
        } else {
            assert_eq!(answer.refused(422, "invalid_field")["field"], "password");
        }
    }
    for (name, password) in [
        ("longest", "x".repeat(1_000_000)),
        ("nobody.here", PASSWORD.into()),
        ("a\0b", PASSWORD.into()),
        ("", PASSWORD.into()),
    ] {
        login(&server, name, &password).await.refused(401, "wrong_credentials");
    }
}

#[tokio::test]
async fn profiles_are_seen_by_all_and_changed_by_oneself() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["ann", "bob"]).await;
    let mut anns_tablet = ann.connect().await;
    let own = format!("/users/{}/profile", ann.id);
    let profile = json!({
        "display_name": "  Ann   Lee ", "about": "one\n\n\n\ntwo", "time_zone": "Europe/Berlin",
        "status": { "emoji": "🌴", "text": "away", "expires_at": "2999-01-01T00:00:00.000Z" }
    });
    ann.put(&own, profile).await.expect(200);
    let seen = bob.get(&format!("/users/{}", ann.id)).await.expect(200);
    assert_eq!((&seen["display_name"], &seen["about"]), (&json!("Ann Lee"), &json!("one\n\ntwo")));
    assert_eq!((&seen["time_zone"], &seen["status"]["text"]), (&json!("Europe/Berlin"), &json!("away")));
    assert_eq!(bob.get(&own).await.expect(200), seen);
    assert_eq!(
        bob.get(&format!("/users?ids={},{},77", ann.id, bob.id)).await.expect(200)["items"].as_array().unwrap().len(),
        2
    );
    // One's other devices hear of it.
    assert_eq!(anns_tablet.expect("account.updated").await["account"]["user"], seen);
    // What is absent stays, what is null is cleared, what has expired is gone.
    let past = json!({ "status": { "text": "gone", "expires_at": "2001-01-01T00:00:00Z" }, "time_zone": null });
    let changed = ann.put(&own, past).await.expect(200);
    assert_eq!((&changed["status"], &changed["time_zone"]), (&Value::Null, &Value::Null));
    assert_eq!(changed["about"], "one\n\ntwo");
    for words in ["ann", "le", "lee an", "LÉE"] {
        let found = bob.get(&format!("/users/search?q={words}")).await.expect(200);
        assert_eq!(found["items"][0]["id"], ann.id.as_str(), "{words}");
    }
    assert_eq!(bob.get("/users/search?q=nn").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn the_found_come_in_pages() {
    let server = TestServer::start().await;
    let ann = server.person("ann").await;
    let mut expected = Vec::new();
    for n in 0..5 {
        let made = ann.post("/bots", json!({ "username": format!("helper.{n}x") })).await.expect(201);
        expected.push(made["bot"]["id"].clone());
    }
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let page = ann.get(&format!("/users/search?q=help&limit=2{cursor}")).await.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|user| user["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, expected);
    let all = ann.get("/admin/users?limit=4").await.expect(200);
    let rest = ann.get(&format!("/admin/users?limit=4&cursor={}", all["next"].as_str().unwrap())).await.expect(200);
    assert_eq!((all["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (4, 2));
}
