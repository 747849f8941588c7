//! Permissions: for every row of the table, every type of conversation and every role, the API answers as the table says.

use laserchat_core::permission::{Action, TABLE, least, may};
use laserchat_protocol::{ConversationKind, Role};
use laserchat_tests::{Answer, Person, TestServer};
use serde_json::{Value, json};

const ROLES: [(Role, &str); 4] =
    [(Role::Member, "member"), (Role::Moderator, "moderator"), (Role::Admin, "admin"), (Role::Owner, "owner")];

/// The people of all conversations here: one of each role, one more member to act on, and one who is not in it.
struct Cast {
    by_role: [Person; 4],
    victim: Person,
    outsider: Person,
}

impl Cast {
    async fn of(server: &TestServer) -> Cast {
        let by_role = server.people(["mike", "molly", "adam", "olive"]).await;
        let [victim, outsider] = server.people(["victor", "otto"]).await;
        Cast { by_role, victim, outsider }
    }

    fn owner(&self) -> &Person {
        &self.by_role[3]
    }

    /// A new conversation with everybody in their role.
    async fn stage(&self, kind: ConversationKind, name: &str) -> Stage<'_> {
        let [mike, molly, adam, olive] = &self.by_role;
        let kind_name = if kind == ConversationKind::Group { "group" } else { "channel" };
        let members = [&mike.id, &molly.id, &adam.id, &self.victim.id];
        let body = json!({ "type": kind_name, "name": name, "members": members });
        let id = olive.post("/conversations", body).await.expect(201)["id"].as_str().unwrap().to_owned();
        let stage = Stage { cast: self, id, other: &self.victim };
        for (person, role) in [(molly, "moderator"), (adam, "admin")] {
            olive.put(&stage.member(person), json!({ "role": role })).await.expect(204);
        }
        stage
    }
}

struct Stage<'a> {
    cast: &'a Cast,
    id: String,
    /// Another member, of the lowest role.
    other: &'a Person,
}

impl Stage<'_> {
    fn path(&self, rest: &str) -> String {
        format!("/conversations/{}{rest}", self.id)
    }

    fn member(&self, person: &Person) -> String {
        self.path(&format!("/members/{}", person.id))
    }

    async fn send(&self, who: &Person, client_id: &str) -> Answer {
        who.post(&self.path("/messages"), json!({ "client_id": client_id, "body": "hello @channel" })).await
    }

    async fn message(&self, who: &Person) -> String {
        format!("/messages/{}", self.send(who, "first").await.expect(201)["id"].as_str().unwrap())
    }

    async fn poll(&self, who: &Person) -> String {
        let poll = json!({ "client_id": "poll", "question": "Tea?", "options": ["Yes", "No"] });
        format!("/messages/{}", who.post(&self.path("/polls"), poll).await.expect(201)["id"].as_str().unwrap())
    }

    /// Has the owner change a setting; in a direct conversation nobody can.
    async fn set(&self, who: &Person, kind: ConversationKind, setting: Value) -> Answer {
        let who = if kind == ConversationKind::Direct { who } else { self.cast.owner() };
        who.put(&self.path(""), setting).await
    }

    /// Tries the action; what came of it, or the code of its refusal.
    async fn attempt(&self, who: &Person, action: Action, kind: ConversationKind, role: Role) -> Result<Value, String> {
        let nothing = json!({});
        let answer = match action {
            Action::Read => {
                who.get(&self.path("/members")).await.expect(200);
                who.get(&self.path("/messages")).await
            }
            Action::Send => self.send(who, "x").await,
            Action::SendWhenReadOnly => match self.set(who, kind, json!({ "read_only": true })).await {
                set if set.status == 200 => self.send(who, "x").await,
                refused => refused,
            },
            Action::SkipSlowMode => match self.set(who, kind, json!({ "slow_mode_seconds": 3600 })).await {
                set if set.status == 200 => {
                    self.send(who, "x").await.expect(201);
                    self.send(who, "y").await
                }
                refused => refused,
            },
            Action::React => who.put(&format!("{}/reactions/👍", self.message(self.other).await), nothing).await,
            Action::Vote => who.put(&format!("{}/vote", self.poll(self.other).await), json!({ "options": [1] })).await,
            Action::ClosePolls => who.put(&format!("{}/poll/close", self.poll(self.other).await), nothing).await,
            Action::EditOwn => who.put(&self.message(who).await, json!({ "body": "edited" })).await,
            Action::DeleteOwn => who.delete(&self.message(who).await).await,
            Action::DeleteOthers => who.delete(&self.message(self.other).await).await,
            Action::Pin => {
                let message = format!("{}/pin", self.message(self.other).await);
                match who.put(&message, nothing).await {
                    pinned if pinned.status == 200 => who.delete(&message).await,
                    refused => refused,
                }
            }
            Action::MentionAll => {
                let sent = self.send(who, "x").await.expect(201);
                return if sent["mentions_all"] == "channel" { Ok(sent) } else { Err("not told".into()) };
            }
            Action::Add => who.post(&self.path("/members"), json!({ "user_id": self.cast.outsider.id })).await,
            Action::Invite => who.post(&self.path("/invitations"), nothing).await,
            Action::Remove => who.delete(&self.member(self.other)).await,
            Action::Ban => who.put(&self.member(self.other), json!({ "banned": true })).await,
            Action::Mute => who.put(&self.member(self.other), json!({ "mute_seconds": 60 })).await,
            Action::ChangeRole => who.put(&self.member(self.other), json!({ "role": "moderator" })).await,
            Action::HandOver => who.put(&self.member(self.other), json!({ "role": "owner" })).await,
            Action::Rename => who.put(&self.path(""), json!({ "name": "another name" })).await,
            Action::ChangeSettings => who.put(&self.path(""), json!({ "slow_mode_seconds": 5 })).await,
            Action::SetExpiry => who.put(&self.path(""), json!({ "expire_seconds": 3600 })).await,
            Action::Webhooks => who.post(&self.path("/webhooks"), json!({ "name": "Build" })).await,
            Action::Archive => who.put(&self.path(""), json!({ "archived": true })).await,
            Action::Delete => who.delete(&self.path("")).await,
            Action::Leave => {
                if role == Role::Owner {
                    // Owners leave when they are the last.
                    for person in self.cast.by_role[..3].iter().chain([&self.cast.victim]) {
                        self.cast.owner().delete(&self.member(person)).await.expect(204);
                    }
                }
                who.post(&self.path("/leave"), nothing).await
            }
        };
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        assert!(answer.status.is_client_error(), "{answer:?}");
        Err(answer.body["code"].as_str().expect("a code").to_owned())
    }
}

/// What the table says of a cell: allowed, or the code of the refusal.
fn expected(action: Action, kind: ConversationKind, role: Role) -> Result<(), &'static str> {
    match action {
        _ if may(role, action, kind) => Ok(()),
        // A message of somebody else's is never of the wrong kind.
        Action::DeleteOthers | Action::ClosePolls => Err("forbidden"),
        // Whoever may not, says a word like any other.
        Action::MentionAll => Err("not told"),
        _ if least(action, kind).is_none() => Err("wrong_kind"),
        Action::SendWhenReadOnly => Err("read_only"),
        Action::SkipSlowMode => Err("slow_mode"),
        _ => Err("forbidden"),
    }
}

async fn every_row(kind: ConversationKind) {
    let server = TestServer::start().await;
    let cast = Cast::of(&server).await;
    for row in &TABLE {
        for (at, (role, name)) in ROLES.into_iter().enumerate() {
            let stage = cast.stage(kind, row.words).await;
            let who = &cast.by_role[at];
            let seen = who.get(&stage.path("")).await.expect(200);
            assert_eq!(seen["membership"]["role"], name);
            let got = stage.attempt(who, row.action, kind, role).await;
            let got = got.as_ref().map(|_| ()).map_err(String::as_str);
            assert_eq!(got, expected(row.action, kind, role), "{name}: {} ({kind:?})", row.words);
        }
    }
}

#[tokio::test]
async fn every_row_in_groups() {
    every_row(ConversationKind::Group).await;
}

#[tokio::test]
async fn every_row_in_channels() {
    every_row(ConversationKind::Channel).await;
}

#[tokio::test]
async fn every_row_in_direct_conversations() {
    let server = TestServer::start().await;
    let cast = Cast::of(&server).await;
    let kind = ConversationKind::Direct;
    for (at, row) in TABLE.iter().enumerate() {
        // Each row with a new pair: bots, whose making costs no password.
        let made = cast.owner().post("/bots", json!({ "username": format!("bot.{at}x") })).await;
        let owner = if made.status == 201 { cast.owner() } else { &cast.by_role[0] };
        let made = match made.status.as_u16() {
            201 => made.body,
            _ => owner.post("/bots", json!({ "username": format!("bot.{at}x") })).await.expect(201),
        };
        let mut bot = owner.with_token(&made["token"]["secret"]);
        bot.id = made["bot"]["id"].as_str().unwrap().to_owned();
        let id = bot.direct(&cast.victim).await;
        let stage = Stage { cast: &cast, id, other: &cast.victim };
        assert_eq!(bot.get(&stage.path("")).await.expect(200)["membership"]["role"], "member");
        let got = stage.attempt(&bot, row.action, kind, Role::Member).await;
        let got = got.as_ref().map(|_| ()).map_err(String::as_str);
        assert_eq!(got, expected(row.action, kind, Role::Member), "{} (direct)", row.words);
    }
}

#[tokio::test]
async fn who_is_not_in_it_may_nothing_and_is_not_told_that_it_is_there() {
    let server = TestServer::start().await;
    let cast = Cast::of(&server).await;
    for kind in [ConversationKind::Group, ConversationKind::Channel] {
        for row in &TABLE {
            // What needs the owner's help first, or begins with a message of one's own, is sending.
            let own = [Action::EditOwn, Action::DeleteOwn, Action::MentionAll, Action::SkipSlowMode, Action::Read];
            let action = if own.contains(&row.action) { Action::Send } else { row.action };
            let stage = cast.stage(kind, row.words).await;
            let got = stage.attempt(&cast.outsider, action, kind, Role::Member).await;
            assert_eq!(got, Err("not_found".to_owned()), "{} ({kind:?})", row.words);
        }
    }
}
